"""Which event came first: time, then a number, and where neither says, the log says so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from procflow.eventlogs.reading import LogReading
from procflow.model.event import Event, Kind
from procflow.model.mapping import TimeColumn
from procflow.trail.entry import seal
from procflow.trail.keys import EntryInvalid
from tests.unit.eventlogs.stories import ACTIONS, STATUSES, case_codes, read_story

MINUTE = TimeColumn(column="at", resolution=timedelta(minutes=1))


def ties(reading: LogReading, case: str = "1") -> list[str]:
    """Return the events of a case, with `=` before those that may as well have come before the one before."""
    events = (event for trace in reading.traces if trace.case == case for event in trace.events)
    return [
        ("=" if event.tie else "") + event.action + ("+" if event.lifecycle.value == "start" else "")
        for event in events
    ]


def test_equal_times_without_a_number_are_ties(tmp_path: Path) -> None:
    log = """case, at,         action, n
             1,    2026-03-01, a,      3
             1,    2026-03-01, b,      2
             1,    2026-03-01, c,      1
             1,    2026-03-02, d,      4"""
    assert ties(read_story(tmp_path, log, ACTIONS)) == ["a", "=b", "=c", "d"]
    assert ties(read_story(tmp_path, log, ACTIONS, order="n")) == ["c", "b", "a", "d"]


@pytest.mark.parametrize("number", ["", "1"])
def test_a_number_orders_only_if_every_row_has_its_own(tmp_path: Path, number: str) -> None:
    log = f"""case, at,         action, n
              1,    2026-03-01, a,      1
              1,    2026-03-01, b,      {number}
              1,    2026-03-01, c,      2"""
    reading = read_story(tmp_path, log, ACTIONS, order="n")
    assert sorted(ties(reading)) != ["a", "b", "c"]
    assert case_codes(reading) == ["DV807"]


def test_times_closer_than_the_resolution_are_ties(tmp_path: Path) -> None:
    log = """case, at,                  action
             1,    2026-03-01T10:00:00, a
             1,    2026-03-01T10:00:59, b
             1,    2026-03-01T10:01:59, c
             1,    2026-03-01T10:02:00, d"""
    exact = read_story(tmp_path, log, ACTIONS)
    assert (ties(exact), case_codes(exact)) == (["a", "b", "c", "d"], [])
    coarse = read_story(tmp_path, log, ACTIONS, time=MINUTE)
    assert (ties(coarse), case_codes(coarse)) == (["a", "=b", "c", "=d"], ["DV807"]), "a whole minute apart is apart"


def test_the_coarsest_column_counts(tmp_path: Path) -> None:
    log = """case, from,                to,                  action
             1,    2026-03-01T10:00:00, 2026-03-01T11:00:00, a
             1,    2026-03-01T12:00:00, 2026-03-01T12:30:00, b"""
    for start, end, expected in ((1, 1, ["a+", "a", "b+", "b"]), (1, 120, ["a+", "=a", "=b+", "=b"])):
        reading = read_story(
            tmp_path,
            log,
            ACTIONS,
            time=None,
            start=TimeColumn(column="from", resolution=timedelta(minutes=start)),
            complete=TimeColumn(column="to", resolution=timedelta(minutes=end)),
        )
        assert ties(reading) == expected


def test_within_the_resolution_the_number_is_the_order(tmp_path: Path) -> None:
    log = """case, at,                  action, n
             1,    2026-03-01T10:00:50, a,      1
             1,    2026-03-01T10:00:10, b,      2
             1,    2026-03-01T10:00:30, c,      3
             1,    2026-03-01T10:05:00, d,      4"""
    assert ties(read_story(tmp_path, log, ACTIONS, order="n")) == ["b", "c", "a", "d"]
    assert ties(read_story(tmp_path, log, ACTIONS, order="n", time=MINUTE)) == ["a", "b", "c", "d"]


def test_what_is_left_out_ties_nothing(tmp_path: Path) -> None:
    log = """case, at,         status, n
             1,    2026-03-01, New,
             1,    2026-03-01, -100,
             1,    2026-03-02, Active,"""
    reading = read_story(tmp_path, log, STATUSES, order="n")
    assert ties(reading) == ["intake", "working"]


def test_the_start_and_the_end_of_one_row_are_in_order(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        "case, from, to, action\n1, 2026-03-01, 2026-03-01, a\n1, 2026-03-02, 2026-03-02, b",
        ACTIONS,
        time=None,
        start=TimeColumn(column="from"),
        complete=TimeColumn(column="to"),
    )
    assert ties(reading) == ["a+", "a", "b+", "b"]
    assert case_codes(reading) == []


def test_a_repeated_status_hands_its_tie_on(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        "case, at, status\n1, 2026-03-01, New\n1, 2026-03-01, New\n1, 2026-03-02, New\n1, 2026-03-02, Active",
        STATUSES,
    )
    assert ties(reading) == ["intake", "=working"]


def test_an_engine_knows_what_came_first(tmp_path: Path) -> None:
    event: Event = read_story(tmp_path, "case, at, action\n1, 2026-03-01, a", ACTIONS).traces[0].events[0]
    assert event.kind is Kind.ACTION
    tied = Event(case="1", seq=1, kind=Kind.ACTION, action="a", occurred_at=event.occurred_at, tie=True)
    with pytest.raises(EntryInvalid, match="no certain place"):
        seal(tied, procedure="p", version="1", log="l", prev=bytes(32), nonce="n")
