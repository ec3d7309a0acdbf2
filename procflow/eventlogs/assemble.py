"""Rows of a case -> its trace: ordering, copies, gaps, repeats, and what was known when."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from procflow.errors import Finding, SourceSpan
from procflow.eventlogs.columns import Cells, Columns, DataCell, NamesCell
from procflow.eventlogs.details import further
from procflow.eventlogs.doubtful import doubtful_times
from procflow.eventlogs.holes import hidden
from procflow.eventlogs.intake import CaseRows, Fate, Hole, Intake, Row
from procflow.eventlogs.moments import Moment, in_order
from procflow.eventlogs.reading import LogReading, finding, is_closed, span
from procflow.expressions.types import Raw
from procflow.model.event import Event, Kind, Lifecycle, Source, Trace
from procflow.model.report import RowCount


def assemble(intake: Intake) -> LogReading:
    """Return everything the rows taken say. The rows are given up on the way."""
    log = _Log(intake)
    for case in intake.cases.values():
        log.add(case)
        case.rows = []
    return log.reading()


class _Log:
    """What the traces have in common, growing case by case."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        # A tool counts from 0 or from 1; which of the two, its smallest number tells.
        self.base = 1 if intake.lowest == 1 else 0
        self.used = self.repeated = 0
        self.traces: list[Trace] = []
        self.case_findings: dict[str, tuple[Finding, ...]] = {}
        self.first: Counter[str] = Counter()
        self.changes: Counter[tuple[str, str]] = Counter()
        self.resolution = intake.mapping.resolution
        nothing: Mapping[str, Raw] = {}
        self.nothing_said = _Said(nothing, nothing, False)
        """Shared by all events that say nothing."""
        self._names: dict[tuple[int, str], frozenset[str]] = {}

    def add(self, case: CaseRows) -> None:
        """Fold the rows of one case."""
        rows = self._without_copies(case)
        fold = _CaseFold(self, case, rows)
        fold.run()
        if not fold.events:
            return
        promised = self.intake.mapping.closed and not case.later
        closed = (promised or is_closed(fold.events)) and not fold.may_go_on
        self.traces.append(
            Trace(
                case=case.name,
                events=tuple(fold.events),
                closed=closed,
                cut=fold.cut,
                client=case.client,
                opened_at=case.began(fold.events),
            )
        )
        if findings := tuple(fold.findings()):
            self.case_findings[case.name] = findings

    def names(self, cells: Cells, cell: NamesCell | None) -> frozenset[str]:
        """Return the roles or teams in a row; one object for equal cells."""
        if cell is None:
            return _NOBODY
        raw, absent = cells[cell.at], self.intake.columns.absent
        if type(raw) is not str:
            return cell.names(raw, absent)
        known = self._names.get((cell.at, raw))
        if known is None:
            known = self._names[cell.at, raw] = cell.names(raw, absent)
        return known

    def reading(self) -> LogReading:
        """Return the whole."""
        intake = self.intake
        ignored = intake.ignored.total()
        rows = RowCount(
            read=intake.read,
            used=self.used,
            repeated=self.repeated,
            ignored=ignored,
            faulty=intake.faulty,
            first=self.first.total(),
        )
        return LogReading(
            traces=tuple(self.traces),
            rows=rows,
            findings=(*intake.findings.in_order(), *doubtful_times(intake.columns, self.traces)),
            case_findings=self.case_findings,
            last_at=max((trace.events[-1].occurred_at for trace in self.traces), default=None),
            first_statuses=dict(self.first.most_common()),
            status_changes={f"{before} -> {after}": count for (before, after), count in self.changes.most_common()},
            opened={case.name: case.opened for case in intake.cases.values() if case.opened is not None},
            ignored_because=dict(intake.ignored),
            mapping=intake.mapping,
        )

    def _without_copies(self, case: CaseRows) -> list[Row]:
        seen: dict[int, list[Row]] = {}
        rows = []
        for row in case.rows:
            alike = seen.setdefault(row.digest, [])
            # Different rows may have the same digest: only equal cells make a copy.
            if row.fate is Fate.KEPT and any(one.cells == row.cells for one in alike):
                self._note_copy(row)
            else:
                rows.append(row)
                alike.append(row)
        return rows

    def _note_copy(self, row: Row) -> None:
        self.repeated += 1
        copy = finding("DV803", "The row repeats an earlier one letter for letter", where=span(row.file, row.line))
        self.intake.findings.add(row.number, copy)


