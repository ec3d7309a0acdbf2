"""What rules see of a case is what one of the best explanations tells: what is done, left and entered, and where it ends."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from random import Random

import pytest

from procflow.judge import Judge
from procflow.model.event import Trace
from procflow.monitors.rules.position import Position
from tests.oracle.explanations import Explanations, TooManyStories
from tests.oracle.oracle import Oracle
from tests.oracle.plain import Plain, PlainEvent
from tests.oracle.rule_words import Spot
from tests.property.strategies import load, to_events
from tests.property.strategies_acts import acting_trace, with_overrides
from tests.property.strategies_people import peopled_procedure, peopled_trace

PROCEDURES = int(os.environ.get("PROCFLOW_PROCEDURES", "500")) // 4
CHUNKS = 5


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_positions_are_those_of_a_best_explanation(chunk: int) -> None:
    for number in range(chunk, PROCEDURES, CHUNKS):
        rng = Random(f"positions {number}")
        written = with_overrides(peopled_procedure(rng), rng)
        oracle, judge = Oracle(written), Judge(load(written))
        for _ in range(4):
            trace = peopled_trace(written, rng) if rng.random() < 0.4 else acting_trace(written, rng)
            said = seen(judge, trace)
            told = possible(oracle, trace)
            assert not told or said in told, complaint(said, told, written, trace)


Plainly = tuple[object, ...]


def seen(judge: Judge, trace: Sequence[PlainEvent]) -> tuple[Plainly, ...]:
    state = judge.run(Trace(case="case-1", events=tuple(to_events(trace)), closed=False))
    return tuple(_of_position(one) for one in judge.positions(state, closed=False))


def _of_position(one: Position) -> Plainly:
    happenings = tuple(str(each) for each in one.happenings)
    who = (one.actor, one.on_behalf_of, one.roles, one.teams)
    return (one.seq, happenings, one.performs, one.gap, one.ends, one.cancelled, one.reopens, *who, _known(one))


def _known(one: Position) -> frozenset[str]:
    return frozenset(one.facts.values)


def possible(oracle: Oracle, trace: Sequence[PlainEvent]) -> set[tuple[Plainly, ...]]:
    """Return what rules may see of a case; nothing if that is too much to tell."""
    explained = Explanations(oracle.flow, oracle.checks, oracle.authority, trace, lambda _: ())
    try:
        stories = explained.told(fewest=False)
    except TooManyStories:
        return set()
    return {tuple(_of_spot(one) for one in spots) for _, spots in stories}


def _of_spot(one: Spot) -> Plainly:
    who = (one.actor, one.on_behalf_of, one.roles, one.teams)
    known = frozenset(one.values)
    return (one.seq, one.happenings, one.performs, one.gap, one.ends, one.cancelled, one.reopens, *who, known)


def complaint(
    said: tuple[Plainly, ...], told: set[tuple[Plainly, ...]], written: Plain, trace: Sequence[PlainEvent]
) -> str:
    """Return where they part, so that it can be pasted."""
    lines = ["rules see", *map(str, said)]
    for one in list(told)[:3]:
        lines += ["and might have seen", *(str(each) for each in one if each not in said)]
    return "\n".join([*lines, json.dumps(written), *map(json.dumps, trace)])
