"""Work that is handed over, questions, and who answers for a case, as the engine runs them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from procflow.auditor import audit
from procflow.engine import Engine, Option
from procflow.errors import ProcflowError
from procflow.model.clock import LateDoing
from procflow.model.organisation import Actor
from procflow.model.waiting import WaitKind
from tests.unit.engine.parted import MONDAY, offered, parts_engine
from tests.unit.engine.stories import Hands


@pytest.fixture
def clock() -> Hands:
    return Hands(MONDAY)


@pytest.fixture
def engine(tmp_path: Path, clock: Hands) -> Engine:
    return parts_engine(tmp_path, clock)


def option(engine: Engine, case: str, by: str, action: str) -> Option:
    return next(one for one in engine.may(case, by=by) if one.action == action)


def names(engine: Engine, case: str, by: str) -> set[str]:
    return {one.action for one in engine.may(case, by=by)}


def ask(engine: Engine, case: str, by: str, whom: str, what: str = "Which version?") -> None:
    engine.perform(case, "ask", by=by, data={"asked_whom": whom, "question": what}).or_raise()


def test_work_is_offered_nobody_accepts_a_deputy_does_and_the_receiver_comes_too_late(
    engine: Engine, clock: Hands, tmp_path: Path
) -> None:
    case = offered(engine)
    seen = engine.case(case)
    assert str(seen.configuration) == "order<diagnose"
    assert seen.on_offer == ("order",)
    assert [(one.kind, one.who, one.whom) for one in seen.waits] == [(WaitKind.HAND_OFF, "enno", ("buyer",))]
    (item,) = engine.worklist("bea")
    assert item.offered
    assert (item.step, item.due) == ("order", MONDAY + timedelta(hours=2))
    assert "accept-hand-off" in item.actions
    assert engine.worklist("dan") == ()
    assert not option(engine, case, "dan", "accept-hand-off").allowed

    clock.wait(hours=1, minutes=1)
    (warned,) = engine.advance()
    assert (warned.parties, warned.people) == (("role:buyer",), ("bea", "bob"))
    clock.wait(hours=1)
    (late,) = engine.advance()
    assert late.timer is not None
    assert (late.timer.does, late.parties, late.people) == (LateDoing.OFFER, ("role:deputy",), ("dan",))
    assert engine.advance() == (), "it is offered once"
    assert [one.offered for one in engine.worklist("dan")] == [True]
    (owed,) = engine.due(by="dan")
    assert owed.overdue
    assert (owed.obligation.asker, owed.people) == ("enno", ("bea", "bob", "dan"))

    engine.perform(case, "accept-hand-off", by="dan").or_raise()
    assert engine.case(case).on_offer == ()
    assert [one.offered for one in engine.worklist("dan")] == [False]
    assert engine.due() == ()
    assert "accept-hand-off" not in names(engine, case, "bea")
    again = engine.perform(case, "accept-hand-off", by="bea").or_raise()
    assert (again.deviations, again.after) == ((), again.before), "whose work it is may take it over, late as it is"
    back = engine.perform(case, "refuse-hand-off", by="bea", reason="Too late")
    assert [one.code for one in back.deviations] == ["DV102"]
    assert "refuse-hand-off" not in names(engine, case, "bea")
    engine.perform(case, "place-order", by="dan", data={"part": "HC-220"}).or_raise()
    done = engine.case(case)
    assert [(one.code, one.actor) for one in done.audit.deviations if one.unexcused] == [("DV602", None)]
    with (tmp_path / "log.jsonl").open("wb") as out:
        engine.export(out)
    (audited,) = audit(tmp_path / "parts.yaml", tmp_path / "log.jsonl").cases
    assert audited == done.audit


def test_work_that_lacks_something_is_not_handed_over(engine: Engine) -> None:
    case = engine.start("parts", by="enno").id
    engine.perform(case, "take-case", by="cora").or_raise()
    asks = option(engine, case, "enno", "ask-for-part")
    assert asks.allowed
    assert asks.needs == ("fault", "evidence purchase-request")
    refused = engine.perform(case, "ask-for-part", by="enno", data={"fault": "It leaks"})
    assert [one.code for one in refused.deviations] == ["DV603"]
    given = {"data": {"fault": "It leaks"}, "evidence": {"purchase-request": "PR-1"}}
    assert engine.perform(case, "ask-for-part", by="enno", **given).accepted  # type: ignore[arg-type]


def test_work_is_given_back_as_often_as_may_be(engine: Engine) -> None:
    case = offered(engine)
    back = option(engine, case, "bea", "refuse-hand-off")
    assert back.needs == ("reason",)
    asked = back.form["properties"]["refused_for"]
    assert asked["title"] == "Why is it given back?"
    assert {one["const"]: one["title"] for one in asked["oneOf"]} == {
        "missing": "Something is missing",
        "form": "It is not on our form",
        "not-ours": "It is not our work",
        "other": "Another reason",
    }
    assert not engine.perform(case, "refuse-hand-off", by="bea").accepted, "nobody knows why"
    why = {"reason": "What for?", "data": {"refused_for": "missing"}}
    engine.perform(case, "refuse-hand-off", by="bea", **why).or_raise()  # type: ignore[arg-type]
    assert str(engine.case(case).configuration) == "diagnose"
    engine.perform(case, "ask-for-part", by="enno").or_raise()
    again = engine.perform(case, "refuse-hand-off", by="bea", **why)  # type: ignore[arg-type]
    assert [one.code for one in again.deviations] == ["DV108"]


def test_a_case_goes_on_only_once_somebody_answers_for_it(engine: Engine) -> None:
    case = engine.start("parts", by="enno").id
    assert engine.case(case).accountable is None
    given = {"data": {"fault": "It leaks"}, "evidence": {"purchase-request": "PR-1"}}
    refused = engine.perform(case, "ask-for-part", by="enno", **given)  # type: ignore[arg-type]
    assert [one.code for one in refused.deviations] == ["DV601"]
    assert refused.who_could == {"coordinator": ("cora",)}
    assert option(engine, case, "cora", "take-case").allowed
    assert not option(engine, case, "enno", "take-case").allowed
    engine.perform(case, "take-case", by="cora").or_raise()
    assert engine.case(case).accountable == "cora"
    assert engine.perform(case, "ask-for-part", by="enno", **given).accepted  # type: ignore[arg-type]


def test_whoever_is_asked_sees_what_by_whom_and_until_when(engine: Engine, clock: Hands) -> None:
    case = offered(engine)
    asks = option(engine, case, "enno", "ask")
    assert asks.needs == ("asked_whom", "question")
    assert not engine.perform(case, "ask", by="enno").accepted
    ask(engine, case, "enno", "mihai", "Which version runs there?")
    ask(engine, case, "bea", "mihai", "Which adapter?")
    ask(engine, case, "bea", "specialist", "Who knows valves?")
    named, role = engine.worklist("mihai")
    assert named.questions == ("enno: Which version runs there?", "bea: Which adapter?")
    assert (named.actions, named.party) == (("answer",), "person:mihai")
    assert (role.questions, role.party) == (("bea: Who knows valves?",), "role:specialist")
    assert [one.party for one in engine.worklist("sam")] == ["role:specialist"]
    owed = engine.due(MONDAY + timedelta(days=2), by="mihai")
    assert [(one.obligation.asked, one.obligation.asker, one.people) for one in owed] == [
        ("Which version runs there?", "enno", ("mihai",)),
        ("Which adapter?", "bea", ("mihai",)),
        ("Who knows valves?", "bea", ("mihai", "sam")),
    ]
    assert named.due == owed[0].due
    clock.wait(days=1, hours=5)
    fired = engine.advance()
    assert [one.people for one in fired if one.timer is not None and one.timer.mark == "80%"] == [
        ("mihai",),
        ("mihai",),
        ("mihai", "sam"),
    ]


def test_a_colleague_answers_on_behalf_of_whoever_was_asked(engine: Engine, clock: Hands) -> None:
    case = offered(engine)
    ask(engine, case, "enno", "mihai")
    engine.perform(case, "answer", by="bob", reason="I do not know").or_raise()
    assert len(engine.worklist("mihai")) == 1, "nobody had asked bob"
    engine.perform(case, "answer", by="bob", on_behalf_of="mihai", reason="4.1").or_raise()
    assert engine.worklist("mihai") == ()
    (wait,) = (one for one in engine.waits(case) if one.kind is WaitKind.QUESTION)
    assert wait.until == clock()


def test_the_engine_says_for_whom_a_client_is_written_down(engine: Engine) -> None:
    case = offered(engine)
    by_us = engine.perform(case, "chase", by="enno")
    assert by_us.event.on_behalf_of == "client"
    assert engine.perform(case, "chase", by="george").event.on_behalf_of is None
    assert engine.perform(case, "chase", by="enno", on_behalf_of="george").event.on_behalf_of == "george"


def test_people_who_wait_for_each_other_are_found_over_all_cases(engine: Engine, clock: Hands) -> None:
    one, other = offered(engine), offered(engine)
    ask(engine, one, "mihai", "bea")
    clock.wait(minutes=1)
    ask(engine, other, "bea", "dan")
    assert engine.circles() == ()
    clock.wait(minutes=1)
    ask(engine, other, "dan", "specialist")
    assert engine.circles() == (), "sam can answer"
    ask(engine, one, "sam", "cora")
    (circle,) = engine.circles()
    assert circle.people == ("mihai", "bea", "dan")
    assert [wait.case for wait in circle.waits] == [one, other, other]
    engine.perform(other, "answer", by="dan").or_raise()
    assert engine.circles() == ()


def test_whoever_was_offered_the_work_may_be_given_as_an_actor(engine: Engine, clock: Hands) -> None:
    case = offered(engine)
    clock.wait(hours=3)
    engine.advance()
    assert engine.perform(case, "accept-hand-off", by=Actor("tess", roles={"deputy"})).accepted


def test_a_closed_case_offers_and_asks_nothing(engine: Engine) -> None:
    case = offered(engine)
    ask(engine, case, "enno", "mihai")
    engine.perform(case, "place-order", by="bea", data={"part": "HC-220"}).or_raise()
    seen = engine.case(case)
    assert (seen.on_offer, seen.waits, seen.accountable) == ((), (), "cora")
    assert engine.worklist() == ()
    assert engine.due(MONDAY + timedelta(days=9)) == ()


def test_nobody_can_ask_somebody_whom_nobody_knows(engine: Engine) -> None:
    case = offered(engine)
    with pytest.raises(ProcflowError, match="and nobody the directory knows") as raised:
        ask(engine, case, "enno", "bayer")
    assert raised.value.hint == "did you mean “buyer”?"
    ask(engine, case, "enno", "bea")
    ask(engine, case, "enno", "buyer")


BLOCK = """
procflow: 1
procedure: block
version: "1"
roles: { agent: Takes in, buyer: Buys, lead: Leads, coordinator: Answers }
hand-offs: { refuse: {} }
start: intake
steps:
  intake: { by: agent, actions: { both: two } }
  two:
    parallel:
      left: { by: buyer, actions: { left-done: done } }
      right: { by: lead, actions: { right-done: done } }
    then: gone
  gone: { end: done }
"""


def test_what_somebody_else_did_before_keeps_nobody_from_their_work(tmp_path: Path, clock: Hands) -> None:
    (tmp_path / "block.yaml").write_text(BLOCK, encoding="utf-8")
    engine = Engine.open("memory://", clock=clock)
    engine.publish(tmp_path / "block.yaml")
    ana, bob = Actor("ana", roles=frozenset({"agent"})), Actor("bob", roles=frozenset({"buyer"}))
    case = engine.start("block", by=ana, mode="observe").id
    engine.perform(case, "both", by=ana)
    wrong = engine.perform(case, "accept-hand-off", by=ana)
    assert [(one.code, one.who_could) for one in wrong.deviations] == [("DV201", ("buyer",))]
    mine = next(one for one in engine.may(case, by=bob) if one.action == "left-done")
    assert (mine.allowed, mine.deviations) == (True, ())
    other = next(one for one in engine.may(case, by=bob) if one.action == "right-done")
    assert (other.allowed, [one.actor for one in other.deviations]) == (False, ["bob"])
    told = engine.perform(case, "left-done", by=bob)
    assert [(one.seq, one.actor) for one in told.deviations] == [(wrong.event.seq, "ana")], "it is told otherwise"
