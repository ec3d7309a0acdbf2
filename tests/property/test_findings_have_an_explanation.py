"""The findings of a case are those of one of its cheapest explanations, found by an independent search.

The oracle (`tests/oracle`) lists what each of the cheapest explanations of a random case blames on whom, people, data
and proofs included; what the judge says must be one of them. `PROCFLOW_EXAMPLES` says how many cases are compared.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from procflow.judge import Judge
from tests.oracle.oracle import Oracle
from tests.oracle.plain import PlainEvent
from tests.property.laws import different_findings, judged, told
from tests.property.strategies import load
from tests.property.strategies_people import peopled_procedure, peopled_trace, peopled_variant

EXAMPLES = int(os.environ.get("PROCFLOW_EXAMPLES", "4000"))
CHUNKS = 10
TRACES = 8


@pytest.fixture(scope="module")
def tally() -> Iterator[Counter[str]]:
    """What was compared; printed when the tests of this file have run."""
    found: Counter[str] = Counter()
    yield found
    print(f"\nFindings: {dict(found)}")


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_findings_of_a_case_are_those_of_a_best_explanation(chunk: int, tally: Counter[str]) -> None:
    for number in range(chunk, EXAMPLES // TRACES, CHUNKS):
        rng = Random(f"findings, procedure {number}")
        written = peopled_procedure(rng)
        judge, oracle = Judge(load(written)), Oracle(written)
        trace: list[PlainEvent] = []
        for _ in range(TRACES):
            fresh = not trace or rng.random() < 0.6
            trace = peopled_trace(written, rng) if fresh else peopled_variant(written, trace, rng)
            complaint = different_findings(judge, judged(judge, trace)[-1], oracle.explain(trace), tally)
            assert complaint is None, told(complaint, written, trace)
            tally["cases"] += 1
