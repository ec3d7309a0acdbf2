"""Overrides: acts on record that put a case elsewhere, by whoever may, and by whoever may not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from procflow.judge import Judge
from procflow.model.event import Act, Cause, Event, Witness
from tests.unit.monitors.exceptions import audited, override, shown, states, told
from tests.unit.monitors.stories import procedure_of

PARCEL = """
roles: { agent: Works, lead: Decides, client: { title: Asked, external: true } }
data: { weight: number, grade: { type: choice, of: [low, high] } }
start: pack
steps:
  pack: { by: agent, collect: [weight], actions: { wrap: check } }
  check: { by: agent, four-eyes: pack, optional: [grade], actions: { approve: send-off, return: pack } }
  send-off:
    by: agent
    evidence: [receipt]
    actions:
      send: { to: gone, collect: [grade], evidence: [label], reason: required, at-most: 1 }
      ask: { to: waiting, incomplete: true }
  waiting: { waiting-for: { party: client, asked: required }, actions: { answer: send-off } }
  gone: { end: sent }
"""
STRICT = Judge(procedure_of("overrides: { by: lead, second-person: true, reason: required }" + PARCEL))
EASY = Judge(procedure_of("overrides: { by: lead }" + PARCEL))
NOBODY = Judge(procedure_of(PARCEL))


def skip(
    line: str = 'dan/lead wrap "it came wrapped"', to: str = "check", second: str | None = "eva", **more: str
) -> Event:
    return override(line, Act.SKIP, to, second=second, **more)


def test_the_case_goes_where_it_is_put_and_nothing_counts_as_skipped() -> None:
    audit = audited(STRICT, told(skip(), "eva/agent approve"))
    assert shown(audit.deviations) == ["DV701@1 permitted"]
    assert audit.clean
    assert (audit.configuration, audit.flow_cost, audit.events) == ("send-off", 0, 1)


def test_every_other_explanation_ends_there_at_the_cost_so_far() -> None:
    before = told("ana/agent approve", "ana/agent approve")
    judge = EASY
    state = judge.run(before)
    assert len(state.vector.entries) > 1
    after = judge.advance(state, replace(override("dan/lead -", Act.OVERRIDE, "waiting"), seq=3))
    assert [str(at) for at, _, _ in after.vector.entries] == ["waiting"]
    assert after.cost == state.cost
    assert [one.code for one in judge.audit(after).deviations[:-1]] == [
        one.code for one in judge.audit(state).deviations
    ]


def test_the_data_it_brings_are_merged_as_any_events() -> None:
    audit = audited(EASY, told(override("dan/lead - weight=heavy", Act.OVERRIDE, "pack"), "ana/agent wrap"))
    assert shown(audit.deviations) == ["DV302@1", "DV701@1 permitted", "DV301@2"]
    assert audited(EASY, told(override("dan/lead - weight=3", Act.OVERRIDE, "pack"), "ana/agent wrap")).clean


@pytest.mark.parametrize("to", ["", "nowhere", "pack/1", "pack[x:y]", "check "])
def test_an_override_that_leads_nowhere_moves_nothing_and_says_so(to: str) -> None:
    audit = audited(EASY, told("ana/agent wrap weight=1", override("dan/lead - grade=low", Act.OVERRIDE, to)))
    (found,) = audit.deviations
    assert (shown([found]), audit.configuration) == (["DV701@2"], "check")
    assert "no configuration" in found.message
    state = EASY.run(told(override("dan/lead - grade=low", Act.OVERRIDE, to)))
    assert state.record.values == {"grade": "low"}, "what was said was said"


def test_steps_it_enters_are_entered_afresh() -> None:
    first = ("ana/agent wrap weight=1",)
    assert shown(audited(EASY, told(*first, "ana/agent approve")).deviations) == ["DV202@2"]
    redo = override("dan/lead pack", Act.REDO, "pack")
    again = audited(EASY, told(*first, redo, "eva/agent wrap", "ana/agent approve"))
    assert shown(again.deviations) == ["DV701@2 permitted"]
    stays = override("dan/lead check", Act.REDO, "check")
    assert shown(audited(EASY, told(*first, stays, "ana/agent approve")).deviations) == ["DV701@2 permitted", "DV202@3"]


def early(line: str) -> list[str]:
    judged = audited(EASY, told("ana/agent wrap weight=1", override(line, Act.DO_EARLY, "check")))
    return shown(judged.deviations)


def test_what_is_done_early_carries_what_the_action_itself_demands() -> None:
    assert early("dan/lead send") == ["DV301@2", "DV303@2", "DV701@2 permitted"]
    assert early("dan/lead send grade=low +label") == ["DV701@2 permitted"], "the step's receipt is not the action's"
    for act in (Act.SKIP, Act.UNDO, Act.OVERRIDE):
        audit = audited(EASY, told(override("dan/lead send", act, "gone")))
        assert shown(audit.deviations) == ["DV701@1 permitted"], act
    assert audited(EASY, told(override("dan/lead waiting", Act.REDO, "waiting"))).clean, "nobody asks what was asked"


def test_what_is_done_early_counts_as_one_use() -> None:
    rest = ("eva/agent approve", 'eva/agent send +receipt +label "due"')
    done = override("dan/lead send grade=low +label", Act.DO_EARLY, "check")
    assert "DV108@4" in shown(audited(EASY, told("ana/agent wrap weight=1", done, *rest)).deviations)
    skipped = override("dan/lead send grade=low", Act.SKIP, "check")
    assert audited(EASY, told("ana/agent wrap weight=1", skipped, *rest)).clean
    nowhere = override("dan/lead send grade=low +label", Act.DO_EARLY, "nowhere")
    judged = audited(EASY, told("ana/agent wrap weight=1", nowhere, *rest))
    assert shown(judged.deviations) == ["DV701@2"], "it led nowhere, so nothing was done"


@pytest.mark.parametrize(
    ("event", "wanted"),
    [
        (override("dan/lead wrpa", Act.SKIP, "check"), "the procedure knows no action “wrpa”"),
        (override("dan/lead check", Act.DO_EARLY, "check"), "the procedure knows no action “check”"),
        (override("dan/lead wrap", Act.REDO, "pack"), "the procedure knows no step “wrap”"),
        (override("dan/lead -", Act.SKIP, "check"), "the override does not say which action it is about"),
    ],
)
def test_what_is_set_aside_must_be_something_the_procedure_has(event: Event, wanted: str) -> None:
    unknown, said = audited(EASY, told(event)).deviations
    assert (unknown.code, unknown.message, said.code) == ("DV106", wanted, "DV701")


def test_what_is_undone_may_be_anything_on_record() -> None:
    audit = audited(EASY, told("ana/agent dance", override("dan/lead dance", Act.UNDO, "pack")))
    assert shown(audit.deviations) == ["DV106@1", "DV701@2 permitted"]


@pytest.mark.parametrize(
    ("event", "lacks"),
    [
        (skip("dan/lead wrap"), "no reason was given"),
        (skip('dan/lead wrap " "'), "no reason was given"),
        (skip(second=None), "no second person agreed"),
        (skip(second=" "), "no second person agreed"),
        (skip(second="dan"), "dan did it and cannot be the second person"),
        (skip(second=" dan "), "dan did it and cannot be the second person"),
        (skip(asked_by="eva"), "eva asked for it and cannot be the second person"),
    ],
)
def test_what_an_override_lacks_is_named_and_not_permitted(event: Event, lacks: str) -> None:
    (found,) = audited(STRICT, told(event)).deviations
    assert (found.code, found.unexcused) == ("DV701", True)
    assert lacks in found.message
    assert found.remedy
    (eased,) = audited(EASY, told(event)).deviations
    assert shown([eased]) == ["DV701@1 permitted"], "only what the procedure asks for"


def test_an_override_says_how_and_on_whose_word() -> None:
    event = skip(asked_by="acme", caused_by=Cause.REQUESTER)  # type: ignore[arg-type]
    (found,) = audited(STRICT, told(event)).deviations
    assert found.message == "dan skipped “wrap”: the case went from pack to check"
    assert found.values == {
        "act": "skip",
        "reason": "it came wrapped",
        "asked by": "acme",
        "caused by": "requester",
        "second person": "eva",
    }
    assert (found.step, found.action, found.actor) == ("pack", "wrap", "dan")


@pytest.mark.parametrize(("judge", "who"), [(STRICT, "dan/agent"), (STRICT, "dan"), (NOBODY, "dan/lead")])
def test_without_authority_it_happened_all_the_same(judge: Judge, who: str) -> None:
    audit = audited(judge, told(skip(f'{who} wrap "it came wrapped"'), "eva/agent approve"))
    assert shown(audit.deviations) == ["DV204@1"]
    assert audit.configuration == "send-off"


def test_what_the_log_cannot_witness_is_not_examined() -> None:
    judge = Judge(STRICT.procedure, witness=Witness(role=False))
    audit = audited(judge, told(skip("dan wrap 'it came wrapped'")))
    assert shown(audit.deviations) == ["DV701@1 permitted"]
    assert dict(audit.not_examined) == {"people: roles": 1}
    judge = Judge(STRICT.procedure, witness=Witness(reason=False))
    audit = audited(judge, told(skip("dan/lead wrap")))
    assert (shown(audit.deviations), dict(audit.not_examined)) == (["DV701@1 permitted"], {"reason": 1})


def test_a_closed_case_is_open_again() -> None:
    undo = override("dan/lead -", Act.UNDO, "pack")
    closed = told("ana/agent wrap weight=1", "ana/agent closed")
    assert shown(audited(EASY, closed).deviations) == ["DV107@None"]
    states_ = states(EASY, told(*closed.events, undo))
    audit = EASY.audit(states_[-1])
    assert (audit.closed, shown(audit.deviations)) == (False, ["DV701@3 permitted"])
    new, gone = EASY.news(states_[-2], states_[-1])
    assert (shown(new), shown(gone)) == (["DV701@3 permitted"], ["DV107@None"])
    nowhere = audited(EASY, told(*closed.events, override("dan/lead -", Act.UNDO, "")))
    assert (nowhere.closed, shown(nowhere.deviations)) == (True, ["DV701@3", "DV107@None"])


def test_nothing_that_was_said_before_is_unsaid() -> None:
    line = told("ana/agent approve", override("dan/lead -", Act.OVERRIDE, "gone"))
    assert shown(audited(EASY, line).deviations)[-1:] == ["DV701@2 permitted"]
    assert audited(EASY, line).flow_cost == 1


def test_who_left_a_step_is_forgotten_only_if_it_is_entered_again() -> None:
    redo, skip_again = override("dan/lead pack", Act.REDO, "pack"), override("dan/lead wrap", Act.SKIP, "check")
    story = ("ana/agent wrap weight=1", redo, skip_again, "ana/agent approve")
    assert audited(EASY, told(*story)).clean
    judge = Judge(
        procedure_of("""
