"""Random procedures and random cases of them: small, and rich in everything that makes judging hard.

Procedures are plain data as in a YAML file, traces are lists of plain events, so that a failing example can be read
and pasted. All chance comes from the `random.Random` that is handed in: a seeded one for masses, hypothesis' own
(`procedures`, `cases`) for examples that shrink.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import prod
from random import Random
from typing import Any

from hypothesis import strategies as st

from procflow.loading.procedure import read_procedure
from procflow.model.clock import LateDoing, Timer
from procflow.model.event import Act, Cause, Event, Kind, Lifecycle, Override, Waiver, Witness
from procflow.model.procedure import Procedure
from tests.oracle.conditions import Record
from tests.oracle.explanations import now
from tests.oracle.flow import Outcome, Standing
from tests.oracle.oracle import Oracle
from tests.oracle.plain import Plain, PlainEvent
from tests.property.strategies_conditions import (
    FEW_FIELDS,
    Fields,
    count_condition,
    odd_value,
    random_condition,
    random_value,
)
from tests.property.strategies_timers import time_is_up, with_timers

FLOW_ONLY = Witness(actor=False, role=False, evidence=False, reason=False)
"""What a judge should witness when only the flow is of interest."""
MOST_CONFIGURATIONS = 200
"""So many at most has a random procedure, that a search through all of them stays quick."""
OPENS_AT = datetime(2026, 12, 1, 8, tzinfo=UTC)

_ACTIONS = ("ask", "bring", "call", "draw", "eat", "find")


def load(procedure: Plain) -> Procedure:
    """Return the procedure; it must pass all checks."""
    loaded = read_procedure(json.dumps(procedure, indent=1), "random.yaml")
    assert loaded.procedure is not None, [str(one) for one in loaded.findings]
    return loaded.procedure


def to_events(trace: Sequence[PlainEvent], case: str = "case-1") -> list[Event]:
    """Return the trace as events of one case, seq from 1; a minute apart where it does not say when they happened."""
    return [_to_event(number, one, case) for number, one in enumerate(trace, 1)]


def _to_event(number: int, one: PlainEvent, case: str) -> Event:
    return Event(
        case=case,
        seq=number,
        kind=Kind(one["kind"]),
        action=one.get("action", ""),
        lifecycle=Lifecycle(one.get("lifecycle", "complete")),
        attempted=Lifecycle(one.get("attempted", "complete")),
        occurred_at=datetime.fromisoformat(one["at"]) if "at" in one else OPENS_AT + timedelta(minutes=number),
        actor=one.get("actor"),
        on_behalf_of=one.get("on_behalf_of"),
        roles=frozenset(one.get("roles", ())),
        teams=frozenset(one.get("teams", ())),
        data=one.get("data", {}),
        evidence=one.get("evidence", {}),
        reason=one.get("reason"),
        gap=one.get("gap", False),
        override=_override(one.get("override")),
        waiver=_waiver(one.get("waiver")),
        timer=_timer(one.get("timer")),
        calendars=one.get("calendars"),
        recorded_at=datetime.fromisoformat(one["recorded"]) if "recorded" in one else None,
    )


def _override(told: Plain | None) -> Override | None:
    if told is None:
        return None
    cause = Cause(told["caused_by"]) if "caused_by" in told else None
    return Override(**{**told, "act": Act(told["act"]), "caused_by": cause})


def _waiver(told: Plain | None) -> Waiver | None:
    return Waiver(**{**told, "until": datetime.fromisoformat(told["until"])}) if told is not None else None


def _timer(told: Plain | None) -> Timer | None:
    if told is None:
        return None
    return Timer(**{**told, "does": LateDoing(told["does"]), "due": datetime.fromisoformat(told["due"])})


def random_procedure(rng: Random, fields: Fields = FEW_FIELDS) -> dict[str, Any]:
    """Return a procedure that passes the loader's checks and from whose every step an end can be reached.

    Two to five steps and one or two ends at the top level, blocks in blocks, at most MOST_CONFIGURATIONS.
    """
    while True:
        written = _Author(rng, fields).procedure()
        if _configurations(written["steps"]) <= MOST_CONFIGURATIONS:
            return written


def random_lines(rng: Random) -> dict[str, Any]:
    """Return a procedure of lines: a block of them, one before and one after it, now and then something that is none."""
    names = iter(range(1000))

    def line(size: int, last: str) -> dict[str, Any]:
        steps = [f"s{next(names)}" for _ in range(size)]
        found: dict[str, Any] = {}
        for step, onward in zip(steps, [*steps[1:], last], strict=True):
            found[step] = {"by": "any", "actions": {f"a{next(names)}": onward}}
            if rng.random() < 0.4:
                found[step]["checklist"] = [f"i{next(names)}" for _ in range(rng.randint(1, 2))]
            if rng.random() < 0.1:
                found[step]["actions"][f"a{next(names)}"] = "same"
            if rng.random() < 0.05:
                found[step]["actions"][f"a{next(names)}"] = {"to": rng.choice(steps), "incomplete": True}
        return found

    branches = {}
    for number in range(rng.randint(1, 3)):
        steps = line(rng.randint(1, 3), "done")
        branches[f"b{number}"] = {"start": next(iter(steps)), "steps": steps}
    after = line(rng.randint(1, 3), "e")
    before = line(rng.randint(1, 2), "p")
    if rng.random() < 0.4:
        next(iter(after.values()))["actions"]["again"] = "p"
    block = {"parallel": branches, "then": next(iter(after))}
    steps = {**before, "p": block, **after, "e": {"end": "finished"}}
    written: dict[str, Any] = {
        "procflow": 1,
        "procedure": "lines",
        "version": "1",
        "start": next(iter(before)),
        "steps": steps,
    }
    if rng.random() < 0.4:
        leave: dict[str, Any] = {"to": rng.choice(["same", "e", *after]), "by": "any"}
        if rng.random() < 0.3:
            leave["while"] = [rng.choice([*before, "p", *after])]
        written["anytime"] = {"leave": leave}
    return written


def random_rounds(procedure: Plain, rng: Random) -> list[PlainEvent]:
    """Return a case in which stretches of the work are done again and again, whether their turn is or not."""
    work = [name for step in _work_steps(procedure["steps"]) for name in (*step.get("checklist", ()), *step["actions"])]
    trace: list[PlainEvent] = []
    for _ in range(rng.randint(2, 5)):
        first = rng.randrange(len(work))
        for name in work[first : first + rng.randint(1, 6)]:
            started: PlainEvent = {"lifecycle": "start"} if rng.random() < 0.03 else {}
            trace.append({"kind": "action", "action": name, **started})
            if rng.random() < 0.1 and "anytime" in procedure:
                trace.append({"kind": "action", "action": "leave"})
    return trace


def _work_steps(steps: Mapping[str, Any]) -> list[Any]:
    """Return the steps in which something can be done, those inside blocks too."""
    found = []
    for step in steps.values():
        if "parallel" in step:
            found += [one for branch in step["parallel"].values() for one in _work_steps(branch["steps"])]
        elif "actions" in step:
            found.append(step)
    return found


def random_trace(procedure: Plain, rng: Random) -> list[PlainEvent]:
    """Return a case of the procedure: mostly a walk through it, mostly with a few things gone wrong."""
    return Clerk(procedure, rng).trace()


def random_variant(procedure: Plain, trace: Sequence[PlainEvent], rng: Random) -> list[PlainEvent]:
    """Return nearly the same case: a few events with other data, another gap, perhaps something more gone wrong."""
    return Clerk(procedure, rng).variant(trace)


def procedures() -> st.SearchStrategy[dict[str, Any]]:
    """Procedures that shrink."""
    return st.builds(random_procedure, st.randoms(use_true_random=False))


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, Any], list[PlainEvent]]:
    """A procedure and a trace of it, both shrinking."""
    procedure = draw(procedures())
    return procedure, random_trace(procedure, draw(st.randoms(use_true_random=False)))


def _configurations(steps: Mapping[str, Any]) -> int:
    """Return in how many ways a region can stand, at most."""
    total = 0
    for step in steps.values():
        if "parallel" in step:
            branches = [one.get("steps", {name: one}) for name, one in step["parallel"].items()]
            total += prod(1 + _configurations(one) for one in branches)
        else:
            checklist = step.get("checklist", [])
            total += 2 ** len(checklist["any-order"]) if isinstance(checklist, Mapping) else len(checklist) + 1
    return total


class _Author:
    """Writes one procedure. Ids are short: s step, p block, b branch, e end, i item, x anytime."""

    def __init__(self, rng: Random, fields: Fields) -> None:
        self.rng = rng
        self.fields = rng.sample(fields, rng.choice((0, 1, 1, 2, 3)))
        self.used: dict[str, int] = {}
        self.acts: list[str] = []
        self.steps: list[str] = []
        self.open: list[tuple[dict[str, Any], str]] = []
        """Conditions to be written once all actions are known."""
        self.blocks = rng.choice((0, 1, 1, 2, 2, 3))
        """How many blocks may still be opened."""

    def procedure(self) -> dict[str, Any]:
        rng = self.rng
        ends = [self.name("e") for _ in range(rng.randint(1, 2))]
        pool = rng.sample(_ACTIONS, rng.randint(2, 5))
        steps = self.region(rng.randint(2, 5), pool, ends, depth=0)
        start = next(iter(steps))
        top = list(steps)
        steps |= {end: {"end": "finished" if end == ends[0] else "cancelled"} for end in ends}
        anytime = {self.name("x"): self.anytime([*top, *ends]) for _ in range(rng.choice((0, 0, 1, 1, 2)))}
        self.acts += anytime
        for holder, key in self.open:
            counts = key == "only-if" and rng.random() < 0.25
            holder[key] = count_condition(rng, self.acts) if counts else random_condition(rng, self.fields, self.acts)
        written: dict[str, Any] = {
            "procflow": 1,
            "procedure": "random",
            "version": "1",
            "roles": {"client": {"title": "The client", "external": True}},
            "start": start,
            "steps": steps,
        }
        if self.fields:
            written["data"] = dict(self.fields)
        if anytime:
            written["anytime"] = anytime
        return with_timers(written, rng) if rng.random() < 0.3 else written

    def name(self, letter: str) -> str:
        self.used[letter] = self.used.get(letter, 0) + 1
        return f"{letter}{self.used[letter]}"

    def region(self, size: int, pool: list[str], ends: list[str], depth: int) -> dict[str, Any]:
        """Return the steps of a region, its start first. From each a later one or one of `ends` can be reached."""
        blocks = [self.may_open(depth) for _ in range(size)]
        names = [self.name("p" if block else "s") for block in blocks]
        acting = [name for name, block in zip(names, blocks, strict=True) if not block]
        self.steps += names
        steps: dict[str, Any] = {}
        for index, (name, block) in enumerate(zip(names, blocks, strict=True)):
            onward = names[index + 1 :][: self.rng.choice((1, 1, 2))] + self.rng.sample(ends, 1)
            if block:
                # Blocks lead on, or back to where somebody has to act: no circle can be passed at once.
                steps[name] = self.block(pool, onward, acting, depth)
            else:
                steps[name] = self.step(pool, onward, [*names, *ends])
        return steps

    def may_open(self, depth: int) -> bool:
        opens = self.blocks > 0 and depth < 2 and self.rng.random() < (0.35, 0.5)[depth]
        self.blocks -= opens
        return opens

    def step(self, pool: list[str], onward: list[str], anywhere: list[str]) -> dict[str, Any]:
        rng = self.rng
        names = rng.sample(pool, min(len(pool), rng.choice((1, 1, 2, 2, 3))))
        step: dict[str, Any] = {"waiting-for": {"party": "client"}} if rng.random() < 0.15 else {"by": "any"}
        if "by" in step and rng.random() < 0.3:
            step["checklist"] = self.checklist([name for name in pool if name not in names])
        step["actions"] = {
            name: self.action(onward if index == 0 else anywhere, may_stay=index > 0)
            for index, name in enumerate(names)
        }
        self.acts += names
        return step

    def checklist(self, pool: list[str]) -> Any:
        """Return one to three items; some are actions elsewhere."""
        items = [
            pool.pop() if pool and self.rng.random() < 0.25 else self.name("i")
            for _ in range(self.rng.choice((1, 2, 2, 3)))
        ]
        self.acts += items
        return {"any-order": items} if self.rng.random() < 0.5 else items

    def action(self, targets: list[str], *, may_stay: bool) -> Any:
        rng = self.rng
        if may_stay and rng.random() < 0.25:
            targets = ["same"]
        shape = rng.random()
        if shape < 0.35:
            return rng.choice(targets)
        if shape < 0.5:
            return self.alternatives(targets)
        action: dict[str, Any] = {"to": rng.choice(targets)}
        if rng.random() < 0.4:
            action["to"] = self.alternatives(targets)
        elif rng.random() < 0.4:
            self.open.append((action, "when"))
        if rng.random() < 0.35:
            action["at-most"] = rng.randint(1, 2)
        if rng.random() < 0.3:
            action["incomplete"] = True
        return action

    def alternatives(self, targets: Sequence[str]) -> list[dict[str, Any]]:
        """Return one to three alternatives; only the last may be without a condition."""
        some: list[dict[str, Any]] = [{"to": self.rng.choice(targets)} for _ in range(self.rng.choice((1, 2, 2, 3)))]
        self.open += [(one, "when") for one in some[:-1]]
        last = self.rng.random()
        if last < 0.4:
            some[-1]["otherwise"] = True
        elif last < 0.8:
            self.open.append((some[-1], "when"))
        return some

    def block(self, pool: list[str], onward: list[str], acting: list[str], depth: int) -> dict[str, Any]:
        rng = self.rng
        size = rng.choice((1, 2, 2, 2, 3)) if depth == 0 else rng.choice((1, 2, 2))
        shares = [[self.name("a") for _ in range(rng.choice((1, 1, 2)))] for _ in range(size)]
        for name in pool:
            if rng.random() < 0.5:
                rng.choice(shares).append(name)
        block: dict[str, Any] = {"parallel": dict(self.branch(share, depth + 1) for share in shares)}
        if rng.random() < 0.6:
            block["then"] = rng.choice(onward)
        else:
            block["then"] = self.alternatives([*onward, *acting])
            block["then"][0]["to"] = rng.choice(onward)
        return block

    def branch(self, pool: list[str], depth: int) -> tuple[str, dict[str, Any]]:
        rng = self.rng
        branch: dict[str, Any] = {}
        if rng.random() < 0.5:
            self.open.append((branch, "only-if"))
        steps = self.region(rng.choice((1, 1, 1, 2)), pool, ["done"], depth)
        if len(steps) == 1 and rng.random() < 0.8:
            ((name, step),) = steps.items()
            branch |= step
            return name, branch
        branch |= {"start": next(iter(steps)), "steps": steps}
        return self.name("b"), branch

    def anytime(self, targets: list[str]) -> dict[str, Any]:
        rng = self.rng
        action: dict[str, Any] = {"to": "same" if rng.random() < 0.4 else rng.choice(targets), "by": "any"}
        if rng.random() < 0.5:
            action["while"] = rng.sample(self.steps, min(len(self.steps), rng.randint(1, 2)))
        if rng.random() < 0.3:
            self.open.append((action, "when"))
        if rng.random() < 0.3:
            action["at-most"] = rng.randint(1, 2)
        return action


class Clerk:
    """Writes down one case, with mistakes."""

    starts = 0.08
    """How often work is started first."""
    lengths = (0, 9)
    """How many actions a case has, at least and at most."""

    def __init__(self, procedure: Plain, rng: Random) -> None:
        self.rng = rng
        self.oracle = Oracle(procedure)
        self.flow, self.checks, self.merged = self.oracle.flow, self.oracle.checks, self.oracle.checks.merged
        self.fields: Mapping[str, Plain] = procedure.get("data", {})

    def trace(self) -> list[PlainEvent]:
        rng = self.rng
        opened = self.event("opened", self.data(0.7)) if rng.random() < 0.6 else None
        if opened is not None:
            self.fit_opening(opened)
        events = self.walk(opened or {"kind": "opened"})
        for _ in range(rng.choice((0, 0, 1, 1, 2, 3, 4))):
            self.spoil(events)
        for event in events:
            if rng.random() < 0.05:
                event["gap"] = True
        if opened is not None:
            events.insert(0, opened)
        if rng.random() < 0.3:
            events.append(self.event("closed", self.data(0.2)))
        return events

    def variant(self, trace: Sequence[PlainEvent]) -> list[PlainEvent]:
        rng = self.rng
        events = [event.copy() for event in trace]
        for _ in range(rng.randint(1, 3)):
            if events:
                rng.choice(events)["data"] = self.data(0.7)
        actions = [event for event in events if event["kind"] == "action"]
        if actions and rng.random() < 0.2:
            rng.choice(actions)["gap"] = True
        if actions and rng.random() < 0.2:
            del events[events.index(rng.choice(actions))]
        return events

    def event(self, kind: str, data: dict[str, Any]) -> PlainEvent:
        event: PlainEvent = {"kind": kind}
        if data:
            event["data"] = data
        return event

    def action(self, name: str, data: dict[str, Any]) -> PlainEvent:
        return {**self.event("action", data), "action": name}

    def walk(self, opened: PlainEvent) -> list[PlainEvent]:
        """Return events that mostly follow the procedure."""
        rng = self.rng
        record = Record(self.merged({}, opened.get("data", {})), {}, now(opened))
        at = self.best(self.flow.opening(record))
        events: list[PlainEvent] = []
        for _ in range(rng.randint(*self.lengths)):
            late = sorted(self.flow.timers(at, record), key=str)
            due = sorted({name for name, _, _ in self.flow.due(at)})
            if late and (not due or rng.random() < 0.25):
                move = rng.choice(late)
                if rng.random() < 0.5:
                    events.append(self.time_is_up(move.action))
                    late = list(self.flow.timers(at, record, move.action))
                    move = rng.choice(late)
                at = move.outcome.at
                continue
            if not due:
                break
            anytime = sorted(name for name, _ in self.flow.due_anytime(at))
            name = rng.choice(anytime if anytime and rng.random() < 0.12 else due)
            for lifecycle in ("start", "complete") if rng.random() < self.starts else ("complete",):
                event = self.action(name, self.data(0.1 if lifecycle == "start" else 0.35))
                if lifecycle == "start":
                    event["lifecycle"] = "start"
                self.fit(event, at, record)
                record = Record(self.merged(record.values, event.get("data", {})), record.counts, now(event))
                events.append(event)
            at = self.best([one.outcome for one in self.flow.moves(at, name, record)])
            record = Record(record.values, {**record.counts, name: record.counts.get(name, 0) + 1})
        return events

    def time_is_up(self, step: str) -> PlainEvent:
        """Nobody acts by it."""
        at = self.event("timer", {})
        return {**({"at": at["at"]} if "at" in at else {}), **time_is_up(step, self.flow.places[step].late or "")}

    def fit_opening(self, opened: PlainEvent) -> None:
        """Give the opening what it needs."""

    def fit(self, event: PlainEvent, at: Standing, record: Record) -> None:
        """Give the event what it needs where the case stands; of the flow alone nothing is needed."""

    def best(self, outcomes: Sequence[Outcome]) -> Standing:
        """Return one of the outcomes, seldom one with something attached to it if that can be helped."""
        least = min(len(one.attached) for one in outcomes)
        if self.rng.random() < 0.1:
            least = max(len(one.attached) for one in outcomes)
        return self.rng.choice([one.at for one in outcomes if len(one.attached) == least])

    def spoil(self, events: list[PlainEvent]) -> None:
        """Make one thing go wrong."""
        rng = self.rng
        index = rng.randrange(len(events) + 1)
        match rng.choice(("drop", "drop", "swap", "repeat", "insert", "insert", "unknown", "start", "data", "timer")):
            case "drop" if index < len(events):
                del events[index]
            case "swap" if index + 1 < len(events):
                events[index], events[index + 1] = events[index + 1], events[index]
            case "repeat" if index < len(events):
                events.insert(rng.randrange(len(events) + 1), events[index].copy())
            case "unknown":
                events.insert(index, self.action("dance", self.data(0.3)))
            case "start":
                events.insert(
                    index, {**self.action(rng.choice(self.flow.actions), self.data(0.3)), "lifecycle": "start"}
                )
            case "timer" if self.flow.timed:
                events.insert(index, self.time_is_up(rng.choice(self.flow.timed)))
            case "data" if index < len(events):
                events[index]["data"] = self.data(1)
            case _:
                events.insert(index, self.action(rng.choice(self.flow.actions), self.data(0.3)))

    def data(self, chance: float) -> dict[str, Any]:
        """Return what comes with an event: sometimes nothing, seldom a value that does not fit or is taken back."""
        rng = self.rng
        if rng.random() >= chance:
            return {}
        data: dict[str, Any] = {name: self.value(type) for name, type in self.fields.items() if rng.random() < 0.6}
        if rng.random() < 0.03:
            data["weather"] = "fine"
        return data

    def value(self, type: Plain) -> Any:
        odd = self.rng.random()
        if odd < 0.08:
            return None
        return odd_value(type, self.rng) if odd < 0.12 else random_value(type, self.rng)
