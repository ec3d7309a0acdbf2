"""A procedure with clocks and its calendar, for the stories about time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from procflow.engine import Engine
from procflow.stores.base import Store
from tests.unit.engine.stories import Hands

REPAIR = """
procflow: 1
procedure: repair
version: "1"
title: Repair
calendar: office
roles:
  agent: Takes it in
  lead: Looks after it
  boss: Answers for it all
  client: { title: Who wants it repaired, external: true }
overrides: { by: boss, reason: required }
clocks:
  first-answer:
    to: client
    within: { depends-on: tier, basic: 2 working days, premium: 2 working hours, otherwise: 4 working hours }
    until: enters mend
    warn: [50%]
    late: { notify: lead }
  whole:
    within: 30 days
start: intake
steps:
  intake:
    by: agent
    within: 4 working hours
    warn: [50%, 80%]
    late: [{ notify: lead }, { after: 4 working hours, escalate: boss }]
    actions: { take: mend, ask: asked }
  mend:
    by: lead
    actions: { repair: mended }
  asked:
    waiting-for: { party: client, asked: required, due: required }
    within: 14 days
    late: { go-to: intake }
    actions: { answer: intake }
  mended: { end: mended }
"""
OFFICE = """
calendar: office
zone: Europe/Bucharest
covers: 2026..2027
hours: { mon-fri: "09:00-17:00" }
"""
PEOPLE = """
people:
  ana: { roles: [agent] }
  lea: { roles: [lead] }
  max: { roles: [boss] }
  cleo: { roles: [client] }
"""
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""10:00 in Bucharest."""


def workshop(folder: Path, text: str = REPAIR, office: str = OFFICE) -> Path:
    """Write the workspace, and return the file of the procedure."""
    (folder / "calendars").mkdir(exist_ok=True)
    (folder / "calendars" / "office.yaml").write_text(office, encoding="utf-8")
    (folder / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    file = folder / "repair.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def timed_engine(folder: Path, clock: Hands, text: str = REPAIR, url: str = "memory://") -> Engine:
    """Return an engine in the workspace, the procedure published."""
    file = workshop(folder, text)
    engine = Engine.open(url, workspace=folder, clock=clock)
    engine.publish(file)
    return engine


def reopened(store: Store, folder: Path, clock: Hands) -> Engine:
    """Return another engine on the same store, which remembers nothing."""
    from procflow.loading.organisation import load_organisation

    return Engine(store, directory=load_organisation(folder), workspace=folder, clock=clock)
