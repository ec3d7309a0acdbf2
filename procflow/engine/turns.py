"""What time asks of a case: by when something must be done, in which step, and when it will do something itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from procflow.errors import Finding
from procflow.explanation import nodes_of
from procflow.judge import CaseState, Judge
from procflow.model.clock import Clock, Timer
from procflow.model.procedure import Procedure, Step
from procflow.model.rule import Happening, HappeningKind, Obligation
from procflow.monitors.waiting.questions import Question
from procflow.stores.base import Coming


def tells_time(judge: Judge) -> bool:
    """Return True if something in a case may depend on how late it is."""
    return bool(judge.procedure.all_clocks) or any(rule.within is not None for rule in judge.in_force.rules)


def coming_of(judge: Judge, state: CaseState) -> Coming:
    """Return what time will next ask of a case."""
    if state.closed:
        return Coming(case=state.case)
    looks_at = judge.looks_at(state)
    fires = [] if looks_at is None else [looks_at]
    timed = state.node.timed
    if timed is not None and timed.running.latest is not None and _is_short(state):
        fires.append(timed.running.latest)  # it is looked at whenever time goes on, until somebody mends the calendar
    return Coming(case=state.case, due=soonest(judge.due(state)), fires=min(fires, default=None))


def short_in(state: CaseState) -> Finding | None:
    """Return what was said of the first clock of an open case that no calendar can tell the time of; None if there is none."""
    if state.closed or not _is_short(state):
        return None
    said = (one for node in nodes_of(state.node) for one in node.judged if isinstance(one, Finding))
    return next((one for one in said if one.code == "DV813"), None)


def _is_short(state: CaseState) -> bool:
    clocks = () if state.node.timed is None else state.node.timed.running.clocks
    return any(clock.short and any(one.unseen for one in clock.open) for clock in clocks)


def soonest(obligations: Iterable[Obligation]) -> datetime | None:
    """Return when the first of these is due; None if none is at any moment."""
    return min((one.due for one in obligations if one.due is not None), default=None)


def due_in(procedure: Procedure, step: Step, obligations: Iterable[Obligation]) -> datetime | None:
    """Return by when something must be done in an active step; None: never.

    That is the step's own time and, unless it waits for somebody, whatever is promised of the case as a whole: whoever
    has the case can bring it on.
    """
    of_the_case = step.waiting is None
    return soonest(one for one in obligations if _of_step(procedure.all_clocks.get(one.clock), step, of_the_case))


def accepted_by(procedure: Procedure, step: Step, obligations: Iterable[Obligation]) -> datetime | None:
    """Return by when the work on offer in a step must be accepted; None: at no moment."""
    clocks = procedure.all_clocks
    return soonest(one for one in obligations if one.clock in clocks and clocks[one.clock].accepts == step.id)


def _of_step(clock: Clock | None, step: Step, of_the_case: bool) -> bool:
    """Return True if what is demanded is to be done in a step; `clock` None: a rule demands it."""
    if clock is None or (clock.step is None and clock.accepts is None and clock.question is None):
        return of_the_case
    return step.id in (clock.step, clock.accepts)


def open_questions(state: CaseState) -> tuple[Question, ...]:
    """Return the questions of a case that nobody has answered, the oldest first."""
    timed = state.node.timed
    return () if timed is None else timed.running.questions


def party_asked(procedure: Procedure, whom: str) -> str:
    """Return who was asked as a party: a role of the procedure, else a person."""
    return f"role:{whom}" if whom in procedure.roles else f"person:{whom}"


def asked_in(procedure: Procedure, state: CaseState, timer: Timer) -> str | None:
    """Return the party whom the question was put to that a timer is about; None if it is not open any more."""
    timed = state.node.timed
    if timed is None:
        return None
    # An engine sees everything: each clock is examined, in the order of the procedure.
    clocks = dict(zip(procedure.all_clocks, timed.running.clocks, strict=True))
    cycles = (one for one in clocks[timer.clock].open if one.number == timer.cycle)
    whom = next((one.awaited.whom for one in cycles if one.awaited is not None), ())
    return party_asked(procedure, whom[0]) if whom else None


def due_by(procedure: Procedure, step: Step | None, action: str, obligations: Iterable[Obligation]) -> datetime | None:
    """Return by when an action must be done: because its step is to be gone on from, or because it is asked for itself."""
    told = tuple(obligations)
    asked = soonest(one for one in told if any(_is(what, action, step) for what in one.what))
    in_step = due_in(procedure, step, told) if step is not None else None
    return min((one for one in (asked, in_step) if one is not None), default=None)


def _is(what: Happening, action: str, step: Step | None) -> bool:
    of_step = what.step is None or (step is not None and what.step == step.id)
    return what.kind is HappeningKind.ACTION and what.name == action and of_step
