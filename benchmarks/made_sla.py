"""Our verdicts on 24,918 incidents, against what the tool that recorded them says itself: its column `made_sla`.

    python -m benchmarks.made_sla [DATA]     DATA holds servicenow-incidents/ (default: $PROCFLOW_DATA, ../shared/data)

Nobody wrote down what `made_sla` measures. So first it is asked what agrees with it best: from the opening to when, on
which calendar, with which limit for each priority. Limits are fitted on the cases with an even number, and what they are
worth is told of those with an odd one. The calendars were chosen beforehand, by trying several hundred on all cases: the
other half says nothing of that choice. Then two clocks of `examples/servicenow-time.yaml`, audited like any other log,
are held against it case by case, and every difference is put into the first class that fits.
"""

from __future__ import annotations

import csv
import io
import os
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from procflow.auditor import audit
from procflow.calendars.calendar import ALWAYS, Calendar
from procflow.calendars.hours import Regime, Window
from procflow.loading.calendars import load_calendar
from procflow.model.clock import ClockCycle, ClockStatus
from procflow.model.report import AuditReport, CaseAudit
from procflow.resources import shipped

LOG = Path("servicenow-incidents") / "incident_event_log.zip"
PRIORITIES = ("1 - Critical", "2 - High", "3 - Moderate", "4 - Low")
NEAR = timedelta(hours=1)
"""Of open time: so close to the limit the minutes of the log, or a holiday's, may decide."""


@dataclass(frozen=True, slots=True)
class Incident:
    """What the table says of one incident, in its last row."""

    number: str
    made: bool
    """The tool's own verdict."""
    priority: str
    changed: bool
    """Its priority was not always the same."""
    reopened: bool
    opened: datetime
    resolved: datetime | None
    closed: datetime


def incidents(log: Path) -> tuple[Incident, ...]:
    """Return the incidents of the table, by number."""
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with zipfile.ZipFile(log) as packed, packed.open(packed.namelist()[0]) as raw:
        for row in csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8")):
            rows[row["number"]].append(row)
    return tuple(_incident(sorted(rows[number], key=lambda row: int(row["sys_mod_count"]))) for number in sorted(rows))


def _incident(rows: Sequence[Mapping[str, str]]) -> Incident:
    last = rows[-1]
    closed = _at(last["closed_at"])
    opened = _at(last["opened_at"])
    assert closed is not None
    assert opened is not None
    return Incident(
        number=last["number"],
        made=last["made_sla"] == "true",
        priority=last["priority"],
        changed=len({row["priority"] for row in rows}) > 1,
        reopened=last["reopen_count"] != "0",
        opened=opened,
        resolved=_at(last["resolved_at"]),
        closed=closed,
    )


def _at(text: str) -> datetime | None:
    return None if text in ("", "?") else datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC)


# --- what does it measure? -------------------------------------------------------------------------------------------


def weekdays(zone: str, first: int, last: int) -> Calendar:
    """Return a calendar of weekdays with the same hours each."""
    hours = dict.fromkeys(range(5), (Window(first * 60, last * 60),))
    years = datetime(2016, 1, 1).date(), datetime(2018, 12, 31).date()
    return Calendar(id="weekdays", zone=zone, regimes=(Regime(hours=hours),), first=years[0], last=years[1])


def measures(desk: Calendar) -> Iterator[tuple[str, Calendar, Callable[[Incident], datetime | None]]]:
    """Yield what it may measure: a name, a calendar, and where it ends."""
    calendars = (
        ("every hour", ALWAYS),
        ("weekdays, UTC", weekdays("UTC", 0, 24)),
        ("weekdays 8 to 17, UTC", weekdays("UTC", 8, 17)),
        ("weekdays 8 to 17, New York", weekdays("America/New_York", 8, 17)),
        ("weekdays 8 to 17, California", desk),
    )
    for name, calendar in calendars:
        yield f"opened to resolved, {name}", calendar, lambda one: one.resolved
        yield f"opened to closed, {name}", calendar, lambda one: one.closed


Sample = Sequence[tuple[timedelta, bool]]


def fitted(sample: Sample) -> timedelta:
    """Return the limit with which most verdicts agree: whoever took no longer was in time. The smallest of several.

    Negative if most agree with no limit at all: then nobody was in time.
    """
    ordered = sorted(sample)
    agreeing = best = sum(not made for _, made in ordered)
    limit = timedelta(-1)
    for at, (took, made) in enumerate(ordered):
        agreeing += 1 if made else -1
        last_of_its_kind = at + 1 == len(ordered) or ordered[at + 1][0] != took
        if last_of_its_kind and agreeing > best:
            best, limit = agreeing, took
    return limit


def agreement(sample: Sample, limit: timedelta) -> int:
    """Return how many verdicts agree with a limit."""
    return sum((took <= limit) == made for took, made in sample)


def print_fits(cases: Sequence[Incident], desk: Calendar) -> None:
    """Print what each measure is worth: limits fitted on half of the cases, and what they say of the other half."""
    print("What `made_sla` measures: limits by priority fitted on even numbers (in), and told of odd ones (out)")
    print(f"  {'measure':<50} {'in':>8} {'out':>8}")
    found: dict[str, Mapping[str, tuple[timedelta, Sample]]] = {}
    for name, calendar, ends in measures(desk):
        inside = outside = of_inside = of_outside = 0
        limits: dict[str, tuple[timedelta, Sample]] = {}
        for priority in PRIORITIES:
            fit, rest = _halves(cases, priority, calendar, ends)
            limit = fitted(fit)
            limits[priority] = limit, (*fit, *rest)
            inside, of_inside = inside + agreement(fit, limit), of_inside + len(fit)
            outside, of_outside = outside + agreement(rest, limit), of_outside + len(rest)
        found[name] = limits
        print(f"  {name:<50} {inside / of_inside:8.2%} {outside / of_outside:8.2%}")
    majority = sum(max(one, len(made) - one) for made in _by_priority(cases) for one in [sum(made)])
    print(f"  {'always the commoner verdict of the priority':<50} {majority / len(cases):8.2%}")
    best = "opened to closed, weekdays 8 to 17, California"
    print(f"\nLimits of `{best}`, in open hours")
    for priority, (limit, sample) in found[best].items():
        made = sum(made for _, made in sample)
        hours = limit / timedelta(hours=1)
        print(
            f"  {priority:<14} {hours:8.2f} h  {agreement(sample, limit):6,} of {len(sample):6,} agree; {made:6,} were in time"
        )


