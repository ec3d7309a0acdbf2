"""Rules along the canonical path: gaps, cut cases, status histories, overrides, and what time alone does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from procflow.judge import CaseState, Judge
from procflow.model.deviation import Deviation
from procflow.model.event import Act, Event, Kind, Trace, Witness
from procflow.model.report import CaseAudit
from procflow.model.rule import RuleStatus
from tests.unit.monitors.exceptions import override, refused, shown, states, told, waiver
from tests.unit.monitors.stories import AT, procedure_of, trace_of

SHOP = """
roles: { agent: Works, lead: Decides }
overrides: { by: lead }
data: { amount: number, account: text }
start: talk
steps:
  talk: { by: any, actions: { pay: paid, hold: pause } }
  pause: { by: any, actions: { go-on: talk } }
  paid: { end: paid }
  gone: { end: cancelled }
anytime:
  ask: { to: same, by: any }
  answer: { to: same, by: any }
  approve: { to: same, by: lead }
  leave: { to: gone, by: any }
rules:
"""


def judge_of(*rules: str, witness: Witness | None = None, statuses: bool = False) -> Judge:
    procedure = procedure_of(SHOP + "".join(f"  r{number}: {rule}\n" for number, rule in enumerate(rules, 1)))
    return Judge(procedure, witness=witness or Witness(), statuses=statuses)


def audited(judge: Judge, *parts: str | Event, closed: bool = False, as_of: datetime | None = None) -> CaseAudit:
    return judge.audit(judge.run(told(*parts)), closed=closed, as_of=as_of)


def statuses_of(audit: CaseAudit) -> list[str]:
    return [one.status.value for one in audit.rules]


ANSWERED = "{ after: ask, there-must-be: answer }"
IN_TIME = "{ after: ask, there-must-be: answer, within: 3 hours }"
APPROVED = "{ before: pay, there-must-be: approve }"


def test_what_time_alone_does_is_told_as_of_a_moment_and_stays_when_an_event_shows_it() -> None:
    judge = judge_of(IN_TIME)
    assert audited(judge, "ana ask").deviations == ()
    (late,) = audited(judge, "ana ask", as_of=AT + timedelta(hours=5)).deviations
    assert (late.code, late.seq, late.actor, late.refuses) == ("DV507", 1, None, False)
    assert late.breach is not None
    assert late.breach.due == AT + timedelta(hours=4)
    note = ("ana ask", "bob hold", "bob go-on", "bob hold", "bob go-on")
    (noticed,) = audited(judge, *note, as_of=AT + timedelta(hours=9)).deviations
    assert noticed == late
    assert audited(judge, "ana ask", as_of=AT + timedelta(hours=4)).deviations == ()


def test_a_complete_log_knows_no_deadline_after_its_last_event() -> None:
    (missing,) = audited(judge_of(IN_TIME), "ana ask", closed=True, as_of=AT + timedelta(days=9)).deviations[:-1]
    assert missing.breach is not None
    assert (missing.seq, missing.breach.kind.value) == (None, "missing")


def test_what_is_missing_in_the_end_is_told_before_that_the_case_never_ended() -> None:
    audit = audited(judge_of("{ must-happen: approve }"), "ana ask", closed=True)
    assert shown(audit.deviations) == ["DV501@None", "DV107@None"]
    assert statuses_of(audit) == ["violated"]


def test_a_rule_about_the_record_counts_what_was_done() -> None:
    judge = judge_of("{ before: pay, there-must-be: approve, when: times(ask) > 1 }")
    assert audited(judge, "ana ask", "ana pay").clean
    assert shown(audited(judge, "ana ask", "ana ask", "ana pay").deviations) == ["DV508@3"]


def test_rules_of_elsewhere_hold_besides_those_of_the_procedure() -> None:
    (elsewhere,) = judge_of(APPROVED).in_force.rules
    judge = Judge(judge_of(ANSWERED).procedure, policies=(replace(elsewhere, id="elsewhere"),))
    assert [one.rule for one in audited(judge, "ana ask").rules] == ["r1", "elsewhere"]
    assert shown(audited(judge, "ana pay").deviations) == ["DV508@1"]


def test_a_rule_over_all_cases_of_a_client_is_not_judged_in_a_case() -> None:
    judge = judge_of("{ never: pay, per: client }")
    assert (judge.in_force.rules, audited(judge, "ana pay").rules) == ((), ())


# What is provisional


def test_a_rule_about_steps_is_provisional_while_the_case_is_open() -> None:
    judge = judge_of("{ never: enters pause }", "{ never: hold }")
    assert [one.provisional for one in audited(judge, "ana hold").deviations] == [True, False]
    assert not any(one.provisional for one in audited(judge, "ana hold", "ana closed").deviations)


def test_rules_run_again_along_the_better_explanation() -> None:
    judge = judge_of("{ before: case ends, there-must-be: answer }")
    first, second = states(judge, told("ana pay", "ana hold"))[1:]
    assert first.node.ruled is not None
    assert shown(judge.audit(first).deviations) == ["DV508@1"]
    assert shown(judge.audit(second).deviations) == ["DV102@1"], "it never ended, as it is told now"
    new, gone = judge.news(first, second)
    assert (shown(new), shown(gone)) == (["DV102@1"], ["DV508@1"])


# What is set aside


def test_an_override_out_of_an_end_takes_back_what_the_end_had_settled() -> None:
    judge = judge_of("{ must-happen: approve }", "{ never: answer }")
    back = override("lea/lead pay", Act.UNDO, "talk")
    before, after = states(judge, told("ana answer", "ana pay", back))[-2:]
    assert shown(judge.audit(before).deviations) == ["DV502@1", "DV501@2"]
    assert shown(judge.audit(after).deviations) == ["DV502@1", "DV701@3 permitted"]
    assert shown(judge.news(before, after)[1]) == ["DV501@2"]
    assert statuses_of(judge.audit(after)) == ["violated-so-far", "violated"]
    again = told("ana answer", "ana pay", back, "lea/lead approve", "ana pay")
    assert statuses_of(judge.audit(judge.run(again))) == ["satisfied", "violated"]


def test_an_override_that_skips_what_a_rule_demands_explains_that_it_is_missing() -> None:
    skip = override("lea/lead hold", Act.SKIP, "pause")
    audit = audited(judge_of("{ must-happen: hold }"), skip, "ana go-on", "ana pay")
    (missing,) = (one for one in audit.deviations if one.code == "DV501")
    assert missing.cause is not None
    assert (missing.cause.code, missing.cause.seq) == ("DV701", 1)


def test_a_waiver_of_lateness_must_hold_at_the_deadline() -> None:
    judge = judge_of(IN_TIME)
    late = AT + timedelta(hours=9)
    for hours, expected in ((4, ["DV507@1 excused by 2"]), (3.5, ["DV507@1"])):
        waived = waiver('lea/lead "by phone"', "DV507", hours=hours, action="answer")
        found = audited(judge, "ana ask", waived, as_of=late).deviations
        assert shown([one for one in found if one.code == "DV507"]) == expected


# Attempts


def test_an_attempt_that_was_refused_did_nothing_for_a_rule() -> None:
    judge = judge_of(APPROVED, ANSWERED)
    before, after = states(judge, told("ana ask", refused("ana pay")))[1:]
    assert after.node is before.node
    assert shown(judge.audit(after).deviations) == ["DV507@2 prevented", "DV508@2 prevented"]


def test_what_time_alone_did_was_not_prevented_and_is_no_ground() -> None:
    judge = judge_of(IN_TIME)
    tried = ("ana ask", "ana hold", "ana go-on", "ana hold", refused("ana go-on"))
    assert shown(audited(judge, *tried).deviations) == ["DV704@5"]


def test_a_rule_that_refuses_nothing_is_no_ground_either() -> None:
    judge = judge_of("{ never: ask, refuse: false }", "{ never: answer }")
    assert shown(audited(judge, refused("ana ask")).deviations) == ["DV704@1"]
    assert shown(audited(judge, refused("ana answer")).deviations) == ["DV502@1 prevented"]


# What a log cannot show


def test_what_was_demanded_may_have_been_done_in_a_gap() -> None:
    judge = judge_of(ANSWERED, "{ never: approve }")
    audit = audited(judge, "ana ask", "ana ~pay")
    assert audit.clean
    assert audit.not_examined["rule: r1"] == 1
    assert statuses_of(audit)[0] == "not-examined"
    assert shown(audited(judge, "ana ask", "lea/lead approve", "ana ~pay").deviations) == ["DV502@2"]


def test_a_cut_case_may_have_done_it_before() -> None:
    judge = judge_of(APPROVED, "{ must-happen: approve }")
    trace = replace(told("ana pay"), cut=True)
    audit = judge.audit(judge.run(trace))
    assert (audit.cut, audit.clean) == (True, True)
    assert set(statuses_of(audit)) == {"not-examined"}
    assert shown(judge.audit(judge.run(told("ana pay"))).deviations) == ["DV501@1", "DV508@1"]


def test_late_by_less_than_the_log_can_tell_is_not_late() -> None:
    judge = judge_of(IN_TIME, witness=Witness(resolution=timedelta(hours=2)))
    at = told("ana ask", "ana hold", "ana go-on", "ana hold", "ana answer")
    audit = judge.audit(judge.run(at))
    assert audit.clean, "an hour late, in a log exact to two hours"
    assert audit.not_examined == {"rule: r1": 1}


def test_a_log_without_times_judges_no_deadline() -> None:
    audit = audited(judge_of(IN_TIME, witness=Witness(time=False)), "ana ask", as_of=AT + timedelta(days=9))
    assert audit.clean


def history(*names: str) -> Trace:
    trace = trace_of("\n".join(f"ana {name}" for name in names))
    return replace(trace, events=tuple(replace(one, kind=Kind.STATUS) for one in trace.events))


def test_of_a_status_history_only_rules_about_top_level_steps_and_ends_are_judged() -> None:
    rules = ("{ never: enters pause }", APPROVED, "{ before: case ends, there-must-be: leaves pause }")
    judge = judge_of(*rules, statuses=True)
    audit = judge.audit(judge.run(history("talk", "pause", "talk", "paid")))
    assert shown(audit.deviations) == ["DV502@2"]
    assert statuses_of(audit) == ["violated", "not-examined", "satisfied"]
    assert audit.not_examined["rule: r2"] == 1
    assert shown(judge.audit(judge.run(history("talk", "paid"))).deviations) == ["DV508@2"]


# Event by event or at once


def said(judge: Judge, state: CaseState) -> tuple[list[Deviation], list[RuleStatus]]:
    audit = judge.audit(state)
    return list(audit.deviations), [one.status for one in audit.rules]


@pytest.mark.parametrize(
    "lines",
    [
        ("ana ask", "ana pay", "ana hold", "lea/lead approve", "ana answer", "ana closed"),
        ("ana pay", "ana ~hold", "ana ask", "ana leave", "ana answer"),
        ("ana hold", "ana pay", "ana go-on", "ana pay"),
    ],
)
def test_event_by_event_or_at_once_the_same_is_said(lines: tuple[str, ...]) -> None:
    judge = judge_of(ANSWERED, APPROVED, IN_TIME, "{ never: enters pause }", "{ last: pay }", "{ must-happen: go-on }")
    for count, state in enumerate(states(judge, told(*lines))):
        assert said(judge, state) == said(judge, judge.run(told(*lines[:count])))
