"""Samples: what an empty answer stands for, chosen so that the action that was picked can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from procflow.expressions.boundaries import satisfy
from procflow.expressions.expression import Expression, Truth
from procflow.expressions.types import Date, FieldType, Instant, Money, Raw, Reference, Text, Value
from procflow.expressions.values import encode_value
from procflow.model.procedure import Procedure
from procflow.scenarios.samples import PATIENCE, moment, sample


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

    Without demands a plain value of each type will do.
    """
    plain = {name: _plain(name, procedure.data[name].type, now, people) for name in names}
    for demand in demands:
        if not demand.reads <= {*known, *names}:
            continue
        found = satisfy([(demand, Truth.TRUE)], known=known, counts=counts, now=now).values
        if found is not None:
            return plain | {name: encode_value(value) for name, value in found.items() if name in plain}
    return plain


def _plain(name: str, type: FieldType, now: datetime, people: Sequence[str]) -> Raw:
    match type:
        case Text():
            return "a sample"
        case Money(currency):
            return f"1 {currency}"
        case Instant():
            return moment(now + PATIENCE)
        case Date():
            return (now + PATIENCE).date().isoformat()
        case Reference("person") if people:
            return people[-1]
        case _:
            return sample(name, type, now)
