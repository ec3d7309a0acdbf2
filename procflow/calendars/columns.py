"""Open time of whole columns at once, on numpy: the same results as `Calendar` gives one by one, millions a second.

The open time up to an instant is a line that rises in open hours and lies flat in others. All its bends stand on a grid,
mostly of an hour or of some minutes, so that a division finds the place of an instant; where the grid would be too fine,
a search does.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from math import gcd
from typing import TYPE_CHECKING, Any

from procflow.calendars.calendar import Calendar
from procflow.calendars.instants import count_of, instant, micros
from procflow.errors import ProcflowError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Counts = NDArray[np.int64]
    """Microseconds."""
    Instants = ArrayLike | Sequence[datetime]
    Lengths = ArrayLike | Sequence[timedelta] | timedelta

_MOST_PLACES = 2_000_000
"""Places of the grid: 16 MB each of the three columns that are kept of it."""
_FINEST = count_of(timedelta(minutes=1))
_NAT = -(2**63)
"""What numpy keeps for `NaT`."""


class Columns:
    """A calendar that reckons columns.

    Instants are `datetime64` (which is UTC), whole microseconds since 1970 as int64, or aware datetimes; lengths are
    `timedelta64`, microseconds as int64, or one timedelta for all. `NaT` stays `NaT`. Results are `datetime64[us]` and
    `timedelta64[us]`. What the calendar does not cover raises CalendarError, as it does one by one.
    """

    def __init__(self, calendar: Calendar) -> None:
        """Lay the calendar out. Raises ProcflowError if numpy is not installed."""
        try:
            import numpy
        except ImportError as error:
            hint = "pip install 'procflow[columns]'"
            raise ProcflowError("reckoning columns needs numpy, which is not installed", hint=hint) from error
        self.calendar = calendar
        self._np = numpy

    def between(self, starts: Instants, ends: Instants) -> NDArray[np.timedelta64]:
        """Return the open time from each start to its end; negative if the end comes first."""
        first, last = self._instants(starts), self._instants(ends)
        if self.calendar.always:
            return self._lengths_of(last - first, (first == _NAT) | (last == _NAT))
        found = self._passed(self._covered(last)) - self._passed(self._covered(first))
        return self._lengths_of(found, (first == _NAT) | (last == _NAT))

    def add(self, starts: Instants, open_time: Lengths) -> NDArray[np.datetime64]:
        """Return the first instant by which so much open time has passed since each start: due at the end of a day, if
        it fills one, not at the next opening. Raises ValueError if a length is negative.
        """
        np = self._np
        first, length = np.broadcast_arrays(self._instants(starts), self._counts(open_time))
        missing = (first == _NAT) | (length == _NAT)
        if bool(((length < 0) & ~missing).any()):
            raise ValueError("only time that is to come can be added: a length is negative")
        if self.calendar.always:
            return self._instants_of(first + length, missing)
        at = self._covered(first)
        wanted = self._passed(at) + np.where(missing, 0, length)
        if bool((wanted > self._total).any()):
            worst = int(np.argmax(np.where(missing, -1, wanted)))
            # One by one it says what is wrong with this one.
            self.calendar.add(instant(int(at.flat[worst])), timedelta(microseconds=int(length.flat[worst])))
        return self._instants_of(np.where(length == 0, first, self._reached(np.maximum(wanted, 1))), missing)

    def next_open(self, at: Instants) -> NDArray[np.datetime64]:
        """Return each instant if it lies in open hours, else the next opening."""
        np = self._np
        given = self._instants(at)
        if self.calendar.always:
            return self._instants_of(given, given == _NAT)
        covered = self._covered(given)
        index = np.searchsorted(self._starts, covered, side="right")
        is_open = (index > 0) & (covered < self._ends[np.maximum(index - 1, 0)])
        late = (index == len(self._starts)) & ~is_open & (given != _NAT)
        if bool(late.any()):
            self.calendar.next_open(instant(int(covered[late].flat[0])))
        opens = self._starts[np.minimum(index, len(self._starts) - 1)] if len(self._starts) else covered
        return self._instants_of(np.where(is_open, covered, opens), given == _NAT)

    # -- the line that rises in open hours --

    @cached_property
    def _starts(self) -> Counts:
        return self._np.asarray(self.calendar.timeline.starts, dtype="int64")

    @cached_property
    def _ends(self) -> Counts:
        return self._np.asarray(self.calendar.timeline.ends, dtype="int64")

    @cached_property
    def _before(self) -> Counts:
        return self._np.asarray(self.calendar.timeline.before, dtype="int64")

    @cached_property
    def _total(self) -> int:
        line = self.calendar.timeline
        return line.before[-1] + line.ends[-1] - line.starts[-1] if line.starts else 0

    @cached_property
    def _grid(self) -> int | None:
        """The width of a place of the grid; None if there would be too many."""
        line = self.calendar.timeline
        width = gcd(*(one - line.floor for one in (*line.starts, *line.ends, line.ceiling)))
        return width if width >= _FINEST and (line.ceiling - line.floor) // width <= _MOST_PLACES else None

    @cached_property
    def _places(self) -> tuple[Counts, Counts]:
        """Return, of each place of the grid, the open time before it, and 1 if it is open, else 0."""
        np, line = self._np, self.calendar.timeline
        assert self._grid is not None
        count = (line.ceiling - line.floor) // self._grid + 1
        rises = np.zeros(count + 1, dtype="int64")
        rises[(self._starts - line.floor) // self._grid] += 1
        # A night that begins on the last day reaches beyond what is covered, and so beyond the grid.
        rises[np.minimum((self._ends - line.floor) // self._grid, count)] -= 1
        is_open = np.cumsum(rises[:count])
        return np.concatenate(([0], np.cumsum(is_open)[:-1])) * self._grid, is_open

    def _passed(self, at: Counts) -> Counts:
        np = self._np
        if self._grid is not None:
            before, is_open = self._places
            place, rest = np.divmod(at - self.calendar.timeline.floor, self._grid)
            passed: Counts = before[place] + rest * is_open[place]
            return passed
        index = np.searchsorted(self._starts, at, side="right") - 1
        known = np.maximum(index, 0)
        inside = np.minimum(at, self._ends[known]) - self._starts[known]
        risen: Counts = np.where(index >= 0, self._before[known] + inside, 0)
        return risen

    def _reached(self, wanted: Counts) -> Counts:
        """Return when so much open time, at least 1, has passed."""
        index = self._np.searchsorted(self._before, wanted, side="left") - 1
        reached: Counts = self._starts[index] + wanted - self._before[index]
        return reached

    # -- in and out --

    def _instants(self, given: Instants) -> Counts:
        return self._whole(given, "M", "datetime64[us]", micros)

    def _counts(self, given: Lengths) -> Counts:
        return self._whole([given] if isinstance(given, timedelta) else given, "m", "timedelta64[us]", count_of)

    def _whole(self, given: Any, kind: str, unit: str, of_one: Any) -> Counts:
        np = self._np
        if not isinstance(given, np.ndarray):
            given = list(given)
            given = [of_one(one) for one in given] if given and isinstance(given[0], datetime | timedelta) else given
        column = np.asarray(given)
        if column.dtype.kind == kind:
            column = column.astype(unit).astype("int64")
        if column.dtype.kind in "iu" or not column.size:
            counts: Counts = column.astype("int64")
            return counts
        raise TypeError(f"a column of {unit}, or of whole microseconds, is meant, not of {column.dtype}")

    def _covered(self, at: Counts) -> Counts:
        """Return the instants, `NaT` as some that is covered. Raises CalendarError if the calendar knows nothing of one."""
        np, line = self._np, self.calendar.timeline
        missing = at == _NAT
        beyond = ((at < line.floor) | (at > line.ceiling)) & ~missing
        if bool(beyond.any()):
            self.calendar.is_open(instant(int(at[beyond].flat[0])))
        return np.where(missing, line.floor, at) if bool(missing.any()) else at

    def _instants_of(self, counts: Counts, missing: NDArray[np.bool_]) -> NDArray[np.datetime64]:
        return self._np.where(missing, _NAT, counts).astype("datetime64[us]")

    def _lengths_of(self, counts: Counts, missing: NDArray[np.bool_]) -> NDArray[np.timedelta64]:
        return self._np.where(missing, _NAT, counts).astype("timedelta64[us]")
