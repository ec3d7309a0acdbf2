"""Queues: what the sweep finds is what comparing every pair of cases finds, whatever lead somebody must have."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from procflow.auditor.fairness.queue import MOST_NAMED, Queues, queues
from procflow.auditor.fairness.ranks import Ranks
from procflow.auditor.fairness.visits import Visit
from procflow.calendars.calendar import Calendar
from procflow.calendars.hours import Regime, Window
from procflow.calendars.length import Length, Unit
from procflow.errors import SourceSpan
from procflow.model.fairness import FirstCome

WHERE = SourceSpan(file="p.yaml", line=1, column=1, end_line=1, end_column=2)
ASKED = FirstCome(steps=("repair",), alike=("priority",), where=WHERE)
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NINE + timedelta(days=100)
OFFICE = Calendar(
    id="office",
    zone="Europe/Bucharest",
    regimes=(Regime(hours={day: (Window(9 * 60, 11 * 60 + 10), Window(11 * 60 + 20, 12 * 60)) for day in range(5)}),),
    first=date(2026, 1, 1),
    last=date(2026, 12, 31),
)
LEADS = [
    None,
    Length(count=4, unit=Unit.MINUTE),
    Length(count=3, unit=Unit.MINUTE, working=True),
    Length(count=1, unit=Unit.DAY, working=True),
]


def minute(number: int) -> datetime:
    return NINE + timedelta(minutes=number)


def visit(case: int, ready: int, started: int | None, left: int | None, queues: list[tuple[int, str]]) -> Visit:
    return Visit(
        case=f"{case:06}",
        client=None,
        step="repair",
        number=1,
        ready=minute(ready),
        queues=[(minute(when), (name,)) for when, name in queues],
        started=None if started is None else minute(started),
        left=None if left is None else minute(left),
        seq=2,
    )


def some(rng: random.Random, count: int) -> list[Visit]:
    """Return visits in two queues; some change it, are withdrawn, or wait still; many at the same moment."""
    found = []
    for case in range(count):
        ready = rng.randrange(count)
        over = ready + rng.randrange(12)
        queues = [(ready, rng.choice("ab"))]
        if rng.random() < 0.3 and over > ready + 1:
            queues.append((rng.randrange(ready + 1, over), "b" if queues[0][1] == "a" else "a"))
        match rng.randrange(6):
            case 0:
                found.append(visit(case, ready, None, over, queues))
            case 1:
                found.append(visit(case, ready, None, None, queues))
            case _:
                found.append(visit(case, ready, over, over + 3, queues))
    return found


def in_queue(one: Visit, at: datetime) -> str | None:
    """Return the queue in which a visit stands before and after a moment."""
    ends = [*(when for when, _ in one.queues[1:]), one.waits_until or LATER]
    stays = zip(one.queues, ends, strict=True)
    return next((name for (since, (name,)), until in stays if since < at < until), None)


def leads(one: Visit, other: Visit, asked: FirstCome, resolution: timedelta) -> bool:
    """Return True if a visit came so much before another that it should be taken first."""
    lead = asked.by_more_than
    due = one.ready if lead is None else OFFICE.after(one.ready, lead)
    return due < other.ready - resolution


def slowly(visits: list[Visit], asked: FirstCome, resolution: timedelta) -> dict[str, list[str]]:
    """Return whom each overtook, by comparing every pair."""
    found = {}
    for one in visits:
        if one.started is None:
            continue
        (queue,) = one.queues[-1][1]
        past = [
            (other.ready, other.case)
            for other in visits
            if other is not one
            and leads(other, one, asked, resolution)
            and in_queue(other, one.started + resolution) == queue
        ]
        if past:
            found[one.case] = [case for _, case in sorted(past)]
    return found


def slipped_slowly(one: Visit, visits: list[Visit], asked: FirstCome, resolution: timedelta) -> timedelta | None:
    """Return how long those that had come before one waited in its queue while it was worked on, by counting minutes."""
    assert one.started is not None
    (queue,) = one.queues[-1][1]
    begin, end = one.started + resolution, one.left or minute(400)
    if end <= begin:
        return None
    before = [other for other in visits if other is not one and leads(other, one, asked, resolution)]
    half = timedelta(seconds=30)
    halves = (begin + half + count * 2 * half for count in range((end - begin) // (2 * half)))
    return sum(in_queue(other, at) == queue for at in halves for other in before) * 2 * half


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("resolution", [timedelta(0), timedelta(minutes=2)])
@pytest.mark.parametrize("lead", LEADS, ids=str)
def test_the_sweep_finds_what_comparing_all_pairs_finds(seed: int, resolution: timedelta, lead: Length | None) -> None:
    asked = replace(ASKED, by_more_than=lead)
    rng = random.Random(seed)
    visits = some(rng, 30)
    if lead is not None and lead.unit is Unit.DAY:  # days lie between some of them
        for one in visits:
            long = timedelta(days=rng.randrange(2)) if one.started is None else timedelta(0)
            one.ready, one.queues = one.ready - long, [(one.ready - long, one.queues[0][1]), *one.queues[1:]]
    found = queues(visits, asked, minute(400), resolution, OFFICE)
    wanted = slowly(visits, asked, resolution)
    by_ready = {one.case: one.ready for one in visits}
    named = {one.case: sorted(one.overtaken, key=lambda case: (by_ready[case], case)) for one in found.jumps}
    assert named == wanted
    assert all(one.count == len(one.overtaken) for one in found.jumps)
    behind = Counter(case for past in wanted.values() for case in past)
    assert {one.case: one.count for one in found.overtaken} == behind
    assert [one.count for one in found.overtaken] == sorted(behind.values(), reverse=True)
    its = {one.case: one for one in visits}
    slipped = {one.case: slipped_slowly(its[one.case], visits, asked, resolution) for one in found.jumps}
    assert {one.case: one.slipped for one in found.jumps} == slipped


def test_of_very_many_the_first_hundred_are_named_and_all_are_counted() -> None:
    visits = [visit(case, case, None, None, [(case, "a")]) for case in range(300)]
    visits.append(visit(300, 300, 301, 302, [(300, "a")]))
    ((one,), overtaken, _) = queues(visits, ASKED, LATER, timedelta(0))
    assert (one.count, len(one.overtaken), one.overtaken[0]) == (300, MOST_NAMED, "000000")
    assert one.slipped == timedelta(minutes=300), "all of them waited on, not only those that are named"
    assert [(each.case, each.count, each.still) for each in overtaken[:2]] == [("000000", 1, True), ("000001", 1, True)]


def test_where_the_calendar_does_not_reach_nobody_is_overtaken() -> None:
    asked = replace(ASKED, by_more_than=Length(count=1, unit=Unit.HOUR, working=True))
    years = [visit(case, 525_600 + case, None, None, [(525_600 + case, "a")]) for case in range(3)]
    years.append(visit(3, 525_900, 525_901, 525_902, [(525_900, "a")]))
    assert queues(years, asked, LATER, timedelta(0), OFFICE) == Queues([], [], 4)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 64])
def test_ranks_count_what_is_there(size: int) -> None:
    rng = random.Random(size)
    ranks, there = Ranks(size), set[int]()
    for _ in range(100):
        one = rng.randrange(size)
        ranks.add(one, -1 if one in there else 1)
        there ^= {one}
        at = rng.randrange(size + 1)
        assert ranks.before(at) == sum(each < at for each in there)
        assert ranks.total == len(there)
