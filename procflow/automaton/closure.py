"""The closure of a vector: what is reached by skipping actions, and the way back from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import overload

from procflow.automaton.automaton import Move
from procflow.automaton.vectors import Back, Cost, Key, Vector
from procflow.model.configuration import Configuration

MOST_PAIRINGS = 4
"""How many ways of pairing skipped with unexpected actions are followed for each configuration."""


class Closure:
    """The configurations reached by skipping, with the cheapest way to each."""

    def __init__(self, vector: Vector) -> None:
        self._index = {(entry.at, entry.unpaired): index for index, entry in enumerate(vector.entries)}
        self._parent: dict[Key, tuple[Key, Move]] = {}
        self._least: dict[Configuration, list[Key]] = {}
        self.cost: dict[Key, Cost] = {(entry.at, entry.unpaired): entry.cost for entry in vector.entries}
        self.settled: list[Key] = []
        """In the order of cost, then of the document."""
        self.horizon = vector.horizon
        self.proven = True

    def is_beyond(self, cost: Cost) -> bool:
        """True if what costs so much need not be looked at: it may be reached for less from beyond the horizon."""
        return self.horizon is not None and cost.flow >= self.horizon

    def end_at(self, cost: Cost) -> None:
        """Look no further than what costs less than `cost`."""
        self.horizon = cost.flow

    def settles(self, key: Key, cost: Cost) -> bool:
        """Take note of a cheapest way; False if it is known already, or others to the same configuration are better."""
        others = self._least.setdefault(key[0], [])
        if cost != self.cost[key] or key in others or len(others) >= MOST_PAIRINGS:
            return False
        if others and self.cost[others[0]][:2] != cost[:2]:
            return False
        others.append(key)
        self.settled.append(key)
        return True

    def improves(self, key: Key, cost: Cost) -> bool:
        """Return True for a better way, and for a skip now that costs what it cost before an earlier event."""
        known = self.cost.get(key)
        return known is None or cost < known or (cost == known and key not in self._parent)

    def is_reached(self, key: Key) -> bool:
        """True if the cheapest way skips something."""
        return key in self._parent

    def reach(self, key: Key, cost: Cost, source: Key, move: Move) -> None:
        self.cost[key] = cost
        self._parent[key] = (source, move)

    def ways_back(self, ways: Sequence[tuple[Key, Move | None]]) -> Sequence[Back]:
        """Return how entries were got to that are reached from settled configurations by these moves."""
        return _WaysBack(self._index, self._parent, ways)


class _WaysBack(Sequence[Back]):
    """Follows a way back when it is asked for: few are, and together they may be as long as the square of the search."""

    __slots__ = ("_index", "_parent", "_ways")

    def __init__(
        self,
        index: Mapping[Key, int],
        parent: Mapping[Key, tuple[Key, Move]],
        ways: Sequence[tuple[Key, Move | None]],
    ) -> None:
        self._index = index
        self._parent = parent
        self._ways = ways

    def __len__(self) -> int:
        return len(self._ways)

    @overload
    def __getitem__(self, position: int) -> Back: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Back]: ...
    def __getitem__(self, position: int | slice) -> Back | Sequence[Back]:
        if isinstance(position, slice):
            return _WaysBack(self._index, self._parent, self._ways[position])
        at, move = self._ways[position]
        skips: list[Move] = []
        while at in self._parent:
            at, skip = self._parent[at]
            skips.append(skip)
        return Back(source=self._index[at], skips=tuple(reversed(skips)), move=move)
