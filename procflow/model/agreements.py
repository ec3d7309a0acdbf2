"""Agreements: the tiers of service a house offers, and who has which one, for what and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from procflow.errors import SourceSpan
from procflow.model.clients import Clients, Period
from procflow.model.clock import Promised
from procflow.model.text import Text

DIGEST_SIGNED = 12
"""How many hex digits of a digest stand beside a signature, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One tier of service."""

    id: str
    title: Text
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """That somebody signed."""

    person: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAgreement:
    """What was agreed with a client, a team or a supplier."""

    id: str
    to: Promised
    """To whom it promises something, or of a team or a supplier: who promises it to us."""
    party: str
    """The client's id; of a team or a supplier the role or team."""
    procedures: tuple[str, ...] = ()
    """() for all."""
    tier: str | None = None
    """Of one with a client."""
    period: Period
    us: Signature | None = None
    them: Signature | None = None
    signed: str | None = None
    """The beginning of the digest of what they signed; None if nobody wrote it down."""
    digest: str = ""
    """SHA-256 in hex over what it says now, remarks and signatures left out."""
    where: SourceSpan
    places: Mapping[str, SourceSpan] = field(default_factory=dict, compare=False)
    """Key -> where its value stands."""

    def is_about(self, procedure: str) -> bool:
        """Return True if it holds for cases of the procedure."""
        return not self.procedures or procedure in self.procedures


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreements:
    """The content of `agreements.yaml`."""

    tiers: Mapping[str, Tier] = field(default_factory=dict)
    """From the worst to the best."""
    agreements: tuple[ServiceAgreement, ...] = ()
    """In the order of the file."""

    def in_force(self, client: str, procedure: str, day: date) -> ServiceAgreement | None:
        """Return what was agreed with a client about a procedure; None if nothing holds on that day.

        An agreement that names the procedure goes before one about all of them.
        """
        found = [
            one
            for one in self.agreements
            if one.to is Promised.CLIENT and one.party == client and one.is_about(procedure) and one.period.holds(day)
        ]
        return min(found, key=lambda one: not one.procedures, default=None)


def tier_of(clients: Clients, agreements: Agreements, client: str, procedure: str, at: datetime) -> str | None:
    """Return the tier of service a client has in cases of a procedure; None if nobody said.

    Of the client itself first what was agreed, then the tier it has; then the same of the client it belongs to. The
    day is that of the client's own time zone.
    """
    day = clients.day_of(client, at)
    for id in [one.id for one in clients.line_of(client)] or [client]:
        agreed = agreements.in_force(id, procedure, day)
        if agreed is not None and agreed.tier is not None:
            return agreed.tier
        known = clients.clients.get(id)
        tier = None if known is None else known.tier_on(day)
        if tier is not None:
            return tier
    return None
