"""`procflow due` and `procflow advance`: what is owed by when, and what time does, from a shell."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from procflow.cli import main
from tests.unit.engine.stories import Hands
from tests.unit.engine.timed import MONDAY, REPAIR, timed_engine


@pytest.fixture
def case(tmp_path: Path) -> str:
    """A case that was opened ten years before: on whatever day this runs, its time is up."""
    text = REPAIR.replace("    within: 30 days\n", "    within: 30 days\n    late: { notify: lead }\n")
    engine = timed_engine(tmp_path, Hands(MONDAY - timedelta(days=3_650)), text, url=f"sqlite:///{tmp_path}/time.db")
    opened = engine.start("repair", by="ana", data={"tier": "basic"}, ref="ticket:42").id
    engine.close_store()
    return opened


def run(folder: Path, *words: str) -> Result:
    environment = {"PROCFLOW_STORE": f"sqlite:///{folder}/time.db", "PROCFLOW_WORKSPACE": str(folder), "COLUMNS": "200"}
    return CliRunner().invoke(main, list(words), env=environment, prog_name="procflow")


def test_what_is_due_is_told_with_who_could_do_it(tmp_path: Path, case: str) -> None:
    told = run(tmp_path, "due")
    assert told.exit_code == 0
    assert f"{case}  repair  ticket:42" in told.stdout
    assert "overdue since" in told.stdout
    assert "the end of the case, by agent (ana) (clock whole)" in " ".join(told.stdout.split())
    assert run(tmp_path, "due", "--by", "max").stdout == "Nothing is due.\n"
    document = json.loads(run(tmp_path, "due", "--json", "--limit", "1").stdout)
    assert document["kind"] == "due"
    assert [(one["case"], one["overdue"], one["people"]) for one in document["items"]] == [(case, True, ["ana"])]


def test_time_is_advanced_and_whom_to_tell_is_said(tmp_path: Path, case: str) -> None:
    told = run(tmp_path, "advance").stdout
    assert "time of whole up (late): lead is told" in told
    assert "tell lea, not before" in told
    assert " UTC" not in told, "in the zone of the calendar"
    again = run(tmp_path, "advance").stdout
    assert "time of whole up" not in again
    # The case is older than the calendar, and that is told until somebody mends it.
    assert "DV813" in again or "cannot tell" in again or "can tell the time" in again
    shown = run(tmp_path, "show", case).stdout
    assert "2  " in shown
    assert "time of whole up (late): lead is told" in shown


def test_a_moment_to_come_is_refused(tmp_path: Path, case: str) -> None:
    refused = run(tmp_path, "advance", "--to", "2999-01-01")
    assert (refused.exit_code, case != "") == (3, True)
    assert "now is" in refused.stderr
    assert run(tmp_path, "due", "--until", "tomorrow-ish").exit_code == 2
