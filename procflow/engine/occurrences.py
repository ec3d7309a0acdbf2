"""What a store keeps of an event for rules across cases: their view of it, in a few bytes.

It can be told from the events at any time, so its form is nobody's business but this module's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from procflow.expressions.expression import Facts
from procflow.expressions.types import Choice, FieldType, Value
from procflow.expressions.values import encode_value, parse_value
from procflow.model.rule import Happening
from procflow.monitors.rules.across import Attempt
from procflow.monitors.rules.asking import Asking
from procflow.monitors.rules.ledger import Placed, placed
from procflow.monitors.rules.position import Position
from procflow.stores.base import Occurrence
from procflow.trail.instant import instant_text, parse_instant

ATTEMPTS = "attempts"
"""The party under which attempts stand that rules of policies stood against."""
GONE = b""
"""Of an event that rules do not ask about any more, since its case is explained otherwise."""


def key_of(asking: Asking, party: str) -> str:
    """Return under which party a store keeps what a rule sees."""
    return f"{asking.key} {party}"


def occurrence(asking: Asking, party: str, seen: Placed, *, attempt: bool = False) -> Occurrence:
    """Return what a rule sees of an event of a party."""
    one = seen.position
    at, recorded, case, seq = seen.order
    told: dict[str, Any] = {
        "r": None if recorded == at else instant_text(recorded),
        "s": one.seq is not None,
        "h": [str(each) for each in one.happenings],
        "p": one.performs,
        "a": one.actor,
        "b": one.on_behalf_of,
        "R": sorted(one.roles),
        "T": sorted(one.teams),
        "v": {name: encode_value(value) for name, value in one.facts.values.items()},
        "g": one.gap,
        "t": one.told,
        "i": one.step,
        "n": one.action,
        "x": attempt,
    }
    body = json.dumps({key: value for key, value in told.items() if value not in _EMPTY}, ensure_ascii=False)
    return Occurrence(party=key_of(asking, party), case=case, seq=seq, at=at, body=body.encode())


_EMPTY: tuple[object, ...] = (None, False, [], {}, "")


class Reader:
    """Reads what one rule sees."""

    def __init__(self, asking: Asking) -> None:
        self._types = asking.types
        self._named = {str(one): one for one in (*asking.rule.triggers, *asking.rule.targets)}
        self._known: dict[tuple[str, ...], tuple[Happening, ...]] = {}

    def read(self, one: Occurrence) -> tuple[Placed, bool]:
        """Return what the rule sees of an event, and whether it was only attempted."""
        told: Mapping[str, Any] = json.loads(one.body)
        names = tuple(told.get("h", ()))
        happenings = self._known.get(names)
        if happenings is None:
            happenings = self._known[names] = tuple(self._named[name] for name in names)
        position = Position(
            seq=one.seq if told.get("s") else None,
            at=one.at,
            happenings=happenings,
            performs=told.get("p", False),
            actor=told.get("a"),
            on_behalf_of=told.get("b"),
            roles=frozenset(told.get("R", ())),
            teams=frozenset(told.get("T", ())),
            facts=Facts(self._values(told.get("v", {})), {}, one.at),
            gap=told.get("g", False),
            case=one.case,
            told=told.get("t", ""),
            step=told.get("i"),
            action=told.get("n"),
        )
        recorded = parse_instant(told["r"]) if "r" in told else one.at
        return placed(position, recorded, one.seq), bool(told.get("x"))

    def _values(self, told: Mapping[str, Any]) -> Mapping[str, Value]:
        return {name: _value(self._types[name], raw) for name, raw in told.items()}


def _value(type: FieldType, raw: Any) -> Value:
    # A procedure's choice may have more words than policies name.
    return str(raw) if isinstance(type, Choice) else parse_value(type, raw)


def attempt_of(one: Occurrence) -> Attempt:
    """Return an attempt kept under `ATTEMPTS`."""
    told = json.loads(one.body)
    return Attempt(
        case=one.case,
        seq=one.seq,
        action=told["n"],
        actor=told["a"],
        policies=told["p"],
        grounded=told["g"],
    )


def kept(attempt: Attempt, seen: Placed) -> Occurrence:
    """Return how an attempt is kept under `ATTEMPTS`."""
    told = {"n": attempt.action, "a": attempt.actor, "p": attempt.policies, "g": attempt.grounded}
    body = json.dumps(told, ensure_ascii=False).encode()
    return Occurrence(party=ATTEMPTS, case=attempt.case, seq=attempt.seq, at=seen.order[0], body=body)
