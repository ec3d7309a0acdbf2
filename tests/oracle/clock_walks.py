"""What time does to a cycle of a clock: all of it is walked through, whenever anything is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from tests.oracle.clock_cycles import Cycle, Part, Terms, held_at
from tests.oracle.clock_words import Clock, long


class Sum(NamedTuple):
    """What a cycle has come to."""

    parts: tuple[Part, ...]
    used: int
    paused: int
    budget: int | None
    now: str
    """The kind of what it is in."""


class Walk:
    """Walks through the cycles of one clock."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def reckon(self, cycle: Cycle, now: int) -> Sum:
        """Walk through a cycle up to `now`."""
        end = now if cycle.stopped_at is None else cycle.stopped_at
        terms = self.in_force(cycle)
        parts: list[Part] = []
        paused_in_all = 0
        cap = long(self.clock.says.get("max-pause"))
        state = "run"
        for piece in cycle.pieces:
            start, stop = piece.start, max(piece.start, end if piece.end is None else min(piece.end, end))
            if piece.start > end:
                break
            state = piece.kind
            if piece.kind == "pause":
                over = max(start, min(stop, piece.until))
                if cap is not None:
                    hours = held_at(terms, start).hours
                    used_up = hours.between(start, over) if cap.working else over - start
                    allowed = cap.budget(start, hours) - paused_in_all
                    if used_up >= allowed:
                        over = hours.after(start, allowed) if cap.working else start + allowed
                    paused_in_all += min(used_up, allowed)
                parts.append(Part("pause", start, over))
                if over < stop or (over == stop == end and piece.until <= end):
                    state = "run"
                if over == end and cap is not None and paused_in_all == cap.budget(start, held_at(terms, start).hours):
                    state = "run"
                start = over
            elif piece.kind != "run":
                parts.append(Part(piece.kind, start, stop))
                start = stop
            if start < stop:
                parts += self.counted_parts(terms, start, stop)
        reset = terms[-1].at if self.clock.says.get("on-change") == "restart" and len(terms) > 1 else cycle.start
        used = sum(self.within(one, max(one.start, reset), one.end) for one in parts if one.kind == "run")
        budget = None
        if terms[-1].target is not None:
            budget = terms[-1].target.budget(reset, terms[-1].hours)
        paused = sum(one.end - one.start for one in parts if one.kind == "pause")
        return Sum(tuple(parts), used, paused, budget, state)

    def in_force(self, cycle: Cycle) -> list[Terms]:
        """Return the terms that count, each from its moment on."""
        first, *later = cycle.terms
        how = self.clock.says.get("on-change", "keep-elapsed")
        if how == "retroactive" and later:
            return [later[-1]._replace(at=cycle.start)]
        return [first, *later]

    def counted_parts(self, terms: Sequence[Terms], start: int, end: int) -> Iterator[Part]:
        """Yield a stretch in which it runs, cut where the terms change."""
        cuts = [start, *(one.at for one in terms if start < one.at < end), end]
        for first, last in pairwise(cuts):
            held = held_at(terms, first)
            working = held.target is not None and held.target.working
            counted = held.hours.between(first, last) if working else last - first
            yield Part("run", first, last, counted, held.hours, working)

    def within(self, part: Part, start: int, end: int) -> int:
        """Return what is counted of a part of a part."""
        if start >= end:
            return 0
        return part.hours.between(start, end) if part.working else end - start

    def falls_due(self, cycle: Cycle, now: int, *, on: bool = False) -> int | None:
        """Return when the target is or was used up; None while it is paused. `on`: had it not been stopped at `now`."""
        sum = self.reckon(cycle, now)
        at = None
        if sum.budget is not None:
            at = self.reaches(cycle, sum, sum.budget, open=on or cycle.stopped_at is None)
        if self.clock.step is not None and cycle.due is not None:
            given = max(cycle.due, cycle.start)
            return given if at is None else min(at, given)
        return cycle.due if self.clock.kind == "deadline" else at

    def reaches(self, cycle: Cycle, sum: Sum, wanted: int, *, open: bool) -> int | None:
        """Return the first instant at which so much is used; None if that is not to come as things stand."""
        terms = self.in_force(cycle)
        reset = terms[-1].at if self.clock.says.get("on-change") == "restart" and len(terms) > 1 else cycle.start
        left = wanted
        if left == 0:
            return reset
        last = reset
        for part in sum.parts:
            last = max(last, part.end)
            if part.kind != "run":
                continue
            start = max(part.start, reset)
            counted = self.within(part, start, part.end)
            if counted >= left:
                return part.hours.after(start, left) if part.working else start + left
            left -= counted
        if not open or sum.now != "run":
            return None
        held = terms[-1]
        if held.target is not None and held.target.working:
            return held.hours.after(last, left)
        return last + left
