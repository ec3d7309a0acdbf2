"""Refused attempts: on record, judged as they would have been, and without any effect."""

from __future__ import annotations

from dataclasses import replace

from procflow.judge import Judge
from procflow.model.event import Act, Witness
from tests.unit.monitors.exceptions import audited, override, refused, shown, states, told, waiver
from tests.unit.monitors.stories import procedure_of

PARCEL = procedure_of("""
overrides: { by: lead, reason: required }
roles: { agent: Works, lead: Decides }
data: { weight: number }
start: pack
steps:
  pack: { by: agent, collect: [weight], actions: { wrap: check, look: { to: same, at-most: 1 } } }
  check: { by: agent, four-eyes: pack, actions: { approve: gone } }
  gone: { end: sent }
""")
JUDGE = Judge(PARCEL)
WRAP, APPROVE = "ana/agent wrap weight=1", "ana/agent approve"


def test_what_would_have_been_said_was_prevented() -> None:
    audit = audited(JUDGE, told(WRAP, refused(APPROVE), "eva/agent approve"))
    assert shown(audit.deviations) == ["DV202@2 prevented"]
    assert (audit.clean, audit.outcome, audit.flow_cost, audit.events) == (True, "sent", 0, 2)


def test_it_leaves_flow_record_counts_and_memory_alone() -> None:
    attempts = told(refused(APPROVE), refused("ana wrap weight=5"), refused("ana/agent wrap"))
    before, *_, after = states(JUDGE, attempts)
    assert (after.vector, after.cost, after.record, after.events, after.node) == (
        before.vector, before.cost, before.record, before.events, before.node,
    )  # fmt: skip
    assert (after.seq, after.acted) == (3, 0)
    look = "ana/agent look"
    assert not audited(JUDGE, told(refused("eva look"), look)).deviations[1:]
    assert shown(audited(JUDGE, told(look, refused(look), refused(look))).deviations) == [
        "DV108@2 prevented",
        "DV108@3 prevented",
    ]


def test_it_is_judged_on_the_state_of_that_moment_and_never_superseded() -> None:
    trace = told(refused(APPROVE), WRAP, "eva/agent approve")
    for state in states(JUDGE, trace)[1:]:
        (found,) = JUDGE.audit(state).deviations
        assert (shown([found]), found.provisional) == (["DV101@1 prevented"], False)


def test_a_refusal_without_ground_is_told_and_blames_nobody() -> None:
    (found,) = audited(JUDGE, told(WRAP, refused("eva/agent approve"))).deviations
    assert (shown([found]), found.actor, found.action, found.step) == (["DV704@2"], None, "approve", "check")
    assert found.values == {"refused": "eva"}


def test_whether_a_refusal_had_ground_may_be_beyond_what_the_log_witnesses() -> None:
    judge = Judge(PARCEL, witness=Witness(role=False))
    audit = audited(judge, told(refused(WRAP)))
    assert (shown(audit.deviations), dict(audit.not_examined)) == ([], {"people: roles": 1})


def test_what_is_excused_or_permitted_beside_it_is_dropped() -> None:
    excused = told(WRAP, waiver("dan/lead why", "DV202"), refused("ana approve"))
    assert shown(audited(JUDGE, excused).deviations) == ["DV201@3 prevented"]
    fair = told(WRAP, waiver("dan/lead why", "DV202"), refused(APPROVE))
    assert shown(audited(JUDGE, fair).deviations) == ["DV704@3"]
    later = told(WRAP, refused(APPROVE), waiver("dan/lead why", "DV202"))
    assert shown(audited(JUDGE, later).deviations) == ["DV202@2 prevented"], "as it was known at that moment"


def test_closing_overrides_and_waivers_can_be_refused_too() -> None:
    attempts = told(
        refused("ana/agent closed"),
        refused(override("dan/lead wrap", Act.SKIP, "check")),
        refused(override('dan/lead wrap "why"', Act.SKIP, "check")),
        refused(waiver("ana/lead why", "DV202")),
        refused(waiver("dan/lead why", "DV202")),
        WRAP,
        APPROVE,
    )
    audit = audited(JUDGE, attempts)
    assert shown(audit.deviations) == [
        "DV107@None prevented",
        "DV701@2 prevented",
        "DV704@3",
        "DV702@4 prevented",
        "DV704@5",
        "DV202@7",
    ]
    assert (audit.closed, audit.outcome) == (False, "sent")


def test_a_start_is_judged_as_a_start() -> None:
    assert shown(audited(JUDGE, told(refused("ana wrap..."))).deviations) == ["DV201@1 prevented"]
    assert shown(audited(JUDGE, told(refused("ana/agent wrap..."))).deviations) == ["DV704@1"], "nothing is due yet"
    assert shown(audited(JUDGE, told(refused("ana/agent wrap"))).deviations) == ["DV301@1 prevented"]


def test_news_of_an_attempt_are_what_was_prevented() -> None:
    before, after = states(JUDGE, told(WRAP, refused(APPROVE)))[-2:]
    new, gone = JUDGE.news(before, after)
    assert (shown(new), gone) == (["DV202@2 prevented"], ())


def test_attempts_after_the_end_and_an_opening_that_was_refused() -> None:
    ended = told(WRAP, "eva/agent approve", "eva/agent closed", refused(WRAP), waiver("dan/lead why", "DV202"))
    audit = audited(JUDGE, ended)
    assert (audit.closed, shown(audit.deviations)) == (True, ["DV105@4 prevented"])
    assert shown(audited(JUDGE, told(refused("ana/agent opened"), WRAP)).deviations) == ["DV704@1"]


def test_a_closed_case_stays_in_the_end_that_was_chosen() -> None:
    judge = Judge(
        procedure_of("""
overrides: { by: lead }
roles: { lead: Decides }
data: { x: yes-no, y: yes-no }
start: a
steps:
  a: { by: any, optional: [x, y], actions: { go: [{ to: b, when: x }, { to: z, when: y }] } }
  b: { by: any, actions: { leave: z } }
  z: { end: over }
""")
    )
    closed = told("ana go", "ana closed")
    assert str(judge.run(told("ana go")).configuration) == "b", "the first of two that cost the same"
    assert str(judge.run(closed).configuration) == "z", "the one that ends"
    nowhere = override("ana/lead -", Act.UNDO, "nowhere")
    for beside in (refused("ana go"), waiver("ana/lead x", "DV101", person="eva"), nowhere):
        state = judge.run(told(*closed.events, beside))
        assert str(state.configuration) == "z"
        assert not any(one.code == "DV107" for one in judge.audit(state).deviations)


def test_a_gap_before_an_attempt_or_a_waiver_is_a_gap_before_what_comes_next() -> None:
    hidden = refused("ana/agent ~approve")
    for aside in (hidden, replace(waiver('eva/lead "why"', "DV301"), gap=True)):
        audit = audited(JUDGE, told(aside, "eva/agent approve"))
        assert not [one for one in audit.deviations if one.seq == 2]
        assert {one.code for one in audit.findings} == {"DV805"}
    after = audited(JUDGE, told(WRAP, hidden, "eva/agent approve", "ana/agent sing"))
    assert "DV106@4" in shown(after.deviations), "what comes after that is seen again"
