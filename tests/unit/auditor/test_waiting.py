"""Waiting over all cases: circles that no single case shows, who waited for whom, what came back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema
import pytest

from procflow.auditor.circles import circles, told
from procflow.auditor.waiting import waiting_of
from procflow.errors import SourceSpan
from procflow.model.clock import BallShare, Party, PartyKind
from procflow.model.report import AuditReport
from procflow.model.waiting import Tenure, Wait, WaitKind
from procflow.model.waiting_report import CaseContacts, TakingPart
from procflow.reports.paper import plain
from procflow.reports.waiting_json import waiting_document
from procflow.reports.waiting_text import waiting_lines
from tests.conftest import REPOSITORY
from tests.unit.reports.audits import EMPTY, REPORT

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
WHERE = SourceSpan(file="p.yaml", line=1, column=1, end_line=1, end_column=2)


def hour(number: int) -> datetime:
    return NINE + timedelta(hours=number)


def wait(case: str, who: str, whom: str, since: int, until: int | None = None, **more: Any) -> Wait:
    known: dict[str, Any] = {"kind": WaitKind.QUESTION, "role": "", "what": "", "due": None, "seq": since}
    return Wait(
        case=case,
        who=who,
        whom=(whom,),
        since=hour(since),
        until=None if until is None else hour(until),
        **(known | more),
    )


def found(waits: list[Wait], **holders: set[str]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(one.nodes, one.cases) for one in circles(waits, holders)]


def test_people_who_wait_for_each_other_in_two_cases_are_a_circle() -> None:
    waits = [wait("a", "ana", "ion", 1), wait("b", "ion", "ana", 2)]
    assert found(waits) == [(("ana", "ion"), ("a", "b"))]
    (circle,) = circles(waits, {})
    deviation = told(circle, WHERE)
    assert (deviation.code, deviation.case, deviation.seq, deviation.actor) == ("DV606", "b", 2, "ion")
    # In the form in which a circle within one case is told.
    assert deviation.values == {
        "circle": "ana -> ion -> ana",
        "cases": "a, b",
        "since": "ana: 2026-03-02T10:00:00Z, ion: 2026-03-02T11:00:00Z",
    }
    assert deviation.who_could == ("ana", "ion")


def test_a_circle_within_one_case_is_told_there() -> None:
    assert found([wait("a", "ana", "ion", 1), wait("a", "ion", "ana", 2)]) == []


def test_an_answer_in_between_breaks_it() -> None:
    assert found([wait("a", "ana", "ion", 1, 2), wait("b", "ion", "ana", 2)]) == []
    assert found([wait("a", "ana", "ion", 1, 1), wait("b", "ion", "ana", 1)]) == [], "it was over as it began"


def test_it_is_told_once_while_it_lasts_and_again_when_it_comes_back() -> None:
    lasts = [wait("a", "ana", "ion", 1, 5), wait("b", "ion", "ana", 2), wait("c", "ion", "ana", 3)]
    assert len(found(lasts)) == 1
    assert len(found([*lasts, wait("d", "ana", "ion", 6)])) == 2


def test_a_role_waits_if_all_who_hold_it_do() -> None:
    waits = [wait("a", "ana", "service", 1), wait("b", "ion", "ana", 2)]
    assert found(waits, service={"ion"}) == [(("ana", "service", "ion"), ("a", "b"))]
    assert found(waits, service={"ion", "zoe"}) == [], "zoe can answer"
    assert found([*waits, wait("c", "zoe", "ana", 3)], service={"ion", "zoe"}) != []


def test_three_in_three_cases() -> None:
    waits = [wait("a", "x", "y", 1), wait("b", "y", "z", 2), wait("c", "z", "x", 3)]
    assert found(waits) == [(("x", "y", "z"), ("a", "b", "c"))]


@pytest.fixture(scope="module")
def report() -> AuditReport:
    first, second = REPORT.cases[:2]
    offer: dict[str, Any] = {"kind": WaitKind.HAND_OFF, "role": "seller", "ended_by": 4, "could_end": ("deputy",)}
    waits = (
        wait(first.case, "ana", "buyer", 0, 2, **offer),
        wait(first.case, "bob", "seller", 3, 4, **(offer | {"role": "buyer", "ended_by": 6})),
        wait(first.case, "ana", "ion", 1, due=hour(2), role="seller"),
    )
    tenures = (Tenure(person=None, since=hour(0), until=hour(2)), Tenure(person="ana", since=hour(2), until=None))
    team = Party(kind=PartyKind.TEAM, names=("seller", "buyer"))
    ball = (
        BallShare(party=team, wall=timedelta(hours=3), working=None, times=1),
        BallShare(party=Party(kind=PartyKind.NOBODY), wall=timedelta(hours=1), working=None, times=1),
        BallShare(party=Party(kind=PartyKind.RESOLVED), wall=timedelta(hours=9), working=None, times=1),
    )
    spans = ((team, hour(0), hour(8)),)
    return replace(
        REPORT,
        as_of=hour(10),
        ball=ball,
        cases=(replace(first, waits=waits, tenures=tenures, spans=spans), second),
        taking_part=TakingPart(
            departments={"seller": "sales", "buyer": "procurement"},
            contacts=(CaseContacts(case="x", updates=3), CaseContacts(case="y", chases=2)),
        ),
    )


def test_who_waited_for_whom_is_added_up_the_longest_first(report: AuditReport) -> None:
    pairs = waiting_of(report).pairs
    assert [(one.who, one.whom, one.total // timedelta(hours=1), one.still, one.late) for one in pairs] == [
        ("ana", ("ion",), 9, 1, 1),
        ("ana", ("buyer",), 2, 0, 0),
        ("bob", ("seller",), 1, 0, 0),
    ]
    assert pairs[1].could_end == ("buyer", "deputy")
    assert (pairs[1].department, pairs[1].whom_departments) == ("sales", ("procurement",))


def test_what_goes_the_other_way_next_came_back(report: AuditReport) -> None:
    roles, departments = waiting_of(report).returned
    assert (roles.between, roles.handed, roles.returned, roles.share) == (("buyer", "seller"), 2, 1, 0.5)
    assert departments.between == ("procurement", "sales")


def test_the_ball_is_told_by_department_and_nobody(report: AuditReport) -> None:
    told_of = waiting_of(report)
    assert [(one.name, one.wall / told_of.whole) for one in told_of.court] == [
        ("sales + procurement", 0.75),
        ("", 0.25),
    ]
    assert "0.0 %  client" in plain(waiting_lines(told_of))


def test_the_time_without_an_owner_is_a_part_of_the_age(report: AuditReport) -> None:
    told_of = waiting_of(report)
    assert [(one.since, one.until) for one in told_of.unowned] == [(hour(0), hour(2))]
    assert told_of.age == timedelta(hours=8)
    assert "2 h in 1 case (25.0 % of their time)" in plain(waiting_lines(told_of))


def test_the_most_chased_come_first(report: AuditReport) -> None:
    assert [one.case for one in waiting_of(report).contacts] == ["y", "x"]


def test_what_was_not_followed_is_said(report: AuditReport) -> None:
    first, *rest = report.cases
    unseen = {"questions: more than 100 open": 200, "evidence": 1}
    told_of = waiting_of(replace(report, cases=(replace(first, not_examined=unseen), *rest)))
    assert told_of.not_examined == {"questions: more than 100 open": 200}
    assert "Not examined: questions: more than 100 open (200)." in plain(waiting_lines(told_of))


@pytest.mark.parametrize("which", ["full", "empty"])
def test_the_document_is_as_its_schema_says(report: AuditReport, which: str) -> None:
    schema = json.loads((REPOSITORY / "schemas" / "waiting-report.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(json.dumps(waiting_document(waiting_of(report if which == "full" else EMPTY))))
    assert [one.message for one in jsonschema.Draft202012Validator(schema).iter_errors(document)] == []


def test_nobody_waited() -> None:
    quiet = replace(REPORT, cases=(replace(REPORT.cases[0], deviations=(), findings=()),), findings=())
    text = plain(waiting_lines(waiting_of(quiet)))
    assert "Nobody waited for anybody" in text
    assert "Quality" not in text
    assert "Besides" not in text


def test_what_is_wrong_with_the_log_and_what_an_audit_tells_besides_is_said() -> None:
    found = waiting_of(REPORT)
    of_all = [(None, one) for one in REPORT.findings]
    assert list(found.quality) == of_all + [(case.case, one) for case in REPORT.cases for one in case.findings]
    assert found.others == sum(one.unexcused for case in REPORT.cases for one in case.deviations)
    text = plain(waiting_lines(found))
    assert found.quality
    assert all(one.code in text for _, one in found.quality)
    assert f"{found.others} deviations that are not of waiting" in " ".join(text.split())


def test_of_an_empty_log_it_says_so() -> None:
    text = plain(waiting_lines(waiting_of(EMPTY)))
    assert "There is no case in the log." in text
    assert "Nobody" not in text
