"""The longest and the shortest a case may take from where a promise begins to where it is kept.

A walk goes through one region; a block is gone through branch by branch, and takes as long as the slowest of them.
Moments are worked out as clocks do, step after step from a given beginning: whatever begins later is never over
earlier, so that of all ways to a step only the one that comes there last has to be followed (or first).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from procflow.calendars.length import Length
from procflow.lint.time.scene import Measure
from procflow.lint.time.spans import Span
from procflow.lint.ways import RegionWays, Way
from procflow.lint.witness import arrow_of, clipped
from procflow.model.procedure import DONE, Step

_MOST_STATES = 4_000
"""Of more, work that is sent back is counted once."""


class Unclear(Exception):
    """How long it takes cannot be told: a promise may be kept in several branches side by side."""


class Trail(NamedTuple):
    """How a walk came to where it is."""

    before: Trail | None
    text: str
    lengths: tuple[Measure, ...]

    def parts(self) -> Iterator[Trail]:
        """Yield the bits in their order."""
        found: list[Trail] = []
        here: Trail | None = self
        while here is not None:
            found.append(here)
            here = here.before
        yield from reversed(found)

    def told(self) -> str:
        """Return the way in words."""
        chunks: list[str] = []
        for one in self.parts():
            if chunks and not one.text.startswith(" -"):
                chunks[-1] += one.text
            else:
                chunks.append(one.text)
        return clipped(chunks)

    def lengths_taken(self) -> list[Measure]:
        """Return what was spent on the way, in order."""
        return [length for one in self.parts() for length in one.lengths]


class Arrival(NamedTuple):
    """When a walk comes somewhere, and how."""

    at: datetime
    trail: Trail | None
    bounded: bool = True
    """False if a step on the way has no limit, and counts nothing."""


class Outcome(NamedTuple):
    """What becomes of a walk through a region."""

    stopped: Arrival | None = None
    """Where the promise was kept inside; None if it is not."""
    over: Arrival | None = None
    """Where the region is done, and the promise runs on; None if it does not."""


class Walks:
    """Goes through a procedure, each step taking as long as `limit` says."""

    def __init__(self, span: Span, limit: Callable[[Step], Sequence[Measure]], *, slowest: bool, rounds: bool) -> None:
        """`rounds`: work that is sent back is counted as often as `at-most` allows."""
        self._span = span
        self._map = span.scene.map
        self._limit = limit
        self._slowest = slowest
        self._rounds = rounds
        self._plans: dict[str, _Plan] = {}

    def through(self, name: str, first: str, begins: Arrival) -> Outcome:
        """Return when the promise is kept at the latest (or soonest) if it begins in a step of a region."""
        region = self._map.regions[name]
        plan = self._plans.get(f"{name} {first}")
        if plan is None:
            plan = self._plans[f"{name} {first}"] = _Plan(region, first, rounds=self._rounds and self._slowest)
        arrivals: dict[_State, Arrival] = {plan.first: begins._replace(trail=Trail(begins.trail, first, ()))}
        stopped: Arrival | None = None
        over: Arrival | None = None
        for state in plan.order:
            here = arrivals.get(state)
            step = region.region.steps.get(state[0])
            if here is None or step is None or step.end is not None:
                continue
            inside, left = self._spent(step, here)
            stopped = self._chosen(stopped, inside)
            if left is None:
                continue
            for way, target in plan.out[state]:
                gone = self._gone(way, step, here, left)
                if gone is None:
                    continue
                if self._span.stops(way, name):
                    stopped = self._chosen(stopped, _arrived(gone, way))
                elif way.target == DONE:
                    over = self._chosen(over, gone)
                else:
                    arrived = _arrived(gone, way)
                    chosen = self._chosen(arrivals.get(target), arrived)
                    assert chosen is not None
                    arrivals[target] = chosen
        return Outcome(stopped, over)

    def _gone(self, way: Way, step: Step, here: Arrival, left: Arrival) -> Arrival | None:
        """Return when a step is left by a way; None if nobody goes it so late, or so soon."""
        goes = step.goes_to
        if not way.late or goes is None:
            return left
        if step.id in self._span.clock.paused_in:
            return left
        if not self._slowest and step.waiting is not None and step.waiting.due:
            return left  # whoever asks says until when
        measures = self._limit(step)
        if not measures:
            return left
        at = self._pick(one.after(here.at) for one in measures)
        if goes.after is not None:
            at = Measure(goes.after, measures[0].calendar).after(at)
        return Arrival(at, left.trail, left.bounded)

    def _spent(self, step: Step, here: Arrival) -> tuple[Arrival | None, Arrival | None]:
        """Return where the promise was kept inside a step, and when the step is left otherwise."""
        if step.parallel is not None:
            return self._block(step, here)
        if step.id in self._span.clock.paused_in:
            return None, _spent(here, here.at, " (paused)", ())
        measures = self._limit(step) if self._slowest else ()
        if not measures:
            return None, here._replace(bounded=False)
        longest = max(measures, key=lambda one: one.after(here.at))
        return None, _spent(here, longest.after(here.at), f" ({longest.length})", (longest,))

    def _block(self, step: Step, here: Arrival) -> tuple[Arrival | None, Arrival | None]:
        stopped: Arrival | None = None
        over: Arrival | None = here._replace(trail=Trail(here.trail, "", ()))
        stopping = 0
        for branch in step.branches:
            first = branch.region.steps[branch.region.start]
            needed = branch.only_if is None
            if self._span.stops_on_entry(first):
                stopped, stopping = self._chosen(stopped, here), stopping + 1
                over = over if not needed else None
                continue
            name = "" if branch.id == first.id else f"{branch.id}: "
            begins = Arrival(here.at, Trail(here.trail, f" [{name}", ()))
            found = self.through(branch.id, branch.region.start, begins)
            if found.stopped is not None:
                stopping += 1
                stopped = self._chosen(stopped, found.stopped._replace(trail=_closed(found.stopped.trail)))
            if found.over is not None:
                done = found.over._replace(trail=_closed(found.over.trail))
                if over is not None and (needed or self._slowest):
                    # All branches that are needed are waited for, however quick the case is.
                    over = max(over, done, key=lambda one: one.at)._replace(bounded=over.bounded and done.bounded)
            elif needed:
                over = None
        if stopping > 1 and self._slowest:
            raise Unclear
        own = self._limit(step) if self._slowest else ()
        if own:
            until = max(own, key=lambda one: one.after(here.at))
            over, stopped = self._capped(over, until, here), self._capped(stopped, until, here)
        return stopped, over

    def _capped(self, found: Arrival | None, until: Measure, here: Arrival) -> Arrival | None:
        """Return an arrival, held to the limit of the block it is in."""
        if found is None or (found.bounded and found.at <= until.after(here.at)):
            return found
        return _spent(here, until.after(here.at), f" ({until.length})", (until,))

    def _chosen(self, one: Arrival | None, other: Arrival | None) -> Arrival | None:
        if one is None or other is None:
            return one or other
        return other if (other.at > one.at if self._slowest else other.at < one.at) else one

    def _pick(self, moments: Iterator[datetime]) -> datetime:
        return max(moments) if self._slowest else min(moments)


def _spent(here: Arrival, at: datetime, text: str, lengths: tuple[Measure, ...]) -> Arrival:
    return Arrival(at, Trail(here.trail, text, lengths), here.bounded)


def _arrived(left: Arrival, way: Way) -> Arrival:
    return left._replace(trail=Trail(left.trail, arrow_of(way) + way.target, ()))


def _closed(trail: Trail | None) -> Trail:
    return Trail(trail, "]", ())


_State = tuple[str, tuple[int, ...]]
"""A step, and how often each action that is counted was performed."""


class _Plan:
    """In which order the steps of a region are gone through, and by which ways."""

    def __init__(self, region: RegionWays, first: str, *, rounds: bool) -> None:
        self._region = region
        back = back_edges(region, first)
        counted = [one for one in _circling(region, back) if rounds]
        limits = {id(way.action): (way.action.at_most or 0) for way in counted if way.action is not None}
        self._places = {key: place for place, key in enumerate(limits)}
        self._most = tuple(limits.values())
        if limits:
            # With what is counted taken out, what still goes round is not gone at all.
            back = back_edges(region, first, lambda way: id(way.action) not in limits)
        self._back = back
        self.first: _State = (first, (0,) * len(limits))
        self.out: dict[_State, list[tuple[Way, _State]]] = {}
        if not self._explored():
            self._places, self._most, self._back = {}, (), back_edges(region, first)
            self.first, self.out = (first, ()), {}
            self._explored(most=None)
        self.order: Sequence[_State] = _in_order(self.first, self.out)

    def _explored(self, most: int | None = _MOST_STATES) -> bool:
        """Return False if there are too many states."""
        waiting = [self.first]
        while waiting:
            state = waiting.pop()
            if state in self.out:
                continue
            if most is not None and len(self.out) >= most:
                return False
            onward = [(way, one) for way in self._region.out.get(state[0], ()) if (one := self._after(state, way))]
            self.out[state] = onward
            waiting += [one for _, one in onward if one[0] in self._region.out]
        return True

    def _after(self, state: _State, way: Way) -> _State | None:
        if id(way) in self._back:
            return None
        place = self._places.get(id(way.action))
        if place is None:
            return way.target, state[1]
        used = state[1][place] + 1
        if used > self._most[place]:
            return None
        return way.target, (*state[1][:place], used, *state[1][place + 1 :])


def back_edges(region: RegionWays, first: str, counts: Callable[[Way], bool] | None = None) -> set[int]:
    """Return the ways, by their identity, that close a circle for whoever follows the file; of those that count."""
    found: set[int] = set()
    done: set[str] = set()
    for root in (first, *region.region.steps):
        if root in done:
            continue
        path = {root}
        stack = [(root, iter(region.out.get(root, ())))]
        while stack:
            step, ways = stack[-1]
            way = next((one for one in ways if counts is None or counts(one)), None)
            if way is None:
                stack.pop()
                path.discard(step)
                done.add(step)
            elif way.target in path:
                found.add(id(way))
            elif way.target not in done and way.target in region.out:
                path.add(way.target)
                stack.append((way.target, iter(region.out[way.target])))
    return found


def _circling(region: RegionWays, back: set[int]) -> list[Way]:
    """Return the ways on circles whose action says how often it may be performed."""
    onward: dict[str, set[str]] = {}
    for way in region.ways():
        onward.setdefault(way.source, set()).add(way.target)
    if not back:
        return []
    from procflow.lint.ways import reached

    counted = [way for way in region.ways() if way.action is not None and way.action.at_most is not None]
    return [way for way in counted if way.source in reached([way.target], onward)]


def _in_order(first: _State, out: Mapping[_State, Sequence[tuple[Way, _State]]]) -> list[_State]:
    """Return the states so that whatever leads to one comes before it."""
    order: list[_State] = []
    seen = {first}
    stack = [(first, iter(out.get(first, ())))]
    while stack:
        state, ways = stack[-1]
        onward = next((one for _, one in ways if one not in seen), None)
        if onward is None:
            stack.pop()
            order.append(state)
        else:
            seen.add(onward)
            stack.append((onward, iter(out.get(onward, ()))))
    return order[::-1]


def summed(lengths: Sequence[Measure]) -> str:
    """Return lengths as a sum in words: `9 working days and 4 working hours`."""
    from procflow.model.words import joined

    totals: dict[tuple[str, bool], Length] = {}
    for one in lengths:
        key = (one.length.unit.value, one.length.working)
        count = one.length.count + (totals[key].count if key in totals else 0)
        totals[key] = Length(count=count, unit=one.length.unit, working=one.length.working)
    return joined([str(one) for one in totals.values()], "and")
