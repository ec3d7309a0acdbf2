"""Owning: who answers for a case. The last holder of the role who took it, or did work that is theirs."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from procflow.expressions.values import show_value
from procflow.model.configuration import Configuration
from procflow.model.event import Event, Kind, Witness
from procflow.model.hand_off import REFUSE, TAKE_CASE, Accountable
from procflow.model.procedure import Procedure
from procflow.monitors.moment import who_may
from procflow.monitors.waiting.turn import Turn

CONCERN = "people: who answers for the case"


class Owner(NamedTuple):
    """Who answers for a case."""

    person: str | None
    """None: nobody, or somebody who is not on record."""
    since: datetime | None
    """None of a case of which nobody knows when it began."""
    seq: int | None
    """The event by which they took it; None before the first."""
    unseen: bool = False
    """Somebody may have taken it: where entries are missing, or as the log does not say who did what in which role."""
    told: bool = False
    """It is told that nobody answers for it, or that nobody can tell."""
    left: bool = False
    """The case has left its first step."""


class Owning:
    """Follows who answers for cases of one procedure."""

    def __init__(self, procedure: Procedure, accountable: Accountable, witness: Witness) -> None:
        self._procedure = procedure
        self._accountable = accountable
        self._role = accountable.role
        self._sees = witness.actor and witness.role

    def begin(self, opened: Event | None, since: datetime | None, *, cut: bool) -> Owner:
        """Return who answers for a case that opens: who opened it, if they hold the role."""
        if opened is None or not self._holds(opened):
            return Owner(None, since, None, unseen=cut or not self._sees)
        return Owner(opened.actor, since, opened.seq)

    def advance(self, owner: Owner, turn: Turn) -> Owner:
        """Return who answers for the case after an event; say if nobody does, and the case goes on all the same."""
        event = turn.event
        if owner.since is None or (event.gap and owner.person is None):
            owner = owner._replace(since=owner.since or event.occurred_at, unseen=owner.unseen or event.gap)
        takes = self._holds(event) and ((turn.done and event.action == TAKE_CASE) or self._works(turn))
        if takes and owner.person != event.actor:
            owner = Owner(event.actor, event.occurred_at, event.seq, left=owner.left)
        if not turn.goes_on:
            return owner
        if owner.person is None and not owner.told and not turn.over and not turn.set_aside:
            goes = self._passes(turn) if owner.left else _leaves(turn)
            owner = self._told(owner, turn) if goes else owner
        return owner._replace(left=True) if not owner.left and _leaves(turn) else owner

    def _told(self, owner: Owner, turn: Turn) -> Owner:
        event = turn.event
        if not self._sees or owner.unseen:
            turn.unseen(CONCERN if self._sees else "people: roles")
            return owner._replace(told=True)
        by_time = turn.by_time
        values = {"role": self._role}
        if owner.since is not None:
            values["since"] = show_value(owner.since)
        if event.actor is not None and not by_time:
            values["let go by"] = event.actor
        who = "time led it on" if by_time else f"{event.actor or 'somebody'} let it go on"
        turn.tell(
            "DV601",
            f"nobody answers for the case: no holder of {self._role} had taken it when {who} from “{turn.before.step}”",
            where=self._accountable.where,
            step=turn.before.step,
            actor=None if by_time else event.actor,
            values=values,
            remedy=f"let a holder of {self._role} take the case (“{TAKE_CASE}”) before it goes on",
            who_could=(self._role,),
            refuses=not by_time,
        )
        return owner._replace(told=True)

    def _holds(self, event: Event) -> bool:
        return event.actor is not None and self._role in event.roles

    def _works(self, turn: Turn) -> bool:
        """Return True if the event took work, did some or began with it, that is for the role."""
        move = turn.move
        if move is None or move.step is None or move.name == REFUSE or turn.event.kind is not Kind.ACTION:
            return False
        by = who_may(move.step, move.action)
        begins = not turn.done and (move.action is None or move.action.moves)
        return by is not None and by.role == self._role and (turn.moves or begins)

    def _passes(self, turn: Turn) -> bool:
        """Return True if the case goes to other roles."""
        return self._roles_at(turn.before) != self._roles_at(turn.stands)

    def _roles_at(self, at: Configuration) -> frozenset[str]:
        steps = self._procedure.steps
        turns = (steps[one].whose_turn for one in at.active_steps())
        return frozenset(str(one) for one in turns if one is not None)


def _leaves(turn: Turn) -> bool:
    """Return True if a step of the top level is left."""
    left = turn.move.left if turn.move is not None else ()
    return turn.before.step != turn.stands.step or turn.before.step in left
