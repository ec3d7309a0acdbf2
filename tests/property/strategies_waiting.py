"""Random procedures in which people hand work over, ask each other and answer for cases; and random cases of them."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from procflow.judge import Judge
from procflow.model.event import Trace
from tests.oracle.plain import Plain, PlainEvent
from tests.property.strategies import OPENS_AT, to_events

PEOPLE: dict[str, list[str]] = {
    "ana": ["agent"],
    "abe": ["agent", "lead"],
    "eva": ["expert"],
    "eli": ["expert", "lawyer"],
    "bob": ["lawyer"],
    "lea": ["lead"],
    "cia": ["client"],
}
TEAMS = ("agent", "expert", "lawyer", "lead")
FIELDS = ("part", "cost")
PROOFS = ("slip", "plan-slip")


def random_waiting(rng: Random) -> dict[str, Any]:
    """Return a procedure: four steps that lead back and forth, by chance a wait and a block, and two ends."""
    by = {name: rng.choice(TEAMS) for name in ("intake", "find", "order", "check", "left", "right")}
    steps: dict[str, Any] = {
        "intake": {"by": by["intake"], "actions": {"pass-on": "find", "drop": "gone"}},
        "find": {"by": by["find"], "checklist": ["look"], "actions": {"want": "order", "done-finding": "check"}},
        "order": {"by": by["order"], "actions": {"send-back": "find", "again": "order", "bought": "check"}},
        "check": {"by": by["check"], "actions": {"order-more": "order", "start-over": "intake", "close": "closed"}},
        "closed": {"end": "done"},
        "gone": {"end": "cancelled"},
    }
    if rng.random() < 0.5:
        steps["hold"] = {"waiting-for": {"party": "client"}, "actions": {"reply": rng.choice(("find", "order"))}}
        steps["order"]["actions"]["hold-on"] = "hold"
    if rng.random() < 0.5:
        branches = {
            name: {
                "start": name,
                "steps": {
                    name: {"by": by[name], "actions": {f"{name}-on": f"{name}-2", f"{name}-ends": "done"}},
                    f"{name}-2": {"by": rng.choice(TEAMS), "actions": {f"{name}-back": name, f"{name}-2-ends": "done"}},
                },
            }
            for name in ("left", "right")
        }
        steps["both"] = {
            "parallel": {f"b-{name}": one for name, one in branches.items()},
            "then": rng.choice(("check", "order")),
        }
        steps["find"]["actions"]["split"] = "both"
    written: dict[str, Any] = {
        "procflow": 1,
        "procedure": "waiting",
        "version": "1",
        "roles": {**dict.fromkeys(TEAMS, "Works"), "client": {"title": "The client", "external": True}},
        "data": {"part": "text", "cost": "number"},
        "overrides": {"by": "lead"},
        "start": "intake",
        "steps": steps,
        "anytime": {
            "note": {"to": "same", "by": "any", "optional": list(FIELDS)},
            "show": {"to": "same", "by": "any"},
            "prove": {"to": "same", "by": "any", "evidence": ["slip"]},
            "escalate": {"to": rng.choice(("check", "find")), "by": rng.choice(("any", "lead"))},
        },
    }
    if rng.random() < 0.7:
        written["accountable"] = rng.choice(TEAMS)
    if rng.random() < 0.8:
        written["hand-offs"] = _hand_offs(rng)
        for name in ("find", "order"):
            if rng.random() < 0.2:
                steps[name]["hand-offs"] = "none" if rng.random() < 0.4 else _hand_offs(rng)
    if rng.random() < 0.7:
        written["anytime"] |= {
            "ask": {"to": "same", "by": "any", "ask": _asks("any")},
            "consult": {"to": "same", "by": "any", "ask": _asks(rng.choice(TEAMS))},
            "answer": {"to": "same", "by": "any"},
        }
    if rng.random() < 0.6:
        written["anytime"]["warn"] = {"to": "same", "by": "any", "risk": True}
    return written


def _asks(to: str) -> dict[str, Any]:
    return {"question-to": to, "answered-by": "answer", "answer-within": "9 days"}


def _hand_offs(rng: Random) -> dict[str, Any]:
    found: dict[str, Any] = {"accept-within": "9 days"}
    if rng.random() < 0.5:
        found["needs"] = rng.sample([*FIELDS, *PROOFS], rng.randint(1, 2))
    if rng.random() < 0.4:
        found["form"] = [rng.choice(FIELDS)]
    if rng.random() < 0.7:
        found["refuse"] = {}
    if rng.random() < 0.6:
        found["returns"] = {"at-most": rng.choice((1, 1, 2))}
    return found


def random_waiting_trace(written: Plain, judge: Judge, rng: Random) -> list[PlainEvent]:
    """Return a case: mostly a walk from one step to the next, with people who talk, and a few things gone wrong."""
    clerk = _Clerk(written, judge, rng)
    for _ in range(rng.randint(2, 25)):
        clerk.goes_on()
    return clerk.trace


class _Clerk:
    def __init__(self, written: Plain, judge: Judge, rng: Random) -> None:
        self.written, self.judge, self.rng = written, judge, rng
        self.minutes = 0
        self.works = rng.random() < 0.4
        """Little is said in between."""
        self.trace: list[PlainEvent] = []
        if rng.random() < 0.9:
            self.trace.append({"kind": "opened", **self._who(rng.choice(list(PEOPLE))), **self._at()})

    def goes_on(self) -> None:
        """Let one more thing happen."""
        rng = self.rng
        chance = rng.random()
        if chance < 0.04 and self.trace:
            to = rng.choice(("intake", "find", "order", "check"))
            self.trace.append(
                {
                    "kind": "override",
                    "override": {"act": "override", "to": to},
                    **self._who("lea"),
                    **self._at(),
                    "reason": "so",
                }
            )
            return
        action = self._action()
        event: PlainEvent = {"kind": "action", "action": action, **self._who(self._actor(action)), **self._at()}
        if rng.random() < 0.05:
            event["lifecycle"] = "start"
        if rng.random() < 0.03 and self.trace:
            event["gap"] = True
        if rng.random() < 0.05:
            del event["actor"]
            event["roles"] = []
        if rng.random() < 0.1:
            event["on_behalf_of"] = rng.choice(("eva", "lawyer", "client"))
        self.trace.append(event | self._given(action))

    def _action(self) -> str:
        rng = self.rng
        state = self.judge.run(Trace(case="case-1", events=tuple(to_events(self.trace)), closed=False))
        due = [name for _, name in self.judge.automaton.due(state.configuration)]
        talk = [name for name in self.written["anytime"] if name not in ("escalate",)] + ["take-case"]
        chance = rng.random()
        back = [name for name in due if name in ("refuse-hand-off", "send-back", "want", "left-on", "left-back")]
        if due and chance < (0.9 if self.works else 0.5):
            return str(rng.choice([*due, *back, *back, *back]))
        if chance < 0.9:
            return str(rng.choice(talk))
        known = {name for step in self.written["steps"].values() for name in step.get("actions", {})}
        return str(rng.choice([*sorted(known), "escalate", "accept-hand-off", "refuse-hand-off"]))

    def _actor(self, action: str) -> str:
        steps = self.written["steps"]
        wanted = {one["by"] for one in steps.values() if action in one.get("actions", {}) and "by" in one}
        if action == "take-case":
            wanted = {self.written.get("accountable", "lead")}
        fitting = [name for name, roles in PEOPLE.items() if wanted & set(roles)]
        if action in ("ask", "consult"):  # whoever was asked asks back: people wait for each other
            fitting = [
                one["data"]["asked_whom"] for one in self.trace if one.get("data", {}).get("asked_whom") in PEOPLE
            ]
        return self.rng.choice(fitting if fitting and self.rng.random() < 0.7 else list(PEOPLE))

    def _given(self, action: str) -> PlainEvent:
        rng = self.rng
        data: dict[str, Any] = {}
        if rng.random() < 0.2:
            part = rng.choice(("K-7", None))
            data |= {"part": " " if part is None and len(self.trace) % 2 else part}
        if rng.random() < 0.2:
            data |= {"cost": rng.choice((7, None))}
        if action in ("ask", "consult"):
            asked = [one["actor"] for one in self.trace if one.get("action") in ("ask", "consult") and "actor" in one]
            whom = asked if asked and rng.random() < 0.5 else [*PEOPLE, *TEAMS]
            data |= {"asked_whom": rng.choice(whom)} if rng.random() < 0.85 else {}
            data |= {"question": rng.choice(("why?", "when?"))} if rng.random() < 0.9 else {"question": " "}
        if action == "refuse-hand-off":
            data |= {"refused_for": rng.choice(("form", "form", "missing"))} if rng.random() < 0.9 else {}
        if action == "warn":
            known = OPENS_AT + timedelta(minutes=rng.randint(-5, self.minutes))
            data |= {"risk": "fire", "known_since": known.isoformat()}
        found: PlainEvent = {"data": data} if data else {}
        if rng.random() < (0.6 if action in ("show", "prove") else 0.1):
            found["evidence"] = {rng.choice((*PROOFS, "contract")): rng.choice(("no. 7", "no. 7", " "))}
        return found

    def _who(self, person: str) -> PlainEvent:
        return {"actor": person, "roles": PEOPLE[person]}

    def _at(self) -> PlainEvent:
        self.minutes += self.rng.randint(0, 3)
        return {"at": (OPENS_AT + timedelta(minutes=self.minutes)).isoformat()}
