"""The engine's own export: order is seq, holes show, copies do not count."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from procflow.errors import EventLogError
from procflow.eventlogs.engine_log import read_engine_jsonl, write_engine_jsonl
from procflow.eventlogs.log import Format, format_of, read_log
from procflow.eventlogs.reading import LogReading
from procflow.model.event import Event, Kind
from procflow.trail.entry import genesis, seal
from tests.unit.eventlogs.stories import checked, codes, told

START = datetime(2026, 3, 1, tzinfo=UTC)


def event(seq: int, action: str = "", case: str = "1", kind: Kind = Kind.ACTION) -> Event:
    at = START + timedelta(hours=seq)
    return Event(
        case=case, seq=seq, kind=kind, action=action, occurred_at=at, recorded_at=at, actor="ana",
        data={"n": seq}, definition="d1",
    )  # fmt: skip


def body(one: Event) -> bytes:
    prev = genesis("log", one.case)
    return seal(one, procedure="p", version="1", log="log", prev=prev, nonce="n").body


STORY = (event(1, kind=Kind.OPENED), event(2, "thank"), event(3, "clarify"), event(4, kind=Kind.CLOSED))


def read(folder: Path, *bodies: bytes, as_of: datetime | None = None) -> LogReading:
    path = folder / "log.jsonl"
    with path.open("wb") as out:
        assert write_engine_jsonl(bodies, out) == len(bodies)
    return checked(read_log(path, as_of=as_of))


def test_what_is_written_is_read_and_needs_no_mapping(tmp_path: Path) -> None:
    reading = read(tmp_path, *map(body, STORY))
    (trace,) = reading.traces
    assert trace.events == STORY
    assert trace.closed
    assert not trace.cut
    assert trace.events[1].source is not None
    assert trace.events[1].source.line == 2
    assert reading.definitions == ("d1",)
    assert reading.last_at == STORY[-1].occurred_at
    assert (reading.rows.read, reading.rows.used) == (4, 4)
    assert format_of(str(tmp_path / "log.jsonl")) is Format.ENGINE


def test_order_is_seq_and_cases_keep_the_order_of_their_first_line(tmp_path: Path) -> None:
    reading = read(tmp_path, body(event(2, "b", "z")), body(event(1, "a")), body(event(1, "a", "z")))
    assert [trace.case for trace in reading.traces] == ["z", "1"]
    assert told(reading, "z") == ["a", "b"]
    assert not reading.traces[0].closed


def test_a_hole_shows_and_does_not_break_the_numbers(tmp_path: Path) -> None:
    reading = read(tmp_path, body(STORY[0]), body(STORY[2]), body(STORY[3]))
    assert told(reading) == ["", "~clarify", ""]
    assert "DV902" in codes(reading)
    assert "Entry 2 of case '1' is missing." in [one.message for one in reading.findings]


def test_copies_contradictions_and_broken_lines_are_told_apart(tmp_path: Path) -> None:
    good = body(STORY[0])
    reading = read(tmp_path, good, good, body(event(1, "other")), b'{"v":1}', b"\xff", b"x" * 70_000)
    assert codes(reading) == ["DV803", "DV801", "DV801", "DV801", "DV801"]
    assert (reading.rows.used, reading.rows.repeated, reading.rows.faulty) == (1, 1, 4)
    assert told(reading) == [""]


def test_later_than_as_of_is_ignored_and_the_case_is_open_then(tmp_path: Path) -> None:
    reading = read(tmp_path, *map(body, STORY), as_of=STORY[2].occurred_at)
    assert reading.traces[0].events == STORY[:3]
    assert not reading.traces[0].closed
    assert reading.rows.ignored == 1
    assert not reading.case_findings


def test_a_body_with_a_line_break_is_not_written() -> None:
    with pytest.raises(EventLogError):
        write_engine_jsonl([b"{\n}"], io.BytesIO())


def test_a_file_of_nothing_but_broken_lines_is_a_log_without_cases(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"a\nb\n")
    reading = checked(read_engine_jsonl(path))
    assert reading.traces == ()
    assert reading.rows.faulty == 2
