"""Ways on which something is missing: how a case comes to a step without a fact that was expected there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from procflow.lint.entering import Demand, taken
from procflow.lint.facts import NOTHING, Effect, Facts
from procflow.lint.ways import ANYTIME, RegionWays, Way
from procflow.lint.witness import arrow_of, clipped

if TYPE_CHECKING:
    from networkx import DiGraph

_Place = tuple[str, bool]
"""A step, and whether the fact is there on arrival."""
Trail = Sequence[tuple[RegionWays, Sequence[Way]]]
"""The ways taken in each region, from the top level to the innermost one."""
_MOST_TRIED = 6
"""Ways that are looked at in each region, shortest first."""


class Missing:
    """Finds ways on which a fact is missing. networkx is loaded only here, where there is something to show."""

    def __init__(self, facts: Facts, entering: Callable[[str], Effect]) -> None:
        self.facts = facts
        self.entering = entering
        """What entering a step does, by its id."""

    def trails(self, step: str, bit: int) -> Iterator[Trail]:
        """Yield ways to a step on which the fact is missing when the case comes there."""
        chain = list(self.facts.map.around(step))[::-1]
        yield from self._trails(chain, bit, ())

    def _trails(self, chain: Sequence[tuple[RegionWays, str]], bit: int, so_far: Trail) -> Iterator[Trail]:
        if not chain:
            yield so_far
            return
        (ways, step), *rest = chain
        known = self.facts.at(step)
        for trail in self._within(ways, step, bit, held=known is not None and bool(known.certain & bit)):
            yield from self._trails(rest, bit, (*so_far, (ways, trail)))

    def _within(self, ways: RegionWays, step: str, bit: int, *, held: bool) -> Iterator[Sequence[Way]]:
        """Yield ways through one region; with the fact, if it is always there."""
        import networkx

        graph, start = self._graph(ways, bit)
        goals = [(step, True)] if held else [(step, False)]
        for goal in goals:
            if goal == start:
                yield ()
            elif goal in graph and start in graph and networkx.has_path(graph, start, goal):
                for path in islice(networkx.shortest_simple_paths(graph, start, goal), _MOST_TRIED):
                    yield [graph.edges[one, other]["way"] for one, other in pairwise(path)]

    def _graph(self, ways: RegionWays, bit: int) -> tuple[DiGraph[_Place], _Place]:
        import networkx

        graph: DiGraph[_Place] = networkx.DiGraph()
        start = (ways.region.start, _turned(False, self.entering(ways.region.start), bit))
        for way, effect in self.facts.ways(ways.name):
            into = NOTHING if way.target == ANYTIME else self.entering(way.target)
            for held in (False, True):
                target = (way.target, _turned(_turned(held, effect, bit), into, bit))
                if not graph.has_edge((way.source, held), target):
                    graph.add_edge((way.source, held), target, way=way)
        return graph, start


def _turned(held: bool, effect: Effect, bit: int) -> bool:
    return bool(effect.gained & bit) or (held and not effect.lost & bit)


def told(trail: Trail) -> str:
    """Return a trail in words: `start -> intake -(accept)-> investigate`."""
    parts = ["start"]
    for ways, taken_ways in trail:
        parts.append(" -> " + ways.region.start)
        parts += [arrow_of(way) + way.target for way in taken_ways if way.target != ANYTIME]
    return clipped(parts)


def demands(trail: Trail) -> list[Demand]:
    """Return what must hold so that a case takes a trail."""
    found: list[Demand] = []
    for ways, taken_ways in trail:
        if ways.branch is not None and ways.branch.only_if is not None:
            from procflow.expressions.expression import Truth

            found.append((ways.branch.only_if, Truth.TRUE))
        for way in taken_ways:
            if way.arrow is not None:
                block = ways.region.steps[way.source].parallel if way.source != ANYTIME else None
                found += taken(way.action.arrows if way.action is not None else block.then if block else (), way.arrow)
    return found
