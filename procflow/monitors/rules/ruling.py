"""`Ruling`: what the rules of a book say along the canonical path of a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from procflow.errors import Finding
from procflow.expressions.expression import Facts
from procflow.model.configuration import Configuration
from procflow.model.event import Event
from procflow.model.rule import Obligation, RuleStanding
from procflow.monitors.moment import Judged
from procflow.monitors.rules.book import Standings
from procflow.monitors.rules.books import RuleBooks
from procflow.monitors.rules.positions import Course, Gone, Positions, Silent

_LATEST = datetime.max.replace(tzinfo=UTC)


class Ruled(NamedTuple):
    """How the rules stand after an event of the canonical path. Immutable."""

    standings: Standings
    gone: Gone
    calendars: str | None = None
    """The digest of the calendars that held when the case was opened; None: whichever are given."""


class Ruling:
    """Judges the same rules along the paths of cases."""

    def __init__(self, positions: Positions, books: RuleBooks) -> None:
        self.positions = positions
        self._books = books

    def begin(
        self, case: str, opened: Event | None, at: Configuration, facts: Facts, cut: bool, since: datetime | None
    ) -> tuple[Ruled, Sequence[Judged]]:
        """Return how the rules stand when a case opens at `at`; `cut` if it began before the log did, `since` when."""
        gone, position = self.positions.opening(case, opened, at, facts, since)
        calendars = opened.calendars if opened is not None else None
        standings, judged = self._books.of(calendars).begin(position, cut=cut)
        return Ruled(standings, gone, calendars), judged

    def advance(self, ruled: Ruled, event: Event, course: Course, facts: Facts) -> tuple[Ruled, Sequence[Judged]]:
        """Return how the rules stand after one more event, and what they say of it."""
        if course.timers:
            return self._after_time(ruled, event, course, facts)
        gone, position = self.positions.following(ruled.gone, event, course, facts)
        if position is None:
            return ruled, ()
        standings, judged = self._books.of(ruled.calendars).advance(ruled.standings, position)
        return Ruled(standings, gone, ruled.calendars), judged

    def _after_time(self, ruled: Ruled, event: Event, course: Course, facts: Facts) -> tuple[Ruled, Sequence[Judged]]:
        """Do the same where time moved the case before the event, with nothing on record of it."""
        gone, before = self.positions.before(ruled.gone, event, course, facts)
        judged: list[Judged] = []
        for position in before:
            standings, said = self._books.of(ruled.calendars).advance(ruled.standings, position)
            ruled = ruled._replace(standings=standings)
            judged += said
        ruled, of_event = self.advance(ruled._replace(gone=gone), event, course._replace(timers=()), facts)
        return ruled, (*judged, *of_event)

    def close(self, ruled: Ruled, case: str, facts: Facts, by: Silent | None = None) -> tuple[Ruled, Sequence[Judged]]:
        """Return how the rules stand once a case that goes on no further has ended off the record; `by` led to that."""
        judged: list[Judged] = []
        for position in self.positions.closing(case, facts, by):
            standings, said = self._books.of(ruled.calendars).advance(ruled.standings, position)
            ruled = ruled._replace(standings=standings)
            judged += said
        return ruled._replace(gone=ruled.gone._replace(ended=True)), judged

    def overdue(self, ruled: Ruled, case: str, as_of: datetime) -> tuple[Ruled, Sequence[Judged]]:
        """Return how the rules stand at `as_of`, nothing having happened since: what time alone has done by then."""
        standings, judged = self._books.of(ruled.calendars).overdue(ruled.standings, as_of, case)
        return ruled._replace(standings=standings), judged

    def due(self, ruled: Ruled, case: str) -> tuple[Obligation, ...]:
        """Return what is still demanded, soonest first."""
        return self._books.of(ruled.calendars).due(ruled.standings, case)

    def told(self, ruled: Ruled) -> tuple[RuleStanding, ...]:
        """Return how each rule stands, in the order of the file."""
        return self._books.of(ruled.calendars).told(ruled.standings)


def in_order(judged: Sequence[Judged], of_rules: Sequence[Judged]) -> tuple[Judged, ...]:
    """Return what is said of one event, of its rules too, in the order of the registry."""
    return tuple(sorted((*judged, *of_rules), key=_code)) if of_rules else tuple(judged)


def _code(one: Judged) -> str:
    return one.code or "" if isinstance(one, Finding) else ""


def soonest_first(*obligations: Sequence[Obligation]) -> tuple[Obligation, ...]:
    """Return all of these, the soonest first, what is due only before the end last."""
    return tuple(sorted((one for some in obligations for one in some), key=_due))


def _due(one: Obligation) -> tuple[bool, datetime]:
    return (one.due is None, one.due or _LATEST)
