"""The JSON report is as its schema says, complete, and the same for the same audit."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from procflow.model.report import AuditReport
from procflow.reports.audit_json import audit_document
from procflow.reports.documents import json_pieces
from tests.unit.reports.audits import EMPTY, REPORT, judged


@pytest.fixture(scope="session")
def schema(repository: Path) -> Any:
    return json.loads((repository / "schemas" / "audit-report.schema.json").read_text("utf-8"))


def written(report: AuditReport, *, ascii_only: bool = False) -> Any:
    return json.loads("".join(json_pieces(audit_document(report), ascii_only=ascii_only)))


def validator(schema: Any) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def test_the_schema_is_one_and_describes_every_key(schema: Any) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    assert list(undescribed(schema, "#")) == []


def undescribed(node: Any, path: str) -> Any:
    if isinstance(node, dict):
        for key, value in node.get("properties", {}).items():
            if "description" not in value and "$ref" not in value:
                yield f"{path}/{key}"
        for key, value in node.items():
            yield from undescribed(value, f"{path}/{key}")


@pytest.mark.parametrize(
    "report", [REPORT, EMPTY, replace(REPORT, cases=(judged("C-1"),))], ids=["all", "empty", "clean"]
)
def test_a_report_is_as_the_schema_says(schema: Any, report: AuditReport) -> None:
    assert [error.message for error in validator(schema).iter_errors(written(report))] == []


def test_the_schema_refuses_what_a_report_never_holds(schema: Any) -> None:
    document = written(REPORT)
    document["cases"][0]["fitness"] = 1.5
    document["verdict"] = "compliant"
    assert len(list(validator(schema).iter_errors(document))) == 2


def test_every_case_is_there_also_the_clean_ones() -> None:
    document = written(REPORT)
    assert [one["case"] for one in document["cases"]] == ["C-1", "C-2", "شکایت-۳"]
    assert document["totals"]["cases"] == 3
    rows = document["rows"]
    assert rows["read"] == rows["used"] + rows["repeated"] + rows["ignored"] + rows["faulty"]


def test_the_same_audit_gives_the_same_bytes_one_case_a_line() -> None:
    first, second = ("".join(json_pieces(audit_document(REPORT))) for _ in range(2))
    assert first == second
    assert first.index('"v": "1"') < first.index('"kind": "audit-report"') < first.index('"cases": [')
    assert sum(line.startswith('    {"case": ') for line in first.splitlines()) == 3


def test_a_stream_that_knows_only_ascii_gets_the_same_document() -> None:
    assert written(REPORT, ascii_only=True) == written(REPORT)
    assert "".join(json_pieces(audit_document(REPORT), ascii_only=True)).isascii()
