"""The cast of a walk: who plays which role. Two people a role, named after it, unless `people.yaml` says who is who."""

from __future__ import annotations

from collections.abc import Iterable

from procflow.model.organisation import Actor, People
from procflow.model.procedure import ANY, Procedure, Step

SECOND = "-2"
"""Ends the name of the second person of a role: four-eyes need one."""


class Cast:
    """Everybody who can act in a walk; a `Directory` that learns."""

    def __init__(self, procedure: Procedure, people: People | None = None) -> None:
        """Take the people of `people`; a role that nobody holds there is played by two people named after it."""
        self._roles: dict[str, frozenset[str]] = {}
        self._teams: dict[str, frozenset[str]] = {}
        if people is not None:
            for person in people.people:
                self._roles[person] = people.roles_of(person)
                self._teams[person] = people.teams_of(person)
        for role in procedure.roles:
            if not self.holders_of(role):
                self._roles.setdefault(role, frozenset({role}))
                self._roles.setdefault(role + SECOND, frozenset({role}))

    def knows(self, person: str) -> bool:
        """Return True for whoever has a part."""
        return person in self._roles

    def roles_of(self, person: str) -> frozenset[str]:
        """Return the roles the person plays."""
        return self._roles.get(person, frozenset())

    def teams_of(self, person: str) -> frozenset[str]:
        """Return the teams the person belongs to."""
        return self._teams.get(person, frozenset())

    def holders_of(self, role: str) -> tuple[str, ...]:
        """Return who plays the role, in the order they came."""
        return tuple(person for person, roles in self._roles.items() if role in roles)

    def everybody(self) -> tuple[str, ...]:
        """Return all names."""
        return tuple(self._roles)

    def actor(self, person: str) -> Actor:
        """Return the person with their roles and teams."""
        return Actor(person, roles=self.roles_of(person), teams=self.teams_of(person))

    def holder(self, role: str) -> Actor:
        """Return the first who plays the role; somebody named after it if nobody does."""
        holders = self.holders_of(role)
        return self.actor(holders[0]) if holders else Actor(role, roles={role})

    def join(self, person: str, roles: Iterable[str]) -> Actor:
        """Give somebody a part, besides any they have."""
        self._roles[person] = self.roles_of(person).union(roles)
        return self.actor(person)

    def somebody(self, step: Step, procedure: Procedure) -> Actor:
        """Return whose turn it is in a step, as far as that can be known before the case says more."""
        role = step.whose_turn.role if step.whose_turn is not None else None
        if role is None or role == ANY:
            role = next(iter(procedure.roles), "somebody")
        return self.holder(role)
