"""A small desk whose promise can be anything, and logs of what it did, made by chance."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

CALENDAR = """\
calendar: office
zone: Europe/Bucharest
covers: 2026..2027
hours: { mon-fri: "09:00-17:00" }
days: { 2026-12-01: closed, 2026-12-25: closed }
"""
LONG = """\
calendar: long
zone: Europe/Bucharest
covers: 2026..2027
hours: { mon-sat: "08:00-20:00" }
"""
PROCEDURE = """\
procflow: 1
procedure: desk
version: "1.0.0"
title: A desk
calendar: office
roles:
  agent: Does the work
  expert: Knows more
  client: { title: Asks, external: true }
data:
  priority: { type: choice, of: [low, high], ask: How soon? }
clocks:
  solved:
    until: [enters answered, case ends]
    WITHIN
    PAUSES
    ON
    WARN
  expert-answers: { to: team, from: enters asked-expert, until: leaves asked-expert, within: 4 working hours }
start: work
steps:
  work:
    by: agent
    within: 1 working day
    optional: [priority]
    actions:
      solve: { to: answered }
      ask: { to: waiting, incomplete: true }
      pass-on: asked-expert
  asked-expert:
    by: expert
    within: 6 working hours
    actions: { pass-back: work }
  waiting:
    waiting-for: { party: client, asked: required, due: required }
    within: 5 days
    actions: { reply: work }
  answered:
    waiting-for: { party: client }
    resolved: true
    within: 30 days
    actions:
      confirm: closed
      object: work
  closed: { end: solved }
anytime:
  say-hello: { to: same, by: any }
"""
MAPPING = """\
case: case
time: time
action: action
actor: who
data: { priority: priority, asked: asked, due: due }
witnesses: [time, actor, data]
"""
COLUMNS = "case,time,action,who,priority,asked,due"


def procedure(
    within: str,
    *,
    pauses: str = "paused-in: [waiting]",
    on: str = "",
    warn: str = "warn: [80%]",
) -> str:
    """Return the file; empty lines where nothing is said."""
    text = PROCEDURE.replace("WITHIN", within)
    for word, said in (("PAUSES", pauses), ("ON", on), ("WARN", warn)):
        text = text.replace(f"    {word}\n", f"    {said}\n" if said else "")
    return text


def written(folder: Path, text: str, log: str) -> tuple[Path, Path, Path]:
    """Write procedure, log and mapping with their calendars into a folder, and return the three."""
    (folder / "calendars").mkdir(parents=True, exist_ok=True)
    (folder / "calendars" / "office.yaml").write_text(CALENDAR, "utf-8")
    (folder / "calendars" / "long.yaml").write_text(LONG, "utf-8")
    made = folder / "desk.yaml", folder / "log.csv", folder / "log.map.yaml"
    for path, content in zip(made, (text, log, MAPPING), strict=True):
        path.write_text(content, "utf-8")
    return made


def log(chance: random.Random, cases: int) -> str:
    """Return a log of so many cases, some of them still open, in the order of their times."""
    rows = [row for number in range(cases) for row in _case(chance, f"C{number:03}")]
    rows.sort(key=lambda row: row.split(",")[1])
    return "\n".join([COLUMNS, *rows]) + "\n"


def _case(chance: random.Random, case: str) -> Iterator[str]:
    at = datetime(2026, 11, 2, 7, tzinfo=UTC) + timedelta(minutes=chance.randrange(40 * 24 * 60))
    step, asked = "work", 0
    ways = {
        "work": ["solve", "solve", "solve", "ask", "pass-on"],
        "asked-expert": ["pass-back"],
        "waiting": ["reply"],
        "answered": ["confirm", "confirm", "object"],
    }
    leads = {
        "solve": "answered",
        "ask": "waiting",
        "pass-on": "asked-expert",
        "pass-back": "work",
        "reply": "work",
        "confirm": "closed",
        "object": "work",
    }
    who = {"pass-back": "eva", "reply": "carl", "confirm": "carl", "object": "carl"}
    for turn in range(chance.randrange(1, 9)):
        at += timedelta(minutes=int(chance.expovariate(1 / 600)) + 1)
        action = chance.choice(ways[step])
        priority = chance.choice(["low", "high", ""]) if turn == 0 else ""
        question = due = ""
        if action == "ask":
            asked += 1
            question = f"question {asked}" if chance.random() < 0.8 else ""
            due = (at + timedelta(days=chance.randrange(1, 4))).isoformat() if chance.random() < 0.8 else ""
        yield f"{case},{at.isoformat()},{action},{who.get(action, 'ana')},{priority},{question},{due}"
        step = leads[action]
        if step == "closed":
            return
