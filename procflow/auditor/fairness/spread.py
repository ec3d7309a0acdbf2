"""Spread: how far the longest waits lie from the middle, among cases that are alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta

from procflow.auditor.fairness.visits import Alike, Visit
from procflow.model.fairness import WaitSpread
from procflow.model.fairness_report import Waits
from procflow.model.procedure import Step
from procflow.model.sample import percentile

_HALF, _SLOW = 50, 90


def waits(steps: Mapping[str, Step], visits: Iterable[Visit], asked: WaitSpread) -> list[Waits]:
    """Return how long cases waited in each step, those alike together; in the order of the procedure, then of the values."""
    wanted = asked.steps or tuple(steps)
    over: defaultdict[tuple[str, Alike], list[timedelta]] = defaultdict(list)
    still: Counter[tuple[str, Alike]] = Counter()
    for one in visits:
        if one.step not in wanted:
            continue
        if one.started is not None:
            over[one.step, one.spread].append(one.started - one.ready)
        elif one.left is None:
            still[one.step, one.spread] += 1
    order = {name: place for place, name in enumerate(steps)}
    keys = sorted({*over, *still}, key=lambda key: (order[key[0]], key[1]))
    return [_waits(step, alike, sorted(over[step, alike]), still[step, alike], asked) for step, alike in keys]


def _waits(step: str, alike: Alike, ordered: list[timedelta], still: int, asked: WaitSpread) -> Waits:
    return Waits(
        step=step,
        alike=dict(zip(asked.alike, alike, strict=True)),
        waits=len(ordered),
        still=still,
        p50=percentile(ordered, _HALF) if ordered else None,
        p90=percentile(ordered, _SLOW) if ordered else None,
        told=len(ordered) >= asked.at_least,
    )


def uneven(one: Waits, asked: WaitSpread) -> bool:
    """Return True if the long waits are more than so many times the median."""
    return one.told and one.p50 is not None and one.p90 is not None and one.p90 > asked.times * one.p50
