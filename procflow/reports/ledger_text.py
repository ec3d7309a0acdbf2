"""The ledger of a clock for people: what became of every minute, in the time zone of the calendar that counted it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from procflow.calendars.book import CalendarSet
from procflow.calendars.moments import moment_in
from procflow.model.clock import ClockCycle, ClockStatus, Stretch, Why
from procflow.model.procedure import Procedure
from procflow.model.text import text_of
from procflow.reports.documents import Json, cycle_document
from procflow.reports.lengths import length_of
from procflow.reports.paper import (
    BLANK,
    Line,
    Mark,
    counted,
    faint,
    line,
    padded,
    prose,
    strong,
    visible,
    width,
    wrapped,
)
from procflow.reports.time_documents import stretch_document

WIDE = 112
"""In so many cells there is room for where a stretch ends as well: it is where the next one begins."""
_ELAPSED = "24x7"
_LATE = frozenset({ClockStatus.BREACHED, ClockStatus.OVERDUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The ledger of one cycle, with what it takes to read it."""

    case: str
    procedure: Procedure
    cycle: ClockCycle
    stretches: tuple[Stretch, ...]
    calendars: CalendarSet
    """Those the case goes by."""
    as_of: datetime | None
    """Up to when it was told, if the cycle is open."""
    by: str = ""
    """What ended it, in words: `send, by ana`; "" if nobody knows, or nothing has."""

    @property
    def zone(self) -> str:
        """The time zone its times are told in."""
        return self.cycle.zone


def ledger_lines(ledger: Ledger, cells: int) -> Iterator[Line]:
    """Yield the ledger: whose it is, line by line what counted and why, and the verdict in one sentence."""
    cycle = ledger.cycle
    zone = ledger.zone
    yield line(strong(visible(f"Ledger of {_title(ledger)} in case {ledger.case}")))
    for label, text in _facts(ledger):
        yield from prose(text, cells, indent=2, label=f"{label:<11}")
    yield BLANK
    if cycle.count is not None:
        lines = [line("  ", one) for one in _times(ledger, zone)]
        yield from (*lines, *([BLANK] if lines else []))
    elif ledger.stretches:
        yield from _table(ledger, zone, cells)
        yield BLANK
    late = cycle.status in _LATE and cycle.promise
    mark = Mark.BAD if late and not cycle.waived else Mark.GOOD if cycle.status is ClockStatus.MET else Mark.PLAIN
    yield from prose(verdict_of(ledger), cells, mark=mark)


def _title(ledger: Ledger) -> str:
    clock = ledger.procedure.all_clocks.get(ledger.cycle.clock)
    title = "" if clock is None else text_of(clock.title)
    named = f"{ledger.cycle.clock} ({title})" if title else ledger.cycle.clock
    return f"{named}, cycle {ledger.cycle.number},"


def _facts(ledger: Ledger) -> Iterator[tuple[str, str]]:
    cycle = ledger.cycle
    grade = f", for {cycle.grade}" if cycle.grade else ""
    worth = "" if cycle.budget is None else f": worth {length_of(cycle.budget, working=cycle.working)}"
    yield "promised", f"{cycle.target}{grade}{worth}"
    names = dict.fromkeys((*(one.calendar for one in ledger.stretches), cycle.calendar))
    for name in names:
        if name == _ELAPSED:
            yield "calendar", "24x7: all time counts"
        elif name in ledger.calendars:
            one = ledger.calendars[name]
            yield "calendar", f"{name}, {one.zone}, sha256 {one.digest[:12]}"
    yield "times", f"in {ledger.zone}"


def _times(ledger: Ledger, zone: str) -> Iterator[str]:
    """Yield each time that a count was counted: when, what for, and how many that makes."""
    times = [one for one in ledger.stretches if one.note]
    seconds = any(one.start.second or one.start.microsecond for one in times)
    for one in times:
        event = f" [event {one.seq}]" if one.seq is not None else ""
        yield visible(f"{moment_in(zone, one.start, seconds=seconds)}  {one.note}{event}")


def _table(ledger: Ledger, zone: str, cells: int) -> Iterator[Line]:
    """Yield a stretch a line, and what is to be said of it in as many lines as it takes: nothing of it is cut off."""
    working = ledger.cycle.working
    wide = cells >= WIDE
    seconds = any(at.second or at.microsecond for one in ledger.stretches for at in (one.start, one.end))
    several = len({one.calendar for one in ledger.stretches}) > 1
    rows = [["from", *(["to"] if wide else []), "how long", "counted", "total", "why"]]
    for one, late in _parted(ledger):
        start, end = (moment_in(zone, at, seconds=seconds) for at in (one.start, one.end))
        counts = length_of(one.counted, working=working) if one.counted else "-"
        lengths = [length_of(one.end - one.start), counts, length_of(one.total, working=working)]
        why = why_text(one, several=several)
        rows.append([start, *([end] if wide else []), *lengths, f"{why}, too late" if late and one.counted else why])
    if not wide:
        rows.append([moment_in(zone, ledger.stretches[-1].end, seconds=seconds), "", "", "", _ending(ledger.cycle)])
    widths = [max(width(visible(row[at])) for row in rows) for at in range(len(rows[0]) - 1)]
    left = 2 if wide else 1
    lead = 2 + sum(widths) + 2 * len(widths)
    for number, row in enumerate(rows):
        cut = [padded(cell, room, right=at >= left) for at, (cell, room) in enumerate(zip(row, widths, strict=False))]
        first, *more = wrapped(visible(row[-1]), max(20, cells - lead))
        text = "  ".join([*cut, first])
        yield line("  ", faint(text) if number == 0 else text)
        yield from (line(" " * lead, one) for one in more)


