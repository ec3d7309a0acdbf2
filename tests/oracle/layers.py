"""What the explanations of a trace are made of: an event at a time, with all that it could mean and what that costs."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.oracle.conditions import Record
from tests.oracle.flow import Move, Standing
from tests.oracle.plain import PlainEvent

Cost = tuple[int, int]
"""(flow, attached)."""
Costs = dict[Standing, Cost]


@dataclass(frozen=True)
class Arc:
    """A step of an explanation."""

    start: Standing
    end: Standing
    cost: Cost
    move: Move | None
    """None: the event is left out, or says nothing of the flow."""


@dataclass(frozen=True)
class Layer:
    """One event, and all that it could mean for the flow: that it is in step, or left out, or says nothing of it."""

    seq: int
    event: PlainEvent
    before: Record
    within: Record
    opened: Costs
    """Where the case may stand before it."""
    closed: Costs
    """The same, with what may have been skipped."""
    skips: tuple[Arc, ...]
    takes: tuple[Arc, ...]


@dataclass(frozen=True)
class Optimum:
    """What the cheapest explanations of a trace cost."""

    prefixes: tuple[Cost, ...]
    """After no event but the opening, and then after each event (`opened` not counted)."""
    complete: int | None
    """The flow cost of explaining all of it as a case that comes to an end; None if no end can be reached."""


@dataclass
class Stretch:
    """Events between two overrides that put the case elsewhere."""

    start: Costs
    layers: list[Layer] = field(default_factory=list)
    end: Costs = field(default_factory=dict)
