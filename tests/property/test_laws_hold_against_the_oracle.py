"""Laws 1, 2, 3 and 6 on random procedures, cases and mutants, against an independent reading of the language.

See `laws.py` for the laws and `tests/oracle` for the oracle. `PROCFLOW_PROCEDURES` says how many procedures are looked
at, each with about 30 cases and mutants; `make soak` looks at many more. Run with `-s` to see what was compared.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from random import Random

import pytest

from procflow.judge import Judge
from tests.conftest import REPOSITORY
from tests.property.laws import BEYOND, at_once, examine
from tests.property.strategies import load
from tests.property.strategies_people import peopled_procedure, peopled_trace

PROCEDURES = int(os.environ.get("PROCFLOW_PROCEDURES", "500"))
CHUNKS = 20


@pytest.fixture(scope="module")
def tally() -> Iterator[Counter[str]]:
    """What was compared; printed when the tests of this file have run."""
    found: Counter[str] = Counter()
    yield found
    print("", *(f"{count:>10,}  {name}" for name, count in sorted(found.items())), sep="\n")


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_judge_and_oracle_agree(chunk: int, tally: Counter[str]) -> None:
    for number in range(chunk, PROCEDURES, CHUNKS):
        complaint = examine(number, tally)
        assert 500 * tally[BEYOND] <= 500 + tally["findings compared"], "the bounds of pairing are met too often"
        assert complaint is None, complaint


def test_threads_make_no_difference() -> None:
    for number in range(3):
        rng = Random(f"threads {number}")
        written = peopled_procedure(rng)
        traces = [peopled_trace(written, rng) for _ in range(100)]
        alone, shared = Judge(load(written)), Judge(load(written))

        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(partial(at_once, shared), traces))
        assert found == [at_once(alone, trace) for trace in traces]


def test_the_process_makes_no_difference() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", f"from {__name__} import say_audits; say_audits()"],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(said) == 1
    assert said.pop().count("CaseAudit(") == 60


def say_audits() -> None:
    """Print cases and their audits: run by processes of their own."""
    for number in range(30):
        rng = Random(f"processes {number}")
        written = peopled_procedure(rng)
        judge = Judge(load(written))
        for _ in range(2):
            print(at_once(judge, peopled_trace(written, rng)))
