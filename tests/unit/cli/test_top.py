"""The top: a light `--help`, errors in words, and exit codes that mean something."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from procflow.cli import TABLE, main
from procflow.cli.exits import Exit, is_of_trail
from procflow.cli.top import Commands
from procflow.errors import ProcedureInvalid, ProcflowError, SourceSpan, StoreError
from tests.unit.cli.desk import Desk

HEAVY = {"polars", "jsonschema", "networkx", "yaml", "transitions", "rich"}


def test_help_lists_every_command_with_its_line(desk: Desk) -> None:
    shown = desk("--help").stdout
    for name, (_, help) in TABLE.items():
        assert f"  {name:<8}  {help}" in shown


@pytest.mark.parametrize("name", TABLE)
def test_the_line_in_the_table_is_the_one_the_command_gives(name: str) -> None:
    module, _, attribute = TABLE[name][0].partition(":")
    command = getattr(import_module(module), attribute)
    assert isinstance(command, click.Command)
    assert command.get_short_help_str(200).rstrip(".") == TABLE[name][1].rstrip(".")


@pytest.mark.parametrize("name", TABLE)
def test_every_command_shows_an_example(name: str, desk: Desk) -> None:
    done = desk(name, "--help")
    assert done.exit_code == 0
    assert f"procflow {name}" in done.stdout.partition("Example")[2]


@pytest.mark.parametrize("command", [["--help"], ["audit", "--help"], ["perform", "--help"], ["check", "--help"]])
def test_help_loads_nothing_heavy(command: list[str], repository: Path) -> None:
    code = f"""import sys
from procflow.cli import main
try:
    main({command!r}, prog_name="procflow")
except SystemExit:
    pass
print(sorted({{name.partition(".")[0] for name in sys.modules}} & {HEAVY!r}), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(repository), "PYTHONIOENCODING": "utf-8"},
    )
    assert done.stderr.strip() == "[]"


def test_the_version_is_told(desk: Desk) -> None:
    done = desk("--version")
    assert done.exit_code == 0
    assert done.stdout.startswith("procflow ")


def test_a_misspelt_command_is_told_with_the_closest(desk: Desk) -> None:
    done = desk("chek")
    assert done.exit_code == Exit.USAGE
    assert "There is no command 'chek'. Did you mean 'check'?" in done.stderr


def test_no_command_is_a_usage_error(desk: Desk) -> None:
    done = desk()
    assert done.exit_code == Exit.USAGE
    assert "Commands:" in done.output


def failing(error: BaseException) -> Commands:
    """A group with one command, `do`, that fails."""

    @click.command()
    def do() -> None:
        raise error

    globals()["_do"] = do
    return Commands(name="procflow", table={"do": (f"{__name__}:_do", "Fail.")})


def ended(error: BaseException) -> tuple[int, str, str]:
    done = CliRunner().invoke(failing(error), ["do"], env={"COLUMNS": "80"})
    return done.exit_code, done.stdout, done.stderr


def test_an_error_is_told_with_its_code_place_and_help() -> None:
    where = SourceSpan(file="a.yaml", line=3, column=1, end_line=3, end_column=2)
    error = StoreError("the store is busy", code="DV801", where=where, hint="Try again.")
    assert ended(error) == (
        Exit.FAILED,
        "",
        "error DV801: the store is busy\n  at a.yaml:3:1\n  help: Try again.\n",
    )


def test_an_error_without_a_code_of_its_own_shows_none() -> None:
    assert ended(ProcflowError("no")) == (Exit.FAILED, "", "error: no\n")


def test_a_broken_trail_has_its_own_exit_code() -> None:
    assert ended(StoreError("altered", code="DV901"))[0] == Exit.TRAIL_BROKEN
    assert not is_of_trail("DV906"), "lawful erasure breaks nothing"


def test_an_invalid_procedure_is_told_with_its_findings(desk: Desk) -> None:
    desk.put("complaint.yaml", "procflow: 1\nprocedure: complaint\ncolect: 1\n")
    done = desk("audit", desk.path("complaint.yaml"), desk.path("log.csv"), "--mapping", desk.path("log.map.yaml"))
    assert done.exit_code == Exit.FAILED
    assert done.stdout == ""
    assert "complaint.yaml:3:1: error PF102" in done.stderr
    assert " 3 | colect: 1\n" in done.stderr
    assert "Traceback" not in done.stderr


def test_findings_that_the_message_does_not_hold_go_before_it() -> None:
    code, _, told = ended(ProcedureInvalid("it does not fit", findings=(), code="PF205"))
    assert (code, told) == (Exit.FAILED, "error PF205: it does not fit\n")


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (KeyboardInterrupt(), Exit.INTERRUPTED, ""),
        (BrokenPipeError(), Exit.PIPE_CLOSED, ""),
        (PermissionError(13, "Permission denied", "x.db"), Exit.FAILED, "error: x.db: Permission denied\n"),
        (MemoryError(), Exit.FAILED, "error: there is not enough memory for this\n"),
    ],
    ids=["ctrl-c", "pipe", "permission", "memory"],
)
def test_what_the_system_says_is_told_without_a_traceback(error: BaseException, code: int, told: str) -> None:
    done, out, err = ended(error)
    assert (done, out, err.lstrip("\n")) == (code, "", told)


def test_a_bug_is_called_a_bug_and_never_looks_like_findings() -> None:
    code, _, told = ended(ValueError("impossible"))
    assert code == Exit.FAILED
    assert "ValueError: impossible" in told
    assert "this is a bug in procflow" in told


def test_a_text_from_outside_does_not_steer_the_terminal() -> None:
    assert "\x1b" not in ended(ProcflowError("no file \x1b[2J", hint="look \x1b[2J"))[2]


def test_the_group_is_the_one_of_the_package() -> None:
    assert isinstance(main, Commands)
    assert list(main.list_commands(click.Context(main))) == list(TABLE)
