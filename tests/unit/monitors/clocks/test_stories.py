"""Clocks as cases tell them: what begins, rests, changes and ends them, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from procflow.calendars.book import CalendarBook, CalendarSet
from procflow.calendars.hours import Regime, Window
from procflow.model.clock import ClockStatus, LateDoing, PartyKind, Timer, Why
from procflow.model.event import Act, Kind, Override, Waiver, Witness
from tests.unit.monitors.clocks.office import CALENDARS, OFFICE, Desk, asked, local, shown

HOUR = timedelta(hours=1)
ANSWER = "c: { to: client, until: send, within: 8 working hours, paused-in: waiting }"


def test_a_breach_is_told_once_by_whatever_comes_next_and_in_full_when_it_is_over() -> None:
    desk = Desk(ANSWER, "12-02 09:00").then("12-03 10:00", "note")
    (open_one,) = desk.audit().deviations
    assert (open_one.seq, open_one.actor, open_one.refuses, open_one.who_could) == (1, None, False, ("agent",))
    assert open_one.lateness.over is None
    desk.then("12-03 11:00", "send")
    (told,) = desk.audit().deviations
    assert (told.values["came"], told.lateness.over) == ("2026-12-03T09:00:00Z", 2 * HOUR)
    assert told.values["used"] == "10 hours of working time"
    assert told.of_time


def test_open_hours_are_told_as_hours_and_elapsed_time_in_days() -> None:
    (told,) = Desk(ANSWER, "12-02 09:00").then("12-08 11:30", "send").audit().deviations
    assert told.values["used"] == "34 hours 30 minutes of working time"
    assert told.values["on the wall"] == "6 days 2 hours 30 minutes"
    assert "26 hours 30 minutes of working time late" in told.message


@pytest.mark.parametrize(
    ("until", "remedy"),
    [
        ("send", "do “send” in time"),
        ("[leaves work, send, accept]", "do “send” or “accept” or leave “work” in time"),
        ("case ends", "bring the case to its end in time"),
    ],
)
def test_the_remedy_says_what_to_do_in_time(until: str, remedy: str) -> None:
    desk = Desk(ANSWER.replace("until: send", f"until: {until}"), "12-02 09:00")
    (told,) = desk.audit("12-08 09:00").deviations
    assert told.remedy == remedy


def test_an_open_case_is_late_as_of_a_moment() -> None:
    desk = Desk(ANSWER, "12-02 09:00")
    assert desk.codes("12-02 17:00") == desk.codes("12-03 09:00") == []
    assert desk.codes("12-03 09:01") == ["DV401@1"]


def test_a_stop_that_is_told_late_takes_back_what_was_said() -> None:
    desk = Desk(ANSWER, "12-02 09:00").then("12-03 10:00", "note")
    assert desk.codes() == ["DV401@1"]
    desk.then("12-02 16:00", "send")
    assert (desk.codes(), desk.cycle().status) == ([], ClockStatus.MET)
    assert shown(desk.cycle().stopped_at) == "12-02 16:00"


@pytest.mark.parametrize("data", [{}, {"asked": " ", "due": local("12-10 09:00").isoformat()}, {"asked": "Which?"}])
def test_a_clock_goes_on_where_nobody_was_asked(data: dict[str, str]) -> None:
    desk = Desk(ANSWER, "12-02 09:00").then("12-02 11:00", "ask", data=data)
    assert desk.codes() == ["DV406@2"]
    assert desk.due() == "12-02 17:00"


@pytest.mark.parametrize(
    "data", [{"asked": "Which?", "due": "2026-12-10T09:00"}, {"asked": 5, "due": local("12-10 09:00").isoformat()}]
)
def test_a_pause_that_nobody_can_read_is_not_held_against_anybody(data: dict[str, object]) -> None:
    desk = Desk(ANSWER, "12-02 09:00").then("12-02 11:00", "ask", data=data)
    assert desk.codes("12-08 09:00") == ["DV302@2"]
    assert desk.audit().not_examined["pause: waiting"] == 1
    assert desk.cycle().status is ClockStatus.PAUSED


def test_what_cannot_be_read_is_not_what_was_said_before() -> None:
    desk = Desk(ANSWER, "12-02 09:00").then("12-02 10:00", "ask", data=asked("12-03 12:00"))
    desk.then("12-02 11:00", "reply", "client").then("12-02 12:00", "ask", data={"asked": "Which?", "due": "soon"})
    assert desk.cycle("12-08 09:00").status is ClockStatus.PAUSED


def test_the_ledger_of_a_count_has_a_line_for_each_time() -> None:
    desk = Desk("c: { to: team, at-most: 2, of: [note, update] }", "12-02 09:00")
    assert [(one.note, one.seq) for one in desk.judge.ledger(desk.state, "c", as_of=local("12-02 10:00"))] == [("", 1)]
    desk.then("12-02 10:00", "note").then("12-02 10:00", "update", "client").then("12-02 11:00", "note")
    lines = desk.judge.ledger(desk.state, "c", as_of=local("12-02 12:00"))
    assert [(shown(one.start), one.note, one.seq) for one in lines] == [
        ("12-02 09:00", "", 1),
        ("12-02 10:00", "note: 1 of at most 2", 2),
        ("12-02 10:00", "update: 2 of at most 2", 3),
        ("12-02 11:00", "note: 3 of at most 2", 4),
    ]
    assert sum((one.counted for one in lines), timedelta()) == lines[-1].total == 3 * HOUR
    assert all(one.end == two.start for one, two in pairwise(lines))
    at_once = desk.judge.ledger(desk.state, "c")
    assert (at_once[-1].note, at_once[-1].start) == ("note: 3 of at most 2", at_once[-1].end)


def test_the_ledger_of_hand_offs_says_who_got_the_ball() -> None:
    desk = Desk("c: { to: team, at-most: 3, of: hand-off }", "12-02 09:00").then("12-02 10:00", "hand")
    lines = desk.judge.ledger(desk.state, "c", as_of=local("12-02 12:00"))
    assert lines[-1].note == "hand-off to expert: 1 of at most 3"


def test_what_was_asked_before_counts_for_no_later_wait() -> None:
    desk = Desk(ANSWER, "12-02 09:00").then("12-02 10:00", "ask", data=asked("12-10 09:00"))
    desk.then("12-02 11:00", "reply", "client").then("12-02 12:00", "ask")
    assert desk.codes() == ["DV406@4"]


def test_a_pause_is_over_when_the_answer_was_due() -> None:
    desk = Desk(ANSWER, "12-02 09:00").then("12-02 11:00", "ask", data=asked("12-03 12:00"))
    desk.then("12-04 11:00", "reply", "client")
    assert (desk.cycle().used, desk.due()) == (9 * HOUR, "12-04 10:00")


def test_a_pause_is_over_when_it_has_used_up_its_share() -> None:
    clock = ANSWER.replace("waiting }", "waiting, max-pause: 3 working hours }")
    desk = Desk(clock, "12-02 09:00").then("12-02 11:00", "ask", data=asked("12-20 09:00"))
    desk.then("12-02 13:00", "reply", "client").then("12-02 14:00", "ask", data=asked("12-20 09:00"))
    assert shown(desk.judge.due(desk.state)[0].due) == "12-03 12:00"


def test_whoever_is_waited_for_ends_the_pause_by_writing() -> None:
    clock = ANSWER.replace("waiting }", "waiting, resumed-by: update }")
    desk = Desk(clock, "12-02 09:00").then("12-02 11:00", "ask", data=asked("12-20 09:00"))
    assert desk.then("12-02 15:00", "update", "client").due() == "12-03 13:00"


def test_a_log_that_cannot_witness_what_was_asked_is_believed() -> None:
    desk = Desk(ANSWER, "12-02 09:00", witness=Witness(data=frozenset({"priority"}))).then("12-02 11:00", "ask")
    assert desk.cycle().status is ClockStatus.PAUSED
    assert desk.audit().not_examined == {"pause: waiting": 1}


def test_who_relaxes_a_target_in_the_last_moment_says_why() -> None:
    clock = "c: { to: client, until: send, within: { depends-on: priority, p1: 4 working hours, p2: 3 working days } }"
    late = Desk(clock, "12-02 09:00", priority="p1").then("12-02 12:30", "note", data={"priority": "p2"})
    assert late.codes() == ["DV407@2"]
    assert late.audit().deviations[0].refuses
    why = Desk(clock, "12-02 09:00", priority="p1")
    assert why.then("12-02 12:30", "note", data={"priority": "p2"}, reason="the line runs again").codes() == []
    early = Desk(clock, "12-02 09:00", priority="p1").then("12-02 12:00", "note", data={"priority": "p2"})
    assert early.codes() == []


def test_a_target_that_becomes_known_counts_from_the_start() -> None:
    clock = "c: { to: client, until: send, within: { depends-on: priority, p1: 4 working hours, p2: 8 working hours, \
p3: 9 hours }, warn: [50%, 80%] }"
    desk = Desk(clock, "12-02 09:00")
    assert (desk.cycle().target, desk.cycle().status, desk.due()) == ("?", ClockStatus.RUNNING, None)
    desk.then("12-02 11:30", "note", data={"priority": "p1"})
    assert desk.due() == "12-02 13:00"
    assert [one.mark for one in desk.judge.timers(desk.state)] == ["80%"]
    assert Desk(clock, "12-02 09:00").then("12-02 10:00", "send").cycle().status is ClockStatus.NOT_EXAMINED


def test_a_stop_and_a_beginning_around_the_deadline_is_told() -> None:
    clock = "c: { to: client, from: enters work, until: send, within: 8 working hours }"
    desk = Desk(clock, "12-02 09:00").then("12-02 16:30", "send").then("12-03 10:00", "again", "client")
    assert desk.codes() == ["DV408@3"]
    assert [one.status for one in desk.audit().clocks] == [ClockStatus.MET, ClockStatus.RUNNING]


def test_a_cycle_that_goes_on_keeps_what_it_has_used() -> None:
    clock = "c: { to: client, from: enters work, until: send, within: 8 working hours, reopen: continue }"
    desk = Desk(clock, "12-02 09:00").then("12-02 12:00", "send").then("12-04 12:00", "again", "client")
    assert (desk.cycle().number, desk.cycle().used, desk.due()) == (
        1,
        3 * HOUR,
        "12-04 17:00",
    )
    assert [one.why for one in desk.judge.ledger(desk.state, "c")] == [Why.COUNTED, Why.RESOLVED]


def test_an_end_that_is_taken_back_stopped_nothing() -> None:
    clock = "c: { to: client, within: 8 working hours }"
    desk = Desk(clock, "12-02 09:00").then("12-02 10:00", "send").then("12-02 11:00", "accept", "client")
    assert desk.cycle().status is ClockStatus.MET
    back = Override(act=Act.REDO, to="work")
    desk.then("12-03 11:00", "", "lead", kind=Kind.OVERRIDE, override=back, reason="the client called")
    assert (desk.cycle().number, desk.cycle().status, desk.cycle().used) == (1, ClockStatus.RUNNING, 2 * HOUR)


def test_a_case_that_is_cancelled_breaches_nothing() -> None:
    desk = Desk(ANSWER, "12-02 09:00").then("12-03 10:00", "note").then("12-03 11:00", "drop")
    assert (desk.cycle().status, desk.codes()) == (ClockStatus.CANCELLED, [])


def test_an_update_counts_only_if_it_is_ours_and_is_owed_only_while_the_ball_is() -> None:
    clock = "c: { to: client, every: 4 working hours, while: ours-to-act, by-action: update }"
    desk = Desk(clock, "12-02 09:00").then("12-02 10:00", "update", "client")
    assert desk.cycle().number == 1
    desk.then("12-02 11:00", "ask").then("12-03 11:00", "reply", "client")
    assert (desk.cycle().used, desk.due()) == (2 * HOUR, "12-03 13:00")
    desk.then("12-03 14:00", "note").then("12-03 15:00", "note")
    assert desk.codes() == ["DV409@1"]


def test_hand_offs_are_counted_and_each_has_its_own_clock() -> None:
    clocks = "few: { to: team, at-most: 1, of: hand-off }\nc: { to: team, each: hand-off, within: { depends-on: role, \
expert: 2 working hours, otherwise: 8 working hours } }"
    desk = Desk(clocks, "12-02 09:00").then("12-02 10:00", "hand").then("12-02 13:00", "give-back", "expert")
    told = [(one.number, one.grade, one.status.value) for one in desk.audit().clocks if one.clock == "c"]
    assert told == [(1, "agent", "met"), (2, "expert", "breached"), (3, "agent", "running")]
    assert desk.codes() == ["DV401@2", "DV410@3"]
    assert desk.cycle(clock="few").count == 2
    (late,) = [one for one in desk.audit().deviations if one.code == "DV401"]
    assert late.remedy == "hand it on, or finish, in time"


def test_a_deadline_is_not_moved_by_waiting() -> None:
    clock = "c: { to: client, until: send, by: { field: promised } }"
    desk = Desk(clock, "12-02 09:00", promised=local("12-03 12:00").isoformat())
    desk.then("12-02 11:00", "ask")
    assert desk.due() == "12-03 12:00"
    desk.then("12-03 12:30", "reply", "client")
    assert desk.codes() == ["DV401@1"]
    assert desk.cycle().target == "Thu 2026-12-03 12:00 +02:00"


def test_it_counts_from_when_it_was_reported() -> None:
    clock = "c: { to: client, from: { field: reported }, until: send, within: 8 working hours, warn: [50%, 80%] }"
    desk = Desk(clock, "12-02 15:00").then("12-02 16:00", "note", data={"reported": local("12-02 09:00").isoformat()})
    assert (shown(desk.cycle().started_at), desk.cycle().since, desk.due()) == ("12-02 09:00", 2, "12-02 17:00")
    assert desk.judge.timers(desk.state) == ()


def test_what_time_does_is_done_once_in_its_order() -> None:
    clock = ANSWER.replace("}", ", warn: [50%], late: [{ notify: lead }, { after: 1 working hours, escalate: lead }] }")
    desk = Desk(clock, "12-02 09:00")
    marks = [(one.mark, one.does, shown(one.due)) for one in desk.judge.timers(desk.state)]
    assert marks == [
        ("50%", LateDoing.NOTIFY, "12-02 13:00"),
        ("late", LateDoing.NOTIFY, "12-02 17:00"),
        ("late 2", LateDoing.ESCALATE, "12-03 10:00"),
    ]
    assert desk.judge.timers(desk.state, local("12-02 13:00")) == ()
    assert [one.mark for one in desk.judge.timers(desk.state, local("12-03 08:00"))] == ["50%"]
    first = desk.judge.timers(desk.state)[0]
    desk.then("12-02 13:00", "c", "agent", kind=Kind.TIMER, timer=first)
    assert [one.mark for one in desk.judge.timers(desk.state, local("12-03 09:01"))] == ["late"]
    assert desk.judge.escalated(desk.state, "work", local("12-03 09:59")) == frozenset()
    assert desk.judge.escalated(desk.state, "work", local("12-03 10:00")) == {"lead"}


def test_whom_it_was_escalated_to_may_act() -> None:
    clock = ANSWER.replace("}", ", late: { escalate: lead } }")
    assert Desk(clock, "12-02 09:00").then("12-02 16:00", "send", "lead").codes() == ["DV201@2"]
    assert Desk(clock, "12-02 09:00").then("12-03 10:00", "send", "lead").codes() == ["DV401@1"]


def test_a_breach_is_excused_by_a_waiver_of_its_clock() -> None:
    desk = Desk(ANSWER, "12-02 09:00").then("12-03 10:00", "send")
    waiver = Waiver(code="DV401", person="agent", until=local("12-20 09:00"), clock="c")
    desk.then("12-03 11:00", "", "lead", kind=Kind.WAIVER, waiver=waiver, reason="the power failed")
    assert (desk.cycle().waived, desk.cycle().status) == (True, ClockStatus.BREACHED)
    assert desk.audit().clean
    other = replace(waiver, clock="another")
    desk = Desk(ANSWER, "12-02 09:00").then("12-03 10:00", "send")
    desk.then("12-03 11:00", "", "lead", kind=Kind.WAIVER, waiver=other, reason="the power failed")
    assert not desk.cycle().waived


def test_late_by_less_than_the_record_can_tell_is_late_for_nobody() -> None:
    desk = Desk(ANSWER, "12-02 09:00", witness=Witness(resolution=HOUR)).then("12-03 09:59", "send")
    assert (desk.cycle().status, desk.codes()) == (ClockStatus.UNDECIDABLE, [])
    desk = Desk(ANSWER, "12-02 09:00", witness=Witness(resolution=HOUR)).then("12-03 10:00", "send")
    assert desk.cycle().status is ClockStatus.BREACHED


def test_where_entries_are_missing_a_late_stop_is_not_held_against_anybody() -> None:
    desk = Desk(ANSWER, "12-02 09:00").then("12-03 10:00", "send", gap=True)
    assert desk.cycle().status is ClockStatus.NOT_EXAMINED
    assert "DV401" not in [one.code for one in desk.audit().deviations]
    assert Desk(ANSWER, "12-02 09:00").then("12-02 10:00", "send", gap=True).cycle().status is ClockStatus.MET


def test_a_record_without_times_tells_nothing_of_clocks() -> None:
    audit = Desk(ANSWER, "12-02 09:00", witness=Witness(time=False)).then("12-03 10:00", "send").audit()
    assert (audit.clocks, audit.not_examined) == ((), {"clock: c": 1})


def test_what_the_calendar_does_not_cover_is_told_and_not_guessed() -> None:
    calendars = CalendarBook()
    desk = Desk(ANSWER, "12-02 09:00", calendars=calendars).then("12-03 10:00", "note").then("12-03 11:00", "send")
    assert desk.cycle().status is ClockStatus.NOT_EXAMINED
    assert [one.code for one in desk.audit().findings] == ["DV813"]
    assert [one.why for one in desk.judge.ledger(desk.state, "c")] == [Why.BEYOND]


def test_the_ledger_accounts_for_every_minute_and_agrees_with_the_verdict() -> None:
    desk = Desk(ANSWER.replace("8 working", "12 working"), "11-27 16:00").then(
        "12-02 11:00", "ask", data=asked("12-20 09:00")
    )
    desk.then("12-03 15:00", "reply", "client")
    lines = desk.judge.ledger(desk.state, "c", as_of=local("12-04 10:00"))
    assert [(shown(one.start), shown(one.end), one.why.value, one.counted / HOUR) for one in lines] == [
        ("11-27 16:00", "11-27 17:00", "counted", 1),
        ("11-27 17:00", "11-30 00:00", "outside hours", 0),
        ("11-30 00:00", "12-01 00:00", "day off", 0),
        ("12-01 00:00", "12-02 00:00", "day off", 0),
        ("12-02 00:00", "12-02 09:00", "outside hours", 0),
        ("12-02 09:00", "12-02 11:00", "counted", 2),
        ("12-02 11:00", "12-03 15:00", "paused", 0),
        ("12-03 15:00", "12-03 17:00", "counted", 2),
        ("12-03 17:00", "12-04 09:00", "outside hours", 0),
        ("12-04 09:00", "12-04 10:00", "counted", 1),
    ]
    assert lines[2].note == "Saint Andrew"
    assert lines[6].note == "waiting: Which colour?"
    assert lines[-1].total == desk.cycle("12-04 10:00").used == 6 * HOUR


def test_all_of_a_case_is_in_somebodys_court() -> None:
    desk = Desk(ANSWER, "12-02 09:00").then("12-02 11:00", "ask", data=asked("12-20 09:00"))
    desk.then("12-03 11:00", "reply", "client").then("12-03 12:00", "send").then("12-03 14:00", "accept", "client")
    told = {one.party.kind: one.wall / HOUR for one in desk.audit().ball}
    assert told == {PartyKind.TEAM: 3, PartyKind.CLIENT: 24, PartyKind.RESOLVED: 2}
    spans = desk.judge.ball(desk.state)
    assert (shown(spans[0][1]), shown(spans[-1][2])) == ("12-02 09:00", "12-03 14:00")
    assert Desk("", "12-02 09:00", procedure=DESK_WITHOUT_TIME).judge.ball(desk.state)


DESK_WITHOUT_TIME = """
roles: {{ agent: Works }}
{clocks}
start: work
steps: {{ work: {{ by: agent, actions: {{ send: gone }} }}, gone: {{ end: answered }} }}
"""


def test_a_calendar_that_changes_holds_from_then_on() -> None:
    longer = replace(OFFICE, regimes=(Regime(hours=dict.fromkeys(range(7), (Window(9 * 60, 21 * 60),))),))
    other = CalendarSet([longer])
    desk = Desk(ANSWER, "12-02 14:00", calendars=CalendarBook(CALENDARS.default, [other]))
    assert desk.due() == "12-03 14:00"
    desk.then("12-02 15:00", "", "lead", kind=Kind.CALENDARS, calendars=other.digest, reason="we work longer")
    assert desk.due() == "12-03 10:00"


@pytest.mark.parametrize("within", ["1 day", "8 working hours"])
@pytest.mark.parametrize(("kept", "due"), [(False, "12-03 19:00"), (True, "12-04 11:00")])
def test_so_long_past_is_counted_on_the_calendar_that_holds_for_the_clock(within: str, kept: bool, due: str) -> None:
    longer = replace(OFFICE, regimes=(Regime(hours=dict.fromkeys(range(7), (Window(9 * 60, 21 * 60),))),))
    other = CalendarSet([longer])
    more = ", on-change: keep-target" if kept else ""
    clock = f"c: {{ until: send, within: {within}, late: {{ notify: lead, after: 5 working hours }}{more} }}"
    desk = Desk(clock, "12-02 14:00", calendars=CalendarBook(CALENDARS.default, [other]))
    desk.then("12-02 15:00", "", "lead", kind=Kind.CALENDARS, calendars=other.digest, reason="we work longer")
    (timer,) = desk.judge.timers(desk.state)
    assert shown(timer.due) == (due if kept or within == "1 day" else "12-03 15:00")


STEPS = """
calendar: office
roles: {{ agent: Works, lead: Decides, client: {{ title: Asks, external: true }} }}
{clocks}
start: work
steps:
  work: {{ by: agent, within: 4 working hours, warn: [50%], late: {{ notify: lead }}, actions: {{ ask: waiting }} }}
  waiting:
    waiting-for: {{ party: client, due: required }}
    within: 3 days
    late: {{ go-to: remind }}
    actions: {{ reply: gone }}
  remind: {{ by: agent, actions: {{ call: gone }} }}
  gone: {{ end: answered }}
