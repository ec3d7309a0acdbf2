"""What a clock aims at: its target as the record says it, what that is worth, and what a change of it does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from procflow.calendars.book import CalendarSet
from procflow.calendars.calendar import ALWAYS, Calendar
from procflow.calendars.length import Length
from procflow.calendars.moments import UTC_ZONE, moment_in
from procflow.calendars.zones import zone_of
from procflow.expressions.expression import Facts
from procflow.model.clock import Clock, ClockKind, Graded, OnChange, word_of
from procflow.model.procedure import Procedure
from procflow.monitors.clocks.cycle import Aim, Cycle, Cycles
from procflow.monitors.clocks.tape import NO_TIME, Mark, Meter

T = TypeVar("T")

ROLE = "role"
"""`depends-on: role`: who gets the ball in a hand-off."""
NEARLY = 80
"""Percent of a target: who relaxes it after that must say why."""
_DAY = timedelta(days=1)
_MOST_KNOWN = 1_000


class Aims:
    """Says what one clock aims at."""

    def __init__(self, clock: Clock, procedure: Procedure) -> None:
        self._clock = clock
        self._calendar = procedure.calendar
        self._target = clock.every if clock.kind is ClockKind.PERIODIC else clock.within
        self._known: dict[tuple[str | None, int, str], Aim] = {}
        step = procedure.steps[clock.step] if clock.step is not None else None
        self.waits = step is not None and step.waiting is not None
        """It is the time of a waiting step: `due` on record counts, too."""
        target: tuple[Graded[Length] | Graded[int] | Graded[str] | None, ...]
        target = (clock.within, clock.every, clock.at_most, clock.calendar)
        fields = [one.by for one in target if one is not None and one.by is not None and one.by != ROLE]
        fields += [clock.deadline] if clock.deadline is not None else []
        self.reads = frozenset([*fields, *(["due"] if self.waits else [])])
        """Data fields that a change of the target depends on."""

    def aim(self, facts: Facts, calendars: CalendarSet, name: str = "", until: datetime | None = None) -> Aim:
        """Return what is promised as things stand; `until` is what a waiting step was told. Raises CalendarError."""
        clock = self._clock
        if clock.at_most is not None:
            grade, zone = self._grade(clock.at_most, facts, name), self.zone(None, calendars)
            return Aim(grade, number=_of(clock.at_most, facts, name), zone=zone)
        calendar = self.calendar(facts, calendars, name)
        zone = self.zone(calendar, calendars)
        if clock.deadline is not None:
            fixed = _deadline(facts.values.get(clock.deadline), calendar or ALWAYS)
            return Aim(fixed=fixed, calendar=calendar, zone=zone)
        target = self._target
        value = (
            None if target is None or target.by is None else name if target.by == ROLE else facts.values.get(target.by)
        )
        if until is None and (value is None or type(value) is str):
            # The calendar is kept with the aim: nothing else can come to have its id.
            found = self._known.get((value, id(calendar), zone))
            if found is None:
                if len(self._known) >= _MOST_KNOWN:
                    self._known = {}
                found = self._known[value, id(calendar), zone] = self._aim(facts, calendar, name, None, zone)
            return found
        return self._aim(facts, calendar, name, until, zone)

    def _aim(self, facts: Facts, calendar: Calendar | None, name: str, until: datetime | None, zone: str) -> Aim:
        target = self._target
        length = None if target is None else _of(target, facts, name)
        unknown = calendar is None and length is not None and (length.working or length.elapsed is None)
        grade = "" if target is None else self._grade(target, facts, name)
        return Aim(grade, None if unknown else length, None, until, calendar, zone)

    def zone(self, calendar: Calendar | None, calendars: CalendarSet) -> str:
        """Return where a clock on a calendar is told; on none, or on all hours, as the procedure's calendar is."""
        if calendar is not None and not calendar.always:
            return calendar.zone
        return (
            calendars[self._calendar].zone if self._calendar is not None and self._calendar in calendars else UTC_ZONE
        )

    def calendar(self, facts: Facts, calendars: CalendarSet, name: str) -> Calendar | None:
        """Return the calendar in force; None if it depends on what is not known, or if there is none."""
        graded = self._clock.calendar
        id = self._calendar if graded is None else _of(graded, facts, name)
        return None if id is None else calendars[id]

    def _grade(self, graded: Graded[Length] | Graded[int], facts: Facts, name: str) -> str:
        if graded.by is None:
            return ""
        value = name if graded.by == ROLE else facts.values.get(graded.by)
        return "" if value is None else word_of(value)


def _of(graded: Graded[T], facts: Facts, name: str) -> T | None:
    return graded.of(name if graded.by == ROLE else facts.values.get(graded.by or ""))


