"""Work that nobody accepts, and questions that nobody answers: clocks of waiting, told on an office calendar."""

from __future__ import annotations

from typing import Any

from procflow.model.clock import ClockStatus, LateDoing
from procflow.model.event import Act, Kind, Override, Witness
from tests.unit.monitors.clocks.office import Desk, local, shown

PARTS = """
calendar: office
roles: {{ engineer: Repairs, buyer: Orders, deputy: Steps in, lead: Decides, expert: Knows }}
overrides: {{ by: lead }}
data:
  planner: {{ type: person }}
hand-offs:
  accept-within: 2 working hours
  warn: [50%]
  late: [{{ offer-to: deputy }}, {{ after: 4 working hours, escalate: lead }}]
  refuse: {{ reason: required, at-most: 2 }}
{clocks}
start: diagnose
steps:
  diagnose: {{ by: engineer, optional: [planner], actions: {{ hand: order, book: plan }} }}
  order: {{ by: buyer, checklist: [look], actions: {{ note: same, place: pick }} }}
  plan: {{ by: {{ field: planner }}, actions: {{ fix: pick }} }}
  pick: {{ by: engineer, hand-offs: none, actions: {{ send: sent, drop: dropped }} }}
  sent: {{ end: answered }}
  dropped: {{ end: cancelled }}
anytime:
  ask:
    to: same
    by: any
    ask: {{ question-to: any, answered-by: answer, answer-within: 1 working day, late: {{ escalate: lead }} }}
  consult: {{ to: same, by: any, ask: {{ question-to: expert, answered-by: answer, answer-within: 4 working hours }} }}
  answer: {{ to: same, by: any }}
"""


def desk(**more: Any) -> Desk:
    return Desk("", "12-02 09:00", procedure=PARTS, **more)


def ask(one: Desk, at: str, whom: str, what: str = "Which?", by: str = "engineer") -> Desk:
    return one.then(at, "ask", by, data={"asked_whom": whom, "question": what})


def clocks(one: Desk, as_of: str | None = None) -> list[tuple[str, int, str]]:
    return [(each.clock, each.number, each.status.value) for each in one.audit(as_of).clocks]


def deviations(one: Desk, code: str, as_of: str | None = None) -> list[Any]:
    return [each for each in one.audit(as_of).deviations if each.code == code]


def test_work_on_offer_waits_until_it_is_accepted() -> None:
    case = desk().then("12-02 10:00", "hand", "engineer")
    assert clocks(case) == [("order.acceptance", 1, "running")]
    assert case.due("order.acceptance") == "12-02 12:00"
    assert case.cycle(clock="order.acceptance").holder == ("buyer",)
    case.then("12-02 12:00", "accept-hand-off", "buyer")
    assert clocks(case) == [("order.acceptance", 1, "met")]
    assert deviations(case, "DV602", "12-04 12:00") == []


def test_whatever_is_done_in_the_step_accepts_it() -> None:
    for action in ("look", "note", "refuse-hand-off"):
        case = desk().then("12-02 10:00", "hand", "engineer")
        case.then("12-02 11:00", action, "buyer", data={"refused_for": "other"}, reason="no")
        assert case.cycle(clock="order.acceptance").status is ClockStatus.MET, action


def test_nobody_accepts_it() -> None:
    case = desk().then("12-02 10:00", "hand", "engineer")
    (late,) = deviations(case, "DV602", "12-02 12:01")
    assert late.seq == 2
    assert late.actor is None
    assert late.step == "order"
    assert late.who_could == ("buyer", "deputy")
    assert late.message == (
        "“order.acceptance” (2 working hours): the work in “order” was offered to buyer by engineer on Wed 2026-12-02 10:00 "
        "+02:00, and nobody had accepted it by Wed 2026-12-02 12:00 +02:00"
    ), late.message
    assert dict(late.values) == {
        "clock": "order.acceptance",
        "target": "2 working hours",
        "calendar": "office",
        "step": "order",
        "offered by": "engineer",
        "waits for": "buyer",
        "since": "2026-12-02T08:00:00Z",
        "due": "2026-12-02T10:00:00Z",
    }
    assert not late.refuses
    assert late.remedy
    (later,) = deviations(case, "DV602", "12-02 16:30")
    assert later.who_could == ("buyer", "deputy", "lead"), "it was escalated meanwhile"
    case.then("12-02 14:00", "accept-hand-off", "deputy")
    assert case.codes() == ["DV602@2"], "the deputy was asked to, and so may"
    (over,) = deviations(case, "DV602")
    assert over.values["late by"] == "2 hours of working time"
    assert "was on offer until" in over.message


