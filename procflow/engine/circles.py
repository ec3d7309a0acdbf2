"""Circles of waiting: people of whom each waits for the next, over all open cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from procflow.model.organisation import Directory
from procflow.model.waiting import Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """People who wait for each other: nobody of them can go on before one of the others does."""

    people: tuple[str, ...]
    """Their ids, each of whom waits for the next, the last for the first; whose wait is the oldest comes first."""
    waits: tuple[Wait, ...]
    """By which wait each of them does, in the same order; they may be of several cases."""


_Graph = Mapping[str, Mapping[str, Wait]]
"""Who waits -> for whom -> by which wait, the oldest."""


def circles_of(waits: Iterable[Wait], directory: Directory) -> tuple[Circle, ...]:
    """Return the circles of these waits, those first whose oldest wait is; of those that share somebody the shortest.

    Who asked a role waits for each of its holders, but only if all of them wait, too: else one of them can still act.
    """
    graph = _graph(sorted((one for one in waits if one.who), key=lambda one: (one.since, one.case)), directory)
    found = [circle for name in graph if (circle := _circle(name, graph)) is not None]
    taken, told = set[str](), list[Circle]()
    for one in sorted(found, key=lambda one: (len(one.people), _oldest(one))):
        if taken.isdisjoint(one.people):
            taken.update(one.people)
            told.append(one)
    return tuple(sorted(told, key=_oldest))


def _graph(waits: Iterable[Wait], directory: Directory) -> _Graph:
    told = tuple(waits)
    waiting = {one.who for one in told}
    graph: dict[str, dict[str, Wait]] = {}
    for one in told:
        for person in _waited_for(one, directory, waiting):
            if person != one.who:
                graph.setdefault(one.who, {}).setdefault(person, one)
    return graph


def _waited_for(wait: Wait, directory: Directory, waiting: set[str]) -> Iterator[str]:
    """Yield who could end a wait, if each of them waits for somebody."""
    people = {person for name in wait.could_end for person in (directory.holders_of(name) or (name,))}
    if people <= waiting:
        yield from sorted(people)


def _circle(first: str, graph: _Graph) -> Circle | None:
    """Return the shortest circle through somebody; None if there is none."""
    ways: list[tuple[str, ...]] = [(first,)]
    seen = {first}
    while ways:
        longer: list[tuple[str, ...]] = []
        for way in ways:
            for person in graph.get(way[-1], ()):
                if person == first:
                    return _turned(way, graph)
                if person not in seen:
                    seen.add(person)
                    longer.append((*way, person))
        ways = longer
    return None


def _turned(way: tuple[str, ...], graph: _Graph) -> Circle:
    waits = [graph[one][other] for one, other in zip(way, (*way[1:], way[0]), strict=True)]
    first = min(range(len(way)), key=lambda place: (waits[place].since, way[place]))
    return Circle(people=(*way[first:], *way[:first]), waits=(*waits[first:], *waits[:first]))


def _oldest(one: Circle) -> tuple[object, ...]:
    return (one.waits[0].since, one.people)
