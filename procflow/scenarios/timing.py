"""Time in a scenario: when its case opens, how far a wait goes, and when a clock is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from procflow.calendars.book import EMPTY, CalendarSet
from procflow.calendars.calendar import Calendar
from procflow.calendars.length import Length
from procflow.errors import CalendarError
from procflow.judge import CaseState, Judge
from procflow.model.clock import ClockCycle, ClockStatus
from procflow.model.procedure import Procedure
from procflow.model.scenario import Scenario

_MOMENT = timedelta(minutes=1)
"""Exactly on target is in time: late is what comes after it."""
OPEN = (ClockStatus.RUNNING, ClockStatus.PAUSED, ClockStatus.OVERDUE)
"""How a clock stands that has not stopped."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a procedure."""

    procedure: Procedure
    calendars: CalendarSet

    @property
    def calendar(self) -> Calendar | None:
        """The procedure's own; None if it names none, or nobody has it."""
        id = self.procedure.calendar
        return self.calendars[id] if id is not None and id in self.calendars else None

    def opening(self, scenario: Scenario) -> datetime:
        """Return when the case of a scenario opens: if it does not say, when work begins on its day or after it."""
        if scenario.dated:
            return scenario.opens_at
        return self.beginning(scenario.opens_at.date()) or scenario.opens_at

    def beginning(self, day: date) -> datetime | None:
        """Return when work begins on a day or after it; None if no calendar tells."""
        calendar = self.calendar
        try:
            return calendar.next_open(calendar.at(day)) if calendar is not None else None
        except CalendarError:
            return None

    def later(self, at: datetime, length: Length) -> datetime:
        """Return when so much time has passed. Raises CalendarError where no calendar tells."""
        if length.elapsed is not None:
            return at + length.elapsed
        calendar = self.calendar
        if calendar is not None:
            return calendar.after(at, length)
        if length.needs_calendar:
            raise CalendarError(f"`{length}` is working time, and there is no calendar to count it on", code="PF407")
        return EMPTY["24x7"].after(at, length)

    def just_late(self, cycle: ClockCycle) -> datetime | None:
        """Return the first moment at which a clock that runs is late; None if nobody can tell."""
        if cycle.due is None:
            return None
        if not cycle.working or cycle.calendar not in self.calendars:
            return cycle.due + _MOMENT
        try:
            return self.calendars[cycle.calendar].next_open(cycle.due) + _MOMENT
        except CalendarError:
            return cycle.due + _MOMENT


def hours_of(judge: Judge) -> Hours:
    """Return the hours a judge goes by."""
    return Hours(judge.procedure, judge.calendars.default)


def running(judge: Judge, state: CaseState, clock: str, at: datetime) -> ClockCycle | None:
    """Return the cycle of a clock that is open at a moment; None if none is."""
    cycles = [one for one in judge.audit(state, as_of=at).clocks if one.clock == clock and one.status in OPEN]
    return cycles[-1] if cycles else None
