"""The open time of a calendar as numbers: stretches in order, and how much of it lies before each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from procflow.calendars.hours import MIDNIGHT, Window
from procflow.calendars.wall import WallClock


class Timeline(NamedTuple):
    """The open time of a calendar, in microseconds since 1970; all tuples in order."""

    starts: tuple[int, ...]
    """Of the stretches of open time; none touches another."""
    ends: tuple[int, ...]
    before: tuple[int, ...]
    """How much open time lies before each stretch."""
    days: tuple[int, ...]
    """Ordinals of the working days."""
    day_starts: tuple[int, ...]
    """When each begins, and below when it ends: the last of its hours, also after midnight."""
    day_ends: tuple[int, ...]
    floor: int
    """The first instant covered."""
    ceiling: int
    """The last instant covered."""


def opened(day: date, windows: Iterable[Window], wall: WallClock) -> list[tuple[int, int]]:
    """Return the hours of a day as instants, in order; () of a day that the zone left out."""
    if not wall.exists(day):
        return []
    found = [(wall.at(day, one.start), wall.at(day, one.end)) for one in windows]
    return sorted((start, end) for start, end in found if start < end)


def timeline(first: date, last: date, windows_on: Callable[[date], tuple[Window, ...]], wall: WallClock) -> Timeline:
    """Return the open time of the days from `first` to `last`."""
    days: list[int] = []
    day_starts: list[int] = []
    day_ends: list[int] = []
    stretches: list[tuple[int, int]] = []
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        windows = windows_on(day)
        hours = opened(day, windows, wall) if windows else ()
        if hours:
            days.append(ordinal)
            day_starts.append(hours[0][0])
            day_ends.append(max(end for _, end in hours))
            stretches += hours
    starts, ends = joined(sorted(stretches))
    before, total = [], 0
    for start, end in zip(starts, ends, strict=True):
        before.append(total)
        total += end - start
    return Timeline(
        starts=tuple(starts),
        ends=tuple(ends),
        before=tuple(before),
        days=tuple(days),
        day_starts=tuple(day_starts),
        day_ends=tuple(day_ends),
        floor=wall.at(first, 0),
        ceiling=wall.at(last, MIDNIGHT),
    )


def joined(stretches: Iterable[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Return the starts and ends of stretches, those that touch or overlap as one."""
    starts: list[int] = []
    ends: list[int] = []
    for start, end in stretches:
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return starts, ends
