"""Stories of hand-offs: nobody has to write down what is understood, and everything that was demanded can be shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from procflow.judge import Judge
from procflow.loading.procedure import read_procedure
from procflow.model.event import Event
from procflow.model.scenario import Aspect, Coverage, ScenarioResult
from procflow.reports.scenario_text import told_lines
from procflow.scenarios.coverage import covered
from procflow.scenarios.running import run
from procflow.scenarios.suggesting import suggest
from procflow.scenarios.testing import judge_of

ORDER = """\
procflow: 1
procedure: order
version: "1"
accountable: coordinator
roles:
  engineer: Finds out
  buyer: Orders
  deputy: Stands in
  coordinator: Keeps it going
data: { cost_centre: text, quantity: number }
hand-offs:
  needs: [cost_centre, purchase-request]
  accept-within: 2 hours
  late: [{ offer-to: deputy }]
  refuse: { reason: required, at-most: 1 }
  returns: { at-most: 1 }
start: diagnose
steps:
  diagnose: { by: engineer, actions: { ask-for-part: order } }
  order: { by: buyer, hand-offs: { form: [quantity] }, actions: { place: pick } }
  pick: { by: engineer, actions: { fetch: closed } }
  closed: { end: closed }
anytime:
  ask:
    to: same
    by: any
    ask: { question-to: any, answered-by: answer, answer-within: 1 day, late: [{ escalate: coordinator }] }
  answer: { to: same, by: any }
  warn: { to: same, by: any, risk: true }
