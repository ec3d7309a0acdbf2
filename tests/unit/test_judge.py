"""The fold: one cheapest story of what happened, told anew when a better one appears."""

from __future__ import annotations

import pytest

from procflow.judge import Judge
from procflow.model.event import Witness
from tests.unit.monitors.stories import audit_of, codes, procedure_of, trace_of

LINE = procedure_of("""
start: a
steps:
  a: { by: any, actions: { one: b } }
  b: { by: any, actions: { two: c, again: a } }
  c: { by: any, actions: { three: z } }
  z: { end: over }
""")
LONG = procedure_of("""
start: a
steps:
  a: { by: any, actions: { one: b } }
  b: { by: any, actions: { two: c } }
  c: { by: any, actions: { three: d } }
  d: { by: any, actions: { four: z } }
  z: { end: over }
""")
SPLIT = procedure_of("""
data: { deep: { type: yes-no } }
start: open
steps:
  open: { by: any, optional: [deep], actions: { begin: both } }
  both:
    parallel:
      left: { by: any, actions: { cut: done } }
      right: { only-if: deep, by: any, checklist: [mark], actions: { dig: done } }
    then: shut
  shut: { by: any, actions: { close-up: z, reopen: { to: both, at-most: 1 } } }
  z: { end: over }
anytime: { stop: { to: z, by: any, while: [left, right] } }
""")
CHOICE = procedure_of("""
data: { amount: { type: number } }
start: s
steps:
  s:
    by: any
    actions:
      go:
        - { to: small, when: amount < 10 }
        - { to: large, when: amount >= 10 and amount < 100 }
      ask: { to: same, at-most: 2 }
  small: { end: small }
  large: { end: large }
""")


def story(*actions: str) -> str:
    return "\n".join(f"ana {action}" for action in actions)


def test_a_case_that_follows_the_procedure_is_clean() -> None:
    audit = audit_of(LINE, story("one", "again", "one", "two", "three"))
    assert (audit.clean, audit.outcome, audit.configuration, audit.flow_cost) == (True, "over", "z", 0)
    assert (audit.fitness, audit.complete_cost, audit.proven, audit.events) == (1.0, 0, True, 5)


def test_what_was_skipped_is_blamed_on_the_event_before_which_it_was_missed() -> None:
    audit = audit_of(LINE, story("one", "three"))
    (found,) = audit.deviations
    assert (found.code, found.seq, found.step, found.action) == ("DV101", 2, "b", "two")
    assert found.message == "“two” in “b” was not done before “three”"
    assert (audit.flow_cost, audit.outcome) == (1, "over")


def test_an_event_that_has_nothing_to_do_with_it_is_not_blamed_for_what_was_skipped() -> None:
    assert codes(LINE, story("one", "dance", "three")) == ["DV106@2", "DV101@3"]
    assert codes(SPLIT, story("begin deep=true", "cut", "dig", "close-up")) == ["DV101@3"]


def test_what_is_not_due_is_left_out_and_says_what_was() -> None:
    (found,) = audit_of(LINE, story("one", "two", "one", "three")).deviations
    assert (found.code, found.seq, found.step) == ("DV102", 3, "c")
    assert found.values == {"due": "three"}


def test_a_better_story_supersedes_what_was_said_while_the_case_was_open() -> None:
    judge = Judge(LONG)
    state = judge.begin("1")
    said: list[tuple[list[str], list[str]]] = []
    for event in trace_of(story("three", "four")).events:
        after = judge.advance(state, event)
        new, gone = judge.news(state, after)
        said.append(([one.code for one in new], [one.code for one in gone]))
        assert all(one.provisional for one in new)
        state = after
    assert said == [(["DV102"], []), (["DV101", "DV101"], ["DV102"])]
    assert [(one.code, one.seq, one.action) for one in judge.audit(state).deviations] == [
        ("DV101", 1, "one"),
        ("DV101", 1, "two"),
    ]


def test_the_number_of_flow_deviations_never_falls() -> None:
    judge = Judge(SPLIT)
    state = judge.begin("1")
    costs = [0]
    for event in trace_of(story("cut", "dig", "begin", "mark", "close-up", "dance", "cut")).events:
        state = judge.advance(state, event)
        costs.append(judge.audit(state).flow_cost)
    assert costs == sorted(costs)


