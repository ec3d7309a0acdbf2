"""The ledger of a cycle: every minute of it, and why it counts or does not.

It is the tape of the cycle once more, its counted stretches cut where the calendar opens and closes: verdict, due and
ledger cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from procflow.calendars.calendar import Calendar
from procflow.calendars.zones import zone_of
from procflow.errors import CalendarError
from procflow.model.clock import Stretch, Why
from procflow.monitors.clocks.cycle import Counted, Cycle
from procflow.monitors.clocks.monitor import Monitor
from procflow.monitors.clocks.tape import NO_TIME, Meter, marks_of

_ALWAYS = "24x7"
_DAY = timedelta(days=1)


class _Part(NamedTuple):
    start: datetime
    end: datetime
    why: Why
    counted: timedelta = NO_TIME
    note: str = ""


def ledger_of(monitor: Monitor, cycle: Cycle, now: datetime) -> tuple[Stretch, ...]:
    """Return the ledger of a cycle to its stop, or to `now`."""
    end = max(now, cycle.tape.at) if cycle.stop is None else cycle.stop.at
    if not cycle.unseen:
        try:
            return tuple(_with_times(_stretches(monitor, cycle, end), cycle))
        except CalendarError:
            pass
    beyond = Stretch(
        start=cycle.started_at,
        end=end,
        why=Why.BEYOND,
        counted=NO_TIME,
        total=NO_TIME,
        calendar=cycle.tape.meter.calendar.id,
        seq=cycle.since,
    )
    return (beyond,) if cycle.started_at < end else ()


def _stretches(monitor: Monitor, cycle: Cycle, end: datetime) -> Iterator[Stretch]:
    marks = marks_of(cycle.tape)
    total = shown = NO_TIME
    said = ""
    for place, mark in enumerate(marks):
        until = marks[place + 1].at if place + 1 < len(marks) else end
        total = NO_TIME if mark.resets else total
        said = f"{said}; {mark.note}".strip("; ") if mark.note else said
        seq = mark.seq
        name = mark.meter.calendar.id if mark.meter.working else _ALWAYS
        for start, stop, why in monitor.tapes.pieces(mark, until):
            parts = _counted(mark.meter, start, stop) if why is Why.COUNTED else [_Part(start, stop, why)]
            for part in parts:
                total += part.counted
                note = "; ".join(one for one in (said, part.note) if one)
                yield Stretch(
                    start=part.start,
                    end=part.end,
                    why=part.why,
                    counted=part.counted,
                    total=total,
                    calendar=name,
                    note=note,
                    seq=seq,
                )
                said, seq = "", None
                shown = total
    if shown != total:
        # A line of no length: nothing is counted any more of what the lines before came to.
        mark = marks[-1]
        yield Stretch(
            start=end,
            end=end,
            why=Why.COUNTED,
            counted=NO_TIME,
            total=total,
            calendar=mark.meter.calendar.id if mark.meter.working else _ALWAYS,
            note=said,
            seq=mark.seq,
        )


def _with_times(stretches: Iterator[Stretch], cycle: Cycle) -> Iterator[Stretch]:
    """Yield the stretches of a count, cut where it was counted; one of no length if the next comes at once."""
    times = _times(cycle)
    last: Stretch | None = None
    for one in stretches:
        while times and times[0].at < one.end:
            time = times.pop(0)
            at = max(time.at, one.start)
            over = one.end - at if one.counted else NO_TIME
            if at > one.start or one.note:
                yield replace(one, end=at, counted=one.counted - over, total=one.total - over)
            one = replace(one, start=at, counted=over, note=time.note, seq=time.seq)
        yield one
        last = one
    for time in times:
        if last is not None:
            yield replace(last, start=last.end, counted=NO_TIME, note=time.note, seq=time.seq)


def _times(cycle: Cycle) -> list[Counted]:
    """Return the times of a count, the first one first."""
    found, one = list[Counted](), cycle.counted
    while one is not None:
        found.append(one)
        one = one.before
    return found[::-1]


def _counted(meter: Meter, start: datetime, end: datetime) -> Iterator[_Part]:
    """Yield a stretch in which a cycle runs: open hours, closed ones, and days off by their name."""
    if not meter.working:
        yield _Part(start, end, Why.COUNTED, end - start)
        return
    at = start
    for opens, closes, _ in _merged(meter.calendar, start, end):
        if at < opens:
            yield from _closed(meter.calendar, at, opens)
        yield _Part(opens, closes, Why.COUNTED, closes - opens)
        at = closes
    if at < end:
        yield from _closed(meter.calendar, at, end)


def _merged(calendar: Calendar, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, date]]:
    """Yield the open stretches, those that touch or overlap as one."""
    last: tuple[datetime, datetime, date] | None = None
    for one in sorted(calendar.openings(start, end)):
        if last is not None and one.start <= last[1]:
            last = (last[0], max(last[1], one.end), last[2])
            continue
        if last is not None:
            yield last
        last = (one.start, one.end, one.day)
    if last is not None:
        yield last


def _closed(calendar: Calendar, start: datetime, end: datetime) -> Iterator[_Part]:
    """Yield a stretch in which a calendar is closed, the days that it names apart."""
    zone = zone_of(calendar.zone)
    day = start.astimezone(zone).date()
    at = start
    while at < end:
        following = min(end, datetime.combine(day + _DAY, time(), zone).astimezone(UTC))
        name = calendar.days[day].name if day in calendar.days and not calendar.days[day].windows else None
        if name is not None:
            yield _Part(at, following, Why.DAY_OFF, note=name)
            at = following
        else:
            # Closed hours go on to the next day that is named, or to their end.
            while following < end and not _named(calendar, day + _DAY):
                day += _DAY
                following = min(end, datetime.combine(day + _DAY, time(), zone).astimezone(UTC))
            yield _Part(at, following, Why.OUTSIDE_HOURS)
            at = following
        day += _DAY


def _named(calendar: Calendar, day: date) -> bool:
    found = calendar.days.get(day)
    return found is not None and not found.windows
