"""Circles over several cases: people who wait for each other, one here, one there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from procflow.errors import SourceSpan
from procflow.expressions.values import show_instant
from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.waiting import Wait, WaitKind
from procflow.model.waiting_report import Circle

if TYPE_CHECKING:
    from networkx import DiGraph

_OURS = (WaitKind.QUESTION, WaitKind.HAND_OFF)


class _Graph:
    """Who waits for whom at one moment.

    A person waits for whom they asked. A role waits for each of those who are seen to hold it, if all of them wait.
    """

    def __init__(self, holders: Mapping[str, Iterable[str]]) -> None:
        import networkx

        self.graph: DiGraph[str] = networkx.DiGraph()
        self._holders = {role: frozenset(people) for role, people in holders.items()}
        self._roles: dict[str, list[str]] = {}
        for role, people in self._holders.items():
            for person in people:
                self._roles.setdefault(person, []).append(role)
        self._free = {role: len(people) for role, people in self._holders.items()}
        """How many of those who hold a role wait for nobody."""
        self._edges: Counter[tuple[str, str]] = Counter()
        self._waiting: Counter[str] = Counter()
        self.waits: dict[tuple[str, str], list[Wait]] = {}

    def add(self, wait: Wait) -> None:
        for whom in wait.whom:
            self._edges[wait.who, whom] += 1
            self.waits.setdefault((wait.who, whom), []).append(wait)
            self.graph.add_edge(wait.who, whom)
        self._waiting[wait.who] += 1
        if self._waiting[wait.who] == 1:
            self._begins(wait.who)

    def remove(self, wait: Wait) -> None:
        for whom in wait.whom:
            self._edges[wait.who, whom] -= 1
            self.waits[wait.who, whom].remove(wait)
            if not self._edges[wait.who, whom]:
                self.graph.remove_edge(wait.who, whom)
        self._waiting[wait.who] -= 1
        if not self._waiting[wait.who]:
            self._stops(wait.who)

    def _begins(self, person: str) -> None:
        for role in self._roles.get(person, ()):
            self._free[role] -= 1
            if not self._free[role]:
                self.graph.add_edges_from((role, one) for one in self._holders[role])

    def _stops(self, person: str) -> None:
        for role in self._roles.get(person, ()):
            if not self._free[role]:
                self.graph.remove_edges_from([(role, one) for one in self._holders[role]])
            self._free[role] += 1

    def path(self, wait: Wait) -> tuple[str, ...]:
        """Return the shortest circle that a wait is part of; () if there is none."""
        import networkx

        found: list[list[str]] = []
        for whom in wait.whom:
            with suppress(networkx.NetworkXNoPath):
                found.append(networkx.shortest_path(self.graph, whom, wait.who))
        return min(((one[-1], *one[:-1]) for one in found), key=lambda one: (len(one), one), default=())


def circles(waits: Iterable[Wait], holders: Mapping[str, Iterable[str]]) -> Iterator[Circle]:
    """Yield the circles that run through several cases, in the order in which they closed; each once while it lasts.

    `holders`: who is seen to hold which role. Circles within one case are told there.
    """
    ours = [
        one
        for one in waits
        if one.kind in _OURS and one.who and one.whom and (one.until is None or one.until > one.since)
    ]
    if not ours:
        return  # most procedures ask nobody: nothing to be loaded for that
    ours.sort(key=lambda one: (one.since, one.case, one.seq or 0))
    ends = sorted(
        (one for one in ours if one.until is not None), key=lambda one: (one.until or one.since, one.case, one.seq or 0)
    )
    graph = _Graph(holders)
    told: set[tuple[str, ...]] = set()
    over = 0
    for wait in ours:
        while over < len(ends) and (ends[over].until or wait.since) <= wait.since:
            graph.remove(ends[over])
            told = {one for one in told if ends[over].who not in one}
            over += 1
        graph.add(wait)
        path = graph.path(wait)
        if path and (one := _circle(path, wait, graph)) is not None and one.nodes not in told:
            told.add(one.nodes)
            yield one


def _circle(path: Sequence[str], wait: Wait, graph: _Graph) -> Circle | None:
    least = path.index(min(path))
    nodes = (*path[least:], *path[:least])
    part = [
        graph.waits[who, whom][0]
        for who, whom in zip(nodes, (*nodes[1:], nodes[0]), strict=True)
        if graph.waits.get((who, whom))
    ]
    cases = tuple(dict.fromkeys(sorted(one.case for one in part)))
    if len(cases) == 1:
        return None
    return Circle(
        nodes=nodes,
        cases=cases,
        at=wait.since,
        case=wait.case,
        seq=wait.seq,
        actor=wait.who,
        since={one.who: one.since for one in part},
    )


def told(one: Circle, where: SourceSpan) -> Deviation:
    """Return that people wait for each other in a circle."""
    circle = " -> ".join([*one.nodes, one.nodes[0]])
    return Deviation(
        code="DV606",
        severity=REGISTRY["DV606"].severity,
        message=f"{circle}: they wait for each other, in the cases {', '.join(one.cases)}",
        where=where,
        case=one.case,
        seq=one.seq,
        actor=one.actor,
        values={
            "circle": circle,
            "cases": ", ".join(one.cases),
            "since": ", ".join(f"{who}: {show_instant(since)}" for who, since in one.since.items()),
        },
        remedy="let one of them answer, or somebody who stands above both decide",
        who_could=one.nodes,
        refuses=False,
    )
