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
from procflow.automaton.lines import TOP
from procflow.automaton.machine import COMPLETE, JOIN, TIMER, RegionMachine
from procflow.expressions.expression import Expression
from procflow.model.configuration import BRANCH_DONE, NOT_NEEDED, Standing, step_of
from procflow.model.procedure import Procedure, Step

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
    timed: bool = False
    """True if time alone takes it: that costs nothing."""


class Reach:
    """What can still come after what: computed once from the machines, a set of goals as the bits of a number."""

    def __init__(
        self, procedure: Procedure, regions: Mapping[str, RegionMachine], never_skipped: Skippable = frozenset()
    ) -> None:
        """`regions` are the machines by branch id, `TOP` among them."""
        self._regions = regions
        self._ways = {name: tuple(_ways(machine, never_skipped)) for name, machine in regions.items()}
        self._during = {
            step: [one.id for one in procedure.anytime.values() if step in one.during] for step in procedure.steps
        }
        self._bits: dict[Goal, int] = {}
        self._within: dict[str, Mapping[str, int]] = {}
        self._beyond = {TOP: 0}
        self._look_into(TOP)
        self._look_beyond(TOP)

    def bits(self, goals: Iterable[Goal]) -> int:
        """Return goals as bits, to be held against `after`."""
        found = 0
        for goal in goals:
            found |= self._bits.get(goal, 0)
        return found

    def after(self, region: str, place: str) -> int:
        """Return what may come once `place` of `region` is entered: there, later, or beyond the blocks around it."""
        return self._within[region][place] | self._beyond[region]

    def distances(self, read: Read) -> Distances:
        """Return how far every place is from the end of its region, for one reading of the `only-if`s."""
        return Distances(self._regions, self._ways, read)

    def _look_into(self, region: str) -> int:
        """Fill in what may come within a region, inner regions first; return all of it."""
        machine = self._regions[region]
        within = {place: self._here(machine, place) for place in machine.order}
        everything = 0
        for here in within.values():
            everything |= here
        # Most arrows lead onward, so going backwards settles nearly all at the first time.
        ways = sorted(self._ways[region], key=lambda way: -machine.order[way.source])
        settled = False
        while not settled:
            settled = True
            for way in ways:
                known = within[way.source]
                if known | within[way.target] != known:
                    within[way.source] = known | within[way.target]
                    settled = False
        self._within[region] = within
        return everything

    def _here(self, machine: RegionMachine, place: str) -> int:
        if place == BRANCH_DONE:
            return 0
        step, here = _step(machine, place), 0
        goals: list[Goal] = [*self._during[step.id], *(one.removeprefix(COMPLETE) for one in machine.due(place))]
        if machine.ways(place, TIMER + step.id):
            goals.append(TIMER + step.id)
        for branch in step.branches:
            here |= self._look_into(branch.id)
            if branch.only_if is not None:
                goals.append(branch.only_if)
        for goal in goals:
            here |= self._bits.setdefault(goal, 1 << len(self._bits))
        return here

    def _look_beyond(self, region: str) -> None:
        """Fill in what comes after each block of a region, for the regions inside it."""
        for way in self._ways[region]:
            for branch in _step(self._regions[region], way.source).branches:
                self._beyond[branch.id] = self._beyond.get(branch.id, 0) | self.after(region, way.target)
        for step in self._regions[region].region.steps.values():
            for branch in step.branches:
                self._look_beyond(branch.id)


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
        onward = [way for way in self._ways[region] if way.source == at.place and way.target in distances]
        inside = [self.of(state, name) for name, state in at.branches]
        found = [distances[way.target] for way in onward if way.timed]
        if None not in inside:
            done = sum(one for one in inside if one is not None)
            found += [done + distances[way.target] for way in onward if not way.timed]
        return min(found, default=None)

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
            if way.timed and not self._rests(region, way.source):
                continue  # left as soon as it is entered: no time passes in it
            if way.skips and (cost := 0 if way.timed else self._cost(machine, way.source)) is not None:
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

    def _rests(self, region: str, place: str) -> bool:
        """Return True if a case that enters a place can stand in it: a block is left at once if no branch has work."""
        block = None if place == BRANCH_DONE else _step(self._regions[region], place).parallel
        if block is None:
            return place != BRANCH_DONE
        # What is undecided may have been needed: then somebody waited there until the time of the block ran out.
        needed = (one for one in block.branches if one.only_if is None or self._read(one.only_if) is not Reading.FALSE)
        return any(self._has_work(one.id, one.region.start, frozenset()) for one in needed)

    def _has_work(self, region: str, place: str, passed: frozenset[str]) -> bool:
        """Return True if a case that enters a place of a branch comes to stand there, or further on in the branch."""
        if place in passed:
            return False
        joined = (way.target for way in self._ways[region] if way.source == place and not way.timed)
        return self._rests(region, place) or (
            place != BRANCH_DONE and any(self._has_work(region, one, passed | {place}) for one in joined)
        )

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
        onward = (JOIN,) if step.parallel is not None else tuple(machine.due(place))
        for trigger in (*onward, TIMER + step.id):
            for spec in machine.ways(place, trigger):
                target = machine.fire(place, trigger, spec.index)
                if spec.action is None or spec.action.moves:
                    yield _Way(place, target, (step.id, spec.name) not in never_skipped, trigger.startswith(TIMER))


def _step(machine: RegionMachine, place: str) -> Step:
    return machine.region.steps[step_of(place)]


def _is_end(machine: RegionMachine, place: str) -> bool:
    return place not in (BRANCH_DONE, NOT_NEEDED) and _step(machine, place).end is not None
