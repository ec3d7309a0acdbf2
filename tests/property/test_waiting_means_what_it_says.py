"""What is said of hand-offs, questions, risks and who answers for a case is what an oracle reads off the whole case."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from random import Random

import pytest

from procflow.judge import CaseState, Judge
from procflow.model.configuration import Configuration
from procflow.model.event import Event, Kind, Trace
from procflow.model.waiting import WaitKind
from procflow.monitors.waiting import questions, talking
from tests.oracle import waiting
from tests.oracle.plain import Plain, PlainEvent
from tests.oracle.waiting import Happened, Standing, Watcher
from tests.property.strategies import load, to_events
from tests.property.strategies_waiting import random_waiting, random_waiting_trace

PROCEDURES = int(os.environ.get("PROCFLOW_PROCEDURES", "500")) // 2
CHUNKS = 5
CODES = ("DV601", "DV603", "DV604", "DV605", "DV607", "DV613", "DV614")
CIRCLE = "DV606"


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_waiting_is_told_as_the_oracle_tells_it(chunk: int) -> None:
    seen: Counter[str] = Counter()
    for number in range(chunk, PROCEDURES, CHUNKS):
        rng = Random(f"waiting {number}")
        written = random_waiting(rng)
        judge = Judge(load(written))
        for _ in range(3):
            trace = random_waiting_trace(written, judge, rng)
            complaint = _complaint(written, judge, trace, seen)
            assert complaint is None, "\n".join([str(complaint), json.dumps(written), *map(json.dumps, trace)])
    assert PROCEDURES < 250 or set(seen) >= {*CODES, CIRCLE}, "nothing is proven of what never happens"


def _complaint(written: Plain, judge: Judge, trace: Sequence[PlainEvent], seen: Counter[str]) -> str | None:
    state = judge.run(Trace(case="case-1", events=tuple(to_events(trace)), closed=False))
    path = path_of(judge, state, trace)
    watcher = Watcher(written, path)
    deviations = judge.audit(state).deviations
    seen.update(one.code for one in deviations)
    said = Counter((one.code, one.seq or 0) for one in deviations if one.code in CODES)
    told = Counter(watcher.told())
    if said != told:
        return f"said besides {said - told}, and not {told - said}"
    rings = {one.seq: frozenset(one.values["people"].split(" -> ")) for one in deviations if one.code == CIRCLE}
    going: list[tuple[frozenset[str], int]] = []
    for number, one in enumerate(path):
        found = watcher.circles(number) if watcher.alive[number] else set()
        ring = rings.pop(one.seq, None)
        if ring is not None:
            if ring not in found:
                return f"no circle at {one.seq}: {sorted(ring)}, but {found}"
            going.append((ring, number))
        elif found and not any(people in found for people, _ in going):
            return f"a circle at {one.seq} is not told: {found}"
    return f"circles are told of nothing: {rings}" if rings else None


def test_questions_beyond_those_that_are_followed_are_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for one open question: what was asked beyond it is not examined, each once, and nothing else is said of it."""
    monkeypatch.setattr(questions, "MOST_OPEN", 1)
    monkeypatch.setattr(talking, "MOST_OPEN", 1)
    monkeypatch.setattr(waiting, "FOLLOWED", 1)
    beyond = 0
    for number in range(PROCEDURES // 5):
        rng = Random(f"more than is followed {number}")
        written = random_waiting(rng)
        judge = Judge(load(written))
        for _ in range(3):
            trace = random_waiting_trace(written, judge, rng)
            state = judge.run(Trace(case="case-1", events=tuple(to_events(trace)), closed=False))
            audit = judge.audit(state)
            watcher = Watcher(written, path_of(judge, state, trace))
            asked = watcher.unfollowed()
            assert audit.not_examined.get("questions: more than 1 open", 0) == len(asked)
            shown = sorted(one.seq or 0 for one in audit.deviations if one.code == "DV614")
            assert shown == [seq for _, seq in watcher.shown()]
            beyond += len(asked)
    assert beyond, "nothing is proven of what never happens"


def path_of(judge: Judge, state: CaseState, trace: Sequence[PlainEvent]) -> list[Happened]:
    """Return the path of a case as the oracle reads it."""
    found: list[Happened] = []
    passages = judge.passages(state)
    after: Standing = plain(passages[0].after)
    for one in passages:
        if one.event is None:
            continue
        move = one.move
        found.append(
            Happened(
                seq=one.event.seq,
                event=trace[one.event.seq - 1],
                before=after,
                stood=plain(one.skips[-1].target) if one.skips else plain(one.before),
                stands=plain(one.after),
                flows=move is not None,
                step=move.step.id if move is not None and move.step is not None else None,
                entered=frozenset(move.entered) if move is not None else frozenset(),
                left=frozenset(move.left) if move is not None else frozenset(),
            )
        )
        after = found[-1].stands
    return found


def plain(at: Configuration, region: tuple[str, ...] = ()) -> Standing:
    """Return where a case stands, region by region; a place in a checklist is told by its own name."""
    found: dict[tuple[str, ...], tuple[str, bool, str]] = {}
    if not at.at_rest:
        found[region] = (at.step, at.on_offer, at.place)
    for name, standing in at.branches:
        found |= plain(standing, (*region, at.step, name))
    return found


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_event_by_event_and_all_at_once_the_same_is_told(chunk: int) -> None:
    """Law 1 and law 6 of the judge: nothing depends on how a case came to be judged, or on which were judged before."""
    for number in range(chunk, PROCEDURES // 5, CHUNKS):
        rng = Random(f"waiting, by and by {number}")
        written = random_waiting(rng)
        shared = Judge(load(written))
        for _ in range(2):
            events = to_events(random_waiting_trace(written, shared, rng))
            if not events:
                continue
            opened = events[0] if events[0].kind is Kind.OPENED else None
            state = shared.begin("case-1", opened)
            for count, event in enumerate(events[1:] if opened is not None else events, 2 if opened is not None else 1):
                state = shared.advance(state, event)
                fresh = Judge(load(written))
                whole = fresh.run(Trace(case="case-1", events=tuple(events[:count]), closed=False))
                assert shared.audit(state) == fresh.audit(whole)
                _sound(shared, state, events[:count])


def _sound(judge: Judge, state: CaseState, events: Sequence[Event]) -> None:
    """Hold what is told of waits and tenures against each other and against the record."""
    known = {one.seq for one in events}
    for wait in judge.waits(state):
        assert wait.seq is None or wait.seq in known
        assert wait.until is None or (wait.since <= wait.until and wait.ended_by in known)
        assert set(wait.whom) <= set(wait.could_end)
    waits = state.node.waits
    going = {one.seq for one in judge.waits(state) if one.until is None and one.kind is not WaitKind.PARTY}
    if waits is not None:
        offers, questions = waits.offers.now, waits.talk.unanswered
        assert going == {*(one.seq for one in offers), *(one.seq for one in questions)}
    tenures = judge.tenures(state)
    for one, following in pairwise(tenures):
        assert one.until is not None
        assert one.until <= following.since
