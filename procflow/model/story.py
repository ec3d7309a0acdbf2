"""The story of one case: its events with all that is said of them, and the people in it, for whoever tells it to people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from procflow.model.clock import Held, PartyKind
from procflow.model.event import Event, Trace
from procflow.model.procedure import Procedure
from procflow.model.report import CaseAudit
from procflow.model.waiting import Tenure, Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """Somebody who has a part in a case: who acted, was waited for or could have ended a wait."""

    id: str
    """The id of a person; of a role if nobody is known who acted in it."""
    name: str
    """What people call them; the id if nobody said."""
    role: str
    """The role of the procedure they acted in most; "" if that is not known."""
    named: bool = True
    """False if it is a role in which nobody acted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStory:
    """One case after its last event."""

    procedure: Procedure
    trace: Trace
    audit: CaseAudit
    waits: tuple[Wait, ...]
    """In the order of their beginnings."""
    tenures: tuple[Tenure, ...]
    spans: tuple[Held, ...]
    """Who had the ball when, without gaps."""
    players: Mapping[str, Player]
    """By id: the client first, then as they enter the story."""
    holders: Mapping[str, tuple[str, ...]]
    """Role -> who is known to hold it, whether they have a part or not."""
    names: Mapping[str, str]
    """What people are called, as far as somebody said."""
    openings: tuple[tuple[datetime, datetime], ...]
    """When somebody works, by the procedure's calendar, while the case lasts; () if nobody says, or it is always."""
    zone: str
    """The time zone in which it is told."""
    until: datetime
    """Up to when: the last event of a case that is over, else the moment that is spoken of."""

    @property
    def since(self) -> datetime:
        """When it began."""
        first = self.trace.opened_at or self.until
        starts = [one.occurred_at for one in self.trace.events[:1]]
        return min([*starts, first]) if starts else first

    @property
    def over(self) -> bool:
        """True if it was closed, or has come to an end."""
        return self.audit.closed or self.audit.outcome is not None

    @property
    def events(self) -> tuple[Event, ...]:
        """What people did, and what happened; what was refused is left out."""
        return tuple(one for one in self.trace.events if not one.refused)

    @property
    def clients(self) -> tuple[str, ...]:
        """Those for whom it is done, among the players: the client of the case first."""
        roles = self.procedure.roles
        found = [one.id for one in self.players.values() if one.role in roles and roles[one.role].external]
        found = [id for id in found if not roles[self.players[id].role].supplier]
        return tuple(sorted(found, key=lambda id: id != self.trace.client))

    @property
    def client_waited(self) -> tuple[tuple[datetime, datetime], ...]:
        """The stretches in which everybody but the client could have moved it on, or nobody, and it was not done."""
        found: list[tuple[datetime, datetime]] = []
        for party, start, end in self.spans:
            if party.kind in (PartyKind.CLIENT, PartyKind.RESOLVED) or end <= start:
                continue
            if found and found[-1][1] == start:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        return tuple(found)

    def event(self, seq: int | None) -> Event | None:
        """Return an event by its place; None if there is none."""
        return next((one for one in self.trace.events if one.seq == seq), None)

    def length(self, wait: Wait) -> timedelta:
        """Return how long a wait took, or has taken."""
        return max((wait.until or self.until) - wait.since, timedelta(0))

    def players_of(self, name: str) -> tuple[str, ...]:
        """Return whom the id of a person or a role means: the players who have it, in the order they enter."""
        if name in self.players:
            return (name,)
        return tuple(one.id for one in self.players.values() if one.role == name)
