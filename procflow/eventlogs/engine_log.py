"""The engine's own log: one canonical body of the trail a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO, NamedTuple

from procflow.errors import EventLogError, Finding, ProcflowError, SourceSpan
from procflow.eventlogs.intake import AFTER_AS_OF
from procflow.eventlogs.reading import FindingList, LogReading, finding, span
from procflow.eventlogs.rows import PROGRESS_EVERY, Lines, LogPath, Progress, Unreadable, named, open_lines
from procflow.model.event import Event, Kind, Source, Trace
from procflow.model.report import RowCount
from procflow.trail.entry import genesis, leaf_of, open_entry


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

    Events are ordered by `seq` and numbered from 1 without holes; a hole is a DV804 finding about the case, and the
    event after it has `gap`. Entries recorded later than `as_of` (or, if it is not said when, that happened later) are
    ignored. A case is closed if its CLOSED event is there. Raises EventLogError if a file cannot be read.
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
    prev: bytes
    """Leaf of the entry before it, as this one says."""
    leaf: bytes
    first: bytes
    """What `prev` of the case's first entry must be."""


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
        traces, case_findings = [], {}
        for case, entries in self._cases.items():
            fold = _SeqFold(case)
            in_order = sorted(entries.values(), key=lambda entry: entry.seq)
            for number, broken in _broken(in_order):
                self._findings.add(number, broken)
            events = tuple(fold.events(in_order))
            if not events:
                continue
            closed = any(event.kind is Kind.CLOSED for event in events)
            traces.append(Trace(case=case, events=events, closed=closed))
            if fold.missing:
                case_findings[case] = (fold.finding(),)
        rows = RowCount(
            read=self._read, used=self._used, repeated=self._repeated, ignored=self._ignored, faulty=self._faulty
        )
        return LogReading(
            traces=tuple(traces),
            rows=rows,
            findings=self._findings.in_order(),
            case_findings=case_findings,
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
        first = genesis(header.log, event.case)
        self._sort_in(_Entry(event.seq, self._read, event, shown, header.prev, leaf_of(body), first))

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


def _where(event: Event) -> SourceSpan | None:
    return None if event.source is None else span(event.source.file, event.source.line)


def _broken(entries: Sequence[_Entry]) -> Iterator[tuple[int, Finding]]:
    """Yield where the chain of a case does not hold; entries that are missing are told as a gap."""
    expected: bytes | None = None
    before = 0
    for entry in entries:
        if entry.seq == 1:
            expected = entry.first
        if entry.seq == before + 1 and expected is not None and entry.prev != expected:
            message = (
                f"Entry {entry.seq} of case {entry.event.case!r} does not follow the one before it as it was written"
            )
            hint = "One of the two was altered after it was recorded: compare with the store or another export."
            yield entry.number, finding("DV901", message, where=_where(entry.event), hint=hint)
        before, expected = entry.seq, entry.leaf


class _SeqFold:
    """One case in the order of seq."""

    def __init__(self, case: str) -> None:
        self.missing = 0
        self._case = case
        self._after: Event | None = None

    def events(self, entries: Iterable[_Entry]) -> Iterator[Event]:
        """Yield the events that show, numbered without holes and marked where entries are missing."""
        before = number = hole = 0
        for entry in entries:
            hole += entry.seq - before - 1
            before = entry.seq
            if not entry.shown:
                continue
            number += 1
            yield self._marked(entry.event, number, hole)
            hole = 0

    def _marked(self, event: Event, number: int, hole: int) -> Event:
        if hole:
            self.missing += hole
            self._after = self._after or event
        return event if number == event.seq else replace(event, seq=number, gap=event.gap or hole > 0)

    def finding(self) -> Finding:
        """Return the gap in words."""
        where = None if self._after is None else _where(self._after)
        return finding("DV804", f"Case {self._case!r} lacks {self.missing} entries of its log", where=where)
