"""Samples: what an empty answer stands for, chosen so that the action that was picked can be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice, product
from typing import assert_never

from procflow.expressions.expression import Expression, Facts, Truth
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
    Value,
    YesNo,
)
from procflow.expressions.values import parse_value
from procflow.model.procedure import Procedure

MOST_TRIED = 2000
"""Combinations that are tried; beyond them the first value of each type will do."""


def samples(
    procedure: Procedure,
    names: Sequence[str],
    demands: Sequence[Expression],
    *,
    known: Mapping[str, Value],
    counts: Mapping[str, int],
    now: datetime,
    people: Sequence[str],
) -> dict[str, Raw]:
    """Return a raw value for each of `names`; if it can be done, such that one of `demands` holds beside `known`.

    Without demands the first value of each type will do.
    """
    plain = {name: next(iter(_likely(procedure.data[name].type, now, people))) for name in names}
    read = [name for name in names if any(name in demand.reads for demand in demands)]
    tried = product(*(tuple(_likely(procedure.data[name].type, now, people)) for name in read))
    for values in islice(tried, MOST_TRIED):
        chosen = {**plain, **dict(zip(read, values, strict=True))}
        parsed = {name: parse_value(procedure.data[name].type, raw) for name, raw in chosen.items()}
        facts = Facts(values={**known, **parsed}, counts=counts, now=now)
        if not demands or any(demand.evaluate(facts).truth is Truth.TRUE for demand in demands):
            return chosen
    return plain


def _likely(type: FieldType, now: datetime, people: Sequence[str]) -> Iterator[Raw]:
    """Yield raw values of a type, the simplest first."""
    match type:
        case Text():
            yield "a sample"
        case YesNo():
            yield from (True, False)
        case Number():
            yield from ("1", "0", "10", "100", "1000", "100000")
        case Money(currency):
            yield from (f"{amount} {currency}" for amount in ("100", "0", "10", "1000", "100000"))
        case Instant():
            yield from ((now + timedelta(days=days)).isoformat() for days in (2, -2, 30))
        case Date():
            yield from ((now + timedelta(days=days)).date().isoformat() for days in (2, -2, 30))
        case Choice(of):
            yield from of
        case Reference(kind):
            yield people[-1] if kind == "person" and people else f"sample-{kind}"
        case ListOf(item):
            yield [next(iter(_likely(item, now, people)))]
            yield []
        case Record(fields):
            yield {name: next(iter(_likely(one, now, people))) for name, one in fields.items()}
        case File():
            yield "https://files.example/sample"
        case Duration():
            raise AssertionError("no data field holds a duration")
        case _:
            assert_never(type)
