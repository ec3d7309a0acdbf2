"""Waivers: what they excuse, whom, until when, and which of them are void."""

from __future__ import annotations

from dataclasses import replace

import pytest

from procflow.judge import Judge
from procflow.model.event import Act, Event, Witness
from tests.unit.monitors.exceptions import audited, override, refused, shown, states, told, waiver
from tests.unit.monitors.stories import procedure_of

STEPS = """
roles: { agent: Works, lead: Decides }
start: pack
steps:
  pack: { by: agent, actions: { wrap: check } }
  check: { by: agent, four-eyes: pack, actions: { approve: { to: gone, reason: required } } }
  gone: { end: sent }
"""
JUDGE = Judge(procedure_of("overrides: { by: lead }" + STEPS))
SAME = ("ana/agent wrap", 'ana/agent approve "why"')
"""At event 2, or 3 after a waiver, ana deviates: DV202."""


def said(*parts: str | Event, judge: Judge = JUDGE) -> list[str]:
    return shown(audited(judge, told(*parts)).deviations)


def test_a_waiver_excuses_before_and_after_and_changes_no_cost() -> None:
    granted = waiver("dan/lead why", "DV202")
    assert said(*SAME) == ["DV202@2"]
    assert said(granted, *SAME) == ["DV202@3 excused by 1"]
    assert said(*SAME, granted) == ["DV202@2 excused by 3"]
    assert said(*SAME, granted, granted) == ["DV202@2 excused by 3"], "the first one counts"
    plain, waived = (
        audited(JUDGE, told("ana/agent approve")),
        audited(JUDGE, told(waiver("dan/lead why", "DV101", action="wrap"), "ana/agent approve")),
    )
    assert not waived.deviations[0].unexcused
    assert (plain.flow_cost, plain.complete_cost, plain.fitness, plain.events) == (
        waived.flow_cost, waived.complete_cost, waived.fitness, waived.events,
    )  # fmt: skip
    assert plain.configuration == waived.configuration


def test_it_excuses_its_own_code_person_step_and_action_only() -> None:
    for other in (
        waiver("dan/lead why", "DV201"),
        waiver("dan/lead why", "DV202", person="eva"),
        waiver("dan/lead why", "DV202", step="pack"),
        waiver("dan/lead why", "DV202", action="wrap"),
    ):
        assert said(other, *SAME) == ["DV202@3"]
    exact = waiver("dan/lead why", "DV202", step="check", action="approve")
    assert said(exact, *SAME) == ["DV202@3 excused by 1"]


def test_what_nobody_is_blamed_for_must_be_named() -> None:
    late = 'eva/agent approve "why"'
    assert said(waiver("dan/lead why", "DV101"), late) == ["DV101@2"]
    assert said(waiver("dan/lead why", "DV101", step="check"), late) == ["DV101@2"]
    assert said(waiver("dan/lead why", "DV101", step="pack"), late) == ["DV101@2 excused by 1"]
    assert said(waiver("dan/lead why", "DV101", person="anybody", action="wrap"), late) == ["DV101@2 excused by 1"]


def test_it_holds_until_it_expires_that_moment_included() -> None:
    assert said(waiver("dan/lead why", "DV202", hours=3), *SAME) == ["DV202@3 excused by 1"]
    assert said(waiver("dan/lead why", "DV202", hours=2.9), *SAME) == ["DV202@3", "DV703@3"]
    two = [waiver("dan/lead why", "DV202", hours=hours) for hours in (2.5, 2.9)]
    assert said(*two, *SAME) == ["DV202@4", "DV703@4"], "one, of the last that expired"
    assert said(two[0], waiver("dan/lead why", "DV202"), *SAME) == ["DV202@4 excused by 2"]


def test_what_expired_before_it_was_granted_was_not_used() -> None:
    assert said(*SAME, waiver("dan/lead why", "DV202", hours=1)) == ["DV202@2"]


def test_an_expired_waiver_is_told_of_the_same_event() -> None:
    _, found = audited(JUDGE, told(waiver("dan/lead why", "DV202", hours=2), *SAME)).deviations
    assert (found.seq, found.actor, found.step, found.action) == (3, "ana", "check", "approve")
    assert found.values == {"waiver": "event 1", "until": "2026-12-01 11:00 UTC"}


def test_never_finished_is_measured_by_the_last_event() -> None:
    closed = ("ana/agent wrap", "ana/agent closed")
    assert said(*closed, waiver("dan/lead why", "DV107", hours=2, step="check")) == ["DV107@None excused by 3"]
    assert said(waiver("dan/lead why", "DV107", hours=2, step="check"), *closed) == ["DV107@None", "DV703@3"]


@pytest.mark.parametrize(
    ("granted", "why"),
    [
        (waiver("dan/agent why", "DV202"), ["DV204@1"]),
        (waiver("ana/lead why", "DV202"), ["DV702@1"]),
        (waiver("dan/lead", "DV202"), ["DV306@1"]),
        (waiver("dan/lead ' '", "DV202"), ["DV306@1"]),
        (waiver("ana/agent", "DV202"), ["DV204@1", "DV306@1", "DV702@1"]),
    ],
)
def test_a_void_waiver_excuses_nothing(granted: Event, why: list[str]) -> None:
    assert said(granted, *SAME) == [*why, "DV202@3"]


