"""Sequences of events that keep rules: the shortest one, or a few rules that no sequence keeps together.

Rules are taken in one after the other: a sequence is looked for that keeps none in particular, then one that keeps the
first rule this one breaks as well, and so on. So most of the time few rules are looked at together, however many there
are; and if there is no sequence, few rules are to blame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from itertools import islice
from typing import Protocol

from procflow.expressions.effort import Effort
from procflow.lint.rules.automata import BROKEN, Monitor, Sign, State
from procflow.lint.rules.letters import Letter
from procflow.model.rule import Happening, Rule

_WEIGHT = 3
"""How much sooner a sequence is followed up that leaves one rule fewer open, counted in events."""


class Run(tuple[Letter, ...]):
    """A sequence of events, the opening first."""

    @cached_property
    def places(self) -> Mapping[Happening, Sequence[int]]:
        """Where everything happens."""
        found: dict[Happening, list[int]] = {}
        for number, letter in enumerate(self):
            for one in letter.happens:
                found.setdefault(one, []).append(number)
        return found

    def seen_by(self, monitor: Monitor) -> Iterable[int]:
        """Return which events may matter to a monitor, in order."""
        if monitor.counts_events:
            return range(len(self))
        return sorted({number for one in monitor.names for number in self.places.get(one, ())})


class System(Protocol):
    """What sequences there are: places, and the letters that lead from one to the next."""

    start: int
    """The place before the opening."""

    def onward(self, place: int) -> Iterable[tuple[Letter, int]]:
        """Yield what may happen at a place, and where it leads."""

    def is_over(self, place: int) -> bool:
        """Return True if a case may end there."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Unit:
    """What is kept or broken as one: most often one rule; of two that exclude each other what follows from both."""

    rules: tuple[Rule, ...]
    monitors: tuple[Monitor, ...]


def monitors_in(units: Iterable[Unit]) -> list[Monitor]:
    """Return the automata of some units."""
    return [one for unit in units for one in unit.monitors]


class Spent(Exception):
    """The effort is spent: nothing was proved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a search came to: a run that keeps all rules, or a core of rules that no run keeps together."""

    run: Run | None
    core: tuple[Unit, ...] = ()


class Watched(Protocol):
    """What a search keeps: a monitor, or what stands in for one."""

    @property
    def start(self) -> State:
        """The state before anything happened."""

    def sign(self, letter: Letter) -> Sign:
        """Return what a letter is to it."""

    def step(self, state: State, sign: Sign) -> State:
        """Return the state after a letter; `BROKEN` if nothing can follow."""

    def is_kept(self, state: State) -> bool:
        """Return True if a sequence may end in this state."""


Goal = Callable[[Letter], bool]
_Node = tuple[int, bool, tuple[State, ...]]


