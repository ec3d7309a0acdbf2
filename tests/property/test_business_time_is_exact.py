"""Law: business time is what walking every minute gives, to the microsecond, whatever the clocks do.

More than 10,000 triples of calendar, instant and length: around every change of clocks of eleven zones in twenty years, and
around days without any. `python -m tests.property.test_business_time_is_exact 100` does a hundred times as much.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from procflow.calendars.calendar import Calendar
from procflow.calendars.columns import Columns
from procflow.errors import CalendarError
from procflow.loading.calendars import read_calendar
from tests.oracle.minute_by_minute import DAY, Desk, Hours, Walk, Wall, changes

ZONES = (
    "Europe/Bucharest",
    "Europe/Warsaw",
    "Europe/Moscow",  # no summer time since 2011, and another offset since 2014
    "Asia/Tehran",  # changed at midnight, until 2022
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour
    "Pacific/Apia",  # 30 December 2011 never was
    "Africa/Casablanca",  # back in Ramadan
    "Africa/Cairo",  # at midnight, with years without
    "Asia/Kathmandu",  # never, and a quarter of an hour off
    "America/Sao_Paulo",  # at midnight, until 2019
)
YEARS = (2008, 2028)
TRIPLES = 40
"""Of each place in time."""
DAYS = 6
"""Days before and after the place that the calendar covers."""


def places(zone: str) -> list[datetime]:
    """Every change of clocks, and ten days on which there may be none."""
    quiet = Random(zone)
    some = [datetime(quiet.randint(*YEARS), quiet.randint(1, 12), quiet.randint(1, 28), tzinfo=UTC) for _ in range(10)]
    return [*changes(zone, *YEARS), *some]


PLACES = [(zone, at) for zone in ZONES for at in places(zone)]


def random_hours(rng: Random) -> Hours:
    """Hours of a day: often with a break or over midnight, often beginning where clocks change."""
    kind = rng.randrange(8)
    if kind == 0:
        return ()
    if kind == 1:
        return ((0, DAY),)
    if kind == 2:
        return ((22 * 60, DAY + 6 * 60),)
    if kind == 3:
        return ((9 * 60, 13 * 60), (14 * 60, 17 * 60))
    found = []
    for _ in range(rng.randint(1, 3)):
        start = rng.choice(
            [rng.randrange(0, DAY), rng.randrange(0, 24) * 60, rng.choice([0, 60, 90, 120, 150, 180, 210])]
        )
        end = rng.choice([rng.randrange(start + 1, start + DAY), start + rng.choice([1, 30, 60, 150, 480])])
        found.append((start, end))
    return tuple(found)


def random_desk(rng: Random, zone: str, at: datetime) -> Desk:
    first, last = (at + timedelta(days=days) for days in (-DAYS, DAYS))

    def week() -> dict[int, Hours]:
        days = {day: random_hours(rng) for day in range(7)}
        return days if any(days.values()) else {0: ((540, 1020),)}

    weeks: list[tuple[date | None, date | None, dict[int, Hours]]] = [(None, None, week())]
    if rng.random() < 0.4:
        weeks.append((at.date() + timedelta(days=rng.randint(-2, 2)), None, week()))
    days = {
        at.date() + timedelta(days=rng.randint(-DAYS, DAYS)): rng.choice([(), random_hours(rng)])
        for _ in range(rng.randrange(4))
    }
    return Desk(
        zone=zone,
        first=first.date(),
        last=last.date(),
        weeks=tuple(weeks),
        days=days,
        skipped=rng.choice(["before", "after"]),
        repeated=rng.choice(["first", "second"]),
    )


def random_moment(rng: Random, walk: Walk, at: datetime) -> datetime:
    """A moment that is covered: anywhere, about the change of clocks, or about an opening or closing."""
    bends = [edge for spans in walk.days.values() for span in spans for edge in span]
    where = rng.randrange(3)
    if where == 0 or (where == 2 and not bends):
        return walk.moment(rng.randint(walk.floor, walk.ceiling))
    if where == 1:
        return at + timedelta(seconds=rng.choice([0, -1, 1, rng.randint(-20_000, 20_000), 1800, 3600, -3600, -1800]))
    off = rng.choice([0, 0, -1, 1, rng.randint(-(10**7), 10**7)])
    return walk.moment(min(max(rng.choice(bends) * 60_000_000 + off, walk.floor), walk.ceiling))


def random_length(rng: Random, walk: Walk, start: datetime, end: datetime) -> timedelta:
    """A length of open time: none, the least, about what there is between two moments, or any."""
    between = abs(walk.between(start, end))
    return rng.choice(
        [
            timedelta(0),
            timedelta(microseconds=1),
            between,
            between + timedelta(microseconds=1),
            timedelta(seconds=rng.randint(1, 200_000)),
            timedelta(hours=rng.randint(1, 60)),
        ]
    )


def calendar_of(desk: Desk) -> Calendar:
    loaded = read_calendar(desk.written, "desk.yaml")
    assert loaded.calendar is not None, (desk.written, loaded.findings)
    return loaded.calendar


def told(reckon: object, *arguments: object) -> object:
    """What is reckoned; None if the calendar says that it cannot tell."""
    assert callable(reckon)
    try:
        return reckon(*arguments)
    except CalendarError:
        return None


def triples(rng: Random, walk: Walk, at: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    for _ in range(TRIPLES):
        start, end = random_moment(rng, walk, at), random_moment(rng, walk, at)
        yield start, end, random_length(rng, walk, start, end)


def hold(zone: str, at: datetime, seed: str) -> int:
    """Hold the law about one place in time; return how many triples that were."""
    rng = Random(f"{zone} {at} {seed}")
    desk = random_desk(rng, zone, at)
    walk = Walk(desk, Wall(zone, desk.first, desk.last))
    calendar = calendar_of(desk)
    said = f"{zone} {at} {seed}\n{desk.written}"
    count = 0
    for start, end, length in triples(rng, walk, at):
        count += 1
        about = f"{said}\n{start} {end} {length}"
        assert calendar.between(start, end) == walk.between(start, end), about
        assert calendar.between(end, start) == -calendar.between(start, end), about
        assert calendar.is_open(start) == walk.is_open(start), about
        assert told(calendar.next_open, start) == walk.next_open(start), about
        openings = calendar.openings(start, end)
        assert sum((one.end - one.start for one in openings), timedelta(0)) == max(
            walk.between(start, end), timedelta(0)
        ), about
        assert all(before.end <= after.start for before, after in pairwise(openings)), about
        due = told(calendar.add, start, length)
        assert due == walk.add(start, length), about
        days = rng.randint(1, 3)
        assert told(calendar.end_of_working_day, start, days) == walk.end_of_working_day(start, days), about
        if isinstance(due, datetime) and due <= walk.moment(walk.ceiling):
            assert calendar.between(start, due) == length, about
            assert due >= start, about
            later = told(calendar.add, max(start, end), length)
            assert later is None or (isinstance(later, datetime) and later >= due), about
            if length:
                earlier = told(calendar.add, start, length - timedelta(microseconds=1))
                assert isinstance(earlier, datetime), about
                assert earlier < due, about
    return count


@pytest.mark.parametrize("zone", ZONES)
def test_it_is_what_walking_every_minute_gives(zone: str) -> None:
    assert sum(hold(zone, at, "first") for at in places(zone)) >= 10 * TRIPLES


def test_that_is_more_than_ten_thousand_triples_over_every_change_of_clocks() -> None:
    assert len(PLACES) * TRIPLES >= 10_000
    assert len(ZONES) >= 8
    assert sum(1 for _ in changes("Europe/Bucharest", *YEARS)) == 2 * (YEARS[1] - YEARS[0] + 1)
    assert [at.isoformat() for at in changes("Pacific/Apia", 2011, 2011)][-1] == "2011-12-30T10:00:00+00:00"


@pytest.mark.parametrize("zone", ZONES)
def test_columns_are_reckoned_like_one_by_one(zone: str) -> None:
    np = pytest.importorskip("numpy")
    for at in places(zone)[:12]:
        rng = Random(f"columns {zone} {at}")
        desk = random_desk(rng, zone, at)
        walk = Walk(desk, Wall(zone, desk.first, desk.last))
        calendar = calendar_of(desk)
        columns = Columns(calendar)
        rows = [
            (start, end, length)
            for start, end, length in triples(rng, walk, at)
            if told(calendar.add, start, length) is not None and told(calendar.next_open, start) is not None
        ]
        starts, ends, lengths = [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]
        as_numbers = np.array([one.replace(tzinfo=None) for one in starts], dtype="datetime64[us]")
        plain = [one.replace(tzinfo=None) for one in map(calendar.add, starts, lengths)]
        assert columns.add(as_numbers, np.array(lengths, dtype="timedelta64[us]")).tolist() == plain
        assert columns.between(starts, ends).tolist() == list(map(calendar.between, starts, ends))
        opens = [one.replace(tzinfo=None) for one in map(calendar.next_open, starts)]
        assert columns.next_open(as_numbers.astype("int64")).tolist() == opens


if __name__ == "__main__":
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    for number in range(rounds):
        held = sum(hold(zone, at, f"soak {number}") for zone, at in PLACES)
        print(f"round {number + 1} of {rounds}: {held} triples")