overrides: { by: lead }
roles: { lead: Decides }
start: both
steps:
  both:
    parallel:
      left: { by: any, actions: { cut: done } }
      right: { by: any, actions: { dig: done } }
    then: check
  check: { by: any, four-eyes: [left], actions: { approve: z } }
  z: { end: over }
""")
    )
    stays = override("dan/lead -", Act.OVERRIDE, "both[left:done,right:right]")
    assert "DV202@4" in shown(audited(judge, told("ana cut", stays, "eva dig", "ana approve")).deviations)
    again = override("dan/lead -", Act.OVERRIDE, "both[left:left,right:right]")
    skipped = override("dan/lead -", Act.OVERRIDE, "both[left:done,right:right]")
    assert audited(judge, told("ana cut", again, skipped, "eva dig", "ana approve")).clean


def test_nothing_is_in_the_wrong_order_across_an_override() -> None:
    judge = Judge(
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
    early = ("ana three", "ana one", "ana two", "ana four")
    assert shown(audited(judge, told(*early)).deviations) == ["DV103@1"]
    put = override("dan/lead -", Act.OVERRIDE, "c")
    audit = audited(judge, told("ana three", put, "ana four"))
    assert shown(audit.deviations) == ["DV102@1", "DV701@2 permitted", "DV101@3"]


def test_the_order_of_the_registry_is_kept() -> None:
    audit = audited(EASY, told(override("dan/agent dance weight=heavy", Act.DO_EARLY, "check")))
    assert shown(audit.deviations) == ["DV106@1", "DV204@1", "DV302@1"]


def test_of_several_actions_of_one_name_only_what_all_demand_is_demanded_early() -> None:
    judge = Judge(
        procedure_of("""
overrides: { by: lead }
roles: { lead: Decides }
data: { x: number, y: number }
start: a
steps:
  a: { by: any, actions: { one: b } }
  b: { by: any, actions: { send: { to: c, collect: [x, y] } } }
  c: { by: any, actions: { send: { to: z, collect: [y] } } }
  z: { end: over }
""")
    )
    found = audited(judge, told(override("dan/lead send", Act.DO_EARLY, "a"))).deviations
    assert [one.values for one in found if one.code == "DV301"] == [{"y": "unknown"}]
