"""Promises held against what stands behind them: limits of steps, delays, agreements with teams and suppliers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from procflow.errors import CalendarError, Finding, Severity
from procflow.lint.time.scene import STAND_IN, Measure, Promise, Scene, told_at
from procflow.lint.time.spans import Span
from procflow.lint.time.walks import Arrival, Trail, Unclear, Walks, summed
from procflow.model.clock import ClockKind
from procflow.model.procedure import Step
from procflow.model.rule import HappeningKind
from procflow.model.rules import finding

_MOST_STARTS = 60
_MOST_STEPS = 300
"""In a larger procedure nothing is added up."""


def findings(scene: Scene) -> Iterator[Finding]:
    """Yield promises that are longer, or shorter, than what stands behind them; of each clock the worst."""
    if len(scene.procedure.steps) > _MOST_STEPS:
        return
    for clock in scene.clocks:
        if clock.kind is not ClockKind.TIMER or clock.within is None or clock.each_hand_off:
            continue
        span = Span(scene, clock)
        yield from _of_clock(scene, span)


def _of_clock(scene: Scene, span: Span) -> Iterator[Finding]:
    promises = list(scene.promises(span.clock))
    unkept = list(_never_kept(scene, span, promises))
    yield from unkept
    if unkept:
        return
    longer = list(_longer_steps(scene, span, promises))
    yield from longer
    if not longer:
        yield from _worst(scene, span, promises)


# --- PF403 ---------------------------------------------------------------------------------------------------------


def _longer_steps(scene: Scene, span: Span, promises: Sequence[Promise]) -> Iterator[Finding]:
    """Yield steps that may take longer than what is promised while they are worked on."""
    inside = span.steps()
    for step in scene.procedure.steps.values():
        own = step.clock
        if own is None or own.within is None or step.id not in inside or step.id in span.clock.paused_in:
            continue
        for promise in promises:
            longer = next((one for one in _limits(scene, promise)(step) if _is_longer(one, promise, scene)), None)
            if longer is not None:
                message = f"`{step.id}` may take {longer.length}, and {promise.told} for all that it is part of"
                hint = f"shorten `within` of `{step.id}`, or promise more"
                yield finding("PF403", message, where=own.where, hint=hint)
                break


def _is_longer(one: Measure, promise: Promise, scene: Scene) -> bool:
    """Return True if a length is longer than a promise wherever they begin together."""
    starts = _starts(scene, [one, promise.measure])
    return bool(starts) and all(one.after(at) > promise.measure.after(at) for at in starts)


def _starts(scene: Scene, measures: Sequence[Measure]) -> list[datetime]:
    """Return moments to try out at which all of these can be told; none if what they count cannot be compared."""
    calendars = [one.calendar for one in measures]
    if STAND_IN in calendars and len({one.kind for one in measures}) > 1:
        return []
    found = []
    for at in scene.starts(calendars, _MOST_STARTS):
        try:
            for one in measures:
                one.after(at)
        except CalendarError:
            continue
        found.append(at)
    return found


def _limits(scene: Scene, promise: Promise) -> Callable[[Step], Sequence[Measure]]:
    """Return what tells how long steps may take in cases of a promise."""
    known: dict[str, Sequence[Measure]] = {}

    def limit(step: Step) -> Sequence[Measure]:
        if step.id not in known:
            clock = step.clock
            field = promise.field
            known[step.id] = () if clock is None else tuple(scene.measures(clock, promise.value, field))
        return known[step.id]

    return limit


# --- PF404 ---------------------------------------------------------------------------------------------------------


class _Excess(NamedTuple):
    """A promise that is exceeded."""

    promise: Promise
    begins: datetime
    due: datetime
    arrival: Arrival
    trail: Trail


def _worst(scene: Scene, span: Span, promises: Sequence[Promise]) -> Iterator[Finding]:
    """Yield that a case may take longer than is promised though each of its steps is in time; the worst of all."""
    for rounds in (False, True):
        found = [one for promise in promises if (one := _exceeded(scene, span, promise, rounds=rounds)) is not None]
        if not found:
            continue
        worst = max(found, key=lambda one: one.arrival.at - one.due)
        taken = worst.trail.lengths_taken()
        often = ", sent back as often as it may be," if rounds else ""
        message = f"a case{often} may take {summed(taken)} with every step in time, and {worst.promise.told}"
        hint = f"the way: {worst.trail.told()}\n{_example(worst, taken)}"
        told = finding("PF404", message, where=span.clock.where, hint=hint)
        yield replace(told, severity=Severity.INFO) if rounds else told
        return


def _example(worst: _Excess, taken: Sequence[Measure]) -> str:
    by = (worst.promise.measure, *taken)
    if any(one.calendar is STAND_IN for one in by) or all(one.kind == "elapsed" for one in by):
        return "shorten the steps, or promise more"
    return (
        f"from {told_at(worst.begins, *by)} that is until {told_at(worst.arrival.at, *by)}, "
        f"and the promise is due {told_at(worst.due, *by)}"
    )


def _exceeded(scene: Scene, span: Span, promise: Promise, *, rounds: bool) -> _Excess | None:
    """Return where a promise is exceeded most, if it is."""
    limit = _limits(scene, promise)
    walks = Walks(span, limit, slowest=True, rounds=rounds)
    measures = [promise.measure, *(one for step in scene.procedure.steps.values() for one in limit(step))]
    worst: _Excess | None = None
    for begins in scene.starts([one.calendar for one in measures], _MOST_STARTS):
        for name, first in span.beginnings():
            try:
                due = promise.measure.after(begins)
                stopped = walks.through(name, first, Arrival(begins, None)).stopped
            except CalendarError:
                continue
            except Unclear:
                return None
            if stopped is None or stopped.trail is None or stopped.at <= due:
                continue
            if worst is None or stopped.at - due > worst.arrival.at - worst.due:
                worst = _Excess(promise, begins, due, stopped, stopped.trail)
    if worst is None or _is_guess([promise.measure, *worst.trail.lengths_taken()]):
        return None
    return worst


def _is_guess(measures: Sequence[Measure]) -> bool:
    """Return True if the answer depends on a calendar that is not at hand."""
    return any(one.calendar is STAND_IN for one in measures) and len({one.kind for one in measures}) > 1


# --- PF411 ---------------------------------------------------------------------------------------------------------


def _never_kept(scene: Scene, span: Span, promises: Sequence[Promise]) -> Iterator[Finding]:
    """Yield that not even the quickest way keeps a promise, whenever it begins."""
    if not any(step.goes_to is not None for step in scene.procedure.steps.values()) or _stops_anyhow(span):
        return
    for promise in promises:
        limit = _limits(scene, promise)
        walks = Walks(span, limit, slowest=False, rounds=False)
        measures = [promise.measure, *(one for step in scene.procedure.steps.values() for one in limit(step))]
        quickest: Arrival | None = None
        beginnings = span.beginnings()
        for begins in scene.starts([one.calendar for one in measures], _MOST_STARTS):
            for name, first in beginnings:
                try:
                    found = walks.through(name, first, Arrival(begins, None)).stopped
                    late = found is not None and found.at > promise.measure.after(begins)
                except CalendarError:
                    late, found = False, None
                if not late or found is None:
                    quickest = None
                    break
                quickest = quickest or found
            if quickest is None:
                break
        if quickest is not None and quickest.trail is not None:
            taken = _delays(scene, limit)
            if _is_guess([promise.measure, *taken]):
                continue
            message = f"{promise.told}, and even the quickest way takes longer"
            hint = f"the way: {quickest.trail.told()}\npromise more, or let somebody lead out of a step that only time leaves"
            yield finding("PF411", message, where=span.clock.where, hint=hint)
            return


def _delays(scene: Scene, limit: Callable[[Step], Sequence[Measure]]) -> list[Measure]:
    return [one for step in scene.procedure.steps.values() if step.goes_to is not None for one in limit(step)]


def _stops_anyhow(span: Span) -> bool:
    """Return True if something that does not move a case, or can be done at any time, may stop the clock."""
    procedure = span.scene.procedure
    still = {one.id for one in procedure.written_actions if not one.moves} | set(procedure.anytime)
    listed = {item for one in procedure.steps.values() if one.checklist is not None for item in one.checklist.items}
    kinds = (HappeningKind.ACTION, HappeningKind.STARTS)
    at_any_time = any(
        one.moves and procedure.top.steps[arrow.to].end != "cancelled"
        for one in procedure.anytime.values()
        for arrow in one.arrows
        if arrow.to in procedure.top.steps
    )
    stopping = any(one.kind in kinds and one.name in still | listed for one in span.clock.stops)
    return at_any_time or stopping
