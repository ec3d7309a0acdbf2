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
    timed       moves made because a step's time ran out, which cost nothing else and need not be on record

and what is still equal is settled by document order, so that everybody always gets the same explanation.

The search is sparse. What can be skipped later at the same cost is not skipped now: only what leads to the event, or
to an `only-if` that the event changes. Of the rest the cheapest are kept, whole levels of the flow's cost at a time,
and the vector knows its `horizon`: whatever it does not hold costs at least as much. When the best explanation has
come up to the horizon the vector is `exhausted`: whoever advances it begins again with a wider one, so that a width
is paid for by the cases that deviate much. Vectors are normalised (the best entry costs nothing) and memoised with
their advances: equal variants are judged once, whatever the number of cases or the length of their history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from heapq import heappop, heappush
from itertools import count
from typing import Any

from procflow.automaton.alternatives import Note, Read, Reading
from procflow.automaton.automaton import Automaton
from procflow.automaton.closure import Closure, Skip
from procflow.automaton.keeping import Kept, cheapest_of, entry_of, paired_best, without_laggards
from procflow.automaton.moves import Move, MoveKind
from procflow.automaton.reach import Distances
from procflow.automaton.vectors import (
    ATTACHED,
    FINDING,
    FLOW,
    LEFT_OUT,
    NOTHING,
    STANDS,
    TIMED,
    UNOBSERVED,
    Advance,
    Back,
    Circumstances,
    Cost,
    Key,
    Label,
    Onward,
    Opening,
    Scope,
    Vector,
    flow_of,
)
from procflow.automaton.wrong_order import NONE_UNPAIRED, Unpaired, left_out, skipped
from procflow.model.configuration import Configuration
from procflow.model.hand_off import ACCEPT, ACTS, REFUSE

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


