"""The plugin of pytest, as a user meets it: in a run of its own, quiet until asked."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tests.unit.scenarios.desk import REFUND

ROOT = Path(__file__).parents[2]
STORIES = """
scenarios:
  - { scenario: Small, given: { amount: 5 }, do: [agent propose], expect: { stands: pay } }
  - { scenario: Large, given: { amount: 500 }, do: [agent propose], expect: { stands: pay } }
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path) -> None:
    (tmp_path / "refund.yaml").write_text(REFUND + STORIES, "utf-8")
    (tmp_path / "settings.yaml").write_text("a: 1\n# procflow: nothing\n", "utf-8")
    (tmp_path / "test_own.py").write_text("def test_own():\n    assert True\n", "utf-8")


def run(folder: Path, *words: str, settings: str = "") -> str:
    """Run pytest in a folder, and return what it says."""
    (folder / "pytest.ini").write_text(f"[pytest]\nfilterwarnings = error\n{settings}\n", "utf-8")
    installed = any(one.name == "procflow" for one in entry_points(group="pytest11"))
    plugin = [] if installed else ["-p", "procflow.pytest_plugin"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *plugin, *words],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return f"{done.stdout}{done.stderr}exit code {done.returncode}"


def test_it_is_there_for_everybody_who_installs_procflow() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["entry-points"]["pytest11"] == {"procflow": "procflow.pytest_plugin"}


@pytest.mark.parametrize("settings", ["", "procflow = false"])
def test_it_does_nothing_unless_it_is_asked_to(tmp_path: Path, settings: str) -> None:
    told = run(tmp_path, settings=settings)
    assert "1 passed" in told
    assert told.endswith("exit code 0")


@pytest.mark.parametrize(
    ("words", "settings"),
    [
        (["--procflow"], ""),
        ([], "procflow = true"),
        ([], "procflow =\n    refund*.yaml\n    other/*.yaml"),
    ],
)
def test_each_scenario_is_an_item(tmp_path: Path, words: list[str], settings: str) -> None:
    told = run(tmp_path, "-v", *words, settings=settings)
    assert "refund.yaml::Small PASSED" in told
    assert "refund.yaml::Large FAILED" in told
    assert "test_own.py::test_own PASSED" in told
    assert "1 failed, 2 passed" in told


def test_patterns_choose_files(tmp_path: Path) -> None:
    told = run(tmp_path, settings="procflow = procedures/*.yaml")
    assert "1 passed" in told


def test_a_failure_is_told_in_words(tmp_path: Path) -> None:
    told = run(tmp_path, "--procflow", "-k", "Large")
    assert "agent propose (first thank, look-up) with amount = 500, urgent = true -> approve" in told
    assert "error PF701: expected to stand in `pay`, but the case stands in `approve`" in told
    assert "Traceback" not in told
    assert "runtest" not in told


def test_a_procedure_without_scenarios_or_with_mistakes_fails(tmp_path: Path) -> None:
    (tmp_path / "refund.yaml").write_text(REFUND, "utf-8")
    empty = run(tmp_path, "--procflow")
    assert "refund has no scenarios, so nothing was tested" in empty
    assert "1 failed, 1 passed" in empty
    (tmp_path / "refund.yaml").write_text(REFUND + STORIES.replace("agent", "agnet", 1), "utf-8")
    broken = run(tmp_path, "--procflow")
    assert "error PF703: `agnet` is neither a person of this scenario nor a role" in broken
    assert "Traceback" not in broken
    assert "1 error" in broken


def test_loading_it_costs_next_to_nothing() -> None:
    code = (
        "import sys, pytest; before = set(sys.modules); import procflow.pytest_plugin; "
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert {one for one in done.stdout.split() if one.startswith("procflow")} == {"procflow", "procflow.pytest_plugin"}
    assert {one.partition(".")[0] for one in done.stdout.split()} <= {"procflow", "fnmatch"}
