"""Values found do what was demanded, for every condition; where none are found and that is exact, there are none.

Held against plain search among many values of each field, which knows nothing of where conditions turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procflow.expressions.boundaries import Answer, satisfy
from procflow.expressions.expression import Expression, Facts, Truth, parse
from procflow.expressions.types import (
    Choice,
    FieldType,
    Instant,
    ListOf,
    Money,
    Number,
    Raw,
    Text,
    Value,
    YesNo,
)
from procflow.expressions.values import parse_value
from tests.property.strategies_conditions import MANY_FIELDS, MOMENTS, random_condition

ACTIONS = ("call", "send")
TYPES: Mapping[str, FieldType] = {
    "urgent": YesNo(),
    "amount": Number(),
    "colour": Choice(("red", "green", "blue")),
    "city": Text(),
    "refund": Money("EUR"),
    "received": Instant(),
    "signs": ListOf(Text()),
}
NOW = datetime(2026, 12, 3, 9, tzinfo=UTC)
SOME: Mapping[str, Sequence[Raw]] = {
    "urgent": (True, False),
    "amount": (-3, -1, 0, "0.5", 1, "1.5", 2, 3, 7),
    "colour": ("red", "green", "blue"),
    "city": ("Cluj", "Łódź", "סיני", "", "Iași", "Bucharest"),
    "refund": (-2, 0, "0.5", "0.75", 1, "1.25", "1.5", 2, 9),
    "received": (
        *MOMENTS,
        "2026-12-01T07:59:59Z",
        "2026-12-03T08:56:00Z",
        "2026-12-03T09:30:00Z",
        "2030-01-01T00:00:00Z",
    ),
    "signs": ([], ["Cluj"], ["Cluj", "x"], ["x", "y", "z"], ["a", "b", "c", "d"]),
}


def conditions(rng: Random, number: int) -> list[Expression]:
    texts = [random_condition(rng, MANY_FIELDS, ACTIONS) for _ in range(number)]
    return [parse(text, fields=TYPES, actions=ACTIONS) for text in texts]


def facts_of(answer: Answer) -> Facts:
    assert answer.values is not None
    return Facts(values=answer.values, counts=answer.counts, now=answer.now)


def chance(rng: Random, demands: Sequence[tuple[Expression, Truth]], tries: int) -> Iterator[Facts]:
    """Yield facts by chance: fields are unknown only where that may be answered too."""
    asked = {name for one, truth in demands for name in one.reads if truth is Truth.UNDECIDED or "has(" in one.text}
    names = sorted({name for one, _ in demands for name in one.reads})
    for _ in range(tries):
        values: dict[str, Value] = {}
        for name in names:
            if name not in asked or rng.random() < 0.7:
                values[name] = parse_value(TYPES[name], rng.choice(SOME[name]))
        yield Facts(values=values, counts={action: rng.randint(0, 3) for action in ACTIONS}, now=NOW)


@settings(max_examples=400, deadline=None)
@given(rng=st.randoms(use_true_random=False), number=st.integers(1, 3))
def test_what_is_found_does_it_and_what_is_exact_is_true(rng: Any, number: int) -> None:
    demands = [(one, rng.choice((*Truth, Truth.TRUE, Truth.FALSE))) for one in conditions(rng, number)]
    answer = satisfy(demands)
    if answer.values is not None:
        assert [one.evaluate(facts_of(answer)).truth for one, _ in demands] == [truth for _, truth in demands]
        assert answer.values.keys() <= {name for one, _ in demands for name in one.reads}
    elif answer.exact:
        for facts in chance(rng, demands, 60):
            found = [one.evaluate(facts).truth for one, _ in demands]
            assert found != [truth for _, truth in demands], (demands, facts)


@settings(max_examples=300, deadline=None)
@given(rng=st.randoms(use_true_random=False), number=st.integers(1, 3))
def test_what_chance_finds_is_found(rng: Any, number: int) -> None:
    """The other way round: whatever comes out on some facts can be demanded again."""
    asked = conditions(rng, number)
    for facts in chance(rng, [(one, Truth.TRUE) for one in asked], 3):
        demands = [(one, one.evaluate(facts).truth) for one in asked]
        if any(truth is Truth.UNDECIDED for _, truth in demands):
            continue
        answer = satisfy(demands)
        assert answer or not answer.exact, (demands, facts)


@settings(max_examples=200, deadline=None)
@given(rng=st.randoms(use_true_random=False))
def test_what_is_held_stays_and_the_rest_is_found(rng: Any) -> None:
    demands = [(one, rng.choice((Truth.TRUE, Truth.FALSE))) for one in conditions(rng, 2)]
    facts = next(chance(rng, demands, 1))
    known = {name: value for name, value in facts.values.items() if rng.random() < 0.5}
    answer = satisfy(demands, known=known, counts=facts.counts, now=facts.now)
    if answer.values is not None:
        assert not answer.values.keys() & known.keys()
        whole = Facts(values={**known, **answer.values}, counts=facts.counts, now=facts.now)
        assert [one.evaluate(whole).truth for one, _ in demands] == [truth for _, truth in demands]
        assert not answer.counts
        assert answer.now is None


@settings(max_examples=200, deadline=None)
@given(rng=st.randoms(use_true_random=False))
def test_the_same_question_has_the_same_answer_and_it_tells_what_matters(rng: Any) -> None:
    demands = [(one, rng.choice((Truth.TRUE, Truth.FALSE))) for one in conditions(rng, 2)]
    answer = satisfy(demands)
    assert satisfy(demands) == answer
    if answer.values is None:
        assert not answer.witness
        return
    # What the witness leaves out may be anything: also unknown.
    values = {name: value for name, value in answer.values.items() if name in answer.witness}
    for one, truth in demands:
        if "has(" not in one.text:
            facts = Facts(values=values, counts=answer.counts, now=answer.now)
            assert one.evaluate(facts).truth is truth


@pytest.mark.parametrize("number", [1, 3])
def test_most_conditions_are_decided(number: int) -> None:
    rng = Random(number)
    asked = [[(one, Truth.TRUE) for one in conditions(rng, number)] for _ in range(400)]
    answers = [satisfy(demands) for demands in asked]
    assert sum(bool(answer) or answer.exact for answer in answers) > 380
