"""The laws that hold between the judge and the oracle, each for one example: what differs, or None."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from procflow.judge import CaseState, Judge
from procflow.model.deviation import Deviation
from procflow.model.event import Kind
from tests.oracle.explanations import Explanations, TooManyStories, in_order
from tests.oracle.plain import Finding, Plain, PlainEvent
from tests.property.strategies import to_events

NOWHERE = {"DV102", "DV105", "DV106", "DV107"}
"""Of these the judge says where the case stood; in the explanation they have no step."""


def judged(judge: Judge, trace: Sequence[PlainEvent]) -> list[CaseState]:
    """Return the case when it opens and after each event."""
    events = to_events(trace)
    opened = events.pop(0) if events and events[0].kind is Kind.OPENED else None
    states = [judge.begin("case-1", opened)]
    for event in events:
        states.append(judge.advance(states[-1], event))
    return states


def plain(deviations: Sequence[Deviation]) -> tuple[Finding, ...]:
    """Return deviations as the oracle tells them."""
    return in_order((one.code, one.seq, None if one.code in NOWHERE else one.step, one.action) for one in deviations)


def told(complaint: str, written: Plain, trace: Sequence[PlainEvent]) -> str:
    """Return a failing example so that it can be pasted."""
    return "\n".join([complaint, json.dumps(written), *(json.dumps(event) for event in trace)])


def different_findings(judge: Judge, state: CaseState, explained: Explanations, tally: Counter[str]) -> str | None:
    """The findings of a case are those of one of its best explanations."""
    try:
        stories = explained.stories()
    except TooManyStories:
        tally["too many explanations"] += 1
        return None
    said = plain(judge.audit(state).deviations)
    tally["findings compared"] += len(said)
    tally["explanations"] += len(stories)
    if said in stories:
        return None
    return "\n".join(
        [
            "the judge says",
            *map(str, said),
            "and the best explanations",
            *(str(one) for one in sorted(stories, key=str)[:5]),
        ]
    )
