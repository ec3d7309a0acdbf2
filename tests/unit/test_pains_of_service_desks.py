"""What people complained of in the trackers of other service desks, one story each: what was reported there holds here.

The name of a test says where. Wed 2 December 2026 is the first working day after two holidays.
"""

from __future__ import annotations

from datetime import timedelta

from procflow.model.clock import ClockStatus, Why
from tests.unit.timed_stories import BUCHAREST, DESK, desk, week

MET, BREACHED, RUNNING = ClockStatus.MET, ClockStatus.BREACHED, ClockStatus.RUNNING
PAUSED, OVERDUE, CANCELLED = ClockStatus.PAUSED, ClockStatus.OVERDUE, ClockStatus.CANCELLED
ANSWER = "answer: { to: client, until: send, within: 8 working hours, paused-in: [waiting] }"
INFORM = "inform: { to: client, every: 4 working hours, while: ours-to-act, by-action: update }"
WITH_PROMISED = DESK.replace("data:\n", "data:\n  promised: { type: instant }\n")
ASKED = "asked=which due=2026-12-10T09:00"


def test_zammad_3140_update_time_looks_at_who_spoke_last() -> None:
    """The update clock ran whoever had written last."""
    told = desk(
        INFORM,
        "2026-12-02 09:00 ana/agent opens",
        "2026-12-02 10:00 eve/client update for=client",
        "2026-12-02 11:00 ana/agent update",
        f"2026-12-02 12:00 ana/agent ask {ASKED}",
    )
    assert told.cycles("inform", "2026-12-04 16:00") == [MET, RUNNING]
    assert told.cycle("inform", 1).used == timedelta(hours=2)  # what the client said was no news to the client
    assert told.cycle("inform", 2, "2026-12-04 16:00").used == timedelta(hours=1)  # and then it is the client's turn
    assert told.codes("2026-12-04 16:00") == []


def test_zammad_3140_who_is_silent_too_long_is_told_once() -> None:
    told = desk(INFORM, "2026-12-02 09:00 ana/agent opens", "2026-12-03 09:00 ana/agent note")
    assert told.codes() == ["DV409"]
    assert told.codes("2026-12-08 09:00") == ["DV409"]
    assert told.due("inform") == "Wed 2026-12-02 13:00"


def test_zammad_5177_update_time_does_not_overrule_first_response() -> None:
    """There was one escalation time for all clocks, the earliest."""
    told = desk(
        "first: { to: client, until: send, within: 6 working hours }\n"
        "inform: { to: client, every: 2 working hours, by-action: update }",
        "2026-12-02 09:00 ana/agent opens",
        "2026-12-02 10:00 ana/agent update",
    )
    assert told.due("first") == "Wed 2026-12-02 15:00"
    assert told.due("inform", 2) == "Wed 2026-12-02 12:00"


def test_zammad_5624_a_clock_ends_when_the_work_goes_where_it_does_not_hold() -> None:
    """Passed from support to sales, the update time of support was still there."""
    told = desk(
        "support: { to: team, until: send, within: 4 working hours, cancelled-by: hand }",
        "2026-12-02 09:00 ana/agent opens",
        "2026-12-02 09:10 ana/agent accept",
        "2026-12-02 10:00 dan/expert hand",
    )
    assert told.cycles("support", "2026-12-08 12:00") == [CANCELLED]
    assert told.codes("2026-12-08 12:00") == []
    assert not [one for one in told.audit("2026-12-08 12:00").due if one.clock]


def test_zammad_4432_nobody_is_reminded_at_midnight_or_on_weekends() -> None:
    """Reminders came at midnight, and on weekends."""
    told = desk(
        "answer: { to: client, until: send, within: 3 working days, warn: [50%, 80%],"
        " late: { after: 4 working hours, notify: lead } }",
        "2026-12-04 16:30 ana/agent opens",
    )
    marks = told.timers("2026-12-31 00:00")
    assert [mark for _, mark, _ in marks] == ["50%", "80%", "late"]
    for _, _, when in marks:
        assert when[:3] not in ("Sat", "Sun")
        assert "09:00" <= when[-5:] <= "17:00"


def test_zammad_2157_no_work_on_a_holiday() -> None:
    told = desk("answer: { to: client, until: send, within: 1 working hour }", "2026-11-28 02:00 ana/agent opens")
    assert told.due("answer") == "Wed 2026-12-02 10:00"


