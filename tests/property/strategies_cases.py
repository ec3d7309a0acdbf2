"""Random days at an engine: procedures with people, data and proofs in them, and commands that follow them, mostly.

Commands are plain data, so that the same can be given to any engine; a `Desk` carries them out and notes what its
engine said after each. All chance comes from the `random.Random` that is handed in.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from procflow.engine import Case, Engine
from procflow.engine.publishing import definition_of
from procflow.errors import ProcflowError
from procflow.expressions.types import Choice, Instant, Money, Number, Reference, YesNo
from procflow.loading.procedure import read_procedure
from procflow.model.event import Event
from procflow.model.organisation import Actor
from procflow.model.procedure import Procedure
from procflow.model.verdict import StepRefused, Verdict
from procflow.stores.base import Store
from procflow.trail.entry import open_entry
from tests.property.strategies import random_procedure
from tests.property.strategies_rules import with_rules

Plain = dict[str, Any]
Command = dict[str, Any]

COMPLAINT = Path(__file__).resolve().parents[2] / "procedures" / "complaint.yaml"
MORNING = datetime(2026, 12, 1, 8, tzinfo=UTC)
ROLES = ("agent", "expert", "lead", "client", "lawyer")
PEOPLE = ("ana", "bogdan", "cezara", "dan", "سارا")


# Procedures


def peopled(written: Plain, rng: Random) -> Plain:
    """Return a random procedure with roles, controls, data, proofs and reasons added to its steps."""
    written = json.loads(json.dumps(written))
    written["roles"] = {role: {"title": role, "external": role == "client"} for role in ROLES}
    if rng.random() < 0.8:
        written["overrides"] = {"by": rng.choice(ROLES[:3]), "second-person": rng.random() < 0.5}
        written["overrides"] |= {"reason": "required"} if rng.random() < 0.5 else {}
    data = written.setdefault("data", {})
    data |= {
        "handler": {"type": "person"},
        "barred": {"type": "person"},
        "refund": {"type": "money", "currency": "EUR"},
    }
    steps = list(_work_steps(written["steps"]))
    names = [name for name, step in steps if step.get("actions")]
    fields = list(data)
    for name, step in steps:
        if "by" in step and rng.random() < 0.8:
            step["by"] = rng.choice(ROLES[:3]) if rng.random() < 0.85 else {"field": "handler"}
        if "by" in step and rng.random() < 0.2:
            step["collect"] = rng.sample(fields, rng.randint(1, 2))
        if "by" in step and rng.random() < 0.2:
            step["evidence"] = ["letter"]
        if "by" in step and rng.random() < 0.2:
            step["not-by"] = "barred"
        if "by" in step and len(names) > 1 and rng.random() < 0.35:
            step["four-eyes"] = rng.choice([one for one in names if one != name] or names)
        if "waiting-for" in step and rng.random() < 0.7:
            step["waiting-for"] |= {"asked": "required", "due": "required"}
        step["actions"] = {action: _demanding(one, fields, rng) for action, one in step.get("actions", {}).items()}
    return written


def _work_steps(steps: Mapping[str, Any]) -> Iterator[tuple[str, Plain]]:
    for name, step in steps.items():
        if "parallel" in step:
            for branch, one in step["parallel"].items():
                yield from _work_steps(one.get("steps", {branch: one}))
        elif "end" not in step:
            yield name, step


def _demanding(action: Any, fields: Sequence[str], rng: Random) -> Any:
    if rng.random() < 0.6:
        return action
    action = dict(action) if isinstance(action, dict) else {"to": action}
    match rng.randrange(4):
        case 0:
            action["reason"] = "required"
        case 1:
            action["evidence"] = ["report"]
        case 2:
            action["by"] = rng.choice(ROLES)
        case _:
            action["collect"] = [rng.choice(fields)]
    return action


def random_text(rng: Random) -> str:
    """Return the text of a random procedure with people in it, mostly with rules, that passes the loader's checks."""
    for _ in range(50):
        written = peopled(random_procedure(rng), rng)
        if rng.random() < 0.6:
            written = with_rules(written, rng)
        text = json.dumps(written, indent=1, ensure_ascii=False)
        if read_procedure(text, "random.yaml").procedure is not None:
            return text
    raise AssertionError("no such procedure passes the checks")


