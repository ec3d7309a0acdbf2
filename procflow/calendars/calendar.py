"""`Calendar`: when work is done, and arithmetic in that time.

All instants are aware; those returned are in UTC. A window of hours belongs to the day it begins on, however far into
the next one it reaches. Wall-clock times become instants by RFC 5545 unless the calendar says otherwise: one that a
change of clocks skips is read with the offset before the change, one that it repeats is the first of the two.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from types import MappingProxyType
from zoneinfo import ZoneInfo

from procflow.calendars.hours import MIDNIGHT, Day, Opening, Regime, Window
from procflow.calendars.instants import count_of, instant, length_of, micros
from procflow.calendars.length import Length, Unit
from procflow.calendars.meaning import digest_of
from procflow.calendars.timeline import Timeline, joined, opened, timeline
from procflow.calendars.wall import WallClock
from procflow.calendars.zones import zone_of
from procflow.errors import CalendarError, SourceSpan

_MOST_KNOWN = 4_096
_NO_HOURS: Mapping[int, tuple[Window, ...]] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A calendar, checked. What it does not cover it does not answer: CalendarError."""

    id: str
    zone: str
    """An IANA name."""
    always: bool = False
    """True: open without a break; then there are no regimes and no days, and it covers all time."""
    regimes: tuple[Regime, ...] = ()
    """The last that holds on a day says its hours."""
    days: Mapping[date, Day] = field(default_factory=dict)
    """What differs from the regimes."""
    first: date = date.min
    """The first day covered."""
    last: date = date.max
    """The last day covered."""
    after_gap: bool = False
    """False: a time that a change of clocks skips is read with the offset before it; True: with that after it."""
    second: bool = False
    """False: a time that a change of clocks repeats is the first of the two; True: the second."""
    title: Mapping[str, str] = field(default_factory=dict)
    where: SourceSpan | None = field(default=None, compare=False)

    def __hash__(self) -> int:
        return hash(self.digest)

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """Return the hours of a day, as the wall clock shows them; () for a day off. `always`: the whole day."""
        if self.always:
            return (Window(0, MIDNIGHT),)
        special = self.days.get(day)
        if special is not None:
            return special.windows
        return self.week_on(day).get(day.weekday(), ())

    def week_on(self, day: date) -> Mapping[int, tuple[Window, ...]]:
        """Return the weekly hours that hold on a day, whatever becomes of the day itself; none if no regime does."""
        for regime in reversed(self.regimes):
            if regime.holds_on(day):
                return regime.hours
        return _NO_HOURS

    def at(self, day: date, minute: int = 0) -> datetime:
        """Return a time of day, as minutes after midnight, as an instant: what the clock on the wall there shows."""
        return instant(self._wall.at(day, minute))

    def open_on(self, day: date) -> timedelta:
        """Return how much open time belongs to a day: what its hours come to, shorter or longer where the clocks change."""
        if self.always:
            return length_of(self._wall.at(day, MIDNIGHT) - self._wall.at(day, 0))
        starts, ends = joined(opened(day, self.windows_on(day), self._wall))
        return length_of(sum(ends) - sum(starts))

    def add(self, start: datetime, open_time: timedelta) -> datetime:
        """Return the first instant by which `open_time` of open time has passed since `start`.

        A `start` outside the hours counts from the next opening; what fills a day to its end is due at that end, not at
        the next opening. `add(start, 0)` is `start`. Raises ValueError if `open_time` is negative.
        """
        if open_time < timedelta(0):
            raise ValueError(f"{open_time} is negative: only time that is to come can be added")
        if self.always or not open_time:
            return instant(self._covered(start) + count_of(open_time))
        line = self.timeline
        wanted = self._open_by(start) + count_of(open_time)
        index = bisect_left(line.before, wanted) - 1
        if index < 0:
            raise self._beyond(f"{open_time} of open time after {start.isoformat()}: there is none at all")
        found = line.starts[index] + wanted - line.before[index]
        if found > line.ends[index]:
            raise self._beyond(f"{open_time} of open time after {start.isoformat()}")
        return instant(found)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the open time from `start` to `end`; negative if `end` comes first."""
        if self.always:
            first, last = self._covered(start), self._covered(end)
        else:
            first, last = self._open_by(start), self._open_by(end)
        return length_of(last - first)

    def is_open(self, at: datetime) -> bool:
        """Return True if `at` lies in open hours, the closing instant excluded."""
        number = self._covered(at)
        if self.always:
            return True
        line = self.timeline
        index = bisect_right(line.starts, number) - 1
        return index >= 0 and number < line.ends[index]

    def reach(self, at: datetime) -> datetime:
        """Return `at`, or the last instant covered if that comes first."""
        return at if self.always else instant(min(micros(at), self.timeline.ceiling))

    def next_open(self, at: datetime) -> datetime:
        """Return `at` if it lies in open hours, else the next opening."""
        number = self._covered(at)
        if self.always or self.is_open(at):
            return instant(number)
        line = self.timeline
        index = bisect_right(line.starts, number)
        if index == len(line.starts):
            raise self._beyond(f"the next opening after {at.isoformat()}")
        return instant(line.starts[index])

    def working_day(self, at: datetime) -> date:
        """Return the day `at` belongs to: that of the hours it lies in, else the date in the calendar's zone."""
        number = self._covered(at)
        local = instant(number).astimezone(self._zone).date()
        if not self.always:
            line = self.timeline
            index = bisect_left(line.days, local.toordinal()) - 1
            if index >= 0 and line.days[index] == local.toordinal() - 1 and number < line.day_ends[index]:
                begins = line.day_starts[index + 1 : index + 2]
                if not (begins and line.days[index + 1] == local.toordinal() and begins[0] <= number):
                    return local - timedelta(days=1)
        return local

    def end_of_working_day(self, start: datetime, count: int) -> datetime:
        """Return the end of the `count`-th working day after that of `start`, which is not counted."""
        day = self.working_day(start).toordinal()
        if self.always:
            return instant(self._wall.at(date.fromordinal(day + count), MIDNIGHT))
        line = self.timeline
        index = bisect_right(line.days, day) + count - 1
        if index >= len(line.days):
            raise self._beyond(f"{count} working days after {start.isoformat()}")
        return instant(line.day_ends[index])

    def after(self, start: datetime, length: Length) -> datetime:
        """Return when a length that begins at `start` is over. Raises CalendarError if that is beyond what is covered."""
        try:
            return self._after(start, length)
        except OverflowError as error:
            raise self._beyond(f"{length} after {start.isoformat()}") from error

    def _after(self, start: datetime, length: Length) -> datetime:
        elapsed, open_hours = length.elapsed, length.open_hours
        if elapsed is not None:
            return instant(micros(start) + count_of(elapsed))
        if open_hours is not None:
            return self.add(start, open_hours)
        if length.working:
            return start if length.count == 0 else self.end_of_working_day(start, length.count)
        months = length.count * (12 if length.unit is Unit.YEAR else 1)
        return self._months_after(start, months)

    def budget(self, start: datetime, length: Length) -> timedelta:
        """Return how much time a length that begins at `start` is worth: open time if it is working, else elapsed."""
        hours = length.open_hours
        if hours is not None and not self.always and self._open_by(start) + count_of(hours) <= self._open_to_the_end:
            return hours
        due = self.after(start, length)
        return self.between(start, due) if length.working else length_of(micros(due) - micros(start))

    def openings(self, start: datetime, end: datetime) -> tuple[Opening, ...]:
        """Return the open stretches from `start` to `end`, cut to fit, in order; together they are `between` the two.

        What two days have in common, as when a night reaches into the next morning's hours, is of the earlier one.
        """
        first, last = self._covered(start), self._covered(end)
        if self.always:
            return (Opening(instant(first), instant(last), self.working_day(start)),) if first < last else ()
        found: list[Opening] = []
        # A night that reaches into `start`, and what follows a change of clocks, may be of the days beside it.
        day = max(self.first, self.working_day(start) - timedelta(days=2))
        until = min(self.last, self.working_day(end) + timedelta(days=1))
        told = first
        while day <= until:
            for opens, closes in zip(*joined(opened(day, self.windows_on(day), self._wall)), strict=True):
                begins, ends = max(opens, told), min(closes, last)
                if begins < ends:
                    found.append(Opening(instant(begins), instant(ends), day))
                    told = ends
            day += timedelta(days=1)
        return tuple(found)

    @cached_property
    def digest(self) -> str:
        """SHA-256 in hex over what it means: calendars with the same one count alike."""
        return digest_of(self)

    @cached_property
    def _zone(self) -> ZoneInfo:
        return zone_of(self.zone)

    @cached_property
    def _wall(self) -> WallClock:
        return WallClock(self._zone, after_gap=self.after_gap, second=self.second)

    @cached_property
    def timeline(self) -> Timeline:
        """The open time of all the days covered, as numbers; not of a calendar that is `always` open."""
        return timeline(self.first, self.last, self.windows_on, self._wall)

    @cached_property
    def _open_to_the_end(self) -> int:
        """All the open time up to the last instant covered."""
        return self._passed(self.timeline.ceiling)

    @cached_property
    def _known(self) -> dict[datetime, int]:
        """Instant -> the open time up to it. Of UTC alone: elsewhere two instants may be equal as clocks show them."""
        return {}

    def _open_by(self, at: datetime) -> int:
        """Return the open time from the first stretch to `at`: several clocks ask, and ask again. Raises CalendarError."""
        if at.tzinfo is not UTC:
            return self._passed(self._covered(at))
        found = self._known.get(at)
        if found is None:
            found = self._passed(self._covered(at))
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[at] = found
        return found

    def _passed(self, at: int) -> int:
        """Return the open time from the first stretch to `at`."""
        line = self.timeline
        index = bisect_right(line.starts, at) - 1
        return line.before[index] + min(at, line.ends[index]) - line.starts[index] if index >= 0 else 0

    def _months_after(self, start: datetime, months: int) -> datetime:
        """Return the same day and time of day some months later, clipped to the end of the month."""
        local = start.astimezone(self._zone)
        year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
        if year >= date.max.year:
            raise OverflowError(f"the year {year} is beyond all calendars")
        following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
        day = min(local.day, (following - timedelta(days=1)).day)
        moved = local.replace(year=year, month=month + 1, day=day, tzinfo=None, fold=0)
        seconds = timedelta(seconds=moved.second, microseconds=moved.microsecond)
        return instant(self._wall.at(moved.date(), moved.hour * 60 + moved.minute) + count_of(seconds))

    def _covered(self, at: datetime) -> int:
        """Return an instant as a number. Raises CalendarError if the calendar says nothing about it."""
        if at.tzinfo is None:
            raise ValueError(f"{at.isoformat()} names no time zone")
        number = micros(at)
        if not self.always and not self.timeline.floor <= number <= self.timeline.ceiling:
            raise self._beyond(at.isoformat())
        return number

    def _beyond(self, what: str) -> CalendarError:
        return CalendarError(
            f"the calendar `{self.id}` covers {self.first} to {self.last}, and cannot tell {what}",
            code="PF640",
            hint="add the hours and the holidays of further years to it: procflow calendar import, then `covers`",
        )


ALWAYS = Calendar(id="24x7", zone="UTC", always=True)
"""Open without a break: what elapsed time is counted on."""

NO_CALENDARS: Mapping[str, Calendar] = MappingProxyType({"24x7": ALWAYS})
"""The calendars everybody has."""
