"""From what a monitor remembers to how its rule stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from procflow.model.rule import Rule, RuleStanding, RuleStatus, Tally
from procflow.monitors.rules.monitor import Monitor
from procflow.monitors.rules.settling import BROKEN, KEPT, RELEASED, UNSEEN, Settled, Totals


class Ending(NamedTuple):
    """How the case ended."""

    at: datetime | None
    logs: tuple[Settled | None, ...]
    """Of each monitor: what had been settled, the end included."""


def standing(
    rule: Rule, monitors: Sequence[tuple[int, Monitor[Any]]], states: Sequence[Any], ending: Ending | None
) -> RuleStanding:
    """Return how a rule stands by what its monitors remember."""
    totals = Totals()
    pending = demanded = forbidding = 0
    good = True
    for place, monitor in monitors:
        state = states[place]
        if ending is not None and (monitor.demands or (monitor.mixed and state.log is None)):
            totals.add_all(ending.logs[place])
            continue
        totals.add_all(state.log)
        left = monitor.open(state)
        if ending is not None:
            totals.add(KEPT, left.forbidding, "", ending.at)
            totals.add(UNSEEN, left.unsure, "", None)
            continue
        pending += left.demanded + left.forbidding + left.unsure
        demanded += left.demanded
        forbidding += left.forbidding
        good = good and monitor.for_good(state)
    kept, broken, unseen, released = (totals.counts[how] for how in (KEPT, BROKEN, UNSEEN, RELEASED))
    activations = kept + broken + unseen + released + pending
    return RuleStanding(
        rule=rule.id,
        status=_status(totals.counts, activations, demanded, good=good, ended=ending is not None),
        activations=activations,
        kept=kept,
        broken=broken,
        pending=pending,
        unseen=unseen,
        released=released,
        by_person=_tallies(totals.by_person),
        by_period=_tallies(totals.by_period),
        kept_so_far=forbidding,
    )


def not_examined(rule: Rule) -> RuleStanding:
    """Return how a rule stands that the events cannot tell of."""
    return RuleStanding(
        rule=rule.id,
        status=RuleStatus.NOT_EXAMINED,
        activations=0,
        kept=0,
        broken=0,
        pending=0,
        unseen=0,
        released=0,
    )


def _status(counts: Sequence[int], activations: int, demanded: int, *, good: bool, ended: bool) -> RuleStatus:
    if counts[BROKEN]:
        return RuleStatus.VIOLATED
    if not activations:
        return RuleStatus.NEVER_ACTIVATED
    if demanded:
        return RuleStatus.VIOLATED_SO_FAR
    if counts[RELEASED]:
        return RuleStatus.RELEASED
    if counts[UNSEEN] == activations:
        return RuleStatus.NOT_EXAMINED
    return RuleStatus.SATISFIED if ended or good else RuleStatus.SATISFIED_SO_FAR


def _tallies(of: dict[str, list[int]]) -> dict[str, Tally]:
    return {name: Tally(kept=kept, broken=broken) for name, (kept, broken) in sorted(of.items())}
