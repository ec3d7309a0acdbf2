"""A `Turn`: one position while the rules it concerns look at it, with what they say of it."""

from __future__ import annotations

from datetime import datetime

from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.rule import Rule
from procflow.model.words import joined
from procflow.monitors.moment import Judged, NotExamined
from procflow.monitors.rules.names import Name
from procflow.monitors.rules.position import Position


class Turn:
    """One position, and what is said at it."""

    __slots__ = ("_told", "at", "holed", "mask", "position", "said")

    def __init__(self, position: Position, at: datetime | None, mask: int, holed: bool) -> None:
        self.position = position
        self.at = at
        self.mask = mask
        """What the position is, of what `next`, `first` and `last` count: see `hearing.py`."""
        self.holed = holed
        """Entries are missing somewhere before."""
        self.said: list[Judged] = []
        self._told: set[tuple[str, str]] | None = None

    def name(self, number: int = 0) -> Name:
        """Return the position as the name of an activation."""
        return Name(number, self.position.case, self.position.seq)

    def unseen(self, rule: Rule) -> None:
        """Say that the log cannot tell how something went."""
        self.unexamined(rule, f"rule: {rule.id}")

    def unexamined(self, rule: Rule, concern: str) -> None:
        """Say that the log cannot tell something a rule asks for."""
        if self._first(rule, concern):
            self.said.append(NotExamined(concern))

    def _first(self, rule: Rule, concern: str) -> bool:
        """Return True if this is the first time that something is said of a rule; it is said once a position."""
        if self._told is None:
            self._told = set()
        if (rule.id, concern) in self._told:
            return False
        self._told.add((rule.id, concern))
        return True

    def undecided(self, rule: Rule, missing: tuple[str, ...]) -> None:
        """Say that it cannot be told whether the rule is set off, as something is not known that could be."""
        if not self._first(rule, "DV305"):
            return
        position = self.position
        names = joined([f"“{name}”" for name in missing]) or "a value"
        message = f"whether the rule “{rule.id}” asks for anything here cannot be said: {names} is not known"
        where = rule.where
        if rule.when is not None and not set(missing) <= {*rule.same, *rule.different}:
            message = f"whether {rule.when} cannot be said: {names} is not known, and the rule “{rule.id}” asks"
            where = rule.when_where or rule.where
        values = {"rule": rule.id} | dict.fromkeys(missing, "unknown")
        self.said.append(
            Deviation(
                code="DV305",
                severity=REGISTRY["DV305"].severity,
                message=message,
                where=where,
                case=position.case,
                seq=position.seq,
                step=position.step,
                action=position.action,
                actor=position.actor,
                values=values,
                remedy=f"give {names} before or with it",
                source=position.source,
                refuses=rule.refuse and not position.by_time,
            )
        )
