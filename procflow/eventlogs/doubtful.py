"""Moments that the clock on the wall showed twice, or never: told once a column, as nothing says which was meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from procflow.errors import Finding, SourceSpan
from procflow.eventlogs.columns import Columns
from procflow.eventlogs.reading import finding, span
from procflow.eventlogs.times import TimeReader
from procflow.model.event import Trace


def doubtful_times(columns: Columns, traces: Sequence[Trace]) -> Iterator[Finding]:
    """Yield a finding for each column of moments of which some, read without an offset, are in doubt."""
    told: set[str] = set()
    for name, reader in _readers(columns):
        if reader.doubts and name not in told:
            told.add(name)
            cells = "1 cell" if reader.doubts == 1 else f"{reader.doubts:,} cells"
            what = "two moments" if reader.twice else "no moment at all"
            message = (
                f"{cells} of {name!r} may be meant otherwise: the clocks of {reader.zone} changed then, and "
                f"{reader.doubtful!r} is {what} there; it was read as {reader.read(reader.doubtful):%Y-%m-%d %H:%M} UTC"
            )
            hint = "have the tool write times with their offset, as in 2026-10-25T02:30:00+02:00, or in UTC"
            yield finding("DV816", message, where=_place(reader.read(reader.doubtful), traces), hint=hint)


def _place(at: datetime | None, traces: Sequence[Trace]) -> SourceSpan | None:
    """Return the row of the first event at a moment; if none is, of the first event there is."""
    events = [event for trace in traces for event in trace.events if event.source is not None]
    one = next(
        (event for event in events if at in (event.occurred_at, event.recorded_at)), events[0] if events else None
    )
    return span(one.source.file, one.source.line) if one is not None and one.source is not None else None


def _readers(columns: Columns) -> Iterator[tuple[str, TimeReader]]:
    for cell in (columns.start, columns.end, columns.opened, columns.recorded):
        if cell is not None:
            yield cell.column, cell.reader
    for one in columns.data:
        if one.reader is not None:
            yield one.column.column, one.reader
