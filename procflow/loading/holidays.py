"""Files of holidays: days as they were found somewhere and reviewed, with a digest that tells if anybody changed them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from procflow.calendars.meaning import canonical
from procflow.errors import Finding, SourceSpan
from procflow.loading.calendar_hours import WEEKDAYS
from procflow.loading.ignores import read_ignores
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.loading.schema import check_shape
from procflow.loading.source import read_source
from procflow.loading.texts import read_date, read_text
from procflow.model.ignores import Ignore
from procflow.model.text import Text

_FURTHEST = 100
"""Years a calendar may cover: more is a slip, and would take long to lay out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """One day off, or, with `like`, a day of a weekend on which people work."""

    name: str
    estimated: bool = False
    """True: reckoned, and the sight of the moon may move it."""
    like: int | None = None
    """The weekday whose hours the day has, 0 for Monday."""
    where: SourceSpan | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidaySource:
    """Where holidays are from."""

    library: str
    version: str
    country: str = ""
    language: str = ""
    made: date | None = None

    def __str__(self) -> str:
        return " ".join(one for one in (self.library, self.version, self.country) if one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holidays:
    """A file of holidays, checked."""

    id: str
    source: HolidaySource
    first: date
    """The first day it is complete for."""
    last: date
    days: Mapping[date, Holiday]
    title: Text = field(default_factory=dict)
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedHolidays:
    """What reading a file of holidays gave."""

    holidays: Holidays | None
    """None if a finding is an error."""
    findings: tuple[Finding, ...]
    """In the order of the file."""
    source: str
    ignores: tuple[Ignore, ...] = ()


def read_holidays(text: bytes | str, file: str) -> LoadedHolidays:
    """Return the holidays of a text and everything there is to say about it. `file` is the name used in places."""
    source = read_source(text, file)
    notebook = Notebook(findings=list(source.findings))
    holidays: Holidays | None = None
    ignores: tuple[Ignore, ...] = ()
    if source.readable:
        ignores = read_ignores(source, notebook)
        check_shape("holidays", source, notebook)
        holidays = _holidays(Node(source, (), source.data), notebook)
    return LoadedHolidays(
        holidays=None if notebook.has_errors else holidays,
        findings=notebook.sorted(),
        source=source.text,
        ignores=ignores,
    )


def _holidays(root: Node, notebook: Notebook) -> Holidays | None:
    span = read_span(root.get("covers"), notebook)
    days: dict[date, Holiday] = {}
    for node in (*(one for _, one in root.get("days").items()), *(one for _, one in root.get("working").items())):
        day = read_date(Node(node.source, node.path, node.name), notebook)
        if day is None:
            continue
        if day in days:
            notebook.note("PF647", f"{day} is a day off, and works", node.key_where, "keep one of the two")
        elif span is not None and not span[0] <= day <= span[1]:
            message = f"{day} lies outside of what the file covers, {span[0]} to {span[1]}"
            notebook.note("PF647", message, node.key_where, "remove the day, or let `covers` reach it")
        else:
            days[day] = _holiday(node)
    if span is None or notebook.has_errors:
        return None
    origin = root.get("source")
    holidays = Holidays(
        id=root.get("holidays").text,
        title=read_text(root.get("title")),
        source=HolidaySource(
            library=origin.get("library").text,
            version=origin.get("version").text,
            country=origin.get("country").text,
            language=origin.get("language").text,
            made=read_date(origin.get("made"), notebook),
        ),
        first=span[0],
        last=span[1],
        days=MappingProxyType(dict(sorted(days.items()))),
        where=root.get("holidays").whole,
    )
    if root.get("digest").text != digest_of_holidays(holidays):
        message = "the days are not those that were reviewed: they do not have this digest"
        hint = "change days under `days:` of the calendar, which wins; `procflow calendar import` makes this file anew"
        notebook.note("PF648", message, root.get("digest").where, hint)
    return holidays


def _holiday(node: Node) -> Holiday:
    name = node.text or node.get("name").text
    like = node.get("like").text
    return Holiday(
        name=name,
        estimated=node.get("estimated").is_true,
        like=WEEKDAYS.index(like) if like in WEEKDAYS else None,
        where=node.whole,
    )


def read_span(node: Node, notebook: Notebook) -> tuple[date, date] | None:
    """Return the first and the last day of `2025..2027` or `{ from: ..., to: ... }`; None if it tells none."""
    if node.is_text:
        years = node.text.split("..")
        if len(years) != len(("from", "to")) or not all(len(one) == 4 and one.isdigit() and int(one) for one in years):
            return None
        span = date(int(years[0]), 1, 1), date(int(years[1]), 12, 31)
    else:
        first, last = read_date(node.get("from"), notebook), read_date(node.get("to"), notebook)
        if first is None or last is None:
            return None
        span = first, last
    if span[1] < span[0]:
        notebook.note("PF647", f"`{node.name}` ends before it begins", node.where, "write the earlier one first")
        return None
    if span[1].year - span[0].year >= _FURTHEST or not 1900 <= span[0].year <= span[1].year <= 2200:
        hint = "name the years you have hours and holidays for, as in 2025..2027"
        notebook.note(
            "PF647", f"`{node.name}` reaches further than a calendar can: 100 years from 1900 to 2200", node.where, hint
        )
        return None
    return span


def digest_of_holidays(holidays: Holidays) -> str:
    """Return the SHA-256, as `sha256:...`, over the days and what they are complete for."""
    off = {
        day.isoformat(): {"name": one.name, "estimated": one.estimated}
        for day, one in holidays.days.items()
        if one.like is None
    }
    working = {
        day.isoformat(): {"name": one.name, "like": WEEKDAYS[one.like]}
        for day, one in holidays.days.items()
        if one.like is not None
    }
    covers = [holidays.first.isoformat(), holidays.last.isoformat()]
    said = canonical({"covers": covers, "days": off, "working": working})
    return f"sha256:{hashlib.sha256(said.encode()).hexdigest()}"
