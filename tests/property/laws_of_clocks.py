"""The laws between the clocks and the oracle, for one random procedure and cases of it: what breaks them, or None.

After every event, and at moments after the last one, every cycle stands as the oracle says that walked every minute of
it: how much is used, paused, when it falls due, what became of it; the same is held against people; the ledger is
without a gap and comes to what is used; and all of a case's life is somebody's.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from procflow.judge import CaseState, Judge
from procflow.model.clock import ClockCycle, PartyKind
from procflow.model.event import Witness
from procflow.model.report import CaseAudit
from tests.oracle.clock_ball import Court, Holder, shares
from tests.oracle.clock_path import Path
from tests.oracle.clock_time import Book, instant, number
from tests.oracle.clock_timers import pending
from tests.oracle.clock_words import Mark
from tests.oracle.clocks import Reckoning, Told
from tests.oracle.plain import Plain, PlainEvent
from tests.property.strategies import load
from tests.property.strategies_clocks import (
    done,
    random_books,
    random_timed,
    timed_events,
    timed_trace,
    to_book,
    to_sets,
)

TRACES = 4
OF_TIME = ("DV401", "DV406", "DV407", "DV408", "DV409", "DV410", "DV602", "DV608")
"""What the oracle tells of clocks."""


def examine_clocks(number: int, tally: Counter[str]) -> str | None:
    """Hold the laws against the clocks of this number; return a complaint that can be pasted, or None."""
    rng = Random(f"clocks {number}")
    written, books = random_timed(rng), random_books(rng)
    resolution = rng.choice((0, 0, 0, 0, 60, 7200))
    case = Timed(written, books, tally, timedelta(seconds=resolution), times=rng.random() < 0.97)
    for _ in range(TRACES):
        trace = timed_trace(written, rng, books)
        if complaint := case.complaint(trace, rng):
            return "\n".join([complaint, json.dumps(written), *map(json.dumps, trace), repr(books)])
    return None


class Timed:
    """A procedure with clocks, its judge and its oracle."""

    def __init__(
        self,
        written: Plain,
        books: Mapping[str, Book],
        tally: Counter[str],
        resolution: timedelta = timedelta(0),
        *,
        times: bool = True,
    ) -> None:
        self.written, self.books, self.tally = written, books, tally
        self.witness = Witness(time=times, resolution=resolution)
        self.sets = to_sets(books)
        self.procedure = load(written)
        self.judge = Judge(self.procedure, witness=self.witness, calendars=to_book(self.sets))
        self.path, self.court = Path(written), Court(written)

    def complaint(self, trace: Sequence[PlainEvent], rng: Random) -> str | None:
        """Return what breaks a law in this case."""
        events = timed_events(trace, self.sets)
        state = self.judge.begin("case-1", events[0])
        for seq in range(1, len(events) + 1):
            if seq > 1:
                state = self.judge.advance(state, events[seq - 1])
            told = max(one.occurred_at for one in events[:seq])
            later = [told + timedelta(minutes=rng.choice((0, 1, 240, 3000)))] if seq == len(events) else []
            for as_of in [None, *later]:
                if complaint := self.at(state, trace[:seq], as_of or told, as_of):
                    return f"after event {seq}, as of {as_of}: {complaint}"
        return None

    def at(self, state: CaseState, trace: Sequence[PlainEvent], now: datetime, as_of: datetime | None) -> str | None:
        """Return what is told wrongly after some events."""
        self.tally["examples"] += 1
        audit = self.judge.audit(state, as_of=as_of)
        marks = self.path.marks(trace)
        holders = self.court.told(marks)
        reckonings = self.reckon(marks, holders)
        expected = [one for each in reckonings for one in each.told(number(now))]
        said = {(one.clock, one.number): plain(one) for one in audit.clocks}
        for one in expected if self.witness.time else ():
            self.tally[f"cycles {one.status}"] += 1
            wanted, found = wanted_of(one), said.pop((one.clock, one.number), None)
            if found is None:
                return f"the judge has no cycle {one.number} of {one.clock}: {wanted}"
            unsaid = set(wanted) - {"status"} if one.status == "not-examined" else _UNSAID.get(one.status, set())
            unsaid = unsaid | ({"used", "budget"} if one.used is None else set())
            apart = {key: (found[key], said_so) for key, said_so in wanted.items() if found[key] != said_so}
            if apart := {key: both for key, both in apart.items() if key not in unsaid}:
                return f"of cycle {one.number} of {one.clock} judge and oracle say {apart}"
        if said:
            return f"the judge has more cycles: {said}"
        if not self.witness.time:
            return None
        against, wrong = findings(reckonings, number(now)), deviations(audit)
        for code, _ in against:
            self.tally[code] += 1
        if against != wrong:
            return f"the judge finds {wrong}\nand the oracle {against}"
        return (
            self.ledgers(state, audit, now, as_of)
            or self.ball(audit, marks, holders, now)
            or self.timers(state, trace, reckonings, now)
        )

    def reckon(self, marks: Sequence[Mark], holders: Sequence[Holder]) -> list[Reckoning]:
        """Return the oracle's clocks after some events."""
        found = []
        for clock in self.path.clocks():
            resolution = self.witness.resolution // timedelta(microseconds=1)
            sight: Any = {"times": self.witness.time, "resolution": resolution}
            found.append(Reckoning(clock, self.written, self.books, "first", **sight))
            found[-1].follow(marks, holders)
        return found

    def timers(
        self, state: CaseState, trace: Sequence[PlainEvent], reckonings: Sequence[Reckoning], now: datetime
    ) -> str | None:
        """Return what time is to do and would not, or would and is not to."""
        found = self.judge.timers(state, now)
        said = [(number(one.due), one.clock, one.cycle, one.mark) for one in found]
        wanted = [tuple(one) for each in reckonings for one in pending(each, number(now), done(trace))]
        self.tally["timers"] += len(wanted)
        if [one.due for one in found] != sorted(one.due for one in found):
            return f"timers are not in order: {found}"
        return f"time does\n{sorted(said)}\nand is to do\n{sorted(wanted)}" if sorted(said) != sorted(wanted) else None

    def ledgers(self, state: CaseState, audit: CaseAudit, now: datetime, as_of: datetime | None) -> str | None:
        """Return how a ledger does not add up."""
        for one in audit.clocks:
            if one.count is not None or one.budget is None or self.procedure.all_clocks[one.clock].deadline:
                continue
            lines = self.judge.ledger(state, one.clock, one.number, as_of)
            at, total = one.started_at, timedelta(0)
            for line in lines:
                total += line.counted
                if line.start != at or line.end < line.start or line.total < timedelta(0):
                    return f"the ledger of {one.clock} {one.number} has a gap: {lines}"
                at = line.end
            self.tally["ledgers"] += 1
            if lines and at != (one.stopped_at or max(now, one.started_at)):
                return f"the ledger of {one.clock} {one.number} ends at {at}: {lines}"
            if lines and lines[-1].total != one.used:
                return f"the ledger of {one.clock} {one.number} comes to {lines[-1].total}, not {one.used}"
        return None

    def ball(self, audit: CaseAudit, marks: Sequence[Mark], holders: Sequence[Holder], now: datetime) -> str | None:
        """Return whose time is told wrongly."""
        some = [one for one in audit.ball if one.wall or one.party.kind is not PartyKind.RESOLVED]
        said = {(one.party.kind.value, one.party.names): (one.wall, one.times) for one in some}
        wanted = {
            tuple(holder): (timedelta(microseconds=wall), times)
            for holder, (wall, times) in shares(marks, holders, number(now)).items()
        }
        return f"the ball is told as\n{said}\nand it was\n{wanted}" if said != wanted else None


