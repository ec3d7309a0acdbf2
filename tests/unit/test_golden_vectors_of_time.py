"""Cases whose times were worked out by hand, before there was a program: `2 working days`, nights, holidays, pauses.

Each is told by files as people write them, and by events; what falls due and what is used is read from the judgement,
and the ledger must come to the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from procflow import Actor, Engine, audit
from procflow.calendars.calendar import Calendar
from procflow.loading.calendars import read_calendar
from procflow.model.clock import ClockCycle, ClockStatus, Stretch
from procflow.model.event import Event
from tests.unit.timed_stories import DESK, Told, desk, whole, with_clocks

RO = """
calendar: office
zone: Europe/Bucharest
covers: 2025..2027
hours: { mon-fri: "09:00-17:00" }
days:
  2026-11-30: { closed: Saint Andrew }
  2026-12-01: { closed: National Day }
  2026-12-25..2026-12-26: { closed: Christmas }
"""
RU = """
calendar: office
zone: Europe/Moscow
covers: 2025..2026
hours: { mon-fri: "09:00-18:00" }
days:
  2025-11-01: { like: mon, name: moved working day }
  2025-11-03: { closed: day off moved here }
  2025-11-04: { closed: Unity Day }
"""
IR = """
calendar: office
zone: Asia/Tehran
covers: 2021..2026
hours: { sat-wed: "08:00-16:00", thu: "08:00-12:00" }
"""
PL = """
calendar: office
zone: Europe/Warsaw
covers: 2026..2027
hours: { mon-fri: "09:00-17:00" }
days:
  2026-12-24..2026-12-25: { closed: Christmas }
