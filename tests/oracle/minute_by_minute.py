"""The oracle of business time: it walks every minute and asks the clock on the wall. It shares no code with the program.

A desk is what an author would write down; `written` is its calendar file. The oracle reads the desk, never a calendar.
Skipped and repeated times are found by looking for minutes at which the wall shows them, not by asking `datetime`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

DAY = 24 * 60
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTE = 60_000_000
_DAYS_AROUND = 2

Hours = tuple[tuple[int, int], ...]
"""Minutes of a day from and to; to above 1440 reaches into the next day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """When somebody works, as it is written down."""

    zone: str
    first: date
    last: date
    weeks: tuple[tuple[date | None, date | None, Mapping[int, Hours]], ...]
    """From, to, weekday -> hours; the last that holds counts."""
    days: Mapping[date, Hours] = field(default_factory=dict)
    skipped: str = "before"
    repeated: str = "first"

    def hours_on(self, day: date) -> Hours:
        if day in self.days:
            return self.days[day]
        found: Hours = ()
        for start, end, week in self.weeks:
            if (start or day) <= day <= (end or day):
                found = week.get(day.weekday(), ())
        return found

    @property
    def written(self) -> str:
        """The calendar file of the desk."""
        lines = [
            "calendar: desk",
            f"zone: {self.zone}",
            f"covers: {{ from: {self.first}, to: {self.last} }}",
            "regimes:",
        ]
        for start, end, week in self.weeks:
            ends = "".join(f"{key}: {day}, " for key, day in (("from", start), ("to", end)) if day is not None)
            told = ", ".join(f"{WEEK[day]}: {_windows(hours)}" for day, hours in sorted(week.items()) if hours)
            lines.append(f"  - {{ {ends}hours: {{ {told} }} }}")
        if self.days:
            lines.append("days:")
            lines += [
                f"  {day}: {{ hours: {_windows(hours)} }}" if hours else f"  {day}: closed"
                for day, hours in sorted(self.days.items())
            ]
        lines.append(f"clock-changes: {{ skipped: {self.skipped}, repeated: {self.repeated} }}")
        return "\n".join(lines) + "\n"


def _windows(hours: Hours) -> str:
    return "[" + ", ".join(f'"{_clock(start)}-{_clock(end)}"' for start, end in hours) + "]"


def _clock(minute: int) -> str:
    minute = minute - DAY if minute > DAY else minute
    return f"{minute // 60:02}:{minute % 60:02}"


@lru_cache(maxsize=8)
def zone(name: str) -> ZoneInfo:
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as content:
        return ZoneInfo.from_file(content)


class Wall:
    """What the wall shows, minute by minute, from some days before `first` to some days after `last`."""

    def __init__(self, name: str, first: date, last: date) -> None:
        here = zone(name)
        start = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=_DAYS_AROUND)
        self.epoch = int(start.timestamp()) // 60
        count = ((last - first).days + 1 + 2 * _DAYS_AROUND) * DAY
        self.shown: list[int] = []
        """Of each minute what the wall shows: days * 1440 + minutes of the day."""
        for minute in range(self.epoch, self.epoch + count):
            local = datetime.fromtimestamp(minute * 60, here)
            self.shown.append(local.toordinal() * DAY + local.hour * 60 + local.minute)
        self.firsts: dict[int, int] = {}
        self.lasts: dict[int, int] = {}
        for number, shown in enumerate(self.shown):
            self.firsts.setdefault(shown, number)
            self.lasts[shown] = number

    def minute_of(self, shown: int, desk: Desk) -> int:
        """The minute that is meant by a time on the wall."""
        if shown in self.firsts:
            return (self.firsts if desk.repeated == "first" else self.lasts)[shown]
        before = next(at for at in range(len(self.shown) - 1) if self.shown[at] < shown < self.shown[at + 1])
        gap = self.shown[before + 1] - self.shown[before] - 1
        return self.firsts[shown + gap if desk.skipped == "before" else shown - gap]


