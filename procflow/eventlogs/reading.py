"""What reading a log gives: the traces, where every row went, and what is wrong with the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from procflow.errors import Finding, SourceSpan
from procflow.model.deviation import REGISTRY
from procflow.model.event import Event, Kind, Trace
from procflow.model.mapping import LogMapping
from procflow.model.report import RowCount

MOST_FINDINGS = 1_000
"""How many findings of one code are kept; one more says how many there are besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReading:
    """One or more log files, read."""

    traces: tuple[Trace, ...]
    """In the order of each case's first row; a case none of whose rows became an event has no trace."""
    rows: RowCount
    findings: tuple[Finding, ...] = ()
    """About rows, in the order of the rows; at most `MOST_FINDINGS` of a code, then one that counts the rest."""
    case_findings: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    """About one case (gap, order-ambiguous, case-cut), at most one of each, by case; only cases that have any."""
    last_at: datetime | None = None
    """The time of the latest event; None if there is none."""
    first_statuses: Mapping[str, int] = field(default_factory=dict)
    """Of a status history: how many cases were first seen in which step."""
    status_changes: Mapping[str, int] = field(default_factory=dict)
    """Of a status history: how often each `from -> to` was seen."""
    definitions: tuple[str, ...] = ()
    """Digests of the procedures the events were recorded under, in the order of first appearance."""
    opened: Mapping[str, datetime] = field(default_factory=dict)
    """When cases began, by case, where the mapping's `opened` column says so."""
    ignored_because: Mapping[str, int] = field(default_factory=dict)
    """Why rows were ignored, and how many; the sum is `rows.ignored`."""
    mapping: LogMapping | None = None
    """What the log can show; None for an engine's own record, which shows everything."""


def span(file: str, line: int, end_line: int | None = None) -> SourceSpan:
    """Return the place of a whole row, which may stretch over several lines."""
    return SourceSpan(file=file, line=line, column=1, end_line=end_line or line, end_column=1)


def finding(code: str, message: str, *, where: SourceSpan | None = None, hint: str | None = None) -> Finding:
    """Return a finding of a DV8 class, as severe as the registry says."""
    return Finding(code=code, severity=REGISTRY[code].severity, message=message, where=where, hint=hint)


def is_closed(events: Sequence[Event]) -> bool:
    """Return True if the last event that happened, attempts and waivers aside, closes the case."""
    happened = (event for event in reversed(events) if not event.aside)
    last = next(happened, None)
    return last is not None and last.kind is Kind.CLOSED


class FindingList:
    """Findings about rows, gathered in any order and bounded per code."""

    __slots__ = ("_found", "_kept")

    def __init__(self) -> None:
        self._kept: list[tuple[int, Finding]] = []
        self._found: Counter[str] = Counter()

    def add(self, row: int, found: Finding) -> None:
        """Note `found` about the row numbered `row`."""
        self._found[found.code] += 1
        if self._found[found.code] <= MOST_FINDINGS:
            self._kept.append((row, found))

    def in_order(self) -> tuple[Finding, ...]:
        """Return what was kept in the order of rows, then one finding for every code that was cut short."""
        kept = [found for _, found in sorted(self._kept, key=lambda pair: pair[0])]
        return (*kept, *(self._rest(code) for code, count in self._found.items() if count > MOST_FINDINGS))

    def _rest(self, code: str) -> Finding:
        more = self._found[code] - MOST_FINDINGS
        return finding(
            code, f"{more:,} more rows have the same trouble ({REGISTRY[code].slug}); they are counted, not listed"
        )
