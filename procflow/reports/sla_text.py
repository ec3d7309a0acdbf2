"""How the promises of a store stand: what is late, what is at risk, what is paused; the soonest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from procflow.calendars.moments import moment_in
from procflow.model.clock import ClockCycle, ClockStatus, Promised
from procflow.reports.clocks_text import AGREED, status_text
from procflow.reports.documents import Json, cycle_document, instant
from procflow.reports.ledger_text import WIDE
from procflow.reports.lengths import clocked
from procflow.reports.paper import BLANK, Column, Ink, Line, Mark, counted, faint, line, number, prose, strong, table

MARKS = (90, 75, 50)
"""From so many percent of its time on, a promise is at risk; the worst first."""
_HUNDRED = 100
_TWICE = 200
"""Percent from which on people count in times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenClock:
    """One clock that runs, is paused, or has run out, in an open case."""

    case: str
    ref: str | None
    client: str | None
    """By its name, if the files of the workspace know it."""
    procedure: str
    to: Promised
    cycle: ClockCycle

    @property
    def promised(self) -> str:
        """To whom, or by whom, it is promised; "" if it is a client's time."""
        return self.to.value if self.cycle.promise else ""

    @property
    def late(self) -> bool:
        """True if a promise has run out."""
        return self.cycle.promise and self.cycle.status is ClockStatus.OVERDUE

    @property
    def percent(self) -> int | None:
        """How much of its time is used, rounded down; None if nobody can tell."""
        budget = self.cycle.budget
        if budget is None:
            return None
        if not budget:
            return _HUNDRED
        return int(_HUNDRED * self.cycle.used / budget)

    @property
    def mark(self) -> int | None:
        """The highest mark it has passed; None if it is not at risk, late already, or no promise."""
        percent = self.percent
        if self.late or percent is None or not self.cycle.promise:
            return None
        return next((mark for mark in MARKS if percent >= mark), None)


def soonest(one: OpenClock) -> tuple[int, float, str, str]:
    """Return what sorts clocks: those that have run out first, then by when they do, then what nobody can tell."""
    due = one.cycle.due
    rank = 0 if one.late else 1 if due is not None else 2
    return rank, 0.0 if due is None else due.timestamp(), one.case, one.cycle.clock


def status_lines(clocks: Sequence[OpenClock], now: datetime, cells: int, *, most: int | None) -> Iterator[Line]:
    """Yield how many promises stand how, and each of them, the soonest first."""
    ordered = sorted(clocks, key=soonest)
    yield line(strong("What is promised in open cases"), faint(f"  at {now:%Y-%m-%d %H:%M} UTC"))
    if not ordered:
        yield from prose("Nothing is running: no open case has a clock that runs.", cells)
        return
    yield line(*_summary(ordered))
    yield BLANK
    wide = cells >= WIDE
    columns = (
        Column(head="in", right=True),
        Column(head="used", right=True),
        Column(head="how"),
        Column(head="due"),
        *((Column(head="case"), Column(head="client"), Column(head="with")) if wide else ()),
        Column(head="clock" if wide else "clock, case", whole=True),
    )
    yield from table(columns, [_row(one, now, wide=wide) for one in ordered[:most]], cells)
    if most is not None and len(ordered) > most:
        yield line(faint(f"  ... and {number(len(ordered) - most)} more; --all shows every one"))


def _summary(clocks: Sequence[OpenClock]) -> Iterator[Ink]:
    late = sum(one.late for one in clocks)
    waiting = sum(not one.cycle.promise for one in clocks)
    paused = sum(one.cycle.status is ClockStatus.PAUSED for one in clocks)
    yield Ink(f"{counted(len(clocks), 'clock')}: ")
    yield Ink(f"{number(late)} overdue", Mark.BAD if late else Mark.GOOD)
    for mark in MARKS:
        some = sum(one.mark == mark for one in clocks)
        yield Ink(f", {number(some)} from {mark} % on", Mark.DOUBTFUL if some else Mark.PLAIN)
    yield Ink(f", {number(paused)} paused")
    if waiting:
        yield Ink(f", {number(waiting)} where a client is waited for")


def _row(one: OpenClock, now: datetime, *, wide: bool) -> tuple[str, ...]:
    cycle = one.cycle
    due = "-" if cycle.due is None else moment_in(cycle.zone, cycle.due).partition(" ")[2]
    left = "-" if cycle.due is None else _left(cycle.due - now)
    percent = "-" if one.percent is None else _used(one.percent)
    case = one.ref or one.case
    clock = f"{cycle.clock} #{cycle.number}" if cycle.number > 1 else cycle.clock
    agreed = f", {AGREED[one.to]}" if cycle.promise else ""
    what = f"{clock}{agreed}: {cycle.target}{f' for {cycle.grade}' if cycle.grade else ''}"
    if not wide:
        return left, percent, status_text(cycle), due, f"{clock}{agreed}, {case}"
    return left, percent, status_text(cycle), due, case, one.client or "-", " or ".join(cycle.holder) or "-", what


def _used(percent: int) -> str:
    """Return how much is used: in percent up to twice the time, then how many times all of it."""
    return f"{percent} %" if percent <= _TWICE else f"{number(percent // _HUNDRED)} x"


def _left(left: timedelta) -> str:
    return f"{clocked(-left)} ago" if left < timedelta(0) else clocked(left)


def status_document(clocks: Sequence[OpenClock], now: datetime) -> Json:
    """Return how the promises of a store stand, for programs."""
    return {
        "v": "1",
        "kind": "sla-status",
        "at": instant(now),
        "overdue": sum(one.late for one in clocks),
        "clocks": [
            {
                "case": one.case,
                "ref": one.ref,
                "client": one.client,
                "procedure": one.procedure,
                "to": one.promised,
                "percent": one.percent,
                "at_risk": one.mark,
                "cycle": cycle_document(one.cycle),
            }
            for one in sorted(clocks, key=soonest)
        ],
    }
