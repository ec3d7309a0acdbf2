"""Running scenarios: what is supplied, who acts, what time it is, and what counts as it was expected."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from procflow.model.event import Kind, Lifecycle
from procflow.model.scenario import ScenarioResult
from tests.unit.scenarios.desk import done, result, said, told


def messages(one: ScenarioResult) -> list[str]:
    return [f"{each.where.line if each.where else 0}: {each.message}" for each in one.findings]


def test_a_story_needs_to_say_only_what_matters() -> None:
    one = result("""
given: { amount: 20, urgent: true }
do: [agent propose, agent transfer-money]
expect: { ends: paid, not-through: [approve], through: [prepare, pay] }
""")
    assert one.passed, messages(one)
    assert done(one) == ["agent thank", "agent look-up", "agent propose", "agent transfer-money"]
    assert one.events[-1].kind is Kind.CLOSED
    assert one.through == ("prepare", "pay", "paid")
    assert told(one) == []


def test_values_nobody_gives_are_chosen_so_that_the_action_is_open() -> None:
    one = result("""
do: [lead refuse]
expect: { ends: refused }
""")
    assert one.passed, messages(one)
    assert said(one, "refuse") == {"amount": "0 EUR", "urgent": False}
    assert one.events[-2].reason


def test_of_alternatives_the_first_that_can_be_is_taken() -> None:
    assert result("do: [agent propose]\nexpect: { stands: approve }").passed
    given = result("given: { amount: 50 }\ndo: [agent propose]\nexpect: { stands: pay }")
    assert given.passed, messages(given)


def test_what_was_asked_and_until_when_is_supplied() -> None:
    one = result("""
do: [agent ask, client answer]
expect: { stands: prepare }
""")
    assert one.passed, messages(one)
    assert said(one, "ask") == {"asked": "what we need to know", "due": "2026-12-08T00:00:00Z"}
    assert told(result("do: [agent ask]\nwithout: due\nexpect: { deviations: [DV605] }")) == ["DV605"]
    given = result(
        'given: { asked: "How much?" }\ndo: [agent ask, client answer, agent ask]\nexpect: { deviations: none }'
    )
    assert [one.data["asked"] for one in given.events if one.action == "ask"] == ["How much?", "How much?"]


@pytest.mark.parametrize(
    ("without", "codes"),
    [
        ("thank", ["DV101"]),
        ("[thank, look-up]", ["DV102"]),
        ("amount", ["DV305", "DV301"]),
        ("urgent", ["DV301"]),
        ("nothing", []),
    ],
)
def test_what_is_left_out_is_missed(without: str, codes: list[str]) -> None:
    left_out = "" if without == "nothing" else f"without: {without}\n"
    one = result(f"{left_out}do: [agent propose]\nexpect: {{ deviations: {codes or 'none'} }}")
    assert sorted(told(one)) == sorted(codes)
    assert one.passed, messages(one)


def test_leaving_out_may_be_said_of_one_action_alone() -> None:
    one = result("""
given: { amount: 80 }
do:
  - agent propose
  - { by: lead, action: send-back, without: reason }
  - agent propose
expect: { stands: approve, deviations: [reason-missing] }
""")
    assert one.passed, messages(one)


def test_items_that_are_written_are_done_where_they_are_written() -> None:
    one = result("""
do: [lead thank, agent propose]
expect: { deviations: [wrong-role] }
""")
    assert one.passed, messages(one)
    assert done(one) == ["lead thank", "agent look-up", "agent propose"]


def test_unwritten_items_are_done_by_somebody_who_may() -> None:
    """The story is about the lead who refuses: that he does not thank is no part of it."""
    one = result("do: [lead refuse]\nexpect: { ends: refused }")
    assert done(one) == ["agent thank", "agent look-up", "lead refuse"]


def test_people_hold_the_roles_they_are_given() -> None:
    one = result("""
people: { ana: [agent, lead], lena: lead }
given: { amount: 80 }
do: [ana propose, ana agree]
expect: { stands: pay, deviations: [DV202] }
""")
    assert one.passed, messages(one)
    barred = result("""
people: { ana: { roles: lead, teams: [care] } }
given: { amount: 80, whom: ana }
do: [agent propose, ana agree]
expect: { deviations: [DV208] }
""")
    assert barred.passed, messages(barred)
    assert said(barred, "propose")["whom"] == "ana"


def test_only_waiting_takes_time() -> None:
    one = result("""
