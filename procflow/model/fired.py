"""`Fired`: what the engine did because time was up, and who is to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from procflow.errors import ProcflowError
from procflow.model.clock import Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """One timer that was fired, and is on record; or a case in which none could be."""

    case: str
    procedure: str
    ref: str | None
    """The case's name in the host application."""
    timer: Timer | None
    """What was to be done, and when the time was up; None if the case could not be judged."""
    seq: int | None
    """Of the event that records it; None if there is none."""
    parties: tuple[str, ...] = ()
    """Who is to be told, as `role:lead`, `person:ana`, `team:care`: of a go-to, whose turn it is now."""
    people: tuple[str, ...] = ()
    """Who they are, as the directory knows, sorted."""
    deliver_at: datetime | None = None
    """Aware, UTC: when to tell them. Not before the calendar they work by opens; at once if that is 24x7."""
    zone: str = "UTC"
    """The time zone in which its instants are told to people."""
    error: ProcflowError | None = None
    """Why nothing was fired. It is tried again whenever time is advanced."""
