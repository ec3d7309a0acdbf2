"""A1.6 Thank you: recorded, and shown to whoever is thanked; nothing ever depends on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from procflow.reports.audit_text import audit_lines
from procflow.reports.paper import plain
from tests.acceptance.logs import at, audited, fairness_of

CARE = """procflow: 1
procedure: care
version: "1"
roles: { agent: Answers, client: { title: Asks, external: true } }
start: answer
steps:
  answer: { by: agent, actions: { reply: check } }
  check: { by: agent, actions: { send: closed } }
  closed: { end: answered }
anytime:
  thank-you: { to: same, by: any, thanks: true }
fairness:
  one-person: { share: 80%, at-least: 50 }
"""
COLUMNS = "case,at,action,who,role,thanked"
WORK = [f"a,{at(0)},reply,ana,agent,"]
DONE = f"a,{at(9)},send,ion,agent,"


@pytest.mark.parametrize(("who", "role"), [("acme", "client"), ("ion", "agent")])
def test_a_client_or_a_colleague_thanks_for_a_step(tmp_path: Path, who: str, role: str) -> None:
    thanks = f"a,{at(5)},thank-you,{who},{role},"
    report = audited(tmp_path, CARE, COLUMNS, [*WORK, thanks, DONE])
    fairness = fairness_of(report)
    assert [(one.who, one.whom, one.step, one.seq) for one in fairness.thanks] == [(who, "ana", "answer", 2)]
    assert [(one.person, one.completions, one.thanked) for one in fairness.summaries] == [("ana", 1, 1)]
    text = plain(audit_lines(report))
    assert "ana: finished 1 step, thanked 1 time" in text
    assert f"case a: {who} thanked ana for answer" in text


def test_whom_the_record_names_is_thanked(tmp_path: Path) -> None:
    thanks = f"a,{at(5)},thank-you,acme,client,zoe"
    (given,) = fairness_of(audited(tmp_path, CARE, COLUMNS, [*WORK, thanks, DONE])).thanks
    assert (given.whom, given.step) == ("zoe", None)


def test_it_is_never_a_gate(tmp_path: Path) -> None:
    without = audited(tmp_path, CARE, COLUMNS, [*WORK, DONE])
    thanked = audited(tmp_path, CARE, COLUMNS, [*WORK, f"a,{at(5)},thank-you,acme,client,", DONE])
    for report in (without, thanked):
        assert report.cases[0].clean
        assert report.cases[0].outcome == "answered"
        assert fairness_of(report).deviations == ()
