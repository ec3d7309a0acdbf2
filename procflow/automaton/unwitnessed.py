"""A procedure as a log sees it that does not say who took up which work: nothing is on offer, nobody answers for a case."""

from __future__ import annotations

from dataclasses import replace

from procflow.model.hand_off import REFUSE
from procflow.model.procedure import Procedure, Region, Step


def without_hand_offs(procedure: Procedure) -> Procedure:
    """Return a procedure by which work is somebody's as soon as it comes.

    Who accepts work, or takes a case, does so without moving it; work cannot be given back.
    """
    return replace(procedure, top=_region(procedure.top), accountable=None)


def _region(region: Region) -> Region:
    return replace(region, steps={name: _step(step) for name, step in region.steps.items()})


def _step(step: Step) -> Step:
    parallel = step.parallel
    if parallel is not None:
        branches = tuple(replace(one, region=_region(one.region)) for one in parallel.branches)
        return replace(step, parallel=replace(parallel, branches=branches))
    if step.hand_offs is None:
        return step
    actions = {name: action for name, action in step.actions.items() if name != REFUSE}
    return replace(step, hand_offs=None, actions=actions)
