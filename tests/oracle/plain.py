"""The words the oracle shares with whoever asks it: procedures and events as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

Plain = Mapping[str, Any]
"""A procedure, or a part of it, as YAML carries it."""


class PlainEvent(TypedDict, total=False):
    """One event of a trace, with the keys of a line of an engine's export; what is not there was not said."""

    kind: str
    """`opened` (the first at most), `action`, `closed`, `override`, `waiver`, `timer` or `calendars`."""
    action: str
    lifecycle: str
    """`start`, `complete` (the same as nothing) or `refused`."""
    attempted: str
    """Of a refused event: `start` if only a start was attempted."""
    at: str
    """When it happened: ISO 8601 with its zone."""
    actor: str
    on_behalf_of: str
    roles: list[str]
    teams: list[str]
    data: dict[str, Any]
    evidence: dict[str, Any]
    reason: str
    gap: bool
    """True: the log lacks entries just before this event."""
    override: dict[str, Any]
    waiver: dict[str, Any]
    timer: dict[str, Any]
    """`clock`, `cycle`, `mark`, `does` (`notify`, `escalate`, `go-to`), `to`, `due`."""
    calendars: str
    """The name of the book of calendars that holds from here on."""
    recorded: str
    """When it was written down, like `at`."""


Finding = tuple[str, int | None, str | None, str | None]
"""(code, number of the event blamed from 1 or None, step, action).

The step says where the action is due in the explanation: None for `anytime`, for what is not due there (DV102, DV105,
DV106), for a case that opens, and for a case as a whole.
"""
Disposed = tuple[str, int | None, str | None, str | None, str]
"""A finding and what becomes of it: `unexcused`, `permitted`, `excused`."""
