"""A `Cycle` of a clock, and how all cycles of a clock stand in a case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from procflow.calendars.calendar import Calendar
from procflow.calendars.length import Length
from procflow.errors import CalendarError
from procflow.model.clock import ClockStatus
from procflow.model.deviation import Deviation
from procflow.monitors.clocks.asking import Awaited
from procflow.monitors.clocks.tape import NO_TIME, Mark, Tapes


class Aim(NamedTuple):
    """What is promised as things stand: what the record says of a clock's target."""

    grade: str = ""
    length: Length | None = None
    number: int | None = None
    fixed: datetime | None = None
    """The instant of a deadline, or until when somebody is waited for."""
    calendar: Calendar | None = None
    """None: none is known that could be meant."""
    zone: str = "UTC"
    """The time zone in which its instants are told to people."""

    @property
    def known(self) -> bool:
        """True if something is promised."""
        return self.length is not None or self.fixed is not None or self.number is not None

    def same(self, other: Aim) -> bool:
        """Return True if it is the same promise: a calendar that nothing is counted on does not matter."""
        if (self.length, self.number, self.fixed) != (other.length, other.number, other.fixed):
            return False
        if self.length is None or not _on_calendar(self.length):
            return True
        mine, others = self.calendar, other.calendar
        return mine is others or (
            mine is not None and others is not None and (mine.id, mine.digest) == (others.id, others.digest)
        )


def _on_calendar(length: Length) -> bool:
    return length.working or length.elapsed is None


class Stop(NamedTuple):
    """How a cycle was ended."""

    at: datetime
    seq: int | None
    cancelled: bool = False
    by_end: bool = False
    """By nothing but the end of the case, which an override may take back."""
    by_time: bool = False
    """The time of a step was up and led the case on: nobody did the work."""


class Counted(NamedTuple):
    """One time of a count, and those before."""

    at: datetime
    seq: int | None
    note: str
    before: Counted | None


class Cycle(NamedTuple):
    """One cycle of a clock. Immutable."""

    number: int
    started_at: datetime
    since: int | None
    """`seq` of the event that began it."""
    aim: Aim
    tape: Mark
    budget: timedelta | None
    """What the aim is worth; None if it has no length, or nobody can tell."""
    name: str = ""
    """Of each hand-off: who has the ball."""
    times: int = 0
    """Of a count: how often so far."""
    counted: Counted | None = None
    """The last of these times."""
    beyond: datetime | None = None
    """Of a count: when there were more than promised."""
    fired: frozenset[str] = frozenset()
    """Marks that are on record as done."""
    missed: frozenset[str] = frozenset()
    """Marks that had passed when the target came to be what it is: nothing is done about them any more."""
    guessed: int | None = None
    """The event whose time was taken for that of an opening which nothing dates; None: it is known when it began."""
    holed: bool = False
    """Entries are missing since it began."""
    unseen: bool = False
    """The record, or the calendar, cannot tell how it went."""
    by_change: bool = False
    told: Deviation | None = None
    """That it is late."""
    stale: bool = False
    """What is promised has changed since that was told."""
    limit: datetime | None = None
    """Up to then it is not late; None: it is told that it is, or it will not be as things stand."""
    holder: tuple[str, ...] = ()
    """Who had the ball when it ran out."""
    stop: Stop | None = None
    awaited: Awaited | None = None
    """Of what is waited for: who waits for whom. None of all other clocks."""

    @property
    def settled(self) -> frozenset[str]:
        """Marks about which nothing is to be done."""
        return self.fired | self.missed if self.missed else self.fired

    @property
    def aside(self) -> bool:
        """True if nothing is to be worked out of it."""
        return self.unseen or self.stop is not None


def limited(cycle: Cycle, limit: datetime | None) -> Cycle:
    """Return a cycle with when it will be late."""
    return _with(cycle, _LIMIT, limit)


