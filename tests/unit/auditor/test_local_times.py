"""Instants in columns of data that carry no offset: they are read in a zone, as those of rows are."""

from __future__ import annotations

from pathlib import Path

import pytest

from procflow.auditor import audit
from procflow.auditor.one_case import case_in
from procflow.model.report import AuditReport

PROCEDURE = """procflow: 1
procedure: letter
version: "1"
roles: { agent: Works, client: { title: Asks, external: true } }
data: { note: text }
clocks: { answered: { to: client, until: send, within: 2 days, paused-in: waiting } }
start: write
steps:
  write: { by: agent, optional: [note], actions: { ask: waiting, send: sent } }
  waiting: { waiting-for: { party: client, asked: required, due: required }, actions: { reply: write } }
  sent: { end: sent }
"""
ROWS = """case,at,action,who,role,asked,until,note
1,2026-03-02T09:00,opened,ana,agent,,,
1,2026-03-02T10:00,ask,ana,agent,Which?,{until},2026-03-09T09:00
1,2026-03-12T09:00,reply,eve,client,,,
1,2026-03-12T10:00,send,ana,agent,,,
"""
MAPPING = """case: case
time: {time}
action: {{ column: action, opens: [opened] }}
actor: who
role: role
data: {{ asked: asked, note: note, due: {due} }}
"""
WARSAW = "{ column: at, zone: Europe/Warsaw }"


def audited(folder: Path, due: str, until: str = "2026-03-09T09:00", time: str = WARSAW) -> AuditReport:
    (folder / "letter.yaml").write_text(PROCEDURE)
    (folder / "log.csv").write_text(ROWS.format(until=until))
    (folder / "map.yaml").write_text(MAPPING.format(due=due, time=time))
    return audit(folder / "letter.yaml", folder / "log.csv", mapping=folder / "map.yaml")


def paused(report: AuditReport) -> float:
    return report.cases[0].clocks[0].paused.total_seconds() / 3600


@pytest.mark.parametrize("due", ["until", "{ column: until }", "{ column: until, zone: Europe/Warsaw }"])
def test_a_column_of_instants_is_read_in_its_zone_or_in_that_of_the_rows(tmp_path: Path, due: str) -> None:
    report = audited(tmp_path, due)
    assert [one.code for one in report.cases[0].deviations] == ["DV401"]
    assert paused(report) == 7 * 24 - 1


def test_another_zone_is_another_instant(tmp_path: Path) -> None:
    assert paused(audited(tmp_path, "{ column: until, zone: Asia/Tokyo }")) == 7 * 24 - 1 - 8
    assert paused(audited(tmp_path, "{ column: until, zone: UTC }")) == 7 * 24 - 1 + 1
    assert paused(audited(tmp_path, "until", "2026-03-09T09:00+01:00")) == 7 * 24 - 1


def test_what_no_zone_makes_an_instant_is_told_and_nobody_is_late_for_it(tmp_path: Path) -> None:
    report = audited(tmp_path, "until", "2026-03-09")
    assert [one.code for one in report.cases[0].deviations] == ["DV302"]
    assert report.cases[0].not_examined["pause: waiting"] == 1


def test_one_case_is_read_like_all_of_them(tmp_path: Path) -> None:
    audited(tmp_path, "until")
    judged = case_in(tmp_path / "letter.yaml", [tmp_path / "log.csv"], "1", mapping=tmp_path / "map.yaml")
    assert judged.trace.events[1].data == {"asked": "Which?", "due": "2026-03-09T08:00:00Z", "note": "2026-03-09T09:00"}
