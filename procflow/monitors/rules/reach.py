"""A `Reach`: how far a length of a rule goes from a moment on, in elapsed time or on a calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

from procflow.calendars.book import CalendarSet
from procflow.calendars.calendar import ALWAYS, Calendar
from procflow.calendars.length import Length
from procflow.errors import CalendarError
from procflow.model.procedure import Procedure
from procflow.model.rule import Rule

_DAY = timedelta(days=1)
_LONGEST = timedelta(days=36525 * 2)


class Reach:
    """A length as a rule measures it. Elapsed time is added; anything else is looked up."""

    __slots__ = ("_calendar", "_length", "elapsed", "known")

    def __init__(self, length: Length, calendar: Calendar | None) -> None:
        """Measure on `calendar`; None if it is not at hand."""
        self.elapsed: timedelta | None = length.elapsed
        """How long it is whatever the calendar; None if that depends on where it begins."""
        self.known = self.elapsed is not None or calendar is not None
        """False if nobody can tell how far it goes, wherever it begins."""
        self._length, self._calendar = length, calendar

    def after(self, at: datetime) -> datetime | None:
        """Return where it ends if it begins at `at`; None if that lies beyond the calendar, or beyond all time."""
        try:
            if self.elapsed is not None:
                return at + self.elapsed
            return self._calendar.after(at, self._length) if self._calendar is not None else None
        except (CalendarError, OverflowError, ValueError):
            return None

    def before(self, at: datetime) -> datetime | None:
        """Return a moment so early that what begins there, or before, is over by `at`; None if that cannot be told.

        Of elapsed time it is the latest such moment, of anything else at most twice as far away.
        """
        try:
            if self.elapsed is not None:
                return at - self.elapsed
            back = _DAY
            while back < _LONGEST:
                over = self.after(at - back)
                if over is None or over < at:
                    return None if over is None else at - back
                back *= 2
        except OverflowError:
            pass
        return None

    def beyond(self, at: datetime | None) -> bool:
        """Return True if the calendar cannot tell where it ends; elapsed time can always be told."""
        return self.elapsed is None and at is not None and self.after(at) is None


def calendar_of(rule: Rule, procedure: Procedure | None, calendars: CalendarSet | None) -> Calendar | None:
    """Return the calendar the lengths of a rule are counted on; None if it is not at hand.

    Months and years are counted in the zone of the calendar, and without one in UTC.
    """
    id = rule.calendar or (procedure.calendar if procedure is not None else None)
    if id is None:
        working = any(one is not None and one.working for one in (rule.within, rule.window))
        return None if working else ALWAYS
    return calendars[id] if calendars is not None and id in calendars else None


def counts_on_a_calendar(rule: Rule) -> bool:
    """Return True if it depends on a calendar how far one of its lengths goes."""
    return any(one is not None and one.elapsed is None for one in (rule.within, rule.window))
