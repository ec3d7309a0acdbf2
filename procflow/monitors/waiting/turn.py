"""A `Turn`: one event of the canonical path, for all that is said of waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from procflow.automaton.moves import Move, MoveKind
from procflow.errors import SourceSpan
from procflow.expressions.types import Value
from procflow.model.by import By
from procflow.model.configuration import Configuration
from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.event import Event, Kind, Lifecycle, Witness
from procflow.model.procedure import Procedure, Step
from procflow.monitors.moment import Judged, NotExamined, who_may

# A member of an Enum is looked up anew, in Python, wherever it is named.
_ACTION, _TIMER, _COMPLETE = Kind.ACTION, Kind.TIMER, Lifecycle.COMPLETE
_BY_TIME, _SET_ASIDE = MoveKind.TIMER, MoveKind.OVERRIDE


@dataclass(slots=True, kw_only=True)
class Turn:
    """One event of a case that goes on. What is to be said of it is added to `said`."""

    procedure: Procedure
    witness: Witness
    event: Event
    before: Configuration
    """Where the case stood after the event before, skipped actions not made up for."""
    stood: Configuration
    """The same, skipped actions and time that ran out silently made up for."""
    move: Move | None
    """None if the event is left out of the flow, or says nothing about it."""
    stands: Configuration
    values: Mapping[str, Value]
    """The record with the event's own data."""
    over: bool
    """The case is over with it."""
    timed: bool
    """Time ran out before it, with nothing on record of that."""
    said: list[Judged] = field(default_factory=list)

    @property
    def done(self) -> bool:
        """True if somebody did something, and has finished doing it."""
        return self.event.kind is _ACTION and self.event.lifecycle is _COMPLETE

    @property
    def goes_on(self) -> bool:
        """True if the case stands elsewhere than before, or has left its step and come back to it."""
        return self.before != self.stands or (self.move is not None and bool(self.move.left))

    @property
    def moves(self) -> bool:
        """True if the event itself moves the case."""
        return self.move is not None and (self.stood != self.stands or bool(self.move.left))

    @property
    def by_time(self) -> bool:
        """True if time led the case on, and nobody did."""
        return self.event.kind is _TIMER or (self.timed and not self.moves)

    @property
    def set_aside(self) -> bool:
        """True if the case was put where it stands."""
        return self.move is not None and self.move.kind is _SET_ASIDE

    @property
    def step(self) -> Step | None:
        """The step the event is attributed to; None for what is possible at any time."""
        return self.move.step if self.move is not None else None

    @property
    def by(self) -> By | None:
        """Whom the work is for; None in a waiting step, of what time did, and if it is not known what was done."""
        return _by(self.move)

    @property
    def role(self) -> str:
        """The role that the actor acted in: which the work is for, else the first of the procedure's that they hold.

        "" if that is not known.
        """
        return role_of(self.procedure, self.move, self.event)

    def deviation(self, code: str, message: str, *, where: SourceSpan, **more: Any) -> Deviation:
        """Return a deviation of this event; `more` overrides what is filled in here."""
        event, step = self.event, self.step
        known: dict[str, Any] = {
            "severity": REGISTRY[code].severity,
            "case": event.case,
            "seq": event.seq,
            "step": step.id if step is not None else self.stood.step,
            "action": event.action if event.kind is _ACTION else None,
            "actor": event.actor,
            "source": event.source,
        }
        return Deviation(code=code, message=message, where=where, **(known | more))

    def tell(self, code: str, message: str, *, where: SourceSpan, **more: Any) -> None:
        """Say that the event deviates."""
        self.said.append(self.deviation(code, message, where=where, **more))

    def unseen(self, concern: str) -> None:
        """Say that nobody can tell."""
        self.said.append(NotExamined(concern))


def role_of(procedure: Procedure, move: Move | None, event: Event) -> str:
    """Return the role somebody acted in; "" if that is not known. `move` is what the event does."""
    by = _by(move)
    if by is not None and by.role in event.roles:
        return by.role or ""
    return next((role for role in procedure.roles if role in event.roles), "")


def _by(move: Move | None) -> By | None:
    return who_may(move.step, move.action) if move is not None and move.kind is not _BY_TIME else None
