"""A1.5.3: the first request holds what is needed; how often it does is counted, and time for the work starts when it is there."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from procflow.cli import main
from procflow.engine import Engine
from procflow.model.clock import ClockStatus
from procflow.model.organisation import Actor

PROCEDURES = Path(__file__).parents[2] / "procedures"
ASKS, DESK, GIVES = (
    Actor("kim", roles={"requester"}),
    Actor("ioana", roles={"service-desk"}),
    Actor("mihai", roles={"fulfiller"}),
)
COMPLETE: dict[str, Any] = {"item": "software", "requested_for": "kim", "purpose_of_use": "To draw"}
SERVICES = """
services:
  software: { procedure: service-request, given: { item: software }, provider: fulfiller, for: [finance] }
"""
CLOCKS = """
procflow: 1
procedure: request
version: "1"
calendar: 24x7
roles: { client: { title: Asks, external: true }, desk: Looks at it, team: Does it }
data: { what: text, size: text }
clocks:
  triage: { to: client, from: case opens, until: leaves look, within: 2 days }
  fulfil: { to: client, from: { known: [what, size] }, until: case ends, within: 5 days }
start: look
steps:
  look: { by: desk, collect: [what, size], actions: { accept: work, ask-back: { to: wait, incomplete: true, optional: [what] } } }
  wait:
    waiting-for: { party: client, asked: required, due: required }
    within: 9 days
    late: { go-to: look }
    actions: { complete: { to: look, optional: [what, size] } }
  work: { by: team, actions: { finish: closed } }
  closed: { end: done-well }
"""


class Hands:
    """A clock somebody sets."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 9, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


def test_whatever_was_not_complete_is_counted_and_what_was_missing_named(tmp_path: Path) -> None:
    clock = Hands()
    url = f"sqlite:///{tmp_path / 'cases.db'}"
    engine = Engine.open(url, workspace=PROCEDURES, clock=clock)
    engine.publish(PROCEDURES / "service-request.yaml")

    def perform(case: str, action: str, by: Actor, **rest: Any) -> None:
        clock.at += timedelta(minutes=5)
        engine.perform(case, action, by=by, **rest).or_raise()

    def asked(data: dict[str, Any], *, back: int) -> str:
        case = engine.start("service-request", by=ASKS).id
        perform(case, "submit", ASKS, data=data)
        for item in ("look-into-the-catalogue", "look-for-duplicates"):
            perform(case, item, DESK)
        for _ in range(back):
            due = (clock.at + timedelta(days=3)).isoformat()
            perform(case, "ask-back", DESK, data={"asked": "Which licence, and for whom?", "due": due})
        return case

    def accepted(case: str) -> None:
        perform(case, "accept", DESK, data={"cost": 40})

    for _ in range(3):
        done = asked(COMPLETE, back=0)
        accepted(done)
    case = asked({**COMPLETE, "purpose_of_use": "?"}, back=1)
    perform(case, "complete", ASKS, data={"purpose_of_use": "To draw plans", "requested_for": "lena"})
    waiting = asked(COMPLETE, back=1)
    asked({**COMPLETE, "item": "equipment"}, back=1)
    # The answer is owed from the request on, and stands still while the requester is asked; the software from the yes on.
    assert {one.clock: one.status for one in engine.clocks(waiting)}["decided"] is ClockStatus.PAUSED
    assert "delivered-in-time" not in {one.clock for one in engine.clocks(waiting)}
    assert "delivered-in-time" in {one.clock for one in engine.clocks(done)}
    engine.close_store()

    (tmp_path / "services.yaml").write_text(SERVICES, "utf-8")
    files = [str(tmp_path / "services.yaml"), str(PROCEDURES / "service-request.yaml")]
    result = CliRunner().invoke(main, ["card", "software", *files, "--store", url, "--json"])
    assert result.exit_code == 0, result.output
    intake = json.loads(result.output)["record"]["intake"]
    assert (intake["cases"], intake["complete"], intake["share"], intake["round_trips"]) == (5, 3, 0.6, 2)
    assert intake["missing"] == {"purpose_of_use": 1, "requested_for": 1}
    (one,) = intake["waiting"]
    assert (one["case"], one["step"], one["asked"]) == (
        waiting,
        "needs-information",
        "Which licence, and for whom?",
    )
    told = CliRunner().invoke(main, ["card", "software", *files, "--store", url]).output
    assert "3 of 5 requests were complete when they came: nobody had to ask back." in told
    assert "Missing in so many: “What is it needed for?”: 1" in told
    assert f"{waiting} waits in needs-information for: Which licence, and for whom?" in " ".join(told.split())


def test_triage_starts_at_once_and_the_work_when_the_inputs_are_there(tmp_path: Path) -> None:
    clock = Hands()
    (tmp_path / "request.yaml").write_text(CLOCKS, "utf-8")
    engine = Engine.open("memory://", clock=clock)
    engine.publish(tmp_path / "request.yaml")
    desk, client = Actor("ioana", roles={"desk"}), Actor("kim", roles={"client"})
    opened = clock.at
    case = engine.start("request", by=desk).id
    assert {one.clock: one.started_at for one in engine.clocks(case)} == {"triage": opened}
    clock.at += timedelta(hours=1)
    due = (clock.at + timedelta(days=3)).isoformat()
    data = {"what": "A desk", "asked": "Which size?", "due": due}
    engine.perform(case, "ask-back", by=desk, data=data).or_raise()
    assert "fulfil" not in {one.clock for one in engine.clocks(case)}
    clock.at += timedelta(days=1)
    engine.perform(case, "complete", by=client, data={"size": "120 cm"}).or_raise()
    assert {one.clock: one.started_at for one in engine.clocks(case)}["fulfil"] == clock.at


@pytest.mark.parametrize("language", ["ro", "pl", "ru", "fa"])
def test_the_card_with_a_record_is_told_in_every_language(tmp_path: Path, language: str) -> None:
    url = f"sqlite:///{tmp_path / 'cases.db'}"
    engine = Engine.open(url, workspace=PROCEDURES, clock=Hands())
    engine.publish(PROCEDURES / "service-request.yaml")
    engine.perform(engine.start("service-request", by=ASKS).id, "submit", by=ASKS, data=COMPLETE).or_raise()
    engine.close_store()
    (tmp_path / "services.yaml").write_text(SERVICES, "utf-8")
    words = ["card", "software", str(tmp_path / "services.yaml"), str(PROCEDURES / "service-request.yaml")]
    result = CliRunner().invoke(main, [*words, "--store", url, "--language", language])
    assert result.exit_code == 0, result.output
    assert "requests were complete" not in result.output
