"""A status history says where a case stands; what it repeats is free, what it cannot say is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from procflow.model.event import Kind
from procflow.model.mapping import DataColumn, KnownFrom, TimeColumn
from tests.unit.eventlogs.stories import STATUSES, case_codes, codes, read_story, told


def test_rows_that_change_the_status_are_events_and_repeats_are_not(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """case, at,         status
           1,    2026-03-01, New
           1,    2026-03-02, New
           1,    2026-03-03, Active
           1,    2026-03-04, -100
           1,    2026-03-05, Active
           2,    2026-03-05, Done""",
        STATUSES,
    )
    assert told(reading) == ["intake", "working"]
    assert {event.kind for event in reading.traces[0].events} == {Kind.STATUS}
    rows = reading.rows
    assert (rows.read, rows.used, rows.first, rows.repeated, rows.ignored) == (6, 3, 2, 2, 1)
    assert reading.first_statuses == {"intake": 1, "resolved": 1}
    assert reading.status_changes == {"intake -> working": 1}
    assert reading.ignored_because == {"import fault": 1}


def test_a_repeat_that_tells_a_new_value_is_an_event_and_still_a_repeat(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """case, at,         status, team
           1,    2026-03-01, New,    north
           1,    2026-03-02, New,    north
           1,    2026-03-03, New,    south
           1,    2026-03-04, Active, south""",
        STATUSES,
        data={"team": DataColumn(column="team")},
    )
    assert told(reading) == ["intake", "intake", "working"]
    assert [dict(event.data) for event in reading.traces[0].events] == [{"team": "north"}, {"team": "south"}, {}]
    assert (reading.rows.used, reading.rows.repeated) == (2, 2)


def test_a_repeat_can_stand_for_an_action(tmp_path: Path) -> None:
    assert STATUSES.status is not None
    reading = read_story(
        tmp_path,
        "case, at, status\n1, 2026-03-01, New\n1, 2026-03-02, New\n1, 2026-03-03, Active",
        STATUSES,
        status=replace(STATUSES.status, repeated="update"),
    )
    assert told(reading) == ["intake", "update", "intake", "working"]
    kinds = [event.kind for event in reading.traces[0].events]
    assert kinds == [Kind.STATUS, Kind.ACTION, Kind.STATUS, Kind.STATUS]
    assert (reading.rows.used, reading.rows.repeated) == (2, 1)


def test_a_status_nobody_translated_is_faulty_and_leaves_a_gap(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """case, at,         status
           1,    2026-03-01, New
           1,    2026-03-02, Parked
           1,    2026-03-03, Done""",
        STATUSES,
    )
    assert codes(reading) == ["DV808"]
    assert "'Parked'" in reading.findings[0].message
    assert told(reading) == ["intake", "~resolved"]
    assert reading.rows.faulty == 1


def test_a_gap_before_a_repeat_hides_nothing_that_comes_after_it(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """case, at,         status, n
           1,    2026-03-01, New,    0
           1,    2026-03-01, -100,   1
           1,    2026-03-01, New,    4
           1,    2026-03-01, Active, 5
           1,    2026-03-02, Done,   6""",
        STATUSES,
        order="n",
    )
    assert told(reading) == ["intake", "~intake", "working", "resolved"]
    assert case_codes(reading) == ["DV804"]
    assert "2 between its rows" in reading.case_findings["1"][0].message


def test_what_is_filled_in_afterwards_is_known_only_from_its_step(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """case, at,         status, resolved_at
           1,    2026-03-01, New,    2026-03-03
           1,    2026-03-02, Active, 2026-03-03
           1,    2026-03-03, Done,   2026-03-03
           1,    2026-03-04, Active, 2026-03-05""",
        STATUSES,
        data={"resolved_at": DataColumn(column="resolved_at")},
        known_from={"resolved_at": KnownFrom(step="resolved")},
    )
    assert [dict(event.data) for event in reading.traces[0].events] == [
        {}, {}, {"resolved_at": "2026-03-03"}, {"resolved_at": "2026-03-05"},
    ]  # fmt: skip


def test_a_status_with_a_start_and_an_end_is_entered_at_its_start(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """case, from,       to,         status, team
           1,    2026-03-01, 2026-03-02, New,    north
           1,    2026-03-02, ,           Active, south""",
        STATUSES,
        time=None,
        start=TimeColumn(column="from"),
        complete=TimeColumn(column="to"),
        data={"team": DataColumn(column="team")},
    )
    assert told(reading) == ["intake", "working"]
    assert [(event.occurred_at.day, dict(event.data)) for event in reading.traces[0].events] == [
        (1, {"team": "north"}),
        (2, {"team": "south"}),
    ]
