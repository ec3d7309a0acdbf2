"""XES of another tool: the standard extensions say what is what, or a mapping does, as for a table.

The columns are the keys of an event's attributes, and `case:KEY` for those of its trace, as tools that flatten XES
name them; `xes:position` is the place of the event in its trace. Nested attributes say nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from procflow.errors import SourceSpan
from procflow.eventlogs.intake import Intake
from procflow.eventlogs.reading import LogReading
from procflow.eventlogs.recorded import assembled
from procflow.eventlogs.rows import LogPath, Progress, Unreadable, named, open_chunks
from procflow.eventlogs.xes import Attribute, Bearer, XesStream, XesTrace
from procflow.expressions.types import Raw
from procflow.model.event import Witness
from procflow.model.mapping import DataColumn, LifecycleColumn, LogMapping, NamesColumn, TimeColumn, WordColumn

CASE = "case:concept:name"
POSITION = "xes:position"
"""A column every event has: its place in its trace, from 1."""
_OF_TRACE = "case:"
_ACTOR, _ROLE, _TEAM = "org:resource", "org:role", "org:group"


def read_xes(
    paths: LogPath | Iterable[LogPath],
    mapping: LogMapping | None = None,
    *,
    fields: Collection[str] = (),
    as_of: datetime | None = None,
    progress: Progress | None = None,
) -> LogReading:
    """Read XES files, one after the other, as one log.

    Without a mapping the standard extensions are read, and of the data `fields` those that events or traces have. Then
    the log witnesses what it has. A trace without a name is called after its place in its file. Otherwise as
    `read_csv`.
    """
    names = named(paths)
    given = standard(names[0], fields) if mapping is None else mapping
    intake = Intake(given, as_of=as_of, progress=progress)
    seen: set[str] = set()
    for path in names:
        with open_chunks(path) as chunks:
            for trace in XesStream(chunks):
                _Rows(trace, path, intake, seen, () if mapping else fields).take()
    if mapping is None:
        return _witnessed(assembled(intake), given, seen)
    intake.check_columns(seen, file=names[0], each="event")
    return assembled(intake)


def standard(file: str, fields: Collection[str] = ()) -> LogMapping:
    """Return what the standard extensions of IEEE 1849 mean, and attributes that are called as data `fields` are."""
    where = SourceSpan(file=file, line=1, column=1, end_line=1, end_column=1)
    return LogMapping(
        case=CASE,
        time=TimeColumn(column="time:timestamp"),
        action=WordColumn(column="concept:name", where=where),
        lifecycle=LifecycleColumn(column="lifecycle:transition"),
        order=POSITION,
        actor=_ACTOR,
        role=NamesColumn(column=_ROLE),
        team=NamesColumn(column=_TEAM),
        data={name: DataColumn(column=name) for name in fields},
        where=where,
    )


def _witnessed(reading: LogReading, given: LogMapping, seen: Collection[str]) -> LogReading:
    """Return the reading with what the log has shown anywhere: what no event ever has, the log does not record."""
    witness = Witness(
        actor=_ACTOR in seen,
        role=_ROLE in seen or _TEAM in seen,
        evidence=False,
        reason=False,
        data=frozenset(name for name in given.data if name in seen),
        hand_offs=False,
    )
    role = given.role if _ROLE in seen else None
    return replace(reading, mapping=replace(given, witness=witness, role=role))


class _Rows:
    """The events of one trace on their way into the intake, each as a row."""

    def __init__(self, trace: XesTrace, file: str, intake: Intake, seen: set[str], fields: Collection[str]) -> None:
        self._trace = trace
        self._file = file
        self._intake = intake
        self._seen = seen
        self._fields = fields

    def take(self) -> None:
        """Take every event."""
        known = self._known(self._trace.attributes)
        known |= {f"{_OF_TRACE}{key}": _cell(one) for key, one in self._trace.attributes.items()}
        known.setdefault(CASE, f"{Path(self._file).name}#{self._trace.number}")
        for number, event in enumerate(self._trace.events, start=1):
            # IEEE 1849 §4.2: the order of the events in a trace is the order in which they were observed.
            self._take(event, {**known, POSITION: str(number)})

    def _take(self, event: Bearer, known: Mapping[str, Raw]) -> None:
        own = {key: _cell(one) for key, one in event.attributes.items()}
        row = {**known, **self._known(event.attributes), **own}
        self._seen.update(row)
        try:
            if trouble := self._trace.trouble or event.trouble:
                raise Unreadable(trouble)
            cells = self._intake.columns.cells_of(row)
        except Unreadable as bad:
            case = row.get(self._intake.mapping.case)
            name = case if isinstance(case, str) else None
            self._intake.refuse(str(bad), file=self._file, line=event.line, end_line=event.line, case=name)
            return
        digest = hash(tuple(row.items()))
        self._intake.take(cells, file=self._file, line=event.line, end_line=event.line, digest=digest)

    def _known(self, attributes: Mapping[str, Attribute]) -> dict[str, Raw]:
        """Return the values of data fields, under the names of the fields: `Amount Requested` is `amount_requested`."""
        if not self._fields:
            return {}
        named = ((_snake(key), one) for key, one in attributes.items() if ":" not in key)
        return {name: _cell(one) for name, one in named if name in self._fields}


def _snake(key: str) -> str:
    return re.sub(r"\W+", "_", key).strip("_").lower()


def _cell(one: Attribute) -> Raw:
    """Return an attribute as a cell: text, as XES writes it."""
    if one.type == "boolean":
        return one.value.strip().lower()
    return one.value
