"""What clocks say after every event, and later, is what a walk through every minute of the case says.

See `laws_of_clocks.py`. `PROCFLOW_CLOCKS` says how many procedures are looked at, each with a few cases; `make soak`
looks at many more.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.property.laws_of_clocks import examine_clocks

PROCEDURES = int(os.environ.get("PROCFLOW_CLOCKS", "150"))
CHUNKS = 10


@pytest.fixture(scope="module")
def tally() -> Iterator[Counter[str]]:
    """What was compared; printed when the tests of this file have run."""
    found: Counter[str] = Counter()
    yield found
    print("", *(f"{count:>10,}  {name}" for name, count in sorted(found.items())), sep="\n")


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_clocks_and_the_walk_agree(chunk: int, tally: Counter[str]) -> None:
    for number in range(chunk, PROCEDURES, CHUNKS):
        complaint = examine_clocks(number, tally)
        assert complaint is None, f"clocks {number}: {complaint}"