class Walk:
    """Every minute of a desk: open, or not."""

    def __init__(self, desk: Desk, wall: Wall) -> None:
        self.epoch = wall.epoch
        self.open = bytearray(len(wall.shown))
        self.days: dict[date, tuple[tuple[int, int], ...]] = {}
        """Working day -> its hours, as minutes."""
        self.wall = wall
        dates = {shown // DAY for shown in wall.shown}
        for ordinal in range(desk.first.toordinal(), desk.last.toordinal() + 1):
            if ordinal not in dates:
                continue  # nobody ever saw this day on the wall
            day = date.fromordinal(ordinal)
            spans = [
                (wall.minute_of(ordinal * DAY + start, desk), wall.minute_of(ordinal * DAY + end, desk))
                for start, end in desk.hours_on(day)
            ]
            spans = [(start, end) for start, end in spans if start < end]
            for start, end in spans:
                self.open[start:end] = b"\x01" * (end - start)
            if spans:
                self.days[day] = tuple(sorted(spans))
        self.floor = wall.minute_of(desk.first.toordinal() * DAY, desk) * _MINUTE
        self.ceiling = wall.minute_of((desk.last.toordinal() + 1) * DAY, desk) * _MINUTE

    def at(self, moment: datetime) -> int:
        """An instant as microseconds of the walk."""
        since = moment - datetime(1970, 1, 1, tzinfo=UTC)
        whole = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
        return whole - self.epoch * _MINUTE

    def moment(self, at: int) -> datetime:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at + self.epoch * _MINUTE)

    def between(self, start: datetime, end: datetime) -> timedelta:
        first, last = self.at(start), self.at(end)
        if last < first:
            return -self.between(end, start)
        minute, until = first // _MINUTE, last // _MINUTE
        whole = sum(self.open[minute:until]) * _MINUTE
        begun = self.open[minute] * (first % _MINUTE)
        left = self.open[until] * (last % _MINUTE)
        return timedelta(microseconds=whole - begun + left)

    def add(self, start: datetime, open_time: timedelta) -> datetime | None:
        """None: beyond what the desk covers."""
        at, left = self.at(start), open_time // timedelta(microseconds=1)
        while left:
            if at >= self.ceiling and not any(self.open[at // _MINUTE :]):
                return None
            step = _MINUTE - at % _MINUTE
            if self.open[at // _MINUTE]:
                step = min(step, left)
                left -= step
            at += step
        return self.moment(at)

    def is_open(self, at: datetime) -> bool:
        return bool(self.open[self.at(at) // _MINUTE])

    def next_open(self, at: datetime) -> datetime | None:
        number = self.at(at)
        if self.open[number // _MINUTE]:
            return at
        minute = self.open.find(1, number // _MINUTE)
        return None if minute < 0 else self.moment(minute * _MINUTE)

    def end_of_working_day(self, start: datetime, count: int) -> datetime | None:
        at = self.at(start) / _MINUTE
        day = date.fromordinal(self.wall.shown[int(at)] // DAY)
        eve = day - timedelta(days=1)
        begun = any(first <= at for first, _ in self.days.get(day, ()))
        if not begun and any(first <= at < last for first, last in self.days.get(eve, ())):
            day = eve
        later = [one for one in sorted(self.days) if one > day]
        if len(later) < count:
            return None
        return self.moment(max(end for _, end in self.days[later[count - 1]]) * _MINUTE)


def changes(name: str, first: int, last: int) -> Iterator[datetime]:
    """Every instant from one year to another at which the clocks of a zone change, to the minute."""
    here = zone(name)
    at = datetime(first, 1, 1, tzinfo=UTC)
    end = datetime(last + 1, 1, 1, tzinfo=UTC)
    while at < end:
        then = at + timedelta(hours=12)
        if at.astimezone(here).utcoffset() != then.astimezone(here).utcoffset():
            minute = at
            while minute.astimezone(here).utcoffset() == at.astimezone(here).utcoffset():
                minute += timedelta(minutes=1)
            yield minute
        at = then
