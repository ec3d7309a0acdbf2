"""Who is who: the `Actor` who asks, and the `Directory` that knows people, teams and roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from procflow.errors import ProcflowError, SourceSpan
from procflow.model.agreements import Agreements, tier_of
from procflow.model.clients import Clients


class Actor:
    """Somebody who acts, with the roles and teams they hold now. Immutable and hashable."""

    __slots__ = ("id", "roles", "teams")

    id: str
    roles: frozenset[str]
    teams: frozenset[str]

    def __init__(self, id: str, *, roles: Iterable[str] = (), teams: Iterable[str] = ()) -> None:
        for name, held in (("roles", roles), ("teams", teams)):
            if isinstance(held, str):
                raise ProcflowError(
                    f"{name} of {id!r} is the text {held!r}", hint=f"give a set of {name}: {{{held!r}}}"
                )
        object.__setattr__(self, "id", id)
        object.__setattr__(self, "roles", frozenset(roles))
        object.__setattr__(self, "teams", frozenset(teams))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an Actor does not change; make another one to set {name}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Actor):
            return NotImplemented
        return (self.id, self.roles, self.teams) == (other.id, other.roles, other.teams)

    def __hash__(self) -> int:
        return hash((self.id, self.roles, self.teams))

    def __repr__(self) -> str:
        return f"Actor({self.id!r}, roles={sorted(self.roles)}, teams={sorted(self.teams)})"


class Directory(Protocol):
    """Whoever can say who is who: `people.yaml` of the workspace, or the host application."""

    def knows(self, person: str) -> bool:
        """Return True if there is such a person."""

    def roles_of(self, person: str) -> frozenset[str]:
        """Return the roles the person holds now; none for an unknown person."""

    def teams_of(self, person: str) -> frozenset[str]:
        """Return the teams the person belongs to now; none for an unknown person."""

    def holders_of(self, role: str) -> tuple[str, ...]:
        """Return who holds the role now, sorted by id."""


@runtime_checkable
class KnowsTiers(Protocol):
    """A `Directory` that knows clients as well. One that has no `tier_of` knows no tiers, and is as good as before."""

    def tier_of(self, client: str, procedure: str, at: datetime) -> str | None:
        """Return the tier of service a client has in cases of a procedure at an instant; None if nobody said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One entry of `people.yaml`."""

    id: str
    name: str = ""
    roles: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    where: SourceSpan | None = None
    roles_where: Mapping[str, SourceSpan] = field(default_factory=dict)
    """Role -> where it is given to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team; its roles are held by every member."""

    id: str
    title: str = ""
    roles: frozenset[str] = frozenset()
    where: SourceSpan | None = None
    roles_where: Mapping[str, SourceSpan] = field(default_factory=dict)
    """Role -> where it is given to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The content of `people.yaml`, and a `Directory`."""

    people: Mapping[str, Person] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)

    def knows(self, person: str) -> bool:
        """Return True if `people.yaml` lists the person."""
        return person in self.people

    def roles_of(self, person: str) -> frozenset[str]:
        """Return the person's own roles and those of their teams."""
        one = self.people.get(person)
        if one is None:
            return frozenset()
        return one.roles.union(*(self.teams[team].roles for team in one.teams if team in self.teams))

    def teams_of(self, person: str) -> frozenset[str]:
        """Return the teams the person belongs to."""
        one = self.people.get(person)
        return one.teams if one is not None else frozenset()

    def holders_of(self, role: str) -> tuple[str, ...]:
        """Return who holds the role, sorted by id."""
        return tuple(sorted(person for person in self.people if role in self.roles_of(person)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """All that the files of a workspace say of people, clients and agreements; a `Directory`."""

    people: People = field(default_factory=People)
    clients: Clients = field(default_factory=Clients)
    agreements: Agreements = field(default_factory=Agreements)

    def knows(self, person: str) -> bool:
        """Return True if `people.yaml` lists the person."""
        return self.people.knows(person)

    def roles_of(self, person: str) -> frozenset[str]:
        """Return the person's own roles and those of their teams."""
        return self.people.roles_of(person)

    def teams_of(self, person: str) -> frozenset[str]:
        """Return the teams the person belongs to."""
        return self.people.teams_of(person)

    def holders_of(self, role: str) -> tuple[str, ...]:
        """Return who holds the role, sorted by id."""
        return self.people.holders_of(role)

    def tier_of(self, client: str, procedure: str, at: datetime) -> str | None:
        """Return what was agreed with the client, else the tier it has on that day of its own time zone."""
        return tier_of(self.clients, self.agreements, client, procedure, at)


NOBODY = People()
"""The directory of an engine without a workspace: it knows no one, so actors must be given with their roles."""
