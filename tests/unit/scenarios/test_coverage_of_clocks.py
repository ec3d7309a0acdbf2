"""Clocks are shown kept and shown late, and stories are found for what no scenario shows of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from procflow.calendars.book import CalendarBook
from procflow.judge import Judge
from procflow.loading.calendars_found import calendars_for
from procflow.loading.procedure import read_procedure
from procflow.model.scenario import Aspect, Coverage
from procflow.scenarios.coverage import covered
from procflow.scenarios.running import run
from procflow.scenarios.suggesting import Suggestions, suggest
from procflow.scenarios.testing import run_all

DESK = """\
procflow: 1
procedure: desk
version: "1"
calendar: office
effective: { from: 2026-12-07 }
roles: { agent: Works, expert: Knows, lead: Decides, client: { title: Asked, external: true } }
data: { urgent: { type: yes-no }, delivery: { type: date } }
clocks:
  answer: { within: { depends-on: urgent, "true": 1 working day }, until: [send, case ends] }
  delivered: { by: { field: delivery } }
  informed: { every: 2 working days, by-action: update }
  few-hands: { to: team, at-most: 2, of: hand-off }
start: draft
steps:
  draft:
    by: agent
    within: 3 working days
    late: [{ notify: lead }, { after: 1 day, escalate: lead }]
    actions: { hand-on: look, ask: waiting, send: closed }
  look: { by: expert, within: 1 working day, actions: { hand-back: draft } }
  waiting:
    waiting-for: { party: client }
    within: 14 days
    late: { go-to: draft }
    actions: { reply: draft }
  closed: { end: answered }
anytime: { update: { to: same, by: agent } }
"""
OFFICE = 'calendar: office\nzone: Europe/Bucharest\ncovers: 2026..2028\nhours: { mon-fri: ["09:00-17:00"] }\n'
EVERYTHING = [
    "draft: late",
    "waiting: goes to draft when its time is up",
    "answer: met",
    "answer: late",
    "delivered: met",
    "delivered: late",
    "informed: done in time",
    "informed: forgotten",
    "few-hands: kept",
    "few-hands: exceeded",
]


@pytest.fixture
def calendars(tmp_path: Path) -> CalendarBook:
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "office.yaml").write_text(OFFICE)
    return CalendarBook(calendars_for(tmp_path / "desk.yaml"))


def judge_of(calendars: CalendarBook, *stories: str, text: str = DESK) -> Judge:
    told = "".join(f"  - {{ scenario: Story {number}, {one} }}\n" for number, one in enumerate(stories))
    loaded = read_procedure(text + (f"scenarios:\n{told}" if told else ""), "desk.yaml")
    assert loaded.procedure is not None, loaded.findings
    return Judge(loaded.procedure, calendars=calendars)


def measured(calendars: CalendarBook, *stories: str) -> Coverage:
    judge = judge_of(calendars, *stories)
    return covered(judge.automaton, run_all(judge), judge.procedure.ignores)


def shown(calendars: CalendarBook, *stories: str) -> set[str]:
    return {one.name for one in measured(calendars, *stories).shown if one.aspect is Aspect.CLOCK}


def test_each_clock_has_two_sides_and_a_step_what_it_does_when_late(calendars: CalendarBook) -> None:
    # `look` has time, but nothing is done when it has run out: there is nothing to show.
    points = measured(calendars).points
    assert [one.name for one in points if one.aspect is Aspect.CLOCK] == EVERYTHING


def test_what_nobody_delays_is_kept(calendars: CalendarBook) -> None:
    assert shown(
        calendars,
        "given: { urgent: true, delivery: 2026-12-31 }, do: [agent update, agent send], expect: { deviations: none }",
    ) == {
        "answer: met",
        "delivered: met",
        "informed: done in time",
        "few-hands: kept",
    }


def test_what_is_late_is_shown_late_also_while_it_is_open(calendars: CalendarBook) -> None:
    assert shown(
        calendars, "given: { urgent: true }, do: [wait until draft is late], expect: { deviations: none }"
    ) == {
        "draft: late",
        "answer: late",
        "informed: forgotten",
    }


def test_a_step_that_leads_on_is_shown_by_its_time_not_by_whoever_leaves_it(calendars: CalendarBook) -> None:
    up = "waiting: goes to draft when its time is up"
    assert up not in shown(calendars, "do: [agent ask, wait 3 days, client reply], expect: { deviations: none }")
    assert up in shown(calendars, "do: [agent ask, wait 15 days], expect: { deviations: none }")


def test_what_no_case_can_show_is_set_aside_like_anything_else(calendars: CalendarBook) -> None:
    text = DESK.replace("of: hand-off }", "of: hand-off } # procflow: ignore PF702 - three people work here")
    judge = judge_of(calendars, text=text)
    coverage = covered(judge.automaton, (), judge.procedure.ignores)
    assert {one.name: reason for one, reason in coverage.aside} == {
        "few-hands: kept": "three people work here",
        "few-hands: exceeded": "three people work here",
    }


def suggested(calendars: CalendarBook) -> Suggestions:
    judge = judge_of(calendars)
    return suggest(judge, [one for one in covered(judge.automaton, ()).missing if one.aspect is Aspect.CLOCK])


def test_a_story_is_found_for_each(calendars: CalendarBook) -> None:
    found = suggested(calendars)
    assert not found.out_of_reach
    assert {point.name for one in found.found for point in one.shows} == set(EVERYTHING)


def test_stories_of_clocks_wait_until_they_are_late_and_say_who_heard_of_it(calendars: CalendarBook) -> None:
    told = {one.scenario.title[""]: one.text for one in suggested(calendars).found}
    assert told["Time runs out: draft"] == (
        '  - scenario: "Time runs out: draft"\n'
        "    do: [wait until draft is late]\n"
        "    expect: { stands: draft, late: [informed, draft], notified: [lead] }\n"
    )
    assert told["Exceeded: few-hands"] == (
        '  - scenario: "Exceeded: few-hands"\n'
        "    do: [agent hand-on, expert hand-back, agent hand-on]\n"
        "    expect: { stands: look, late: [few-hands] }\n"
    )


def test_what_a_clock_needs_to_know_is_given_and_that_it_was_met_is_expected(calendars: CalendarBook) -> None:
    told = {one.scenario.title[""]: one.text for one in suggested(calendars).found}
    assert told["Met: answer"] == (
        '  - scenario: "Met: answer"\n'
        "    given: { urgent: true }\n"
        "    do: [agent send]\n"
        "    expect: { ends: answered, met: [answer] }\n"
    )


def test_every_story_that_is_suggested_passes_as_it_is_written(calendars: CalendarBook) -> None:
    told = "".join(one.text for one in suggested(calendars).found)
    loaded = read_procedure(f"{DESK}scenarios:\n{told}", "desk.yaml")
    assert loaded.procedure is not None, loaded.findings
    judge = Judge(loaded.procedure, calendars=calendars)
    assert [
        run(one, judge).result.findings for one in loaded.procedure.scenarios if run(one, judge).result.findings
    ] == []
