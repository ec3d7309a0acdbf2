"""Waits: who waited for whom, for what, how long, and who could have ended it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class WaitKind(Enum):
    """What is waited for."""

    HAND_OFF = "hand-off"
    """That somebody accepts the work that is offered."""
    QUESTION = "question"
    """The answer to a question."""
    PARTY = "party"
    """Somebody outside, in a step with `waiting-for`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One wait in one case."""

    kind: WaitKind
    case: str
    who: str
    """The id of the person who waits: who offered, asked, or put the case into waiting; "" if nobody is on record."""
    role: str
    """The role they waited in: of the procedure's roles the one they acted in; "" if that is not known."""
    whom: tuple[str, ...]
    """Ids of roles, or of the person who was asked; () if nobody was named."""
    what: str
    """What was asked, or the step that is offered."""
    since: datetime
    """Aware, UTC."""
    until: datetime | None
    """None while it goes on."""
    due: datetime | None
    """When it should have been over at the latest; None if nobody said, or it is paused."""
    seq: int | None
    """The event that began it; None for an opening that is not on record."""
    ended_by: int | None = None
    """The event that ended it."""
    step: str | None = None
    """The step on offer, or the waiting step; of a question where the case stood."""
    could_end: tuple[str, ...] = ()
    """Roles and people who could have ended it at any moment, those of `whom` and those it was escalated to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """That one person answered for the case, or nobody."""

    person: str | None
    since: datetime
    until: datetime | None
    """None while it goes on."""
    seq: int | None = None
    """The event by which they took it."""
