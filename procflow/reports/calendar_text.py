"""A calendar for people: a month as a grid, a year in twelve lines, and which days a length of time is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from procflow.calendars.calendar import Calendar
from procflow.calendars.hours import MIDNIGHT, Day, Opening, Window
from procflow.calendars.zones import zone_of
from procflow.reports.paper import BLANK, Column, Ink, Line, Mark, faint, line, padded, prose, strong, table, visible

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAY = timedelta(days=1)
_CELL = 11
"""As wide as `09:00-17:00`."""
_ROWS_SHOWN = 14
"""How many days of a long stretch are told before those in the middle are left out."""


def head_lines(calendar: Calendar, cells: int, *, facts: Sequence[tuple[str, str]] = ()) -> Iterator[Line]:
    """Yield what a calendar is: its zone, what it covers, its hours, and `facts` of whoever knows more."""
    title = next(iter(calendar.title.values()), "")
    yield line(strong(visible(calendar.id)), visible(f"  {title}" if title else ""))
    yield from prose(calendar.zone, cells, indent=2, label="zone      ")
    if calendar.always:
        yield from prose("open without a break", cells, indent=2, label="hours     ")
    else:
        yield from prose(f"{calendar.first} to {calendar.last}", cells, indent=2, label="covers    ")
        for regime in calendar.regimes:
            ends = [f"from {regime.first}" if regime.first else "", f"to {regime.last}" if regime.last else ""]
            when = " ".join(one for one in ends if one)
            told = week_told(regime.hours)
            yield from prose(f"{when}: {told}" if when else told, cells, indent=2, label="hours     ")
    for name, value in facts:
        yield from prose(value, cells, indent=2, label=padded(name, 10))
    yield from prose(f"sha256:{calendar.digest}", cells, indent=2, label="digest    ", mark=Mark.FAINT)


def week_told(hours: Mapping[int, tuple[Window, ...]]) -> str:
    """Return the hours of a week in one line: `Mon-Fri 09:00-17:00, Sat 09:00-13:00`."""
    found: list[tuple[int, int, tuple[Window, ...]]] = []
    for day in range(7):
        windows = hours.get(day, ())
        if windows and found and found[-1][1] == day - 1 and found[-1][2] == windows:
            found[-1] = (found[-1][0], day, windows)
        elif windows:
            found.append((day, day, windows))
    if len(found) > 1 and found[0][0] == 0 and found[-1][1] == len(WEEKDAYS) - 1 and found[0][2] == found[-1][2]:
        # A week that begins on Saturday is told as one stretch.
        found = [(found[-1][0], found[0][1], found[0][2]), *found[1:-1]]
    return ", ".join(
        f"{WEEKDAYS[first]}{f'-{WEEKDAYS[last]}' if last != first else ''} {' '.join(map(window_told, windows))}"
        for first, last, windows in found
    )


def window_told(window: Window) -> str:
    """Return hours as people write them."""
    end = window.end if window.end <= MIDNIGHT else window.end - MIDNIGHT
    return f"{window.start // 60:02}:{window.start % 60:02}-{end // 60:02}:{end % 60:02}"


def length_told(length: timedelta) -> str:
    """Return a length of time exactly, in hours, minutes and seconds: `40 h`, `7 h 30 min`."""
    seconds = abs(length) // timedelta(seconds=1)
    rest = abs(length) - timedelta(seconds=seconds)
    parts = [(seconds // 3600, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    told = [f"{count} {unit}" for count, unit in parts if count]
    if rest:
        told.append(f"{rest // timedelta(microseconds=1)} µs")
    return ("-" if length < timedelta(0) else "") + (" ".join(told) or "0 min")


def moment_told(at: datetime, calendar: Calendar) -> str:
    """Return an instant as the clock on the wall shows it there: `Fri 2026-11-27 16:00 +02:00`."""
    local = at.astimezone(zone_of(calendar.zone))
    seconds = f"{local:%H:%M:%S}" if local.second or local.microsecond else f"{local:%H:%M}"
    offset = f"{local:%z}"
    return f"{WEEKDAYS[local.weekday()]} {local:%Y-%m-%d} {seconds} {offset[:3]}:{offset[3:5]}"


# --- a month -------------------------------------------------------------------------------------------------------


def month_lines(calendar: Calendar, month: date, cells: int) -> Iterator[Line]:
    """Yield a month as a grid, what differs in it by name, and what it comes to. `month` is its first day."""
    days = _days_of(month)
    first = _first_of_week(calendar, month)
    yield line(strong(f"{MONTHS[month.month - 1]} {month.year}"), faint(f"   {calendar.id}, {calendar.zone}"))
    yield BLANK
    order = [(first + step) % 7 for step in range(7)]
    yield line("  ", faint("  ".join(padded(WEEKDAYS[day], _CELL) for day in order).rstrip()))
    lead = (days[0].weekday() - first) % 7
    squares: list[date | None] = [*([None] * lead), *days]
    squares += [None] * (-len(squares) % 7)
    for start in range(0, len(squares), 7):
        yield from _week(calendar, squares[start : start + 7])
    yield BLANK
    yield from _differing(calendar, days, cells)
    yield line(f"  {_sum(calendar, days)}")


def _week(calendar: Calendar, days: Sequence[date | None]) -> Iterator[Line]:
    """Yield the lines of one week: the numbers of the days, and under each its hours."""
    squares = [_square(calendar, day) for day in days]
    yield line("  ", strong("  ".join(padded(f"{day.day:>2}" if day else "", _CELL) for day in days).rstrip()))
    for row in range(max(len(one) for one in squares)):
        inks: list[Ink] = []
        for square in squares:
            text, mark = square[row] if row < len(square) else ("", Mark.PLAIN)
            inks.append(Ink(padded(text, _CELL + 2), mark))
        yield line("  ", *inks)


def _square(calendar: Calendar, day: date | None) -> list[tuple[str, Mark]]:
    if day is None:
        return []
    if not calendar.first <= day <= calendar.last:
        return [("?", Mark.DOUBTFUL)]
    windows = calendar.windows_on(day)
    special = calendar.days.get(day)
    if not windows:
        return [("off", Mark.BAD)] if special is not None else [("-", Mark.FAINT)]
    mark = Mark.NOTE if special is not None else Mark.PLAIN
    return [(window_told(one), mark) for one in windows]


def _first_of_week(calendar: Calendar, month: date) -> int:
    """Return the weekday a week begins with: the first that is worked after one that is not; Monday if none is."""
    hours = calendar.week_on(month)
    if 0 in hours and 6 not in hours:
        return 0
    return next((day for day in range(7) if day in hours and (day - 1) % 7 not in hours), 0)


def _differing(calendar: Calendar, days: Sequence[date], cells: int) -> Iterator[Line]:
    """Yield the days that are not as their week, and those on which the clocks change."""
    some = False
    sources: dict[str, None] = {}
    for day in days:
        special = calendar.days.get(day)
        if special is not None:
            some = True
            sources |= {special.source: None} if special.source else {}
            yield from prose(_named(special), cells, indent=2, label=f"{WEEKDAYS[day.weekday()]} {day.day:>2}  ")
        change = _clock_change(calendar, day)
        if change:
            some = True
            yield from prose(change, cells, indent=2, label=f"{WEEKDAYS[day.weekday()]} {day.day:>2}  ", mark=Mark.NOTE)
    if sources:
        yield from prose(f"from {', '.join(sources)}", cells, indent=2, mark=Mark.FAINT)
    if some:
        yield BLANK


def _named(special: Day) -> str:
    what = " ".join(map(window_told, special.windows)) or "off"
    return ", ".join(one for one in (what, special.name) if one)


def _clock_change(calendar: Calendar, day: date) -> str:
    """Return what the clocks do on a day; "" if they do nothing."""
    zone = zone_of(calendar.zone)
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    change = (midnight + _DAY).utcoffset(), midnight.utcoffset()
    if change[0] is None or change[1] is None or change[0] == change[1]:
        return ""
    ahead = change[0] - change[1]
    way = "forward" if ahead > timedelta(0) else "back"
    return f"the clocks go {way} by {length_told(abs(ahead))}: the day has {length_told(_DAY - ahead)}"


def _sum(calendar: Calendar, days: Sequence[date]) -> str:
    inside = [day for day in days if calendar.first <= day <= calendar.last]
    if not inside:
        return "the calendar does not cover this month"
    working = sum(1 for day in inside if calendar.windows_on(day))
    total = sum((calendar.open_on(day) for day in inside), timedelta(0))
    partly = "" if len(inside) == len(days) else f" (of {len(inside)} days covered)"
    return f"{working} working days, {length_told(total)} open{partly}"


# --- a year --------------------------------------------------------------------------------------------------------


def year_lines(calendar: Calendar, year: int, cells: int) -> Iterator[Line]:
    """Yield a year: each month with its working days and open hours, and the days that are not as their week."""
    yield line(strong(str(year)), faint(f"   {calendar.id}, {calendar.zone}"))
    columns = (
        Column(head="month"),
        Column(head="working days", right=True),
        Column(head="open", right=True),
        Column(head="days off and days that differ", rest=True),
    )
    rows = [_month_row(calendar, date(year, month, 1)) for month in range(1, 13)]
    yield from table(columns, rows, cells)
    days = [day for month in range(1, 13) for day in _days_of(date(year, month, 1))]
    yield line(f"  {_sum(calendar, days)}")


def _month_row(calendar: Calendar, month: date) -> tuple[str, str, str, str]:
    days = [day for day in _days_of(month) if calendar.first <= day <= calendar.last]
    if not days:
        return MONTHS[month.month - 1], "?", "?", "not covered"
    working = sum(1 for day in days if calendar.windows_on(day))
    total = sum((calendar.open_on(day) for day in days), timedelta(0))
    # On a day that is closed anyway a holiday changes nothing.
    runs: list[tuple[int, int, str]] = []
    for day in days:
        special = calendar.days.get(day)
        if special is None or special.windows == calendar.week_on(day).get(day.weekday(), ()):
            continue
        if runs and runs[-1][1:] == (day.day - 1, special.name):
            runs[-1] = (runs[-1][0], day.day, special.name)
        else:
            runs.append((day.day, day.day, special.name))
    told = [f"{first}{f'-{last}' if last != first else ''} {name}".rstrip() for first, last, name in runs]
    return MONTHS[month.month - 1], str(working), length_told(total), ", ".join(told)


def _days_of(month: date) -> list[date]:
    following = (month.replace(day=28) + 4 * _DAY).replace(day=1)
    return [month + step * _DAY for step in range((following - month).days)]


# --- a length of time ----------------------------------------------------------------------------------------------


def openings_lines(calendar: Calendar, start: datetime, end: datetime, cells: int) -> Iterator[Line]:
    """Yield which open hours lie between two instants, and which days in between are off, with their names."""
    rows = list(_rows(calendar, start, end))
    shown: Iterable[tuple[str, str, str]] = rows
    if len(rows) > _ROWS_SHOWN:
        half = _ROWS_SHOWN // 2
        shown = [*rows[:half], ("...", f"{len(rows) - 2 * half} more days", ""), *rows[-half:]]
    columns = (Column(head="day"), Column(head="open", rest=True), Column(head="counts", right=True))
    yield from table(columns, list(shown), cells)


def _rows(calendar: Calendar, start: datetime, end: datetime) -> Iterator[tuple[str, str, str]]:
    by_day: dict[date, list[Opening]] = {}
    for one in calendar.openings(start, end):
        by_day.setdefault(one.day, []).append(one)
    if calendar.always:
        return
    zone = zone_of(calendar.zone)
    first, last = (one.astimezone(zone).date() for one in (start, end))
    first = min([first, *by_day])
    for step in range((last - first).days + 1):
        day = first + step * _DAY
        openings = by_day.get(day, [])
        special = calendar.days.get(day)
        if not openings and (special is None or not special.name or special.windows):
            continue
        told = " ".join(f"{one.start.astimezone(zone):%H:%M}-{_end(one, zone)}" for one in openings) or "off"
        name = f"  {special.name}" if special is not None and special.name else ""
        total = sum((one.end - one.start for one in openings), timedelta(0))
        yield f"{WEEKDAYS[day.weekday()]} {day}", told + name, length_told(total) if openings else ""


def _end(opening: Opening, zone: ZoneInfo) -> str:
    local = opening.end.astimezone(zone)
    midnight = (local.hour, local.minute) == (0, 0)
    return "24:00" if midnight else f"{local:%H:%M}"
