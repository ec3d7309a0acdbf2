"""JSON lines of another tool: one object a line; its top-level keys are the columns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from procflow.eventlogs.intake import Intake
from procflow.eventlogs.json_cells import parsed
from procflow.eventlogs.reading import LogReading
from procflow.eventlogs.recorded import assembled
from procflow.eventlogs.rows import Lines, LogPath, Progress, Unreadable, named, open_lines
from procflow.expressions.types import Raw
from procflow.model.mapping import LogMapping


def read_jsonl(
    paths: LogPath | Iterable[LogPath],
    mapping: LogMapping,
    *,
    as_of: datetime | None = None,
    progress: Progress | None = None,
) -> LogReading:
    """Read files of JSON lines, one after the other, as one log.

    Numbers, true and false are taken as the text JSON writes them as; null and a missing key are no value. A list
    or map may stand where data are read, and its numbers are text as well. A column no line has is a DV808 finding;
    of those without which no row can be an event, an EventLogError. Otherwise as `read_csv`.
    """
    intake = Intake(mapping, as_of=as_of, progress=progress)
    seen: set[str] = set()
    for path in named(paths):
        with open_lines(path, mapping.encoding) as lines:
            _Objects(lines, intake, seen).read()
    intake.check_columns(seen, file=named(paths)[0], each="line")
    return assembled(intake)


def parse_object(text: str) -> dict[str, Raw]:
    """Return the JSON object of one line, its numbers as text. Raises Unreadable for anything else."""
    try:
        value = parsed(text, numbers_as_text=True)
    except ValueError as bad:
        raise Unreadable(f"The line is not JSON: {bad}") from bad
    if not isinstance(value, dict):
        raise Unreadable("The line is JSON, but not an object")
    return value


class _Objects:
    """One file on its way into the intake."""

    def __init__(self, lines: Lines, intake: Intake, seen: set[str]) -> None:
        self._lines = lines
        self._intake = intake
        self._seen = seen
        self._case: str | None = None
        """The case the line at hand names, as soon as it can be read."""

    def read(self) -> None:
        lines = self._lines
        while True:
            line, self._case = lines.new_row(), None
            try:
                text = next(lines)
                if text.strip():
                    self._take(text, line)
            except StopIteration:
                return
            except Unreadable as bad:
                self._intake.refuse(str(bad), file=lines.file, line=line, end_line=line, case=self._case)

    def _take(self, text: str, line: int) -> None:
        if self._lines.damaged:
            raise Unreadable("The line is not in the encoding of the mapping")
        row = parse_object(text)
        self._seen.update(row)
        case = row.get(self._intake.mapping.case)
        self._case = case if isinstance(case, str) else None
        cells = self._intake.columns.cells_of(row)
        self._intake.take(cells, file=self._lines.file, line=line, end_line=line, digest=hash(text.strip()))
