"""Questions: which are open in a case, to whom they were put, and which of them an answer ends.

The clocks of questions and what is said of waiting both follow them here, so that they never disagree.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from procflow.model.event import Event, Kind, Lifecycle, Witness
from procflow.model.hand_off import ASKED_WHOM, QUESTION, Asking
from procflow.model.procedure import ANY, Procedure

MOST_OPEN = 100
"""How many questions of one case are followed at a time: one more than these is not waited for."""

# A member of an Enum is looked up anew, in Python, wherever it is named.
_ACTION, _COMPLETE = Kind.ACTION, Lifecycle.COMPLETE


class Question(NamedTuple):
    """A question that somebody was asked. What was put to nobody in particular is none."""

    seq: int
    """The event that asked it."""
    at: datetime
    """Aware, UTC."""
    action: str
    """The action by which it was asked."""
    answered_by: str
    """The action that answers it."""
    who: str | None
    """Who asked; None if the log does not say."""
    roles: frozenset[str]
    """The roles they held then."""
    whom: str
    """The id of a role, or of a person."""
    what: str
    """What was asked; "" if the record does not say it."""
    step: str
    """Where the case stood."""


Open = tuple[Question, ...]
"""The questions that wait for an answer, the oldest first."""


class Followed(NamedTuple):
    """What an event does to the open questions."""

    unanswered: Open
    asked: Question | None = None
    """The one it asks; None if it asks none, or nobody in particular, or too many are open."""
    answered: Question | None = None
    """The one it ends."""


class Questions:
    """Follows the questions of cases of one procedure. Shared by cases. False if the procedure has none."""

    def __init__(self, procedure: Procedure, witness: Witness) -> None:
        self.asks = {one.id: one.ask for one in procedure.anytime.values() if one.ask is not None}
        """Action -> what it asks."""
        self.answers = frozenset(one.answered_by for one in self.asks.values())
        """The actions that answer."""
        self._roles = procedure.roles.keys()
        self._sees_roles = witness.actor and witness.role

    def __bool__(self) -> bool:
        return bool(self.asks)

    def follow(self, unanswered: Open, event: Event, step: str) -> Followed:
        """Return the open questions after an event of a case that goes on, with which it asks and which it answers.

        It does not matter whether the event was due. An answer comes before what the same event asks.
        """
        if event.kind is not _ACTION or event.lifecycle is not _COMPLETE:
            return Followed(unanswered)
        answered = self.answered_by(unanswered, event) if event.action in self.answers else None
        if answered is not None:
            unanswered = tuple(one for one in unanswered if one is not answered)
        asking = self.asks.get(event.action)
        if asking is None:
            return Followed(unanswered, None, answered)
        asked = self.put_by(event, asking, step)
        if asked is None or len(unanswered) >= MOST_OPEN:
            return Followed(unanswered, None, answered)
        return Followed((*unanswered, asked), asked, answered)

    def put_by(self, event: Event, asking: Asking, step: str) -> Question | None:
        """Return the question that an event asks; None if it does not say whom."""
        whom = asking.to if asking.to != ANY else said(event, ASKED_WHOM)
        if not whom:
            return None
        what, who = said(event, QUESTION), event.actor
        return Question(
            event.seq, event.occurred_at, event.action, asking.answered_by, who, event.roles, whom, what, step
        )

    def answered_by(self, unanswered: Open, event: Event) -> Question | None:
        """Return the open question that an event answers; None if it answers none.

        The oldest that was put to the actor by name, else to a role they hold, else to whom they answer on behalf of.
        If the record does not say who answers, or which roles anybody holds, it is the oldest that may be meant.
        """
        fitting = [one for one in unanswered if one.answered_by == event.action]
        for one in fitting:
            if event.actor is not None and one.whom == event.actor:
                return one
        for one in fitting:
            if one.whom in event.roles or (not self._sees_roles and event.actor and one.whom in self._roles):
                return one
        for one in fitting:
            if one.whom == (event.on_behalf_of or "").strip():
                return one
        return fitting[0] if fitting and event.actor is None else None


def said(event: Event, field: str) -> str:
    """Return what an event itself says in a field of words; "" if it says nothing there."""
    value = event.data.get(field)
    return value.strip() if isinstance(value, str) else ""
