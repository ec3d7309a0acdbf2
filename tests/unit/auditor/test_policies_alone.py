"""A log and a file of rules: nobody says what the procedure was."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from procflow.auditor import audit
from procflow.errors import ProcedureInvalid
from procflow.model.report import AuditReport, CaseAudit
from procflow.model.rule import RuleStatus
from procflow.reports.audit_json import audit_document
from procflow.reports.audit_text import audit_lines
from procflow.reports.paper import visible
from procflow.resources import shipped

RULES = """\
procflow: 1
policies: desk
version: "1"
title: What the desk promises
roles: { lead: Decides }
data: { amount: number }
rules:
"""
MAPPING = """\
case: case
time: { column: at }
action: { column: what, opens: [open], closes: [close] }
actor: who
role: role
data: { amount: amount }
witnesses: [actor, role, time, data]
"""
HEAD = "case,at,what,who,role,amount\n"


def audited(folder: Path, rules: str, rows: str, mapping: str = MAPPING) -> AuditReport:
    for name, text in (("policies.yaml", RULES + rules), ("log.csv", HEAD + rows), ("map.yaml", mapping)):
        (folder / name).write_text(text, encoding="utf-8")
    return audit(folder / "policies.yaml", folder / "log.csv", mapping=folder / "map.yaml")


def only(report: AuditReport) -> CaseAudit:
    (case,) = report.cases
    return case


def status(case: CaseAudit, rule: str) -> RuleStatus:
    (standing,) = [one for one in case.rules if one.rule == rule]
    return standing.status


PAID_TWICE = """\
1,2026-03-01T09:00,order,ana,agent,10
1,2026-03-01T10:00,pay,ana,agent,
1,2026-03-02T10:00,pay,dan,agent,
1,2026-03-02T11:00,close,ana,agent,
"""


def test_a_broken_rule_names_events_person_row_and_line(tmp_path: Path) -> None:
    report = audited(tmp_path, "  once: { at-most: 1, of: pay, because: 'F 2' }\n", PAID_TWICE)
    (found,) = only(report).deviations
    assert (found.code, found.seq, found.actor) == ("DV503", 3, "dan")
    assert found.breach is not None
    assert (found.breach.rule, found.breach.clause, found.breach.target) == ("once", "F 2", 3)
    assert found.source is not None
    assert found.source.line == 4
    assert found.where is not None
    assert found.where.line == 8
    (rule,) = report.rules
    assert (rule.kept, rule.broken, set(rule.by_person), set(rule.by_period)) == (0, 1, {"dan"}, {"2026-03"})


def test_the_same_way_is_told_of_each_case_as_its_own(tmp_path: Path) -> None:
    other = PAID_TWICE.replace("1,2026-03", "2,2026-04").replace("dan", "eva")
    report = audited(tmp_path, "  once: { at-most: 1, of: pay }\n", PAID_TWICE + other)
    assert [one.actor for case in report.cases for one in case.deviations] == ["dan", "eva"]
    assert [one.case for case in report.cases for one in case.deviations] == ["1", "2"]
    assert set(report.rules[0].by_period) == {"2026-03", "2026-04"}


def test_conditions_times_and_people_are_judged_too(tmp_path: Path) -> None:
    rules = """\
  soon: { after: order, there-must-be: pay, within: 30 minutes }
  large: { after: order, there-must-be: check, when: amount > 5 }
  by-lead: { after: order, there-must-be: pay, by: lead }
  two: { different-person: [order, pay] }
