"""Clients: whom the house works for, and the tier of service each has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from procflow.calendars.zones import zone_of
from procflow.errors import SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Some days on end."""

    first: date | None = None
    """None: it has no beginning."""
    last: date | None = None
    """Included; None: it has no end."""

    def holds(self, day: date) -> bool:
        """Return True on its days."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def meets(self, other: Period) -> bool:
        """Return True if the two have a day in common."""
        return (self.first is None or other.last is None or self.first <= other.last) and (
            other.first is None or self.last is None or other.first <= self.last
        )

    def __str__(self) -> str:
        """Return it as people say it: `from 2026-01-01 to 2026-12-31`."""
        parts = (
            "" if self.first is None else f"from {self.first}",
            "" if self.last is None else f"to {self.last}",
        )
        return " ".join(filter(None, parts)) or "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedTier:
    """A tier that a client has for some time."""

    tier: str
    period: Period
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One entry of `clients.yaml`."""

    id: str
    name: str = ""
    internal: bool = False
    """It is a part of our own house."""
    parent: str | None = None
    """The client it belongs to, whose tier, language and zone it has where it says nothing itself."""
    language: str | None = None
    zone: str | None = None
    """An IANA name."""
    tiers: tuple[DatedTier, ...] = ()
    """In the order of the file; no two hold on one day."""
    where: SourceSpan | None = None

    def tier_on(self, day: date) -> str | None:
        """Return the tier it has itself on a day; None if it says nothing of that day."""
        return next((one.tier for one in self.tiers if one.period.holds(day)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clients:
    """The content of `clients.yaml`."""

    clients: Mapping[str, Client] = field(default_factory=dict)
    """No client is its own parent, however far up."""

    def line_of(self, id: str) -> Iterator[Client]:
        """Yield a client and those it belongs to, the nearest first; nothing for one that nobody knows."""
        one = self.clients.get(id)
        while one is not None:
            yield one
            one = None if one.parent is None else self.clients.get(one.parent)

    def language_of(self, id: str) -> str | None:
        """Return the language a client reads; None if nobody said."""
        return next((one.language for one in self.line_of(id) if one.language is not None), None)

    def zone_of(self, id: str) -> str | None:
        """Return the time zone of a client; None if nobody said."""
        return next((one.zone for one in self.line_of(id) if one.zone is not None), None)

    def day_of(self, id: str, at: datetime) -> date:
        """Return which day an instant is for a client; without a zone, that of UTC."""
        zone = self.zone_of(id)
        return at.astimezone(UTC if zone is None else zone_of(zone)).date()