def test_whoever_it_was_offered_to_goes_on_in_the_step_until_it_is_left() -> None:
    case = desk().then("12-02 10:00", "hand", "engineer").then("12-02 14:00", "accept-hand-off", "deputy")
    assert case.judge.escalated(case.state, "order", local("12-03 10:00")) == {"deputy"}
    case.then("12-03 10:00", "look", "deputy").then("12-03 11:00", "place", "deputy")
    assert case.codes() == ["DV602@2"]
    assert case.judge.escalated(case.state, "order", local("12-03 12:00")) == frozenset()
    early = desk().then("12-02 10:00", "hand", "engineer").then("12-02 11:00", "accept-hand-off", "deputy")
    assert early.codes() == ["DV201@3"], "nobody had asked them yet"
    in_time = desk().then("12-02 10:00", "hand", "engineer").then("12-02 11:00", "accept-hand-off", "buyer")
    in_time.then("12-02 16:00", "look", "deputy")
    assert in_time.codes() == ["DV201@4"], "it was accepted before it was offered to anybody else"


def test_a_person_who_is_named_is_the_one_who_did_not() -> None:
    case = desk().then("12-02 10:00", "book", "engineer", data={"planner": "alina"})
    (late,) = deviations(case, "DV602", "12-02 15:00")
    assert late.actor == "alina"
    assert late.who_could == ("alina", "deputy")
    assert late.values["waits for"] == "alina"


def test_the_ball_is_with_nobody_meanwhile() -> None:
    case = desk().then("12-02 10:00", "hand", "engineer").then("12-02 12:00", "accept-hand-off", "buyer")
    told = [(share.party.kind.value, share.party.names) for share in case.audit().ball]
    assert told == [("team", ("engineer",)), ("nobody", ()), ("team", ("buyer",))]


def test_work_that_comes_again_is_offered_again() -> None:
    case = desk().then("12-02 10:00", "hand", "engineer")
    case.then("12-02 11:00", "refuse-hand-off", "buyer", data={"refused_for": "missing"}, reason="What is it for?")
    assert clocks(case) == [("order.acceptance", 1, "met")]
    case.then("12-02 12:00", "hand", "engineer")
    assert clocks(case) == [("order.acceptance", 1, "met"), ("order.acceptance", 2, "running")]
    assert case.due("order.acceptance") == "12-02 14:00"


def test_the_time_of_an_offer_warns_and_offers_once() -> None:
    case = desk().then("12-02 10:00", "hand", "engineer")
    timers = case.judge.timers(case.state)
    assert [(one.mark, one.does, one.to, shown(one.due)) for one in timers] == [
        ("50%", LateDoing.NOTIFY, "", "12-02 11:00"),
        ("late", LateDoing.OFFER, "deputy", "12-02 12:00"),
        ("late 2", LateDoing.ESCALATE, "lead", "12-02 16:00"),
    ]
    case.then("12-02 12:00", "", kind=Kind.TIMER, timer=timers[1])
    assert [one.mark for one in case.judge.timers(case.state)] == ["50%", "late 2"]
    (owed,) = (one for one in case.judge.due(case.state) if one.clock == "order.acceptance")
    assert owed.who == ("buyer", "deputy")
    assert [str(one) for one in owed.what] == ["order.accept-hand-off"]
    assert owed.asker == "engineer"
    case.then("12-02 12:30", "accept-hand-off", "deputy")
    assert case.judge.timers(case.state) == ()


def test_a_case_that_ends_or_is_put_elsewhere_waits_for_nobody() -> None:
    case = desk().then("12-02 10:00", "hand", "engineer")
    case.then(
        "12-02 11:00", "", kind=Kind.OVERRIDE, override=Override(act=Act.OVERRIDE, to="pick"), reason="x", role="lead"
    )
    assert case.cycle(clock="order.acceptance").status is ClockStatus.MET
    back = Override(act=Act.OVERRIDE, to="order<diagnose")
    case.then("12-02 12:00", "", kind=Kind.OVERRIDE, override=back, reason="x", role="lead")
    assert clocks(case)[-1] == ("order.acceptance", 2, "running")
    case.then("12-02 13:00", "", kind=Kind.CLOSED)
    assert case.cycle(clock="order.acceptance").status is ClockStatus.MET
    assert case.judge.due(case.state) == ()