"""
    case = only(audited(tmp_path, rules, PAID_TWICE))
    assert {one.breach.rule: one.code for one in case.deviations if one.breach is not None} == {
        "soon": "DV507",
        "large": "DV507",
        "by-lead": "DV507",
        "two": "DV209",
    }


def test_an_open_case_still_owes(tmp_path: Path) -> None:
    case = only(audited(tmp_path, "  paid: { after: order, there-must-be: pay }\n", "1,2026-03-01T09:00,order,ana,,\n"))
    assert not case.closed
    assert status(case, "paid") is RuleStatus.VIOLATED_SO_FAR
    (owed,) = case.due
    assert (owed.case, owed.since) == ("1", 1)


def test_what_no_log_can_tell_is_not_examined(tmp_path: Path) -> None:
    rules = """\
  once: { at-most: 2, of: pay }
  step: { must-happen: enters paid }
  inside: { must-happen: desk.pay }
  elsewhere: { must-happen: complaint/pay }
  over-all: { never: pay, per: person }
"""
    case = only(audited(tmp_path, rules, PAID_TWICE))
    assert status(case, "once") is RuleStatus.SATISFIED
    unseen = ("step", "inside", "elsewhere", "over-all")
    assert {status(case, rule) for rule in unseen} == {RuleStatus.NOT_EXAMINED}
    assert case.not_examined == {f"rule: {rule}": 1 for rule in sorted(unseen)}


def test_rules_none_of_which_can_be_told_are_no_clean_result(tmp_path: Path) -> None:
    report = audited(tmp_path, "  step: { must-happen: enters paid }\n", PAID_TWICE)
    assert [one.code for one in report.findings] == ["DV810"]


def test_a_misspelt_name_is_told_with_the_one_meant(tmp_path: Path) -> None:
    report = audited(tmp_path, "  a: { never: ordr }\n  b: { if: order, also: pay }\n", PAID_TWICE)
    (found,) = report.findings
    assert (found.code, found.hint) == ("DV812", "Did you mean “order”?")
    assert "`a`" in found.message


def test_a_name_the_mapping_knows_just_never_happened(tmp_path: Path) -> None:
    mapping = MAPPING.replace("what, opens", "what, to: { Refund: refund }, opens")
    report = audited(tmp_path, "  a: { never: refund }\n", PAID_TWICE, mapping)
    assert report.findings == ()


def test_a_value_that_does_not_fit_is_told_where_a_rule_reads_it(tmp_path: Path) -> None:
    rules = "  large: { after: order, there-must-be: pay, when: amount > 5 }\n"
    case = only(audited(tmp_path, rules, "1,2026-03-01T09:00,order,ana,,much\n1,2026-03-01T10:00,close,ana,,\n"))
    assert [one.code for one in case.deviations] == ["DV302", "DV305"]


STATUSES = """\
case: case
time: { column: at }
status: { column: what, to: { New: new, Active: active, Done: done } }
actor: who
cases: closed
witnesses: [actor, time]
"""


def test_a_status_history_tells_of_steps(tmp_path: Path) -> None:
    rows = "1,2026-03-01T09:00,New,ana,,\n1,2026-03-01T10:00,Done,dan,,\n"
    rules = "  first: { first: enters new }\n  worked: { before: enters done, there-must-be: enters active }\n"
    case = only(audited(tmp_path, rules, rows, STATUSES))
    assert [one.code for one in case.deviations] == ["DV508"]
    assert status(case, "first") is RuleStatus.SATISFIED


def test_the_document_fits_its_schema_and_says_nothing_of_the_flow(tmp_path: Path) -> None:
    document = audit_document(audited(tmp_path, "  once: { at-most: 1, of: pay }\n", PAID_TWICE))
    schema = json.loads((shipped("schemas") / "audit-report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(document)))
    assert document["judged_by"] == "policies"
    assert isinstance(document["cases"], list)
    case = document["cases"][0]
    assert isinstance(case, dict)
    assert case["fitness"] is None
    assert case["configuration"] is None


def test_the_text_says_by_what_it_was_judged_and_nothing_of_the_flow(tmp_path: Path) -> None:
    report = audited(tmp_path, "  once: { at-most: 1, of: pay }\n", PAID_TWICE)
    text = "\n".join("".join(visible(ink.text) for ink in line) for line in audit_lines(report))
    assert "by these rules alone" in text
    assert "fitness" not in text
    assert "stands in" not in text


def test_policies_with_errors_are_refused_with_all_of_them(tmp_path: Path) -> None:
    with pytest.raises(ProcedureInvalid) as refused:
        audited(tmp_path, "  once: { at-mst: 1, of: pay }\n  two: { after: pay }\n", PAID_TWICE)
    assert len(refused.value.findings) >= 2


WITHDRAWN = """\
1,2026-03-01T09:00,order,ana,agent,10
1,2026-03-01T10:00,withdraw,ana,agent,
1,2026-03-01T11:00,pay,ana,agent,
"""


def test_a_cancelled_case_releases_what_was_still_demanded_and_forbids_on(tmp_path: Path) -> None:
    rules = """\
  paid: { after: order, there-must-be: send }
  either: { any-of: [send, keep] }
  checked: { before: withdraw, there-must-be: check }
  never-then: { after: withdraw, never: pay }
