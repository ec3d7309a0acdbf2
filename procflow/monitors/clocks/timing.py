"""`Timing`: what the clocks of a book say along the canonical path of a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from procflow.expressions.expression import Facts
from procflow.model.configuration import Configuration
from procflow.model.event import Event
from procflow.monitors.clocks.book import ClockBook, Running
from procflow.monitors.moment import Judged
from procflow.monitors.rules.positions import Course, Gone, Positions, Silent


class Timed(NamedTuple):
    """How the clocks stand after an event of the canonical path. Immutable."""

    running: Running
    gone: Gone


class Timing:
    """Judges the clocks of one book along the paths of cases."""

    def __init__(self, positions: Positions, book: ClockBook) -> None:
        self.positions = positions
        self.book = book

    def begin(
        self, case: str, opened: Event | None, at: Configuration, facts: Facts, cut: bool, since: datetime | None
    ) -> tuple[Timed, Sequence[Judged]]:
        """Return how the clocks stand when a case opens at `at`; `cut` if it began before the log did, `since` when."""
        gone, position = self.positions.opening(case, opened, at, facts, since)
        running, judged = self.book.begin(position, opened, at, cut=cut)
        return Timed(running, gone), judged

    def advance(self, timed: Timed, event: Event, course: Course, facts: Facts) -> tuple[Timed, Sequence[Judged]]:
        """Return how the clocks stand after one more event, and what they say of it."""
        gone, before = self.positions.before(timed.gone, event, course, facts)
        running, judged = timed.running, list[Judged]()
        for one in before:
            running, said = self.book.advance(running, one, None, one.silent or course.stood)
            judged += said
        gone, position = self.positions.following(gone, event, course, facts)
        if position is None:
            return Timed(running, gone), judged
        running, said = self.book.advance(running, position, event, course.stands)
        return Timed(running, gone), (*judged, *said)

    def close(
        self, timed: Timed, case: str, facts: Facts, by: Silent | None, at: Configuration
    ) -> tuple[Timed, Sequence[Judged]]:
        """Return how the clocks stand once a case that goes on no further has ended off the record; `by` led to that."""
        running, judged = timed.running, list[Judged]()
        for position in self.positions.closing(case, facts, by):
            running, said = self.book.advance(running, position, None, position.silent or at)
            judged += said
        return Timed(running, timed.gone._replace(ended=True)), judged

    def overdue(self, timed: Timed, case: str, as_of: datetime) -> tuple[Timed, Sequence[Judged]]:
        """Return how the clocks stand at `as_of`, nothing having happened since: what time alone has done by then."""
        running, judged = self.book.overdue(timed.running, as_of, case)
        return Timed(running, timed.gone), judged
