"""Ranks: numbers for each of many, counted from 0, and what those before one come to. Each in log n steps."""

from __future__ import annotations


class Ranks:
    """A Fenwick tree over 0 .. size - 1."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._tree = [0] * (size + 1)
        self.total = 0

    def add(self, rank: int, count: int) -> None:
        """Add to the number of a rank."""
        self.total += count
        at = rank + 1
        while at <= self._size:
            self._tree[at] += count
            at += at & -at

    def before(self, rank: int) -> int:
        """Return what those before a rank come to."""
        total = 0
        while rank > 0:
            total += self._tree[rank]
            rank -= rank & -rank
        return total
