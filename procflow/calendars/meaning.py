"""What a calendar says as plain data: what its digest is over, and what is kept of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from procflow.calendars.calendar import Calendar
    from procflow.calendars.hours import Window


def meaning_of(calendar: Calendar) -> dict[str, Any]:
    """Return all that time is counted by, and nothing else: no titles, no names of holidays, no places in files."""
    if calendar.always:
        return {"calendar": calendar.id, "zone": calendar.zone, "always": True}
    return {
        "calendar": calendar.id,
        "zone": calendar.zone,
        "covers": [calendar.first.isoformat(), calendar.last.isoformat()],
        "regimes": [
            {
                "from": one.first.isoformat() if one.first else None,
                "to": one.last.isoformat() if one.last else None,
                "hours": _hours(one.hours),
            }
            for one in calendar.regimes
        ],
        "days": {day.isoformat(): _windows(one.windows) for day, one in sorted(calendar.days.items())},
        "skipped": "after" if calendar.after_gap else "before",
        "repeated": "second" if calendar.second else "first",
    }


def digest_of(calendar: Calendar) -> str:
    """Return the SHA-256 in hex over what the calendar means: two with the same one count alike."""
    return hashlib.sha256(canonical(meaning_of(calendar)).encode()).hexdigest()


def canonical(data: Any) -> str:
    """Return plain data of maps, lists, texts and whole numbers as the one JSON text it has."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _hours(hours: Mapping[int, tuple[Window, ...]]) -> dict[str, list[list[int]]]:
    return {str(weekday): _windows(windows) for weekday, windows in sorted(hours.items()) if windows}


def _windows(windows: Iterable[Window]) -> list[list[int]]:
    return [[one.start, one.end] for one in windows]