def _halves(
    cases: Iterable[Incident], priority: str, calendar: Calendar, ends: Callable[[Incident], datetime | None]
) -> tuple[Sample, Sample]:
    halves: tuple[list[tuple[timedelta, bool]], list[tuple[timedelta, bool]]] = ([], [])
    for one in cases:
        end = ends(one)
        if one.priority == priority and end is not None:
            halves[int(one.number[-1]) % 2].append((calendar.between(one.opened, end), one.made))
    return halves


def _by_priority(cases: Iterable[Incident]) -> Iterable[Sequence[bool]]:
    made: dict[str, list[bool]] = defaultdict(list)
    for one in cases:
        made[one.priority].append(one.made)
    return made.values()


# --- our clocks against it -------------------------------------------------------------------------------------------


def compare(
    report: AuditReport, clock: str, cases: Mapping[str, Incident]
) -> tuple[Counter[tuple[str, bool]], Counter[str]]:
    """Return how often our verdict met which of the tool's, and the classes of the differences."""
    table: Counter[tuple[str, bool]] = Counter()
    classes: Counter[str] = Counter()
    for case in report.cases:
        cycle = next(one for one in case.clocks if one.clock == clock)
        incident = cases[case.case]
        ours = _ours(cycle)
        table[ours, incident.made] += 1
        if ours == "late" if incident.made else ours == "in time":
            why = (
                _of_closing(cycle, case, incident) if clock == "closed-in-time" else _of_solving(cycle, case, incident)
            )
            classes[why or f"not explained ({incident.priority}, {'made' if incident.made else 'not made'})"] += 1
    return table, classes


def _ours(cycle: ClockCycle) -> str:
    match cycle.status:
        case ClockStatus.MET:
            return "in time"
        case ClockStatus.BREACHED:
            return "late"
        case _:
            return str(cycle.status.value)


def _of_closing(cycle: ClockCycle, case: CaseAudit, incident: Incident) -> str | None:
    """Return the first reason that fits why the same measure gives another verdict; None if none does."""
    if cycle.budget is None:
        return "no target: the priority is not known"
    if cycle.used == cycle.budget:
        return "exactly on the limit: kept for us, not for the tool"
    if incident.priority[4:].lower() != cycle.grade or incident.changed:
        return "the priority changed"
    if incident.reopened:
        return "it was reopened"
    if abs(cycle.used - cycle.budget) <= NEAR:
        return "within an hour of the limit"
    if cycle.stopped_at is not None and abs(cycle.stopped_at - incident.closed) > timedelta(minutes=1):
        return "the last row and the column `closed_at` name different moments"
    if any(one.code == "DV804" for one in case.findings):
        return "updates are missing from the log"
    return None


def _of_solving(cycle: ClockCycle, case: CaseAudit, incident: Incident) -> str | None:
    """Return the first reason that fits why a promise of ours, and what the tool measures, come out differently."""
    if cycle.budget is None:
        return "no target: the priority is not known"
    if not incident.made and cycle.paused:
        return "in time, as it was paused while the caller or the supplier had the ball; the tool never pauses"
    if not incident.made:
        return "solved in time, and closed late: the tool counts to the closing"
    if incident.reopened:
        return "it was reopened: for us the time before counts, too"
    closing = next(one for one in case.clocks if one.clock == "closed-in-time")
    if closing.status in (ClockStatus.MET, ClockStatus.NOT_EXAMINED):
        return "solved late by our promise, and closed within the tool's longer limit"
    return None


def print_comparison(report: AuditReport, clock: str, cases: Mapping[str, Incident]) -> None:
    """Print the two verdicts side by side, and the classes of the differences."""
    table, classes = compare(report, clock, cases)
    print(f"\n`{clock}` against `made_sla`")
    print(f"  {'ours':<16} {'made':>8} {'not made':>9}")
    for ours in dict.fromkeys(ours for ours, _ in sorted(table)):
        print(f"  {ours:<16} {table[ours, True]:8,} {table[ours, False]:9,}")
    both = table["in time", True] + table["late", False]
    told = both + table["in time", False] + table["late", True]
    print(f"  {both:,} of the {told:,} we tell agree ({both / told:.2%}); {len(report.cases) - told:,} we do not tell")
    for name, count in classes.most_common():
        print(f"  {count:8,}  {name}")


def main() -> None:
    """Print the fits, the tables and the classes."""
    data = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PROCFLOW_DATA", "../shared/data")
    log = Path(data) / LOG
    if not log.is_file():
        print(f"  {log} is not there: nothing is compared")
        return
    examples = shipped("examples")
    cases = incidents(log)
    print_fits(cases, load_calendar(examples / "calendars" / "service-desk.yaml"))
    report = audit(examples / "servicenow-time.yaml", log, mapping=examples / "servicenow-time.map.yaml")
    known = {one.number: one for one in cases}
    for clock in ("closed-in-time", "solved"):
        print_comparison(report, clock, known)


if __name__ == "__main__":
    main()
