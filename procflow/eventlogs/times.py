"""Moments as a log writes them, each spelling parsed once."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from procflow.calendars.zones import zone_of
from procflow.errors import CalendarError, EventLogError

_MOST_REMEMBERED = 200_000
_TIME_OF_DAY = re.compile(r"%[HIMSXcfspz]")
_SAMPLE = datetime(2024, 2, 29, 13, 14, 15, tzinfo=UTC)


class TimeReader:
    """Reads the moments of one column; remembers what it has read, for logs repeat their times."""

    __slots__ = ("_format", "_known", "_unsure", "_zone", "days", "doubtful", "doubts", "twice", "zone")

    def __init__(self, *, format: str | None, zone: str) -> None:
        """`format` as `datetime.strptime` reads it, None for ISO 8601; `zone` for values without an offset.

        Raises EventLogError if either is not known.
        """
        self._format = _checked_format(format)
        self._zone = _zone_named(zone)
        self._known: dict[str, datetime | None] = {}
        self._unsure: set[str] = set()
        self.zone = zone
        self.doubts = 0
        """How many moments were read that the clock there showed twice, or never."""
        self.doubtful = ""
        """The first of them, as it is written."""
        self.twice = False
        """That one was shown twice."""
        self.days = format is not None and _TIME_OF_DAY.search(format) is None
        """The format has no time of day: the column holds days, not moments."""

    def read(self, text: str) -> datetime | None:
        """Return the moment in UTC; None if the text is none."""
        try:
            at = self._known[text]
        except KeyError:
            pass
        else:
            if self._unsure and text in self._unsure:
                self.doubts += 1
            return at
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        at = self._known[text] = self._parsed(text)
        return at

    def iso(self, text: str) -> str:
        """Return the moment as ISO 8601 in UTC (a day as a date); what is no moment stays as it is, for the judge."""
        if self.days:
            return self._day(text)
        at = self.read(text)
        return text if at is None else at.isoformat().replace("+00:00", "Z")

    def _day(self, text: str) -> str:
        try:
            return datetime.strptime(text, self._format or "").date().isoformat()
        except ValueError:
            return text

    def _parsed(self, text: str) -> datetime | None:
        try:
            at = datetime.strptime(text, self._format) if self._format else datetime.fromisoformat(text)
            if at.tzinfo is None:
                at = at.replace(tzinfo=self._zone)
                self._doubt(text, at)
            return at.astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    def _doubt(self, text: str, at: datetime) -> None:
        """Note a moment that a change of clocks skips or repeats. It is read as RFC 5545 says."""
        first, second = at.utcoffset(), at.replace(fold=1).utcoffset()
        if first == second or first is None or second is None:
            return
        self._unsure.add(text)
        if not self.doubts:
            self.doubtful, self.twice = text, first > second
        self.doubts += 1


def _checked_format(format: str | None) -> str | None:
    if format is None:
        return None
    try:
        datetime.strptime(_SAMPLE.strftime(format), format)
    except (ValueError, re.error) as bad:
        raise EventLogError(
            f"{format!r} is not a format of times: {bad}", hint='Write it as in `format: "%d/%m/%Y %H:%M"`.'
        ) from bad
    return format


def _zone_named(zone: str) -> ZoneInfo:
    try:
        return zone_of(zone)
    except CalendarError as unknown:
        raise EventLogError(
            f"{zone!r} is not a time zone", hint="Write an IANA name such as `Europe/Bucharest`."
        ) from unknown
