"""Bare literals: a text or a number that stands alone takes the type of what it stands beside.

`price > 100` compares with money, `gravity == "minor"` with a word of the choice, `received < "2026-12-01"` with a moment.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import cast

from procflow.expressions.source import Source, column_of
from procflow.expressions.tree import Choose, Literal, Node
from procflow.expressions.types import Choice, Date, FieldType, Instant, Money, MoneyValue, Number, Reference, Text
from procflow.expressions.values import closest, parse_value, quote


def unified(source: Source, pieces: Sequence[ast.expr], nodes: Sequence[Node]) -> list[Node]:
    """Return `nodes`, bare literals with the type of whatever among them has one of its own. Raises ExpressionError."""
    anchor = next((node for node in nodes if not _is_bare(node)), nodes[0])
    return [read_as(source, anchor.type, piece, node) for piece, node in zip(pieces, nodes, strict=True)]


def read_as(source: Source, wanted: FieldType, piece: ast.expr, node: Node) -> Node:
    """Return `node` read as `wanted` if it is made of bare literals, else as it is. Raises ExpressionError."""
    if node.type == wanted or not _is_bare(node):
        return node
    if isinstance(node, Choose) and isinstance(piece, ast.IfExp):
        then = read_as(source, wanted, piece.body, node.then)
        other = read_as(source, wanted, piece.orelse, node.other)
        return replace(node, then=then, other=other, type=then.type)
    return _literal_as(source, wanted, piece, node) if isinstance(node, Literal) else node


def _is_bare(node: Node) -> bool:
    """True if `node` is a text or number written without a type of its own, or a choice between such."""
    if isinstance(node, Choose):
        return _is_bare(node.then) and _is_bare(node.other)
    return isinstance(node, Literal) and isinstance(node.type, Text | Number)


def _literal_as(source: Source, wanted: FieldType, piece: ast.expr, literal: Literal) -> Literal:
    match wanted, literal.value:
        case Money(currency), Decimal() as amount:
            return Literal(type=wanted, value=MoneyValue(amount, currency))
        case Choice(), str(word):
            return _choice_word(source, wanted, piece, word)
        case Reference(), str(word):
            return Literal(type=wanted, value=word)
        case Instant() | Date(), str(text):
            return _moment(source, wanted, piece, text)
        case _:
            return literal


def _choice_word(source: Source, wanted: Choice, piece: ast.expr, word: str) -> Literal:
    try:
        return Literal(type=wanted, value=parse_value(wanted, word))
    except ValueError as error:
        message, _, hint = str(error).partition("; ")
        near = closest(word, wanted.of)
        mark = source.text[column_of(piece)]
        instead = quote(near, mark) if near is not None else None
        raise source.error(piece, message, code="PF504", hint=hint or None, instead=instead) from None


def _moment(source: Source, wanted: Instant | Date, piece: ast.expr, text: str) -> Literal:
    try:
        return Literal(type=wanted, value=_read_moment(wanted, text))
    except ValueError as error:
        message, _, hint = str(error).partition("; ")
        example = "2026-11-21" if isinstance(wanted, Date) else "2026-11-21T09:00:00Z"
        hint = hint or f"write it as {quote(example)}"
        raise source.error(piece, message, code="PF503", hint=hint, instead=None) from None


def _read_moment(wanted: Instant | Date, text: str) -> datetime | date:
    """Return the moment or date written. A date alone, beside a moment, is its first instant in UTC."""
    try:
        day = cast(date, parse_value(Date(), text))
    except ValueError:
        return cast(datetime | date, parse_value(wanted, text))
    return day if isinstance(wanted, Date) else datetime.combine(day, time(), UTC)
