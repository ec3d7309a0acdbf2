"""What time will next ask of cases, in memory: sorted, so that what is due is found without looking at what is not."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from heapq import merge
from typing import NamedTuple

from procflow.stores.base import Coming


class Instant(NamedTuple):
    """When a case has its turn."""

    at: datetime
    case: str


class Line:
    """Cases in the order of one of their instants, then of their ids."""

    def __init__(self) -> None:
        self._instants: list[Instant] = []

    def move(self, case: str, old: datetime | None, new: datetime | None) -> None:
        """Take a case from its place to another one; None: from or to none."""
        if old == new:
            return
        if old is not None:
            del self._instants[bisect_left(self._instants, Instant(old, case))]
        if new is not None:
            insort(self._instants, Instant(new, case))

    def until(self, until: datetime, changed: Collection[str], others: Iterable[Instant]) -> Iterator[str]:
        """Yield whose turn comes by `until`; of cases that were `changed`, only what `others` say."""
        kept = (one for one in self._upto(until) if one.case not in changed)
        for one in merge(kept, sorted(one for one in others if one.at <= until)):
            yield one.case

    def _upto(self, until: datetime) -> Iterator[Instant]:
        for one in self._instants:
            if one.at > until:
                return
            yield one


class Schedule:
    """What is kept of all cases."""

    def __init__(self) -> None:
        self.cases: dict[str, Coming] = {}
        self._due = Line()
        self._fires = Line()

    def keep(self, coming: Coming) -> None:
        """Replace what is kept of a case."""
        old = self.cases.get(coming.case) or Coming(case=coming.case)
        self._due.move(coming.case, old.due, coming.due)
        self._fires.move(coming.case, old.fires, coming.fires)
        self.cases[coming.case] = coming

    def due(self, until: datetime, changed: dict[str, Coming]) -> Iterator[str]:
        """Yield the cases in which something is due, as a transaction that `changed` some of them sees it."""
        others = (Instant(one.due, one.case) for one in changed.values() if one.due is not None)
        return self._due.until(until, changed, others)

    def firing(self, until: datetime, changed: dict[str, Coming]) -> Iterator[str]:
        """Yield the cases in which something is to be done, likewise."""
        others = (Instant(one.fires, one.case) for one in changed.values() if one.fires is not None)
        return self._fires.until(until, changed, others)
