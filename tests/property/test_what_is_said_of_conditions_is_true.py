"""What lint says of conditions holds: never true is never true, never reached is never reached, gaps are gaps.

Held against facts by chance, on random procedures; and whatever a procedure is like, something is said and nothing
breaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from procflow.expressions.effort import Effort
from procflow.expressions.expression import Expression, Facts, Truth
from procflow.expressions.types import Value
from procflow.expressions.values import parse_value
from procflow.lint.conditions import findings
from procflow.lint.likely import Cases
from procflow.model.procedure import Procedure, Step
from tests.property.strategies import load, random_procedure
from tests.property.strategies_conditions import MANY_FIELDS, random_value

_TOLD = re.compile(r"`(?P<text>.*?)` is (?P<what>never true|always true)(?P<rest>[:,].*)", re.DOTALL)


def chance(rng: Random, procedure: Procedure, tries: int) -> Iterator[Facts]:
    """Yield facts by chance, every field known."""
    for _ in range(tries):
        values: dict[str, Value] = {}
        for name, type in MANY_FIELDS:
            if name in procedure.data:
                values[name] = parse_value(procedure.data[name].type, random_value(type, rng))
        counts = {action: rng.randint(0, 3) for action in procedure.actions}
        yield Facts(values=values, counts=counts, now=datetime(2026, 12, 2, 9, tzinfo=UTC))


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_never_and_always_are_so(seed: int) -> None:
    rng = Random(seed)
    procedure = load(random_procedure(rng, MANY_FIELDS))
    conditions = {one.text: one for one in procedure.conditions}
    for one in findings(procedure):
        told = _TOLD.fullmatch(one.message) if one.code in ("PF507", "PF508") else None
        if told is None or "adds nothing" in one.message:
            continue
        wrong = Truth.TRUE if told["what"] == "never true" else Truth.FALSE
        for facts in chance(rng, procedure, 30):
            assert conditions[told["text"]].evaluate(facts).truth is not wrong, (one.message, facts)


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_what_is_said_does_not_change(seed: int) -> None:
    procedure = load(random_procedure(Random(seed), MANY_FIELDS))
    assert list(findings(procedure)) == list(findings(procedure))


@settings(max_examples=120, deadline=None)
@given(rng=st.randoms(use_true_random=False))
def test_a_case_that_is_found_is_one(rng: Any) -> None:
    """Nothing is left open by what a gap names: whatever the other values are, nothing is open."""
    procedure = load(random_procedure(rng, MANY_FIELDS))
    cases = Cases(procedure=procedure, effort=Effort(1_000_000))
    for step in procedure.steps.values():
        shut = _shut(step)
        found = cases.find_known([(one, Truth.FALSE) for one in shut], step) if shut else None
        if found is None:
            continue
        for facts in chance(rng, procedure, 5):
            values = {**facts.values, **{name: value for name, value in found.items() if name in procedure.data}}
            counts = dict(facts.counts)
            for name, value in found.items():
                if name.startswith("times("):
                    counts[name[6:-1]] = int(str(value))
            at = found.get("now")
            now = at if isinstance(at, datetime) else facts.now
            told = Facts(values={k: v for k, v in values.items() if v is not None}, counts=counts, now=now)
            assert all(one.evaluate(told).truth is not Truth.TRUE for one in shut), (step.id, found, told)


def _shut(step: Step) -> Sequence[Expression]:
    return [arrow.when for action in step.actions.values() for arrow in action.arrows if arrow.when is not None]
