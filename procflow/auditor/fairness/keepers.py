"""Keepers: how many people know how a step is done."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from procflow.auditor.fairness.visits import Visit
from procflow.model.fairness import OnePerson
from procflow.model.fairness_report import Keepers
from procflow.model.organisation import Directory
from procflow.model.procedure import Step
from procflow.model.sample import RANKED_FROM

_PERCENT = 100


def keepers(
    steps: Mapping[str, Step], visits: Iterable[Visit], asked: OnePerson, as_of: datetime, people: Directory | None
) -> list[Keepers]:
    """Return who does each step, in the order of the procedure."""
    window = asked.window.elapsed if asked.window is not None else None
    since = None if window is None else as_of - window
    done: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in visits:
        if one.finisher is not None and one.left is not None and (since is None or one.left >= since):
            done[one.step][one.finisher] += 1
    return [_keepers(step, done[step.id], asked, people) for step in steps.values()]


def _keepers(step: Step, done: Counter[str], asked: OnePerson, people: Directory | None) -> Keepers:
    total = sum(done.values())
    enough = None
    if total >= asked.at_least:
        covered = enough = 0
        for count in sorted(done.values(), reverse=True):
            if covered * _PERCENT >= asked.share * total:
                break
            covered += count
            enough += 1
    by_rank = total >= RANKED_FROM
    idle = None
    role = step.by.role if step.by is not None else None
    if people is not None and role is not None:
        idle = tuple(one for one in people.holders_of(role) if one not in done)
    return Keepers(
        step=step.id,
        completions=total,
        enough=enough,
        by_person=dict(sorted(done.items(), key=lambda one: (-one[1] if by_rank else 0, one[0]))),
        idle=idle,
    )
