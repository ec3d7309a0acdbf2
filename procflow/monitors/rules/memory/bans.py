"""Activations that forbid something from then on: how many are unbroken, and which a forbidden event names."""

from __future__ import annotations

from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from typing import NamedTuple

from rpds import HashTrieMap

from procflow.model.rule import MOST_NAMED
from procflow.monitors.rules.memory.by_values import Others, matching, noted
from procflow.monitors.rules.memory.heap import Deadline, Heap, in_order, popped, pushed
from procflow.monitors.rules.names import Name, Names
from procflow.monitors.rules.terms import DOUBT, NO, YES, Key, matches


class Ban(NamedTuple):
    """Activations with the same values that still forbid."""

    total: int
    names: Names
    clean: int
    """How many of them nothing broke."""
    unsure: int
    """How many something may have broken."""
    settled: int
    """Number up to which they were broken."""
    doubted: int
    """Number up to which they may have been."""
    limits: Heap | None
    """Until when each forbids, if there is a limit."""

    def named(self) -> Names:
        """Return the earliest of them."""
        if self.limits is None:
            return self.names
        return tuple(sorted(one.name for one in islice(in_order(self.limits), MOST_NAMED)))


class Struck(NamedTuple):
    """What a forbidden event hits."""

    total: int
    names: Names
    broken: int
    """Activations it breaks that were not broken before."""
    doubtful: bool
    """It hits, or may hit, something of which the log cannot tell."""


class Bans(NamedTuple):
    """All activations of a rule that forbid."""

    number: int
    table: HashTrieMap[Key, Ban]
    others: Others
    clean: int
    """How many nothing broke, those whose limit has passed included."""
    unsure: int

    def plus(self, key: Key, case: str, seq: int | None, limit: datetime | None, broken: int = NO) -> Bans:
        """Return them with one more; `broken` says whether it was broken where it was set off."""
        number = self.number + 1
        name = Name(number, case, seq)
        ban, others = self.table.get(key), self.others
        if ban is None:
            ban, others = Ban(0, (), 0, 0, 0, 0, None), noted(others, key)
        heap, names = ban.limits, ban.names
        if limit is not None:
            heap = pushed(heap, Deadline(limit, name, key, broken))
        elif len(names) < MOST_NAMED:
            names = (*names, name)
        clean, unsure = int(broken is NO), int(broken is DOUBT)
        total = ban.total + 1
        ban = Ban(total, names, ban.clean + clean, ban.unsure + unsure, ban.settled, ban.doubted, heap)
        return Bans(number, self.table.insert(key, ban), others, self.clean + clean, self.unsure + unsure)

    def struck(
        self, target: Key, *, may: int, at: datetime | None, timed: bool, slack: timedelta
    ) -> tuple[Bans, Struck]:
        """Return them after something they forbid, and what it hits; `may` says whether it counts at all.

        `slack`: what is inside its limit by less than this may as well be outside.
        """
        table, clean, unsure = self.table, self.clean, self.unsure
        total, broken, doubtful = 0, 0, False
        names: list[Names] = []
        for key in matching(table, self.others, target):
            before = table[key]
            ban, vague, near = _lapsed(before, at, slack) if timed and at is not None else (before, 0, False)
            doubtful = doubtful or near
            if ban.total and min(may, matches(key, target)) is YES and not (timed and at is None):
                total, broken = total + ban.total, broken + ban.clean + ban.unsure
                names.append(ban.named())
                clean, unsure = clean - ban.clean, unsure - ban.unsure
                ban = ban._replace(clean=0, unsure=0, settled=self.number)
            elif ban.total:
                doubtful = True
                clean, unsure = clean - ban.clean, unsure + ban.clean
                ban = ban._replace(clean=0, unsure=ban.unsure + ban.clean, doubted=self.number)
            table = table.insert(key, ban)
            clean, unsure = clean - vague, unsure + vague
        named = tuple(islice(merge(*names), MOST_NAMED))
        return Bans(self.number, table, self.others, clean, unsure), Struck(total, named, broken, doubtful)


def _lapsed(ban: Ban, at: datetime, slack: timedelta) -> tuple[Ban, int, bool]:
    """Return a ban without those whose limit has passed, or may have.

    Also how many of these may have, nothing having broken them so far: they are doubtful from here on; and whether
    there are any that may have.
    """
    heap, total, clean, unsure = ban.limits, ban.total, ban.clean, ban.unsure
    vague, near = 0, False
    while heap is not None and heap.first.at - at < slack:
        one, heap = heap.first, popped(heap)
        total -= 1
        near = near or one.at >= at
        if one.broken is YES or one.name.number <= ban.settled:
            continue
        if one.broken is NO and one.name.number > ban.doubted:
            clean -= 1
            vague += one.at >= at
        else:
            unsure -= 1
    return ban._replace(total=total, clean=clean, unsure=unsure, limits=heap), vague, near
