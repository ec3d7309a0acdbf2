"""What a proposed promise would have meant: the clock is changed, and every case on record is judged again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from procflow.auditor.attainment import of_clock
from procflow.auditor.auditing import audit_reading, reading_for
from procflow.auditor.calendars import Given, books_of
from procflow.auditor.given import Progress, directory_of, why_nothing
from procflow.auditor.honest import shortest
from procflow.auditor.links import links_behind
from procflow.auditor.proposing import changed, checked, proposed, units_of, without_the_rest
from procflow.auditor.versions import load_versions
from procflow.calendars.length import Length
from procflow.eventlogs.reading import LogReading
from procflow.forecast import quantiles
from procflow.model.clock import Attainment, Clock, ClockCycle, ClockStatus, LateDoing, Promised
from procflow.model.mapping import LogMapping
from procflow.model.organisation import Directory
from procflow.model.procedure import Procedure
from procflow.model.promising import Flip, Honest, Kept, Proposal, Simulation, WouldBe, wilson
from procflow.model.report import AuditReport
from procflow.model.text import text_of
from procflow.trail.instant import in_utc

FEW = 20
"""Of fewer cycles nothing is said of what could be promised."""
_OVER = frozenset({ClockStatus.MET, ClockStatus.BREACHED})
_LATE = frozenset({ClockStatus.BREACHED, ClockStatus.OVERDUE})
_IN_TIME = frozenset({ClockStatus.MET, ClockStatus.RUNNING, ClockStatus.PAUSED})
_SHARES = (80, 90, 95)

_Key = tuple[str, int]
"""A case, and the number of a cycle in it."""
_Cycles = Mapping[_Key, ClockCycle]


def simulate_promise(
    procedure: str | Path,
    logs: str | Path | Sequence[str | Path],
    clock: str,
    within: Sequence[str | Length] = (),
    *,
    grade: str = "",
    calendar: str | None = None,
    pauses: bool = True,
    honest: Sequence[int] = _SHARES,
    mapping: str | Path | LogMapping | None = None,
    people: str | Path | Directory | None = None,
    calendars: Given = None,
    as_of: datetime | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Return what each of the targets `within` would have meant for a clock in the cases of logs.

    Nothing is estimated: the clock of the procedure is changed, and all cases are judged again, so that pauses, changes of
    priority and calendars have their say. `grade` changes what is promised at one value of the field the clock depends on,
    else all values are promised the same; `calendar` and `pauses` propose other hours, or no pauses (also without `within`).
    `honest` are the shares in percent whose shortest target is looked for. The rest is as `audit` takes it, and so are the
    errors; ProcflowError besides for a clock that is not there, and for a target it cannot have.
    """
    as_of = None if as_of is None else in_utc(as_of)
    versions = load_versions(procedure)
    proposals = checked(versions, clock, within, grade, calendar, pauses=pauses)
    names = [logs] if isinstance(logs, str | Path) else list(logs)
    reading = reading_for(versions, names, mapping, as_of, progress)
    told = None if progress is None else _rounds(progress)
    again = _Again(versions, reading, clock, tuple(map(str, names)), directory_of(people), calendars, as_of, told)
    report = again.audited([replace(one, rules=()) for one in versions])
    now = _cycles(report, clock)
    found = _described(versions, clock)
    would = tuple(_would_be(found, one, now, again.judged(one)) for one in proposals)
    return Simulation(
        procedure=versions[-1].id,
        version=next(one.version for one in reversed(versions) if clock in one.all_clocks),
        clock=clock,
        title=text_of(found.title),
        logs=report.logs,
        as_of=report.as_of,
        cases=len(report.cases),
        now=_kept(found, now),
        proposals=would,
        honest=_honest(again, found, proposals, honest),
        links=links_behind(clock, versions, report.cases, report.as_of) if found.to is Promised.CLIENT else (),
        notes=(*why_nothing(report), *_notes(found, now, would)),
    )


def _rounds(progress: Progress) -> Progress:
    """Return what tells of cases, in whichever round they are judged, one after another."""
    done = 0
    last = 0

    def tell(what: str, count: int) -> None:
        nonlocal done, last
        if what == "cases":
            done, last = (done + last, count) if count <= last else (done, count)
            progress(what, done + count)

    return tell


@dataclass(frozen=True, slots=True)
class _Again:
    """A log that is judged again and again."""

    versions: Sequence[Procedure]
    reading: LogReading
    clock: str
    logs: tuple[str, ...]
    people: Directory | None
    calendars: Given
    as_of: datetime | None
    progress: Progress | None

    def audited(self, versions: Sequence[Procedure]) -> AuditReport:
        return audit_reading(
            versions,
            self.reading,
            logs=self.logs,
            mapping=self.reading.mapping,
            people=self.people,
            calendars=self.calendars,
            as_of=self.as_of,
            progress=self.progress,
        )

    def judged(self, proposal: Proposal) -> _Cycles:
        """Return how every cycle would have gone under a proposal."""
        changed = [without_the_rest(proposed(one, self.clock, proposal), self.clock) for one in self.versions]
        return _cycles(self.audited(changed), self.clock)


