"""Times, lengths and calendars that nobody means: they are told or survived, and nothing takes long."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from procflow.calendars.book import CalendarBook, CalendarSet
from procflow.calendars.calendar import Calendar
from procflow.calendars.hours import Regime
from procflow.judge import Judge
from procflow.loading.calendars import read_calendar
from procflow.loading.procedure import read_procedure
from procflow.model.clock import ClockStatus
from procflow.model.event import Event, Kind, Trace
from procflow.model.report import CaseAudit
from tests.unit.timed_stories import DESK, OFFICE, ROLES, desk, procedure

WAITS = "asked=which due=2026-12-10T09:00"
CLOSED_FOR_EVER = Calendar(
    id="office", zone="UTC", regimes=(Regime(hours={}),), first=date(2026, 1, 1), last=date(2027, 12, 31)
)
HEAD = 'procflow: 1\nprocedure: story\nversion: "1"\ncalendar: office\n' + ROLES


def audit(clocks: str, *events: dict[str, Any], as_of: datetime | None = None, hours: Calendar = OFFICE) -> CaseAudit:
    """Return the audit of a case whose events say all themselves."""
    read = procedure(f"{DESK}\nclocks:\n  {clocks}")
    judge = Judge(read, calendars=CalendarBook(CalendarSet([hours])))
    trace = [Event(case="case-1", seq=seq, **{"kind": Kind.ACTION, **one}) for seq, one in enumerate(events, 1)]
    return judge.audit(judge.run(Trace(case="case-1", events=tuple(trace), closed=False)), as_of=as_of)


OPENED = {"kind": Kind.OPENED, "occurred_at": datetime(2026, 12, 2, 7, tzinfo=UTC)}
EDGES = [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)]
CLOCKS = (
    "elapsed: { to: client, until: send, within: 2 weeks, warn: [50%] }",
    "working: { to: client, until: send, within: 2 working days, warn: [50%], late: { notify: lead } }",
    "months: { to: client, until: send, within: 6 months }",
    "years: { to: client, until: send, within: 90 years }",
    "periodic: { to: client, every: 3 working days, while: ours-to-act, by-action: update }",
    "hands: { to: team, each: hand-off, within: 1 day }",
    "paused: { to: client, until: send, within: 1 day, paused-in: [waiting], max-pause: 4 working hours }",
)


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("edge", EDGES)
def test_the_first_and_the_last_moment_of_all(clock: str, edge: datetime) -> None:
    asked = {"asked": "which?", "due": edge.isoformat()}
    for first, then in ((edge, edge), (OPENED["occurred_at"], edge), (edge, OPENED["occurred_at"])):
        opened = {**OPENED, "occurred_at": first}
        found = audit(
            clock,
            opened,
            {"action": "ask", "occurred_at": then, "data": asked},
            {"action": "update", "occurred_at": then},
            as_of=EDGES[1],
        )
        assert found.clocks


@pytest.mark.parametrize("clock", [one for one in CLOCKS if "working" in one])
def test_a_calendar_that_never_opens_ends_in_words(clock: str) -> None:
    began = time.process_time()
    found = audit(
        clock,
        OPENED,
        {"action": "ask", "occurred_at": OPENED["occurred_at"], "data": {"asked": "a", "due": "2026-12-10T09:00:00Z"}},
        as_of=datetime(2026, 12, 24, tzinfo=UTC),
        hours=CLOSED_FOR_EVER,
    )
    assert time.process_time() - began < 5
    for one in found.clocks:
        assert one.status in (ClockStatus.NOT_EXAMINED, ClockStatus.RUNNING, ClockStatus.PAUSED), one


def test_beyond_the_calendar_is_not_examined_and_told_once() -> None:
    short = Calendar(id="office", zone="UTC", regimes=OFFICE.regimes, first=date(2026, 12, 1), last=date(2026, 12, 5))
    told = desk(
        "answer: { to: client, until: send, within: 3 working days }",
        "2026-12-03 09:00 ana/agent opens",
        "2026-12-04 09:00 ana/agent note",
        calendars=[short],
    )
    assert told.cycles("answer") == [ClockStatus.NOT_EXAMINED]
    assert [one.code for one in told.audit().findings] == ["DV813"]
    assert told.codes() == []


@pytest.mark.parametrize("due", ["2026-12-10", "2026-12-10T09:00:00", "tomorrow", float("nan"), 7, [], {}])
def test_a_due_date_that_cannot_be_read_is_told_once(due: object) -> None:
    clock = "answer: { to: client, until: send, within: 8 working hours, paused-in: [waiting] }"
    at = datetime(2026, 12, 2, 8, tzinfo=UTC)
    found = audit(clock, OPENED, {"action": "ask", "occurred_at": at, "data": {"asked": "which?", "due": due}})
    assert [one.status for one in found.clocks] == [ClockStatus.PAUSED], "somebody was asked; until when is not known"
    codes = [one.code for one in found.deviations]
    assert codes.count("DV302") == 1
    assert "DV406" not in codes


@pytest.mark.parametrize("due", ["", None])
def test_a_due_date_that_is_none_pauses_nothing(due: object) -> None:
    clock = "answer: { to: client, until: send, within: 8 working hours, paused-in: [waiting] }"
    at = datetime(2026, 12, 2, 8, tzinfo=UTC)
    found = audit(clock, OPENED, {"action": "ask", "occurred_at": at, "data": {"asked": "which?", "due": due}})
    assert [one.status for one in found.clocks] == [ClockStatus.RUNNING]
    assert "DV406" in [one.code for one in found.deviations]


@pytest.mark.parametrize(
    "clock",
    [
        "{ to: client, until: send, within: 1 working day, warn: [1000000%] }",
        "{ to: client, until: send, within: 1 working day, warn: [100%] }",
        "{ to: client, until: send, within: 1 working day, warn: [0%] }",
        "{ to: client, until: send, within: 1 working day, warn: [-5%] }",
        "{ to: client, until: send, within: 0 minutes }",
        "{ to: client, until: send, within: -4 hours }",
        "{ to: client, until: send, within: 99999999999999999999 hours }",
        "{ to: client, until: send, within: 1e9 days }",
        "{ to: client, until: send, within: .nan }",
        "{ to: client, until: send, within: 2d }",
        "{ to: client, until: send, within: 1.5 working days }",
        "{ to: client, until: send, within: 3 working weeks }",
        "{ to: client, at-most: -1, of: send }",
        "{ to: client, at-most: 99999999999999999999999, of: send }",
        "{ to: client, until: send, within: { depends-on: priority, otherwise: {} } }",
    ],
)
def test_what_is_no_clock_is_told(clock: str) -> None:
    loaded = read_procedure(f"{HEAD}{DESK}\nclocks:\n  odd: {clock}\n", "story.yaml")
    assert [one for one in loaded.findings if one.severity.value in ("critical", "error")]
    assert loaded.procedure is None


def test_very_many_warnings_are_told_or_quick() -> None:
    many = ", ".join(["50%"] * 100_000)
    began = time.process_time()
    text = f"{HEAD}{DESK}\nclocks:\n  odd: {{ to: client, until: send, within: 1 day, warn: [{many}] }}\n"
    assert read_procedure(text, "story.yaml").procedure is None
    assert time.process_time() - began < 30


@pytest.mark.parametrize(
    "zone",
    ["../../../etc/passwd", "/etc/localtime", "UTC+2", "+02:00", "Europe/Bucharest\\0", "posixrules", "", "EST5EDT4"],
)
def test_a_zone_is_the_name_of_a_place(zone: str) -> None:
    text = f'calendar: office\nzone: "{zone}"\ncovers: 2026..2026\nhours: {{ mon-fri: "09:00-17:00" }}\n'
    loaded = read_calendar(text, "office.yaml")
    assert loaded.calendar is None
    assert loaded.findings


def test_a_clock_that_begins_anew_with_each_of_very_many_events() -> None:
    clock = "work-time: { to: team, from: [enters work, enters intake], until: [leaves work, leaves intake], within: 1 hour }"
    read = procedure(f"{DESK}\nclocks:\n  {clock}")
    judge = Judge(read, calendars=CalendarBook(CalendarSet([OFFICE])))
    took = {}
    for length in (500, 5_000):
        events = [Event(case="case-1", seq=1, kind=Kind.OPENED, occurred_at=datetime(2026, 1, 5, 8, tzinfo=UTC))]
        for seq in range(2, length):
            at = events[0].occurred_at + timedelta(minutes=seq)
            events.append(
                Event(
                    case="case-1", seq=seq, kind=Kind.ACTION, action=("answer", "accept")[seq % 2 == 0], occurred_at=at
                )
            )
        began = time.process_time()
        state = judge.run(Trace(case="case-1", events=tuple(events), closed=False))
        took[length] = time.process_time() - began
        assert len(judge.audit(state).clocks) == length - 1
    assert took[5_000] < 40 * max(took[500], 0.01)
