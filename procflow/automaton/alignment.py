"""Incremental optimal alignment: what is the cheapest story that explains the events so far?

A `Vector` holds, for every configuration a case may be in, the cost of the cheapest explanation that ends there. An
event advances the vector: first it is closed over skipped actions (on the record as it was before the event), then
the event is either a move in step, or not due and left out. Costs add up lexicographically:

    flow        a skipped action 1, an event that is not due 1, a move in step 0
    attached    conditions not met or undecided, uses beyond `at-most`
    left_out    events not due: among equals, the story with more events in step is told
    unobserved  actions skipped inside a gap of the log, which cost nothing else

and what is still equal is settled by document order, so that everybody always gets the same explanation. Vectors are
normalised (the best entry costs nothing) and memoised with their advances: equal variants are judged once, whatever
the number of cases or the length of their history.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import NamedTuple, overload

from procflow.automaton.alternatives import Note, Read, Reading
from procflow.automaton.automaton import Automaton, Move
from procflow.model.configuration import Configuration

MOST_CONFIGURATIONS = 2_000
"""How many configurations one event may explore; beyond it a result is not proven optimal, and says so."""

MOVES_EACH = 8
"""How many moves it may look at for each of these, on the average: an action may have thousands of alternatives.

A move among many branches counts more than once, as it takes longer to look at.
"""

MOST_REMEMBERED = 500_000
"""How many entries of vectors are remembered before the memory is emptied; only speed depends on it."""


class Cost(NamedTuple):
    """A lexicographic cost; see the head of this file."""

    flow: int = 0
    attached: int = 0
    left_out: int = 0
    unobserved: int = 0

    def plus(self, other: Cost) -> Cost:
        """Return the sum, component by component."""
        return Cost(
            self.flow + other.flow,
            self.attached + other.attached,
            self.left_out + other.left_out,
            self.unobserved + other.unobserved,
        )

    def minus(self, other: Cost) -> Cost:
        """Return the difference, component by component."""
        return Cost(
            self.flow - other.flow,
            self.attached - other.attached,
            self.left_out - other.left_out,
            self.unobserved - other.unobserved,
        )


NOTHING = Cost()
LEFT_OUT = Cost(flow=1, left_out=1)


class Label(NamedTuple):
    """What an event says for the flow."""

    action: str
    start: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Vector:
    """Costs relative to the best entry, entries in document order. Equal vectors are the same object."""

    entries: tuple[tuple[Configuration, Cost], ...]
    best: int
    """Index of the canonical entry: the cheapest, then first in document order."""
    proven: bool

    @property
    def configuration(self) -> Configuration:
        """Where the canonical explanation says the case stands."""
        return self.entries[self.best][0]


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


class Aligner:
    """Advances vectors of one automaton and remembers. Shared by threads: a lost update costs time, never truth."""

    def __init__(self, automaton: Automaton, most_configurations: int = MOST_CONFIGURATIONS) -> None:
        self.automaton = automaton
        self._most = most_configurations
        self._most_moves = most_configurations * MOVES_EACH
        self._vectors: dict[tuple[object, ...], Vector] = {}
        self._advances: dict[tuple[Vector, Label, Circumstances], Advance] = {}
        self._remembered = 0
        self._skips: dict[tuple[Configuration, tuple[Reading, ...]], tuple[Move, ...]] = {}
        self._orders: dict[Configuration, tuple[int, ...]] = {}
        self._onward: dict[tuple[Vector, tuple[Reading, ...]], int | None] = {}

    def opening(self, gates: tuple[Reading, ...], *, on_record: bool) -> Opening:
        """Return the vector of a case that opens on a record with these readings of the gates.

        If nothing is on record of the opening, what was known then cannot be witnessed, and nothing attached costs.
        """
        notes: dict[Configuration, tuple[Note, ...]] = {}
        starts = self.automaton.initial(self._read(gates))
        for at, its, _ in starts:
            if at not in notes or _attached(its).attached < _attached(notes[at]).attached:
                notes[at] = its
        costs = {at: _attached(its) if on_record else NOTHING for at, its in notes.items()}
        vector, best = self._vector(costs, proven=not any(cut for _, _, cut in starts))
        return Opening(vector=vector, cost=best, notes=tuple(notes[at] for at, _ in vector.entries))

    def advance(self, vector: Vector, label: Label, given: Circumstances) -> Advance:
        """Return what an event does; the same object for equal arguments as long as it is remembered."""
        key = (vector, label, given)
        found = self._advances.get(key)
        if found is None:
            found = self._compute(vector, label, given)
            self._make_room(len(found.back))
            self._advances[key] = found
        return found

    def _make_room(self, size: int) -> None:
        self._remembered += size
        if self._remembered <= MOST_REMEMBERED:
            return
        self._remembered = size
        for memory in (self._advances, self._vectors, self._onward, self._skips, self._orders):
            memory.clear()

    def to_an_end(self, vector: Vector, gates: tuple[Reading, ...]) -> int | None:
        """Return what the cheapest complete explanation costs more than the best prefix; None if no end is reachable.

        In flow alone, and data-free as skips are.
        """
        key = (vector, gates)
        if key not in self._onward:
            closed, _ = self._close(vector, gates, gap=False)
            ends = [cost.flow for at, cost in closed.cost.items() if self.automaton.is_end(at)]
            self._onward[key] = min(ends, default=None)
        return self._onward[key]

    def _compute(self, vector: Vector, label: Label, given: Circumstances) -> Advance:
        closed, proven = self._close(vector, given.before, gap=given.gap)
        read = self._read(given.after, label.action, given.guards)
        costs: dict[Configuration, Cost] = {}
        ways: dict[Configuration, tuple[Configuration, Move | None]] = {}
        looked = 0
        for at in closed.settled:
            if looked > self._most_moves:
                proven = False
                break
            for target, step, move in self._after(at, label, read, given.used_up):
                looked += _weight(at)
                proven = proven and (move is None or not move.cut)
                cost = closed.cost[at].plus(step)
                if target not in costs or cost < costs[target]:
                    costs[target] = cost
                    ways[target] = (at, move)
        after, best = self._vector(costs, proven=proven and vector.proven)
        return Advance(vector=after, cost=best, back=closed.ways_back([ways[at] for at, _ in after.entries]))

    def _read(self, gates: tuple[Reading, ...], action: str = "", guards: tuple[Reading, ...] = ()) -> Read:
        readings = dict(zip(self.automaton.gates, gates, strict=True))
        readings.update(zip(self.automaton.guards.get(action, ()), guards, strict=True))
        return readings.__getitem__

    def _after(
        self, at: Configuration, label: Label, read: Read, used_up: frozenset[int]
    ) -> Iterator[tuple[Configuration, Cost, Move | None]]:
        for move in self.automaton.moves(at, label.action, start=label.start, read=read, used_up=used_up):
            yield move.target, Cost(attached=move.attached), move
        yield at, LEFT_OUT, None

    def _order(self, at: Configuration) -> tuple[int, ...]:
        found = self._orders.get(at)
        if found is None:
            found = self._orders[at] = self.automaton.order(at)
        return found

    def _skips_at(self, at: Configuration, gates: tuple[Reading, ...]) -> tuple[Move, ...]:
        found = self._skips.get((at, gates))
        if found is None:
            found = tuple(self.automaton.skips(at, self._read(gates)))
            self._make_room(len(found) * _weight(at))
            self._skips[at, gates] = found
        return found

    def _close(self, vector: Vector, gates: tuple[Reading, ...], *, gap: bool) -> tuple[_Closure, bool]:
        """Close a vector over skipped actions: Dijkstra over lexicographic costs, ties in document order."""
        closure = _Closure(vector)
        waiting: list[tuple[Cost, tuple[int, ...], int, Configuration]] = []
        for at, cost in vector.entries:
            heappush(waiting, (cost, self._order(at), len(waiting), at))
        pushed, looked = len(waiting), 0
        proven = True
        done: set[Configuration] = set()
        while waiting:
            cost, _, _, at = heappop(waiting)
            if at in done:
                continue
            if len(done) >= self._most or looked > self._most_moves:
                return closure, False
            done.add(at)
            closure.settled.append(at)
            moves = self._skips_at(at, gates)
            looked += len(moves) * _weight(at)
            for move in moves:
                proven = proven and not move.cut
                further = cost.plus(Cost(flow=0 if gap else 1, attached=move.attached, unobserved=1 if gap else 0))
                if closure.improves(move.target, further):
                    closure.reach(move.target, further, at, move)
                    heappush(waiting, (further, self._order(move.target), pushed, move.target))
                    pushed += 1
        return closure, proven

    def _vector(self, costs: Mapping[Configuration, Cost], *, proven: bool) -> tuple[Vector, Cost]:
        order = sorted(costs, key=self._order)
        best = min(range(len(order)), key=lambda index: costs[order[index]])
        least = costs[order[best]]
        entries = tuple((at, costs[at].minus(least)) for at in order)
        key = (entries, proven)
        return self._vectors.setdefault(key, Vector(entries, best, proven)), least


class _Closure:
    """The configurations reached by skipping, with the cheapest way to each."""

    def __init__(self, vector: Vector) -> None:
        self._index = {at: index for index, (at, _) in enumerate(vector.entries)}
        self._parent: dict[Configuration, tuple[Configuration, Move]] = {}
        self.cost: dict[Configuration, Cost] = dict(vector.entries)
        self.settled: list[Configuration] = []
        """In the order of cost, then of the document."""

    def improves(self, at: Configuration, cost: Cost) -> bool:
        """Return True for a better way, and for a skip now that costs what it cost before an earlier event."""
        known = self.cost.get(at)
        return known is None or cost < known or (cost == known and at not in self._parent)

    def reach(self, at: Configuration, cost: Cost, source: Configuration, move: Move) -> None:
        self.cost[at] = cost
        self._parent[at] = (source, move)

    def ways_back(self, ways: Sequence[tuple[Configuration, Move | None]]) -> Sequence[Back]:
        """Return how entries were got to that are reached from settled configurations by these moves."""
        return _WaysBack(self._index, self._parent, ways)


class _WaysBack(Sequence[Back]):
    """Follows a way back when it is asked for: few are, and together they may be as long as the square of the search."""

    __slots__ = ("_index", "_parent", "_ways")

    def __init__(
        self,
        index: Mapping[Configuration, int],
        parent: Mapping[Configuration, tuple[Configuration, Move]],
        ways: Sequence[tuple[Configuration, Move | None]],
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


def _weight(at: Configuration) -> int:
    return 1 + len(at.branches) // 8


def _attached(notes: tuple[Note, ...]) -> Cost:
    return Cost(attached=sum(note.attached for note in notes))
