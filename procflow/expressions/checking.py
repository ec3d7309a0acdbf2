"""From the masked syntax tree to the typed tree: names are looked up, types checked, literals given their type.

Raises `ExpressionError` with PF501 (not part of the language), PF502 (unknown name), PF503 (types) and PF504 (a
value the field can never have), pointing at the piece at fault. Everything is checked, also what is never reached.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import pairwise
from typing import NoReturn, cast

from procflow.expressions.arithmetic import negated, rule
from procflow.expressions.likely_names import amount_hint, fits, now_beside, truth_hint, unlike_hint, word_beside
from procflow.expressions.source import TRUTHS, Shape, Source, column_of, read_text
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
)
from procflow.expressions.types import (
    Choice,
    Date,
    Duration,
    FieldType,
    Instant,
    ListOf,
    Money,
    MoneyValue,
    Number,
    Record,
    Reference,
    Text,
    YesNo,
)
from procflow.expressions.values import closest, parse_value, quote, type_name

FUNCTIONS = ("days", "has", "hours", "minutes", "size", "times")
_THE_FUNCTIONS = f"there are {', '.join(f'{name}()' for name in FUNCTIONS)}"
_LATER = frozenset({"working_time", "working_days", "working_hours", "same_person", "today", "duration", "timestamp"})
_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_COMPUTED: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_EQUALS = frozenset({"==", "!="})
_ORDERED = (Number, Money, Instant, Date, Duration)
_WORDED = (Text, Choice, Reference)
_REFUSED: dict[type[ast.expr], str] = {
    ast.Subscript: "taking a part with [...]",
    ast.Starred: 'the star "*"',
    ast.Tuple: 'a list that does not stand after "in"',
    ast.List: 'a list that does not stand after "in"',
    ast.Set: 'a list that does not stand after "in"',
    ast.Dict: "a map",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checker:
    """Checks one condition against the names it may use."""

    source: Source
    fields: Mapping[str, FieldType]
    actions: Collection[str]

    def condition(self) -> Node:
        """Return the typed tree of the whole, which is true, false or undecided."""
        root = self.source.root
        return self._truth(root, "a condition")

    def _truth(self, node: ast.expr, what: str) -> Node:
        """Return the tree of `node`, which must be yes or no."""
        checked = self._check(node)
        if isinstance(checked.type, YesNo):
            return checked
        hint = truth_hint(checked)
        self._fail(node, f"{what} must be true or false, but this is {type_name(checked.type)}", "PF503", hint)

    def _check(self, node: ast.expr) -> Node:
        match node:
            case ast.BoolOp():
                return self._junction(node)
            case ast.UnaryOp(op=ast.Not()):
                return Not(operand=self._truth(node.operand, '"not"'))
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                return self._signed(node)
            case ast.Compare():
                return self._compare(node)
            case ast.BinOp():
                return self._arithmetic(node)
            case ast.IfExp():
                return self._choose(node)
            case ast.Call():
                return self._call(node)
            case ast.Name() | ast.Constant() | ast.Attribute():
                return self._leaf(node)
            case _:
                what = _REFUSED.get(type(node), f"{type(node).__name__} of Python")
                self._fail(node, f"{what} is not part of conditions", "PF501")

    def _leaf(self, node: ast.Name | ast.Constant | ast.Attribute) -> Node:
        match node:
            case ast.Attribute():
                return self._part(node)
            case ast.Name():
                return self._name(node)
            case _:
                return self._literal(node)

    def _literal(self, node: ast.Constant) -> Literal:
        token = self.source.token(node)
        if token.shape is Shape.TEXT:
            return Literal(type=Text(), value=read_text(token))
        try:
            return Literal(type=Number(), value=parse_value(Number(), token.text))
        except ValueError as error:
            self._fail(node, str(error), "PF510")

    def _name(self, node: ast.Name) -> Node:
        word = self.source.token(node).text
        if word in TRUTHS:
            return Literal(type=YesNo(), value=word in ("true", "True"))
        if word == "now":
            return Now()
        if word not in self.fields:
            self._unknown(node, word)
        return FieldRead(path=(word,), type=self.fields[word])

    def _known_beside(self, pieces: Sequence[ast.expr]) -> None:
        """Refuse an unknown name among values that are compared, offering what could stand beside the others."""
        known = [piece for piece in pieces if not self._is_unknown(piece)]
        beside = [self._check(piece).type for piece in known] if len(known) < len(pieces) else []
        for piece in pieces:
            if piece not in known and beside:
                self._unknown(piece, self.source.token(piece).text, beside=beside[0])

    def _is_unknown(self, piece: ast.expr) -> bool:
        word = self.source.token(piece).text if isinstance(piece, ast.Name) else "now"
        return word not in self.fields and word not in TRUTHS and word != "now"

    def _unknown(self, node: ast.expr, word: str, *, beside: FieldType | None = None) -> NoReturn:
        if word in FUNCTIONS:
            self._fail(node, f"{quote(word)} needs brackets: {word}(...)", "PF502")
        if word in _LATER:
            self._fail(node, f"{quote(word)} is not supported yet", "PF502")
        message = f"there is no data field {quote(word)}"
        if isinstance(beside, Choice):
            self._fail(node, message, "PF502", *word_beside(word, beside, self.fields))
        if any(isinstance(one, Choice) and word in one.of for one in self.fields.values()):
            self._fail(node, message, "PF502", f"put the word in quotes: {quote(word)}", quote(word))
        if word in self.actions:
            self._fail(node, message, "PF502", f"{word} is an action: times({word}) counts it")
        fitting = [*(name for name, type in self.fields.items() if fits(type, beside)), *now_beside(beside)]
        hint, near = _did_you_mean(word, fitting)
        # What is of another type may be meant, but then more than a letter is wrong.
        self._fail(node, message, "PF502", hint or _did_you_mean(word, self.fields)[0], near)

    def _part(self, node: ast.Attribute) -> FieldRead:
        """Return the read of a part of a record: `address.city`."""
        whole = self._check(node.value)
        name = self._part_name(node)
        if not isinstance(whole, FieldRead):
            self._fail(node, "only a data field has parts", "PF501")
        if not isinstance(whole.type, Record):
            self._fail(node, f"{whole.name} is {type_name(whole.type)} and has no parts", "PF503")
        if name not in whole.type.fields:
            hint, near = _did_you_mean(name, whole.type.fields)
            instead = f"{whole.name}.{near}" if near is not None else None
            self._fail(node, f"{whole.name} has no part {quote(name)}", "PF502", hint, instead)
        return FieldRead(path=(*whole.path, name), type=whole.type.fields[name])

    def _part_name(self, node: ast.Attribute) -> str:
        # The last word inside the node: white space may stand around the point.
        end = (node.end_col_offset or 0) - 1
        return next(token.text for token in self.source.tokens.values() if token.end == end)

    def _junction(self, node: ast.BoolOp) -> Node:
        word = "and" if isinstance(node.op, ast.And) else "or"
        parts = tuple(self._truth(part, f'each side of "{word}"') for part in node.values)
        return AllOf(parts=parts) if word == "and" else AnyOf(parts=parts)

    def _choose(self, node: ast.IfExp) -> Node:
        condition = self._truth(node.test, 'what follows "if"')
        then, other = self._unified([node.body, node.orelse], [self._check(node.body), self._check(node.orelse)])
        if then.type != other.type:
            message = (
                f'both sides of "if" must be alike, but one is {type_name(then.type)}, one {type_name(other.type)}'
            )
            self._fail(node, message, "PF503")
        return Choose(then=then, condition=condition, other=other, type=then.type)

    def _signed(self, node: ast.UnaryOp) -> Node:
        operand = self._check(node.operand)
        compute = negated(operand.type)
        if compute is None:
            self._fail(node, f"{type_name(operand.type)} has no sign", "PF503")
        if isinstance(node.op, ast.UAdd):
            return operand
        if isinstance(operand, Literal):
            return replace(operand, value=compute(operand.value))
        return Negative(operand=operand, type=operand.type)

    def _arithmetic(self, node: ast.BinOp) -> Node:
        sign = _COMPUTED.get(type(node.op))
        if sign is None:
            self._fail(node, "this operation is not part of conditions", "PF501", "there are + - * and /")
        left, right = self._check(node.left), self._check(node.right)
        if sign in "+-":
            left, right = self._same_money(node, left, right)
        found = rule(sign, left.type, right.type)
        if found is None:
            self._cannot_compute(node, sign, left, right)
        return Arithmetic(sign=sign, left=left, right=right, type=found.type)

    def _same_money(self, node: ast.BinOp, left: Node, right: Node) -> tuple[Node, Node]:
        if isinstance(left.type, Money) or isinstance(right.type, Money):
            left, right = self._unified([node.left, node.right], [left, right])
        return left, right

    def _cannot_compute(self, node: ast.BinOp, sign: str, left: Node, right: Node) -> NoReturn:
        names = f"{type_name(left.type)} and {type_name(right.type)}"
        hint = None
        if isinstance(left.type, Money) and isinstance(right.type, Money):
            hint = "two currencies never mix" if left.type != right.type else "multiply money by a number"
        elif isinstance(right.type, Number) and isinstance(left.type, Instant | Date | Duration):
            hint = "say the unit: days(3), hours(4), minutes(30)"
        self._fail(node, f'"{sign}" does not work between {names}', "PF503", hint)

    def _compare(self, node: ast.Compare) -> Node:
        if isinstance(node.ops[0], ast.In | ast.NotIn) and len(node.ops) == 1:
            return self._member(node)
        signs = tuple(_COMPARED.get(type(sign), "") for sign in node.ops)
        if "" in signs:
            self._fail(node, '"in" does not stand in a chain', "PF501", 'join two comparisons with "and"')
        pieces = [node.left, *node.comparators]
        self._known_beside(pieces)
        operands = self._unified(pieces, [self._check(piece) for piece in pieces])
        for sign, (one, two), piece in zip(signs, pairwise(operands), pieces[1:], strict=True):
            self._comparable(node, piece, sign, one, two)
        return Comparison(signs=signs, operands=tuple(operands))

    def _comparable(self, whole: ast.Compare, piece: ast.expr, sign: str, one: Node, two: Node) -> None:
        self._alike(piece, one, two)
        if isinstance(one.type, _ORDERED) or (sign in _EQUALS and isinstance(one.type, (YesNo, *_WORDED))):
            return
        hint = "compare it with == or !=" if isinstance(one.type, (YesNo, *_WORDED)) else None
        hint = "ask for one item with in, or for their number with size()" if isinstance(one.type, ListOf) else hint
        self._fail(whole, f'{type_name(one.type)} cannot be compared with "{sign}"', "PF503", hint)

    def _alike(self, piece: ast.expr, one: Node, two: Node) -> None:
        """Refuse, pointing at `piece`, to compare values that are never of one kind."""
        if isinstance(one.type, Choice) and isinstance(two.type, Choice):
            if not set(one.type.of) & set(two.type.of):
                message = f"{type_name(one.type)} and {type_name(two.type)} have no word in common"
                self._fail(piece, message, "PF504")
        elif one.type != two.type:
            message = f"{type_name(one.type)} cannot be compared with {type_name(two.type)}"
            hint, instead = amount_hint(one, two)
            self._fail(piece, message, "PF503", hint or unlike_hint(one, two), instead)

    def _member(self, node: ast.Compare) -> Node:
        negated = isinstance(node.ops[0], ast.NotIn)
        container = node.comparators[0]
        if isinstance(container, ast.List | ast.Tuple | ast.Set):
            self._known_beside([node.left, *container.elts])
        item = self._check(node.left)
        if isinstance(container, ast.List | ast.Tuple | ast.Set):
            item, options = self._options(node.left, item, container)
            return Membership(item=item, options=options, negated=negated)
        whole = self._check(container)
        if not isinstance(whole.type, ListOf):
            hint = f"write a list: in [{quote(str(whole.value))}]" if isinstance(whole, Literal) else None
            self._fail(container, f'after "in" stands a list, but this is {type_name(whole.type)}', "PF503", hint)
        item = self._as(whole.type.item, node.left, item)
        self._alike(node.left, item, replace(_PLACE, type=whole.type.item))
        return Membership(item=item, options=whole, negated=negated)

    def _options(
        self, left: ast.expr, item: Node, container: ast.List | ast.Tuple | ast.Set
    ) -> tuple[Node, tuple[Literal, ...]]:
        if not container.elts:
            self._fail(container, "the list is empty, so nothing is in it", "PF503")
        if not isinstance(item.type, (*_WORDED, *_ORDERED)):
            self._fail(left, f"{type_name(item.type)} cannot be looked up in a list", "PF503")
        written = [self._constant(one) for one in container.elts]
        item, *options = self._unified([left, *container.elts], [item, *written])
        for piece, option in zip(container.elts, options, strict=True):
            self._alike(piece, item, option)
        return item, cast(tuple[Literal, ...], tuple(options))

    def _constant(self, node: ast.expr) -> Literal:
        checked = self._check(node)
        if not isinstance(checked, Literal):
            self._fail(node, "a list holds only texts and numbers", "PF501", 'compare with == and join with "or"')
        return checked

    def _call(self, node: ast.Call) -> Node:
        if not isinstance(node.func, ast.Name):
            self._fail(node, "only the functions of the language can be called", "PF501", _THE_FUNCTIONS)
        name = self.source.token(node.func).text
        self._known_function(node.func, name)
        if len(node.args) != 1 or node.keywords:
            self._fail(node, f"{name}() takes exactly one value", "PF503")
        match name:
            case "has":
                return self._has(node.args[0])
            case "size":
                return self._size(node.args[0])
            case "times":
                return self._times(node.args[0])
            case _:
                return self._span(Unit(name), node.args[0])

    def _known_function(self, node: ast.Name, name: str) -> None:
        if name in FUNCTIONS:
            return
        if name in _LATER:
            self._fail(node, f"{name}() is not supported yet", "PF502", _THE_FUNCTIONS)
        if name in self.fields:
            self._fail(node, f"{name} is a data field, not a function", "PF502")
        hint, near = _did_you_mean(name, FUNCTIONS)
        self._fail(node, f"there is no function {quote(name)}", "PF502", hint or _THE_FUNCTIONS, near)

    def _has(self, node: ast.expr) -> Node:
        field = self._check(node) if isinstance(node, ast.Name | ast.Attribute) else None
        if not isinstance(field, FieldRead):
            self._fail(node, "has() takes a data field", "PF503", "write has(field)")
        return Has(field=field)

    def _size(self, node: ast.expr) -> Node:
        whole = self._check(node)
        if not isinstance(whole.type, Text | ListOf):
            self._fail(node, f"size() takes a text or a list, but this is {type_name(whole.type)}", "PF503")
        return Size(of=whole)

    def _times(self, node: ast.expr) -> Node:
        token = self.source.token(node) if isinstance(node, ast.Name | ast.Constant) else None
        if token is None or token.shape not in (Shape.ACTION, Shape.TEXT):
            self._fail(node, "times() takes an action", "PF503", "write times(action-id)")
        action = read_text(token) if token.shape is Shape.TEXT else token.text
        if action not in self.actions:
            hint, near = _did_you_mean(action, self.actions)
            instead = quote(near) if near is not None and token.shape is Shape.TEXT else near
            self._fail(node, f"there is no action {quote(action)}", "PF502", hint, instead)
        return Times(action=action)

    def _span(self, unit: Unit, node: ast.expr) -> Node:
        amount = self._check(node)
        if not isinstance(amount.type, Number):
            self._fail(node, f"{unit.value}() takes a number, but this is {type_name(amount.type)}", "PF503")
        return Span(unit=unit, amount=amount)

    def _unified(self, pieces: Sequence[ast.expr], nodes: Sequence[Node]) -> list[Node]:
        """Give bare literals the type of whatever among `nodes` has one of its own."""
        anchor = next((node for node in nodes if not _is_bare(node)), nodes[0])
        return [self._as(anchor.type, piece, node) for piece, node in zip(pieces, nodes, strict=True)]

    def _as(self, wanted: FieldType, piece: ast.expr, node: Node) -> Node:
        """Return `node` read as `wanted` if it is made of bare literals, else as it is."""
        if node.type == wanted or not _is_bare(node):
            return node
        if isinstance(node, Choose) and isinstance(piece, ast.IfExp):
            then, other = self._as(wanted, piece.body, node.then), self._as(wanted, piece.orelse, node.other)
            return replace(node, then=then, other=other, type=then.type)
        return self._literal_as(wanted, piece, node) if isinstance(node, Literal) else node

    def _literal_as(self, wanted: FieldType, piece: ast.expr, literal: Literal) -> Literal:
        match wanted, literal.value:
            case Money(currency), Decimal() as amount:
                return Literal(type=wanted, value=MoneyValue(amount, currency))
            case Choice(), str(word):
                return self._choice_word(wanted, piece, word)
            case Reference(), str(word):
                return Literal(type=wanted, value=word)
            case Instant() | Date(), str(text):
                return self._moment(wanted, piece, text)
            case _:
                return literal

    def _choice_word(self, wanted: Choice, piece: ast.expr, word: str) -> Literal:
        try:
            return Literal(type=wanted, value=parse_value(wanted, word))
        except ValueError as error:
            message, _, hint = str(error).partition("; ")
            near = closest(word, wanted.of)
            mark = self.source.text[column_of(piece)]
            self._fail(piece, message, "PF504", hint or None, quote(near, mark) if near is not None else None)

    def _moment(self, wanted: Instant | Date, piece: ast.expr, text: str) -> Literal:
        try:
            return Literal(type=wanted, value=_read_moment(wanted, text))
        except ValueError as error:
            message, _, hint = str(error).partition("; ")
            example = "2026-11-21" if isinstance(wanted, Date) else "2026-11-21T09:00:00Z"
            self._fail(piece, message, "PF503", hint or f"write it as {quote(example)}")

    def _fail(
        self, node: ast.expr, message: str, code: str, hint: str | None = None, instead: str | None = None
    ) -> NoReturn:
        raise self.source.error(node, message, code=code, hint=hint, instead=instead)


_PLACE = Literal(type=Text(), value="")


def _is_bare(node: Node) -> bool:
    """True if `node` is a text or number written without a type of its own, or a choice between such."""
    if isinstance(node, Choose):
        return _is_bare(node.then) and _is_bare(node.other)
    return isinstance(node, Literal) and isinstance(node.type, Text | Number)


def _read_moment(wanted: Instant | Date, text: str) -> datetime | date:
    """Return the moment or date written. A date alone, beside a moment, is its first instant in UTC."""
    try:
        day = cast(date, parse_value(Date(), text))
    except ValueError:
        return cast(datetime | date, parse_value(wanted, text))
    return day if isinstance(wanted, Date) else datetime.combine(day, time(), UTC)


def _did_you_mean(name: str, known: Iterable[str]) -> tuple[str | None, str | None]:
    """Return the hint and the name that was probably meant."""
    near = closest(name, known)
    return (f"did you mean {near}?" if near is not None else None), near
