"""The engine's own log: one canonical body of the trail a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO, NamedTuple

from procflow.errors import EventLogError, Finding, ProcflowError, SourceSpan
from procflow.eventlogs.intake import AFTER_AS_OF
from procflow.eventlogs.reading import FindingList, LogReading, finding, span
from procflow.eventlogs.rows import PROGRESS_EVERY, Lines, LogPath, Progress, Unreadable, named, open_lines
from procflow.model.event import Event, Kind, Source, Trace
from procflow.model.report import RowCount
from procflow.trail.chain import Link, verify_links
from procflow.trail.entry import Header, leaf_of, open_entry


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
    export = _Export(as_of, progress)
    for path in named(paths):
        with open_lines(path) as lines:
            export.read(lines)
    return export.reading()


class _Entry(NamedTuple):
    """A line that holds an event; entries of a case sort by seq."""

    seq: int
    number: int
    event: Event
    shown: bool
    """False if it is later than `as_of`."""
    header: Header
    leaf: bytes


class _Export:
    """Lines on their way to traces."""

    def __init__(self, as_of: datetime | None, progress: Progress | None) -> None:
        self._as_of = as_of
        self._progress = progress
        self._cases: dict[str, dict[int, _Entry]] = {}
        self._findings = FindingList()
        self._read = self._used = self._repeated = self._ignored = self._faulty = 0
        self._definitions: dict[str, None] = {}

    def read(self, lines: Lines) -> None:
        """Take every line of one file."""
        while True:
            line = lines.new_row()
            try:
                text = next(lines).rstrip("\r\n")
                if text.strip():
                    self._take(text, lines, line)
            except StopIteration:
                return
            except Unreadable as bad:
                self._count()
                self._fault(finding("DV801", str(bad), where=span(lines.file, line)))

    def reading(self) -> LogReading:
        """Return the whole."""
        traces = []
        for case, entries in self._cases.items():
            in_order = sorted(entries.values(), key=lambda entry: entry.seq)
            links = tuple(_link(entry) for entry in in_order)
            for broken in verify_links(links, log=in_order[0].header.log, case=case):
                self._findings.add(in_order[0].number, broken)
            events = tuple(_events(in_order))
            if not events:
                continue
            traces.append(Trace(case=case, events=events, closed=_is_closed(events)))
        rows = RowCount(
            read=self._read, used=self._used, repeated=self._repeated, ignored=self._ignored, faulty=self._faulty
        )
        return LogReading(
            traces=tuple(traces),
            rows=rows,
            findings=self._findings.in_order(),
            last_at=max((event.occurred_at for trace in traces for event in trace.events), default=None),
            definitions=tuple(self._definitions),
            ignored_because={AFTER_AS_OF: self._ignored} if self._ignored else {},
        )

    def _take(self, text: str, lines: Lines, line: int) -> None:
        self._count()
        if lines.damaged:
            self._fault(finding("DV801", "The line is not UTF-8", where=span(lines.file, line)))
            return
        try:
            body = text.encode()
            event, header = open_entry(body)
        except ProcflowError as bad:
            self._fault(finding("DV801", bad.message, where=span(lines.file, line), hint=bad.hint))
            return
        event = replace(event, source=Source(file=lines.file, line=line))
        shown = self._as_of is None or (event.recorded_at or event.occurred_at) <= self._as_of
        self._sort_in(_Entry(event.seq, self._read, event, shown, header, leaf_of(body)))

    def _sort_in(self, entry: _Entry) -> None:
        event = entry.event
        entries = self._cases.setdefault(event.case, {})
        if event.seq in entries:
            self._take_again(entry, entries[event.seq])
            return
        entries[event.seq] = entry
        if not entry.shown:
            self._ignored += 1
            return
        self._used += 1
        if event.definition is not None:
            self._definitions.setdefault(event.definition)

    def _take_again(self, entry: _Entry, earlier: _Entry) -> None:
        event = entry.event
        if entry.leaf == earlier.leaf:
            self._repeated += 1
            copy = finding("DV803", "The line repeats an earlier one letter for letter", where=_where(event))
            self._findings.add(self._read, copy)
            return
        message = f"Case {event.case!r} has another entry with seq {event.seq}; the first one is used"
        hint = "The log was changed or mixed with another: export it again."
        self._fault(finding("DV801", message, where=_where(event), hint=hint))

    def _count(self) -> None:
        self._read += 1
        if self._progress is not None and self._read % PROGRESS_EVERY == 0:
            self._progress(self._read)

    def _fault(self, found: Finding) -> None:
        self._faulty += 1
        self._findings.add(self._read, found)


def _is_closed(events: tuple[Event, ...]) -> bool:
    """Return True if the last event that happened, attempts and waivers aside, closes the case."""
    happened = (event for event in reversed(events) if not event.refused and event.kind is not Kind.WAIVER)
    last = next(happened, None)
    return last is not None and last.kind is Kind.CLOSED


def _where(event: Event) -> SourceSpan | None:
    return None if event.source is None else span(event.source.file, event.source.line)


def _link(entry: _Entry) -> Link:
    where = _where(entry.event)
    return Link(seq=entry.seq, case=entry.event.case, leaf=entry.leaf, header=entry.header, where=where)


def _events(entries: Iterable[_Entry]) -> Iterator[Event]:
    """Yield the events that show, in the order of seq, numbered without holes and marked where entries are missing."""
    before = number = hole = 0
    for entry in entries:
        hole += entry.seq - before - 1
        before = entry.seq
        if entry.shown:
            number += 1
            event = entry.event
            yield event if number == event.seq else replace(event, seq=number, gap=event.gap or hole > 0)
            hole = 0
