"""The way to a step in words, as a reader would trace it with a finger: start -> intake -(accept)-> investigate.

networkx is loaded when there is something to show, and not for a procedure that is sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from procflow.lint.ways import ANYTIME, Map, RegionWays, Way

if TYPE_CHECKING:
    from networkx import DiGraph

MOST_SHOWN = 8
"""Longer ways are shown by their beginning and their end."""


def graph_of(ways: Iterable[Way]) -> DiGraph[str]:
    """Return ways as a graph; of several between two steps the first one counts, as `way` of the edge."""
    import networkx

    graph: DiGraph[str] = networkx.DiGraph()
    for way in ways:
        if not graph.has_edge(way.source, way.target):
            graph.add_edge(way.source, way.target, way=way)
    return graph


def circles(ways: Sequence[Way]) -> list[list[Way]]:
    """Return for each knot of circles its shortest circle from its first step, in the order of the ways."""
    import networkx

    graph = graph_of(ways)
    order = {way.source: number for number, way in reversed(list(enumerate(ways)))}
    found = []
    for knot in networkx.strongly_connected_components(graph):
        first = min(knot, key=lambda step: order.get(step, len(ways)))
        if len(knot) == 1 and not graph.has_edge(first, first):
            continue
        inside = graph.subgraph(knot)
        back = {step: _way(graph, before, step) for before, step in networkx.bfs_edges(inside, first)}
        closing = min(
            (step for step in inside.predecessors(first)), key=lambda step: (len(_trace(back, step)), order[step])
        )
        found.append([*_trace(back, closing), _way(graph, closing, first)])
    return sorted(found, key=lambda circle: order[circle[0].source])


def told(circle: Iterable[Way]) -> str:
    """Return ways that follow each other in words, beginning with their first step."""
    parts: list[str] = []
    for way in circle:
        if not parts:
            parts.append(way.source)
        if way.target != ANYTIME:
            parts.append(arrow_of(way) + way.target)
    return clipped(parts)


class Witness:
    """The shortest ways from the start of a procedure, found when they are asked for."""

    def __init__(self, whole: Map, top_ways: Sequence[Way]) -> None:
        self.map = whole
        self._top = top_ways
        self._trees: dict[str, Mapping[str, Way]] = {}

    def to(self, step: str) -> str:
        """Return the way to a step: `start -> intake -(accept)-> investigate`."""
        return clipped(["start", *self.parts(step)])

    def parts(self, step: str) -> list[str]:
        """Return the way to a step bit by bit, each with the arrow before it."""
        parts: list[str] = []
        for ways, one in self.map.around(step):
            trace = _trace(self._tree(ways), one)
            inside = [" -> " + ways.region.start]
            inside += [arrow_of(way) + way.target for way in trace if way.target != ANYTIME]
            parts = inside + parts
        return parts

    def _tree(self, ways: RegionWays) -> Mapping[str, Way]:
        if ways.name not in self._trees:
            import networkx

            graph = graph_of(self._top if ways.block is None else ways.ways())
            graph.add_node(ways.region.start)
            edges = networkx.bfs_edges(graph, ways.region.start)
            self._trees[ways.name] = {step: _way(graph, before, step) for before, step in edges}
        return self._trees[ways.name]


def _way(graph: DiGraph[str], source: str, target: str) -> Way:
    way = graph.edges[source, target]["way"]
    assert isinstance(way, Way)
    return way


def _trace(tree: Mapping[str, Way], step: str) -> list[Way]:
    """Return the ways by which a tree of shortest ways comes to a step."""
    trace: list[Way] = []
    while step in tree:
        trace.append(tree[step])
        step = tree[step].source
    return trace[::-1]


def arrow_of(way: Way) -> str:
    """Return a way as the arrow between two steps."""
    if way.action is None:
        return " -(when late)-> " if way.late else " -(then)-> "
    return f" -({way.action.id}{', at any time' if way.anytime else ''})-> "


def clipped(parts: Sequence[str]) -> str:
    """Return the bits of a way as one text; of a long one the beginning and the end."""
    if len(parts) > MOST_SHOWN + 1:
        parts = [*parts[: MOST_SHOWN // 2], " -> ...", *parts[-MOST_SHOWN // 2 :]]
    return "".join(parts)
