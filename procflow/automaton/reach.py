"""What lies ahead in each region: which actions can still come, and how many are left to an end.

A skip is worth trying only if it leads towards something: to where the event's action is due, or to a block whose
`only-if` would be read otherwise after this event. And an end need not be searched for: branches of a block are
independent, so the shortest way through a block is the sum of theirs, however many configurations it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from procflow.automaton.alternatives import Read, Reading
from procflow.automaton.machine import COMPLETE, JOIN, RegionMachine
from procflow.expressions.expression import Expression
from procflow.model.configuration import BRANCH_DONE, NOT_NEEDED, Standing
from procflow.model.procedure import Procedure, Step

TOP = ""
"""The region that is no branch."""
Goal = str | Expression
"""An action id, or an `only-if` that is read on entering a block."""
Skippable = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Way:
    """A way from one place of a region to another that needs no `anytime` action."""

    source: str
    target: str
    skips: bool
    """False if only an event may take it."""


class Reach:
    """What can be reached from where: looked up in the machines when it is asked for, and remembered."""

    def __init__(
        self, procedure: Procedure, regions: Mapping[str, RegionMachine], never_skipped: Skippable = frozenset()
    ) -> None:
        """`regions` are the machines by branch id, `TOP` among them."""
        self._regions = regions
        self._ways = {name: tuple(_ways(machine, never_skipped)) for name, machine in regions.items()}
        self._during = {
            step: frozenset(one.id for one in procedure.anytime.values() if step in one.during)
            for step in procedure.steps
        }
        self._sources = {name: _sources(ways) for name, ways in self._ways.items()}
        self._blocks: dict[str, tuple[str, str]] = {}
        """Branch -> the region and the step of its block."""
        self._places: dict[str, Mapping[Goal, Sequence[str]]] = {}
        """Region -> goal -> the places at which it may come, a block for all that is inside it."""
        self._look_into(TOP)
        self._upstream: dict[tuple[str, Goal], frozenset[str]] = {}
        self._beyond: dict[tuple[str, Goal], bool] = {}

    def leads(self, region: str, place: str, goals: frozenset[Goal]) -> bool:
        """True if one of `goals` may come once `place` of `region` is entered: there, later, or beyond its block."""
        return any(place in self._leading(region, goal) or self.beyond(region, goal) for goal in goals)

    def beyond(self, region: str, goal: Goal) -> bool:
        """True if `goal` may come after the block that `region` is a branch of, or one around it, is left."""
        if region == TOP:
            return False
        found = self._beyond.get((region, goal))
        if found is None:
            outer, block = self._blocks[region]
            after = (way.target for way in self._ways[outer] if way.source == block)
            found = any(place in self._leading(outer, goal) for place in after) or self.beyond(outer, goal)
            self._beyond[region, goal] = found
        return found

    def distances(self, read: Read) -> Distances:
        """Return how far every place is from the end of its region, for one reading of the `only-if`s."""
        return Distances(self._regions, self._ways, read)

    def _leading(self, region: str, goal: Goal) -> frozenset[str]:
        """Return the places of a region from which `goal` can come within it."""
        found = self._upstream.get((region, goal))
        if found is None:
            origins = self._places[region].get(goal, ())
            found = self._upstream[region, goal] = _upstream(origins, self._sources[region])
        return found

    def _look_into(self, region: str) -> Iterable[Goal]:
        """Note at which places of a region goals may come, inner regions first; return the goals."""
        machine = self._regions[region]
        places: dict[Goal, list[str]] = {}
        for place in machine.order:
            for goal in () if place == BRANCH_DONE else self._here(region, machine, place):
                places.setdefault(goal, []).append(place)
        self._places[region] = places
        return places

    def _here(self, region: str, machine: RegionMachine, place: str) -> Iterator[Goal]:
        step = _step(machine, place)
        yield from self._during[step.id]
        yield from (trigger.removeprefix(COMPLETE) for trigger in machine.due(place))
        for branch in step.parallel.branches if step.parallel is not None else ():
            self._blocks[branch.id] = (region, step.id)
            yield from self._look_into(branch.id)
            if branch.only_if is not None:
                yield branch.only_if


class Distances:
    """How many actions are left to the end of a region, counted as skips."""

    def __init__(self, regions: Mapping[str, RegionMachine], ways: Mapping[str, Sequence[_Way]], read: Read) -> None:
        self._regions = regions
        self._ways = ways
        self._read = read
        self._entered: dict[str, Mapping[str, int]] = {}

    def of(self, at: Standing, region: str = TOP) -> int | None:
        """Return the distance from a standing; None if no end can be reached."""
        if at.at_rest:
            return 0
        distances = self._from_entering(region)
        if not at.branches:
            return distances.get(at.place)
        inside = [self.of(state, name) for name, state in at.branches]
        after = [
            distances[way.target] for way in self._ways[region] if way.source == at.place and way.target in distances
        ]
        if not after or None in inside:
            return None
        return sum(one for one in inside if one is not None) + min(after)

    def _from_entering(self, region: str) -> Mapping[str, int]:
        """Return the distance of each place from the moment it is entered: Dijkstra, backwards from the ends."""
        found = self._entered.get(region)
        if found is None:
            found = self._entered[region] = self._backwards(region)
        return found

    def _backwards(self, region: str) -> Mapping[str, int]:
        machine = self._regions[region]
        into: dict[str, list[tuple[str, int]]] = {}
        for way in self._ways[region]:
            if way.skips and (cost := self._cost(machine, way.source)) is not None:
                into.setdefault(way.target, []).append((way.source, cost))
        waiting = [(0, place) for place in machine.order if place == BRANCH_DONE or _is_end(machine, place)]
        done: dict[str, int] = {}
        while waiting:
            distance, place = heappop(waiting)
            if place not in done:
                done[place] = distance
                for source, cost in into.get(place, ()):
                    heappush(waiting, (distance + cost, source))
        return done

    def _cost(self, machine: RegionMachine, place: str) -> int | None:
        """Return what leaving a place costs from the moment it is entered: one action, or those of a whole block."""
        block = _step(machine, place).parallel
        if block is None:
            return 1
        total = 0
        for branch in block.branches:
            if branch.only_if is None or self._read(branch.only_if) is Reading.TRUE:
                inside = self._from_entering(branch.id).get(branch.region.start)
                if inside is None:
                    return None
                total += inside
        return total


def _ways(machine: RegionMachine, never_skipped: Skippable) -> Iterator[_Way]:
    for place in machine.order:
        if place == BRANCH_DONE:
            continue
        step = _step(machine, place)
        for trigger in (JOIN,) if step.parallel is not None else tuple(machine.due(place)):
            for spec in machine.ways(place, trigger):
                target = machine.fire(place, trigger, spec.index)
                if spec.action is None or spec.action.moves:
                    yield _Way(place, target, (step.id, spec.name) not in never_skipped)


def _step(machine: RegionMachine, place: str) -> Step:
    return machine.region.steps[place.partition("/")[0]]


def _is_end(machine: RegionMachine, place: str) -> bool:
    return place not in (BRANCH_DONE, NOT_NEEDED) and _step(machine, place).end is not None


def _sources(ways: Iterable[_Way]) -> Mapping[str, Sequence[str]]:
    sources: dict[str, list[str]] = {}
    for way in ways:
        sources.setdefault(way.target, []).append(way.source)
    return sources


def _upstream(origins: Iterable[str], sources: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return the places from which one of `origins` can be reached, themselves included."""
    waiting = list(origins)
    found = set(waiting)
    while waiting:
        for source in sources.get(waiting.pop(), ()):
            if source not in found:
                found.add(source)
                waiting.append(source)
    return frozenset(found)
