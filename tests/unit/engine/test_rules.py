"""Rules in a running case: what is refused, what passes, what is still owed, and that an audit says the same."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from procflow.auditor import audit
from procflow.engine import Case, Engine
from procflow.eventlogs.written import RecordFormat
from procflow.model.deviation import Deviation
from procflow.model.organisation import Actor
from procflow.model.report import CaseAudit
from procflow.model.rule import BreachKind, RuleStatus
from procflow.reports.case_text import turns, verdict_lines
from procflow.reports.paper import plain
from procflow.stores.base import Mode
from tests.unit.engine.stories import NOON, Hands, write

CLAIM = """
procflow: 1
procedure: claim
version: "1"
roles:
  agent: Pays
  lead: Decides
  client: { title: Wants money, external: true }
overrides: { by: lead, reason: required }
data: { amount: number }
start: intake
steps:
  intake: { by: agent, actions: { take: work } }
  work: { by: agent, actions: { pay: over, reject: over } }
  over: { end: settled }
  dropped: { end: cancelled }
anytime:
  approve: { to: same, by: any }
  apologise: { to: same, by: any }
  ask: { to: same, by: any }
  answer: { to: same, by: any }
  shout: { to: same, by: any }
  drop: { to: dropped, by: any }
rules:
  approved: { before: pay, there-must-be: approve, by: lead, because: "house rule 7" }
  sorry: { must-happen: apologise }
  answered: { after: ask, there-must-be: answer, within: 2 days, by: agent }
  two-people: { different-person: [take, pay] }
  polite: { never: shout, refuse: false }
"""
PEOPLE = """
people:
  ana: { roles: [agent] }
  bob: { roles: [agent] }
  lea: { roles: [lead] }
