"""From the typed tree to closures that compute with three truths (Kleene's strong logic).

A closure returns None for *unknown*; nothing else is None. Why something is unknown is asked afterwards, and only
then: each node keeps beside its closure one that collects the reasons, in the order of the text.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, assert_never, cast

from procflow.errors import CalendarError
from procflow.expressions.arithmetic import length_of, negated, reason_of, rule
from procflow.expressions.tree import (
    AllOf,
    AnyOf,
    Arithmetic,
    Choose,
    Comparison,
    FieldRead,
    Has,
    Literal,
    Membership,
    Negative,
    Node,
    Not,
    Now,
    Size,
    Span,
    Times,
    WorkingTime,
)
from procflow.expressions.types import Money, MoneyValue, Value

if TYPE_CHECKING:
    from procflow.calendars.calendar import Calendar


class Facts(NamedTuple):
    """What is on record when a condition is read."""

    values: Mapping[str, Value]
    """Data fields that are known, as `parse_value` gives them; a field that is not there is unknown."""
    counts: Mapping[str, int]
    """How often each action was performed; an action that is not there was not."""
    now: datetime | None
    """The moment of judging, aware; None if it is not known."""
    calendar: Calendar | None = None
    """What working time is counted on; None if it is not at hand, or nothing asks for it."""


NO_CALENDAR = "no calendar at hand"
"""Why working time is not known, where nobody has the calendar."""

Read = Callable[[Facts], Value | None]
Compare = Callable[[Value, Value], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A compiled node."""

    read: Read
    """None means unknown. Never raises for facts of the declared types."""
    why: Callable[[Facts], tuple[str, ...]]
    """What is missing, in the order of the text, with repetitions; () if the value is known."""


def compile_tree(node: Node) -> Reader:
    """Return `node` as closures. One reading costs at most one step per node."""
    match node:
        case Literal():
            value = node.value
            return Reader(read=lambda _: value, why=_nothing)
        case FieldRead():
            return _field(node)
        case Now():
            return Reader(read=lambda facts: facts.now, why=lambda facts: () if facts.now is not None else ("now",))
        case Times():
            action = node.action
            return Reader(read=lambda facts: Decimal(facts.counts.get(action, 0)), why=_nothing)
        case Has():
            known = _field(node.field).read
            return Reader(read=lambda facts: known(facts) is not None, why=_nothing)
        case WorkingTime():
            return _working_time(compile_tree(node.start), compile_tree(node.end))
        case Size() | Span() | Negative() | Arithmetic():
            return _computed(node)
        case _:
            return _decision(node)


def _nothing(_: Facts) -> tuple[str, ...]:
    return ()


def _computed(node: Size | Span | Negative | Arithmetic) -> Reader:
    match node:
        case Size():
            return _unary(compile_tree(node.of), _size)
        case Span():
            return _unary(compile_tree(node.amount), length_of(node.unit))
        case Negative():
            minus = negated(node.operand.type)
            assert minus is not None, "checked when parsed"
            return _unary(compile_tree(node.operand), minus)
        case Arithmetic():
            found = rule(node.sign, node.left.type, node.right.type)
            assert found is not None, "checked when parsed"
            return _binary(compile_tree(node.left), compile_tree(node.right), found.compute)
        case _:
            assert_never(node)


def _decision(node: Comparison | Membership | Not | AllOf | AnyOf | Choose) -> Reader:
    match node:
        case Comparison():
            return _comparison(node)
        case Membership():
            return _membership(node)
        case Not():
            return _unary(compile_tree(node.operand), operator.not_)
        case AllOf():
            return _junction([compile_tree(part) for part in node.parts], absorbing=False)
        case AnyOf():
            return _junction([compile_tree(part) for part in node.parts], absorbing=True)
        case Choose():
            return _choose(compile_tree(node.then), compile_tree(node.condition), compile_tree(node.other))
        case _:
            assert_never(node)


def _size(value: Value) -> Decimal:
    return Decimal(len(cast(Sequence[object], value)))


def _field(node: FieldRead) -> Reader:
    name, *parts = node.path
    if not parts:
        return Reader(
            read=lambda facts: facts.values.get(name),
            why=lambda facts: (name,) if facts.values.get(name) is None else (),
        )

    def read(facts: Facts) -> Value | None:
        value = facts.values.get(name)
        for part in parts:
            if value is None:
                return None
            value = cast(Mapping[str, Value], value).get(part)
        return value

    def why(facts: Facts) -> tuple[str, ...]:
        if facts.values.get(name) is None:
            return (name,)
        return (node.name,) if read(facts) is None else ()

    return Reader(read=read, why=why)


def _unary(operand: Reader, compute: Callable[[Value], Value]) -> Reader:
    inner = operand.read

    def read(facts: Facts) -> Value | None:
        value = inner(facts)
        if value is None:
            return None
        try:
            return compute(value)
        except ArithmeticError:
            return None

    def why(facts: Facts) -> tuple[str, ...]:
        value = inner(facts)
        return operand.why(facts) if value is None else _reason(lambda: compute(value))

    return Reader(read=read, why=why)


