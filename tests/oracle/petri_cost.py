"""What it costs to align a trace with a Petri net: the textbook's synchronous product, searched with Dijkstra's algorithm.

A move in step costs nothing, an event left out 1, a transition fired without an event 1, a silent one nothing. For
tests: slow, and small enough to be checked by reading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import count

from tests.oracle.petri import FINAL, Net, Transition

Marking = tuple[str, ...]
"""The places that hold tokens, sorted; a place with two tokens twice."""


def cheapest(net: Net, trace: Sequence[str]) -> int | None:
    """Return the cost of the cheapest alignment of `trace`; None if the net cannot come to its end."""
    tie = count()
    start: tuple[int, Marking] = (0, (net.initial,))
    best = {start: 0}
    waiting: list[tuple[int, int, tuple[int, Marking]]] = [(0, next(tie), start)]
    while waiting:
        cost, _, state = heappop(waiting)
        if cost > best[state]:
            continue
        if state == (len(trace), (FINAL,)):
            return cost
        for further, onward in _moves(net, trace, *state):
            if cost + further < best.get(onward, cost + further + 1):
                best[onward] = cost + further
                heappush(waiting, (cost + further, next(tie), onward))
    return None


def _moves(net: Net, trace: Sequence[str], read: int, marking: Marking) -> Iterator[tuple[int, tuple[int, Marking]]]:
    if read < len(trace):
        yield 1, (read + 1, marking)
    for each in net.transitions:
        after = _fired(each, marking)
        if after is None:
            continue
        if each.label is None or not each.forced:
            yield int(each.label is not None), (read, after)
        if read < len(trace) and each.label == trace[read]:
            yield 0, (read + 1, after)


def _fired(each: Transition, marking: Marking) -> Marking | None:
    left = Counter(marking)
    left.subtract(each.takes)
    if any(number < 0 for number in left.values()):
        return None
    left.update(each.puts)
    return tuple(sorted(left.elements()))
