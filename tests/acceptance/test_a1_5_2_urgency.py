"""A1.5.2 Do not abuse urgency: who calls what urgent, what was downgraded, and what others pay for it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from procflow.errors import Severity
from procflow.reports.audit_text import audit_lines
from procflow.reports.paper import plain
from procflow.reports.totals import worst
from tests.acceptance.logs import at, audited, codes, fairness_of, in_order

DESK = """procflow: 1
procedure: requests
version: "1"
roles:
  desk: { title: Takes requests in, department: service }
  client: { title: Asks, external: true }
data: { priority: { type: choice, of: [urgent, normal] } }
start: intake
steps:
  intake: { by: desk, collect: [priority], actions: { triage: work } }
  work: { by: desk, actions: { finish: closed } }
  closed: { end: done }
anytime: { file: { to: same, by: any, optional: [priority] } }
fairness:
  urgent: { when: priority == "urgent", at-most: 30%, at-least: 10 }
  first-come: { in: work }
"""
COLUMNS = "case,at,action,who,client,priority"


def requests(client: str, urgent: int, downgraded: int, of: int = 10) -> list[list[str]]:
    """Return requests of a client: the first ones urgent, the first of these downgraded at triage."""
    return [
        [
            f"{client}{number},{at(number)},file,dana,{client},{'urgent' if number < urgent else 'normal'}",
            f"{client}{number},{at(60 + number)},triage,dana,{client},{'normal' if number < downgraded else ''}",
            f"{client}{number},{at(120 + number)},finish,dana,{client},",
        ]
        for number in range(of)
    ]


def test_eight_of_ten_urgent_and_five_of_them_downgraded_is_abuse_with_the_list(tmp_path: Path) -> None:
    rows = in_order(*requests("acme", 8, 5), *requests("globex", 2, 0))
    report = audited(tmp_path, DESK, COLUMNS, rows)
    (abuse,) = fairness_of(report).deviations
    assert (abuse.code, abuse.case, abuse.values["requester"]) == ("DV610", "", "acme")
    assert (abuse.values["urgent"], abuse.values["downgraded"], abuse.values["share"]) == ("8", "5", "80%")
    assert abuse.values["urgent cases"] == ", ".join(f"acme{number}" for number in range(8))
    assert abuse.values["downgraded cases"] == ", ".join(f"acme{number}" for number in range(5))
    assert worst(report) is Severity.MAJOR, "the exit code counts it"
    text = plain(audit_lines(report))
    assert "DV610 urgency-abuse  major, all cases together" in text
    assert "80% (49%-94%)" in text, "the interval is Wilson's"


def test_of_few_cases_nothing_is_said(tmp_path: Path) -> None:
    report = audited(tmp_path, DESK, COLUMNS, in_order(*requests("acme", 9, 0, of=9)))
    assert codes(report) == []
    (account,) = fairness_of(report).urgency
    assert not account.told
    assert "1 requester: not enough data." in plain(audit_lines(report))


def test_a_department_is_judged_like_a_requester(tmp_path: Path) -> None:
    rows = in_order(*requests("eva", 5, 0, of=5), *requests("dan", 5, 0, of=5))
    people = "people: { eva: { teams: [sales] }, dan: { teams: [sales] } }\nteams: { sales: { title: Sales } }\n"
    report = audited(tmp_path, DESK, COLUMNS, rows, people=people)
    assert [(one.code, one.values["requester"]) for one in fairness_of(report).deviations] == [("DV610", "sales")]
    assert [(one.party, one.department, one.told) for one in fairness_of(report).urgency] == [
        ("dan", False, False),
        ("eva", False, False),
        ("sales", True, True),
    ]


def test_the_hours_by_which_others_slipped_are_told(tmp_path: Path) -> None:
    rows = [
        f"calm,{at(0)},triage,dana,globex,normal",
        f"loud,{at(1)},triage,dana,acme,urgent",
        f"loud,{at(60)},finish,dana,acme,",
        f"calm,{at(120)},finish,dana,globex,",
    ]
    desk = DESK.replace("{ finish: closed }", "{ look: same, finish: closed }")
    rows.insert(2, f"loud,{at(30)},look,dana,acme,")
    fairness = fairness_of(audited(tmp_path, desk, COLUMNS, rows))
    assert [one.code for one in fairness.deviations] == ["DV609"]
    assert {one.party: one.slipped for one in fairness.urgency} == {
        "acme": timedelta(minutes=30),
        "globex": timedelta(0),
    }


def test_a_case_of_which_nobody_knows_whose_it_is_is_not_examined(tmp_path: Path) -> None:
    report = audited(tmp_path, DESK, "case,at,action,who,priority", [f"a,{at(0)},triage,dana,urgent"])
    assert fairness_of(report).not_examined == {"requester": 1}
