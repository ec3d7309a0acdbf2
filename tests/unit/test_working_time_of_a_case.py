"""Conditions that count working time, in a case: of actions, blocks, rules and clocks, by the calendars of the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from procflow.calendars.book import CalendarBook, CalendarSet
from procflow.judge import Judge
from procflow.loading.policies import read_policies
from procflow.loading.procedure import read_procedure
from procflow.model.event import Kind, Trace
from tests.unit.timed_stories import BUCHAREST, OFFICE, Told, procedure, tell, week, whole

STEPS = """
data:
  received: { type: instant }
start: intake
steps:
  intake:
    by: agent
    collect: [received]
    actions:
      answer: { to: closed, when: "working_time(received, now) <= hours(4)" }
      pass-on: { to: late, when: "working_time(received, now) > hours(4)" }
  late: { by: lead, actions: { apologise: closed } }
  closed: { end: answered }
"""
SHORT = week("office", BUCHAREST, {"01234": "09:00-10:00"})


def codes(told: Told) -> list[tuple[str, str | None]]:
    return [(one.code, one.action) for one in told.audit().deviations]


def case(day: str, *, steps: str = STEPS, calendars: tuple[object, ...] = (OFFICE,)) -> Told:
    lines = (
        "2026-12-04 15:00 ana/agent opens received=2026-12-04T15:00",
        f"{day} ana/agent answer",
    )
    return tell(procedure(steps), *lines, calendars=calendars)  # type: ignore[arg-type]


def test_the_weekend_does_not_count() -> None:
    assert codes(case("2026-12-07 11:00")) == []
    assert codes(case("2026-12-07 11:01")) == [("DV104", "answer")]


def test_beyond_the_calendar_nobody_can_decide() -> None:
    ended = replace(OFFICE, last=date(2026, 12, 5))
    told = case("2026-12-07 11:00", calendars=(ended,))
    assert codes(told) == [("DV305", "answer")]
    assert "beyond the calendar office" in told.audit().deviations[0].message


def test_without_the_calendar_nothing_is_held_against_anybody() -> None:
    told = case("2026-12-07 11:01", calendars=())
    assert codes(told) == []
    assert told.audit().not_examined


def test_a_case_goes_by_its_own_calendars_and_by_others_from_where_they_come_in_force() -> None:
    before, after = CalendarSet([OFFICE]), CalendarSet([SHORT])
    judge = Judge(procedure(STEPS), calendars=CalendarBook(after, [before]))
    told = case("2026-12-07 12:00")
    opened, answered = told.events
    alone = judge.run(Trace(case="case-1", events=told.events, closed=False))
    assert not judge.audit(alone).deviations, "one hour of the short office"
    own = (replace(opened, calendars=before.digest), answered)
    found = judge.audit(judge.run(Trace(case="case-1", events=own, closed=False))).deviations
    assert [one.code for one in found] == ["DV104"]
    changed = replace(answered, seq=2, kind=Kind.CALENDARS, action="", calendars=after.digest, reason="shorter hours")
    events = (own[0], changed, replace(answered, seq=3))
    told_then = [
        one.code for one in judge.audit(judge.run(Trace(case="case-1", events=events, closed=False))).deviations
    ]
    assert "DV104" not in told_then


def test_rules_and_clocks_count_it_too() -> None:
    more = """
rules:
  told-why: { before: answer, there-must-be: explain, when: "working_time(received, now) > hours(2)" }
clocks:
  apology: { to: client, until: explain, within: 1 working hour, when: "working_time(received, now) > hours(2)" }
anytime:
  explain: { to: same, by: any }
"""
    assert [one for one, _ in codes(case("2026-12-07 09:00", steps=STEPS + more))] == []
    told = case("2026-12-07 10:30", steps=STEPS + more)
    assert [one for one, _ in codes(told)] == ["DV508"]
    assert not told.audit().clocks, "it is read where the case opens: nothing had passed by then"


@pytest.mark.parametrize("per", ["", "per: client, "])
def test_policies_and_rules_over_cases_cannot_count_it(per: str) -> None:
    rule = f'one: {{ at-most: 1, of: case opens, {per}in: 30 days, when: "working_time(received, now) > hours(2)" }}'
    head = 'procflow: 1\npolicies: house\nversion: "1"\ntitle: House\nowner: lead\ncalendar: office\n'
    read = read_policies(f"{head}data:\n  received: {{ type: instant }}\nrules:\n  {rule}\n", "policies.yaml")
    assert "PF407" in [one.code for one in read.findings]
    if per:
        loaded = read_procedure(whole(f"{STEPS}\nrules:\n  {rule}\n"), "p.yaml")
        assert "PF407" in [one.code for one in loaded.findings]


def test_a_procedure_without_a_calendar_says_so() -> None:
    loaded = read_procedure(whole(STEPS).replace("calendar: office\n", ""), "p.yaml")
    found = [one for one in loaded.findings if one.code == "PF407"]
    assert [one.where.line for one in found if one.where is not None] == [20, 21]


def test_what_a_clock_alone_counts_is_counted() -> None:
    more = """
anytime:
  note: { to: same, by: any }
clocks:
  apology: { to: client, from: note, until: answer, within: 1 hour, when: times(note) >= 1 }
"""
    notes = ["2026-12-04 15:10 ana/agent note", "2026-12-04 15:20 ana/agent note"]
    told = tell(procedure(STEPS + more), "2026-12-04 15:00 ana/agent opens received=2026-12-04T15:00", *notes)
    assert [told.wall(one.started_at) for one in told.audit().clocks] == ["Fri 2026-12-04 15:20"]
