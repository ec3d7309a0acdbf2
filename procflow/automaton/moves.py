"""Moves: what takes a case from one configuration to another, and what a move is put together from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from procflow.automaton.alternatives import Note, NoteKind
from procflow.automaton.machine import START, TIMER, Spec
from procflow.model.configuration import Configuration, Standing
from procflow.model.procedure import Action, Step


class MoveKind(Enum):
    """What a move stands for."""

    ACTION = "action"
    ITEM = "item"
    START = "start"
    ANYTIME = "anytime"
    TIMER = "timer"
    """The time of a step, or of a block, ran out; `action` is None, and `name` says of which."""
    OVERRIDE = "override"
    """Of no machine: somebody put the case there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One way from a configuration to another."""

    target: Configuration
    kind: MoveKind
    step: Step | None
    """The step acted in; None for `anytime`."""
    action: Action | None
    """None for a checklist item."""
    name: str
    notes: tuple[Note, ...] = ()
    left: tuple[str, ...] = ()
    """Steps this action leaves by an arrow, inner first, and blocks in which it ends a branch."""
    entered: tuple[str, ...] = ()
    """Steps it enters, outer first, blocks included."""
    consumed: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Actions that were done early and are not asked for again, each with the steps it leaves; in order."""
    cut: bool = False
    """True if there are more ways than this one and those before it, and they are not followed."""
    ahead: int = 0
    """Of a skip: what may come after it, to be held against `goals`."""
    collect: tuple[str, ...] = ()
    """Data fields that must be known: the action's own, and the step's if it leaves the step."""
    evidence: tuple[str, ...] = ()
    """Proofs that must be attached, likewise."""

    @property
    def attached(self) -> int:
        """The second component of the cost."""
        return sum(note.attached for note in self.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A region after something was entered."""

    standing: Standing
    notes: tuple[Note, ...] = ()
    entered: tuple[str, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """A move of one region, before the enclosing region has been looked at."""

    entry: Entered
    kind: MoveKind
    spec: Spec
    notes: tuple[Note, ...]
    left: tuple[str, ...]
    ahead: int = 0


def put_into(inner: Inner, entry: Entered, *, left: tuple[str, ...]) -> Inner:
    """Return the move of a branch as a move of the enclosing region: what was attached inside stays attached."""
    combined = Entered(
        standing=entry.standing,
        notes=inner.entry.notes + entry.notes,
        entered=inner.entry.entered + entry.entered,
        cut=inner.entry.cut or entry.cut,
    )
    return Inner(entry=combined, kind=inner.kind, spec=inner.spec, notes=inner.notes, left=left, ahead=inner.ahead)


def at_most(most: int, entries: Iterator[Entered]) -> Iterator[Entered]:
    """Yield the first entries; the last of them is `cut` if there are more."""
    for count, entry in enumerate(entries, start=1):
        if count == most:
            yield entry if next(entries, None) is None else replace(entry, cut=True)
            return
        yield entry


def too_many(action: Action, limited: Sequence[Action], used_up: frozenset[int]) -> tuple[Note, ...]:
    if any(limited[position] is action for position in used_up):
        return (Note(kind=NoteKind.TOO_MANY, condition=None, where=action.where),)
    return ()


def kind_of(spec: Spec, trigger: str) -> MoveKind:
    if trigger.startswith(START):
        return MoveKind.START
    if trigger.startswith(TIMER):
        return MoveKind.TIMER
    return MoveKind.ITEM if spec.action is None else MoveKind.ACTION


def demands(step: Step | None, action: Action | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what an action collects and proves, with what its step does if it leaves the step complete."""
    if action is None:
        return (), ()
    if step is None or not action.moves or action.incomplete:
        return action.collect, action.evidence
    return tuple(dict.fromkeys(step.collect + action.collect)), tuple(dict.fromkeys(step.evidence + action.evidence))
