"""What is owed in open cases by when, and what was done because time was up, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from procflow.calendars.moments import moment_in
from procflow.model.clock import ClockCycle, ClockStatus, LateDoing, Timer
from procflow.model.fired import Fired
from procflow.model.rule import Obligation
from procflow.reports.clocks_text import cycle_text
from procflow.reports.lengths import length_of
from procflow.reports.paper import Line, Mark, line, padded, prose, strong, visible, width
from procflow.reports.rules_text import demanded


class OwedView(Protocol):
    """What of an obligation is shown; the engine's `Owed` has it."""

    @property
    def case(self) -> str: ...
    @property
    def procedure(self) -> str: ...
    @property
    def ref(self) -> str | None: ...
    @property
    def obligation(self) -> Obligation: ...
    @property
    def due(self) -> datetime: ...
    @property
    def overdue(self) -> bool: ...
    @property
    def people(self) -> tuple[str, ...]: ...
    @property
    def zone(self) -> str: ...


def due_lines(items: Sequence[OwedView], cells: int) -> Iterator[Line]:
    """Yield what is owed, the soonest first, as it came."""
    if not items:
        yield line("Nothing is due.")
        return
    for one in items:
        yield case_head(one.case, one.procedure, one.ref)
        asked = one.obligation
        named = f"clock {asked.clock}" if asked.clock else f"rule {asked.rule}"
        people = f" ({', '.join(one.people)})" if one.people else ""
        text = f"{due_on(one.zone, one.due, overdue=one.overdue)}: {demanded(asked)}{people} ({named})"
        yield from prose(text, cells, indent=2, mark=Mark.BAD if one.overdue else Mark.PLAIN)


def fired_lines(fired: Iterable[Fired], cells: int) -> Iterator[Line]:
    """Yield what was done because time was up, in the order in which it was."""
    nothing = True
    for one in fired:
        nothing = False
        yield case_head(one.case, one.procedure, one.ref)
        if one.timer is None:
            yield from prose(str(one.error), cells, indent=2, mark=Mark.BAD)
            if one.error is not None and one.error.hint:
                yield from prose(one.error.hint, cells, indent=2, label="= help: ")
            continue
        told = ", ".join(one.people or (party.partition(":")[2] for party in one.parties))
        text = f"{timer_text(one.timer, one.zone)}; event {one.seq}"
        yield from prose(text, cells, indent=2)
        if told and one.deliver_at is not None:
            text = f"tell {told}, not before {moment_in(one.zone, one.deliver_at)}"
            yield from prose(text, cells, indent=2, mark=Mark.FAINT)
    if nothing:
        yield line("Nothing was due.")


def timer_text(one: Timer, zone: str = "UTC") -> str:
    """Return what time did, in a few words: `50% of first-answer used: lead is told`."""
    name = one.clock if one.cycle == 1 else f"{one.clock} #{one.cycle}"
    up = f"{one.mark} of {name} used" if one.mark.endswith("%") else f"time of {name} up ({one.mark})"
    match one.does:
        case LateDoing.NOTIFY:
            what = f"{one.to or whoever(one)} is told"
        case LateDoing.ESCALATE:
            what = f"{one.to} is told, and may act, too"
        case LateDoing.OFFER:
            what = f"the work is offered to {one.to}, too"
        case LateDoing.GO_TO:
            what = f"on to {one.to}"
    return f"{up}: {what}, {moment_in(zone, one.due)}"


def whoever(one: Timer, otherwise: str = "whoever has it") -> str:
    """Return in words whom a warning is for that names nobody."""
    if one.clock.endswith(".acceptance"):
        return "whoever it is offered to"
    return "whoever was asked" if one.clock.endswith(".answer") else otherwise


def due_on(zone: str, due: datetime, *, overdue: bool) -> str:
    """Return when something is due, as the clock on the wall shows it in a zone."""
    return f"{'overdue since' if overdue else 'due'} {moment_in(zone, due)}"


def case_head(case: str, procedure: str, ref: str | None) -> Line:
    """Return the line that names a case, what is said of it to come below."""
    return line(strong(visible(case)), f"  {visible(procedure)}", f"  {visible(ref)}" if ref else "")


def running_lines(cycles: Sequence[ClockCycle], cells: int) -> Iterator[Line]:
    """Yield how each cycle of the clocks of a case stands: what is used and left, and when it is due."""
    names = [one.clock if one.number == 1 else f"{one.clock} #{one.number}" for one in cycles]
    wide = max(map(width, names), default=0)
    for name, one in zip(names, cycles, strict=True):
        said = [cycle_text(replace(one, due=None))]
        if one.stopped_at is None and one.budget is not None and one.used < one.budget:
            said.append(f"{length_of(one.budget - one.used, working=one.working)} left")
        if one.due is not None:
            said.append(
                f"{'due' if one.stopped_at is None and one.status in _IN_TIME else 'was due'} {moment_in(one.zone, one.due)}"
            )
        mark = Mark.PLAIN if one.stopped_at is None else Mark.FAINT
        yield from prose(", ".join(said), cells, indent=2, label=f"{padded(visible(name), wide)}  ", mark=mark)


_IN_TIME = (ClockStatus.RUNNING, ClockStatus.PAUSED)
