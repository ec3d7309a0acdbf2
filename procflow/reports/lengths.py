"""Lengths of time for people: `2 h 05 min`, `3 d 04 h`. Nothing is rounded away that the reader could miss."""

from __future__ import annotations

from datetime import timedelta

_SECOND = timedelta(seconds=1)
_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def length_of(length: timedelta, *, working: bool = False) -> str:
    """Return a length to the second, negative ones with a sign.

    Working time has no days: how many hours a day has, the calendar says.
    """
    seconds = abs(length) // _SECOND
    if length < timedelta(0):
        return f"−{length_of(-length, working=working)}"
    days, rest = (0, seconds) if working else divmod(seconds, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    parts = [(f"{days:,}", "d"), (f"{hours:,}", "h"), (f"{minutes}", "min"), (f"{rest}", "s")]
    given = [at for at, (count, _) in enumerate(parts) if count != "0"]
    if not given:
        return "0 min"
    first, last = given[0], given[-1]
    shown = [parts[first], *((count.zfill(2), unit) for count, unit in parts[first + 1 : last + 1])]
    return " ".join(f"{count} {unit}" for count, unit in shown)


def clocked(length: timedelta, *, working: bool = False) -> str:
    """Return a length for a column of a table, to the minute: `31:05`, `9d 05:00`; less than a minute is `<0:01`."""
    minutes = abs(length) // timedelta(minutes=1)
    if not minutes and length:
        return "<0:01"
    days, rest = (0, minutes) if working else divmod(minutes, 24 * 60)
    hours, rest = divmod(rest, 60)
    sign = "−" if length < timedelta(0) else ""
    return f"{sign}{f'{days:,}d ' if days else ''}{hours:02d}:{rest:02d}" if days else f"{sign}{hours:,}:{rest:02d}"
