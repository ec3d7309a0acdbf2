"""Conditions in plain words: `compensation > 0` is “What do we offer?” – more than 0 EUR.

A question and its answer, in every language: nothing has to agree with a noun nobody has seen. What has no short
sentence is spelt out part by part; the exact condition stands beside it anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal as Word
from typing import TypeAlias, assert_never

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
    Unit,
    WorkingTime,
)
from procflow.expressions.types import Choice, Date, Instant, ListOf, YesNo
from procflow.model.rule import Happening, HappeningKind
from procflow.reports.document.parts import Id, Run
from procflow.reports.document.values import commas, value_in_words
from procflow.reports.document.wording import Wording, run

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Group:
    """Several demands of which all, or any, must hold."""

    word: Word["all", "any"]
    parts: tuple[Demand, ...]


Demand: TypeAlias = "Run | Group"
"""One sentence, or several together."""


def demand_of(tree: Node, wording: Wording) -> Demand:
    """Return what a condition demands, groups of and/or kept apart for whoever lays them out as lists."""
    return _demand(tree, True, wording)


def sentence_of(tree: Node, wording: Wording) -> Run:
    """Return what a condition demands as one sentence, groups within groups in brackets."""
    return joined(demand_of(tree, wording), wording)


def joined(demand: Demand, wording: Wording) -> Run:
    """Return a demand as one sentence."""
    if not isinstance(demand, Group):
        return demand
    told: Run = ()
    for part in demand.parts:
        one = joined(part, wording)
        one = ("(", *one, ")") if isinstance(part, Group) else one
        if not told:
            told = one
        elif demand.word == "all":
            told = run(wording.cut("{first}, and {second}", first=told, second=one))
        else:
            told = run(wording.cut("{first}, or {second}", first=told, second=one))
    return told


def _demand(node: Node, truth: bool, wording: Wording) -> Demand:
    """Return what must be so for `node` to be as `truth` says: a `not` is moved inward, where it reads best."""
    match node:
        case Not():
            return _demand(node.operand, not truth, wording)
        case AllOf() | AnyOf():
            together: Word["all", "any"] = "all" if isinstance(node, AllOf) is truth else "any"
            return _group(together, [_demand(part, truth, wording) for part in node.parts])
        case Comparison():
            pairs = [_pair(node, at, truth, wording) for at in range(len(node.signs))]
            return _group("all" if truth else "any", pairs)
        case Membership():
            return _membership(node, truth is not node.negated, wording)
        case Has():
            answer = wording.say("known") if truth else wording.say("not known")
            return _answered(_value(node.field, wording), (answer,), wording)
        case Literal():
            return (wording.say("always") if node.value is truth else wording.say("never"),)
        case Choose():
            return _choice(node, truth, wording)
        case _:
            return _answered(_value(node, wording), (wording.say("yes") if truth else wording.say("no"),), wording)


def _group(word: Word["all", "any"], parts: list[Demand]) -> Demand:
    """Return the parts together; a group of the same kind inside is no group of its own."""
    flat: list[Demand] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Group) and part.word == word else [part])
    return flat[0] if len(flat) == 1 else Group(word, tuple(flat))


def _answered(subject: Run, answer: Run, wording: Wording) -> Run:
    return run(wording.cut("{question} – {answer}", question=subject, answer=answer))


def _choice(node: Choose, truth: bool, wording: Wording) -> Run:
    condition, then, other = (
        joined(_demand(part, wanted, wording), wording)
        for part, wanted in ((node.condition, True), (node.then, truth), (node.other, truth))
    )
    return run(wording.cut("if {condition}: {then}; otherwise: {other}", condition=condition, then=then, other=other))


# --- comparisons ---------------------------------------------------------------------------------------------------


def _pair(node: Comparison, at: int, truth: bool, wording: Wording) -> Demand:
    left, right, sign = node.operands[at], node.operands[at + 1], node.signs[at]
    if isinstance(left, Literal | Span | Now) and not isinstance(right, Literal | Span | Now):
        left, right, sign = right, left, _MIRRORED[sign]
    if not truth:
        sign = _OPPOSITE[sign]
    if isinstance(right, Literal) and isinstance(right.type, YesNo):
        return _demand(left, (sign == "==") is right.value, wording)
    return _answered(_value(left, wording), _compared(sign, left, right, wording), wording)


def _compared(sign: str, left: Node, right: Node, wording: Wording) -> Run:
    value, cut = _value(right, wording), wording.cut
    if sign == "==":
        exactly = isinstance(right, Literal) and isinstance(right.value, Decimal)
        return run(cut("exactly {value}", value=value)) if exactly else value
    if sign == "!=":
        return run(cut("anything but {value}", value=value))
    if isinstance(left.type, Instant | Date):
        match sign:
            case "<":
                return run(cut("before {moment}", moment=value))
            case "<=":
                return run(cut("not after {moment}", moment=value))
            case ">":
                return run(cut("after {moment}", moment=value))
        return run(cut("not before {moment}", moment=value))
    match sign:
        case "<":
            return run(cut("less than {value}", value=value))
        case "<=":
            return run(cut("at most {value}", value=value))
        case ">":
            return run(cut("more than {value}", value=value))
    return run(cut("at least {value}", value=value))


def _membership(node: Membership, among: bool, wording: Wording) -> Run:
    cut = wording.cut
    if not isinstance(node.options, tuple):
        item = _value(node.item, wording)
        told = cut("among them {item}", item=item) if among else cut("not among them: {item}", item=item)
        return _answered(_value(node.options, wording), run(told), wording)
    words = [_value(option, wording) for option in node.options]
    if len(words) == 1:
        answer = words[0] if among else run(cut("anything but {value}", value=words[0]))
    elif among:
        answer = run(cut("one of: {words}", words=commas(words, wording)))
    else:
        answer = run(cut("none of: {words}", words=commas(words, wording)))
    return _answered(_value(node.item, wording), answer, wording)


# --- values --------------------------------------------------------------------------------------------------------


def _value(node: Node, wording: Wording) -> Run:
    match node:
        case Literal():
            choice = isinstance(node.type, Choice) and isinstance(node.value, str)
            return (wording.word(str(node.value)),) if choice else value_in_words(node.value, wording)
        case FieldRead():
            return _field(node, wording)
        case Now():
            return (wording.say("the moment of acting"),)
        case Times():
            action = wording.happening(Happening(kind=HappeningKind.ACTION, name=node.action))
            return run(wording.cut("the number of times {action} was done before in this case", action=action))
        case Size():
            return _size(node, wording)
        case Span():
            return _span(node, wording)
        case WorkingTime():
            start, end = _value(node.start, wording), _value(node.end, wording)
            return run(wording.cut("working time from {start} to {end}", start=start, end=end))
        case Negative():
            return run(wording.cut("minus {value}", value=_part(node.operand, wording)))
        case Arithmetic():
            return _arithmetic(node, wording)
        case Choose():
            then, other = _part(node.then, wording), _part(node.other, wording)
            condition = sentence_of(node.condition, wording)
            told = wording.cut("{then} if {condition}, otherwise {other}", then=then, condition=condition, other=other)
            return run(told)
        case Comparison() | Membership() | Has() | Not() | AllOf() | AnyOf():
            return ("(", *sentence_of(node, wording), ")")
        case _:
            assert_never(node)


def _field(node: FieldRead, wording: Wording) -> Run:
    question = wording.question(node.path[0])
    if question is None:
        return (Id(node.name),)
    rest = node.path[1:]
    return (*wording.quoted(question), *((" ", Id(".".join(rest))) if rest else ()))


def _size(node: Size, wording: Wording) -> Run:
    of = _value(node.of, wording)
    if isinstance(node.of.type, ListOf):
        return run(wording.cut("number of entries in {list}", list=of))
    return run(wording.cut("number of characters in {text}", text=of))


def _span(node: Span, wording: Wording) -> Run:
    amount, count, cut = node.amount, wording.language.count, wording.cut
    if isinstance(amount, Literal) and isinstance(amount.value, Decimal) and amount.value == int(amount.value):
        number = int(amount.value)
        match node.unit:
            case Unit.DAYS:
                return (count("{number} day", "{number} days", number),)
            case Unit.HOURS:
                return (count("{number} hour", "{number} hours", number),)
        return (count("{number} minute", "{number} minutes", number),)
    value = _part(amount, wording)
    match node.unit:
        case Unit.DAYS:
            return run(cut("{value} in days", value=value))
        case Unit.HOURS:
            return run(cut("{value} in hours", value=value))
    return run(cut("{value} in minutes", value=value))


def _arithmetic(node: Arithmetic, wording: Wording) -> Run:
    left, right, cut = _part(node.left, wording), _part(node.right, wording), wording.cut
    match node.sign:
        case "+":
            return run(cut("{left} plus {right}", left=left, right=right))
        case "-":
            return run(cut("{left} minus {right}", left=left, right=right))
        case "*":
            return run(cut("{left} times {right}", left=left, right=right))
    return run(cut("{left} divided by {right}", left=left, right=right))


def _part(node: Node, wording: Wording) -> Run:
    """Return a value inside another, in brackets if it is computed itself."""
    told = _value(node, wording)
    return ("(", *told, ")") if isinstance(node, Arithmetic | Negative | Choose) else told