"""
NIGHT = """
calendar: office
zone: Europe/Bucharest
covers: 2026..2026
hours: { mon-sun: "22:00-06:00" }
"""
ALWAYS_IN_TEHRAN = """
calendar: office
zone: Asia/Tehran
always: true
"""
ZONES = {RU: "Europe/Moscow", IR: "Asia/Tehran", PL: "Europe/Warsaw", ALWAYS_IN_TEHRAN: "Asia/Tehran"}
GRADED = (
    "answer: { to: client, until: send, on-change: MODE,"
    " within: { depends-on: priority, p1: 4 working hours, p2: 8 working hours, p3: 16 working hours } }"
)


def calendar(text: str) -> Calendar:
    loaded = read_calendar(text, "office.yaml")
    assert loaded.calendar is not None, [str(one) for one in loaded.findings]
    return loaded.calendar


def case(text: str, clock: str, *lines: str, steps: str = DESK) -> Told:
    """Return a case in an office with this calendar."""
    return desk(clock, *lines, calendars=[calendar(text)], zone=ZONES.get(text, "Europe/Bucharest"), steps=steps)


def live(folder: Path, text: str, clock: str, *lines: str) -> None:
    """Live through a case at an engine, and see that it says the same as the judge, and its export, too."""
    told = case(text, clock, *lines)
    (folder / "calendars").mkdir()
    (folder / "calendars" / "office.yaml").write_text(text, encoding="utf-8")
    file = folder / "story.yaml"
    file.write_text(whole(with_clocks(clock)), encoding="utf-8")
    now = [told.events[0].occurred_at]
    engine = Engine.open("memory://", workspace=folder, clock=lambda: now[0])
    engine.publish(file)
    opened, *others = told.events
    begun = engine.start("story", by=_actor(opened), data=opened.data, mode="observe")
    for each in others:
        now[0] = each.occurred_at
        engine.perform(begun.id, each.action, by=_actor(each), data=each.data, on_behalf_of=each.on_behalf_of)
    cycles = tuple(_by_instants(one) for one in engine.clocks(begun.id))
    assert cycles == tuple(_by_instants(one) for one in told.audit().clocks)
    for one in engine.clocks(begun.id):
        assert [_line(line) for line in engine.ledger(begun.id, one.clock, one.number)] == [
            _line(line) for line in told.judge.ledger(told.state, one.clock, one.number)
        ]
    with (folder / "log.jsonl").open("wb") as out:
        engine.export(out)
    (again,) = audit(file, [folder / "log.jsonl"]).cases
    assert again.clocks == engine.case(begun.id).audit.clocks
    assert again.ball == engine.case(begun.id).audit.ball


def _actor(event: Event) -> Actor:
    return Actor(event.actor or "nobody", roles=event.roles)


def _by_instants(one: ClockCycle) -> ClockCycle:
    """Return a cycle without the numbers of its events: at an engine, timers are events as well."""
    return replace(one, since=None, stopped_by=None)


def _line(one: Stretch) -> tuple[object, ...]:
    return one.start, one.end, one.why, one.counted, one.total


def within(length: str) -> str:
    return f"answer: {{ to: client, until: send, within: {length} }}"


@pytest.mark.parametrize(
    ("text", "opened", "length", "due"),
    [
        pytest.param(RO, "2026-11-27 16:00", "8 working hours", "Wed 2026-12-02 16:00", id="V1"),
        pytest.param(RU, "2025-10-31 17:00", "8 working hours", "Sat 2025-11-01 16:00", id="V2"),
        pytest.param(IR, "2026-11-18 15:00", "6 working hours", "Sat 2026-11-21 09:00", id="V3"),
        pytest.param(PL, "2026-12-23 16:00", "8 working hours", "Mon 2026-12-28 16:00", id="V4"),
        pytest.param(RO, "2026-03-29 01:00", "4 hours", "Sun 2026-03-29 06:00", id="V5"),
        pytest.param(RO, "2026-11-27 16:00", "2 working days", "Thu 2026-12-03 17:00", id="V11 days"),
        pytest.param(RO, "2026-11-27 16:00", "16 working hours", "Thu 2026-12-03 16:00", id="V11 hours"),
        pytest.param(RO, "2026-12-05 12:00", "1 working day", "Mon 2026-12-07 17:00", id="opened on a Saturday"),
        pytest.param(RO, "2026-12-02 17:00", "1 working hour", "Thu 2026-12-03 10:00", id="opened at closing time"),
        pytest.param(RO, "2026-12-02 09:00", "8 working hours", "Wed 2026-12-02 17:00", id="to the very end of a day"),
        pytest.param(RO, "2026-01-31 10:00", "1 month", "Sat 2026-02-28 10:00", id="clipped"),
    ],
)
def test_what_falls_due_when(tmp_path: Path, text: str, opened: str, length: str, due: str) -> None:
    assert case(text, within(length), f"{opened} ana/agent opens").due("answer") == due
    live(tmp_path, text, within(length), f"{opened} ana/agent opens")


@pytest.mark.parametrize(
    ("text", "opened", "stopped", "hours"),
    [
        pytest.param(RU, "2025-10-31 17:00", "2025-11-05 10:00", 11, id="V2"),
        pytest.param(NIGHT, "2026-03-28 21:00", "2026-03-29 07:00", 7, id="V12 spring"),
        pytest.param(NIGHT, "2026-10-24 21:00", "2026-10-25 07:00", 9, id="V12 autumn"),
        pytest.param(
            NIGHT.replace("22:00-06:00", "03:30-11:30"), "2026-03-29 00:00", "2026-03-29 23:00", 7, id="V13 skipped"
        ),
        pytest.param(
            NIGHT.replace("22:00-06:00", "22:00-03:30"), "2026-10-24 12:00", "2026-10-25 12:00", 5.5, id="V13 repeated"
        ),
        pytest.param(ALWAYS_IN_TEHRAN, "2021-03-21 12:00", "2021-03-22 12:00", 23, id="V14 spring"),
        pytest.param(ALWAYS_IN_TEHRAN, "2021-09-21 12:00", "2021-09-22 12:00", 25, id="V14 autumn"),
        pytest.param(ALWAYS_IN_TEHRAN, "2026-03-21 12:00", "2026-03-22 12:00", 24, id="V14 abolished"),
    ],
)
def test_how_much_is_used(tmp_path: Path, text: str, opened: str, stopped: str, hours: float) -> None:
    lines = [f"{opened} ana/agent opens", f"{stopped} ana/agent send"]
    live(tmp_path, text, within("99 working hours"), *lines)
    told = case(text, within("99 working hours"), *lines)
    assert told.cycle("answer").used == timedelta(hours=hours)
    assert told.counted("answer") == hours


def test_v6_a_pause_costs_the_working_time_in_it(tmp_path: Path) -> None:
    lines = [
        "2026-12-02 09:00 ana/agent opens",
        "2026-12-02 11:00 ana/agent ask asked=which due=2026-12-10T09:00",
        "2026-12-03 15:00 eve/client reply",
    ]
    told = case(RO, "answer: { to: client, until: send, within: 8 working hours, paused-in: [waiting] }", *lines)
    assert told.cycle("answer").used == timedelta(hours=2)
    assert told.due("answer") == "Fri 2026-12-04 13:00"
    assert told.counted("answer") == 2
    live(tmp_path, RO, "answer: { to: client, until: send, within: 8 working hours, paused-in: [waiting] }", *lines)


def test_v6b_a_pause_outside_hours_costs_nothing() -> None:
    clock = "answer: { to: client, until: send, within: 8 working hours, paused-in: [waiting] }"
    opened = "2026-12-04 16:00 ana/agent opens"
    paused = ["2026-12-04 18:00 ana/agent ask asked=which due=2026-12-10T09:00", "2026-12-06 12:00 eve/client reply"]
    assert case(RO, clock, opened, *paused).due("answer") == case(RO, clock, opened).due("answer")


@pytest.mark.parametrize(
    ("mode", "due"),
    [("keep-elapsed", "13:00"), ("retroactive", "13:00"), ("restart", "16:00"), ("keep-target", "17:00")],
)
def test_v7_a_change_of_priority(tmp_path: Path, mode: str, due: str) -> None:
    lines = ["2026-12-02 09:00 ana/agent opens priority=p3", "2026-12-02 12:00 ana/agent grade priority=p1"]
    told = case(RO, GRADED.replace("MODE", mode), *lines)
    day = "Thu 2026-12-03" if mode == "keep-target" else "Wed 2026-12-02"
    assert told.due("answer") == f"{day} {due}"
    live(tmp_path, RO, GRADED.replace("MODE", mode), *lines)


@pytest.mark.parametrize("mode", ["keep-elapsed", "retroactive"])
def test_v7b_breached_by_the_change_before_it(tmp_path: Path, mode: str) -> None:
    lines = ["2026-12-02 09:00 ana/agent opens priority=p3", "2026-12-02 15:00 ana/agent grade priority=p1"]
    told = case(RO, GRADED.replace("MODE", mode), *lines)
    found = told.cycle("answer")
    assert told.due("answer") == "Wed 2026-12-02 13:00"
    assert (found.status, found.by_change, told.codes()) == (ClockStatus.OVERDUE, True, ["DV401"])
    live(tmp_path, RO, GRADED.replace("MODE", mode), *lines)


def test_v8_a_change_of_calendar() -> None:
    lines = ["2026-12-02 09:00 ana/agent opens priority=p2", "2026-12-02 12:00 ana/agent grade priority=p1"]
    clock = (
        "answer: { to: client, until: send, within: 8 working hours,"
        " calendar: { depends-on: priority, p1: 24x7, otherwise: office } }"
    )
    assert case(RO, clock, *lines).due("answer") == "Wed 2026-12-02 17:00"
    later = [lines[0], "2026-12-02 16:00 ana/agent grade priority=p1"]
    assert case(RO, clock, *later).due("answer") == "Wed 2026-12-02 17:00"
    reverse = ["2026-12-02 09:00 ana/agent opens priority=p1", "2026-12-02 12:00 ana/agent grade priority=p3"]
    assert case(RO, clock, *reverse).due("answer") == "Wed 2026-12-02 17:00"


def test_v10_the_next_update(tmp_path: Path) -> None:
    clock = "inform: { to: client, every: 4 working hours, by-action: update }"
    lines: Sequence[str] = ["2026-12-02 09:00 ana/agent opens", "2026-12-02 15:00 ana/agent update"]
    told = case(RO, clock, *lines)
    assert told.due("inform", 2) == "Thu 2026-12-03 11:00"
    live(tmp_path, RO, clock, *lines)
