"""Clocks for people: how far they were kept, who had the ball, what is due, and how each stands in a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from procflow.calendars.moments import moment_in
from procflow.model.clock import (
    Attainment,
    BallShare,
    ClockCycle,
    ClockStatus,
    Party,
    PartyKind,
    Promised,
    Spread,
)
from procflow.model.deviation import Deviation
from procflow.model.report import AuditReport, CaseAudit
from procflow.model.rule import Obligation
from procflow.model.text import text_of
from procflow.monitors.rules.phrases import owing
from procflow.reports.lengths import clocked, length_of
from procflow.reports.paper import (
    BLANK,
    Column,
    Line,
    Mark,
    counted,
    faint,
    line,
    number,
    padded,
    prose,
    share,
    strong,
    table,
    visible,
    width,
)

OPEN_SHOWN = 10
"""How many of the things that are due are shown before it is said how many more there are."""
PARTIES_SHOWN = 10
_LABEL = 12
"""As wide as the other particulars of a deviation."""

STATUS: Mapping[ClockStatus, str] = {
    ClockStatus.RUNNING: "running",
    ClockStatus.PAUSED: "paused",
    ClockStatus.OVERDUE: "overdue",
    ClockStatus.MET: "met",
    ClockStatus.BREACHED: "breached",
    ClockStatus.CANCELLED: "cancelled",
    ClockStatus.UNDECIDABLE: "not to be decided",
    ClockStatus.NOT_EXAMINED: "not examined",
}
_WAITED: Mapping[ClockStatus, str] = {
    **STATUS,
    ClockStatus.RUNNING: "waiting",
    ClockStatus.OVERDUE: "waiting, longer than was asked",
    ClockStatus.MET: "came in time",
    ClockStatus.BREACHED: "came too late",
}
"""Of the time of a client, which nobody has promised."""
AGREED: Mapping[Promised, str] = {Promised.CLIENT: "SLA", Promised.TEAM: "OLA", Promised.SUPPLIER: "UC"}
_BESIDE = (
    (ClockStatus.RUNNING, "running and in time"),
    (ClockStatus.PAUSED, "paused"),
    (ClockStatus.CANCELLED, "cancelled"),
    (ClockStatus.UNDECIDABLE, "late by less than the log can tell"),
    (ClockStatus.NOT_EXAMINED, "not examined"),
)
_RAN_OUT = frozenset({"DV401", "DV409", "DV602", "DV608"})
_LATE = frozenset({ClockStatus.BREACHED, ClockStatus.OVERDUE})


def attainment_lines(clocks: Sequence[Attainment], cells: int) -> Iterator[Line]:
    """Yield how far each clock was kept, grade by grade; nothing without clocks."""
    if not clocks:
        return
    yield BLANK
    yield line(strong("Clocks"))
    why = (
        "Of n that are over, or open and late already, so many were kept; net: with those a waiver excuses. Used: open hours of "
        "the calendar (all hours, if the target is no working time), without pauses. Wall: from start to stop, whatever "
        "happened between. Half took no longer than the first figure, 85 of 100 no longer than the second."
    )
    yield from prose(why, cells, indent=2, mark=Mark.FAINT)
    excused = any(one.waived for one in clocks)
    columns = (
        Column(head="kept", right=True),
        *([Column(head="net", right=True)] if excused else []),
        Column(head="n", right=True),
        Column(head="late", right=True),
        Column(head="used: half", right=True),
        Column(head="85 %", right=True),
        Column(head="wall: half", right=True),
        Column(head="85 %", right=True),
        Column(head="clock", whole=True),
    )
    yield from table(columns, [_row(one, excused=excused) for one in clocks], cells)
    for one in clocks:
        if not one.grade:
            yield from prose(". ".join(_told(one)) + ".", cells, indent=2, label=f"{visible(one.clock)}: ")


def _row(one: Attainment, *, excused: bool) -> tuple[str, ...]:
    return (
        share(one.met, one.n) or "-",
        *([share(one.met + one.waived, one.n) or "-"] if excused else []),
        number(one.n),
        number(one.breached),
        *_spread(one.used, working=True),
        *_spread(one.wall, working=False),
        f"  {one.grade}" if one.grade else one.clock,
    )


def _told(one: Attainment) -> Iterator[str]:
    """Yield what is promised, and what is not in the table."""
    title = text_of(one.title)
    yield f"{AGREED[one.to]}{f' “{title}”' if title else ''}, {one.target}"
    beside = [f"{number(one.statuses[status])} {said}" for status, said in _BESIDE if status in one.statuses]
    if beside:
        yield f"Not among the n: {', '.join(beside)}"
    late = one.statuses.get(ClockStatus.OVERDUE)
    if late:
        yield f"Of those late {number(late)} still open"


def _spread(one: Spread | None, *, working: bool) -> tuple[str, str]:
    if one is None:
        return "-", "-"
    return clocked(one.median, working=working), clocked(one.p85, working=working)


def ball_lines(shares: Sequence[BallShare], cells: int, *, what: str = "Who had the ball") -> Iterator[Line]:
    """Yield how long who had the ball; nothing if nobody knows."""
    if not shares:
        return
    whole = sum((one.wall for one in shares), timedelta(0))
    yield BLANK
    yield line(strong(what))
    columns = (
        Column(head="share", right=True),
        Column(head="wall", right=True),
        Column(head="working", right=True),
        Column(head="times", right=True),
        Column(head="party", whole=True),
    )
    rows = [
        (
            share(one.wall // _MICRO, whole // _MICRO) or "-",
            clocked(one.wall),
            "-" if one.working is None else clocked(one.working, working=True),
            number(one.times),
            party_text(one.party),
        )
        for one in shares
    ]
    yield from table(columns, rows[:PARTIES_SHOWN], cells)
    if len(rows) > PARTIES_SHOWN:
        yield line(faint(f"  ... and {number(len(rows) - PARTIES_SHOWN)} more; --json has them all"))


_MICRO = timedelta(microseconds=1)


def party_text(party: Party) -> str:
    """Return who has the ball: `client (caller)`, `agent, lawyer`, `nobody`."""
    names = ", ".join(party.names)
    match party.kind:
        case PartyKind.TEAM:
            return names or "team"
        case PartyKind.CLIENT | PartyKind.SUPPLIER:
            kind = party.kind.value
            return f"{names} ({kind})" if names not in ("", kind) else kind
        case PartyKind.NOBODY:
            return f"nobody of {names}" if names else "nobody"
        case PartyKind.RESOLVED:
            return "nobody: what was asked for is done"


def open_lines(report: AuditReport, cells: int) -> Iterator[Line]:
    """Yield what is due in open cases, the soonest first, overdue marked; nothing without clocks."""
    if not report.clocks:
        return
    due = sorted(
        ((one, case) for case in report.cases for one in case.due if one.due is not None),
        key=lambda each: _soonest(each[0]),
    )
    if not due:
        return
    yield BLANK
    yield line(strong("What is due"), faint(f"  as of {_moment(report.as_of)}" if report.as_of else ""))
    columns = (
        Column(head="due"),
        Column(head="in", right=True),
        Column(head="case"),
        Column(head="what", whole=True),
    )
    rows = [
        (
            moment_in(one.zone, one.due),
            _in(one.due, report.as_of),
            case.case,
            _what(one),
        )
        for one, case in due[:OPEN_SHOWN]
        if one.due is not None
    ]
    yield from table(columns, rows, cells)
    if len(due) > OPEN_SHOWN:
        late = sum(one.due is not None and report.as_of is not None and one.due < report.as_of for one, _ in due)
        more = f"  ... and {number(len(due) - OPEN_SHOWN)} more, {number(late)} of all overdue; --json has them all"
        yield line(faint(more))


def _soonest(one: Obligation) -> tuple[float, str]:
    return (0.0 if one.due is None else one.due.timestamp(), one.clock or one.rule)


def _in(due: datetime, as_of: datetime | None) -> str:
    if as_of is None:
        return ""
    return f"{clocked(as_of - due)} overdue" if due < as_of else clocked(due - as_of)


def _what(one: Obligation) -> str:
    names = (" and " if one.together else " or ").join(map(owing, one.what))
    by = f", by {' or '.join(one.who)}" if one.who else ""
    return f"{one.clock or one.rule}: {names}{by}" if names else f"{one.clock or one.rule}{by}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


# --- one case --------------------------------------------------------------------------------------------------------


def cycles_lines(case: CaseAudit, cells: int, *, indent: int = 4) -> Iterator[Line]:
    """Yield how each clock stands in a case, a line each, and who had the ball."""
    if case.clocks:
        yield line(" " * indent, faint("clocks"))
        names = [_named(one) for one in case.clocks]
        wide = max(map(width, names))
        for name, one in zip(names, case.clocks, strict=True):
            mark = Mark.PLAIN if (one.status in _LATE and one.promise) or one.stopped_at is None else Mark.FAINT
            label = f"{padded(visible(name), wide)}  "
            yield from prose(cycle_text(one), cells, indent=indent, label=label, mark=mark)
    if case.ball:
        told = (f"{party_text(one.party)} {length_of(one.wall)}" for one in case.ball)
        yield from prose(", ".join(told), cells, indent=indent, label="the ball: ")


def _named(one: ClockCycle) -> str:
    return one.clock if one.number == 1 else f"{one.clock} #{one.number}"


def cycle_text(one: ClockCycle) -> str:
    """Return how one cycle went, in a line: `breached: 10 h 30 min of 8 h used (8 working hours, on office), ...`."""
    said = [f"{status_text(one)}{_excused(one)}: {_used(one)}"]
    if one.paused:
        said.append(f"{length_of(one.paused)} paused")
    said.append(f"{length_of(one.wall)} by the wall")
    if one.due is not None:
        said.append(
            f"{'was due' if one.stopped_at is not None or one.status in _LATE else 'due'} {moment_in(one.zone, one.due)}"
        )
    if one.by_change:
        said.append("a change of what was promised made it late")
    if one.holder and one.promise:
        said.append(f"{'with' if one.stopped_at is None else 'then with'} {' or '.join(one.holder)}")
    return ", ".join(said)


def status_text(one: ClockCycle) -> str:
    """Return how a cycle stands; of a client's time, which is no promise, whom we wait for."""
    if one.promise:
        return STATUS[one.status]
    said = _WAITED[one.status]
    whom = " or ".join(one.holder)
    return said.replace("waiting", f"waiting for {whom}", 1) if whom and one.stopped_at is None else said


