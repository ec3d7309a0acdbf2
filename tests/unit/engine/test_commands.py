"""Commands: start, perform, close; a refusal says what rule, with what values, what would pass and who could."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from procflow.engine import Engine
from procflow.errors import CaseNotFound, ProcflowError, StaleCase
from procflow.model.event import Kind, Lifecycle
from procflow.model.organisation import Actor
from procflow.model.verdict import StepRefused
from tests.unit.engine.stories import ANA, LEA, NOON, Hands, accepted, engine_in


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def engine(tmp_path: Path, clock: Hands) -> Engine:
    return engine_in(tmp_path, clock)


def test_a_case_from_its_opening_to_its_end(engine: Engine, clock: Hands) -> None:
    opened = engine.start("refund", by="ana", client="acme", ref="ticket:42", data={"about": "bob"})
    assert (opened.seq, opened.mode, opened.client, opened.ref) == (1, "enforce", "acme", "ticket:42")
    assert (opened.steps, opened.opened_at, dict(opened.values)) == (("intake",), NOON, {"about": "bob"})
    clock.wait(hours=1)
    engine.perform(opened.id, "thank", by="ana").or_raise()
    taken = engine.perform(opened.id, "accept", by="ana", data={"amount": "20.00"}, evidence={"receipt": "no. 7"})
    assert taken.accepted
    assert (str(taken.before), str(taken.after)) == ("intake/1", "decide")
    assert engine.perform(opened.id, "pay", by="lea").accepted
    case = engine.case(opened.id)
    assert (case.outcome, case.closed, case.audit.clean) == ("paid", True, True)
    kinds = [(event.kind, event.action) for event in case.events]
    assert kinds[0] == (Kind.OPENED, "")
    assert kinds[-1] == (Kind.CLOSED, ""), "a case that reaches an end is closed by itself"
    assert [event.occurred_at - NOON for event in case.events][1] == timedelta(hours=1)


def test_a_refusal_names_the_rule_the_values_the_remedy_and_who_could(engine: Engine) -> None:
    case = accepted(engine)
    verdict = engine.perform(case, "pay", by="ana")
    assert not verdict.accepted
    assert verdict.before == verdict.after
    (why,) = verdict.deviations
    assert (why.code, why.slug, why.step, why.action, why.actor) == ("DV202", "four-eyes", "decide", "pay", "ana")
    assert why.where is not None
    assert why.where.file.endswith("refund.yaml")
    assert why.values == {"same person": "ana", "other step": "intake"}
    assert why.remedy == "let somebody else than ana do it"
    assert verdict.who_could == {"lead": ("lea",)}, "ana holds the role too, and is the one refused"
    assert [event.refused for event in engine.case(case).events] == [False, False, False, True], "it is on record"


def test_a_refusal_raises_only_if_asked_to(engine: Engine) -> None:
    case = engine.start("refund", by="ana").id
    verdict = engine.perform(case, "accept", by="ana")
    with pytest.raises(StepRefused) as raised:
        verdict.or_raise()
    assert raised.value.verdict is verdict
    assert raised.value.code == verdict.deviations[0].code
    done = engine.perform(case, "thank", by="ana")
    assert done.or_raise() is done


def test_in_observe_mode_the_same_is_accepted_and_judged(engine: Engine) -> None:
    case = engine.start("refund", by="ana", mode="observe").id
    verdict = engine.perform(case, "accept", by=Actor("eve"), data={"amount": 20})
    assert verdict.accepted
    assert [one.code for one in verdict.deviations] == ["DV101", "DV201", "DV303"]
    assert [one.provisional for one in verdict.deviations] == [True, False, False], "the case may yet explain it better"
    assert engine.case(case).audit.deviations == verdict.deviations


def test_a_start_whose_data_do_not_fit_is_refused_in_enforce_mode(engine: Engine) -> None:
    with pytest.raises(StepRefused) as raised:
        engine.start("refund", by="ana", data={"amount": "much"})
    assert [one.code for one in raised.value.verdict.deviations] == ["DV302"]
    assert engine.cases() == ()
    assert engine.start("refund", by="ana", data={"amount": "much"}, mode="observe").audit.deviations[0].code == "DV302"


def test_started_work_moves_nothing_until_it_is_complete(engine: Engine) -> None:
    case = engine.start("refund", by="ana").id
    begun = engine.perform(case, "thank", by="ana", lifecycle="start")
    assert begun.accepted
    assert begun.before == begun.after
    assert engine.perform(case, "thank", by="ana").accepted
    assert [event.lifecycle for event in engine.case(case).events[1:]] == [Lifecycle.START, Lifecycle.COMPLETE]


def test_closing_away_from_an_end_is_refused_and_in_observe_mode_a_deviation(engine: Engine) -> None:
    case = engine.start("refund", by="ana").id
    assert [one.code for one in engine.close(case, by="ana").deviations] == ["DV107"]
    assert not engine.case(case).closed
    loose = engine.start("refund", by="ana", mode="observe").id
    assert engine.close(loose, by="ana", reason="by mistake").accepted
    known = engine.case(loose)
    assert (known.closed, known.outcome) == (True, None)
    assert [one.code for one in known.audit.deviations] == ["DV107"]
    assert engine.close(loose, by="ana").accepted
    assert engine.case(loose).seq == known.seq, "closing again changes nothing"


def test_where_a_case_stood_when_it_was_closed_stays_said_whatever_comes_later(engine: Engine) -> None:
    case = engine.start("refund", by="ana", mode="observe").id
    engine.close(case, by="ana")
    engine.perform(case, "ask", by="ana", data={"asked": "Which?", "due": "2026-12-05T12:00Z"})
    (unfinished,) = [one for one in engine.case(case).audit.deviations if one.code == "DV107"]
    assert unfinished.message == "the case was closed while it stood in “intake”"


def test_who_looked_earlier_is_told_that_somebody_else_acted(engine: Engine) -> None:
    case = engine.start("refund", by="ana").id
    seen = engine.case(case).seq
    assert engine.perform(case, "note", by="bob", expect=seen).accepted
    with pytest.raises(StaleCase, match="somebody else acted"):
        engine.perform(case, "thank", by="ana", expect=seen)
    with pytest.raises(StaleCase):
        engine.close(case, by="ana", expect=seen)
    assert engine.case(case).seq == 2


def test_what_cannot_be_done_at_all_raises(engine: Engine) -> None:
    for question in (engine.case, lambda case: engine.perform(case, "thank", by="ana")):
        with pytest.raises(CaseNotFound):
            question("nowhere")
    with pytest.raises(ProcflowError, match="mode"):
        engine.start("refund", by="ana", mode="loose")  # type: ignore[arg-type]
    case = engine.start("refund", by="ana").id
    with pytest.raises(ProcflowError, match="lifecycle"):
        engine.perform(case, "thank", by="ana", lifecycle="begin")
    with pytest.raises(ProcflowError, match="time zone"):
        engine.perform(case, "thank", by="ana", occurred_at=NOON.replace(tzinfo=None))


def test_the_house_says_what_people_hold_and_an_actor_for_themselves(engine: Engine) -> None:
    case = engine.start("refund", by="bob").id
    assert engine.perform(case, "thank", by="bob").accepted, "by his team"
    assert not engine.perform(case, "ask", by="stranger").accepted
    assert engine.perform(case, "note", by="stranger").accepted
    (_, thanked, *_) = engine.case(case).events
    assert (thanked.roles, thanked.teams) == (frozenset({"agent"}), frozenset({"care"}))
    assert engine.perform(case, "ask", by=ANA, data={"asked": "Which?", "due": "2026-12-05T12:00Z"}).accepted


def test_waiting_needs_a_request_and_the_party_or_somebody_for_it_ends_it(engine: Engine) -> None:
    case = engine.start("refund", by="ana").id
    refused = engine.perform(case, "ask", by="ana", data={"asked": "Which?"})
    assert [one.code for one in refused.deviations] == ["DV605"]
    assert "until when" in refused.deviations[0].message
    engine.perform(case, "ask", by="ana", data={"asked": "Which?", "due": "2026-12-05T12:00Z"}).or_raise()
    assert [one.code for one in engine.perform(case, "answer", by=LEA).deviations] == ["DV201"]
    assert engine.perform(case, "answer", by=LEA, on_behalf_of="client").accepted
