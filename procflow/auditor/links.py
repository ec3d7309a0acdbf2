"""What stands behind a promise to the client: agreements with teams and suppliers, and the time of steps; the weakest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from procflow.auditor.attainment import attained_by
from procflow.model.clock import Clock, ClockCycle, ClockKind, ClockStatus, Promised
from procflow.model.procedure import Procedure
from procflow.model.promising import Link
from procflow.model.report import CaseAudit

_LATE = frozenset({ClockStatus.BREACHED, ClockStatus.OVERDUE})
_WITH_AN_END = (ClockKind.TIMER, ClockKind.DEADLINE)
_NEVER = frozenset({ClockStatus.CANCELLED, ClockStatus.NOT_EXAMINED})


class _Ran(NamedTuple):
    """A cycle behind a cycle of the promise."""

    cycle: ClockCycle
    outer: ClockCycle
    case: str
    wall: timedelta


def all_links(versions: Sequence[Procedure], audits: Sequence[CaseAudit], as_of: datetime | None) -> tuple[Link, ...]:
    """Return what stands behind each promise to the client, in the order of the procedure."""
    clocks = {name: one for version in versions for name, one in version.all_clocks.items()}
    promises = [
        name for name, one in clocks.items() if one.promise and one.to is Promised.CLIENT and one.kind in _WITH_AN_END
    ]
    if not any(_stands_behind(one) for one in clocks.values()):
        return ()
    return tuple(link for name in promises for link in links_behind(name, versions, audits, as_of))


def links_behind(
    promise: str, versions: Iterable[Procedure], audits: Sequence[CaseAudit], as_of: datetime | None
) -> tuple[Link, ...]:
    """Return what ran while a promise did, the weakest first: what was late most often when the promise was, then what is
    kept least, then what takes longest.
    """
    clocks = {name: one for version in versions for name, one in version.all_clocks.items()}
    outer = [(case, one) for case in audits for one in case.clocks if one.clock == promise and one.status not in _NEVER]
    late = sum(one.status in _LATE for _, one in outer)
    whole = sum((_end(one, as_of) - one.started_at for _, one in outer), timedelta(0))
    behind: dict[str, list[_Ran]] = {name: [] for name, one in clocks.items() if _stands_behind(one)}
    if not behind:
        return ()
    for case, one in outer:
        inner = [each for each in case.clocks if each.clock in behind]
        for ran in _within(case.case, inner, one, as_of):
            behind[ran.cycle.clock].append(ran)
    found = [_link(promise, clocks[name], ran, late, whole) for name, ran in behind.items() if ran]
    return tuple(sorted(found, key=_weakest))


def _stands_behind(clock: Clock) -> bool:
    return clock.promise and clock.to is not Promised.CLIENT and clock.kind in _WITH_AN_END


def _weakest(one: Link) -> tuple[int, float, timedelta, str]:
    gross = one.kept.gross
    return -one.late_together, 1.0 if gross is None else gross, -one.wall, one.clock


def _within(case: str, cycles: Sequence[ClockCycle], outer: ClockCycle, as_of: datetime | None) -> Iterator[_Ran]:
    until = _end(outer, as_of)
    for one in cycles:
        start, end = max(one.started_at, outer.started_at), min(_end(one, as_of), until)
        if (
            one is not outer
            and one.status not in _NEVER
            and (start < end or outer.started_at <= one.started_at < until)
        ):
            yield _Ran(one, outer, case, max(end - start, timedelta(0)))


def _end(one: ClockCycle, as_of: datetime | None) -> datetime:
    """Return when a cycle stopped; of an open one the moment the report speaks of."""
    end = one.stopped_at or as_of or one.started_at + one.wall
    return max(end, one.started_at)


def _link(promise: str, clock: Clock, ran: Sequence[_Ran], late: int, whole: timedelta) -> Link:
    cycles = {(one.case, one.cycle.number): one.cycle for one in ran}
    together = {(one.case, one.outer.number) for one in ran if one.cycle.status in _LATE and one.outer.status in _LATE}
    wall = sum((one.wall for one in ran), timedelta(0))
    return Link(
        promise=promise,
        clock=clock.id,
        to=clock.to,
        step=clock.step,
        kept=attained_by(clock, list(cycles.values())),
        late_together=len(together),
        late=late,
        wall=wall,
        share=wall / whole if whole else 0.0,
    )