def test_an_answer_ends_the_question_that_was_put_to_whoever_answers() -> None:
    case = ask(ask(desk(), "12-02 09:10", "mihai", "First?"), "12-02 09:20", "expert", "Second?")
    ask(case, "12-02 09:30", "mihai", "Third?")
    assert clocks(case) == [("ask.answer", 1, "running"), ("ask.answer", 2, "running"), ("ask.answer", 3, "running")]
    owed = [(one.who, one.asked, one.asker) for one in case.judge.due(case.state)]
    assert owed == [
        (("mihai",), "First?", "engineer"),
        (("expert",), "Second?", "engineer"),
        (("mihai",), "Third?", "engineer"),
    ]
    case.then("12-02 10:00", "answer", "expert")
    assert [one[2] for one in clocks(case)] == ["running", "met", "running"]
    case.then("12-02 10:30", "answer", "buyer")
    assert [one[2] for one in clocks(case)] == ["running", "met", "running"], "nobody had asked them"
    case.then("12-02 11:00", "answer", "buyer", on_behalf_of="mihai")
    assert [one[2] for one in clocks(case)] == ["met", "met", "running"], "the oldest"


def test_an_answer_may_end_a_question_of_another_action() -> None:
    case = desk().then("12-02 09:10", "consult", "engineer", data={"question": "How?"})
    ask(case, "12-02 09:20", "mihai").then("12-02 10:00", "answer", "expert")
    assert clocks(case) == [("ask.answer", 1, "running"), ("consult.answer", 1, "met")]


def test_knowledge_is_withheld() -> None:
    case = ask(desk(), "12-02 09:10", "mihai", "Can it be repaired?")
    assert case.codes("12-03 17:00") == [], "the whole of the next working day"
    (late,) = deviations(case, "DV608", "12-04 09:30")
    assert (late.actor, late.seq, late.step, late.who_could) == ("mihai", 2, "diagnose", ("mihai", "lead"))
    assert (late.values["asked by"], late.values["waits for"], late.values["asked"]) == (
        "engineer",
        "mihai",
        "Can it be repaired?",
    )
    assert "mihai was asked by engineer" in late.message
    case.then("12-04 10:00", "hand", "engineer")
    assert case.codes() == ["DV608@2"], "told with what comes first afterwards"
    case.then("12-04 11:00", "answer", "x", on_behalf_of="mihai")
    (over,) = deviations(case, "DV608")
    assert "came" in over.values
    role = ask(desk(), "12-02 09:10", "expert")
    (late,) = deviations(role, "DV608", "12-04 09:30")
    assert late.actor is None
    assert late.who_could == ("expert", "lead")


def test_a_case_that_ends_leaves_no_question() -> None:
    case = ask(desk(), "12-02 09:10", "mihai").then("12-02 10:00", "hand", "engineer")
    case.then("12-02 10:30", "look", "buyer").then("12-02 11:00", "place", "buyer").then(
        "12-02 12:00", "send", "engineer"
    )
    assert case.judge.due(case.state) == ()
    assert case.cycle(clock="ask.answer").status is ClockStatus.MET
    cancelled = (
        ask(desk(), "12-02 09:10", "mihai").then("12-02 10:00", "hand", "engineer").then("12-02 10:30", "look", "buyer")
    )
    cancelled.then("12-02 11:00", "place", "buyer").then("12-02 12:00", "drop", "engineer")
    assert cancelled.cycle(clock="ask.answer").status is ClockStatus.CANCELLED


def test_nobody_is_waited_for_whom_the_record_does_not_name() -> None:
    vague = ask(desk(), "12-02 09:10", " ")
    assert clocks(vague) == []
    blind = ask(desk(witness=Witness(data=frozenset())), "12-02 09:10", "mihai")
    assert "ask.answer" not in {one for one, _, _ in clocks(blind)}
    assert blind.audit().not_examined["clock: ask.answer"] == 1


def test_what_escalates_a_question_lets_nobody_act_elsewhere() -> None:
    case = ask(desk(), "12-02 09:10", "mihai")
    assert case.judge.escalated(case.state, "diagnose", local("12-04 12:00")) == frozenset()
    assert case.judge.escalated(case.state, None, local("12-04 12:00")) == {"lead"}