def taped(cycle: Cycle, tape: Mark) -> Cycle:
    """Return a cycle with another tape."""
    return _with(cycle, _TAPE, tape)


def stopped(cycle: Cycle, stop: Stop) -> Cycle:
    """Return a cycle that is over."""
    return _with(cycle, _STOP, stop)


def _with(cycle: Cycle, place: int, value: object) -> Cycle:
    # By place: it is done at most events, and by name would cost three times as much.
    return tuple.__new__(Cycle, (*cycle[:place], value, *cycle[place + 1 :]))


_LIMIT, _TAPE, _STOP = map(Cycle._fields.index, ("limit", "tape", "stop"))


class Past(NamedTuple):
    """A cycle that is over, and those before."""

    cycle: Cycle
    before: Past | None


class ClockState(NamedTuple):
    """How all cycles of a clock stand in a case. Immutable."""

    open: tuple[Cycle, ...] = ()
    """In the order of their beginnings; more than one only of each hand-off, and of questions."""
    past: Past | None = None
    """In the order of their ends."""
    begun: int = 0
    """How many have begun."""
    since_known: bool = False
    """`from: { field }` or `{ known }` has been fulfilled."""
    resumed: frozenset[str] = frozenset()
    """Waiting steps whose pause a `resumed-by` has ended; until they are entered anew."""
    short: bool = False
    """It was told that a calendar cannot tell."""
    lent: tuple[str, ...] = ()
    """Roles that the work had been offered to besides when it was accepted: they act in the step until it is left."""

    @property
    def soonest(self) -> datetime | None:
        """An instant before which nothing is late that is not told yet; None if nothing will be."""
        if len(self.open) == 1:
            (only,) = self.open
            return only.limit if only.told is None and not only.unseen else None
        limits = [one.limit for one in self.open if one.limit is not None and one.told is None and not one.unseen]
        return min(limits, default=None)

    def cycles(self) -> list[Cycle]:
        """Return all cycles in the order of their beginnings."""
        return sorted((*self.open, *past_ones(self.past)), key=_number)


def past_ones(past: Past | None) -> Iterator[Cycle]:
    """Yield the cycles that are over, the last one first."""
    while past is not None:
        yield past.cycle
        past = past.before


def _number(cycle: Cycle) -> int:
    return cycle.number


def same_cycles(some: Sequence[Cycle], others: Sequence[Cycle]) -> bool:
    """Return True if these are the very same cycles."""
    if len(some) != len(others):
        return False
    for one, other in zip(some, others, strict=True):  # noqa: SIM110 - it is asked at every event
        if one is not other:
            return False
    return True


def among(cycle: Cycle, others: tuple[Cycle, ...]) -> bool:
    """Return True if it is one of these very cycles."""
    for one in others:  # noqa: SIM110 - it is asked at every event
        if one is cycle:
            return True
    return False


def later(at: datetime, resolution: timedelta) -> datetime | None:
    """Return the last instant at which nobody can tell whether something is late that was due `at`."""
    try:
        return at + resolution - timedelta.resolution
    except OverflowError:
        return None


