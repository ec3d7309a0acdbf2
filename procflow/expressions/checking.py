"""From the masked syntax tree to the typed tree: names are looked up, types checked, literals given their type.

Raises `ExpressionError` with PF501 (not part of the language), PF502 (unknown name), PF503 (types) and PF504 (a
value the field can never have), pointing at the piece at fault. Everything is checked, also what is never reached.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NoReturn, cast

from procflow.expressions.arithmetic import negated, rule
from procflow.expressions.bare import read_as, unified
from procflow.expressions.likely_names import amount_hint, fits, now_beside, truth_hint, unlike_hint, word_beside
from procflow.expressions.source import TRUTHS, Shape, Source, read_text
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
    days_of_work,
)
from procflow.expressions.types import (
    Choice,
    Date,
    Duration,
    FieldType,
    Instant,
    ListOf,
    Money,
    Number,
    Record,
    Reference,
    Text,
    YesNo,
)
from procflow.expressions.values import closest, parse_value, quote, type_name

FUNCTIONS = ("days", "has", "hours", "minutes", "size", "times", "working_time")
_THE_FUNCTIONS = f"there are {', '.join(f'{name}()' for name in FUNCTIONS)}"
WORKING_TIME = "working_time"
_LATER = frozenset({"working_days", "working_hours", "same_person", "today", "duration", "timestamp"})
_NO_CALENDAR = "working_time() is counted on the calendar of a procedure, and there is none here"
_NAME_ONE = (
    "write `calendar: office` at the top of the procedure; policies, and rules over several cases, cannot count it"
)
_TWO_DAYS = "a working day has no length of its own; hours(16) is two days of eight hours"
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
    calendar: bool
    """Whether there is one that working time is counted on."""

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
        if days_of_work(one, two):
            self._fail(piece, "days() are 24 hours, and working_time() counts open hours", "PF503", _TWO_DAYS)
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
        item = read_as(self.source, whole.type.item, node.left, item)
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
        if name == WORKING_TIME:
            return self._working_time(node)
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

    def _working_time(self, node: ast.Call) -> Node:
        if not self.calendar:
            self._fail(node, _NO_CALENDAR, "PF407", _NAME_ONE)
        if len(node.args) != 2 or node.keywords:
            self._fail(node, "working_time() takes two moments", "PF503", "write working_time(received, now)")
        start, end = (read_as(self.source, Instant(), piece, self._check(piece)) for piece in node.args)
        for piece, one in zip(node.args, (start, end), strict=True):
            if not isinstance(one.type, Instant):
                hint = "give that data field the type instant" if isinstance(one.type, Date) else None
                self._fail(piece, f"working_time() takes moments, but this is {type_name(one.type)}", "PF503", hint)
        return WorkingTime(start=start, end=end)

    def _unified(self, pieces: Sequence[ast.expr], nodes: Sequence[Node]) -> list[Node]:
        """Give bare literals the type of whatever among `nodes` has one of its own."""
        return unified(self.source, pieces, nodes)

    def _fail(
        self, node: ast.expr, message: str, code: str, hint: str | None = None, instead: str | None = None
    ) -> NoReturn:
        raise self.source.error(node, message, code=code, hint=hint, instead=instead)


_PLACE = Literal(type=Text(), value="")


def _did_you_mean(name: str, known: Iterable[str]) -> tuple[str | None, str | None]:
    """Return the hint and the name that was probably meant."""
    near = closest(name, known)
    return (f"did you mean {near}?" if near is not None else None), near
