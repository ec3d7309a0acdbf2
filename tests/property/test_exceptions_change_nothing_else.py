"""What was refused or excused changes nothing else, and a record is judged the same at once and event by event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procflow.judge import CaseState, Judge
from procflow.model.deviation import Deviation, Disposition
from procflow.model.event import Kind, Trace
from procflow.model.report import CaseAudit
from tests.property.strategies_exceptions import random_record

MANY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 2**64)
SETTLED = (Disposition.EXCUSED, Disposition.UNEXCUSED)


def judged(judge: Judge, trace: Trace) -> list[CaseState]:
    """Return the case before, and after each of its events, judged one by one."""
    events = list(trace.events)
    opened = events.pop(0) if events and events[0].kind is Kind.OPENED else None
    states = [judge.begin(trace.case, opened)]
    for event in events:
        states.append(judge.advance(states[-1], event))
    return states


def happened(audit: CaseAudit) -> list[Deviation]:
    """Return the deviations without what was refused."""
    return [one for one in audit.deviations if one.disposition is not Disposition.PREVENTED and one.code != "DV704"]


def figures(audit: CaseAudit) -> dict[str, Any]:
    """Return all that is not said of single events."""
    names = ("events", "configuration", "outcome", "closed", "flow_cost", "attached_cost", "complete_cost")
    return {name: getattr(audit, name) for name in (*names, "fitness", "proven", "complete_proven", "inferred")}


def unsettled(deviations: Sequence[Deviation]) -> list[str]:
    """Return deviations as they are said before waivers are looked at, sorted."""
    said = [one for one in deviations if one.code != "DV703"]
    return sorted(
        repr(
            replace(
                one,
                disposition=Disposition.UNEXCUSED if one.disposition in SETTLED else one.disposition,
                settled_by=None,
                provisional=False,
            )
        )
        for one in said
    )


@MANY
@given(SEEDS)
def test_refused_attempts_change_no_other_judgement(seed: int) -> None:
    record = random_record(Random(seed))
    judge = Judge(record.procedure)
    whole, clear = (judge.audit(judge.run(one)) for one in (record.trace, record.without(refused=False)))
    assert happened(whole) == happened(clear)
    assert figures(whole) == figures(clear)
    attempts = sum(event.refused for event in record.events)
    assert len({one.seq for one in whole.deviations}) <= len(record.events) + 1
    assert (len(whole.deviations) > len(happened(whole))) == (attempts > 0)


@MANY
@given(SEEDS)
def test_waivers_change_no_cost_and_nothing_but_dispositions(seed: int) -> None:
    record = random_record(Random(seed))
    judge = Judge(record.procedure)
    waived = judge.audit(judge.run(record.without(refused=False)))
    plain = judge.audit(judge.run(record.without(Kind.WAIVER, refused=False)))
    waivers = {event.seq for event in record.events if event.kind is Kind.WAIVER}
    assert figures(waived) == figures(plain)
    assert unsettled([one for one in waived.deviations if one.seq not in waivers]) == unsettled(plain.deviations)
    assert all(one.settled_by in waivers for one in waived.deviations if one.disposition is Disposition.EXCUSED)


@MANY
@given(SEEDS)
def test_a_record_is_judged_the_same_at_once_and_event_by_event(seed: int) -> None:
    record = random_record(Random(seed))
    one_by_one, at_once = Judge(record.procedure), Judge(record.procedure)
    states = judged(one_by_one, record.trace)
    first = len(record.events) + 1 - len(states)
    for number, state in enumerate(states, first):
        ran = at_once.run(record.upto(number))
        assert one_by_one.audit(state) == at_once.audit(ran)
        assert (state.seq, state.acted, state.closed) == (ran.seq, ran.acted, ran.closed)
        assert one_by_one.audit(state, closed=True) == at_once.audit(ran, closed=True)


@MANY
@given(SEEDS)
def test_the_news_of_all_events_add_up_to_the_judgement(seed: int) -> None:
    record = random_record(Random(seed))
    judge = Judge(record.procedure)
    states = judged(judge, record.trace)
    told = unsettled(judge.openings(states[0]))
    for before, after in pairwise(states):
        new, gone = judge.news(before, after)
        for one in unsettled(gone):
            told.remove(one)
        told = sorted(told + unsettled(new))
        assert told == unsettled(judge.audit(after).deviations)


@MANY
@given(SEEDS)
def test_only_the_flow_of_open_cases_is_provisional_and_what_was_prevented_never(seed: int) -> None:
    record = random_record(Random(seed))
    judge = Judge(record.procedure)
    audit = judge.audit(judge.run(record.trace))
    for one in audit.deviations:
        flow = one.code.startswith("DV1") and one.disposition is not Disposition.PREVENTED
        assert one.provisional == (flow and not audit.closed)
