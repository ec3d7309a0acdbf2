"""How far clocks were kept, counted from cycles made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from procflow.auditor.attainment import attainments, calendars_used, shares, spread, target_of
from procflow.calendars.book import CalendarSet
from procflow.calendars.calendar import Calendar
from procflow.calendars.length import Length, Unit
from procflow.errors import SourceSpan
from procflow.model.clock import (
    BallShare,
    Clock,
    ClockCycle,
    ClockKind,
    ClockStatus,
    Graded,
    Party,
    PartyKind,
    Promised,
)
from procflow.model.procedure import Procedure

HERE = SourceSpan(file="p.yaml", line=1, column=1, end_line=1, end_column=2)
HOUR = timedelta(hours=1)
START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def hours(count: int) -> Length:
    return Length(count=count, unit=Unit.HOUR, working=True)


ANSWER = Clock(
    id="answer",
    kind=ClockKind.TIMER,
    to=Promised.CLIENT,
    within=Graded(by="tier", values={"basic": hours(8), "premium": hours(2)}, otherwise=hours(16)),
    where=HERE,
)
WHOLE = Clock(id="whole", kind=ClockKind.TIMER, to=Promised.TEAM, within=Graded(otherwise=hours(40)), where=HERE)


def version(*clocks: Clock) -> Procedure:
    return cast(Procedure, SimpleNamespace(all_clocks={one.id: one for one in clocks}, calendar="office"))


def cycle(status: ClockStatus, used: float = 1, *, clock: str = "answer", grade: str = "basic") -> ClockCycle:
    return ClockCycle(
        clock=clock,
        number=1,
        status=status,
        started_at=START,
        since=1,
        stopped_at=None,
        target="8 working hours",
        grade=grade,
        calendar="office",
        working=True,
        budget=8 * HOUR,
        used=used * HOUR,
        wall=3 * used * HOUR,
        paused=timedelta(0),
        due=None,
    )


def test_what_is_open_and_late_counts_as_breached_and_what_was_cancelled_does_not_count() -> None:
    cycles = [
        *[cycle(ClockStatus.MET)] * 3,
        cycle(ClockStatus.BREACHED, 10),
        replace(cycle(ClockStatus.BREACHED, 12), waived=True),
        cycle(ClockStatus.OVERDUE, 20),
        cycle(ClockStatus.RUNNING),
        cycle(ClockStatus.PAUSED),
        *[cycle(ClockStatus.CANCELLED)] * 2,
        cycle(ClockStatus.UNDECIDABLE),
        cycle(ClockStatus.NOT_EXAMINED),
    ]
    whole, basic = attainments([version(ANSWER)], cycles)
    assert (whole.n, whole.met, whole.breached, whole.waived) == (6, 3, 3, 1)
    assert (whole.gross, whole.net) == (3 / 6, 4 / 6)
    assert whole.statuses[ClockStatus.CANCELLED] == 2
    assert basic.grade == "basic"
    assert basic.statuses == whole.statuses
    # What is still open has no length yet.
    assert whole.used is not None
    assert (whole.used.n, whole.used.median, whole.used.p85) == (5, HOUR, 12 * HOUR)
    assert whole.wall is not None
    assert whole.wall.p85 == 36 * HOUR


def test_nothing_judged_is_no_share() -> None:
    (one,) = attainments([version(WHOLE)], [])
    assert (one.n, one.gross, one.net, one.used, one.statuses) == (0, None, None, None, {})


def test_grades_come_in_the_order_of_the_file_and_then_what_else_was_seen() -> None:
    cycles = [cycle(ClockStatus.MET, grade=grade) for grade in ("gold", "premium", "basic", "")]
    found = attainments([version(ANSWER, WHOLE)], [*cycles, cycle(ClockStatus.MET, clock="whole", grade="")])
    assert [(one.clock, one.grade, one.n) for one in found] == [
        ("answer", "", 4),
        ("answer", "basic", 1),
        ("answer", "premium", 1),
        ("answer", "gold", 1),
        ("whole", "", 1),
    ]
    assert [one.target for one in found][1:4] == ["8 working hours", "2 working hours", "16 working hours"]


def test_what_a_clock_promises_is_what_the_last_version_says() -> None:
    shorter = replace(WHOLE, within=Graded(otherwise=hours(30)))
    (one,) = attainments([version(WHOLE), version(shorter)], [cycle(ClockStatus.MET, clock="whole", grade="")])
    assert (one.target, one.n) == ("30 working hours", 1)


@pytest.mark.parametrize(
    ("clock", "told"),
    [
        (ANSWER, "basic 8 working hours, premium 2 working hours, otherwise 16 working hours"),
        (WHOLE, "40 working hours"),
        (
            replace(WHOLE, kind=ClockKind.PERIODIC, within=None, every=Graded(otherwise=hours(3))),
            "every 3 working hours",
        ),
        (replace(WHOLE, kind=ClockKind.COUNT, within=None, at_most=Graded(otherwise=3)), "at most 3"),
        (replace(WHOLE, kind=ClockKind.DEADLINE, within=None, deadline="delivery_date"), "by delivery_date"),
        (replace(WHOLE, within=None), "by the day agreed each time"),
    ],
)
def test_a_target_is_told_as_it_is_written(clock: Clock, told: str) -> None:
    assert target_of(clock) == told


def test_the_median_and_the_slow_ones() -> None:
    assert spread([]) is None
    for n, median, p85 in ((1, 1.0, 1), (2, 1.5, 2), (20, 10.5, 17), (100, 50.5, 85), (101, 51.0, 86)):
        found = spread(number * HOUR for number in range(n, 0, -1))
        assert found is not None
        assert (found.n, found.median, found.p85) == (n, median * HOUR, p85 * HOUR)


def test_the_shares_of_all_cases_sum_to_their_ages() -> None:
    us, them = Party(kind=PartyKind.TEAM, names=("agent",)), Party(kind=PartyKind.CLIENT, names=("client",))
    first = (
        BallShare(party=us, wall=4 * HOUR, working=2 * HOUR, times=2),
        BallShare(party=them, wall=20 * HOUR, working=8 * HOUR, times=1),
    )
    second = (BallShare(party=us, wall=HOUR, working=None, times=1),)
    found = shares([first, second])
    assert [(one.party, one.wall, one.working, one.times) for one in found] == [
        (them, 20 * HOUR, 8 * HOUR, 1),
        (us, 5 * HOUR, None, 3),
    ]


def test_calendars_are_named_with_their_digests() -> None:
    old, new = (CalendarSet([Calendar(id="office", zone=zone)]) for zone in ("Europe/Bucharest", "Europe/Warsaw"))
    cycles = [cycle(ClockStatus.MET)]
    digests = [*calendars_used(version(WHOLE), cycles, [new, old])["office"]]
    assert digests == [new["office"].digest, old["office"].digest]
    assert calendars_used(version(WHOLE), [], [CalendarSet()]) == {}
