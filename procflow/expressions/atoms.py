"""What a condition asks of its variables: the numbers they are held against, the words, the sizes.

A *variable* is whatever a condition reads: a data field, a part of a record (`address.city`), `now`, `times(call)`,
and `has(field)`, which is tied to its field. They are named as conditions write them. A *quantity* is what is
compared as a number, see `quantities`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from procflow.expressions.evaluation import Read, compile_tree
from procflow.expressions.printing import render
from procflow.expressions.quantities import differences, quantitative, quantities_in, quantity, rounds
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
    children,
    walk,
)
from procflow.expressions.types import Choice, Duration, FieldType, Instant, Number, Value, YesNo

NOW = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """Something a condition reads, whose value may be chosen."""

    name: str
    """As conditions write it: `address.city`, `times(call)`, `now`."""
    type: FieldType
    path: tuple[str, ...] = ()
    """The data field and the parts below it; () for `now` and counts."""
    action: str | None = None
    """What is counted; None of other variables."""

    @property
    def root(self) -> str:
        """What it hangs together with: the data field of a part, else itself."""
        return self.path[0] if self.path else self.name

    @property
    def is_whole(self) -> bool:
        """True of a count: it is a whole number, not below 0, and never unknown."""
        return self.action is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tangle:
    """Two operands that are compared, and more than one quantity in them, or one that is not simply scaled."""

    quantities: frozenset[str]
    left: Node
    right: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one condition asks."""

    read: Read
    """Reads its variables by their names, all from the values; what is not there is unknown (three truths)."""
    variables: tuple[Variable, ...]
    """In the order of the text, `has(...)` not among them."""
    asked: frozenset[str]
    """The names that stand in `has(...)`."""
    bounds: Mapping[str, frozenset[Fraction]]
    """By quantity: where a comparison of it alone with constants turns."""
    tangles: tuple[Tangle, ...]
    words: Mapping[str, tuple[Value, ...]]
    """By variable: texts, words and ids it is compared with; of a list, what it is asked to hold."""
    links: frozenset[frozenset[str]]
    """Variables compared with each other as texts, words or ids, or looked up in each other."""
    worked: Mapping[str, frozenset[str]]
    """By variable that is working time: the roots of what it is counted from and to, which are no variables here."""
    loose: bool
    """True if something is asked whose turning points are not known exactly."""
    size: int
    """How many parts the condition has: what it takes to read it."""


@lru_cache(maxsize=512)
def reading_of(tree: Node) -> Reading:
    """Return what a condition asks. Conditions are few and asked often, so it is remembered."""
    flat = _flat(tree)
    found = _Finds()
    size = 0
    for node in _read_in(tree):
        size += 1
        match node:
            case WorkingTime():
                name = render(node)
                found.variable(Variable(name=name, type=Duration()))
                found.worked[name] = frozenset(_roots_in(node))
                # When working time is unknown is not searched for.
                found.loose = True
            case FieldRead():
                found.variable(Variable(name=node.name, type=node.type, path=node.path))
            case Has():
                found.asked.add(node.field.name)
            case Times():
                found.variable(Variable(name=render(node), type=Number(), action=node.action))
            case Now():
                found.variable(Variable(name=NOW, type=Instant()))
    for node in walk(flat):
        match node:
            case Comparison():
                for left, right in pairwise(node.operands):
                    _compare(left, right, found)
            case Membership():
                _member(node, found)
            case Arithmetic(sign="/"):
                _compare(node.right, _ZERO, found)
    return Reading(
        read=compile_tree(flat).read,
        variables=tuple(found.variables.values()),
        asked=frozenset(found.asked),
        bounds={name: frozenset(points) for name, points in found.bounds.items()},
        tangles=tuple(found.tangles),
        words={name: tuple(words) for name, words in found.words.items()},
        links=frozenset(found.links),
        worked=found.worked,
        loose=found.loose,
        size=size,
    )


