"""The house stands as drawn: layers, doors, a core that reads no clock and no file, a fast start, modules one can read."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "procflow"
MODULES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted(
    path for path in (REPOSITORY / "tests").rglob("*.py") if "examples" not in path.relative_to(REPOSITORY).parts
)
CORE_ROOMS = {
    "account.py",
    "asked.py",
    "automaton",
    "calendars",
    "case.py",
    "ending.py",
    "explanation.py",
    "expressions",
    "judge.py",
    "model",
    "monitors",
    "passages.py",
    "trail",
    "waited.py",
}
CORE = [path for path in MODULES if path.relative_to(PACKAGE).parts[0] in CORE_ROOMS]

OUTSIDE_WORLD = {"os", "io", "pathlib", "time", "socket", "sqlite3", "subprocess", "random", "secrets"}
"""Standard modules that read a clock, a file, the environment, the network or chance."""
READS_THE_CLOCK = {"now", "utcnow", "today"}
ACTS_ON_THE_WORLD = {"open", "input", "eval", "exec", "__import__"}

HEAVY = {
    "polars",
    "jsonschema",
    "jsonschema_rs",
    "networkx",
    "yaml",
    "transitions",
    "rich",
    "babel",
    "jinja2",
    "numpy",
    "holidays",
    "tzdata",
}
"""What must not be loaded before it is needed."""


def named(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the checkout, unaware of this test run."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8", "COLUMNS": "120"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=REPOSITORY, env=environment, capture_output=True, text=True, encoding="utf-8"
    )


# --- layers and doors: the contracts stand in pyproject.toml -------------------------------------------------------


def test_the_import_contracts_hold() -> None:
    done = run("-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache")
    assert done.returncode == 0, f"\n{done.stdout}{done.stderr}"


def test_every_room_of_the_core_is_under_contract() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    core = next(one for one in project["tool"]["importlinter"]["contracts"] if one["id"] == "core")
    there = {f"procflow.{room.removesuffix('.py')}" for room in CORE_ROOMS if (PACKAGE / room).exists()}
    assert set(core["source_modules"]) == there, "pyproject.toml, contract `core`: name every room that exists"


# --- the judging core: time and facts arrive on events, nothing is fetched ------------------------------------------


def offences(tree: ast.Module) -> Iterator[str]:
    """What in a module of the core reaches outside, as `line: what`."""
    clocks = {"datetime", "date"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "datetime":
            clocks.update(alias.asname or alias.name for alias in node.names if alias.name in {"datetime", "date"})
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    if alias.name.partition(".")[0] in OUTSIDE_WORLD:
                        yield f"{node.lineno}: imports {alias.name}"
            case ast.ImportFrom(module=str(module), level=0) if module.partition(".")[0] in OUTSIDE_WORLD:
                yield f"{node.lineno}: imports {module}"
            case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name) if (
                owner in clocks and name in READS_THE_CLOCK
            ):
                yield f"{node.lineno}: reads the clock with {owner}.{name}"
            case ast.Name(id=name, ctx=ast.Load()) if name in ACTS_ON_THE_WORLD:
                yield f"{node.lineno}: uses {name}"


@pytest.mark.parametrize("path", CORE, ids=named)
def test_the_judging_core_reaches_for_nothing(path: Path) -> None:
    assert list(offences(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    "smuggled",
    [
        "import os.path",
        "from time import monotonic",
        "def f():\n    import secrets",
        "from datetime import datetime as moment\nmoment.now()",
        "import datetime\nfield(default_factory=datetime.datetime.utcnow)",
        "from datetime import date\nday = date.today",
        "text = open('a').read()",
        "reader = open",
        "eval('1')",
    ],
)
def test_the_guard_of_the_core_sees_each_way_out(smuggled: str) -> None:
    assert len(list(offences(ast.parse(smuggled)))) == 1


@pytest.mark.parametrize(
    "harmless",
    ["from datetime import time", "context.now", "self.today()", "from procflow.model import time", "a.open()"],
)
def test_the_guard_of_the_core_lets_plain_words_pass(harmless: str) -> None:
    assert list(offences(ast.parse(harmless))) == []


# --- a fast start --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("-c", "import procflow"), ("-m", "procflow", "--help")], ids=["import", "--help"])
def test_starting_loads_nothing_heavy(command: tuple[str, ...]) -> None:
    done = run("-X", "importtime", *command)
    assert done.returncode == 0, done.stdout + done.stderr
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "procflow" in loaded, "the list of imports was not understood"
    assert loaded & HEAVY == set()


def test_checking_loads_neither_words_nor_pages() -> None:
    done = run("-X", "importtime", "-m", "procflow", "check", "procedures/complaint.yaml")
    assert done.returncode == 0, done.stdout
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "yaml" in loaded, "the list of imports was not understood"
    assert loaded & {"babel", "jinja2", "markupsafe"} == set()


# --- modules one can read ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*MODULES, *TESTS, REPOSITORY / "cli.py"], ids=named)
def test_a_module_says_in_its_first_line_what_it_holds(path: Path) -> None:
    text = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert text, f"{named(path)} has no docstring"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_holds_one_idea(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= 450, f"{named(path)} has {lines} lines: which of its ideas wants a module of its own?"
