"""How long something took in many cases: figures that occurred."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from procflow.model.promising import Quantiles

_PERCENT = (50, 85, 95)


def quantiles(lengths: Iterable[timedelta]) -> Quantiles | None:
    """Return what 50, 85 and 95 of 100 do not exceed, by nearest rank; None if there are none."""
    ordered = sorted(lengths)
    if not ordered:
        return None
    p50, p85, p95 = (ordered[rank(percent, len(ordered))] for percent in _PERCENT)
    return Quantiles(n=len(ordered), p50=p50, p85=p85, p95=p95)


def rank(percent: int, n: int) -> int:
    """Return the place, from 0, of what so many of 100 do not exceed, among `n` in order."""
    return max(-(-percent * n // 100) - 1, 0)