def test_zammad_904_a_merged_case_escalates_no_more() -> None:
    """Merged tickets were shown among the escalated."""
    told = desk(ANSWER, "2026-12-02 09:00 ana/agent opens", "2026-12-02 10:00 ana/agent merge")
    assert told.cycles("answer", "2026-12-20 12:00") == [CANCELLED]
    assert told.timers("2026-12-20 12:00") == []
    assert told.codes("2026-12-20 12:00") == []


def test_zammad_1322_the_clients_answer_counts_in_whatever_way_it_comes() -> None:
    """What the client wrote as a note did not set the clock going again."""
    clock = "answer: { to: client, until: send, within: 8 working hours, paused-in: [waiting], resumed-by: [note] }"
    told = desk(
        clock,
        "2026-12-02 09:00 ana/agent opens",
        f"2026-12-02 10:00 ana/agent ask {ASKED}",
        "2026-12-02 12:00 eve/client note for=client",
    )
    assert told.due("answer") == "Thu 2026-12-03 11:00"
    assert told.cycle("answer").paused == timedelta(hours=2)


def test_zammad_2579_figures_follow_from_the_record() -> None:
    """Statistics were written down when something closed, and were wrong ever after."""
    lines = ["2026-12-02 09:00 ana/agent opens", "2026-12-02 12:00 ana/agent send"]
    assert desk(ANSWER, *lines).cycle("answer").used == timedelta(hours=3)
    late_entry = [lines[0], "2026-12-02 12:30 ana/agent note", "2026-12-02 11:00 ana/agent send"]
    assert desk(ANSWER, *late_entry).cycle("answer").used == timedelta(hours=2)


def test_zammad_3928_all_clocks_are_shown_not_the_closest_alone() -> None:
    told = desk(
        "first: { to: client, until: send, within: 2 working hours }\n"
        "inform: { to: client, every: 3 working hours, by-action: update }\n"
        "solve: { to: client, until: case ends, within: 5 working days }",
        "2026-12-02 09:00 ana/agent opens",
    )
    assert [one.clock for one in told.audit().due if one.clock] == ["first", "inform", "solve"]


def test_zammad_3180_a_day_to_midnight_has_no_hole() -> None:
    """00:00 to 23:59 was closed for a minute at midnight."""
    always = week("office", BUCHAREST, {"0123456": "00:00-00:00"})
    told = desk(
        "answer: { to: client, until: send, within: 48 working hours }",
        "2026-12-02 22:00 ana/agent opens",
        "2026-12-04 22:00 ana/agent send",
        calendars=[always],
    )
    assert told.cycle("answer").used == timedelta(hours=48)
    assert told.cycles("answer") == [MET]


def test_glpi_10594_a_pause_over_a_weekend_costs_working_time_only() -> None:
    """Days of a weekend were added to the time limit."""
    told = desk(
        ANSWER,
        "2026-12-04 15:00 ana/agent opens",
        "2026-12-04 17:00 ana/agent ask asked=which due=2026-12-10T09:00",
        "2026-12-07 09:00 eve/client reply",
    )
    assert told.due("answer") == "Mon 2026-12-07 15:00"  # 2 hours on Friday, 6 on Monday


def test_glpi_6902_a_pause_outlives_a_change_of_priority() -> None:
    """The new time limit was counted from the opening, without the pause."""
    clock = (
        "answer: { to: client, until: send, paused-in: [waiting], on-change: MODE,"
        " within: { depends-on: priority, p1: 4 working hours, otherwise: 16 working hours } }"
    )
    lines = [
        "2026-12-02 09:00 ana/agent opens priority=p3",
        f"2026-12-02 10:00 ana/agent ask {ASKED}",
        "2026-12-02 15:00 eve/client reply",
        "2026-12-02 16:00 dan/expert grade priority=p1",
    ]
    for mode in ("keep-elapsed", "retroactive"):
        told = desk(clock.replace("MODE", mode), *lines)
        assert told.due("answer") == "Thu 2026-12-03 10:00", mode  # 2 hours are used, 2 are left
        assert told.cycle("answer").paused == timedelta(hours=5)


