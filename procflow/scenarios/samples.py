"""Sample values: what is supplied where nobody says what was given, chosen so that the action can be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import assert_never

from procflow.expressions.boundaries import satisfy
from procflow.expressions.expression import Expression, Truth
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
from procflow.expressions.values import encode_value
from procflow.loading.scenarios import sample_link
from procflow.model.hand_off import KNOWN_SINCE
from procflow.model.procedure import Arrow

SOMEBODY = "somebody"
"""A person nobody speaks of: no actor of a scenario is called so unless it names one."""
REASON = "for a reason"
ASKED = "what we need to know"
PATIENCE = timedelta(days=7)
"""How long the other side is given to answer, and how far away what is planned is."""


def samples(
    types: Mapping[str, FieldType],
    arrows: Sequence[Arrow],
    *,
    known: Mapping[str, Value],
    counts: Mapping[str, int],
    at: datetime,
    person: str = SOMEBODY,
) -> dict[str, Raw]:
    """Return a raw value of each of these types; such that one of `arrows` is taken beside what is known, if some do so."""
    plain = {name: sample(name, type, at, person) for name, type in types.items()}
    for demands in _ways(arrows):
        unknown = {name for one, _ in demands for name in one.reads if name not in known}
        # A field that cannot be given stays as it is: whatever it may be counts for nothing here.
        if types and demands and unknown <= types.keys():
            found = satisfy(demands, known=known, counts=counts, now=at).values
            if found is not None:
                return plain | {name: encode_value(value) for name, value in found.items() if name in types}
    return plain


def _ways(arrows: Sequence[Arrow]) -> Iterator[list[tuple[Expression, Truth]]]:
    """Yield what must hold for each alternative to be taken, in order."""
    before: list[tuple[Expression, Truth]] = []
    for arrow in arrows:
        if arrow.when is None:
            yield [*before]
        else:
            yield [*before, (arrow.when, Truth.TRUE)]
            before.append((arrow.when, Truth.FALSE))


def sample(name: str, type: FieldType, at: datetime, person: str = SOMEBODY) -> Raw:
    """Return a plain value of a data field: the first word, true, 1, a week from now."""
    if name == KNOWN_SINCE:
        return moment(at)  # nobody has known anything since next week
    match type:
        case Text():
            return "a sample"
        case YesNo():
            return True
        case Number():
            return 1
        case Money(currency):
            return f"1 {currency}"
        case Instant():
            return moment(at + PATIENCE)
        case Date():
            return (at + PATIENCE).date().isoformat()
        case Choice(of):
            return of[0]
        case Reference(kind):
            return person if kind == "person" else f"some-{kind}"
        case ListOf(item):
            return [sample(name, item, at, person)]
        case Record(fields):
            return {part: sample(part, one, at, person) for part, one in fields.items()}
        case File():
            return {"link": sample_link(name)}
        case Duration():
            raise AssertionError("no data field holds a duration")
        case _:
            assert_never(type)


def request(name: str, at: datetime) -> Raw:
    """Return what is said with an event that enters a waiting step, or asks: what is asked, or until when."""
    return moment(at + PATIENCE) if name == "due" else ASKED


def moment(at: datetime) -> str:
    """Return an instant as a person would write it."""
    return at.isoformat().replace("+00:00", "Z")
