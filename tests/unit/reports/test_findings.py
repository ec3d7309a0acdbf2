"""Findings of a check: each with its frame, then what it comes to."""

from __future__ import annotations

from procflow.errors import Finding, Severity, SourceSpan
from procflow.reports.findings import findings_document, findings_lines, summary
from procflow.reports.paper import plain

WHERE = SourceSpan(file="a.yaml", line=1, column=1, end_line=1, end_column=2)
ERROR = Finding(code="PF102", severity=Severity.ERROR, message="not known", where=WHERE, hint="remove it")
WARNING = Finding(code="PF623", severity=Severity.WARNING, message="the review was due")


def test_findings_are_told_one_after_the_other_with_their_lines() -> None:
    shown = plain(findings_lines([ERROR, WARNING], {"a.yaml": "x: 1"}.get))
    assert shown == (
        "a.yaml:1:1: error PF102: not known\n"
        " 1 | x: 1\n"
        "   | ^\n"
        "   = help: remove it\n"
        "\n"
        "warning PF623: the review was due\n"
    )


def test_the_summary_counts() -> None:
    assert plain([summary([ERROR, WARNING, WARNING], 3)]) == "1 error, 2 warnings in 3 files\n"
    assert plain([summary([], 1)]) == "1 file checked, nothing to say against it\n"
    assert plain([summary([], 2)]) == "2 files checked, nothing to say against them\n"


def test_the_document_has_places_and_counts() -> None:
    document = findings_document([ERROR, WARNING], ["a.yaml"])
    assert (document["errors"], document["warnings"], document["files"]) == (1, 1, ["a.yaml"])
    assert isinstance(document["findings"], list)
    assert document["findings"][0] == {
        "code": "PF102",
        "slug": "unknown-key",
        "severity": "error",
        "message": "not known",
        "where": {"file": "a.yaml", "line": 1, "column": 1, "end_line": 1, "end_column": 2},
        "hint": "remove it",
        "edits": [],
    }