def _binary(left: Reader, right: Reader, compute: Callable[[Value, Value], Value]) -> Reader:
    first, second = left.read, right.read

    def read(facts: Facts) -> Value | None:
        one = first(facts)
        if one is None:
            return None
        two = second(facts)
        if two is None:
            return None
        try:
            return compute(one, two)
        except ArithmeticError:
            return None

    def why(facts: Facts) -> tuple[str, ...]:
        one, two = first(facts), second(facts)
        if one is None or two is None:
            return left.why(facts) + right.why(facts)
        return _reason(lambda: compute(one, two))

    return Reader(read=read, why=why)


def _working_time(start: Reader, end: Reader) -> Reader:
    first, last = start.read, end.read

    def read(facts: Facts) -> Value | None:
        one, two = first(facts), last(facts)
        if one is None or two is None or facts.calendar is None:
            return None
        try:
            return facts.calendar.between(cast(datetime, one), cast(datetime, two))
        except CalendarError:
            return None

    def why(facts: Facts) -> tuple[str, ...]:
        one, two = first(facts), last(facts)
        if one is None or two is None:
            return start.why(facts) + end.why(facts)
        if facts.calendar is None:
            return (NO_CALENDAR,)
        return () if read(facts) is not None else (f"beyond the calendar {facts.calendar.id}",)

    return Reader(read=read, why=why)


def _reason(compute: Callable[[], Value]) -> tuple[str, ...]:
    """Return why `compute` has no answer; () if it has one."""
    try:
        compute()
    except ArithmeticError as error:
        return (reason_of(error),)
    return ()


def _collected(read: Read, parts: Sequence[Reader]) -> Reader:
    """Return a reader that is unknown because of its parts alone."""

    def why(facts: Facts) -> tuple[str, ...]:
        if read(facts) is not None:
            return ()
        return tuple(reason for part in parts for reason in part.why(facts))

    return Reader(read=read, why=why)


def _junction(parts: Sequence[Reader], *, absorbing: bool) -> Reader:
    """Return `or` (absorbing True) or `and` (absorbing False): one absorbing part decides, whatever is unknown."""
    reads = tuple(part.read for part in parts)

    def read(facts: Facts) -> Value | None:
        decided = True
        for part in reads:
            truth = part(facts)
            if truth is absorbing:
                return absorbing
            if truth is None:
                decided = False
        return not absorbing if decided else None

    return _collected(read, parts)


def _choose(then: Reader, condition: Reader, other: Reader) -> Reader:
    def read(facts: Facts) -> Value | None:
        truth = condition.read(facts)
        if truth is None:
            value = then.read(facts)
            return value if value is not None and value == other.read(facts) else None
        return then.read(facts) if truth else other.read(facts)

    def why(facts: Facts) -> tuple[str, ...]:
        if read(facts) is not None:
            return ()
        truth = condition.read(facts)
        if truth is None:
            return then.why(facts) + condition.why(facts) + other.why(facts)
        return then.why(facts) if truth else other.why(facts)

    return Reader(read=read, why=why)


def _comparison(node: Comparison) -> Reader:
    operands = [compile_tree(operand) for operand in node.operands]
    compares = [_compare(sign, node.operands[0]) for sign in node.signs]
    if len(compares) == 1:
        return _binary(operands[0], operands[1], compares[0])
    return _collected(_chain(tuple(operand.read for operand in operands), tuple(compares)), operands)


def _chain(reads: tuple[Read, ...], compares: tuple[Compare, ...]) -> Read:
    def read(facts: Facts) -> Value | None:
        values = [one(facts) for one in reads]
        decided = True
        for compare, one, two in zip(compares, values, values[1:], strict=False):
            if one is None or two is None:
                decided = False
            elif not compare(one, two):
                return False
        return True if decided else None

    return read


_COMPARES: dict[str, Compare] = {
    "==": cast(Compare, operator.eq),
    "!=": cast(Compare, operator.ne),
    "<": cast(Compare, operator.lt),
    "<=": cast(Compare, operator.le),
    ">": cast(Compare, operator.gt),
    ">=": cast(Compare, operator.ge),
}


def _compare(sign: str, operand: Node) -> Compare:
    compare = _COMPARES[sign]
    if not isinstance(operand.type, Money):
        return compare
    # The currencies are equal, by the types.
    return lambda one, two: compare(cast(MoneyValue, one).amount, cast(MoneyValue, two).amount)


def _membership(node: Membership) -> Reader:
    item, negated = compile_tree(node.item), node.negated
    if not isinstance(node.options, tuple):
        whole = compile_tree(node.options)
        return _binary(item, whole, lambda one, many: (one in cast(tuple[Value, ...], many)) is not negated)
    options = frozenset(option.value for option in node.options)
    return _unary(item, lambda one: (one in options) is not negated)
