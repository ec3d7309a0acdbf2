"""Who hands work over to whom: what a procedure says of it, step by step, for pictures and pages."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.model.hand_off import REFUSE, HandOffs
from procflow.model.procedure import SAME, Action, Procedure, Step


def receivers(procedure: Procedure, giver: str, target: str) -> Iterator[tuple[Step, HandOffs]]:
    """Yield the steps in which work has to be accepted that goes from a step, or by an `anytime` action, to `target`.

    There is more than one where the branches of a block begin.
    """
    step = procedure.steps.get(target)
    if step is None:
        return
    if step.parallel is not None:
        for branch in step.parallel.branches:
            yield from receivers(procedure, giver, branch.region.start)
    elif step.hand_offs is not None and giver not in step.hand_offs.at_once:
        yield step, step.hand_offs


def givers(procedure: Procedure, receiver: Step) -> Iterator[Step | Action]:
    """Yield from where work is handed over to a step: steps and blocks, then `anytime` actions, in document order."""
    for step in procedure.steps.values():
        if any(one is receiver for to in targets(step) for one, _ in receivers(procedure, step.id, to)):
            yield step
    for action in procedure.anytime.values():
        moved = (arrow.to for arrow in action.arrows if arrow.to != SAME)
        if any(one is receiver for to in moved for one, _ in receivers(procedure, action.id, to)):
            yield action


def targets(step: Step) -> Iterator[str]:
    """Yield where a step leads to: by its actions, when it is done if it is a block, and when its time is up.

    That work is given back is no way on.
    """
    for action in step.actions.values():
        if action.id != REFUSE:
            yield from (arrow.to for arrow in action.arrows if arrow.to != SAME)
    if step.parallel is not None:
        yield from (arrow.to for arrow in step.parallel.then)
    if step.goes_to is not None:
        yield step.goes_to.to