@cache
def complaint() -> str:
    """Return the text of the sample procedure."""
    return COMPLAINT.read_text(encoding="utf-8")


# Commands


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now


def entropy() -> Callable[[int], bytes]:
    """Return a source that gives the same bytes every time: only then are two engines alike."""
    count = 0

    def some(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.sha256(str(count).encode()).digest()[:size]

    return some


@dataclass(kw_only=True)
class Spoken:
    """What an engine said to one command."""

    case: str | None
    """None if the start of a case was refused."""
    accepted: bool
    verdict: Verdict | None
    """None for a start that was accepted, and for what could not be understood."""
    error: str | None
    """Why it could not be understood."""
    after: Case | None
    exported: bytes
    """The whole export after it."""
    at: datetime


def put(store: Store, file: Path, now: datetime) -> str:
    """Keep the procedure of a file as if it had been published, sound or not; return its id.

    Whoever publishes must mend what is not sound; the judge has to cope with whatever is in a store.
    """
    loaded = read_procedure(file.read_bytes(), str(file))
    assert loaded.procedure is not None, loaded.findings
    with store.write() as transaction:
        if transaction.definition(loaded.procedure.digest) is None:
            transaction.add_definition(definition_of(loaded.procedure, loaded.source, file, now))
    return loaded.procedure.id


class Desk:
    """An engine of one day, with everything that is chance or time pinned down."""

    def __init__(self, store: Store, file: Path) -> None:
        self.store = store
        self.clock = Clock()
        self.engine = Engine(store, clock=self.clock, entropy=entropy())
        self.procedure = put(store, file, self.clock())
        self.cases: list[str] = []
        self.said: list[Spoken] = []

    def cold(self) -> Engine:
        """Return another engine on the same store, which remembers nothing."""
        return Engine(self.store, clock=self.clock)

    def carry_out(self, command: Command) -> Spoken:
        self.clock.now += timedelta(seconds=command["later"])
        verdict: Verdict | None = None
        error: str | None = None
        case: str | None = self.cases[command["case"]] if "case" in command else None
        try:
            match command["do"]:
                case "start":
                    case = self.engine.start(self.procedure, **_given(command)).id
                    self.cases += [case] if case not in self.cases else []
                case what:
                    words = [command[name] for name in ("action", "act", "code") if name in command]
                    verdict = getattr(self.engine, what)(case, *words, **_given(command))
        except StepRefused as refused:
            verdict = refused.verdict
        except ProcflowError as cannot:
            error = cannot.message
        said = Spoken(
            case=case,
            accepted=error is None and (verdict is None or verdict.accepted),
            verdict=verdict,
            error=error,
            after=self.engine.case(case) if case is not None else None,
            exported=exported(self.engine),
            at=self.clock.now,
        )
        self.said.append(said)
        return said


def _given(command: Command) -> Plain:
    """Return what a command gives besides its name."""
    words = ("do", "later", "case", "act", "code") + (("action",) if command["do"] == "perform" else ())
    given = {name: value for name, value in command.items() if name not in words}
    if "about" in given:
        given["action"] = given.pop("about")
    who, roles, teams = given["by"]
    return given | {"by": Actor(who, roles=roles, teams=teams)}


def exported(engine: Engine, cases: Sequence[str] | None = None) -> bytes:
    """Return the export of an engine."""
    out = io.BytesIO()
    engine.export(out, cases)
    return out.getvalue()


def events_of(export: bytes, case: str | None = None) -> list[Event]:
    """Return the events of an export, of one case or all."""
    events = [open_entry(line)[0] for line in export.splitlines()]
    return [one for one in events if case is None or one.case == case]


def random_day(
    desk: Desk, rng: Random, *, mode: str | None = None, steps: int = 12, aside: bool = True
) -> list[Command]:
    """Live through a day at `desk`, asking it what is due; return the commands. `desk.said` has what it said.

    Without `aside` nobody sets the procedure aside or excuses anything.
    """
    commands: list[Command] = []
    clerk = _Clerk(desk, rng, aside)
    for _ in range(rng.choice((1, 1, 2))):
        commands.append(clerk.start(mode or rng.choice(("enforce", "observe"))))
        desk.carry_out(commands[-1])
    for _ in range(rng.randint(0, steps) if desk.cases else 0):
        commands.append(clerk.next())
        desk.carry_out(commands[-1])
    return commands


class _Clerk:
    """Thinks of commands: mostly what is due, by somebody who may, with what it needs; and often enough not."""

    def __init__(self, desk: Desk, rng: Random, aside: bool) -> None:
        self.desk = desk
        self.rng = rng
        self.aside = aside
        with desk.store.read() as transaction:
            (definition,) = transaction.definitions(desk.procedure)
        procedure = read_procedure(definition.source, definition.file).procedure
        assert procedure is not None
        self.procedure: Procedure = procedure

    def start(self, mode: str) -> Command:
        command = {"do": "start", "later": self.later(), "by": self.somebody(), "mode": mode, "data": self.data(0.5)}
        return command | self.key()

    def next(self) -> Command:
        """Return a command in a case, under a key now and then."""
        rng = self.rng
        case = rng.randrange(len(self.desk.cases))
        command = {"later": self.later(), "case": case, "by": self.somebody()}
        chance = rng.random()
        if self.aside and chance < 0.12:
            return command | self.override(case) | self.key()
        if self.aside and chance < 0.2:
            return command | self.waive(case) | self.key()
        if chance > 0.96:
            return command | {"do": "close"} | self.key()
        return self.perform(case) | self.key()

    def key(self) -> Plain:
        return {"key": self.rng.choice(("k1", "k2", "ключ"))} if self.rng.random() < 0.2 else {}

    def authority(self) -> Plain:
        """Return somebody who may set the procedure aside, mostly, with a reason and a second person, mostly."""
        rng = self.rng
        rule = self.procedure.overrides
        held = (rule.by.role,) if rule is not None and rule.by.role is not None else ()
        given: Plain = {"by": self.somebody(held)}
        if rng.random() < 0.8:
            given["reason"] = "it could not wait"
        return given

    def override(self, case: int) -> Command:
        rng = self.rng
        act = rng.choice(("skip", "skip", "redo", "undo", "undo", "do-early", "override"))
        given: Plain = {"do": "override", "act": act, **self.authority()}
        options = self.desk.engine.may(self.desk.cases[case], by=Actor("nobody"))
        done = [event.action for event in self.desk.engine.case(self.desk.cases[case]).events if event.action]
        names = {
            "skip": [one.action for one in options if one.step is not None],
            "redo": list(self.procedure.steps),
            "undo": done,
        }.get(act) or sorted(self.procedure.actions)
        if act != "override" or rng.random() < 0.3:
            given["about"] = rng.choice(names)
        if act == "override" or rng.random() < 0.1:
            been = [str(said.after.configuration) for said in self.desk.said if said.after is not None]
            given["to"] = rng.choice([*been, *been, *self.procedure.top.steps])
        if rng.random() < 0.8:
            given["second"] = rng.choice(PEOPLE)
        if rng.random() < 0.2:
            given |= {"asked_by": rng.choice(PEOPLE), "caused_by": rng.choice(("requester", "external"))}
        if rng.random() < 0.1:
            given["data"] = self.data(0.3)
        return given

    def waive(self, case: int) -> Command:
        """Return a waiver of what was said so far, or of what may come."""
        rng = self.rng
        given: Plain = {"do": "waive", "code": rng.choice(("DV101", "DV102", "DV201", "DV202", "DV303", "DV701"))}
        given |= {"person": rng.choice(PEOPLE), **self.authority()}
        given.setdefault("reason", rng.choice((None, " ", "because")))
        given["until"] = self.desk.clock.now + timedelta(seconds=rng.choice((-60, 0, 30, 100_000, 10**7)))
        against = self.desk.engine.case(self.desk.cases[case]).audit.deviations
        if against and rng.random() < 0.7:
            one = rng.choice(against)
            given |= {"code": one.code, "person": one.actor or given["person"]}
            given |= {"step": one.step} if rng.random() < 0.5 or one.actor is None else {}
            given |= {"about": one.action} if rng.random() < 0.3 and one.action is not None else {}
        return given

    def perform(self, case: int) -> Command:
        rng = self.rng
        command: Command = {"do": "perform", "later": self.later(), "case": case}
        options = self.desk.engine.may(self.desk.cases[case], by=Actor("nobody"))
        due = [one for one in options if one.step is not None] or list(options)
        if due and rng.random() < 0.85:
            option = rng.choice(due if rng.random() < 0.85 else list(options))
            command |= {"action": option.action, "by": self.somebody(tuple(option.who_could))}
            if rng.random() < 0.8:
                command |= self.needed(option.needs)
        else:
            action = rng.choice([*sorted(self.procedure.actions), "dance"])
            command |= {"action": action, "by": self.somebody()}
        if rng.random() < 0.25:
            command["data"] = command.get("data", {}) | self.data(0.3)
        if rng.random() < 0.1:
            command["lifecycle"] = "start"
        if rng.random() < 0.1:
            command["on_behalf_of"] = rng.choice(("client", "acme", ""))
        if rng.random() < 0.1:
            command["reason"] = rng.choice((" ", "because", "поэтому"))
        if rng.random() < 0.1:
            zone = timezone(timedelta(hours=rng.choice((-7, 0, 5))))
            command["occurred_at"] = (MORNING - timedelta(days=rng.randint(-1, 3))).astimezone(zone)
        return command

    def later(self) -> int:
        return self.rng.choice((0, 1, 60, 86_400))

    def somebody(self, wanted: tuple[str, ...] = ()) -> tuple[str, list[str], list[str]]:
        rng = self.rng
        roles = set(wanted) if rng.random() < 0.85 else set()
        roles |= {role for role in ROLES if rng.random() < 0.3}
        return rng.choice(PEOPLE), sorted(roles), ["ana"] if rng.random() < 0.1 else []

    def needed(self, needs: Sequence[str]) -> Plain:
        """Return what an option needs."""
        evidence = {name.removeprefix("evidence "): "no. 7" for name in needs if name.startswith("evidence ")}
        fields = [name for name in needs if name in self.procedure.data]
        given: Plain = {"data": {name: self.value(name) for name in fields}, "evidence": evidence}
        if "reason" in needs:
            given["reason"] = "it had to be"
        return given

    def data(self, chance: float) -> Plain:
        data = {name: self.value(name) for name in self.procedure.data if self.rng.random() < chance}
        if self.rng.random() < 0.05:
            data["weather"] = self.rng.choice(("fine", None, [1, {"a": 1.0}], 1.5e300))
        return data

    def value(self, name: str) -> Any:
        rng = self.rng
        odd = rng.random()
        if odd < 0.06:
            return None
        if odd < 0.1:
            return rng.choice((["odd"], "", -0.0, {"a": [None]}, True, 2**53 - 1, "\u202e", 0.1))
        match self.procedure.data[name].type:
            case YesNo():
                return rng.random() < 0.6
            case Number():
                return rng.choice((0, 1, 2, 3, 1.0, 0.5))
            case Money():
                return rng.choice((0, "0", "12.50", "12.50 EUR", 3, 1e2))
            case Instant():
                return "2026-12-24T12:00:00+02:00"
            case Choice(of):
                return rng.choice(of)
            case Reference():
                return rng.choice(PEOPLE)
            case _:
                return rng.choice(("so", "что-то", "1"))
