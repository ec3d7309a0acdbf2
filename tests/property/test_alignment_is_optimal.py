"""Law 3: the alignment cost of any trace equals the optimum found by an independent search.

The judge is compared with `tests/oracle` after every event of seeded random cases: `PROCFLOW_EXAMPLES` says of how many
(10,000 unless it is set; more for a soak). Run with `-s` to see how many were compared.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, note, settings

from procflow.judge import CaseState, Judge
from procflow.model.event import Kind
from procflow.model.report import CaseAudit
from tests.conftest import REPOSITORY
from tests.oracle.oracle import Oracle
from tests.oracle.plain import Plain, PlainEvent
from tests.property.strategies import (
    FLOW_ONLY,
    cases,
    load,
    random_lines,
    random_procedure,
    random_rounds,
    random_trace,
    random_variant,
    to_events,
)
from tests.property.strategies_hand_offs import handed_over

EXAMPLES = int(os.environ.get("PROCFLOW_EXAMPLES", "10000"))
CHUNKS = 20
TRACES = 5
"""So many traces of each procedure: one judge judges them all, so that what it remembers is put to the test too."""

WIDTHS = (1, 2, 8, 64, 2000)
"""Of the search at first: so narrow that it must begin again, and so wide that it never has to."""


@pytest.fixture(scope="module")
def tally() -> Iterator[Counter[str]]:
    """What was compared; printed when the tests of this file have run."""
    found: Counter[str] = Counter()
    yield found
    print(
        f"\nLaw 3: {found['cases']:,} cases of {found['procedures']:,} procedures, {found['events']:,} events compared"
    )


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_cost_of_every_prefix_is_the_optimum(chunk: int, tally: Counter[str]) -> None:
    for number in range(chunk, EXAMPLES // TRACES, CHUNKS):
        rng = Random(f"law 3, procedure {number}")
        written = random_procedure(rng)
        if number % 3 == 0:
            written = handed_over(written, rng)
            tally["procedures with hand-offs"] += 1
        judge = Judge(load(written), witness=FLOW_ONLY, first_width=rng.choice(WIDTHS))
        oracle = Oracle(written)
        tally["procedures"] += 1
        trace: list[PlainEvent] = []
        for _ in range(TRACES):
            # Cases that differ little are where a judge that remembers too much would be caught.
            trace = random_variant(written, trace, rng) if trace and rng.random() < 0.5 else random_trace(written, rng)
            states = judged(judge, trace)
            complaint = disagreement(judge, oracle, trace, states) or unaccounted(judge, states[-1])
            assert complaint is None, told(complaint, written, trace)
            tally["cases"] += 1
            tally["events"] += len(trace)


def test_who_lags_behind_on_a_line_gains_nothing_by_it(tally: Counter[str]) -> None:
    dropped = 0
    for number in range(EXAMPLES // 20):
        rng = Random(f"lines {number}")
        written = random_lines(rng)
        judge, oracle = Judge(load(written), witness=FLOW_ONLY), Oracle(written)
        for trace in (random_rounds(written, rng), random_rounds(written, rng), random_trace(written, rng)):
            states = judged(judge, trace)
            complaint = disagreement(judge, oracle, trace, states)
            assert complaint is None, told(complaint, written, trace)
            dropped += states[-1].vector.dropped
            tally["cases"] += 1
    assert dropped > EXAMPLES / 100


@settings(max_examples=300)
@given(cases())
def test_the_cost_of_every_prefix_is_the_optimum_in_examples_that_shrink(
    case: tuple[dict[str, object], list[PlainEvent]],
) -> None:
    written, trace = case
    judge = Judge(load(written), witness=FLOW_ONLY)
    states = judged(judge, trace)
    note(told("the case", written, trace))
    assert disagreement(judge, Oracle(written), trace, states) is None
    for state in states:
        assert unaccounted(judge, state) is None


def judged(judge: Judge, trace: Sequence[PlainEvent]) -> list[CaseState]:
    """Return the case when it opens and after each event."""
    events = to_events(trace)
    opened = events.pop(0) if events and events[0].kind is Kind.OPENED else None
    states = [judge.begin("case-1", opened)]
    for event in events:
        states.append(judge.advance(states[-1], event))
    return states


def disagreement(judge: Judge, oracle: Oracle, trace: Sequence[PlainEvent], states: Sequence[CaseState]) -> str | None:
    """Return in what judge and oracle differ, None if in nothing."""
    expected = oracle.optimum(trace)
    costs = tuple((state.cost.flow, state.cost.attached) for state in states)
    if costs != expected.prefixes:
        return f"prefixes cost {costs}, and at best {expected.prefixes}"
    if any(before > after for (before, _), (after, _) in pairwise(costs)):
        return f"the cost of the flow falls: {costs}"
    audit = judge.audit(states[-1])
    if not audit.proven:
        return "the optimum is not proven"
    if not audit.complete_proven and audit.closed and audit.outcome is not None:
        return "of a case that came to an end, the complete cost is not proven"
    if expected.complete is not None and audit.complete_cost < expected.complete:
        return f"as a complete case it costs {audit.complete_cost}, and at best {expected.complete}"
    if audit.complete_proven and audit.complete_cost != expected.complete:
        return f"as a complete case it costs {audit.complete_cost}, and at best {expected.complete}"
    if not audit.closed or not audit.complete_proven:
        return None
    # The classical fitness of a whole case: 1 less what it costs beside leaving out everything and skipping all the way.
    shortest = oracle.optimum([event for event in trace[:1] if event["kind"] == "opened"]).complete
    worst = audit.events + (shortest or 0)
    if audit.fitness != (1 if worst == 0 else max(0.0, 1 - audit.complete_cost / worst)):
        return f"fitness is {audit.fitness}: {audit.complete_cost} of {worst}"
    return None


def unaccounted(judge: Judge, state: CaseState) -> str | None:
    """Return in what the deviations do not add up to the cost of the case, None if they do."""
    audit = judge.audit(state)
    # What is said of clocks and of waiting costs nothing in the flow.
    found = Counter(one.code for one in audit.deviations if not one.code.startswith(("DV4", "DV6")))
    flow = found["DV101"] + found["DV102"] + 2 * found["DV103"] + found["DV105"] + found["DV106"]
    if flow != audit.flow_cost:
        return f"{flow} deviations of the flow, which costs {audit.flow_cost}: {found}"
    told = found.total() - sum(found[code] for code in ("DV104", "DV107", "DV108", "DV305", "DV302"))
    counted = state.cost.plus(state.vector.entries[state.entry].cost).findings
    if told != counted:
        return f"{told} findings of the flow are told, and {counted} counted: {found}"
    attached = found["DV104"] + found["DV108"] + found["DV305"]
    if attached != audit.attached_cost:
        return f"{attached} deviations attached, which cost {audit.attached_cost}: {found}"
    return None


def told(complaint: str, written: Plain, trace: Sequence[PlainEvent]) -> str:
    """Return a failing example so that it can be pasted."""
    return "\n".join([complaint, json.dumps(written), *(json.dumps(event) for event in trace)])


def test_the_last_event_counts_for_what_is_missing() -> None:
    """Found by this law: the way on to an end read `only-if` as if the last action had not been performed yet."""
    written = {
        "procflow": 1,
        "procedure": "order",
        "version": "1",
        "start": "intake",
        "steps": {
            "intake": {"by": "any", "actions": {"accept": "check"}},
            "check": {"by": "any", "actions": {"look": "work"}},
            "work": {
                "parallel": {
                    "first": {"by": "any", "actions": {"do-first": "done"}},
                    "second": {"only-if": "times(accept) < 1", "by": "any", "actions": {"do-second": "done"}},
                },
                "then": "closed",
            },
            "closed": {"end": "finished"},
        },
    }
    judge = Judge(load(written), witness=FLOW_ONLY)
    state = judged(judge, [{"kind": "action", "action": "accept"}])[-1]
    assert judge.audit(state).complete_cost == 2  # look, do-first


def test_a_block_of_which_nobody_knows_whether_it_is_needed_may_have_been_waited_in() -> None:
    """Found by this law: its time was taken to lead on only if a branch was needed for certain."""
    branches = {
        "first": {"only-if": "amount > 3", "by": "any", "actions": {"do-first": "done"}},
        "second": {"only-if": "amount > 4", "by": "any", "actions": {"do-second": "done"}},
    }
    written = {
        "procflow": 1,
        "procedure": "order",
        "version": "1",
        "start": "intake",
        "data": {"amount": {"type": "number"}},
        "steps": {
            "intake": {"by": "any", "actions": {"accept": "work"}},
            "work": {"parallel": branches, "then": "check", "within": "1 day", "late": {"go-to": "closed"}},
            "check": {"by": "any", "actions": {"look": "file"}},
            "file": {"by": "any", "actions": {"put-away": "closed"}},
            "closed": {"end": "finished"},
        },
    }
    judge, oracle = Judge(load(written), witness=FLOW_ONLY), Oracle(written)
    assert judge.audit(judged(judge, [])[-1]).complete_cost == 1  # accept, and then time ran out
    traces: list[list[PlainEvent]] = [[], [{"kind": "opened"}]]
    for trace in traces:
        assert disagreement(judge, oracle, trace, judged(judge, trace)) is None


def test_what_a_judge_remembers_changes_nothing() -> None:
    for number in range(5):
        rng = Random(f"memory {number}")
        written = random_procedure(rng)
        seasoned = Judge(load(written))
        traces = [random_trace(written, rng) for _ in range(1000)]
        for trace in traces:
            judged(seasoned, trace)
        for trace in traces[:20]:
            fresh = Judge(load(written))
            assert audited(fresh, trace) == audited(seasoned, trace)


def test_the_order_of_sets_changes_nothing() -> None:
    said = [
        subprocess.run(
            [sys.executable, "-c", f"from {__name__} import say_audits; say_audits()"],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0].count("CaseAudit(") == 50
    assert said[0] == said[1]


def say_audits() -> None:
    """Print 50 cases and their audits: run by processes of their own."""
    for number in range(50):
        rng = Random(f"sets {number}")
        written = random_procedure(rng)
        trace = random_trace(written, rng)
        print(told("", written, trace), audited(Judge(load(written)), trace), sep="\n")


def audited(judge: Judge, trace: Sequence[PlainEvent]) -> CaseAudit:
    return judge.audit(judged(judge, trace)[-1])
