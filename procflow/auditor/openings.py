"""Openings that are not on record: what counts from them counts from the first entry, and that is told once."""

from __future__ import annotations

from collections.abc import Sequence

from procflow.errors import Finding
from procflow.eventlogs.reading import LogReading, finding, span
from procflow.model.clock import Clock, ClockKind
from procflow.model.event import Kind, Trace, Witness
from procflow.model.procedure import Procedure
from procflow.model.rule import HappeningKind
from procflow.model.words import joined

_HINT = (
    "Name the column that says when a case began in the mapping's `opened`, or the word for the row that opens it in "
    "`opens` of its `action`."
)


def openings_unseen(reading: LogReading, witness: Witness, versions: Sequence[Procedure]) -> tuple[Finding, ...]:
    """Return one finding if clocks count from openings that nothing dates; () if there is nothing to tell."""
    if not witness.time:
        return ()
    clocks = dict.fromkeys(each.id for one in versions for each in one.all_clocks.values() if _from_opening(each, one))
    starts = {one.top.start for one in versions}
    undated = [one for one in reading.traces if _undated(one, starts)] if clocks else []
    if not undated:
        return ()
    count, all_of_them = len(undated), len(reading.traces)
    cases = "The case has" if all_of_them == 1 else f"{count:,} of {all_of_them:,} cases have"
    names = joined([f"“{one}”" for one in clocks], "and", most=6)
    message = (
        f"{cases} no opening on record: {names} {'count' if len(clocks) > 1 else 'counts'} from the first entry there"
    )
    source = undated[0].events[0].source
    where = None if source is None else span(source.file, source.line)
    return (finding("DV815", message, where=where, hint=_HINT),)


def _undated(trace: Trace, starts: set[str]) -> bool:
    """Return True if nothing says when a case began; the first status of a history does, if cases start in it."""
    if trace.cut or trace.opened_at is not None or not trace.events:
        return False
    first = trace.events[0]
    return first.kind is not Kind.OPENED and not (first.kind is Kind.STATUS and first.action in starts)


def _from_opening(clock: Clock, procedure: Procedure) -> bool:
    """Return True if a cycle of a clock begins with the opening of a case."""
    if clock.kind in (ClockKind.COUNT, ClockKind.DEADLINE):
        return False
    if clock.step is not None:
        return clock.step == procedure.top.start
    return clock.each_hand_off or any(one.kind is HappeningKind.OPENS for one in clock.starts)
