"""The shortest target that a share of cases would have kept: worked out, and then judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from procflow.auditor.spreads import rank
from procflow.calendars.calendar import ALWAYS, Calendar
from procflow.calendars.length import Length, Unit
from procflow.errors import CalendarError
from procflow.model.clock import ClockCycle, ClockStatus

_MOST = 100_000
_TRIES = 6
"""How often a target that was worked out is moved by one: pauses and changes of the target may shift it a little."""
_OVER = frozenset({ClockStatus.MET, ClockStatus.BREACHED})
_NEVER = _MOST + 1

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
        _units(one, unit, calendars) if one.status in _OVER else _NEVER
        for one in measured
        if one.status in _OVER or one.status is ClockStatus.OVERDUE
    )
    if len(needed) < few:
        return None
    count = needed[rank(percent, len(needed))]
    if count >= _NEVER:
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


def _units(one: ClockCycle, unit: Length, calendars: Mapping[str, Calendar]) -> int:
    """Return how many units a cycle would have needed."""
    step = unit.open_hours if unit.working else unit.elapsed
    if step is not None and unit.unit is not Unit.DAY:
        each = step / unit.count if unit.count else timedelta(0)
        return max(-(-one.used // each), 1) if each else _NEVER
    calendar = calendars.get(one.calendar, ALWAYS)
    low, high = 0, 1
    while not _enough(one, replace(unit, count=high), calendar):
        low, high = high, high * 2
        if high > _MOST:
            return _NEVER
    while high - low > 1:
        middle = (low + high) // 2
        if _enough(one, replace(unit, count=middle), calendar):
            high = middle
        else:
            low = middle
    return high


def _enough(one: ClockCycle, length: Length, calendar: Calendar) -> bool:
    try:
        return calendar.budget(one.started_at, length) >= one.used
    except CalendarError:
        return False