class _Said(NamedTuple):
    """What a row tells besides who, when and what."""

    data: Mapping[str, Raw]
    """What was not on record before; in a tie all that the row shows, for it may have been the first to show it."""
    evidence: Mapping[str, Raw]
    is_news: bool
    """Something in it was not on record before."""


class _CaseFold:
    """One case on its way through its moments, in order."""

    def __init__(self, log: _Log, case: CaseRows, rows: list[Row]) -> None:
        mapping = log.intake.mapping
        window = mapping.window
        self.events: list[Event] = []
        self.cut = case.early or (case.opened is not None and window.start is not None and case.opened < window.start)
        self._log = log
        self._case = case
        self._columns: Columns = log.intake.columns
        self._is_status = mapping.status is not None
        self._repeated_as = None if mapping.status is None else mapping.status.repeated
        self._numbers = _Numbers([*rows, *case.holes], log.base)
        self._gap = self.cut
        self._tie = self._in_tie = False
        self._status: str | None = None
        self._given: dict[str, Raw] = {}
        self._shown: dict[str, Raw] = {}
        self._known: set[tuple[str, str]] = set()
        self._last: Moment | None = None
        self._ambiguous: Moment | None = None
        self._placed = in_order(rows, log.resolution)
        self._hidden = self._places()

    def run(self) -> None:
        """Take all moments of the case."""
        place = 0
        tied = self._tied()
        for moment, tie in self._placed:
            self._gap = self._gap or place in self._hidden
            place += moment.row.fate is Fate.KEPT
            self._in_tie = moment.row.number in tied
            self._take(moment, tie)
        self._gap = self._gap or place in self._hidden

    def _tied(self) -> frozenset[int]:
        """Return the numbers of the rows that the log does not order among others."""
        kept = [one for one in self._placed if one.moment.row.fate is Fate.KEPT]
        pairs = ((one, later) for one, later in pairwise(kept) if later.tie)
        return frozenset(one.moment.row.number for pair in pairs for one in pair)

    @property
    def may_go_on(self) -> bool:
        """True if something may have happened after the last event that the log does not show."""
        return self._gap

    def _places(self) -> frozenset[int]:
        if not self._case.holes:
            return _NOWHERE
        kept = [moment for moment, _ in self._placed if moment.row.fate is Fate.KEPT]
        return hidden(kept, self._case.holes, self._log.intake.sequences, self._log.resolution)

    def _take(self, moment: Moment, tie: bool) -> None:
        row = moment.row
        if moment.leads and self._numbers.missing_before(row):
            self._gap = True
        if row.fate is not Fate.KEPT:
            return
        self._tie = self._tie or tie
        self._compare(moment, tie)
        if self._is_status:
            self._take_status(moment)
        else:
            self._take_action(moment)

    def findings(self) -> Iterator[Finding]:
        """Return what the log's quality did to the case."""
        first = self.events[0].source
        place = None if first is None else span(first.file, first.line)
        if parts := list(self._lacks()):
            hole = self._case.holes[0] if self._case.holes else None
            where = self._numbers.where or (place if hole is None else span(hole.file, hole.line))
            yield finding("DV804", f"Case {self._case.name!r} lacks {' and '.join(parts)}", where=where, hint=_GAP_HINT)
        if self._ambiguous is not None:
            message = f"Case {self._case.name!r} has different entries at {self._ambiguous.at.isoformat()}"
            where = span(self._ambiguous.row.file, self._ambiguous.row.line)
            yield finding("DV807", f"{message} and nothing says which came first", where=where, hint=_ORDER_HINT)
        if self.cut:
            message = f"Case {self._case.name!r} began before the window of the log"
            yield finding("DV809", message, where=place, hint=_CUT_HINT)

    def _lacks(self) -> Iterator[str]:
        if numbers := self._numbers.message(self._log.intake.mapping.order):
            yield numbers
        if holes := self._case.holes:
            lines = ", ".join(str(one.line) for one in holes[:_MOST_LINES])
            more = f" and {len(holes) - _MOST_LINES:,} more" if len(holes) > _MOST_LINES else ""
            yield f"what the unreadable {'row' if len(holes) == 1 else 'rows'} in line {lines}{more} would say"

    def _take_action(self, moment: Moment) -> None:
        row = moment.row
        if not row.details.refused:
            self._know("action", row.word)
        self._log.used += moment.leads
        # What a row tells besides who and when is known once the action is complete.
        said = self._said(row) if moment.completes or row.unfinished else self._log.nothing_said
        self._emit(moment, row.details.kind, row.word, said)

    def _take_status(self, moment: Moment) -> None:
        row, before = moment.row, self._status
        # A case enters a status when the row starts; that the status ended, the next row says.
        if not moment.leads:
            return
        self._know("step", row.word)
        self._status = row.word
        said = self._said(row)
        if before == row.word:
            self._take_repeat(moment, said)
            return
        if before is None:
            self._log.first[row.word] += 1
        else:
            self._log.changes[before, row.word] += 1
        self._log.used += 1
        self._emit(moment, Kind.STATUS, row.word, said)

    def _take_repeat(self, moment: Moment, said: _Said) -> None:
        self._log.repeated += 1
        holds = self._gap or said.is_news
        if self._repeated_as is not None:
            self._know("action", self._repeated_as)
            self._emit(moment, Kind.ACTION, self._repeated_as, said)
            holds, said = True, self._log.nothing_said
        if holds:
            # To the judge a repeated status is free, but it holds the case where it stands: whatever is skipped, or
            # hidden by a gap, lies on the side of this row on which it must have been.
            self._emit(moment, Kind.STATUS, moment.row.word, said)

    def _compare(self, moment: Moment, tie: bool) -> None:
        # Starts of actions move no case: which of them came first makes no difference.
        if not (moment.leads if self._is_status else moment.completes and moment.row.details.moves):
            return
        last, self._last = self._last, moment
        if not tie or last is None or self._ambiguous is not None or last.row.word == moment.row.word:
            return
        if last.at == moment.at or moment.at - last.at < self._log.resolution:
            self._ambiguous = moment

    def _know(self, kind: str, name: str) -> None:
        self._known.add((kind, name))

    def _is_known(self, cell: DataCell) -> bool:
        since = cell.known_from
        return since is None or ("step", since.step) in self._known or ("action", since.action) in self._known

    def _said(self, row: Row) -> _Said:
        """Return what a row tells; it counts as told from now on."""
        values, evidence = dict(self._values(row)), dict(self._proofs(row))
        changes = {name: value for name, value in values.items() if self._given.get(name, _UNTOLD) != value}
        is_news = bool(changes) or any(self._shown.get(name) != proof for name, proof in evidence.items())
        # Who asks the same again has asked again: such values are an event's own, not the state of a case.
        asked = {name: values[name] for name in _OF_EVENTS if values.get(name) is not None}
        if not row.details.refused:
            # What was refused is not on record: whoever gives the same value next gives it anew.
            self._given.update(changes)
            self._shown.update(evidence)
        data, nothing = values if self._in_tie else changes | asked, self._log.nothing_said
        return _Said(data or nothing.data, evidence or nothing.evidence, is_news)

    def _values(self, row: Row) -> Iterator[tuple[str, Raw]]:
        absent = self._columns.absent
        for cell in self._columns.data:
            raw = row.cells[cell.at]
            if type(raw) is str:
                raw = raw.strip()
            if raw is None or (type(raw) is str and raw in absent):
                # A row of a status history shows the case as it stands: an empty cell takes the value back. A row
                # of an action tells what came with it: there an empty cell says nothing, and only null takes back.
                if (self._is_status or raw is None) and self._given.get(cell.name) is not None:
                    yield cell.name, None
            elif cell.known_from is None or self._is_known(cell):
                yield cell.name, cell.value(raw)
        yield from further(row.cells, self._columns.further_data).items()

    def _proofs(self, row: Row) -> Iterator[tuple[str, Raw]]:
        for name, at in self._columns.evidence:
            raw = row.cells[at]
            if isinstance(raw, dict | list):
                yield name, raw
            elif (text := self._text(row, at)) is not None:
                yield name, text
        yield from further(row.cells, self._columns.further_evidence).items()

    def _text(self, row: Row, at: int | None) -> str | None:
        return None if at is None else self._log.intake.text(row.cells, at)

    def _emit(self, moment: Moment, kind: Kind, action: str, said: _Said) -> None:
        row, columns = moment.row, self._columns
        tells = moment.completes or row.unfinished or self._is_status
        details = row.details
        lifecycle = details.lifecycle
        if kind is not Kind.STATUS and lifecycle is Lifecycle.COMPLETE and not moment.completes:
            lifecycle = Lifecycle.START
        event = Event(
            case=self._case.name,
            seq=len(self.events) + 1,
            kind=kind,
            action=action,
            lifecycle=lifecycle,
            attempted=details.attempted,
            occurred_at=moment.at,
            recorded_at=details.recorded,
            actor=self._text(row, columns.actor),
            on_behalf_of=self._text(row, columns.on_behalf_of),
            roles=self._log.names(row.cells, columns.role),
            teams=self._log.names(row.cells, columns.team),
            data=said.data,
            evidence=said.evidence,
            reason=self._text(row, columns.reason) if tells else None,
            gap=self._gap,
            tie=self._tie,
            override=details.override,
            waiver=details.waiver,
            timer=details.timer,
            calendars=details.calendars,
            definition=self._text(row, columns.definition),
            policies=self._text(row, columns.policies),
            source=Source(file=row.file, line=row.line),
        )
        self.events.append(event)
        self._gap = self._tie = False


