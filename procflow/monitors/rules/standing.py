"""From what a monitor remembers to how its rule stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from procflow.model.rule import RuleStanding, RuleStatus, Tally
from procflow.monitors.rules.monitor import Monitor
from procflow.monitors.rules.settling import BROKEN, KEPT, RELEASED, UNSEEN, Settled, settled_in

_MOST_TALLIES = 1_000


class Ending(NamedTuple):
    """How the case ended."""

    at: datetime | None
    place: int
    """Which position ended it, as its `Turn` counts them."""
    logs: tuple[Settled | None, ...]
    """Of each monitor: what had been settled, the end included."""


class Reckoning(NamedTuple):
    """How a rule stands, before it is asked by whom and when."""

    status: RuleStatus
    kept: int
    broken: int
    pending: int
    unseen: int
    released: int
    settled: tuple[Settled, ...]
    """What was kept and broken: by whom, when, and at which position."""


def reckoned(monitors: Sequence[tuple[int, Monitor[Any]]], states: Sequence[Any], ending: Ending | None) -> Reckoning:
    """Return how a rule stands by what its monitors remember."""
    settled: list[Settled] = []
    pending = demanded = 0
    good = True
    for place, monitor in monitors:
        state = states[place]
        if ending is not None and (monitor.demands or (monitor.mixed and state.log is None)):
            settled += settled_in(ending.logs[place])
            continue
        settled += settled_in(state.log)
        left = monitor.open(state)
        if ending is not None:
            settled.append(Settled(None, KEPT, left.forbidding, "", ending.at, ending.place))
            settled.append(Settled(None, UNSEEN, left.unsure, "", None))
            continue
        pending += left.demanded + left.forbidding + left.unsure
        demanded += left.demanded
        good = good and monitor.for_good(state)
    counts = [0, 0, 0, 0]
    for one in settled:
        counts[one.how] += one.many
    return Reckoning(
        _status(counts, sum(counts) + pending, demanded, good=good, ended=ending is not None),
        counts[KEPT],
        counts[BROKEN],
        pending,
        counts[UNSEEN],
        counts[RELEASED],
        tuple(one for one in settled if one.many and one.how in (KEPT, BROKEN)),
    )


def standing(rule: str, told: Reckoning, people: Sequence[str], periods: Sequence[str]) -> RuleStanding:
    """Return how a rule stands; of everything that was settled there is said who did it, and in which month."""
    settled = told.settled
    by_person: dict[str, Tally] = {}
    by_period: dict[str, Tally] = {}
    if len(settled) == 1:
        only = settled[0]
        tally = _tally(only.many, 0) if only.how == KEPT else _tally(0, only.many)
        by_person, by_period = {people[0]: tally}, {periods[0]: tally}
    elif settled:
        by_person, by_period = _tallies(settled, people), _tallies(settled, periods)
    status, kept, broken, pending, unseen, released, _ = told
    return RuleStanding(
        rule=rule,
        status=status,
        activations=kept + broken + pending + unseen + released,
        kept=kept,
        broken=broken,
        pending=pending,
        unseen=unseen,
        released=released,
        by_person=by_person,
        by_period=by_period,
    )


def period_of(at: datetime | None) -> str:
    """Return the month of a moment; "" if nobody knows it."""
    return "" if at is None else f"{at.year:04}-{at.month:02}"


def not_examined(rule: str) -> RuleStanding:
    """Return how a rule stands that the events cannot tell of."""
    return standing(rule, Reckoning(RuleStatus.NOT_EXAMINED, 0, 0, 0, 0, 0, ()), (), ())


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


def _tallies(settled: Sequence[Settled], names: Sequence[str]) -> dict[str, Tally]:
    sums: dict[str, list[int]] = {}
    for one, name in zip(settled, names, strict=True):
        counts = sums.get(name)
        if counts is None:
            counts = sums[name] = [0, 0]
        counts[one.how] += one.many
    return {name: _tally(*sums[name]) for name in (sums if len(sums) < 2 else sorted(sums))}


@lru_cache(maxsize=_MOST_TALLIES)
def _tally(kept: int, broken: int) -> Tally:
    return Tally(kept=kept, broken=broken)
