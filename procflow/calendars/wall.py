"""What the clock on the wall shows in a zone, as instants; also where the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from procflow.calendars.hours import MIDNIGHT
from procflow.calendars.instants import count_of, micros

_DAY = timedelta(days=1)
_MINUTE = count_of(timedelta(minutes=1))


class WallClock:
    """Turns wall-clock times of one zone into instants, a day at a time."""

    def __init__(self, zone: ZoneInfo, *, after_gap: bool, second: bool) -> None:
        self._zone = zone
        self._after_gap = after_gap
        self._second = second
        self._midnights: dict[int, int | None] = {}

    def at(self, day: date, minute: int) -> int:
        """Return a time of day as microseconds since 1970; minutes of a day may reach into the next."""
        if minute >= MIDNIGHT:
            day, minute = day + _DAY, minute - MIDNIGHT
        ordinal = day.toordinal()
        if ordinal not in self._midnights:
            self._midnights[ordinal] = self._steady(day)
        midnight = self._midnights[ordinal]
        return self._exact(day, minute) if midnight is None else midnight + minute * _MINUTE

    def exists(self, day: date) -> bool:
        """Return False for a day that a zone left out, as Samoa did with 30 December 2011: nobody worked on it."""
        return self.is_steady(day) or self._read(day, 0, fold=0) < self._read(day + _DAY, 0, fold=0)

    def is_steady(self, day: date) -> bool:
        """Return True if no clock changes on the day, nor as it begins or ends."""
        self.at(day, 0)
        return self._midnights[day.toordinal()] is not None

    def _steady(self, day: date) -> int | None:
        """Return when a day begins on which no clock changes; None for any other."""
        start = datetime(day.year, day.month, day.day, tzinfo=self._zone)
        end = start + _DAY
        offset = start.utcoffset()
        if not (offset == end.utcoffset() == start.replace(fold=1).utcoffset() == end.replace(fold=1).utcoffset()):
            return None
        return micros(start)

    def _exact(self, day: date, minute: int) -> int:
        first, second = self._read(day, minute, fold=0), self._read(day, minute, fold=1)
        if first == second:
            return first
        # PEP 495: of a skipped time, fold=0 has the offset before the change, which is the smaller one, and so the later
        # instant; of a repeated one it is the first. RFC 5545 §3.3.5 reads both so.
        skipped = second < first
        return second if (self._after_gap if skipped else self._second) else first

    def _read(self, day: date, minute: int, *, fold: int) -> int:
        shown = datetime(day.year, day.month, day.day, minute // 60, minute % 60, fold=fold, tzinfo=self._zone)
        return micros(shown.astimezone(UTC))
