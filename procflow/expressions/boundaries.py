"""Which values make conditions come out as demanded, found among the values at which something turns.

`satisfy` answers with the simplest values it finds: for checks ("nothing is open at amount = 500 EUR") and for
whoever looks for a case that takes a certain way. It is deterministic, and reads no clock: `now` is a variable too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import cast

from procflow.expressions.atoms import NOW, Variable, comes_out_both_ways, has_name, reading_of
from procflow.expressions.effort import Effort
from procflow.expressions.evaluation import Facts
from procflow.expressions.expression import Expression, Truth
from procflow.expressions.printing import render
from procflow.expressions.searching import MOST_READ, Demand, Search
from procflow.expressions.tree import AllOf, AnyOf, Node, children
from procflow.expressions.types import Record, Value
from procflow.expressions.values import show_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The values found; or that there are none."""

    values: Mapping[str, Value] | None
    """The data fields that are read and were not known, with the simplest values that do it; a field that must be
    unknown is not among them. None if no values were found."""
    exact: bool
    """False if there may be values although none were found: the search was cut, or fields are computed with each
    other, so that the values tried prove nothing."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How often each action that is counted must have been performed, where that was free."""
    now: datetime | None = None
    """The moment of judging, if it is read and was free."""
    whole: bool = True
    """False if it takes a number between two whole ones, though whole ones are all it is compared with."""
    witness: Mapping[str, Value | None] = field(default_factory=dict)
    """What of all that matters, by the names conditions use (`times(call)`, `address.city`, `now`), in the order of
    the text; None stands for unknown. Whatever the rest may be, the conditions come out so."""

    def __bool__(self) -> bool:
        """True if values were found; they may be none, where nothing was free."""
        return self.values is not None


def satisfy(
    demands: Sequence[tuple[Expression, Truth]],
    *,
    known: Mapping[str, Value] | None = None,
    counts: Mapping[str, int] | None = None,
    now: datetime | None = None,
    effort: Effort | None = None,
) -> Answer:
    """Return values with which every condition comes out as demanded.

    `known` fields keep their values; all others are free, also to be unknown where a condition asks `has(...)` or is
    to be undecided. `counts` None means that counts are free, else an action that is not there was not performed.
    `now` None means that the moment is free. The search among the conditions that share a variable is cut after
    20,000 values, or once it has read half a million parts of conditions; and all that share an `effort` once that is
    spent.
    """
    found = _search(demands, _Held(known=known or {}, counts=counts, now=now), effort)
    if not found.is_found:
        return Answer(values=None, exact=found.is_exact)
    free = [one for group in found.groups for one in group.free]
    return replace(_answer(free, found.facts, _witness(found.groups, found.facts, effort)), whole=found.is_whole)


def may_come_out(demands: Sequence[tuple[Expression, Truth]], *, effort: Effort | None = None) -> bool:
    """Return False if it is certain that no values make every condition come out as demanded; counts are free."""
    if len(demands) == 1 and demands[0][1] is not Truth.UNDECIDED:
        return _may_be(demands[0][0].tree, demands[0][1] is Truth.TRUE, effort)
    found = _search(demands, _Held(known={}, counts=None, now=None), effort)
    return found.is_found or not found.is_exact


def idle_parts(condition: Expression, *, effort: Effort | None = None) -> Iterator[tuple[str, Truth]]:
    """Yield the parts of `or` that are never true, and of `and` that are always true, each as text with what it is.

    What asks `has(...)` is not taken for always true: it may be undecided. Of the parts of such a part nothing is said.
    """
    waiting = [condition.tree]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, AllOf | AnyOf):
            waiting.extend(reversed(children(node)))
            continue
        for part in node.parts:
            sought = isinstance(node, AnyOf)
            if _may_be(part, sought, effort) or (not sought and reading_of(part).asked):
                waiting.append(part)
            else:
                yield render(part), Truth.FALSE if sought else Truth.TRUE


def _may_be(tree: Node, truth: bool, effort: Effort | None) -> bool:
    if (effort is not None and effort.is_spent) or comes_out_both_ways(tree):
        return True
    found = _sought([Demand(reading=reading_of(tree), truth=truth)], _Held(known={}, counts=None, now=None), effort)
    return found.is_found or not found.is_exact


def names_in(condition: Expression) -> tuple[str, ...]:
    """Return what a condition reads, by the names a witness uses."""
    return tuple(one.name for one in reading_of(condition.tree).variables)


def asked_in(condition: Expression) -> frozenset[str]:
    """Return what a condition asks for with `has(...)`, by the same names."""
    return reading_of(condition.tree).asked


def render_witness(values: Mapping[str, Value | None]) -> str:
    """Return values as a sentence names them: `amount = 500 EUR, gravity = "minor"`; None is told as unknown."""
    return ", ".join(f"{name} = {show_value(value)}" for name, value in values.items())


