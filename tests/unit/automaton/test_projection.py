"""A status history sees steps only; that somebody might have acted at any time is never assumed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from procflow.automaton.projection import project
from procflow.judge import Judge
from procflow.loading.procedure import read_procedure
from procflow.model.event import Event, Kind, Trace, Witness
from procflow.model.procedure import Procedure
from procflow.model.report import CaseAudit

REPAIR = """\
procflow: 1
procedure: repair
version: "1"
roles: { agent: Repairs }
start: intake
steps:
  intake: { by: agent, actions: { turn-down: closed, accept: work } }
  work: { by: agent, actions: { finish: closed } }
  urgent: { by: agent, actions: { calm-down: crisis } }
  crisis: { by: agent, actions: { end-crisis: closed } }
  closed: { end: done }
  withdrawn: { end: cancelled }
anytime:
  escalate: { to: urgent, by: agent }
  withdraw: { to: withdrawn, by: agent, while: [intake, work] }
  drop: { to: closed, by: agent, while: [work] }
"""


@pytest.fixture(scope="module")
def repair() -> Procedure:
    procedure = read_procedure(REPAIR, "repair.yaml").procedure
    assert procedure is not None
    return procedure


def audited(procedure: Procedure, *statuses: str, closed: bool = True) -> CaseAudit:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    events = tuple(
        Event(case="c", seq=number, kind=Kind.STATUS, action=status, occurred_at=at)
        for number, status in enumerate(statuses, start=1)
    )
    judge = Judge(procedure, witness=Witness(actor=False, role=False), statuses=True)
    return judge.audit(judge.run(Trace(case="c", events=events, closed=closed)), closed=closed)


def told(audit: CaseAudit) -> list[tuple[int | None, str]]:
    return [(one.seq, one.slug) for one in audit.deviations]


def test_a_way_that_was_seen_is_in_order(repair: Procedure) -> None:
    assert told(audited(repair, "intake", "urgent", "crisis", "closed")) == []
    assert told(audited(repair, "intake", "work", "withdrawn")) == []


def test_nobody_assumes_that_an_anytime_action_was_forgotten(repair: Procedure) -> None:
    # By way of `urgent` it would be one step skipped; but no step leads there.
    assert told(audited(repair, "intake", "crisis", "closed")) == [(2, "unexpected-action")]


def test_the_shortest_way_to_an_end_is_no_anytime_action_either(repair: Procedure) -> None:
    in_crisis = audited(repair, "intake", "urgent")
    assert (told(in_crisis), in_crisis.complete_cost) == ([(None, "never-finished")], 2)
    assert audited(repair, "intake", "work", closed=False).complete_cost == 1


def test_a_step_that_both_kinds_of_action_lead_to_may_have_been_skipped(repair: Procedure) -> None:
    assert project(repair).never_skipped == {
        *((step, "enters urgent") for step in ("intake", "work", "crisis")),
        *((step, "enters withdrawn") for step in ("intake", "work")),
    }
