"""The search behind `boundaries`: candidates are put in their places one by one, and taken back where they fail.

With three truths a condition can be read while some of its variables are still open: what is decided then stays so,
whatever the open ones become. So a wrong start is left early, and few combinations are ever looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from procflow.expressions.atoms import (
    Reading,
    Tangle,
    Variable,
    constants,
    has_name,
    solutions,
)
from procflow.expressions.candidates import Turns, candidates
from procflow.expressions.effort import Effort
from procflow.expressions.evaluation import Facts
from procflow.expressions.quantities import quantity, size_name
from procflow.expressions.types import Date, Instant, Value

MOST_COMBINATIONS = 20_000
"""Values put in their places before a search gives up."""
MOST_READ = 500_000
"""Parts of conditions that one search may read."""
_MOST_PLACES = 200
_TANGLED = 500
"""To solve a comparison for one of its quantities takes about as long as reading so many parts for each of them."""
_FEW = 100
"""Combinations that are tried as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A condition and how it is to come out."""

    reading: Reading
    truth: bool | None
    """None: undecided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A free variable and what is tried in it."""

    variable: Variable
    values: tuple[Value | None, ...]
    """None stands for unknown."""
    turns: Turns
    tangles: tuple[Tangle, ...]
    links: tuple[str, ...]
    """Variables that are compared with this one as words, or hold it, or are held by it."""
    above: tuple[str, ...]
    """The records it is part of, if they may be unknown themselves."""
    demands: tuple[tuple[Demand, bool], ...]
    """Those that read it, each with True if this is the last of its places."""

    @property
    def depends(self) -> bool:
        """True if other values are worth trying once those of other variables are chosen."""
        return bool(self.tangles or self.links or self.above)


class Search:
    """Finds values for the free variables of some demands; `facts` holds what is known, and afterwards what was found.

    `fractions`: also numbers between two whole ones are tried, where all they are compared with is whole.
    """

    def __init__(
        self,
        demands: Sequence[Demand],
        free: Sequence[Variable],
        facts: dict[str, Value],
        *,
        effort: Effort,
        fractions: bool = False,
    ) -> None:
        self._demands = demands
        self._fractions = fractions
        self.spares_fractions = False
        """True if there are such numbers, and they were not tried."""
        self._facts = facts
        self._read = Facts(values=facts, counts={}, now=None)
        self._left = MOST_COMBINATIONS
        self._effort = effort
        self._keeps = max(0, effort.left - MOST_READ)
        """What this search leaves to the others that share the effort."""
        self._variables = _ordered(free, [demand.reading for demand in demands])
        self.exact = len(free) <= _MOST_PLACES and not (free and any(demand.reading.loose for demand in demands))
        """False if values may exist although none were found."""
        self._places = [self._place(index, demands) for index in range(len(free))] if len(free) <= _MOST_PLACES else []
        self._cut = len(free) > _MOST_PLACES

    def run(self) -> bool:
        """Put values for all free variables into `facts`; False, and nothing is put there, if none were found."""
        if self._cut:
            return False
        if not self._places:
            return all(demand.reading.read(self._read) is demand.truth for demand in self._demands)
        if prod(len(place.values) for place in self._places) > _FEW:
            self._places = [self._filtered(place) for place in self._places]
        if not all(place.values or place.depends for place in self._places):
            return False
        found = self._fill(0)
        self.exact = self.exact and not self._cut
        return found

    def _fill(self, index: int) -> bool:
        if index == len(self._places):
            return True
        place = self._places[index]
        name, asked = place.variable.name, has_name(place.variable.name)
        for value in self._values(place):
            self._left -= 1
            if self._left < 0 or self._effort.left <= self._keeps:
                self._cut = True
                break
            self._facts[asked] = value is not None
            if value is not None:
                self._facts[name] = value
            if self._stands(place) and self._fill(index + 1):
                return True
            self._facts.pop(name, None)
        self._facts.pop(asked, None)
        return False

    def _stands(self, place: _Place, *, alone: bool = False) -> bool:
        """Return True if no demand has failed; `alone`: while all other places are open."""
        for demand, is_last in place.demands:
            self._effort.left -= demand.reading.size
            truth = demand.reading.read(self._read)
            if truth is not demand.truth and (truth is not None or (is_last and not alone)):
                return False
        return True

    def _filtered(self, place: _Place) -> _Place:
        """Return the place without the values that fail whatever is put in the other places."""
        if place.depends:
            return place
        name, asked = place.variable.name, has_name(place.variable.name)
        kept: list[Value | None] = []
        for value in place.values:
            self._facts[asked] = value is not None
            if value is not None:
                self._facts[name] = value
            if self._stands(place, alone=True):
                kept.append(value)
            self._facts.pop(name, None)
        self._facts.pop(asked, None)
        return _Place(
            variable=place.variable,
            values=tuple(kept),
            turns=place.turns,
            tangles=(),
            links=(),
            above=(),
            demands=place.demands,
        )

    # -- places --

    def _place(self, index: int, demands: Sequence[Demand]) -> _Place:
        variable = self._variables[index]
        later = {one.name for one in self._variables[index + 1 :]}
        reading_it = [
            demand for demand in demands if any(one.name == variable.name for one in demand.reading.variables)
        ]
        readings = [demand.reading for demand in demands]
        size = size_name(variable.name)
        tangles = tuple(
            tangle for one in readings for tangle in one.tangles if tangle.quantities & {variable.name, size}
        )
        links = tuple(
            sorted({name for one in readings for link in one.links if variable.name in link for name in link})
        )
        turns = self._turns(variable, readings, tangles, links)
        found = candidates(variable, turns)
        values = (*found.values, *found.between) if self._fractions else found.values
        self.spares_fractions = self.spares_fractions or len(values) < len(found.values) + len(found.between)
        may_lack = variable.path and any(
            variable.name in demand.reading.asked or demand.truth is None for demand in reading_it
        )
        asked = {name for one in readings for name in one.asked}
        self.exact = self.exact and found.complete and all(self._solvable(one) for one in tangles)
        return _Place(
            variable=variable,
            values=(*values, None) if may_lack else values,
            turns=turns,
            tangles=tangles,
            links=tuple(name for name in links if name != variable.name),
            above=tuple(
                name for end in range(1, len(variable.path)) if (name := ".".join(variable.path[:end])) in asked
            ),
            demands=tuple(
                (demand, not any(one.name in later for one in demand.reading.variables)) for demand in reading_it
            ),
        )

    def _turns(
        self, variable: Variable, readings: Iterable[Reading], tangles: Iterable[Tangle], links: Iterable[str]
    ) -> Turns:
        names = {variable.name, *links}
        points: set[Fraction] = set()
        sizes: set[Fraction] = set()
        words: dict[Value, None] = {}
        moments = isinstance(variable.type, Instant | Date)
        for reading in readings:
            points |= reading.bounds.get(variable.name, frozenset())
            sizes |= reading.bounds.get(size_name(variable.name), frozenset())
            for name in reading.words:
                if name in names:
                    words.update(dict.fromkeys(reading.words[name]))
        for tangle in tangles:
            if size_name(variable.name) in tangle.quantities:
                sizes |= constants(tangle)
            elif not moments:
                points |= constants(tangle)
        return Turns(points=frozenset(points), sizes=frozenset(sizes), words=tuple(words), linked=len(names) > 1)

    def _solvable(self, tangle: Tangle) -> bool:
        """Return True if the comparison is with constants alone, once what is known is put in."""
        known = self._measured(tangle)
        free = tangle.quantities - known.keys()
        return not free or (len(free) == 1 and any(True for _ in solutions(tangle, next(iter(free)), known)))

    def _values(self, place: _Place) -> Iterable[Value | None]:
        """Return what to try, now that the places before have their values."""
        if any(self._facts.get(has_name(name)) is False for name in place.above):
            return (None,)
        points, sizes, words = set(place.turns.points), set(place.turns.sizes), dict.fromkeys(place.turns.words)
        before = len(points), len(sizes), len(words)
        for tangle in place.tangles:
            self._effort.left -= _TANGLED * len(tangle.quantities)
            known = self._measured(tangle)
            points.update(solutions(tangle, place.variable.name, known))
            sizes.update(solutions(tangle, size_name(place.variable.name), known))
        for name in place.links:
            value = self._facts.get(name)
            if value is not None:
                words.update(dict.fromkeys(value if isinstance(value, tuple) else (value,)))
        if (len(points), len(sizes), len(words)) == before:
            return place.values
        turns = Turns(points=frozenset(points), sizes=frozenset(sizes), words=tuple(words), linked=place.turns.linked)
        found = candidates(place.variable, turns)
        values = (*found.values, *found.between) if self._fractions else found.values
        return (*values, None) if place.values[-1] is None else values

    def _measured(self, tangle: Tangle) -> Mapping[str, Fraction]:
        """Return the quantities of a comparison that have a value by now."""
        found = {name: self._quantity(name) for name in tangle.quantities}
        return {name: number for name, number in found.items() if number is not None}

    def _quantity(self, name: str) -> Fraction | None:
        if name.startswith("size("):
            value = self._facts.get(name[5:-1])
            return Fraction(len(value)) if isinstance(value, str | tuple) else None
        return quantity(self._facts.get(name))


def _ordered(free: Sequence[Variable], readings: Sequence[Reading]) -> list[Variable]:
    """Return variables in an order in which much is decided early: as in the text, a record before its parts, but
    what is only compared with others after these."""
    firsts = {one.root: index for index, one in reversed(list(enumerate(free)))}
    waiting = sorted(free, key=lambda one: (firsts[one.root], len(one.path)))
    tangles = [tangle.quantities for one in readings for tangle in one.tangles]
    if not tangles:
        return waiting
    bounds = {name for one in readings for name in one.bounds}
    ordered: list[Variable] = []
    open_ones = {name for one in waiting for name in (one.name, size_name(one.name))}
    while waiting:
        best = min(waiting, key=lambda one: _readiness(one, tangles, bounds, open_ones))
        waiting.remove(best)
        ordered.append(best)
        open_ones -= {best.name, size_name(best.name)}
    return ordered


def _readiness(one: Variable, tangles: Sequence[frozenset[str]], bounds: Set[str], open_ones: Set[str]) -> int:
    """Return 0 if values of the variable are known to matter, 2 if not yet."""
    own = {one.name, size_name(one.name)}
    mine = [names for names in tangles if names & own]
    if not mine or own & bounds:
        return 0
    return 1 if any(not (names - own) & open_ones for names in mine) else 2
