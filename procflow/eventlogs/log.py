"""Any log: which format it is, is read from its first line."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import assert_never

from procflow.errors import EventLogError
from procflow.eventlogs.csv_log import guess_delimiter, header_of, read_csv
from procflow.eventlogs.engine_log import read_engine_jsonl
from procflow.eventlogs.jsonl_log import parse_object, read_jsonl
from procflow.eventlogs.reading import LogReading, finding, span
from procflow.eventlogs.rows import (
    Lines,
    LogPath,
    Look,
    Progress,
    Unreadable,
    looks_like,
    named,
    open_chunks,
    open_lines,
)
from procflow.eventlogs.xes import declares
from procflow.eventlogs.xes_engine import PREFIX, URI, read_engine_xes
from procflow.eventlogs.xes_log import read_xes
from procflow.expressions.types import Raw
from procflow.model.mapping import LogMapping
from procflow.model.report import RowCount


class Format(Enum):
    """What a log is written in."""

    ENGINE = "export of the engine"
    ENGINE_XES = "XES of the engine"
    XES = "XES"
    JSONL = "JSON lines"
    CSV = "table"


def read_log(
    paths: LogPath | Iterable[LogPath],
    mapping: LogMapping | None = None,
    *,
    fields: Collection[str] = (),
    as_of: datetime | None = None,
    progress: Progress | None = None,
) -> LogReading:
    """Read logs of one format, packed or not, as one log. What the engine exported, as JSON lines or XES, needs no mapping.

    Nor does XES of other tools: then the standard extensions count, and attributes named as the data `fields` are.
    An empty file is a log without events, of whatever format. Raises EventLogError if a file cannot be read, if the
    formats differ, or if a mapping is needed: then the hint is the beginning of one.
    """
    names = named(paths)
    looks = {name: looks_like(name) for name in names}
    empty = [name for name in names if looks[name] is Look.EMPTY]
    full = [name for name in names if looks[name] is not Look.EMPTY]
    reading = _read(full, mapping, fields, as_of, progress) if full else _NOTHING
    return _with_empty(reading, empty) if empty else reading


def _read(
    names: Sequence[str],
    mapping: LogMapping | None,
    fields: Collection[str],
    as_of: datetime | None,
    progress: Progress | None,
) -> LogReading:
    encoding = "utf-8" if mapping is None else mapping.encoding
    formats = {format_of(name, encoding) for name in names}
    if len(formats) > 1:
        raise EventLogError(
            f"The logs are of different formats: {', '.join(sorted(one.value for one in formats))}",
            hint="Audit them one format at a time.",
        )
    match format := formats.pop():
        case Format.ENGINE:
            return read_engine_jsonl(names, as_of=as_of, progress=progress)
        case Format.ENGINE_XES:
            return read_engine_xes(names, as_of=as_of, progress=progress)
        case Format.XES:
            return read_xes(names, mapping, fields=fields, as_of=as_of, progress=progress)
        case Format.JSONL | Format.CSV:
            if mapping is None:
                raise EventLogError(
                    f"{names[0]} was not written by procflow, so a mapping must say which column is what",
                    hint=_beginning_of_mapping(names[0], format),
                )
            read = read_jsonl if format is Format.JSONL else read_csv
            return read(names, mapping, as_of=as_of, progress=progress)
        case _:
            assert_never(format)


def format_of(path: str, encoding: str = "utf-8") -> Format:
    """Return the format of the log; its first line decides before its name does, and of XML what it declares.

    Raises EventLogError if the file is empty, or XML that is no XES.
    """
    if looks_like(path) is Look.XML:
        with open_chunks(path) as chunks:
            return Format.ENGINE_XES if declares(chunks, PREFIX, URI) else Format.XES
    with open_lines(path, encoding) as lines:
        first = _first_line(lines)
        record = _object(first)
        if record is not None:
            return Format.ENGINE if _is_entry(record) else Format.JSONL
        if first.lstrip().startswith("["):
            raise EventLogError(f"{path} is one JSON list, not JSON lines", hint="Write one object a line.")
        return Format.JSONL if lines.inner.lower().endswith((".jsonl", ".ndjson")) else Format.CSV


def _with_empty(reading: LogReading, empty: Sequence[str]) -> LogReading:
    """Return the reading with a finding for each empty file: no log says that nothing happened by saying nothing."""
    found = (finding("DV810", f"{name} is empty", where=span(name, 1), hint=_EMPTY_HINT) for name in empty)
    return replace(reading, findings=(*reading.findings, *found))


def _first_line(lines: Lines) -> str:
    try:
        return next((line for line in lines if line.strip()), "")
    except Unreadable:
        return ""


def _object(line: str) -> dict[str, Raw] | None:
    try:
        return parse_object(line)
    except Unreadable:
        return None


def _is_entry(record: dict[str, Raw]) -> bool:
    return record.get("v") == "1" and "seq" in record and "kind" in record


def _beginning_of_mapping(path: str, format: Format) -> str:
    columns = _columns(path, format)
    case = _likely(columns, _CASE) or columns[0]
    time = _likely(columns, _TIME) or columns[min(1, len(columns) - 1)]
    action, status = _likely(columns, _ACTION), _likely(columns, _STATUS)
    what = "status" if status and not action else "action"
    left = [name for name in columns if name not in (case, time)]
    lines = [
        f"case: {_yaml(case)}",
        f"time: {{ column: {_yaml(time)} }}",
        f"{what}: {{ column: {_yaml(action or status or (left or columns)[0])} }}",
    ]
    first, damaged = _first_of(path)
    delimiter = guess_delimiter(first) if format is Format.CSV else ","
    if delimiter != ",":
        lines.append(f"delimiter: {json.dumps(delimiter)}")
    if damaged:
        lines.append("encoding: latin-1    # the log is not UTF-8: write what the tool exports in, such as cp1250")
    return "Begin a mapping file with:\n" + "\n".join(lines) + f"\nThe columns are: {', '.join(columns[:40])}."


def _first_of(path: str) -> tuple[str, bool]:
    """Return the first line, and whether it is in another encoding than UTF-8; then it is a guess."""
    with open_lines(path) as lines:
        return _first_line(lines), lines.damaged


def _columns(path: str, format: Format) -> Sequence[str]:
    first, _ = _first_of(path)
    if format is Format.JSONL:
        return tuple(_object(first) or ()) or ("case", "time", "action")
    try:
        row = next(csv.reader([first], delimiter=guess_delimiter(first)), [])
    except csv.Error:
        row = []
    return tuple(name for name in header_of(row, path) if name) or ("case", "time", "action")


def _likely(columns: Sequence[str], words: re.Pattern[str]) -> str | None:
    return next((name for name in columns if words.search(name.lower())), None)


def _yaml(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_][\w ]*\w", name) else json.dumps(name, ensure_ascii=False)


_NOTHING = LogReading(traces=(), rows=RowCount(read=0, used=0, repeated=0, ignored=0, faulty=0))
_EMPTY_HINT = "If it should not be, export it again; what it would have said was not judged."
_CASE = re.compile(r"case|ticket|incident_?id|number|^id$|_id$")
_TIME = re.compile(r"complete|end_?time|time|updated_at|date|_at$|^at$")
_ACTION = re.compile(r"action|activity|concept|event|task|^what\b|^step\b|^done$|^did$")
_STATUS = re.compile(r"status|state")
