"""Which clocks a record can witness at all."""

from __future__ import annotations

from procflow.model.clock import Clock
from procflow.model.event import Witness
from procflow.model.hand_off import ASKED_WHOM
from procflow.model.procedure import ANY, Procedure
from procflow.model.rule import Happening, HappeningKind
from procflow.monitors.clocks.aiming import Aims
from procflow.monitors.clocks.asking import awaits

_STEPS = (HappeningKind.ENTERS, HappeningKind.LEAVES)
_CASE = (HappeningKind.OPENS, HappeningKind.ENDS)


def examined(clock: Clock, aims: Aims, procedure: Procedure, witness: Witness, *, statuses: bool) -> bool:
    """Return True if the record can tell how a clock goes; `statuses`: it is a status history."""
    if not witness.time:
        return False
    if not _sees_questions(clock, procedure, witness):
        return False
    fields = [*aims.reads - {"due"}, *clock.known, *([clock.since] if clock.since is not None else [])]
    if not all(map(witness.sees, fields)):
        return False
    return not statuses or _of_statuses(clock, procedure)


def _of_statuses(clock: Clock, procedure: Procedure) -> bool:
    """Return True if it depends on top-level steps, the opening and the end alone."""
    if clock.when is not None and clock.when.counts:
        return False
    if (
        clock.each_hand_off
        or clock.by_action
        or awaits(clock)
        or (clock.step is not None and clock.step not in procedure.top.steps)
    ):
        return False
    happenings = (*clock.starts, *clock.stops, *clock.cancels, *clock.counts)
    return all(_seen(one, procedure) for one in happenings)


def _sees_questions(clock: Clock, procedure: Procedure, witness: Witness) -> bool:
    """Return True unless it times answers and the record cannot say who was asked."""
    asking = procedure.anytime[clock.question].ask if clock.question is not None else None
    return asking is None or asking.to != ANY or witness.sees(ASKED_WHOM)


def _seen(one: Happening, procedure: Procedure) -> bool:
    return one.kind in _CASE or (one.kind in _STEPS and one.name in procedure.top.steps)