def test_without_overrides_nobody_may_waive() -> None:
    nobody = Judge(procedure_of(STEPS))
    assert said(waiver("dan/lead why", "DV202"), *SAME, judge=nobody) == ["DV204@1", "DV202@3"]


@pytest.mark.parametrize("code", ["DV701", "DV204", "DV204x", "DV199", "DV705", "DV801", "DV904", "", "four-eyes"])
def test_only_classes_of_the_work_can_be_waived(code: str) -> None:
    (found,) = audited(JUDGE, told(waiver("dan/lead why", code))).deviations
    assert found.code == "DV204"
    assert f"“{code}”" in found.message


def test_no_grantor_excuses_himself_by_way_of_another() -> None:
    event = waiver("ana/lead why", "DV101", person="eva", action="wrap")
    assert said(event, 'ana/agent approve "why"') == ["DV101@2"], "an override would have taken a second person"
    assert said(event, 'dan/agent approve "why"') == ["DV101@2 excused by 1"], "nobody is blamed for what was skipped"
    late = waiver("ana/lead why", "DV107", person="eva", step="check")
    assert said("eva/agent wrap", late, "ana/lead closed") == ["DV107@None"]
    blank = waiver("ana/lead why", "DV202", person="eva", step="check")
    assert said(blank, *SAME) == ["DV202@3"]


def test_whether_nobody_named_granted_it_to_himself_is_not_examined() -> None:
    audit = audited(JUDGE, told(replace(waiver("dan/lead why", "DV202"), actor=None), *SAME))
    assert shown(audit.deviations) == ["DV202@3 excused by 1"]
    assert audit.not_examined == {"people: actor": 1}


def test_what_the_log_cannot_witness_does_not_make_a_waiver_void() -> None:
    blind = Judge(JUDGE.procedure, witness=Witness(role=False, reason=False))
    audit = audited(blind, told(waiver("dan", "DV202"), *SAME))
    assert shown(audit.deviations) == ["DV202@3 excused by 1"]
    assert audit.not_examined["people: roles"] == 3
    assert audit.not_examined["reason"] == 1


def test_what_was_prevented_or_permitted_is_not_settled_by_a_waiver() -> None:
    granted = waiver("dan/lead why", "DV202")
    attempt = refused('ana/agent approve "why"')
    assert said(SAME[0], attempt, granted) == ["DV202@2 prevented"]
    skip = override("dan/lead wrap", Act.SKIP, "check")
    assert said(waiver("eva/lead why", "DV701", person="dan"), skip) == ["DV204@1", "DV701@2 permitted"]


def test_a_waiver_can_itself_be_in_need_of_one() -> None:
    hasty = waiver("dan/lead", "DV202")
    assert said(hasty, waiver("eva/lead why", "DV306", person="dan")) == ["DV306@1 excused by 2"]


def test_news_apply_the_waivers_of_that_moment() -> None:
    trace = told(waiver("dan/lead why", "DV202"), *SAME)
    found = states(JUDGE, trace)
    new, gone = JUDGE.news(found[-2], found[-1])
    assert (shown(new), gone) == (["DV202@3 excused by 1"], ())
    trace = told(*SAME, waiver("dan/lead why", "DV202"))
    found = states(JUDGE, trace)
    assert JUDGE.news(found[-2], found[-1]) == ((), ()), "what was there before is not new"
    assert found[-1].acted == 3


def test_an_action_in_the_wrong_order_is_excused_by_the_time_it_was_done() -> None:
    chain = Judge(
        procedure_of("""
overrides: { by: lead }
roles: { lead: Decides }
start: a
steps:
  a: { by: any, actions: { one: b } }
  b: { by: any, actions: { two: c } }
  c: { by: any, actions: { three: z } }
  z: { end: over }
""")
    )
    early = ("ana two", "ana one", "ana three")
    assert shown(audited(chain, told(*early)).deviations) == ["DV103@1"]
    granted = waiver("dan/lead why", "DV103", hours=1)
    assert shown(audited(chain, told(*early, granted)).deviations) == ["DV103@1 excused by 4"]


def test_one_expired_waiver_is_told_once_of_an_event() -> None:
    list_ = Judge(
        procedure_of("""
overrides: { by: lead }
roles: { lead: Decides }
start: a
steps:
  a: { by: any, checklist: [one, two], actions: { go: b } }
  b: { by: any, actions: { leave: z } }
  z: { end: over }
""")
    )
    granted = waiver("dan/lead why", "DV101", hours=1, step="a")
    assert shown(audited(list_, told(granted, "ana go", "ana leave")).deviations) == ["DV101@2", "DV703@2", "DV101@2"]


def test_what_a_better_story_takes_back_is_told_as_it_stood() -> None:
    chain = Judge(
        procedure_of("""
overrides: { by: lead }
roles: { lead: Decides }
start: a
steps:
  a: { by: any, actions: { one: b } }
  b: { by: any, actions: { two: c } }
  c: { by: any, actions: { three: d } }
  d: { by: any, actions: { four: z } }
  z: { end: over }
""")
    )
    found = states(chain, told("ana three", waiver("dan/lead why", "DV102"), "ana four"))
    new, gone = chain.news(found[-2], found[-1])
    assert (shown(new), shown(gone)) == (["DV101@1", "DV101@1"], ["DV102@1 excused by 2"])
