"""To set the procedure aside: by whom, on whose word, and where it leads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from procflow.engine import Engine
from procflow.errors import ProcflowError
from procflow.model.deviation import Disposition
from procflow.model.event import Act, Cause, Kind
from procflow.model.organisation import Actor
from procflow.model.verdict import Verdict
from tests.unit.engine.stories import LEA, Hands, accepted, engine_in

WITH: dict[str, Any] = {"by": "max", "second": "lea", "reason": "It was another client"}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return engine_in(tmp_path)


def said(verdict: Verdict) -> list[tuple[str, Disposition]]:
    return [(one.code, one.disposition) for one in verdict.deviations]


def test_an_action_that_is_due_is_skipped(engine: Engine) -> None:
    case = engine.start("refund", by="ana").id
    done = engine.override(case, Act.SKIP, action="thank", asked_by="acme", caused_by=Cause.REQUESTER, **WITH)
    assert (done.accepted, str(done.before), str(done.after)) == (True, "intake", "intake/1")
    assert said(done) == [("DV701", Disposition.PERMITTED)]
    assert done.event.override is not None
    assert (done.event.kind, done.event.action, done.event.override.to) == (Kind.OVERRIDE, "thank", "intake/1")
    assert (done.event.override.asked_by, done.event.override.second) == ("acme", "lea")
    assert engine.case(case).audit.clean
    receipt = {"receipt": "no. 7"}
    assert engine.perform(case, "accept", by="ana", data={"amount": 20}, evidence=receipt).accepted


def test_a_step_is_done_again_and_an_action_undone(engine: Engine) -> None:
    case = accepted(engine)
    again = engine.override(case, "redo", action="intake", **WITH)
    assert str(again.after) == "intake", "with its checklist"
    other = accepted(engine)
    undone = engine.override(other, "undo", action="accept", **WITH)
    assert str(undone.after) == "intake/1", "where it stood before"
    assert engine.case(other).values, "what was said stays said"
    assert [item.step for item in engine.worklist("bob")] == ["intake", "intake"]


def test_what_is_undone_already_is_not_undone_again(engine: Engine) -> None:
    case = accepted(engine)
    assert str(engine.override(case, "undo", action="accept", **WITH).after) == "intake/1"
    with pytest.raises(
        ProcflowError, match=r"“accept” is undone already in case .*: event 3, undone by event 4"
    ) as one:
        engine.override(case, "undo", action="accept", **WITH)
    assert one.value.hint == "what can be undone: “thank” (event 2)"
    asked = {"asked": "the receipt", "due": "2026-12-05T00:00:00Z"}
    assert str(engine.perform(case, "ask", by="ana", data=asked).or_raise().after) == "pause"
    with pytest.raises(ProcflowError, match="is undone already"):
        engine.override(case, "undo", action="accept", **WITH)
    engine.perform(case, "answer", by="cleo").or_raise()
    assert engine.case(case).seq == 6, "what cannot be understood is no attempt"


def test_the_last_use_that_still_stands_is_undone_with_what_came_since(engine: Engine) -> None:
    case = accepted(engine)
    engine.perform(case, "send-back", by="lea", reason="Too little").or_raise()
    engine.override(case, "skip", action="thank", **WITH).or_raise()
    engine.perform(case, "accept", by="ana", evidence={"receipt": "no. 8"}).or_raise()
    assert not engine.override(case, "undo", action="accept", **(WITH | {"reason": None})).accepted
    assert str(engine.override(case, "undo", action="accept", **WITH).after) == "intake/1"
    engine.perform(case, "note", by="bob").or_raise()
    assert str(engine.override(case, "undo", action="note", **WITH).after) == "intake/1"
    assert str(engine.override(case, "undo", action="accept", **WITH).after) == "intake/1", "the first one, event 3"
    with pytest.raises(ProcflowError, match="event 3, undone by event 11; event 6, undone by event 8"):
        engine.override(case, "undo", action="accept", **WITH)
    assert str(engine.override(case, "undo", action="thank", **WITH).after) == "intake"
    with pytest.raises(ProcflowError, match="“thank” is undone already") as one:
        engine.override(case, "undo", action="thank", **WITH)
    assert one.value.hint is not None


def test_an_end_that_was_a_mistake_is_undone_and_the_case_is_open_again(engine: Engine) -> None:
    case = accepted(engine)
    engine.perform(case, "pay", by="lea").or_raise()
    assert engine.case(case).closed
    undone = engine.override(case, "undo", action="pay", **WITH)
    assert (undone.accepted, str(undone.after)) == (True, "decide")
    known = engine.case(case)
    assert (known.closed, known.outcome, known.audit.closed, known.audit.clean) == (False, None, False, True)
    assert [item.case for item in engine.worklist("lea")] == [case]
    assert engine.perform(case, "pay", by="lea").accepted
    known = engine.case(case)
    assert (known.closed, known.outcome) == (True, "paid")


def test_anything_else_says_where_it_leads(engine: Engine) -> None:
    case = engine.start("refund", by="ana").id
    ended = engine.override(case, "override", to="dropped", **WITH)
    assert (ended.accepted, str(ended.after)) == (True, "dropped")
    known = engine.case(case)
    assert (known.closed, known.outcome, known.audit.clean) == (True, "cancelled", True)


@pytest.mark.parametrize(
    ("changed", "lacks"),
    [
        ({"by": LEA}, ("DV204", "only boss may set the procedure aside; lea holds lead")),
        ({"reason": None}, ("DV701", "no reason was given")),
        ({"reason": "  "}, ("DV701", "no reason was given")),
        ({"second": None}, ("DV701", "no second person agreed")),
        ({"second": "max"}, ("DV701", "max did it and cannot be the second person")),
        ({"second": " max "}, ("DV701", "max did it and cannot be the second person")),
        ({"second": "acme", "asked_by": "acme"}, ("DV701", "acme asked for it")),
        ({"second": "acme", "asked_by": "acme "}, ("DV701", "acme asked for it")),
    ],
)
def test_without_what_it_takes_it_is_refused_and_on_record(
    engine: Engine, changed: dict[str, Any], lacks: tuple[str, str]
) -> None:
    case = accepted(engine)
    verdict = engine.override(case, "undo", action="accept", **(WITH | changed))
    assert not verdict.accepted
    ((code, what),) = [(one.code, one.message) for one in verdict.deviations]
    assert code == lacks[0]
    assert lacks[1] in what
    known = engine.case(case)
    assert (str(known.configuration), known.seq, known.audit.clean) == ("decide", 4, True)
    assert known.events[-1].refused
    if code == "DV204":
        assert verdict.who_could == {"boss": ("max",)}


def test_in_observe_mode_it_happens_all_the_same(engine: Engine) -> None:
    case = engine.start("refund", by="ana", mode="observe").id
    done = engine.override(case, "skip", action="thank", by="bob")
    assert (done.accepted, str(done.after)) == (True, "intake/1")
    assert said(done) == [("DV204", Disposition.UNEXCUSED)]


PARALLEL = """
procflow: 1
procedure: survey
version: "1"
title: Survey
roles: { desk: The desk, boss: Answers }
overrides: { by: boss }
data: { grave: { type: yes-no } }
start: take
steps:
  take: { by: desk, actions: { go: both } }
  both:
    parallel:
      one: { start: look, steps: { look: { by: desk, actions: { see: tell } }, tell: { by: desk, actions: { say: done } } } }
      two: { only-if: grave, by: desk, actions: { ask: done } }
    then: [{ to: closed, when: grave }, { to: after, otherwise: true }]
  after: { by: desk, actions: { end-it: [{ to: closed, when: grave }, { to: take, otherwise: true }] } }
  closed: { end: finished }
