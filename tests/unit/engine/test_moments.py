"""Every moment a caller or a clock gives has a time zone, and one that UTC can name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from procflow import Actor, Engine, ProcflowError, audit

PROCEDURE = """\
procflow: 1
procedure: errand
version: "1"
roles: { agent: Does it }
start: open
steps:
  open: { by: agent, actions: { note: same, finish: closed } }
  closed: { end: done }
"""
ANA = Actor("ana", roles={"agent"})
BAD = [
    pytest.param(datetime(2026, 11, 21, 9), id="no zone"),
    pytest.param(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))), id="before the year 1 in UTC"),
    pytest.param(datetime.max.replace(tzinfo=timezone(-timedelta(hours=5))), id="after the year 9999 in UTC"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "errand.yaml"
    path.write_text(PROCEDURE, "utf-8")
    return path


@pytest.mark.parametrize("at", BAD)
def test_an_action_happened_at_a_moment_utc_can_name(file: Path, at: datetime) -> None:
    engine = Engine.open("memory://")
    engine.publish(file)
    case = engine.start("errand", by=ANA)
    with pytest.raises(ProcflowError):
        engine.perform(case.id, "note", by=ANA, occurred_at=at)
    assert engine.case(case.id).seq == 1


@pytest.mark.parametrize("at", BAD)
def test_a_clock_that_tells_no_such_moment_is_not_replaced_by_the_machines(file: Path, at: datetime) -> None:
    with pytest.raises(ProcflowError):
        Engine.open("memory://", clock=lambda: at).publish(file)


@pytest.mark.parametrize("at", BAD)
def test_an_audit_speaks_of_a_moment_utc_can_name(file: Path, tmp_path: Path, at: datetime) -> None:
    log = tmp_path / "export.jsonl"
    engine = Engine.open("memory://")
    engine.publish(file)
    engine.start("errand", by=ANA)
    with log.open("wb") as out:
        engine.export(out)
    with pytest.raises(ProcflowError):
        audit(file, log, as_of=at)
    in_bucharest = datetime(2999, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    assert str(audit(file, log, as_of=in_bucharest).as_of) == str(datetime(2999, 1, 1, tzinfo=UTC))
