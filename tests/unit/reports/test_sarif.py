"""SARIF: what the standard's own schema accepts, with places, rules, fixes and suppressions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from procflow.errors import Edit, Finding, Severity, SourceSpan
from procflow.model.ignores import Ignore, Ignored
from procflow.model.rules import PF_CODES
from procflow.reports.sarif import sarif_document

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
WHERE = SourceSpan(file="my files/a ü.yaml", line=2, column=3, end_line=2, end_column=9)
MISSPELT = Finding(
    code="PF102",
    severity=Severity.ERROR,
    message="`colect` is not known",
    where=WHERE,
    hint="did you mean `collect`?",
    edits=(Edit(where=WHERE, text="collect"),),
)
REMARK = Finding(code="PF208", severity=Severity.INFO, message="never used")
IGNORED = Ignored(
    finding=Finding(code="PF207", severity=Severity.WARNING, message="alike", where=WHERE),
    ignore=Ignore(code="PF207", reason="the log calls them so", where=WHERE, first=2, last=2),
)


def run(*findings: Finding, ignored: tuple[Ignored, ...] = (), text: str = "a:\n  colect: 1\n") -> dict[str, Any]:
    document = json.loads(json.dumps(sarif_document(findings, ignored, version="1.2.3", sources=lambda _: text)))
    Draft4Validator(SCHEMA).validate(document)
    (one,) = document["runs"]
    assert isinstance(one, dict)
    return one


def test_nothing_found_is_a_run_without_results() -> None:
    assert run()["results"] == []


def test_a_finding_has_its_rule_and_place() -> None:
    one = run(MISSPELT, REMARK)
    first, second = one["results"]
    rules = one["tool"]["driver"]["rules"]
    assert [rules[each["ruleIndex"]]["id"] for each in (first, second)] == [first["ruleId"], second["ruleId"]]
    assert (first["level"], second["level"]) == ("error", "note")
    assert first["message"]["text"] == "`colect` is not known (did you mean `collect`?)"
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my%20files/a%20%C3%BC.yaml"
    assert place["region"] == {"startLine": 2, "startColumn": 3, "endLine": 2, "endColumn": 9}
    assert one["columnKind"] == "unicodeCodePoints"
    assert second["locations"] == []


@pytest.mark.parametrize("code", PF_CODES)
def test_every_rule_is_explained(code: str) -> None:
    (rule,) = run(Finding(code=code, severity=PF_CODES[code].severity, message="m", where=WHERE))["tool"]["driver"][
        "rules"
    ]
    assert rule["name"][0].isupper()
    assert "-" not in rule["name"]
    assert code in rule["help"]["text"]
    assert rule["fullDescription"]["text"]


def test_an_edit_is_a_fix() -> None:
    (result,) = run(MISSPELT)["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    assert replacement["insertedContent"]["text"] == "collect"
    assert replacement["deletedRegion"]["startColumn"] == 3


def test_what_is_ignored_is_suppressed_with_its_reason() -> None:
    (result,) = run(ignored=(IGNORED,))["results"]
    (suppression,) = result["suppressions"]
    assert (suppression["kind"], suppression["justification"]) == ("inSource", "the log calls them so")


def test_a_finding_is_recognised_when_lines_move() -> None:
    def mark(line: int, text: str) -> str:
        where = SourceSpan(file="a.yaml", line=line, column=3, end_line=line, end_column=9)
        found = Finding(code="PF102", severity=Severity.ERROR, message="m", where=where)
        (result,) = run(found, text=text)["results"]
        return str(result["partialFingerprints"]["primaryLocationLineHash"])

    assert mark(2, "a:\n  colect: 1\n") == mark(3, "# new\na:\n    colect: 1\n")
    assert mark(2, "a:\n  colect: 1\n") != mark(2, "a:\n  colect: 2\n")
    first, second = run(MISSPELT, MISSPELT)["results"]
    assert first["partialFingerprints"] != second["partialFingerprints"]


def test_a_file_elsewhere_has_an_address_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def address(file: Path) -> dict[str, str]:
        where = SourceSpan(file=str(file), line=1, column=1, end_line=1, end_column=2)
        (result,) = run(Finding(code="PF102", severity=Severity.ERROR, message="m", where=where))["results"]
        found: dict[str, str] = result["locations"][0]["physicalLocation"]["artifactLocation"]
        return found

    assert address(tmp_path / "a.yaml") == {"uri": "a.yaml", "uriBaseId": "%SRCROOT%"}
    outside = tmp_path.parent / "b.yaml"
    assert address(outside) == {"uri": outside.as_uri()}
