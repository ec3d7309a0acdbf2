"""Awaiting: when work comes on offer or a question is asked, when that is over, and who may act meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from procflow.errors import CalendarError
from procflow.model.clock import Clock, LateDoing
from procflow.model.procedure import Procedure
from procflow.monitors.clocks.aiming import after_due
from procflow.monitors.clocks.asking import Awaited, awaited_answer, awaited_offer
from procflow.monitors.clocks.cycle import ClockState, Cycle, Cycles, Stop
from procflow.monitors.clocks.turn import Turn

LENDS = (LateDoing.ESCALATE, LateDoing.OFFER)
"""What lets others act, too."""


def begins(clock: Clock, procedure: Procedure, state: ClockState, turn: Turn, *, entered: bool) -> Awaited | None:
    """Return what somebody begins to wait for at a position; None if nothing. `entered`: the step on offer was."""
    if clock.question is not None:
        asks = turn.followed.asked
        return None if asks is None or asks.action != clock.question else awaited_answer(procedure, asks)
    step = clock.accepts
    if step is None or state.open or step not in turn.on_offer:
        return None
    anew = turn.before is None or turn.position.reopens or entered
    if not anew and turn.before is not None and step in turn.before.offered_steps():
        return None
    return awaited_offer(procedure, step, turn.position.actor, turn.position.facts.values)


def reads(clock: Clock, procedure: Procedure) -> frozenset[str]:
    """Return the data field that names who is to accept the work that a clock times."""
    by = procedure.steps[clock.accepts].by if clock.accepts is not None else None
    return frozenset() if by is None or by.field is None else frozenset({by.field})


def renamed(cycle: Cycle, cycles: Cycles, procedure: Procedure, turn: Turn) -> Cycle:
    """Return a cycle of work on offer with who is to accept it now, unless it is late by then.

    Nobody is to blame alone for what was on offer to two of them.
    """
    had = cycle.awaited
    if had is None or had.question or cycle.unseen or cycles.late(cycle, turn.at):
        return cycle
    now = awaited_offer(procedure, had.step, had.who, turn.position.facts.values)
    return cycle if now.whom == had.whom else cycle._replace(awaited=now._replace(person=None))


def ends(clock: Clock, cycle: Cycle, turn: Turn, at: datetime, *, entered: bool) -> Stop | None:
    """Return how the wait of a cycle is over with a position; None if it is not."""
    position = turn.position
    if clock.question is not None:
        answered = turn.followed.answered
        over = answered is not None and answered.seq == cycle.since
    else:
        over = clock.accepts not in turn.on_offer or entered
    return Stop(at, position.seq, by_end=not over) if over or position.ends else None


def lent(clock: Clock, cycles: Cycles, before: ClockState, after: ClockState, turn: Turn, *, moved: bool) -> ClockState:
    """Return the state with who may go on in a step because its work was offered to them besides.

    `moved`: the step was entered or left.
    """
    if clock.accepts is None:
        return after
    if moved or clock.accepts not in turn.active or turn.position.ends:
        return after._replace(lent=()) if after.lent else after
    if before.open and not after.open and (roles := tuple(besides(clock, cycles, before.open[0], turn.at))):
        return after._replace(lent=roles)
    return after


def besides(clock: Clock, cycles: Cycles, cycle: Cycle, at: datetime) -> Iterator[str]:
    """Yield the roles that something late has been offered or escalated to by `at`."""
    for act in clock.late if not cycle.unseen else ():
        if act.does in LENDS:
            try:
                due = cycle.beyond if cycle.aim.number is not None else cycles.due(cycle)
                since = after_due(due, act.after, cycle)
            except CalendarError:
                return
            if since is not None and since <= at:
                yield act.to


def could(
    clock: Clock, cycles: Cycles, cycle: Cycle, at: datetime, turn: Turn, procedure: Procedure
) -> tuple[str, ...]:
    """Return who could have stopped a cycle by `at`, or by its stop."""
    if cycle.awaited is None:
        told = cycle.told.who_could if cycle.told is not None else ()
        return told or cycle.holder or tuple(dict.fromkeys(_offered_to(turn, procedure)))
    at = at if cycle.stop is None else cycle.stop.at
    return tuple(dict.fromkeys((*cycle.awaited.whom, *besides(clock, cycles, cycle, at))))


def _offered_to(turn: Turn, procedure: Procedure) -> Iterator[str]:
    """Yield those to whom the work was on offer that nobody had accepted."""
    values = turn.position.facts.values
    for step in (turn.before or turn.stood).offered_steps():
        yield from awaited_offer(procedure, step, None, values).whom


def lets_act(clock: Clock, step: str | None) -> bool:
    """Return True if whoever a clock was escalated to may act in this step; None: by an `anytime` action."""
    if clock.question is not None:
        return step is None
    where = clock.accepts or clock.step
    return where is None or where == step
