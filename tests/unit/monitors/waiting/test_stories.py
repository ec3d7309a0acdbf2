"""Stories of waiting: who let a case go on that nobody answers for, handed over too little, asked nobody, told too late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from procflow.judge import Judge
from procflow.model.clock import PartyKind
from procflow.model.event import Lifecycle, Witness
from procflow.model.report import CaseAudit
from procflow.model.waiting import WaitKind
from tests.unit.monitors.stories import AT, audit_of, codes, procedure_of, trace_of

HOUSE = procedure_of("""
accountable: lead
roles: { agent: Takes in, expert: Finds out, buyer: Buys, lead: Leads, client: { title: Asks, external: true } }
data: { part: text }
overrides: { by: lead }
hand-offs: { needs: [slip], form: [part], accept-within: 4 days, late: { offer-to: agent }, refuse: {}, returns: { at-most: 1 } }
start: intake
steps:
  intake: { by: agent, optional: [part], actions: { pass-on: find, drop: gone } }
  find: { by: expert, optional: [part], actions: { want: order, hold-on: hold } }
  order: { by: buyer, actions: { ask-back: find, buy: gone } }
  hold: { waiting-for: { party: client }, actions: { reply: find } }
  gone: { end: done }
anytime:
  ask: { to: same, by: any, ask: { question-to: any, answered-by: answer, answer-within: 1 day, late: { escalate: lead } } }
  answer: { to: same, by: any }
  show: { to: same, by: any }
  warn: { to: same, by: any, risk: true }
""")
TAKEN = "lea/lead take-case\nana/agent pass-on part=K-7 +slip\n"


def waiting(lines: str, witness: Witness | None = None) -> list[str]:
    """Return what is said of waiting alone."""
    found = codes(HOUSE, lines) if witness is None else codes(HOUSE, lines, witness)
    return [one for one in found if one.startswith("DV6")]


def test_a_case_that_goes_on_must_be_somebodys() -> None:
    assert waiting("ana/agent opened\nana/agent pass-on part=K-7 +slip\neva/expert accept-hand-off") == ["DV601@2"]
    assert waiting("ana/agent opened\n" + TAKEN) == []
    assert waiting("lea/lead,agent opened\nlea/agent pass-on part=K-7 +slip") == [], (
        "whoever opens it, holding the role"
    )
    assert waiting("ana/agent opened\nana/agent drop") == [], "it is over, and there is nothing to answer for"


def test_it_is_told_once_and_says_since_when_and_who_let_it_go_on() -> None:
    audit = audit_of(HOUSE, "ana/agent opened\nana/agent pass-on part=K-7 +slip\neva/expert want")
    (found,) = [each for each in audit.deviations if each.code == "DV601"]
    assert (found.actor, found.who_could, found.refuses) == ("ana", ("lead",), True)
    assert found.values == {"role": "lead", "since": "2026-12-01T10:00:00Z", "let go by": "ana"}


def test_whoever_begins_work_of_the_role_takes_the_case() -> None:
    begins = "lea/lead pass-on...\nana/agent pass-on part=K-7 +slip"
    assert "DV601@2" in waiting(begins), "the work is not for the role"
    procedure = procedure_of("""
accountable: lead
roles: { agent: Takes in, lead: Leads }
hand-offs: { accept-within: 9 days, refuse: {} }
start: plan
steps:
  plan: { by: lead, actions: { wait: { to: same }, go-on: find, ask-lead: check } }
  find: { by: agent, actions: { ask-lead: check, drop: gone } }
  check: { by: lead, actions: { close: gone } }
  gone: { end: done }
