"""A procedure in which work is handed over and people ask each other, and the house that works by it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from procflow.engine import Engine
from tests.unit.engine.stories import Hands
from tests.unit.engine.timed import OFFICE

PARTS = """
procflow: 1
procedure: parts
version: "1"
title: A part is needed
calendar: office
accountable: coordinator
roles:
  engineer: Finds the fault
  buyer: Orders parts
  deputy: Steps in
  coordinator: Answers for the case
  specialist: Can be asked
  client: { title: Waits, external: true }
overrides: { by: coordinator, reason: required }
data:
  fault: text
  part: text
hand-offs:
  accept-within: 2 working hours
  warn: [50%]
  late: [{ offer-to: deputy }, { after: 4 working hours, escalate: coordinator }]
  refuse: { reason: required, at-most: 1 }
start: diagnose
steps:
  diagnose:
    by: engineer
    optional: [fault]
    actions: { ask-for-part: order }
  order:
    by: buyer
    hand-offs: { needs: [purchase-request, fault] }
    collect: [part]
    actions: { place-order: ordered }
  ordered: { end: ordered }
anytime:
  ask:
    title: Ask somebody
    to: same
    by: any
    ask: { question-to: any, answered-by: answer, answer-within: 1 working day, warn: [80%], late: { escalate: coordinator } }
  answer: { to: same, by: any, title: Answer }
  chase: { to: same, by: any, on-behalf-of: client }
"""
PEOPLE = """
people:
  enno: { roles: [engineer] }
  bea: { roles: [buyer] }
  bob: { roles: [buyer] }
  dan: { roles: [deputy] }
  cora: { roles: [coordinator] }
  mihai: { roles: [specialist] }
  sam: { roles: [specialist] }
  george: { roles: [client] }
"""
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""10:00 in Bucharest."""


def house(folder: Path) -> Path:
    """Write the workspace, and return the file of the procedure."""
    (folder / "calendars").mkdir(exist_ok=True)
    (folder / "calendars" / "office.yaml").write_text(OFFICE, encoding="utf-8")
    (folder / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    file = folder / "parts.yaml"
    file.write_text(PARTS, encoding="utf-8")
    return file


def parts_engine(folder: Path, clock: Hands, url: str = "memory://") -> Engine:
    """Return an engine in the workspace, the procedure published."""
    file = house(folder)
    engine = Engine.open(url, workspace=folder, clock=clock)
    engine.publish(file)
    return engine


def offered(engine: Engine) -> str:
    """Return a case whose work is on offer to the buyers."""
    case = engine.start("parts", by="enno").id
    engine.perform(case, "take-case", by="cora").or_raise()
    given = {"data": {"fault": "It leaks"}, "evidence": {"purchase-request": "PR-1"}}
    engine.perform(case, "ask-for-part", by="enno", **given).or_raise()  # type: ignore[arg-type]
    return case
