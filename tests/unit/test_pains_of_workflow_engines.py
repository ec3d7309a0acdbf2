"""What people reported of the timers of workflow engines, one story each: what was reported there holds here.

The name of a test says where. Wed 2 December 2026 is the first working day after two holidays.
"""

from __future__ import annotations

from tests.unit.timed_stories import DESK, desk, procedure, tell

WITH_PROMISED = DESK.replace("data:\n", "data:\n  promised: { type: instant }\n")


def test_camunda_18815_the_due_date_of_what_runs_can_change() -> None:
    told = desk(
        "delivery: { to: client, by: { field: promised }, until: send }",
        "2026-12-02 09:00 ana/agent opens promised=2026-12-03T12:00",
        "2026-12-02 10:00 ana/agent grade promised=2026-12-04T12:00",
        steps=WITH_PROMISED,
    )
    assert told.due("delivery") == "Fri 2026-12-04 12:00"


def test_jmix_790_one_working_day_is_not_24_working_hours() -> None:
    """P1D on a calendar came to three days."""
    told = desk(
        "day: { to: client, until: send, within: 1 working day }\n"
        "elapsed: { to: client, until: send, within: 1 day }\n"
        "hours: { to: client, until: send, within: 24 working hours }",
        "2026-12-02 10:00 ana/agent opens",
    )
    assert told.due("day") == "Thu 2026-12-03 17:00"
    assert told.due("elapsed") == "Thu 2026-12-03 10:00"
    assert told.due("hours") == "Mon 2026-12-07 10:00"


def test_jbpm_1342_before_and_after_hours_a_timer_falls_due_within_them() -> None:
    clock = "answer: { to: client, until: send, within: 30 working minutes }"
    for opens, due in (("05:00", "Wed 2026-12-02 09:30"), ("17:00", "Thu 2026-12-03 09:30")):
        assert desk(clock, f"2026-12-02 {opens} ana/agent opens").due("answer") == due


def test_elsa_2884_timers_are_not_in_utc_alone() -> None:
    told = desk("answer: { to: client, until: send, within: 1 month }", "2026-03-15 09:00 ana/agent opens")
    assert told.due("answer") == "Wed 2026-04-15 09:00"  # though an hour fewer has passed


def test_pytransitions_198_a_case_that_is_read_again_has_its_timers() -> None:
    """After a case was restored, its timer was not set again."""
    waits = """
start: work
steps:
  work: { by: agent, actions: { ask: waiting } }
  waiting:
    waiting-for: { party: client, asked: required, due: required }
    within: 14 days
    late: { go-to: work }
    actions: { reply: work, give-up: closed }
  closed: { end: answered }
"""
    told = tell(
        procedure(waits),
        "2026-12-02 09:00 ana/agent opens",
        "2026-12-02 10:00 ana/agent ask asked=a due=2026-12-04T10:00",
    )
    assert told.timers("2026-12-04 10:00") == []
    assert told.timers("2026-12-04 10:01") == [("waiting", "late", "Fri 2026-12-04 10:00")]
