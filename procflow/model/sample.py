"""What a sample allows to say: percentiles, and how sure a share is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from math import sqrt

RANKED_FROM = 20
"""Of fewer, people are not ranked: who comes first would be chance."""
_Z = 1.959963984540054
"""Of a normal distribution, 95 of 100 lie within so many standard deviations."""
_HUNDRED = 100


def interval(part: int, whole: int) -> tuple[float, float]:
    """Return between which shares the true one lies, 95 times of 100 (Wilson). All of it if there is nothing to go by."""
    if not whole:
        return 0.0, 1.0
    seen, square = part / whole, _Z * _Z
    middle = (seen + square / (2 * whole)) / (1 + square / whole)
    half = _Z * sqrt(seen * (1 - seen) / whole + square / (4 * whole * whole)) / (1 + square / whole)
    return max(0.0, middle - half), min(1.0, middle + half)


def percentile(ordered: list[timedelta], percent: int) -> timedelta:
    """Return what so many of 100 do not exceed, one that occurred (nearest rank). `ordered` is sorted and not empty."""
    return ordered[max(0, -(-percent * len(ordered) // _HUNDRED) - 1)]


def median(numbers: Iterable[int]) -> float:
    """Return the middle one; of an even number the mean of the two in the middle; 0 of none."""
    ordered = sorted(numbers)
    n = len(ordered)
    return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2 if n else 0.0
