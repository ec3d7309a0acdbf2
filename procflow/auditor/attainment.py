"""How far clocks were kept, and who had the ball: over all cases of a log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from procflow.auditor.calendars import Keeping
from procflow.calendars.book import CalendarSet
from procflow.calendars.zones import zones_version
from procflow.model.clock import Attainment, BallShare, Clock, ClockCycle, ClockKind, ClockStatus, Party, Spread
from procflow.model.procedure import Procedure
from procflow.model.report import CaseAudit

_OVER = frozenset({ClockStatus.MET, ClockStatus.BREACHED})
_LATE = frozenset({ClockStatus.BREACHED, ClockStatus.OVERDUE})
_SLOW = 85
"""Percent: so many took no longer than `Spread.p85`."""


def attainments(versions: Iterable[Procedure], cycles: Iterable[ClockCycle]) -> tuple[Attainment, ...]:
    """Return how far each promise was kept, in the order of the procedure; of one with grades, its grades after it.

    What a clock is called and promises is said as the last version has it that has it at all.
    """
    clocks = {name: clock for one in versions for name, clock in one.all_clocks.items() if clock.promise}
    of: dict[str, list[ClockCycle]] = {name: [] for name in clocks}
    for cycle in cycles:
        if cycle.clock in of and cycle.promise:
            of[cycle.clock].append(cycle)
    return tuple(attained for name, clock in clocks.items() for attained in of_clock(clock, of[name]))


def of_clock(clock: Clock, cycles: Sequence[ClockCycle]) -> Iterator[Attainment]:
    """Yield how far a clock was kept in its cycles, then in those of each grade."""
    yield attained_by(clock, cycles)
    grades = _grades(clock)
    seen = dict.fromkeys(one.grade for one in cycles if one.grade)
    for grade in [one for one in grades if one in seen] + [one for one in seen if one not in grades]:
        yield attained_by(clock, [one for one in cycles if one.grade == grade], grade)


def _grades(clock: Clock) -> Mapping[str, None]:
    """Return the values that what is promised depends on, in the order of the file."""
    graded = (clock.within, clock.every, clock.at_most)
    return dict.fromkeys(name for one in graded if one is not None for name in one.values)


def attained_by(clock: Clock, cycles: Sequence[ClockCycle], grade: str = "") -> Attainment:
    """Return how far a clock was kept in some cycles of it."""
    over = [one for one in cycles if one.status in _OVER]
    counted = Counter(one.status for one in cycles)
    return Attainment(
        clock=clock.id,
        title=clock.title,
        to=clock.to,
        target=target_of(clock, grade),
        where=clock.where,
        grade=grade,
        statuses={status: counted[status] for status in ClockStatus if counted[status]},
        waived=sum(one.waived for one in cycles if one.status in _LATE),
        used=None if clock.kind is ClockKind.COUNT else spread(one.used for one in over),
        wall=spread(one.wall for one in over),
    )


def target_of(clock: Clock, grade: str = "") -> str:
    """Return what a clock promises, as it was written; all grades of it, or one."""
    if clock.deadline is not None:
        return f"by {clock.deadline}"
    graded = clock.within or clock.every or clock.at_most
    if graded is None:
        return "by the day agreed each time"
    sign = {ClockKind.PERIODIC: "every ", ClockKind.COUNT: "at most "}.get(clock.kind, "")
    if grade:
        value = graded.values.get(grade, graded.otherwise)
        return "nothing promised" if value is None else f"{sign}{value}"
    parts = [f"{name} {value}" for name, value in graded.values.items()]
    if graded.otherwise is not None:
        parts.append(f"otherwise {graded.otherwise}" if parts else str(graded.otherwise))
    return sign + ", ".join(parts)


def spread(lengths: Iterable[timedelta]) -> Spread | None:
    """Return the middle of some lengths of time, and what 85 of 100 do not exceed; None if there are none.

    Of an even number the median is the mean of the two in the middle; the other is one that occurred (nearest rank).
    """
    ordered = sorted(lengths)
    n = len(ordered)
    if not n:
        return None
    median = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    return Spread(n=n, median=median, p85=ordered[-(-_SLOW * n // 100) - 1])


def shares(cases: Iterable[Sequence[BallShare]]) -> tuple[BallShare, ...]:
    """Return how long who had the ball over all cases, the longest first.

    Working time is told of a party only if it is known of each case in which the party had the ball.
    """
    wall: dict[Party, timedelta] = {}
    working: dict[Party, timedelta | None] = {}
    times: Counter[Party] = Counter()
    for one in (share for case in cases for share in case):
        wall[one.party] = wall.get(one.party, timedelta(0)) + one.wall
        so_far = working.get(one.party, timedelta(0))
        working[one.party] = None if so_far is None or one.working is None else so_far + one.working
        times[one.party] += one.times
    longest = sorted(wall, key=lambda party: (-wall[party], party.kind.value, party.names))
    return tuple(
        BallShare(party=party, wall=wall[party], working=working[party], times=times[party]) for party in longest
    )


def timekeeping(versions: Sequence[Procedure], audits: Sequence[CaseAudit], keeping: Keeping) -> dict[str, Any]:
    """Return what a report says of time: `clocks`, `ball`, `calendars` and `zones`."""
    calendars: dict[str, dict[str, None]] = {}
    for version in versions:
        cycles = (cycle for case in audits if case.digest == version.digest for cycle in case.clocks)
        for name, digests in calendars_used(version, cycles, keeping.used(version.digest)).items():
            calendars.setdefault(name, {}).update(digests)
    return {
        "clocks": attainments(versions, (cycle for case in audits for cycle in case.clocks)),
        "ball": shares(case.ball for case in audits),
        "calendars": dict(_named_apart(calendars)),
        "zones": zones_version() if calendars else "",
    }


def calendars_used(
    version: Procedure, cycles: Iterable[ClockCycle], sets: Iterable[CalendarSet]
) -> Mapping[str, dict[str, None]]:
    """Return the calendars that time was counted on, each with the digests it had in the `sets` that cases went by."""
    sets = tuple(sets)
    names = dict.fromkeys(() if version.calendar is None else (version.calendar,))
    names |= dict.fromkeys(one.calendar for one in cycles)
    used: dict[str, dict[str, None]] = {}
    for name in names:
        for given in sets:
            if name in given:
                used.setdefault(name, {})[given[name].digest] = None
    return used


def _named_apart(calendars: Mapping[str, Mapping[str, None]]) -> Iterator[tuple[str, str]]:
    """Yield each calendar with its digest; one that differs between cases once for each, with its beginning."""
    for name, digests in calendars.items():
        for digest in digests:
            yield (name if len(digests) == 1 else f"{name} {digest[:12]}"), digest
