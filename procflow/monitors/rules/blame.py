"""An event that may turn out to be one too many: remembered, and blamed later."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from procflow.model.event import Source
from procflow.model.rule import Happening
from procflow.monitors.rules.position import Position
from procflow.monitors.rules.turn import Turn


class Blame(NamedTuple):
    """What a finding says of an event."""

    seq: int | None
    at: datetime | None
    actor: str | None
    step: str | None
    action: str | None
    source: Source | None
    what: Happening
    number: int
    """How many that made, or which one it was."""

    def turn(self, now: Turn) -> Turn:
        """Return a turn at which to speak of the event: what is said there is said in `now`."""
        position = now.position._replace(
            seq=self.seq, at=self.at, actor=self.actor, step=self.step, action=self.action, source=self.source
        )
        turn = Turn(position, self.at, 0, now.holed)
        turn.said = now.said
        return turn


def blame_of(position: Position, what: Happening, number: int) -> Blame:
    """Return what to remember of an event."""
    return Blame(
        position.seq, position.at, position.actor, position.step, position.action, position.source, what, number
    )