def test_glpi_15605_a_change_while_it_waits_keeps_the_pause() -> None:
    told = desk(
        "answer: { to: client, until: send, paused-in: [waiting],"
        " within: { depends-on: priority, p1: 4 working hours, otherwise: 16 working hours } }",
        "2026-12-02 09:00 ana/agent opens priority=p3",
        f"2026-12-02 10:00 ana/agent ask {ASKED}",
        "2026-12-02 13:00 ana/agent grade priority=p1",
        "2026-12-02 16:00 eve/client reply",
    )
    assert told.cycle("answer").paused == timedelta(hours=6)
    assert told.due("answer") == "Thu 2026-12-03 11:00"


def test_glpi_1911_a_second_team_has_its_own_time() -> None:
    """Passed on at 10:30, the second team had no time left."""
    told = desk(
        "own: { to: team, each: hand-off, within: 2 working hours }\n"
        "whole: { to: client, until: send, within: 8 working hours }",
        "2026-12-02 09:00 ana/agent opens",
        "2026-12-02 10:30 ana/agent accept",
    )
    assert told.cycles("own") == [MET, RUNNING]
    assert told.due("own", 2) == "Wed 2026-12-02 12:30"
    assert told.due("whole") == "Wed 2026-12-02 17:00"


def test_glpi_17186_a_deadline_is_no_timer() -> None:
    """A time to repair was a date, and moved with every pause."""
    told = desk(
        "delivery: { to: client, by: { field: promised }, until: send }\n" + ANSWER,
        "2026-12-02 09:00 ana/agent opens promised=2026-12-03T12:00",
        f"2026-12-02 10:00 ana/agent ask {ASKED}",
        "2026-12-03 14:00 eve/client reply",
        steps=WITH_PROMISED,
    )
    assert told.cycles("delivery") == [OVERDUE]
    assert told.cycles("answer") == [RUNNING]
    assert told.due("delivery") == "Thu 2026-12-03 12:00"


def test_glpi_24481_nothing_is_violated_while_it_waits() -> None:
    """Despite being on pending, the time to resolve was violated."""
    told = desk(
        "own: { to: team, until: send, within: 2 working hours, paused-in: [waiting] }",
        "2026-12-02 09:00 ana/agent opens",
        "2026-12-02 10:00 ana/agent ask asked=which due=2026-12-23T09:00",
    )
    assert told.cycles("own", "2026-12-18 12:00") == [PAUSED]
    assert told.codes("2026-12-18 12:00") == []
    assert told.timers("2026-12-18 12:00") == []


def test_glpi_23359_time_as_solved_is_neither_work_nor_waiting() -> None:
    """Reopened, the time it had been solved was counted as pending."""
    told = desk(
        "answer: { to: client, until: enters solved, from: [case opens, enters work], within: 16 working hours,"
        " paused-in: [waiting], reopen: continue }",
        "2026-12-02 09:00 ana/agent opens",
        "2026-12-02 10:00 ana/agent accept",
        "2026-12-02 12:00 dan/expert finish",
        "2026-12-03 12:00 eve/client again",
    )
    assert told.cycle("answer").used == timedelta(hours=3)
    assert told.cycle("answer").paused == timedelta(0)
    assert (Why.RESOLVED, 24.0) in told.ledger("answer")
    assert told.ball()["resolved"] == 24.0


def test_glpi_1857_working_time_and_wall_time_stand_side_by_side() -> None:
    """From 17:55 to 08:05 are ten minutes, and fourteen hours."""
    late_office = week("office", BUCHAREST, {"01234": "08:00-18:00"})
    told = desk(ANSWER, "2026-12-02 17:55 ana/agent opens", "2026-12-03 08:05 ana/agent send", calendars=[late_office])
    assert told.cycle("answer").used == timedelta(minutes=10)
    assert told.cycle("answer").wall == timedelta(hours=14, minutes=10)


def test_glpi_16236_who_moved_a_due_date_is_told() -> None:
    """A due date moved, and nobody could tell why."""
    told = desk(
        "answer: { to: client, until: send,"
        " within: { depends-on: priority, p1: 4 working hours, otherwise: 16 working hours } }",
        "2026-12-02 09:00 ana/agent opens priority=p1",
        "2026-12-02 12:30 dan/expert grade priority=p3",
    )
    (found,) = [one for one in told.audit().deviations if one.code == "DV407"]
    assert (found.seq, found.actor) == (2, "dan")


def test_osticket_1168_what_arrives_on_a_weekend_is_not_overdue_on_monday() -> None:
    told = desk(ANSWER, "2026-12-05 11:00 ana/agent opens")
    assert told.cycles("answer", "2026-12-07 09:00") == [RUNNING]
    assert told.cycle("answer", as_of="2026-12-07 09:00").used == timedelta(0)
    assert told.due("answer") == "Mon 2026-12-07 17:00"