""")
    opened = "ana/agent opened\n"
    assert codes(procedure, opened + "lea/lead wait...\nana/agent go-on") == ["DV201@3", "DV601@3"], "that is no work"
    judge = Judge(procedure)
    state = judge.run(trace_of(opened + "lea/lead go-on..."))
    assert [one.person for one in judge.tenures(state)] == [None, "lea"]
    for begun in ("lea/lead close...", "lea/lead accept-hand-off..."):
        state = judge.run(trace_of(f"{opened}max/lead go-on\nana/agent ask-lead\n{begun}"))
        assert [one.person for one in judge.tenures(state)] == [None, "max", "lea"]


def test_taking_a_case_without_the_role_makes_nobody_answer_for_it() -> None:
    assert "DV601@2" in waiting("bob/buyer take-case\nana/agent pass-on part=K-7 +slip")


def test_who_answers_is_not_examined_where_roles_are_not_on_record_or_entries_are_missing() -> None:
    story = "ana opened\nana pass-on part=K-7 +slip"
    assert waiting(story, Witness(role=False)) == []
    assert waiting("ana/agent opened\nana/agent ~pass-on part=K-7 +slip") == []
    concerns = audit_of(HOUSE, "ana/agent opened\nana/agent ~pass-on part=K-7 +slip").not_examined
    assert "people: who answers for the case" in concerns


def test_what_the_receiver_needs_must_be_there_when_it_is_offered() -> None:
    assert waiting("lea/lead take-case\nana/agent pass-on") == ["DV603@2"]
    assert waiting("lea/lead take-case +slip\nana/agent pass-on part=K-7") == [], "given before is given"
    assert waiting("lea/lead take-case\nana/agent pass-on 'part= ' +slip") == ["DV603@2"], "a blank text says nothing"
    (found,) = audit_of(HOUSE, "lea/lead take-case\nana/agent pass-on").deviations
    assert found.values == {"offered to": "find", "missing": "part, slip", "offered by": "ana"}
    assert (found.actor, found.who_could) == ("ana", ("agent",))


def test_what_a_log_cannot_witness_is_not_missing() -> None:
    story = "lea/lead take-case\nana/agent pass-on"
    assert waiting(story, Witness(evidence=False, data=frozenset())) == []
    assert waiting("lea/lead take-case\nana/agent ~pass-on") == []


def test_what_is_all_there_is_not_given_back_for_its_form() -> None:
    assert waiting(TAKEN + "eva/expert refuse-hand-off refused_for=form") == ["DV604@3"]
    assert waiting(TAKEN + "eva/expert refuse-hand-off refused_for=missing") == []
    lacking = "lea/lead take-case\nana/agent pass-on\neva/expert refuse-hand-off refused_for=form"
    assert waiting(lacking) == ["DV603@2"], "what was missing stands for both"


def test_a_question_says_whom_and_what() -> None:
    assert waiting("ana/agent ask asked_whom=eva question=why") == []
    (found,) = audit_of(HOUSE, "ana/agent ask asked_whom=eva").deviations
    assert (found.code, found.values) == ("DV605", {"missing": "question", "waits for": "eva"})
    (found,) = audit_of(HOUSE, "ana/agent ask").deviations
    assert found.values == {"missing": "asked_whom, question"}


def test_questions_beyond_those_that_are_followed_are_not_examined_and_it_is_said() -> None:
    many = "\n".join(f"ana/agent ask asked_whom=p{number} question=why" for number in range(103))
    again = "\np0 answer\nana/agent ask asked_whom=bob question=why"
    for story in (many, many + again):
        assert audit_of(HOUSE, story).not_examined == {"questions: more than 100 open": 3}
    assert audit_of(HOUSE, many.rpartition("\n")[0]).not_examined == {"questions: more than 100 open": 2}


CIRCLE = """
ana/agent ask asked_whom=expert question=a
eva/expert ask asked_whom=bob question=b
bob/buyer ask asked_whom=agent question=c
"""


def test_a_circle_is_told_at_the_question_that_closes_it() -> None:
    assert waiting(CIRCLE) == ["DV606@3"]
    found = next(each for each in audit_of(HOUSE, CIRCLE).deviations if each.code == "DV606")
    assert found.values["circle"] == "buyer -> agent -> expert -> buyer"
    assert found.values["people"] == "bob -> ana -> eva -> bob"
    assert (found.actor, found.who_could, found.refuses) == ("bob", ("bob", "ana", "eva"), False)


@pytest.mark.parametrize(
    "before",
    ["abe/agent show\n", "bob/buyer show\neva/expert show\nana/agent show\nabe/agent show\n"],
)
def test_where_somebody_of_a_role_can_still_answer_nobody_waits_in_a_circle(before: str) -> None:
    assert waiting(before + CIRCLE.strip()) == []


def test_a_circle_is_told_once_and_again_when_it_was_broken() -> None:
    again = "bob/buyer ask asked_whom=ana question=d"
    assert waiting(CIRCLE + again) == ["DV606@3"]
    assert waiting(CIRCLE + "eva/expert answer\nana/agent ask asked_whom=eva question=e") == ["DV606@3", "DV606@5"]


def test_of_what_was_asked_before_a_gap_nothing_is_claimed() -> None:
    lines = CIRCLE.strip().splitlines()
    assert waiting("\n".join([*lines[:2], lines[2].replace(" ask ", " ~ask ")])) == []


def test_work_comes_back_once() -> None:
    there, back = "eva/expert want\n", "bob/buyer ask-back\n"
    assert waiting(TAKEN + there + back) == []
    assert waiting(TAKEN + (there + back) * 2) == ["DV607@6"]
    assert waiting(TAKEN + (there + back) * 3) == ["DV607@6"], "once"
    held = "eva/expert hold-on\nkim/client reply\n"
    assert waiting(TAKEN + there + back + held + there + back) == [], "the client had it in between"


def test_a_refusal_is_a_return_too() -> None:
    there, back = "eva/expert want\n", "bob/buyer refuse-hand-off refused_for=missing\n"
    assert waiting(TAKEN + (there + back) * 2) == ["DV607@6"]


LOOKED_AT = procedure_of("""
roles: { giver: Needs it, maker: Makes it }
hand-offs: { refuse: {}, returns: { at-most: 1 } }
start: ask
steps:
  ask: { by: giver, hand-offs: none, actions: { offer: make } }
  make: { by: maker, actions: { hand-in: look, send-back: mend } }
  look: { by: giver, hand-offs: none, actions: { again: make, well: gone } }
  mend: { by: giver, actions: { offer-again: make } }
  gone: { end: done }
