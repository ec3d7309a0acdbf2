"""Logs and mappings as text, for the stories of this folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from procflow.errors import SourceSpan
from procflow.eventlogs.log import read_log
from procflow.eventlogs.reading import LogReading
from procflow.model.event import Event
from procflow.model.mapping import LogMapping, StatusColumn, TimeColumn, WordColumn

HERE = SourceSpan(file="log.map.yaml", line=1, column=1, end_line=1, end_column=1)
ACTIONS = LogMapping(
    case="case", time=TimeColumn(column="at"), action=WordColumn(column="action", where=HERE), where=HERE
)
STATUSES = LogMapping(
    case="case",
    time=TimeColumn(column="at"),
    status=StatusColumn(
        column="status",
        to={"New": "intake", "Active": "working", "Done": "resolved"},
        ignore={"-100": "import fault"},
        where=HERE,
    ),
    where=HERE,
)

Read = Callable[..., LogReading]


def table(text: str) -> str:
    """Return a story's table as CSV: spaces around commas and before lines are for the reader of the test."""
    lines = [",".join(cell.strip() for cell in line.split(",")) for line in text.strip().splitlines()]
    return "\n".join(lines) + "\n"


def read_story(folder: Path, text: str, mapping: LogMapping, **changes: Any) -> LogReading:
    """Write the table to a file and read it; `as_of` goes to the reader, the rest changes the mapping."""
    path = folder / "log.csv"
    path.write_text(table(text), encoding="utf-8")
    as_of = changes.pop("as_of", None)
    return checked(read_log([str(path)], replace(mapping, **changes), as_of=as_of))


def checked(reading: LogReading) -> LogReading:
    """Return the reading after what holds of every one."""
    rows = reading.rows
    assert rows.read == rows.used + rows.repeated + rows.ignored + rows.faulty
    assert rows.ignored == sum(reading.ignored_because.values())
    for trace in reading.traces:
        assert [event.seq for event in trace.events] == list(range(1, len(trace.events) + 1))
        assert trace.events
    return reading


def brief(event: Event) -> str:
    """Return an event as `action`, `action+` for a start, with `~` before it after a gap."""
    return f"{'~' if event.gap else ''}{event.action}{'+' if event.lifecycle.value == 'start' else ''}"


def told(reading: LogReading, case: str = "1") -> list[str]:
    """Return the events of one case in brief."""
    return [brief(event) for trace in reading.traces if trace.case == case for event in trace.events]


def codes(reading: LogReading) -> list[str]:
    """Return the codes of the findings about rows, in order."""
    return [found.code for found in reading.findings]


def case_codes(reading: LogReading, case: str = "1") -> list[str]:
    """Return the codes of the findings about one case."""
    return [found.code for found in reading.case_findings.get(case, ())]
