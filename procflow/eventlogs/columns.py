"""Which cells of a row the mapping reads, and at which place of the picked row they stand."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from procflow.errors import EventLogError
from procflow.eventlogs.times import TimeReader
from procflow.expressions.types import Raw
from procflow.model.mapping import DataColumn, KnownFrom, LogMapping, TimeColumn, WordColumn

Cells = Sequence[Raw]
"""The mapped cells of one row, in the order of `Columns.names`: text, or in JSON a list or map at a place of data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeCell:
    """A cell that holds a moment."""

    at: int
    column: str
    reader: TimeReader


@dataclass(frozen=True, slots=True, kw_only=True)
class DataCell:
    """A cell that holds a value of a data field."""

    name: str
    at: int
    column: DataColumn
    reader: TimeReader | None
    """None if the mapping gives no format: then the text is passed on."""
    known_from: KnownFrom | None

    def value(self, cell: Raw) -> Raw:
        """Return what the cell says in the procedure's words."""
        if not isinstance(cell, str):
            return cell
        if self.reader is not None and cell not in self.column.to:
            return self.reader.iso(cell)
        return self.column.to.get(cell, cell)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Every column a mapping names, once, and the places of their cells."""

    names: tuple[str, ...]
    vital: frozenset[str]
    """Columns without which no row can become an event."""
    nested: frozenset[int]
    """Places read for data alone: a list or map may stand there."""
    case: int
    word: int
    """Of the action or status."""
    words: WordColumn
    start: TimeCell | None
    end: TimeCell | None
    """When the action was completed or the status reached; one of `start` and `end` is there."""
    opened: TimeCell | None
    order: int | None
    actor: int | None
    on_behalf_of: int | None
    role: int | None
    team: int | None
    reason: int | None
    data: tuple[DataCell, ...]
    evidence: tuple[tuple[str, int], ...]
    absent: frozenset[str]
    """Words that mean that there is no value."""

    def check_header(self, header: Collection[str], file: str) -> None:
        """Raise EventLogError if the log lacks a column, naming all it lacks."""
        if missing := [name for name in self.names if name not in header]:
            raise EventLogError(
                f"{file} has no column {_listed(missing)}", code="DV808", hint=did_you_mean(missing, header)
            )


def columns_of(mapping: LogMapping) -> Columns:
    """Return the columns `mapping` names; raises EventLogError if it cannot tell what happened, or when."""
    words, end = mapping.status or mapping.action, mapping.complete or mapping.time
    if words is None or (end is None and mapping.start is None):
        raise EventLogError(
            "The mapping names no column for what happened, or none for when",
            where=mapping.where,
            hint="Give `action` or `status`, and `time` (or `start` and `complete`).",
        )
    seats = {name: at for at, name in enumerate(dict.fromkeys(_named(mapping, words)))}
    vital = [mapping.case, words.column, *(time.column for time in (mapping.start, end) if time)]
    return Columns(
        names=tuple(seats),
        vital=frozenset(vital),
        nested=frozenset(seats.values()) - {seats[name] for name in _textual(mapping, words)},
        case=seats[mapping.case],
        word=seats[words.column],
        words=words,
        start=_time(mapping.start, seats),
        end=_time(end, seats),
        opened=_time(mapping.opened, seats),
        order=_seat(mapping.order, seats),
        actor=_seat(mapping.actor, seats),
        on_behalf_of=_seat(mapping.on_behalf_of, seats),
        role=_seat(mapping.role, seats),
        team=_seat(mapping.team, seats),
        reason=_seat(mapping.reason, seats),
        data=tuple(_data(name, column, mapping, seats) for name, column in mapping.data.items()),
        evidence=tuple((name, seats[column]) for name, column in mapping.evidence.items()),
        absent=frozenset(["", *mapping.no_value]),
    )


def did_you_mean(missing: Iterable[str], header: Collection[str]) -> str:
    """Return the hint for columns that `header` lacks: the closest ones, else all there are."""
    pairs = [(name, difflib.get_close_matches(name, header, n=1)) for name in missing]
    close = [f"{near[0]!r} for {name!r}" for name, near in pairs if near]
    if close:
        return f"Did you mean {', '.join(close)}?"
    shown = list(header)[:40]
    return f"The columns are: {', '.join(shown)}{', …' if len(header) > len(shown) else ''}."


def _textual(mapping: LogMapping, words: WordColumn) -> Iterator[str]:
    yield mapping.case
    yield words.column
    for time in (mapping.start, mapping.time, mapping.complete, mapping.opened):
        if time is not None:
            yield time.column
    for name in (mapping.order, mapping.actor, mapping.on_behalf_of, mapping.role, mapping.team, mapping.reason):
        if name is not None:
            yield name
    yield from mapping.evidence.values()


def _named(mapping: LogMapping, words: WordColumn) -> Iterator[str]:
    yield from _textual(mapping, words)
    for column in mapping.data.values():
        yield column.column


def _seat(name: str | None, seats: Mapping[str, int]) -> int | None:
    return None if name is None else seats[name]


def _time(column: TimeColumn | None, seats: Mapping[str, int]) -> TimeCell | None:
    if column is None:
        return None
    reader = TimeReader(format=column.format, zone=column.zone)
    return TimeCell(at=seats[column.column], column=column.column, reader=reader)


def _data(name: str, column: DataColumn, mapping: LogMapping, seats: Mapping[str, int]) -> DataCell:
    reader = None if column.format is None else TimeReader(format=column.format, zone=column.zone)
    known_from = mapping.known_from.get(name)
    return DataCell(name=name, at=seats[column.column], column=column, reader=reader, known_from=known_from)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)
