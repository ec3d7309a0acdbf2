"""The closure of a vector: what is reached by skipping actions, and the way back from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, overload

from procflow.automaton.moves import Move
from procflow.automaton.vectors import Back, Key, Vector, flow_of, limit
from procflow.model.configuration import Configuration

MOST_PAIRINGS = 4
"""How many ways of pairing skipped with unexpected actions are followed for each configuration."""

PAIRED_WITHIN = 3
"""They are, for what costs less than this more in flow than the best. Of what costs more, one way is followed, and what
is unpaired on it is forgotten."""


class Skip(NamedTuple):
    """A way to skip one action, prepared for searching."""

    target: Configuration
    order: tuple[int, ...]
    """Place of the target in document order."""
    name: str
    attached: int
    """What is attached, as a cost."""
    ahead: int
    """See `Move.ahead`."""
    timed: bool
    """True if nothing is skipped: time ran out."""
    move: Move


class Closure:
    """The configurations reached by skipping, with the cheapest way to each. Costs are plain numbers here."""

    def __init__(self, vector: Vector) -> None:
        self._index = {(entry.at, entry.unpaired): index for index, entry in enumerate(vector.entries)}
        self._parent: dict[Key, tuple[Key, Move]] = {}
        self._limit: dict[Configuration, int] = {}
        """From this cost on a way to the configuration is worse than what is known, whatever is paired."""
        self._followed: dict[Configuration, list[Key]] = {}
        self.cost: dict[Key, int] = {(entry.at, entry.unpaired): entry.cost for entry in vector.entries}
        self.settled: list[Key] = []
        """In the order of cost, then of the document."""
        self.horizon = vector.horizon
        self.proven = True
        for entry in vector.entries:
            self._note(entry.at, entry.cost)

    def is_beyond(self, cost: int) -> bool:
        """True if what costs so much need not be looked at: it may be reached for less from beyond the horizon."""
        return self.horizon is not None and flow_of(cost) >= self.horizon

    def end_at(self, cost: int) -> None:
        """Look no further than what costs less than `cost`."""
        self.horizon = flow_of(cost)

    def settles(self, key: Key, cost: int) -> bool:
        """Take note of a cheapest way; False if it is known already, or others to the same configuration are better."""
        if cost != self.cost[key] or cost >= self._limit[key[0]]:
            return False
        followed = self._followed.get(key[0])
        if followed is None:
            self._followed[key[0]] = [key]
        elif key in followed or len(followed) >= (MOST_PAIRINGS if flow_of(cost) < PAIRED_WITHIN else 1):
            return False
        else:
            followed.append(key)
        self.settled.append(key)
        return True

    def reaches(self, key: Key, cost: int, source: Key, move: Move) -> bool:
        """Take note of a better way, or of a skip now that costs what it cost before an earlier event; else False."""
        at = key[0]
        most = self._limit.get(at)
        if most is not None and cost >= most:
            return False
        known = self.cost.get(key)
        if known is not None and (cost > known or (cost == known and key in self._parent)):
            return False
        self.cost[key] = cost
        self._parent[key] = (source, move)
        self._note(at, cost)
        return True

    def is_reached(self, key: Key) -> bool:
        """True if the cheapest way skips something."""
        return key in self._parent

    def ways_back(self, ways: Sequence[tuple[Key, Move | None]]) -> Sequence[Back]:
        """Return how entries were got to that are reached from settled configurations by these moves."""
        return _WaysBack(self._index, self._parent, ways)

    def _note(self, at: Configuration, cost: int) -> None:
        most = limit(cost)
        if at not in self._limit or most < self._limit[at]:
            self._limit[at] = most


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
