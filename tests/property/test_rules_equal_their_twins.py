"""What the theory of declarative processes says of pairs of rules: equal languages, implications, and vacuity.

On random cases in which everything is known; the monitors are asked, and the oracle beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracle.rule_words import Case, Spot
from tests.oracle.rules import Said, told_of
from tests.property.judged_by_rules import judged
from tests.property.strategies_rules import PEOPLE, PROCEDURE, random_spots

SOME = settings(max_examples=40, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 2**64)
MANNERS: tuple[dict[str, Any], ...] = ({}, {"each-time": True}, {"next": True})
LIMITS: tuple[dict[str, Any], ...] = ({}, {"within": "2 hours"}, {"same": "person"}, {"different": "person"})

Rule = dict[str, Any]
Law = Callable[..., bool]


def plain_spots(rng: Random) -> list[Spot]:
    """Return a case of which everything is known, over or not."""
    spots = random_spots(rng, 10)
    while any(one.cancelled for one in spots):
        spots = random_spots(rng, 10)
    return [
        one._replace(gap=False, seq=number, actor=one.actor or rng.choice(PEOPLE), at=one.at or one.now or spots[1].at)
        for number, one in enumerate(spots, 1)
        if len(spots) > 1
    ]


def said_of(rules: list[Rule], spots: list[Spot]) -> list[tuple[str, set[Any]]]:
    """Return how each stands in the end, and all that was ever said of it and not taken back."""
    told: list[tuple[str, set[Any]]] = []
    for rule in rules:
        steps = judged({"r": rule}, spots)
        found = {one for step in steps for one in step.new} - {one for step in steps for one in step.gone}
        said: Said = told_of(Case(rule, spots, PROCEDURE))
        assert (steps[-1].told[0].status.value, found) == (said.status, set(said.found))
        told.append((said.status, found))
    return told


def over(spots: list[Spot]) -> list[Spot]:
    """Return the case, with an end if it has none."""
    if Case({}, spots, PROCEDURE).end is not None:
        return spots
    last = spots[-1]
    closing = Spot(last.seq and last.seq + 1, last.at, ("case ends",), performs=False, actor=last.actor, ends=True)
    return [*spots, closing]


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("limit", LIMITS)
def test_succession_is_response_and_precedence(manner: Rule, limit: Rule) -> None:
    if "each-time" in manner and "different" in limit:
        return

    @SOME
    @given(SEEDS)
    def law(seed: int) -> None:
        spots = plain_spots(Random(seed))
        if spots:
            both, ahead, back = said_of(
                [
                    {"after": "a", "before": "b", **manner, **limit},
                    {"after": "a", "there-must-be": "b", **manner, **limit},
                    {"before": "b", "there-must-be": "a", **manner, **limit},
                ],
                spots,
            )
            assert both[1] == ahead[1] | back[1]
            assert (both[0] == "violated") == ("violated" in (ahead[0], back[0]))

    law()


EQUAL: dict[str, tuple[list[Rule], list[Rule]]] = {
    "not response and not precedence": ([{"after": "a", "never": "b"}], [{"before": "b", "never": "a"}]),
    "not chain response and not chain precedence": (
        [{"after": "a", "never": "b", "next": True}],
        [{"before": "b", "never": "a", "next": True}],
    ),
    "not response and not precedence in time": (
        [{"after": "a", "never": "b", "within": "2 hours"}],
        [{"before": "b", "never": "a", "within": "2 hours"}],
    ),
    "not response and not precedence by one person": (
        [{"after": "a", "never": "b", "same": "person"}],
        [{"before": "b", "never": "a", "same": "person"}],
    ),
    "existence once": ([{"must-happen": "a"}], [{"at-least": 1, "of": "a"}]),
    "choice": ([{"any-of": ["a", "b"]}], [{"at-least": 1, "of": ["a", "b"]}]),
    "exactly": ([{"exactly": 2, "of": "a"}], [{"at-most": 2, "of": "a"}, {"at-least": 2, "of": "a"}]),
    "together": ([{"together": ["a", "b"]}], [{"if": "a", "also": "b"}, {"if": "b", "also": "a"}]),
    "together of three": (
        [{"together": ["a", "b", "c"]}],
        [{"if": "a", "also": "b"}, {"if": "b", "also": "c"}, {"if": "c", "also": "a"}],
    ),
    "not both": ([{"not-both": ["a", "b"]}], [{"if": "a", "never": "b"}]),
    "not both, the other way": ([{"if": "a", "never": "b"}], [{"if": "b", "never": "a"}]),
    "not both, apart": (
        [{"if": "a", "never": "b"}],
        [{"after": "a", "never": "b"}, {"before": "a", "never": "b"}],
    ),
    "exclusive choice": ([{"one-of": ["a", "b"]}], [{"any-of": ["a", "b"]}, {"not-both": ["a", "b"]}]),
    "never either": ([{"never": ["a", "b"]}], [{"never": "a"}, {"never": "b"}]),
    "if either": ([{"if": ["a", "c"], "also": "b"}], [{"if": "a", "also": "b"}, {"if": "c", "also": "b"}]),
    "after either": (
        [{"after": ["a", "c"], "there-must-be": "b"}],
        [{"after": "a", "there-must-be": "b"}, {"after": "c", "there-must-be": "b"}],
    ),
    "before either": (
        [{"before": ["a", "c"], "there-must-be": "b"}],
        [{"before": "a", "there-must-be": "b"}, {"before": "c", "there-must-be": "b"}],
    ),
    "after either, never": (
        [{"after": ["a", "enters s2"], "never": "b"}],
        [{"after": "a", "never": "b"}, {"after": "enters s2", "never": "b"}],
    ),
    "at most twice": ([{"at-most": 1, "of": "a"}], [{"after": "a", "never": "a"}]),
    "the same hands": (
        [{"different-person": ["a", "b"]}],
        [{"after": "a", "never": "b", "same": "person"}, {"after": "b", "never": "a", "same": "person"}],
    ),
}
"""Cases that break one of the first break one of the second."""


@pytest.mark.parametrize("name", EQUAL)
def test_these_say_the_same_of_every_case(name: str) -> None:
    @SOME
    @given(SEEDS)
    def law(seed: int) -> None:
        spots = plain_spots(Random(seed))
        if spots:
            ended = over(spots)
            ones, others = (said_of(rules, ended) for rules in EQUAL[name])
            assert _broken(ones) == _broken(others)

    law()


IMPLIED: dict[str, tuple[Rule, Rule]] = {
    "alternate response": (
        {"after": "a", "there-must-be": "b", "each-time": True},
        {"after": "a", "there-must-be": "b"},
    ),
    "chain response": (
        {"after": "a", "there-must-be": "b", "next": True},
        {"after": "a", "there-must-be": "b", "each-time": True},
    ),
    "alternate precedence": (
        {"before": "b", "there-must-be": "a", "each-time": True},
        {"before": "b", "there-must-be": "a"},
    ),
    "chain precedence": (
        {"before": "b", "there-must-be": "a", "next": True},
        {"before": "b", "there-must-be": "a", "each-time": True},
    ),
    "response": ({"after": "a", "there-must-be": "b"}, {"if": "a", "also": "b"}),
    "response in time": (
        {"after": "a", "there-must-be": "b", "within": "2 hours"},
        {"after": "a", "there-must-be": "b", "within": "1 day"},
    ),
    "precedence": ({"before": "b", "there-must-be": "a"}, {"if": "b", "also": "a"}),
    "not response": ({"if": "a", "never": "b"}, {"after": "a", "never": "b"}),
    "not chain response": ({"after": "a", "never": "b"}, {"after": "a", "never": "b", "next": True}),
    "at most": ({"at-most": 1, "of": "a"}, {"at-most": 2, "of": "a"}),
    "at most in a while": ({"at-most": 1, "of": "a"}, {"at-most": 1, "of": "a", "in": "1 day"}),
    "by whom": ({"must-happen": "a", "by": "lead"}, {"must-happen": "a"}),
    "by anybody": ({"never": "a"}, {"never": "a", "by": "lead"}),
}
"""What keeps the first keeps the second."""


@pytest.mark.parametrize("name", IMPLIED)
def test_what_keeps_the_first_keeps_the_second(name: str) -> None:
    @SOME
    @given(SEEDS)
    def law(seed: int) -> None:
        spots = plain_spots(Random(seed))
        if spots:
            ended = over(spots)
            one, other = said_of(list(IMPLIED[name]), ended)
            assert one[0] == "violated" or other[0] != "violated"

    law()


@SOME
@given(SEEDS)
def test_a_rule_whose_trigger_never_came_was_never_activated(seed: int) -> None:
    rng = Random(seed)
    spots = plain_spots(rng)
    if not spots:
        return
    for trigger in ("after", "before", "if"):
        rule = {trigger: "a", "never": "b"}
        status = said_of([rule], spots)[0][0]
        assert (status == "never-activated") == (not any("a" in one.happenings for one in spots))


@SOME
@given(SEEDS)
def test_what_must_happen_and_must_never_are_never_both_kept(seed: int) -> None:
    spots = plain_spots(Random(seed))
    if spots:
        ended = over(spots)
        must, never = said_of([{"must-happen": "a"}, {"never": "a"}], ended)
        happened = [index for index, one in enumerate(ended) if "a" in one.happenings]
        assert (never[0] == "violated") == bool(happened)
        end = Case({}, ended, PROCEDURE).end
        assert (must[0] == "satisfied") == any(end is not None and one <= end for one in happened)


def _broken(told: list[tuple[str, set[Any]]]) -> bool:
    return "violated" in {status for status, _ in told}
