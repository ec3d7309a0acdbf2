"""What time has to do by a moment: warnings, and what is done when a clock has run out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from tests.oracle.clock_cycles import Cycle
from tests.oracle.clock_time import Hours, Long
from tests.oracle.clock_words import listed
from tests.oracle.clocks import Reckoning


class Pending(NamedTuple):
    """One thing that time has to do."""

    due: int
    clock: str
    cycle: int
    mark: str


def pending(one: Reckoning, now: int, on_record: Collection[tuple[str, int, str]]) -> list[Pending]:
    """Return what is to be done by `now` and is not on record: what had passed when it was promised is not."""
    found = []
    for cycle in one.open_ones():
        for mark, due, late in (*_warnings(one, cycle, now), *_lates(one, cycle, now)):
            key = (one.clock.name, cycle.number, mark)
            passed = due < cycle.attached and (not late or is_late(one, cycle, cycle.attached))
            if key not in on_record and due < now and not passed and (not late or is_late(one, cycle, now)):
                found.append(Pending(due, *key))
    return found


def is_late(one: Reckoning, cycle: Cycle, now: int) -> bool:
    """Return True if more than was promised is used at `now`, however exactly that is known."""
    resolution, one.resolution = one.resolution, 0
    late = one.tell(cycle, now).status == "overdue"
    one.resolution = resolution
    return late


def _warnings(one: Reckoning, cycle: Cycle, now: int) -> Iterator[tuple[str, int, bool]]:
    warn: Any = one.clock.says.get("warn", ())
    for text in listed(warn.get("at", ()) if isinstance(warn, dict) else warn):
        percent = int(text.removesuffix("%"))
        at: int | None
        given = (
            one.clock.step is not None
            and cycle.due is not None
            and one.falls_due(cycle, now) == max(cycle.due, cycle.start)
        )
        if one.clock.kind == "deadline" or given:
            at = None if cycle.due is None else cycle.start + max(0, cycle.due - cycle.start) * percent // 100
        else:
            sum = one.reckon(cycle, now)
            at = None if sum.budget is None else one.reaches(cycle, sum, sum.budget * percent // 100, open=True)
        if at is not None:
            yield text, at, False


def _lates(one: Reckoning, cycle: Cycle, now: int) -> Iterator[tuple[str, int, bool]]:
    due = one.falls_due(cycle, now)
    late: Any = one.clock.says.get("late", ())
    for index, act in enumerate([late] if isinstance(late, dict) else late, 1):
        if due is not None:
            after = Long(act["after"]).after(due, _hours(cycle)) if "after" in act else due
            yield "late" if index == 1 else f"late {index}", after, True


def _hours(cycle: Cycle) -> Hours:
    return cycle.hours or cycle.terms[-1].hours
