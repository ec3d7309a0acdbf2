"""The terminal: colours only where they are wanted, files written whole or not at all."""

from __future__ import annotations

from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest

from procflow.cli import terminal
from procflow.errors import ProcflowError
from procflow.reports.paper import line


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)


def test_a_terminal_shows_colours_and_a_pipe_does_not() -> None:
    assert terminal.shows_colour(Terminal())
    assert not terminal.shows_colour(StringIO())


@pytest.mark.parametrize(("name", "value", "shown"), [("NO_COLOR", "1", False), ("TERM", "dumb", False)])
def test_a_terminal_may_be_told_not_to(monkeypatch: pytest.MonkeyPatch, name: str, value: str, shown: bool) -> None:
    monkeypatch.setenv(name, value)
    assert terminal.shows_colour(Terminal()) is shown


def test_a_pipe_may_be_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert terminal.shows_colour(StringIO())


@pytest.mark.parametrize(("columns", "cells"), [("10", 40), ("100", 100), ("500", 120)])
def test_lines_are_neither_too_short_nor_too_long(monkeypatch: pytest.MonkeyPatch, columns: str, cells: int) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert terminal.cells() == cells


def test_a_stream_of_ascii_gets_json_it_can_carry(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = BytesIO()
    monkeypatch.setattr("sys.stdout", TextIOWrapper(raw, encoding="ascii", write_through=True))
    terminal.write_json({"title": "شکایت 😀"})
    assert rb"\ud83d\ude00" in raw.getvalue()


def test_progress_is_told_on_a_terminal_and_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Terminal()
    monkeypatch.setattr("sys.stderr", watched)
    with terminal.progress() as told:
        assert told is not None
        told("rows", 12_000)
    assert watched.getvalue() == "\rrows 12,000\x1b[K\r\x1b[K"
    monkeypatch.setattr("sys.stderr", StringIO())
    with terminal.progress() as told:
        assert told is None


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    with terminal.writing(target) as file:
        file.write(b"new")
        assert not target.exists()
    assert target.read_bytes() == b"new"
    with pytest.raises(TypeError), terminal.writing(target) as file:
        file.writelines([b"half", None])  # type: ignore[list-item]
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(ProcflowError, match="it is a folder"):
        terminal.check_writable(tmp_path)
    with pytest.raises(ProcflowError, match="there is no folder"):
        terminal.check_writable(tmp_path / "no" / "report.txt")


def test_a_source_is_read_once_and_a_missing_one_has_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("café\n".encode() + b"\xff")
    sources = terminal.files_as_sources()
    assert sources(str(path)) == "café\n\ufffd"
    path.unlink()
    assert sources(str(path)) == "café\n\ufffd"
    assert sources(str(tmp_path)) is None


def test_talk_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.tell("done")
    terminal.tell_lines([line("really")])
    assert capsys.readouterr() == ("", "done\nreally\n")
