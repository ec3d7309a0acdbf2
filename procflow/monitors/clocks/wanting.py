"""What fulfils a clock."""

from __future__ import annotations

from procflow.model.clock import Clock
from procflow.model.rule import Happening, HappeningKind


def wanted_of(clock: Clock) -> tuple[Happening, ...]:
    """Return what fulfils a clock: any of these."""
    return tuple(Happening(kind=HappeningKind.ACTION, name=name) for name in clock.by_action) or clock.stops
