"""What may be computed with what, and how: exact decimals, money of one currency, moments and lengths of time.

Nothing here is ever rounded to a wrong answer in silence: what cannot be computed raises an `ArithmeticError`, which
the evaluator turns into *undecided* with the reason given by `reason_of`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, Underflow
from typing import TypeVar, cast

from procflow.expressions.tree import Unit
from procflow.expressions.types import Date, Duration, FieldType, Instant, Money, MoneyValue, Number, Value

_A = TypeVar("_A")
_B = TypeVar("_B")

Operation = Callable[[Value, Value], Value]
"""Raises `ArithmeticError` if there is no answer. Its arguments have the types of the rule."""

# Two accepted numbers (40 digits) multiply exactly in 80 digits; the exponent bound stops towers of products.
_EXACT = Context(prec=80, Emax=200, Emin=-200, traps=[DivisionByZero, InvalidOperation, Overflow, Underflow])
_MICROSECOND = timedelta(microseconds=1)


class Undefined(ArithmeticError):
    """The operation has no answer for these values; the message is the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What an operation gives and how it is computed."""

    type: FieldType
    compute: Operation


def rule(sign: str, left: FieldType, right: FieldType) -> Rule | None:
    """Return how `left sign right` is computed; None if these types do not go together."""
    if isinstance(left, Money) and isinstance(right, Money) and left != right:
        return None
    result, compute = _RULES.get((sign, type(left), type(right)), (None, None))
    if result is None or compute is None:
        return None
    given = next((one for one in (left, right) if isinstance(one, result)), None)
    return Rule(type=given or (Duration() if result is Duration else Number()), compute=compute)


def negated(operand: FieldType) -> Callable[[Value], Value] | None:
    """Return how a value of this type changes its sign; None if it has none."""
    return _NEGATIVES.get(type(operand))


def length_of(unit: Unit) -> Callable[[Value], Value]:
    """Return how a number of these units becomes a length of time, rounded to the microsecond."""
    return lambda amount: _stretch(_MICROSECOND * unit.microseconds, cast(Decimal, amount))


def reason_of(error: ArithmeticError) -> str:
    """Return in a few words why there was no answer."""
    match error:
        case Undefined():
            return str(error)
        case Underflow():
            return "number too small"
        case _:
            return "number too large"


def _operation(compute: Callable[[_A, _B], Value]) -> Operation:
    # The types were checked when the condition was parsed; checking them again would cost time at each evaluation.
    return cast(Operation, compute)


def _divide(one: Decimal, two: Decimal) -> Decimal:
    if not two:
        raise Undefined("division by zero")
    return _EXACT.divide(one, two)


def _add_money(one: MoneyValue, two: MoneyValue) -> MoneyValue:
    return MoneyValue(_EXACT.add(one.amount, two.amount), one.currency)


def _subtract_money(one: MoneyValue, two: MoneyValue) -> MoneyValue:
    return MoneyValue(_EXACT.subtract(one.amount, two.amount), one.currency)


def _multiply_money(one: MoneyValue, two: Decimal) -> MoneyValue:
    return MoneyValue(_EXACT.multiply(one.amount, two), one.currency)


def _divide_money(one: MoneyValue, two: Decimal) -> MoneyValue:
    return MoneyValue(_divide(one.amount, two), one.currency)


def _ratio(one: MoneyValue, two: MoneyValue) -> Decimal:
    return _divide(one.amount, two.amount)


def _minus_money(one: MoneyValue) -> MoneyValue:
    return MoneyValue(_EXACT.minus(one.amount), one.currency)


def _between(one: datetime, two: datetime) -> timedelta:
    return one - two


def _days_between(one: date, two: date) -> timedelta:
    return one - two


def _later(one: datetime, two: timedelta) -> datetime:
    return one + two


def _earlier(one: datetime, two: timedelta) -> datetime:
    return one - two


def _later_day(one: date, two: timedelta) -> date:
    return one + _whole_days(two)


def _earlier_day(one: date, two: timedelta) -> date:
    return one - _whole_days(two)


def _whole_days(length: timedelta) -> timedelta:
    if length % timedelta(days=1):
        raise Undefined("a date moves by whole days only")
    return length


def _longer(one: timedelta, two: timedelta) -> timedelta:
    return one + two


def _shorter(one: timedelta, two: timedelta) -> timedelta:
    return one - two


def _stretch(one: timedelta, two: Decimal) -> timedelta:
    exact = _EXACT.multiply(Decimal(one // _MICROSECOND), two)
    return timedelta(microseconds=int(exact.to_integral_value(context=_EXACT)))


def _minus_length(one: timedelta) -> timedelta:
    return -one


def _swapped(compute: Callable[[_A, _B], Value]) -> Operation:
    return cast(Operation, lambda one, two: compute(two, one))


_RULES: dict[
    tuple[str, type[FieldType], type[FieldType]], tuple[type[Number | Money | Duration | Instant | Date], Operation]
]
_RULES = {
    ("+", Number, Number): (Number, _operation(_EXACT.add)),
    ("-", Number, Number): (Number, _operation(_EXACT.subtract)),
    ("*", Number, Number): (Number, _operation(_EXACT.multiply)),
    ("/", Number, Number): (Number, _operation(_divide)),
    ("+", Money, Money): (Money, _operation(_add_money)),
    ("-", Money, Money): (Money, _operation(_subtract_money)),
    ("*", Money, Number): (Money, _operation(_multiply_money)),
    ("*", Number, Money): (Money, _swapped(_multiply_money)),
    ("/", Money, Number): (Money, _operation(_divide_money)),
    ("/", Money, Money): (Number, _operation(_ratio)),
    ("-", Instant, Instant): (Duration, _operation(_between)),
    ("+", Instant, Duration): (Instant, _operation(_later)),
    ("+", Duration, Instant): (Instant, _swapped(_later)),
    ("-", Instant, Duration): (Instant, _operation(_earlier)),
    ("-", Date, Date): (Duration, _operation(_days_between)),
    ("+", Date, Duration): (Date, _operation(_later_day)),
    ("+", Duration, Date): (Date, _swapped(_later_day)),
    ("-", Date, Duration): (Date, _operation(_earlier_day)),
    ("+", Duration, Duration): (Duration, _operation(_longer)),
    ("-", Duration, Duration): (Duration, _operation(_shorter)),
    ("*", Duration, Number): (Duration, _operation(_stretch)),
    ("*", Number, Duration): (Duration, _swapped(_stretch)),
}
_NEGATIVES: dict[type[FieldType], Callable[[Value], Value]] = {
    Number: cast(Callable[[Value], Value], _EXACT.minus),
    Money: cast(Callable[[Value], Value], _minus_money),
    Duration: cast(Callable[[Value], Value], _minus_length),
}
