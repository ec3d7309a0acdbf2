"""`procflow audit`: what comes out, where it goes, and what the exit code says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import Result

import procflow.auditor
from procflow.errors import Finding, Severity
from procflow.model.report import AuditReport
from tests.unit.cli.desk import TABLE, Desk


def audit(desk: Desk, *words: str) -> Result:
    return desk("audit", "complaint.yaml", "log.csv", "--mapping", "log.map.yaml", *words)


def document(done: Result) -> Any:
    return json.loads(done.stdout)


def test_the_report_names_what_deviates(desk: Desk) -> None:
    done = audit(desk, "--people", "people.yaml")
    assert done.exit_code == 1
    assert "Audit of Complaint (complaint)" in done.stdout
    assert "rows read 5 = used 5 + repeated 0 + ignored 0 + faulty 0" in done.stdout
    assert "DV101 step-skipped" in done.stdout
    assert "DV202 four-eyes" in done.stdout
    assert "accept: { to: approval, when: ours, optional: [sum] }" in done.stdout, "the line of the procedure is quoted"
    assert "Not examined" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("log", "threshold", "code"),
    [
        ("T-1,2026-11-02T09:00:00Z,accept,ana\nT-1,2026-11-02T10:00:00Z,approve,dan\n", "info", 0),
        ("T-2,2026-11-02T11:00:00Z,approve,dan\n", "major", 1),
        ("T-2,2026-11-02T11:00:00Z,approve,dan\n", "critical", 0),
        ("T-2,2026-11-02T11:00:00Z,approve,dan\n", "never", 0),
        ("", "major", 1),
        ("", "never", 1),
    ],
)
def test_the_exit_code_follows_the_threshold_and_empty_is_never_clean(
    desk: Desk, log: str, threshold: str, code: int
) -> None:
    desk.put("log.csv", TABLE.partition("\n")[0] + "\n" + log)
    done = audit(desk, "--fail-on", threshold)
    assert done.exit_code == code, done.output
    assert ("Nothing was judged." in done.stdout) == (log == "")


def test_json_is_complete(desk: Desk) -> None:
    report = document(audit(desk, "--json"))
    assert [one["case"] for one in report["cases"]] == ["T-1", "T-2", "T-3"]
    assert report["totals"]["not_examined"]
    assert report["as_of"] == "2026-11-03T10:00:00.000000Z"


def test_json_is_as_its_schema_says(desk: Desk, repository: Path) -> None:
    schema = json.loads((repository / "schemas" / "audit-report.schema.json").read_text("utf-8"))
    report = document(audit(desk, "--json", "--people", "people.yaml"))
    assert report["totals"]["deviations"] > 0
    assert [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(report)] == []


def test_a_record_that_was_tampered_with_has_its_own_exit_code(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tampered = Finding(code="DV901", severity=Severity.CRITICAL, message="entry 3 was altered")
    honest = procflow.auditor.audit

    def with_tampering(*words: Any, **rest: Any) -> AuditReport:
        return replace(honest(*words, **rest), findings=(tampered,))

    monkeypatch.setattr("procflow.auditor.audit", with_tampering)
    assert audit(desk, "--fail-on", "never").exit_code == 4


def test_as_of_leaves_out_what_came_later(desk: Desk) -> None:
    day = document(audit(desk, "--json", "--as-of", "2026-11-02"))
    assert (day["rows"]["used"], day["rows"]["ignored"]) == (3, 2)
    assert document(audit(desk, "--json", "--as-of", "2026-11-02T10:30:00+01:00"))["rows"]["used"] == 1
    assert document(audit(desk, "--json", "--as-of", "2026-11-02T09:30"))["rows"]["used"] == 1


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01", "9999-12-31"])
def test_a_moment_that_is_none_is_a_usage_error(desk: Desk, moment: str) -> None:
    done = audit(desk, "--as-of", moment)
    assert done.exit_code == 2
    assert "is no moment" in done.stderr


def test_one_case_in_full(desk: Desk) -> None:
    done = audit(desk, "--case", "T-2")
    assert done.exit_code == 1, "the exit code speaks of the whole log"
    assert "DV101" in done.stdout
    assert "T-1" not in done.stdout


def test_a_case_that_is_not_there(desk: Desk) -> None:
    done = audit(desk, "--case", "T-22")
    assert done.exit_code == 3
    assert "there is no case “T-22” among the 3 of the log" in done.stderr
    assert "Did you mean T-2?" in done.stderr
    assert "fits 3 cases" in audit(desk, "--case", "T-").stderr
    assert audit(desk, "--case", "T-1", "--json").exit_code == 2


def test_a_log_that_knows_no_action_of_the_procedure_needs_a_mapping(desk: Desk) -> None:
    (desk.folder / "log.csv").write_text(TABLE.splitlines()[0] + "\nT-1,2026-11-02T09:00:00Z,Taken,ana\n", "utf-8")
    assert "No event has the name of an action of the procedure" in audit(desk).stdout
    (desk.folder / "log.csv").write_text(TABLE + "T-1,2026-11-04T09:00:00Z,Taken,ana\n", "utf-8")
    assert "No event has the name" not in audit(desk).stdout


def test_how_many_cases_are_shown(desk: Desk) -> None:
    assert "The first of 2 cases" in audit(desk, "--cases", "1").stdout
    assert "The cases that deviate" in audit(desk, "--cases", "all").stdout
    assert "neither a whole number nor 'all'" in audit(desk, "--cases", "some").stderr
    assert audit(desk, "--cases", "-1").exit_code == 2


def test_the_report_goes_to_a_file(desk: Desk) -> None:
    done = audit(desk, "--json", "--output", "report.json")
    assert done.stdout == ""
    assert done.stderr == "wrote report.json\n"
    assert json.loads((desk.folder / "report.json").read_text("utf-8"))["kind"] == "audit-report"
    audit(desk, "--output", "report.txt")
    assert (desk.folder / "report.txt").read_text("utf-8").startswith("Audit of Complaint")
    assert sorted(one.name for one in desk.folder.iterdir() if one.name.startswith(".")) == []


@pytest.mark.parametrize(
    ("output", "told"), [("nowhere/report.txt", "there is no folder nowhere"), (".", "it is a folder")]
)
def test_a_file_that_cannot_be_written_is_told_before_any_work(desk: Desk, output: str, told: str) -> None:
    (desk.folder / "log.csv").unlink()
    done = audit(desk, "--output", output)
    assert done.exit_code == 3
    assert told in done.stderr


def test_what_cannot_be_read_is_told(desk: Desk) -> None:
    for words in (
        ("audit", "nothing.yaml", "log.csv", "--mapping", "log.map.yaml"),
        ("audit", "complaint.yaml", "nothing.csv", "--mapping", "log.map.yaml"),
        ("audit", "complaint.yaml", "log.csv", "--mapping", "nothing.yaml"),
        ("audit", "complaint.yaml", ".", "--mapping", "log.map.yaml"),
    ):
        done = desk(*words)
        assert done.exit_code == 3, words
        assert done.stderr.startswith("error"), words
        assert "Traceback" not in done.stderr


def test_a_log_that_needs_a_mapping_says_how_to_begin_one(desk: Desk) -> None:
    done = desk("audit", "complaint.yaml", "log.csv")
    assert done.exit_code == 3
    assert "a mapping must say which column is what" in done.stderr
    assert "        case: ticket\n" in done.stderr


def test_a_binary_log(desk: Desk) -> None:
    desk.put("log.csv", b"\x00\xff\x89PNG" * 100)
    done = audit(desk)
    assert done.exit_code in (1, 3)
    assert "Traceback" not in done.output


def test_a_folder_may_hold_the_versions(desk: Desk) -> None:
    done = desk("audit", ".", "log.csv", "--mapping", "log.map.yaml", "--fail-on", "never")
    assert done.exit_code == 0
    assert "version 1.0.0, 3 cases" in done.stdout
