"""What events say for the flow: one label for each, however many events say the same."""

from __future__ import annotations

from procflow.automaton.machine import TIMER
from procflow.automaton.projection import ENTERS
from procflow.automaton.vectors import Label
from procflow.model.event import Event, Kind, Lifecycle
from procflow.model.hand_off import ACTS
from procflow.model.procedure import Procedure

# A member of an Enum is looked up anew, in Python, wherever it is named.
_ACTION, _STATUS, _TIMER = Kind.ACTION, Kind.STATUS, Kind.TIMER
_START = Lifecycle.START


class Labels:
    """The labels of one procedure's events."""

    def __init__(self, procedure: Procedure, *, statuses: bool) -> None:
        self._statuses = statuses
        self._known = {name: Label(name) for name in procedure.actions}
        self._whose = {name: found for name in ACTS if len(found := _whose(procedure, name)) > 1}

    def of(self, event: Event) -> Label | None:
        """Return what an event says; None if it says nothing for the flow."""
        kind = event.kind
        if kind is _ACTION:
            if event.lifecycle is _START:
                return Label(event.action, start=True)
            if event.action in self._whose:
                mine = (step for step, role in self._whose[event.action] if role in event.roles)
                return Label(event.action, whose=frozenset(mine))
            return self._known.get(event.action) or Label(event.action)
        if kind is _TIMER and event.moves_by_time and not self._statuses:
            return Label(TIMER + event.action)
        return Label(ENTERS + event.action) if kind is _STATUS else None


def _whose(procedure: Procedure, act: str) -> tuple[tuple[str, str], ...]:
    """Return the steps in which work can be accepted, or given back, each with the role that works there."""
    steps = (step for step in procedure.steps.values() if act in step.actions)
    return tuple((step.id, step.by.role) for step in steps if step.by is not None and step.by.role is not None)
