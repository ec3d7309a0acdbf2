"""What stands against publishing a version, day by day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from procflow.errors import Severity
from procflow.lint.publication import publication_findings, review_findings
from procflow.loading.procedure import load_procedure, read_procedure
from procflow.model.procedure import Procedure

SAMPLE = Path(__file__).resolve().parents[3] / "procedures" / "complaint.yaml"
TODAY = date(2026, 11, 22)


def procedure(head: str) -> Procedure:
    text = 'procflow: 1\nprocedure: p\nversion: "1"\nstart: a\nsteps: { a: { end: x } }\n'
    loaded = read_procedure(text + head, "f.yaml")
    assert loaded.procedure is not None
    return loaded.procedure


def codes(head: str, today: date = TODAY) -> list[str]:
    return [one.code for one in publication_findings(procedure(head), today)]


def test_the_sample_may_be_published() -> None:
    assert publication_findings(load_procedure(SAMPLE), TODAY) == ()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", []),
        ("author: ana\n", ["PF621"]),
        ("approved-by: { person: ana, date: 2026-11-01 }\n", []),
        ("author: ana\napproved-by: { person: dan, date: 2026-11-22 }\n", []),
        ("author: ana\napproved-by: { person: ANA, date: 2026-11-01 }\n", ["PF620"]),
        ("author: ana\napproved-by: { person: ana, date: 2026-11-23 }\n", ["PF620", "PF622"]),
        ("agreed-by: { legal: pending, finance: 2026-11-23, sales: 2026-11-22 }\n", ["PF622", "PF622"]),
        ("review-by: 2026-11-22\n", []),
        ("review-by: 2026-11-21\n", ["PF623"]),
    ],
)
def test_what_stands_against_it(head: str, expected: list[str]) -> None:
    assert codes(head) == expected


def test_an_overdue_review_is_a_warning_and_shown_by_itself() -> None:
    (only,) = review_findings(procedure("author: ana\nreview-by: 2026-11-01\n"), TODAY)
    assert (only.code, only.severity) == ("PF623", Severity.WARNING)
    assert only.message == "the review of p 1 was due on 2026-11-01 (21 days ago)"
