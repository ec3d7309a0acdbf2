"""What other calendars would move: which due instants of which open cases, from when to when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from procflow.calendars.moments import moment_in
from procflow.model.clock import ClockCycle
from procflow.reports.documents import Json, instant
from procflow.reports.paper import Column, Line, counted, line, strong, table


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A cycle of a clock that would be due at another moment."""

    case: str
    ref: str | None
    before: ClockCycle
    after: ClockCycle


def moves_of(case: str, ref: str | None, before: Sequence[ClockCycle], after: Sequence[ClockCycle]) -> Iterator[Move]:
    """Yield what would move in a case: of the clocks that are open, those with another due instant."""
    then = {(one.clock, one.number): one for one in after}
    for one in before:
        other = then.get((one.clock, one.number))
        if other is not None and one.stopped_at is None and one.due != other.due:
            yield Move(case=case, ref=ref, before=one, after=other)


def moves_lines(moves: Sequence[Move], looked: int, cells: int) -> Iterator[Line]:
    """Yield what would move, a clock a row; `looked` says in how many cases it was looked for."""
    cases = len({one.case for one in moves})
    yield line(strong(f"{counted(len(moves), 'due instant')} would move, in {cases} of {counted(looked, 'open case')}"))
    if moves:
        columns = (Column(head="from"), Column(head="to"), Column(head="clock, case", whole=True))
        yield from table(columns, [_row(one) for one in moves], cells)


def _row(one: Move) -> tuple[str, ...]:
    clock = one.before.clock if one.before.number == 1 else f"{one.before.clock} #{one.before.number}"
    of = f"{one.case} ({one.ref})" if one.ref else one.case
    return _when(one.before.zone, one.before.due), _when(one.after.zone, one.after.due), f"{clock}, {of}"


def _when(zone: str, due: datetime | None) -> str:
    return "-" if due is None else moment_in(zone, due)


def move_document(one: Move) -> Json:
    """Return a move for programs."""
    return {
        "case": one.case,
        "ref": one.ref,
        "clock": one.before.clock,
        "cycle": one.before.number,
        "from": instant(one.before.due),
        "to": instant(one.after.due),
        "zone": one.after.zone,
    }
