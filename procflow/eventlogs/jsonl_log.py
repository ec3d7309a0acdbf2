"""JSON lines of another tool: one object a line; its top-level keys are the columns."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NoReturn, cast

from procflow.errors import EventLogError, Finding
from procflow.eventlogs.assemble import assemble
from procflow.eventlogs.columns import did_you_mean
from procflow.eventlogs.intake import Intake
from procflow.eventlogs.reading import LogReading, finding
from procflow.eventlogs.rows import Lines, LogPath, Progress, Unreadable, named, open_lines
from procflow.expressions.types import Raw
from procflow.model.mapping import LogMapping

_DEEPEST = 32


def read_jsonl(
    paths: LogPath | Iterable[LogPath],
    mapping: LogMapping,
    *,
    as_of: datetime | None = None,
    progress: Progress | None = None,
) -> LogReading:
    """Read files of JSON lines, one after the other, as one log.

    Numbers, true and false are taken as the text JSON writes them as; null and a missing key are no value. A list
    or map may stand where data are read, and its numbers are text as well. A column no line has is a DV808 finding;
    of those without which no row can be an event, an EventLogError. Otherwise as `read_csv`.
    """
    intake = Intake(mapping, as_of=as_of, progress=progress)
    seen: set[str] = set()
    for path in named(paths):
        with open_lines(path, mapping.encoding) as lines:
            _Objects(lines, intake, seen).read()
    _check_columns(intake, seen, named(paths)[0])
    return assemble(intake)


def parse_object(text: str) -> dict[str, Raw]:
    """Return the JSON object of one line, its numbers as text. Raises Unreadable for anything else.

    A name that stands twice is no JSON that everybody reads alike (RFC 8259 §4): which value counts, we do not guess.
    """
    try:
        value = json.loads(text, parse_int=str, parse_float=str, parse_constant=_no_constant, object_pairs_hook=_once)
    except RecursionError as deep:
        raise Unreadable("Lists and maps lie too deep in each other") from deep
    except ValueError as bad:
        raise Unreadable(f"The line is not JSON: {bad}") from bad
    if not isinstance(value, dict):
        raise Unreadable("The line is JSON, but not an object")
    _check_depth(value, _DEEPEST)
    return cast("dict[str, Raw]", value)


class _Objects:
    """One file on its way into the intake."""

    def __init__(self, lines: Lines, intake: Intake, seen: set[str]) -> None:
        self._lines = lines
        self._intake = intake
        self._seen = seen
        self._case: str | None = None
        """The case the line at hand names, as soon as it can be read."""

    def read(self) -> None:
        lines = self._lines
        while True:
            line, self._case = lines.new_row(), None
            try:
                text = next(lines)
                if text.strip():
                    self._take(text, line)
            except StopIteration:
                return
            except Unreadable as bad:
                self._intake.refuse(str(bad), file=lines.file, line=line, end_line=line, case=self._case)

    def _take(self, text: str, line: int) -> None:
        if self._lines.damaged:
            raise Unreadable("The line is not in the encoding of the mapping")
        row = parse_object(text)
        self._seen.update(row)
        case = row.get(self._intake.mapping.case)
        self._case = case if isinstance(case, str) else None
        cells = tuple([self._cell(row, name, at) for at, name in enumerate(self._intake.columns.names)])
        self._intake.take(cells, file=self._lines.file, line=line, end_line=line, digest=hash(text.strip()))

    def _cell(self, row: Mapping[str, Raw], name: str, at: int) -> Raw:
        match row.get(name):
            case None:
                return ""
            case bool() as flag:
                return "true" if flag else "false"
            case str() as text:
                return text
            case nested if at in self._intake.columns.nested:
                return nested
            case _:
                raise Unreadable(f"{name!r} holds a list or map where one value is read")


def _check_columns(intake: Intake, seen: set[str], file: str) -> None:
    lacking = [name for name in intake.columns.names if name not in seen]
    if not seen:
        return
    if vital := [name for name in lacking if name in intake.columns.vital]:
        raise EventLogError(
            f"No line of {file} has {', '.join(map(repr, vital))}", code="DV808", hint=did_you_mean(vital, seen)
        )
    for name in lacking:
        intake.findings.add(0, _never_there(name, seen))


def _never_there(name: str, seen: set[str]) -> Finding:
    return finding("DV808", f"The mapping reads {name!r}, which no line has", hint=did_you_mean([name], sorted(seen)))


def _check_depth(value: Raw, left: int) -> None:
    if not isinstance(value, dict | list):
        return
    if left == 0:
        raise Unreadable(f"Lists and maps lie more than {_DEEPEST} deep in each other")
    for inner in value.values() if isinstance(value, dict) else value:
        _check_depth(inner, left - 1)


def _once(pairs: list[tuple[str, Raw]]) -> dict[str, Raw]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise Unreadable(f"The line names {twice!r} twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
