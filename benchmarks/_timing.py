"""Interleaved timing: each contender in turn, several rounds, medians and their ratio."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median


def seconds(contenders: Mapping[str, Callable[[], object]], rounds: int = 7) -> Mapping[str, float]:
    """Return the median seconds of one call of each, measured in turn so that a slow moment hits all alike.

    Seconds of this process alone: what else runs on the machine is not counted.
    """
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for run in contenders.values():
        run()  # warm: what is remembered between calls is part of how they are used
    for _ in range(rounds):
        for name, run in contenders.items():
            began = time.process_time()
            run()
            taken[name].append(time.process_time() - began)
    return {name: median(times) for name, times in taken.items()}


def table(title: str, taken: Mapping[str, float], *, per: int, against: str) -> None:
    """Print microseconds for one of `per` things, and the ratio to the contender `against`."""
    print(title)
    for name, took in taken.items():
        print(f"  {name:<44} {took / per * 1e6:9.1f} us  {took / taken[against]:6.2f} x")
