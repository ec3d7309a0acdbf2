"""What has been settled of a rule's activations: a chain of entries that states share, added up when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

KEPT, BROKEN, UNSEEN, RELEASED = range(4)


class Settled(NamedTuple):
    """So many activations went this way at one moment, and what was settled before."""

    before: Settled | None
    how: int
    many: int
    actor: str
    """Who kept or broke them; "" where nobody is to be named."""
    at: datetime | None


class Open(NamedTuple):
    """How many activations are still open."""

    demanded: int = 0
    forbidding: int = 0
    """So far nothing forbidden came."""
    unsure: int = 0
    """What they forbid may have come: unseen in the end, unless something certain breaks them."""


class Totals:
    """Settled activations added up."""

    def __init__(self) -> None:
        self.counts = [0, 0, 0, 0]
        self.by_person: dict[str, list[int]] = {}
        self.by_period: dict[str, list[int]] = {}

    def add(self, how: int, count: int, actor: str, at: datetime | None) -> None:
        """Add so many."""
        if not count:
            return
        self.counts[how] += count
        if how in (KEPT, BROKEN):
            period = f"{at.year:04}-{at.month:02}" if at is not None else ""
            self.by_person.setdefault(actor, [0, 0])[how] += count
            self.by_period.setdefault(period, [0, 0])[how] += count

    def add_all(self, last: Settled | None) -> None:
        """Add a whole chain, in its order."""
        for one in reversed(list(_chain(last))):
            self.add(one.how, one.many, one.actor, one.at)


def _chain(last: Settled | None) -> Iterator[Settled]:
    while last is not None:
        yield last
        last = last.before
