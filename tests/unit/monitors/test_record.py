"""The record: what conditions can and cannot say on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from procflow.judge import Judge
from procflow.loading.procedure import read_procedure
from procflow.model.event import EVERYTHING, Event, Kind, Witness
from procflow.model.report import CaseAudit

PROCEDURE = """
procflow: 1
procedure: refund
version: "1"
title: Refund
roles: { desk: The desk }
data: { asked_at: instant }
start: open
steps:
  open:
    by: desk
    actions: { pay: { to: paid, when: now - asked_at <= days(14) } }
  paid: { end: paid }
"""


def judged(asked_at: str | None, witness: Witness) -> CaseAudit:
    procedure = read_procedure(PROCEDURE, "refund.yaml").procedure
    assert procedure is not None
    judge = Judge(procedure, witness=witness)
    data = {} if asked_at is None else {"asked_at": asked_at}
    pay = Event(
        case="1",
        seq=1,
        kind=Kind.ACTION,
        action="pay",
        occurred_at=datetime(2026, 11, 22, tzinfo=UTC),
        actor="ana",
        roles=frozenset({"desk"}),
        data=dict(data),
    )
    return judge.audit(judge.advance(judge.begin("1"), pay))


def test_now_is_the_time_of_the_event_never_of_the_machine() -> None:
    assert judged("2026-11-20T00:00:00Z", EVERYTHING).clean
    assert [one.code for one in judged("2026-10-20T00:00:00Z", EVERYTHING).deviations] == ["DV104"]


def test_a_log_that_does_not_witness_time_cannot_be_held_to_now() -> None:
    late = judged("2026-10-20T00:00:00Z", replace(EVERYTHING, time=False))
    assert late.clean
    assert list(late.not_examined) == ["condition: now - asked_at <= days(14)"]


def test_a_missing_value_leaves_a_condition_undecided_and_an_unseen_one_unexamined() -> None:
    assert [one.code for one in judged(None, EVERYTHING).deviations] == ["DV305"]
    unseen = judged(None, replace(EVERYTHING, data=frozenset()))
    assert unseen.clean
    assert list(unseen.not_examined) == ["condition: now - asked_at <= days(14)"]
