"""Events that the log does not order are judged in the order that fits the procedure best.

The rows stand in some order, and if it fits, that is the story. If it does not, another one may: then nobody did
anything in the wrong order as far as the log can tell, and what is said is that it cannot (DV806).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from heapq import heappop, heappush
from typing import NamedTuple

from procflow.automaton.vectors import Cost, Vector
from procflow.errors import Finding
from procflow.eventlogs.reading import finding, span
from procflow.judge import CaseState, Judge
from procflow.model.event import Event, Kind, Source, Trace

MOST_TRIED = 1_000
"""How many rows are tried in a place before a run is judged as it stands."""

_Row = tuple[Event, ...]
"""The events of one row that follow each other: they are in order."""


def settled_run(judge: Judge, trace: Trace) -> tuple[CaseState, tuple[Finding, ...]]:
    """Return a case after its last event, in the order that fits best, and what is to be said about that order."""
    state = judge.run(trace)
    if state.cost.flow and any(event.tie for event in trace.events):
        settled, undecidable = settle(judge, trace)
        if undecidable:
            return judge.run(settled), undecidable
    return state, ()


def settle(judge: Judge, trace: Trace) -> tuple[Trace, tuple[Finding, ...]]:
    """Return the trace in the order in which it is to be judged, with what there is to say about that."""
    events: list[Event] = []
    findings: list[Finding] = []
    opened = trace.events[0] if trace.events[0].kind is Kind.OPENED else None
    state = judge.begin(trace.case, opened)
    for run in _runs(trace.events):
        best = state if opened is not None and run[0][0] is opened else _after(judge, state, run)
        order = run
        if len(run) > 1 and best.cost.flow > state.cost.flow and all(event.flows for row in run for event in row):
            order, best = _best(judge, state, run, best)
            if order is not run:
                findings.append(_undecidable(trace.case, run))
        events += (event for row in order for event in row)
        state = best
    return replace(trace, events=tuple(events)), tuple(findings)


def _runs(events: Sequence[Event]) -> Iterator[list[_Row]]:
    """Yield the rows in runs, within each of which the log orders none."""
    run: list[_Row] = []
    for row in _rows(events):
        if run and not row[0].tie:
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _rows(events: Sequence[Event]) -> Iterator[_Row]:
    row: list[Event] = []
    for event in events:
        if row and (event.source is None or event.source != row[-1].source):
            yield tuple(row)
            row = []
        row.append(event)
    if row:
        yield tuple(row)


class _Tried(NamedTuple):
    """The beginning of an order. The cheapest sorts first, then the longest, then what is closest to the rows."""

    cost: Cost
    left: int
    order: tuple[int, ...]
    state: CaseState


def _best(judge: Judge, state: CaseState, run: list[_Row], standing: CaseState) -> tuple[list[_Row], CaseState]:
    """Return the order of a run that fits best; the run itself if none is found that fits better than as it stands."""
    waiting = [_Tried(state.cost, len(run), (), state)]
    seen: set[tuple[frozenset[int], Vector]] = set()
    tried = 0
    while waiting and tried <= MOST_TRIED:
        begun = heappop(waiting)
        if not begun.left:
            return _ordered(run, begun.order), begun.state
        for next_one in _possible(run, begun.order):
            order = (*begun.order, next_one)
            after = _after(judge, begun.state, _ordered(run, order)[-1:])
            tried += 1
            key = (frozenset(order), after.vector)
            if after.cost < standing.cost and key not in seen:
                seen.add(key)
                heappush(waiting, _Tried(after.cost, begun.left - 1, order, after))
    return run, standing


def _possible(run: Sequence[_Row], order: tuple[int, ...]) -> Iterator[int]:
    """Yield what may come next: of one row the start comes before the end."""
    held: set[Source] = set()
    for at, row in enumerate(run):
        source = row[0].source
        if at in order:
            continue
        if source is None or source not in held:
            yield at
        if source is not None:
            held.add(source)


def _ordered(run: Sequence[_Row], order: Sequence[int]) -> list[_Row]:
    gap = any(event.gap for row in run for event in row)
    rows: list[_Row] = []
    seq = run[0][0].seq
    for at in order:
        # What may lie hidden before one of them may lie hidden before each.
        rows.append(
            tuple(
                replace(event, seq=seq + step, gap=gap, tie=bool(rows) and step == 0)
                for step, event in enumerate(run[at])
            )
        )
        seq += len(run[at])
    return rows


def _after(judge: Judge, state: CaseState, run: Sequence[_Row]) -> CaseState:
    for row in run:
        for event in row:
            state = judge.weigh(state, event)
    return state


def _undecidable(case: str, run: Sequence[_Row]) -> Finding:
    events = [row[0] for row in run]
    names = list(dict.fromkeys(f"“{event.action}”" for event in events))
    lines = ", ".join(str(event.source.line) for event in events if event.source is not None)
    source = events[0].source
    return finding(
        "DV806",
        f"Case {case!r}: as the rows of lines {lines} stand, something was done in the wrong order; nothing says which of "
        f"{', '.join(names[:-1])} and {names[-1]} came first, and in another order they fit better",
        where=None if source is None else span(source.file, source.line),
        hint="They are judged in the order that fits. An `order` column in the mapping would tell.",
    )