""")


@pytest.mark.parametrize(
    ("acts", "said"),
    [
        ("offer hand-in again hand-in again hand-in well", []),
        ("offer refuse-hand-off offer hand-in well", []),
        ("offer refuse-hand-off offer hand-in again hand-in again send-back", ["DV607@8"]),
        ("offer send-back offer-again hand-in again refuse-hand-off", ["DV607@6"]),
    ],
)
def test_a_result_that_is_only_looked_at_is_no_return(acts: str, said: list[str]) -> None:
    of = {"offer": "ana/giver", "again": "ana/giver", "well": "ana/giver", "offer-again": "ana/giver"}
    lines = "\n".join(f"{of.get(act, 'bob/maker')} {act}" for act in acts.split())
    assert [one for one in codes(LOOKED_AT, lines) if one.startswith("DV6")] == said


def test_what_goes_on_within_the_role_is_no_return() -> None:
    procedure = procedure_of("""
roles: { giver: Needs it, maker: Makes it }
hand-offs: { accept-within: 9 days, returns: { at-most: 1 } }
start: ask
steps:
  ask: { by: giver, actions: { offer: make } }
  make: { by: maker, actions: { give: gone } }
  hurry: { by: maker, actions: { bring-back: ask } }
  gone: { end: done }
anytime: { escalate: { to: hurry, by: any } }
""")
    once = "ana/giver offer\nana/giver escalate\nbob/maker bring-back\n"
    assert codes(procedure, once) == []
    assert codes(procedure, once * 2) == ["DV607@6"]


def test_a_risk_that_was_known_is_told_before_the_work_is_handed_over() -> None:
    known = (AT + timedelta(minutes=30)).isoformat()
    warn = f"ana/agent warn risk=fire known_since={known}"
    assert waiting(TAKEN + warn) == ["DV613@3"]
    assert waiting(f"lea/lead take-case\n{warn}\nana/agent pass-on part=K-7 +slip") == []
    later = (AT + timedelta(hours=2, minutes=30)).isoformat()
    assert waiting(f"{TAKEN}ana/agent warn risk=fire known_since={later}") == []


def test_a_document_is_no_answer() -> None:
    ask = "ana/agent ask asked_whom=expert question=why\n"
    assert waiting(ask + "eva/expert show +contract") == ["DV614@2"]
    assert waiting(ask + "eva/expert show +contract\neva/expert show +contract") == ["DV614@2"], "once"
    assert waiting(ask + "eva/expert answer +contract") == []
    assert waiting(ask + "bob/buyer show +contract") == [], "nobody asked him"
    assert waiting(ask + "eva/expert show") == [], "nothing was shown"


def test_who_waited_for_whom_and_who_could_have_ended_it_is_told() -> None:
    judge = Judge(HOUSE)
    story = (
        TAKEN + "ana/agent ask asked_whom=eva question=why\neva/expert accept-hand-off\neva/expert hold-on asked=which"
    )
    state = judge.run(trace_of(story))
    offer, question, party = judge.waits(state)
    assert (offer.kind, offer.who, offer.role, offer.whom, offer.what) == (
        WaitKind.HAND_OFF,
        "ana",
        "agent",
        ("expert",),
        "find",
    )
    assert (offer.since, offer.until, offer.seq, offer.ended_by) == (
        AT + timedelta(hours=2),
        AT + timedelta(hours=4),
        2,
        4,
    )
    assert offer.due == AT + timedelta(days=4, hours=2)
    assert (question.kind, question.whom, question.what, question.until) == (WaitKind.QUESTION, ("eva",), "why", None)
    assert question.could_end == ("eva",)
    later = judge.waits(state, AT + timedelta(days=3))
    assert later[1].could_end == ("eva", "lead"), "by then it was escalated"
    assert (party.kind, party.whom, party.what, party.step) == (WaitKind.PARTY, ("client",), "which", "hold")


def test_everything_ends_with_the_case() -> None:
    judge = Judge(HOUSE)
    trace = trace_of(TAKEN + "ana/agent ask asked_whom=eva question=why\nlea/lead closed")
    audit = judge.audit(judge.run(trace), closed=True)
    assert [(wait.kind, wait.ended_by) for wait in audit.waits] == [(WaitKind.HAND_OFF, 4), (WaitKind.QUESTION, 4)]
    assert all(wait.until is not None for wait in audit.waits)
    assert [(each.person, each.seq) for each in audit.tenures] == [("lea", 1)]
    assert audit.tenures[-1].until == AT + timedelta(hours=4)
    assert audit.spans[0][0].kind is PartyKind.TEAM


def test_the_line_of_who_answered_begins_with_nobody() -> None:
    audit: CaseAudit = audit_of(HOUSE, "ana/agent opened\nlea/lead take-case\nlou/lead take-case\nlea/lead note")
    assert [(each.person, each.seq) for each in audit.tenures] == [(None, None), ("lea", 2), ("lou", 3)]
    assert [each.until is None for each in audit.tenures] == [False, False, True]


def test_who_answered_where_nobody_can_tell_is_not_said() -> None:
    lines = "ana/agent opened\nana/agent pass-on part=K-7 +slip\n"
    silent = audit_of(HOUSE, lines, Witness(actor=False, role=False))
    assert silent.tenures == ()
    judge = Judge(HOUSE)
    holed = trace_of(lines + "eva/expert accept-hand-off\nlea/lead take-case")
    events = (*holed.events[:2], replace(holed.events[2], gap=True), *holed.events[3:])
    audit = judge.audit(judge.run(replace(holed, events=events)))
    assert [(each.person, each.until) for each in audit.tenures] == [(None, AT + timedelta(hours=3)), ("lea", None)]


def test_what_is_accepted_cannot_be_given_back_and_it_is_said_so() -> None:
    audit = audit_of(HOUSE, TAKEN + "eva/expert accept-hand-off\neva/expert refuse-hand-off\neva/expert want")
    (found,) = audit.deviations
    assert (found.code, found.action, found.who_could) == ("DV102", "refuse-hand-off", ("expert",))
    assert found.message == "“refuse-hand-off” was done although the work in “find” was not on offer"
    assert "no longer once somebody has accepted it; what is due there: want or hold-on" in (found.remedy or "")
    (found,) = audit_of(HOUSE, TAKEN + "eva/expert accept-hand-off\neva/expert refuse-hand-off").deviations
    assert found.code == "DV102"
    assert "no longer once somebody has accepted it" in (found.remedy or "")


def test_who_asks_themselves_waits_for_nobody() -> None:
    assert waiting("ana/agent ask asked_whom=ana question=why\nana/agent ask asked_whom=ana question=when") == []
    story = "ana/agent ask asked_whom=ana question=why\neva/expert ask asked_whom=ana question=why"
    assert waiting(story + "\nana/agent ask asked_whom=eva question=why") == ["DV606@3"]


NAMED = procedure_of("""
roles: { agent: Takes in, expert: Finds out }
data: { finder: person }
hand-offs: { accept-within: 4 hours }
start: intake
steps:
  intake: { by: agent, collect: [finder], actions: { pass-on: find } }
  find: { by: { field: finder }, actions: { found: gone } }
  gone: { end: done }
