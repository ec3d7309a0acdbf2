"""What is certain, and what is possible, wherever a case may stand: a forward data-flow over the regions.

A *fact* is a bit of an int. Along each way facts are gained or lost; where ways meet, certain is what is certain on all
of them and possible what is possible on any. A region is solved once, from nothing and from everything, and so for
whatever is known when it is entered: blocks in blocks cost no more than steps in a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from procflow.lint.ways import ANYTIME, TOP, Map, RegionWays, Way
from procflow.model.procedure import DONE, Action, Branch, Step


class Effect(NamedTuple):
    """What a way, or entering a step, does to facts: first some are lost, then others are gained."""

    gained: int = 0
    """Certain after it."""
    possible: int = 0
    """Possible after it."""
    lost: int = 0


NOTHING = Effect()
_MOST_SWEEPS = 100
"""Over the steps of a region; as many as circles lie one behind the other are needed, and a few more."""


class Known(NamedTuple):
    """Facts at one place."""

    certain: int
    possible: int


class _State(NamedTuple):
    """Facts at a place of a region, as a function of those at its entry: `entry & kept | gained`, twice."""

    gained: int
    kept: int
    possible: int
    still_possible: int

    def after(self, effect: Effect) -> _State:
        keep = ~effect.lost
        return _State(
            self.gained & keep | effect.gained,
            self.kept & keep | effect.gained,
            self.possible & keep | effect.possible,
            self.still_possible & keep | effect.possible,
        )

    def met_by(self, other: _State) -> _State:
        return _State(
            self.gained & other.gained,
            self.kept & other.kept,
            self.possible | other.possible,
            self.still_possible | other.still_possible,
        )

    def of(self, entry: Known) -> Known:
        return Known(entry.certain & self.kept | self.gained, entry.possible & self.still_possible | self.possible)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What a family of checks says that ways do."""

    entering: Callable[[Step], Effect]
    leaving: Callable[[Way, Step], Effect]
    """Of a way out of a step; of the `then` of a block without what its branches do."""
    anytime: Callable[[Action], Effect]
    needed: Callable[[Branch, bool], int]
    """What is certain because a branch was needed, or was not."""


@dataclass(slots=True)
class _Solved:
    """One region."""

    states: dict[str, _State]
    """Step, or `done` -> facts on arrival there."""
    inside: int = 0
    """Everything that may be gained in it."""
    lost: int = 0
    """Everything that may be lost in it."""
    ways: list[tuple[Way, Effect]] = field(default_factory=list)


