"""Working time by walking minutes: no arithmetic is shared with `procflow.calendars`, and none is clever.

Instants and lengths are whole microseconds, instants since 1970. A calendar is plain: which minutes of the world are
open, one after the other. Only minutes within a horizon of a few months exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = date(2026, 2, 1), date(2026, 9, 30)
"""The days that exist."""
Windows = tuple[tuple[int, int], ...]
"""Hours of a day, as minutes of the wall clock after its midnight; the end may lie in the next day."""


def number(at: datetime) -> int:
    """Return an instant as microseconds since 1970."""
    apart = at.astimezone(UTC) - _EPOCH
    return (apart.days * 86_400 + apart.seconds) * 1_000_000 + apart.microseconds


def instant(at: int) -> datetime:
    """Return microseconds since 1970 as an instant."""
    return _EPOCH + timedelta(microseconds=at)


_START = number(datetime.combine(FIRST, time(), UTC)) // MINUTE
"""The first minute that exists; they count from 1970."""
_MINUTES = (LAST - FIRST).days * 24 * 60


class Beyond(Exception):
    """Asked about a minute that does not exist."""


@dataclass(frozen=True)
class Hours:
    """A calendar."""

    name: str
    zone: str
    week: Mapping[int, Windows]
    """Weekday, 0 for Monday -> hours."""
    days: Mapping[date, Windows] = field(default_factory=dict)
    """Days that differ."""
    always: bool = False

    @cached_property
    def minutes(self) -> bytearray:
        """1 for each open minute, in their order."""
        if self.always:
            return bytearray(b"\1" * _MINUTES)
        found = bytearray(_MINUTES)
        for ordinal in range(FIRST.toordinal() + 2, LAST.toordinal() - 2):
            day = date.fromordinal(ordinal)
            for start, end in self.on(day):
                for minute in range(self.wall(day, start) // MINUTE, self.wall(day, end) // MINUTE):
                    found[minute - _START] = 1
        return found

    def on(self, day: date) -> Windows:
        """Return the hours of a day."""
        return ((0, 24 * 60),) if self.always else self.days.get(day, self.week.get(day.weekday(), ()))

    def wall(self, day: date, minute: int) -> int:
        """Return when the clock on the wall shows this: the first time if it does twice, and by RFC 5545 if never."""
        shown = datetime.combine(day, time()) + timedelta(minutes=minute)
        zone = ZoneInfo(self.zone)
        asked = [(shown + timedelta(hours=one)).replace(tzinfo=UTC).astimezone(zone).utcoffset() for one in (-26, 26)]
        offsets = [one for one in asked if one is not None]
        seen = [(shown - one).replace(tzinfo=UTC) for one in offsets]
        right = [one for one in seen if one.astimezone(zone).replace(tzinfo=None) == shown]
        # The offset before the change is that of a day earlier, and leads to the first of two.
        return number(min(right) if right else seen[0])

    def between(self, start: int, end: int) -> int:
        """Return the open time between two instants, the first the earlier: minute by minute."""
        if start >= end:
            return 0
        if self.always:
            return end - start
        first, last = start // MINUTE - _START, (end - 1) // MINUTE - _START
        if not 0 <= first <= last < _MINUTES:
            raise Beyond
        if first == last:
            return (end - start) * self.minutes[first]
        ends = ((_START + first + 1) * MINUTE - start) * self.minutes[first]
        ends += (end - (_START + last) * MINUTE) * self.minutes[last]
        return ends + sum(self.minutes[first + 1 : last]) * MINUTE

    def after(self, start: int, open_time: int) -> int:
        """Return the first instant by which so much open time has passed: walk until it has."""
        if open_time == 0 or self.always:
            return start + open_time
        at = start
        while open_time > 0:
            minute = at // MINUTE
            if not 0 <= minute - _START < _MINUTES:
                raise Beyond
            step = min((minute + 1) * MINUTE - at, open_time)
            if self.minutes[minute - _START]:
                open_time -= step
                at += step
            else:
                at = (minute + 1) * MINUTE
        return at

    def day_of(self, at: int) -> date:
        """Return the working day an instant belongs to: that whose hours it lies in, else that of the wall."""
        local = instant(at).astimezone(ZoneInfo(self.zone)).date()
        if not self.always:
            for day in (local, local - timedelta(days=1)):
                if any(self.wall(day, start) <= at < self.wall(day, end) for start, end in self.on(day)):
                    return day
        return local

    def end_of(self, day: date) -> int:
        """Return the end of a day: of its last hours, or its midnight if it has none."""
        return max((self.wall(day, end) for _, end in self.on(day)), default=self.wall(day, 24 * 60))

    def working_days_after(self, start: int, count: int) -> int:
        """Return the end of the n-th working day after that of `start`."""
        day = self.day_of(start)
        while count > 0:
            day += timedelta(days=1)
            if not FIRST < day < LAST:
                raise Beyond
            count -= bool(self.on(day))
        return self.end_of(day)


ALWAYS = Hours("24x7", "UTC", {}, always=True)


@dataclass(frozen=True)
class Long:
    """A length, as it is written."""

    text: str

    @property
    def working(self) -> bool:
        """True if a calendar counts it."""
        return "working" in self.text or "business" in self.text

    @cached_property
    def _parts(self) -> tuple[int, str]:
        count, *_, unit = self.text.split()
        return int(count), unit.removesuffix("s")

    def budget(self, start: int, hours: Hours) -> int:
        """Return what it is worth if it begins at `start`: open time if it is working, else elapsed time."""
        count, unit = self._parts
        if self.working:
            if unit == "day":
                return hours.between(start, hours.working_days_after(start, count)) if count else 0
            return count * {"minute": MINUTE, "hour": HOUR}[unit]
        if unit in ("month", "year"):
            return self._months(start, hours, count * (12 if unit == "year" else 1)) - start
        return count * {"minute": MINUTE, "hour": HOUR, "day": DAY, "week": 7 * DAY}[unit]

    def after(self, start: int, hours: Hours) -> int:
        """Return when it is over if it begins at `start`."""
        budget = self.budget(start, hours)
        return hours.after(start, budget) if self.working else start + budget

    def _months(self, start: int, hours: Hours, count: int) -> int:
        zone = ZoneInfo(hours.zone)
        local = instant(start).astimezone(zone)
        year, month = local.year, local.month
        for _ in range(count):
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        day = local.day
        while True:
            try:
                moved = date(year, month, day)
                break
            except ValueError:
                day -= 1
        apart = timedelta(seconds=local.second, microseconds=local.microsecond)
        return hours.wall(moved, local.hour * 60 + local.minute) + apart // timedelta(microseconds=1)


Book = Mapping[str, Hours]


def book(some: Sequence[Hours]) -> Book:
    """Return calendars by name, and the one that everybody has."""
    return {"24x7": ALWAYS, **{one.name: one for one in some}}
