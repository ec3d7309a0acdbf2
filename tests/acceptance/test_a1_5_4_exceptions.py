"""A1.5.4 Exceptions: who asked, who granted, whose doing it was, until when; never silent, never to oneself."""

from __future__ import annotations

import json
from pathlib import Path

from procflow.model.event import Cause
from procflow.model.fairness_report import ExceptionKind
from procflow.reports.audit_text import audit_lines
from procflow.reports.paper import plain
from tests.acceptance.logs import at, audited, fairness_of

REFUND = """procflow: 1
procedure: refund
version: "1"
roles: { agent: Pays, lead: Decides }
start: decide
steps:
  decide: { by: lead, actions: { approve: pay } }
  pay: { by: agent, four-eyes: decide, actions: { pay-out: paid } }
  paid: { end: paid }
overrides: { by: lead, reason: required }
fairness:
  one-person: { share: 80%, at-least: 5 }
"""
COLUMNS = "case,at,action,who,role,reason,override,waiver"


def quoted(**said: str) -> str:
    return '"' + json.dumps(said).replace('"', '""') + '"'


def waived(case: str, by: str, person: str, until: str, minute: int = 0) -> str:
    waiver = quoted(code="DV201", person=person, until=until)
    return f"{case},{at(minute)},,{by},lead,Lea is ill,,{waiver}"


def test_an_exception_that_its_requester_grants_is_void(tmp_path: Path) -> None:
    rows = [
        waived("a", "max", "max", at(600)),
        f"a,{at(1)},approve,max,agent,,,",
    ]
    report = audited(tmp_path, REFUND, COLUMNS, rows)
    (case,) = report.cases
    assert [one.code for one in case.deviations if one.unexcused] == ["DV702", "DV201"]
    (made,) = fairness_of(report).exceptions
    assert (made.asked_by, made.granted_by, made.self_made, made.used) == ("max", "max", True, 0)
    assert "self-made" in " ".join(plain(audit_lines(report)).split())


def test_setting_the_procedure_aside_on_ones_own_request_is_no_better(tmp_path: Path) -> None:
    asked = {"eva": [], "max": ["DV702"]}
    for person, wanted in asked.items():
        override = quoted(act="skip", to="pay", action="approve", asked_by=person, caused_by="requester")
        report = audited(tmp_path, REFUND, COLUMNS, [f"a,{at(0)},,max,lead,No time,{override},"])
        assert [one.code for one in report.cases[0].deviations if one.unexcused] == wanted
        (made,) = fairness_of(report).exceptions
        assert (made.kind, made.what, made.asked_by) == (ExceptionKind.OVERRIDE, "skip “approve”", person)
        assert (made.granted_by, made.caused_by, made.reason) == ("max", Cause.REQUESTER, "No time")
        assert made.self_made is (person == "max")


def test_an_expired_exception_that_is_used_is_a_deviation(tmp_path: Path) -> None:
    rows = [waived("a", "max", "ion", at(30)), f"a,{at(60)},approve,ion,agent,,,"]
    report = audited(tmp_path, REFUND, COLUMNS, rows)
    assert [one.code for one in report.cases[0].deviations if one.unexcused] == ["DV201", "DV703"]
    (made,) = fairness_of(report).exceptions
    assert (made.used, made.expired_used) == (0, 1)
    assert "used 1 time after it had expired" in " ".join(plain(audit_lines(report)).split())


def test_an_exception_that_holds_is_told_with_what_it_excuses(tmp_path: Path) -> None:
    rows = [waived("a", "max", "ion", at(90)), f"a,{at(60)},approve,ion,agent,,,"]
    report = audited(tmp_path, REFUND, COLUMNS, rows)
    assert report.cases[0].clean
    (made,) = fairness_of(report).exceptions
    assert (made.what, made.used, made.expired_used, made.self_made) == ("DV201", 1, 0, False)
