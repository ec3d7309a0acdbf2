"""`days:` of a calendar: half days, days off, extra working days; what their author says wins over everything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from procflow.calendars.calendar import Calendar
from procflow.calendars.hours import Day, Window
from procflow.loading.calendar_hours import WEEKDAYS, read_windows
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook

_DAY = timedelta(days=1)
_LONGEST = 366
"""Days one entry may name."""
_MOST = 20_000
"""Days all entries together may name."""
_SAYS = ("closed", "hours", "like")


def read_days(node: Node, plain: Calendar, off: Mapping[date, Day], notebook: Notebook) -> dict[date, Day]:
    """Return the days an author names, each with what becomes of it.

    `plain` is the calendar without any days, `off` are those of its holidays. A single day wins over a stretch of days
    it lies in.
    """
    found: dict[date, Day] = {}
    said: dict[date, tuple[str, bool]] = {}
    for name, entry in node.items():
        days = list(_days(entry, notebook))
        if len(found) + len(days) > _MOST:
            notebook.note("PF002", f"`days` names more than {_MOST} days", entry.key_where, "change the hours instead")
            return found
        read = _Entry(entry, plain, off, notebook)
        alone = len(days) == 1
        for day in days:
            before, was_alone = said.get(day, (None, False))
            if before is not None and was_alone == alone:
                message = f"{day} is in `{before}` already"
                notebook.note("PF647", message, entry.key_where, "let each day be in one stretch, or name it by itself")
                break
            if before is None or alone:
                said[day] = name, alone
                found[day] = read.on(day)
        if days and not notebook.has_errors:
            read.tell_idle(days)
    return found


def _days(node: Node, notebook: Notebook) -> Iterator[date]:
    """Yield the days of a key as `2026-12-24` or `2026-12-28..2027-01-03`."""
    ends = [day_of(one, node, notebook) for one in node.name.split("..")]
    first, last = ends[0], ends[-1]
    if first is None or last is None or len(ends) > len(("from", "to")):
        return
    if last < first:
        notebook.note("PF647", f"`{node.name}` ends before it begins", node.key_where, "write the earlier day first")
    elif (last - first).days >= _LONGEST:
        hint = "hours that hold so long are one of `regimes`"
        notebook.note("PF647", f"`{node.name}` is longer than a year", node.key_where, hint)
    else:
        yield from (first + step * _DAY for step in range((last - first).days + 1))


def day_of(text: str, node: Node, notebook: Notebook) -> date | None:
    """Return a day that is, or is part of, a key; what looks like one and is none of the calendar is written down."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-12-24") and text[4] == "-" else None
    except ValueError:
        if text.replace("-", "").isdigit():
            notebook.note("PF106", f"`{text}` is not a day of the calendar", node.key_where, "write it as 2026-11-01")
        return None


class _Entry:
    """One entry of `days:`."""

    def __init__(self, node: Node, plain: Calendar, off: Mapping[date, Day], notebook: Notebook) -> None:
        self.node = node
        self.plain = plain
        self.off = off
        self.notebook = notebook
        self.windows: tuple[Window, ...] = read_windows(node.get("hours"), notebook)
        self.like = node.get("like").text
        self.name = node.get("name").text or node.get("closed").text
        said = [one for one in _SAYS if node.has(one)]
        if node.is_map and len(said) != 1:
            hint = 'write closed: Christmas, or hours: ["09:00-13:00"], or like: mon'
            message = f"`{node.name}` says both `{said[0]}` and `{said[1]}`" if said else f"`{node.name}` says no hours"
            notebook.note("PF647", message, node.key_where, hint)
        if node.has("closed") and node.has("name"):
            notebook.note("PF110", "`name` beside `closed`: both say why", node.get("name").key_where, "remove `name`")

    def on(self, day: date) -> Day:
        """Return what becomes of a day."""
        windows = self.windows
        if self.like in WEEKDAYS:
            windows = self.plain.week_on(day).get(WEEKDAYS.index(self.like), ())
        return Day(windows=windows, name=self.name, where=self.node.whole)

    def tell_idle(self, days: list[date]) -> None:
        """Write down that nothing changes by what is said here, or that nobody ever asks."""
        where, key = self.node.key_where, self.node.name
        inside = [day for day in days if self.plain.first <= day <= self.plain.last]
        if not inside:
            message = f"`{key}` lies outside of what the calendar covers, {self.plain.first} to {self.plain.last}"
            self.notebook.note("PF646", message, where, "remove it, or let `covers` reach it")
        elif all(day not in self.off and self.on(day).windows == self.plain.windows_on(day) for day in inside):
            closed = not self.on(inside[0]).windows
            what = "is closed anyway" if closed else "has these hours anyway"
            self.notebook.note("PF646", f"{_named(days)} {what}", where, "remove it, or correct the day")


def _named(days: list[date]) -> str:
    """Return days as people say them, with the day of the week of a single one."""
    return f"{WEEKDAYS[days[0].weekday()]} {days[0]}" if len(days) == 1 else f"every day from {days[0]} to {days[-1]}"
