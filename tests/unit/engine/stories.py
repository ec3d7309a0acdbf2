"""An engine with a hand-wound clock and a house of people, for the stories of this folder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from procflow.engine import Engine
from procflow.model.organisation import Actor

PROCEDURE = """
procflow: 1
procedure: refund
version: "1"
title: Refund
roles:
  agent: Takes the request
  lead: Decides
  boss: Answers for it all
  client: { title: Who wants the money back, external: true }
overrides: { by: boss, second-person: true, reason: required }
data:
  amount: { type: money, currency: EUR, ask: How much? }
  about: { type: person }
start: intake
steps:
  intake:
    title: Take it in
    by: agent
    checklist: [thank]
    collect: [amount]
    optional: [about]
    actions:
      accept: { to: decide, when: amount < 100, evidence: [receipt] }
      ask: { to: pause, incomplete: true, at-most: 9 }
  pause:
    waiting-for: { party: client, asked: required, due: required }
    actions: { answer: intake }
  decide:
    by: lead
    four-eyes: intake
    not-by: about
    actions:
      pay: paid
      send-back: { to: intake, reason: required, at-most: 9 }
  paid: { end: paid }
  dropped: { end: cancelled }
anytime:
  drop: { to: dropped, by: client }
  note: { to: same, by: any }
"""
HOUSE = """
people:
  ana: { roles: [agent, lead] }
  bob: { teams: [care] }
  lea: { roles: [lead] }
  cleo: { roles: [client] }
  max: { roles: [boss] }
teams:
  care: { roles: [agent] }
"""
ANA = Actor("ana", roles={"agent", "lead"})
LEA = Actor("lea", roles={"lead"})
CLEO = Actor("cleo", roles={"client"})
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


class Hands:
    """A clock that goes on when it is told to."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


def write(folder: Path, text: str = PROCEDURE, name: str = "refund.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def engine_in(folder: Path, clock: Hands | None = None) -> Engine:
    """Return an engine that has published the procedure and knows the house."""
    (folder / "people.yaml").write_text(HOUSE, encoding="utf-8")
    engine = Engine.open("memory://", workspace=folder, clock=clock or Hands())
    engine.publish(write(folder))
    return engine


def accepted(engine: Engine) -> str:
    """Return a case that ana took in and that waits for a decision."""
    case = engine.start("refund", by="ana").id
    engine.perform(case, "thank", by="ana").or_raise()
    engine.perform(case, "accept", by="ana", data={"amount": 20}, evidence={"receipt": "no. 7"}).or_raise()
    return case
