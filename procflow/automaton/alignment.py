"""Incremental optimal alignment: what is the cheapest story that explains the events so far?

A `Vector` holds, for configurations a case may be in, the cost of the cheapest explanation that ends there. An event
advances the vector: first it is closed over skipped actions (on the record as it was before the event), then the
event is either a move in step, or not due and left out. Costs add up lexicographically:

    flow        a skipped action 1, an event that is not due 1, a move in step 0
    attached    conditions not met or undecided, uses beyond `at-most`
    findings    deviations of the flow as they are told: a skipped action and an unexpected occurrence of the same
                action are one, wrong-order
    left_out    events not due: among equals, the story with more events in step is told
    unobserved  actions skipped inside a gap of the log, which cost nothing else

and what is still equal is settled by document order, so that everybody always gets the same explanation.

The search is sparse. What can be skipped later at the same cost is not skipped now: only what leads to the event, or
to an `only-if` that the event changes. Of the rest the cheapest are kept, whole levels of the flow's cost at a time,
and the vector knows its `horizon`: whatever it does not hold costs at least as much. When the best explanation has
come up to the horizon the vector is `exhausted`: whoever advances it begins again with a wider one, so that a width
is paid for by the cases that deviate much. Vectors are normalised (the best entry costs nothing) and memoised with
their advances: equal variants are judged once, whatever the number of cases or the length of their history.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from heapq import heappop, heappush
from itertools import count

from procflow.automaton.alternatives import Note, Read, Reading
from procflow.automaton.automaton import Automaton, Move
from procflow.automaton.closure import MOST_PAIRINGS, Closure
from procflow.automaton.reach import Distances
from procflow.automaton.vectors import (
    NOTHING,
    Advance,
    Back,
    Circumstances,
    Cost,
    Entry,
    Key,
    Label,
    Onward,
    Opening,
    Vector,
)
from procflow.automaton.wrong_order import NONE_UNPAIRED, left_out, skipped
from procflow.model.configuration import Configuration

MOST_CONFIGURATIONS = 2_000
"""How many entries a vector may hold, and how many configurations one event may explore; beyond it a result is not
proven optimal, and says so."""

FIRST_WIDTH = 16
"""How many entries a vector holds at first; four times as many whenever they are exhausted."""

MOVES_EACH = 8
"""How many moves an event may look at for each configuration, on the average: an action may have thousands of
alternatives. A move among many branches counts more than once, as it takes longer to look at."""

MOST_REMEMBERED = 500_000
"""How many entries of vectors are remembered before the memory is emptied; only speed depends on it."""


class Aligner:
    """Advances vectors of one automaton and remembers. Shared by threads: a lost update costs time, never truth."""

    def __init__(
        self,
        automaton: Automaton,
        most_configurations: int = MOST_CONFIGURATIONS,
        first_width: int = FIRST_WIDTH,
    ) -> None:
        self.automaton = automaton
        self._most = most_configurations
        self._first_width = min(first_width, most_configurations)
        # A gate that reads the clock or counts may read otherwise at the next event, whatever that says.
        self._restless = any(gate.reads_now or gate.counts for gate in automaton.gates)
        self._vectors: dict[tuple[object, ...], Vector] = {}
        self._advances: dict[tuple[Vector, Label, Circumstances], Advance] = {}
        self._remembered = 0
        self._skips: dict[tuple[Configuration, tuple[Reading, ...]], tuple[Move, ...]] = {}
        self._orders: dict[Configuration, tuple[int, ...]] = {}
        self._onward: dict[tuple[Vector, tuple[Reading, ...]], Onward] = {}

    def opening(self, gates: tuple[Reading, ...], *, on_record: bool, width: int | None = None) -> Opening:
        """Return the vector of a case that opens on a record with these readings of the gates.

        If nothing is on record of the opening, what was known then cannot be witnessed, and nothing attached costs.
        """
        notes: dict[Configuration, tuple[Note, ...]] = {}
        starts = self.automaton.initial(self._read(gates))
        for at, its, _ in starts:
            if at not in notes or _attached(its).attached < _attached(notes[at]).attached:
                notes[at] = its
        costs = {(at, NONE_UNPAIRED): _attached(its) if on_record else NOTHING for at, its in notes.items()}
        proven = not any(cut for _, _, cut in starts)
        vector, best = self._vector(costs, horizon=None, width=width or self._first_width, proven=proven)
        if vector.exhausted:
            return self.opening(gates, on_record=on_record, width=self.wider(vector))
        return Opening(vector=vector, cost=best, notes=tuple(notes[entry.at] for entry in vector.entries))

    def wider(self, vector: Vector) -> int | None:
        """Return the width to begin again with where `vector` is exhausted; None if it is as wide as may be."""
        return None if vector.width >= self._most else min(4 * vector.width, self._most)

    def advance(self, vector: Vector, label: Label, given: Circumstances) -> Advance:
        """Return what an event does; the same object for equal arguments as long as it is remembered."""
        key = (vector, label, given)
        found = self._advances.get(key)
        if found is None:
            found = self._compute(vector, label, given)
            self._make_room(len(found.back))
            self._advances[key] = found
        return found

    def collapse(self, vector: Vector, move: Move) -> Advance:
        """Return what it does to be put where `move` leads: every other explanation ends there, at no cost."""
        costs = {(move.target, NONE_UNPAIRED): NOTHING}
        after, _ = self._vector(costs, horizon=None, width=vector.width, proven=vector.proven)
        return Advance(vector=after, cost=NOTHING, back=(Back(source=vector.best, skips=(), move=move),))

    def _make_room(self, size: int) -> None:
        self._remembered += size
        if self._remembered <= MOST_REMEMBERED:
            return
        self._remembered = size
        for memory in (self._advances, self._vectors, self._onward, self._skips, self._orders):
            memory.clear()

    def to_an_end(self, vector: Vector, gates: tuple[Reading, ...]) -> Onward:
        """Return what is missing to an end: in flow alone, and data-free as skips are."""
        key = (vector, gates)
        found = self._onward.get(key)
        if found is None:
            distances = self.automaton.distances(self._read(gates))
            far = [(entry.cost.flow, self._far(entry.at, gates, distances)) for entry in vector.entries]
            ends = [flow + left for flow, left in far if left is not None]
            flow = min(ends, default=None)
            certain = vector.horizon is None or (flow is not None and flow <= vector.horizon)
            found = self._onward[key] = Onward(flow, vector.proven and certain)
        return found

    def _far(self, at: Configuration, gates: tuple[Reading, ...], distances: Distances) -> int | None:
        """Return how many actions are left to an end. What was done early is not: then the way is searched for."""
        if not at.early:
            return distances.of(at)
        level, seen = [at], {at}
        for skips in count():
            if any(self.automaton.is_end(one) for one in level) or not level:
                return skips if level else None
            if len(seen) > self._most:
                return skips + min((left for one in level if (left := distances.of(one)) is not None), default=0)
            onward = dict.fromkeys(move.target for one in level for move in self._skips_at(one, gates))
            level = [one for one in onward if one not in seen]
            seen.update(level)
        raise AssertionError("every level adds to what was seen")

    def _compute(self, vector: Vector, label: Label, given: Circumstances) -> Advance:
        goals, keeps = self._goals(label, given)
        closed = self._close(vector, given, goals)
        read = self._read(given.after, label.action, given.guards)
        costs: dict[Key, Cost] = {}
        ways: dict[Key, tuple[Key, Move | None]] = {}
        looked, proven = 0, closed.proven and vector.proven
        for source in closed.settled:
            if looked > self._most_moves(vector.width):
                closed.end_at(closed.cost[source])
                break
            for target, step, move in self._after(source, label, read, given.used_up):
                looked += _weight(source[0])
                proven = proven and (move is None or not move.cut)
                if move is None and not keeps and closed.is_reached(source):
                    continue  # to skip and then to leave out is to leave out and then to skip
                cost = closed.cost[source].plus(step)
                if target not in costs or cost < costs[target]:
                    costs[target] = cost
                    ways[target] = (source, move)
        after, best = self._vector(costs, horizon=closed.horizon, width=vector.width, proven=proven)
        back = closed.ways_back([ways[entry.at, entry.unpaired] for entry in after.entries])
        return Advance(vector=after, cost=best, back=back)

    def _goals(self, label: Label, given: Circumstances) -> tuple[int | None, bool]:
        """Return what skips may lead to (None: anything), and whether what they lead to is kept without the event."""
        if given.gap or self._restless:
            return None, True
        gates = zip(self.automaton.gates, given.before, given.after, strict=True)
        changed = [gate for gate, before, after in gates if before is not after]
        return self.automaton.goals([label.action, *changed]), bool(changed)

    def _read(self, gates: tuple[Reading, ...], action: str = "", guards: tuple[Reading, ...] = ()) -> Read:
        readings = dict(zip(self.automaton.gates, gates, strict=True))
        readings.update(zip(self.automaton.guards.get(action, ()), guards, strict=True))
        return readings.__getitem__

    def _after(
        self, source: Key, label: Label, read: Read, used_up: frozenset[int]
    ) -> Iterator[tuple[Key, Cost, Move | None]]:
        at, unpaired = source
        for move in self.automaton.moves(at, label.action, start=label.start, read=read, used_up=used_up):
            yield (move.target, unpaired), Cost(attached=move.attached), move
        # What comes after an end, or was only begun, or has no name in the procedure, is never in the wrong order.
        if not label.start and label.action in self.automaton.alphabet and not self.automaton.is_end(at):
            unpaired, findings = left_out(unpaired, label.action)
        else:
            findings = 1
        yield (at, unpaired), Cost(flow=1, findings=findings, left_out=1), None

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

    def _most_explored(self, width: int) -> int:
        return min(self._most, 8 * width)

    def _most_moves(self, width: int) -> int:
        return MOVES_EACH * self._most_explored(width)

    def _close(self, vector: Vector, given: Circumstances, goals: int | None) -> Closure:
        """Close a vector over skipped actions: Dijkstra over lexicographic costs, ties in document order."""
        closure = Closure(vector)
        waiting: list[tuple[Cost, tuple[int, ...], int, Key]] = []
        for at, cost, unpaired in vector.entries:
            heappush(waiting, (cost, self._order(at), len(waiting), (at, unpaired)))
        pushed, looked = len(waiting), 0
        most, most_moves = self._most_explored(vector.width), self._most_moves(vector.width)
        while waiting:
            cost, _, _, source = heappop(waiting)
            if closure.is_beyond(cost):
                break
            if len(closure.settled) >= most or looked > most_moves:
                closure.end_at(cost)
                break
            if not closure.settles(source, cost):
                continue
            at, unpaired = source
            moves = self._skips_at(at, given.before)
            looked += len(moves) * _weight(at)
            for move in moves:
                if goals is not None and not move.ahead & goals:
                    continue
                if move.cut:
                    closure.proven = False
                left, findings = (unpaired, 0) if given.gap else skipped(unpaired, move.name)
                step = Cost(int(not given.gap), move.attached, findings, 0, int(given.gap))
                further, target = cost.plus(step), (move.target, left)
                if closure.improves(target, further):
                    closure.reach(target, further, source, move)
                    heappush(waiting, (further, self._order(move.target), pushed, target))
                    pushed += 1
        return closure

    def _vector(
        self, costs: Mapping[Key, Cost], *, horizon: int | None, width: int, proven: bool
    ) -> tuple[Vector, Cost]:
        """Return the vector of what is worth keeping, and the cost of its best entry."""
        if horizon is not None:
            # What lies beyond may cost less than is known; nothing does that the best entry is among.
            near = {key: cost for key, cost in costs.items() if cost.flow < horizon}
            costs = near or costs
        kept = _paired_best(costs)
        if len(kept) > width:
            kept, level = _cheapest(kept, costs, width)
            horizon = level if horizon is None else min(level, horizon)
        order = sorted(kept, key=lambda key: (self._order(key[0]), key[1]))
        best = min(range(len(order)), key=lambda index: costs[order[index]])
        least = costs[order[best]]
        left = None if horizon is None else horizon - least.flow
        if left is not None and left <= 0 and width >= self._most:
            left, proven = None, False
        entries = tuple(Entry(key[0], costs[key].minus(least), key[1]) for key in order)
        identity = (entries, left, width, proven)
        return self._vectors.setdefault(identity, Vector(entries, best, left, width, proven)), least


def _weight(at: Configuration) -> int:
    return 1 + len(at.branches) // 8


def _attached(notes: tuple[Note, ...]) -> Cost:
    return Cost(attached=sum(note.attached for note in notes))


def _paired_best(costs: Mapping[Key, Cost]) -> list[Key]:
    """Return for each configuration the cheapest explanations, which differ in what is left to be paired."""
    by_place: dict[Configuration, list[Key]] = {}
    for key in costs:
        by_place.setdefault(key[0], []).append(key)
    kept: list[Key] = []
    for keys in by_place.values():
        if len(keys) > 1:
            keys.sort(key=lambda key: (costs[key], key[1]))
            least = costs[keys[0]][:2]
            keys = [key for key in keys[:MOST_PAIRINGS] if costs[key][:2] == least]
        kept += keys
    return kept


def _cheapest(keys: Iterable[Key], costs: Mapping[Key, Cost], width: int) -> tuple[list[Key], int]:
    """Return the cheapest keys, whole levels of the flow's cost, and the first level that is not among them.

    The first level is always kept: at most `width` of it if it alone is larger, and then nothing lies before the horizon.
    """
    order = sorted(keys, key=lambda key: costs[key])
    level = costs[order[width]].flow
    kept = [key for key in order[:width] if costs[key].flow < level]
    return kept or order[:width], level
