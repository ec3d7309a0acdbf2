"""A `Letter`: what one event can be for rules, whatever time, person and values it comes with.

What rules ask of time, persons and values is kept as *facets*: whether whoever acts may act for a `by`, and whether an
event is near enough to, and of the same values as, the one event in *focus*. Any facets are taken for possible, so what
no sequence of letters does no case does either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import combinations, permutations, product
from typing import TypeVar

from procflow.calendars.length import Length
from procflow.model.by import By
from procflow.model.rule import Happening, HappeningKind

_MOST_STEPS = 3
"""Steps of which rules name the entering, or the leaving, that are looked at together; with more there are too many orders."""


_T = TypeVar("_T")


_MOST_FACETS = 64
"""Ways in which one event may be near, and as many by whom it may be done."""


class Kind(Enum):
    """What kind of event it is."""

    OPENING = "opening"
    EVENT = "event"
    START = "start"
    TIME = "time"
    """Nothing is done: the time of a step has run out, and the case has gone on by it."""
    CLOSING = "closing"
    """The case is closed, and nothing is done with it."""

    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True)
class Near:
    """What an event has to have in common with the one in focus: equal values, other values, and how close they must be."""

    same: frozenset[str] = frozenset()
    different: frozenset[str] = frozenset()
    within: Length | None = None
    calendar: str | None = None
    """What that is counted on; None: on that of the procedure, or in elapsed time."""

    def implies(self, other: Near) -> bool:
        """Return True if what is near in this sense is near in the other."""
        if other.within is not None and (self.within is None or not self._no_farther(other)):
            return False
        return self.same >= other.same and self.different >= other.different

    def _no_farther(self, other: Near) -> bool:
        """Return True if what is within this limit is within the other, wherever they begin; False if that depends."""
        one, two = self.within, other.within
        return one is not None and two is not None and self.calendar == other.calendar and one.no_longer(two)


ANYWHERE = Near()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One event, as far as rules see it."""

    groups: tuple[frozenset[Happening], ...]
    """What happens, in the order that counts within one event; an action and the action in its step are one group."""
    kind: Kind
    by: frozenset[By] = frozenset()
    """Whoever acts may act for these."""
    near: frozenset[Near] = frozenset()
    """In which senses it is near the event in focus."""
    focus: bool = False
    """It is that event itself."""
    happens: frozenset[Happening] = field(init=False, compare=False, repr=False)
    """Everything it is."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "happens", frozenset[Happening]().union(*self.groups))


OPENS = Happening(kind=HappeningKind.OPENS)
ENDS = Happening(kind=HappeningKind.ENDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What some rules ask of events."""

    happenings: frozenset[Happening]
    by: tuple[tuple[By, frozenset[Happening]], ...] = ()
    """Who must have acted, and of which happenings that is asked."""
    near: tuple[Near, ...] = ()
    """In which senses something must be near the focus; () if there is none."""
    focus: Happening | None = None


class TooMany(Exception):
    """There are more letters than can be looked at."""


def letters(asked: Asked) -> list[Letter]:
    """Return every letter that some rules can tell apart, the simplest first. Raises `TooMany`."""
    return list(_faceted(asked))


def _faceted(asked: Asked) -> Iterator[Letter]:
    named = asked.happenings if asked.focus is None else asked.happenings | {asked.focus}
    senses = _senses(asked.near)
    for bare in _bare(named):
        happens = bare.happens
        acted = [by for by, of in asked.by if not of.isdisjoint(happens)]
        if 2 ** len(acted) > _MOST_FACETS:
            raise TooMany
        for by in _subsets(acted):
            for near in senses:
                yield replace(bare, by=frozenset(by), near=near)
            if asked.focus is not None and asked.focus in happens:
                yield replace(bare, by=frozenset(by), focus=True)


def _senses(near: Sequence[Near]) -> list[frozenset[Near]]:
    """Return in which senses something may be near at once: what is near in one sense is so in every wider one.

    The most first. Raises `TooMany`.
    """
    found: list[frozenset[Near]] = [frozenset()]
    for one in sorted(near, key=lambda each: sum(each.implies(other) for other in near)):
        wider = {other for other in near if other != one and one.implies(other)}
        found += [some | {one} for some in found if some >= wider]
        if len(found) > _MOST_FACETS:
            raise TooMany
    return found[::-1]


def _subsets(things: Sequence[_T]) -> Iterator[tuple[_T, ...]]:
    for size in range(len(things), -1, -1):
        yield from combinations(things, size)


def _bare(named: Iterable[Happening]) -> Iterator[Letter]:
    """Yield the letters without facets: an action at most, with any steps left and entered by it."""
    by_kind: dict[HappeningKind, list[Happening]] = {kind: [] for kind in HappeningKind}
    for one in sorted(named, key=str):
        by_kind[one.kind].append(one)
    leaves, enters = by_kind[HappeningKind.LEAVES], by_kind[HappeningKind.ENTERS]
    if max(len(leaves), len(enters)) > _MOST_STEPS:
        raise TooMany
    opens = (frozenset({OPENS}),) if by_kind[HappeningKind.OPENS] else ()
    for entered in _orders(enters):
        yield Letter(groups=(*opens, *entered), kind=Kind.OPENING)
    ending: list[tuple[frozenset[Happening], ...]] = [()]
    if by_kind[HappeningKind.ENDS]:
        ending.append((frozenset({ENDS}),))
        yield Letter(groups=(frozenset({ENDS}),), kind=Kind.CLOSING)
    for done in _done(by_kind[HappeningKind.ACTION]):
        for left, entered, ended in product(_orders(leaves), _orders(enters), ending):
            yield Letter(groups=(*done, *left, *entered, *ended), kind=Kind.EVENT)
    for started in by_kind[HappeningKind.STARTS]:
        yield Letter(groups=(frozenset({started}),), kind=Kind.START)


def _done(actions: Sequence[Happening]) -> Iterator[tuple[frozenset[Happening], ...]]:
    """Yield what may be done with one event: nothing that is named, an action in a step that is named, or elsewhere."""
    yield ()
    for name in dict.fromkeys(one.name for one in actions):
        plain = Happening(kind=HappeningKind.ACTION, name=name)
        here = frozenset({plain}) & frozenset(actions)
        if here:
            yield (here,)
        for one in actions:
            if one.name == name and one.step is not None:
                yield (here | {one},)


def _orders(happenings: Sequence[Happening]) -> list[tuple[frozenset[Happening], ...]]:
    return [
        tuple(frozenset({one}) for one in order)
        for size in range(len(happenings) + 1)
        for order in permutations(happenings, size)
    ]