"""
LEA = Actor("lea", roles={"lead"})


class House:
    """An engine with this procedure, and one case that ana has taken."""

    def __init__(self, folder: Path, mode: Mode = "enforce", text: str = CLAIM) -> None:
        self.folder, self.clock = folder, Hands()
        (folder / "people.yaml").write_text(PEOPLE, encoding="utf-8")
        self.engine = Engine.open("memory://", workspace=folder, clock=self.clock)
        self.procedure = write(folder, text, "claim.yaml")
        self.engine.publish(self.procedure)
        self.case = self.engine.start("claim", by="ana", mode=mode).id
        self.done("take", "ana")

    def done(self, action: str, by: str) -> tuple[str, ...]:
        """Return what is said of an action, which must be accepted."""
        verdict = self.engine.perform(self.case, action, by=by).or_raise()
        return told(verdict.deviations)

    def refused(self, action: str, by: str) -> tuple[str, ...]:
        """Return what is said of an action, which must be refused."""
        verdict = self.engine.perform(self.case, action, by=by)
        assert not verdict.accepted
        assert verdict.before == verdict.after
        return told(verdict.deviations)

    def now(self) -> Case:
        return self.engine.case(self.case)

    def on_record(self, format: RecordFormat = "jsonl") -> CaseAudit:
        """Return what an audit of the export says at this very moment."""
        mapping, log = self.folder / "map.yaml", self.folder / f"log.{format}"
        out, map_out = BytesIO(), BytesIO()
        self.engine.export(out, format=format, mapping=map_out if format == "csv" else None)
        log.write_bytes(out.getvalue())
        mapping.write_bytes(map_out.getvalue())
        given = mapping if format == "csv" else None
        (found,) = audit(self.procedure, log, mapping=given, as_of=self.clock.now).cases
        return found


def told(deviations: tuple[Deviation, ...]) -> tuple[str, ...]:
    return tuple(f"{one.code} {one.disposition.value}" for one in deviations)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_what_breaks_a_rule_for_good_is_refused_before_it_happens(house: House) -> None:
    house.done("apologise", "ana")
    verdict = house.engine.perform(house.case, "pay", by="bob")
    (one,) = verdict.deviations
    assert (verdict.accepted, one.code, one.actor, one.action) == (False, "DV508", None, "approve")
    assert one.breach is not None
    assert (one.breach.rule, one.breach.clause, one.breach.kind) == ("approved", "house rule 7", BreachKind.MISSING)
    assert one.where is not None
    assert one.where.line == CLAIM.splitlines().index(next(x for x in CLAIM.splitlines() if "approved:" in x)) + 1
    assert verdict.who_could == {"lead": ("lea",)}
    house.done("approve", "bob")
    assert house.refused("pay", "bob") == ("DV508 prevented",), "bob is no lead"
    house.done("approve", "lea")
    assert house.done("pay", "bob") == ()
    assert told(house.now().audit.deviations) == ("DV508 prevented", "DV508 prevented")
    assert house.now().audit.clean


def test_an_end_that_leaves_something_undone_is_refused(house: House) -> None:
    assert house.refused("reject", "ana") == ("DV501 prevented",)
    house.done("apologise", "ana")
    assert house.done("reject", "ana") == ()
    (sorry,) = (one for one in house.now().audit.rules if one.rule == "sorry")
    assert (sorry.status, sorry.kept) == (RuleStatus.SATISFIED, 1)


def test_a_cancellation_releases_what_is_owed(house: House) -> None:
    house.done("ask", "ana")
    assert house.done("drop", "ana") == ()
    statuses = {one.rule: one.status for one in house.now().audit.rules}
    assert statuses["sorry"] is statuses["answered"] is RuleStatus.RELEASED
    assert house.now().audit.due == ()


def test_a_rule_with_refuse_false_lets_it_pass_as_what_it_is(house: House) -> None:
    assert house.done("shout", "ana") == ("DV502 unexcused",)
    assert not house.now().audit.clean
    option = next(one for one in house.engine.may(house.case, by="ana") if one.action == "shout")
    assert (option.allowed, told(option.deviations)) == (True, ("DV502 unexcused",))


def test_what_is_owed_is_told_with_every_step_the_soonest_first(house: House) -> None:
    assert [one.rule for one in house.now().audit.due] == ["sorry"]
    verdict = house.engine.perform(house.case, "ask", by="ana")
    (answer, sorry) = verdict.due
    assert ([str(one) for one in answer.what], answer.who, answer.since) == (["answer"], ("agent",), verdict.event.seq)
    assert (answer.due, sorry.due) == (NOON + timedelta(days=2), None)
    refused = house.engine.perform(house.case, "pay", by="bob")
    assert not refused.accepted
    assert refused.due == verdict.due == house.now().audit.due
    again = house.engine.perform(house.case, "answer", by="ana", key="a")
    assert [one.rule for one in again.due] == ["sorry"]
    assert house.engine.perform(house.case, "answer", by="ana", key="a").due == again.due


def test_time_alone_refuses_nothing_and_is_not_prevented(house: House) -> None:
    house.done("ask", "ana")
    house.clock.wait(days=1)
    assert house.now().audit.deviations == ()
    house.clock.wait(days=2)
    (late,) = house.now().audit.deviations
    assert (late.code, late.seq, late.refuses, late.unexcused) == ("DV507", 3, False, True)
    assert house.refused("pay", "bob") == ("DV508 prevented", "DV501 prevented")[::-1]
    assert told(house.now().audit.deviations) == ("DV507 unexcused", "DV501 prevented", "DV508 prevented")
    option = next(one for one in house.engine.may(house.case, by="ana") if one.action == "answer")
    assert (option.allowed, option.deviations) == (True, ())
    assert house.done("answer", "ana") == ("DV507 unexcused",), "it is said at the event that shows it"
    assert house.done("apologise", "ana") == ()
    assert sum(one.code == "DV507" for one in house.now().audit.deviations) == 1


def test_who_is_kept_from_everything_by_a_rule_does_not_see_it_in_the_worklist(house: House) -> None:
    house.done("apologise", "ana")
    house.done("approve", "lea")
    pay = next(one for one in house.engine.may(house.case, by="ana") if one.action == "pay")
    assert (pay.allowed, told(pay.deviations)) == (False, ("DV209 unexcused",))
    assert pay.who_could == {"agent": ("bob",)}
    assert len(house.engine.worklist("ana")) == 1, "she may reject it"
    assert house.refused("pay", "ana") == ("DV209 prevented",)
    assert house.done("pay", "bob") == ()


def test_what_must_be_known_to_read_a_rule_is_needed(tmp_path: Path) -> None:
    text = CLAIM.replace("by: lead, because", "when: amount > 100, by: lead, because")
    house = House(tmp_path, text=text)
    house.done("apologise", "ana")
    pay = next(one for one in house.engine.may(house.case, by="bob") if one.action == "pay")
    assert (pay.allowed, pay.needs) == (True, ("amount",))
    assert house.refused("pay", "bob") == ("DV305 prevented",)
    assert house.engine.perform(house.case, "pay", by="bob", data={"amount": 5}).accepted


def test_what_has_become_late_is_told_with_the_next_step(house: House) -> None:
    house.done("ask", "ana")
    house.clock.wait(days=3)
    text = plain(verdict_lines(house.engine.perform(house.case, "apologise", by="ana")))
    assert "accepted: apologise by ana" in text
    assert "Meanwhile something has become late:\n  1. DV507 not-followed  major, event 3" in text
    assert "although it deviates" not in text


def test_two_hands_at_every_action_of_a_step_keep_it_from_who_did_the_first(tmp_path: Path) -> None:
    text = CLAIM.replace("[take, pay]", "[take, pay, reject]")
    house = House(tmp_path, text=text)
    assert [one.step for one in house.engine.worklist("bob")] == ["work"]
    assert house.engine.worklist("ana") == (), "she took it in, so the rest is for somebody else"
    assert [one.party for one in house.engine.worklist()] == ["role:agent"]


def test_whose_turn_it_is_names_each_role_once(house: House) -> None:
    options = house.engine.may(house.case, by=Actor("", roles=frozenset()))
    assert turns(options) == ("work: agent (bob, ana)",)


def test_a_waiver_excuses_a_rule_as_any_class(house: House) -> None:
    house.done("apologise", "ana")
    until = NOON + timedelta(days=9)
    waived = house.engine.waive(
        house.case, "DV508", person="bob", until=until, by="lea", reason="Said on the phone", action="approve"
    )
    assert waived.accepted
    assert house.done("pay", "bob") == ("DV508 excused",)
    assert house.now().audit.clean
    assert house.now().audit == house.on_record()


def test_an_override_out_of_an_end_takes_back_what_the_end_had_settled(tmp_path: Path) -> None:
    house = House(tmp_path, "observe")
    assert house.done("reject", "ana") == ("DV501 unexcused",)
    verdict = house.engine.override(house.case, "undo", action="reject", by="lea", reason="Too early")
    assert (verdict.accepted, told(verdict.deviations)) == (True, ("DV701 permitted",))
    assert [one.code for one in verdict.superseded] == ["DV501"]
    assert [one.rule for one in verdict.due] == ["sorry"]
    assert [one.code for one in house.now().audit.deviations] == ["DV701"]
    house.done("apologise", "ana")
    assert house.done("reject", "ana") == ()
    assert house.now().audit == house.on_record()


def test_a_case_closed_away_from_an_end_settles_what_is_owed(house: House) -> None:
    verdict = house.engine.close(house.case, by="ana")
    assert told(verdict.deviations) == ("DV501 prevented", "DV107 prevented")


@pytest.mark.parametrize("format", ["jsonl", "xes", "csv"])
def test_an_audit_of_every_prefix_says_the_same_at_the_same_moment(tmp_path: Path, format: RecordFormat) -> None:
    house = House(tmp_path, "observe")
    day = ("ask/ana", "shout/bob", "wait", "approve/bob", "ask/bob", "wait", "wait", "answer/ana", "pay/ana", "ask/ana")
    for one in day:
        action, _, who = one.partition("/")
        if action == "wait":
            house.clock.wait(days=1)
        else:
            house.engine.perform(house.case, action, by=who)
        now = house.now().audit
        assert now == house.on_record(format)
    assert {one.code for one in now.deviations} == {"DV501", "DV502", "DV507", "DV508", "DV209", "DV102"}
    causes = {one.code: one.cause.code for one in now.deviations if one.cause is not None}
    assert causes == {"DV508": "DV102", "DV209": "DV102"}, (
        "another explanation is told once something comes after the end"
    )
