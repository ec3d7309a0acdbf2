"""`procflow test`: what it says, what it writes, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from procflow.cli import main
from tests.unit.scenarios.desk import REFUND

GOOD = "scenarios:\n  - { scenario: Small, given: { amount: 5 }, do: [agent propose], expect: { stands: pay } }\n"
BAD = GOOD.replace("stands: pay", "ends: paid").replace("Small", "Large <&> \x07fa")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / "good.yaml").write_text(REFUND + GOOD, "utf-8")
    (tmp_path / "bad.yaml").write_text(REFUND + BAD.replace("\x07", ""), "utf-8")
    (tmp_path / "none.yaml").write_text(REFUND, "utf-8")
    (tmp_path / "broken.yaml").write_text(REFUND + GOOD.replace("agent", "agnet"), "utf-8")
    return tmp_path


def call(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["test", *words], input=stdin)


def test_what_passes_is_told_with_its_story() -> None:
    done = call("good.yaml", "--no-coverage")
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "refund 1  good.yaml",
        "  pass  Small",
        "        agent propose => stands in pay",
        "",
        "1 scenario, it passes",
    ]


def test_what_fails_is_told_with_what_happened() -> None:
    done = call("good.yaml", "bad.yaml", "--no-coverage")
    assert done.exit_code == 1
    assert "  FAIL  Large" in done.output
    assert "agent propose (first thank, look-up) with amount = 5, urgent = true -> pay" in done.output
    assert "error PF701: expected to end as `paid`, but the case stands in `pay`" in done.output
    assert done.output.splitlines()[-1] == "2 scenarios: 1 pass, 1 fail"


def test_nothing_to_test_is_a_failure() -> None:
    done = call("none.yaml")
    assert done.exit_code == 1
    assert "PF705: refund has no scenarios, so nothing was tested" in done.output
    assert done.output.splitlines()[-1] == "no scenario was run"
    filtered = call("good.yaml", "-k", "huge")
    assert filtered.exit_code == 1
    assert "no scenario of refund has “huge” in its name" in filtered.output
    assert call("good.yaml", "-k", "SMA").exit_code == 0


def test_a_file_with_errors_is_not_run() -> None:
    done = call("broken.yaml", "good.yaml")
    assert done.exit_code == 1
    assert "PF703: `agnet` is neither a person of this scenario nor a role" in done.output
    assert "  pass  Small" in done.output


def test_stdin_will_do() -> None:
    assert call("-", stdin=REFUND + GOOD).exit_code == 0
    missing = call("nowhere.yaml")
    assert missing.exit_code != 0
    assert "Traceback" not in missing.output


def test_too_little_shown_can_fail() -> None:
    assert call("good.yaml", "--fail-under", "10").exit_code == 0
    assert call("good.yaml", "--fail-under", "90").exit_code == 1
    assert call("good.yaml", "--fail-under", "90", "-k", "Small").exit_code == 2
    assert call("good.yaml", "--fail-under", "900").exit_code == 2


def test_json_says_everything() -> None:
    done = call("good.yaml", "bad.yaml", "none.yaml", "broken.yaml", "--json")
    assert done.exit_code == 1
    told = json.loads(done.output)
    assert (told["kind"], told["passed"], told["failed"]) == ("tests", 1, 1)
    good, bad, none = told["files"]
    assert good["scenarios"][0]["passed"]
    assert good["scenarios"][0]["stands"] == "pay"
    assert [one["action"] for one in good["scenarios"][0]["events"]] == ["", "thank", "look-up", "propose"]
    assert 0 < good["coverage"]["percent"] < 100
    assert good["coverage"]["missing"][0]["where"]["line"]
    assert bad["scenarios"][0]["findings"][0]["code"] == "PF701"
    assert [one["code"] for one in none["findings"]] == ["PF705"]
    assert [one["code"] for one in told["findings"]] == ["PF703"]


def test_junit_is_written_for_build_servers(folder: Path) -> None:
    assert call("good.yaml", "bad.yaml", "none.yaml", "--junit", "out.xml").exit_code == 1
    suites = ElementTree.parse(folder / "out.xml").getroot()
    assert [(one.get("tests"), one.get("failures"), one.get("errors")) for one in suites] == [
        ("1", "0", "0"),
        ("1", "1", "0"),
        ("1", "0", "1"),
    ]
    told = suites[0][0].find("system-out")
    assert told is not None
    assert "agent propose" in (told.text or "")
    failure = suites[1][0][0]
    assert suites[1][0].get("name") == "Large <&> fa"
    assert "expected to end as `paid`" in (failure.text or "")


def test_what_is_missing_is_suggested_and_written(folder: Path) -> None:
    done = call("none.yaml", "--suggest")
    assert done.exit_code == 1
    told = done.output
    assert "for none.yaml, to stand under `scenarios:`" in told
    assert "  - scenario: " in told
    assert json.loads(call("none.yaml", "--suggest", "--json").output)["suggested"][0].startswith("  - scenario: ")
    before = (folder / "none.yaml").read_text("utf-8")
    assert call("none.yaml", "good.yaml", "--suggest", "--write").exit_code == 1
    after = (folder / "none.yaml").read_text("utf-8")
    assert after.startswith(before)
    assert call("none.yaml", "good.yaml", "--fail-under", "100").exit_code == 0
    again = call("none.yaml", "--suggest")
    assert "no scenario is missing in none.yaml" in again.output


def test_suggesting_needs_what_it_measures() -> None:
    assert call("good.yaml", "--suggest", "-k", "Small").exit_code == 2
    assert call("good.yaml", "--write").exit_code == 2
    assert call("-", "--suggest", "--write", stdin=REFUND).exit_code == 2
