"""An event costs what it touches: counted in calls, so that every machine says the same. States are values."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest

from procflow.expressions.expression import Facts
from procflow.model.event import EVERYTHING
from procflow.model.rule import Happening, HappeningKind
from procflow.monitors.rules.book import RuleBook, Standings
from procflow.monitors.rules.position import Position
from tests.unit.monitors.rules.office import office
from tests.unit.monitors.stories import AT

RULES = (
    "after: a, there-must-be: b",
    "after: a, there-must-be: b, each-time: true",
    "after: a, there-must-be: b, next: true",
    "after: a, there-must-be: b, within: 5 hours",
    "after: a, there-must-be: b, same: x",
    "after: a, there-must-be: b, different: person",
    "after: a, before: b, same: x, within: 3 hours",
    "before: a, there-must-be: b, each-time: true, same: x",
    "before: a, there-must-be: b, next: true, different: x",
    "if: a, also: b, within: 4 hours, same: x",
    "if: a, never: b, within: 2 hours",
    "after: a, never: b, within: 6 hours, same: x",
    "after: a, never: b, next: true",
    "before: a, never: b, different: [x, person]",
    "not-both: [a, b], within: 3 hours",
    "at-most: 3, of: [a, b], in: 9 hours",
    "exactly: 4, of: a",
    "one-of: [a, b]",
    "together: [a, b, c]",
    "first: a",
    "last: c",
    "same-person: [a, b]",
    "different-person: [a, c]",
    "after: a, there-must-be: b, same: x, different: person",
    "after: a, there-must-be: b, same: x, different: person, within: 900 days",
    "if: a, also: b, same: x, different: person",
    "after: a, never: b, same: x, different: person",
    "if: a, never: b, same: x, different: person, within: 900 days",
    "before: a, there-must-be: b, same: x, different: person",
    "at-most: 100000, of: [a, b], in: 900 days",
)


def _positions(length: int) -> list[Position]:
    """Return a case in which everything happens again and again, with ever new values of `x`."""
    names = {name: (Happening(kind=HappeningKind.ACTION, name=name),) for name in "abcd"}
    return [
        Position(
            seq=seq,
            at=AT + timedelta(hours=seq),
            happenings=names["abcdacbadc"[seq * 7 % 10]],
            performs=True,
            actor=("ana", "bo", "cy")[seq % 3],
            roles=frozenset(),
            teams=frozenset(),
            facts=Facts(values={"x": f"no. {seq % max(3, length // 2)}"}, counts={}, now=None),
            case="1",
        )
        for seq in range(2, length + 2)
    ]


def _unknown(length: int) -> list[Position]:
    """Return a case in which half the targets do not say for what they were done, and some not by whom."""
    none = Facts({}, {}, None)
    return [
        one._replace(facts=none, actor=one.actor if number % 5 else None)
        if number % 2 and one.happenings[0].name != "a"
        else one
        for number, one in enumerate(_positions(length))
    ]


def _book(*rules: str) -> RuleBook:
    procedure = office(*rules)
    return RuleBook(procedure, procedure.rules, EVERYTHING, statuses=False)


def _opened(book: RuleBook) -> Standings:
    happenings = (Happening(kind=HappeningKind.OPENS),)
    none: frozenset[str] = frozenset()
    return book.begin(Position(1, AT, happenings, False, "ana", none, none, Facts({}, {}, None), case="1"))[0]


def _calls(of: Callable[[], Any]) -> int:
    """Return how many functions are called."""
    count = 0

    def counted(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        of()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("rule", RULES)
def test_an_event_of_a_long_case_costs_no_more_than_one_of_a_short_case(rule: str) -> None:
    assert _most(rule, _positions(1500)) <= 2 * _most(rule, _positions(150)) + 60


@pytest.mark.parametrize("rule", [one for one in RULES if "same" in one and "never" not in one])
def test_what_is_not_known_costs_no_more_either(rule: str) -> None:
    assert _most(rule, _unknown(1500)) <= 2 * _most(rule, _unknown(150)) + 60


@pytest.mark.parametrize("rule", RULES)
def test_what_is_still_demanded_costs_no_more_to_tell(rule: str) -> None:
    book = _book(rule)

    def calls(length: int) -> int:
        standings = _opened(book)
        for position in _positions(length):
            standings, _ = book.advance(standings, position)
        return _calls(lambda: book.due(standings, "1"))

    assert calls(1500) <= 2 * calls(150) + 60


def test_states_share_the_times_that_a_large_number_remembers() -> None:
    book = _book("at-most: 100000, of: [a, b], in: 900 days")
    at = [_opened(book)]
    for position in _positions(300):
        at.append(book.advance(at[-1], position)[0])
    met: dict[int, object] = {}
    waiting: list[object] = [standings.states for standings in at]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple) and id(one) not in met:
            met[id(one)] = one
            waiting += one
    assert sum(len(one) for one in met.values() if isinstance(one, tuple)) < 300 * 100


def _most(rule: str, positions: list[Position]) -> int:
    """Return what the most expensive of the last events costs."""
    book = _book(rule)
    standings = _opened(book)
    for position in positions[:-20]:
        standings, _ = book.advance(standings, position)
    most = 0
    for position in positions[-20:]:
        most = max(most, _calls(lambda: book.advance(standings, position)))  # noqa: B023
        standings, _ = book.advance(standings, position)
    return most


@pytest.mark.parametrize("rule", RULES)
def test_what_is_remembered_is_a_value(rule: str) -> None:
    book = _book(rule)
    at = [_opened(book)]
    for position in _positions(40):
        at.append(book.advance(at[-1], position)[0])
    again = _opened(book)
    for number, position in enumerate(_positions(40)):
        assert again == at[number]
        assert hash(again.states) == hash(at[number].states)
        again = book.advance(again, position)[0]
        assert at[number] is not again


def test_an_event_touches_no_rule_that_does_not_speak_of_it() -> None:
    book = _book(*[f"after: {name}, there-must-be: b" for name in "acd" for _ in range(50)])
    standings = _opened(book)
    elsewhere = Position(
        2,
        AT,
        (Happening(kind=HappeningKind.ACTION, name="x"),),
        True,
        "ana",
        frozenset(),
        frozenset(),
        Facts({}, {}, None),
    )
    book.advance(standings, elsewhere)
    assert book.advance(standings, elsewhere)[0] is standings
    assert _calls(lambda: book.advance(standings, elsewhere)) < 10


def test_a_book_without_rules_is_empty() -> None:
    assert not RuleBook(None, (), EVERYTHING, statuses=False)
    assert _book("never: a")
