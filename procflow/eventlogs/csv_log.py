"""Tables: CSV with a header, any delimiter; quoted cells may stretch over lines."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import cast

from procflow.errors import EventLogError
from procflow.eventlogs.columns import Cells
from procflow.eventlogs.intake import Intake
from procflow.eventlogs.reading import LogReading, span
from procflow.eventlogs.recorded import assembled
from procflow.eventlogs.rows import Lines, LogPath, Progress, Unreadable, named, open_lines
from procflow.model.mapping import LogMapping


def read_csv(
    paths: LogPath | Iterable[LogPath],
    mapping: LogMapping,
    *,
    as_of: datetime | None = None,
    progress: Progress | None = None,
) -> LogReading:
    """Read tables, one after the other, as one log.

    Rows later than `as_of` (aware) are ignored. `progress` is told the number of rows read, every 10,000 rows.
    Raises EventLogError if a file cannot be read or lacks a column; what is wrong with single rows are findings.
    """
    intake = Intake(mapping, as_of=as_of, progress=progress)
    for path in named(paths):
        with open_lines(path, mapping.encoding) as lines:
            _Table(lines, mapping, intake).read()
    return assembled(intake)


def header_of(row: Sequence[str], file: str) -> tuple[str, ...]:
    """Return the names of the columns; raises EventLogError if two are the same."""
    header = tuple(name.strip() for name in row)
    if twice := [name for name, count in Counter(header).items() if count > 1 and name]:
        raise EventLogError(
            f"{file} names a column twice: {', '.join(map(repr, twice))}",
            where=span(file, 1),
            hint="Rename one of them; we do not guess which is meant.",
        )
    return header


def table_rows(lines: Lines, delimiter: str) -> Callable[[], list[str]]:
    """Return a function that reads the next row of the table and raises StopIteration after the last."""
    try:
        return csv.reader(lines, delimiter=delimiter).__next__
    except (TypeError, ValueError) as bad:
        raise EventLogError(
            f"{delimiter!r} cannot separate cells", hint='Write one character, as in `delimiter: ";"`.'
        ) from bad


class _Table:
    """One file on its way into the intake."""

    def __init__(self, lines: Lines, mapping: LogMapping, intake: Intake) -> None:
        self._lines = lines
        self._intake = intake
        self._delimiter = mapping.delimiter
        self._next = table_rows(lines, mapping.delimiter)
        self._case_at = 0

    def read(self) -> None:
        header = self._header()
        places = [header.index(name) for name in self._intake.columns.names]
        width, pick, self._case_at = len(header), _picker(places), places[self._intake.columns.case]
        lines, next_row, take, file = self._lines, self._next, self._intake.take, self._lines.file
        read_cells = self._intake.columns.read_cells
        while True:
            line = lines.new_row()
            try:
                row = next_row()
            except StopIteration:
                return
            except (csv.Error, Unreadable) as bad:
                self._refuse(f"The row cannot be read: {bad}", line)
                continue
            if len(row) != width or lines.damaged:
                self._refuse_shape(row, width, line)
            else:
                try:
                    cells = read_cells(pick(row))
                except Unreadable as bad:
                    self._refuse(f"The row cannot be read: {bad}", line, case=row[self._case_at])
                else:
                    take(cells, file=file, line=line, end_line=lines.number, digest=hash(tuple(row)))

    def _header(self) -> tuple[str, ...]:
        file = self._lines.file
        try:
            row: list[str] = []
            while not row:
                row = self._next()
        except StopIteration:
            raise EventLogError(f"{file} is empty", hint="An empty log says nothing; export it again.") from None
        except (csv.Error, Unreadable) as bad:
            raise EventLogError(f"{file} has no header we can read: {bad}", where=span(file, 1)) from bad
        if self._lines.damaged:
            raise EventLogError(
                f"{file} is not in the encoding of the mapping",
                where=span(file, 1),
                hint="Write the encoding the tool exports in, as in `encoding: cp1250`.",
            )
        header = header_of(row, file)
        self._check(header)
        return header

    def _check(self, header: tuple[str, ...]) -> None:
        try:
            self._intake.columns.check_header(header, self._lines.file)
        except EventLogError as lacking:
            if len(header) == 1 and (other := guess_delimiter(header[0])) != self._delimiter:
                raise EventLogError(
                    lacking.message, code=lacking.code, hint=f"Write `delimiter: {json.dumps(other)}`."
                ) from lacking
            raise

    def _refuse_shape(self, row: Sequence[str], width: int, line: int) -> None:
        if not row:
            return
        case = row[self._case_at] if len(row) > self._case_at else None
        if self._lines.damaged:
            self._refuse("The row is not in the encoding of the mapping", line, case=case)
        else:
            last = self._lines.number
            lines = f", which takes lines {line} to {last}," if last > line else ""
            hint = "Is a quotation mark never closed? Then the rows of these lines were read as one." if lines else None
            self._refuse(f"The row{lines} has {len(row)} cells where the header has {width}", line, hint, case)

    def _refuse(self, message: str, line: int, hint: str | None = None, case: str | None = None) -> None:
        file, end = self._lines.file, max(line, self._lines.number)
        self._intake.refuse(message, file=file, line=line, end_line=end, hint=hint, case=case)


def guess_delimiter(header: str) -> str:
    """Return what most likely separates the cells of a header."""
    return max(",;\t|", key=header.count)


def _picker(places: list[int]) -> Callable[[Sequence[str]], Cells]:
    if len(places) == 1:
        only = places[0]
        return lambda row: (row[only],)
    return cast("Callable[[Sequence[str]], Cells]", itemgetter(*places))
