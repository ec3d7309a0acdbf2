"""What the checks of time look at: the ways of a procedure, its clocks, and the calendars they are counted on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from procflow.calendars.calendar import ALWAYS, Calendar
from procflow.calendars.hours import Regime, Window
from procflow.calendars.length import Length
from procflow.calendars.zones import zone_of
from procflow.errors import CalendarError
from procflow.lint.soundness import Soundness
from procflow.model.clock import Clock, ClockKind
from procflow.model.procedure import Procedure, Step

if TYPE_CHECKING:
    from procflow.calendars.book import CalendarSet

_OFFICE = Regime(hours={day: (Window(9 * 60, 17 * 60),) for day in range(5)})
_FIRST = date(2026, 1, 1)
STAND_IN = Calendar(id="?", zone="UTC", regimes=(_OFFICE,), first=_FIRST, last=date(2030, 12, 31))
"""Instead of a calendar that is not at hand: what is only added up comes out the same on any."""
_SAMPLED = timedelta(days=28)
_SETTLING = timedelta(days=7)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Measure:
    """A length, and the calendar it is counted on."""

    length: Length
    calendar: Calendar

    def after(self, at: datetime) -> datetime:
        """Return when it is over if it begins at `at`. Raises CalendarError beyond the calendar."""
        try:
            return self.calendar.after(at, self.length)
        except (OverflowError, ValueError):
            raise CalendarError(f"{self.length} after {at.isoformat()} is beyond all time", code="PF640") from None

    @property
    def kind(self) -> str:
        """What it counts: lengths of one kind on one calendar can be added wherever they begin."""
        if not self.length.working:
            return "elapsed" if self.length.elapsed is not None else "months"
        return f"{'hours' if self.length.open_hours is not None else 'days'} of {self.calendar.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What a clock promises to cases of one kind."""

    clock: Clock
    measure: Measure
    field: str | None
    """The data field it depends on."""
    value: str
    """Its value; "" for any other."""

    @property
    def told(self) -> str:
        """What is promised in words: `answer` promises 2 days (tier: basic)."""
        grade = "" if self.field is None else f" ({self.field}: {self.value or 'any other'})"
        return f"`{self.clock.id}` promises {self.measure.length}{grade}"


class Scene:
    """One procedure, its ways and its calendars."""

    def __init__(self, procedure: Procedure, calendars: CalendarSet | None) -> None:
        """Of calendars that are not at hand nothing is told that depends on their hours."""
        self.procedure = procedure
        self.sound = Soundness(procedure)
        self.map = self.sound.map
        self._calendars = calendars

    @cached_property
    def clocks(self) -> tuple[Clock, ...]:
        """Those of `clocks:`."""
        return tuple(one for one in self.procedure.clocks if one.step is None)

    @cached_property
    def acceptances(self) -> tuple[Clock, ...]:
        """How long work may be on offer, of each step that says so."""
        offered = (step.hand_offs.acceptance for step in self.procedure.steps.values() if step.hand_offs is not None)
        return tuple(one for one in offered if one is not None)

    def calendar(self, id: str | None) -> Calendar:
        """Return a calendar by its id; `STAND_IN` if it is not at hand."""
        id = id or self.procedure.calendar
        if id is None:
            return ALWAYS
        if self._calendars is not None and id in self._calendars:
            return self._calendars[id]
        return ALWAYS if id == ALWAYS.id else STAND_IN

    def measures(self, clock: Clock, value: str | None, field: str | None) -> Iterator[Measure]:
        """Yield what a clock may be given where a data field has a value; of another field, whatever it may be."""
        if clock.within is None:
            return
        lengths = clock.within.all
        if clock.within.by is not None and clock.within.by == field:
            length = clock.within.of(value or None)
            lengths = () if length is None else (length,)
        ids: tuple[str | None, ...] = (None,) if clock.calendar is None else clock.calendar.all
        if clock.calendar is not None and clock.calendar.by is not None and clock.calendar.by == field:
            ids = (clock.calendar.of(value or None),)
        for length in lengths:
            for id in ids:
                yield Measure(length, self.calendar(id) if length.working or length.elapsed is None else ALWAYS)

    def promises(self, clock: Clock) -> Iterator[Promise]:
        """Yield what a clock promises, value by value of what it depends on."""
        if clock.kind is not ClockKind.TIMER or clock.within is None:
            return
        field = clock.within.by
        values = ["", *clock.within.values] if clock.within.otherwise is not None else [*clock.within.values]
        for value in values:
            for measure in self.measures(clock, value, field):
                yield Promise(clock=clock, measure=measure, field=field, value=value)

    def starts(self, calendars: Sequence[Calendar], most: int) -> list[datetime]:
        """Return moments at which something may begin, to try out: when work opens, and when it closes, or soon will."""
        calendar = next((one for one in calendars if not one.always), None)
        since = self.procedure.effective_from
        if calendar is None:
            return [datetime.combine(since or _FIRST, time(9), UTC)]
        day = max(since or calendar.first, calendar.first + _SETTLING)
        begins = datetime.combine(day, time(), UTC)
        try:
            opened = calendar.openings(begins, begins + _SAMPLED)
        except CalendarError:
            return []
        found = list(
            dict.fromkeys(at for one in opened for at in (one.start, max(one.start, one.end - _HOUR), one.end))
        )
        return found[:: max(1, len(found) // most)]

    def roles_in(self, step: Step) -> frozenset[str]:
        """Return the roles that work in a step; () if that depends on the data."""
        by = step.by
        roles = {one.by.role for one in step.actions.values() if one.by is not None}
        if by is not None:
            roles.add(by.role)
        return frozenset() if None in roles else frozenset(one for one in roles if one is not None)


def told_at(at: datetime, *measures: Measure) -> str:
    """Return an instant in words, in the zone of what it is measured by: `Fri 2026-12-04 16:00 Europe/Bucharest`."""
    zone = next((one.calendar.zone for one in measures if not one.calendar.always), "UTC")
    return f"{at.astimezone(zone_of(zone)):%a %Y-%m-%d %H:%M} {zone}"
