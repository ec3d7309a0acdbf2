"""The ways through a procedure as sequences of events, explored from its automaton.

Every condition may come out either way and every limit is left aside, so there are more ways than a case has. Ends with
the outcome `cancelled` release what is still demanded: only ways to another end are looked at. Overrides are none.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

from procflow.automaton.alternatives import Reading
from procflow.automaton.automaton import Automaton
from procflow.automaton.happenings import entering, of_action, of_move, of_start
from procflow.automaton.moves import Move, MoveKind
from procflow.expressions.effort import Effort
from procflow.expressions.expression import Expression
from procflow.lint.rules.automata import Monitor
from procflow.lint.rules.letters import ENDS, OPENS, Kind, Letter, TooMany
from procflow.lint.rules.reading import CANCELLED
from procflow.lint.rules.search import Run
from procflow.model.by import By
from procflow.model.configuration import Configuration
from procflow.model.procedure import Procedure
from procflow.model.rule import Happening, HappeningKind

_NOTHING = Letter(groups=(), kind=Kind.OPENING)
MOST_PLACES = 5_000
"""Where a case may stand. Blocks with many branches have more, and are not followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One move."""

    letter: Letter
    target: int
    move: Move | None
    """None for the opening, and for work that is started."""
    source: int = 0


_MOST_BY = 6
"""Of one event more people are not told apart."""


class Through:
    """The ways from the opening to the ends that are not cancelled."""

    start = 0

    def __init__(self, procedure: Procedure, named: Iterable[Happening], effort: Effort) -> None:
        """`named`: what rules speak of. Raises `TooMany`."""
        self.procedure = procedure
        self._automaton = Automaton(procedure)
        self._named = frozenset(named)
        self._starts = any(one.kind is HappeningKind.STARTS for one in self._named)
        self._letters: dict[Letter, Letter] = {}
        self.places: list[Configuration | None] = [None]
        """Where a case may stand; the first is before the opening."""
        self._numbers: dict[Configuration, int] = {}
        self.edges: list[list[Edge]] = []
        self._good: set[int] = set()
        self._explore(effort)
        self._ahead = self._leading()

    def onward(self, place: int) -> Iterable[tuple[Letter, int]]:
        """Yield what may happen at a place, and where it leads; only what may still come to an end."""
        return self._ahead[place]

    def is_over(self, place: int) -> bool:
        """Return True if a case may end there, and is not cancelled."""
        return place in self._good

    def letters(self) -> Iterator[Letter]:
        """Yield what happens on a way to an end that is not cancelled, each once."""
        yield from dict.fromkeys(letter for onward in self._ahead for letter, _ in onward)

    @property
    def everything(self) -> frozenset[Happening]:
        """What of all that rules name can happen, also in a case that is cancelled."""
        return frozenset().union(*(edge.letter.happens for edges in self.edges for edge in edges))

    def shortest(self, edges: Sequence[tuple[int, Letter, int]] = ()) -> Run | None:
        """Return the shortest way to an end that is not cancelled, by one of some edges if there are any."""
        if not edges:
            return Run(self._onward(self.start)) if self.start in self._after else None
        ways = [edge for edge in edges if edge[0] in self._before]
        if not ways:
            return None
        place, letter, target = min(ways, key=lambda way: self._before[way[0]][2] + self._after[way[2]][2])
        return Run((*self._back(place), letter, *self._onward(target)))

    def _back(self, place: int) -> Sequence[Letter]:
        found = []
        while place != self.start:
            letter, place, _ = self._before[place]
            found.append(letter)
        return found[::-1]

    def _onward(self, place: int) -> Sequence[Letter]:
        found = []
        while place not in self._good:
            letter, place, _ = self._after[place]
            found.append(letter)
        return found

    @cached_property
    def by_action(self) -> Mapping[Happening, list[tuple[int, Letter, int]]]:
        """Every action, wherever it is, with where it is done."""
        found: dict[Happening, list[tuple[int, Letter, int]]] = {}
        for place, onward in enumerate(self._ahead):
            for letter, target in onward:
                for one in letter.happens:
                    if one.kind is HappeningKind.ACTION and one.step is None:
                        found.setdefault(one, []).append((place, letter, target))
        return found

    @cached_property
    def _before(self) -> Mapping[int, tuple[Letter, int, int]]:
        """The last event of the shortest way to each place, where it comes from, and how long that way is."""
        return _nearest([self.start], dict(enumerate(self._ahead)))

    @cached_property
    def _after(self) -> Mapping[int, tuple[Letter, int, int]]:
        """The first event of the shortest way on from each place, where it leads, and how long that way is."""
        back: dict[int, list[tuple[Letter, int]]] = {}
        for place, onward in enumerate(self._ahead):
            for letter, target in onward:
                back.setdefault(target, []).append((letter, place))
        return _nearest(sorted(self._good), back)

    def _explore(self, effort: Effort) -> None:
        opened = self._automaton.initial(_unseen)
        if any(cut for _, _, cut in opened):
            raise TooMany
        self.edges.append([self._opening(at) for at, _, _ in opened])
        at = 1
        while at < len(self.places):
            place = self.places[at]
            assert place is not None
            self.edges.append(list(self._moves(place)))
            effort.spend(len(self.edges[-1]))
            at += 1
            if len(self.places) > MOST_PLACES or effort.is_spent:
                raise TooMany

    def _opening(self, at: Configuration) -> Edge:
        groups = [(OPENS,), *((entering(step),) for step in at.active_steps())]
        return Edge(letter=self._letter(groups, Kind.OPENING), target=self._number(at), move=None)

    def _moves(self, at: Configuration) -> Iterator[Edge]:
        if self._automaton.is_end(at):
            return
        names = dict.fromkeys(name for _, name in self._automaton.due(at))
        names.update(dict.fromkeys(one.id for one in self._automaton.anytime_at(at)))
        here = self._numbers[at]
        for move in self._automaton.timers(at, _unseen):
            if move.cut:
                raise TooMany
            yield self._edge(at, move)
        for name in names:
            for move in self._automaton.moves(at, name, start=False, read=_unseen, used_up=frozenset()):
                if move.cut:
                    raise TooMany
                yield self._edge(at, move)
            if self._starts:
                yield Edge(letter=self._letter([of_start(name)], Kind.START), target=here, move=None)

    def _edge(self, at: Configuration, move: Move) -> Edge:
        by_time = move.kind is MoveKind.TIMER
        done = () if by_time else of_action(move.name, move.step.id if move.step is not None else None)
        groups = [*([done] if done else []), *((one,) for one in of_move(move, at)[len(done) :])]
        if self._automaton.is_end(move.target):
            groups.append((ENDS,))
        kind = Kind.TIME if by_time else Kind.EVENT
        return Edge(letter=self._letter(groups, kind), target=self._number(move.target), move=move)

    def _letter(self, groups: Sequence[Sequence[Happening]], kind: Kind) -> Letter:
        """Return one letter for equal events: what is done, and what else rules name."""
        acted = kind not in (Kind.OPENING, Kind.TIME)
        kept = [frozenset(group[:1]) | (frozenset(group) & self._named) for group in groups[:acted]]
        rest = [frozenset(group) & self._named for group in groups[len(kept) :]]
        letter = Letter(groups=(*kept, *(group for group in rest if group)), kind=kind)
        return self._letters.setdefault(letter, letter)

    def _number(self, at: Configuration) -> int:
        if at not in self._numbers:
            self._numbers[at] = len(self.places)
            self.places.append(at)
            end = self.procedure.top.steps[at.step].end
            if end is not None and end != CANCELLED:
                self._good.add(self._numbers[at])
        return self._numbers[at]

    def _leading(self) -> list[list[tuple[Letter, int]]]:
        """Return for each place what leads on towards an end that is not cancelled."""
        back: dict[int, list[int]] = {}
        for place, edges in enumerate(self.edges):
            for edge in edges:
                back.setdefault(edge.target, []).append(place)
        leading = set(self._good)
        waiting = list(leading)
        while waiting:
            for place in back.get(waiting.pop(), ()):
                if place not in leading:
                    leading.add(place)
                    waiting.append(place)
        return [
            list(dict.fromkeys((edge.letter, edge.target) for edge in edges if edge.target in leading))
            for edges in self.edges
        ]


def _nearest(
    starts: Sequence[int], onward: Mapping[int, Sequence[tuple[Letter, int]]]
) -> Mapping[int, tuple[Letter, int, int]]:
    """Return how each place is come to first: the event, the place before it, and how far it is."""
    found = {place: (_NOTHING, place, 0) for place in starts}
    waiting = deque(starts)
    while waiting:
        place = waiting.popleft()
        for letter, target in onward.get(place, ()):
            if target not in found:
                found[target] = (letter, place, found[place][2] + 1)
                waiting.append(target)
    return found


class Acted:
    """The ways of a procedure, in each of which whoever acts may or may not be whom rules name."""

    start = 0

    def __init__(self, ways: Through, monitors: Sequence[Monitor]) -> None:
        self._ways = ways
        by: dict[By, set[Happening]] = {}
        for one in monitors:
            if one.by is not None:
                by.setdefault(one.by, set()).update(one.targets)
        self._by = by
        self._acted: dict[int, list[Letter]] = {}

    def onward(self, place: int) -> Iterable[tuple[Letter, int]]:
        """Yield what may happen at a place, and where it leads."""
        if not self._by:
            yield from self._ways.onward(place)
            return
        for letter, target in self._ways.onward(place):
            for one in self._variants(letter):
                yield one, target

    def is_over(self, place: int) -> bool:
        """Return True if a case may end there, and is not cancelled."""
        return self._ways.is_over(place)

    def _variants(self, letter: Letter) -> list[Letter]:
        if id(letter) not in self._acted:
            acted = [by for by, of in self._by.items() if not of.isdisjoint(letter.happens)]
            if len(acted) > _MOST_BY:
                raise TooMany
            some = (chosen for size in range(len(acted), -1, -1) for chosen in combinations(acted, size))
            self._acted[id(letter)] = [replace(letter, by=frozenset(one)) for one in some]
        return self._acted[id(letter)]


def _unseen(_condition: Expression) -> Reading:
    """Nobody knows how a condition comes out."""
    return Reading.UNSEEN
