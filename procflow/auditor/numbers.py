"""Numbers of a table that may be thousands or decimals: told once a column, since every cell has the same writer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from procflow.errors import Finding
from procflow.eventlogs.log import Format, format_of
from procflow.eventlogs.reading import LogReading, finding, span
from procflow.expressions.separators import as_read, as_thousands, thousands_or_decimals
from procflow.expressions.types import Money, Number
from procflow.model.event import Event
from procflow.model.mapping import LogMapping
from procflow.model.procedure import Procedure


def ambiguous_numbers(
    reading: LogReading, mapping: LogMapping | None, versions: Sequence[Procedure]
) -> tuple[Finding, ...]:
    """Return a finding for each column of numbers in which `1.500` stands and nothing says how it is meant."""
    if mapping is None:
        return ()
    numeric = {name for one in versions for name, field in one.data.items() if isinstance(field.type, Number | Money)}
    open_to_doubt = {
        name: column.column for name, column in mapping.data.items() if name in numeric and column.decimal is None
    }
    return tuple(_told(reading, open_to_doubt, mapping.encoding)) if open_to_doubt else ()


def _told(reading: LogReading, columns: dict[str, str], encoding: str) -> Iterator[Finding]:
    @cache
    def is_table(file: str) -> bool:
        return format_of(file, encoding) is Format.CSV

    cells: dict[str, list[tuple[Event, str]]] = {}
    for trace in reading.traces:
        for event in trace.events:
            for name in columns:
                raw = event.data.get(name)
                number = thousands_or_decimals(raw) if isinstance(raw, str) else None
                # What is not a table has numbers of its own, with a point before the decimals.
                if number is not None and event.source is not None and is_table(event.source.file):
                    cells.setdefault(name, []).append((event, number))
    for name, found in cells.items():
        event, number = min(found, key=lambda one: one[0].source.line if one[0].source is not None else 0)
        where = None if event.source is None else span(event.source.file, event.source.line)
        more = "1 cell" if len(found) == 1 else f"{len(found):,} cells"
        message = (
            f"{more} of {columns[name]!r} may be thousands or decimals: {number!r} was read as {as_read(number)}, "
            f"not as {as_thousands(number)}"
        )
        hint = f'Write `decimal: ","` beside the column of `{name}` if thousands are meant, and `decimal: "."` if not.'
        yield finding("DV811", message, where=where, hint=hint)
