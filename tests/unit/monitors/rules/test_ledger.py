"""The ledger of one party: whatever order things are entered in, it says what the book says of all of them in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest

from procflow.expressions.expression import Facts
from procflow.model.deviation import Deviation
from procflow.model.event import EVERYTHING
from procflow.model.rule import Happening, HappeningKind, RuleStatus
from procflow.monitors.rules.book import RuleBook
from procflow.monitors.rules.ledger import Ledger, Placed, placed
from procflow.monitors.rules.position import Position
from tests.unit.monitors.rules.office import office
from tests.unit.monitors.stories import AT

TWICE = "at-most: 2, of: a"
ANSWERED = "after: a, there-must-be: b, within: 5 hours"
RULES = (
    TWICE,
    ANSWERED,
    "at-most: 2, of: [a, b], in: 7 hours",
    "before: a, there-must-be: b, within: 9 hours",
    "not-both: [a, b]",
    "after: a, never: b, within: 6 hours",
    "different-person: [a, b]",
)


def book(rule: str) -> RuleBook:
    procedure = office(rule)
    return RuleBook(procedure, procedure.rules, EVERYTHING, statuses=False)


def event(action: str, hours: int, case: str = "c", seq: int = 1, *, actor: str = "ana", recorded: int = 0) -> Placed:
    at = AT + timedelta(hours=hours)
    position = Position(
        seq=seq,
        at=at,
        happenings=(Happening(kind=HappeningKind.ACTION, name=action),),
        performs=True,
        actor=actor,
        roles=frozenset(),
        teams=frozenset(),
        facts=Facts(values={}, counts={}, now=at),
        case=case,
    )
    return placed(position, AT + timedelta(hours=hours + recorded), seq)


def said(ledger: Ledger) -> list[Deviation]:
    return [one for one in ledger.judged() if isinstance(one, Deviation)]


def whole(rule: str, entries: Sequence[Placed]) -> Ledger:
    """Return a ledger of all this, entered at once."""
    ledger = Ledger(book(rule))
    ledger.enter(entries)
    return ledger


def same(one: Ledger, other: Ledger) -> bool:
    return (said(one), one.told(), one.due(), len(one)) == (said(other), other.told(), other.due(), len(other))


def a_day(rng: Random, many: int) -> list[Placed]:
    people = ("ana", "dan")
    return [
        event(rng.choice("ab"), rng.randint(0, 30), f"case-{rng.randint(0, 3)}", seq, actor=rng.choice(people))
        for seq in range(1, many + 1)
    ]


def test_what_comes_late_takes_its_place_and_what_came_after_is_judged_anew() -> None:
    ledger = Ledger(book(TWICE))
    ledger.enter([event("a", 1), event("a", 5, "d", 1)])
    assert said(ledger) == []
    late = event("a", 3, "e", 1)
    change = ledger.tried([late])
    assert [(one.case, one.seq) for one in change.new] == [("d", 1)]
    assert (change.gone, len(ledger)) == ((), 2), "what is tried is not entered"
    ledger.enter([late])
    assert [(one.case, one.seq) for one in said(ledger)] == [("d", 1)]


def test_what_is_gone_is_taken_out_with_what_it_broke() -> None:
    third = event("a", 6, "d", 1)
    ledger = whole(TWICE, [event("a", 1), event("a", 2, "e", 1), third])
    assert [one.case for one in said(ledger)] == ["d"]
    assert [one.case for one in ledger.tried([], [("e", 1)]).gone] == ["d"]
    ledger.enter([], [("e", 1)])
    assert (said(ledger), len(ledger)) == ([], 2)


def test_an_event_that_is_told_anew_replaces_itself() -> None:
    ledger = whole(TWICE, [event("a", 1), event("a", 2, "d", 1), event("a", 3, "e", 1)])
    ledger.enter([event("b", 3, "e", 1)])
    assert (said(ledger), len(ledger)) == ([], 3)


def test_what_is_due_says_in_which_case_it_was_set_off() -> None:
    ledger = whole(ANSWERED, [event("a", 1, "first", 4), event("a", 2, "second", 7)])
    assert [(one.case, one.since, one.times) for one in ledger.due()] == [("first", 4, 2)]
    standings, late = ledger.overdue(AT + timedelta(hours=20))
    assert [(one.case, one.seq) for one in late if isinstance(one, Deviation)] == [("first", 4), ("second", 7)]
    assert ledger.told(standings).status is RuleStatus.VIOLATED
    assert ledger.told().broken == 0, "time has not passed here"


def test_at_one_moment_what_was_recorded_first_comes_first() -> None:
    ledger = whole("not-both: [a, b]", [event("b", 1, "d", 1, recorded=2), event("a", 1, "e", 1, recorded=3)])
    assert [one.case for one in said(ledger)] == ["e"]


@pytest.mark.parametrize("rule", RULES)
def test_the_order_of_entering_changes_nothing(rule: str) -> None:
    rng = Random(rule)
    for many in (5, 30, 300):
        entries = a_day(rng, many)
        expected = whole(rule, entries)
        ledger, waiting = Ledger(book(rule)), rng.sample(entries, len(entries))
        while waiting:
            few = rng.randint(1, max(1, many // 5))
            ledger.enter(waiting[:few])
            del waiting[:few]
        assert same(ledger, expected)


@pytest.mark.parametrize("rule", RULES)
def test_what_a_trial_says_is_what_entering_changes(rule: str) -> None:
    rng = Random(rule)
    entries = a_day(rng, 200)
    ledger = whole(rule, entries[:150])
    for one in entries[150:]:
        out = [rng.choice(entries[:100]).key] if rng.random() < 0.3 else []
        out = [key for key in out if key != one.key]
        before, change = said(ledger), ledger.tried([one], out)
        ledger.enter([one], out)
        after = said(ledger)
        assert [each for each in after if each not in before] == [each for each in change.new if each not in before]
        assert [each for each in before if each not in after] == [each for each in change.gone if each not in after]
