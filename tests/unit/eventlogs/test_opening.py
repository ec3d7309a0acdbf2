"""What cannot be opened is said in words; nothing a file holds does more harm than that."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procflow.errors import EventLogError
from procflow.eventlogs import rows
from procflow.eventlogs.log import Format, format_of, read_log
from procflow.model.mapping import DataColumn
from tests.unit.eventlogs.stories import ACTIONS, STATUSES, checked, codes, told

TABLE = b"case,at,action\n1,2026-03-01,a\n"
LINES = b'{"case": "1", "at": "2026-03-01", "action": "a"}\n'


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [TABLE, b"\xef\xbb\xbf" + TABLE, LINES, gzip.compress(TABLE, mtime=0), gzip.compress(LINES, mtime=0), zipped(log_csv=TABLE),
     zipped(log_jsonl=LINES, readme_txt=b"hello")],
)  # fmt: skip
def test_plain_and_packed_logs_say_the_same(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "log"
    path.write_bytes(content)
    assert told(checked(read_log(path, ACTIONS))) == ["a"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\0\1\2", "binary"), (b"<?xml version='1.0'?><html/>", "no XES"),
        ("case".encode("utf-16"), "UTF-16"),
        (gzip.compress(TABLE * 9, mtime=0)[:-9], "before the end"), (b"\x1f\x8b\x08", "breaks off"),
        (b"PK\x03\x04 not really", "archive"), (zipped(), "holds 0"), (zipped(a_csv=TABLE, b_csv=TABLE), "holds 2"),
        (b"[\n]", "JSON list"), (b"caf\xe9,at,action\n", "encoding"),
    ],
)  # fmt: skip
def test_what_is_no_log_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "log"
    path.write_bytes(content)
    with pytest.raises(EventLogError, match=words):
        read_log(path, ACTIONS)


@pytest.mark.parametrize("content", [b"", b" \n\n", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0), zipped(log_csv=b"")])
def test_an_empty_file_is_a_log_without_events_and_says_so(tmp_path: Path, content: bytes) -> None:
    path, other = tmp_path / "log", tmp_path / "other.csv"
    path.write_bytes(content)
    other.write_bytes(TABLE)
    for mapping in (None, ACTIONS):
        reading = checked(read_log(path, mapping))
        assert (reading.traces, reading.rows.read, codes(reading)) == ((), 0, ["DV810"])
    reading = checked(read_log([path, other], ACTIONS))
    assert (told(reading), codes(reading)) == (["a"], ["DV810"])


def test_a_file_that_begins_with_much_white_space_is_not_empty(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"\n" * 1_000_000 + LINES)
    assert told(checked(read_log(path, ACTIONS))) == ["a"]


def test_missing_files_directories_and_no_files_are_refused(tmp_path: Path) -> None:
    for paths in ([tmp_path / "none.csv"], [tmp_path], [], ["nul\0byte"]):
        with pytest.raises(EventLogError):
            read_log(paths, ACTIONS)


def test_an_archive_that_unpacks_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_UNPACKED", 1_000_000)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(TABLE + b"\n" * 2_000_000, mtime=0))
    with pytest.raises(EventLogError, match="unpacks to more"):
        read_log(path, ACTIONS)


def test_a_row_without_end_is_dropped(tmp_path: Path) -> None:
    limit = csv.field_size_limit()
    path = tmp_path / "log.csv"
    path.write_bytes(TABLE + b'"' + b'","\n' * 1_500_000 + b"1,2026-03-02,b\n")
    reading = checked(read_log(path, ACTIONS))
    assert told(reading) == ["a", "b"]
    assert reading.rows.faulty >= 1
    assert csv.field_size_limit() == limit


def test_without_mapping_the_log_itself_shows_how_to_begin_one(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text("number;sys_updated_at;incident_state;priority\nI1;2026-03-01;New;1\n")
    with pytest.raises(EventLogError) as refused:
        read_log(path)
    hint = str(refused.value.hint)
    for line in (
        "case: number",
        "time: { column: sys_updated_at }",
        "status: { column: incident_state }",
        'delimiter: ";"',
    ):
        assert line in hint
    path.write_bytes(b'{"ticket": 1, "when": "x", "activity name": 3}\n')
    with pytest.raises(EventLogError) as refused:
        read_log(path)
    assert "action: { column: activity name }" in str(refused.value.hint)


def test_the_beginning_of_a_mapping_tells_an_encoding_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes("tichet;dată;acțiune\n1;2026-11-01;cere\n".encode("iso8859-16"))
    with pytest.raises(EventLogError) as refused:
        read_log(path)
    assert "\nencoding: latin-1    # the log is not UTF-8: " in str(refused.value.hint)


def test_the_first_line_says_the_format_before_the_name_does(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(LINES)
    assert format_of(str(path)) is Format.JSONL
    other = tmp_path / "log.jsonl"
    other.write_bytes(b"broken\n" + LINES)
    assert format_of(str(other)) is Format.JSONL
    table = tmp_path / "table"
    table.write_bytes(TABLE)
    with pytest.raises(EventLogError, match="different formats"):
        read_log([path, table], ACTIONS)


HOSTILE = replace(
    ACTIONS, order="n", data={"x": DataColumn(column="x")}, evidence={"e": "e"}
)  # fmt: skip
_CELL = st.one_of(
    st.sampled_from(["1", "2", "", "?", "2026-03-01", "2026-03-02T10:00+02:00", "0001-01-01", "New", "-100", "7"]),
    st.text(st.characters(exclude_characters="\0"), max_size=5),
)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["", "case,at,action\n", '{"case":1}\n', "PK\3\4", "\x1f\x8b\x08"]))
def test_any_bytes_give_a_reading_or_one_kind_of_error(content: bytes, start: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        path.write_bytes(start.encode("latin-1") + content)
        for mapping in (ACTIONS, None):
            with contextlib.suppress(EventLogError):
                checked(read_log(path, mapping))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=8), st.booleans())
def test_a_damaged_archive_gives_a_reading_or_one_kind_of_error(at: int, noise: bytes, gz: bool) -> None:
    good = gzip.compress(TABLE * 3, mtime=0) if gz else zipped(log_csv=TABLE * 3, note_txt=b"hello")
    at %= len(good)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        path.write_bytes(good[:at] + noise + good[at + len(noise) :])
        with contextlib.suppress(EventLogError):
            checked(read_log(path, ACTIONS))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(_CELL, min_size=6, max_size=7), max_size=12), st.booleans())
def test_every_row_of_any_table_is_counted_once(table: list[list[str]], status: bool) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([["case", "at", "status" if status else "action", "n", "x", "e"], *table])
    mapping = replace(HOSTILE, action=None, status=STATUSES.status) if status else HOSTILE
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        path.write_text(out.getvalue(), encoding="utf-8", errors="replace", newline="")
        reading = checked(read_log(path, mapping))
    events = sum(len(trace.events) for trace in reading.traces)
    assert reading.rows.used <= events <= reading.rows.used + reading.rows.repeated


def test_the_column_of_what_was_done_is_guessed_by_its_name(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("Case;Date;Who;What;Invoice\n1;2026-03-01;ana;Paid;\n")
    with pytest.raises(EventLogError) as caught:
        read_log([str(log)])
    assert "action: { column: What }" in str(caught.value.hint)
