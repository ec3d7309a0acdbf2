"""What monitors say of rules, position by position, is what the definitions of their forms say of the whole case.

See `laws_of_rules.py`. `PROCFLOW_RULES` says how many sets of rules are looked at, each on a few cases; `make soak` looks
at many more.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.property.laws_of_rules import examine_rules

SETS = int(os.environ.get("PROCFLOW_RULES", "1500"))
CHUNKS = 10


@pytest.fixture(scope="module")
def tally() -> Iterator[Counter[str]]:
    """What was compared; printed when the tests of this file have run."""
    found: Counter[str] = Counter()
    yield found
    print("", *(f"{count:>10,}  {name}" for name, count in sorted(found.items())), sep="\n")


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_monitors_and_oracle_agree(chunk: int, tally: Counter[str]) -> None:
    for number in range(chunk, SETS, CHUNKS):
        complaint = examine_rules(number, tally)
        assert complaint is None, f"rules {number}: {complaint}"
