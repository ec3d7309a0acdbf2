"""Random procedures that demand something of people, and random cases of them: who acts, with what, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from tests.oracle.checks import listed
from tests.oracle.conditions import Record
from tests.oracle.explanations import now
from tests.oracle.flow import Move, Standing
from tests.oracle.plain import Plain, PlainEvent
from tests.property.strategies import OPENS_AT, Clerk, random_procedure
from tests.property.strategies_conditions import MANY_FIELDS, PEOPLE, TEAMS, random_value
from tests.property.strategies_hand_offs import with_hand_offs

ROLES = ("agent", "expert", "lead", "client")
_PERSONS: Mapping[str, Plain] = {
    "handler": {"type": "person"},
    "barred": {"type": "person"},
    "crew": {"type": "team"},
}


def peopled_procedure(rng: Random) -> dict[str, Any]:
    """Return a random procedure with roles, controls, data, proofs and reasons in its steps."""
    written: dict[str, Any] = json.loads(json.dumps(random_procedure(rng, MANY_FIELDS)))
    written["roles"] = {role: {"title": role, "external": role == "client"} for role in ROLES}
    written["data"] = {**written.get("data", {}), **_PERSONS}
    steps = list(_work_steps(written["steps"]))
    for _, step in steps:
        _demand_of_step(step, [one for one, _ in steps], list(written["data"]), rng)
        step["actions"] = {
            action: _demand_of_action(one, list(written["data"]), rng) for action, one in step["actions"].items()
        }
    for name, action in written.get("anytime", {}).items():
        demanding = _demand_of_action(action, list(written["data"]), rng)
        written["anytime"][name] = {**demanding, "by": rng.choice((*ROLES, "any"))}
    return with_hand_offs(written, ROLES[:3], rng, list(written["data"])) if rng.random() < 0.3 else written


def _work_steps(steps: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, step in steps.items():
        if "parallel" in step:
            for branch, one in step["parallel"].items():
                yield from _work_steps(one.get("steps", {branch: one}))
        elif "end" not in step:
            yield name, step


def _by(rng: Random) -> Any:
    odd = rng.random()
    if odd < 0.15:
        return {"field": rng.choice(("handler", "handler", "crew"))}
    return "any" if odd < 0.35 else rng.choice(ROLES)


def _demand_of_step(step: dict[str, Any], names: Sequence[str], fields: list[str], rng: Random) -> None:
    if "waiting-for" in step:
        step["waiting-for"] = {"party": rng.choice(("client", "client", "expert"))}
        step["waiting-for"] |= {one: "required" for one in ("asked", "due") if rng.random() < 0.5}
    else:
        step["by"] = _by(rng)
        if rng.random() < 0.25:
            step["collect"] = rng.sample(fields, rng.randint(1, 2))
        if rng.random() < 0.2:
            step["evidence"] = rng.sample(("letter", "photo"), rng.randint(1, 2))
    if "by" in step and rng.random() < 0.15:
        step["not-by"] = "barred" if rng.random() < 0.7 else ["barred", "handler"]
    if "by" in step and rng.random() < 0.35:
        some = rng.sample([*names], min(len(names), rng.randint(1, 2)))
        step["four-eyes"] = some if rng.random() < 0.5 else some[0]


def _demand_of_action(written: Any, fields: list[str], rng: Random) -> Any:
    if rng.random() < 0.6:
        return written
    action: dict[str, Any] = dict(written) if isinstance(written, Mapping) else {"to": written}
    for _ in range(rng.choice((1, 1, 2))):
        match rng.randrange(4):
            case 0:
                action["reason"] = "required"
            case 1:
                action["evidence"] = [rng.choice(("report", "letter"))]
            case 2:
                action["by"] = _by(rng)
            case _:
                action["collect"] = rng.sample(fields, rng.randint(1, 2))
    return action


def peopled_trace(procedure: Plain, rng: Random) -> list[PlainEvent]:
    """Return a case of it, mostly with a few things gone wrong."""
    return PeopleClerk(procedure, rng, rng.choice((0.0, 0.05, 0.3))).trace()


def peopled_variant(procedure: Plain, trace: Sequence[PlainEvent], rng: Random) -> list[PlainEvent]:
    """Return nearly the same case."""
    return PeopleClerk(procedure, rng, 0.1).variant(trace)


def conforming_trace(procedure: Plain, rng: Random) -> list[PlainEvent]:
    """Return a case that was meant to follow the procedure; ask the oracle whether it does."""
    clerk = CarefulClerk(procedure, rng, 0.0)
    opened = clerk.event("opened", clerk.data(0.9))
    clerk.fit_opening(opened)
    return [opened, *clerk.walk(opened)]


class PeopleClerk(Clerk):
    """Writes down who acted, on whose behalf, with what; forgets each thing that is needed with chance `sloppy`."""

    def __init__(self, procedure: Plain, rng: Random, sloppy: float) -> None:
        super().__init__(procedure, rng)
        self.sloppy = sloppy
        self.time = OPENS_AT
        self.needs: Mapping[str, Any] = self.checks.types

    def event(self, kind: str, data: dict[str, Any]) -> PlainEvent:
        rng = self.rng
        self.time += timedelta(seconds=rng.choice((0, 60, 60, 60, 3600, 86_400)))
        event: PlainEvent = {"kind": kind, "at": self.time.isoformat()}
        if data:
            event["data"] = data
        if rng.random() < 0.95:
            event["actor"] = rng.choice(PEOPLE)
        if rng.random() < 0.8:
            event["roles"] = [role for role in ROLES if rng.random() < 0.3]
        if rng.random() < 0.2:
            event["teams"] = [rng.choice(TEAMS)]
        if rng.random() < 0.08:
            event["on_behalf_of"] = rng.choice(("client", "expert", "acme", ""))
        if rng.random() < 0.05:
            event["reason"] = rng.choice(("so", " "))
        return event

    def fit_opening(self, opened: PlainEvent) -> None:
        record = Record(self.merged({}, opened.get("data", {})), {}, now(opened))
        self.ask(opened, self.rng.choice(self.flow.opening(record)).entered)

    def fit(self, event: PlainEvent, at: Standing, record: Record) -> None:
        values = self.merged(record.values, event.get("data", {}))
        within = Record(values, record.counts, now(event))
        move = self.rng.choice(list(self.flow.moves(at, event["action"], within)))
        self.bring(event, move, values)
        self.act(event, move, self.merged(record.values, event.get("data", {})))
        self.ask(event, move.outcome.entered)

    def forgets(self) -> bool:
        return self.rng.random() < self.sloppy

    def bring(self, event: PlainEvent, move: Move, values: Mapping[str, Any]) -> None:
        """Add values, proofs and a reason."""
        own: Plain = move.deed.demands if move.deed is not None else {}
        step: Plain = self.flow.places[move.step].demands if move.step is not None and move.leaves else {}
        for name in sorted({*own.get("collect", ()), *step.get("collect", ())}):
            if name not in values and not self.forgets():
                event.setdefault("data", {})[name] = random_value(self.needs[name], self.rng)
        for name in sorted({*own.get("evidence", ()), *step.get("evidence", ())}):
            if not self.forgets():
                event.setdefault("evidence", {})[name] = self.rng.choice(
                    ("no. 7", 7, {"link": "https://files.example/1"}, {"sha256": "0" * 64, "name": "letter"})
                )
            elif self.rng.random() < 0.5:
                event.setdefault("evidence", {})[name] = self.rng.choice(("", " ", None, True))
        if own.get("reason") == "required" and not self.forgets():
            event["reason"] = "it had to be"

    def act(self, event: PlainEvent, move: Move, values: Mapping[str, Any]) -> None:
        """Let somebody act who may."""
        if self.forgets():
            return
        step: Plain = self.flow.places[move.step].demands if move.step is not None else {}
        by = (move.deed.demands.get("by") if move.deed is not None else None) or step.get("by", "any")
        if by == "any" and "waiting-for" in step:
            by = step["waiting-for"]["party"]
        if isinstance(by, Mapping):
            name = by["field"]
            if name not in values:
                event.setdefault("data", {})[name] = random_value(self.needs[name], self.rng)
                values = self.merged(values, event["data"])
            if name == "crew":
                event["teams"] = [str(values[name])]
            else:
                event["actor"] = str(values[name])
        elif by != "any":
            event["roles"] = sorted({by, *event.get("roles", ())})
            if by == "client" and self.rng.random() < 0.3:
                event["roles"], event["on_behalf_of"] = [], self.rng.choice(("client", "acme"))
        barred = {values.get(name) for name in listed(step.get("not-by", ()))}
        if event.get("actor") in barred and not isinstance(by, Mapping):
            event["actor"] = self.rng.choice([one for one in PEOPLE if one not in barred])

    def ask(self, event: PlainEvent, entered: frozenset[str]) -> None:
        """Say what is asked, and until when, if a waiting step is entered."""
        for step in sorted(entered):
            for name in self.flow.places[step].demands.get("waiting-for", {}):
                if name != "party" and not self.forgets():
                    event.setdefault("data", {})[name] = random_value(self.needs[name], self.rng)


class CarefulClerk(PeopleClerk):
    """Makes no mistake it can see."""

    lengths = (3, 12)

    def best(self, outcomes: Any) -> Standing:
        least = min(len(one.attached) for one in outcomes)
        at: Standing = self.rng.choice([one.at for one in outcomes if len(one.attached) == least])
        return at

    def value(self, type: Plain) -> Any:
        return random_value(type, self.rng)
