"""The laws on very many random cases: `make soak`, or `python -m tests.oracle.soak --help`.

Progress goes to stderr, the table of what was compared to stdout. On the first difference the procedure and the events
are printed, to be pasted, and the exit code is 1. Number n is the same procedure on every machine, so a run goes on
where another ended with `--seed`.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, deque
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from multiprocessing import get_context
from time import monotonic

from tests.property.laws import examine
from tests.property.laws_of_clocks import examine_clocks
from tests.property.laws_of_rules import examine_rules

AT_ONCE = 20
"""So many procedures are given to a worker at once."""
LAWS = {"procedures": examine, "rules": examine_rules, "clocks": examine_clocks}
"""What a number stands for: a procedure, half of them with rules, and cases of it; rules and cases without any; or
clocks, calendars, and cases that take their time."""


def main() -> int:
    """Run until there are enough examples, or a difference."""
    parser = argparse.ArgumentParser(description="Hold the judge against the oracle.")
    parser.add_argument("--examples", type=int, default=2_000_000, help="how many cases and mutants (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="the first procedure's number (%(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="how many processes (%(default)s)")
    parser.add_argument("--only", choices=sorted(LAWS), help="one of them; else all")
    asked = parser.parse_args()
    total: Counter[str] = Counter()
    complaint = None
    begun = told = monotonic()
    number = asked.seed
    with ProcessPoolExecutor(asked.workers, mp_context=get_context("spawn")) as pool:
        firsts = count(asked.seed, AT_ONCE)
        laws = [asked.only] if asked.only else sorted(LAWS)
        waiting = deque(pool.submit(chunk, next(firsts), laws) for _ in range(2 * asked.workers))
        while waiting:
            number, complaint, found = waiting.popleft().result()
            total += found
            if complaint is not None or total["examples"] >= asked.examples:
                break
            waiting.append(pool.submit(chunk, next(firsts), laws))
            if monotonic() - told > 10:
                told = monotonic()
                rate = total["examples"] / (told - begun)
                print(f"{total['examples']:,} examples, {rate:,.0f} a second; on with --seed {number}", file=sys.stderr)
        pool.shutdown(cancel_futures=True)
    for name, one in sorted(total.items()):
        print(f"{one:>12,}  {name}")
    seconds = monotonic() - begun
    print(f"{seconds:,.0f} seconds, {total['examples'] / seconds:,.0f} examples a second; on with --seed {number}")
    if complaint is not None:
        print(complaint)
        return 1
    return 0


def chunk(first: int, laws: Sequence[str]) -> tuple[int, str | None, Counter[str]]:
    """Examine some procedures and rules; return the number to go on with, the first complaint, and what was compared."""
    tally: Counter[str] = Counter()
    for number in range(first, first + AT_ONCE):
        for law in laws:
            complaint = LAWS[law](number, tally)
            if complaint is not None:
                return number, f"{law} {number}: {complaint}", tally
    return first + AT_ONCE, None, tally


if __name__ == "__main__":
    sys.exit(main())
