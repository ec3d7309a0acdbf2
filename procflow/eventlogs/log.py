"""Any log: which format it is, is read from its first line."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum

from procflow.errors import EventLogError
from procflow.eventlogs.csv_log import guess_delimiter, header_of, read_csv
from procflow.eventlogs.engine_log import read_engine_jsonl
from procflow.eventlogs.jsonl_log import parse_object, read_jsonl
from procflow.eventlogs.reading import LogReading
from procflow.eventlogs.rows import Lines, LogPath, Progress, Unreadable, named, open_lines
from procflow.expressions.types import Raw
from procflow.model.mapping import LogMapping


class Format(Enum):
    """What a log is written in."""

    ENGINE = "export of the engine"
    JSONL = "JSON lines"
    CSV = "table"


def read_log(
    paths: LogPath | Iterable[LogPath],
    mapping: LogMapping | None = None,
    *,
    as_of: datetime | None = None,
    progress: Progress | None = None,
) -> LogReading:
    """Read logs of one format, packed or not, as one log; an export of the engine needs no mapping and heeds none.

    Raises EventLogError if a file cannot be read, if the formats differ, or if a mapping is needed: then the hint
    is the beginning of one.
    """
    names = named(paths)
    encoding = "utf-8" if mapping is None else mapping.encoding
    formats = {format_of(name, encoding) for name in names}
    if len(formats) > 1:
        raise EventLogError(
            f"The logs are of different formats: {', '.join(sorted(one.value for one in formats))}",
            hint="Audit them one format at a time.",
        )
    format = formats.pop()
    if format is Format.ENGINE:
        return read_engine_jsonl(names, as_of=as_of, progress=progress)
    if mapping is None:
        raise EventLogError(
            f"{names[0]} was not written by procflow, so a mapping must say which column is what",
            hint=_beginning_of_mapping(names[0], format),
        )
    read = read_jsonl if format is Format.JSONL else read_csv
    return read(names, mapping, as_of=as_of, progress=progress)


def format_of(path: str, encoding: str = "utf-8") -> Format:
    """Return the format of the log; its first line decides before its name does."""
    with open_lines(path, encoding) as lines:
        first = _first_line(lines)
        record = _object(first)
        if record is not None:
            return Format.ENGINE if _is_entry(record) else Format.JSONL
        if first.lstrip().startswith("["):
            raise EventLogError(f"{path} is one JSON list, not JSON lines", hint="Write one object a line.")
        return Format.JSONL if lines.inner.lower().endswith((".jsonl", ".ndjson")) else Format.CSV


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
    lines = [
        f"case: {_yaml(case)}",
        f"time: {{ column: {_yaml(time)} }}",
        f"{what}: {{ column: {_yaml(action or status or columns[-1])} }}",
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


_CASE = re.compile(r"case|ticket|incident_?id|number|^id$|_id$")
_TIME = re.compile(r"complete|end_?time|time|updated_at|date|_at$|^at$")
_ACTION = re.compile(r"action|activity|concept|event|task")
_STATUS = re.compile(r"status|state")
