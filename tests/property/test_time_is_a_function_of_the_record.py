"""Law 5: what clocks say depends on the procedure, the calendars, the events and the moment asked about; nothing else.

And what follows from that for whoever looks again later: what is used never gets less, nothing falls due before it
began, and a pause never brings a due date nearer.
"""

from __future__ import annotations

import ast
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from threading import Thread

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import procflow
from procflow.judge import Judge
from procflow.model.clock import ClockKind, ClockStatus
from procflow.model.event import Event, Trace
from procflow.model.report import CaseAudit
from tests.oracle.plain import Plain
from tests.property.strategies import load
from tests.property.strategies_clocks import random_books, random_timed, timed_events, timed_trace, to_book, to_sets

FEW = settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None)
SEEDS = st.integers(0, 2**64)


class Lived:
    """A procedure with clocks, and some cases of it."""

    def __init__(self, seed: int, cases: int = 3) -> None:
        rng = Random(seed)
        self.written: Plain = random_timed(rng)
        books = random_books(rng)
        self.sets = to_sets(books)
        self.cases = [timed_events(timed_trace(self.written, rng, books), self.sets) for _ in range(cases)]
        self.asked = [self.last(one) + timedelta(minutes=rng.choice((0, 30, 3000))) for one in self.cases]

    def judge(self) -> Judge:
        """Return a judge who has seen nothing yet."""
        return Judge(load(self.written), calendars=to_book(self.sets))

    def last(self, events: list[Event]) -> datetime:
        return max(one.occurred_at for one in events)

    def audit(self, judge: Judge, number: int) -> CaseAudit:
        """Return what is said of one of the cases at the moment it is asked about."""
        trace = Trace(case="case-1", events=tuple(self.cases[number]), closed=False)
        return judge.audit(judge.run(trace), as_of=self.asked[number])


@FEW
@given(SEEDS)
def test_event_by_event_or_all_at_once(seed: int) -> None:
    lived = Lived(seed)
    judge = lived.judge()
    for number, events in enumerate(lived.cases):
        state = judge.begin("case-1", events[0])
        for event in events[1:]:
            judge.audit(state, as_of=lived.asked[number])  # to look changes nothing
            judge.timers(state, lived.asked[number])
            state = judge.advance(state, event)
        assert judge.audit(state, as_of=lived.asked[number]) == lived.audit(lived.judge(), number)


@FEW
@given(SEEDS)
def test_the_order_of_cases_and_threads_does_not_matter(seed: int) -> None:
    lived = Lived(seed)
    alone = [lived.audit(lived.judge(), number) for number in range(len(lived.cases))]
    shared, found = lived.judge(), dict[int, CaseAudit]()

    def look(number: int) -> None:
        found[number] = lived.audit(shared, number)

    threads = [Thread(target=look, args=(number,)) for number in reversed(range(len(lived.cases)))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [found[number] for number in range(len(lived.cases))] == alone


@FEW
@given(SEEDS)
def test_time_only_goes_on(seed: int) -> None:
    lived = Lived(seed, cases=1)
    judge, (events,) = lived.judge(), lived.cases
    state = judge.run(Trace(case="case-1", events=tuple(events), closed=False))
    moments = [lived.last(events) + timedelta(minutes=one) for one in (0, 1, 59, 600, 6000)]
    for earlier, later in pairwise([judge.audit(state, as_of=one).clocks for one in moments]):
        for before, after in zip(earlier, later, strict=True):
            assert (before.clock, before.number) == (after.clock, after.number)
            assert before.used <= after.used
            assert before.paused <= after.paused
            assert timedelta(0) <= after.used <= after.wall
            if before.status is ClockStatus.OVERDUE:
                assert after.status is ClockStatus.OVERDUE
            kind = judge.procedure.all_clocks[after.clock].kind
            # A day that was agreed on may have been past when the clock began.
            if after.due is not None and after.budget is not None and kind is not ClockKind.DEADLINE:
                assert after.due >= after.started_at
            if before.stopped_at is not None:
                assert before == after


@FEW
@given(SEEDS)
def test_a_pause_never_brings_a_due_date_nearer(seed: int) -> None:
    rng = Random(seed)
    written = random_timed(rng)
    sets = to_sets(random_books(rng))
    events = timed_events(timed_trace(written, rng), sets)
    plain = {
        **written,
        "clocks": {
            name: {key: said for key, said in clock.items() if key not in ("paused-in", "max-pause", "resumed-by")}
            for name, clock in written["clocks"].items()
        },
    }
    trace = Trace(case="case-1", events=tuple(events), closed=False)
    with_pauses, without = (Judge(load(one), calendars=to_book(sets)) for one in (written, plain))
    # What is told late counts from what was told last: a pause is such a thing, and may move what comes after it.
    assume(all(one.occurred_at <= other.occurred_at for one, other in pairwise(events)))
    first, second = (one.audit(one.run(trace)).clocks for one in (with_pauses, without))
    for paused, running in zip(first, second, strict=True):
        if paused.due is not None and running.due is not None and "restart" not in str(written["clocks"]):
            assert paused.due >= running.due
        if "restart" not in str(written["clocks"]):
            assert paused.used <= running.used


@pytest.mark.parametrize("room", ["monitors", "calendars", "model", "automaton", "judge.py", "explanation.py"])
def test_no_clock_on_the_wall_is_read(room: str) -> None:
    place = Path(procflow.__file__).parent / room
    for file in [place] if place.is_file() else place.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names):
                    assert "time" not in {one.name for one in names}, file
                case ast.Call(ast.Attribute(ast.Name("datetime" | "date"), name)):
                    assert name not in ("now", "utcnow", "today"), f"{file}:{node.lineno}"
