"""What people monitors remember of work that was started does not grow with the case."""

from __future__ import annotations

from datetime import UTC, datetime

from procflow.judge import CaseState, Judge
from procflow.loading.procedure import read_procedure
from procflow.model.event import Event, Kind, Lifecycle
from procflow.monitors.people import MOST_STARTED

PROCEDURE = """\
procflow: 1
procedure: errand
version: "1"
roles: { agent: Does it }
start: open
steps:
  open: { by: agent, actions: { note: same, finish: closed } }
  closed: { end: done }
"""


def judge() -> Judge:
    procedure = read_procedure(PROCEDURE, "errand.yaml").procedure
    assert procedure is not None
    return Judge(procedure)


def after(judging: Judge, state: CaseState, actor: str, lifecycle: Lifecycle, *roles: str) -> CaseState:
    event = Event(
        case="c",
        seq=state.seq + 1,
        kind=Kind.ACTION,
        action="note",
        lifecycle=lifecycle,
        occurred_at=datetime(2026, 11, 21, tzinfo=UTC),
        actor=actor,
        roles=frozenset(roles),
    )
    return judging.advance(state, event)


def told(judging: Judge, state: CaseState) -> list[tuple[int | None, str]]:
    return [(one.seq, one.code) for one in judging.audit(state).deviations]


def test_of_a_start_in_order_nothing_is_remembered() -> None:
    judging = judge()
    state = judging.begin("c")
    for number in range(3):
        state = after(judging, state, f"p{number}", Lifecycle.START, "agent")
    assert state.node.memory.started == {}


def test_what_was_said_of_a_start_is_not_said_again_of_the_completion() -> None:
    judging = judge()
    state = after(judging, judging.begin("c"), "eve", Lifecycle.START)
    state = after(judging, state, "eve", Lifecycle.COMPLETE)
    assert told(judging, state) == [(1, "DV201")]
    assert told(judging, after(judging, state, "eve", Lifecycle.COMPLETE)) == [(1, "DV201"), (3, "DV201")]


def test_a_start_in_order_makes_good_an_earlier_one() -> None:
    judging = judge()
    state = after(judging, judging.begin("c"), "eve", Lifecycle.START)
    state = after(judging, state, "eve", Lifecycle.START, "agent")
    assert told(judging, after(judging, state, "eve", Lifecycle.COMPLETE)) == [(1, "DV201"), (3, "DV201")]


def test_only_the_latest_starts_are_remembered() -> None:
    judging = judge()
    state = judging.begin("c")
    for number in range(MOST_STARTED + 1):
        state = after(judging, state, f"p{number}", Lifecycle.START)
    assert len(state.node.memory.started) == MOST_STARTED
    last = MOST_STARTED + 2
    assert (last, "DV201") in told(judging, after(judging, state, "p0", Lifecycle.COMPLETE))
    assert (last, "DV201") not in told(judging, after(judging, state, "p1", Lifecycle.COMPLETE))
