"""From where work comes to each step, and to the hands of whom: what is a hand-off, and what only goes on."""

from __future__ import annotations

from collections.abc import Mapping

from procflow.model.by import By
from procflow.model.procedure import Action, Region, Step


class WaysIn:
    """The ways into the steps of one procedure. A source is a step that is left, or an `anytime` action that moves."""

    def __init__(self, top: Region, anytime: Mapping[str, Action]) -> None:
        self._steps: dict[str, Step] = {}
        self._anytime = anytime
        self._sources: dict[str, dict[str, None]] = {}
        self._by_arrow: dict[str, dict[str, None]] = {}
        for action in anytime.values():
            for arrow in action.arrows:
                self._lead(action.id, arrow.to)
        self._go_through(top)

    def hands_over(self, step: str) -> bool:
        """Return True if work can come to a step from other people."""
        return self._sources.get(step, {}).keys() > self.at_once(step)

    def at_once(self, step: str) -> frozenset[str]:
        """Return the sources from which it comes to the same people."""
        by = self._steps[step].by
        return frozenset(source for source in self._sources.get(step, ()) if by in self._hands(source, set()))

    def givers(self, step: str) -> tuple[str, ...]:
        """Return the work steps it comes from by an action, in the order of the file, and can be given back to."""
        at_once = self.at_once(step)
        found = (name for name in self._by_arrow.get(step, ()) if name not in at_once)
        return tuple(name for name in found if self._steps[name].by is not None)

    def _lead(self, source: str, target: str) -> None:
        self._sources.setdefault(target, {})[source] = None

    def _go_through(self, region: Region) -> None:
        for step in region.steps.values():
            self._steps[step.id] = step
            for action in step.actions.values():
                for arrow in action.arrows:
                    self._lead(step.id, arrow.to)
                    self._by_arrow.setdefault(arrow.to, {})[step.id] = None
            if step.goes_to is not None:
                self._lead(step.id, step.goes_to.to)
            for arrow in step.parallel.then if step.parallel is not None else ():
                self._lead(step.id, arrow.to)
        # All ways into a block must be known before they are the ways into the first steps of its branches.
        for step in region.steps.values():
            for branch in step.branches:
                for source in self._sources.get(step.id, ()):
                    self._lead(source, branch.region.start)
                self._go_through(branch.region)

    def _hands(self, source: str, seen: set[str]) -> set[By]:
        """Return who may have had the work there: of a wait, of those who made the case wait."""
        if source in seen:
            return set()
        seen.add(source)
        action = self._anytime.get(source)
        if action is not None:
            return set() if action.by is None else {action.by}
        step = self._steps[source]
        found = set() if step.by is None else {step.by}
        if step.waiting is not None:
            for before in self._sources.get(source, ()):
                found |= self._hands(before, seen)
        for branch in step.branches:
            for inner in branch.region.steps:
                found |= self._hands(inner, seen)
        return found
