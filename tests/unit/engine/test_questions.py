"""Questions: what is mine to do, what may I do, and why not; an export that an audit agrees with."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from procflow.auditor import audit
from procflow.engine import Engine, Option
from procflow.errors import CaseNotFound
from tests.unit.engine.stories import CLEO, NOON, Hands, accepted, engine_in, write


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def engine(tmp_path: Path, clock: Hands) -> Engine:
    return engine_in(tmp_path, clock)


def options(engine: Engine, case: str, by: str) -> dict[str, Option]:
    return {one.action: one for one in engine.may(case, by=by)}


def test_work_is_seen_by_who_can_do_it_oldest_first(engine: Engine, clock: Hands) -> None:
    first = engine.start("refund", by="ana", ref="ticket:1").id
    clock.wait(hours=1)
    second = engine.start("refund", by="ana").id
    mine = engine.worklist("bob")
    assert [(item.case, item.step, item.party) for item in mine] == [
        (first, "intake", "role:agent"),
        (second, "intake", "role:agent"),
    ]
    assert (mine[0].actions, mine[0].since, mine[0].ref) == (("thank", "ask"), NOON, "ticket:1")
    assert engine.worklist("lea") == ()
    assert engine.worklist("stranger") == ()


def test_work_that_a_control_bars_somebody_from_is_not_theirs(engine: Engine) -> None:
    case = accepted(engine)
    assert [item.case for item in engine.worklist("lea")] == [case]
    assert engine.worklist("ana") == (), "ana is a lead, but she took the request in"


def test_work_about_oneself_is_not_ones_own(engine: Engine) -> None:
    case = engine.start("refund", by="ana", data={"about": "lea"}).id
    engine.perform(case, "thank", by="ana").or_raise()
    engine.perform(case, "accept", by="bob", data={"amount": 20}, evidence={"receipt": "no. 7"}).or_raise()
    assert engine.worklist("lea") == ()
    assert [item.case for item in engine.worklist("ana")] == [case], "bob took it in"


HANDED_ON = """
procflow: 1
procedure: errand
version: "1"
data:
  handler: { type: person }
start: doing
steps:
  doing:
    by: { field: handler }
    actions: { finish: finished }
  finished: { end: finished }
anytime:
  hand-on: { to: same, by: any, collect: [handler] }
"""


def test_work_that_is_handed_on_in_its_step_is_somebody_elses(engine: Engine, clock: Hands, tmp_path: Path) -> None:
    engine.publish(write(tmp_path, HANDED_ON, "errand.yaml"))
    case = engine.start("errand", by="ana", data={"handler": "ana"}).id
    clock.wait(hours=1)
    engine.perform(case, "hand-on", by="ana", data={"handler": "lea"}).or_raise()
    assert engine.worklist("ana") == ()
    assert [(item.party, item.since) for item in engine.worklist("lea")] == [("person:lea", NOON)]


def test_a_closed_case_is_nobodys_work(engine: Engine) -> None:
    case = engine.start("refund", by="ana").id
    engine.perform(case, "drop", by=CLEO).or_raise()
    assert engine.worklist("ana") == ()
    assert engine.cases() == (case,)
    assert engine.cases(open_only=True) == ()
    assert engine.cases("nothing") == ()


def test_what_one_may_do_comes_with_what_it_needs(engine: Engine) -> None:
    case = engine.start("refund", by="ana").id
    engine.perform(case, "thank", by="ana").or_raise()
    found = options(engine, case, "ana")
    assert list(found) == ["accept", "ask", "drop", "note"], "what is due first, what is always possible last"
    accept = found["accept"]
    assert (accept.allowed, accept.needs, accept.step) == (True, ("amount", "evidence receipt"), "intake")
    assert accept.form["required"] == ["amount"]
    assert set(accept.form["properties"]) == {"amount", "about"}
    assert set(found["ask"].needs) == {"asked", "due"}
    assert (found["note"].allowed, found["note"].step) == (True, None)


def test_what_one_may_not_do_says_why_and_who_could(engine: Engine) -> None:
    case = accepted(engine)
    pay = options(engine, case, "ana")["pay"]
    assert not pay.allowed
    assert [one.code for one in pay.deviations] == ["DV202"]
    assert pay.who_could == {"lead": ("lea",)}
    assert options(engine, case, "lea")["pay"].allowed
    drop = options(engine, case, "lea")["drop"]
    assert ([one.code for one in drop.deviations], drop.who_could) == (["DV201"], {"client": ("cleo",)})


def test_asking_leaves_no_trace(engine: Engine) -> None:
    case = accepted(engine)
    before = engine.case(case)
    engine.may(case, by="ana")
    engine.worklist("ana")
    assert engine.case(case) == before


def test_an_export_is_complete_or_of_the_cases_that_are_named(engine: Engine, tmp_path: Path) -> None:
    cases = [accepted(engine), engine.start("refund", by="ana").id]
    everything, one = io.BytesIO(), io.BytesIO()
    assert engine.export(everything).events == 4
    assert engine.export(one, [cases[1]]).events == 1
    assert one.getvalue() == everything.getvalue().splitlines(keepends=True)[3]
    nothing = io.BytesIO()
    with pytest.raises(CaseNotFound):
        engine.export(nothing, [cases[0], "nowhere"])
    assert nothing.getvalue() == b""
    log = tmp_path / "log.jsonl"
    log.write_bytes(everything.getvalue())
    assert audit(tmp_path / "refund.yaml", log).cases == tuple(engine.case(case).audit for case in cases)


def test_an_engine_takes_its_time_from_its_clock_alone(tmp_path: Path) -> None:
    clock = Hands(NOON.replace(year=1999))
    engine = engine_in(tmp_path, clock)
    case = engine.start("refund", by="ana")
    assert case.opened_at == clock.now
    assert case.events[0].recorded_at == clock.now
