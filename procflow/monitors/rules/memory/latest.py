"""The latest of many moments: as many as a rule allows, which may be a million."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from procflow.monitors.rules.memory.heap import Deadline, Heap, popped, pushed
from procflow.monitors.rules.names import Name
from procflow.monitors.rules.terms import NO_KEY

_ANY = Name(0, "", None)


class Latest(NamedTuple):
    """So many moments. States share them, so that each costs the logarithm of how many there are."""

    many: int
    earliest: Heap | None

    def plus(self, at: datetime, most: int) -> Latest:
        """Return them with one more, and without the earliest if that is one too many."""
        if not most:
            return self
        heap = pushed(self.earliest, Deadline(at, _ANY, NO_KEY))
        return Latest(self.many + 1, heap) if self.many < most else Latest(self.many, popped(heap))


NONE_YET = Latest(0, None)
