"""Values and conditions, as `language.md` tells them: what fits a field, and how a condition comes out.

Numbers and money are fractions, instants aware datetimes, durations timedeltas. Unknown is None: three-valued logic.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import Any, Final

Value = bool | str | Fraction | datetime | timedelta | list[Any]
Ways = tuple[tuple[str, str | None], ...]
"""The alternatives of an action or a block: where to, and the condition; None is always open."""

UNFIT: Final = object()
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_WORDS = {"true": True, "yes": True, "false": False, "no": False}


@dataclass
class Record:
    """What is known: values, how often each action was performed, and the moment of the event that is judged."""

    values: Mapping[str, Value]
    counts: Mapping[str, int]
    now: datetime | None = None
    truths: dict[str, bool | None] = field(default_factory=dict)

    def truth(self, condition: str | None) -> bool | None:
        """Return how a condition comes out, None if a value it needs is unknown; a missing condition is true."""
        if condition is None:
            return True
        if condition not in self.truths:
            self.truths[condition] = _value(_tree(condition), self)
        return self.truths[condition]

    def open(self, alternatives: Ways) -> list[tuple[str, str | None]]:
        """Return the alternatives that may be taken, each with the code of what is attached to taking it.

        The first whose condition is true is taken; those undecided before it may be taken as well. Only if all are
        false may each be taken, against its condition.
        """
        undecided: list[str] = []
        for to, condition in alternatives:
            truth = self.truth(condition)
            if truth is True:
                return [(one, "DV305") for one in (*undecided, to)] if undecided else [(to, None)]
            if truth is None:
                undecided.append(to)
        return [(one, "DV305") for one in undecided] or [(to, "DV104") for to, _ in alternatives]


# What fits a field


def read_value(type: Any, given: Any) -> Any:
    """Return the value a field of this type gets, or UNFIT."""
    if type is None:
        return UNFIT  # the procedure has no such field
    if isinstance(type, str):
        type = {"type": type}
    match type["type"], given:
        case "yes-no", bool():
            return given
        case "yes-no", str():
            return _WORDS.get(given, UNFIT)
        case (("number" | "money"), bool()):
            return UNFIT
        case (("number" | "money"), int() | float()):
            return Fraction(str(given))
        case "number", str():
            return Fraction(given) if _NUMBER.fullmatch(given) else UNFIT
        case "money", str():
            amount, _, currency = given.partition(" ")
            return read_value("number", amount) if currency in ("", type["currency"]) else UNFIT
        case "money", {"amount": amount, "currency": currency}:
            return read_value("number", amount) if currency == type["currency"] else UNFIT
        case "instant", str():
            return _instant(given)
        case "choice", str():
            return given if given in type["of"] else UNFIT
        case "text", str():
            return given
        case (("person" | "team" | "client" | "case"), str()):
            return given if given.strip() else UNFIT
        case "list", list():
            items = [read_value(type["of"], one) for one in given]
            return UNFIT if UNFIT in items else items
        case _:
            return UNFIT


def moment(text: str) -> datetime:
    """Return an instant in ISO 8601 with its zone."""
    return datetime.fromisoformat(text)


def _instant(text: str) -> Any:
    try:
        instant = moment(text)
    except ValueError:
        return UNFIT
    return instant if instant.tzinfo is not None else UNFIT


# How a condition comes out


@cache
def _tree(condition: str) -> ast.expr:
    return ast.parse(condition, mode="eval").body


def _value(node: ast.expr, record: Record) -> Any:
    """Return the value of a condition or a part of it, None if it is unknown."""
    match node:
        case ast.Constant(bool() | str() as value):
            return value
        case ast.Constant(value):
            return Fraction(str(value))
        case ast.Name("true" | "false" as word):
            return word == "true"
        case ast.Name("now"):
            return record.now
        case ast.Name(name):
            return record.values.get(name)
        case ast.Call(ast.Name("times"), [action]):
            return Fraction(record.counts.get(ast.unparse(action).replace(" ", ""), 0))
        case ast.Call(ast.Name("has"), [ast.Name(name)]):
            return name in record.values
        case ast.Call(ast.Name("size"), [part]):
            sized = _value(part, record)
            return None if sized is None else Fraction(len(sized))
        case ast.Call(ast.Name("days" | "hours" | "minutes" as unit), [ast.Constant(number)]):
            return float(str(number)) * timedelta(**{unit: 1})
        case ast.List(elements):
            return [_value(one, record) for one in elements]
        case ast.UnaryOp(ast.Not(), operand):
            inner = _value(operand, record)
            return None if inner is None else not inner
        case ast.BoolOp(operator, parts):
            return _joined(isinstance(operator, ast.Or), [_value(one, record) for one in parts])
        case ast.IfExp(test, body, orelse):
            holds = _value(test, record)
            return None if holds is None else _value(body if holds else orelse, record)
        case ast.BinOp(left, sign, right):
            a, b = _value(left, record), _value(right, record)
            return None if a is None or b is None else _reckoned(sign, a, b)
        case ast.Compare(left, signs, rights):
            values = [_value(one, record) for one in (left, *rights)]
            return _joined(False, [_compared(*one) for one in zip(signs, values[:-1], values[1:], strict=True)])
        case _:
            raise ValueError(f"the oracle cannot read {ast.unparse(node)}")


def _joined(settles: bool, values: list[bool | None]) -> bool | None:
    """Return what `or` (`settles` true) or `and` makes of the values."""
    return settles if settles in values else None if None in values else not settles


def _reckoned(sign: ast.operator, a: Any, b: Any) -> Any:
    match sign:
        case ast.Add():
            return a + b
        case ast.Sub():
            return a - b
        case ast.Mult():
            return a * b
        case ast.Div():
            return None if b == 0 else a / b
        case _:
            raise ValueError(f"the oracle cannot reckon with {sign}")


def _compared(sign: ast.cmpop, a: Any, b: Any) -> bool | None:
    if a is None or b is None:
        return None
    if isinstance(a, datetime) and isinstance(b, str):
        b = moment(b)
    match sign:
        case ast.Eq():
            return bool(a == b)
        case ast.NotEq():
            return bool(a != b)
        case ast.Lt():
            return bool(a < b)
        case ast.LtE():
            return bool(a <= b)
        case ast.Gt():
            return bool(a > b)
        case ast.GtE():
            return bool(a >= b)
        case ast.In():
            return a in b
        case ast.NotIn():
            return a not in b
        case _:
            raise ValueError(f"the oracle cannot compare by {sign}")