def test_a_step_can_be_tried_and_thrown_away() -> None:
    judge = Judge(LINE)
    before = judge.run(trace_of(story("one")))
    first = judge.audit(before)
    for action in ("two", "three", "again", "dance"):
        judge.advance(before, trace_of(f"ana {action}").events[0])
    assert judge.audit(before) == first


def test_branches_run_side_by_side_and_only_those_needed() -> None:
    both = ("cut", "mark", "dig")
    assert codes(SPLIT, story("begin deep=true", *both, "close-up")) == []
    assert codes(SPLIT, story("begin deep=true", "mark", "cut", "dig", "close-up")) == []
    assert codes(SPLIT, story("begin deep=false", "cut", "close-up")) == []
    assert codes(SPLIT, story("begin deep=true", "dig", "cut", "close-up")) == ["DV101@2"]
    assert codes(SPLIT, story("begin deep=false", "cut", "dig", "close-up")) == ["DV102@3"]


def test_what_is_needed_is_settled_when_the_block_is_entered() -> None:
    assert codes(SPLIT, story("begin deep=false", "cut deep=true", "close-up")) == []
    again = story("begin deep=false", "cut deep=true", "reopen", "cut", "mark", "dig", "close-up")
    assert codes(SPLIT, again) == []


def test_where_it_cannot_be_said_what_is_needed_both_ways_are_open_at_a_price() -> None:
    for rest in (("cut", "close-up"), ("cut", "mark", "dig", "close-up")):
        (found,) = audit_of(SPLIT, story("begin", *rest)).deviations
        assert (found.code, found.seq, found.values) == ("DV305", 1, {"deep": "unknown"})


def test_an_anytime_action_ends_every_open_branch_while_it_may() -> None:
    assert audit_of(SPLIT, story("begin deep=true", "cut", "stop")).outcome == "over"
    assert codes(SPLIT, story("stop")) == ["DV102@1"]


@pytest.mark.parametrize(("amount", "end"), [(3, "small"), (30, "large")])
def test_the_first_alternative_whose_condition_is_true_is_taken(amount: int, end: str) -> None:
    audit = audit_of(CHOICE, story(f"go amount={amount}"))
    assert (audit.clean, audit.outcome) == (True, end)


def test_if_every_condition_is_false_one_was_taken_all_the_same() -> None:
    audit = audit_of(CHOICE, story("go amount=300"))
    (found,) = audit.deviations
    assert (found.code, found.values) == ("DV104", {"amount": "300"})
    assert (audit.flow_cost, audit.attached_cost) == (0, 1)


def test_more_often_than_allowed_is_a_deviation_each_time() -> None:
    assert codes(CHOICE, story("ask", "ask", "go amount=1")) == []
    assert codes(CHOICE, story("ask", "ask", "ask", "ask")) == ["DV108@3", "DV108@4"]


def test_after_the_end_and_unknown_are_told_apart() -> None:
    audit = audit_of(LINE, story("one", "two", "three", "two", "danse", "tow"))
    assert [one.code for one in audit.deviations] == ["DV105", "DV106", "DV106"]
    assert [one.hint for one in audit.deviations] == [None, None, "did you mean “two”?"]


def test_a_case_closed_too_early_never_finished_and_blames_no_event() -> None:
    audit = audit_of(LINE, story("one", "closed"))
    (found,) = audit.deviations
    assert (found.code, found.seq, found.step, found.values) == ("DV107", None, "b", {"due": "two, again"})
    assert (audit.flow_cost, audit.complete_cost, audit.closed, audit.outcome) == (0, 2, True, None)
    assert audit_of(LINE, story("one")).clean, "an open case owes nothing yet"


def test_nothing_can_be_said_of_a_gap() -> None:
    audit = audit_of(LINE, story("one", "~three"))
    assert audit.clean
    assert [one.code for one in audit.findings] == ["DV805"]
    assert audit.flow_cost == 0


