"""Whether every case can come to an end: what is reached, what leads to an end, and where a case is trapped.

Blocks are taken as they are meant: as if all their branches could be done. A branch that cannot is found where it
is, and what follows from it is not told a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from procflow.lint.ways import ANYTIME, TOP, Map, RegionWays, Way, anytime_ways, reached
from procflow.model.hand_off import REFUSE
from procflow.model.procedure import DONE, Procedure, Step

_Standing = tuple[bool, bool, bool]
"""How a branch may stand: can it be done, can the case escape from it, is anybody still at work in it."""


@dataclass(slots=True, kw_only=True)
class RegionFacts:
    """What is known of one region."""

    reached: set[str]
    """Steps, and `done`, that are reached from its start."""
    leading: set[str]
    """Steps from which it can be finished; at the top level without what is possible anywhere."""
    escaping: set[str] = field(default_factory=set)
    """Steps of a branch from which an `anytime` action with `while` can be reached that saves the case."""
    standings: frozenset[_Standing] = frozenset()

    @property
    def is_finished(self) -> bool:
        """True of a branch that can be done."""
        return DONE in self.reached


class Soundness:
    """The analysis of one procedure; linear in its ways."""

    def __init__(self, procedure: Procedure) -> None:
        self.map = Map(procedure)
        self.facts: dict[str, RegionFacts] = {}
        for name, ways in self.map.regions.items():
            if name != TOP:
                self.facts[name] = _facts_of(ways, ways.ways())
        self.sources = {
            action.id: tuple(dict.fromkeys(self.map.outermost(step) for step in action.during if self._inside(step)))
            for action in procedure.anytime.values()
        }
        """`anytime` action with `while` -> the steps of the top level from which it is possible."""
        self.top_ways = (*self.map.top.ways(), *anytime_ways(procedure, self.sources))
        """The ways of the top level, `anytime` included."""
        deliberate = [way for way in self.top_ways if ANYTIME not in (way.source, way.target)]
        top = _facts_of(self.map.top, self.top_ways)
        top.leading = reached(self.map.top.goals, _backward(deliberate))
        self.facts[TOP] = top
        saved = reached(self.map.top.goals, _backward(self.top_ways))
        self.always = any(way.source == ANYTIME and way.target in saved for way in self.top_ways)
        """True if something that is possible anywhere brings every case to an end."""
        self._havens = {
            step
            for action in procedure.anytime.values()
            if action.moves and action.arrows[0].to in saved
            for step in action.during
        }
        for name, ways in self.map.regions.items():
            if name != TOP:
                self._look_for_escapes(ways, self.facts[name])

    def _inside(self, step: str) -> bool:
        """Return True if a step is reached once the outermost block around it is entered."""
        return all(ways.name == TOP or one in self.facts[ways.name].reached for ways, one in self.map.around(step))

    def is_reached(self, step: str) -> bool:
        """Return True if a case can come to a step."""
        return all(one in self.facts[ways.name].reached for ways, one in self.map.around(step))

    # --- escapes -----------------------------------------------------------------------------------------------

    def _look_for_escapes(self, ways: RegionWays, facts: RegionFacts) -> None:
        """Find out from where in a branch the case can be saved, and how the branch may stand."""
        havens = {
            step.id
            for step in ways.region.steps.values()
            if step.id in self._havens or any(self._escapes_from(one.id, one.region.start) for one in step.branches)
        }
        facts.escaping = reached(havens, _backward(ways.ways()))
        standings: set[_Standing] = set()
        for step in ways.region.steps.values():
            if step.id in facts.reached:
                standings |= self._standings(step, ways, facts)
        facts.standings = frozenset(standings)

    def _escapes_from(self, branch: str, step: str) -> bool:
        return step in self.facts[branch].escaping

    def _standings(self, step: Step, ways: RegionWays, facts: RegionFacts) -> set[_Standing]:
        if step.parallel is None:
            return {(step.id in facts.leading, step.id in facts.escaping, True)}
        onward = [way.target for way in ways.out[step.id] if not way.late]
        leads, escapes = any(one in facts.leading for one in onward), any(one in facts.escaping for one in onward)
        in_time = [way.target for way in ways.out[step.id] if way.late]
        leads_late, saves_late = not facts.leading.isdisjoint(in_time), not facts.escaping.isdisjoint(in_time)
        combined: set[_Standing] = {(True, step.id in self._havens, False)}
        for branch in step.parallel.branches:
            combined = {
                (done and d, safe or e, busy or b)
                for done, safe, busy in combined
                for d, e, b in self._of_branch(branch.id, branch.only_if is not None)
            }
        return {
            ((done and leads) or leads_late, safe or (done and escapes) or saves_late, True)
            for done, safe, busy in combined
            if busy
        }

    def _of_branch(self, name: str, optional: bool) -> frozenset[_Standing]:
        facts = self.facts[name]
        rests = {(True, False, False)} if optional or facts.is_finished else set()
        return facts.standings | rests

    def is_stuck(self, ways: RegionWays, trap: Iterable[str]) -> bool:
        """Return True if a case in this trap may never end, leaving aside what is possible anywhere."""
        facts = self.facts[ways.name]
        if ways.name != TOP and not facts.escaping.isdisjoint(trap):
            return False
        while ways.block is not None:
            block = ways.block
            if block.id in self._havens or block.goes_to is not None:
                return False
            for branch in block.branches:
                quiet = any(not safe for _, safe, _ in self._of_branch(branch.id, branch.only_if is not None))
                if branch.id != ways.name and not quiet:
                    return False
            ways = self.map.regions[self.map.home[block.id]]
        return True

    # --- what the checks ask -------------------------------------------------------------------------------------

    def trapped(self, ways: RegionWays) -> set[str]:
        """Return the reached steps of a region from which it cannot be finished."""
        facts = self.facts[ways.name]
        return facts.reached.intersection(ways.region.steps) - facts.leading


def _facts_of(region: RegionWays, ways: Iterable[Way]) -> RegionFacts:
    ways = tuple(ways)
    return RegionFacts(
        reached=reached([region.region.start], _forward(ways)) - {ANYTIME},
        leading=reached(region.goals, _backward(ways)),
    )


def _forward(ways: Iterable[Way]) -> Mapping[str, list[str]]:
    onward: dict[str, list[str]] = {}
    for way in ways:
        onward.setdefault(way.source, []).append(way.target)
    return onward


def _backward(ways: Iterable[Way]) -> Mapping[str, list[str]]:
    back: dict[str, list[str]] = {}
    for way in ways:
        # Work can be given back only until it is accepted: whoever has it needs another way on.
        if way.action is not None and way.action.id == REFUSE:
            continue
        back.setdefault(way.target, []).append(way.source)
    return back
