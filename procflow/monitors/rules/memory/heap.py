"""A heap that is never changed: deadlines of states that share their past. A leftist tree (Crane, 1972)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from procflow.monitors.rules.names import Name
from procflow.monitors.rules.terms import Key


class Deadline(NamedTuple):
    """When an activation's time is up. Compared by time, then by order."""

    at: datetime
    name: Name
    key: Key
    broken: int = 0
    """Of what forbids: whether it was broken where it was set off: NO, YES, or DOUBT."""


class Heap(NamedTuple):
    """The soonest, and two heaps of later ones; the left one is at least as deep."""

    rank: int
    first: Deadline
    left: Heap | None
    right: Heap | None


def merged(one: Heap | None, other: Heap | None) -> Heap | None:
    """Return a heap of all that is in either. Costs the logarithm of their size."""
    if one is None:
        return other
    if other is None:
        return one
    if other.first[:2] < one.first[:2]:
        one, other = other, one
    left, right = one.left, merged(one.right, other)
    if _rank(left) < _rank(right):
        left, right = right, left
    return Heap(_rank(right) + 1, one.first, left, right)


def _rank(heap: Heap | None) -> int:
    return heap.rank if heap is not None else 0


def pushed(heap: Heap | None, one: Deadline) -> Heap:
    """Return the heap with one more."""
    result = merged(heap, Heap(1, one, None, None))
    assert result is not None
    return result


def popped(heap: Heap) -> Heap | None:
    """Return the heap without its first."""
    return merged(heap.left, heap.right)


def in_order(heap: Heap | None) -> Iterator[Deadline]:
    """Yield all, the soonest first."""
    while heap is not None:
        yield heap.first
        heap = popped(heap)
