"""Rows of a table become events: words, times, values, and rows that are no rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from procflow.errors import EventLogError
from procflow.eventlogs.csv_log import read_csv
from procflow.model.event import Kind, Source
from procflow.model.mapping import DataColumn, NamesColumn, TimeColumn, Window, WordColumn
from tests.unit.eventlogs.stories import ACTIONS, HERE, case_codes, checked, codes, read_story, told


def test_a_row_is_an_event_with_all_that_the_mapping_names(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """case, at,               action, who, for, role, team, gravity, mail, note
           1,    2026-03-01T10:00, Thank,  ana, acme, agent, north, minor, M-7, wrote at once""",
        ACTIONS,
        action=WordColumn(column="action", to={"Thank": "thank"}, where=HERE),
        time=TimeColumn(column="at", zone="Europe/Bucharest"),
        actor="who",
        on_behalf_of="for",
        role=NamesColumn(column="role"),
        team=NamesColumn(column="team"),
        reason="note",
        data={"gravity": DataColumn(column="gravity", to={"minor": "low"})},
        evidence={"message": "mail"},
    )
    (event,) = reading.traces[0].events
    assert (event.kind, event.action, event.occurred_at) == (Kind.ACTION, "thank", datetime(2026, 3, 1, 8, tzinfo=UTC))
    assert (event.actor, event.on_behalf_of) == ("ana", "acme")
    assert (event.roles, event.teams) == (frozenset(["agent"]), frozenset(["north"]))
    assert (event.data, event.evidence, event.reason) == ({"gravity": "low"}, {"message": "M-7"}, "wrote at once")
    assert event.source == Source(file=str(tmp_path / "log.csv"), line=2)
    assert not event.gap
    assert reading.last_at == event.occurred_at


def test_a_row_with_start_and_end_is_two_events_and_one_row(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """case, from,             to,               action, amount
           1,    2026-03-01T10:00, 2026-03-01T12:00, draft,  7
           1,    2026-03-01T11:00, 2026-03-01T11:30, call,   8
           1,    2026-03-01T13:00, ,                 send,   9
           1,    ,                 2026-03-01T13:00, note,   9""",
        ACTIONS,
        time=None,
        start=TimeColumn(column="from"),
        complete=TimeColumn(column="to"),
        data={"amount": DataColumn(column="amount")},
    )
    assert told(reading) == ["draft+", "call+", "call", "draft", "send+", "note"]
    assert [dict(event.data) for event in reading.traces[0].events] == [
        {}, {}, {"amount": "8"}, {"amount": "7"}, {"amount": "9"}, {"amount": "9"},
    ], "of two at the same moment each may have been the first to say it"  # fmt: skip
    assert reading.rows.used == 4
    assert not case_codes(reading)


def test_a_completion_after_as_of_is_not_seen_nor_what_it_told(tmp_path: Path) -> None:
    log = """case, from,            to,               action, amount
             1,    2026-03-01T10:00, 2026-03-01T12:00, draft,  7
             1,    2026-03-02T10:00, 2026-03-02T12:00, send,   8"""
    reading = read_story(
        tmp_path,
        log,
        ACTIONS,
        time=None,
        start=TimeColumn(column="from"),
        complete=TimeColumn(column="to"),
        data={"amount": DataColumn(column="amount")},
        closed=True,
        as_of=datetime(2026, 3, 1, 11, tzinfo=UTC),
    )
    assert told(reading) == ["draft+"]
    assert reading.traces[0].events[0].data == {}
    assert (reading.rows.used, reading.rows.ignored) == (1, 1)
    assert not reading.traces[0].closed


def test_cases_keep_the_order_of_their_first_rows_and_events_that_of_time(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """case, at,         action
           b,    2026-03-03, last
           a,    2026-03-01, only
           b,    2026-03-01, first""",
        ACTIONS,
        closed=True,
    )
    assert [trace.case for trace in reading.traces] == ["b", "a"]
    assert told(reading, "b") == ["first", "last"]
    assert all(trace.closed for trace in reading.traces)
    assert reading.last_at == datetime(2026, 3, 3, tzinfo=UTC)


def test_a_value_is_given_only_when_it_changes_and_never_taken_back(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """case, at,         action, priority, wanted
           1,    2026-03-01, a,      high,     5/3/2026 10:00
           1,    2026-03-02, b,      high,     5/3/2026 10:00
           1,    2026-03-03, c,      ?,
           1,    2026-03-04, d,      low,      soon""",
        ACTIONS,
        no_value=("?",),
        data={
            "priority": DataColumn(column="priority"),
            "wanted": DataColumn(column="wanted", format="%d/%m/%Y %H:%M", zone="Europe/Warsaw"),
        },
    )
    assert [dict(event.data) for event in reading.traces[0].events] == [
        {"priority": "high", "wanted": "2026-03-05T09:00:00Z"}, {}, {}, {"priority": "low", "wanted": "soon"},
    ]  # fmt: skip


def test_a_format_without_a_time_of_day_gives_dates(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path, "case, at, action, day\n1, 2026-03-01, a, 31.12.2026", ACTIONS,
        data={"day": DataColumn(column="day", format="%d.%m.%Y", zone="Asia/Tehran")},
    )  # fmt: skip
    assert reading.traces[0].events[0].data == {"day": "2026-12-31"}


def test_an_exact_copy_is_repeated_even_in_another_file(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("case,at,action,note\n1,2026-03-01,a,x\n1,2026-03-01,a,y\n")
    two.write_text("case,at,action,note\n1,2026-03-01,a,x\n")
    reading = checked(read_csv([str(one), str(two)], ACTIONS))
    assert told(reading) == ["a", "a"]
    assert (reading.rows.used, reading.rows.repeated, codes(reading)) == (2, 1, ["DV803"])
    assert str(reading.findings[0].where) == f"{two}:2:1"


def test_bad_rows_are_named_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(
        b'case,at,action\n,2026-03-01,a\n1,,a\n1,yesterday,a\n\n1,2026-03-01\n1,2026-03-01,caf\xe9\n"1",2026-03-02,"b\nc"\n'
        b"1,2026-03-02,\n1,2026-03-03,d\n"
    )
    reading = checked(read_csv(path, ACTIONS))
    assert told(reading) == ["~b\nc", "~d"]
    assert [(found.code, found.where and found.where.line) for found in reading.findings] == [
        ("DV801", 2), ("DV802", 3), ("DV802", 4), ("DV801", 6), ("DV801", 7), ("DV801", 10),
    ]  # fmt: skip
    assert (reading.rows.read, reading.rows.faulty) == (8, 6)
    assert [event.source and event.source.line for event in reading.traces[0].events] == [8, 11]


def test_a_quotation_mark_that_is_never_closed_spoils_one_row(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        'case,at,action\n1,2026-03-01,a\n1,2026-03-02,"b\n' + "x" * 100 + "\n" * 200_000 + "1,2026-03-03,c\n"
    )
    reading = checked(read_csv(path, ACTIONS))
    assert told(reading) == ["a", "c"], "a row that was too long to read names no case"
    assert codes(reading) == ["DV801"]


def test_rows_swallowed_by_a_quotation_mark_are_told_by_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text('case,at,action\n1,2026-03-01,a\n1,2026-03-02,"b\n1,2026-03-03,c\n1,2026-03-04,d"e,f\n', "utf-8")
    (fault,) = checked(read_csv(path, ACTIONS)).findings
    assert fault.message == "The row, which takes lines 3 to 5, has 4 cells where the header has 3"
    assert fault.hint is not None
    assert fault.hint.startswith("Is a quotation mark never closed?")


def test_many_findings_of_one_kind_are_counted_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("case,at,action\n" + "1,never,a\n" * 1_234 + "1,2026-03-01,a\n")
    reading = checked(read_csv(path, ACTIONS))
    assert reading.rows.faulty == 1_234
    assert len(reading.findings) == 1_001
    assert "234 more rows" in reading.findings[-1].message


def test_rows_without_a_place_in_time_are_ambiguous_only_if_they_differ(tmp_path: Path) -> None:
    log = """case, at,         action, n
             1,    2026-03-01, a,      2
             1,    2026-03-01, b,      1
             2,    2026-03-01, a,      1
             2,    2026-03-01, a,      2"""
    plain = read_story(tmp_path, log, ACTIONS)
    assert told(plain) == ["a", "b"]
    assert (case_codes(plain, "1"), case_codes(plain, "2")) == (["DV807"], [])
    ordered = read_story(tmp_path, log, ACTIONS, order="n")
    assert told(ordered) == ["b", "a"]
    assert not ordered.case_findings


def test_missing_numbers_are_a_gap_before_the_next_event(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """case, at,         action, n
           1,    2026-03-01, a,      0
           1,    2026-03-02, b,      1
           1,    2026-03-03, c,      5
           2,    2026-03-03, a,      2
           2,    2026-03-04, b,      3
           3,    2026-03-04, a,      0
           3,    2026-03-05, b,      2
           3,    2026-03-06, c,      1
           4,    2026-03-06, a,      0
           4,    2026-03-07, b,      """,
        ACTIONS,
        order="n",
    )
    assert told(reading, "1") == ["a", "b", "~c"]
    assert told(reading, "2") == ["~a", "b"]
    assert told(reading, "3") == ["a", "b", "c"], "what comes later is not missing"
    assert told(reading, "4") == ["a", "b"], "no number is no gap"
    assert {case: case_codes(reading, case) for case in "1234"} == {"1": ["DV804"], "2": ["DV804"], "3": [], "4": []}
    assert "3 between its rows" in reading.case_findings["1"][0].message
    assert "2 before its first row" in reading.case_findings["2"][0].message


def test_a_log_that_counts_from_one_misses_nothing_before_it(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        "case, at, action, n\n1, 2026-03-01, a, 1\n1, 2026-03-02, b, 2\n2, 2026-03-01, a, 2",
        ACTIONS,
        order="n",
    )
    assert told(reading, "1") == ["a", "b"]
    assert told(reading, "2") == ["~a"]


def test_a_number_that_is_none_makes_the_row_faulty(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path, f"case, at, action, n\n1, 2026-03-01, a, x\n1, 2026-03-01, a, {'9' * 5000}", ACTIONS, order="n"
    )
    assert codes(reading) == ["DV801", "DV801"]
    assert not reading.traces


def test_outside_the_window_nothing_is_judged_and_cases_that_reach_back_are_cut(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """case, at,         action, opened
           1,    2026-02-27, a,      2026-02-27
           1,    2026-03-02, b,      2026-02-27
           2,    2026-03-02, a,      2026-02-20
           3,    2026-03-02, a,      2026-03-02
           3,    2026-04-01, b,      2026-03-02
           4,    2026-03-05, a,      whenever""",
        ACTIONS,
        opened=TimeColumn(column="opened"),
        window=Window(start=datetime(2026, 3, 1, tzinfo=UTC), end=datetime(2026, 4, 1, tzinfo=UTC)),
        closed=True,
    )
    assert [told(reading, case) for case in "1234"] == [["~b"], ["~a"], ["a"], ["a"]]
    assert [trace.cut for trace in reading.traces] == [True, True, False, False]
    assert [trace.closed for trace in reading.traces] == [True, True, False, True]
    assert [case_codes(reading, case) for case in "1234"] == [["DV809"], ["DV809"], [], []]
    assert reading.ignored_because == {"outside the window": 2}
    assert reading.opened["3"] == datetime(2026, 3, 2, tzinfo=UTC)
    assert codes(reading) == ["DV802"]
    assert reading.rows.faulty == 0


def test_ignored_actions_are_left_out_with_their_reason(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path, "case, at, action\n1, 2026-03-01, ping\n1, 2026-03-02, a", ACTIONS,
        action=WordColumn(column="action", ignore={"ping": "sent by a robot"}, where=HERE),
    )  # fmt: skip
    assert told(reading) == ["a"]
    assert reading.ignored_because == {"sent by a robot": 1}


def test_progress_is_told_every_ten_thousand_rows(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("case,at,action\n" + "".join(f"{n},2026-03-01,a\n" for n in range(20_001)))
    told_so_far: list[int] = []
    reading = read_csv(path, ACTIONS, progress=told_so_far.append)
    assert told_so_far == [10_000, 20_000]
    assert len(reading.traces) == 20_001


def test_a_table_of_only_a_header_is_a_log_without_cases(tmp_path: Path) -> None:
    assert read_story(tmp_path, "case, at, action", ACTIONS).traces == ()


@pytest.mark.parametrize(
    ("header", "message", "hint"),
    [
        ("case,when,acton", "'action', 'at'", "'acton' for 'action'"),
        ("case;at;action", "'case', 'action', 'at'", 'delimiter: ";"'),
        ("case,at,action,at", "twice: 'at'", "Rename"),
    ],
)
def test_a_header_that_does_not_fit_the_mapping_is_said_at_once(
    tmp_path: Path, header: str, message: str, hint: str
) -> None:
    with pytest.raises(EventLogError) as refused:
        read_story(tmp_path, header + "\n1,2026-03-01,a", ACTIONS)
    assert message in refused.value.message
    assert hint in str(refused.value.hint)


@pytest.mark.parametrize(
    "changes",
    [
        {"time": TimeColumn(column="at", format="%Q")},
        {"time": TimeColumn(column="at", zone="Mars/Olympus")},
        {"time": TimeColumn(column="at", zone="../etc/passwd")},
        {"time": None},
        {"delimiter": ";;"},
        {"encoding": "klingon"},
        {"encoding": "rot13"},
    ],
)
def test_a_mapping_nobody_can_use_is_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(EventLogError):
        read_story(tmp_path, "case, at, action\n1, 2026-03-01, a", ACTIONS, **changes)


def test_other_encodings_are_read(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "utf-16", "cp1250"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes("case,at,action\n1,2026-03-01,zażółć\n".encode(encoding))
        name = "utf-8" if encoding == "utf-8-sig" else encoding
        assert told(checked(read_csv(path, replace(ACTIONS, encoding=name)))) == ["zażółć"]


def test_who_asks_the_same_again_has_asked_again(tmp_path: Path) -> None:
    # What a case is like was given where it changes; what an event itself has to say is given with each.
    reading = read_story(
        tmp_path,
        """case, at,               action, priority, asked,  due
           1,    2026-03-01T10:00, ask,    p1,       number, 2026-03-02T10:00Z
           1,    2026-03-01T11:00, reply,  p1,       ,
           1,    2026-03-01T12:00, ask,    p1,       number, 2026-03-03T10:00Z
           1,    2026-03-01T13:00, reply,  p1,       ,
           1,    2026-03-01T14:00, ask,    p1,       name,   2026-03-03T10:00Z""",
        ACTIONS,
        data={name: DataColumn(column=name) for name in ("priority", "asked", "due")},
    )
    assert [dict(event.data) for event in reading.traces[0].events] == [
        {"priority": "p1", "asked": "number", "due": "2026-03-02T10:00Z"},
        {},
        {"asked": "number", "due": "2026-03-03T10:00Z"},
        {},
        {"asked": "name", "due": "2026-03-03T10:00Z"},
    ]  # fmt: skip


def test_moments_that_come_twice_or_never_are_told_once_a_column(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """case, at,               action
           1,    2026-03-29T02:30, a
           1,    2026-03-29T12:00, b
           1,    2026-10-25T02:30, c
           2,    2026-10-25T02:30, c
           2,    2026-10-25T02:30+01:00, d""",
        ACTIONS,
        time=TimeColumn(column="at", zone="Europe/Warsaw"),
    )
    (one,) = [one for one in reading.findings if one.code == "DV816"]
    assert one.message.startswith("3 cells of 'at' may be meant otherwise")
    assert "'2026-03-29T02:30' is no moment at all there; it was read as 2026-03-29 01:30 UTC" in one.message
    assert [event.occurred_at for event in reading.traces[1].events] == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ]