class _Numbers:
    """The numbers of the order column in one case: which are there, and which are missing."""

    __slots__ = ("_base", "_before", "_between", "_highest", "_present", "where")

    def __init__(self, rows: list[Row | Hole], base: int) -> None:
        self._present = sorted({row.order for row in rows if row.order is not None})
        self._highest: int | None = None
        self._before = self._between = 0
        self.where: SourceSpan | None = None
        """The first row before which numbers are missing."""
        self._base = base

    def missing_before(self, row: Row) -> bool:
        """Take the next row in order; return True if numbers are missing between it and those before."""
        order, highest = row.order, self._highest
        if order is None:
            return False
        if highest is not None and order <= highest:
            return False
        self._highest = order
        missing = self._missing(self._base - 1 if highest is None else highest, order)
        if highest is None:
            self._before = missing
        else:
            self._between += missing
        if missing and self.where is None:
            self.where = span(row.file, row.line)
        return missing > 0

    def message(self, column: str | None) -> str | None:
        """Return what the case lacks in words; None if no number is missing."""
        parts = [f"{self._before} before its first row"] if self._before else []
        if self._between:
            parts.append(f"{self._between} between its rows")
        return f"numbers of {column!r}: {' and '.join(parts)}" if parts else None

    def _missing(self, low: int, high: int) -> int:
        """Return how many numbers between the two, neither included, no row of the case has."""
        # Rows may come in another order than their numbers: what is there elsewhere in the case is not missing.
        there = bisect_left(self._present, high) - bisect_right(self._present, low)
        return max(0, high - low - 1 - there)


_NOBODY: frozenset[str] = frozenset()
_NOWHERE: frozenset[int] = frozenset()
_UNTOLD = object()
_OF_EVENTS = ("asked", "due")
"""What a row gives anew wherever it stands in it: what is asked, and until when."""
_MOST_LINES = 5
_GAP_HINT = "Nobody is blamed for what may have been done there. Export the log again if it should be whole."
_CUT_HINT = "Only what lies within the window is judged; what came before is not observable."
_ORDER_HINT = "Name an `order` column in the mapping if the log has one."
