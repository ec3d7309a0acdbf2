"""`Length`: how long, as people write it: `30 minutes`, `4 working hours`, `2 working days`, `6 months`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import cached_property


class Unit(Enum):
    """What a length counts."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_ELAPSED = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: timedelta(days=1),
    Unit.WEEK: timedelta(weeks=1),
}
_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}


@dataclass(frozen=True, kw_only=True)
class Length:
    """A length of time: a whole number of units, elapsed or counted on a calendar."""

    count: int
    """At least 0."""
    unit: Unit
    working: bool = False
    """True: counted in the open hours, or the working days, of a calendar. Of minutes, hours and days alone."""

    @cached_property
    def elapsed(self) -> timedelta | None:
        """How long that is whatever the calendar; None if it depends on one: working time, months, years."""
        one = None if self.working else _ELAPSED.get(self.unit)
        return None if one is None else self.count * one

    @cached_property
    def open_hours(self) -> timedelta | None:
        """How much open time that is; None if that depends on where it begins, or if it is not working time."""
        return self.count * _ELAPSED[self.unit] if self.working and self.unit is not Unit.DAY else None

    @property
    def needs_calendar(self) -> bool:
        """True for what nobody can count without a calendar: open hours and working days."""
        return self.working

    @property
    def longest(self) -> timedelta:
        """More than it takes on any calendar that is open about half the days of a fortnight, an hour and more on each."""
        if self.elapsed is not None:
            return self.elapsed
        if self.open_hours is not None:
            return max(self.open_hours * 48, timedelta(weeks=2))
        if self.working:
            return timedelta(weeks=2 + self.count // 2)
        return timedelta(days=(31 if self.unit is Unit.MONTH else 366) * self.count)

    def no_longer(self, other: Length) -> bool:
        """Return True if it is no longer than the other, wherever both begin, on one calendar; False if that depends."""
        if not self.count:
            return True
        for one, two in ((self.elapsed, other.elapsed), (self.open_hours, other.open_hours)):
            if one is not None and two is not None:
                return one <= two
        if self.working is not other.working:
            return False
        if self.unit in _MONTHS and other.unit in _MONTHS:
            return self.count * _MONTHS[self.unit] <= other.count * _MONTHS[other.unit]
        return self.unit is other.unit and self.count <= other.count

    def __str__(self) -> str:
        """Return it as people write it."""
        return f"{self.count} {'working ' if self.working else ''}{self.unit.value}{'' if self.count == 1 else 's'}"


def of_elapsed(length: timedelta) -> Length:
    """Return an elapsed time as a length, in the largest unit that tells it as a whole number of minutes or more.

    Raises ValueError if it is no whole number of minutes.
    """
    for unit in (Unit.WEEK, Unit.DAY, Unit.HOUR, Unit.MINUTE):
        count, rest = divmod(length, _ELAPSED[unit])
        if not rest and count:
            return Length(count=count, unit=unit)
    if length:
        raise ValueError(f"{length} is no whole number of minutes")
    return Length(count=0, unit=Unit.MINUTE)
