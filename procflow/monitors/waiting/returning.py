"""Returning: how often work comes back between the same two roles, with nobody else in between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from procflow.model.configuration import Configuration
from procflow.model.hand_off import REFUSE
from procflow.model.procedure import Procedure, Step
from procflow.monitors.waiting.turn import Turn


class Run(NamedTuple):
    """Work that goes between two roles."""

    giver: str
    """Who handed it over first."""
    receiver: str
    returns: int = 0
    """How often it was handed back to the giver."""


Runs = Mapping[tuple[str, ...], Run]
"""Region (block and branch, block and branch ...; the top level is empty) -> the run in it."""
NO_RUNS: Runs = MappingProxyType({})


def after_turn(runs: Runs, turn: Turn) -> Runs:
    """Return the runs after an event; say if work has come back once more often than the procedure allows."""
    if turn.set_aside or turn.before != turn.stood:
        # Who had it in between is not on record.
        runs = NO_RUNS
    changes = {where: (left, entered) for where, left, entered in _changed((), turn.stood, turn.stands)}
    if not changes:
        return runs
    gone = [where for where in runs if any(where[: len(one)] == one for one in changes)]
    after = {where: run for where, run in runs.items() if where not in gone}
    for where, (left, entered) in changes.items():
        giver, receiver = _role(turn.procedure, left), _role(turn.procedure, entered.step)
        if giver is None or receiver is None:
            continue
        run = runs.get(where)
        handed_over = giver != receiver and (entered.on_offer or _refused(turn))
        if run is not None and {giver, receiver} <= {run.giver, run.receiver}:
            # A result that is not on offer where it comes to is the end of the work, and no return of it.
            if handed_over and giver == run.receiver:
                run = run._replace(returns=run.returns + 1)
                _tell(run, turn, left, entered.step)
            after[where] = run
        elif handed_over:
            after[where] = Run(giver, receiver)
    return after


def _refused(turn: Turn) -> bool:
    """Return True if the work is given back to whoever offers it: there it is not on offer."""
    return turn.move is not None and turn.move.step is not None and turn.move.name == REFUSE


def _tell(run: Run, turn: Turn, left: str, entered: str) -> None:
    steps = turn.procedure.steps
    limit = _limit(steps[left], steps[entered])
    if limit is None or run.returns != limit + 1:
        return
    rule = steps[left].hand_offs or steps[entered].hand_offs
    assert rule is not None, "who limits it has hand-offs"
    times = {1: "once", 2: "twice"}.get(run.returns, f"{run.returns} times")
    turn.tell(
        "DV607",
        f"work came back from {run.receiver} to {run.giver} {times}, with nobody else in between",
        where=rule.where,
        step=left,
        actor=None if turn.by_time else turn.event.actor,
        values={"between": f"{run.giver}, {run.receiver}", "times": str(run.returns), "at most": str(limit)},
        remedy=f"let {run.giver} and {run.receiver} settle it together, or let somebody else decide",
        who_could=(run.giver, run.receiver),
        refuses=False,
    )


def _limit(left: Step, entered: Step) -> int | None:
    """Return how often work may come back: as the step says that it comes back from, else the one it comes back to."""
    for step in (left, entered):
        if step.hand_offs is not None and step.hand_offs.returns_at_most is not None:
            return step.hand_offs.returns_at_most
    return None


def _role(procedure: Procedure, step: str) -> str | None:
    """Return who works in a step; None for a block, an end, and where somebody outside is waited for."""
    found = procedure.steps.get(step)
    return str(found.by) if found is not None and found.by is not None else None


def _changed(
    where: tuple[str, ...], before: Configuration, after: Configuration
) -> Iterator[tuple[tuple[str, ...], str, Configuration]]:
    """Yield the regions in which the case goes from one step to another: which it left, and how it stands; outer ones only."""
    if before.step != after.step:
        yield where, before.step, after
        return
    inside = dict(after.branches)
    for name, standing in before.branches:
        if name in inside:
            yield from _changed((*where, before.step, name), standing, inside[name])
