"""Load: who has how many open cases, and who has far more than the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from procflow.model.event import Kind
from procflow.model.fairness import Workload
from procflow.model.fairness_report import Load
from procflow.model.sample import median
from procflow.passages import Passage


def holder(passages: Sequence[Passage], asked: Workload) -> str | None:
    """Return who has an open case: whom the field names, else who did something in it last; None if nobody is on record."""
    if asked.whose is not None:
        named = passages[-1].facts.values.get(asked.whose) if passages else None
        return None if named is None else str(named)
    for one in reversed(passages):
        event = one.event
        if event is not None and event.kind is Kind.ACTION and event.actor is not None and _in_a_step(one):
            return event.actor
    return None


def _in_a_step(one: Passage) -> bool:
    return one.move is not None and one.move.step is not None and one.move.step.waiting is None


def load(holders: Counter[str], asked: Workload) -> Load:
    """Return how the open cases are spread over people, by id."""
    return Load(
        people=len(holders),
        cases=sum(holders.values()),
        median=median(holders.values()),
        by_person=dict(sorted(holders.items())),
        told=len(holders) >= asked.at_least,
    )


def overloaded(spread: Load, asked: Workload) -> list[str]:
    """Return who has more than so many times the median."""
    if not spread.told:
        return []
    return [person for person, count in spread.by_person.items() if count > asked.times * spread.median]
