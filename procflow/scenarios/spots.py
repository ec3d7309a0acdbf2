"""What an action means where a case stands: which step it is done in, what it needs first, what it must come with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from procflow.automaton.automaton import Automaton
from procflow.automaton.moves import demands
from procflow.model.configuration import Configuration
from procflow.model.procedure import Action, Arrow, Procedure, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One place of the procedure where an action can be done."""

    step: Step | None
    """None: at any time."""
    action: Action | None
    """None: it is an item of a checklist."""
    items: tuple[str, ...] = ()
    """What of the checklist must be done before it, in order."""

    @property
    def required(self) -> tuple[str, ...]:
        """The data fields that must be known with it."""
        return demands(self.step, self.action)[0]

    @property
    def proofs(self) -> tuple[str, ...]:
        """The evidence it must carry."""
        return demands(self.step, self.action)[1]

    @property
    def may_give(self) -> tuple[str, ...]:
        """The data fields that may be given with it, those it must know among them; an item of a checklist gives none."""
        if self.action is None:
            return ()
        if self.step is None:
            return (*self.action.collect, *self.action.optional)
        own = (*self.action.collect, *self.action.optional)
        return tuple(dict.fromkeys((*self.step.collect, *own, *self.step.optional)))

    @property
    def giveable(self) -> frozenset[str]:
        """The same as a set."""
        return frozenset(self.may_give)

    @property
    def moves(self) -> bool:
        """False for what only records."""
        return self.action is None or self.action.moves

    @property
    def arrows(self) -> tuple[Arrow, ...]:
        """Where it leads; () for an item."""
        return self.action.arrows if self.action is not None else ()


def spot_of(automaton: Automaton, at: Configuration, name: str) -> Spot | None:
    """Return where action `name` is done by a case that stands at `at`: where it is due, or would be once the checklist
    is done; else at any time; else, out of its place, where the procedure names it first. None: nowhere.
    """
    procedure = automaton.procedure
    due = list(automaton.due(at))
    for step, one in due:
        if one == name:
            return Spot(step=step, action=step.actions.get(name))
    for step in active(procedure, at):
        if name in step.actions and step.checklist is not None:
            return Spot(step=step, action=step.actions[name], items=_open_items(step, due))
    if name in procedure.anytime:
        return Spot(step=None, action=procedure.anytime[name])
    return next(_anywhere(procedure, name), None)


def active(procedure: Procedure, at: Configuration) -> Iterator[Step]:
    """Yield the steps in which somebody can act, without the blocks around them."""
    return (one for name in at.active_steps() if (one := procedure.steps[name]).parallel is None)


def _open_items(step: Step, due: list[tuple[Step, str]]) -> tuple[str, ...]:
    """Return the items of a checklist that are not done, in their order."""
    assert step.checklist is not None
    items = step.checklist.items
    here = [name for one, name in due if one is step and name in items]
    if step.checklist.any_order or not here:
        return tuple(here)
    return items[items.index(here[0]) :]


def _anywhere(procedure: Procedure, name: str) -> Iterator[Spot]:
    for step in procedure.steps.values():
        if name in step.actions:
            yield Spot(step=step, action=step.actions[name])
        elif step.checklist is not None and name in step.checklist.items:
            yield Spot(step=step, action=None)


def givers_of(procedure: Procedure) -> list[tuple[str, ...]]:
    """Return the data fields each step and action collects or lets be given."""
    things: list[Step | Action] = [*procedure.steps.values(), *procedure.written_actions]
    return [(*one.collect, *one.optional) for one in things]
