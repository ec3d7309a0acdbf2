"""What an event amounts to, as rules speak of it: `send`, `draft.send`, `leaves draft`, `enters approval`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from procflow.automaton.moves import Move, MoveKind
from procflow.model.configuration import Configuration
from procflow.model.rule import Happening, HappeningKind

_KINDS = HappeningKind
_MOST_KNOWN = 10_000
_NO_DEED = (MoveKind.OVERRIDE, MoveKind.TIMER)


@lru_cache(maxsize=_MOST_KNOWN)
def entering(step: str) -> Happening:
    """Return that a step is entered."""
    return Happening(kind=_KINDS.ENTERS, name=step)


@lru_cache(maxsize=_MOST_KNOWN)
def leaving(step: str) -> Happening:
    """Return that a step is left."""
    return Happening(kind=_KINDS.LEAVES, name=step)


@lru_cache(maxsize=_MOST_KNOWN)
def of_start(action: str) -> tuple[Happening, ...]:
    """Return what the start of work on an action amounts to."""
    return (Happening(kind=_KINDS.STARTS, name=action),)


@lru_cache(maxsize=_MOST_KNOWN)
def of_action(action: str, step: str | None = None) -> tuple[Happening, ...]:
    """Return what an action amounts to, wherever it led; `step` is where it was done, None if in none."""
    anywhere = Happening(kind=_KINDS.ACTION, name=action)
    return (anywhere,) if step is None else (anywhere, Happening(kind=_KINDS.ACTION, name=action, step=step))


def of_move(move: Move, stood: Configuration) -> tuple[Happening, ...]:
    """Return what a move amounts to in a case that stood at `stood`: what is done, what is left, what is entered.

    Where time runs out nothing is done.

    Steps are left inner first and entered outer first. A block in which nothing is needed is entered and left. What an
    override does early is not told by where it leads.
    """
    done: tuple[Happening, ...] = ()
    if move.kind not in _NO_DEED:
        done = of_action(move.name, move.step.id if move.step is not None else None)
    entered = tuple(dict.fromkeys(move.entered))
    left = tuple(dict.fromkeys(_left(move, stood, entered)))
    return (*done, *map(leaving, left), *map(entering, entered))


def _left(move: Move, stood: Configuration, entered: tuple[str, ...]) -> Iterator[str]:
    """Yield the steps a move leaves, inner first."""
    before, after = tuple(stood.active_steps()), frozenset(move.target.active_steps())
    elsewhere = move.kind is MoveKind.ANYTIME and bool(entered)
    by_arrow = frozenset((*move.left, *(step for _, left in move.consumed for step in left)))
    for step in reversed(before):
        if step not in after or (step in entered and (elsewhere or step in by_arrow)):
            yield step
    for step in reversed(entered):
        if step not in after:
            yield step