"""
    plain = MAPPING + "cases: closed\n"
    accused = only(audited(tmp_path, rules, WITHDRAWN, plain))
    assert [one.code for one in accused.deviations] == ["DV508", "DV517", "DV507", "DV514"]
    case = only(audited(tmp_path, rules, WITHDRAWN, plain + "cancelled: withdraw\n"))
    assert [one.code for one in case.deviations] == ["DV508", "DV517"]
    assert status(case, "paid") is status(case, "either") is RuleStatus.RELEASED
    open_still = only(audited(tmp_path, rules, WITHDRAWN, MAPPING + "cancelled: [withdraw]\n"))
    assert open_still.due == ()
    assert status(open_still, "paid") is RuleStatus.RELEASED


def test_a_status_cancels_too(tmp_path: Path) -> None:
    mapping = "case: case\ntime: at\nstatus: { column: what, to: { New: fresh, Gone: withdrawn } }\ncases: closed\n"
    rules = "  solved: { after: enters fresh, there-must-be: enters solved }\n"
    rows = "1,2026-03-01T09:00,New,,,\n1,2026-03-01T10:00,Gone,,,\n"
    assert only(audited(tmp_path, rules, rows, mapping)).deviations
    case = only(audited(tmp_path, rules, rows, mapping + "cancelled: [withdrawn]\n"))
    assert not case.deviations
    assert status(case, "solved") is RuleStatus.RELEASED


def test_a_name_that_cancels_and_that_no_event_has_is_told(tmp_path: Path) -> None:
    report = audited(
        tmp_path, "  r: { never: send, when: amount > 5 }\n", WITHDRAWN, MAPPING + "cancelled: [witdraw]\n"
    )
    told = [one for one in report.findings if "witdraw" in one.message]
    assert [(one.code, one.hint) for one in told] == [("DV812", "Did you mean “withdraw”?")]
    assert told[0].where is not None
    assert told[0].where.file.endswith("map.yaml")


def test_with_a_procedure_its_ends_say_what_is_cancelled(tmp_path: Path) -> None:
    procedure = """\
procflow: 1
procedure: desk
version: "1.0"
title: Desk
purpose: Nothing is lost.
roles: { agent: Works }
data: { amount: number }
start: new
steps:
  new: { by: agent, actions: { order: paying, withdraw: gone } }
  paying: { by: agent, actions: { pay: paid } }
  paid: { end: paid }
  gone: { end: cancelled }
"""
    (tmp_path / "desk.yaml").write_text(procedure, encoding="utf-8")
    (tmp_path / "log.csv").write_text(HEAD + WITHDRAWN, encoding="utf-8")
    (tmp_path / "map.yaml").write_text(MAPPING + "cancelled: [withdraw]\n", encoding="utf-8")
    with pytest.raises(ProcedureInvalid) as caught:
        audit(tmp_path / "desk.yaml", tmp_path / "log.csv", mapping=tmp_path / "map.yaml")
    (found,) = caught.value.findings
    assert found.code == "PF111"
    assert "the ends of desk say" in found.message
