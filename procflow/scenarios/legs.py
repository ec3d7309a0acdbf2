"""Legs: ways through a procedure to one thing after another, round others.

What sets a rule off, what begins a clock, is somewhere on the way; from there it goes on, or to an end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from procflow.expressions.expression import Expression, Truth
from procflow.model.rule import Happening, HappeningKind
from procflow.scenarios.searching import Demand, Search, Taken, Way

MOST_WAYS = 3
"""Ways followed from one leg to the next."""
_MOST_TRIED = 6_000
"""Actions looked at for one leg."""

Fits = Callable[[Taken], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A part of a way: to something, and round something else."""

    to: Fits
    round: Fits
    when: bool = False
    """True: the condition of what is looked for holds at its end."""


class Legs:
    """Goes legs through one procedure."""

    def __init__(self, search: Search) -> None:
        self.search = search

    def ways(self, legs: Sequence[Leg], when: Expression | None = None, *, start: Sequence[Way] = ()) -> Iterator[Way]:
        """Yield ways that go all legs, the shortest of each; from the opening, or from `start`."""
        ways = list(start) or list(self.search.start())
        for leg in legs:
            ways = list(islice(self._along(ways, leg, when), MOST_WAYS))
        yield from ways

    def _along(self, ways: Sequence[Way], leg: Leg, when: Expression | None) -> Iterator[Way]:
        extra: Sequence[Demand] = [(when, Truth.TRUE)] if leg.when and when is not None else ()
        # Every place once finds the shortest; with its data the search finds what else may hold there.
        for coarse in (True, False):
            found = False
            looked = self.search.explore_from(ways, whole=False, coarse=coarse, avoided=leg.round)
            for way, taken, onward in islice(looked, _MOST_TRIED):
                if onward is None or leg.round(taken) or not leg.to(taken):
                    continue
                demands = self.search.demands_at(way, taken, extra) if extra else onward.demands
                if demands is not None:
                    found = True
                    yield replace(onward, demands=demands)
            if found:
                return

    def ended(self, ways: Sequence[Way], *, avoided: Fits) -> Iterator[Way]:
        """Yield ways on to an end, one that is not cancelled if there is one; as they are where they stand in one."""
        automaton = self.search.automaton
        for way in ways:
            if automaton.is_end(way.at):
                yield way
                continue
            ends = (
                onward
                for _, taken, onward in self.search.explore_from([way], whole=False, coarse=True, avoided=avoided)
                if onward is not None and not avoided(taken) and automaton.is_end(onward.at)
            )
            found = list(islice(ends, MOST_WAYS))
            yield from sorted(found, key=self._cancelled)

    def _cancelled(self, way: Way) -> bool:
        return self.search.automaton.procedure.steps[way.at.step].end == "cancelled"


# --- what an action amounts to -------------------------------------------------------------------------------------


def any_of(happenings: Sequence[Happening]) -> Fits:
    """Return what says whether an action is, or brings about, one of these."""
    return lambda taken: any(_fits(one, taken) for one in happenings)


def _fits(one: Happening, taken: Taken) -> bool:
    match one.kind:
        case HappeningKind.ACTION | HappeningKind.STARTS:
            here = taken.step.id if taken.step is not None else None
            return one.name in (taken.name, *taken.spot.items) and one.step in (None, here)
        case HappeningKind.ENTERS:
            return one.name in taken.move.entered
        case HappeningKind.LEAVES:
            return one.name in taken.move.left
        case _:
            return False


def not_(fits: Fits) -> Fits:
    """Return what says the contrary."""
    return lambda taken: not fits(taken)


def nothing(_: Taken) -> bool:
    """Fit nothing."""
    return False
