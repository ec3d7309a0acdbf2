"""How the cycles of a clock are told, and what they still demand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from procflow.errors import CalendarError
from procflow.model.clock import Clock, ClockCycle, ClockKind, ClockStatus, Party
from procflow.model.rule import Obligation
from procflow.monitors.clocks.aiming import late_mark, target_of
from procflow.monitors.clocks.awaiting import LENDS
from procflow.monitors.clocks.cycle import ClockState, Cycle
from procflow.monitors.clocks.monitor import Monitor
from procflow.monitors.clocks.tape import NO_TIME, Reading

_ALWAYS = "24x7"


def cycles_told(monitor: Monitor, state: ClockState, now: datetime, party: Party | None) -> Iterator[ClockCycle]:
    """Yield how each cycle went, or goes at `now`; `party` has the ball."""
    for cycle in state.cycles():
        try:
            yield _told(monitor, cycle, now, party)
        except CalendarError:
            yield _told(monitor, cycle._replace(unseen=True), now, party)


def _told(monitor: Monitor, cycle: Cycle, now: datetime, party: Party | None) -> ClockCycle:
    clock, stop, aim, counts = monitor.clock, cycle.stop, cycle.aim, monitor.clock.kind is ClockKind.COUNT
    end = max(now, cycle.tape.at) if stop is None else stop.at
    status = monitor.cycles.status(cycle, end)
    reading = Reading(NO_TIME, NO_TIME, NO_TIME) if cycle.unseen else _reading(monitor, cycle, end, status)
    budget = cycle.budget
    if budget is None and aim.fixed is not None:
        budget = max(aim.fixed - cycle.started_at, NO_TIME)
    due = None if status is ClockStatus.PAUSED else monitor.cycles.due(cycle)
    holder = cycle.holder
    if cycle.awaited is not None:
        holder = cycle.awaited.whom
    elif not holder and party is not None and stop is None:
        holder = party.names
    meter = cycle.tape.meter
    return ClockCycle(
        clock=clock.id,
        number=cycle.number,
        status=status,
        started_at=cycle.started_at,
        since=cycle.since,
        stopped_at=None if stop is None else stop.at,
        stopped_by=None if stop is None else stop.seq,
        target=target_of(aim),
        grade=aim.grade,
        calendar=meter.calendar.id if meter.working else _ALWAYS,
        working=meter.working,
        budget=None if counts or cycle.unseen else budget,
        used=reading.used,
        wall=end - cycle.started_at,
        paused=reading.paused,
        due=due,
        count=cycle.times if counts else None,
        by_change=cycle.by_change and status in (ClockStatus.OVERDUE, ClockStatus.BREACHED),
        holder=holder,
        promise=clock.promise,
        zone=aim.zone,
    )


def _reading(monitor: Monitor, cycle: Cycle, end: datetime, status: ClockStatus) -> Reading:
    """Return what has come of it by `end`; of what is late beyond a calendar, what that can tell. Raises CalendarError."""
    if status in (ClockStatus.OVERDUE, ClockStatus.BREACHED, ClockStatus.CANCELLED):
        return monitor.tapes.least(cycle.tape, end)
    return monitor.tapes.read(cycle.tape, end)


def demanded(monitor: Monitor, state: ClockState, case: str, party: Party | None) -> Iterator[Obligation]:
    """Yield what a clock still demands, with when."""
    clock = monitor.clock
    for cycle in state.open:
        try:
            due = None if clock.kind is ClockKind.COUNT else monitor.cycles.due(cycle)
        except CalendarError:
            continue
        if due is not None:
            who, asker, asked = party.names if party is not None else (), "", ""
            if cycle.awaited is not None:
                who, asker, asked = _who_could(clock, cycle), cycle.awaited.who, cycle.awaited.what
            yield Obligation(
                rule="",
                case=case,
                what=monitor.wanted,
                who=who,
                due=due,
                since=cycle.since,
                clock=clock.id,
                zone=cycle.aim.zone,
                asker=asker,
                asked=asked,
                where=clock.where,
            )


def _who_could(clock: Clock, cycle: Cycle) -> tuple[str, ...]:
    """Return who is waited for, with those who are on record as having been told that they may act, too."""
    besides = (
        act.to for number, act in enumerate(clock.late) if act.does in LENDS and late_mark(number) in cycle.fired
    )
    return tuple(dict.fromkeys((*cycle.awaited.whom, *besides))) if cycle.awaited is not None else ()
