"""What is odd about a calendar as a whole: days without hours of their own, months without work, an end that is near."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from procflow.calendars.calendar import Calendar
from procflow.errors import Finding
from procflow.loading.notebook import Notebook
from procflow.model.rules import finding

if TYPE_CHECKING:
    from procflow.loading.calendars import LoadedCalendar

_DAY = timedelta(days=1)
_MOST_TOLD = 10
_WITHIN_MONTHS = 3
_SOON = timedelta(days=60)


def tell_of_calendar(calendar: Calendar, notebook: Notebook) -> None:
    """Write down what the calendar says of no day, and when nobody works for a month or longer."""
    if calendar.always:
        return
    for regime in calendar.regimes:
        if (regime.first or date.min) > calendar.last or (regime.last or date.max) < calendar.first:
            message = f"these hours hold outside of what the calendar covers, {calendar.first} to {calendar.last}"
            notebook.note("PF646", message, regime.where, "remove them, or let `covers` reach them")
    gaps = list(_runs(day for day in _days(calendar) if not any(one.holds_on(day) for one in calendar.regimes)))
    for first, last in gaps[:_MOST_TOLD]:
        message = f"no hours hold from {first} to {last}: it counts as closed"
        notebook.note("PF644", message, calendar.where, "let `from` and `to` of `regimes` meet")
    for first, last in list(_idle(calendar, gaps))[:_MOST_TOLD]:
        when = f"in {first:%Y-%m}" if first == last else f"from {first:%Y-%m} to {last:%Y-%m}"
        notebook.note("PF645", f"nobody works {when}", calendar.where, "correct the hours, or the days off")


def _days(calendar: Calendar) -> Iterator[date]:
    return map(date.fromordinal, range(calendar.first.toordinal(), calendar.last.toordinal() + 1))


def _runs(days: Iterator[date]) -> Iterator[tuple[date, date]]:
    """Yield the first and last of each run of days that follow each other."""
    first = last = None
    for day in days:
        if first is None or last is None or day - last > _DAY:
            if first is not None and last is not None:
                yield first, last
            first = day
        last = day
    if first is not None and last is not None:
        yield first, last


def _idle(calendar: Calendar, gaps: list[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    """Yield the first and last month of each run of whole months without work; not those that no regime speaks of."""
    working = {(day.year, day.month) for day in _days(calendar) if calendar.windows_on(day)}
    told = {(day.year, day.month) for first, last in gaps for day in _months(first, last)}
    run: list[date] = []
    for month in _months(calendar.first, calendar.last):
        if (month.year, month.month) in working | told:
            if run:
                yield run[0], run[-1]
            run = []
        elif month >= calendar.first and _next(month) - _DAY <= calendar.last:
            run.append(month)
    if run:
        yield run[0], run[-1]


def _months(first: date, last: date) -> Iterator[date]:
    """Yield the first of each month from one day to another."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = _next(month)


def _next(month: date, count: int = 1) -> date:
    years, rest = divmod(month.month - 1 + count, 12)
    return date(month.year + years, rest + 1, 1)


def horizon_findings(loaded: LoadedCalendar, as_of: date) -> tuple[Finding, ...]:
    """Return what will soon be wrong with a calendar, as seen on a day: its end is near, or days are only reckoned."""
    calendar = loaded.calendar
    return (
        () if calendar is None or calendar.always else (*_ends(calendar, as_of), *_estimated(loaded, calendar, as_of))
    )


def _ends(calendar: Calendar, as_of: date) -> Iterator[Finding]:
    if calendar.last < as_of:
        message = f"the calendar ended on {calendar.last}, and cannot tell what is later"
    elif calendar.last < _next(as_of.replace(day=1), _WITHIN_MONTHS):
        # From 1 October on this asks for the next year.
        message = f"the calendar ends on {calendar.last}: what is due later cannot be reckoned"
    else:
        return
    hint = "import the holidays of the next year (procflow calendar import), and let `covers` reach it"
    yield finding("PF640", message, where=calendar.where, hint=hint)


def _estimated(loaded: LoadedCalendar, calendar: Calendar, as_of: date) -> Iterator[Finding]:
    for holidays in loaded.holidays:
        for day, one in holidays.days.items():
            near = as_of <= day <= as_of + _SOON and calendar.first <= day <= calendar.last
            if near and one.estimated and day not in loaded.own:
                message = f"{day} ({one.name}) is only reckoned: the moon may move it"
                hint = f"name it under `days:` when it is certain, as in {day}: {{ closed: {one.name} }}"
                yield finding("PF649", message, where=calendar.where, hint=hint)
