"""A row that cannot be read leaves a hole in its case: as wide as the place of the row is uncertain, and no wider."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from procflow.eventlogs.holes import MOST_PLACED
from procflow.eventlogs.log import read_log
from procflow.eventlogs.reading import LogReading
from procflow.model.mapping import DataColumn, TimeColumn, Window
from tests.unit.eventlogs.stories import ACTIONS, STATUSES, case_codes, checked, codes, read_story, told


def is_closed(reading: LogReading, case: str = "1") -> bool:
    return next(trace.closed for trace in reading.traces if trace.case == case)


OTHER_CASES = """2, 2026-03-01, a
                 2, 2026-03-02, b"""


def test_without_a_time_in_a_file_in_order_a_row_lies_between_its_neighbours(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        f"""case, at,         action
            1,    2026-03-01, a
            1,    2026-03-02, b
            1,    yesterday,  c
            1,    2026-03-04, d
            1,    2026-03-05, e
            {OTHER_CASES}""",
        ACTIONS,
        closed=True,
    )
    assert told(reading) == ["a", "b", "~d", "e"]
    assert is_closed(reading), "what is missing is not at the end"
    assert told(reading, "2") == ["a", "b"]
    (found,) = reading.case_findings["1"]
    assert found.code == "DV804"
    assert found.message == "Case '1' lacks what the unreadable row in line 4 would say"
    assert found.where is not None
    assert found.where.line == 4
    assert reading.findings[0].message == "'yesterday' in column 'at' of case '1' is no time the mapping describes"


def test_without_a_time_in_a_file_in_no_order_a_row_may_be_anywhere(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """case, at,         action
           1,    2026-03-01, a
           1,    2026-03-02, b
           1,    ,           c
           1,    2026-03-04, d
           2,    2026-03-02, b
           2,    2026-03-01, a""",
        ACTIONS,
        closed=True,
    )
    assert told(reading) == ["~a", "~b", "~d"]
    assert not is_closed(reading), "it may have been the last thing that happened"
    assert told(reading, "2") == ["a", "b"]
    assert is_closed(reading, "2")


def test_the_order_of_one_row_is_no_order(tmp_path: Path) -> None:
    reading = read_story(tmp_path, "case, at, action\n1, x, c\n1, 2026-03-01, a\n1, 2026-03-01, b", ACTIONS)
    assert told(reading) == ["~a", "~b"]


def test_at_the_end_of_the_file_it_may_be_the_last_and_the_case_goes_on(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """case, at,         action
           1,    2026-03-01, a
           1,    2026-03-02, b
           1,    tomorrow,   c""",
        ACTIONS,
        closed=True,
    )
    assert told(reading) == ["a", "b"]
    assert not is_closed(reading)
    assert case_codes(reading) == ["DV804"]


def test_a_file_tells_the_place_of_its_own_rows_only(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("case,at,action\n1,2026-03-01,a\n1,2026-03-03,c\n1,never,x\n")
    two.write_text("case,at,action\n1,2026-03-02,b\n1,2026-03-04,d\n1,2026-03-05,e\n")
    reading = checked(read_log([str(one), str(two)], ACTIONS))
    assert told(reading) == ["a", "b", "c", "~d", "~e"]


def test_a_number_tells_the_place(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """case, at,         action, n
           1,    2026-03-01, a,      1
           1,    never,      b,      2
           1,    2026-03-01, c,      3
           1,    2026-03-02, d,      4
           2,    2026-03-02, b,      2
           2,    2026-03-01, a,      1""",
        ACTIONS,
        order="n",
        closed=True,
    )
    assert told(reading) == ["a", "~c", "d"]
    assert is_closed(reading)
    assert [found.message for found in reading.case_findings["1"]] == [
        "Case '1' lacks what the unreadable row in line 3 would say"
    ], "its number is there: it is not missing as well"
    assert case_codes(reading, "2") == []


def test_numbers_that_do_not_rise_tell_no_place(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """case, at,         action, n
           1,    2026-03-01, a,      3
           1,    2026-03-02, b,      1
           1,    never,      c,      2
           2,    2026-03-02, b,      2
           2,    2026-03-01, a,      1""",
        ACTIONS,
        order="n",
    )
    assert told(reading) == ["~a", "~b"]


def test_a_time_tells_the_place_as_exactly_as_the_log_is(tmp_path: Path) -> None:
    log = """case, at,                  action, n
             1,    2026-03-01T10:00:00, a,      1
             1,    2026-03-01T10:02:00, b,      1
             1,    2026-03-01T10:02:40, c,      two
             1,    2026-03-01T10:03:10, d,      1
             1,    2026-03-01T10:05:00, e,      1"""
    assert told(read_story(tmp_path, log, ACTIONS, order="n")) == ["a", "b", "~d", "e"]
    coarse = TimeColumn(column="at", resolution=datetime(2026, 1, 1, 0, 1) - datetime(2026, 1, 1))
    assert told(read_story(tmp_path, log, ACTIONS, order="n", time=coarse)) == ["a", "~b", "~d", "~e"]


def test_work_that_began_and_whose_end_cannot_be_read_may_have_ended_at_any_time_since(tmp_path: Path) -> None:
    log = """case, from,       to,         action
             1,    2026-03-01, 2026-03-02, a
             1,    2026-03-03, soon,       b
             1,    2026-03-02, 2026-03-05, c
             1,    2026-03-06, 2026-03-06, d"""
    pair = {"time": None, "start": TimeColumn(column="from"), "complete": TimeColumn(column="to")}
    reading = read_story(tmp_path, log, ACTIONS, closed=True, **pair)
    assert told(reading) == ["a+", "a", "c+", "~c", "~d+", "~d"]
    assert not is_closed(reading)
    turned = log.replace("2026-03-03, soon, ", "soon, 2026-03-03,")
    reading = read_story(tmp_path, turned, ACTIONS, closed=True, **pair)
    assert told(reading) == ["a+", "a", "c+", "~c", "d+", "d"]
    assert is_closed(reading)


@pytest.mark.parametrize("last", ["Parked", ""])
def test_a_status_that_cannot_be_read_at_the_end_leaves_the_case_open(tmp_path: Path, last: str) -> None:
    log = f"""case, at,         status
              1,    2026-03-01, New
              1,    2026-03-02, {last}
              2,    2026-03-01, New"""
    reading = read_story(tmp_path, log, STATUSES, closed=True)
    assert told(reading) == ["intake"]
    assert not is_closed(reading)
    assert is_closed(reading, "2")
    assert "of case '1'" in reading.findings[0].message


def test_numbers_missing_before_a_last_row_that_is_left_out_leave_the_case_open(tmp_path: Path) -> None:
    log = """case, at,         status, n
             1,    2026-03-01, New,    0
             1,    2026-03-02, -100,   {}"""
    assert is_closed(read_story(tmp_path, log.format(1), STATUSES, order="n", closed=True))
    assert not is_closed(read_story(tmp_path, log.format(3), STATUSES, order="n", closed=True))


def test_a_row_split_wrongly_or_in_another_encoding_is_a_hole_of_the_case_it_names(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(
        b"at,case,action\n2026-03-01,1,a\n2026-03-02,1\n2026-03-03,1,c\n2026-03-04,1,caf\xe9\n2026-03-05,1,e\n"
        b"2026-03-06\n2026-03-06,1,f\n"
    )
    assert told(checked(read_log([str(path)], ACTIONS))) == ["a", "~c", "~e", "f"]
    lines = tmp_path / "log.jsonl"
    lines.write_text(
        '{"at":"2026-03-01","case":"1","action":"a"}\n{"at":"2026-03-02","case":"1","action":["b"]}\n'
        '{"at":"2026-03-03","case":"1","action":"c"}\n{"at":"2026-03-04","case":"1"\n'
        '{"at":"2026-03-05","case":"1","action":"e"}\n'
    )
    assert told(checked(read_log([str(lines)], ACTIONS))) == ["a", "~c", "e"], "a broken line names no case"


def test_a_case_of_unreadable_rows_alone_is_not_among_the_cases(tmp_path: Path) -> None:
    reading = read_story(tmp_path, "case, at, action\n1, never, a\n2, 2026-03-01, a", ACTIONS)
    assert [trace.case for trace in reading.traces] == ["2"]
    assert codes(reading) == ["DV802"]


def test_what_is_unreadable_and_outside_the_window_is_no_hole(tmp_path: Path) -> None:
    log = """case, at,         action, n
             1,    2026-02-01, a,      x
             1,    2026-03-01, b,      2
             2,    2026-03-01, b,      1
             2,    2026-04-02, c,      x
             3,    2026-03-01, b,      1"""
    window = Window(start=datetime(2026, 3, 1, tzinfo=UTC), end=datetime(2026, 4, 1, tzinfo=UTC))
    reading = read_story(tmp_path, log, ACTIONS, order="n", window=window, closed=True)
    assert [told(reading, case) for case in "123"] == [["~b"], ["b"], ["b"]]
    assert [(trace.cut, trace.closed) for trace in reading.traces] == [(True, True), (False, False), (False, True)]


def test_more_holes_than_one_would_place_are_anywhere(tmp_path: Path) -> None:
    holes = "".join(f"1, 2026-03-02, {n}, x\n" for n in range(MOST_PLACED + 1))
    log = "case, at, action, n\n1, 2026-03-01, a, 1\n{}1, 2026-03-03, b, 2\n1, 2026-03-04, c, 3"
    some = read_story(tmp_path, log.format(holes[: holes.rindex("1, 2026")]), ACTIONS, order="n")
    assert told(some) == ["a", "~b", "c"]
    many = read_story(tmp_path, log.format(holes), ACTIONS, order="n")
    assert told(many) == ["~a", "~b", "~c"]
    assert many.case_findings["1"][0].message.endswith("in line 3, 4, 5, 6, 7 and 46 more would say")


def test_values_are_given_once_although_a_row_repeats_the_status(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """case, at,         status, team,  mail
           1,    2026-03-01, New,    north, M-1
           1,    2026-03-02, New,    north, M-1
           1,    2026-03-03, New,    ,      M-1
           1,    2026-03-04, New,    ,      M-2""",
        STATUSES,
        data={"team": DataColumn(column="team")},
        evidence={"letter": "mail"},
    )
    said = [(event.data, event.evidence) for event in reading.traces[0].events]
    assert said == [
        ({"team": "north"}, {"letter": "M-1"}),
        ({"team": None}, {"letter": "M-1"}),
        ({}, {"letter": "M-2"}),
    ]
