"""Which rules hold at once: those with a `when` only where their conditions are all true for one case.

A condition that counts, or that depends on the moment, may turn out otherwise each time it is read: what such a rule asks
is left out. Of rules over several cases nothing is said either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from procflow.expressions.boundaries import satisfy
from procflow.expressions.effort import Effort
from procflow.expressions.expression import Truth
from procflow.expressions.types import Value
from procflow.lint.entering import Demand
from procflow.lint.rules.automata import both_halves, is_also, monitors_of
from procflow.lint.rules.search import Goal, Run, System, Unit, keeping
from procflow.model.rule import Form, Happening, Per, Rule

_MOST_WORLDS = 40
"""Choices of rules that are looked at for one question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """A few rules that no sequence of events keeps together."""

    units: tuple[Unit, ...]
    witness: Mapping[str, Value | None]
    """Values with which all of them hold; {} if they hold whatever the values."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules, each once, in the order of the file."""
        every = {id(rule): rule for unit in self.units for rule in unit.rules}
        return tuple(sorted(every.values(), key=lambda rule: (rule.where.line, rule.where.column, rule.id)))

    @property
    def in_order(self) -> tuple[Unit, ...]:
        """The units in the order of the file."""
        lines = {id(unit): max((rule.where.line, rule.where.column) for rule in unit.rules) for unit in self.units}
        return tuple(sorted(self.units, key=lambda unit: lines[id(unit)]))

    @property
    def demands(self) -> list[Demand]:
        """What must be true for all of them to hold."""
        return _demands(self.units)


Possible = Callable[[Sequence[Demand]], bool]
"""Says whether there is a case with which some conditions are true."""


def units_of(rules: Sequence[Rule]) -> tuple[Unit, ...]:
    """Return what is kept or broken as one, of all rules that can be looked at."""
    found = [Unit(rules=(rule,), monitors=tuple(monitors_of(rule))) for rule in rules if is_steady(rule)]
    return (*found, *_by_nobody(rules))


_MOST_PAIRS, _MOST_PAIRS_OF_ONE = 100, 20
"""Of rules on people that exclude each other, and of what two of them name: each is a mistake, and told."""


def is_steady(rule: Rule) -> bool:
    """Return True if a rule is about one case, and its condition stays what it is for as long as the values do."""
    return rule.per is Per.CASE and (rule.when is None or not (rule.when.counts or rule.when.reads_now))


def _by_nobody(rules: Sequence[Rule]) -> Iterator[Unit]:
    """Yield what follows where the same person must have done two things, and must not: that both never happen."""
    same = [rule for rule in rules if rule.form is Form.SAME_PERSON and is_steady(rule)]
    different = [rule for rule in rules if rule.form is Form.DIFFERENT_PERSON and is_steady(rule)]
    common = ((rule, other, _common(rule.targets, other.targets)) for other in different for rule in same)
    for rule, other, both in islice((one for one in common if len(one[2]) > 1), _MOST_PAIRS):
        for one, another in islice(combinations(both, 2), _MOST_PAIRS_OF_ONE):
            yield Unit(rules=(rule, other), monitors=(both_halves(one, another),))


def _common(some: Sequence[Happening], others: Sequence[Happening]) -> list[Happening]:
    """Return what both lists name, by the narrower name."""
    found = [one for one in some if any(is_also(one, other) for other in others)]
    return [*found, *(other for other in others if other not in found and any(is_also(other, one) for one in some))]


def at_odds(
    units: Sequence[Unit],
    system_of: Callable[[Sequence[Unit]], System],
    goal: Goal | None,
    effort: Effort,
    possible: Possible | None = None,
    known: Run | None = None,
) -> tuple[Core | None, Run | None]:
    """Return a few rules that hold at once and that nothing keeps; or a run to the goal that keeps all there are.

    `known` is a run to the goal, whatever it breaks. Neither where no rule stands against the goal, or only rules that
    never hold at once do. Raises `Spent`.
    """
    waiting: list[frozenset[Unit]] = [frozenset()]
    tried: set[frozenset[Unit]] = set()
    while waiting and len(tried) < _MOST_WORLDS:
        without = waiting.pop(0)
        if without in tried:
            continue
        tried.add(without)
        answer = keeping([unit for unit in units if unit not in without], system_of, goal, effort, known)
        if answer.run is not None:
            if not without:
                return None, answer.run
            continue
        demands = _demands(answer.core)
        found = satisfy(demands, effort=effort) if demands else None
        if found is None or (found and (possible is None or possible(demands))):
            witness = found.witness if found is not None else {}
            return (Core(units=answer.core, witness=witness) if answer.core else None), None
        asking = [unit for unit in answer.core if any(rule.when is not None for rule in unit.rules)]
        waiting += [without | {unit} for unit in asking]
    return None, None


def _demands(units: Iterable[Unit]) -> list[Demand]:
    conditions = {rule.when.text: rule.when for unit in units for rule in unit.rules if rule.when is not None}
    return [(condition, Truth.TRUE) for condition in conditions.values()]
