"""Which of the explanations that an event leads to are worth following."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from procflow.automaton.closure import MOST_PAIRINGS, PAIRED_WITHIN
from procflow.automaton.lines import Lines
from procflow.automaton.vectors import FLOW, Cost, Entry, Key, Vector, flow_of, weighed
from procflow.automaton.wrong_order import NONE_UNPAIRED
from procflow.model.configuration import Configuration

_MOST_LEADERS = 4
"""With how many of the cheapest entries the others are compared."""


class Kept(NamedTuple):
    """What is worth keeping of what an event leads to."""

    vector: Vector
    cost: Cost
    """Of the best entry."""
    keys: list[Key]
    """What the entries were told by while they were searched for."""


def entry_of(key: Key, cost: int) -> Entry:
    """Return an entry that costs so much more than the best."""
    # What is not among the best is told only if the best grow worse: by then other things went wrong in between.
    return Entry(key[0], Cost(cost), key[1] if flow_of(cost) < PAIRED_WITHIN else NONE_UNPAIRED)


def without_laggards(keys: list[Key], costs: Mapping[Key, int], lines: Lines) -> list[Key]:
    """Return the keys without those that lag behind a cheap one on a line, and gain nothing by it."""
    leaders = sorted(keys, key=lambda key: costs[key])[:_MOST_LEADERS]
    return [key for key in keys if not any(_gains_nothing(key, one, costs, lines) for one in leaders)]


def _gains_nothing(key: Key, leader: Key, costs: Mapping[Key, int], lines: Lines) -> bool:
    saved = costs[key] - costs[leader]
    if saved < FLOW:
        return False
    lag = lines.behind(leader[0], key[0])
    return lag is not None and saved >= lag * FLOW


def paired_best(costs: Mapping[Key, int], least: int) -> list[Key]:
    """Return for each configuration the cheapest explanations, which differ in what is left to be paired."""
    by_place: dict[Configuration, list[Key]] = {}
    for key in costs:
        by_place.setdefault(key[0], []).append(key)
    kept: list[Key] = []
    for keys in by_place.values():
        if len(keys) > 1:
            keys.sort(key=lambda key: costs[key])
            cheapest = costs[keys[0]]
            most = MOST_PAIRINGS if flow_of(cheapest - least) < PAIRED_WITHIN else 1
            keys = [key for key in keys[:most] if weighed(costs[key]) == weighed(cheapest)]
        kept += keys
    return kept


def cheapest_of(keys: Iterable[Key], costs: Mapping[Key, int], width: int) -> tuple[list[Key], int]:
    """Return the cheapest keys, whole levels of the flow's cost, and the first level that is not among them.

    The first level is always kept: at most `width` of it if it alone is larger, and then nothing lies before the horizon.
    """
    order = sorted(keys, key=lambda key: costs[key])
    level = flow_of(costs[order[width]])
    kept = [key for key in order[:width] if flow_of(costs[key]) < level]
    return kept or order[:width], level
