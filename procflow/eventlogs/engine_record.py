"""Events an engine recorded, on their way from a file to traces: in the order of seq, copies and holes told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from procflow.errors import Finding, SourceSpan
from procflow.eventlogs.intake import AFTER_AS_OF
from procflow.eventlogs.reading import FindingList, LogReading, finding, is_closed, span
from procflow.eventlogs.rows import PROGRESS_EVERY, Progress
from procflow.model.event import Event, Trace
from procflow.model.report import RowCount
from procflow.trail.chain import Link, verify_links
from procflow.trail.entry import Header


class Seal(NamedTuple):
    """What chains an event to the one before it; only the engine's own export has it."""

    header: Header
    leaf: bytes


class _Entry(NamedTuple):
    """An event with its place; entries of a case sort by seq."""

    seq: int
    number: int
    event: Event
    shown: bool
    """False if it is later than `as_of`."""
    seal: Seal | None


class EngineRecord:
    """Takes the events of files one by one; `reading` then returns the whole."""

    def __init__(self, *, as_of: datetime | None, progress: Progress | None) -> None:
        """Leave out what was recorded (or, if that is not said, happened) later than `as_of`."""
        self._as_of = as_of
        self._progress = progress
        self._cases: dict[str, dict[int, _Entry]] = {}
        self._findings = FindingList()
        self._read = self._used = self._repeated = self._ignored = self._faulty = 0
        self._definitions: dict[str, None] = {}
        self._clients: dict[str, str] = {}

    def take(self, event: Event, seal: Seal | None = None, client: str | None = None) -> None:
        """Take an event, which knows its `source`; `client` is whom its case is for, if the entry says so."""
        if client is not None:
            self._clients.setdefault(event.case, client)
        self._count()
        shown = self._as_of is None or (event.recorded_at or event.occurred_at) <= self._as_of
        self._sort_in(_Entry(event.seq, self._read, event, shown, seal))

    def refuse(self, message: str, *, file: str, line: int, hint: str | None = None) -> None:
        """Count an entry that cannot be read."""
        self._count()
        self._fault(finding("DV801", message, where=span(file, line), hint=hint))

    def reading(self) -> LogReading:
        """Return the whole."""
        traces = []
        lacking: dict[str, tuple[Finding, ...]] = {}
        for case, entries in self._cases.items():
            in_order = sorted(entries.values(), key=lambda entry: entry.seq)
            if in_order[0].seal is None:
                missing = _missing(case, in_order)
            else:
                self._check_chain(case, in_order, in_order[0].seal.header.log)
                missing = ()
            events = tuple(_events(in_order))
            if not events:
                continue
            if missing:
                lacking[case] = missing
            client = self._clients.get(case)
            traces.append(Trace(case=case, events=events, closed=is_closed(events), client=client))
        rows = RowCount(
            read=self._read, used=self._used, repeated=self._repeated, ignored=self._ignored, faulty=self._faulty
        )
        return LogReading(
            traces=tuple(traces),
            rows=rows,
            findings=self._findings.in_order(),
            case_findings=lacking,
            last_at=max((event.occurred_at for trace in traces for event in trace.events), default=None),
            definitions=tuple(self._definitions),
            ignored_because={AFTER_AS_OF: self._ignored} if self._ignored else {},
        )

    def _check_chain(self, case: str, entries: list[_Entry], log: str) -> None:
        links = tuple(_link(entry, entry.seal) for entry in entries if entry.seal is not None)
        for broken in verify_links(links, log=log, case=case):
            self._findings.add(entries[0].number, broken)

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
        if entry.seal == earlier.seal and event == earlier.event:
            self._repeated += 1
            copy = finding("DV803", "The entry repeats an earlier one letter for letter", where=_where(event))
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


def _link(entry: _Entry, seal: Seal) -> Link:
    where = _where(entry.event)
    return Link(seq=entry.seq, case=entry.event.case, leaf=seal.leaf, header=seal.header, where=where)


def _missing(case: str, entries: list[_Entry]) -> tuple[Finding, ...]:
    """Return what the numbers say where there is no chain: entries are missing, and nobody knows why."""
    count = entries[-1].seq - len(entries)
    if count == 0:
        return ()
    before = 0
    for entry in entries:
        if entry.seq != before + 1:
            break
        before = entry.seq
    message = f"Case {case!r} lacks {count:,} of its {entries[-1].seq:,} entries, the first after entry {before}"
    return (finding("DV804", message, where=_where(entry.event), hint=_GAP_HINT),)


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
            if not event.aside:  # what is missing is missing still before the next event that did something
                hole = 0


_GAP_HINT = "What may have been done there is not held against anybody. Export the log again if it should be whole."