anytime:
  rename: { to: same, by: agent, collect: [finder] }
""")


def test_whoever_is_named_while_the_work_is_on_offer_is_waited_for_from_then_on() -> None:
    judge = Judge(NAMED)
    lines = "ana/agent pass-on finder=eva\nana/agent rename finder=eli\n"
    state = judge.run(trace_of(lines + "ana/agent rename finder=eli"))
    first, second = judge.waits(state)
    assert (first.whom, first.until, second.whom, second.until) == (("eva",), second.since, ("eli",), None)
    assert (first.seq, first.due) == (second.seq, second.due)
    (late,) = judge.audit(state, as_of=AT + timedelta(days=1)).deviations
    assert (late.code, late.actor, late.who_could) == ("DV602", None, ("eli",)), "nobody alone had all the time"
    (late,) = judge.audit(judge.run(trace_of("ana/agent pass-on finder=eva")), as_of=AT + timedelta(days=1)).deviations
    assert (late.code, late.actor, late.who_could) == ("DV602", "eva", ("eva",))


def test_whoever_is_named_when_it_is_late_already_was_not_late() -> None:
    judge = Judge(NAMED)
    story = "ana/agent pass-on finder=eva\n" + "ana/agent rename finder=eva\n" * 5 + "ana/agent rename finder=eli"
    (late,) = judge.audit(judge.run(trace_of(story))).deviations
    assert (late.code, late.actor, late.who_could) == ("DV602", "eva", ("eva",))


def test_a_log_that_does_not_witness_hand_offs_is_not_judged_by_them() -> None:
    audit = audit_of(HOUSE, "ana/agent pass-on\neva/expert want\nbob/buyer buy", Witness(hand_offs=False))
    assert audit.deviations == ()
    assert audit.configuration == "gone"
    assert audit.not_examined["hand-offs"] == 1
    assert audit.tenures == ()


def test_what_was_refused_asks_nobody_and_offers_nothing() -> None:
    judge = Judge(HOUSE)
    state = judge.run(trace_of("lea/lead take-case"))
    (event,) = trace_of("ana/agent ask").events
    tried = judge.advance(state, replace(event, lifecycle=Lifecycle.REFUSED, seq=2))
    assert tried.node is state.node
    assert [each.code for each in judge.audit(tried).deviations] == ["DV605"]
    assert judge.waits(tried) == ()
