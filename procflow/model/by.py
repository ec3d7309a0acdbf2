"""Who may act."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who may act: the holders of a role, or whoever a data field names (a person, or the members of a team)."""

    role: str | None = None
    """A role id or `any`; None if `field` is given."""
    field: str | None = None
    """A data field of type person or team; None if `role` is given."""

    def __str__(self) -> str:
        return self.role if self.role is not None else f"whoever {self.field} names"
