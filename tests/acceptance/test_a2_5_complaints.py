"""A2.5 Complaints: thank, find out, apologise, ask how to help, in this order; nobody solves before asking."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from procflow.model.deviation import Deviation
from procflow.model.report import AuditReport
from tests.acceptance.logs import at, audited
from tests.conftest import REPOSITORY

COMPLAINT = REPOSITORY / "procedures" / "complaint.yaml"
COLUMNS = "case,at,action,who,role,ours,gravity,cause,justified,compensation"
SOLVED = [
    f"a,{at(5)},accept,ana,agent,true,minor,,,",
    f"a,{at(60)},submit,ion,expert,,,A loose wire,false,",
    f"a,{at(90)},propose,ana,agent,,,,,0 EUR",
]


def told(report: AuditReport) -> list[Deviation]:
    """Return what stands against somebody; proofs are not on record in a table."""
    return [one for one in report.cases[0].deviations if one.unexcused]


def rows(*done: str) -> list[str]:
    return [*(f"a,{at(number)},{action},ana,agent,,,,," for number, action in enumerate(done)), *SOLVED]


def test_thank_apologise_solve_gives_two_skipped_steps_and_one_rule_of_precedence(tmp_path: Path) -> None:
    report = audited(tmp_path, COMPLAINT, COLUMNS, rows("thank", "apologise"))
    found = told(report)
    assert Counter(one.slug for one in found) == {"step-skipped": 2, "not-preceded": 1}
    assert {one.action for one in found if one.slug == "step-skipped"} == {"clarify", "ask-how-to-help"}
    (rule,) = (one.breach for one in found if one.breach is not None)
    assert rule.rule == "asked-before-solved"


def test_the_four_in_order_pass(tmp_path: Path) -> None:
    report = audited(tmp_path, COMPLAINT, COLUMNS, rows("thank", "clarify", "apologise", "ask-how-to-help"))
    assert told(report) == []