def test_osticket_3034_a_step_may_pause_a_clock_and_no_other_does() -> None:
    told = desk(
        ANSWER,
        "2026-12-02 09:00 ana/agent opens",
        "2026-12-02 09:00 ana/agent accept",
        "2026-12-02 10:00 dan/expert order asked=repair due=2026-12-10T09:00",
    )
    assert told.cycles("answer") == [RUNNING]
    told = desk(ANSWER, "2026-12-02 09:00 ana/agent opens", f"2026-12-02 10:00 ana/agent ask {ASKED}")
    assert told.cycles("answer") == [PAUSED]


def test_osticket_6739_a_week_without_a_monday_counts_the_other_days() -> None:
    short = week("office", BUCHAREST, {"1234": "09:00-17:00"})
    told = desk(
        "answer: { to: client, until: send, within: 2 working days }",
        "2026-12-11 10:00 ana/agent opens",
        calendars=[short],
    )
    assert told.due("answer") == "Wed 2026-12-16 17:00"


def test_osticket_6847_a_lunch_break_is_no_day_off() -> None:
    lunch = week("office", BUCHAREST, {"01234": "09:00-12:00 13:00-17:00"})
    told = desk(
        "answer: { to: client, until: send, within: 4 working hours }",
        "2026-12-02 10:00 ana/agent opens",
        calendars=[lunch],
    )
    assert told.due("answer") == "Wed 2026-12-02 15:00"


def test_znuny_514_whatever_way_a_case_begins_its_clocks_begin() -> None:
    """Of tickets made by a process, the time to respond did not start."""
    opened = desk(ANSWER, "2026-12-02 09:00 ana/agent opens", "2026-12-02 10:00 ana/agent note")
    assert opened.cycle("answer").used == timedelta(hours=1)
    unopened = desk(ANSWER, "2026-12-02 09:00 ana/agent accept", "2026-12-02 10:00 ana/agent note")
    assert len(unopened.cycles("answer")) == 1


def test_helpdesk_2449_a_hold_over_days_off_is_not_added_to_the_due_date() -> None:
    """The whole time on hold was added to the creation time, days off and all."""
    told = desk(
        ANSWER,
        "2026-11-27 15:00 ana/agent opens",
        "2026-11-27 16:00 ana/agent ask asked=which due=2026-12-10T09:00",
        "2026-12-02 10:00 eve/client reply",
    )
    assert told.due("answer") == "Wed 2026-12-02 17:00"
    assert told.cycle("answer").paused == timedelta(days=4, hours=18)


def test_dbt_zendesk_25_the_offset_is_that_of_the_day_not_of_today() -> None:
    """Minutes were counted with today's offset: an hour off in the other half of the year."""
    for day, opens in (("2026-07-01", "06:00"), ("2026-12-02", "07:00")):
        told = desk(ANSWER, f"{day} {opens} ana/agent opens", f"{day} 10:00 ana/agent send", zone="UTC")
        assert told.cycle("answer").used == timedelta(hours=int(10 - int(opens[:2])))


def test_azure_8675_a_night_in_which_the_clocks_change_is_an_hour_shorter() -> None:
    told = desk(
        "answer: { to: client, until: send, within: 4 working hours, calendar: 24x7 }",
        "2026-03-29 01:00 ana/agent opens",
    )
    assert told.due("answer") == "Sun 2026-03-29 06:00"


def test_moment_business_time_58_an_hour_at_the_fold_is_an_hour() -> None:
    """An hour of work added where the clocks go back led nowhere."""
    night = week("office", BUCHAREST, {"0123456": "22:00-06:00"})
    lines = ["2026-10-25 03:30 ana/agent opens fold=0"]
    clock = "answer: { to: client, until: send, within: 1 working hour }"
    told = desk(clock, *lines, calendars=[night])
    due = told.cycle("answer").due
    assert due is not None
    assert due - told.events[0].occurred_at == timedelta(hours=1)
    assert told.due("answer") == "Sun 2026-10-25 03:30"


def test_business_time_227_hours_may_cross_midnight() -> None:
    night = week("office", BUCHAREST, {"4": "22:00-06:00"})
    told = desk(
        "answer: { to: client, until: send, within: 8 working hours }",
        "2026-12-04 20:00 ana/agent opens",
        calendars=[night],
    )
    assert told.due("answer") == "Sat 2026-12-05 06:00"


