"""The tape of a cycle: what events did to it, one mark after the other, and what is counted from each mark on.

Marks are shared by the states of a case and never change. What time alone does (a pause is over, a target is used up)
is worked out from the last of them, or, for the past, from all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from procflow.calendars.calendar import Calendar
from procflow.calendars.length import Length
from procflow.model.clock import Why

NO_TIME = timedelta(0)


class Mode(Enum):
    """What a cycle does from a mark on."""

    RUNS = "runs"
    WAITS = "waits"
    NOT_OURS = "not ours"
    RESOLVED = "resolved"


_RUNS, _WAITS = Mode.RUNS, Mode.WAITS


class Meter(NamedTuple):
    """What time is counted with."""

    calendar: Calendar
    working: bool
    """False: elapsed time, whatever the calendar."""

    def used(self, start: datetime, end: datetime) -> timedelta:
        """Return what is counted from one instant to another. Raises CalendarError."""
        return self.calendar.between(start, end) if self.working else end - start

    def least(self, start: datetime, end: datetime) -> timedelta:
        """Return what is counted at least, as far as the calendar tells."""
        if self.working:
            start, end = self.calendar.reach(start), self.calendar.reach(end)
        return self.used(start, end)

    def after(self, start: datetime, used: timedelta) -> datetime:
        """Return the first instant by which so much has been counted. Raises CalendarError."""
        return self.calendar.add(start, used) if self.working else start + used


class Mark(NamedTuple):
    """What an event did to a cycle, and what had come of it by then."""

    before: Mark | None
    at: datetime
    mode: Mode
    until: datetime | None
    """Of a pause: when it is over even if nothing happens; None: it is not."""
    meter: Meter
    used: timedelta
    waited: timedelta
    """What pauses have used up of `max-pause`."""
    paused: timedelta
    """How long it was paused, on the wall."""
    seq: int | None
    note: str
    resets: bool = False
    """What was used before counts no more."""
    depth: int = 0
    """How many marks lie between this and the one that what is used counts from."""
    jump: Mark | None = None
    """An earlier mark, so that the past is searched in steps that double; None for the one that it counts from."""


class Piece(NamedTuple):
    """A stretch in which one thing holds."""

    start: datetime
    end: datetime
    why: Why
    """COUNTED where it runs, whether the calendar is open or not."""


class Reading(NamedTuple):
    """What has come of a cycle by some instant."""

    used: timedelta
    waited: timedelta
    paused: timedelta


class Tapes:
    """Reads and writes the tapes of one clock."""

    def __init__(self, max_pause: Length | None) -> None:
        """`max_pause`: how much of all pauses of a cycle counts as such; None: all of it."""
        self._most = max_pause

    def begin(self, at: datetime, meter: Meter, seq: int | None, note: str = "") -> Mark:
        """Return the first mark of a tape that runs."""
        return Mark(None, at, _RUNS, None, meter, NO_TIME, NO_TIME, NO_TIME, seq, note)

    def mark(
        self,
        last: Mark,
        at: datetime,
        seq: int | None,
        *,
        mode: Mode | None = None,
        until: datetime | None = None,
        meter: Meter | None = None,
        note: str = "",
        resets: bool = False,
    ) -> Mark:
        """Return the next mark; what is not given stays as it is. No mark lies before the last one."""
        at = max(at, last.at)
        # Under the same calendar, what it tells is enough: what it does not tell of is noticed when it is asked.
        read = self.read if meter is not None and meter != last.meter else self.least
        used, waited, paused = read(last, at)
        if mode is None:
            mode, until = last.mode, last.until
        meter = meter or last.meter
        if resets:
            return Mark(last, at, mode, until, meter, NO_TIME, waited, paused, seq, note, resets)
        jump = _jump_from(last)
        return Mark(last, at, mode, until, meter, used, waited, paused, seq, note, False, last.depth + 1, jump)

    def pieces(self, mark: Mark, end: datetime) -> Iterator[Piece]:
        """Yield what holds from a mark to `end`, nothing happening in between."""
        start = mark.at
        if end <= start:
            return
        if mark.mode is _WAITS:
            over = self.pause_over(mark)
            if over is None or end <= over:
                yield Piece(start, end, Why.PAUSED)
                return
            if start < over:
                yield Piece(start, over, Why.PAUSED)
            yield Piece(max(start, over), end, Why.COUNTED)
        else:
            yield Piece(start, end, _WHY[mark.mode])

    def read(self, mark: Mark, at: datetime) -> Reading:
        """Return what has come of it by `at`, nothing having happened since the mark. Raises CalendarError."""
        if mark.meter.working and (at <= mark.at or mark.mode is not _RUNS):
            mark.meter.used(mark.at, mark.at)  # what was used by a mark beyond the calendar nobody can tell
        return self._read(mark, at, mark.meter.used)

    def least(self, mark: Mark, at: datetime) -> Reading:
        """Return the same, with what is used at least, as far as the calendar tells."""
        return self._read(mark, at, mark.meter.least)

    def _read(self, mark: Mark, at: datetime, count: Callable[[datetime, datetime], timedelta]) -> Reading:
        used, waited, paused = mark.used, mark.waited, mark.paused
        if at > mark.at:
            if mark.mode is _RUNS:
                return Reading(used + count(mark.at, at), waited, paused)
            for start, end, why in self.pieces(mark, at):
                if why is Why.COUNTED:
                    used += count(start, end)
                elif why is Why.PAUSED:
                    paused += end - start
                    if self._most is not None:
                        waited += self._cap(mark).used(start, end)
        return Reading(used, waited, paused)

    def used_by(self, last: Mark, at: datetime) -> timedelta:
        """Return what was used by `at`, which may lie before the last mark."""
        mark: Mark | None = last
        while mark is not None and at < mark.at:
            mark = mark.before
        return NO_TIME if mark is None else self.least(mark, at).used

    def pause_over(self, mark: Mark) -> datetime | None:
        """Return when a pause that begins with this mark is over if nothing happens; None if it is not."""
        over = mark.until
        if self._most is not None:
            cap = self._cap(mark)
            left = cap.calendar.budget(mark.at, self._most) - mark.waited
            by_then = cap.after(mark.at, max(left, NO_TIME))
            over = by_then if over is None else min(over, by_then)
        return None if over is None else max(over, mark.at)

    def waits(self, mark: Mark, at: datetime) -> bool:
        """Return True if it is paused at `at`, nothing having happened since the mark."""
        if mark.mode is not _WAITS:
            return False
        over = self.pause_over(mark)
        return over is None or at < over

    def reaches(self, last: Mark, amount: timedelta) -> datetime | None:
        """Return the first instant by which `amount` is used, past or to come; None if it never is as things stand."""
        if amount > last.used:
            start: datetime | None = last.at
            if last.mode is not _RUNS:
                start = self.pause_over(last) if last.mode is _WAITS else None
            return None if start is None else last.meter.after(start, amount - last.used)
        first = _first_with(last, amount)
        before = None if first.resets else first.before
        if before is None:
            return first.at
        used = before.used
        for start, end, why in self.pieces(before, first.at):
            if why is Why.COUNTED:
                more = before.meter.least(start, end)
                if used + more >= amount:
                    return before.meter.after(start, amount - used)
                used += more
        return first.at

    def anew(self, last: Mark, meter: Meter) -> Mark:
        """Return the same tape as if `meter` had counted all of it. Raises CalendarError."""
        chain = marks_of(last)
        found = chain[0]._replace(meter=meter)
        for one in chain[1:]:
            found = self.mark(
                found, one.at, one.seq, mode=one.mode, until=one.until, note=one.note, resets=one.resets, meter=meter
            )
        return found

    def _cap(self, mark: Mark) -> Meter:
        assert self._most is not None
        return Meter(mark.meter.calendar, self._most.working)


_WHY = {Mode.RUNS: Why.COUNTED, Mode.NOT_OURS: Why.NOT_OURS, Mode.RESOLVED: Why.RESOLVED}


def marks_of(last: Mark | None) -> list[Mark]:
    """Return the marks of a tape from its first."""
    marks: list[Mark] = []
    while last is not None:
        marks.append(last)
        last = last.before
    return marks[::-1]


def _jump_from(last: Mark) -> Mark:
    """Return the earlier mark that the one after `last` remembers: the searches of a skew list take log n steps."""
    jump = last.jump
    if jump is None or jump.jump is None or last.depth - jump.depth != jump.depth - jump.jump.depth:
        return last
    return jump.jump


def _first_with(last: Mark, amount: timedelta) -> Mark:
    """Return the first mark, since what is used counts, by which `amount` was used; by the last it was."""
    mark = last
    while mark.jump is not None:
        before = mark.before
        assert before is not None
        if mark.jump.used >= amount:
            mark = mark.jump
        elif before.used >= amount:
            mark = before
        else:
            break
    return mark
