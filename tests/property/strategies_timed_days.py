"""Random days at an engine whose procedure has clocks: people act, time passes, and now and then somebody advances it.

Commands are plain data, so that the same day can be lived through again by an engine that is advanced at other moments.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from procflow.calendars.book import CalendarSet
from procflow.engine import Engine
from procflow.errors import ProcflowError
from procflow.model.event import Event, Kind
from procflow.model.organisation import Actor
from procflow.stores.base import Store
from tests.oracle.plain import Plain
from tests.property.strategies_cases import Command, events_of, exported, put
from tests.property.strategies_clocks import FIRST_DAY, random_books, random_timed, to_sets

ROLES = ("agent", "expert", "lead", "vendor", "client")
PAUSES = (1, 60, 1800, 3600, 14_400, 30_000, 86_400, 200_000)


class Hands:
    """The hands of a clock that stand where they are put."""

    def __init__(self) -> None:
        self.now = FIRST_DAY

    def __call__(self) -> datetime:
        return self.now


class TimedDesk:
    """An engine with calendars, whose clock stands still between commands."""

    def __init__(self, store: Store, file: Path, calendars: CalendarSet) -> None:
        self.store, self.clock = store, Hands()
        self.engine = Engine(store, calendars=calendars, clock=self.clock, entropy=_Chance(1).bytes)
        self.procedure = put(store, file, self.clock())
        self.cases: list[str] = []
        self.fired: list[tuple[str, str, int, str, datetime]] = []

    def carry_out(self, command: Command) -> bool:
        """Do what a command says; return False if it could not be done."""
        self.clock.now = FIRST_DAY + timedelta(seconds=command["at"])
        try:
            match command["do"]:
                case "start":
                    given = {key: command[key] for key in ("mode", "data")}
                    self.cases.append(self.engine.start(self.procedure, by=_actor(command["by"]), **given).id)
                case "perform":
                    given = {key: command[key] for key in ("data", "reason")}
                    case = self.cases[command["case"]]
                    return self.engine.perform(case, command["action"], by=_actor(command["by"]), **given).accepted
                case "advance":
                    self.advance(command.get("limit"))
        except ProcflowError:
            return False
        return True

    def advance(self, limit: int | None = None) -> None:
        """Do what time has to do."""
        for one in self.engine.advance(limit=limit):
            assert one.timer is not None, one
            self.fired.append((one.case, one.timer.clock, one.timer.cycle, one.timer.mark, one.timer.due))

    def timers(self, case: str) -> list[Event]:
        """Return what time did in a case, as it is on record."""
        return [one for one in self.events(case) if one.kind is Kind.TIMER]

    def events(self, case: str) -> list[Event]:
        return events_of(exported(self.engine, [case]), case)


class _Chance:
    """Random bytes that are the same in every engine."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)

    def bytes(self, count: int) -> bytes:
        return self.rng.randbytes(count)


def _actor(told: tuple[str, Sequence[str]]) -> Actor:
    return Actor(told[0], roles=set(told[1]))


def timed_file(folder: Path, rng: Random) -> tuple[Plain, dict[str, CalendarSet], Path]:
    """Write a random procedure with clocks; return it, its calendars, and the file."""
    written = random_timed(rng)
    file = folder / "timed.yaml"
    file.write_text(json.dumps(written, indent=1), encoding="utf-8")
    return written, to_sets(random_books(rng)), file


def live(desk: TimedDesk, rng: Random, *, steps: int = 12, mode: str | None = None) -> list[Command]:
    """Live through some days; return the commands."""
    commands: list[Command] = []
    at = rng.randrange(4 * 86_400)

    def carry_out(command: Command) -> None:
        commands.append({"at": at, **command})
        desk.carry_out(commands[-1])

    for _ in range(rng.choice((1, 1, 2))):
        opened = {"do": "start", "by": ("ana", ["agent"]), "mode": mode or rng.choice(("enforce", "observe"))}
        carry_out({**opened, "data": _data(rng, at, 0.7)})
    for _ in range(rng.randint(1, steps) if desk.cases else 0):
        at += rng.choice(PAUSES)
        if rng.random() < 0.25:
            carry_out({"do": "advance", **({"limit": 1} if rng.random() < 0.3 else {})})
            continue
        number = rng.randrange(len(desk.cases))
        options = [one for one in desk.engine.may(desk.cases[number], by=Actor("nobody")) if one.action != "drop"]
        if not options:
            continue
        some = [one for one in options if one.action in ("to-waiting", "ask-right")] if rng.random() < 0.3 else options
        option = rng.choice(some or options)
        data = _data(rng, at, 0.1)
        if option.action in ("to-waiting", "again-waiting", "ask-right"):
            due = FIRST_DAY + timedelta(seconds=at + rng.choice((1800, 7200, 100_000)))
            data |= {"asked": "which?", "due": due.isoformat()} if rng.random() < 0.9 else {}
        roles = list(option.who_could)[:1] or [rng.choice(ROLES[:2])]
        act: dict[str, Any] = {"do": "perform", "case": number, "action": option.action, "by": ("dan", roles)}
        carry_out({**act, "data": data, "reason": rng.choice((None, "because"))})
    return commands


def _data(rng: Random, at: int, chance: float) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, values in (("tier", ("basic", "premium")), ("prio", ("p1", "p2", "p3")), ("vip", (True, False))):
        if rng.random() < chance:
            found[name] = rng.choice(values)
    for name, spread in (("reported", (-3600, 0)), ("promised", (3600, 90_000))):
        if rng.random() < chance / 2:
            found[name] = (FIRST_DAY + timedelta(seconds=at + rng.choice(spread))).isoformat()
    return found