def plain(one: ClockCycle) -> dict[str, Any]:
    """Return a cycle as the oracle tells it."""
    return {
        "status": one.status.value,
        "started_at": one.started_at,
        "since": one.since,
        "stopped_at": one.stopped_at,
        "stopped_by": one.stopped_by,
        "budget": one.budget,
        "used": one.used,
        "wall": one.wall,
        "paused": one.paused,
        "due": one.due,
        "count": one.count,
        "by_change": one.by_change,
    }


_UNSAID = {status: {"due", "by_change"} for status in ("cancelled", "met", "undecidable")} | {"paused": {"due"}}
"""What does not matter of a cycle that stands so."""


def wanted_of(one: Told) -> dict[str, Any]:
    """Return a cycle of the oracle as the judge tells it."""
    return {
        "status": one.status,
        "started_at": instant(one.started_at),
        "since": one.since,
        "stopped_at": None if one.stopped_at is None else instant(one.stopped_at),
        "stopped_by": one.stopped_by,
        "budget": None if one.budget is None else timedelta(microseconds=one.budget),
        "used": None if one.used is None else timedelta(microseconds=one.used),
        "wall": timedelta(microseconds=one.wall),
        "paused": timedelta(microseconds=one.paused),
        "due": None if one.due is None else instant(one.due),
        "count": one.times,
        "by_change": one.by_change,
    }


def findings(reckonings: Sequence[Reckoning], now: int) -> Counter[tuple[str, int | None]]:
    """Return what the oracle holds against a case."""
    found: Counter[tuple[str, int | None]] = Counter()
    for each in reckonings:
        found.update(each.findings)
        for cycle, one in zip(each.cycles, each.told(now), strict=True):
            if one.status in ("breached", "overdue") and each.promise:
                code = {"count": "DV410", "periodic": "DV409"}.get(each.clock.kind, "DV401")
                code = (
                    "DV602" if each.clock.accepts is not None else "DV608" if each.clock.question is not None else code
                )
                found[code, cycle.beyond if each.clock.kind == "count" else cycle.since] += 1
    return found


def deviations(audit: CaseAudit) -> Counter[tuple[str, int | None]]:
    """Return what the judge holds against it."""
    return Counter((one.code, one.seq) for one in audit.deviations if one.code in OF_TIME)
