"""Which cells of a row the mapping reads, and at which place of the picked row they stand."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from procflow.errors import EventLogError
from procflow.eventlogs.json_cells import Exact, map_of, text_of, value_of
from procflow.eventlogs.rows import Unreadable
from procflow.eventlogs.times import TimeReader
from procflow.expressions.separators import plain_number
from procflow.expressions.types import Raw
from procflow.model.mapping import (
    FURTHER,
    DataColumn,
    KnownFrom,
    LifecycleColumn,
    LogMapping,
    NamesColumn,
    Part,
    TimeColumn,
    WordColumn,
)

Cells = Sequence[Raw]
"""The mapped cells of one row, in the order of `Columns.names`: text, or at some places other values (`Columns.kinds`)."""


class Holds(Enum):
    """What a cell may hold besides text."""

    TEXT = "text"
    NAMES = "names"
    """A list of texts."""
    ANYTHING = "anything"
    MAP = "map"
    """A map, in a table written as JSON; or nothing."""


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
    """None if the mapping gives no format, and it is no instant: then the text is passed on."""
    known_from: KnownFrom | None

    def value(self, cell: Raw) -> Raw:
        """Return what the cell says in the procedure's words."""
        if not isinstance(cell, str):
            return cell
        if isinstance(cell, Exact):
            return str(cell)
        if self.reader is not None and cell not in self.column.to:
            # A day is no instant, whatever the zone: it is left to the judge.
            return self.reader.iso(cell) if self.column.format is not None or ":" in cell else cell
        if self.column.decimal is not None and cell not in self.column.to:
            return plain_number(cell, self.column.decimal) or cell
        return self.column.to.get(cell, cell)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartCell:
    """A cell that says which part of an action a row tells of."""

    at: int
    column: LifecycleColumn

    def read(self, word: str | None) -> Part | str | None:
        """Return the part; the reason why such rows are left out; or None for a word that nobody translates."""
        if word is None:
            return Part.COMPLETE
        if word in self.column.to:
            return self.column.to[word]
        if word in self.column.ignore:
            return self.column.ignore[word]
        return _STANDARD.get(word.lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesCell:
    """A cell that holds roles or teams."""

    at: int
    column: NamesColumn

    def names(self, cell: Raw, absent: Collection[str]) -> frozenset[str]:
        """Return the names in the cell; empty if it holds none."""
        match cell:
            case Exact():
                return frozenset([str(cell)])
            case str():
                words = [cell] if self.column.split is None else cell.split(self.column.split)
                said = (word.strip() for word in words)
                return frozenset(self.column.to.get(word, word) for word in said if word not in absent)
            case list():
                return frozenset(self.column.to.get(word, word) for word in cell if isinstance(word, str))
            case _:
                return frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Every column a mapping names, once, and the places of their cells."""

    names: tuple[str, ...]
    vital: frozenset[str]
    """Columns without which no row can become an event."""
    kinds: tuple[Holds, ...]
    """What may stand at each place."""
    json: bool
    """Cells of a table are JSON where they read as such."""
    detailed: bool
    """Rows may be about more than an action or status that was reached: see `details.py`."""
    case: int
    word: int
    """Of the action or status."""
    words: WordColumn
    start: TimeCell | None
    end: TimeCell | None
    """When the action was completed or the status reached; one of `start` and `end` is there."""
    opened: TimeCell | None
    recorded: TimeCell | None
    part: PartCell | None
    order: int | None
    actor: int | None
    on_behalf_of: int | None
    role: NamesCell | None
    team: NamesCell | None
    reason: int | None
    definition: int | None
    client: int | None
    policies: int | None
    override: int | None
    waiver: int | None
    timer: int | None
    calendars: int | None
    data: tuple[DataCell, ...]
    further_data: int | None
    evidence: tuple[tuple[str, int], ...]
    further_evidence: int | None
    absent: frozenset[str]
    """Words that mean that there is no value."""

    def cells_of(self, row: Mapping[str, Raw]) -> Cells:
        """Return the cells of a row given by name. Raises Unreadable if one holds what nobody could read there."""
        get = row.get
        return tuple(
            [self._admitted(get(name), name, holds) for name, holds in zip(self.names, self.kinds, strict=True)]
        )

    def read_cells(self, cells: Cells) -> Cells:
        """Return the cells of a table with what is JSON in them read. Raises as `cells_of` does."""
        if not self.json and Holds.MAP not in self.kinds:
            return cells
        return tuple([self._read(cell, holds) for cell, holds in zip(cells, self.kinds, strict=True)])

    def _read(self, cell: Raw, holds: Holds) -> Raw:
        if not isinstance(cell, str):
            return cell
        match holds:
            case Holds.MAP:
                return map_of(cell) if cell else ""
            case Holds.ANYTHING if self.json:
                return value_of(cell) if cell else ""
            case Holds.NAMES if self.json and cell.startswith("["):
                value = value_of(cell)
                return value if _are_names(value) else cell
            case _:
                return text_of(cell) if self.json else cell

    def _admitted(self, value: Raw, name: str, holds: Holds) -> Raw:
        match value:
            case None:
                return ""
            case bool():
                return "true" if value else "false"
            case str():
                return map_of(value) if holds is Holds.MAP and value else value
            case _ if holds is Holds.ANYTHING:
                return value
            case list() if holds is Holds.NAMES and _are_names(value):
                return value
            case dict() if holds is Holds.MAP:
                return value
            case _:
                raise Unreadable(f"{name!r} holds a list or map where {_WANTED[holds]} is read")

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
        kinds=_kinds(mapping, words, seats),
        json=mapping.json_cells,
        detailed=_detailed(mapping),
        case=seats[mapping.case],
        word=seats[words.column],
        words=words,
        start=_time(mapping.start, seats),
        end=_time(end, seats),
        opened=_time(mapping.opened, seats),
        recorded=_time(mapping.recorded, seats),
        part=None
        if mapping.lifecycle is None
        else PartCell(at=seats[mapping.lifecycle.column], column=mapping.lifecycle),
        order=_seat(mapping.order, seats),
        actor=_seat(mapping.actor, seats),
        on_behalf_of=_seat(mapping.on_behalf_of, seats),
        role=_names(mapping.role, seats),
        team=_names(mapping.team, seats),
        reason=_seat(mapping.reason, seats),
        definition=_seat(mapping.definition, seats),
        client=_seat(mapping.client, seats),
        policies=_seat(mapping.policies, seats),
        override=_seat(mapping.override, seats),
        waiver=_seat(mapping.waiver, seats),
        timer=_seat(mapping.timer, seats),
        calendars=_seat(mapping.calendars, seats),
        data=tuple(_data(name, column, mapping, seats) for name, column in mapping.data.items() if name != FURTHER),
        further_data=seats[mapping.data[FURTHER].column] if FURTHER in mapping.data else None,
        evidence=tuple((name, seats[column]) for name, column in mapping.evidence.items() if name != FURTHER),
        further_evidence=seats[mapping.evidence[FURTHER]] if FURTHER in mapping.evidence else None,
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
    for time in (mapping.start, mapping.time, mapping.complete, mapping.opened, mapping.recorded):
        if time is not None:
            yield time.column
    if mapping.lifecycle is not None:
        yield mapping.lifecycle.column
    of_events = (mapping.order, mapping.actor, mapping.on_behalf_of, mapping.reason, mapping.definition)
    for name in (*of_events, mapping.client, mapping.policies, mapping.calendars):
        if name is not None:
            yield name


def _named(mapping: LogMapping, words: WordColumn) -> Iterator[str]:
    yield from _textual(mapping, words)
    yield from _of_names(mapping)
    yield from _maps(mapping)
    for column in mapping.data.values():
        yield column.column
    yield from mapping.evidence.values()


def _of_names(mapping: LogMapping) -> Iterator[str]:
    yield from (column.column for column in (mapping.role, mapping.team) if column is not None)


def _maps(mapping: LogMapping) -> Iterator[str]:
    yield from (name for name in (mapping.override, mapping.waiver, mapping.timer) if name is not None)
    if FURTHER in mapping.data:
        yield mapping.data[FURTHER].column
    if FURTHER in mapping.evidence:
        yield mapping.evidence[FURTHER]


def _kinds(mapping: LogMapping, words: WordColumn, seats: Mapping[str, int]) -> tuple[Holds, ...]:
    """Return what each column may hold; of one that is read in several ways, what all of them can read."""
    kinds = dict.fromkeys(seats, Holds.ANYTHING)
    kinds |= dict.fromkeys(_maps(mapping), Holds.MAP)
    kinds |= dict.fromkeys(_of_names(mapping), Holds.NAMES)
    kinds |= dict.fromkeys(_textual(mapping, words), Holds.TEXT)
    return tuple(kinds[name] for name in seats)


def _detailed(mapping: LogMapping) -> bool:
    columns = (mapping.lifecycle, mapping.recorded, mapping.override, mapping.waiver, mapping.timer, mapping.calendars)
    return any(one is not None for one in columns) or bool(
        mapping.opens or mapping.closes or mapping.json_cells or mapping.as_recorded
    )


def _are_names(value: Raw) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _names(column: NamesColumn | None, seats: Mapping[str, int]) -> NamesCell | None:
    return None if column is None else NamesCell(at=seats[column.column], column=column)


def _seat(name: str | None, seats: Mapping[str, int]) -> int | None:
    return None if name is None else seats[name]


def _time(column: TimeColumn | None, seats: Mapping[str, int]) -> TimeCell | None:
    if column is None:
        return None
    reader = TimeReader(format=column.format, zone=column.zone)
    return TimeCell(at=seats[column.column], column=column.column, reader=reader)


def _data(name: str, column: DataColumn, mapping: LogMapping, seats: Mapping[str, int]) -> DataCell:
    is_time = column.instants or column.format is not None
    reader = TimeReader(format=column.format, zone=column.zone) if is_time else None
    known_from = mapping.known_from.get(name)
    return DataCell(name=name, at=seats[column.column], column=column, reader=reader, known_from=known_from)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)


_WANTED = {Holds.TEXT: "one value", Holds.NAMES: "a name or a list of names", Holds.MAP: "a map"}
_STANDARD: Mapping[str, Part | str] = MappingProxyType(
    {
        **{part.value: part for part in Part},
        # The other transitions of the lifecycle extension of IEEE 1849: of an action neither begun nor done.
        **{
            word: f"lifecycle `{word}` is neither the start nor the completion of an action"
            for word in (
                "schedule", "assign", "reassign", "suspend", "resume", "withdraw", "autoskip", "manualskip",
                "pi_abort", "ate_abort", "abort_activity", "abort_case", "unknown",
            )
        },
    }
)  # fmt: skip
"""Words that mean the same in every log, in small letters."""