def keeping(
    units: Sequence[Unit],
    system_of: Callable[[Sequence[Unit]], System],
    goal: Goal | None,
    effort: Effort,
    known: Run | None = None,
) -> Answer:
    """Return a run that reaches the goal and keeps every rule, or the rules that stand against it.

    `system_of` gives the sequences that some rules can tell apart; `known` is one of them that reaches the goal.
    Raises `Spent`.
    """
    taken: list[Unit] = []
    while True:
        run, known = known, None
        run = run or find(system_of(taken), monitors_in(taken), goal, effort, hurried=len(taken) > 2)
        if run is None:
            return Answer(run=None, core=_least(taken, system_of, goal, effort))
        broken = (unit for unit in units if unit not in taken and broken_at(unit, run) is not None)
        # One at first, so that few rules are to blame; of many more at a time, so that it does not take as many rounds.
        more = list(islice(broken, 1 + len(taken) // 3))
        if not more:
            return Answer(run=run)
        taken += more


def _least(
    taken: Sequence[Unit], system_of: Callable[[Sequence[Unit]], System], goal: Goal | None, effort: Effort
) -> tuple[Unit, ...]:
    """Leave out the rules without which there is no sequence either, as far as the effort goes."""
    core = list(taken)
    for unit in taken:
        rest = [one for one in core if one is not unit]
        try:
            if find(system_of(rest), monitors_in(rest), goal, effort) is None:
                core = rest
        except Spent:
            break
    return tuple(core)


def find(
    system: System, monitors: Sequence[Watched], goal: Goal | None, effort: Effort, *, hurried: bool = False
) -> Run | None:
    """Return the shortest run to the goal that keeps some rules; if `hurried`, a short one. None: there is none."""
    return _Search(system, monitors, goal, effort).run(hurried=hurried)


class _Search:
    def __init__(self, system: System, monitors: Sequence[Watched], goal: Goal | None, effort: Effort) -> None:
        self.system = system
        self.monitors = monitors
        self.goal = goal
        self.effort = effort
        self.signs: dict[int, tuple[tuple[int, Sign], ...]] = {}
        """By letter: the monitors it matters to, and what it is to them."""
        self.reached: dict[int, bool] = {}
        self.letters: list[Letter] = []
        """Kept, so that no other letter takes the number of one that is gone."""

    def run(self, *, hurried: bool) -> Run | None:
        first: _Node = (self.system.start, self.goal is None, tuple(one.start for one in self.monitors))
        came: dict[_Node, tuple[_Node, Letter] | None] = {first: None}
        waiting: list[tuple[int, int, int, _Node]] = [(0, 0, 0, first)]
        while waiting:
            _, number, depth, node = heappop(waiting)
            if self._is_goal(node):
                return _trace(came, node)
            for letter, onward in self._onward(node):
                if onward not in came:
                    came[onward] = (node, letter)
                    number = len(came)
                    cost = depth + 1 + (_WEIGHT * self._open(onward) if hurried else 0)
                    heappush(waiting, (cost, number, depth + 1, onward))
        return None

    def _is_goal(self, node: _Node) -> bool:
        place, reached, states = node
        return reached and self.system.is_over(place) and self._kept(states)

    def _kept(self, states: Sequence[State]) -> bool:
        return all(one.is_kept(state) for one, state in zip(self.monitors, states, strict=True))

    def _open(self, node: _Node) -> int:
        return sum(not one.is_kept(state) for one, state in zip(self.monitors, node[2], strict=True))

    def _onward(self, node: _Node) -> Iterable[tuple[Letter, _Node]]:
        place, reached, states = node
        self.effort.spend(1)
        for letter, target in self.system.onward(place):
            self.effort.spend(1)
            after = self._after(states, letter)
            if after is not None:
                yield letter, (target, reached or self._reaches(letter), after)
        if self.effort.is_spent:
            raise Spent

    def _reaches(self, letter: Letter) -> bool:
        known = self.reached.get(id(letter))
        if known is None:
            assert self.goal is not None
            known = self.reached[id(letter)] = self.goal(letter)
        return known

    def _after(self, states: tuple[State, ...], letter: Letter) -> tuple[State, ...] | None:
        signs = self.signs.get(id(letter))
        if signs is None:
            self.letters.append(letter)
            every = ((number, one.sign(letter)) for number, one in enumerate(self.monitors))
            signs = self.signs[id(letter)] = tuple((n, sign) for n, sign in every if sign.marks or sign.counts)
        if not signs:
            return states
        after = list(states)
        for number, sign in signs:
            after[number] = state = self.monitors[number].step(states[number], sign)
            if state == BROKEN:
                return None
        return tuple(after)


def _trace(came: Mapping[_Node, tuple[_Node, Letter] | None], node: _Node) -> Run:
    trace: list[Letter] = []
    while (before := came[node]) is not None:
        node, letter = before
        trace.append(letter)
    return Run(reversed(trace))


def broken_at(unit: Unit, run: Run) -> int | None:
    """Return the event of a run with which it breaks a rule, `len(run)` for its end; None if it keeps the rule."""
    found: list[int] = []
    for one in unit.monitors:
        state = one.start
        for number in run.seen_by(one):
            state = one.step(state, one.sign(run[number]))
            if state == BROKEN:
                found.append(number)
                break
        else:
            if not one.is_kept(state):
                found.append(len(run))
    return min(found, default=None)
