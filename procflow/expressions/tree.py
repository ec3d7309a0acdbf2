"""The typed tree of a condition: every name resolved, every literal of the type it is compared with.

Trees are values: equal if they mean the same by the same words. They hold no positions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, assert_never

from procflow.expressions.types import Duration, FieldType, Instant, Number, Value, YesNo


class Unit(Enum):
    """A function that makes a length of time, and its length in microseconds."""

    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"

    @property
    def microseconds(self) -> int:
        return {"days": 86_400, "hours": 3_600, "minutes": 60}[self.value] * 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A value written in the condition. A bare number beside money is a `MoneyValue` here."""

    type: FieldType
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRead:
    """A data field, or a part of a record: `address`, `address.city`."""

    path: tuple[str, ...]
    """The data field first; never empty."""
    type: FieldType

    @property
    def name(self) -> str:
        """The path as written."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """The moment of judging."""

    type: ClassVar[FieldType] = Instant()


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How often an action was performed in the case; never unknown."""

    action: str
    type: ClassVar[FieldType] = Number()


@dataclass(frozen=True, slots=True, kw_only=True)
class Has:
    """Whether a field is known; never undecided."""

    field: FieldRead
    type: ClassVar[FieldType] = YesNo()


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Code points of a text, items of a list."""

    of: Node
    type: ClassVar[FieldType] = Number()


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A length of elapsed time: `days(3)`."""

    unit: Unit
    amount: Node
    type: ClassVar[FieldType] = Duration()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingTime:
    """The open time of the procedure's calendar from one moment to another; negative if the second comes first."""

    start: Node
    end: Node
    type: ClassVar[FieldType] = Duration()


@dataclass(frozen=True, slots=True, kw_only=True)
class Negative:
    """`-x`. A negative number literal is a `Literal`."""

    operand: Node
    type: FieldType


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic:
    """`+ - * /` of two."""

    sign: str
    left: Node
    right: Node
    type: FieldType


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`a < b`, and chains: `a < b <= c` holds if every neighbouring pair does."""

    signs: tuple[str, ...]
    """`== != < <= > >=`, one less than `operands`; at least one."""
    operands: tuple[Node, ...]
    type: ClassVar[FieldType] = YesNo()


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """`item in options`, or `not in`."""

    item: Node
    options: tuple[Literal, ...] | Node
    """The words of a written list, never empty; or something of a list type."""
    negated: bool
    type: ClassVar[FieldType] = YesNo()


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """`not x`."""

    operand: Node
    type: ClassVar[FieldType] = YesNo()


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """`a and b and c`; at least two."""

    parts: tuple[Node, ...]
    type: ClassVar[FieldType] = YesNo()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """`a or b or c`; at least two."""

    parts: tuple[Node, ...]
    type: ClassVar[FieldType] = YesNo()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """`then if condition else other`; both of one type."""

    then: Node
    condition: Node
    other: Node
    type: FieldType


Node = (
    Literal
    | FieldRead
    | Now
    | Times
    | Has
    | Size
    | Span
    | WorkingTime
    | Negative
    | Arithmetic
    | Comparison
    | Membership
    | Not
    | AllOf
    | AnyOf
    | Choose
)


def children(node: Node) -> tuple[Node, ...]:
    """Return the direct parts of `node` in the order of the text."""
    match node:
        case Literal() | FieldRead() | Now() | Times():
            return ()
        case Has():
            return (node.field,)
        case Size():
            return (node.of,)
        case Span():
            return (node.amount,)
        case WorkingTime():
            return (node.start, node.end)
        case Negative() | Not():
            return (node.operand,)
        case Arithmetic():
            return (node.left, node.right)
        case Comparison():
            return node.operands
        case Membership():
            return (node.item, *(node.options if isinstance(node.options, tuple) else (node.options,)))
        case AllOf() | AnyOf():
            return node.parts
        case Choose():
            return (node.then, node.condition, node.other)
        case _:
            assert_never(node)


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and everything in it, in the order of the text, a whole before its parts."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(children(one)))


def days_of_work(one: Node, two: Node) -> bool:
    """Return True if working time is held against `days(...)`, which are days of 24 hours."""
    pair = [any(isinstance(node, WorkingTime) for node in walk(side)) for side in (one, two)]
    return any(pair) and any(
        isinstance(node, Span) and node.unit is Unit.DAYS for side in (one, two) for node in walk(side)
    )
