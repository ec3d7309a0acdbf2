"""Of a status history nobody knows what was done: sentences tell where the case was seen."""

from __future__ import annotations

from pathlib import Path

from procflow.auditor.auditing import audit

PROCEDURE = """\
procflow: 1
procedure: ticket
version: "1"
roles: { desk: Solves }
start: new
steps:
  new: { by: desk, actions: { take: active, drop: closed } }
  active: { by: desk, actions: { solve: closed } }
  closed: { end: solved }
"""
MAPPING = """\
case: id
cases: closed
time: at
status: { column: state, to: { New: new, Active: active, Closed: closed } }
"""
LOG = """\
id,at,state
1,2026-03-01 09:00,New
1,2026-03-01 10:00,Active
1,2026-03-01 11:00,Closed
1,2026-03-01 12:00,Active
"""


def test_a_status_after_the_end_is_told_in_a_sentence(tmp_path: Path) -> None:
    for name, text in (("ticket.yaml", PROCEDURE), ("map.yaml", MAPPING), ("log.csv", LOG)):
        (tmp_path / name).write_text(text, "utf-8")
    (case,) = audit(tmp_path / "ticket.yaml", [tmp_path / "log.csv"], mapping=tmp_path / "map.yaml").cases
    assert [one.message for one in case.deviations] == [
        "it was seen in “active” after the case had ended in “closed” (solved)",
    ]
