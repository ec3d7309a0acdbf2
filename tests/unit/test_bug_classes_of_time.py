"""Classes of bugs that programs about working time have had again and again, each by its number in our notes.

What is pure arithmetic (days of 86,400 seconds, offsets, gaps and folds, nights, 24:00) is held by the property tests of
calendars; here is what takes a case: pauses, changes, corrections, moments on the edge.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from procflow.calendars.book import CalendarBook, CalendarSet
from procflow.calendars.calendar import Calendar
from procflow.calendars.hours import Day, Regime, Window
from procflow.judge import Judge
from procflow.model.clock import ClockStatus
from procflow.model.event import Event, Kind
from tests.unit.timed_stories import OFFICE, Told, desk, week

ANSWER = "answer: { to: client, until: send, within: 8 working hours, paused-in: [waiting] }"
EIGHT = "answer: { to: client, until: send, within: 8 working hours }"
OPENED = "2026-12-02 09:00 ana/agent opens"
ASK = "2026-12-02 11:00 ana/agent ask asked=which due=2026-12-10T09:00"


def test_11_a_pause_is_no_time_added_at_the_end() -> None:
    told = desk(ANSWER, OPENED, ASK, "2026-12-03 15:00 eve/client reply")
    assert told.due("answer") != "Thu 2026-12-03 21:00"
    assert told.cycle("answer", as_of="2026-12-04 12:00").used == timedelta(hours=7)


def test_12_a_pause_is_not_lost_when_the_priority_changes_twice() -> None:
    clock = (
        "answer: { to: client, until: send, paused-in: [waiting],"
        " within: { depends-on: priority, p1: 4 working hours, otherwise: 16 working hours } }"
    )
    told = desk(
        clock,
        f"{OPENED} priority=p3",
        ASK,
        "2026-12-02 15:00 eve/client reply",
        "2026-12-02 15:30 dan/expert grade priority=p1 reason=so",
        "2026-12-02 16:00 dan/expert grade priority=p3 reason=so",
    )
    assert told.cycle("answer").used == timedelta(hours=3)
    assert told.cycle("answer").paused == timedelta(hours=4)
    assert told.due("answer") == "Fri 2026-12-04 13:00"


def test_13_nothing_is_breached_while_it_is_paused_and_a_pause_ends_when_it_said() -> None:
    told = desk(ANSWER, OPENED, "2026-12-02 16:00 ana/agent ask asked=which due=2026-12-04T10:00")
    assert told.cycles("answer", "2026-12-04 10:00") == [ClockStatus.RUNNING]
    assert told.cycles("answer", "2026-12-04 09:59") == [ClockStatus.PAUSED]
    assert told.codes("2026-12-04 11:00") == []
    assert told.cycles("answer", "2026-12-04 11:00") == [ClockStatus.RUNNING]  # just on target
    assert told.cycles("answer", "2026-12-04 11:01") == [ClockStatus.OVERDUE]
    assert told.codes("2026-12-04 11:01") == ["DV401"]


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        ("2026-12-02 09:00", "Wed 2026-12-02 17:00"),
        ("2026-12-02 08:59", "Wed 2026-12-02 17:00"),
        ("2026-12-02 17:00", "Thu 2026-12-03 17:00"),
        ("2026-12-02 16:59", "Thu 2026-12-03 16:59"),
        ("2026-12-02 00:00", "Wed 2026-12-02 17:00"),
    ],
)
def test_20_begun_just_at_opening_or_closing_time(opened: str, due: str) -> None:
    assert desk(EIGHT, f"{opened} ana/agent opens").due("answer") == due


def test_20_stopped_just_on_target_is_met_and_a_second_later_is_not() -> None:
    for stopped, status in (("13:00:00", ClockStatus.MET), ("13:00:01", ClockStatus.BREACHED)):
        clock = "answer: { to: client, until: send, within: 4 working hours }"
        assert desk(clock, OPENED, f"2026-12-02 {stopped} ana/agent send").cycles("answer") == [status]


def test_20_a_target_used_up_at_closing_time_is_kept_until_work_goes_on() -> None:
    for stopped, status in (("2026-12-02 23:00", ClockStatus.MET), ("2026-12-03 09:00:01", ClockStatus.BREACHED)):
        assert desk(EIGHT, OPENED, f"{stopped} ana/agent send").cycles("answer") == [status]


def test_22_opened_outside_hours_it_runs_and_uses_nothing() -> None:
    told = desk(EIGHT, "2026-12-05 12:00 ana/agent opens")
    cycle = told.cycle("answer", as_of="2026-12-06 12:00")
    assert (cycle.status, cycle.used, cycle.wall) == (ClockStatus.RUNNING, timedelta(0), timedelta(days=1))
    assert told.due("answer") == "Mon 2026-12-07 17:00"


def test_23_another_calendar_changes_what_comes_and_not_what_was() -> None:
    longer = week("office", OFFICE.zone, {"01234": "09:00-19:00"})
    told = desk(EIGHT, OPENED, "2026-12-02 18:00 ana/agent note", "2026-12-03 09:30 ana/agent note")
    first, second = CalendarSet([OFFICE]), CalendarSet([longer])
    changed = Event(
        case="case-1", seq=3, kind=Kind.CALENDARS, occurred_at=told.events[1].occurred_at, calendars=second.digest
    )
    events = (told.events[0], told.events[1], changed)
    judge = Judge(told.judge.procedure, calendars=CalendarBook(first, [first, second]))
    after = Told(judge, events, told.zone)
    # Of the day 8 hours were counted on the old calendar; on the new one another hour is left of it, and then it is late.
    assert after.cycle("answer").used == timedelta(hours=8)
    assert after.cycles("answer") == [ClockStatus.RUNNING]
    assert after.cycles("answer", "2026-12-02 18:30") == [ClockStatus.OVERDUE]
    assert after.cycle("answer", as_of="2026-12-02 18:30").used == timedelta(hours=8, minutes=30)


def test_24_seconds_are_not_lost_in_segments() -> None:
    lines = [OPENED]
    for number in range(60):
        lines.append(f"2026-12-02 10:{number:02}:29 ana/agent ask asked=which due=2026-12-10T09:00")
        lines.append(f"2026-12-02 10:{number:02}:58 eve/client reply")
        lines.append(f"2026-12-02 10:{number:02}:58 dan/expert answer")
    told = desk(ANSWER, *lines)
    assert told.cycle("answer").paused == timedelta(seconds=29 * 60)
    assert told.cycle("answer", as_of="2026-12-02 11:00").used == timedelta(hours=2) - timedelta(seconds=29 * 60)


def test_29_no_correction_makes_a_length_negative() -> None:
    told = desk(
        ANSWER,
        OPENED,
        ASK,
        "2026-12-02 10:00 eve/client reply",  # told late, and dated before the question
        "2026-12-01 10:00 dan/expert wait asked=which due=2026-12-01T11:00",
        "2026-12-02 08:00 eve/client reply",
        "2026-12-02 07:00 dan/expert send",
    )
    (cycle,) = [one for one in told.audit().clocks if one.clock == "answer"]
    assert cycle.used >= timedelta(0)
    assert cycle.paused >= timedelta(0)
    assert cycle.wall == timedelta(hours=2)
    assert cycle.status is ClockStatus.MET
    lines = told.judge.ledger(told.state, "answer")
    assert all(one.start <= one.end and one.counted >= timedelta(0) for one in lines)
    assert all(before.end == after.start for before, after in pairwise(lines))


def test_29_a_stop_that_is_told_late_counts_from_when_it_was() -> None:
    told = desk(EIGHT, OPENED, "2026-12-04 12:00 ana/agent note", "2026-12-02 15:00 ana/agent send")
    assert told.cycles("answer") == [ClockStatus.MET]
    assert told.codes() == []
    assert told.cycle("answer").used == timedelta(hours=6)


def test_30_a_date_of_another_offset_is_the_same_moment() -> None:
    told = desk(EIGHT, OPENED, "2026-12-02 12:00 ana/agent note", zone="Europe/Bucharest")
    shifted = desk(EIGHT, "2026-12-02 07:00 ana/agent opens", "2026-12-02 10:00 ana/agent note", zone="UTC")
    assert told.cycle("answer") == shifted.cycle("answer")


def test_19_hours_of_one_minute_a_year_are_found() -> None:
    once = Calendar(
        id="office",
        zone="UTC",
        regimes=(Regime(hours={}),),
        days={date(year, 6, 1): Day(windows=(Window(600, 601),)) for year in (2026, 2027)},
        first=date(2026, 1, 1),
        last=date(2027, 12, 31),
    )
    told = desk("answer: { to: client, until: send, within: 2 working minutes }", OPENED, calendars=[once], zone="UTC")
    assert told.cycles("answer") == [ClockStatus.NOT_EXAMINED]
    told = desk(
        "answer: { to: client, until: send, within: 2 working minutes }",
        "2026-01-02 09:00 ana/agent opens",
        calendars=[once],
        zone="UTC",
    )
    assert told.due("answer") == "Tue 2027-06-01 10:01"
