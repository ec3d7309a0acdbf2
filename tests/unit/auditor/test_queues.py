"""Queues: what the sweep finds is what comparing every pair of cases finds, and it takes n log n steps."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from procflow.auditor.fairness.queue import MOST_NAMED, jumps
from procflow.auditor.fairness.ranks import Ranks
from procflow.auditor.fairness.visits import Visit
from procflow.errors import SourceSpan
from procflow.model.fairness import FirstCome

WHERE = SourceSpan(file="p.yaml", line=1, column=1, end_line=1, end_column=2)
ASKED = FirstCome(steps=("repair",), alike=("priority",), where=WHERE)
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NINE + timedelta(days=100)


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


def slowly(visits: list[Visit], resolution: timedelta) -> dict[str, list[str]]:
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
            and other.ready < one.ready - resolution
            and in_queue(other, one.started + resolution) == queue
        ]
        if past:
            found[one.case] = [case for _, case in sorted(past)]
    return found


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("resolution", [timedelta(0), timedelta(minutes=2)])
def test_the_sweep_finds_what_comparing_all_pairs_finds(seed: int, resolution: timedelta) -> None:
    visits = some(random.Random(seed), 30)
    found = jumps(visits, ASKED, LATER, resolution)
    assert {one.case: list(one.overtaken) for one in found} == slowly(visits, resolution)
    assert all(one.count == len(one.overtaken) for one in found)


def test_of_very_many_the_first_hundred_are_named_and_all_are_counted() -> None:
    visits = [visit(case, case, None, None, [(case, "a")]) for case in range(300)]
    visits.append(visit(300, 300, 301, 302, [(300, "a")]))
    (one,) = jumps(visits, ASKED, LATER, timedelta(0))
    assert (one.count, len(one.overtaken), one.overtaken[0]) == (300, MOST_NAMED, "000000")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 64])
def test_ranks_count_and_list_what_is_there(size: int) -> None:
    rng = random.Random(size)
    ranks, there = Ranks(size), set[int]()
    for _ in range(100):
        one = rng.randrange(size)
        ranks.add(one, -1 if one in there else 1)
        there ^= {one}
        at = rng.randrange(size + 1)
        assert ranks.before(at) == sum(each < at for each in there)
        assert list(ranks.first(len(there))) == sorted(there)
