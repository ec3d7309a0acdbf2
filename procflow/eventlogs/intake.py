"""Rows as they come: each is understood on its own, counted, and put with its case."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from procflow.errors import Finding
from procflow.eventlogs.columns import Cells, TimeCell, columns_of
from procflow.eventlogs.details import PLAIN, Details, NoDetails, details_of, text_at
from procflow.eventlogs.reading import FindingList, finding, span
from procflow.eventlogs.rows import PROGRESS_EVERY, Progress
from procflow.expressions.types import Raw
from procflow.model.mapping import LogMapping, Part

_LONGEST_NUMBER = 18
"""Digits of an order column: more than any database counts, and no burden to print."""
_MOST_SHARED = 500_000


class Fate(Enum):
    """What a row is good for."""

    KEPT = "kept"
    IGNORED = "ignored"
    """The mapping leaves its word out. It still shows that an entry was there."""
    UNTRANSLATED = "untranslated"
    """Something happened, and the mapping cannot say what."""
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


class CaseRows:
    """The rows of one case in the order they were read, with what concerns the case as a whole."""

    __slots__ = ("early", "later", "name", "opened", "rows")

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[Row] = []
        self.opened: datetime | None = None
        self.early = False
        """It has a moment before the window."""
        self.later = False
        """It goes on after `as_of` or after the window."""


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

    def refuse(self, message: str, *, file: str, line: int, end_line: int, hint: str | None = None) -> None:
        """Count a row that cannot even be split into cells."""
        self._count()
        self._fault(finding("DV801", message, where=span(file, line, end_line), hint=hint))

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

    def _sort_in(self, cells: Cells, file: str, line: int, digest: int) -> None:
        name = self.text(cells, self.columns.case)
        if name is None:
            raise _BadRow("DV801", f"The row names no case: its {self.mapping.case!r} is empty")
        row = self._row(cells, file, line, digest)
        case = self.cases.get(name)
        if case is None:
            case = self.cases[name] = CaseRows(name)
        self._note_opening(case, row)
        seen = self._in_view(case, row) if self._bounded else row
        if seen is None:
            self.ignored[self._why_late(row)] += 1
        else:
            self._put(case, seen)

    def _row(self, cells: Cells, file: str, line: int, digest: int) -> Row:
        columns = self.columns
        start, end = self._moment(cells, columns.start), self._moment(cells, columns.end)
        if start is None and end is None:
            raise _BadRow("DV802", "The row has no time", _TIME_HINT)
        order = self._number(cells)
        details = self._details(cells)
        fate, word = self._word(cells) if details.word is None else (Fate.KEPT, details.word)
        if details.ignored is not None:
            fate = Fate.IGNORED
        if details.part is Part.START:
            start, end = end, None
        kept = tuple([self._share(cell) for cell in cells])
        return Row(self.read, file, line, fate, start, end, end is None, order, word, kept, digest, details)

    def _details(self, cells: Cells) -> Details:
        try:
            return details_of(cells, self.columns, self.mapping, self.text(cells, self.columns.case) or "")
        except NoDetails as bad:
            raise _BadRow(bad.code, bad.message, bad.hint) from bad

    def _put(self, case: CaseRows, row: Row) -> None:
        case.rows.append(row)
        if row.order is not None and (self.lowest is None or row.order < self.lowest):
            self.lowest = row.order
        match row.fate:
            case Fate.BEFORE:
                self.ignored[_OUTSIDE] += 1
            case Fate.IGNORED:
                self.ignored[row.details.ignored or self.columns.words.ignore[row.word]] += 1
            case Fate.UNTRANSLATED:
                raise self._untranslated(row.word)

    def _word(self, cells: Cells) -> tuple[Fate, str]:
        words, cell = self.columns.words, cells[self.columns.word]
        word = cell.strip() if isinstance(cell, str) else ""
        if word in words.to:
            return Fate.KEPT, words.to[word]
        if word in words.ignore:
            return Fate.IGNORED, word
        if word in self.columns.absent:
            raise _BadRow("DV801", f"The row does not say what happened: its {words.column!r} is empty")
        # An unknown action is for the judge to report; a status it could not even place.
        return (Fate.KEPT if self.mapping.status is None else Fate.UNTRANSLATED), word

    def _untranslated(self, word: str) -> _BadRow:
        return _BadRow(
            "DV808",
            f"{word!r} in column {self.columns.words.column!r} is a status the mapping does not translate",
            f"Add {word!r} under `to`, or under `ignore` with a reason.",
        )

    def _moment(self, cells: Cells, cell: TimeCell | None) -> datetime | None:
        if cell is None or (text := self.text(cells, cell.at)) is None:
            return None
        at = cell.reader.read(text)
        if at is None:
            raise _BadRow(
                "DV802", f"{text[:80]!r} in column {cell.column!r} is no time the mapping describes", _TIME_HINT
            )
        return at

    def _number(self, cells: Cells) -> int | None:
        if (text := self.text(cells, self.columns.order)) is None:
            return None
        try:
            if len(text) <= _LONGEST_NUMBER:
                return int(text)
        except ValueError:
            pass
        raise _BadRow("DV801", f"{text[:80]!r} in column {self.mapping.order!r} is not a whole number")

    def _note_opening(self, case: CaseRows, row: Row) -> None:
        cell = self.columns.opened
        if case.opened is not None or cell is None or (text := self.text(row.cells, cell.at)) is None:
            return
        case.opened = cell.reader.read(text)
        if case.opened is None:
            message = (
                f"{text[:80]!r} in column {cell.column!r} is no time the mapping describes: the row is used without it"
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
