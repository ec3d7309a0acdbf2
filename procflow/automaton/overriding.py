"""An override as a move: the case goes where it is put, whatever leads there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procflow.automaton.configurations import parse_configuration
from procflow.automaton.moves import Move, MoveKind
from procflow.model.configuration import Configuration
from procflow.model.event import Act, Event
from procflow.model.procedure import Action, Procedure


def destination(procedure: Procedure, event: Event) -> Configuration:
    """Return where an override puts the case. Raises ValueError if it names no configuration of the procedure."""
    if event.override is None:
        raise ValueError("it does not say where the case stands afterwards")
    return parse_configuration(event.override.to, procedure)


def overriding(procedure: Procedure, at: Configuration, to: Configuration, event: Event) -> Move:
    """Return an override as a move from `at`: steps that were not active there are entered, none is left.

    What is done early must carry what every action of that name demands of itself: which of them it was done for,
    nobody can say yet.
    """
    early = event.override is not None and event.override.act is Act.DO_EARLY
    done = list(_called(procedure, event.action)) if early else []
    before = frozenset(at.active_steps())
    return Move(
        target=to,
        kind=MoveKind.OVERRIDE,
        step=None,
        action=done[0] if done else None,
        name=event.action,
        entered=tuple(step for step in to.active_steps() if step not in before),
        collect=_common([action.collect for action in done]),
        evidence=_common([action.evidence for action in done]),
    )


def _called(procedure: Procedure, name: str) -> Iterator[Action]:
    for actions in (*(step.actions for step in procedure.steps.values()), procedure.anytime):
        if name in actions:
            yield actions[name]


def _common(demands: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(name for name in demands[0] if all(name in names for names in demands)) if demands else ()
