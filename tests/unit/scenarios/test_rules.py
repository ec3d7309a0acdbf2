"""Rules in scenarios: what is expected of them, what shows them, and stories that are suggested for them."""

from __future__ import annotations

from typing import Any

import pytest

from procflow.judge import Judge
from procflow.loading.procedure import read_procedure
from procflow.model.scenario import Aspect, ScenarioResult
from procflow.reports.scenario_json import trials_document
from procflow.reports.scenario_text import trial_lines
from procflow.scenarios.coverage import covered
from procflow.scenarios.running import run
from procflow.scenarios.suggesting import Suggestions, suggest
from procflow.scenarios.testing import run_all, trial_of
from procflow.scenarios.writing import yaml_of
from tests.unit.scenarios.desk import procedure, result

DESK = """
procflow: 1
procedure: refund
version: "1"
roles:
  agent: Talks to the client
  lead: Approves
data:
  amount: { type: money, currency: EUR }
start: prepare
steps:
  prepare:
    by: agent
    checklist: [thank]
    collect: [amount]
    actions: { propose: [{ to: approve, when: amount > 50 }, { to: pay, otherwise: true }] }
  approve: { by: lead, actions: { agree: pay, send-back: { to: prepare, at-most: 2 } } }
  pay: { by: agent, actions: { transfer: paid } }
  paid: { end: paid }
anytime:
  call: { to: same, by: agent }
rules:
  paid-soon: { after: propose, there-must-be: transfer, within: 3 days }
  large-is-agreed: { before: transfer, there-must-be: agree, when: amount > 100 }
  called-first: { before: agree, there-must-be: call, refuse: false }
  two-people: { different-person: [propose, transfer] }
  no-return: { after: send-back, never: propose }
  per-person: { at-most: 5, of: transfer, in: 1 day, per: person }
"""
ANA_AND_BEN = "people: { ana: agent, ben: agent }\n"


def messages(one: ScenarioResult) -> list[str]:
    return [each.message for each in one.findings]


def test_kept_and_broken_come_out() -> None:
    kept = result(
        ANA_AND_BEN + "given: { amount: 20 }\ndo: [ana propose, ben transfer]\n"
        "expect: { ends: paid, kept: [paid-soon, two-people], broken: none }",
        DESK,
    )
    assert kept.passed, messages(kept)
    broken = result(
        "given: { amount: 120 }\ndo: [agent propose, lead agree, agent transfer]\n"
        "expect: { ends: paid, broken: [two-people, called-first], kept: large-is-agreed }",
        DESK,
    )
    assert broken.passed, messages(broken)
    assert set(broken.broken) == {"two-people", "called-first"}


def test_time_that_passes_at_the_end_counts() -> None:
    late = result(
        "given: { amount: 20 }\ndo: [agent propose, wait 4 days]\nexpect: { stands: pay, broken: [paid-soon] }", DESK
    )
    assert late.passed, messages(late)
    in_time = result(
        "given: { amount: 20 }\ndo: [agent propose, wait 3 days]\nexpect: { stands: pay, broken: none }", DESK
    )
    assert in_time.passed, messages(in_time)
    assert [one.rule for one in in_time.due] == ["paid-soon"]


@pytest.mark.parametrize(
    ("expect", "message"),
    [
        ("{ ends: paid }", "DV209 different-persons-required (rule `two-people`): "),
        ("{ ends: paid, broken: none }", "DV209 different-persons-required (rule `two-people`): "),
        (
            "{ ends: paid, broken: [no-return], deviations: [DV209] }",
            "DV209 different-persons-required (rule `two-people`): ",
        ),
        (
            "{ ends: paid, broken: [two-people, no-return] }",
            "expected the rule `no-return` to be broken, but nothing set it off; broken: `two-people`",
        ),
        (
            "{ ends: paid, broken: [two-people, paid-soon] }",
            "expected the rule `paid-soon` to be broken, but it was kept; broken: `two-people`",
        ),
        (
            "{ ends: paid, broken: two-people, kept: two-people }",
            "expected the rule `two-people` to be kept, but it was broken",
        ),
        (
            "{ ends: paid, deviations: [DV209], kept: no-return }",
            "expected the rule `no-return` to be kept, but nothing set it off; broken: `two-people`",
        ),
    ],
)
def test_what_did_not_come_is_told(expect: str, message: str) -> None:
    found = result(f"given: {{ amount: 20 }}\ndo: [agent propose, agent transfer]\nexpect: {expect}", DESK)
    assert any(one.startswith(message) for one in messages(found)), messages(found)