def _cycles(report: AuditReport, clock: str) -> _Cycles:
    return {
        (case.case, one.number): one
        for case in report.cases
        for one in case.clocks
        if one.clock == clock and one.promise
    }


def _described(versions: Sequence[Procedure], clock: str) -> Clock:
    """Return the clock as the last version has it that has it."""
    return next(one.all_clocks[clock] for one in reversed(versions) if clock in one.all_clocks)


def _kept(clock: Clock, cycles: _Cycles) -> tuple[Kept, ...]:
    every = list(cycles.values())
    return tuple(_sure(one, every) for one in of_clock(clock, every))


def _sure(one: Attainment, cycles: Iterable[ClockCycle]) -> Kept:
    over = [each.used for each in cycles if each.status in _OVER and one.grade in ("", each.grade)]
    return Kept(
        attained=one,
        gross=wilson(one.met, one.n),
        net=wilson(one.met + one.waived, one.n),
        used=quantiles(over),
    )


def _would_be(clock: Clock, proposal: Proposal, now: _Cycles, then: _Cycles) -> WouldBe:
    flips = [Flip(case=key[0], before=now.get(key), after=then.get(key)) for key in dict.fromkeys([*now, *then])]
    broken = [one for one in flips if _status(one.before) in _IN_TIME and _status(one.after) in _LATE]
    mended = [one for one in flips if _status(one.before) in _LATE and _status(one.after) in _IN_TIME]
    broken.sort(key=lambda one: (-_over(one.after), one.case))
    mended.sort(key=lambda one: (_over(one.before), one.case))
    return WouldBe(
        proposal=proposal,
        kept=_kept(changed(clock, proposal), then),
        broken=tuple(broken),
        mended=tuple(mended),
    )


def _status(one: ClockCycle | None) -> ClockStatus | None:
    return None if one is None else one.status


def _over(one: ClockCycle | None) -> float:
    """Return by how much a cycle is late, in seconds of its own measure."""
    if one is None or one.budget is None:
        return 0.0
    return (one.used - one.budget).total_seconds()


def _honest(again: _Again, clock: Clock, proposals: Sequence[Proposal], shares: Sequence[int]) -> tuple[Honest, ...]:
    first = proposals[0] if proposals else Proposal()
    unit = units_of(clock, first)
    if unit is None or not shares:
        return ()
    books = books_of(again.calendars, [proposed(one, again.clock, first) for one in again.versions], again.logs)
    calendars = {name: one for book in books.values() for name, one in book.default.calendars.items()}
    judged: dict[int, _Cycles] = {}

    def at(count: int) -> _Cycles:
        if count not in judged:
            judged[count] = again.judged(replace(first, within=replace(unit, count=count)))
        return judged[count]

    def graded(count: int) -> list[ClockCycle]:
        return [one for one in at(count).values() if first.grade in ("", one.grade)]

    found = []
    for percent in sorted(shares):
        count = shortest(percent, graded, graded(unit.count), unit, calendars, few=FEW)
        length = None if count is None else replace(unit, count=count)
        kept = None
        if length is not None and count is not None:
            whole = _kept(changed(clock, replace(first, within=length)), at(count))
            kept = next((one for one in whole if one.attained.grade == first.grade), whole[0])
        found.append(Honest(percent=percent, within=length, kept=kept))
    return tuple(found)


def _notes(clock: Clock, now: _Cycles, would: Sequence[WouldBe]) -> Iterable[str]:
    statuses = [one.status for one in now.values()]
    open_in_time = sum(one in (ClockStatus.RUNNING, ClockStatus.PAUSED) for one in statuses)
    if open_in_time:
        yield f"{open_in_time:,} are open and in time as promised now: they count only where a target makes them late"
    unseen = statuses.count(ClockStatus.NOT_EXAMINED)
    each = [one.whole.attained.statuses.get(ClockStatus.NOT_EXAMINED, 0) for one in would]
    if unseen or any(each):
        yield f"{unseen:,} cannot be judged from this log, and do not count"
    if any(one != unseen for one in each):
        yield "where the log has gaps it depends on the target what can be judged: look at n before you compare shares"
    if any(one.does is LateDoing.GO_TO for one in clock.late):
        yield "time moved these cases on when the present target had run out: a longer one would have changed what happened then"
    judged = sum(one in _OVER or one is ClockStatus.OVERDUE for one in statuses)
    if judged < FEW:
        yield f"{judged} that can be judged are too few to promise anything on: {FEW} at least"