"""


def test_the_earlier_of_due_and_within_leads_on() -> None:
    desk = Desk("", "12-02 09:00", procedure=STEPS).then(
        "12-02 10:00", "ask", data={"due": local("12-04 10:00").isoformat()}
    )
    (timer,) = desk.judge.timers(desk.state)
    assert (timer.mark, timer.does, timer.to, shown(timer.due)) == ("late", LateDoing.GO_TO, "remind", "12-04 10:00")
    desk.then("12-04 10:00", "waiting", kind=Kind.TIMER, timer=timer)
    assert (str(desk.state.configuration), desk.codes()) == ("remind", [])
    later = Desk("", "12-02 09:00", procedure=STEPS)
    later.then("12-02 10:00", "ask", data={"due": local("12-20 10:00").isoformat()})
    assert shown(later.judge.timers(later.state)[0].due) == "12-05 10:00"


def test_a_case_that_was_led_on_too_soon_or_not_at_all_is_told() -> None:
    def asking() -> Desk:
        desk = Desk("", "12-02 09:00", procedure=STEPS)
        return desk.then("12-02 10:00", "ask", data={"due": local("12-04 10:00").isoformat()})

    assert asking().then("12-03 10:00", "call").codes() == ["DV402@3"]
    assert asking().then("12-05 10:00", "call").codes() == []
    assert asking().then("12-05 10:00", "reply", "client").codes() == ["DV412@3"]
    early = Timer(clock="waiting", cycle=1, mark="late", does=LateDoing.GO_TO, to="remind", due=local("12-03 10:00"))
    assert asking().then("12-03 10:00", "waiting", kind=Kind.TIMER, timer=early).codes() == ["DV402@3"]


WAITING = """\
calendar: office
roles:
  agent: Answers
  client: { title: Asks, external: true }
  vendor: { title: Repairs, external: supplier }
