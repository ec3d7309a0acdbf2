"""What limits how often a case goes a way, and which actions may be used up."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import groupby

from procflow.expressions.expression import Expression
from procflow.expressions.tree import Comparison, FieldRead, Literal, walk
from procflow.expressions.types import Number
from procflow.lint.ways import Map, RegionWays, Way, reached
from procflow.model.procedure import DONE, Action, Arrow, Procedure

_MOST_STEPS = 500
"""In a larger region nothing is said: each step would be looked for from each."""


class UsedUp:
    """Finds the actions with `at-most` that a case may have used up when it stands in their step again."""

    def __init__(self, procedure: Procedure) -> None:
        self._map = Map(procedure)
        self._unlimited: dict[str, dict[str, list[str]]] = {}
        self._passed: dict[str, set[str]] = {}
        """Region -> the steps that a case comes to, and from which the region is finished."""
        counted: set[str] = set()
        for name, ways in self._map.regions.items():
            onward = onward_of(unlimited_of(ways, counted))
            if ways.block is not None and DONE not in reached([ways.region.start], onward):
                counted.add(name)
            back: dict[str, list[str]] = {}
            for way in ways.ways():
                back.setdefault(way.target, []).append(way.source)
            self._unlimited[name] = onward
            self._passed[name] = reached([ways.region.start], onward_of(ways.ways())) & reached(ways.goals, back)

    def may_be(self, action: Action, step: str) -> bool:
        """Return True if nothing else limits how often an action leads back to its step."""
        if action.at_most is None or any(arrow.when is not None and _bounds(arrow.when) for arrow in action.arrows):
            return False
        region = self._map.home[step]
        if step not in self._passed[region] or len(self._passed[region]) > _MOST_STEPS:
            return False  # of what nobody gets to, or out of, that is told
        onward = self._unlimited[region]
        return any(step in reached([arrow.to], onward) for arrow in action.arrows)


def onward_of(ways: Iterable[Way]) -> dict[str, list[str]]:
    onward: dict[str, list[str]] = {}
    for way in ways:
        onward.setdefault(way.source, []).append(way.target)
    return onward


def unlimited_of(ways: RegionWays, counted: Collection[str]) -> list[Way]:
    """Return the ways of a region on which nothing counts, in the order of the file."""
    unlimited: list[Way] = []
    for step in ways.region.steps:
        # The ways of one action are limited by the same: it may have a hundred of them.
        for _, together in groupby(ways.out[step], key=lambda way: (id(way.action), way.late)):
            first, *rest = together
            unlimited += [] if is_limited(first, ways, counted) else [first, *rest]
    return unlimited


def is_limited(way: Way, ways: RegionWays, counted: Collection[str]) -> bool:
    """Return True if something on this way counts how often it is taken."""
    if way.action is not None:
        return is_counted(way.action)
    if way.late:
        return False
    step = ways.region.steps[way.source]
    assert step.parallel is not None
    return _conditions_count(step.parallel.then) or any(
        _bounds(branch.only_if) if branch.only_if is not None else branch.id in counted
        for branch in step.parallel.branches
    )


def is_counted(action: Action) -> bool:
    return action.at_most is not None or _conditions_count(action.arrows)


def _conditions_count(arrows: Iterable[Arrow]) -> bool:
    return any(arrow.when is not None and _bounds(arrow.when) for arrow in arrows)


def _bounds(condition: Expression) -> bool:
    """Return True if a condition counts with `times`, or bounds a number from above, which may be a count of its own."""
    if condition.counts:
        return True
    for node in walk(condition.tree):
        if isinstance(node, Comparison) and len(node.signs) == 1 and node.signs[0] in ("<", "<=", ">", ">="):
            small, large = node.operands if node.signs[0] in ("<", "<=") else reversed(node.operands)
            if isinstance(small, FieldRead) and isinstance(small.type, Number) and isinstance(large, Literal):
                return True
    return False
