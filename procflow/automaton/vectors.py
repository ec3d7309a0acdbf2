"""What an alignment is made of: costs, entries, vectors, and what an event does to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from procflow.automaton.alternatives import Note, Reading
from procflow.automaton.automaton import Move
from procflow.automaton.wrong_order import NONE_UNPAIRED, Unpaired
from procflow.model.configuration import Configuration

# Searches make costs by the hundred thousand; this is twice as fast as calling the class.
_new = tuple.__new__


class Cost(NamedTuple):
    """A lexicographic cost; see the head of this file."""

    flow: int = 0
    attached: int = 0
    findings: int = 0
    left_out: int = 0
    unobserved: int = 0

    def plus(self, other: Cost) -> Cost:
        """Return the sum, component by component."""
        a, b, c, d, e = self
        f, g, h, i, j = other
        return _new(Cost, (a + f, b + g, c + h, d + i, e + j))

    def minus(self, other: Cost) -> Cost:
        """Return the difference, component by component."""
        a, b, c, d, e = self
        f, g, h, i, j = other
        return _new(Cost, (a - f, b - g, c - h, d - i, e - j))


NOTHING = Cost()


class Label(NamedTuple):
    """What an event says for the flow."""

    action: str
    start: bool = False


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
    width: int
    """How many entries it may hold."""
    proven: bool

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
    """None if the event was left out."""


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