def test_the_class_of_a_broken_rule_can_be_named_instead() -> None:
    named = result(
        "given: { amount: 20 }\ndo: [agent propose, agent transfer]\n"
        "expect: { ends: paid, deviations: [different-persons-required] }",
        DESK,
    )
    assert named.passed, messages(named)
    both = result(
        "given: { amount: 20 }\ndo: [agent propose, agent transfer]\n"
        "expect: { ends: paid, deviations: [DV209], broken: two-people }",
        DESK,
    )
    assert both.passed, messages(both)


def test_the_hint_names_the_rule() -> None:
    found = result("given: { amount: 20 }\ndo: [agent propose, agent transfer]\nexpect: { ends: paid }", DESK)
    assert (found.findings[0].hint or "").endswith("`broken: [two-people]`")


@pytest.mark.parametrize(
    ("expect", "message", "hint"),
    [
        ("{ broken: [two-poeple] }", "the procedure has no rule `two-poeple`", "did you mean `two-people`?"),
        (
            "{ kept: per-person }",
            "no scenario can show the rule `per-person`: it is judged over the cases of a person",
            "remove it",
        ),
    ],
)
def test_unknown_rules_are_told(expect: str, message: str, hint: str) -> None:
    text = f"{DESK}scenarios:\n  - {{ scenario: One, do: [agent propose], expect: {expect} }}\n"
    (one,) = [each for each in read_procedure(text, "refund.yaml").findings if each.code == "PF703"]
    assert (one.message, one.hint) == (message, hint)


def test_a_rule_with_a_mistake_is_no_second_mistake() -> None:
    text = (
        f"{DESK}  odd: {{ must-happen: trnasfer }}\n"
        "scenarios:\n  - { scenario: One, do: [agent propose], expect: { broken: [odd] } }\n"
    )
    assert "PF703" not in [one.code for one in read_procedure(text, "refund.yaml").findings]


# --- telling -------------------------------------------------------------------------------------------------------

STORY = (
    "- scenario: One does both\n  given: { amount: 20 }\n  do: [agent propose, agent transfer]\n"
    "  expect: { ends: paid, broken: [two-people] }\n"
)


def test_the_output_names_the_rule_and_what_set_it_off() -> None:
    judge = Judge(procedure(STORY, DESK))
    trial = trial_of(judge, run_all(judge))
    text = " ".join("".join(ink.text for ink in one) for one in trial_lines(trial, cells=200))
    assert "DV209 different-persons-required (two-people, set off by propose)" in text


def test_programs_see_how_each_rule_stands() -> None:
    judge = Judge(procedure(STORY, DESK))
    trial = trial_of(judge, run_all(judge))
    document: Any = trials_document([trial])
    standings = {one["rule"]: one["status"] for one in document["files"][0]["scenarios"][0]["rules"]}
    assert standings["two-people"] == "violated"
    assert standings["no-return"] == "never-activated"


def test_expectations_of_rules_are_written_as_they_are_read() -> None:
    for expect in ("{ ends: paid, broken: [two-people], kept: [paid-soon] }", "{ ends: paid, broken: none }"):
        text = f"- scenario: One\n  given: {{ amount: 20 }}\n  do: [agent propose]\n  expect: {expect}\n"
        (scenario,) = procedure(text, DESK).scenarios
        assert f"expect: {expect}" in yaml_of(scenario)


# --- what shows a rule ---------------------------------------------------------------------------------------------


def sides(scenarios: str) -> set[str]:
    judge = Judge(procedure(scenarios, DESK))
    coverage = covered(judge.automaton, [run(one, judge) for one in judge.procedure.scenarios])
    return {one.name for one in coverage.shown if one.aspect is Aspect.RULE}


