"""A step in which nothing is done and only time passes, from the file to the audit."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from procflow.auditor import audit
from procflow.cli import main
from procflow.engine import Engine
from procflow.model.clock import ClockStatus
from procflow.model.organisation import Actor
from tests.oracle.plain import PlainEvent
from tests.property.laws import Examined

COOLING = """\
procflow: 1
procedure: cooling
version: "1.0"
title: Cooling off
effective: { from: 2026-11-02 }
roles: { agent: Sells, client: { title: Buys, external: true } }
start: offer
steps:
  offer: { by: agent, actions: { propose: cool } }
  cool: { title: Nobody signs for two days, by: agent, within: 2 days, late: { go-to: decide } }
  decide: { by: client, actions: { agree: signed, walk-away: lost } }
  signed: { end: signed }
  lost: { end: lost }
scenarios:
  - scenario: Signed after two days
    do: [agent propose, wait 3 days, client agree]
    expect: { ends: signed, through: [cool, decide] }
  - scenario: Too early
    do: [agent propose, wait 1 day, client walk-away]
    expect: { ends: lost, deviations: [early] }
"""
AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
ANA = Actor(id="ana", roles=frozenset({"agent"}))
CLIENT = Actor(id="mia", roles=frozenset({"client"}))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cooling.yaml").write_text(COOLING)
    return tmp_path / "cooling.yaml"


def called(*arguments: str) -> str:
    done = CliRunner().invoke(main, list(arguments), env={"COLUMNS": "100", "NO_COLOR": "1"})
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.usefixtures("file")
def test_its_file_is_checked_drawn_told_and_its_stories_come_out() -> None:
    assert "PF315" in called("check", "cooling.yaml")
    assert '-.->|"when late"| s_decide' in called("draw", "cooling.yaml", "--format", "mermaid")
    assert "Nobody signs for two days" in called("doc", "cooling.yaml", "--format", "markdown")
    assert "2 scenarios, all pass" in called("test", "cooling.yaml")


def test_an_engine_lets_nobody_by_before_its_time_and_leads_on_then(file: Path, tmp_path: Path) -> None:
    now = [AT]
    engine = Engine.open(f"sqlite:///{tmp_path / 'x.db'}", clock=lambda: now[0])
    engine.publish(file)
    case = engine.start("cooling", by=ANA).id
    engine.perform(case, "propose", by=ANA)
    now[0] += timedelta(days=1)
    early = engine.perform(case, "agree", by=CLIENT)
    assert (early.accepted, [one.code for one in early.deviations]) == (False, ["DV402"])
    now[0] += timedelta(days=1, minutes=1)
    (fired,) = engine.advance()
    assert fired.timer is not None
    assert (fired.timer.clock, fired.timer.to, fired.timer.due) == ("cool", "decide", AT + timedelta(days=2))
    assert engine.perform(case, "agree", by=CLIENT).accepted
    with (tmp_path / "x.jsonl").open("wb") as out:
        engine.export(out)
    live = engine.case(case).audit
    engine.close_store()
    (told,) = audit(file, tmp_path / "x.jsonl", as_of=now[0]).cases
    assert told == live
    assert [(one.clock, one.status, one.promise) for one in told.clocks] == [("cool", ClockStatus.BREACHED, False)]
    assert (told.outcome, [one.code for one in told.deviations if one.unexcused]) == ("signed", [])


def test_the_oracle_says_the_same_of_it() -> None:
    import yaml

    written = yaml.safe_load(COOLING)
    written.pop("scenarios")
    written["effective"] = {"from": "2026-11-02"}
    case = Examined(written, Counter())
    days = {"propose": 23, "agree": 27, "walk-away": 28}
    for names in (["propose", "agree"], ["agree"], ["propose", "propose", "walk-away"], ["walk-away", "propose"]):
        trace: list[PlainEvent] = [
            {"kind": "opened", "at": "2026-11-23T08:00:00+00:00", "actor": "ana", "roles": ["agent"]}
        ]
        for name in names:
            who, role = ("ana", "agent") if name == "propose" else ("mia", "client")
            at = f"2026-11-{days[name]}T09:00:00+00:00"
            trace.append({"kind": "action", "at": at, "action": name, "actor": who, "roles": [role]})
        assert case.complaint(trace) is None