def _read_in(tree: Node) -> Iterator[Node]:
    """Yield a condition and everything in it, in the order of the text; of working time only the whole."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, WorkingTime):
            waiting.extend(reversed(children(node)))


def _roots_in(node: WorkingTime) -> Iterator[str]:
    for one in walk(node):
        match one:
            case FieldRead():
                yield one.path[0]
            case Now():
                yield NOW
            case Times():
                yield render(one)


def has_name(name: str) -> str:
    """Return the name of the variable that tells whether another is known."""
    return f"has({name})"


def solutions(tangle: Tangle, wanted: str, known: Mapping[str, Fraction]) -> Iterator[Fraction]:
    """Yield where the comparison turns for the quantity `wanted`, the others being `known`; nothing if some is not."""
    for form in differences(tangle.left, tangle.right, known):
        if form.parts.keys() == {wanted}:
            yield -form.constant / form.parts[wanted]


def constants(tangle: Tangle) -> frozenset[Fraction]:
    """Return the numbers written in a comparison, their ratios, and 0: a guess where nothing can be solved."""
    nodes = (*walk(tangle.left), *walk(tangle.right))
    written = {
        found for node in nodes if isinstance(node, Literal) and (found := quantity(node.value)) is not None and found
    }
    few = sorted(written)[:8]
    return frozenset({Fraction(0), *written, *(one / two for one in few for two in few)})


def comes_out_both_ways(tree: Node) -> bool:
    """Return True if it is plain that a condition can be true and can be false; False says nothing.

    So it is where each variable is read once, and held against one constant that values lie on both sides of.
    """
    read = [node.name for node in walk(tree) if isinstance(node, FieldRead)]
    return len(read) == len(set(read)) > 0 and _is_plain(tree)


def _is_plain(node: Node) -> bool:
    match node:
        case AllOf() | AnyOf():
            return all(map(_is_plain, node.parts))
        case Not():
            return _is_plain(node.operand)
        case FieldRead():
            return isinstance(node.type, YesNo)
        case Comparison(signs=(_,), operands=(FieldRead() as field, Literal())):
            return len(field.path) == 1 and (not isinstance(field.type, Choice) or len(field.type.of) > 1)
        case _:
            return False


# --- flattening ----------------------------------------------------------------------------------------------------


def _variable(name: str, type: FieldType) -> FieldRead:
    return FieldRead(path=(name,), type=type)


def _flat(node: Node) -> Node:
    """Return the tree with every variable, also counts, parts, `now` and `has(...)`, read as a field of its own."""
    match node:
        case Literal():
            return node
        case FieldRead():
            return node if len(node.path) == 1 else _variable(node.name, node.type)
        case Now():
            return _variable(NOW, Instant())
        case Times():
            return _variable(render(node), Number())
        case Has():
            return _variable(has_name(node.field.name), YesNo())
        case Size():
            return Size(of=_flat(node.of))
        case WorkingTime():
            return _variable(render(node), Duration())
        case Span():
            return Span(unit=node.unit, amount=_flat(node.amount))
        case Negative():
            return Negative(operand=_flat(node.operand), type=node.type)
        case Arithmetic():
            return Arithmetic(sign=node.sign, left=_flat(node.left), right=_flat(node.right), type=node.type)
        case _:
            return _flat_decision(node)


def _flat_decision(node: Comparison | Membership | Not | AllOf | AnyOf | Choose) -> Node:
    match node:
        case Comparison():
            return Comparison(signs=node.signs, operands=tuple(map(_flat, node.operands)))
        case Membership():
            options = node.options if isinstance(node.options, tuple) else _flat(node.options)
            return Membership(item=_flat(node.item), options=options, negated=node.negated)
        case Not():
            return Not(operand=_flat(node.operand))
        case AllOf():
            return AllOf(parts=tuple(map(_flat, node.parts)))
        case AnyOf():
            return AnyOf(parts=tuple(map(_flat, node.parts)))
        case Choose():
            then, condition, other = _flat(node.then), _flat(node.condition), _flat(node.other)
            return Choose(then=then, condition=condition, other=other, type=node.type)


# --- what is compared ----------------------------------------------------------------------------------------------

_ZERO = Literal(type=Number(), value=Decimal(0))


@dataclass(slots=True)
class _Finds:
    """Grows while one condition is read."""

    variables: dict[str, Variable] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    bounds: dict[str, set[Fraction]] = field(default_factory=dict)
    tangles: list[Tangle] = field(default_factory=list)
    words: dict[str, dict[Value, None]] = field(default_factory=dict)
    links: set[frozenset[str]] = field(default_factory=set)
    worked: dict[str, frozenset[str]] = field(default_factory=dict)
    loose: bool = False

    def variable(self, one: Variable) -> None:
        self.variables.setdefault(one.name, one)

    def held_against(self, names: Iterable[str], values: Iterable[Value]) -> None:
        """Note words that variables are compared with."""
        words = tuple(values)
        for name in names:
            self.words.setdefault(name, {}).update(dict.fromkeys(words))


def _compare(left: Node, right: Node, found: _Finds) -> None:
    if quantitative(left.type):
        _compare_quantities(left, right, found)
    else:
        _compare_words(left, right, found)


def _compare_quantities(left: Node, right: Node, found: _Finds) -> None:
    if isinstance(left, FieldRead) and isinstance(right, Literal):  # by far the most common: not worth a sum
        found.bounds.setdefault(left.name, set()).add(quantity(right.value) or Fraction(0))
        return
    names = quantities_in(left) | quantities_in(right)
    if not names:
        return
    found.loose = found.loose or rounds(left) or rounds(right)
    forms = differences(left, right, {})
    alone = [form for form in forms if len(form.parts) <= 1]
    for form in alone:
        for name, factor in form.parts.items():
            found.bounds.setdefault(name, set()).add(-form.constant / factor)
    if not forms or len(alone) < len(forms):
        found.tangles.append(Tangle(quantities=frozenset(names), left=left, right=right))


def _compare_words(left: Node, right: Node, found: _Finds) -> None:
    (one, words), (two, more) = _leaves(left), _leaves(right)
    found.held_against(one, more)
    found.held_against(two, words)
    found.links.update(frozenset((first, second)) for first in one for second in two if first != second)


def _member(node: Membership, found: _Finds) -> None:
    if isinstance(node.options, tuple):
        for option in node.options:
            _compare(node.item, option, found)
        return
    items, words = _leaves(node.item)
    lists, _ = _leaves(node.options)
    found.held_against(lists, words)
    found.links.update(frozenset((item, one)) for item in items for one in lists)
    found.loose = found.loose or bool(items)
    if quantitative(node.item.type):
        found.loose = True


def _leaves(node: Node) -> tuple[tuple[str, ...], tuple[Value, ...]]:
    """Return the variables and the written values an operand may stand for."""
    if isinstance(node, FieldRead):
        return (node.name,), ()
    if isinstance(node, Literal):
        return (), (node.value,)
    if isinstance(node, Choose):
        (one, words), (two, more) = _leaves(node.then), _leaves(node.other)
        return (*one, *two), (*words, *more)
    return (), ()
