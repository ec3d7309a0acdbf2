"""Where what clocks say turns over: just enough used, just too much, told to whom and not to whom.

Each story was written because a fault planted there was found by nothing else.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from procflow.model.clock import ClockStatus
from procflow.model.event import Trace
from tests.unit.timed_stories import desk

GRADED = (
    "answer: { to: client, until: send, late: { notify: lead },"
    " within: { depends-on: priority, p1: 5 working hours, otherwise: 8 working hours } }"
)
PAUSED = "answer: { to: client, until: send, within: 5 working hours, paused-in: [waiting] }"
OPENED = "2026-12-02 09:00 ana/agent opens"


@pytest.mark.parametrize(
    ("at", "reason", "codes"),
    [
        ("13:00:00", "", []),
        ("13:00:01", "", ["DV407"]),
        ("13:00:01", " reason=mistaken", []),
        ("13:00:01", " reason=", ["DV407"]),
    ],
)
def test_a_target_is_relaxed_with_more_than_80_percent_used(at: str, reason: str, codes: list[str]) -> None:
    told = desk(GRADED, f"{OPENED} priority=p1", f"2026-12-02 {at} dan/expert grade priority=p3{reason}")
    assert told.codes() == codes


@pytest.mark.parametrize(
    ("asked", "who", "codes"),
    [
        ("13:30:01", "ana/agent", ["DV411"]),
        ("13:30:00", "ana/agent", []),
        ("13:30:01", "eve/client", []),
        ("13:30:01", "ana/agent for=client", []),
    ],
)
def test_a_pause_that_hides_a_breach(asked: str, who: str, codes: list[str]) -> None:
    name, _, more = who.partition(" ")
    told = desk(
        PAUSED,
        OPENED,
        f"2026-12-02 {asked} ana/agent ask asked=which due=2026-12-10T09:00",
        f"2026-12-02 16:00 {name} reply {more}",
    )
    assert told.codes() == codes


def test_who_was_asked_and_wrote_before_the_case_moved_has_acted() -> None:
    told = desk(
        PAUSED,
        OPENED,
        "2026-12-02 13:45 ana/agent ask asked=which due=2026-12-10T09:00",
        "2026-12-02 14:00 eve/client note",
        "2026-12-02 16:00 ana/agent reply",
    )
    assert told.codes() == []


def test_a_mark_that_had_passed_under_another_target_is_done_when_it_is_time() -> None:
    """A priority was wrong for an hour: whoever is to be told when the right one runs out is told all the same."""
    told = desk(
        GRADED,
        f"{OPENED} priority=p3",
        "2026-12-02 14:30 dan/expert grade priority=p1",
        "2026-12-02 14:40 dan/expert grade priority=p3 reason=mistaken",
    )
    assert told.cycles("answer") == [ClockStatus.RUNNING]
    assert told.timers("2026-12-02 14:40") == []
    assert told.timers("2026-12-03 09:01") == [("answer", "late", "Wed 2026-12-02 17:00")]


def test_a_clock_whose_target_never_became_known_is_not_examined_and_said_so() -> None:
    told = desk(
        "answer: { to: client, until: send, within: { depends-on: priority, p1: 4 hours, p2: 1 day, p3: 2 days } }",
        OPENED,
        "2026-12-02 12:00 ana/agent send",
    )
    assert told.cycles("answer") == [ClockStatus.NOT_EXAMINED]
    assert told.audit().not_examined == {"clock: answer": 1}
    assert told.codes() == []


def test_an_overdue_cycle_is_told_with_the_first_event_after_it_and_once() -> None:
    clock = "answer: { to: client, until: send, within: 2 hours }"
    lines = [OPENED, "2026-12-02 11:00 ana/agent note"]
    assert desk(clock, *lines).codes() == []
    lines.append("2026-12-02 11:00:01 ana/agent note")
    assert desk(clock, *lines).codes() == ["DV401"]
    lines += ["2026-12-02 15:00 ana/agent note", "2026-12-02 16:00 ana/agent send"]
    assert desk(clock, *lines).codes() == ["DV401"]


def test_an_answer_that_came_before_a_clock_began_is_an_answer_all_the_same() -> None:
    clock = (
        "answer: { to: client, from: chase, until: send, within: 8 working hours, paused-in: [waiting],"
        " resumed-by: [note] }"
    )
    asked = "2026-12-02 10:00 ana/agent ask asked=which due=2026-12-10T09:00"
    chased = "2026-12-02 12:00 eve/client chase"
    assert desk(clock, OPENED, asked, chased).cycles("answer") == [ClockStatus.PAUSED]
    told = desk(clock, OPENED, asked, "2026-12-02 11:00 eve/client note", chased)
    assert told.cycles("answer") == [ClockStatus.RUNNING]
    again = ["2026-12-02 13:00 eve/client reply", "2026-12-02 14:00 ana/expert wait asked=what due=2026-12-10T09:00"]
    anew = desk(clock, OPENED, asked, "2026-12-02 11:00 eve/client note", *again, "2026-12-02 15:00 eve/client chase")
    assert anew.cycles("answer") == [ClockStatus.PAUSED]


def test_what_was_written_down_more_than_a_working_day_later_is_told() -> None:
    told = desk("answer: { to: client, until: send, within: 1 day }", OPENED, "2026-12-02 12:00 ana/agent note")
    for later, codes in (("2026-12-03 17:00", []), ("2026-12-04 10:00", ["DV403"])):
        written = replace(told.events[1], recorded_at=told.at(later))
        state = told.judge.run(Trace(case="case-1", events=(told.events[0], written), closed=False))
        assert [one.code for one in told.judge.audit(state).deviations] == codes
