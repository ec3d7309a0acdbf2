"""Coverage: what there is to show, and what a story shows of it."""

from __future__ import annotations

from procflow.automaton.automaton import Automaton
from procflow.judge import Judge
from procflow.loading.procedure import read_procedure
from procflow.model.scenario import Aspect, Coverage
from procflow.scenarios.coverage import covered, not_shown
from procflow.scenarios.running import run
from tests.unit.scenarios.desk import REFUND, procedure, runs


def shown(scenarios: str) -> set[str]:
    done = runs(scenarios)
    return {one.name for one in coverage(scenarios).shown} if done else set()


def coverage(scenarios: str) -> Coverage:
    judge = Judge(procedure(scenarios))
    return covered(judge.automaton, [run(one, judge) for one in judge.procedure.scenarios])


def test_everything_there_is_to_show_is_listed() -> None:
    names = [one.name for one in covered(Automaton(procedure()), []).points]
    assert len(names) == len(set(names))
    assert names == [
        "prepare",
        "prepare: thank",
        "prepare: look-up",
        "prepare: propose",
        "prepare: propose when amount > 50: true",
        "prepare: propose when amount > 50: false",
        "prepare: ask",
        "prepare: refuse",
        "prepare: refuse when not urgent and amount == 0: true",
        "prepare: refuse when not urgent and amount == 0: false",
        "wait-for-client",
        "wait-for-client: answer",
        "approve",
        "approve: agree",
        "approve: send-back",
        "DV202 four-eyes in approve",
        "DV208 barred-person in approve",
        "pay",
        "pay: transfer-money",
        "paid",
        "refused",
        "at any time: note-down",
        "at any time: note-down when has(channel): true",
        "at any time: note-down when has(channel): false",
        "DV101 step-skipped",
        "DV102 unexpected-action",
        "DV104 condition-not-met",
        "DV108 too-many-times",
        "DV201 wrong-role",
        "DV301 value-missing",
        "DV303 evidence-missing",
        "DV306 reason-missing",
        "DV605 wait-without-request",
    ]


def test_a_procedure_is_not_asked_for_what_it_does_not_control() -> None:
    text = """
procflow: 1
procedure: p
version: "1"
start: first
steps:
  first: { by: any, actions: { go: over } }
  over: { end: finished }
"""
    names = [one.name for one in covered(Automaton(procedure(text=text)), []).points]
    assert names == ["first", "first: go", "over", "DV102 unexpected-action"]


def test_a_condition_is_read_whenever_somebody_acts_in_its_step() -> None:
    seen = shown("""
- scenario: A
  given: { amount: 20, urgent: true }
  do: [agent propose]
  expect: { stands: pay }
""")
    assert {one for one in seen if " when " in one} == {
        "prepare: propose when amount > 50: false",
        "prepare: refuse when not urgent and amount == 0: false",
        "at any time: note-down when has(channel): false",
    }


def test_a_block_is_read_when_it_is_entered_and_left() -> None:
    text = """
procflow: 1
procedure: p
version: "1"
data: { big: yes-no }
start: first
steps:
  first: { by: any, collect: [big], actions: { go: both } }
  both:
    parallel:
      one: { by: any, actions: { dig: done } }
      two: { only-if: big, by: any, actions: { look: done } }
    then: [{ to: over, when: not big }, { to: first, otherwise: true }]
  over: { end: finished }
roles: { a: A }
scenarios:
  - { scenario: Small, given: { big: false }, do: [a go], expect: { stands: one } }
  - { scenario: Small and done, given: { big: false }, do: [a go, a dig], expect: { ends: finished } }
"""
    loaded = read_procedure(text, "p.yaml").procedure
    assert loaded is not None
    judge = Judge(loaded)
    first, second = (run(one, judge) for one in loaded.scenarios)
    assert sides(covered(judge.automaton, [first])) == {"two only if big: false"}
    assert sides(covered(judge.automaton, [second])) == {"two only if big: false", "both: then when not big: true"}


def sides(one: Coverage) -> set[str]:
    return {point.name for point in one.shown if point.aspect is Aspect.CONDITION}


def test_work_that_is_begun_is_not_done() -> None:
    begun = "- { scenario: A, do: [agent propose, { by: agent, action: transfer-money, start: true }], expect: { stands: pay } }"
    assert "pay: transfer-money" not in shown(begun)
    assert "pay: transfer-money" in shown(begun.replace(", start: true", ""))


def test_an_action_out_of_its_turn_is_not_shown() -> None:
    seen = shown("- { scenario: A, do: [lead agree], expect: { stands: prepare, deviations: [DV102] } }")
    assert "approve: agree" not in seen
    assert "DV102 unexpected-action" in seen


def test_what_is_not_shown_is_a_remark_in_its_line() -> None:
    found = list(not_shown(coverage("- { scenario: A, do: [agent refuse], expect: { ends: refused } }")))
    assert {one.code for one in found} == {"PF702"}
    first = found[0]
    assert first.where is not None
    assert "propose" in REFUND.splitlines()[first.where.line - 1]
    assert first.message.startswith("no scenario shows the action `prepare: propose`")


def test_what_is_set_aside_counts_neither_way() -> None:
    line = "  wait-for-client: # procflow: ignore PF702 - nobody waits before 2027"
    loaded = read_procedure(REFUND.replace("  wait-for-client:", line), "refund.yaml")
    assert loaded.procedure is not None
    bare = covered(Automaton(loaded.procedure), [])
    measured = covered(Automaton(loaded.procedure), [], loaded.ignores)
    aside = [(one.name, reason) for one, reason in measured.aside]
    assert ("wait-for-client", "nobody waits before 2027") in aside
    assert len(measured.points) == len(bare.points) - len(aside)
