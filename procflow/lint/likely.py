"""Which cases a check may hold up to an author: those that come so far, with values people would give.

A gap at `amount = -1 EUR` is none if nobody ever asks whether the amount is below 0, and a gap after the fourth
try is none if only three are allowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from procflow.expressions.boundaries import Answer, asked_in, names_in, satisfy
from procflow.expressions.effort import Effort
from procflow.expressions.expression import Expression, Truth, parse
from procflow.expressions.tree import Comparison, FieldRead, Literal, walk
from procflow.expressions.types import MoneyValue, Value
from procflow.lint.entering import Demand, Way, ways_into
from procflow.model.procedure import Procedure, Step

_BELOW_ZERO = frozenset({"<", ">="})


@dataclass(frozen=True, kw_only=True)
class Cases:
    """Looks for cases of one procedure that come to a step, and with which conditions come out as demanded."""

    procedure: Procedure
    effort: Effort
    """What looking for cases may take."""

    def find_known(self, demands: Sequence[Demand], step: Step) -> Mapping[str, Value | None] | None:
        """Return the same as `find`, of a case in which everything is known that conditions ask for with `has(...)`.

        What is unknown can be told with the very action, so nobody is stuck for lack of it.
        """
        if self.effort.is_spent:
            return None
        asked = sorted({name for condition, _ in demands for name in asked_in(condition)})
        return self.find([*demands, *((self._parse(f"has({name})"), Truth.TRUE) for name in asked)], step)

    def find(self, demands: Sequence[Demand], step: Step | None) -> Mapping[str, Value | None] | None:
        """Return values of a likely case in `step` (None: anywhere), those the demands read; None if none was found."""
        counted = {action for condition, _ in demands for action in condition.counts}
        limits = [(limit, Truth.TRUE) for action, limit in self._limits.items() if action in counted]
        if not satisfy([*demands, *limits], effort=self.effort):
            return None  # the common case: nothing to look into
        for way in self._ways.get(step.id, ((),)) if step is not None else ((),):
            found = self._likely([*demands, *_touching(way, demands), *limits])
            if found and found.whole:
                asked = {name for condition, _ in demands for name in names_in(condition)}
                return {name: value for name, value in found.witness.items() if name in asked}
        return None

    def _likely(self, demands: Sequence[Demand]) -> Answer:
        found = satisfy(demands, effort=self.effort)
        odd = [name for name, value in found.witness.items() if _is_negative(value) and name not in self._signed]
        above = ((self._parse(f"{name} >= 0"), Truth.TRUE) for name in odd)
        return satisfy([*demands, *above], effort=self.effort) if odd else found

    def _parse(self, text: str) -> Expression:
        return parse(text, fields=self.procedure.field_types, actions=self.procedure.actions)

    @cached_property
    def _ways(self) -> Mapping[str, tuple[Way, ...]]:
        return ways_into(self.procedure)

    @cached_property
    def _limits(self) -> Mapping[str, Expression]:
        """How often an action can have been performed, where `at-most` says so wherever it occurs."""
        free = {item for step in self.procedure.steps.values() if step.checklist for item in step.checklist.items}
        most: dict[str, int] = {}
        for action in self.procedure.written_actions:
            if action.at_most is None:
                free.add(action.id)
            else:
                most[action.id] = max(most.get(action.id, 0), action.at_most)
        return {name: self._parse(f'times("{name}") <= {most[name]}') for name in most if name not in free}

    @cached_property
    def _signed(self) -> frozenset[str]:
        """The fields that somebody asks to be below 0, or not to be."""
        return frozenset(
            node.name
            for condition in self.procedure.conditions
            for piece in walk(condition.tree)
            if isinstance(piece, Comparison) and _asks_below_zero(piece)
            for node in walk(piece)
            if isinstance(node, FieldRead)
        )


def _touching(way: Way, demands: Sequence[Demand]) -> Way:
    """Return what of a way has to do with the demands: what reads the same, and what reads the same as that."""
    read = {name for condition, _ in demands for name in (*condition.reads, *condition.counts)}
    rest, kept = list(way), list[Demand]()
    while near := [one for one in rest if not read.isdisjoint(one[0].reads) or not read.isdisjoint(one[0].counts)]:
        kept += near
        rest = [one for one in rest if not any(one is each for each in near)]
        read |= {name for condition, _ in near for name in (*condition.reads, *condition.counts)}
    return tuple(kept)


def _asks_below_zero(node: Comparison) -> bool:
    for sign, (left, right) in zip(node.signs, pairwise(node.operands), strict=True):
        for one, mirrored in ((right, sign), (left, {"<": ">", ">=": "<=", ">": "<", "<=": ">="}.get(sign, sign))):
            amount = _amount(one.value) if isinstance(one, Literal) else None
            if amount is not None and (amount < 0 or (amount == 0 and mirrored in _BELOW_ZERO)):
                return True
    return False


def _is_negative(value: Value | None) -> bool:
    amount = _amount(value)
    return amount is not None and amount < 0


def _amount(value: Value | None) -> Decimal | None:
    if isinstance(value, MoneyValue):
        return value.amount
    return value if isinstance(value, Decimal) else None
