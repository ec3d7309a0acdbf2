"""The shortest target that a share of cases would have kept: worked out, and then judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from procflow.calendars.calendar import ALWAYS, Calendar
from procflow.calendars.length import Length
from procflow.forecast import NEVER, rank, units_needed
from procflow.model.clock import ClockCycle, ClockStatus

_TRIES = 6
"""How often a target that was worked out is moved by one: pauses and changes of the target may shift it a little."""
_OVER = frozenset({ClockStatus.MET, ClockStatus.BREACHED})

Judged = Callable[[int], Sequence[ClockCycle]]
"""Judges all cases by a target of so many units."""


def shortest(
    percent: int,
    judged: Judged,
    measured: Sequence[ClockCycle],
    unit: Length,
    calendars: Mapping[str, Calendar],
    *,
    few: int,
) -> int | None:
    """Return how many units at least `percent` of 100 cycles would have kept, and no fewer would do; None if nobody can say.

    `measured`: the cycles as one target in these units judges them. What is open and late by it is never over.
    """
    needed = sorted(
        units_needed(one.started_at, one.used, unit, calendars.get(one.calendar, ALWAYS))
        if one.status in _OVER
        else NEVER
        for one in measured
        if one.status in _OVER or one.status is ClockStatus.OVERDUE
    )
    if len(needed) < few:
        return None
    count = needed[rank(percent, len(needed))]
    if count >= NEVER:
        return None
    for _ in range(_TRIES):
        if _holds(percent, judged(count)):
            break
        count += 1
    else:
        return None
    for _ in range(_TRIES):
        if count == 1 or not _holds(percent, judged(count - 1)):
            break
        count -= 1
    return count


def _holds(percent: int, cycles: Sequence[ClockCycle]) -> bool:
    met = sum(one.status is ClockStatus.MET for one in cycles)
    n = sum(one.status in _OVER or one.status is ClockStatus.OVERDUE for one in cycles)
    return n > 0 and met * 100 >= percent * n
