"""The book of clocks: judges all clocks of a case together, a position at a time."""

# ruff: noqa: ARG002

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from procflow.calendars.book import CalendarBook
from procflow.model.clock import ClockCycle, Stretch, Timer
from procflow.model.configuration import Configuration
from procflow.model.event import Event, Witness
from procflow.model.procedure import Procedure
from procflow.model.rule import Obligation
from procflow.monitors.moment import Judged
from procflow.monitors.rules.position import Position

_NOBODY: frozenset[str] = frozenset()


class Running(NamedTuple):
    """How every clock of a book stands in one case. Immutable."""

    at: Configuration
    """Where the case stands."""


class ClockBook:
    """Judges the clocks of one procedure as far as `witness` can see. Shared by threads."""

    def __init__(self, procedure: Procedure, witness: Witness, calendars: CalendarBook, *, statuses: bool) -> None:
        """`calendars`: those a case may be judged by; `statuses`: the events are a status history."""
        self._procedure = procedure
        self._witness = witness
        self._calendars = calendars
        self._statuses = statuses

    def __bool__(self) -> bool:
        """Return False if there is nothing to judge: then nobody needs to make positions."""
        return False

    def begin(
        self, opening: Position, event: Event | None, at: Configuration, *, cut: bool
    ) -> tuple[Running, Sequence[Judged]]:
        """Return how the clocks stand once a case has opened at `at`, and what is said of that."""
        return Running(at), ()

    def advance(
        self, running: Running, position: Position, event: Event | None, at: Configuration
    ) -> tuple[Running, Sequence[Judged]]:
        """Return how the clocks stand after one more position that leaves the case at `at`, and what is said at it."""
        return running._replace(at=at), ()

    def overdue(self, running: Running, as_of: datetime, case: str) -> tuple[Running, Sequence[Judged]]:
        """Return how the clocks stand at a moment at which nothing happens, and what time alone has done by then."""
        return running, ()

    def due(self, running: Running, case: str) -> tuple[Obligation, ...]:
        """Return what clocks still demand, the soonest first."""
        return ()

    def timers(self, running: Running, until: datetime | None) -> tuple[Timer, ...]:
        """Return what time will do, or has done and nobody has recorded, the soonest first; only what is due before `until`."""
        return ()

    def told(self, running: Running, as_of: datetime | None) -> tuple[ClockCycle, ...]:
        """Return every cycle of every clock: in the order of the file, then of their beginnings."""
        return ()

    def ledger(self, running: Running, clock: str, cycle: int | None, as_of: datetime | None) -> tuple[Stretch, ...]:
        """Return the ledger of one cycle; None for the latest. () if there is none."""
        return ()

    def escalated(self, running: Running, step: str | None, at: datetime) -> frozenset[str]:
        """Return the roles that may act in `step`, too, because something has run out and was escalated to them."""
        return _NOBODY
