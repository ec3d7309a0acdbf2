"""Hours as people write them: `mon-fri`, `"09:00-17:00"`, `"22:00-06:00"`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType

from procflow.calendars.hours import MIDNIGHT, Window
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")
_DAYS = re.compile(r"([a-z]{3})(?:-([a-z]{3}))?")


def read_hours(node: Node, notebook: Notebook) -> Mapping[int, tuple[Window, ...]]:
    """Return the hours of a week: weekday, 0 for Monday -> windows in order; a day off is not among them."""
    found: dict[int, tuple[Window, ...]] = {}
    named: dict[int, str] = {}
    for name, entry in node.items():
        for day in weekdays_of(name):
            if day in named:
                message = f"`{WEEKDAYS[day]}` has hours twice: `{named[day]}` names it, too"
                notebook.note("PF642", message, entry.key_where, "name each day once, as in mon-thu and fri")
                continue
            named[day] = name
            found[day] = ()
        windows = read_windows(entry, notebook)
        found |= {day: windows for day in weekdays_of(name) if named.get(day) == name}
    _tell_reaching(found, node, notebook)
    return MappingProxyType({day: found[day] for day in sorted(found) if found[day]})


def weekdays_of(name: str) -> tuple[int, ...]:
    """Return the weekdays of `mon`, `mon-fri` or `sat-wed`, 0 for Monday; () if it names none."""
    found = _DAYS.fullmatch(name)
    if found is None or found[1] not in WEEKDAYS or (found[2] or found[1]) not in WEEKDAYS:
        return ()
    first = WEEKDAYS.index(found[1])
    count = (WEEKDAYS.index(found[2]) - first) % 7 if found[2] else 0
    return tuple((first + step) % 7 for step in range(count + 1))


def read_windows(node: Node, notebook: Notebook) -> tuple[Window, ...]:
    """Return the windows of a day in order; those that cannot be are told, and left out."""
    found: list[tuple[Window, Node]] = []
    for entry in node.entries():
        window = _window(entry, notebook)
        if window is not None:
            found.append((window, entry))
    found.sort(key=lambda one: one[0])
    for (before, _), (after, entry) in pairwise(found):
        if after.start < before.end:
            message = f"the hours {shown(after)} overlap with {shown(before)}: what is in both counts once"
            notebook.note("PF643", message, entry.where, "let one begin where the other ends, or write them as one")
    return tuple(window for window, _ in found)


def shown(window: Window) -> str:
    """Return a window as people write it."""
    return f"{_clock(window.start)}-{_clock(window.end)}"


def _clock(minute: int) -> str:
    at = minute if minute <= MIDNIGHT else minute - MIDNIGHT
    return f"{at // 60:02}:{at % 60:02}"


def _window(node: Node, notebook: Notebook) -> Window | None:
    found = _WINDOW.fullmatch(node.text)
    if found is None:
        return None
    hour, minute, last_hour, last_minute = map(int, found.groups())
    start, end = hour * 60 + minute, last_hour * 60 + last_minute
    if max(start, end) > MIDNIGHT or start == MIDNIGHT or max(minute, last_minute) >= 60:
        return None
    if start == end or (not start and not end):
        whole = "for the whole day write 00:00-24:00" if not start else "let them end later than they begin"
        notebook.note("PF642", f"the hours {node.text} have no length", node.where, whole)
        return None
    return Window(start, end if end > start else end + MIDNIGHT)


def _tell_reaching(hours: Mapping[int, tuple[Window, ...]], node: Node, notebook: Notebook) -> None:
    """Write down where a night reaches into hours of the next day."""
    for day, windows in hours.items():
        after = hours.get((day + 1) % 7, ())
        reach = max((one.end - MIDNIGHT for one in windows), default=0)
        if after and reach > after[0].start:
            late = max(windows, key=lambda one: one.end)
            message = (
                f"the hours {shown(late)} of `{WEEKDAYS[day]}` reach into those of `{WEEKDAYS[(day + 1) % 7]}`, "
                f"{shown(after[0])}: what is in both counts once"
            )
            notebook.note("PF643", message, node.key_where, "let one begin where the other ends")
            return
