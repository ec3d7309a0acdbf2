"""Cases whose opening is not on record: what is counted from it, what is not examined, and what is told of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from procflow.auditor import audit
from procflow.model.clock import ClockStatus
from procflow.model.report import AuditReport

PROCEDURE = """procflow: 1
procedure: letter
version: "1"
roles: {{ agent: Works }}
clocks: {clocks}
start: write
steps:
  write: {{ by: agent, actions: {{ check: same, send: sent }} }}
  sent: {{ end: sent }}
"""
ANSWERED = "{ answered: { within: 2 days } }"


def audited(folder: Path, rows: str, clocks: str = ANSWERED, more: str = "") -> AuditReport:
    (folder / "letter.yaml").write_text(PROCEDURE.format(clocks=clocks))
    (folder / "log.csv").write_text(f"case,at,action,created\n{rows}")
    (folder / "map.yaml").write_text(f"case: case\ntime: at\naction: {{ column: action, opens: [opened] }}\n{more}")
    return audit(folder / "letter.yaml", folder / "log.csv", mapping=folder / "map.yaml")


def statuses(report: AuditReport) -> list[ClockStatus]:
    return [one.status for case in report.cases for one in case.clocks]


def test_what_the_first_entry_both_begins_and_ends_is_not_examined(tmp_path: Path) -> None:
    report = audited(
        tmp_path, "1,2026-03-02T09:00:00Z,send,\n2,2026-03-02T09:00:00Z,check,\n2,2026-03-03T09:00:00Z,send,\n"
    )
    assert statuses(report) == [ClockStatus.NOT_EXAMINED, ClockStatus.MET]
    assert report.cases[0].not_examined["clock: answered"] == 1
    (told,) = report.findings
    assert told.code == "DV815"
    assert told.message == "2 of 2 cases have no opening on record: “answered” counts from the first entry there"
    assert "`opened`" in (told.hint or "")


def test_from_the_first_entry_it_may_be_late_for_sure(tmp_path: Path) -> None:
    report = audited(tmp_path, "2,2026-03-02T09:00:00Z,check,\n2,2026-03-05T09:00:00Z,send,\n")
    assert statuses(report) == [ClockStatus.BREACHED]


@pytest.mark.parametrize(
    ("rows", "more"),
    [
        ("1,2026-03-02T09:00:00Z,opened,\n1,2026-03-02T09:00:00Z,send,\n", ""),
        ("1,2026-03-02T09:00:00Z,send,2026-03-02T08:00:00Z\n", "opened: created\n"),
    ],
)
def test_an_opening_that_is_dated_is_examined(tmp_path: Path, rows: str, more: str) -> None:
    report = audited(tmp_path, rows, more=more)
    assert statuses(report) == [ClockStatus.MET]
    assert report.findings == ()


@pytest.mark.parametrize(
    "clocks", ["{ checks: { at-most: 3, of: check } }", "{ quick: { from: check, within: 1 day } }"]
)
def test_what_does_not_count_from_the_opening_needs_none(tmp_path: Path, clocks: str) -> None:
    assert audited(tmp_path, "1,2026-03-02T09:00:00Z,send,\n", clocks).findings == ()


def test_it_is_no_worse_than_a_remark(tmp_path: Path) -> None:
    assert audited(tmp_path, "1,2026-03-02T09:00:00Z,send,\n").findings[0].severity.value == "info"
