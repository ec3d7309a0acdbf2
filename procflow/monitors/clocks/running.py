"""`Running`: how every clock of a book stands in one case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from procflow.calendars.book import CalendarSet
from procflow.model.configuration import Configuration
from procflow.model.event import Event
from procflow.monitors.clocks.cycle import ClockState
from procflow.monitors.clocks.handing import Had
from procflow.monitors.clocks.pausing import Wait
from procflow.monitors.rules.position import Position
from procflow.monitors.waiting.questions import Open


class Opening(NamedTuple):
    """An opening without a time, while no event has told one."""

    position: Position
    event: Event | None
    cut: bool


class Running(NamedTuple):
    """How every clock of a book stands in one case. Immutable."""

    at: Configuration
    """Where the case stands."""
    clocks: tuple[ClockState, ...]
    dues: tuple[datetime | None, ...]
    """Of each: before when nothing is late that is not told yet."""
    soonest: datetime | None
    """The first of these."""
    latest: datetime | None
    """The latest instant on record; None if none is."""
    calendars: CalendarSet
    ball: Had | None
    waits: Mapping[str, Wait]
    """The waiting steps in which it stands."""
    ended_at: datetime | None = None
    unopened: Opening | None = None
    questions: Open = ()
    """Those that nobody has answered."""
