"""Rows of a log that keeps a record (`rows: as-recorded`): each is one event, and its number says where it belongs."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.errors import Finding
from procflow.eventlogs.assemble import assemble
from procflow.eventlogs.columns import Columns
from procflow.eventlogs.details import further, people_of, text_at
from procflow.eventlogs.doubtful import doubtful_times
from procflow.eventlogs.intake import CaseRows, Fate, Intake, Row
from procflow.eventlogs.json_cells import in_order_of_names
from procflow.eventlogs.reading import LogReading, finding, is_closed, span
from procflow.expressions.types import Raw
from procflow.model.event import Event, Source, Trace
from procflow.model.report import RowCount


def assembled(intake: Intake) -> LogReading:
    """Return everything the rows taken say, in the order the mapping asks for. The rows are given up on the way."""
    return assemble_recorded(intake) if intake.mapping.as_recorded else assemble(intake)


def assemble_recorded(intake: Intake) -> LogReading:
    """Return everything the rows taken say; every row that can be read is one event."""
    log = _Record(intake)
    for case in intake.cases.values():
        log.add(case)
        case.rows = []
    return log.reading()


class _Record:
    """The traces, growing case by case."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        # As of any order column: a tool counts from 0 or from 1, which its smallest number tells.
        self._base = 1 if intake.lowest == 1 else 0
        self._used = self._repeated = 0
        self._traces: list[Trace] = []
        self._case_findings: dict[str, tuple[Finding, ...]] = {}

    def add(self, case: CaseRows) -> None:
        """Take the rows of one case."""
        events: list[Event] = []
        found: dict[str, Finding] = {}
        before: Row | None = None
        gap = cut = case.early
        for row in sorted(case.rows, key=lambda one: (one.order or 0, one.number)):
            if before is not None and row.order == before.order:
                if row.cells == before.cells:
                    self._note_copy(row)
                    continue
                found.setdefault("DV807", _ambiguous(case.name, row))
            expected = self._base if before is None else (before.order or 0) + 1
            if (row.order or 0) > expected:
                gap = True
                found.setdefault("DV804", _lacks(case.name, expected, row))
            before = row
            if row.fate is Fate.KEPT:
                event = _event(row, self._intake, seq=len(events) + 1, gap=gap)
                events.append(event)
                gap = gap and event.aside  # missing still before the next event that did something
        closed = False
        if not events:
            return
        self._used += len(events)
        if cut:
            place = span(case.rows[0].file, case.rows[0].line)
            found["DV809"] = finding("DV809", f"Case {case.name!r} began before the window of the log", where=place)
        last = max((row.order or 0 for row in case.rows), default=0)
        if any(hole.order is None or hole.order > last for hole in case.holes):
            # Something happened that nobody can read, perhaps at the end.
            found.setdefault("DV804", _unread(case))
        elif is_closed(events) or (self._intake.mapping.closed and not case.later):
            closed = True
        self._traces.append(
            Trace(
                case=case.name,
                events=tuple(events),
                closed=closed,
                cut=cut,
                client=case.client,
                opened_at=case.began(events),
            )
        )
        if found:
            self._case_findings[case.name] = tuple(found[code] for code in sorted(found))

    def reading(self) -> LogReading:
        """Return the whole."""
        intake = self._intake
        rows = RowCount(
            read=intake.read,
            used=self._used,
            repeated=self._repeated,
            ignored=intake.ignored.total(),
            faulty=intake.faulty,
        )
        return LogReading(
            traces=tuple(self._traces),
            rows=rows,
            findings=(*intake.findings.in_order(), *doubtful_times(intake.columns, self._traces)),
            case_findings=self._case_findings,
            last_at=max((event.occurred_at for trace in self._traces for event in trace.events), default=None),
            opened={case.name: case.opened for case in intake.cases.values() if case.opened is not None},
            ignored_because=dict(intake.ignored),
            mapping=intake.mapping,
        )

    def _note_copy(self, row: Row) -> None:
        self._repeated += 1
        copy = finding("DV803", "The row repeats an earlier one", where=span(row.file, row.line))
        self._intake.findings.add(row.number, copy)


def _event(row: Row, intake: Intake, *, seq: int, gap: bool) -> Event:
    at = row.end or row.start
    assert at is not None, "every row has a time"
    cells, columns, details = row.cells, intake.columns, row.details
    return Event(
        case=text_at(cells, columns.case, columns) or "",
        seq=seq,
        kind=details.kind,
        action=row.word,
        lifecycle=details.lifecycle,
        attempted=details.attempted,
        occurred_at=at,
        recorded_at=details.recorded,
        **people_of(cells, columns),
        data=in_order_of_names({**dict(_values(row, columns)), **further(cells, columns.further_data)}),
        evidence=in_order_of_names({**dict(_proofs(row, columns)), **further(cells, columns.further_evidence)}),
        reason=text_at(cells, columns.reason, columns),
        gap=gap,
        override=details.override,
        waiver=details.waiver,
        timer=details.timer,
        calendars=details.calendars,
        definition=text_at(cells, columns.definition, columns),
        policies=text_at(cells, columns.policies, columns),
        source=Source(file=row.file, line=row.line),
    )


def _values(row: Row, columns: Columns) -> Iterator[tuple[str, Raw]]:
    for cell in columns.data:
        raw, text = row.cells[cell.at], text_at(row.cells, cell.at, columns)
        if not isinstance(raw, str) or text is not None:
            yield cell.name, cell.value(raw if not isinstance(raw, str) or text == raw else text)


def _proofs(row: Row, columns: Columns) -> Iterator[tuple[str, Raw]]:
    for name, at in columns.evidence:
        raw, text = row.cells[at], text_at(row.cells, at, columns)
        if not isinstance(raw, str) or text is not None:
            yield name, raw if not isinstance(raw, str) else text


def _lacks(case: str, expected: int, row: Row) -> Finding:
    message = f"Case {case!r} has no entry {expected:,}; the next one there is {row.order or 0:,}"
    return finding("DV804", message, where=span(row.file, row.line), hint=_GAP_HINT)


def _unread(case: CaseRows) -> Finding:
    first = case.holes[0]
    message = f"Case {case.name!r} lacks what the unreadable row in line {first.line} would say"
    return finding("DV804", message, where=span(first.file, first.line), hint=_GAP_HINT)


def _ambiguous(case: str, row: Row) -> Finding:
    message = f"Case {case!r} has different entries with the number {row.order}, and nothing says which came first"
    return finding("DV807", message, where=span(row.file, row.line), hint="Look at the mapping's `order` column.")


_GAP_HINT = "What may have been done there is not held against anybody. Export the log again if it should be whole."
