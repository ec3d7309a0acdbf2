"""What an audit says across cases: how rules over all cases of a client, or over all that a person did, stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from procflow.model.deviation import Deviation
from procflow.model.rule import Obligation, Per, RuleStanding


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyUsed:
    """The policies something was judged by."""

    id: str
    version: str
    digest: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyStanding:
    """How one rule stands over what happened with one client, or over what one person did."""

    per: Per
    party: str
    """The client or the person, by id."""
    standing: RuleStanding
    due: tuple[Obligation, ...] = ()
    """What is still demanded, soonest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Across:
    """The judgement of rules across cases, from the events alone. Equal events give an equal value."""

    parties: tuple[PartyStanding, ...]
    """In the order of the rules, then of the parties; none of a rule that was never asked about."""
    deviations: tuple[Deviation, ...]
    """By case and event, then in the order of the rules; `case` is that of the event blamed."""
    due: tuple[Obligation, ...] = ()
    """What is still demanded, soonest first, then by rule, case and event."""
    not_examined: Mapping[str, int] = field(default_factory=dict)
    """What could not be judged, by concern: whose event it was is not on record, or what it was."""

    @property
    def clean(self) -> bool:
        """True if nothing deviates but what is permitted, excused or was prevented."""
        return not any(one.unexcused for one in self.deviations)