class Facts:
    """The facts of one procedure under some effects."""

    def __init__(self, whole: Map, effects: Effects) -> None:
        self.map = whole
        self.effects = effects
        self.settled = True
        """False of a tangle of circles so large that nothing is said of it: what was found so far proves nothing."""
        self._solved: dict[str, _Solved] = {}
        self.blocks: dict[str, Effect] = {}
        """Block -> what is gained from its entry to its `then`."""
        for name, ways in whole.regions.items():
            self._solved[name] = self._solve(ways)
        self._at: dict[str, Known] = {}
        self._place(whole.top, Known(0, 0))

    def at(self, step: str) -> Known | None:
        """Return the facts when a case has come to a step; None if none ever does."""
        return self._at.get(step)

    def ways(self, region: str) -> list[tuple[Way, Effect]]:
        """Return the ways of a region, `anytime` included, each with all it does until the next step is entered."""
        return self._solved[region].ways

    def gained_in(self, branch: Branch) -> int:
        """Return what is certain once a branch is done because of what was done in it; 0 if it is never done."""
        done = self._solved[branch.id].states.get(DONE)
        return done.gained if done is not None else 0

    # --- one region --------------------------------------------------------------------------------------------

    def _solve(self, ways: RegionWays) -> _Solved:
        steps = ways.region.steps
        entering = {name: self.effects.entering(step) for name, step in steps.items()}
        solved = _Solved(states={})
        for name, step in steps.items():
            if step.parallel is not None:
                self.blocks[name] = self._through(step)
        solved.ways = list(self._ways(ways))
        for effect in (*entering.values(), *(effect for _, effect in solved.ways)):
            solved.inside |= effect.possible
            solved.lost |= effect.lost
        for step in steps.values():
            for branch in step.branches:
                solved.inside |= self._solved[branch.id].inside
                solved.lost |= self._solved[branch.id].lost
        out: dict[str, list[tuple[str, Effect]]] = {}
        for way, effect in solved.ways:
            out.setdefault(way.source, []).append((way.target, effect))
        self._spread(ways.region.start, entering, out, solved.states)
        return solved

    def _spread(
        self,
        start: str,
        entering: Mapping[str, Effect],
        out: Mapping[str, Iterable[tuple[str, Effect]]],
        states: dict[str, _State],
    ) -> None:
        # Sweeps in an order in which most of what leads to a place comes before it: a circle costs another sweep.
        states[start] = _State(0, -1, 0, -1).after(entering[start])
        places, changed = _in_order_of_work(start, out), {start}
        sweeps = 0
        while changed:
            sweeps += 1
            if sweeps > _MOST_SWEEPS:
                self.settled = False
                return
            for place in places:
                if place not in changed:
                    continue
                changed.discard(place)
                for target, effect in out.get(place, ()):
                    arrived = states[place].after(effect).after(entering.get(target, NOTHING))
                    before = states.get(target)
                    met = arrived if before is None else before.met_by(arrived)
                    if met != before:
                        states[target] = met
                        changed.add(target)

    def _ways(self, ways: RegionWays) -> Iterator[tuple[Way, Effect]]:
        for way in ways.ways():
            step = ways.region.steps[way.source]
            effect = self.effects.leaving(way, step)
            if way.late:
                before = self._meanwhile(step)
                effect = Effect(effect.gained, effect.possible | before.possible, effect.lost | before.lost)
            elif step.parallel is not None:
                through = self.blocks[step.id]
                effect = Effect(through.gained | effect.gained, through.possible | effect.possible, effect.lost)
            yield way, effect
        if ways.name == TOP:
            yield from self._anytime(ways)

    def _anytime(self, ways: RegionWays) -> Iterator[tuple[Way, Effect]]:
        everywhere = False
        for action in self.map.procedure.anytime.values():
            if not action.moves:
                continue
            arrow, effect = action.arrows[0], self.effects.anytime(action)
            for source, known in self._sources(action):
                way = Way(source=source, target=arrow.to, action=action, arrow=arrow, anytime=True)
                before = NOTHING if source == ANYTIME else self._meanwhile(ways.region.steps[source])
                yield way, Effect(effect.gained | known, effect.possible | before.possible, effect.lost | before.lost)
            everywhere = everywhere or not action.during
        if everywhere:
            for step in ways.region.steps.values():
                if step.end is None:
                    yield Way(source=step.id, target=ANYTIME), self._meanwhile(step)

    def _sources(self, action: Action) -> Iterator[tuple[str, int]]:
        """Yield where an action is possible, with what is certain there beyond what was when the block was entered."""
        if not action.during:
            yield ANYTIME, 0
        for step in action.during:
            known = 0
            for ways, one in self.map.around(step):
                if ways.name == TOP:
                    yield one, known
                elif one not in self._solved[ways.name].states:
                    break
                else:
                    known |= self._solved[ways.name].states[one].gained

    def _meanwhile(self, step: Step) -> Effect:
        """Return what may have been done in a step that is cut short."""
        inner = [self._solved[branch.id] for branch in step.parallel.branches] if step.parallel is not None else []
        possible = lost = 0
        for one in inner:
            possible |= one.inside
            lost |= one.lost
        return Effect(0, possible, lost)

    def _through(self, block: Step) -> Effect:
        assert block.parallel is not None
        gained = possible = 0
        for branch in block.parallel.branches:
            done = self._solved[branch.id].states.get(DONE)
            if done is None:
                continue
            possible |= done.possible
            if branch.only_if is None:
                gained |= done.gained
            else:
                gained |= (done.gained | self.effects.needed(branch, True)) & self.effects.needed(branch, False)
        return Effect(gained, possible, 0)

    # --- from the top down -----------------------------------------------------------------------------------------

    def _place(self, ways: RegionWays, entry: Known) -> None:
        for name, state in self._solved[ways.name].states.items():
            if name in (DONE, ANYTIME):
                continue
            self._at[name] = here = state.of(entry)
            step = ways.region.steps[name]
            if step.parallel is not None:
                self._place_branches(step, here)

    def _place_branches(self, block: Step, here: Known) -> None:
        assert block.parallel is not None
        for branch in block.parallel.branches:
            lost = beside = 0
            for other in block.parallel.branches:
                if other.id != branch.id:
                    lost |= self._solved[other.id].lost
                    beside |= self._solved[other.id].inside
            known = self.effects.needed(branch, True) if branch.only_if is not None else 0
            entry = Known(here.certain & ~lost | known, here.possible | beside)
            self._place(self.map.regions[branch.id], entry)


def _in_order_of_work(start: str, out: Mapping[str, Iterable[tuple[str, Effect]]]) -> list[str]:
    """Return what is reached from `start`, each place as late as circles allow (reverse postorder, without recursion)."""
    seen, left = {start}, []
    stack = [(start, iter(out.get(start, ())))]
    while stack:
        place, onward = stack[-1]
        for target, _ in onward:
            if target not in seen:
                seen.add(target)
                stack.append((target, iter(out.get(target, ()))))
                break
        else:
            left.append(place)
            stack.pop()
    return left[::-1]
