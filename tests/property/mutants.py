"""Mutants of a case: one thing that went otherwise than it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from random import Random

from tests.oracle.plain import PlainEvent
from tests.property.strategies_conditions import PEOPLE

Trace = list[PlainEvent]

FLOW = frozenset({"DV101", "DV102", "DV103", "DV105", "DV106"})
CONDITIONS = frozenset({"DV104", "DV108", "DV305"})
EXPECTED: Mapping[str, frozenset[str]] = {
    "swap": FLOW,
    "drop": FLOW,
    "duplicate": FLOW,
    "change action": FLOW,
    "change actor": frozenset({"DV201", "DV202", "DV208"}),
    "drop data": frozenset({"DV301", "DV605"}) | CONDITIONS,
    "drop evidence": frozenset({"DV303"}),
    "shift time": CONDITIONS,
}
"""What one would think each kind of mutant is found as; the oracle knows better."""


def mutant(kind: str, trace: Trace, actions: list[str], rng: Random) -> Trace | None:
    """Return a mutant of this kind, not equal to the case; None if the case has none."""
    changed = deepcopy(trace)
    if len(changed) < 2:
        return None
    _KINDS[kind](changed, rng.randrange(1, len(changed)), actions, rng)
    return changed if changed != trace else None


def _swap(trace: Trace, at: int, _actions: list[str], _rng: Random) -> None:
    if at + 1 < len(trace):
        trace[at], trace[at + 1] = trace[at + 1], trace[at]


def _drop(trace: Trace, at: int, _actions: list[str], _rng: Random) -> None:
    del trace[at]


def _duplicate(trace: Trace, at: int, _actions: list[str], _rng: Random) -> None:
    trace.insert(at, deepcopy(trace[at]))


def _change_action(trace: Trace, at: int, actions: list[str], rng: Random) -> None:
    if trace[at]["kind"] == "action":
        trace[at]["action"] = rng.choice([*actions, "dance"])


def _change_actor(trace: Trace, at: int, _actions: list[str], rng: Random) -> None:
    trace[at]["actor"] = rng.choice(PEOPLE)
    if rng.random() < 0.5:
        trace[at]["roles"] = []
        trace[at].pop("on_behalf_of", None)


def _drop_data(trace: Trace, _at: int, _actions: list[str], rng: Random) -> None:
    given = [one for one in trace if one.get("data")]
    if given:
        data = rng.choice(given)["data"]
        del data[rng.choice(sorted(data))]


def _drop_evidence(trace: Trace, _at: int, _actions: list[str], rng: Random) -> None:
    given = [one for one in trace if one.get("evidence")]
    if given:
        evidence = rng.choice(given)["evidence"]
        del evidence[rng.choice(sorted(evidence))]


def _shift_time(trace: Trace, at: int, _actions: list[str], rng: Random) -> None:
    days = timedelta(days=rng.choice((-60, -2, 2, 60)))
    for event in trace[at:]:
        event["at"] = (datetime.fromisoformat(event["at"]) + days).isoformat()


_KINDS: Mapping[str, Callable[[Trace, int, list[str], Random], None]] = {
    "swap": _swap,
    "drop": _drop,
    "duplicate": _duplicate,
    "change action": _change_action,
    "change actor": _change_actor,
    "drop data": _drop_data,
    "drop evidence": _drop_evidence,
    "shift time": _shift_time,
}