_PREPARING = 5
_READ: Mapping[Truth, bool | None] = {Truth.TRUE: True, Truth.FALSE: False, Truth.UNDECIDED: None}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What is not free."""

    known: Mapping[str, Value]
    counts: Mapping[str, int] | None
    now: datetime | None

    def hold(self, variable: Variable, facts: dict[str, Value]) -> bool:
        """Put the value of a variable that is not free into `facts`; False if it is free."""
        if variable.action is not None:
            if self.counts is None:
                return False
            facts[variable.name] = Decimal(self.counts.get(variable.action, 0))
            return True
        value: Value | None = None
        if variable.path:
            value = self.known.get(variable.root)
        elif variable.name == NOW:
            value = self.now
        if value is None:
            return False
        for part in variable.path[1:]:
            value = cast(Mapping[str, Value], value).get(part) if value is not None else None
        facts[has_name(variable.name)] = value is not None
        if value is not None:
            facts[variable.name] = value
        return True


@dataclass(frozen=True, slots=True)
class _Found:
    """What a search came to."""

    is_found: bool
    is_exact: bool
    """True if it proves that there are no values, if none were found."""
    is_whole: bool
    groups: Sequence[_Group]
    facts: dict[str, Value]


def _search(demands: Sequence[tuple[Expression, Truth]], held: _Held, effort: Effort | None) -> _Found:
    if effort is not None and effort.is_spent:
        return _Found(False, False, True, (), {})
    return _sought([Demand(reading=reading_of(one.tree), truth=_READ[truth]) for one, truth in demands], held, effort)


def _sought(demands: Sequence[Demand], held: _Held, effort: Effort | None) -> _Found:
    if _entangled(demands, held):
        return _Found(False, False, True, (), {})
    effort = Effort(MOST_READ) if effort is None else effort
    # To prepare a search takes longer than to read its conditions once.
    effort.spend(_PREPARING * sum(one.reading.size for one in demands))
    facts: dict[str, Value] = {}
    groups = _groups(demands, held, facts)
    is_found = is_whole = True
    for group in groups:
        search = Search(group.demands, group.free, facts, effort=effort)
        found = search.run()
        if not found and search.spares_fractions:
            search = Search(group.demands, group.free, facts, effort=effort, fractions=True)
            found = search.run()
            is_whole = is_whole and not found
        if not found and search.exact:
            return _Found(False, True, True, groups, facts)
        is_found = is_found and found
    return _Found(is_found, is_found, is_whole, groups, facts)


def _entangled(demands: Sequence[Demand], held: _Held) -> bool:
    """Return True if what working time is counted from or to is asked for elsewhere, too, or known.

    Working time by itself can be anything. What else is known of its ends would tell only together with a calendar.
    """
    worked = {name: roots for one in demands for name, roots in one.reading.worked.items()}
    if not worked:
        return False
    inside = [root for roots in worked.values() for root in roots]
    outside = {one.root for demand in demands for one in demand.reading.variables}
    outside.update(held.known)
    if held.now is not None:
        outside.add(NOW)
    return len(set(inside)) < len(inside) or not outside.isdisjoint(inside)


@dataclass(slots=True)
class _Group:
    """Demands that share free variables, so that they must be looked at together."""

    demands: list[Demand] = field(default_factory=list)
    free: list[Variable] = field(default_factory=list)
    roots: set[str] = field(default_factory=set)


def _groups(demands: Sequence[Demand], held: _Held, facts: dict[str, Value]) -> list[_Group]:
    """Return the demands in groups that have nothing to do with each other; put what is held into `facts`."""
    groups: list[_Group] = []
    for demand in demands:
        free = [one for one in demand.reading.variables if not held.hold(one, facts)]
        roots = {one.root for one in free}
        merged = _Group()
        apart: list[_Group] = []
        for group in groups:
            if group.roots & roots:
                merged.demands += group.demands
                merged.free += group.free
                merged.roots |= group.roots
            else:
                apart.append(group)
        merged.demands.append(demand)
        names = {one.name for one in merged.free}
        merged.free += [one for one in free if one.name not in names]
        merged.roots |= roots
        groups = [*apart, merged]
    return groups


def _witness(groups: Sequence[_Group], facts: dict[str, Value], effort: Effort | None) -> Mapping[str, Value | None]:
    """Return what cannot be left open; of two that could each be left open, the first in the text is told."""
    rest = dict(facts)
    kept: dict[str, Value | None] = {}
    for group in groups:
        told: list[str] = []
        if effort is not None:
            effort.spend(len(group.free) * sum(one.reading.size for one in group.demands))
        for variable in reversed(group.free):
            names = (variable.name, has_name(variable.name))
            taken = {name: rest.pop(name) for name in names if name in rest}
            read = Facts(values=rest, counts={}, now=None)
            if any(one.truth is None or one.reading.read(read) is not one.truth for one in group.demands):
                rest.update(taken)
                told.append(variable.name)
        kept.update({name: facts.get(name) for name in reversed(told)})
    return kept


def _answer(found: Sequence[Variable], facts: Mapping[str, Value], witness: Mapping[str, Value | None]) -> Answer:
    values: dict[str, Value] = {}
    counts: dict[str, int] = {}
    for variable in sorted(found, key=lambda one: len(one.path)):
        value = facts.get(variable.name)
        if variable.action is not None:
            counts[variable.action] = int(cast(Decimal, value))
        elif variable.path and value is not None:
            _put(values, variable, value, found)
    now = next((cast(datetime, facts[NOW]) for one in found if one.name == NOW), None)
    return Answer(values=values, exact=True, counts=counts, now=now, witness=witness)


def _put(values: dict[str, Value], variable: Variable, value: Value, found: Sequence[Variable]) -> None:
    """Put a value in its place; of a record of which parts were looked for, only these."""
    inside = values
    for part in variable.path[:-1]:
        inside = cast(dict[str, Value], inside.setdefault(part, {}))
    if isinstance(variable.type, Record) and any(
        variable.path == one.path[: len(variable.path)] != one.path for one in found
    ):
        value = cast(MutableMapping[str, Value], {})
    inside[variable.path[-1]] = value
