"""`InForce`: the rules that hold in each case by itself, and what can be said of them before anything happens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from procflow.expressions.expression import Expression
from procflow.model.deviation import Deviation
from procflow.model.procedure import Procedure
from procflow.model.rule import BreachKind, HappeningKind, Per, Rule


class InForce:
    """The rules of a procedure that are judged by the case, and policies that hold besides them."""

    def __init__(self, procedure: Procedure, policies: Sequence[Rule]) -> None:
        self.rules = (*(rule for rule in procedure.rules if rule.per is Per.CASE), *policies)
        self._clocks = tuple(procedure.all_clocks.values())
        self._of_flow = frozenset(rule.id for rule in self.rules if rule.of_flow)
        personal = [rule for rule in self.rules if rule.personal]
        self._personal = frozenset(rule.id for rule in personal)
        spoken = [one for rule in personal for one in (*rule.triggers, *rule.targets)]
        self._about = frozenset(one.name for one in spoken if one.kind is HappeningKind.ACTION)
        self._about_more = any(one.kind is not HappeningKind.ACTION for one in spoken)

    @property
    def conditions(self) -> tuple[Expression, ...]:
        """Every `when`, of the rules and of the procedure's clocks."""
        of_rules = (rule.when for rule in self.rules)
        return tuple(one for one in (*of_rules, *(clock.when for clock in self._clocks)) if one is not None)

    def may_bar(self, actions: Iterable[str]) -> bool:
        """Return True if for each of these actions there may be a rule that keeps somebody from it, and not everybody."""
        return bool(self._personal) and (self._about_more or self._about.issuperset(actions))

    def bars(self, one: Deviation) -> bool:
        """Return True if a rule forbids it to whoever acted, and would not forbid it to everybody."""
        breach = one.breach
        return breach is not None and breach.kind is BreachKind.FORBIDDEN and breach.rule in self._personal

    def provisional(self, one: Deviation) -> bool:
        """Return True if another explanation of an open case may supersede what is said of a rule."""
        return one.breach is not None and one.breach.rule in self._of_flow
