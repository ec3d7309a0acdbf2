"""Ranks: which of many, numbered from 0, are there; how many before one, and the first of them. Each in log n steps."""

from __future__ import annotations

from collections.abc import Iterator


class Ranks:
    """A Fenwick tree over 0 .. size - 1."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._tree = [0] * (size + 1)
        self._top = 1 << size.bit_length() >> 1

    def add(self, rank: int, count: int) -> None:
        """Let one come (1) or go (-1)."""
        at = rank + 1
        while at <= self._size:
            self._tree[at] += count
            at += at & -at

    def before(self, rank: int) -> int:
        """Return how many there are before a rank."""
        total = 0
        while rank > 0:
            total += self._tree[rank]
            rank -= rank & -rank
        return total

    def first(self, count: int) -> Iterator[int]:
        """Yield the first so many that are there; there must be as many."""
        for nth in range(1, count + 1):
            at, left, step = 0, nth, self._top
            while step:
                if at + step <= self._size and self._tree[at + step] < left:
                    at += step
                    left -= self._tree[at]
                step >>= 1
            yield at
