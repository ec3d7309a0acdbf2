"""The hours of calendars in words, and an example of time counted in them by the arithmetic that judges cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from procflow.calendars.calendar import ALWAYS, Calendar
from procflow.calendars.hours import Window
from procflow.calendars.length import Length
from procflow.calendars.zones import zone_of
from procflow.errors import CalendarError
from procflow.reports.document.parts import Id, Run
from procflow.reports.document.wording import Wording, run

_WEEK = 7
_LOOKED_THROUGH = 60
"""Days in which a working day is found before days off, if there is any."""


def hours_of(calendar: Calendar, on: date, wording: Wording) -> Run:
    """Return the weekly hours that hold on a day: `Monday–Friday 09:00–17:00`; () for a calendar without hours then."""
    week = [calendar.week_on(on).get(day, ()) for day in range(_WEEK)]
    told: list[Run] = []
    first = 0
    while first < _WEEK:
        last = first
        while last + 1 < _WEEK and week[last + 1] == week[first]:
            last += 1
        if week[first]:
            told.append((f"{_days(first, last, wording)} {_windows(week[first], wording)}",))
        first = last + 1
    return wording.listed(told)


def _days(first: int, last: int, wording: Wording) -> str:
    names = wording.language.weekday
    return names(first) if first == last else f"{names(first)}–{names(last)}"


def _windows(windows: tuple[Window, ...], wording: Wording) -> str:
    # A window that ends at midnight ends at 24:00; one that goes on ends the next day, which its hour tells.
    at = wording.language.clock_time
    day = 24 * 60
    return ", ".join(f"{at(one.start)}–{at(one.end if one.end <= day else one.end - day)}" for one in windows)


def called(calendar: Calendar, wording: Wording) -> Run:
    """Return what a calendar is called; its id if it has no title."""
    title = wording.written(calendar.title) if calendar.title else None
    return (title or Id(calendar.id),)


def example_of(length: Length, calendar: Calendar | None, start: datetime | None, wording: Wording) -> Run | None:
    """Return when something begins and when a length that begins then is over; None if the calendar cannot tell.

    Without `start` it begins in the afternoon of the last working day of a week, once the procedure is in force.
    """
    if calendar is None:
        return None
    begun = _afternoon(calendar, wording.procedure.effective_from) if start is None else start
    try:
        due = None if begun is None else calendar.after(begun, length)
    except CalendarError:
        return None
    if begun is None or due is None:
        return None
    zone = UTC if calendar is ALWAYS else zone_of(calendar.zone)
    moment = wording.language.moment
    told = wording.cut(
        "Example: begun on {start}, it is kept if it ends by {due}.",
        start=(moment(begun.astimezone(zone)),),
        due=(moment(due.astimezone(zone)),),
    )
    return run(told)


def _afternoon(calendar: Calendar, effective: date | None) -> datetime | None:
    """Return an hour before work ends on the first working day before a day off; None if there is no working day.

    If no day is off, on the first working day.
    """
    if calendar.always:
        day = effective or date(2027, 1, 1)
        return datetime.combine(day, time(16), UTC)
    first = max(effective or calendar.first, calendar.first)
    found: datetime | None = None
    for day in _days_from(first, calendar.last):
        windows, following = calendar.windows_on(day), calendar.windows_on(day + timedelta(days=1))
        if windows and (found is None or not following):
            # The hours of a night end on the next day.
            at = max(windows[-1].end - 60, windows[-1].start)
            midnight = datetime.combine(day + timedelta(days=at // 1440), time(at % 1440 // 60, at % 60))
            found = midnight.replace(tzinfo=zone_of(calendar.zone)).astimezone(UTC)
            if not following:
                break
    return found


def _days_from(first: date, last: date) -> Iterator[date]:
    for count in range(_LOOKED_THROUGH):
        day = first + timedelta(days=count)
        if day < last:
            yield day