def _excused(one: ClockCycle) -> str:
    return ", excused" if one.waived else ""


def _used(one: ClockCycle) -> str:
    grade = f" for {one.grade}" if one.grade else ""
    if one.count is not None:
        return f"{counted(one.count, 'time')} ({one.target}{grade})"
    of = "" if one.budget is None else f" of {length_of(one.budget, working=one.working)}"
    on = f", on {one.calendar}" if one.working else ""
    return f"{length_of(one.used, working=one.working)}{of} used ({one.target}{grade}{on})"


def header_facts(report: AuditReport) -> Iterable[str]:
    """Return which calendars, and which data of time zones, time was counted on."""
    for name, digest in report.calendars.items():
        shown = name.partition(" ")[0]
        yield f"{shown}, sha256 {digest[:12]}" if digest else shown
    if report.zones and report.calendars:
        yield f"time zones of {report.zones}"


def breach_lines(one: Deviation, case: CaseAudit, cells: int, *, indent: int) -> Iterator[Line]:
    """Yield the ledger of the clock a deviation is about, in short; nothing if it is about none."""
    late = one.lateness
    if late is None or one.code not in _RAN_OUT:
        return
    for each in case.clocks:
        if (each.clock, each.number) == (late.clock, late.cycle):
            yield from prose(cycle_text(each), cells, indent=indent, label=f"{'ledger':<{_LABEL}}")
