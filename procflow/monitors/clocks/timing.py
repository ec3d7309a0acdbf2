"""`Timing`: what the clocks of a book say along the canonical path of a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from procflow.expressions.expression import Facts
from procflow.model.clock import BallShare, ClockCycle, Held, Stretch, Timer
from procflow.model.configuration import Configuration
from procflow.model.event import Event, Kind
from procflow.model.rule import Obligation
from procflow.monitors.clocks.awaiting import besides
from procflow.monitors.clocks.book import ClockBook
from procflow.monitors.clocks.handing import Had, handed, spans
from procflow.monitors.clocks.running import Running
from procflow.monitors.moment import Judged
from procflow.monitors.rules.positions import Course, Gone, Positions, Silent
from procflow.monitors.rules.ruling import soonest_first

_NOBODY: frozenset[str] = frozenset()


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

    # --- what is told; of a case without clocks nothing is -----------------------------------------------------------

    def due(self, timed: Timed | None, case: str, of_rules: tuple[Obligation, ...]) -> tuple[Obligation, ...]:
        """Return what rules and clocks still demand, the soonest first; of rules in the zone of the procedure's calendar."""
        if timed is None:
            return of_rules
        calendar = self.book.calendar(timed.running.calendars)
        if calendar is not None:
            of_rules = tuple(replace(one, zone=calendar.zone) for one in of_rules)
        return soonest_first(of_rules, self.book.due(timed.running, case))

    def timers(self, timed: Timed | None, until: datetime | None) -> tuple[Timer, ...]:
        """Return what is to be done as time passes, and is not on record."""
        return () if timed is None else self.book.timers(timed.running, until)

    def looks_at(self, timed: Timed | None) -> datetime | None:
        """Return when it is first worth looking whether time has something to do."""
        return None if timed is None else self.book.looks_at(timed.running)

    def told(self, timed: Timed | None, as_of: datetime | None) -> tuple[ClockCycle, ...]:
        """Return every cycle of every clock."""
        return () if timed is None else self.book.told(timed.running, as_of)

    def ledger(self, timed: Timed | None, clock: str, cycle: int | None, as_of: datetime | None) -> tuple[Stretch, ...]:
        """Return the ledger of one cycle; None for the latest."""
        return () if timed is None else self.book.ledger(timed.running, clock, cycle, as_of)

    def escalated(self, timed: Timed | None, step: str | None, at: datetime) -> frozenset[str]:
        """Return the roles that may act in a step, too."""
        return _NOBODY if timed is None or not self.book.escalates else self.book.escalated(timed.running, step, at)

    def besides(self, timed: Timed) -> Callable[[str, int | None, datetime], tuple[str, ...]]:
        """Return what says to which roles something that a clock times since an event was offered or escalated by then."""
        pairs = zip(self.book.monitors, timed.running.clocks, strict=True)
        begun = {(one.clock.id, cycle.since): (one, cycle) for one, state in pairs for cycle in state.cycles()}

        def found(clock: str, since: int | None, at: datetime) -> tuple[str, ...]:
            monitor, cycle = begun[clock, since]
            return tuple(besides(monitor.clock, monitor.cycles, cycle, at))

        return found

    def shares(self, timed: Timed | None, as_of: datetime | None) -> tuple[BallShare, ...]:
        """Return how long who had the ball."""
        return () if timed is None else self.book.shares(timed.running, as_of)

    def ball(self, timed: Timed, as_of: datetime | None) -> tuple[Held, ...]:
        """Return who had the ball from when to when."""
        return self.book.ball(timed.running, as_of)

    def ball_along(
        self,
        path: Iterable[tuple[Event | None, Configuration, Facts]],
        since: datetime | None,
        is_end: Callable[[Configuration], bool],
        as_of: datetime | None,
    ) -> tuple[Held, ...]:
        """Return the same of a case without clocks, from where each event of its path left it."""
        ball: Had | None = None
        end = as_of
        for event, stands, facts in path:
            at = since if event is None else event.occurred_at
            if at is not None:
                ball = handed(ball, self.book.court.party(stands, facts.values), at)
                over = is_end(stands) or (event is not None and event.kind is Kind.CLOSED)
                end = at if over else max(at, end or at) if as_of is None or end is None else max(at, as_of)
        return () if ball is None or end is None else spans(ball, end)
