"""Random data fields, values of them, and conditions over them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from tests.oracle.plain import Plain

Fields = Sequence[tuple[str, Plain]]

FEW_FIELDS: Fields = (
    ("urgent", {"type": "yes-no"}),
    ("amount", {"type": "number"}),
    ("colour", {"type": "choice", "of": ["red", "green", "blue"]}),
)
MANY_FIELDS: Fields = (
    *FEW_FIELDS,
    ("city", {"type": "text"}),
    ("refund", {"type": "money", "currency": "EUR"}),
    ("received", {"type": "instant"}),
    ("signs", {"type": "list", "of": "text"}),
)
CITIES = ("Cluj", "Łódź", "סיני")
MOMENTS = ("2026-12-01T08:03:00Z", "2026-12-01T10:00:00+02:00", "2026-12-03T08:00:00Z", "2026-11-01T00:00:00Z")


def random_value(type: Plain, rng: Random) -> Any:
    """Return a value that fits."""
    match type["type"]:
        case "yes-no":
            return rng.random() < 0.5 if rng.random() < 0.9 else rng.choice(("yes", "no", "true", "false"))
        case "number":
            return rng.randint(0, 3) if rng.random() < 0.9 else rng.choice(("2", "1.5", 0.5, 2.0))
        case "money":
            other: tuple[Any, ...] = ("1", "2.00 EUR", {"amount": "1.50", "currency": "EUR"}, 0.1)
            return rng.randint(0, 3) if rng.random() < 0.7 else rng.choice(other)
        case "instant":
            return rng.choice(MOMENTS)
        case "choice":
            return rng.choice(type["of"])
        case "list":
            return [rng.choice(CITIES) for _ in range(rng.randint(0, 3))]
        case "person":
            return rng.choice(PEOPLE)
        case "team":
            return rng.choice(TEAMS)
        case _:
            return rng.choice(CITIES)


PEOPLE = ("ana", "ben", "cai", "dora")
TEAMS = ("red", "blue", "ana")
"""One is called like a person: that makes nobody a member."""


def odd_value(type: Plain, rng: Random) -> Any:
    """Return a value that does not fit."""
    match type["type"]:
        case "list":
            return rng.choice(("odd", [1], ["odd", None]))
        case "money":
            return rng.choice((["odd"], "2 USD", True, {"amount": "1", "currency": "USD"}))
        case "number":
            return rng.choice((["odd"], True, "two"))
        case "instant":
            return rng.choice((["odd"], "2026-12-01", "2026-12-01T08:00:00", 3))
        case _:
            return ["odd"]


def count_condition(rng: Random, actions: Sequence[str]) -> str:
    """Return a condition that is never undecided. It may count any action of the procedure."""
    return f"times({rng.choice(actions)}) {rng.choice(('>=', '==', '<'))} {rng.choice((1, 1, 2))}"


def random_condition(rng: Random, fields: Fields, actions: Sequence[str], depth: int = 2) -> str:
    """Return a condition over some of the fields, and over how often actions were performed."""
    if depth and rng.random() < 0.25:
        parts = [random_condition(rng, fields, actions, depth - 1) for _ in range(2)]
        if rng.random() < 0.1:
            return f"({parts[0]} if {count_condition(rng, actions)} else {parts[1]})"
        joined = f" {rng.choice(('and', 'or'))} ".join(parts)
        return f"not ({joined})" if rng.random() < 0.3 else f"({joined})"
    if not fields or rng.random() < 0.2:
        return count_condition(rng, actions)
    field, type = rng.choice(fields)
    if rng.random() < 0.1:
        return f"has({field})"
    sign = rng.choice(("<", "<=", ">", ">=", "==", "!="))
    match type["type"]:
        case "yes-no":
            return rng.choice((field, f"not {field}", f"{field} == true"))
        case "number":
            plain = f"{field}{rng.choice(('', '', ' + 1', ' * 2'))} {sign} {rng.randint(0, 2)}"
            return plain if rng.random() < 0.9 else rng.choice((f"0 < {field} <= 2", f"1 / {field} {sign} 1"))
        case "money":
            return f"{field}{rng.choice(('', '', ' + 1', ' * 2'))} {sign} {rng.choice(('0', '1', '1.50'))}"
        case "instant":
            return rng.choice(
                (
                    f'{field} {sign} "{rng.choice(MOMENTS)}"',
                    f"now - {field} {sign} {rng.choice(('days(2)', 'hours(1)', 'minutes(4)'))}",
                    f"now {sign} {field}",
                )
            )
        case "list":
            return f"size({field}) {sign} {rng.randint(0, 2)}"
        case "text":
            return rng.choice((f'{field} == "{rng.choice(CITIES)}"', f"size({field}) {sign} 4", f'{field} != "Cluj"'))
        case _:
            one, other = rng.sample(type["of"], 2)
            return rng.choice(
                (
                    f'{field} == "{one}"',
                    f'{field} != "{one}"',
                    f'{field} in ["{one}", "{other}"]',
                    f'{field} not in ["{one}"]',
                )
            )
