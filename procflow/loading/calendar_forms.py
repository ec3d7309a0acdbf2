"""What somebody meant who wrote hours or days of a calendar in another form."""

from __future__ import annotations

import re

from procflow.loading.calendar_hours import WEEKDAYS

_WINDOW = re.compile(r"(\d{1,2})[:.h]?(\d{2})?\s*(?:-|–|—|\bto\b)\s*(\d{1,2})[:.h]?(\d{2})?")
_LAST_HOUR = 24
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = re.compile(r"([A-Za-z]+)\s*(?:(?:-|–|—|\bto\b)\s*([A-Za-z]+))?")


def hours_meant(text: str) -> str | None:
    """Return hours as they are written here for `9-17`, `9:00 - 17:00` or `09.00–17.00`; None if nobody knows."""
    found = _WINDOW.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, last_hour, last_minute = (int(one or 0) for one in found.groups())
    if max(hour, last_hour) > _LAST_HOUR or max(minute, last_minute) > 59:
        return None
    return f"{hour:02}:{minute:02}-{last_hour:02}:{last_minute:02}"


def weekdays_meant(text: str) -> str | None:
    """Return days of the week as they are written here for `Monday`, `Mon-Fri` or `mon to fri`; None if nobody knows."""
    found = _DAYS.fullmatch(text.strip())
    if found is None:
        return None
    days = [_weekday(one) for one in found.groups() if one]
    return "-".join(one for one in days if one) if all(days) else None


def _weekday(word: str) -> str | None:
    low = word.lower()
    return next(
        (day for day, name in zip(WEEKDAYS, _NAMES, strict=True) if len(low) > 2 and name.startswith(low)), None
    )
