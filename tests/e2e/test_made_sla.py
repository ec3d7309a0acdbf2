"""Our verdicts on time against those of the tool that recorded 24,918 incidents: every difference has a class."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.made_sla import LOG, Incident, compare, incidents
from procflow.auditor import audit
from procflow.model.report import AuditReport


@pytest.fixture(scope="module")
def cases(real_data: Path) -> Mapping[str, Incident]:
    return {one.number: one for one in incidents(real_data / LOG)}


@pytest.fixture(scope="module")
def report(repository: Path, real_data: Path) -> AuditReport:
    folder = repository / "examples"
    return audit(folder / "servicenow-time.yaml", real_data / LOG, mapping=folder / "servicenow-time.map.yaml")


def test_the_same_measure_gives_the_same_verdict(report: AuditReport, cases: Mapping[str, Incident]) -> None:
    table, classes = compare(report, "closed-in-time", cases)
    assert dict(table) == {
        ("in time", True): 15_778,
        ("in time", False): 376,
        ("late", True): 12,
        ("late", False): 2_102,
        ("not-examined", True): 13,
        ("not-examined", False): 6_637,
    }
    # Who takes exactly what was promised has kept it for us (domain norm), and not for the tool.
    assert classes["exactly on the limit: kept for us, not for the tool"] == 364
    assert sum(count for why, count in classes.items() if why.startswith("not explained")) == 6
    assert sum(classes.values()) == 388


def test_a_promise_of_our_own_differs_for_reasons(report: AuditReport, cases: Mapping[str, Incident]) -> None:
    _, classes = compare(report, "solved", cases)
    assert sum(classes.values()) == 4_399
    assert sum(count for why, count in classes.items() if why.startswith("not explained")) == 7


def test_who_had_the_ball_sums_to_the_age_of_each_case(report: AuditReport) -> None:
    for case in report.cases:
        whole = next(one for one in case.clocks if one.clock == "closed-in-time")
        if whole.stopped_at is not None:
            assert sum(one.wall.total_seconds() for one in case.ball) == whole.wall.total_seconds(), case.case
