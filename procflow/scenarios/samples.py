"""Sample values: what is supplied where a scenario does not say what was given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import assert_never

from procflow.expressions.types import (
    Choice,
    Date,
    Duration,
    FieldType,
    File,
    Instant,
    ListOf,
    Money,
    Number,
    Raw,
    Record,
    Reference,
    Text,
    YesNo,
)

SOMEBODY = "somebody"
"""A person nobody speaks of: no actor of a scenario is called so unless it names one."""
REASON = "for a reason"
ASKED = "what we need to know"
PATIENCE = timedelta(days=7)
"""How long the other side is given to answer."""


def sample(name: str, type: FieldType, at: datetime) -> Raw:
    """Return a plain value of a data field: the first word, true, 1, the moment itself."""
    match type:
        case Text():
            return name.replace("_", " ")
        case YesNo():
            return True
        case Number() | Money():
            return 1
        case Instant():
            return moment(at)
        case Date():
            return at.date().isoformat()
        case Choice(of):
            return of[0]
        case Reference(kind):
            return SOMEBODY if kind == "person" else f"some-{kind}"
        case ListOf(item):
            return [sample(name, item, at)]
        case Record(fields):
            return {part: sample(part, one, at) for part, one in fields.items()}
        case File():
            return {"link": f"https://example.org/{name}"}
        case Duration():
            raise AssertionError("no data field holds a duration")
        case _:
            assert_never(type)


def request(name: str, at: datetime) -> Raw:
    """Return what is said with an event that enters a waiting step: what was `asked`, or until when."""
    return ASKED if name == "asked" else moment(at + PATIENCE)


def link(evidence: str) -> Raw:
    """Return where a proof lies."""
    return f"https://example.org/{evidence}"


def moment(at: datetime) -> str:
    """Return an instant as a person would write it."""
    return at.isoformat().replace("+00:00", "Z")


def without_none(data: Mapping[str, Raw | None]) -> dict[str, Raw]:
    """Return the values that are there."""
    return {name: one for name, one in data.items() if one is not None}
