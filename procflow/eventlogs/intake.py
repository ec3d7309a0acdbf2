"""Rows as they come: each is understood on its own, counted, and put with its case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from procflow.errors import EventLogError, Finding
from procflow.eventlogs.columns import Cells, TimeCell, columns_of, did_you_mean
from procflow.eventlogs.details import PLAIN, Details, NoDetails, details_of, text_at
from procflow.eventlogs.reading import FindingList, finding, span
from procflow.eventlogs.rows import PROGRESS_EVERY, Progress
from procflow.expressions.types import Raw
from procflow.model.event import Event, Kind, Lifecycle
from procflow.model.mapping import LogMapping

_LONGEST_NUMBER = 18
"""Digits of an order column: more than any database counts, and no burden to print."""
_MOST_SHARED = 500_000


class Fate(Enum):
    """What a row is good for."""

    KEPT = "kept"
    IGNORED = "ignored"
    """The mapping leaves its word out. It still shows that an entry was there."""
    BEFORE = "before"
    """It lies before the window."""


class Row(NamedTuple):
    """A row with its place in time."""

    number: int
    """Counts all rows of all files, from 1."""
    file: str
    line: int
    fate: Fate
    start: datetime | None
    end: datetime | None
    """When it was completed. At least one of `start` and `end` is there."""
    unfinished: bool
    """The row says no completion; False if it says one that is not to be seen yet."""
    order: int | None
    word: str
    """The action or step id."""
    cells: Cells
    digest: int
    """Equal for rows that are equal in every cell; rows that differ may have the same."""
    details: Details = PLAIN


class Hole(NamedTuple):
    """A row of a case that cannot be read: something happened there, and nobody can say what."""

    number: int
    """Of the row, as `Row.number`."""
    file: str
    line: int
    low: datetime | None
    """It was over no earlier than this; None if that is not known."""
    high: datetime | None
    """It was over no later than this; None if that is not known."""
    order: int | None


class CaseRows:
    """The rows of one case in the order they were read, with what concerns the case as a whole."""

    __slots__ = ("client", "early", "holes", "later", "name", "opened", "rows")

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[Row] = []
        self.holes: list[Hole] = []
        self.opened: datetime | None = None
        self.client: str | None = None
        self.early = False
        """It has a moment before the window."""
        self.later = False
        """It goes on after `as_of` or after the window."""

    def began(self, events: Sequence[Event]) -> datetime | None:
        """Return when the case began as far as a column says so; None where an event says it, or came before."""
        if self.opened is None or events[0].kind is Kind.OPENED or self.opened > events[0].occurred_at:
            return None
        return self.opened


class Sequences:
    """In which files rows come one after the other: no row of a case lies before an earlier row of the same case."""

    __slots__ = ("_disordered", "_last", "_rising")

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], tuple[datetime, int]] = {}
        self._rising: set[str] = set()
        self._disordered: set[str] = set()

    def see(self, case: str, file: str, at: datetime | None, order: int | None) -> None:
        """Take the next row of `case`."""
        if at is None or file in self._disordered:
            return
        key, moment = (file, case), (at, -1 if order is None else order)
        last = self._last.get(key, moment)
        if moment < last:
            self._disordered.add(file)
        elif at > last[0]:
            self._rising.add(file)
        self._last[key] = moment

    def trusted(self, file: str) -> bool:
        """Return True if the place of a row in `file` tells when it happened: all of it is in order, not one row only."""
        return file in self._rising and file not in self._disordered


class _BadRow(Exception):
    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


class Intake:
    """Takes rows one by one; afterwards `cases` holds what may become events, in the order of first rows."""

    def __init__(self, mapping: LogMapping, *, as_of: datetime | None, progress: Progress | None) -> None:
        self.mapping = mapping
        self.columns = columns_of(mapping)
        self.cases: dict[str, CaseRows] = {}
        self.read = 0
        self.faulty = 0
        self.ignored: Counter[str] = Counter()
        """Rows ignored, by reason."""
        self.lowest: int | None = None
        """The smallest number of the order column."""
        self.findings = FindingList()
        self.sequences = Sequences()
        self._as_of = as_of
        self._progress = progress
        # One object for equal texts: a log repeats its words, and all rows wait in memory for the last one.
        self._shared: dict[str, str] = {}

    def take(self, cells: Cells, *, file: str, line: int, end_line: int, digest: int) -> None:
        """Take the mapped cells of the row that starts at `line`."""
        self._count()
        try:
            self._sort_in(cells, file, line, digest)
        except _BadRow as bad:
            self._fault(finding(bad.code, bad.message, where=span(file, line, end_line), hint=bad.hint))

    def refuse(
        self, message: str, *, file: str, line: int, end_line: int, hint: str | None = None, case: str | None = None
    ) -> None:
        """Count a row that cannot even be split into cells; `case` is what stands where its case should be named."""
        self._count()
        self._fault(finding("DV801", message, where=span(file, line, end_line), hint=hint))
        if case is not None and (name := case.strip()) not in self.columns.absent:
            self._case(name).holes.append(Hole(self.read, file, line, None, None, None))

    def check_columns(self, seen: Collection[str], *, file: str, each: str) -> None:
        """Note columns of the mapping that no event or line of a log had. Raises EventLogError if it is nothing without.

        `seen` are the names there were; none of them means a log without rows, of which that says nothing.
        """
        lacking = [name for name in self.columns.names if name not in seen]
        if not seen:
            return
        if vital := [name for name in lacking if name in self.columns.vital]:
            raise EventLogError(
                f"No {each} of {file} has {', '.join(map(repr, vital))}",
                code="DV808",
                hint=did_you_mean(vital, sorted(seen)),
            )
        for name in lacking:
            message = f"The mapping reads {name!r}, which no {each} has"
            self.findings.add(0, finding("DV808", message, hint=did_you_mean([name], sorted(seen))))

    def text(self, cells: Cells, at: int | None) -> str | None:
        """Return the text at a place without spaces around it; None if there is none."""
        return text_at(cells, at, self.columns)

    def _count(self) -> None:
        self.read += 1
        if self._progress is not None and self.read % PROGRESS_EVERY == 0:
            self._progress(self.read)

    def _fault(self, found: Finding) -> None:
        self.faulty += 1
        self.findings.add(self.read, found)

    def _case(self, name: str) -> CaseRows:
        case = self.cases.get(name)
        if case is None:
            case = self.cases[name] = CaseRows(name)
        return case

    def _sort_in(self, cells: Cells, file: str, line: int, digest: int) -> None:
        name = self.text(cells, self.columns.case)
        if name is None:
            raise _BadRow("DV801", f"The row names no case: its {self.mapping.case!r} is empty")
        case = self._case(name)
        row = self._row(case, cells, file, line, digest)
        self.sequences.see(name, file, self._settled(row.start, row.end), row.order)
        self._note_opening(case, row)
        if case.client is None and self.columns.client is not None:
            case.client = self.text(row.cells, self.columns.client)
        seen = self._in_view(case, row) if self._bounded else row
        if seen is None:
            self.ignored[self._why_late(row)] += 1
        else:
            self._put(case, seen)

    def _row(self, case: CaseRows, cells: Cells, file: str, line: int, digest: int) -> Row:
        """Return the row. One that cannot be read leaves a hole in its case, as narrow as what can be read allows."""
        columns, faults = self.columns, list[_BadRow]()
        start, end = self._moment(case, cells, columns.start, faults), self._moment(case, cells, columns.end, faults)
        if start is None and end is None and not faults:
            faults.append(_BadRow("DV802", f"The row of case {case.name!r} has no time", _TIME_HINT))
        order = self._number(case, cells, faults)
        details = self._details(case, cells, faults)
        fate, word = self._word(case, cells, faults) if details.word is None else (Fate.KEPT, details.word)
        if faults:
            at = self._settled(start, end)
            self._hide(case, Hole(self.read, file, line, at or start, at or end, order))
            raise faults[0]
        if details.ignored is not None:
            fate = Fate.IGNORED
        if details.lifecycle is Lifecycle.START:
            start, end = end, None
        kept = tuple([self._share(cell) for cell in cells])
        return Row(self.read, file, line, fate, start, end, end is None, order, word, kept, digest, details)

    def _details(self, case: CaseRows, cells: Cells, faults: list[_BadRow]) -> Details:
        try:
            return details_of(cells, self.columns, self.mapping, case.name)
        except NoDetails as bad:
            faults.append(_BadRow(bad.code, bad.message, bad.hint))
            return PLAIN

    def _settled(self, start: datetime | None, end: datetime | None) -> datetime | None:
        """Return when a row moves its case: an action when it is complete, a status when it is entered."""
        return end if self.mapping.status is None or self.columns.start is None else start

    def _hide(self, case: CaseRows, hole: Hole) -> None:
        if hole.low is not None and self._not_late(hole.low) is None:
            case.later = True
        elif hole.high is not None and self._not_early(hole.high) is None:
            case.early = True
        else:
            case.holes.append(hole)
            self._note_number(hole.order)

    def _put(self, case: CaseRows, row: Row) -> None:
        case.rows.append(row)
        self._note_number(row.order)
        match row.fate:
            case Fate.BEFORE:
                self.ignored[_OUTSIDE] += 1
            case Fate.IGNORED:
                self.ignored[row.details.ignored or self.columns.words.ignore[row.word]] += 1

    def _note_number(self, order: int | None) -> None:
        if order is not None and (self.lowest is None or order < self.lowest):
            self.lowest = order

    def _word(self, case: CaseRows, cells: Cells, faults: list[_BadRow]) -> tuple[Fate, str]:
        words, cell = self.columns.words, cells[self.columns.word]
        word = cell.strip() if isinstance(cell, str) else ""
        if word in words.to:
            return Fate.KEPT, words.to[word]
        if word in words.ignore:
            return Fate.IGNORED, word
        if word in self.columns.absent:
            message = f"The row of case {case.name!r} does not say what happened: its {words.column!r} is empty"
            faults.append(_BadRow("DV801", message))
        elif self.mapping.status is not None:
            # An unknown action is for the judge to report; a status it could not even place.
            what = f"{word[:80]!r} in column {words.column!r} of case {case.name!r}"
            hint = f"Add {word[:80]!r} under `to`, or under `ignore` with a reason."
            faults.append(_BadRow("DV808", f"{what} is a status the mapping does not translate", hint))
        return Fate.KEPT, word

    def _moment(self, case: CaseRows, cells: Cells, cell: TimeCell | None, faults: list[_BadRow]) -> datetime | None:
        if cell is None or (text := self.text(cells, cell.at)) is None:
            return None
        at = cell.reader.read(text)
        if at is None:
            what = f"{text[:80]!r} in column {cell.column!r} of case {case.name!r}"
            faults.append(_BadRow("DV802", f"{what} is no time the mapping describes", _TIME_HINT))
        return at

    def _number(self, case: CaseRows, cells: Cells, faults: list[_BadRow]) -> int | None:
        if (text := self.text(cells, self.columns.order)) is None:
            return None
        try:
            if len(text) <= _LONGEST_NUMBER:
                return int(text)
        except ValueError:
            pass
        what = f"{text[:80]!r} in column {self.mapping.order!r} of case {case.name!r}"
        faults.append(_BadRow("DV801", f"{what} is not a whole number"))
        return None

    def _note_opening(self, case: CaseRows, row: Row) -> None:
        cell = self.columns.opened
        if case.opened is not None or cell is None or (text := self.text(row.cells, cell.at)) is None:
            return
        case.opened = cell.reader.read(text)
        if case.opened is None:
            message = (
                f"{text[:80]!r} in column {cell.column!r} of case {case.name!r} is no time the mapping describes: "
                "the row is used without it"
            )
            self.findings.add(row.number, finding("DV802", message, where=span(row.file, row.line), hint=_TIME_HINT))

    @property
    def _bounded(self) -> bool:
        window = self.mapping.window
        return self._as_of is not None or window.start is not None or window.end is not None

    def _in_view(self, case: CaseRows, row: Row) -> Row | None:
        """Return the row without the moments nobody may see; None if it comes too late altogether."""
        recorded = row.details.recorded
        if recorded is not None and self._as_of is not None and recorded > self._as_of:
            case.later = True
            return None
        start, end = self._not_late(row.start, recorded), self._not_late(row.end, recorded)
        case.later = case.later or start != row.start or end != row.end
        if start is None and end is None:
            return None
        late_start, late_end = self._not_early(start), self._not_early(end)
        case.early = case.early or late_start != start or late_end != end
        if late_start is None and late_end is None:
            return row._replace(start=start, end=end, fate=Fate.BEFORE)
        return row._replace(start=late_start, end=late_end)

    def _not_late(self, at: datetime | None, recorded: datetime | None = None) -> datetime | None:
        end = self.mapping.window.end
        # What was on record by then may tell of a later moment, such as an appointment.
        late = self._as_of is not None and recorded is None and at is not None and at > self._as_of
        return None if at is None or late or (end is not None and at >= end) else at

    def _not_early(self, at: datetime | None) -> datetime | None:
        start = self.mapping.window.start
        return None if at is None or (start is not None and at < start) else at

    def _why_late(self, row: Row) -> str:
        end, at = self.mapping.window.end, row.start or row.end
        return _OUTSIDE if end is not None and at is not None and at >= end else AFTER_AS_OF

    def _share(self, cell: Raw) -> Raw:
        # A text meant letter for letter is not the same as one that only looks so.
        if type(cell) is not str:
            return cell
        if len(self._shared) >= _MOST_SHARED:
            self._shared.clear()
        return self._shared.setdefault(cell, cell)


AFTER_AS_OF = "later than the moment the audit speaks of"
_OUTSIDE = "outside the window"
_TIME_HINT = "Look at `format` and `zone` of the mapping's times."
