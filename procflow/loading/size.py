"""How much a procedure would be to run: places of checklists times what may be done in each; counted, never built."""

from __future__ import annotations

from collections.abc import Iterable

from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.model.procedure import Action, Region, Step

MOST_WAYS = 50_000
"""Ways from place to place. Each takes about a kilobyte and some microseconds when the first case is judged."""


def check_size(top: Region, anytime: Iterable[Action], root: Node, notebook: Notebook) -> None:
    """Write down that a procedure has more ways than can be kept in memory."""
    everywhere = sum(len(action.arrows) for action in anytime)
    ways = _of_region(top) + sum(_places(step) * everywhere for step in top.steps.values() if step.end is None)
    if ways > MOST_WAYS:
        message = f"the procedure is too big to be run safely: more than {MOST_WAYS} ways from place to place"
        hint = "put long any-order checklists in order, narrow what is possible at any time, or split the procedure"
        notebook.note("PF002", message, root.get("steps").key_where, hint)


def _of_region(region: Region) -> int:
    return sum(_of_step(step) for step in region.steps.values())


def _of_step(step: Step) -> int:
    places = _places(step)
    actions = step.actions.values()
    ways = sum((len(one.arrows) + 1) * (places if one.incomplete or not one.moves else 1) for one in actions)
    if step.hand_offs is not None:
        on_offer = len(step.hand_offs.givers) + 1
        ways += on_offer * sum(len(one.arrows) + 1 for one in actions)
    if step.checklist is not None:
        # An item is started and completed: in order at one place, else at half of them.
        ways += len(step.checklist.items) * (places if step.checklist.any_order else 2)
    if step.parallel is not None:
        ways += len(step.parallel.then) + sum(_of_region(branch.region) for branch in step.parallel.branches)
    return ways


def _places(step: Step) -> int:
    """Return how many positions its checklist has, 1 without one; of items in any order, each subset is one."""
    if step.checklist is None:
        return 1
    items = len(step.checklist.items)
    return 2**items if step.checklist.any_order else items + 1
