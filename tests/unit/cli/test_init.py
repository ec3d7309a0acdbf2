"""`procflow init`: what it makes holds together, editors find the schemas, and nothing that was there is touched."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from procflow.cli import main
from procflow.cli.init import EXAMPLE, SHIPPED
from procflow.loading.calendars import load_calendar
from procflow.resources import shipped

SHIPPED_HERE = [name for name in SHIPPED if (shipped("procedures") / f"{name}.yaml").exists()]


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), env={"COLUMNS": "100"}, prog_name="procflow")


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    done = run("init", "care")
    assert done.exit_code == 0, done.output
    monkeypatch.chdir("care")
    return tmp_path / "care"


def test_it_says_what_it_made_and_what_to_do_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = run("init", "care").output
    assert told.startswith("Made in care\n  procedures/example.yaml  a procedure\n")
    assert told.endswith(
        "Next\n  cd care\n  procflow check procedures/example.yaml\n  procflow play procedures/example.yaml\n"
    )
    for word in re.findall(r"^  ([.\w/-]+)  ", told, re.MULTILINE):
        assert (tmp_path / "care" / word).exists(), word


@pytest.mark.parametrize("name", [EXAMPLE, *SHIPPED_HERE])
def test_what_it_makes_is_clean(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("init", "--from", name).exit_code == 0
    done = run("check", "--strict", f"procedures/{name}.yaml", "people.yaml")
    assert done.exit_code == 0, done.output
    assert "2 files checked, nothing to say against them" in done.output
    tested = run("test", f"procedures/{name}.yaml")
    assert tested.exit_code == 0, tested.output
    assert "shown: 100 %" in tested.output


def test_the_calendar_covers_the_years_that_begin_now(made: Path) -> None:
    calendar = load_calendar(made / "calendars" / "office.yaml")
    this_year = datetime.now(UTC).year
    assert (calendar.first.year, calendar.last.year) == (this_year, this_year + 2)
    done = run("calendar", "check", "office")
    assert done.exit_code == 0, done.output
    assert "office" in done.output


def test_editors_find_the_schemas(made: Path) -> None:
    settings = json.loads((made / ".vscode/settings.json").read_text("utf-8"))
    for schema in settings["yaml.schemas"]:
        assert "properties" in json.loads((made / schema).read_text("utf-8"))
    for file in (made / "procedures/example.yaml", made / "people.yaml"):
        found = re.match(r"# yaml-language-server: \$schema=(\S+)", file.read_text("utf-8"))
        assert found is not None
        assert (file.parent / found[1]).resolve().is_file()
    assert json.loads((made / ".vscode/extensions.json").read_text("utf-8"))["recommendations"]


def test_the_hooks_of_pre_commit_run_our_commands(made: Path) -> None:
    (local,) = yaml.safe_load((made / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    for hook in local["hooks"]:
        program, command = hook["entry"].split()
        assert program == "procflow"
        assert command in ("check", "test")
        assert re.search(hook["files"], "procedures/example.yaml")


def test_the_readme_names_the_procedure_that_is_there(made: Path) -> None:
    text = (made / "README.md").read_text("utf-8")
    assert "procflow check procedures/example.yaml people.yaml" in text
    assert "PROCEDURE" not in text


def test_what_the_readme_says_can_be_typed(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROCFLOW_STORE", raising=False)
    typed = re.findall(r"^\$ procflow (.+)$", (made / "README.md").read_text("utf-8"), re.MULTILINE)
    assert [one.split()[0] for one in typed] == ["check", "play", "test", "draw", "doc", "publish"]
    for words in typed:
        done = run(*words.split())
        assert done.exit_code == 0, f"procflow {words}\n{done.output}"
    assert (made / "picture.svg").is_file()
    assert (made / "procedure.html").is_file()


def test_nothing_that_was_there_is_overwritten(made: Path) -> None:
    (made / "README.md").write_text("ours", "utf-8")
    (made / "people.yaml").unlink()
    told = run("init").output
    assert (
        "Made in .\n  people.yaml  who is who\nKept as it was: procedures/example.yaml, calendars/office.yaml, README.md, "
        in told
    )
    assert (made / "README.md").read_text("utf-8") == "ours"


def test_a_second_procedure_may_join_later(made: Path) -> None:
    assert run("init", "--from", "complaint").exit_code == 0
    assert sorted(one.name for one in (made / "procedures").iterdir()) == ["complaint.yaml", "example.yaml"]


def test_an_unknown_name_is_told_with_those_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("init", "--from", "complain")
    assert done.exit_code == 2
    assert "'complaint', 'handoff', 'incident', 'service-request', 'sla-agreement'" in done.output
    assert not list(tmp_path.iterdir())


def test_what_stands_in_the_way_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("care").write_text("a file", "utf-8")
    done = run("init", "care")
    assert done.exit_code == 3
    assert "care/procedures is no folder" in done.output
    Path("other/README.md").mkdir(parents=True)
    assert "other/README.md cannot be made" in run("init", "other").output
