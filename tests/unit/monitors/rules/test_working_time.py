"""A limit of a rule may be counted on a calendar: the same sentences, and other moments."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from procflow.calendars.book import CalendarBook, CalendarSet
from procflow.calendars.calendar import Calendar
from procflow.calendars.hours import Day, Regime, Window
from procflow.judge import Judge
from procflow.loading.policies import read_policies
from procflow.loading.procedure import read_procedure
from procflow.model.event import Event, Kind
from procflow.model.procedure import Procedure
from procflow.model.rule import RuleStatus

WEEK = Regime(hours={day: (Window(9 * 60, 17 * 60),) for day in range(5)})
OFFICE = Calendar(id="office", zone="UTC", regimes=(WEEK,), first=date(2026, 1, 1), last=date(2026, 12, 31))
CLOSED = replace(OFFICE, days={date(2026, 3, day): Day() for day in (9, 10, 11)})
USUAL, SHUT = CalendarSet([OFFICE]), CalendarSet([CLOSED])
FRIDAY = datetime(2026, 3, 6, 16, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

TEXT = """
procflow: 1
procedure: sample
version: "1"
calendar: office
roles: { agent: Works }
start: work
steps:
  work: { by: agent, actions: { ask: same, tell: same, note: same, finish: closed } }
  closed: { end: done }
rules:
  r: RULE
"""


def sample(rule: str) -> Procedure:
    loaded = read_procedure(TEXT.replace("RULE", rule), "sample.yaml")
    assert loaded.procedure is not None, loaded.findings
    return loaded.procedure


def told(
    rule: str, *done: tuple[str, datetime], calendars: str | None = None, book: CalendarBook | None = None
) -> tuple[list[tuple[str, str]], RuleStatus, dict[str, int]]:
    judge = Judge(sample(rule), calendars=book or CalendarBook(USUAL, [SHUT]))
    opened = Event(
        case="c",
        seq=1,
        kind=Kind.OPENED,
        action="",
        actor="ana",
        occurred_at=FRIDAY,
        recorded_at=FRIDAY,
        calendars=calendars,
    )
    state = judge.begin("c", opened)
    for seq, (action, moment) in enumerate(done, start=2):
        event = Event(
            case="c", seq=seq, kind=Kind.ACTION, action=action, actor="ana", occurred_at=moment, recorded_at=moment
        )
        state = judge.advance(state, event)
    audit = judge.audit(state)
    said = [(one.code, one.message) for one in audit.deviations if one.breach is not None]
    return said, audit.rules[0].status, dict(audit.not_examined)


ANSWER = "{ after: ask, there-must-be: tell, within: 2 working hours }"


def test_what_is_demanded_may_come_after_the_weekend() -> None:
    monday = datetime(2026, 3, 9, 10, tzinfo=UTC)
    assert told(ANSWER, ("ask", FRIDAY), ("tell", monday))[:2] == ([], RuleStatus.SATISFIED_SO_FAR)
    said, status, _ = told(ANSWER, ("ask", FRIDAY), ("tell", monday + timedelta(microseconds=1)))
    assert said == [
        (
            "DV507",
            "“ask” (event 2) was not followed by “tell” within 2 working hours (until 2026-03-09T10:00:00Z)",
        )
    ]
    assert status is RuleStatus.VIOLATED


def test_the_calendars_of_the_opening_hold() -> None:
    thursday = datetime(2026, 3, 12, 10, tzinfo=UTC)
    assert told(ANSWER, ("ask", FRIDAY), ("tell", thursday))[0] != []
    assert told(ANSWER, ("ask", FRIDAY), ("tell", thursday), calendars=SHUT.digest)[0] == []


@pytest.mark.parametrize(
    ("rule", "late", "early"),
    [
        ("{ before: finish, there-must-be: ask, within: 1 working day }", 4 * DAY, 3 * DAY),
        ("{ after: ask, never: finish, within: 1 working day }", 3 * DAY, 4 * DAY),
        ("{ if: finish, also: ask, within: 1 working day }", 4 * DAY, 3 * DAY),
        ("{ if: ask, never: finish, within: 1 working day }", 3 * DAY, 4 * DAY),
        ("{ after: ask, there-must-be: finish, next: true, within: 1 working day }", 4 * DAY, 3 * DAY),
    ],
)
def test_before_and_after_a_limit_counted_in_working_days(rule: str, late: timedelta, early: timedelta) -> None:
    # From Friday on, one working day is the whole of Monday.
    assert told(rule, ("ask", FRIDAY), ("finish", FRIDAY + early))[0] == []
    assert len(told(rule, ("ask", FRIDAY), ("finish", FRIDAY + late))[0]) == 1


def test_of_the_opening() -> None:
    rule = "{ must-happen: ask, within: 1 working day }"
    monday = datetime(2026, 3, 9, 17, tzinfo=UTC)
    assert told(rule, ("ask", monday))[0] == []
    assert [code for code, _ in told(rule, ("ask", monday + HOUR))[0]] == ["DV501"]


def test_how_often_in_a_stretch() -> None:
    rule = "{ at-most: 1, of: ask, in: 4 working hours }"
    after = datetime(2026, 3, 9, 12, tzinfo=UTC)
    assert told(rule, ("ask", FRIDAY), ("ask", after))[0] == []
    said, _, _ = told(rule, ("ask", FRIDAY), ("ask", after - HOUR))
    assert said == [("DV503", "“ask” came more than once within 4 working hours; at most 1 is allowed")]


def test_months_are_those_of_the_calendar() -> None:
    rule = "{ after: ask, there-must-be: tell, within: 1 month }"
    april = datetime(2026, 4, 6, 16, tzinfo=UTC)
    assert told(rule, ("ask", FRIDAY), ("tell", april))[0] == []
    assert len(told(rule, ("ask", FRIDAY), ("tell", april + HOUR))[0]) == 1


@pytest.mark.parametrize("rule", [ANSWER, "{ after: ask, never: tell, within: 2 working hours }"])
def test_what_nobody_can_count_is_not_examined(rule: str) -> None:
    next_year = datetime(2027, 2, 1, 9, tzinfo=UTC)
    last = datetime(2026, 12, 31, 16, tzinfo=UTC)
    for done, book in (
        ([("ask", last), ("tell", next_year)], None),
        ([("ask", FRIDAY), ("tell", last)], CalendarBook()),
    ):
        said, status, unseen = told(rule, *done, book=book)
        assert said == []
        assert status is RuleStatus.NOT_EXAMINED or "rule: r" in unseen


def test_policies_name_a_calendar_of_their_own() -> None:
    text = """
procflow: 1
policies: house
version: "1"
rules:
  soon: { after: ask, there-must-be: tell, within: 2 working hours }
"""
    loaded = read_policies(text, "policies.yaml")
    assert loaded.policies is not None
    assert loaded.policies.rules[0].calendar is None
    named = read_policies(text.replace("rules:", "calendar: office\nrules:"), "policies.yaml").policies
    assert named is not None
    assert named.rules[0].calendar == "office"
    (found,) = read_policies(text.replace(" }", ", per: client }"), "policies.yaml").findings
    assert (found.code, found.message) == (
        "PF407",
        "`2 working hours` is working time, and these policies name no calendar, which a rule across cases needs",
    )
