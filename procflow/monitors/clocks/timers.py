"""Timers: what is to be done because time has passed, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from procflow.errors import CalendarError
from procflow.model.clock import LateDoing, Timer
from procflow.monitors.clocks.aiming import after_due, late_mark
from procflow.monitors.clocks.awaiting import besides
from procflow.monitors.clocks.cycle import ClockState, Cycle
from procflow.monitors.clocks.monitor import Monitor


class Going(NamedTuple):
    """When the time of a step leads the case on."""

    cycle: Cycle
    at: datetime


def timers_of(monitor: Monitor, state: ClockState, until: datetime | None) -> Iterator[Timer]:
    """Yield what is to be done for a clock and is not on record; `until`: only what was to be done before."""
    for cycle in state.open:
        if not cycle.unseen:
            try:
                yield from _of_cycle(monitor, cycle, until)
            except CalendarError:
                continue


def looks_at(monitor: Monitor, state: ClockState) -> Iterator[datetime]:
    """Yield when it is worth looking whether something is to be done: what is late in working time is so once people work.

    What is due at Friday's closing is late from Monday's opening on.
    """
    for cycle in state.open:
        if cycle.unseen:
            continue
        try:
            for timer in _of_cycle(monitor, cycle, None):
                yield timer.due if timer.mark.endswith("%") else max(timer.due, _late_from(monitor, cycle, timer.due))
        except CalendarError:
            continue


def _late_from(monitor: Monitor, cycle: Cycle, at: datetime) -> datetime:
    """Return when a cycle is late at the earliest; `at` of one that its own calendar does not tell."""
    due, meter = monitor.cycles.due(cycle), cycle.tape.meter
    if due is None or not meter.working or cycle.aim.fixed is not None:
        return at
    try:
        return meter.calendar.next_open(due)
    except CalendarError:
        return at


def _of_cycle(monitor: Monitor, cycle: Cycle, until: datetime | None) -> Iterator[Timer]:
    clock, cycles = monitor.clock, monitor.cycles
    for percent in clock.warn:
        mark = f"{percent}%"
        at = None if mark in cycle.settled else cycles.reaches(cycle, percent)
        if at is not None and (until is None or at < until):
            yield _timer(monitor, cycle, mark, LateDoing.NOTIFY, clock.warns or "", at)
    if not clock.late or (until is not None and not cycles.late(cycle, until)):
        return
    due = cycle.beyond if cycle.aim.number is not None else cycles.due(cycle)
    for number, act in enumerate(clock.late):
        mark = late_mark(number)
        try:
            at = None if mark in cycle.settled else after_due(due, act.after, cycle)
        except CalendarError:
            continue  # beyond the calendar; what is to be done before is done
        if at is not None and (until is None or at < until):
            yield _timer(monitor, cycle, mark, act.does, act.to, at)


def _timer(monitor: Monitor, cycle: Cycle, mark: str, does: LateDoing, to: str, at: datetime) -> Timer:
    return Timer(clock=monitor.clock.id, cycle=cycle.number, mark=mark, does=does, to=to, due=at)


def goes_at(monitor: Monitor, state: ClockState) -> Going | None:
    """Return when the time of a step leads the case on; None if it does not, or nobody can tell."""
    for cycle in state.open:
        if cycle.unseen:
            continue
        for number, act in enumerate(monitor.clock.late):
            if act.does is LateDoing.GO_TO and late_mark(number) not in cycle.settled:
                try:
                    at = after_due(monitor.cycles.due(cycle), act.after, cycle)
                except CalendarError:
                    return None
                return None if at is None else Going(cycle, at)
    return None


def escalated_to(monitor: Monitor, state: ClockState, at: datetime) -> Iterator[str]:
    """Yield the roles that something late has been escalated to by `at`."""
    yield from state.lent
    for cycle in state.open:
        yield from besides(monitor.clock, monitor.cycles, cycle, at)
