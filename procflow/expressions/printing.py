"""The canonical text of a typed tree: no needless brackets, one space around operators, parses to an equal tree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from enum import IntEnum
from typing import assert_never

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
from procflow.expressions.types import MoneyValue
from procflow.expressions.values import quote, show_instant, show_value

_BARE_ACTION = re.compile(r"\w+([-.]\w+)*")


class Binding(IntEnum):
    """How tightly the parts of a node hold together; Python's own order of operations."""

    CHOOSE = 0
    ANY = 1
    ALL = 2
    NOT = 3
    COMPARE = 4
    SUM = 5
    PRODUCT = 6
    SIGN = 7
    ATOM = 8


def render(node: Node) -> str:
    """Return the canonical text of `node`."""
    match node:
        case Literal():
            return _literal(node)
        case FieldRead():
            return node.name
        case Now():
            return "now"
        case Times():
            bare = _BARE_ACTION.fullmatch(node.action)
            return f"times({node.action if bare else quote(node.action)})"
        case Has():
            return f"has({node.field.name})"
        case Size():
            return f"size({render(node.of)})"
        case Span():
            return f"{node.unit.value}({render(node.amount)})"
        case WorkingTime():
            return f"working_time({render(node.start)}, {render(node.end)})"
        case _:
            return _operation(node)


def binding(node: Node) -> Binding:
    """Return how tightly the text of `node` holds together."""
    match node:
        case Choose():
            return Binding.CHOOSE
        case AnyOf():
            return Binding.ANY
        case AllOf():
            return Binding.ALL
        case Not():
            return Binding.NOT
        case Comparison() | Membership():
            return Binding.COMPARE
        case Arithmetic():
            return Binding.SUM if node.sign in "+-" else Binding.PRODUCT
        case Negative():
            return Binding.SIGN
        case _:
            return Binding.SIGN if render(node).startswith("-") else Binding.ATOM


def _operation(node: Negative | Arithmetic | Comparison | Membership | Not | AllOf | AnyOf | Choose) -> str:
    match node:
        case Negative():
            return f"-{_within(node.operand, Binding.SIGN)}"
        case Arithmetic():
            return _arithmetic(node)
        case Comparison():
            first, *rest = (_within(operand, Binding.SUM) for operand in node.operands)
            return first + "".join(f" {sign} {text}" for sign, text in zip(node.signs, rest, strict=True))
        case Membership():
            return f"{_within(node.item, Binding.SUM)}{' not' * node.negated} in {_options(node.options)}"
        case Not():
            return f"not {_within(node.operand, Binding.NOT)}"
        case AllOf():
            return _joined(" and ", node.parts, Binding.NOT)
        case AnyOf():
            return _joined(" or ", node.parts, Binding.ALL)
        case Choose():
            return (
                f"{_within(node.then, Binding.ANY)} if {_within(node.condition, Binding.ANY)} else {render(node.other)}"
            )
        case _:
            assert_never(node)


def _within(node: Node, least: Binding) -> str:
    """Return the text of `node`, in brackets if it holds together less tightly than `least`."""
    text = render(node)
    return text if binding(node) >= least else f"({text})"


def _joined(word: str, parts: Iterable[Node], least: Binding) -> str:
    return word.join(_within(part, least) for part in parts)


def _arithmetic(node: Arithmetic) -> str:
    own = binding(node)
    # Left to right: a - (b - c) keeps its brackets, (a - b) - c does not need them.
    return f"{_within(node.left, own)} {node.sign} {_within(node.right, Binding(own + 1))}"


def _options(options: tuple[Literal, ...] | Node) -> str:
    if isinstance(options, tuple):
        return f"[{', '.join(render(option) for option in options)}]"
    return _within(options, Binding.SUM)


def _literal(node: Literal) -> str:
    match node.value:
        case str():
            return quote(node.value)
        case MoneyValue():
            return show_value(node.value.amount)
        case bool() | Decimal():
            return show_value(node.value)
        case datetime():
            return quote(show_instant(node.value))
        case _:
            return quote(str(node.value))
