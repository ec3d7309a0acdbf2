"""Which conditions and limits a procedure reads where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procflow.automaton.projection import ENTERS
from procflow.expressions.expression import Expression
from procflow.model.procedure import Action, Procedure


def gates_of(procedure: Procedure) -> Iterator[Expression]:
    """Yield the conditions that no action owns: each `only-if`, and each condition of a `then`."""
    for step in procedure.steps.values():
        if step.parallel is not None:
            yield from (branch.only_if for branch in step.parallel.branches if branch.only_if is not None)
            yield from (arrow.when for arrow in step.parallel.then if arrow.when is not None)


def guards_of(procedure: Procedure) -> Mapping[str, tuple[Expression, ...]]:
    """Return the conditions of the arrows of each action, in any step."""
    guards: dict[str, dict[Expression, None]] = {}
    for action in procedure.written_actions:
        for arrow in action.arrows:
            if arrow.when is not None:
                guards.setdefault(action.id, {})[arrow.when] = None
    return {name: tuple(conditions) for name, conditions in guards.items()}


def limited_of(procedure: Procedure) -> Mapping[str, tuple[Action, ...]]:
    """Return the occurrences of each action that have `at-most`."""
    limited: dict[str, tuple[Action, ...]] = {}
    for action in procedure.written_actions:
        # Of a status history nobody can count how often an action was used: other ways may lead to the same status.
        if action.at_most is not None and not action.id.startswith(ENTERS):
            limited[action.id] = (*limited.get(action.id, ()), action)
    return limited
