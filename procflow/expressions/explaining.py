"""What a condition says in words: why it came out as it did, and what would make it true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from procflow.expressions.evaluation import Facts, compile_tree
from procflow.expressions.printing import render
from procflow.expressions.tree import (
    AllOf,
    AnyOf,
    Comparison,
    FieldRead,
    Has,
    Literal,
    Membership,
    Node,
    Not,
    Now,
    Size,
    Times,
    WorkingTime,
    walk,
)
from procflow.expressions.types import Value
from procflow.expressions.values import show_value

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_SAID = {
    "==": "must be",
    "!=": "must not be",
    "<": "must be <",
    ">": "must be >",
    "<=": "must be <=",
    ">=": "must be >=",
}

Sentence = str | None
"""A sentence; None where it would not be simple."""


def known_facts(tree: Node, facts: Facts) -> str:
    """Return every fact `tree` reads, once each, in the order of the text: `ours = true, gravity = unknown`."""
    shown: dict[str, str] = {}
    for node in walk(tree):
        if isinstance(node, FieldRead | Times | Now):
            shown.setdefault(render(node), show_value(compile_tree(node).read(facts)))
        elif isinstance(node, WorkingTime):
            shown.setdefault(render(node), _hours(compile_tree(node).read(facts)))
    return ", ".join(f"{name} = {value}" for name, value in shown.items())


def _hours(length: Value | None) -> str:
    """Return working time in words; it has no days, which are 24 hours elsewhere."""
    if not isinstance(length, timedelta) or abs(length) < timedelta(days=1):
        return show_value(length)
    hours, rest = divmod(abs(length), timedelta(hours=1))
    return f"{'minus ' * (length < timedelta(0))}{hours} hours{f' {show_value(rest)}' if rest else ''}"


def wanted(tree: Node, *, truth: bool, settled: Callable[[Node], bool]) -> Sentence:
    """Say what must hold for `tree` to come out as `truth`; None where it cannot be said in a short sentence.

    `settled` tells the parts of an `and` that hold already; they are left out.
    """
    match tree:
        case Not():
            return wanted(tree.operand, truth=not truth, settled=lambda part: settled(Not(operand=part)))
        case AllOf() if truth:
            return _all(tree, settled)
        case AnyOf() if truth:
            return _any(tree)
        case AllOf() | AnyOf():
            return None
        case _:
            return _atom(tree, truth)


def _all(tree: AllOf, settled: Callable[[Node], bool]) -> Sentence:
    sentences = [wanted(part, truth=True, settled=settled) for part in tree.parts if not settled(part)]
    known = [sentence for sentence in sentences if sentence is not None]
    known.sort(key=lambda sentence: sentence.startswith("either "))  # last, where "and" cannot be misread
    return " and ".join(known) if known and len(known) == len(sentences) else None


def _any(tree: AnyOf) -> Sentence:
    sentences = [_either(part) for part in tree.parts]
    known = [sentence for sentence in sentences if sentence is not None]
    return f"either {' or '.join(known)}" if len(known) == len(sentences) else None


def _either(part: Node) -> Sentence:
    return _atom(part.operand, False) if isinstance(part, Not) else _atom(part, True)


def _atom(node: Node, truth: bool) -> Sentence:
    match node:
        case FieldRead():
            return f"{node.name} must be {'true' if truth else 'false'}"
        case Has():
            return f"{node.field.name} must {'be' if truth else 'not be'} known"
        case Comparison():
            return _comparison(node, truth)
        case Membership():
            return _membership(node, truth)
        case _:
            return None


def _comparison(node: Comparison, truth: bool) -> Sentence:
    if len(node.signs) != 1:
        return None
    (left, right), sign = node.operands, node.signs[0]
    if _is_subject(right) and not _is_subject(left):
        left, right, sign = right, left, _MIRRORED[sign]
    if not _is_subject(left):
        return None
    return f"{render(left)} {_SAID[sign if truth else _OPPOSITE[sign]]} {_object(right)}"


def _membership(node: Membership, truth: bool) -> Sentence:
    be = "must be" if truth is not node.negated else "must not be"
    if not isinstance(node.options, tuple):
        return f"{_object(node.item)} {be} in {render(node.options)}"
    words = [_object(option) for option in node.options]
    return f"{render(node.item)} {be} {'one of ' * (len(words) > 1)}{', '.join(words)}"


def _is_subject(node: Node) -> bool:
    return isinstance(node, FieldRead | Times | Now | Size | WorkingTime)


def _object(node: Node) -> str:
    return show_value(node.value) if isinstance(node, Literal) else render(node)
