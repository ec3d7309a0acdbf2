"""What a calendar is made of: windows of hours, regimes that hold from day to day, days that differ, openings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from procflow.errors import SourceSpan

MIDNIGHT = 24 * 60
"""The end of a day, as minutes after its midnight."""


class Window(NamedTuple):
    """Hours of one day, as wall-clock minutes after its midnight."""

    start: int
    """From 0 to 1439."""
    end: int
    """Above `start`; above 1440 if it reaches into the next day. At most a day later than `start`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """The weekly hours from one day to another."""

    first: date | None = None
    """None: from the calendar's first day."""
    last: date | None = None
    """Included; None: to the calendar's last day."""
    hours: Mapping[int, tuple[Window, ...]]
    """Weekday, 0 for Monday -> windows in order; a weekday without any is not here."""
    where: SourceSpan | None = field(default=None, compare=False)

    def holds_on(self, day: date) -> bool:
        """Return True if `day` lies between its first and last."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day that differs from its week: a holiday, a half day, an extra working day."""

    windows: tuple[Window, ...] = ()
    """() for a day off."""
    name: str = ""
    """Why, as people say it."""
    source: str = ""
    """Where that was found, as `holidays 0.109 RO`."""
    where: SourceSpan | None = field(default=None, compare=False)


class Opening(NamedTuple):
    """A stretch of open time."""

    start: datetime
    end: datetime
    day: date
    """The working day it belongs to."""
