"""Whether a condition can be decided while some fields are unknown, and what is known once it was.

Parts are looked at one by one, whatever the values: a condition that is decided only because two parts of it fit
together counts as one that may be undecided.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import product

from procflow.expressions.tree import (
    AllOf,
    AnyOf,
    Choose,
    Comparison,
    FieldRead,
    Has,
    Literal,
    Membership,
    Node,
    Not,
    Now,
    Times,
    children,
    walk,
)
from procflow.expressions.types import YesNo

Truths = frozenset[bool | None]
"""What a part may come out as; None is undecided. Of a part that is no condition True stands for known."""

_EITHER: Truths = frozenset({True, False})
_KNOWN: Truths = frozenset({True})


def may_be_undecided(tree: Node, unknown: Collection[str]) -> bool:
    """Return True if the condition may have no answer while these fields are unknown and all others known."""
    return None in _truths(tree, unknown)


def read_fields(tree: Node) -> tuple[str, ...]:
    """Return the data fields a condition reads, in the order of the text."""
    return tuple(dict.fromkeys(node.path[0] for node in walk(tree) if isinstance(node, FieldRead)))


def known_after(tree: Node, truth: bool) -> frozenset[str]:
    """Return the fields that must be known if the condition came out so."""
    match tree:
        case Not():
            return known_after(tree.operand, not truth)
        case AllOf() | AnyOf():
            parts = [known_after(part, truth) for part in tree.parts]
            every = isinstance(tree, AllOf) == truth
            return frozenset().union(*parts) if every else parts[0].intersection(*parts[1:])
        case Has():
            return frozenset({tree.field.path[0]}) if truth else frozenset()
        case Choose() if isinstance(tree.type, YesNo):
            return known_after(tree.then, truth) & known_after(tree.other, truth)
        case FieldRead():
            return frozenset({tree.path[0]})
        case Comparison() if len(tree.operands) == 2:
            return _all_of(tree)
        case Membership():
            return _all_of(tree)
    return frozenset()


def _all_of(tree: Node) -> frozenset[str]:
    """Return the fields without which a part has no answer."""
    if isinstance(tree, Choose | Has):
        return frozenset()
    own = frozenset({tree.path[0]}) if isinstance(tree, FieldRead) else frozenset[str]()
    return own.union(*(_all_of(part) for part in children(tree)))


def _truths(tree: Node, unknown: Collection[str]) -> Truths:
    match tree:
        case Literal():
            return frozenset({tree.value}) if isinstance(tree.value, bool) else _KNOWN
        case FieldRead():
            if tree.path[0] in unknown:
                return frozenset({None})
            return _EITHER if isinstance(tree.type, YesNo) else _KNOWN
        case Now() | Times():
            return _KNOWN
        case Has():
            return frozenset({tree.field.path[0] not in unknown})
        case Not():
            return frozenset(None if one is None else not one for one in _truths(tree.operand, unknown))
        case AllOf() | AnyOf():
            return _junction([_truths(part, unknown) for part in tree.parts], absorbing=isinstance(tree, AnyOf))
        case Choose():
            return _choice(tree, unknown)
    operands = [_truths(part, unknown) for part in children(tree)]
    lacking = any(None in one for one in operands)
    decided = all(one != {None} for one in operands)
    known = _EITHER if isinstance(tree.type, YesNo) else _KNOWN
    return (known if decided else frozenset[bool | None]()) | (frozenset({None}) if lacking else frozenset())


def _junction(parts: list[Truths], *, absorbing: bool) -> Truths:
    found: set[bool | None] = {not absorbing}
    for one in parts:
        found = {_joined(left, right, absorbing) for left, right in product(found, one)}
    return frozenset(found)


def _joined(left: bool | None, right: bool | None, absorbing: bool) -> bool | None:
    if absorbing in (left, right):
        return absorbing
    return None if None in (left, right) else not absorbing


def _choice(tree: Choose, unknown: Collection[str]) -> Truths:
    found: Truths = frozenset()
    for truth in _truths(tree.condition, unknown):
        if truth is None:
            found |= frozenset({None})
        else:
            found |= _truths(tree.then if truth else tree.other, unknown)
    return found