"""
MAX, DESK = Actor("max", roles={"boss"}), Actor("ana", roles={"desk"})


@pytest.fixture
def survey(tmp_path: Path) -> Engine:
    (tmp_path / "survey.yaml").write_text(PARALLEL, "utf-8")
    engine = Engine.open("memory://", clock=Hands())
    engine.publish(tmp_path / "survey.yaml")
    return engine


def test_a_block_is_entered_by_what_is_known(survey: Engine) -> None:
    case = survey.start("survey", by=DESK, data={"grave": False}).id
    assert str(survey.override(case, "skip", action="go", by=MAX).after) == "both[one:look,two:-]"
    assert str(survey.override(case, "skip", action="see", by=MAX).after) == "both[one:tell,two:-]"
    assert str(survey.override(case, "redo", action="look", by=MAX).after) == "both[one:look,two:-]"
    assert str(survey.override(case, "redo", action="take", by=MAX).after) == "take"
    grave = survey.start("survey", by=DESK, data={"grave": True}).id
    assert str(survey.override(grave, "redo", action="both", by=MAX).after) == "both[one:look,two:two]"


def test_what_is_done_early_is_not_asked_for_in_its_turn(survey: Engine) -> None:
    case = survey.start("survey", by=DESK, data={"grave": False}).id
    early = survey.override(case, "do-early", action="say", by=MAX)
    assert (early.accepted, str(early.after)) == (True, "take+{say}")
    assert str(survey.perform(case, "go", by=DESK).after) == "both[one:look,two:-]+{say}"
    assert str(survey.perform(case, "see", by=DESK).after) == "after", "the block is done with it"
    assert survey.case(case).audit.clean
    again = survey.start("survey", by=DESK, data={"grave": False}).id
    survey.override(again, "do-early", action="say", by=MAX).or_raise()
    assert str(survey.override(again, "redo", action="take", by=MAX).after) == "take+{say}"
    assert str(survey.override(again, "redo", action="after", by=MAX).after) == "after+{say}"
    assert str(survey.override(again, "undo", action="say", by=MAX).after) == "take"


def test_where_several_places_follow_they_are_listed(survey: Engine) -> None:
    case = survey.start("survey", by=DESK).id
    with pytest.raises(ProcflowError, match="to skip “go” may lead to 2 places: ") as raised:
        survey.override(case, "skip", action="go", by=MAX)
    assert "both[one:look,two:two]; both[one:look,two:-]" in raised.value.message
    assert raised.value.hint == "say where it leads with `to`, in canonical text: one of these"
    assert survey.override(case, "skip", action="go", to="both[one:look,two:two]", by=MAX).accepted
    survey.override(case, "redo", action="after", by=MAX).or_raise()
    with pytest.raises(ProcflowError, match="to skip “end-it” may lead to 2 places: closed; take"):
        survey.override(case, "skip", action="end-it", by=MAX)
    assert survey.case(case).seq == 3, "what cannot be understood is no attempt"


@pytest.mark.parametrize(
    ("act", "more", "message"),
    [
        ("skip", {"action": "say"}, "leads nowhere: it is not due in take or does not move; due is “go”"),
        ("skip", {}, "which action is meant by skip is not said"),
        ("redo", {}, "which step is meant by redo is not said"),
        ("redo", {"action": "tel"}, "no step “tel” to redo"),
        ("redo", {"action": "tell"}, "in a block that the case is not in"),
        ("undo", {"action": "go"}, "“go” was never done"),
        ("do-early", {"action": "sey"}, "no action “sey” to do early"),
        ("do-early", {"action": "go"}, "“go” is due: do it"),
        ("do-early", {"action": "end-it"}, "it may lead to different places"),
        ("override", {}, "needs to say where it leads"),
        ("override", {"to": "nowhere"}, "'nowhere' is nowhere a case of survey 1 can stand"),
        ("override", {"to": "both[one:look]"}, "can stand"),
        ("forget", {}, "act is 'forget'; it must be skip, redo, undo, do-early or override"),
        ("skip", {"action": "go", "caused_by": "weather"}, "caused_by is 'weather'"),
        ("skip", {"action": "go", "second": " "}, "second is ' ', which names nothing"),
    ],
)
def test_what_cannot_be_understood_is_told(survey: Engine, act: str, more: dict[str, Any], message: str) -> None:
    case = survey.start("survey", by=DESK).id
    with pytest.raises(ProcflowError, match=message):
        survey.override(case, act, by=MAX, **more)
    assert survey.case(case).seq == 1
