"""`CaseState`: a case after some of its events, as the fold of `judge.py` carries it."""

from __future__ import annotations

from typing import NamedTuple

from procflow.automaton.vectors import Cost, Vector
from procflow.explanation import Aside, Link, Node, Start
from procflow.model.configuration import Configuration
from procflow.monitors.dispositions import Granted
from procflow.monitors.record import Record
from procflow.monitors.rules.positions import Silent


class CaseState(NamedTuple):
    """A case after some of its events. Immutable; throw it away at will, the events rebuild it."""

    case: str
    seq: int
    """The last event's; 0 before any."""
    start: Start
    vector: Vector
    cost: Cost
    record: Record
    closed: bool
    unfinished: Configuration | None
    """Where the case stood when it was closed, if that was not an end."""
    events: int
    """How many events say something about the flow."""
    acted: int
    """The last event's that was neither refused nor a mere notice of time; 0 before any."""
    waivers: tuple[Granted, ...]
    """Those that are not void."""
    link: Link | None
    """The last event that happened to the case; None before any but the opening."""
    entry: int
    """Which entry of the vector the canonical path ends in."""
    node: Node
    """Where the canonical path ends."""
    asides: Aside | None
    """The last waiver or refused attempt."""
    ended_by: Silent | None = None
    """Of a case that is taken to be complete although no event closes it: what brought it to its end off the record."""
    gap: bool = False
    """Entries are missing before what came last, and that did nothing to the case: they lie before what comes next."""

    @property
    def configuration(self) -> Configuration:
        """Where the canonical explanation says the case stands."""
        return self.vector.entries[self.entry][0]
