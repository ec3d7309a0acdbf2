"""A broken rule is told at the event after which nothing can keep it, and what is settled for good is.

By brute force over all ways on, on small alphabets; what keeps a rule over a finished case is told here once more, as
the textbooks tell it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import pairwise, product
from typing import Any

import pytest

from tests.oracle.rule_words import Case, Spot
from tests.oracle.rules import told_of
from tests.property.judged_by_rules import judged
from tests.property.strategies_rules import BEGUN, PROCEDURE

Word = str
LETTERS = "abc"
LONGEST, FURTHER = 4, 3

A, B = "a", "b"


def every(word: Word, letter: str, holds: Callable[[int], bool]) -> bool:
    """Return True if something holds wherever a letter stands."""
    return all(holds(place) for place, one in enumerate(word) if one == letter)


def later(word: Word, place: int, letter: str) -> int:
    """Return the next place of a letter, or the end."""
    found = word.find(letter, place + 1)
    return found if found >= 0 else len(word)


def response(word: Word, a: str = A, b: str = B) -> bool:
    return every(word, a, lambda at: b in word[at + 1 :])


def precedence(word: Word, b: str = B, a: str = A) -> bool:
    return every(word, b, lambda at: a in word[:at])


def alternate_response(word: Word) -> bool:
    return every(word, A, lambda at: later(word, at, B) < later(word, at, A))


def alternate_precedence(word: Word) -> bool:
    return every(word, B, lambda at: A in word[word.rfind(B, 0, at) + 1 : at])


def chain_response(word: Word) -> bool:
    return every(word, A, lambda at: word[at + 1 : at + 2] == B)


def chain_precedence(word: Word) -> bool:
    return every(word, B, lambda at: at > 0 and word[at - 1] == A)


Kept = Callable[[Word], bool]
FORMS: Mapping[str, tuple[dict[str, Any], Kept]] = {
    "existence": ({"must-happen": A}, lambda word: A in word),
    "existence 2": ({"at-least": 2, "of": A}, lambda word: word.count(A) >= 2),
    "existence of either, 2": ({"at-least": 2, "of": [A, B]}, lambda word: word.count(A) + word.count(B) >= 2),
    "absence": ({"never": A}, lambda word: A not in word),
    "absence 2": ({"at-most": 1, "of": A}, lambda word: word.count(A) <= 1),
    "exactly 2": ({"exactly": 2, "of": A}, lambda word: word.count(A) == 2),
    "init": ({"first": A}, lambda word: word[:1] in ("", A)),
    "end": ({"last": A}, lambda word: word[-1:] in ("", A)),
    "responded existence": ({"if": A, "also": B}, lambda word: A not in word or B in word),
    "response": ({"after": A, "there-must-be": B}, response),
    "alternate response": ({"after": A, "there-must-be": B, "each-time": True}, alternate_response),
    "chain response": ({"after": A, "there-must-be": B, "next": True}, chain_response),
    "precedence": ({"before": B, "there-must-be": A}, precedence),
    "alternate precedence": ({"before": B, "there-must-be": A, "each-time": True}, alternate_precedence),
    "chain precedence": ({"before": B, "there-must-be": A, "next": True}, chain_precedence),
    "succession": ({"after": A, "before": B}, lambda word: response(word) and precedence(word)),
    "alternate succession": (
        {"after": A, "before": B, "each-time": True},
        lambda word: alternate_response(word) and alternate_precedence(word),
    ),
    "chain succession": (
        {"after": A, "before": B, "next": True},
        lambda word: chain_response(word) and chain_precedence(word),
    ),
    "co-existence": ({"together": [A, B]}, lambda word: (A in word) == (B in word)),
    "choice": ({"any-of": [A, B]}, lambda word: A in word or B in word),
    "exclusive choice": ({"one-of": [A, B]}, lambda word: (A in word) != (B in word)),
    "not co-existence": ({"not-both": [A, B]}, lambda word: not (A in word and B in word)),
    "not responded existence": ({"if": A, "never": B}, lambda word: not (A in word and B in word)),
    "not response": ({"after": A, "never": B}, lambda word: every(word, A, lambda at: B not in word[at:])),
    "not chain response": (
        {"after": A, "never": B, "next": True},
        lambda word: every(word, A, lambda at: word[at + 1 : at + 2] != B),
    ),
    "not precedence": ({"before": B, "never": A}, lambda word: every(word, B, lambda at: A not in word[:at])),
    "not chain precedence": (
        {"before": B, "never": A, "next": True},
        lambda word: every(word, B, lambda at: at == 0 or word[at - 1] != A),
    ),
    "at most itself": ({"before": A, "never": A}, lambda word: word.count(A) <= 1),
    "either": ({"after": [A, B], "there-must-be": "c"}, lambda word: response(word, A, "c") and response(word, B, "c")),
}
SETTLED = {"must-happen", "at-least", "any-of", "first", "together"}
"""Of these what is kept for good is told so; of `if .. also` and `before` too."""


def spots_of(word: Word, *, ended: bool = False, hours: tuple[int, ...] = ()) -> list[Spot]:
    """Return a case in which each letter is done, an hour apart unless it says otherwise."""
    at = BEGUN
    spots = [Spot(1, at, ("case opens",), performs=False)]
    for number, letter in enumerate(word):
        at += timedelta(hours=hours[number] if hours else 1)
        spots.append(Spot(number + 2, at, (letter,)))
    if ended:
        spots.append(Spot(len(word) + 2, at, ("case ends",), performs=False, ends=True))
    return spots


def words(length: int) -> list[Word]:
    return ["".join(one) for upto in range(length + 1) for one in product(LETTERS, repeat=upto)]


def status_of(rule: dict[str, Any], spots: list[Spot], who: str) -> str:
    if who == "oracle":
        return told_of(Case(rule, spots, PROCEDURE)).status
    return judged({"r": rule}, spots)[-1].told[0].status.value


@pytest.mark.parametrize("who", ["oracle", "monitor"])
@pytest.mark.parametrize("name", FORMS)
def test_a_rule_is_kept_as_the_textbooks_say(name: str, who: str) -> None:
    rule, kept = FORMS[name]
    for word in words(LONGEST + 1):
        status = status_of(rule, spots_of(word, ended=True), who)
        assert status in ("satisfied", "never-activated") if kept(word) else status == "violated", word


@pytest.mark.parametrize("who", ["oracle", "monitor"])
@pytest.mark.parametrize("name", FORMS)
def test_a_broken_rule_is_told_where_nothing_can_keep_it(name: str, who: str) -> None:
    rule, kept = FORMS[name]
    ways_on = words(FURTHER)
    for word in words(LONGEST):
        status = status_of(rule, spots_of(word), who)
        can_be_kept = any(kept(word + way) for way in ways_on)
        can_be_broken = not all(kept(word + way) for way in ways_on)
        assert (status == "violated") == (not can_be_kept), word
        assert status != "satisfied" or not can_be_broken, word
        assert (status == "violated-so-far") <= (can_be_kept and not kept(word)), word
        if SETTLED & rule.keys() and status not in ("never-activated", "violated"):
            assert (status == "satisfied") == (not can_be_broken), word
        if status == "satisfied-so-far":
            assert kept(word), word


Timed = tuple[tuple[str, int], ...]
"""Letters, each with how many hours after the one before."""
HOURS = (0, 2)
LIMIT = 3
"""Hours within which it must come."""


def _times(word: Timed) -> list[int]:
    return [sum(hours for _, hours in word[: place + 1]) for place in range(len(word))]


def _near(word: Timed, one: str, other: str, way: int) -> bool:
    """Return True if each of one has another near to it, after it (1), before it (-1) or either (0)."""
    at = _times(word)
    return all(
        any(
            letter == other and (way == 0 or (index - place) * way > 0) and abs(at[index] - at[place]) <= LIMIT
            for index, (letter, _) in enumerate(word)
        )
        for place, (first, _) in enumerate(word)
        if first == one
    )


def _crowded(word: Timed) -> bool:
    """Return True if two of a lie within the limit, which itself is beyond."""
    at = [time for (letter, _), time in zip(word, _times(word), strict=True) if letter == A]
    return any(two - one < LIMIT for one, two in pairwise(at))


TIMED: Mapping[str, tuple[dict[str, Any], Callable[[Timed], bool]]] = {
    "response": ({"after": A, "there-must-be": B}, lambda word: _near(word, A, B, 1)),
    "precedence": ({"before": B, "there-must-be": A}, lambda word: _near(word, B, A, -1)),
    "responded existence": ({"if": A, "also": B}, lambda word: _near(word, A, B, 0)),
    "existence": (
        {"must-happen": A},
        lambda word: any(one == A and at <= LIMIT for (one, _), at in zip(word, _times(word), strict=True)),
    ),
    "not response": (
        {"after": A, "never": B},
        lambda word: (
            not any(
                _near(((A, 0), (B, hours)), A, B, 1)
                for at, (first, _) in enumerate(word)
                if first == A
                for later_on, (other, _) in enumerate(word[at + 1 :], at + 1)
                if other == B
                for hours in (_times(word)[later_on] - _times(word)[at],)
            )
        ),
    ),
    "absence in a stretch": ({"at-most": 1, "of": A, "in": f"{LIMIT} hours"}, lambda word: not _crowded(word)),
}


@pytest.mark.parametrize("who", ["oracle", "monitor"])
@pytest.mark.parametrize("name", TIMED)
def test_what_comes_too_late_is_told_where_nothing_can_keep_it(name: str, who: str) -> None:
    rule, kept = TIMED[name]
    rule = rule if "in" in rule else {**rule, "within": f"{LIMIT} hours"}
    letters = tuple(product("ab", HOURS))
    ways_on: list[Timed] = [one for upto in range(FURTHER) for one in product(letters, repeat=upto)]
    for word in (one for upto in range(LONGEST) for one in product(letters, repeat=upto)):
        spots = spots_of("".join(one for one, _ in word), hours=tuple(hours for _, hours in word))
        status = status_of(rule, spots, who)
        can_be_kept = any(kept(word + way) for way in ways_on)
        assert (status == "violated") == (not can_be_kept), word
        assert status != "satisfied" or all(kept(word + way) for way in ways_on), word
        assert (status == "violated-so-far") == (can_be_kept and not kept(word)), word
