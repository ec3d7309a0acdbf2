"""Quantities: what conditions compare as numbers, and sums of them.

A quantity is a data field, a count or `now`, or the size of one of them: `size(symptoms)`. Moments, days and lengths
of time are quantities in microseconds. Trees are *flat* here: see `atoms`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product

from procflow.expressions.tree import (
    Arithmetic,
    Choose,
    FieldRead,
    Literal,
    Negative,
    Node,
    Size,
    Span,
    walk,
)
from procflow.expressions.types import Date, Duration, FieldType, Instant, Money, MoneyValue, Number, Value

_ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY = 86_400_000_000
_MOST_FORMS = 16
"""Of one operand: `a if b else c` has two, and sums of such have their product."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A sum of quantities, each times a number, and a constant."""

    parts: Mapping[str, Fraction]
    constant: Fraction

    def plus(self, other: Linear, factor: Fraction = Fraction(1)) -> Linear:
        """Return this and `factor` times the other."""
        parts = dict(self.parts)
        for name, amount in other.parts.items():
            parts[name] = parts.get(name, Fraction(0)) + factor * amount
        return Linear(
            parts={name: amount for name, amount in parts.items() if amount},
            constant=self.constant + factor * other.constant,
        )

    def times(self, factor: Fraction) -> Linear:
        """Return this, times a number."""
        return _NOTHING.plus(self, factor)


_NOTHING = Linear(parts={}, constant=Fraction(0))


def size_name(name: str) -> str:
    """Return the name of the quantity that is the size of a variable."""
    return f"size({name})"


def quantitative(type: FieldType) -> bool:
    """Return True if values of the type are compared as numbers."""
    return isinstance(type, Number | Money | Instant | Date | Duration)


def quantity(value: Value | None) -> Fraction | None:
    """Return a value as a quantity; None if it has none."""
    match value:
        case bool() | None:
            return None
        case Decimal():
            return Fraction(value)
        case MoneyValue():
            return Fraction(value.amount)
        case datetime():
            return Fraction((value - _ORIGIN) // _MICROSECOND)
        case date():
            return Fraction(value.toordinal() * _DAY)
        case timedelta():
            return Fraction(value // _MICROSECOND)
        case _:
            return None


def moment(microseconds: int) -> datetime:
    """Return the instant of a quantity. Raises OverflowError beyond the years there are."""
    return _ORIGIN + timedelta(microseconds=microseconds)


def day(microseconds: int) -> date:
    """Return the day of a quantity. Raises ValueError or OverflowError beyond the years there are."""
    return date.fromordinal(microseconds // _DAY)


def quantities_in(node: Node) -> set[str]:
    found = {one.name for one in walk(node) if isinstance(one, FieldRead) and quantitative(one.type)}
    found.update(
        size_name(one.of.name) for one in walk(node) if isinstance(one, Size) and isinstance(one.of, FieldRead)
    )
    return found


def rounds(node: Node) -> bool:
    """Return True if what is computed may be rounded or refused, so that its turning points are not quite known."""
    return any(_may_round(one) for one in walk(node))


def _may_round(node: Node) -> bool:
    match node:
        case Arithmetic(sign="/", right=Literal(value=value)):
            divisor = quantity(value)
            return not divisor or (10**40 / divisor).denominator != 1
        case Arithmetic(sign="/"):
            return True
        case Span():
            return not isinstance(node.amount, Literal)
        case Size():
            return not isinstance(node.of, FieldRead)
        case _:
            return False


def differences(left: Node, right: Node, known: Mapping[str, Fraction]) -> list[Linear]:
    """Return what `left - right` may be; [] if some of it is not a sum of scaled quantities."""
    one, two = _forms(left, known), _forms(right, known)
    if one is None or two is None:
        return []
    return [first.plus(second, Fraction(-1)) for first, second in product(one, two)][:_MOST_FORMS]


_Forms = list[Linear] | None


def _forms(node: Node, known: Mapping[str, Fraction]) -> _Forms:
    match node:
        case Literal():
            return _constant(quantity(node.value))
        case FieldRead():
            return _named(node.name, known)
        case Size(of=FieldRead(path=(name,))):
            return _named(size_name(name), known)
        case Size(of=Literal(value=str() as text)):
            return _constant(Fraction(len(text)))
        case Span():
            return _scaled(_forms(node.amount, known), Fraction(node.unit.microseconds))
        case Negative():
            return _scaled(_forms(node.operand, known), Fraction(-1))
        case Arithmetic():
            return _combined(node.sign, _forms(node.left, known), _forms(node.right, known))
        case Choose():
            then, other = _forms(node.then, known), _forms(node.other, known)
            return None if then is None or other is None else [*then, *other]
        case _:
            return None


def _named(name: str, known: Mapping[str, Fraction]) -> _Forms:
    if name in known:
        return _constant(known[name])
    return [Linear(parts={name: Fraction(1)}, constant=Fraction(0))]


def _constant(number: Fraction | None) -> _Forms:
    return None if number is None else [Linear(parts={}, constant=number)]


def _scaled(forms: _Forms, factor: Fraction) -> _Forms:
    return None if forms is None else [form.times(factor) for form in forms]


def _combined(sign: str, left: _Forms, right: _Forms) -> _Forms:
    if left is None or right is None or len(left) * len(right) > _MOST_FORMS:
        return None
    found: list[Linear] = []
    for one, two in product(left, right):
        form = _computed(sign, one, two)
        if form is None:
            return None
        found.append(form)
    return found


def _computed(sign: str, one: Linear, two: Linear) -> Linear | None:
    match sign:
        case "+":
            return one.plus(two)
        case "-":
            return one.plus(two, Fraction(-1))
        case "*" if not two.parts:
            return one.times(two.constant)
        case "*" if not one.parts:
            return two.times(one.constant)
        case "/" if not two.parts and two.constant:
            return one.times(1 / two.constant)
        case _:
            return None
