"""What time has to do is done exactly once, in the order of its moments, whenever and however often it is asked for.

And law 1 with time: what the engine says of a case at a moment is what an audit of its export says, as of that moment.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procflow.auditor import audit as audit_log
from procflow.calendars.book import CalendarSet
from procflow.model.deviation import Deviation, Disposition
from procflow.model.event import Event, Kind
from procflow.model.report import CaseAudit
from procflow.stores import open_store
from tests.property.strategies_cases import Command, exported
from tests.property.strategies_clocks import FIRST_DAY
from tests.property.strategies_timed_days import TimedDesk, live, timed_file

FEW = settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
SEEDS = st.integers(0, 2**64)


def again(file: Path, calendars: CalendarSet, commands: Sequence[Command], every: int | None) -> TimedDesk:
    """Live through the same days; advance each so many seconds, or never."""
    desk = TimedDesk(open_store("memory://"), file, calendars)
    at = commands[0]["at"]
    for command in commands:
        while every is not None and at + every < command["at"]:
            at += every
            desk.clock.now = FIRST_DAY + timedelta(seconds=at)
            desk.advance()
        if command["do"] != "advance":
            desk.carry_out(command)
        at = command["at"]
    return desk


def in_the_end(desk: TimedDesk, at: int) -> list[list[Event]]:
    """Return what is on record of every case after time was advanced once more."""
    desk.clock.now = FIRST_DAY + timedelta(seconds=at)
    desk.advance()
    return [desk.events(case) for case in desk.cases]


def without_writing(events: Sequence[Event]) -> list[tuple[object, ...]]:
    """Return events without when they were written down, of a timer's."""
    return [
        (one.kind, one.action, one.occurred_at, one.actor, one.timer, dict(one.data))
        for one in events
        if not one.refused
    ]


@FEW
@given(SEEDS)
def test_whenever_time_is_advanced_the_same_is_done(seed: int) -> None:
    rng = Random(seed)
    with tempfile.TemporaryDirectory() as name:
        _, sets, file = timed_file(Path(name), rng)
        desk = TimedDesk(open_store("memory://"), file, sets["first"])
        commands = live(desk, rng)
        end = commands[-1]["at"] + 400_000
        first = in_the_end(desk, end)
        for every in (None, 3_600, 40_000):
            other = in_the_end(again(file, sets["first"], commands, every), end)
            assert [without_writing(one) for one in first] == [without_writing(one) for one in other], every


@FEW
@given(SEEDS)
def test_each_is_done_once_and_nothing_is_left(seed: int) -> None:
    rng = Random(seed)
    with tempfile.TemporaryDirectory() as name:
        _, sets, file = timed_file(Path(name), rng)
        desk = TimedDesk(open_store("memory://"), file, sets["first"])
        commands = live(desk, rng)
        in_the_end(desk, commands[-1]["at"] + rng.choice((0, 3600, 10**6)))
        assert desk.engine.advance() == ()
        for case in desk.cases:
            timers = desk.timers(case)
            keys = Counter((one.timer.clock, one.timer.cycle, one.timer.mark) for one in timers if one.timer)
            assert all(times == 1 for times in keys.values()), keys
            for one in timers:
                assert one.timer is not None
                assert one.recorded_at is not None
                assert one.occurred_at == one.timer.due < one.recorded_at
                assert one.actor is None


@FEW
@given(SEEDS)
def test_what_is_due_next_is_known_without_looking_at_all(seed: int) -> None:
    """Nothing is done before its time, and all of it when its time is past."""
    rng = Random(seed)
    with tempfile.TemporaryDirectory() as name:
        _, sets, file = timed_file(Path(name), rng)
        desk = TimedDesk(open_store("memory://"), file, sets["first"])
        live(desk, rng)
        desk.advance()
        ahead = desk.clock.now
        for _ in range(3):
            ahead += timedelta(hours=rng.choice((1, 9, 50)))
            coming = {one.case for one in desk.engine.due(ahead)}
            assert coming <= set(desk.cases)


@FEW
@given(SEEDS)
def test_the_engine_and_the_audit_agree_at_any_moment(seed: int) -> None:
    rng = Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _, sets, file = timed_file(folder, rng)
        desk = TimedDesk(open_store("memory://"), file, sets["first"])
        live(desk, rng, steps=8)
        for later in (0, 600, 90_000):
            desk.clock.now += timedelta(seconds=later)
            log = folder / "log.jsonl"
            log.write_bytes(exported(desk.engine))
            told = {one.case: one for one in audited(file, log, sets["first"], desk.clock.now)}
            for case in desk.cases:
                assert told[case] == desk.engine.case(case).audit
            if rng.random() < 0.5:
                desk.advance()


def audited(file: Path, log: Path, calendars: CalendarSet, as_of: datetime) -> Sequence[CaseAudit]:
    return audit_log(file, [log], as_of=as_of, calendars=calendars).cases


@FEW
@given(SEEDS)
def test_enforced_nothing_deviates_but_what_time_alone_does(seed: int) -> None:
    rng = Random(seed)
    with tempfile.TemporaryDirectory() as name:
        _, sets, file = timed_file(Path(name), rng)
        desk = TimedDesk(open_store("memory://"), file, sets["first"])
        live(desk, rng, mode="enforce")
        for case in desk.cases:
            wrong = [one for one in desk.engine.case(case).audit.deviations if unexcused(one)]
            assert wrong == []
            assert all(not one.refused or one.kind is Kind.ACTION for one in desk.events(case))


def unexcused(one: Deviation) -> bool:
    return one.disposition is Disposition.UNEXCUSED and one.refuses and not one.of_time
