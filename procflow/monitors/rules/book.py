"""The book of rules: judges all rules of a case together, an event at a time.

An event touches the rules that speak of it, those that wait for whatever comes next, and those whose time has run
out; what it costs does not depend on how long the case is. Rules of which the sequence of happenings alone decides are
judged once for all cases that go the same way: see `tree.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from procflow.model.deviation import Deviation
from procflow.model.event import Witness
from procflow.model.procedure import Procedure
from procflow.model.rule import BreachKind, Obligation, Rule, RuleStanding
from procflow.monitors.moment import Judged, Withdrawn
from procflow.monitors.rules.panel import Panel, Watched
from procflow.monitors.rules.position import Position
from procflow.monitors.rules.tree import Passed, Tree, by_sequence


class Standings(NamedTuple):
    """How every rule of a book stands in one case. Immutable."""

    alike: Passed | None
    """Of what the sequence of happenings decides; None if there are no such rules."""
    own: Watched | None
    """Of the other rules; None if there are none."""


class RuleBook:
    """Judges the rules of one procedure (or of its policies) as far as `witness` can see. Shared by threads."""

    def __init__(self, procedure: Procedure | None, rules: Sequence[Rule], witness: Witness, *, statuses: bool) -> None:
        """Judge `rules` in cases of `procedure`; `statuses` if the events are a status history.

        Without a procedure nobody is known to act for an external role, and every action may be done by anybody.
        """
        alike = [place for place, rule in enumerate(rules) if by_sequence(rule)]
        own = [place for place, rule in enumerate(rules) if not by_sequence(rule)]
        self._tree = (
            Tree(Panel(procedure, [rules[one] for one in alike], witness, statuses=statuses)) if alike else None
        )
        self._panel = Panel(procedure, [rules[one] for one in own], witness, statuses=statuses) if own else None
        self._order = {rule.id: place for place, rule in enumerate(rules)}
        self._told = sorted(range(len(rules)), key=(alike + own).__getitem__)
        """Rule -> where it stands among those of the tree and then those of the panel."""

    def __bool__(self) -> bool:
        """Return False if there is nothing to judge: then nobody needs to make positions."""
        return bool(self._order)

    def begin(self, opening: Position, *, cut: bool = False) -> tuple[Standings, tuple[Judged, ...]]:
        """Return how the rules stand once a case has opened, and what is said of that; `cut`: it opened before the log."""
        alike, said = (None, ()) if self._tree is None else self._tree.begin(opening, cut=cut)
        own, more = (None, ()) if self._panel is None else self._panel.begin(opening, cut=cut)
        return Standings(alike, own), self._both(said, more)

    def advance(self, standings: Standings, position: Position) -> tuple[Standings, tuple[Judged, ...]]:
        """Return how the rules stand after one more position, and what is said at it."""
        alike, own = standings
        said: tuple[Judged, ...] = ()
        more: tuple[Judged, ...] = ()
        if self._tree is not None and alike is not None:
            if own is not None and own.opening is not None and position.at is not None:
                opening, cut = own.opening
                alike = self._tree.again(alike, opening._replace(at=position.at), cut=cut)
            alike, said = self._tree.advance(alike, position)
        if self._panel is not None and own is not None:
            own, more = self._panel.advance(own, position)
        if alike is standings.alike and own is standings.own:
            return standings, said
        return Standings(alike, own), self._both(said, more) if said and more else said or more

    def due(self, standings: Standings, case: str) -> tuple[Obligation, ...]:
        """Return what is still demanded, the soonest first, what is due only before the end last.

        `case` is the one that is told of; "" if there are several: then each says in which it was set off.
        """
        alike, own = standings
        any_time = () if self._tree is None or alike is None else self._tree.due(alike, case)
        timed = () if self._panel is None or own is None else self._panel.due(own, case)
        if not any_time or not timed:
            return any_time or timed
        return tuple(sorted((*timed, *any_time), key=self._soonest))

    def overdue(self, standings: Standings, as_of: datetime, case: str = "") -> tuple[Standings, tuple[Judged, ...]]:
        """Return how the rules stand at a moment at which nothing happens, and what time alone broke until then.

        `case` is the one that is told of; "" if there are several.
        """
        if self._panel is None or standings.own is None:
            return standings, ()
        own, said = self._panel.overdue(standings.own, as_of, case)
        return standings if own is standings.own else standings._replace(own=own), said

    def told(self, standings: Standings) -> tuple[RuleStanding, ...]:
        """Return how each rule stands, in the order of the file."""
        alike, own = standings
        told = [] if self._tree is None or alike is None else self._tree.told(alike)
        if self._panel is None or own is None:
            return tuple(told)
        told += self._panel.told(own)
        return tuple([told[place] for place in self._told])

    def _both(self, said: tuple[Judged, ...], more: tuple[Judged, ...]) -> tuple[Judged, ...]:
        """Return what is said by both in one order: what is taken back, what was late, the others by their rules."""
        return tuple(sorted((*said, *more), key=self._place)) if said and more else said or more

    def _place(self, one: Judged) -> tuple[int, int]:
        of = one.deviation if isinstance(one, Withdrawn) else one
        if not isinstance(of, Deviation):
            return 2, len(self._order)
        late = of.breach is not None and of.breach.kind is BreachKind.LATE
        return 0 if of is not one else 1 if late else 2, self._order.get(of.values.get("rule", ""), 0)

    def _soonest(self, one: Obligation) -> tuple[bool, float, int]:
        return one.due is None, 0.0 if one.due is None else one.due.timestamp(), self._order[one.rule]