def test_invictadesk_hours_may_begin_before_three_at_night() -> None:
    """`Due to bugs with how daylight saving works, define time as 03:00 or more`."""
    early = week("office", BUCHAREST, {"0123456": "02:00-05:00"})
    told = desk(
        "answer: { to: client, until: send, within: 2 working hours }",
        "2026-03-29 00:00 ana/agent opens",
        calendars=[early],
    )
    assert told.due("answer") == "Sun 2026-03-29 05:00"


def test_osticket_otrs_1732_less_than_an_hour_across_the_end_of_a_day() -> None:
    told = desk("answer: { to: client, until: send, within: 45 working minutes }", "2026-12-02 16:40 ana/agent opens")
    assert told.due("answer") == "Thu 2026-12-03 09:25"


# What their sources admit


def test_zammad_escalation_a_change_of_the_agreement_keeps_the_history_right() -> None:
    """`SLA change will cause wrong statistics in some edge cases`."""
    told = desk(
        "inform: { to: client, by-action: update,"
        " every: { depends-on: priority, p1: 2 working hours, otherwise: 4 working hours } }",
        "2026-12-02 09:00 ana/agent opens priority=p3",
        "2026-12-02 12:00 ana/agent update",
        "2026-12-02 12:30 dan/expert grade priority=p1",
        "2026-12-02 15:00 ana/agent update",
    )
    assert told.cycles("inform") == [MET, BREACHED, RUNNING]


def test_itop_a_breach_in_the_past_is_told_by_how_much() -> None:
    """`The overrun can be wrong`: there was no history to compute it from."""
    told = desk(
        "answer: { to: client, until: send, paused-in: [waiting],"
        " within: { depends-on: priority, p1: 4 working hours, otherwise: 16 working hours } }",
        "2026-12-02 09:00 ana/agent opens priority=p3",
        "2026-12-02 15:00 dan/expert grade priority=p1",
    )
    found = told.cycle("answer")
    assert (found.status, found.by_change) == (OVERDUE, True)
    assert told.due("answer") == "Wed 2026-12-02 13:00"
    (against,) = [one for one in told.audit().deviations if one.code == "DV401"]
    assert against.lateness is not None
    assert against.lateness.due == found.due


def test_glpi_calendar_no_day_is_met_twice_where_the_clocks_change() -> None:
    """Steps of 86,400 seconds meet a day twice, or none."""
    daily = week("office", BUCHAREST, {"0123456": "00:00-01:00"})
    told = desk(
        "answer: { to: client, until: send, within: 3 working days }",
        "2026-10-24 00:30 ana/agent opens",
        "2026-10-27 00:30 ana/agent send",
        calendars=[daily],
    )
    assert told.due("answer") == "Tue 2026-10-27 01:00"
    assert told.cycle("answer").used == timedelta(hours=3)


def test_glpi_calendar_holidays_over_new_year() -> None:
    """A range from 31 December to 1 January never matched."""
    off = week("office", BUCHAREST, {"01234": "09:00-17:00"}, {"2026-12-31": "", "2027-01-01": ""})
    told = desk(ANSWER, "2026-12-30 16:00 ana/agent opens", calendars=[off])
    assert told.due("answer") == "Mon 2027-01-04 16:00"


def test_otobo_no_minutes_are_made_up_while_it_waits() -> None:
    """Four minutes were added at every run so that nothing escalates while it waits."""
    told = desk(
        ANSWER,
        "2026-12-02 09:00 ana/agent opens",
        f"2026-12-02 10:00 ana/agent ask {ASKED}",
        "2026-12-02 10:01 eve/client reply",
    )
    assert told.cycle("answer").paused == timedelta(minutes=1)
    assert told.due("answer") == "Thu 2026-12-03 09:01"


def test_zammad_biz_break_seconds_are_not_lost() -> None:
    """Pauses were kept as hours and minutes."""
    told = desk(
        ANSWER,
        "2026-12-02 09:00:00 ana/agent opens",
        "2026-12-02 10:00:31 ana/agent ask asked=which due=2026-12-10T09:00",
        "2026-12-02 10:02:02 eve/client reply",
        "2026-12-02 11:00:00 dan/expert send",
    )
    assert told.cycle("answer").used == timedelta(hours=2) - timedelta(seconds=91)
    assert told.cycle("answer").paused == timedelta(seconds=91)
