"""Done early: recorded, permitted, and not asked for when its turn comes; four-eyes remember who it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from procflow.judge import Judge
from procflow.model.deviation import Disposition
from procflow.model.event import Act, Event, Kind, Override
from procflow.model.report import CaseAudit
from tests.unit.monitors.stories import procedure_of

VISIT = procedure_of("""
roles: { agent: Works, lead: Decides }
overrides: { by: lead, reason: required }
start: plan
steps:
  plan: { by: agent, actions: { ask: draw-up } }
  draw-up: { by: agent, evidence: [sketch], actions: { draft: approval } }
  approval: { by: lead, four-eyes: draw-up, actions: { approve: over } }
  over: { end: done }
""")
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)


def event(seq: int, who: str, action: str, **more: object) -> Event:
    made = Event(
        case="1",
        seq=seq,
        kind=Kind.ACTION,
        action=action,
        occurred_at=AT + timedelta(hours=seq),
        actor=who,
        roles=frozenset({"agent", "lead"}),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def early(seq: int, who: str, action: str, to: str) -> Event:
    override = Override(act=Act.DO_EARLY, to=to)
    return event(
        seq, who, action, kind=Kind.OVERRIDE, override=override, reason="the client asked", evidence={"sketch": "no. 7"}
    )


def audited(*events: Event) -> CaseAudit:
    judge = Judge(VISIT)
    state = judge.begin("1")
    for one in events:
        state = judge.advance(state, one)
    return judge.audit(state)


def test_what_was_done_early_is_not_skipped() -> None:
    found = audited(early(1, "lea", "draft", "plan+{draft}"), event(2, "ana", "ask"))
    assert (found.configuration, found.flow_cost, found.complete_cost) == ("approval", 0, 1)
    assert [(one.code, one.disposition) for one in found.deviations] == [("DV701", Disposition.PERMITTED)]
    assert found.clean


def test_what_is_still_to_come_counts_once() -> None:
    assert audited(early(1, "lea", "draft", "plan+{draft}")).complete_cost == 2


def test_who_did_it_early_left_the_step() -> None:
    first = (early(1, "lea", "draft", "plan+{draft}"), event(2, "ana", "ask"))
    assert [one.code for one in audited(*first, event(3, "ana", "approve")).deviations] == ["DV701"]
    told = audited(*first, event(3, "lea", "approve")).deviations
    assert [(one.code, one.seq) for one in told] == [("DV701", 1), ("DV202", 3)]


def test_done_again_it_is_too_much() -> None:
    found = audited(early(1, "lea", "draft", "plan+{draft}"), event(2, "ana", "ask"), event(3, "ana", "draft"))
    assert [(one.code, one.seq) for one in found.deviations] == [("DV701", 1), ("DV102", 3)]