def _deadline(value: object, calendar: Calendar) -> datetime | None:
    """Return the instant of a deadline: of a day its end, of one with hours the end of these. Raises CalendarError."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if not isinstance(value, date):
        return None
    midnight = datetime.combine(value, time(), zone_of(calendar.zone))
    if not calendar.always:
        hours = calendar.openings(midnight.astimezone(UTC), (midnight + 2 * _DAY).astimezone(UTC))
        ends = [one.end for one in hours if one.day == value]
        if ends:
            return max(ends)
    return datetime.combine(value + _DAY, time(), zone_of(calendar.zone)).astimezone(UTC)


def meter_of(aim: Aim) -> Meter:
    """Return what an aim is counted with."""
    working = aim.length is not None and aim.length.working
    return Meter(aim.calendar or ALWAYS, working)


def budget_of(aim: Aim, start: datetime) -> timedelta | None:
    """Return what an aim is worth that counts from `start`; None without a length. Raises CalendarError."""
    return None if aim.length is None else (aim.calendar or ALWAYS).budget(start, aim.length)


def retargeted(clock: Clock, cycles: Cycles, cycle: Cycle, aim: Aim, at: datetime, seq: int | None) -> Cycle:
    """Return a cycle whose aim is another from `at` on, as `on-change` says. Raises CalendarError."""
    how = clock.on_change
    if clock.deadline is not None and aim.fixed is None:
        return cycle  # whoever takes back a deadline has not given another
    if not cycle.aim.known or (cycle.aim.length is None and aim.length is not None):
        # The latter of a waiting step that knew until when, and not how long.
        return passed(clock, cycles, _measured(cycles, cycle, aim), max(at, cycle.tape.at))
    if how is OnChange.KEEP_TARGET or not aim.known:
        return cycle
    at = max(at, cycle.tape.at)
    was_late = cycles.late(cycle, at)
    note = f"{target_of(cycle.aim)} -> {target_of(aim)}"
    tape: Mark
    if how is OnChange.RESTART:
        tape = cycles.tapes.mark(cycle.tape, at, seq, meter=meter_of(aim), note=note, resets=True)
        budget = budget_of(aim, at)
    elif how is OnChange.RETROACTIVE:
        tape = cycles.tapes.mark(cycles.tapes.anew(cycle.tape, meter_of(aim)), at, seq, note=note)
        budget = budget_of(aim, cycle.started_at)
    else:
        tape = cycles.tapes.mark(cycle.tape, at, seq, meter=meter_of(aim), note=note)
        budget = budget_of(aim, cycle.started_at)
    after = cycle._replace(aim=aim, tape=tape, budget=budget, stale=True)
    late = cycles.late(after, at)
    after = after._replace(by_change=late and (cycle.by_change or not was_late))
    return passed(clock, cycles, after, at)


def _measured(cycles: Cycles, cycle: Cycle, aim: Aim) -> Cycle:
    """Return a cycle whose target has just become known: it counts from the start."""
    if not aim.known:
        return cycle._replace(aim=aim)
    tape = cycles.tapes.anew(cycle.tape, meter_of(aim))
    return cycle._replace(aim=aim, tape=tape, budget=budget_of(aim, cycle.started_at))


def passed(clock: Clock, cycles: Cycles, cycle: Cycle, at: datetime) -> Cycle:
    """Return a cycle of which nothing is done any more that had its time before `at`: the target came too late for it."""
    gone: set[str] = set()
    for percent in clock.warn:
        instant = cycles.reaches(cycle, percent)
        if instant is not None and instant < at:
            gone.add(f"{percent}%")
    if clock.late and cycles.late(cycle, at):
        due = cycles.due(cycle)
        for number, act in enumerate(clock.late):
            instant = after_due(due, act.after, cycle)
            if instant is not None and instant < at:
                gone.add(late_mark(number))
    return cycle if gone == cycle.missed else cycle._replace(missed=frozenset(gone))


def late_mark(number: int) -> str:
    """Return the mark of one of what `late` says, from 0."""
    return "late" if number == 0 else f"late {number + 1}"


def after_due(due: datetime | None, after: Length | None, cycle: Cycle) -> datetime | None:
    """Return when something is done so long after a clock has run out; None if it does not. Raises CalendarError."""
    return due if due is None or after is None else (cycle.aim.calendar or ALWAYS).after(due, after)


def relaxed(cycles: Cycles, before: Cycle, after: Cycle, at: datetime) -> bool:
    """Return True if a change at `at` relaxed a target of which nearly all was used. Raises CalendarError."""
    if before.aim.fixed is not None and after.aim.fixed is not None and before.budget is None:
        whole = before.aim.fixed - before.started_at
        near = (at - before.started_at) * 100 > max(whole, NO_TIME) * NEARLY
        return near and after.aim.fixed > before.aim.fixed
    if before.budget is None or after.budget is None or cycles.used(before, at) * 100 <= before.budget * NEARLY:
        return False
    if after.budget > before.budget:
        return True
    if cycles.tapes.waits(before.tape, at):
        return False  # nobody can say when it would have run out
    old, new = cycles.due(before), cycles.due(after)
    return old is not None and new is not None and new > old


def target_of(aim: Aim) -> str:
    """Return what is promised, as people write it; `?` if it is not known."""
    if aim.number is not None:
        return f"at most {aim.number}"
    if aim.length is not None:
        return str(aim.length)
    return "?" if aim.fixed is None else moment_in(aim.zone, aim.fixed)
