"""Random policies, and days in which several people work on cases of several clients, late entries and all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

from procflow import Actor, StepRefused
from procflow.engine import Engine
from procflow.errors import ProcflowError
from procflow.loading.policies import read_policies
from procflow.model.across import Across
from procflow.model.deviation import Deviation
from procflow.model.policies import Policies
from procflow.model.verdict import Verdict

ASK = """
procflow: 1
procedure: ask
version: "1"
author: somebody
approved-by: { person: boss, date: 2026-01-01 }
overrides: { by: lead }
roles: { agent: A, lead: L }
data: { amount: number, ref: text }
start: work
steps:
  work:
    by: agent
    optional: [amount, ref]
    actions: { pay: same, check: same, go: over-there, finish: over }
  over-there:
    by: agent
    optional: [amount, ref]
    actions: { pay: same, return: work, finish: over }
  over: { end: done }
anytime:
  note: { by: lead, to: same, at-most: 9 }
"""
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
PEOPLE = {
    name: Actor(name, roles=roles)
    for name, roles in (("ana", ["agent"]), ("dan", ["agent", "lead"]), ("eva", ["lead"]))
}
_CLIENTS = ("acme", "beta", None)
_HAPPEN = (
    "pay", "check", "note", "finish", "starts pay", "work.pay", "ask/pay", "enters over-there", "leaves work",
    "case opens", "case ends", "case opens ask", "enters ask/over",
)  # fmt: skip
_ACTIONS = ("pay", "check", "go", "return", "finish", "note", "nonsense")
_LENGTHS = ("30 minutes", "1 hour", "3 hours")


def random_policies(rng: Random) -> Policies:
    """Return policies of a few rules across cases, and perhaps one of single cases."""
    return written_policies(rng)[1]


def written_policies(rng: Random) -> tuple[dict[str, Any], Policies]:
    """Return the same, and as plain data besides."""
    head = (
        'procflow: 1\npolicies: house\nversion: "1"\nroles: { lead: L }\ndata: { amount: number, ref: text }\nrules:\n'
    )
    while True:
        lines = [f"  r{number}: {{ {', '.join(_rule(rng))} }}" for number in range(rng.randint(1, 3))]
        if rng.random() < 0.3:
            lines.append("  own: { before: finish, there-must-be: check }")
        text = head + "\n".join(lines) + "\n"
        loaded = read_policies(text, "policies.yaml")
        if loaded.policies is not None and loaded.policies.across:
            return yaml.safe_load(text), loaded.policies


def _rule(rng: Random) -> Iterator[str]:
    one, other = rng.sample(_HAPPEN, 2)
    within = f"within: {rng.choice(_LENGTHS)}"
    manner = rng.choice(["", "", "each-time: true", "next: true"])
    forms = [
        [f"at-most: {rng.randint(1, 3)}", f"of: {one}", rng.choice(["", f"in: {rng.choice(_LENGTHS)}"])],
        [f"at-most: {rng.randint(1, 3)}", f"of: [{one}, {other}]", rng.choice(["", f"in: {rng.choice(_LENGTHS)}"])],
        [f"never: {one}"],
        [f"after: {one}", f"there-must-be: {other}", within, rng.choice(["", "each-time: true"])],
        [f"before: {one}", f"there-must-be: {other}", rng.choice(["", within]), manner],
        [f"if: {one}", f"never: {other}", rng.choice(["", within])],
        [f"after: {one}", f"never: {other}", rng.choice(["", within, "next: true"])],
        [f"before: {one}", f"never: {other}", rng.choice(["", within, "next: true"])],
        [f"not-both: [{one}, {other}]", rng.choice(["", within])],
        [f"same-person: [{one}, {other}]"],
        [f"different-person: [{one}, {other}]"],
    ]
    yield from (part for part in rng.choice(forms) if part)
    yield f"per: {rng.choice(['client', 'person'])}"
    for part, share in (
        ("when: amount > 10", 0.2),
        ("by: lead", 0.1),
        ("same: ref", 0.15),
        ("different: person", 0.1),
        ("refuse: false", 0.15),
    ):
        if rng.random() < share:
            yield part


@dataclass
class Said:
    """What became of one command."""

    verdict: Verdict | None
    """None if a case was to be opened."""
    accepted: bool


@dataclass
class Desk:
    """Doors to one store, and a clock that may stand still."""

    engines: list[Engine]
    rng: Random
    file: Path
    now: datetime = BEGIN
    stands: bool = False
    """The clock may say the same twice."""
    cases: list[str] = field(default_factory=list)

    performed: list[tuple[dict[str, object], Verdict]] = field(default_factory=list)
    """What was accepted under a key, as it was asked for."""
    held: bool = False
    """The clock is held: what is asked is asked of the very moment of what is done."""

    def clock(self) -> datetime:
        """Return a moment no earlier than the one before."""
        if self.held:
            return self.now
        least = 0 if self.stands else 1
        self.now += timedelta(minutes=self.rng.choice([least, 1, 5, 40]))
        return self.now

    def step(self, *, mode: str | None = None, late: bool = True) -> Said | None:
        """Carry out a random command; None if it made no sense at all. `late`: something may be entered afterwards."""
        rng, engine = self.rng, self.rng.choice(self.engines)
        who = rng.choice(list(PEOPLE.values()))
        at = self.now - timedelta(minutes=rng.choice([1, 20, 90, 400])) if late and rng.random() < 0.25 else None
        data: dict[str, object] = {}
        if rng.random() < 0.4:
            data["amount"] = rng.choice([5, 20])
        if rng.random() < 0.4:
            data["ref"] = rng.choice(["x", "y"])
        try:
            if not self.cases or (len(self.cases) < 5 and rng.random() < 0.25):
                how = mode or rng.choice(["enforce", "enforce", "observe"])
                client = rng.choice(_CLIENTS)
                case = engine.start("ask", by=who, client=client, data=data, mode=how, occurred_at=at)  # type: ignore[arg-type]
                self.cases.append(case.id)
                return Said(None, True)
            case_id = rng.choice(self.cases)
            if rng.random() < 0.05:
                return self._of(engine.close(case_id, by=who))
            if rng.random() < 0.08:
                return self._of(engine.override(case_id, "override", to="over-there", by=who, reason="x"))
            if rng.random() < 0.08:
                person, until = rng.choice(list(PEOPLE)), self.now + timedelta(days=1)
                code = rng.choice(["DV502", "DV503", "DV508", "DV517", "DV102"])
                return self._of(engine.waive(case_id, code, person=person, until=until, by=who, reason="x"))
            lifecycle = "start" if rng.random() < 0.15 else "complete"
            action = rng.choice(_ACTIONS)
            meant: dict[str, object] = {"case": case_id, "action": action, "lifecycle": lifecycle}
            meant |= {"by": who, "key": f"step {len(self.performed)}"}
            verdict = engine.perform(**meant, data=data, occurred_at=at)  # type: ignore[arg-type]
            if verdict.accepted:
                self.performed.append((meant, verdict))
            return self._of(verdict)
        except StepRefused:
            return Said(None, False)
        except ProcflowError:
            return None

    def _of(self, verdict: Verdict) -> Said:
        return Said(verdict, verdict.accepted)


def lasting(said: Across) -> list[Deviation]:
    """Return what is said and is not the work of time alone."""
    return [one for one in said.deviations if not one.of_time]
