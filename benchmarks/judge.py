"""Judging an event, against a bare trigger of the flat `transitions` machine that moves the same case.

    python -m benchmarks.judge

The peer does less: it moves a token and knows nothing of people, data, evidence or cost. The ratio says what
judging costs on top. Then what could grow: a block with 14,641 configurations, a procedure of 2,000 steps, and how
long a case has been going on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from transitions import Machine

from benchmarks._timing import seconds, table
from procflow.calendars.length import Length, Unit
from procflow.engine import Engine
from procflow.errors import SourceSpan
from procflow.judge import Judge
from procflow.loading.procedure import load_procedure, read_procedure
from procflow.model.event import Event, Kind
from procflow.model.organisation import Actor
from procflow.model.procedure import Procedure
from procflow.model.report import CaseAudit
from procflow.model.rule import Form, Happening, HappeningKind, Rule
from procflow.resources import shipped

PROCEDURE = shipped("procedures") / "complaint.yaml"
CASES = 300
ROUNDS = 7
WORK: Sequence[tuple[str, dict[str, object], dict[str, object]]] = (
    ("thank", {}, {}),
    ("clarify", {}, {}),
    ("apologise", {}, {}),
    ("ask-how-to-help", {}, {}),
    ("accept", {"ours": True, "gravity": "minor"}, {}),
    ("submit", {"cause": "a broken seal", "justified": False}, {"test-report": "R-1"}),
    ("propose", {"compensation": "0 EUR"}, {}),
    ("send", {}, {"answer-letter": "L-1"}),
    ("client-accepts", {}, {}),
)
Run = Callable[[], None]
_NOWHERE = SourceSpan(file="", line=1, column=1, end_line=1, end_column=1)


def _act(name: str) -> Happening:
    return Happening(kind=HappeningKind.ACTION, name=name)


ROLES = frozenset({"agent", "expert", "client"})


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


RULES: Sequence[Rule] = (
    Rule(id="sorry", form=Form.MUST_HAPPEN, targets=(_act("apologise"),), where=_NOWHERE),
    Rule(
        id="in-time",
        form=Form.AFTER,
        triggers=(_act("submit"),),
        targets=(_act("send"),),
        within=Length(count=5, unit=Unit.DAY),
        where=_NOWHERE,
    ),
    Rule(id="first", form=Form.BEFORE, triggers=(_act("send"),), targets=(_act("propose"),), where=_NOWHERE),
    Rule(id="never", form=Form.NEVER, targets=(_act("withdraw"),), where=_NOWHERE),
    Rule(id="same", form=Form.SAME_PERSON, targets=(_act("accept"), _act("propose")), where=_NOWHERE),
)
"""Five that the work keeps: one for the case, one with a deadline, one that looks back, one that forbids, one of people."""


def fold(rules: Sequence[Rule] = ()) -> Run:
    """Judge the same cases from events in memory, with these rules and no others."""
    judge = Judge(replace(load_procedure(PROCEDURE), rules=tuple(rules)))
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
    """Run the same cases through `Engine.perform` on the memory store: judged, sealed, hashed, stored.

    They were opened before: `start` is another command.
    """
    engine = Engine.open("memory://")
    engine.publish(PROCEDURE)
    ana = Actor("ana", roles=ROLES)
    waiting = [engine.start("complaint", by=ana).id for _ in range((ROUNDS + 1) * CASES // 10)]

    def run() -> None:
        for _ in range(CASES // 10):
            case = waiting.pop()
            for action, data, evidence in WORK:
                engine.perform(case, action, by=ana, data=data, evidence=evidence)

    return run


def wide(*, again: bool) -> Procedure:
    """Return a procedure with a block of 4 branches x 2 steps x 4-item checklists: 14,641 configurations.

    After it a way leads back into the block if `again`, else on along twenty more steps.
    """
    branches = {}
    for branch in "abcd":
        steps = {
            f"{branch}{step}": {
                "by": "any",
                "checklist": [f"{branch}{step}{item}" for item in "pqrs"],
                "actions": {f"{branch}{step}-done": f"{branch}2" if step == 1 else "done"},
            }
            for step in (1, 2)
        }
        branches[branch] = {"start": f"{branch}1", "steps": steps}
    block = {"parallel": branches, "then": "after1"}
    if again:
        return _procedure({"block": block, "after1": _step("more", "block", "over", "finish")})
    after = {f"after{n}": _step(f"then{n}", f"after{n + 1}" if n < 20 else "finish") for n in range(1, 21)}
    return _procedure({"block": block, **after})


def long(steps: int) -> Procedure:
    """Return a procedure of so many steps one after the other."""
    line = {f"s{number}": _step(f"a{number}", f"s{number + 1}") for number in range(1, steps)}
    return _procedure({**line, f"s{steps}": _step(f"a{steps}", "finish")})


def _step(*pairs: str) -> dict[str, Any]:
    return {"by": "any", "actions": dict(zip(pairs[::2], pairs[1::2], strict=True))}


def _procedure(steps: dict[str, Any]) -> Procedure:
    written = {
        "procflow": 1,
        "procedure": "wide",
        "version": "1",
        "start": next(iter(steps)),
        "steps": {**steps, "finish": {"end": "ended"}},
        "anytime": {"note": {"to": "same", "by": "any"}},
    }
    loaded = read_procedure(json.dumps(written), "benchmark.yaml")
    assert loaded.procedure is not None, loaded.findings
    return loaded.procedure


def _interleaved() -> list[str]:
    """Return the way through the block, its branches in turn, then out of it and in again: 60 events."""
    of_branch = [[f"{b}{s}{i}" if i != "-" else f"{b}{s}-done" for s in (1, 2) for i in "pqrs-"] for b in "abcd"]
    round_ = [one for together in zip(*of_branch, strict=True) for one in together]
    return [*round_, "more", *round_][:60]


def _astray(actions: list[str]) -> list[str]:
    """Return the same with five deviations: two left out, one too early, one twice, one that nobody knows."""
    found = [one for one in actions if one not in ("b1q", "c2r")]
    found.insert(4, found.pop(30))
    return [*found[:20], found[20], *found[20:45], "dance", *found[45:]]


def _cold(procedure: Procedure, actions: list[str]) -> tuple[float, CaseAudit]:
    """Return the seconds of judging one case with nothing remembered, and what is said of it."""
    at = datetime(2026, 11, 23, tzinfo=UTC)
    events = tuple(
        Event(case="c", seq=number, kind=Kind.ACTION, action=action, occurred_at=at, actor="ana")
        for number, action in enumerate(actions, 1)
    )
    judge = Judge(procedure)
    began = time.process_time()
    state = judge.begin("c")
    for event in events:
        state = judge.advance(state, event)
    audit = judge.audit(state)
    return time.process_time() - began, audit


def growing() -> None:
    """Print what large procedures and long cases cost: cold, each event judged and explained as it arrives."""
    many = long(2_000)
    back, onward, clean = wide(again=True), wide(again=False), _interleaved()
    passed = [*clean[:40], *(f"then{n}" for n in range(1, 21))]
    notes = {f"a case of {number:,} events, 10 places": ["note"] * (number - 10) for number in (10, 100, 1_000)}
    ten = long(10)
    told = {
        "block of 14,641 configurations, clean, 60 events": (onward, passed),
        "the same with five deviations": (onward, _astray(passed)),
        "with a way back into the block, clean": (back, clean),
        "the same with five deviations ": (back, _astray(clean)),
        "2,000 steps, clean": (many, [f"a{number}" for number in range(1, 2_001)]),
        **{name: (ten, [*extra, *(f"a{n}" for n in range(1, 11))]) for name, extra in notes.items()},
    }
    print("whole cases, cold (best of 3)")
    for name, (procedure, actions) in told.items():
        took, audit = min((_cold(procedure, actions) for _ in range(3)), key=itemgetter(0))
        proven = "proven" if audit.proven else "not proven"
        said = f"cost {audit.flow_cost}, {proven}, {len(audit.deviations)} deviations"
        print(f"  {name:<50} {took * 1e3:9.1f} ms  {took / len(actions) * 1e6:8.1f} us an event  {said}")


def main() -> None:
    """Print the tables."""
    events = CASES * len(WORK)
    runs = {
        "bare transitions trigger": bare(),
        "judge.advance (the fold)": fold(),
        "the same with 5 rules": fold(RULES),
    }
    taken = dict(seconds(runs))
    taken["engine.perform (memory store, hashing included)"] = 10 * seconds({"perform": perform()}, ROUNDS)["perform"]
    table("per event of a clean complaint", taken, per=events, against="bare transitions trigger")
    growing()


if __name__ == "__main__":
    main()