def _parted(ledger: Ledger) -> Iterator[tuple[Stretch, bool]]:
    """Yield the stretches, the one in which the time ran out in two; and whether it had run out by then."""
    due = ledger.cycle.due if ledger.cycle.status in _LATE else None
    for one in ledger.stretches:
        if due is None or one.why is not Why.COUNTED or not one.start < due < one.end:
            yield one, due is not None and one.start >= due
            continue
        over = one.end - due
        yield replace(one, end=due, counted=one.counted - over, total=one.total - over), False
        yield replace(one, start=due, counted=over, seq=None), True


def _ending(cycle: ClockCycle) -> str:
    return "it goes on" if cycle.stopped_at is None else "it ended"


def why_text(one: Stretch, *, several: bool = False) -> str:
    """Return why a stretch counts or does not; of `several` calendars it names the one that says so."""
    said = [_WHY[one.why]]
    if one.note:
        said.append(one.note.rstrip(": "))
    text = ": ".join(said)
    if several and one.why is not Why.PAUSED:
        text += f" ({one.calendar})"
    return f"{text} [event {one.seq}]" if one.seq is not None else text


_WHY = {
    Why.COUNTED: "counted",
    Why.OUTSIDE_HOURS: "outside hours",
    Why.DAY_OFF: "day off",
    Why.PAUSED: "paused",
    Why.NOT_OURS: "the ball was not with us",
    Why.RESOLVED: "it had ended, and began anew",
    Why.BEYOND: "the calendar does not go so far",
}


def verdict_of(ledger: Ledger) -> str:
    """Return the verdict in one sentence; of a client's time it is added that it is no promise."""
    told = _verdict(ledger)
    if ledger.cycle.promise:
        return told
    head, _, rest = told.partition(":")
    return f"{_WAITED.get(ledger.cycle.status, head)}:{rest} It is a client's time, which nobody of ours has promised."


def _verdict(ledger: Ledger) -> str:
    one, zone = ledger.cycle, ledger.zone
    used = length_of(one.used, working=one.working)
    open_hours = " of open hours" if one.working else ""
    of = "" if one.budget is None else f" of {length_of(one.budget, working=one.working)}{open_hours}"
    due = "" if one.due is None else moment_in(zone, one.due)
    at = "" if one.stopped_at is None else moment_in(zone, one.stopped_at)
    by = f" (event {one.stopped_by}{': ' + ledger.by if ledger.by else ''})" if one.stopped_by is not None else ""
    if one.count is not None:
        return f"{_COUNTED[one.status]}: {counted(one.count, 'time')}, and {one.target} was promised."
    match one.status:
        case ClockStatus.MET:
            return f"Met: {used}{of} were used when it ended on {at}{by}."
        case ClockStatus.BREACHED:
            over = "" if one.budget is None else f", {length_of(one.used - one.budget, working=one.working)} too late"
            changed = "; a change of what was promised made it late" if one.by_change else ""
            excused = " The breach is excused." if one.waived else ""
            ran_out = f"It had run out on {due}" if due else "It had run out"
            return f"Breached: {used}{of} were used when it ended on {at}{by}{over}. {ran_out}{changed}.{excused}"
        case ClockStatus.OVERDUE:
            ran_out = f"it ran out on {due}" if due else "it has run out"
            return f"Overdue: {used}{of} are used, and it goes on; {ran_out}{' (excused)' if one.waived else ''}."
        case ClockStatus.RUNNING:
            left = f"; it runs out on {due}" if due else "; nothing says when it runs out"
            return f"Running: {used}{of} are used so far{left}."
        case ClockStatus.PAUSED:
            return f"Paused: {used}{of} are used so far, and none is used while it is paused."
        case ClockStatus.CANCELLED:
            return f"Cancelled{f' on {at}{by}' if at else ''}: it counts neither as met nor as breached."
        case ClockStatus.UNDECIDABLE:
            return f"Not to be decided: {used}{of} were used, and the log tells its times no closer than that."
        case _:
            return "Not examined: the log, or the calendar, cannot tell."


_WAITED = {
    ClockStatus.MET: "In time",
    ClockStatus.BREACHED: "Too late",
    ClockStatus.OVERDUE: "Waited for longer than was asked",
    ClockStatus.RUNNING: "Waiting",
}
_COUNTED = {
    ClockStatus.MET: "Met",
    ClockStatus.BREACHED: "Breached",
    ClockStatus.OVERDUE: "Breached already",
    ClockStatus.RUNNING: "Kept so far",
    ClockStatus.PAUSED: "Kept so far",
    ClockStatus.CANCELLED: "Cancelled",
    ClockStatus.UNDECIDABLE: "Not to be decided",
    ClockStatus.NOT_EXAMINED: "Not examined",
}


def ledger_document(ledger: Ledger) -> Json:
    """Return the ledger for programs."""
    names: Sequence[str] = [*dict.fromkeys((*(one.calendar for one in ledger.stretches), ledger.cycle.calendar))]
    known = [ledger.calendars[name] for name in names if name in ledger.calendars]
    return {
        "v": "1",
        "kind": "ledger",
        "case": ledger.case,
        "procedure": ledger.procedure.id,
        "version": ledger.procedure.version,
        "cycle": cycle_document(ledger.cycle),
        "zone": ledger.zone,
        "calendars": {one.id: {"zone": one.zone, "digest": one.digest} for one in known},
        "ledger": [stretch_document(one) for one in ledger.stretches],
        "verdict": verdict_of(ledger),
    }
