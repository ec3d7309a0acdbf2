# ruff: noqa: ARG002
"""The book of rules: judges all rules of a case together, an event at a time.

An event touches the rules that speak of it, those that wait for whatever comes next, and those whose time has run
out; what it costs does not depend on how long the case is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from procflow.model.event import Witness
from procflow.model.procedure import Procedure
from procflow.model.rule import Obligation, Rule, RuleStanding
from procflow.monitors.moment import Judged
from procflow.monitors.rules.position import Position


class Standings(NamedTuple):
    """How every rule of a book stands in one case. Immutable."""


class RuleBook:
    """Judges the rules of one procedure (or of its policies) as far as `witness` can see. Shared by threads."""

    def __init__(self, procedure: Procedure | None, rules: Sequence[Rule], witness: Witness, *, statuses: bool) -> None:
        """Judge `rules` in cases of `procedure`; `statuses` if the events are a status history."""
        self._rules = tuple(rules)

    def __bool__(self) -> bool:
        """Return False if there is nothing to judge: then nobody needs to make positions."""
        return bool(self._rules)

    def begin(self, opening: Position, *, cut: bool = False) -> tuple[Standings, tuple[Judged, ...]]:
        """Return how the rules stand once a case has opened, and what is said of that; `cut`: it opened before the log."""
        return Standings(), ()

    def advance(self, standings: Standings, position: Position) -> tuple[Standings, tuple[Judged, ...]]:
        """Return how the rules stand after one more position, and what is said at it."""
        return standings, ()

    def due(self, standings: Standings, case: str) -> tuple[Obligation, ...]:
        """Return what is still demanded, the soonest first, what is due only before the end last."""
        return ()

    def overdue(self, standings: Standings, as_of: datetime) -> tuple[Standings, tuple[Judged, ...]]:
        """Return how the rules stand at a moment at which nothing happens, and what time alone broke until then."""
        return standings, ()

    def told(self, standings: Standings) -> tuple[RuleStanding, ...]:
        """Return how each rule stands, in the order of the file."""
        return ()