def test_a_rule_is_shown_set_off_and_broken() -> None:
    assert sides(STORY) == {
        "paid-soon: set off",
        "two-people: set off",
        "two-people: broken",
    }


def test_what_no_story_can_show_is_not_counted() -> None:
    names = [one.name for one in covered(Judge(procedure("", DESK)).automaton, []).points if one.aspect is Aspect.RULE]
    assert names[:2] == ["paid-soon: set off", "paid-soon: broken"]
    assert not any("per-person" in one for one in names)


# --- suggestions ---------------------------------------------------------------------------------------------------


def suggestions(text: str = DESK) -> Suggestions:
    judge = Judge(procedure("", text))
    return suggest(judge, covered(judge.automaton, []).missing)


def test_every_rule_is_set_off_and_broken_by_a_suggestion() -> None:
    found = suggestions()
    shown = {one.name for each in found.found for one in each.shows if one.aspect is Aspect.RULE}
    rules = ("paid-soon", "large-is-agreed", "called-first", "two-people", "no-return")
    assert shown == {f"{rule}: {side}" for rule in rules for side in ("set off", "broken")}
    assert not any(one.aspect is Aspect.RULE for one in found.out_of_reach)


def test_suggested_stories_come_out_when_they_are_pasted() -> None:
    text = "".join(one.text for one in suggestions().found)
    loaded = read_procedure(f"{DESK}scenarios:\n{text}", "refund.yaml")
    assert loaded.procedure is not None, loaded.findings
    judge = Judge(loaded.procedure)
    for one in loaded.procedure.scenarios:
        assert run(one, judge).result.passed, yaml_of(one)


def test_ordinary_stories_keep_the_rules() -> None:
    """Somebody else pays, and somebody calls first: not because the flow asks for it."""
    to_the_end = [
        one.scenario for one in suggestions().found if one.scenario.expect.ends and not one.scenario.expect.broken
    ]
    assert any("call" in str(one.doings) for one in to_the_end)
    assert all(one.people for one in to_the_end if not one.expect.deviations)


RULES = [
    "must-happen: call",
    "{ must-happen: call, within: 2 hours }",
    "never: call",
    "{ exactly: 1, of: thank }",
    "{ at-most: 1, of: call }",
    "{ at-least: 2, of: call }",
    "first: call",
    "last: agree",
    "{ if: agree, also: call }",
    "{ after: agree, there-must-be: call }",
    "{ after: propose, there-must-be: agree, next: true }",
    "{ after: call, there-must-be: thank, each-time: true }",
    "{ before: transfer, there-must-be: call, next: true }",
    "{ before: call, there-must-be: thank, each-time: true }",
    "{ after: case opens, there-must-be: thank, within: 1 hour }",
    "{ after: call, before: transfer }",
    "{ together: [call, agree] }",
    "{ any-of: [call, agree] }",
    "{ one-of: [call, agree] }",
    "{ not-both: [call, agree] }",
    "{ if: call, never: agree }",
    "{ after: call, never: enters approve }",
    "{ before: agree, never: call }",
    "{ same-person: [thank, transfer] }",
    "{ different-person: [thank, transfer] }",
    "{ before: transfer, there-must-be: propose, same: person }",
    "{ after: propose, there-must-be: call, by: lead, when: amount > 70 }",
]


@pytest.mark.parametrize("rule", RULES)
def test_a_story_is_found_that_breaks_a_rule_of_any_form(rule: str) -> None:
    body = rule if rule.startswith("{") else f"{{ {rule} }}"
    text = DESK.partition("rules:")[0] + f"rules:\n  only: {body}\n"
    judge = Judge(procedure("", text))
    points = [one for one in covered(judge.automaton, []).missing if one.aspect is Aspect.RULE]
    found = suggest(judge, points)
    assert not found.out_of_reach, rule
    broken = [one.scenario for one in found.found if one.scenario.expect.broken]
    # No step is left out, and none done out of its turn: the way is one that the procedure allows.
    assert any(not one.expect.deviations for one in broken), [one.text for one in found.found]
