"""Ways through a procedure, shortest first, each with what its conditions ask of the data.

A breadth-first search over the configurations of the automaton. A condition on the way is read both ways; what it
must be is remembered as a demand, and a way whose demands no values can meet is not followed. A field that is collected
again may get another value there: it is then another field of the search.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from procflow.automaton.alternatives import NoteKind, Read, Reading
from procflow.automaton.automaton import Automaton
from procflow.automaton.moves import Move
from procflow.expressions.boundaries import Answer, satisfy
from procflow.expressions.effort import Effort
from procflow.expressions.expression import Expression, Facts, Truth
from procflow.expressions.renaming import at_point
from procflow.model.configuration import Configuration
from procflow.model.hand_off import ACTS, REFUSE
from procflow.model.procedure import Step
from procflow.scenarios.spots import Spot, active, givers_of, spot_of

MOST_NODES = 800
"""How many places with their past are looked at before the search gives up."""
MOST_PLACES = 4_000
"""The same where no place is gone to twice."""
MOST_READINGS = 64
"""In how many ways the conditions of one action are read."""
_MOST_COUNTED = 20
_MOST_EFFORT = 60_000_000
"""Of all that is looked for in one procedure, in the unit of `Effort`: some ten seconds to half a minute."""
_OF_AN_ACTION, _OF_A_BRANCH = 300, 10
"""What it takes to try an action, and more for each branch that stands beside it, in that unit."""

Demand = tuple[Expression, Truth]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One action on a way, with the items of the checklist that come first."""

    spot: Spot
    name: str
    move: Move
    read: Mapping[Expression, Truth]
    """The conditions that were read, as the procedure has them, and how."""
    renewed: Mapping[str, str]
    """Data field -> the name under which the search knows the value that must be written here: it was another before,
    or nobody is asked for it here."""
    flaws: frozenset[NoteKind] = frozenset()
    """What is wrong with it; empty for an action in order."""

    @property
    def step(self) -> Step | None:
        """The step it is done in; None: at any time."""
        return self.spot.step


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Way:
    """A case after some actions."""

    before: Way | None
    taken: Taken | None
    """The last action; None if nothing was done yet."""
    at: Configuration
    names: Mapping[str, str]
    """Data field -> the name of its present value, where it is not its own."""
    counts: Mapping[str, int]
    known: frozenset[str]
    """Data fields that somebody could have given."""
    demands: frozenset[int]
    """The numbers of what must hold."""
    length: int

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from other ways that can go on differently."""
        return self.at, frozenset(self.counts.items()), self.demands

    def entries(self) -> list[Taken]:
        """Return the actions from the start."""
        found: list[Taken] = []
        way: Way | None = self
        while way is not None and way.taken is not None:
            found.append(way.taken)
            way = way.before
        return found[::-1]


class Search:
    """Looks for ways through one procedure; remembers which demands can be met."""

    def __init__(self, automaton: Automaton, now: datetime) -> None:
        """Look for ways of cases that open at `now`, and in which no time passes."""
        self.automaton = automaton
        self.now = now
        self.effort = Effort(left=_MOST_EFFORT)
        self._demands: list[Demand] = []
        self._numbers: dict[tuple[object, ...], int] = {}
        self._met: dict[frozenset[int], Answer] = {}
        gates = (*automaton.gates, *(one for guards in automaton.guards.values() for one in guards))
        self._watched = frozenset(automaton.limited) | frozenset(name for one in gates for name in one.counts)

    # -- demands --

    def met(self, demands: frozenset[int]) -> Answer:
        """Return values that meet all demands, if there are some."""
        known = self._met.get(demands)
        if known is None:
            told = [self._demands[number] for number in sorted(demands)]
            known = self._met[demands] = satisfy(told, counts={}, now=self.now, effort=self.effort)
        return known

    def _number(self, demand: Demand, names: Mapping[str, str], counts: Mapping[str, int]) -> int:
        """Return the number under which a demand is known, as it is read at one point of a case."""
        expression, truth = demand
        renamed = tuple((name, names[name]) for name in sorted(expression.reads & names.keys()))
        counted = tuple((name, counts.get(name, 0)) for name in sorted(expression.counts))
        # The expressions of a procedure live as long as it does; to compare them goes through their trees.
        key = (id(expression), truth, renamed, counted)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._demands)
            self._demands.append((at_point(expression, names, counts), truth))
        return number

    def demands_at(self, way: Way, taken: Taken, extra: Sequence[Demand] = ()) -> frozenset[int] | None:
        """Return the demands of `taken` at the end of a way, and of conditions read beside it; None if they cannot be met."""
        names = {**way.names, **taken.renewed}
        known = way.known | taken.spot.giveable | taken.renewed.keys()
        found = set(way.demands)
        for expression, truth in (*taken.read.items(), *extra):
            if not expression.reads <= known:
                if self._blind(expression, way) is not truth:
                    return None
                continue
            found.add(self._number((expression, truth), names, way.counts))
        whole = frozenset(found)
        return whole if self.met(whole) else None

    def _blind(self, expression: Expression, way: Way) -> Truth:
        """Return what a condition says while nobody can have given what it reads."""
        return expression.evaluate(Facts(values={}, counts=way.counts, now=self.now)).truth

    # -- ways --

    def start(self, when: Expression | None = None) -> Iterator[Way]:
        """Yield how a case can open, such that a condition holds then if there is one."""
        opening = frozenset(self.automaton.procedure.data) - frozenset(
            name for one in givers_of(self.automaton.procedure) for name in one
        )
        for told, ways in _read_both_ways(lambda read: list(self.automaton.initial(read)), lambda _: None):
            asked = () if when is None or not when.reads <= opening else ((when, Truth.TRUE),)
            demands = frozenset(self._number(one, {}, {}) for one in (*told.items(), *asked))
            known = opening | frozenset(name for one in told for name in one.reads)
            for at, notes, _ in ways[:1]:
                if not notes and self.met(demands):
                    yield Way(
                        before=None, taken=None, at=at, names={}, counts={}, known=known, demands=demands, length=0
                    )

    def explore(self, *, whole: bool, coarse: bool = False) -> Iterator[tuple[Way, Taken, Way | None]]:
        """Yield actions that can be done, each with the way before it and, if it is in order, the way with it.

        Shortest ways first. Unless `whole`, branches of a block are gone through one after the other, not in every order.
        """
        yield from self.explore_from(list(self.start()), whole=whole, coarse=coarse)

    def explore_from(
        self,
        ways: Sequence[Way],
        *,
        whole: bool,
        coarse: bool = False,
        avoided: Callable[[Taken], bool] | None = None,
    ) -> Iterator[tuple[Way, Taken, Way | None]]:
        """Yield the same from these ways on; `coarse`: no place is gone to twice, whatever the data.

        What is `avoided` is yielded, and not gone on from.
        """
        waiting = deque(ways)
        seen: set[object] = {one.at if coarse else one.key for one in ways}
        while waiting and not self.effort.is_spent:
            way = waiting.popleft()
            for taken, onward in self._onward(way, whole=whole):
                yield way, taken, onward
                if avoided is not None and avoided(taken):
                    continue
                key: object = None if onward is None else onward.at if coarse else onward.key
                if onward is not None and key not in seen and len(seen) < (MOST_PLACES if coarse else MOST_NODES):
                    seen.add(key)
                    waiting.append(onward)

    def _onward(self, way: Way, *, whole: bool) -> Iterator[tuple[Taken, Way | None]]:
        """Yield what can be done at the end of a way."""
        for action in self.automaton.anytime_at(way.at):
            if action.id not in ACTS:
                yield from self.done(way, action.id)
        due = list(self.automaton.due(way.at))
        for step in active(self.automaton.procedure, way.at):
            names = [name for one, name in due if one is step]
            # Items come with the action that needs them; if none does, they are done for themselves.
            written = step.actions.keys() - ACTS.keys()
            items = [name for name in names if name not in step.actions and written <= set(names)]
            # Whoever does anything accepts the work, so nobody has to say so.
            actions = [name for name in step.actions if name in written]
            done = [one for name in (*actions, *items) for one in self.done(way, name)]
            if REFUSE in names:
                done += self.done(way, REFUSE)
            yield from done
            if not whole and any(onward is not None for _, onward in done):
                return

    def done(self, way: Way, name: str) -> Iterator[tuple[Taken, Way | None]]:
        """Yield the ways in which an action can be done at the end of a way, as `explore` does."""
        self.effort.spend(_OF_AN_ACTION + _OF_A_BRANCH * len(way.at.branches))
        spot = spot_of(self.automaton, way.at, name)
        assert spot is not None
        at = self._after_items(way.at, spot)
        used_up = self._used_up(name, way.counts)

        def moves(read: Read) -> list[Move]:
            return list(self.automaton.moves(at, name, start=False, read=read, used_up=used_up))

        for told, found in _read_both_ways(moves, lambda one: self._certain(one, way, spot)):
            for move in found[:1]:
                flaws = frozenset(note.kind for note in move.notes)
                taken = Taken(spot=spot, name=name, move=move, read=told, renewed={}, flaws=flaws)
                yield from self._taken(way, taken)

    def _taken(self, way: Way, taken: Taken) -> Iterator[tuple[Taken, Way | None]]:
        known = way.known | taken.spot.giveable
        handed = {name: name for one in taken.read for name in sorted(one.reads - known)}
        taken = replace(taken, renewed=handed)
        demands = self.demands_at(way, taken)
        if demands is None:
            again = {
                name: f"{name}__{way.length + 1}"
                for name in taken.spot.may_give
                if name in way.known and any(name in one.reads for one in taken.read)
            }
            if not again:
                return
            taken = replace(taken, renewed={**handed, **again})
            demands = self.demands_at(way, taken)
            if demands is None:
                return
        if taken.flaws:
            yield taken, None
            return
        yield (
            taken,
            Way(
                before=way,
                taken=taken,
                at=taken.move.target,
                names={**way.names, **taken.renewed},
                counts=self._counted(way.counts, (*taken.spot.items, taken.name)),
                known=known | taken.renewed.keys(),
                demands=demands,
                length=way.length + 1,
            ),
        )

    def _certain(self, expression: Expression, way: Way, spot: Spot) -> Truth | None:
        """Return what a condition says whatever is given; None if that depends.

        What is read can be handed over with the action that makes it be read, although nobody is asked for it there.
        """
        if expression.reads and expression.reads <= way.known | spot.giveable:
            return None
        blind = self._blind(expression, way)
        return None if blind is Truth.UNDECIDED and expression.reads else blind

    def _after_items(self, at: Configuration, spot: Spot) -> Configuration:
        for item in spot.items:
            moves = self.automaton.moves(at, item, start=False, read=_undecided, used_up=frozenset())
            at = next(iter(moves)).target
        return at

    # -- counting --

    def _counted(self, counts: Mapping[str, int], names: Sequence[str]) -> Mapping[str, int]:
        watched = [name for name in names if name in self._watched]
        if not watched:
            return counts
        after = dict(counts)
        for name in watched:
            after[name] = min(after.get(name, 0) + 1, _MOST_COUNTED)
        return after

    def _used_up(self, name: str, counts: Mapping[str, int]) -> frozenset[int]:
        limited = self.automaton.limited.get(name, ())
        done = counts.get(name, 0)
        return frozenset(index for index, one in enumerate(limited) if one.at_most is not None and done >= one.at_most)


# --- reading conditions both ways ----------------------------------------------------------------------------------


class _Asked(Exception):
    """A condition is read, and it depends on the data how it comes out."""

    def __init__(self, expression: Expression) -> None:
        super().__init__(str(expression))
        self.expression = expression


def _read_both_ways(
    found: Callable[[Read], Found], certain: Callable[[Expression], Truth | None]
) -> Iterator[tuple[Mapping[Expression, Truth], Found]]:
    """Yield what is found for every way in which the conditions that are read can come out, with that way.

    `certain` says what a condition says in any case; None if that depends on the data.
    """
    waiting: list[dict[Expression, Truth]] = [{}]
    count = 0
    while waiting and count < MOST_READINGS:
        told = waiting.pop(0)

        def read(expression: Expression, told: Mapping[Expression, Truth] = told) -> Reading:
            truth = told.get(expression) or certain(expression)
            if truth is None:
                raise _Asked(expression)
            return _READING[truth]

        try:
            one = found(read)
        except _Asked as asked:
            waiting[:0] = [{**told, asked.expression: truth} for truth in (Truth.TRUE, Truth.FALSE)]
            continue
        count += 1
        yield told, one


def _undecided(_: Expression) -> Reading:
    return Reading.UNDECIDED


_READING: Mapping[Truth, Reading] = {
    Truth.TRUE: Reading.TRUE,
    Truth.FALSE: Reading.FALSE,
    Truth.UNDECIDED: Reading.UNDECIDED,
}
