"""PF505 to PF511 in words: what is told, with which values, and what is not told because nobody would thank for it."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from procflow.lint.conditions import findings
from procflow.loading.procedure import read_procedure

HEAD = """
procflow: 1
procedure: sample
version: "1.0"
roles: { agent: Writes to the client, lead: Approves answers }
data:
  ours: yes-no
  gravity: { type: choice, of: [minor, major, critical] }
  compensation: { type: money, currency: EUR }
  people: number
  received: instant
  cause: text
  symptoms: { type: list, of: text }
start: draft
steps:
"""
TAIL = """
  approval: { by: lead, actions: { approve: reply, send-back: draft } }
  reply: { by: agent, actions: { send: closed } }
  closed: { end: answered }
  refused: { end: refused }
"""


def check(steps: str, tail: str = TAIL) -> list[str]:
    """Return what is said of a procedure with these steps, as `line of the steps: code message`."""
    text = HEAD + indent(dedent(steps).strip("\n"), "  ") + tail
    loaded = read_procedure(text, "sample.yaml")
    assert loaded.procedure is not None, loaded.findings
    above = HEAD.count("\n")
    found = sorted(findings(loaded.procedure), key=lambda one: one.where.line if one.where else 0)
    return [f"{(one.where.line if one.where else 0) - above}: {one.code} {one.message}" for one in found]


def alternatives(*listed: str) -> str:
    """Return a step with one action and these alternatives, from line 6 on."""
    lines = "\n".join(f"      - {one}" for one in listed)
    head = "draft:\n  by: agent\n  collect: [ours, gravity, compensation, people]\n  actions:\n    propose:\n"
    return f"{head}{lines}"


# --- gaps ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "witness"),
    [
        ("compensation > 500", "compensation < 500", "compensation = 500 EUR"),
        ("compensation > 500.50", "compensation < 500.50", "compensation = 500.50 EUR"),
        ("compensation >= 501", "compensation <= 500", "compensation = 500.50 EUR"),
        ("people > 3", "people < 3", "people = 3"),
        ("people > 0", "people < 0", "people = 0"),
        ('gravity == "minor"', 'gravity == "major"', 'gravity = "critical"'),
        ('gravity == "minor" and ours', "not ours", 'gravity = "major", ours = true'),
        ("ours and compensation > 500", "not ours", "ours = true, compensation = 500 EUR"),
        ("times(propose) < 2", "times(propose) > 2", "times(propose) = 2"),
        ("size(symptoms) > 1", "size(symptoms) == 0", 'symptoms = ["other"]'),
        ('received < "2026-11-01"', 'received > "2026-11-01"', "received = 2026-11-01T00:00:00Z"),
        ("now - received < days(14)", "now - received > days(14)", None),
        ("has(cause) and ours", "not has(cause)", 'cause = "other", ours = false'),
    ],
)
def test_a_gap_is_told_with_values(one: str, other: str, witness: str | None) -> None:
    told = check(alternatives(f"{{ to: approval, when: '{one}' }}", f"{{ to: reply, when: '{other}' }}"))
    assert len(told) == 1
    assert "PF506" in told[0]
    assert witness is None or told == [f"5: PF506 in `draft` nothing is open at {witness}"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("compensation > 500", "compensation <= 500"),
        ("ours", "not ours"),
        ('gravity in ["minor", "major"]', 'gravity == "critical"'),
        ("people <= 3", "people >= 4"),  # people come whole
        ("has(cause) and ours", "has(cause) and not ours"),  # whoever does it can tell the cause
        ("compensation > 0", "compensation == 0"),  # nobody asks for less than nothing
        ("has(cause)", "not has(cause)"),
        ("people > 2", "people <= 2"),
    ],
)
def test_no_gap_is_told_where_none_matters(one: str, other: str) -> None:
    assert check(alternatives(f"{{ to: approval, when: '{one}' }}", f"{{ to: reply, when: '{other}' }}")) == []


def test_a_guard_is_not_a_gap_and_a_step_of_guards_may_be_stuck() -> None:
    guards = """
    draft:
      by: agent
      collect: [ours, gravity]
      actions:
        accept: { to: approval, when: ours }
        refuse: { to: refused, when: 'not ours and gravity == "minor"' }
        note: same
    """
    assert check(guards) == ['1: PF506 in `draft` nothing is open at ours = false, gravity = "major"']
    assert check(guards.replace("note: same", "ask: reply")) == []
    assert check(guards.replace("not ours and gravity", "not ours or gravity")) == []


def test_alternatives_that_others_complete_have_no_gap() -> None:
    steps = """
    draft:
      by: agent
      collect: [ours, gravity]
      actions:
        accept:
          - { to: approval, when: 'ours and gravity == "critical"' }
          - { to: reply, when: 'ours and gravity != "critical"' }
        refuse: { to: refused, when: not ours }
        ask: reply
    """
    assert check(steps) == []
    told = check(steps.replace("        refuse: { to: refused, when: not ours }\n", ""))
    assert told == ["5: PF506 `accept` leads nowhere: nothing is open at ours = false"]


def test_what_leads_to_a_step_counts() -> None:
    steps = """
    draft:
      by: agent
      collect: [compensation]
      actions:
        propose:
          - { to: second, when: compensation > 100 }
          - { to: reply, otherwise: true }
    second:
      by: lead
      actions:
        approve:
          - { to: approval, when: compensation > 1000 }
          - { to: reply, when: compensation > 100 and compensation <= 1000 }
    """
    assert check(steps) == []
    again = "      optional: [compensation]\n      actions:\n        approve:"
    asked_again = steps.replace("      actions:\n        approve:", again)
    assert check(asked_again) == ["12: PF506 in `second` nothing is open at compensation = 100 EUR"]
    another_way = TAIL.replace("send-back: draft", "send-back: second")
    assert check(steps, another_way) == []  # whoever is in `approval` came from `second`
    straight = "\nanytime:\n  hurry: { to: second, by: lead }\n"
    assert check(steps, TAIL + straight) == ["11: PF506 in `second` nothing is open at compensation = 100 EUR"]


def test_a_step_that_waits_for_a_value_is_not_stuck() -> None:
    steps = """
    draft:
      by: agent
      collect: [ours]
      optional: [cause]
      actions:
        send: { to: reply, when: not ours or has(cause) }
    """
    assert check(steps) == []


def test_what_time_opens_is_not_stuck() -> None:
    steps = """
    draft:
      by: agent
      optional: [received]
      actions:
        close: { to: closed, when: now - received >= days(5) }
        refuse: { to: refused, when: times(refuse) > 1 }
    """
    assert check(steps) == []


def test_a_count_has_its_limit() -> None:
    steps = """
    draft:
      by: agent
      actions:
        retry: { to: draft, at-most: 3, when: times(retry) < 3 }
        send: { to: reply, when: times(retry) == 3 }
    """
    assert check(steps) == []
    assert check(steps.replace("at-most: 3, ", "")) == ["1: PF506 in `draft` nothing is open at times(retry) = 4"]


def test_what_was_done_on_the_way_was_done() -> None:
    steps = """
    draft:
      by: agent
      checklist: [look]
      actions:
        try: second
        hold: { to: third, incomplete: true }
    second:
      by: lead
      actions:
        approve:
          - { to: approval, when: times(try) > 1 }
          - { to: reply, when: times(try) == 1 and times(look) > 0 }
        again: draft
    third:
      by: lead
      actions:
        decide:
          - { to: approval, when: times(look) > 1 }
          - { to: reply, when: times(look) == 1 }
    """
    assert check(steps) == ["17: PF506 in `third` nothing is open at times(look) = 0"]


def test_a_block_that_cannot_be_left_and_branches_that_are_never_or_always_needed() -> None:
    steps = """
    draft:
      parallel:
        letter: { by: agent, collect: [compensation], actions: { write: done } }
        money: { by: lead, only-if: 'gravity == "minor" and gravity == "major"', actions: { decide: done } }
        more: { by: lead, only-if: 'gravity != "minor" or gravity != "major"', actions: { look: done } }
      then:
        - { to: approval, when: compensation > 500 }
        - { to: reply, when: compensation < 500 }
    """
    assert check(steps) == [
        "1: PF506 when the branches of `draft` are done, nothing is open at compensation = 500 EUR",
        '4: PF507 `gravity == "minor" and gravity == "major"` is never true: the branch `money` is never needed',
        '5: PF508 `gravity != "minor" or gravity != "major"` is always true: the branch `more` is always needed',
    ]


# --- never and always ----------------------------------------------------------------------------------------------


def test_conditions_that_decide_nothing() -> None:
    steps = """
    draft:
      by: agent
      collect: [compensation, gravity]
      actions:
        one: { to: reply, when: compensation > 500 and compensation < 100 }
        two: { to: reply, when: times(one) >= 0 }
        three: { to: reply, when: size(symptoms) < 0 }
        asks: { to: reply, when: has(people) or people > 3 or people <= 3 }
        four: { to: reply, when: 'true' }
        five: reply
    """
    assert check(steps) == [
        "5: PF507 `compensation > 500 and compensation < 100` is never true: `one` can never be done",
        "6: PF508 `times(one) >= 0` is always true: it can be left out",
        "7: PF507 `size(symptoms) < 0` is never true: `three` can never be done",
        "9: PF508 `true` is always true: it can be left out",
    ]


def test_parts_that_add_nothing() -> None:
    steps = """
    draft:
      by: agent
      collect: [gravity, ours]
      actions:
        one: { to: reply, when: 'ours or gravity == "minor" and gravity == "major"' }
        two: { to: reply, when: 'ours and (size(symptoms) >= 0 or not ours)' }
        three: { to: reply, when: 'ours and (has(cause) or size(cause) >= 0)' }
        four: { to: reply, when: 'not (ours or people > 3 and people < 2)' }
        five: reply
    """
    assert check(steps) == [
        '5: PF507 `gravity == "minor" and gravity == "major"` is never true, so it adds nothing to the condition',
        "6: PF508 `size(symptoms) >= 0 or not ours` is always true, so it adds nothing to the condition",
        "8: PF507 `people > 3 and people < 2` is never true, so it adds nothing to the condition",
    ]


def test_what_cannot_be_proved_is_not_told() -> None:
    steps = """
    draft:
      by: agent
      collect: [people]
      actions:
        one: { to: reply, when: people > 3 and people < 4 }
        two: { to: reply, when: people * people < 0 }
        three: reply
    """
    assert check(steps) == []


# --- alternatives --------------------------------------------------------------------------------------------------


def test_alternatives_that_are_never_reached() -> None:
    told = check(
        alternatives(
            "{ to: approval, when: compensation > 100 }",
            "{ to: reply, when: compensation > 1000 }",
            "{ to: closed, when: compensation <= 100 }",
            "{ to: refused, otherwise: true }",
        )
    )
    assert told == [
        "7: PF511 `compensation > 1000` is never reached: whenever it is true, an alternative above it is",
        "9: PF511 `otherwise` is never reached: the alternatives above it take every case",
    ]


def test_what_is_always_true_is_told_once() -> None:
    told = check(alternatives("{ to: approval, when: ours or not ours }", "{ to: reply, otherwise: true }"))
    assert told == ["6: PF508 `ours or not ours` is always true: those below it are never taken"]


def test_alternatives_that_overlap() -> None:
    told = check(
        alternatives(
            "{ to: approval, when: 'gravity == \"critical\"' }",
            "{ to: refused, when: compensation > 500 }",
            "{ to: reply, otherwise: true }",
        )
    )
    assert told == [
        '7: PF505 `gravity == "critical"` and `compensation > 500` are both true at gravity = "critical", '
        "compensation = 501 EUR: the first one wins, and the case goes to `approval`, not to `refused`"
    ]


@pytest.mark.parametrize(
    "listed",
    [
        ["{ to: approval, when: compensation > 1000 }", "{ to: refused, when: compensation > 100 }"],
        ["{ to: approval, when: ours }", "{ to: approval, when: compensation > 100 }"],
        ["{ to: approval, when: ours }", "{ to: refused, when: not ours and compensation > 100 }"],
    ],
)
def test_an_overlap_that_is_plain_or_changes_nothing_is_not_told(listed: list[str]) -> None:
    assert check(alternatives(*listed, "{ to: reply, otherwise: true }")) == []


def test_an_overlap_that_no_case_comes_to_is_not_told() -> None:
    steps = """
    draft:
      by: agent
      collect: [ours, compensation]
      actions:
        propose:
          - { to: second, when: not ours }
          - { to: reply, otherwise: true }
    second:
      by: lead
      actions:
        approve:
          - { to: approval, when: ours }
          - { to: refused, when: compensation > 1000 }
          - { to: reply, otherwise: true }
    """
    assert check(steps) == []
