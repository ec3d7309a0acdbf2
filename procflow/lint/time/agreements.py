"""What teams and suppliers have agreed to, held against what the client is promised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from procflow.errors import CalendarError, Finding
from procflow.lint.time.scene import STAND_IN, Measure, Promise, Scene, told_at
from procflow.lint.time.spans import Span, certain, is_one_of
from procflow.lint.time.walks import Trail, back_edges, summed
from procflow.lint.ways import TOP, Way
from procflow.lint.witness import arrow_of
from procflow.model.clock import Clock, ClockKind, Promised
from procflow.model.hand_off import ACCEPT
from procflow.model.procedure import DONE, Step
from procflow.model.rule import HappeningKind
from procflow.model.rules import finding
from procflow.model.words import joined

_MOST_STARTS = 14
_MOST_WALKS = 400
_MOST_STEPS = 100
_HAND_OFF = "role"


def findings(scene: Scene) -> Iterator[Finding]:
    """Yield promises to the client that those behind them, each in time, do not keep. PF412, PF413."""
    behind = [one for one in scene.clocks if one.to is not Promised.CLIENT and one.kind is ClockKind.TIMER]
    behind += scene.acceptances
    if not behind or len(scene.procedure.steps) > _MOST_STEPS:
        return
    for clock in scene.clocks:
        if clock.to is not Promised.CLIENT or clock.kind is not ClockKind.TIMER or clock.each_hand_off:
            continue
        span = Span(scene, clock)
        for promise in scene.promises(clock):
            told = _shorter_hours(scene, span, promise, behind) or _too_long(scene, span, promise, behind)
            if told is not None:
                yield told
                break


# --- PF413 ---------------------------------------------------------------------------------------------------------


def _shorter_hours(scene: Scene, span: Span, promise: Promise, behind: list[Clock]) -> Finding | None:
    """Return that an agreement is no longer than a promise, and is counted while nobody works."""
    inside = span.steps() - set(span.clock.paused_in)
    for clock in behind:
        runs = {clock.accepts} if clock.accepts is not None else Span(scene, clock).steps()
        if not clock.each_hand_off and inside.isdisjoint(runs):
            continue
        for measure in scene.measures(clock, promise.value, promise.field):
            at = _example(scene, measure, promise.measure)
            if at is not None:
                message = (
                    f"`{clock.id}` gives {measure.length}, no more than the promise, but is counted on `{measure.calendar.id}`: "
                    f"{promise.told}, and that runs on while `{measure.calendar.id}` is closed"
                )
                by = (measure, promise.measure)
                due, kept = told_at(promise.measure.after(at), *by), told_at(measure.after(at), *by)
                hint = f"what begins {told_at(at, *by)} is due {due}, and `{clock.id}` is kept until {kept}"
                return finding("PF413", message, where=clock.where, hint=hint)
    return None


def _example(scene: Scene, one: Measure, promise: Measure) -> datetime | None:
    """Return when work may begin that is in time by one measure and late by the other; None if neither is wider."""
    mine, theirs = _hours(one), _hours(promise)
    if mine is None or theirs is None or mine > theirs or STAND_IN in (one.calendar, promise.calendar):
        return None
    for at in scene.starts([one.calendar, promise.calendar], _MOST_STARTS * 4):
        try:
            # A promise of many days does not care about a night: only what is due before work goes on does.
            if one.after(at) > promise.after(at) and one.calendar.next_open(at) < promise.after(at):
                return at
        except CalendarError:
            continue
    return None


def _hours(one: Measure) -> timedelta | None:
    return one.length.open_hours if one.length.working else one.length.elapsed


# --- PF412 ---------------------------------------------------------------------------------------------------------


class _Here(NamedTuple):
    """A walk at a step, each agreement on the way used to the full."""

    at: datetime
    trail: Trail | None
    running: Mapping[str, tuple[datetime, Measure]]
    """Agreement that runs -> until when, and how long it is."""
    role: str
    """Who has the work."""
    back: frozenset[int] = frozenset()
    """The ways back that were gone, by their identity."""


class _Late(NamedTuple):
    begins: datetime
    due: datetime
    at: datetime
    trail: Trail


def _too_long(scene: Scene, span: Span, promise: Promise, behind: list[Clock]) -> Finding | None:
    """Return that agreements take longer together than is promised."""
    if any(one.kind is HappeningKind.OPENS for one in span.clock.starts) or not span.clock.starts:
        first = scene.map.top.region.start
    else:
        tops = [step for name, step in span.beginnings() if name == TOP]
        if not tops:
            return None
        first = tops[0]
    walk = _Walk(scene, span, promise, behind)
    worst: _Late | None = None
    for begins in scene.starts([promise.measure.calendar, *walk.calendars], _MOST_STARTS):
        try:
            due = promise.measure.after(begins)
            for here in walk.to_the_stop(TOP, first, _Here(begins, None, {}, "")):
                if here.at > due and (worst is None or here.at - due > worst.at - worst.due) and here.trail is not None:
                    worst = _Late(begins, due, here.at, here.trail)
        except CalendarError:
            continue
    if worst is None:
        return None
    taken = worst.trail.lengths_taken()
    measures = [promise.measure, *taken]
    if any(one.calendar is STAND_IN for one in measures) and len({one.kind for one in measures}) > 1:
        return None
    who = joined([f"`{one}`" for one in dict.fromkeys(walk.names(worst.trail))], "and")
    together = " together" if len(taken) > 1 else ""
    message = f"{who} may take {summed(taken)}{together}, and {promise.told}"
    hint = f"the way: {worst.trail.told()}\nagree shorter times with those behind it, or promise more"
    return finding("PF412", message, where=span.clock.where, hint=hint)


class _Walk:
    """Goes every way once, no step twice; but out to a supplier and back again."""

    def __init__(self, scene: Scene, span: Span, promise: Promise, behind: list[Clock]) -> None:
        self._scene, self._span, self._promise = scene, span, promise
        self._behind = [one for one in behind if one.accepts is None]
        self._left = _MOST_WALKS
        self._back: dict[str, set[int]] = {}
        suppliers = [one for one in self._behind if one.to is Promised.SUPPLIER and not one.each_hand_off]
        self._outside = frozenset[str]().union(*(Span(scene, one).steps() for one in suppliers))
        """Where a supplier has agreed to be done in time."""
        self.calendars = [one.calendar for clock in behind for one in scene.measures(clock, None, None)]

    def names(self, trail: Trail) -> Iterator[str]:
        """Yield the agreements that were used on a way, in order."""
        for one in trail.parts():
            if one.lengths:
                yield one.text.split("(", 1)[1].split(":", 1)[0]

    def to_the_stop(self, name: str, first: str, here: _Here) -> Iterator[_Here]:
        """Yield where the promise is kept, on every way."""
        running = dict(here.running)
        for clock in self._behind:
            opens = not clock.starts or any(one.kind is HappeningKind.OPENS for one in clock.starts)
            if name == TOP and first == self._scene.map.top.region.start and opens and _has_a_beginning(clock):
                self._begin(clock, here.at, running, here.role)
        for found, stopped in self._through(name, first, here._replace(running=running)):
            if stopped:
                yield found

    def _through(self, name: str, first: str, here: _Here, giver: str | None = None) -> Iterator[tuple[_Here, bool]]:
        """Yield the ends of ways through a region, and whether the promise was kept there; `giver`: the step it comes from."""
        if name not in self._back:
            self._back[name] = back_edges(self._scene.map.regions[name], first)
        region = self._scene.map.regions[name]
        stack = [(first, self._entered(region.region.steps[first], here, first), giver)]
        while stack and self._left > 0:
            step_id, at, source = stack.pop()
            step = region.region.steps[step_id]
            for left in self._left_by(step, at, source):
                for way in region.out[step_id]:
                    gone = self._gone(way, name, left)
                    if id(way) in self._back[name]:
                        if step_id not in self._outside or id(way) in left.back:
                            continue
                        gone = gone._replace(back=left.back | {id(way)})
                    if self._span.stops(way, name):
                        self._left -= 1
                        yield gone, True
                    elif way.target == DONE:
                        self._left -= 1
                        yield gone, False
                    else:
                        target = region.region.steps[way.target]
                        came = way.action.id if way.anytime and way.action is not None else step_id
                        stack.append((way.target, self._entered(target, gone, arrow_of(way) + way.target), came))

    def _entered(self, step: Step, here: _Here, text: str) -> _Here:
        running = dict(here.running)
        role = (step.waiting.party if step.waiting is not None else step.by.role if step.by is not None else "") or ""
        for clock in self._behind:
            if clock.each_hand_off:
                if role != here.role and step.parallel is None:
                    running.pop(clock.id, None)
                    self._begin(clock, here.at, running, role)
            elif clock.id not in running and any(
                one.kind is HappeningKind.ENTERS and one.name == step.id for one in clock.starts
            ):
                self._begin(clock, here.at, running, role)
        return _Here(here.at, Trail(here.trail, text, ()), running, role or here.role, here.back)

    def _begin(self, clock: Clock, at: datetime, running: dict[str, tuple[datetime, Measure]], role: str) -> None:
        field = _HAND_OFF if clock.within is not None and clock.within.by == _HAND_OFF else self._promise.field
        value = role if field == _HAND_OFF else self._promise.value
        measures = list(self._scene.measures(clock, value, field))
        if measures:
            longest = max(measures, key=lambda one: one.after(at))
            running[clock.id] = (longest.after(at), longest)

    def _left_by(self, step: Step, here: _Here, source: str | None) -> Iterator[_Here]:
        """Yield when a step may be left at the latest; `source`: the step, or `anytime` action, that led to it."""
        if step.id in self._span.clock.paused_in:
            yield here._replace(trail=Trail(here.trail, " (paused)", ()))
            return
        if step.parallel is not None:
            latest: _Here | None = here
            for branch in step.branches:
                begun = here._replace(trail=Trail(here.trail, " [", ()))
                through = self._through(branch.id, branch.region.start, begun, source)
                ends = [one for one, stopped in through if not stopped]
                last = max(ends, key=lambda one: one.at, default=None)
                if last is not None and latest is not None and last.at > latest.at:
                    latest = _Here(last.at, Trail(last.trail, "]", ()), here.running, last.role, here.back)
            if latest is not None:
                yield latest
            return
        here = self._accepted(step, here, source)
        if not here.running:
            yield here
            return
        name, (until, measure) = min(here.running.items(), key=lambda one: one[1][0])
        if until <= here.at:
            yield here
        else:
            trail = Trail(here.trail, f" ({name}: {measure.length})", (measure,))
            yield here._replace(at=until, trail=trail)

    def _accepted(self, step: Step, here: _Here, source: str | None) -> _Here:
        """Return the walk once the work has been accepted, at the latest; as it is, if nothing is longer for that."""
        hand_offs = step.hand_offs
        if hand_offs is None or source is None or source in hand_offs.at_once:
            return here
        accepts = [(HappeningKind.ACTION, ACCEPT, step.id)]
        ending = {one.id for one in self._behind if is_one_of((*one.stops, *one.cancels), iter(accepts))}
        limits = [(until, id, measure) for id, (until, measure) in here.running.items() if id in ending]
        if hand_offs.acceptance is not None:
            lengths = self._scene.measures(hand_offs.acceptance, self._promise.value, self._promise.field)
            limits += [(one.after(here.at), hand_offs.acceptance.id, one) for one in lengths][:1]
        running = {id: one for id, one in here.running.items() if id not in ending}
        begun = [one for one in self._behind if is_one_of(one.starts, iter(accepts))]
        if not limits:
            for clock in begun:
                self._begin(clock, here.at, running, here.role)
            return here._replace(running=running)
        accepted, id, measure = min(limits, key=lambda one: one[0])
        soonest = min((until for until, _ in running.values()), default=None)
        if soonest is not None and soonest <= accepted:
            return here._replace(running=running)  # whoever keeps that has accepted before
        after = dict(running)
        for clock in begun:
            self._begin(clock, accepted, after, here.role)
        if soonest is not None and min(until for until, _ in after.values()) == soonest:
            return here._replace(running=after)
        trail = Trail(here.trail, f" ({id}: {measure.length})", (measure,))
        return here._replace(at=accepted, trail=trail, running=after)

    def _gone(self, way: Way, name: str, here: _Here) -> _Here:
        told = list(certain(way, self._scene.map.regions[name]))
        running = dict(here.running)
        for clock in self._behind:
            if is_one_of((*clock.stops, *clock.cancels), iter(told)):
                running.pop(clock.id, None)
            begun = [one for one in clock.starts if one.kind in (HappeningKind.ACTION, HappeningKind.LEAVES)]
            if not clock.each_hand_off and is_one_of(begun, iter(told)):
                self._begin(clock, here.at, running, here.role)
        return here._replace(running=running)


def _has_a_beginning(clock: Clock) -> bool:
    """Return True if what happens begins a clock: not an instant on record, nor the passing of the ball."""
    return clock.since is None and not clock.known and not clock.each_hand_off
