"""What time asks of a case: by when something must be done, in which step, and when it will do something itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from procflow.errors import Finding
from procflow.explanation import nodes_of
from procflow.judge import CaseState, Judge
from procflow.model.procedure import Procedure, Step
from procflow.model.rule import Happening, HappeningKind, Obligation
from procflow.stores.base import Coming


def tells_time(judge: Judge) -> bool:
    """Return True if something in a case may depend on how late it is."""
    procedure = judge.procedure
    clocks = procedure.clocks or any(step.clock is not None for step in procedure.steps.values())
    return bool(clocks) or any(rule.within is not None for rule in judge.in_force.rules)


def coming_of(judge: Judge, state: CaseState) -> Coming:
    """Return what time will next ask of a case."""
    if state.closed:
        return Coming(case=state.case)
    fires = [one.due for one in judge.timers(state)]
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
    # A step's own clock has the id of the step, and no other clock has that of any.
    of_the_case = step.waiting is None
    return soonest(
        one for one in obligations if one.clock == step.id or (of_the_case and one.clock not in procedure.steps)
    )


def due_by(procedure: Procedure, step: Step | None, action: str, obligations: Iterable[Obligation]) -> datetime | None:
    """Return by when an action must be done: because its step is to be gone on from, or because it is asked for itself."""
    told = tuple(obligations)
    asked = soonest(one for one in told if any(_is(what, action, step) for what in one.what))
    in_step = due_in(procedure, step, told) if step is not None else None
    return min((one for one in (asked, in_step) if one is not None), default=None)


def _is(what: Happening, action: str, step: Step | None) -> bool:
    of_step = what.step is None or (step is not None and what.step == step.id)
    return what.kind is HappeningKind.ACTION and what.name == action and of_step
