"""Calendars from their text: zone, hours, days that differ, and the files of holidays they stand on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from os import PathLike
from pathlib import Path
from types import MappingProxyType

from procflow.calendars.calendar import Calendar
from procflow.calendars.hours import Day, Regime
from procflow.errors import CalendarError, Finding, ProcflowError, errors_of
from procflow.loading.calendar_checks import tell_of_calendar
from procflow.loading.calendar_days import read_days
from procflow.loading.calendar_hours import read_hours
from procflow.loading.calendar_zones import read_zone
from procflow.loading.files import read_bytes, refused
from procflow.loading.header import read_approval
from procflow.loading.holidays import Holidays, read_holidays, read_span
from procflow.loading.ignores import read_ignores
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.loading.schema import check_shape
from procflow.loading.source import read_source
from procflow.loading.texts import read_date, read_text
from procflow.model.ignores import Ignore
from procflow.model.procedure import Approval

Beside = Callable[[str], bytes]
"""Gives the bytes of a file by its path from the folder of a calendar. Raises ProcflowError if there is none."""

_IS_CALENDAR = re.compile(r"^[\"']?calendar[\"']?\s*:", re.MULTILINE)
_IS_HOLIDAYS = re.compile(r"^[\"']?holidays[\"']?\s*:", re.MULTILINE)
_IS_ELSE = re.compile(r"^[\"']?(procflow|procedure|policies|roles|clocks|start|steps|case)[\"']?\s*:", re.MULTILINE)
"""A procedure names its calendar, too."""
_DAY = timedelta(days=1)
_ONLY_WITH_HOURS = ("covers", "hours", "regimes", "holidays", "days", "clock-changes")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedCalendar:
    """What reading a calendar gave."""

    calendar: Calendar | None
    """None if a finding is an error."""
    findings: tuple[Finding, ...]
    """In the order of the file, errors and warnings."""
    source: str
    """The text as it was read."""
    ignores: tuple[Ignore, ...] = ()
    """What comments set aside."""
    holidays: tuple[Holidays, ...] = ()
    """What it takes its days off from, in the order of the file."""
    own: frozenset[date] = frozenset()
    """The days its author named."""
    approval: Approval | None = None


def looks_like_calendar(text: str) -> bool:
    """Return True if a text looks like a calendar, sound or not."""
    return _IS_CALENDAR.search(text) is not None and _IS_ELSE.search(text) is None


def looks_like_holidays(text: str) -> bool:
    """Return True if a text looks like a file of holidays, sound or not."""
    return _IS_HOLIDAYS.search(text) is not None and not _IS_CALENDAR.search(text) and not _IS_ELSE.search(text)


def load_calendar(path: str | PathLike[str]) -> Calendar:
    """Return the calendar of a file. Raises CalendarError if it has errors, ProcflowError if it cannot be opened."""
    loaded = read_calendar(read_bytes(path), str(path))
    if loaded.calendar is None:
        raise refused(CalendarError, loaded.findings, path)
    return loaded.calendar


def read_calendar(text: bytes | str, file: str, beside: Beside | None = None) -> LoadedCalendar:
    """Return the calendar of a text and everything there is to say about it.

    `file` is the name used in places; holidays are read from its folder unless `beside` says otherwise.
    """
    source = read_source(text, file)
    notebook = Notebook(findings=list(source.findings))
    ignores: tuple[Ignore, ...] = ()
    if source.readable:
        ignores = read_ignores(source, notebook)
        check_shape("calendar", source, notebook)
    root = Node(source, (), source.data)
    if not root.is_map:
        return LoadedCalendar(calendar=None, findings=notebook.sorted(), source=source.text, ignores=ignores)
    calendar, holidays, own = _Reading(root, notebook, beside or _folder_of(file)).loaded()
    approval = read_approval(root.get("approved-by"), notebook)
    if not notebook.has_errors:
        tell_of_calendar(calendar, notebook)
    return LoadedCalendar(
        calendar=None if notebook.has_errors else calendar,
        findings=notebook.sorted(),
        source=source.text,
        ignores=ignores,
        holidays=holidays,
        own=own,
        approval=approval,
    )


def _folder_of(file: str) -> Beside:
    return lambda path: read_bytes(Path(file).parent / path)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One calendar that is being read."""

    root: Node
    notebook: Notebook
    beside: Beside

    def loaded(self) -> tuple[Calendar, tuple[Holidays, ...], frozenset[date]]:
        """Return the calendar, sound only if nothing was written down, its holidays, and the days its author named."""
        root = self.root
        calendar = Calendar(
            id=root.get("calendar").text,
            zone=read_zone(root.get("zone"), self.notebook),
            always=root.get("always").is_true,
            title=read_text(root.get("title")),
            where=root.get("calendar").whole,
        )
        if not calendar.always:
            return self._with_hours(calendar)
        for name in _ONLY_WITH_HOURS:
            if root.has(name):
                message = f"`{name}` beside `always: true`: nothing differs where it is always open"
                self.notebook.note("PF110", message, root.get(name).key_where, "remove one of the two")
        return calendar, (), frozenset()

    def _with_hours(self, empty: Calendar) -> tuple[Calendar, tuple[Holidays, ...], frozenset[date]]:
        span = self._span()
        changes = self.root.get("clock-changes")
        plain = replace(
            empty,
            regimes=self._regimes(),
            first=span[0],
            last=span[1],
            after_gap=changes.get("skipped").text == "after",
            second=changes.get("repeated").text == "second",
        )
        holidays = self._holidays(plain)
        off = {day: one for each in holidays for day, one in _differing(each, plain)}
        own = read_days(self.root.get("days"), plain, off, self.notebook)
        days = MappingProxyType(dict(sorted({**off, **own}.items())))
        return replace(plain, days=days), holidays, frozenset(own)

    def _span(self) -> tuple[date, date]:
        """Return what the calendar covers; all time if it does not say, or says it wrongly."""
        node = self.root.get("covers")
        if not self.root.has("covers"):
            hint = "write covers: 2026..2027, the years you have hours and holidays for; or always: true for 24x7"
            self.notebook.note("PF101", "the file has no `covers`", self.root.key_where, hint)
        return read_span(node, self.notebook) or (date.min, date.max)

    def _regimes(self) -> tuple[Regime, ...]:
        """Return the hours, short form or long."""
        short, long = self.root.get("hours"), self.root.get("regimes")
        if self.root.has("hours") and self.root.has("regimes"):
            hint = "write the hours of the whole time as the first of `regimes`, without `from` and `to`"
            self.notebook.note("PF110", "`hours` beside `regimes`: both say the hours of a week", short.key_where, hint)
        elif not self.root.has("hours") and not self.root.has("regimes"):
            hint = 'write hours: { mon-fri: "09:00-17:00" }, or always: true for 24x7'
            self.notebook.note("PF101", "the file has no `hours`", self.root.key_where, hint)
        if self.root.has("hours"):
            return (Regime(hours=read_hours(short, self.notebook), where=short.whole),)
        return tuple(self._regime(one) for one in long.entries() if one.is_map)

    def _regime(self, node: Node) -> Regime:
        first, last = (read_date(node.get(end), self.notebook) for end in ("from", "to"))
        if first is not None and last is not None and last < first:
            message = f"these hours end on {last}, before they begin"
            self.notebook.note("PF647", message, node.get("to").where, "write the earlier day after `from`")
        return Regime(first=first, last=last, hours=read_hours(node.get("hours"), self.notebook), where=node.whole)

    def _holidays(self, plain: Calendar) -> tuple[Holidays, ...]:
        """Return the holidays of the files that are named, if each can be used."""
        found = [
            (one, self._file(entry), entry) for entry in self.root.get("holidays").entries() if (one := entry.text)
        ]
        good = [(name, one, entry) for name, one, entry in found if one is not None]
        if plain.first == date.min:
            return ()
        for id in dict.fromkeys(one.id for _, one, _ in good):
            spans = sorted((one.first, one.last) for _, one, _ in good if one.id == id)
            missing = _not_covered(plain.first, plain.last, spans)
            if missing is not None:
                entry = next(entry for _, one, entry in good if one.id == id)
                message = f"the holidays `{id}` are known for {_told(spans)}, and the calendar covers {missing}, too"
                hint = "import the missing years: procflow calendar import; or let `covers` end where the holidays do"
                self.notebook.note("PF648", message, entry.where, hint)
        return tuple(one for _, one, _ in good)

    def _file(self, entry: Node) -> Holidays | None:
        try:
            loaded = read_holidays(self.beside(entry.text), entry.text)
        except ProcflowError as error:
            self.notebook.note("PF648", error.message, entry.where, "`procflow calendar import` makes such a file")
            return None
        for one in errors_of(loaded.findings)[:1]:
            others = len(errors_of(loaded.findings)) - 1
            message = f"{one.where or entry.text}: {one.message}{f' (and {others} more)' if others else ''}"
            self.notebook.note("PF648", message, entry.where, one.hint)
        return loaded.holidays


def _differing(holidays: Holidays, plain: Calendar) -> Iterator[tuple[date, Day]]:
    """Yield the days of a file of holidays that the calendar covers, as days of it."""
    source = str(holidays.source)
    for day, one in holidays.days.items():
        if plain.first <= day <= plain.last:
            windows = () if one.like is None else plain.week_on(day).get(one.like, ())
            yield day, Day(windows=windows, name=one.name, source=source, where=one.where)


def _not_covered(first: date, last: date, spans: Iterable[tuple[date, date]]) -> str | None:
    """Return the first days, or years, from `first` to `last` that none of the spans (in order) holds; None if all are."""
    day = first
    for start, end in spans:
        if start > day:
            return _days(day, min(start - _DAY, last))
        if end >= last:
            return None
        day = max(day, end + _DAY)
    return _days(day, last)


def _told(spans: Iterable[tuple[date, date]]) -> str:
    return " and ".join(_days(*one) for one in spans)


def _days(first: date, last: date) -> str:
    """Return a span of days as people say it."""
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
    return f"{first} to {last}" if first != last else str(first)
