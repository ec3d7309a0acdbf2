"""`procflow check --format`: the same findings for people, programs, code scanning and pull requests."""

from __future__ import annotations

import json
from pathlib import Path

import yaml
from jsonschema import Draft4Validator, Draft202012Validator

from procflow.cli import TABLE
from tests.unit.cli.desk import PROCEDURE, Desk

ROOT = Path(__file__).resolve().parents[3]
SARIF = json.loads((ROOT / "tests" / "schemas" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
FINDINGS = json.loads((ROOT / "schemas" / "findings.schema.json").read_text("utf-8"))
BAD = PROCEDURE.replace("collect: [ours]", "colect: [ours]").replace(
    "  lead: Approves", "  # procflow: ignore PF208 - hired in May\n  chief: Signs\n  lead: Approves"
)


def test_sarif_is_what_the_standard_says(desk: Desk) -> None:
    desk.put("complaint.yaml", PROCEDURE.replace("sum: {", "summ: {"))
    for name in ("complaint.yaml", "people.yaml"):
        Draft4Validator(SARIF).validate(json.loads(desk("check", "--format", "sarif", name).stdout))
    done = desk("check", "--format", "sarif", "complaint.yaml")
    assert done.exit_code == 1
    (run,) = json.loads(done.stdout)["runs"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "complaint.yaml"


def test_what_is_ignored_is_suppressed(desk: Desk) -> None:
    desk.put("complaint.yaml", BAD.replace("colect", "collect"))
    document = json.loads(desk("check", "--format", "sarif", "complaint.yaml").stdout)
    Draft4Validator(SARIF).validate(document)
    (result,) = document["runs"][0]["results"]
    assert result["suppressions"][0]["justification"] == "hired in May"


def test_the_document_of_findings_is_what_its_schema_says(desk: Desk) -> None:
    Draft202012Validator.check_schema(FINDINGS)
    for text in (PROCEDURE, BAD, BAD.replace("colect", "collect"), "procflow: [\n"):
        desk.put("complaint.yaml", text)
        for words in (("--json",), ("--format", "json"), ("--json", "--format", "json"), ("--json", "--fix")):
            Draft202012Validator(FINDINGS).validate(json.loads(desk("check", *words, "complaint.yaml").stdout))


def test_notes_for_a_pull_request(desk: Desk) -> None:
    desk.put("complaint.yaml", BAD)
    done = desk("check", "--format", "github", "complaint.yaml")
    assert done.exit_code == 1
    first, *_, last = done.stdout.splitlines()
    assert first.startswith("::error file=complaint.yaml,line=")
    assert "did you mean `collect`?" in first
    assert last == "1 error in 1 file"


def test_an_unknown_format_is_told(desk: Desk) -> None:
    done = desk("check", "--format", "xml", "complaint.yaml")
    assert done.exit_code == 2
    assert "sarif" in done.stderr


def test_the_hooks_for_pre_commit_are_commands_of_procflow() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert [one["id"] for one in hooks] == ["procflow-check", "procflow-test"]
    for one in hooks:
        assert {"id", "name", "entry", "language", "files"} <= one.keys()
        assert one["language"] == "python"
        program, command = one["entry"].split()
        assert program == "procflow"
        assert command in TABLE or command == "test"


def test_the_files_of_the_hooks_are_those_of_a_folder_of_procflow() -> None:
    import re

    check, test = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    for name in ("procedures/complaint.yaml", "people.yaml", "desk/procedures/a/b.yml", "logs/tickets.map.yaml"):
        assert re.search(check["files"], name), name
    for name in ("mkdocs.yml", ".github/workflows/ci.yaml", "myprocedures.yaml", "people.txt"):
        assert not re.search(check["files"], name), name
    assert re.search(test["files"], "procedures/complaint.yaml")
    assert re.search(test["exclude"], "procedures/people.example.yaml")
    assert not re.search(test["exclude"], "procedures/complaint.yaml")