start: work
steps:
  work: { by: agent, actions: { ask: asked, order: repair, hand: form, send: sent } }
  asked:
    waiting-for: { party: client, asked: required, due: required }
    within: 2 working days
    actions: { told: work }
  repair:
    waiting-for: { party: vendor, asked: required, due: required }
    within: 2 days
    actions: { mended: work }
  form: { by: client, within: 1 day, warn: [50%], actions: { fill: work } }
  sent: { end: sent }
"""


@pytest.mark.parametrize(
    ("action", "step", "promise"), [("ask", "asked", False), ("order", "repair", True), ("hand", "form", False)]
)
def test_a_clients_time_is_no_promise_of_ours_and_a_suppliers_is_one(action: str, step: str, promise: bool) -> None:
    desk = Desk("", "12-02 09:00", procedure=braced(WAITING)).then("12-02 10:00", action, data=asked("12-03 12:00"))
    (owed,) = desk.judge.due(desk.state)
    assert owed.clock == step
    late = desk.audit("12-07 10:00")
    assert [one.code for one in late.deviations] == ([] if not promise else ["DV401"])
    (cycle,) = late.clocks
    assert (cycle.status, cycle.promise) == (ClockStatus.OVERDUE, promise)
    who = "vendor" if promise else "client"
    desk.then("12-07 11:00", {"asked": "told", "repair": "mended", "form": "fill"}[step], who)
    assert desk.codes() == ([] if not promise else ["DV401@2"])


@pytest.mark.parametrize(("party", "codes"), [("client", []), ("vendor", ["DV407@3"])])
def test_what_is_due_of_a_client_may_be_put_off_without_a_reason(party: str, codes: list[str]) -> None:
    text = WAITING.replace("party: client", f"party: {party}")
    text = text.replace(
        "within: 2 working days", "within: { depends-on: urgent, p1: 1 working day, p2: 9 working days }"
    )
    text = text.replace(
        "start:", "data: { urgent: { type: choice, of: [p1, p2] } }\nanytime: { note: { to: same, by: any } }\nstart:"
    )
    desk = Desk("", "12-02 09:00", procedure=braced(text), urgent="p1")
    desk.then("12-02 10:00", "ask", data=asked("12-30 12:00")).then("12-03 16:55", "note", data={"urgent": "p2"})
    assert desk.codes() == codes


def braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


@pytest.mark.parametrize("within", ["8 working hours", "8 hours"])
def test_messages_and_what_is_due_tell_the_time_of_the_office(within: str) -> None:
    desk = Desk(ANSWER.replace("8 working hours", within), "12-02 09:00")
    (owed,) = desk.judge.due(desk.state)
    assert owed.zone == desk.cycle().zone == "Europe/Bucharest"
    (told,) = desk.audit("12-03 12:00").deviations
    assert "ran out on Wed 2026-12-02 17:00 +02:00, and" in told.message
    assert told.values["due"] == "2026-12-02T15:00:00Z"
