"""Ways on which something is missing: how a case comes to a step without a fact that was expected there."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise, product
from typing import TYPE_CHECKING

from procflow.expressions.boundaries import satisfy
from procflow.expressions.effort import Effort
from procflow.expressions.expression import Truth
from procflow.lint.entering import Demand, asked_in, taken
from procflow.lint.facts import Effect, Facts
from procflow.lint.ways import ANYTIME, RegionWays, Way
from procflow.lint.witness import arrow_of, clipped
from procflow.model.procedure import Step

if TYPE_CHECKING:
    from networkx import DiGraph

_Place = tuple[str, bool]
"""A step, and whether the fact is there on arrival."""
Trail = Sequence[tuple[RegionWays, Sequence[Way]]]
"""The ways taken in each region, from the top level to the innermost one."""
_MOST_TRIED = 12
"""Ways that are tried in each region, shortest first."""
_MOST_COMPARED = 300
"""In a region with more ways than that only the shortest is tried."""
_MOST_LOOKED_AT = 50_000
"""Then nothing is looked for any more: a procedure with so many doubts has told enough."""
_COST_OF_A_WAY = 500
"""Whoever gets a way holds it against conditions, which takes as long as looking at so many steps of it."""
_MOST_DEMANDS = 20
"""Of a long way only the last conditions are held against each other."""


class Missing:
    """Finds ways on which a fact is missing. networkx is loaded only where the shortest one does not do."""

    def __init__(self, facts: Facts, entering: Callable[[str], Effect], effort: Effort) -> None:
        self.facts = facts
        self.effort = effort
        """What holding ways against conditions may take."""
        self.entering = entering
        """What entering a step does, by its id; nothing for what is no step."""
        self.looked_at = 0
        """Ways from step to step that were looked at so far."""
        self.is_cut = False
        """True if there may be ways that were not tried."""
        self._out: dict[str, dict[str, list[tuple[Way, Effect]]]] = {}
        self._told_at_any_time = frozenset(
            name
            for action in facts.map.procedure.anytime.values()
            if not action.moves
            for name in (*action.collect, *action.optional)
        )

    def trails(self, step: str, bit: int) -> Iterator[Trail]:
        """Yield ways to a step on which the fact is missing when the case comes there; none once enough was looked at."""
        chain = list(self.facts.map.around(step))[::-1]
        yield from self._trails(chain, bit, ())

    def demands(self, trail: Trail, bit: int) -> list[Demand] | None:
        """Return what holds at the end of a trail if the fact is missing there; None if no case takes that trail.

        What reads a field that is asked for again further on is left out then: it may hold no longer.
        """
        found: list[Demand] = []
        for ways, taken_ways in trail:
            if ways.branch is not None and ways.branch.only_if is not None:
                found.append((ways.branch.only_if, Truth.TRUE))
            held = False
            for target, way in ((ways.region.start, None), *((one.target, one) for one in taken_ways)):
                if way is not None:
                    held = self._through(way, ways, held, bit, found)
                held = _turned(held, self.entering(target), bit)
                if target in ways.region.steps:
                    lasting = self._lasting(found, ways.region.steps[target])
                    if len(lasting) < len(found) and satisfy(found, effort=self.effort).values is None:
                        return None
                    found = lasting
        return found[-_MOST_DEMANDS:]

    def _through(self, way: Way, ways: RegionWays, held: bool, bit: int, found: list[Demand]) -> bool:
        """Add what must hold so that a way is taken; return whether the fact is there after it."""
        step = ways.region.steps.get(way.source)
        block = step.parallel if step is not None else None
        effect = next((one for each, one in self.facts.ways(ways.name) if each == way), Effect())
        held = _turned(held, effect, bit)
        if way.late:
            return held
        if step is not None and block is not None and not held and not way.anytime:
            found += self.not_needed(step, bit)
        if way.arrow is not None:
            arrows = way.action.arrows if way.action is not None else block.then if block is not None else ()
            found += taken(arrows, way.arrow)
        return held

    def not_needed(self, block: Step, bit: int) -> list[Demand]:
        """Return what must have held when a block was entered, if it is left without the fact.

        A branch at whose end the fact is certain was not needed then; nothing is said if its condition may read
        something else by the end of the block.
        """
        assert block.parallel is not None
        needless: list[Demand] = [
            (branch.only_if, Truth.FALSE)
            for branch in block.parallel.branches
            if branch.only_if is not None and self.facts.gained_in(branch) & bit
        ]
        return self._lasting(needless, block)

    def _lasting(self, found: Sequence[Demand], step: Step) -> list[Demand]:
        changing = asked_in(step) | self._told_at_any_time
        return [one for one in found if not one[0].reads & changing]

    def _trails(self, chain: Sequence[tuple[RegionWays, str]], bit: int, so_far: Trail) -> Iterator[Trail]:
        if not chain:
            yield so_far
            return
        (ways, step), *rest = chain
        known = self.facts.at(step)
        goal = (step, known is not None and bool(known.certain & bit))
        for trail in self._within(ways, goal, bit):
            yield from self._trails(rest, bit, (*so_far, (ways, trail)))

    def _within(self, ways: RegionWays, goal: _Place, bit: int) -> Iterator[Sequence[Way]]:
        """Yield ways through one region, the shortest first; with the fact at its end, if it is always there."""
        if self.looked_at > _MOST_LOOKED_AT:
            self.is_cut = True
            return
        start = (ways.region.start, _turned(False, self.entering(ways.region.start), bit))
        shortest = self._shortest(ways, start, goal, bit)
        if shortest is None:
            return
        self.looked_at += _COST_OF_A_WAY
        yield shortest
        if len(self.facts.ways(ways.name)) <= _MOST_COMPARED:
            yield from (one for one in self._others(ways, start, goal, bit) if one != shortest)
        else:
            self.is_cut = True

    def _shortest(self, ways: RegionWays, start: _Place, goal: _Place, bit: int) -> Sequence[Way] | None:
        if ways.name not in self._out:
            out: dict[str, list[tuple[Way, Effect]]] = {}
            for way, effect in self.facts.ways(ways.name):
                out.setdefault(way.source, []).append((way, effect))
            self._out[ways.name] = out
        came: dict[_Place, tuple[_Place, Way]] = {}
        waiting = deque([start])
        while waiting:
            place = waiting.popleft()
            if place == goal:
                return _back(came, start, goal)
            for way, effect in self._out[ways.name].get(place[0], ()):
                self.looked_at += 1
                target = self._after(way, effect, place[1], bit)
                if target not in came and target != start:
                    came[target] = (place, way)
                    waiting.append(target)
        return None

    def _after(self, way: Way, effect: Effect, held: bool, bit: int) -> _Place:
        return way.target, _turned(_turned(held, effect, bit), self.entering(way.target), bit)

    def _others(self, ways: RegionWays, start: _Place, goal: _Place, bit: int) -> Iterator[list[Way]]:
        """Yield ways, the shortest first; where several lead from one place to the next, with each of them."""
        import networkx

        graph: DiGraph[_Place] = networkx.DiGraph()
        for way, effect in self.facts.ways(ways.name):
            for held in (False, True):
                target = self._after(way, effect, held, bit)
                if not graph.has_edge((way.source, held), target):
                    graph.add_edge((way.source, held), target, ways=[])
                graph.edges[(way.source, held), target]["ways"].append(way)
        if start not in graph or start == goal:
            return
        tried = 0
        for path in networkx.shortest_simple_paths(graph, start, goal):
            for found in product(*(graph.edges[one, other]["ways"] for one, other in pairwise(path))):
                tried += 1
                self.looked_at += graph.number_of_edges()
                if tried > _MOST_TRIED:
                    self.is_cut = True
                    return
                yield list(found)


def _back(came: Mapping[_Place, tuple[_Place, Way]], start: _Place, place: _Place) -> Sequence[Way]:
    trace: list[Way] = []
    while place != start:
        place, way = came[place]
        trace.append(way)
    return trace[::-1]


def _turned(held: bool, effect: Effect, bit: int) -> bool:
    return bool(effect.gained & bit) or (held and not effect.lost & bit)


def told(trail: Trail) -> str:
    """Return a trail in words: `start -> intake -(accept)-> investigate`."""
    parts = ["start"]
    for ways, taken_ways in trail:
        parts.append(" -> " + ways.region.start)
        parts += [arrow_of(way) + way.target for way in taken_ways if way.target != ANYTIME]
    return clipped(parts)
