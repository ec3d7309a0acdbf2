"""Work that is on offer to several at once is accepted where whoever accepts it works."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from procflow.judge import Judge
from procflow.loading.procedure import read_procedure
from procflow.model.event import Event, Kind, Trace
from procflow.model.report import CaseAudit

TEXT = """
procflow: 1
procedure: both
version: "1"
title: Both
roles: { agent: A, tech: T, legal: L }
hand-offs: { refuse: { reason: required } }
start: intake
steps:
  intake: { by: agent, actions: { pass-on: both } }
  both:
    parallel:
      technical:
        start: look
        steps: { look: { by: tech, actions: { send: repair } }, repair: { by: legal, actions: { repaired: done } } }
      law:
        start: read
        steps: { read: { by: legal, actions: { ask: check } }, check: { by: tech, actions: { checked: done } } }
    then: sum-up
  sum-up: { by: agent, actions: { close: closed } }
  closed: { end: answered }
"""
TEN = datetime(2026, 1, 5, 10, tzinfo=UTC)
ROLES = {"ana": "agent", "tom": "tech", "lex": "legal"}


def audited(*doings: str, text: str = TEXT) -> CaseAudit:
    """Return what is said of a case: `ana pass-on`, one a minute."""
    procedure = read_procedure(text, "both.yaml").procedure
    assert procedure is not None
    judge = Judge(procedure)
    events = [Event(case="c", seq=1, kind=Kind.OPENED, occurred_at=TEN, actor="ana", roles=frozenset({"agent"}))]
    for seq, doing in enumerate(doings, 2):
        actor, action = doing.split()
        when = TEN + timedelta(minutes=seq)
        event = Event(
            case="c",
            seq=seq,
            kind=Kind.ACTION,
            action=action,
            occurred_at=when,
            actor=actor,
            roles=frozenset({ROLES[actor]}),
            reason="Not ours",
        )
        events.append(event)
    return judge.audit(judge.run(Trace(case="c", events=tuple(events), closed=False)))


ACCEPT, REFUSE = "accept-hand-off", "refuse-hand-off"


@pytest.mark.parametrize("first", [("tom", "lex"), ("lex", "tom")])
def test_each_accepts_the_own_work(first: tuple[str, str]) -> None:
    one, other = first
    audit = audited("ana pass-on", f"{one} {ACCEPT}", f"{other} {ACCEPT}", "tom send", "lex ask")
    assert audit.deviations == ()


def test_each_gives_the_own_work_back() -> None:
    audit = audited("ana pass-on", "tom send", "lex ask", f"tom {REFUSE}", "lex repaired", "lex ask", "tom checked")
    assert audit.deviations == ()


def test_work_is_given_back_only_until_it_is_accepted() -> None:
    audit = audited("ana pass-on", "tom send", f"lex {ACCEPT}", f"lex {ACCEPT}", f"lex {REFUSE}")
    assert [one.code for one in audit.deviations] == ["DV102"]


def test_whoever_works_elsewhere_accepts_nothing() -> None:
    audit = audited("ana pass-on", f"ana {ACCEPT}")
    assert [(one.code, one.actor) for one in audit.deviations] == [("DV201", "ana")]


CHECKED = """
procflow: 1
procedure: checked
version: "1"
title: Checked
roles: { agent: A, tech: T, legal: L }
data: { barred: person }
hand-offs: { accept-within: 1 day }
start: intake
steps:
  intake: { by: agent, collect: [barred], actions: { pass-on: check } }
  check: { by: tech, four-eyes: intake, not-by: barred, actions: { checked: closed } }
  closed: { end: answered }
"""


def test_whoever_may_not_act_may_not_accept() -> None:
    procedure = read_procedure(CHECKED, "checked.yaml").procedure
    assert procedure is not None
    judge = Judge(procedure)
    both = frozenset({"agent", "tech"})
    for who, codes in (("ana", ["DV202"]), ("tom", ["DV208"]), ("eva", [])):
        events = tuple(
            Event(
                case="c",
                seq=seq,
                kind=kind,
                action=action,
                occurred_at=TEN,
                actor=actor,
                roles=both,
                data={"barred": "tom"} if seq == 1 else {},
            )
            for seq, (kind, action, actor) in enumerate(
                [(Kind.OPENED, "", "ana"), (Kind.ACTION, "pass-on", "ana"), (Kind.ACTION, ACCEPT, who)], 1
            )
        )
        audit = judge.audit(judge.run(Trace(case="c", events=events, closed=False)))
        assert [one.code for one in audit.deviations] == codes
