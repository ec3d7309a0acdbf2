"""Where in a case the rows belong that cannot be read: what may have happened there is held against nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from procflow.eventlogs.intake import Hole, Sequences
from procflow.eventlogs.moments import Moment

MOST_PLACED = 50
"""A case with more holes than this is taken to have them anywhere: placing each would cost their number times its rows."""


def hidden(
    moments: Sequence[Moment], holes: Sequence[Hole], sequences: Sequences, resolution: timedelta
) -> frozenset[int]:
    """Return the places of a case where a hole may be.

    Place 0 lies before the first of `moments`, place 1 between it and the second, and so on; the last one is after all
    of them. A hole is placed by its number if the numbers of the case rise, by its time, and if it has no time by its
    neighbours in a file that is in order throughout; a hole of which nothing is known may be anywhere.
    """
    if len(holes) > MOST_PLACED:
        return frozenset(range(len(moments) + 1))
    numbers = [one.row.order for one in moments if one.row.order is not None]
    rising = all(one <= later for one, later in pairwise(numbers))
    places = (_Places(moments, hole, sequences.trusted(hole.file), rising, resolution).range() for hole in holes)
    return frozenset(place for first, last in places for place in range(first, last + 1))


class _Places:
    """The places of one hole."""

    def __init__(
        self, moments: Sequence[Moment], hole: Hole, in_file: bool, rising: bool, resolution: timedelta
    ) -> None:
        self._moments = moments
        self._hole = hole
        # A hole with a time is placed by it; the file is asked only about one without.
        self._in_file = in_file and hole.low is None and hole.high is None
        self._rising = rising
        self._resolution = resolution
        self._low, self._high = self._bounds()

    def range(self) -> tuple[int, int]:
        """Return the first and the last place."""
        moments, first, last = self._moments, 0, len(self._moments)
        for place in range(len(moments), 0, -1):
            if self._is_before(moments[place - 1]):
                first = place
                break
        for place in range(first, len(moments)):
            if self._is_after(moments[place]):
                last = place
                break
        return first, last

    def _bounds(self) -> tuple[datetime | None, datetime | None]:
        hole = self._hole
        if not self._in_file:
            return hole.low, hole.high
        near = [one for one in self._moments if one.row.file == hole.file and one.completes]
        return (
            max((one.at for one in near if one.number < hole.number), default=None),
            min((one.at for one in near if one.number > hole.number), default=None),
        )

    def _is_before(self, one: Moment) -> bool:
        """Return True if `one` certainly came before the hole."""
        hole = self._hole
        if hole.order is not None and one.row.order is not None and self._rising:
            return one.row.order < hole.order
        if self._in_file and one.row.file == hole.file and one.number < hole.number:
            return True
        return self._low is not None and self._apart(one.at, self._low)

    def _is_after(self, one: Moment) -> bool:
        """Return True if `one` certainly came after the hole."""
        hole = self._hole
        if hole.order is not None and one.row.order is not None and self._rising:
            return one.row.order > hole.order
        if self._in_file and one.row.file == hole.file and one.number > hole.number and one.completes:
            return True
        return self._high is not None and self._apart(self._high, one.at)

    def _apart(self, earlier: datetime, later: datetime) -> bool:
        return earlier < later and later - earlier >= self._resolution
