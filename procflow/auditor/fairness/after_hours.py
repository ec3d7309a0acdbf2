"""After hours: who works while the calendar of the procedure is closed. Told, never a deviation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from procflow.auditor.fairness.visits import from_outside
from procflow.calendars.calendar import Calendar
from procflow.errors import CalendarError
from procflow.model.event import Event, Kind, Trace
from procflow.model.fairness_report import Acts, AfterHours
from procflow.model.procedure import Procedure
from procflow.passages import Passage


class Clocked:
    """Counts what each person of ours did, and how much of it while a calendar was closed."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._acts: Counter[str] = Counter()
        self._outside: Counter[str] = Counter()
        self.beyond = 0
        """Acts at times of which the calendar says nothing; not counted."""

    def take(self, trace: Trace, passages: Sequence[Passage], procedure: Procedure) -> None:
        """Count the acts of one case."""
        for one in passages:
            event = one.event
            if event is None or event.actor is None or not _is_ours(event, one, trace, procedure):
                continue
            try:
                closed = not self._calendar.is_open(event.occurred_at)
            except CalendarError:
                self.beyond += 1
                continue
            self._acts[event.actor] += 1
            self._outside[event.actor] += closed

    @property
    def told(self) -> AfterHours:
        """What was counted."""
        people = {who: Acts(self._outside[who], count) for who, count in sorted(self._acts.items())}
        return AfterHours(calendar=self._calendar.id, by_person=people)


def _is_ours(event: Event, one: Passage, trace: Trace, procedure: Procedure) -> bool:
    """Return True for what somebody of ours is seen to do. Behind a gap whoever wrote a status need not have done it."""
    if event.refused or event.actor == trace.client or from_outside(one, procedure):
        return False
    if event.kind is not Kind.ACTION and (event.kind is not Kind.STATUS or event.gap):
        return False
    if any(role in procedure.roles and procedure.roles[role].external for role in event.roles):
        return False
    move = one.move
    # Who answers what we wait for is not one of us, unless the action says by whom it is.
    waits = move is not None and move.step is not None and move.step.waiting is not None
    return not (waits and (move is None or move.action is None or move.action.by is None))
