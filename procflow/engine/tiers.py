"""The tier of service a case is opened with: what was agreed with its client, if clocks depend on it and nobody says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from procflow.expressions.types import Raw
from procflow.model.organisation import Directory, KnowsTiers
from procflow.model.procedure import Procedure

TIER = "tier"


def with_tier(
    procedure: Procedure, data: Mapping[str, Raw], client: str | None, at: datetime, directory: Directory
) -> Mapping[str, Raw]:
    """Return the data of an opening, with the client's tier at `at` if a clock asks for it and the directory knows."""
    if client is None or TIER in data or not depends_on_tier(procedure):
        return data
    tier = directory.tier_of(client, procedure.id, at) if isinstance(directory, KnowsTiers) else None
    return data if tier is None else dict(sorted({**data, TIER: tier}.items()))


def depends_on_tier(procedure: Procedure) -> bool:
    """Return True if what some clock promises, or counts on, differs by tier."""
    return any(
        graded is not None and graded.by == TIER
        for one in procedure.all_clocks.values()
        for graded in (one.within, one.every, one.at_most, one.calendar)
    )
