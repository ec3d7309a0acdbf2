"""Random rules, and random cases as rules see them: position by position, whatever a procedure would make of them.

Rules are plain data as in a YAML file. All chance comes from the `random.Random` that is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from procflow.expressions.expression import Facts
from procflow.expressions.types import Value
from procflow.expressions.values import parse_value
from procflow.model.event import Witness
from procflow.model.procedure import Procedure
from procflow.model.rule import Happening, HappeningKind
from procflow.monitors.rules.position import Position
from tests.oracle.conditions import UNFIT, read_value
from tests.oracle.flow import Flow
from tests.oracle.plain import Plain
from tests.oracle.rule_words import Sight, Spot
from tests.property.strategies_conditions import random_condition

PEOPLE = ("ana", "ben", "cai")
ROLES = ("agent", "lead", "client")
FIELDS: Mapping[str, Any] = {
    "urgent": {"type": "yes-no"},
    "amount": {"type": "number"},
    "city": {"type": "choice", "of": ["Cluj", "Jena"]},
    "handler": {"type": "person"},
    "crew": {"type": "team"},
}
PROCEDURE: Mapping[str, Any] = {
    "procflow": 1,
    "procedure": "small",
    "version": "1",
    "roles": {role: {"title": role, "external": role == "client"} for role in ROLES},
    "data": FIELDS,
    "start": "s1",
    "steps": {
        "s1": {"by": "agent", "actions": {"a": "s2", "b": "same", "c": "s1"}},
        "s2": {"by": "lead", "actions": {"a": "s1", "b": "e1", "d": "e2"}},
        "e1": {"end": "finished"},
        "e2": {"end": "cancelled"},
    },
}
"""Where rules without a flow of their own live: only its names and roles count."""
LENGTHS = ("1 minute", "2 hours", "1 day", "3 days")
BEGUN = datetime(2026, 12, 30, 8, tzinfo=UTC)
"""Shortly before a month ends."""


@dataclass(frozen=True)
class Words:
    """What rules may speak of."""

    actions: Sequence[str]
    others: Sequence[str]
    """`s1.a`, `enters s1`, `starts a`, `case opens` ..."""
    roles: Sequence[str] = ROLES
    fields: Mapping[str, Any] | None = None

    def one(self, rng: Random) -> str:
        return rng.choice(self.others if self.others and rng.random() < 0.3 else self.actions)

    def some(self, rng: Random, least: int = 1) -> list[str]:
        """Return happenings of which no event is two of a kind: none is another one in a step of its own."""
        while True:
            found = sorted({self.one(rng) for _ in range(least + rng.choice((0, 0, 1)))})
            if len(found) >= least and not any(one.endswith(f".{two}") for one in found for two in found):
                return rng.sample(found, len(found))

    def any(self, rng: Random) -> Any:
        return self.one(rng) if rng.random() < 0.8 else self.some(rng, 2)


SMALL = Words(
    actions=("a", "b", "c"),
    others=("s1.a", "s2.b", "starts a", "starts b", "enters s1", "leaves s1", "enters s2", "case opens", "case ends"),
    fields=FIELDS,
)


def words_of(procedure: Plain) -> Words:
    """Return what rules of a procedure may speak of."""
    flow = Flow(procedure)
    actions = [*flow.actions, *flow.actions, *(one for one in flow.actions if one not in flow.anytime)]
    within = [f"{step}.{action}" for step, place in flow.places.items() for action in (*place.deeds, *place.items)]
    entered = [f"enters {step}" for step in flow.places]
    left = [f"leaves {step}" for step, place in flow.places.items() if not place.end]
    started = [f"starts {action}" for action in flow.actions[:2]]
    fields = procedure.get("data", {})
    return Words(actions, [*within, *entered, *left, *started, "case opens", "case ends"], ROLES, fields)


def with_rules(written: dict[str, Any], rng: Random) -> dict[str, Any]:
    """Return a procedure with a few rules."""
    words = words_of(written)
    return {**written, "rules": {f"r{number}": random_rule(words, rng) for number in range(rng.choice((1, 2, 3)))}}


PLAIN_FORMS = ("must-happen", "never", "exactly", "at-most", "at-least", "first", "last", "together", "any-of")
FORMS = (
    *PLAIN_FORMS,
    *("one-of", "not-both", "if also", "if never", "after", "before", "in turn", "after never", "before never"),
    *("same-person", "different-person"),
)


def random_rule(words: Words, rng: Random, form: str | None = None) -> dict[str, Any]:
    """Return a rule, of any form unless one is asked for, with whatever else it may say."""
    form = form or rng.choice(FORMS)
    pair = form in ("after", "before", "after never", "before never", "in turn", "if also", "if never")
    rule = _making(form, words, rng)
    if rng.random() < 0.25:
        rule["when"] = _condition(words, rng)
    if form not in ("in turn", "together", "not-both", "same-person", "different-person") and rng.random() < 0.2:
        rule["by"] = rng.choice(words.roles) if rng.random() < 0.75 or not words.fields else _field(words, rng)
    if (pair or form in ("must-happen", "at-least", "any-of", "not-both")) and rng.random() < 0.3:
        rule["within"] = rng.choice(LENGTHS)
    if form == "at-most" and "case opens" not in rule["of"] and rng.random() < 0.35:
        rule["in"] = rng.choice(LENGTHS)
    if (pair or form == "not-both") and rng.random() < 0.25:
        rule["same"] = _keys(words, rng)
    if (pair or form == "not-both") and rng.random() < 0.2:
        rule["different"] = _keys(words, rng, rule.get("same", ()))
        if not rule["different"]:
            del rule["different"]
    if form in ("after", "before", "in turn") and "different" not in rule and rng.random() < 0.25:
        rule["each-time"] = True
    elif form in ("after", "before", "in turn", "after never", "before never") and rng.random() < 0.3:
        rule["next"] = True
    if rng.random() < 0.15:
        rule["refuse"] = False
    return rule


def _making(form: str, words: Words, rng: Random) -> dict[str, Any]:
    match form:
        case "must-happen":
            return {form: words.one(rng)}
        case "never" | "first" | "last":
            return {form: words.any(rng)}
        case "exactly" | "at-most" | "at-least":
            return {form: rng.choice((1, 1, 2, 3)), "of": words.any(rng)}
        case "together" | "any-of" | "one-of" | "same-person" | "different-person":
            return {form: words.some(rng, 2)}
        case "not-both":
            return {form: words.some(rng, 2)[:2]}
        case "if also":
            return {"if": words.any(rng), "also": words.one(rng)}
        case "in turn":
            return {"after": words.any(rng), "before": words.any(rng)}
        case "after" | "before":
            return {form: words.any(rng), "there-must-be": words.one(rng)}
        case _:
            return {form.split()[0]: words.any(rng), "never": words.any(rng)}


def _condition(words: Words, rng: Random) -> str:
    fields = words.fields or {}
    known = [(name, type) for name, type in fields.items() if name in ("urgent", "amount", "city", "colour")]
    return random_condition(rng, known, words.actions, depth=1)


def _field(words: Words, rng: Random) -> Any:
    named = [name for name, type in (words.fields or {}).items() if type["type"] in ("person", "team")]
    return {"field": rng.choice(named)} if named else rng.choice(words.roles)


def _keys(words: Words, rng: Random, besides: Any = ()) -> Any:
    taken = [besides] if isinstance(besides, str) else besides
    keys = [one for one in ("person", "person", *(words.fields or {})) if one not in taken]
    found = sorted({rng.choice(keys) for _ in range(rng.choice((1, 1, 2)))})
    return found[0] if len(found) == 1 else found


# Cases


def random_spots(rng: Random, longest: int = 8) -> list[Spot]:
    """Return a case, its opening first, on record or not."""
    return _Diary(rng).spots(rng.randint(0, longest))


class _Diary:
    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.now = BEGUN
        self.seq = 0
        self.values: dict[str, Any] = {}
        self.counts: dict[str, int] = {}
        self.ended = False
        self.known = rng.choice((0.0, 0.3, 1.0, 1.0))

    def spots(self, length: int) -> list[Spot]:
        rng = self.rng
        opened = ("case opens", *(("enters s1",) if rng.random() < 0.8 else ()))
        first = self.spot(opened, performs=False)
        if rng.random() < 0.25:
            first = Spot(None, None, opened, performs=False, values=first.values)
            self.seq = 0
        found = [first._replace(gap=False)]
        for _ in range(length):
            found.append(self.next())
        if not self.ended and rng.random() < 0.25:
            closing = self.spot(("case ends",), performs=False)._replace(ends=True)
            if rng.random() < 0.5:
                closing = closing._replace(
                    seq=None, at=None, now=found[-1].at, actor=None, roles=frozenset(), teams=frozenset()
                )
                closing = closing._replace(on_behalf_of=None, gap=False)
            found.append(closing)
        return found

    def next(self) -> Spot:
        rng = self.rng
        reopens = self.ended and rng.random() < 0.3
        kind = rng.random()
        if reopens or kind < 0.08:
            happened = self.moved() if rng.random() < 0.9 else ()
            if performs := rng.random() < 0.2:
                happened = (*self.done(), *happened)
        elif kind < 0.2:
            happened, performs = (f"starts {rng.choice(SMALL.actions)}",), False
        elif kind < 0.24:
            happened, performs = (), False
        else:
            happened, performs = (*self.done(), *(self.moved() if rng.random() < 0.5 else ())), True
        self.ended = self.ended and not reopens
        ends = not self.ended and rng.random() < 0.12
        if ends:
            self.ended = True
            happened = (*happened, "case ends")
        spot = self.spot(happened, performs=performs)
        for one in happened:
            if one in SMALL.actions:
                self.counts = {**self.counts, one: self.counts.get(one, 0) + 1}
        return spot._replace(ends=ends, cancelled=ends and rng.random() < 0.3, reopens=reopens)

    def done(self) -> tuple[str, ...]:
        name = self.rng.choice((*SMALL.actions, "a", "d"))
        step = self.rng.choice(("s1", "s2", ""))
        return (name, f"{step}.{name}") if step and name in PROCEDURE["steps"][step]["actions"] else (name,)

    def moved(self) -> tuple[str, ...]:
        left, came = self.rng.choice((("s1", "s2"), ("s2", "s1"), ("s1", "s1"), ("", "s1"), ("s1", ""), ("s1", "s2")))
        return (*((f"leaves {left}",) if left else ()), *((f"enters {came}",) if came else ()))

    def spot(self, happened: tuple[str, ...], *, performs: bool) -> Spot:
        rng = self.rng
        self.seq += 1
        self.now += rng.choice((0, 0, 1, 1, 30, 120, 60 * 24, 60 * 24 * 3)) * timedelta(minutes=1)
        if rng.random() < 0.03:
            self.now -= timedelta(hours=3)
        for name, type in FIELDS.items():
            if rng.random() < self.known * 0.6:
                self.values = {**self.values, name: random_raw(type, rng)}
        if self.values and rng.random() < 0.05:
            self.values = {name: one for name, one in self.values.items() if rng.random() < 0.5}
        return Spot(
            seq=self.seq,
            at=self.now,
            happenings=happened,
            performs=performs,
            actor=rng.choice(PEOPLE) if rng.random() < 0.9 else None,
            on_behalf_of=rng.choice(("client", "lead", "acme", " ")) if rng.random() < 0.1 else None,
            roles=frozenset(one for one in ROLES if rng.random() < 0.4),
            teams=frozenset(one for one in ("red", "blue") if rng.random() < 0.3),
            values={name: read_value(FIELDS[name], raw) for name, raw in self.values.items()},
            counts=self.counts,
            gap=rng.random() < 0.04,
        )


def random_raw(type: Mapping[str, Any], rng: Random) -> Any:
    """Return a value as an event carries it."""
    match type["type"]:
        case "yes-no":
            return rng.random() < 0.5
        case "number":
            return rng.randint(0, 2)
        case "choice":
            return rng.choice(type["of"])
        case "person":
            return rng.choice(PEOPLE)
        case _:
            return rng.choice(("red", "blue"))


def random_sight(rng: Random) -> Sight:
    """Return what a record can witness: mostly all."""
    if rng.random() < 0.6:
        return Sight()
    return Sight(
        times=rng.random() < 0.7,
        roles=rng.random() < 0.7,
        fields=None if rng.random() < 0.6 else frozenset(one for one in FIELDS if rng.random() < 0.5),
        resolution=rng.choice((timedelta(0), timedelta(0), timedelta(minutes=1), timedelta(hours=1))),
    )


# As the monitors take them


def witness_of(sight: Sight) -> Witness:
    """Return the same as a witness."""
    return Witness(time=sight.times, role=sight.roles, data=sight.fields, resolution=sight.resolution)


def position_of(spot: Spot, procedure: Procedure) -> Position:
    """Return the same as a position."""
    values: dict[str, Value] = {}
    for name, value in spot.values.items():
        assert value is not UNFIT
        values[name] = (
            value if isinstance(value, bool | str) else parse_value(procedure.data[name].type, int(str(value)))
        )
    return Position(
        seq=spot.seq,
        at=spot.at,
        happenings=tuple(happening_of(one) for one in spot.happenings),
        performs=spot.performs,
        actor=spot.actor,
        roles=spot.roles,
        teams=spot.teams,
        facts=Facts(values, spot.counts, spot.at or spot.now),
        gap=spot.gap,
        ends=spot.ends,
        cancelled=spot.cancelled,
        case="case-1",
        on_behalf_of=spot.on_behalf_of,
        reopens=spot.reopens,
    )


def happening_of(text: str) -> Happening:
    """Return what is written so."""
    for kind in HappeningKind:
        if kind is not HappeningKind.ACTION and text.startswith(kind.value):
            return Happening(kind=kind, name=text.removeprefix(kind.value).strip())
    step, _, name = text.rpartition(".")
    return Happening(kind=HappeningKind.ACTION, name=name, step=step or None)
