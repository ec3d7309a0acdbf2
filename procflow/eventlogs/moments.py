"""The moments of a case's rows in order, and which of them the log does not order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from procflow.eventlogs.intake import Fate, Row


class Moment(NamedTuple):
    """A point of a row in time. Sorts by time, then the order column, then the row, then start before completion."""

    at: datetime
    order: int
    number: int
    completes: bool
    leads: bool
    """It is the first of its row."""
    row: Row


class Placed(NamedTuple):
    """A moment in its place."""

    moment: Moment
    tie: bool
    """It may as well have come before the one before it: see `Event.tie`."""


def in_order(rows: Iterable[Row], resolution: timedelta) -> list[Placed]:
    """Return the moments of a case in order.

    Moments closer than `resolution`, or equal, are in the order of their numbers if each has one of its own. Otherwise
    they stand as they would without, and all but the first are ties. Rows that are left out make no tie.
    """
    moments = sorted(_moments(rows))
    kept = [one for one in moments if one.row.fate is Fate.KEPT]
    if all(later.at - one.at >= resolution and later.at != one.at for one, later in pairwise(kept)):
        return [Placed(one, False) for one in moments]
    placed = [one for cluster in _clusters(kept, resolution) for one in _placed(cluster)]
    if len(kept) == len(moments):
        return placed
    return list(_merged(placed, [one for one in moments if one.row.fate is not Fate.KEPT]))


def _moments(rows: Iterable[Row]) -> Iterator[Moment]:
    for row in rows:
        order = -1 if row.order is None else row.order
        if row.start is not None:
            yield Moment(row.start, order, row.number, False, True, row)
        if row.end is not None:
            yield Moment(row.end, order, row.number, True, row.start is None, row)


def _clusters(moments: list[Moment], resolution: timedelta) -> Iterator[list[Moment]]:
    """Yield runs of moments each of which is too close to the next to tell which came first."""
    cluster: list[Moment] = []
    for one in moments:
        if cluster and one.at != cluster[-1].at and one.at - cluster[-1].at >= resolution:
            yield cluster
            cluster = []
        cluster.append(one)
    if cluster:
        yield cluster


def _placed(cluster: list[Moment]) -> Iterator[Placed]:
    numbers = {one.number: one.row.order for one in cluster}
    orders = set(numbers.values())
    numbered = None not in orders and len(orders) == len(numbers)
    if numbered:
        cluster.sort(key=lambda one: (one.order, one.at, one.completes))
    for position, one in enumerate(cluster):
        yield Placed(one, position > 0 and len(numbers) > 1 and not numbered)


def _merged(placed: Iterable[Placed], others: list[Moment]) -> Iterator[Placed]:
    at = 0
    for one in placed:
        while at < len(others) and others[at] < one.moment:
            yield Placed(others[at], False)
            at += 1
        yield one
    for other in others[at:]:
        yield Placed(other, False)
