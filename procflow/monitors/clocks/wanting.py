"""What fulfils a clock."""

from __future__ import annotations

from procflow.model.clock import Clock
from procflow.model.hand_off import ACCEPT
from procflow.model.procedure import Procedure
from procflow.model.rule import Happening, HappeningKind


def wanted_of(clock: Clock, procedure: Procedure) -> tuple[Happening, ...]:
    """Return what fulfils a clock: any of these."""
    if clock.accepts is not None:
        return (Happening(kind=HappeningKind.ACTION, name=ACCEPT, step=clock.accepts),)
    if clock.question is not None:
        asking = procedure.anytime[clock.question].ask
        return () if asking is None else (Happening(kind=HappeningKind.ACTION, name=asking.answered_by),)
    return tuple(Happening(kind=HappeningKind.ACTION, name=name) for name in clock.by_action) or clock.stops
