"""Judging an event, against a bare trigger of the flat `transitions` machine that moves the same case.

    python -m benchmarks.judge

The peer does less: it moves a token and knows nothing of people, data, evidence or cost. The ratio says what
judging costs on top.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from transitions import Machine

from benchmarks._timing import seconds, table
from procflow.engine import Engine
from procflow.judge import Judge
from procflow.loading.procedure import load_procedure
from procflow.model.event import Event, Kind
from procflow.model.organisation import Actor
from procflow.resources import shipped

PROCEDURE = shipped("procedures") / "complaint-reduced.yaml"
CASES = 300
WORK: Sequence[tuple[str, dict[str, object], dict[str, object]]] = (
    ("thank", {}, {}),
    ("clarify", {}, {}),
    ("apologise", {}, {}),
    ("ask-how-to-help", {}, {}),
    ("accept", {"ours": True, "gravity": "minor"}, {}),
    ("submit", {"cause": "a broken seal"}, {"test-report": "R-1"}),
    ("propose", {"compensation": "0 EUR"}, {}),
    ("send", {}, {"answer-letter": "L-1"}),
)
Run = Callable[[], None]
ROLES = frozenset({"agent", "expert"})


class _Token:
    def __init__(self) -> None:
        self.state = "0"


def bare() -> Run:
    """Move tokens through a flat machine of the same length, one trigger an event."""
    names = [str(index) for index in range(len(WORK) + 1)]
    machine = Machine(model=None, states=names, initial="0", auto_transitions=False, send_event=True, queued=False)
    for index, (action, _, _) in enumerate(WORK):
        machine.add_transition(action, names[index], names[index + 1], conditions=[lambda _: True])

    def run() -> None:
        for _ in range(CASES):
            token = _Token()
            for action, _, _ in WORK:
                machine.events[action].trigger(token)

    return run


def fold() -> Run:
    """Judge the same cases from events in memory."""
    judge = Judge(load_procedure(PROCEDURE))
    at = datetime(2026, 11, 23, tzinfo=UTC)
    events = [
        Event(
            case="c",
            seq=index + 1,
            kind=Kind.ACTION,
            action=action,
            occurred_at=at,
            actor="ana",
            roles=ROLES,
            data=data,  # type: ignore[arg-type]
            evidence=evidence,  # type: ignore[arg-type]
        )
        for index, (action, data, evidence) in enumerate(WORK)
    ]

    def run() -> None:
        for _ in range(CASES):
            state = judge.begin("c")
            for event in events:
                state = judge.advance(state, event)

    return run


def perform() -> Run:
    """Run the same cases through `Engine.perform` on the memory store: judged, sealed, hashed, stored."""
    engine = Engine.open("memory://")
    engine.publish(PROCEDURE)
    ana = Actor("ana", roles=ROLES)

    def run() -> None:
        for _ in range(CASES // 10):
            case = engine.start("complaint", by=ana).id
            for action, data, evidence in WORK:
                engine.perform(case, action, by=ana, data=data, evidence=evidence)

    return run


def main() -> None:
    """Print both tables."""
    events = CASES * len(WORK)
    taken = dict(seconds({"bare transitions trigger": bare(), "judge.advance (the fold)": fold()}))
    taken["engine.perform (memory store, hashing included)"] = 10 * seconds({"perform": perform()})["perform"]
    table("per event of a clean complaint", taken, per=events, against="bare transitions trigger")


if __name__ == "__main__":
    main()
