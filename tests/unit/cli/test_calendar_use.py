"""`procflow calendar use`, as somebody at a desk uses it when the hours of the office have changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from procflow.cli import main
from procflow.engine import Engine
from tests.unit.engine.stories import Hands
from tests.unit.engine.timed import OFFICE, REPAIR, timed_engine

NOW = datetime.now(UTC)
COVERED = OFFICE.replace("2026..2027", f"{NOW.year - 1}..{NOW.year + 1}")
LONGER = COVERED.replace("09:00-17:00", "09:00-17:30")


@pytest.fixture
def cases(tmp_path: Path) -> list[str]:
    """Two cases that have just been opened; then the office is open longer."""
    url = f"sqlite:///{tmp_path}/use.db"
    timed_engine(tmp_path, Hands(NOW - timedelta(hours=1)), REPAIR, url=url).close_store()
    (tmp_path / "calendars" / "office.yaml").write_text(COVERED, encoding="utf-8")
    engine = Engine.open(url, workspace=tmp_path, clock=Hands(NOW - timedelta(minutes=5)))
    opened = [engine.start("repair", by="ana", data={"tier": "basic"}, ref=f"ticket:{at}").id for at in (1, 2)]
    engine.close_store()
    (tmp_path / "calendars" / "office.yaml").write_text(LONGER, encoding="utf-8")
    return opened


def run(folder: Path, *words: str) -> Result:
    environment = {"PROCFLOW_STORE": f"sqlite:///{folder}/use.db", "PROCFLOW_WORKSPACE": str(folder), "COLUMNS": "80"}
    return CliRunner().invoke(main, ["calendar", "use", *words], env=environment, prog_name="procflow")


def test_what_would_move_is_shown_and_nothing_is_recorded(tmp_path: Path, cases: list[str]) -> None:
    words = ("--procedure", "repair", "--by", "max", "--reason", "Open longer")
    shown = run(tmp_path, *words)
    assert shown.exit_code == 0, shown.output
    assert all(case in shown.stdout for case in cases)
    assert "in 2 of 2 open cases" in shown.stdout
    assert "Nothing is recorded yet; do it with --yes." in shown.stdout
    first = json.loads(run(tmp_path, *words, "--json").stdout)
    assert {one["case"] for one in first["moves"]} == set(cases)
    assert all(one["from"] != one["to"] for one in first["moves"])
    assert json.loads(run(tmp_path, *words, "--json").stdout)["done"] == []


def test_it_is_done_in_every_open_case_once(tmp_path: Path, cases: list[str]) -> None:
    words = ("--procedure", "repair", "--by", "max", "--reason", "Open longer", "--yes")
    assert cases
    assert "2 cases now by the calendars in force, 0 by them already" in run(tmp_path, *words).stdout
    assert "0 cases now by the calendars in force, 2 by them already" in run(tmp_path, *words).stdout
    assert "0 due instants would move" in run(tmp_path, *words[:-1]).stdout


def test_who_may_not_is_refused(tmp_path: Path, cases: list[str]) -> None:
    refused = run(tmp_path, cases[0], "--by", "ana", "--reason", "Open longer", "--yes", "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["done"] == [{"case": cases[0], "accepted": False, "codes": ["DV204"]}]
    told = run(tmp_path, cases[0], "--by", "max", "--yes")
    assert (told.exit_code, "DV306" in told.stdout) == (1, True)


def test_what_cannot_be_meant_is_told(tmp_path: Path, cases: list[str]) -> None:
    assert run(tmp_path, "--by", "max").exit_code == 2
    assert run(tmp_path, cases[0], "--procedure", "repair", "--by", "max").exit_code == 2
    wrong = run(tmp_path, "--procedure", "repiar", "--by", "max")
    assert (wrong.exit_code, "Traceback" in wrong.output) == (3, False)


def test_a_case_that_is_closed_is_left_alone_with_a_note(tmp_path: Path, cases: list[str]) -> None:
    engine = Engine.open(f"sqlite:///{tmp_path}/use.db", workspace=tmp_path)
    engine.override(cases[0], "override", to="mended", by="max", reason="Withdrawn").or_raise()
    engine.close_store()
    told = run(tmp_path, *cases, "--by", "max", "--reason", "Open longer")
    assert "is closed: no clock runs in it" in told.stderr
    assert "in 1 of 1 open case" in told.stdout
