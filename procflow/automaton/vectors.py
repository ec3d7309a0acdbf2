"""What an alignment is made of: costs, entries, vectors, and what an event does to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from procflow.automaton.alternatives import Note, Reading
from procflow.automaton.moves import Move
from procflow.automaton.wrong_order import NONE_UNPAIRED, Unpaired
from procflow.model.configuration import Configuration

_DIGIT = 40
"""Bits of each component: a component is counted to a million million before it would reach the next."""
_HALF = 1 << (_DIGIT - 1)
TIMED = 1
UNOBSERVED = 1 << _DIGIT
LEFT_OUT = 1 << 2 * _DIGIT
FINDING = 1 << 3 * _DIGIT
ATTACHED = 1 << 4 * _DIGIT
FLOW = 1 << 5 * _DIGIT


class Cost(int):
    """A lexicographic cost, one number with a digit for each component: what it counts, `alignment.py` says.

    Sums and differences of costs are those of the numbers, and so is their order. A digit of a difference may be
    negative.
    """

    __slots__ = ()

    @property
    def flow(self) -> int:
        """Skipped actions and events not due."""
        return flow_of(self)

    @property
    def attached(self) -> int:
        """Conditions not met or undecided, and uses beyond `at-most`."""
        return self._digit(4)

    @property
    def findings(self) -> int:
        """Deviations of the flow as they are told."""
        return self._digit(3)

    @property
    def left_out(self) -> int:
        """Events not due."""
        return self._digit(2)

    @property
    def unobserved(self) -> int:
        """Actions skipped inside a gap."""
        return self._digit(1)

    @property
    def timed(self) -> int:
        """How often a case is taken to have gone on because time ran out, with nothing on record of it."""
        return self._digit(0)

    def plus(self, other: Cost) -> Cost:
        """Return the sum, component by component."""
        return Cost(self + other)

    def _digit(self, place: int) -> int:
        above = _upto(self, place + 1)
        return _upto(self - (above << (place + 1) * _DIGIT), place)

    def __repr__(self) -> str:
        names = ("flow", "attached", "findings", "left_out", "unobserved", "timed")
        return f"Cost({', '.join(f'{name}={getattr(self, name)}' for name in names)})"


NOTHING = Cost()


def flow_of(cost: int) -> int:
    """Return the first component."""
    return _upto(cost, 5)


def weighed(cost: int) -> int:
    """Return the first two components as one number: what an explanation is chosen by before anything else."""
    return _upto(cost, 4)


def limit(cost: int) -> int:
    """Return the least cost that is `weighed` more than this one."""
    return ((weighed(cost) + 1) << 4 * _DIGIT) - (_HALF << 3 * _DIGIT)


def _upto(cost: int, place: int) -> int:
    """Return the components from the first to this one; those after it may be negative."""
    return (cost + (_HALF << (place - 1) * _DIGIT)) >> place * _DIGIT if place else cost


class Label(NamedTuple):
    """What an event says for the flow."""

    action: str
    start: bool = False
    whose: frozenset[str] | None = None
    """Of work that is accepted or given back: the steps of whoever does it; None if nobody can tell, or it is all one."""


STANDS = Label("")
"""Of an event that says nothing."""


class Scope(NamedTuple):
    """How widely is searched."""

    width: int
    """How many entries a vector may hold."""
    lean: bool
    """True: what lags behind on a line is dropped. No work may be started then: see `lines.py`."""


class Entry(NamedTuple):
    """One explanation worth following: the cheapest that ends in a configuration with this left to be paired."""

    at: Configuration
    cost: Cost
    unpaired: Unpaired = NONE_UNPAIRED


@dataclass(frozen=True, slots=True, eq=False)
class Vector:
    """Costs relative to the best entry, entries in document order. Equal vectors are the same object."""

    entries: tuple[Entry, ...]
    best: int
    """Index of the canonical entry: the cheapest, then first in document order."""
    horizon: int | None
    """What the vector does not hold costs at least this in flow, relative to the best entry; None: it holds all."""
    scope: Scope
    proven: bool
    dropped: bool
    """True if something was dropped because it lags behind."""

    @property
    def configuration(self) -> Configuration:
        """Where the canonical explanation says the case stands."""
        return self.entries[self.best].at

    @property
    def exhausted(self) -> bool:
        """True if something cheaper than the best entry may lie beyond the horizon."""
        return self.horizon is not None and self.horizon <= 0


@dataclass(frozen=True, slots=True, eq=False)
class Back:
    """How the cheapest explanation got to an entry."""

    source: int
    """Index of the entry before the event."""
    skips: tuple[Move, ...]
    move: Move | None
    """None if the event was left out, or says nothing about the flow."""


@dataclass(frozen=True, slots=True, eq=False)
class Advance:
    """What an event does to a vector."""

    vector: Vector
    cost: Cost
    """What the best explanation costs more than before."""
    back: Sequence[Back]
    """One for each entry of the new vector."""
    known: dict[int, object] = field(default_factory=dict, repr=False)
    """For whoever tells paths: what it has worked out about entries, kept as long as the advance is remembered."""


class Circumstances(NamedTuple):
    """What an advance depends on besides the vector and the label; equal circumstances, equal advance."""

    before: tuple[Reading, ...]
    """The automaton's `gates` on the record before the event."""
    after: tuple[Reading, ...]
    """The same with the event's own data."""
    guards: tuple[Reading, ...]
    """`guards` of the action, with the event's own data."""
    used_up: frozenset[int]
    """See `Automaton.moves`."""
    gap: bool
    """True if entries of the log are missing before the event: skips cost nothing there."""


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """The vector of a case that opens."""

    vector: Vector
    cost: Cost
    notes: tuple[tuple[Note, ...], ...]
    """What is attached, for each entry of the vector."""


class Onward(NamedTuple):
    """What is missing to an end."""

    flow: int | None
    """What the cheapest complete explanation costs more than the best prefix; None if no end is reachable."""
    proven: bool


Key = tuple[Configuration, Unpaired]
"""What an entry is told by."""
