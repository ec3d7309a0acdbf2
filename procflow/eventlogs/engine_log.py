"""The engine's own log: one canonical body of the trail a line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from procflow.errors import EventLogError, ProcflowError
from procflow.eventlogs.engine_record import EngineRecord, Seal
from procflow.eventlogs.reading import LogReading
from procflow.eventlogs.rows import Lines, LogPath, Progress, Unreadable, named, open_lines
from procflow.model.event import Source
from procflow.trail.entry import leaf_of, open_entry


def write_engine_jsonl(bodies: Iterable[bytes], out: BinaryIO) -> int:
    """Write canonical bodies as they are, one a line, in the given order; return how many.

    Raises EventLogError for a body with a line break in it: it is no canonical body.
    """
    count = 0
    for body in bodies:
        if b"\n" in body:
            raise EventLogError(f"Body {count + 1} holds a line break, so it is not in canonical form")
        out.write(body + b"\n")
        count += 1
    return count


def read_engine_jsonl(
    paths: LogPath | Iterable[LogPath], *, as_of: datetime | None = None, progress: Progress | None = None
) -> LogReading:
    """Read exports of the engine, one after the other, as one log.

    Events are ordered by `seq` and numbered from 1 without holes; the event after a hole has `gap`. What the chain of
    a case shows (entries altered, removed, inserted) are DV9 findings. Entries recorded later than `as_of` (or, if it
    is not said when, that happened later) are ignored. A case is closed if the last thing that happened in
    it closed it: an override may have opened it again. Raises EventLogError if a file cannot be read.
    """
    record = EngineRecord(as_of=as_of, progress=progress)
    for path in named(paths):
        with open_lines(path) as lines:
            _read(lines, record)
    return record.reading()


def _read(lines: Lines, record: EngineRecord) -> None:
    """Take every line of one file."""
    while True:
        line = lines.new_row()
        try:
            text = next(lines).rstrip("\r\n")
            if text.strip():
                _take(text, lines, line, record)
        except StopIteration:
            return
        except Unreadable as bad:
            record.refuse(str(bad), file=lines.file, line=line)


def _take(text: str, lines: Lines, line: int, record: EngineRecord) -> None:
    if lines.damaged:
        record.refuse("The line is not UTF-8", file=lines.file, line=line)
        return
    try:
        body = text.encode()
        event, header = open_entry(body)
    except ProcflowError as bad:
        record.refuse(bad.message, file=lines.file, line=line, hint=bad.hint)
        return
    client = header.opening.client if header.opening is not None else None
    record.take(replace(event, source=Source(file=lines.file, line=line)), Seal(header, leaf_of(body)), client)