_CLOSES = Label("", start=True)
"""Of an event that says nothing but that no more comes."""
_STARTED = -1
"""The horizon of a vector that dropped what lags behind, and then work was started."""


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
        self._skips: dict[tuple[Configuration, tuple[Reading, ...]], tuple[Skip, ...]] = {}
        self._moves: dict[tuple[object, ...], dict[Configuration, tuple[tuple[Configuration, int, Move], ...]]] = {}
        self._skipped: dict[tuple[Unpaired, str], tuple[Unpaired, int]] = {}
        self._left_out: dict[tuple[Unpaired, str], tuple[Unpaired, int]] = {}
        self._orders: dict[Configuration, tuple[int, ...]] = {}
        self._onward: dict[tuple[Vector, tuple[Reading, ...]], Onward] = {}
        self._distances: dict[tuple[Reading, ...], Distances] = {}

    def opening(self, gates: tuple[Reading, ...], *, on_record: bool, scope: Scope | None = None) -> Opening:
        """Return the vector of a case that opens on a record with these readings of the gates.

        If nothing is on record of the opening, what was known then cannot be witnessed, and nothing attached costs.
        """
        notes: dict[Configuration, tuple[Note, ...]] = {}
        starts = self.automaton.initial(self._read(gates))
        for at, its, _ in starts:
            if at not in notes or _attached(its) < _attached(notes[at]):
                notes[at] = its
        costs = {(at, NONE_UNPAIRED): _attached(its) if on_record else 0 for at, its in notes.items()}
        proven = not any(cut for _, _, cut in starts)
        scope = scope or Scope(self._first_width, lean=True)
        vector, best, _ = self._vector(costs, horizon=None, scope=scope, proven=proven, dropped=False)
        if vector.exhausted:
            return self.opening(gates, on_record=on_record, scope=self.wider(vector))
        return Opening(vector=vector, cost=best, notes=tuple(notes[entry.at] for entry in vector.entries))

    def wider(self, vector: Vector) -> Scope | None:
        """Return the scope to begin again with where `vector` is exhausted; None if it is as wide as may be."""
        if vector.dropped and vector.horizon == _STARTED:
            return vector.scope._replace(lean=False)
        width = vector.scope.width
        return None if width >= self._most else vector.scope._replace(width=min(4 * width, self._most))

    def advance(self, vector: Vector, label: Label, given: Circumstances) -> Advance:
        """Return what an event does; the same object for equal arguments as long as it is remembered."""
        key = (vector, label, given)
        found = self._advances.get(key)
        if found is None:
            found = self._compute(vector, label, given)
            if label.start and vector.dropped:
                # What lags behind might start this again and again, at no cost.
                found = replace(found, vector=replace(found.vector, horizon=_STARTED))
            self._make_room(len(found.back))
            self._advances[key] = found
        return found

    def stand(self, vector: Vector, given: Circumstances, *, closes: bool = False) -> Advance:
        """Return what an event does that says nothing about the flow: what it makes unreachable is skipped to before.

        That is, toward each `only-if` it changes, or anywhere in a gap of the log. Costs nothing. `closes`: nothing more
        comes, so also wherever time alone leads.
        """
        key = (vector, _CLOSES if closes else STANDS, given)
        found = self._advances.get(key)
        if found is None:
            goals, _ = self._goals(STANDS, given)
            closed = self._close(vector, given, goals, by_time=closes)
            costs = {source: closed.cost[source] for source in closed.settled}
            proven = closed.proven and vector.proven
            kept = self._vector(
                costs, horizon=closed.horizon, scope=vector.scope, proven=proven, dropped=vector.dropped
            )
            back = closed.ways_back([(key, None) for key in kept.keys])
            found = self._advances[key] = Advance(vector=kept.vector, cost=kept.cost, back=back)
            self._make_room(len(kept.keys))
        return found

    def collapse(self, vector: Vector, move: Move) -> Advance:
        """Return what it does to be put where `move` leads: every other explanation ends there, at no cost."""
        costs = {(move.target, NONE_UNPAIRED): 0}
        after = self._vector(costs, horizon=None, scope=vector.scope, proven=vector.proven, dropped=False).vector
        return Advance(vector=after, cost=NOTHING, back=(Back(source=vector.best, skips=(), move=move),))

    def _make_room(self, size: int) -> None:
        self._remembered += size
        if self._remembered <= MOST_REMEMBERED:
            return
        self._remembered = size
        memories: tuple[dict[Any, Any], ...] = (
            self._advances,
            self._vectors,
            self._onward,
            self._distances,
            self._skips,
            self._moves,
            self._skipped,
            self._left_out,
            self._orders,
        )
        for memory in memories:
            memory.clear()

    def to_an_end(self, vector: Vector, gates: tuple[Reading, ...]) -> Onward:
        """Return what is missing to an end: in flow alone, and data-free as skips are."""
        key = (vector, gates)
        found = self._onward.get(key)
        if found is None:
            distances = self._distances.get(gates)
            if distances is None:
                distances = self._distances[gates] = self.automaton.distances(self._read(gates))
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
            onward = dict.fromkeys(skip.target for one in level for skip in self._skips_at(one, gates))
            level = [one for one in onward if one not in seen]
            seen.update(level)
        raise AssertionError("every level adds to what was seen")

    def _compute(self, vector: Vector, label: Label, given: Circumstances) -> Advance:
        goals, keeps = self._goals(label, given)
        closed = self._close(vector, given, goals)
        moves = self._moves.setdefault((label, given.after, given.guards, given.used_up), {})
        costs: dict[Key, int] = {}
        ways: dict[Key, tuple[Key, Move | None]] = {}
        stands = frozenset(entry.at for entry in vector.entries) if label.whose is not None else frozenset()
        is_act = label.action in ACTS
        looked, proven = 0, closed.proven and vector.proven
        most_moves = self._most_moves(vector.scope.width)
        for source in closed.settled:
            if looked > most_moves:
                closed.end_at(closed.cost[source])
                break
            at, unpaired = source
            cost = closed.cost[source]
            found = moves.get(at)
            if found is None:
                found = moves[at] = self._moves_at(at, label, given)
            looked += (1 + len(found)) * _weight(at)
            for place, attached, move in _meant(found, label, at, stands=at in stands) if is_act else found:
                target, total = (place, unpaired), cost + attached
                proven = proven and not move.cut
                if target not in costs or total < costs[target]:
                    costs[target], ways[target] = total, (source, move)
            if keeps or not closed.is_reached(source):  # to skip and leave out is to leave out and then to skip
                left, findings = self._leave_out(at, unpaired, label)
                target, total = (at, left), cost + findings
                if target not in costs or total < costs[target]:
                    costs[target], ways[target] = total, (source, None)
        kept = self._vector(costs, horizon=closed.horizon, scope=vector.scope, proven=proven, dropped=vector.dropped)
        return Advance(vector=kept.vector, cost=kept.cost, back=closed.ways_back([ways[key] for key in kept.keys]))

    def _moves_at(
        self, at: Configuration, label: Label, given: Circumstances
    ) -> tuple[tuple[Configuration, int, Move], ...]:
        """Return where an event leads in step, with what is attached, as a cost."""
        read = self._read(given.after, label.action, given.guards)
        moves = list(self.automaton.moves(at, label.action, start=label.start, read=read, used_up=given.used_up))
        found = tuple([(move.target, ATTACHED * move.attached, move) for move in moves])
        self._make_room((1 + len(found)) * _weight(at))
        return found

    def _leave_out(self, at: Configuration, unpaired: Unpaired, label: Label) -> tuple[Unpaired, int]:
        """Return what is unpaired once an event was left out, and what that costs."""
        # What comes after an end, or was only begun, or has no name in the procedure, is never in the wrong order.
        if label.start or label.action not in self.automaton.alphabet or self.automaton.is_end(at):
            return unpaired, FLOW + FINDING + LEFT_OUT
        found = self._left_out.get((unpaired, label.action))
        if found is None:
            left, findings = left_out(unpaired, label.action)
            found = self._left_out[unpaired, label.action] = (left, FLOW + findings * FINDING + LEFT_OUT)
        return found

    def _skip(self, unpaired: Unpaired, name: str) -> tuple[Unpaired, int]:
        """Return what is unpaired once an action was skipped, and what that costs."""
        found = self._skipped.get((unpaired, name))
        if found is None:
            left, findings = skipped(unpaired, name)
            found = self._skipped[unpaired, name] = (left, FLOW + findings * FINDING)
        return found

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

    def _order(self, at: Configuration) -> tuple[int, ...]:
        found = self._orders.get(at)
        if found is None:
            found = self._orders[at] = self.automaton.order(at)
        return found

    def _skips_at(self, at: Configuration, gates: tuple[Reading, ...]) -> tuple[Skip, ...]:
        found = self._skips.get((at, gates))
        if found is None:
            found = tuple(
                Skip(
                    move.target,
                    self._order(move.target),
                    move.name,
                    ATTACHED * move.attached,
                    move.ahead,
                    move.kind is MoveKind.TIMER,
                    move,
                )
                for move in self.automaton.skips(at, self._read(gates))
            )
            self._make_room(len(found) * _weight(at))
            self._skips[at, gates] = found
        return found

    def _most_explored(self, width: int) -> int:
        return min(self._most, 8 * width)

    def _most_moves(self, width: int) -> int:
        return MOVES_EACH * self._most_explored(width)

    def _close(self, vector: Vector, given: Circumstances, goals: int | None, *, by_time: bool = False) -> Closure:
        """Close a vector over skipped actions: Dijkstra over lexicographic costs, ties in document order.

        Only what leads to `goals` (None: anything) is skipped; `by_time`: time may run out whatever that leads to.
        """
        closure = Closure(vector)
        waiting: list[tuple[int, tuple[int, ...], int, Key]] = []
        for at, cost, unpaired in vector.entries:
            heappush(waiting, (cost, self._order(at), len(waiting), (at, unpaired)))
        pushed, looked = len(waiting), 0
        most, most_moves = self._most_explored(vector.scope.width), self._most_moves(vector.scope.width)
        while waiting:
            so_far, _, _, source = heappop(waiting)
            if closure.is_beyond(so_far):
                break
            if len(closure.settled) >= most or looked > most_moves:
                closure.end_at(so_far)
                break
            if not closure.settles(source, so_far):
                continue
            at, unpaired = source
            skips = self._skips_at(at, given.before)
            looked += len(skips) * _weight(at)
            for place, order, name, attached, ahead, timed, move in skips:
                if goals is not None and not ahead & goals and not (by_time and timed):
                    continue
                if move.cut:
                    closure.proven = False
                if timed:
                    left, step = unpaired, TIMED
                else:
                    left, step = (unpaired, UNOBSERVED) if given.gap else self._skip(unpaired, name)
                further, target = so_far + step + attached, (place, left)
                if closure.reaches(target, further, source, move):
                    heappush(waiting, (further, order, pushed, target))
                    pushed += 1
        return closure

    def _vector(
        self, costs: Mapping[Key, int], *, horizon: int | None, scope: Scope, proven: bool, dropped: bool
    ) -> Kept:
        """Return the vector of what is worth keeping."""
        if horizon is not None:
            # What lies beyond may cost less than is known; nothing does that the best entry is among.
            near = {key: cost for key, cost in costs.items() if flow_of(cost) < horizon}
            costs = near or costs
        least = min(costs.values())
        kept = paired_best(costs, least)
        if scope.lean and len(kept) > 1:
            before = len(kept)
            kept = without_laggards(kept, costs, self.automaton.lines)
            dropped = dropped or len(kept) < before
        if len(kept) > scope.width:
            kept, level = cheapest_of(kept, costs, scope.width)
            horizon = level if horizon is None else min(level, horizon)
        # Of equals in one place the first comes first that was found: that is document order of the ways there.
        order = kept if len(kept) == 1 else sorted(kept, key=lambda key: self._order(key[0]))
        best = next(index for index, key in enumerate(order) if costs[key] == least)
        left = None if horizon is None else horizon - flow_of(least)
        if left is not None and left <= 0 and scope.width >= self._most:
            left, proven = None, False
        entries = tuple([entry_of(key, costs[key] - least) for key in order])
        identity = (entries, left, scope, proven, dropped)
        vector = self._vectors.setdefault(identity, Vector(entries, best, left, scope, proven, dropped))
        return Kept(vector, Cost(least), order)


def _meant(
    moves: Sequence[tuple[Configuration, int, Move]], label: Label, at: Configuration, *, stands: bool
) -> Sequence[tuple[Configuration, int, Move]]:
    """Return which of the moves of an act from `at` are meant: those in the steps of whoever does it, if there are any.

    `stands`: the case may stand there without anything skipped. Nobody gives back what was only perhaps offered to
    others, or what was while they have work of their own; and what is accepted is still on offer, if anything is.
    """
    if label.whose is not None:
        mine = [one for one in moves if one[2].step is not None and one[2].step.id in label.whose]
        elsewhere = not stands or not label.whose.isdisjoint(at.active_steps())
        moves = mine if mine or (label.action == REFUSE and elsewhere) else moves
    if label.action == ACCEPT and len(moves) > 1:
        moves = [one for one in moves if one[0] != at] or moves
    return moves


def _weight(at: Configuration) -> int:
    return 1 + len(at.branches) // 8


def _attached(notes: tuple[Note, ...]) -> int:
    return ATTACHED * sum(note.attached for note in notes)
