"""What events say for the flow: one label for each, however many events say the same."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.automaton.machine import TIMER
from procflow.automaton.projection import ENTERS
from procflow.automaton.vectors import Label
from procflow.model.clock import LateDoing
from procflow.model.event import Event, Kind, Lifecycle
from procflow.model.hand_off import ACTS
from procflow.model.procedure import ANY, Procedure, Step

# A member of an Enum is looked up anew, in Python, wherever it is named.
_ACTION, _STATUS, _TIMER = Kind.ACTION, Kind.STATUS, Kind.TIMER
_START = Lifecycle.START
_WIDENS = frozenset({LateDoing.OFFER, LateDoing.ESCALATE})
"""What lets the holders of another role act, too."""


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
                return Label(event.action, whose=self._steps_of(event))
            return self._known.get(event.action) or Label(event.action)
        if kind is _TIMER and event.moves_by_time and not self._statuses:
            return Label(TIMER + event.action)
        return Label(ENTERS + event.action) if kind is _STATUS else None

    def _steps_of(self, event: Event) -> frozenset[str] | None:
        """Return the steps of whoever did it; None if the record does not say in what role."""
        if not event.roles and event.on_behalf_of is None:
            return None
        held = event.roles | {ANY, event.on_behalf_of}
        return frozenset(step for step, roles in self._whose[event.action] if not roles.isdisjoint(held))


def _whose(procedure: Procedure, act: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the steps in which work can be accepted, or given back, each with the roles that may do it there, if late."""
    anywhere = {one.to for clock in procedure.clocks for one in clock.late if one.does is LateDoing.ESCALATE}
    return tuple(
        (step.id, frozenset(anywhere.union(_roles(step)))) for step in procedure.steps.values() if act in step.actions
    )


def _roles(step: Step) -> Iterator[str]:
    # Whom a data field names is not seen here.
    if step.by is not None and step.by.role is not None:
        yield step.by.role
    acceptance = step.hand_offs.acceptance if step.hand_offs is not None else None
    for clock in (step.clock, acceptance):
        yield from (one.to for one in (clock.late if clock is not None else ()) if one.does in _WIDENS)
