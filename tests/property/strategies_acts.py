"""Random cases in which people set the procedure aside: overrides, waivers, attempts that were refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.oracle.explanations import TooManyStories
from tests.oracle.flow import Flow
from tests.oracle.plain import Finding, Plain, PlainEvent
from tests.property.strategies_conditions import PEOPLE
from tests.property.strategies_people import PeopleClerk

WAIVED = ("DV101", "DV102", "DV103", "DV106", "DV107", "DV201", "DV202", "DV208", "DV301", "DV302", "DV303", "DV306")
NOWHERE = {"DV102", "DV105", "DV106", "DV107", "DV203", "DV209"} | {f"DV{number}" for number in range(501, 523)}
"""Of these the oracle does not say in which step it was."""
_TOGETHER = "DV513"
"""Of this the oracle does not say what is missing."""


def with_overrides(written: dict[str, Any], rng: Random) -> dict[str, Any]:
    """Return a procedure that mostly says who may set it aside."""
    if rng.random() < 0.1:
        return written
    overrides: dict[str, Any] = {"by": "lead"}
    if rng.random() < 0.5:
        overrides["second-person"] = rng.random() < 0.8
    if rng.random() < 0.5:
        overrides["reason"] = "required"
    return {**written, "overrides": overrides}


def acting_trace(procedure: Plain, rng: Random) -> list[PlainEvent]:
    """Return a case in which the procedure is set aside here and there."""
    clerk = ActingClerk(procedure, rng, rng.choice((0.0, 0.1, 0.3)))
    trace = clerk.trace()
    if not trace or trace[0]["kind"] != "opened":
        trace.insert(0, {**clerk.event("opened", {}), "at": "2026-12-01T08:00:00+00:00"})
    for _ in range(rng.choice((1, 1, 2, 3))):
        at = rng.randint(1, len(trace))
        match rng.randrange(3):
            case 0:
                trace[at:at] = clerk.overriding(trace[at - 1])
            case 1:
                trace.insert(at, clerk.waiving(trace))
            case _:
                trace.insert(at, clerk.attempt(trace))
    return trace


class ActingClerk(PeopleClerk):
    """Writes down what was set aside."""

    def by_lead(self, event: PlainEvent, last: PlainEvent) -> PlainEvent:
        """Mostly somebody with authority, for a reason."""
        event["at"] = last["at"]
        if self.rng.random() < 0.8:
            event["roles"] = ["lead"]
        if self.rng.random() < 0.8:
            event["reason"] = "it had to be"
        return event

    def overriding(self, last: PlainEvent) -> list[PlainEvent]:
        """An override, and what followed from where it put the case."""
        rng = self.rng
        event = self.by_lead(self.event("override", self.data(0.2)), last)
        act = rng.choice(("skip", "redo", "undo", "do-early", "override"))
        names = self.flow.actions if act != "redo" else sorted(self.flow.places)
        if act == "do-early":  # of an action that recurs it could not be said whose demands are meant
            names = [one for one in names if sum(one in place.deeds for place in self.flow.places.values()) < 2]
        if rng.random() < 0.9 or act in ("skip", "do-early"):
            event["action"] = rng.choice([*names, "nonsense"])
        told: dict[str, Any] = {"act": act, "to": standing_text(self.flow, "", rng)}
        if rng.random() < 0.05:
            told["to"] = rng.choice(("", "nowhere", "s1/9", "s1["))
        if rng.random() < 0.6:
            told["second"] = rng.choice(PEOPLE)
        if rng.random() < 0.3:
            told["asked_by"] = rng.choice(PEOPLE)
        if rng.random() < 0.2:
            told["caused_by"] = rng.choice(("requester", "provider", "external"))
        event["override"] = told
        if act == "do-early" and rng.random() < 0.7:
            event["evidence"] = {"report": 7, "letter": "no. 7"}
        return [event]

    def waiving(self, trace: list[PlainEvent]) -> PlainEvent:
        """A waiver, mostly for something that somebody may need it for."""
        rng = self.rng
        event = self.by_lead(self.event("waiver", {}), trace[-1])
        until = datetime.fromisoformat(rng.choice(trace)["at"]) + timedelta(seconds=rng.choice((-1, 0, 0, 86_400)))
        waiver = {
            "code": rng.choice((*WAIVED, "DV701", "DV999")),
            "person": rng.choice(PEOPLE),
            "until": until.isoformat(),
        }
        if found := self.found(trace):
            one = rng.choice(found)
            blamed = trace[(one[1] or len(trace)) - 1]
            (code, seq, _, action), blames = self.oracle.authority.meant(one)
            waiver |= {"code": code, "person": trace[(seq or len(trace)) - 1].get("actor", "ana")}
            if one[2] is not None and ": " in one[2]:
                until = self.oracle.authority.due(one, blamed) + timedelta(seconds=rng.choice((-1, 0, 0, 86_400)))
                waiver["until"] = until.isoformat()
            if action is not None and rng.random() < (0.6 if blames else 0.9):
                waiver["action"] = action
        elif rng.random() < 0.5:
            waiver["action"] = rng.choice(self.flow.actions)
        if rng.random() < 0.2 and waiver["code"] not in NOWHERE:
            waiver["step"] = rng.choice(sorted(self.flow.places))
        event["waiver"] = waiver
        return event

    def found(self, trace: list[PlainEvent]) -> list[Finding]:
        """What could be found so far; mostly a waiver is for one of these."""
        if self.rng.random() < 0.3:
            return []
        try:
            return [
                one
                for one in min(self.oracle.explain(trace).findings(), key=str)
                if one[0] < "DV7" and one[0] != _TOGETHER and not (one[2] or "").endswith(": undecided")
            ]
        except TooManyStories:
            return []

    def attempt(self, trace: list[PlainEvent]) -> PlainEvent:
        """What was attempted, and refused."""
        rng = self.rng
        event: PlainEvent = {**rng.choice(trace)}
        if event["kind"] != "action" or rng.random() < 0.5:
            event = self.action(rng.choice(self.flow.actions), self.data(0.3))
            event["at"] = trace[-1]["at"]
        if event.get("lifecycle") == "start":
            event["attempted"] = "start"
        event["lifecycle"] = "refused"
        event.pop("gap", None)
        return event


def standing_text(flow: Flow, region: str, rng: Random) -> str:
    """Return where a region may stand."""
    name = rng.choice([one for one, place in flow.places.items() if place.region == region])
    place = flow.places[name]
    if place.parts:
        while True:
            told = []
            for part in place.parts:
                rests = rng.choice(("-", "done")) if part.only_if is not None else "done"
                told.append(f"{part.region}:{rests if rng.random() < 0.3 else standing_text(flow, part.region, rng)}")
            if not all(one.endswith((":-", ":done")) for one in told):
                return f"{name}[{','.join(told)}]"
    done = rng.randint(0, len(place.items))
    if not done:
        return name
    if not place.any_order:
        return f"{name}/{done}"
    return f"{name}/{{{','.join(sorted(rng.sample(place.items, done)))}}}"
