"""The program as a user runs it: a case from publishing to its audit, and the ways a shell cuts it short."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli.desk import MAPPING, PEOPLE, PROCEDURE, TABLE

pytestmark = pytest.mark.e2e


class Shell:
    """A folder in which `procflow` is called, each time in a process of its own."""

    def __init__(self, folder: Path, repository: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")},
            "PYTHONPATH": str(repository),
            "PYTHONIOENCODING": "utf-8",
            "PROCFLOW_WORKSPACE": ".",
            "COLUMNS": "80",
        }

    def start(self, *words: str, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "procflow", *words],
            cwd=self.folder,
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            # A shell that starts the tests in the background lets them ignore Ctrl-C, and what they start with them.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def __call__(self, *words: str, code: int = 0, **more: str) -> str:
        """Run to the end, check the exit code, return what it wrote to stdout (to stderr if that is all there is)."""
        with self.start(*words, **more) as process:
            out, err = process.communicate(timeout=60)
        assert process.returncode == code, f"{words}: {process.returncode}\n{out}{err}"
        assert "Traceback" not in err
        return out or err


@pytest.fixture
def shell(tmp_path: Path, repository: Path) -> Shell:
    for name, text in (
        ("complaint.yaml", PROCEDURE),
        ("people.yaml", PEOPLE),
        ("log.csv", TABLE),
        ("log.map.yaml", MAPPING),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Shell(tmp_path, repository)


def test_a_case_from_publishing_to_its_audit(shell: Shell) -> None:
    shell("check", "complaint.yaml", "people.yaml")
    shell("publish", "complaint.yaml")
    case = shell("start", "complaint", "--by", "ana", "--ref", "شکایت:۴۲").split()[0]
    refused = shell("perform", case, "approve", "--by", "dan", code=1)
    assert "refused: approve by dan" in refused
    assert "accepted" in shell("perform", case, "accept", "--by", "ana", "--data", "ours=true")
    assert "DV202 four-eyes" in shell("perform", case, "approve", "--by", "ana", "--evidence", "letter=m-1", code=1)
    assert "turn of    approval: lead (dan)" in shell("show", case)
    assert "شکایت:۴۲" in shell("worklist", "--by", "dan")
    assert shell("worklist", "--by", "ana") == "Nothing waits.\n", "four eyes: it waits, but not for her"
    assert "now stands in closed" in shell("perform", case, "approve", "--by", "dan", "--evidence", "letter=m-1")
    assert shell("worklist", "--by", "dan") == "Nothing waits.\n"
    assert "6 events written" in shell("export", "--output", "export.jsonl")
    assert "1 case judged, nothing deviates in it." in shell("audit", "complaint.yaml", "export.jsonl")
    report = json.loads(shell("audit", "complaint.yaml", "export.jsonl", "--json"))
    audited = report["cases"][0]
    shown = json.loads(shell("show", case, "--json"))["audit"]
    for one in audited["deviations"]:
        assert one["disposition"] == "prevented"
        assert one.pop("source")["line"] == one["seq"], "only an audit has the rows"
    assert [one.pop("source") for one in shown["deviations"]] == [None] * 3
    assert {**audited, "findings": []} == {**shown, "findings": []}, "the engine says what the audit of its export says"


def test_what_was_done_elsewhere_is_found_to_deviate(shell: Shell) -> None:
    words = ("audit", "complaint.yaml", "log.csv", "--mapping", "log.map.yaml", "--people", "people.yaml")
    assert "2 of 3 cases deviate (66.7 %): 2 deviations in all." in shell(*words, code=1)
    shell(*words, "--fail-on", "never")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and signals of POSIX")
@pytest.mark.parametrize("words", [["explain"], ["--help"], ["audit", "--help"], ["--version"]], ids=" ".join)
def test_a_reader_that_goes_away_is_no_error(shell: Shell, words: list[str]) -> None:
    with shell.start(*words) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
        process.wait(timeout=60)
    assert told == ""
    assert process.returncode == 141


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and signals of POSIX")
def test_ctrl_c_is_quiet(shell: Shell) -> None:
    os.mkfifo(shell.folder / "endless.yaml")
    with shell.start("check", "endless.yaml") as process:
        writer = os.open(shell.folder / "endless.yaml", os.O_WRONLY)  # returns when the program reads
        try:
            out, err = _interrupted(process)
        finally:
            os.close(writer)
            process.kill()
    assert (process.returncode, out, err.strip()) == (130, "", "")


def _interrupted(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Return what a program says that is interrupted; once more, if the signal came just before it began to read."""
    process.send_signal(signal.SIGINT)
    try:
        return process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        return process.communicate(timeout=60)


def test_a_terminal_that_knows_only_ascii_is_served_too(shell: Shell) -> None:
    shell("publish", "complaint.yaml")
    case = shell("start", "complaint", "--by", "ana", "--client", "مشتری").split()[0]
    assert "\\u0645" in shell("show", case, PYTHONIOENCODING="ascii")
    assert json.loads(shell("show", case, "--json", PYTHONIOENCODING="ascii"))["client"] == "مشتری"


def test_colours_are_there_for_those_who_want_them(shell: Shell) -> None:
    (shell.folder / "complaint.yaml").write_text("procflow: 1\n", encoding="utf-8")
    assert "\x1b[" not in shell("check", "complaint.yaml", code=1)
    assert "\x1b[" in shell("check", "complaint.yaml", code=1, FORCE_COLOR="1", TERM="xterm-256color")
