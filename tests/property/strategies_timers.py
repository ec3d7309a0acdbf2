"""Steps of random procedures whose time runs out and leads on, and time that is up in random cases of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from tests.oracle.plain import PlainEvent

_CHANCE = 0.35
"""How often a step leads on when it is late, in a procedure in which any does."""


def with_timers(procedure: dict[str, Any], rng: Random) -> dict[str, Any]:
    """Return the procedure with time for some of its steps and blocks, which leads on to any other step of their region.

    Steps may wait for each other.
    """
    for region in _regions(procedure["steps"]):
        for name, step in region.items():
            others = [one for one in region if one != name]
            if others and "end" not in step and rng.random() < _CHANCE:
                step["within"] = "1 day"
                step["late"] = {"go-to": rng.choice(others)}
    return procedure


def _regions(steps: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield steps
    for step in steps.values():
        for name, branch in step.get("parallel", {}).items():
            yield from _regions(branch.get("steps", {name: branch}))


def time_is_up(step: str, to: str) -> PlainEvent:
    """Return the event that says that the time of a step is up, and where the case goes."""
    due = "2026-12-02T08:00:00+00:00"
    timer = {"clock": step, "cycle": 1, "mark": "late", "does": "go-to", "to": to, "due": due}
    return {"kind": "timer", "action": step, "timer": timer}
