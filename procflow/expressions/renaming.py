"""A condition as it is read at one point of a case: counts filled in, fields under the name of their value there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import assert_never

from procflow.expressions.expression import Expression, of_tree
from procflow.expressions.printing import render
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
from procflow.expressions.types import Number


def at_point(expression: Expression, names: Mapping[str, str], counts: Mapping[str, int]) -> Expression:
    """Return the condition with data fields renamed by `names`, and every `times(...)` as the number it is there.

    A field that changes its value in a case is then as many fields, so that one search finds all its values.
    """
    if not expression.counts and not expression.reads & names.keys():
        return expression
    tree = _changed(expression.tree, names, counts)
    return of_tree(render(tree), tree)


def _changed(node: Node, names: Mapping[str, str], counts: Mapping[str, int]) -> Node:
    def changed(part: Node) -> Node:
        return _changed(part, names, counts)

    match node:
        case Literal() | Now():
            return node
        case FieldRead():
            return _field(node, names)
        case Times():
            return Literal(type=Number(), value=Decimal(counts.get(node.action, 0)))
        case Has():
            return Has(field=_field(node.field, names))
        case Size():
            return Size(of=changed(node.of))
        case Span():
            return replace(node, amount=changed(node.amount))
        case WorkingTime():
            return replace(node, start=changed(node.start), end=changed(node.end))
        case Negative() | Not():
            return replace(node, operand=changed(node.operand))
        case Arithmetic():
            return replace(node, left=changed(node.left), right=changed(node.right))
        case Comparison():
            return replace(node, operands=tuple(map(changed, node.operands)))
        case Membership():
            options = node.options if isinstance(node.options, tuple) else changed(node.options)
            return replace(node, item=changed(node.item), options=options)
        case AllOf() | AnyOf():
            return replace(node, parts=tuple(map(changed, node.parts)))
        case Choose():
            return replace(node, then=changed(node.then), condition=changed(node.condition), other=changed(node.other))
        case _:
            assert_never(node)


def _field(field: FieldRead, names: Mapping[str, str]) -> FieldRead:
    first, *rest = field.path
    return replace(field, path=(names.get(first, first), *rest))
