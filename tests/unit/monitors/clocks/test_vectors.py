"""The golden vectors of time through the judge: what a pause, a change and a calendar do to when a clock runs out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from procflow.model.clock import ClockStatus
from tests.unit.monitors.clocks.office import Desk, asked, shown

HOUR = timedelta(hours=1)
BY_PRIORITY = "c: { to: client, until: send, within: { depends-on: priority, p1: 4 working hours, p2: 8 working hours, \
p3: 16 working hours }%s }"
RESTS = "c: { to: client, until: send, within: 8 working hours, paused-in: waiting }"


def test_v6_a_pause_costs_the_open_time_it_takes_and_no_more() -> None:
    desk = Desk(RESTS, "12-02 09:00").then("12-02 11:00", "ask", data=asked("12-10 09:00"))
    assert (desk.cycle().used, desk.cycle().status, desk.cycle().due) == (2 * HOUR, ClockStatus.PAUSED, None)
    desk.then("12-03 15:00", "reply", "client")
    assert desk.cycle().used == 2 * HOUR
    assert desk.due() == "12-04 13:00"


def test_v6b_a_pause_over_a_weekend_costs_nothing() -> None:
    desk = Desk(RESTS, "12-04 16:00").then("12-04 18:00", "ask", data=asked("12-10 09:00"))
    desk.then("12-06 12:00", "reply", "client")
    assert (desk.cycle().used, desk.due()) == (HOUR, "12-07 16:00")


@pytest.mark.parametrize(
    ("how", "due"),
    [("", "12-02 13:00"), ("retroactive", "12-02 13:00"), ("restart", "12-02 16:00"), ("keep-target", "12-03 17:00")],
)
def test_v7_a_higher_priority_after_three_hours(how: str, due: str) -> None:
    clock = BY_PRIORITY % (f", on-change: {how}" if how else "")
    desk = Desk(clock, "12-02 09:00", priority="p3").then("12-02 12:00", "note", data={"priority": "p1"})
    assert desk.due() == due
    assert desk.codes() == []


def test_v7b_what_more_time_has_been_used_for_than_there_is_now_is_breached_in_the_past() -> None:
    desk = Desk(BY_PRIORITY % ", warn: [50%, 80%], late: { notify: lead }", "12-02 09:00", priority="p3")
    desk.then("12-02 15:00", "note", data={"priority": "p1"})
    cycle = desk.cycle()
    assert (cycle.status, cycle.by_change, shown(cycle.due)) == (ClockStatus.OVERDUE, True, "12-02 13:00")
    assert desk.codes() == ["DV401@1"]
    assert desk.judge.timers(desk.state) == ()


def test_v8_the_rest_runs_on_the_calendar_now_in_force() -> None:
    clock = "c: { to: client, until: send, within: 8 working hours, \
calendar: { depends-on: priority, p1: 24x7, otherwise: office } }"
    desk = Desk(clock, "12-02 09:00", priority="p2").then("12-02 12:00", "note", data={"priority": "p1"})
    assert desk.due() == "12-02 17:00"
    desk = Desk(clock, "12-02 14:00", priority="p2").then("12-02 17:00", "note", data={"priority": "p1"})
    assert (desk.due(), desk.cycle().used) == ("12-02 22:00", 3 * HOUR)


def test_v10_an_update_every_four_working_hours() -> None:
    desk = Desk("c: { to: client, every: 4 working hours, by-action: update }", "12-02 09:00")
    desk.then("12-02 15:00", "update")
    assert desk.due() == "12-03 11:00"
    assert [one.status for one in desk.audit().clocks] == [ClockStatus.BREACHED, ClockStatus.RUNNING]


@pytest.mark.parametrize(("within", "due"), [("2 working days", "12-03 17:00"), ("16 working hours", "12-03 16:00")])
def test_v11_two_working_days_end_with_the_second(within: str, due: str) -> None:
    desk = Desk(f"c: {{ to: client, until: send, within: {within} }}", "11-27 16:00")
    assert desk.due() == due


def test_exactly_on_target_is_met_and_so_is_what_comes_before_the_next_opening() -> None:
    clock = "c: { to: client, until: send, within: 8 working hours }"
    assert Desk(clock, "12-04 09:00").then("12-04 17:00", "send").cycle().status is ClockStatus.MET
    assert Desk(clock, "12-04 09:00").then("12-05 10:00", "send").cycle().status is ClockStatus.MET
    late = Desk(clock, "12-04 09:00").then("12-07 09:01", "send")
    assert (late.cycle().status, late.codes()) == (ClockStatus.BREACHED, ["DV401@1"])