def test_a_condition_on_what_the_log_cannot_see_is_not_examined() -> None:
    blind = Witness(data=frozenset())
    audit = audit_of(CHOICE, story("go"), blind)
    assert audit.clean
    assert list(audit.not_examined) == ["condition: amount < 10"]
    assert codes(CHOICE, story("go")) == ["DV305@1"]


def test_the_same_events_give_the_same_value_whatever_else_was_judged_before() -> None:
    judge = Judge(SPLIT)
    traces = [trace_of(story("begin deep=true", *rest)) for rest in (("cut", "dig"), ("dig", "cut"), ("close-up",))]
    first = [judge.audit(judge.run(one)) for one in traces]
    again = [judge.audit(judge.run(one)) for one in reversed(traces)]
    fresh = [Judge(SPLIT) for _ in traces]
    assert first == again[::-1]
    assert first == [one.audit(one.run(trace)) for one, trace in zip(fresh, traces, strict=True)]


def test_an_empty_case_is_where_cases_begin() -> None:
    audit = audit_of(LINE, "")
    assert (audit.configuration, audit.events, audit.clean, audit.fitness) == ("a", 0, True, 1.0)


def test_what_comes_after_an_end_reached_in_a_gap_comes_after_the_end() -> None:
    audit = audit_of(LINE, "- one\n- two\n- ~one\n- closed")
    assert [(one.code, one.step) for one in audit.deviations] == [("DV105", "z")]
    assert audit.outcome == "over"


def test_work_that_goes_on_after_the_closing_does_not_open_the_case_again() -> None:
    audit = audit_of(LINE, "- one\n- closed\n- two\n- three")
    assert audit.closed
    assert [one.code for one in audit.deviations] == ["DV107"]


STAND = procedure_of("""
roles: { agent: Works }
data: { big: { type: yes-no } }
start: take
steps:
  take: { by: agent, optional: [big], actions: { pass-on: both } }
  both:
    parallel:
      one: { by: agent, actions: { do-one: done } }
      two: { only-if: big, by: agent, actions: { do-two: done } }
    then: over
  over: { end: done }
""")


def test_what_lies_before_an_event_outside_the_flow_is_skipped_as_it_was_then() -> None:
    # Before the closing event `big` is false, so from there on only `pass-on` and `do-one` are missing.
    found = audit_of(STAND, "ana/agent opened big=false\nana/agent closed big=true")
    assert (found.flow_cost, found.complete_cost, found.complete_proven) == (0, 2, True)
    assert [one.code for one in found.deviations] == ["DV107"]


def test_a_case_may_have_ended_in_the_gap_before_it_was_closed() -> None:
    found = audit_of(STAND, "ana/agent opened big=false\nana/agent ~closed")
    assert (found.configuration, found.flow_cost, found.deviations) == ("over", 0, ())
    assert [one.message for one in found.findings if one.code == "DV805"] == [
        "“pass-on” in “take” was not done before the case was closed; the log lacks entries there",
        "“do-one” in “one” was not done before the case was closed; the log lacks entries there",
    ]


HINDSIGHT = procedure_of("""
roles: { agent: Works, lead: Decides, cashier: Pays }
start: decide
steps:
  decide: { by: lead, actions: { approve: contract, refuse: told } }
  contract: { by: agent, actions: { sign: payment } }
  payment: { by: cashier, actions: { pay: over } }
  told: { by: agent, actions: { tell: over } }
  over: { end: over }
""")


def test_what_was_due_and_only_does_not_fit_what_came_after_it_is_told_so() -> None:
    (odd, skipped) = audit_of(HINDSIGHT, "dan/lead refuse\nana/agent sign\ncas/cashier pay").deviations
    assert (odd.code, odd.seq, skipped.code) == ("DV102", 1, "DV101")
    assert odd.message == "“refuse” was done, which does not fit what came after it; the case stood in “decide”"
    assert odd.remedy == "whichever was meant: this, or what came after it; see the events after it"


def test_who_could_is_who_may_do_what_was_due_not_what_was_tried() -> None:
    (odd,) = audit_of(HINDSIGHT, "dan/lead refuse\ncas/cashier pay").deviations
    assert (odd.code, odd.remedy, odd.who_could) == ("DV102", "what is due there: tell", ("agent",))
