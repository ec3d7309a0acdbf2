"""What a log does not show is held against nobody: cut cases, gaps, and people whose names are written with spaces."""

from __future__ import annotations

from pathlib import Path

from procflow.auditor import audit
from procflow.model.report import CaseAudit

PROCEDURE = """
procflow: 1
procedure: parcel
version: "1"
roles: { agent: Works }
data: { size: { type: number } }
start: pack
steps:
  pack: { by: agent, collect: [size], actions: { wrap: check } }
  check: { by: agent, four-eyes: pack, actions: { pass: send } }
  send: { by: agent, collect: [size], actions: { post: gone } }
  gone: { end: sent }
"""
MAPPING = """
case: case
time: at
action: action
actor: who
data: { size: size }
order: n
cases: closed
window: { from: 2026-03-01 }
"""


def judged(folder: Path, *rows: str) -> CaseAudit:
    """Return the audit of the one case whose rows are given as `at action who size n`."""
    lines = ["case,at,action,who,size,n"] + ["1," + row.replace(" ", ",").replace("_", " ") for row in rows]
    (folder / "log.csv").write_text("\n".join(lines) + "\n")
    (folder / "map.yaml").write_text(MAPPING)
    (folder / "parcel.yaml").write_text(PROCEDURE)
    (case,) = audit(folder / "parcel.yaml", folder / "log.csv", mapping=folder / "map.yaml").cases
    return case


def test_of_a_cut_case_only_the_visible_part_is_judged(tmp_path: Path) -> None:
    case = judged(tmp_path, "2026-02-28 wrap ana 5 1", "2026-03-01 pass ana  2", "2026-03-02 post ana  3")
    assert (case.cut, case.closed, case.outcome, case.deviations) == (True, True, "sent", ())
    assert [one.code for one in case.findings] == ["DV809", "DV805"]
    assert case.not_examined == {"data: size": 1, "people: roles": 2, "people: who left pack": 1}


def test_a_row_that_cannot_be_read_accuses_nobody_of_what_it_may_have_said(tmp_path: Path) -> None:
    whole = judged(tmp_path, "2026-03-01 wrap ana 5 1", "2026-03-02 pass bob  2", "2026-03-03 post ana  3")
    assert whole.clean
    assert not whole.findings
    for bad in ("when pass bob  2", "2026-03-02 pass bob  two", "2026-03-02  bob  2"):
        case = judged(tmp_path, "2026-03-01 wrap ana 5 1", bad, "2026-03-03 post ana  3")
        assert case.clean, bad
        assert {one.code for one in case.findings} == {"DV804", "DV805"}
        assert "'1'" in case.findings[0].message
    last = judged(tmp_path, "2026-03-01 wrap ana 5 1", "2026-03-02 pass bob  2", "when post ana  3")
    assert (last.clean, last.closed) == (True, False)


def test_a_person_is_the_same_with_spaces_around_the_name(tmp_path: Path) -> None:
    case = judged(tmp_path, "2026-03-01 wrap _ana 5 1", "2026-03-02 pass ana__ 5 2", "2026-03-03 post ana 5 3")
    assert [one.code for one in case.deviations] == ["DV202"]
