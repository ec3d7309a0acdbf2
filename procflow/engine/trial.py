"""`Trial`: what would be said if something happened in a case now, by its judge and by the rules across cases."""

from __future__ import annotations

from procflow.engine.look import Look
from procflow.engine.memory import Held
from procflow.judge import CaseState
from procflow.model.deviation import Deviation
from procflow.model.event import Event
from procflow.stores.base import CaseRow

_CONTROLS = frozenset({"DV202", "DV208"})


class Trial:
    """Of one case as it stands: whatever is tried is thrown away."""

    def __init__(self, row: CaseRow, held: Held, look: Look) -> None:
        self.judge = held.judge
        self.state: CaseState = held.state
        self._row = row
        self._look = look

    def of(self, event: Event) -> tuple[Deviation, ...]:
        """Return the deviations there would be more; not those of earlier events that would only be told otherwise."""
        after = self.judge.advance(self.state, event)
        new, gone = self.judge.news(self.state, after)
        # What refuses a step is on record of observed cases alone: in any other all that is new stands against it.
        told = {one.seq for one in gone if one.unexcused and one.refuses}
        own = (one for one in new if one.seq is None or one.seq >= event.seq or one.seq not in told)
        return (*own, *self._look.tried(self._row, self.judge, self.state, after).new)

    def bars(self, one: Deviation) -> bool:
        """Return True if a control or rule keeps this very person from it, and would not keep everybody."""
        return one.unexcused and one.refuses and self.personal(one)

    def personal(self, one: Deviation) -> bool:
        """Return True if a control or rule says it of this very person, and would not say it of everybody."""
        return one.code in _CONTROLS or self.judge.in_force.bars(one) or self._look.bars(one)
