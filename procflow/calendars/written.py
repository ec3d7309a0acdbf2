"""A calendar as one line of text and back: the form in which stores keep it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from types import MappingProxyType
from typing import Any

from procflow.calendars.book import CalendarSet
from procflow.calendars.calendar import NO_CALENDARS, Calendar
from procflow.calendars.hours import MIDNIGHT, Day, Regime, Window
from procflow.calendars.meaning import canonical, meaning_of
from procflow.calendars.zones import zone_of
from procflow.errors import CalendarError

_DAYS_OF_A_WEEK = 7


def calendar_text(calendar: Calendar) -> str:
    """Return a calendar as one line of JSON, with its title and the names of its days. Equal calendars give one text."""
    kept: dict[str, Any] = {**meaning_of(calendar), "title": dict(calendar.title)}
    if not calendar.always:
        kept["names"] = {
            day.isoformat(): [one.name, one.source] for day, one in calendar.days.items() if one.name or one.source
        }
    return canonical(kept)


def calendar_of(text: str) -> Calendar:
    """Return the calendar of a text that `calendar_text` made. Raises CalendarError for any other."""
    try:
        return _calendar(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CalendarError("the text holds no calendar", hint="restore it from a copy of the store") from error


def calendars_text(calendars: CalendarSet) -> str:
    """Return a set as JSON, a calendar a line; `24x7`, which every set has, is left out."""
    own = sorted(one for one in calendars.calendars if one not in NO_CALENDARS)
    return "[" + ",\n".join(calendar_text(calendars[one]) for one in own) + "]"


def calendars_of(text: str) -> CalendarSet:
    """Return the set of a text that `calendars_text` made. Raises CalendarError for any other."""
    try:
        return CalendarSet(_calendar(one) for one in json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CalendarError("the text holds no calendars", hint="restore it from a copy of the store") from error


def _calendar(kept: Any) -> Calendar:
    id, zone = kept["calendar"], kept["zone"]
    if not (isinstance(id, str) and isinstance(zone, str)):
        raise TypeError("an id and a zone are texts")
    zone_of(zone)
    title = MappingProxyType({str(language): str(words) for language, words in kept["title"].items()})
    if kept.get("always") is True:
        return Calendar(id=id, zone=zone, always=True, title=title)
    names = kept["names"]
    first, last = map(date.fromisoformat, kept["covers"])
    days = {
        date.fromisoformat(day): Day(
            windows=_windows(windows), name=names.get(day, ["", ""])[0], source=names.get(day, ["", ""])[1]
        )
        for day, windows in kept["days"].items()
    }
    return Calendar(
        id=id,
        zone=zone,
        regimes=tuple(_regime(one) for one in kept["regimes"]),
        days=MappingProxyType(days),
        first=first,
        last=last,
        after_gap={"before": False, "after": True}[kept["skipped"]],
        second={"first": False, "second": True}[kept["repeated"]],
        title=title,
    )


def _regime(kept: Any) -> Regime:
    first, last = (date.fromisoformat(kept[end]) if kept[end] is not None else None for end in ("from", "to"))
    hours = {int(weekday): _windows(windows) for weekday, windows in kept["hours"].items()}
    if not all(0 <= weekday < _DAYS_OF_A_WEEK for weekday in hours):
        raise ValueError("a week has seven days")
    return Regime(first=first, last=last, hours=MappingProxyType(hours))


def _windows(kept: Iterable[Any]) -> tuple[Window, ...]:
    windows = tuple(Window(start, end) for start, end in kept)
    if not all(0 <= one.start < MIDNIGHT and one.start < one.end <= one.start + MIDNIGHT for one in windows):
        raise ValueError("a window begins on its day, and ends within a day")
    return windows