"""


def judge(stories: str = "") -> Judge:
    reading = read_procedure(ORDER + (f"scenarios:\n{stories}" if stories else ""), "order.yaml")
    assert reading.procedure is not None, reading.findings
    return Judge(reading.procedure)


def told(do: str, expect: str, more: str = "") -> ScenarioResult:
    one = judge(f"  - scenario: Told\n    do: [{do}]\n    expect: {{ {expect} }}\n{more}")
    (scenario,) = one.procedure.scenarios
    result = run(scenario, one).result
    assert result.passed, result.findings
    return result


def actions(result: ScenarioResult) -> list[str]:
    return [one.action for one in result.events if one.action]


def event(result: ScenarioResult, action: str) -> Event:
    return next(one for one in result.events if one.action == action)


# --- what is understood --------------------------------------------------------------------------------------------


def test_work_is_accepted_and_the_case_is_taken_without_a_word() -> None:
    done = told("engineer ask-for-part, buyer place, engineer fetch", "ends: closed, accountable: coordinator")
    assert actions(done) == ["take-case", "ask-for-part", "place", "fetch"]
    assert "first take-case" in next(iter(told_lines(done)))
    assert set(event(done, "ask-for-part").data) == {"cost_centre", "quantity"}
    assert set(event(done, "ask-for-part").evidence) == {"purchase-request"}


def test_a_person_of_the_story_who_may_takes_the_case() -> None:
    people = "    people: { paula: [coordinator] }\n"
    assert event(told("engineer ask-for-part", "accountable: paula", people), "take-case").actor == "paula"


def test_nobody_takes_it_if_the_story_says_so_or_says_when() -> None:
    told("engineer ask-for-part", "accountable: nobody, deviations: [DV601]", "    without: [take-case]\n")
    later = told("engineer ask-for-part, coordinator take-case", "accountable: coordinator, deviations: [DV601]")
    assert actions(later) == ["ask-for-part", "take-case"]


def test_what_is_expected_of_who_answers_and_does_not_come_is_told() -> None:
    one = judge("  - scenario: Told\n    do: [engineer ask-for-part]\n    expect: { accountable: nobody }\n")
    (finding,) = run(one.procedure.scenarios[0], one).result.findings
    assert finding.message == "expected `nobody` to answer for the case, but `coordinator` does"


def test_nobody_answers_for_a_case_of_a_procedure_that_does_not_say_who() -> None:
    text = ORDER.replace("accountable: coordinator\n", "").replace("late: [{ escalate: coordinator }]", "")
    story = "  - scenario: Told\n    do: [engineer ask-for-part]\n    expect: { accountable: nobody }\n"
    found = read_procedure(f"{text}scenarios:\n{story}", "order.yaml").findings
    assert "the procedure does not say who answers for a case" in [one.message for one in found]


# --- what is written -----------------------------------------------------------------------------------------------


def test_work_is_accepted_or_given_back_if_the_story_says_so() -> None:
    accepted = told("engineer ask-for-part, buyer accept-hand-off, buyer place", "stands: pick")
    assert accepted.happened[-1].stands == "pick<order"
    refused = told("engineer ask-for-part, buyer refuse-hand-off", "stands: diagnose, not-through: [pick]")
    assert event(refused, "refuse-hand-off").data == {"refused_for": "missing"}
    assert event(refused, "refuse-hand-off").reason


def test_where_it_stands_on_offer_can_be_expected_exactly() -> None:
    told("engineer ask-for-part", 'stands: "order<diagnose"')


def test_a_question_goes_to_whoever_answers_it_next_in_the_story() -> None:
    done = told("engineer ask, buyer answer", "stands: diagnose")
    assert event(done, "ask").data == {"asked_whom": "buyer", "question": "what we need to know"}
    assert event(told("engineer ask", "stands: diagnose"), "ask").data["asked_whom"] == "buyer"


def test_nobody_accepts_and_nobody_answers_in_time() -> None:
    late = "stands: order, late: [order.acceptance], notified: [deputy]"
    done = told(
        "engineer ask-for-part, wait until order.acceptance is late, deputy place", late.replace("order,", "pick,", 1)
    )
    assert done.late == ("order.acceptance",)
    told("engineer ask, wait until ask.answer is late", "stands: diagnose, late: [ask.answer], notified: [coordinator]")


@pytest.mark.parametrize(
    ("doing", "code"),
    [
        ("{ by: engineer, action: ask-for-part, without: [purchase-request] }", "DV603"),
        ("engineer ask-for-part, { by: buyer, action: refuse-hand-off, data: { refused_for: form } }", "DV604"),
        ("{ by: engineer, action: ask, without: [question] }", "DV605"),
        ("engineer ask, buyer ask, engineer answer", "DV606"),
    ],
)
def test_what_deviates_is_shown(doing: str, code: str) -> None:
    if code == "DV606":
        asked = "{{ by: {0}, action: ask, data: {{ asked_whom: {1} }} }}"
        doing = f"{asked.format('engineer', 'buyer')}, {asked.format('buyer', 'engineer')}"
    told(doing, f"deviations: [{code}]")


# --- what is to be shown -------------------------------------------------------------------------------------------


def measured(stories: str = "") -> Coverage:
    one = judge(stories)
    return covered(one.automaton, [run(each, one) for each in one.procedure.scenarios])


def names(coverage: Coverage, aspect: Aspect) -> set[str]:
    return {one.name for one in coverage.points if one.aspect is aspect}


def test_hand_offs_and_answers_are_to_be_shown_and_the_acts_of_the_language_are_no_actions() -> None:
    all_of_it = measured()
    assert names(all_of_it, Aspect.HAND_OFF) == {
        *(f"{step}: accepted" for step in ("order", "pick")),
        "any step: given back",
        "ask: answered",
    }
    assert {"any step: acceptance late", "ask.answer: late"} <= names(all_of_it, Aspect.CLOCK)
    assert not [one.name for one in all_of_it.points if "hand-off" in one.name and one.aspect is Aspect.ACTION]
    assert "at any time: take-case" not in names(all_of_it, Aspect.ACTION)
    codes = {one.name.split()[0] for one in all_of_it.points if one.aspect is Aspect.DEVIATION}
    assert {"DV108", "DV306", "DV601", "DV603", "DV604", "DV605", "DV607", "DV613"} <= codes


def test_accepting_is_shown_by_doing_and_giving_back_once_for_all_that_one_line_says() -> None:
    story = "  - scenario: {0}\n    do: [{0}]\n    expect: {{ stands: {1} }}\n"
    shown = measured(
        story.format("engineer ask-for-part, buyer place, engineer refuse-hand-off", "order")
        + story.format("engineer ask, buyer answer", "diagnose")
    ).shown
    told = {one.name for one in shown if one.aspect is Aspect.HAND_OFF}
    assert told == {"order: accepted", "any step: given back", "ask: answered"}


def test_stories_are_found_for_all_of_it() -> None:
    one = judge()
    coverage = covered(one.automaton, [])
    found = suggest(one, coverage.missing)
    assert found.out_of_reach == ()
    stories = "\n".join(each.text for each in found.found)
    again = judge(stories)
    runs = [run(each, again) for each in again.procedure.scenarios]
    assert all(each.result.passed for each in runs)
    assert covered(again.automaton, runs).missing == ()


def test_the_story_of_george_is_found_whole() -> None:
    file = Path(__file__).parents[3] / "examples" / "george" / "procedure.yaml"
    reading = read_procedure(file.read_text(encoding="utf-8"), str(file))
    assert reading.procedure is not None, reading.findings
    one = judge_of(reading.procedure, str(file))
    assert suggest(one, covered(one.automaton, []).missing).out_of_reach == ()
