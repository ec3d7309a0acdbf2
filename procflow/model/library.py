"""A library: the procedures of a house and the files beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from procflow.model.agreements import Agreements
from procflow.model.clients import Clients
from procflow.model.organisation import People
from procflow.model.procedure import Procedure
from procflow.model.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What was read; of files that are not there, nothing."""

    procedures: Mapping[str, Procedure] = field(default_factory=dict)
    """By id, in the order of the files; of several versions of one the latest to come into force."""
    services: Services = field(default_factory=Services)
    agreements: Agreements = field(default_factory=Agreements)
    clients: Clients = field(default_factory=Clients)
    people: People = field(default_factory=People)

    @property
    def departments(self) -> tuple[str, ...]:
        """The departments that roles of the house work in."""
        roles = (role for one in self.procedures.values() for role in one.roles.values())
        return tuple(dict.fromkeys(role.department for role in roles if role.department))