opens-at: "2026-12-24T18:00:00Z"
given: { amount: 10 }
do: [agent thank, wait 2 hours, { wait: 1 day }, agent propose]
expect: { within: 26 hours, stands: pay }
""")
    assert one.passed, messages(one)
    assert one.took == timedelta(hours=26)
    assert one.events[0].occurred_at == datetime(2026, 12, 24, 18, tzinfo=UTC)
    late = result("do: [agent thank, wait 2 days]\nexpect: { within: 1 day }")
    assert late.passed, "waiting after the last event makes no case longer"


def test_without_a_moment_a_case_opens_when_the_version_takes_effect() -> None:
    one = result("do: [agent thank]\nexpect: { stands: prepare/1 }")
    assert one.events[0].occurred_at == datetime(2026, 12, 1, tzinfo=UTC)


def test_what_no_action_gives_comes_with_the_opening() -> None:
    text = """
procflow: 1
procedure: p
version: "1"
roles: { agent: A }
data: { gravity: number, name: text }
start: first
steps:
  first:
    parallel:
      big: { only-if: gravity > 3, by: agent, actions: { dig: done } }
      small: { by: agent, optional: [gravity], actions: { look: done } }
    then: last
  last: { by: agent, actions: { send: { to: over, when: has(name) } } }
  over: { end: done-well }
"""
    one = result("given: { gravity: 5, name: Ana }\ndo: [agent dig, agent look]\nexpect: { stands: last }", text)
    assert one.passed, messages(one)
    assert one.events[0].data == {"name": "Ana", "gravity": 5}
    half = result("given: { gravity: 5 }\ndo: [agent dig]\nexpect: { stands: small }", text)
    assert half.passed, messages(half)


def test_work_can_be_begun() -> None:
    one = result("""
given: { amount: 10 }
do: [agent propose, { by: agent, action: transfer-money, start: true }]
expect: { stands: pay }
""")
    assert one.passed, messages(one)
    assert one.events[-1].lifecycle is Lifecycle.START
    assert one.events[-1].evidence == {}


def test_what_is_said_is_not_supplied() -> None:
    one = result("""
given: { amount: 10 }
do:
  - { by: agent, action: propose, data: { amount: 90, urgent: "no" } }
  - { by: lead, action: send-back, reason: Too much, on-behalf-of: client }
expect: { stands: prepare }
""")
    assert one.passed, messages(one)
    assert said(one, "propose") == {"amount": 90, "urgent": "no"}
    assert (one.events[-1].reason, one.events[-1].on_behalf_of) == ("Too much", "client")
    wrong = result("""
do: [{ by: agent, action: propose, data: { amount: a lot } }]
expect: { deviations: [value-invalid, value-missing, condition-undecided] }
""")
    assert wrong.passed, messages(wrong)


def test_what_fails_is_told_where_it_went_another_way() -> None:
    one = result("""
given: { amount: 10 }
do:
  - agent propose
  - lead agree
expect:
  ends: refused
  stands: approve
  through: [approve]
  not-through: [pay]
  deviations: [DV202, DV202]
""")
    assert messages(one) == [
        "48: DV102 unexpected-action: “agree” was done although the case stood in “pay”; it is not expected",
        "50: expected to end as `refused`, but the case stands in `pay`, where `transfer-money` is to be done. "
        "It was: agent propose -> lead agree",
        "51: expected to stand in `approve`, but the case stands in `pay`, where `transfer-money` is to be done. "
        "It was: agent propose -> lead agree",
        "52: expected to come through `approve`, but it came through `prepare`, `pay`",
        "53: expected not to come through `pay`, but it came through `prepare`, `pay`",
        "54: expected the deviation DV202 four-eyes 2 times more, but it was not told; what was told: "
        "DV102 unexpected-action",
    ]


def test_deviations_are_counted() -> None:
    twice = "given: { amount: 10 }\ndo: [agent propose, lead agree, lead agree]\nexpect: { deviations: [DV102] }"
    assert [one.partition(";")[2] for one in messages(result(twice))] == [" it is told more often than expected"]
    assert result(twice.replace("[DV102]", "[DV102, unexpected-action]")).passed


def test_what_comes_after_the_end_deviates() -> None:
    one = result("""
given: { amount: 10 }
do: [agent propose, agent transfer-money, agent transfer-money]
expect: { ends: paid, deviations: [after-end] }
""")
    assert told(one) == ["DV105"]


@pytest.mark.parametrize(
    ("story", "message"),
    [
        ("do: [wait 900 years, agent thank]", "`900 years` is more than a century"),
        ("do: [wait 900000 weeks]", "`900000 weeks` is more than a century"),
        ("do: [wait 5000 weeks, wait 5000 weeks]", "by now more than a century has passed"),
        ('opens-at: "9999-12-31T00:00:00Z"\ndo: [agent thank]', "`9999-12-31T00:00:00Z` is too far away to go on from"),
    ],
)
def test_no_story_leaves_the_calendar(story: str, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        result(f"{story}\nexpect: {{ stands: prepare }}")
