"""A `Moment`: everything a monitor may look at when it judges one event on the canonical path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from procflow.automaton.automaton import Automaton
from procflow.automaton.moves import Move, MoveKind
from procflow.automaton.wrong_order import Astray
from procflow.errors import Finding, SourceSpan
from procflow.expressions.expression import Facts
from procflow.model.by import By
from procflow.model.configuration import Configuration
from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.event import Event, Kind, Witness
from procflow.model.procedure import Action, Procedure, Step


@dataclass(frozen=True, slots=True)
class Lone:
    """A skipped or an unexpected action that has found no partner to be in the wrong order with."""

    action: str
    astray: Astray
    deviation: Deviation
    beside: str
    """The event at which it was said, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What monitors remember along the canonical path; bounded by the procedure, not by the history."""

    leavers: Mapping[str, frozenset[str | None]] = field(default_factory=dict)
    """Step -> who performed an action leaving it on its latest visit; None among them for somebody the log does not
    name. Nobody has left a step that is not here."""
    started: Mapping[tuple[str, str | None], frozenset[str]] = field(default_factory=dict)
    """(action, actor) of work that was started and not completed -> codes said of its start; only where some were."""
    early: Mapping[str, str | None] = field(default_factory=dict)
    """Who did what is done early and whose turn has not come."""
    holed: bool = False
    """Entries were missing somewhere: what was never given may have been given there."""
    lone: tuple[Lone, ...] = ()
    """Skipped and unexpected actions that may still turn out to be one in the wrong order; the latest last."""


NOTHING_YET = Memory()


@dataclass(frozen=True, slots=True)
class NotExamined:
    """A check that the log could not witness."""

    concern: str
    """`people: roles`, `people: actor`, `people: who left draft`, `evidence`, `reason`, `data: priority`,
    `condition: priority > 2`, `at-most: ask`."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was said earlier on the path, the very object, and no longer stands."""

    deviation: Deviation


Judged = Deviation | NotExamined | Withdrawn | Finding
"""What a monitor says: a deviation, that it could not look, that it takes one back, or (a plain `Finding`) what the
log's quality did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One event of the canonical path, with the case around it."""

    automaton: Automaton
    witness: Witness
    event: Event
    at: Configuration
    """Where the case stood before the event, skipped actions not yet made up for."""
    skips: tuple[Move, ...]
    """What the explanation skips before the event."""
    move: Move | None
    """What the event does; None if it is left out (not due)."""
    facts: Facts
    """The record with the event's own data."""
    unread: Mapping[str, str]
    """Data field -> why the value the event gives cannot be read."""
    memory: Memory
    """As it was before the event."""
    attributed: bool = True
    """False if a status history leaves open which action this was: then nobody can be held to it."""
    inferred: str | None = None
    """The action of the author's that a status row stands for."""
    escalated: frozenset[str] = frozenset()
    """Roles that may act, too, because something has run out and was escalated to them."""

    @property
    def procedure(self) -> Procedure:
        """The procedure that judges."""
        return self.automaton.procedure

    @property
    def stands(self) -> Configuration:
        """Where the case stood before the event, skipped actions made up for."""
        return self.skips[-1].target if self.skips else self.at

    @property
    def step(self) -> Step | None:
        """The step the event is attributed to."""
        return self.move.step if self.move is not None else None

    @property
    def name(self) -> str:
        """What was done, in the author's words as far as they are known."""
        return self.inferred or self.event.action

    @property
    def completes(self) -> bool:
        """True if the event completes what it is attributed to."""
        return self.move is not None and self.move.kind is not MoveKind.START

    @property
    def who(self) -> By | None:
        """Who may do it; None for a waiting step, or if the event is left out."""
        return who_may(self.move.step, self.move.action) if self.move is not None else None

    @property
    def rule(self) -> SourceSpan:
        """The line of the procedure that speaks of what was done."""
        if self.move is not None and self.move.action is not None:
            return self.move.action.where
        if self.step is not None:
            return self.step.checklist.where if self.step.checklist is not None else self.step.where
        return self.procedure.where

    @property
    def _names_no_action(self) -> bool:
        kind = self.event.kind
        return kind is Kind.TIMER or (kind is Kind.STATUS and self.inferred is None)

    def deviation(self, code: str, message: str, **more: Any) -> Deviation:
        """Return a deviation of this event; `more` overrides what is filled in here."""
        known: dict[str, Any] = {
            "severity": REGISTRY[code].severity,
            "where": self.rule,
            "case": self.event.case,
            "seq": self.event.seq,
            "step": self.step.id if self.step is not None else None,
            "action": None if self._names_no_action else self.name or None,
            "actor": self.event.actor,
            "source": self.event.source,
            # Nobody could be refused what time does; a later action that does not fit what time did can be.
            "refuses": code != "DV305" or self.event.kind is not Kind.TIMER,
        }
        return Deviation(code=code, message=message, **(known | more))


def who_may(step: Step | None, action: Action | None) -> By | None:
    """Return who may do an action: whom it names itself, else whom its step names; None for a waiting step."""
    if action is not None and action.by is not None:
        return action.by
    return step.by if step is not None else None


def roles_for(step: Step | None, by: By | None) -> tuple[str, ...]:
    """Return who could have acted, as roles; () if that depends on the data."""
    if by is not None:
        return (by.role,) if by.role is not None else ()
    return (step.waiting.party,) if step is not None and step.waiting is not None else ()


def holding(event: Event) -> str:
    """Return who acted and what they held, as a sentence ends: `ana holds agent`."""
    if not event.roles:
        return f"{event.actor} holds no role" if event.actor else "the record names nobody and no role"
    return f"{event.actor or 'somebody without a name'} holds {', '.join(sorted(event.roles))}"