class Cycles:
    """Says how cycles of one clock stand. Everything may raise CalendarError."""

    def __init__(self, tapes: Tapes, resolution: timedelta) -> None:
        self.tapes = tapes
        self._resolution = resolution

    def due(self, cycle: Cycle) -> datetime | None:
        """Return when it runs out, or ran out, as things stand; None if that is not to come, or nobody can tell."""
        if cycle.unseen:
            return None
        by_length = None if cycle.budget is None else self.tapes.reaches(cycle.tape, cycle.budget)
        fixed = cycle.aim.fixed
        if fixed is None or (by_length is not None and by_length < fixed):
            return by_length
        return fixed

    def reaches(self, cycle: Cycle, percent: int) -> datetime | None:
        """Return when so much of the target is used; None likewise."""
        if cycle.unseen:
            return None
        if cycle.aim.fixed is not None and self.due(cycle) == cycle.aim.fixed:
            whole = cycle.aim.fixed - cycle.started_at
            return cycle.started_at + max(whole, NO_TIME) * percent // 100
        return None if cycle.budget is None else self.tapes.reaches(cycle.tape, cycle.budget * percent // 100)

    def used(self, cycle: Cycle, at: datetime) -> timedelta:
        """Return what is used by `at`, or by its stop."""
        return self.tapes.read(cycle.tape, at if cycle.stop is None else cycle.stop.at).used

    def least(self, cycle: Cycle, at: datetime) -> timedelta:
        """Return what is used by then at least, as far as the calendar tells."""
        return self.tapes.least(cycle.tape, at if cycle.stop is None else cycle.stop.at).used

    def over(self, cycle: Cycle, at: datetime) -> timedelta:
        """Return by how much it is late at `at`, or at its stop, in its own measure; 0 if it is not.

        Beyond what a calendar covers: by how much at least, if it was late before. What is late already stays late.
        """
        if cycle.unseen:
            return NO_TIME
        at = at if cycle.stop is None else cycle.stop.at
        if cycle.aim.number is not None:
            return NO_TIME
        beyond = NO_TIME if cycle.budget is None else self._beyond(cycle, cycle.budget, at)
        if cycle.aim.fixed is not None:
            beyond = max(beyond, at - cycle.aim.fixed)
        return max(beyond, NO_TIME)

    def _beyond(self, cycle: Cycle, budget: timedelta, at: datetime) -> timedelta:
        try:
            return self.used(cycle, at) - budget
        except CalendarError:
            if (least := self.least(cycle, at) - budget) > NO_TIME:
                return least
            raise

    def late(self, cycle: Cycle, at: datetime) -> bool:
        """Return True if it is late at `at`, or was at its stop: at the very instant it runs out it is not."""
        if cycle.aim.number is not None:
            return cycle.beyond is not None
        return self.over(cycle, at) > NO_TIME or self._ran_out(cycle)

    def _ran_out(self, cycle: Cycle) -> bool:
        """Return True if its own time ended it, at the very instant at which all of it was used."""
        stop = cycle.stop
        if stop is None or not stop.by_time or cycle.unseen:
            return False
        due = self.due(cycle)
        return due is not None and due <= stop.at

    def status(self, cycle: Cycle, at: datetime) -> ClockStatus:
        """Return how it stands at `at`."""
        stop = cycle.stop
        if stop is not None and stop.cancelled:
            return ClockStatus.CANCELLED
        if cycle.unseen:
            return ClockStatus.NOT_EXAMINED
        if self.late(cycle, at):
            if cycle.aim.number is None and cycle.holed:
                return ClockStatus.NOT_EXAMINED
            if self.undecidable(cycle, at):
                return ClockStatus.UNDECIDABLE
            return ClockStatus.OVERDUE if stop is None else ClockStatus.BREACHED
        if stop is not None:
            hidden = not cycle.aim.known or (cycle.aim.number is not None and cycle.holed)
            return ClockStatus.NOT_EXAMINED if hidden else ClockStatus.MET
        return ClockStatus.PAUSED if self.tapes.waits(cycle.tape, at) else ClockStatus.RUNNING

    def undecidable(self, cycle: Cycle, at: datetime) -> bool:
        """Return True if it is late by less than the record's times can tell: so much earlier it was not."""
        if not self._resolution or cycle.aim.number is not None or self._ran_out(cycle):
            return False
        before = (at if cycle.stop is None else cycle.stop.at) - self._resolution + timedelta.resolution
        if cycle.aim.fixed is not None and before > cycle.aim.fixed:
            return False
        return cycle.budget is None or self.tapes.used_by(cycle.tape, before) <= cycle.budget

    def breached(self, cycle: Cycle, at: datetime) -> bool:
        """Return True if it counts as breached at `at`, or did at its stop."""
        return self.status(cycle, at) in (ClockStatus.OVERDUE, ClockStatus.BREACHED)
