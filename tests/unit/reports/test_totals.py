"""Totals are plain counting, in an order that does not depend on anything else."""

from __future__ import annotations

from dataclasses import replace

from procflow.errors import Severity
from procflow.model.clock import Lateness
from procflow.model.deviation import Disposition
from procflow.reports.totals import nothing_judged, total, worst
from tests.unit.reports.audits import EMPTY, FOUR_EYES, OPEN_AND_CUT, REPORT, SKIPPED, finding, judged


def test_cases_are_counted_each_way() -> None:
    totals = total(REPORT)
    assert (totals.cases, totals.closed, totals.open) == (3, 2, 1)
    assert (totals.clean, totals.deviating) == (1, 2)
    assert (totals.cut, totals.cut_deviating) == (1, 1)
    assert (totals.events, totals.inferred, totals.not_proven, totals.provisional) == (12, 2, 1, 1)


def test_deviations_are_counted_by_class_step_person_and_line() -> None:
    totals = total(REPORT)
    assert [(one.name, one.slug, one.deviations, one.cases) for one in totals.by_class] == [
        ("DV101", "step-skipped", 2, 2),
        ("DV202", "four-eyes", 1, 1),
    ]
    assert [(one.name, one.deviations) for one in totals.by_step] == [("intake", 2), ("approval", 1)]
    assert [(one.name, one.deviations) for one in totals.by_person] == [("-", 2), ("ana", 1)]
    assert [(one.name, one.deviations, one.cases) for one in totals.by_line] == [
        ("complaint.yaml:4", 2, 2),
        ("complaint.yaml:6", 1, 1),
    ]
    assert [(one.name, one.deviations) for one in totals.by_severity] == [("critical", 1), ("major", 2)]


def test_what_nobody_did_in_time_is_counted_for_the_role_that_had_the_ball() -> None:
    late = Lateness(clock="answer", cycle=1, due=None, target="2 days", over=None)
    left = replace(FOUR_EYES, code="DV401", actor=None, lateness=late, who_could=("agent", "lead"))
    done = replace(left, actor="ana")
    totals = total(replace(REPORT, cases=(judged("C-2", left, done, replace(left, who_could=())),), findings=()))
    assert [one.name for one in totals.by_person] == ["-", "ana", "role agent or lead"]


def test_what_somebody_answers_for_is_counted_apart() -> None:
    excused = replace(FOUR_EYES, disposition=Disposition.EXCUSED, settled_by=7)
    prevented = replace(SKIPPED, disposition=Disposition.PREVENTED)
    report = replace(REPORT, cases=(judged("C-2", excused, prevented, excused),), findings=())
    totals = total(report)
    assert (totals.clean, totals.deviating, totals.deviations) == (1, 0, 0)
    assert totals.by_class == totals.by_person == totals.by_line == totals.by_severity == ()
    assert [(one.disposition.value, one.name, one.deviations, one.cases) for one in totals.settled] == [
        ("excused", "DV202", 2, 1),
        ("prevented", "DV101", 1, 1),
    ]
    assert worst(report) is None, "they fail nothing"


def test_a_case_with_two_deviations_of_a_class_counts_once() -> None:
    totals = total(replace(REPORT, cases=(judged("C-2", SKIPPED, SKIPPED),)))
    assert (totals.by_class[0].deviations, totals.by_class[0].cases) == (2, 1)


def test_equal_counts_are_in_the_order_of_names_whatever_the_order_of_cases() -> None:
    forwards = total(REPORT)
    backwards = total(replace(REPORT, cases=tuple(reversed(REPORT.cases))))
    assert forwards.by_class == backwards.by_class
    assert [one.name for one in total(replace(REPORT, cases=(judged("C", FOUR_EYES, SKIPPED),))).by_step] == [
        "approval",
        "intake",
    ]


def test_what_was_not_examined_is_summed_by_concern() -> None:
    twice = replace(REPORT, cases=(OPEN_AND_CUT, replace(OPEN_AND_CUT, case="C-4")))
    assert [(one.name, one.times) for one in total(twice).not_examined] == [("evidence", 18), ("roles", 8)]


def test_fitness_is_the_mean_over_cases() -> None:
    totals = total(REPORT)
    assert totals.mean_fitness is not None
    assert abs(totals.mean_fitness - (1 + 0.8 + 0.9996) / 3) < 1e-9
    assert totals.fitting == 1, "0.9996 is not a perfect fit"


def test_findings_about_the_log_are_gathered_by_class_with_a_few_that_differ() -> None:
    totals = total(REPORT)
    assert [(one.code, one.findings, one.cases) for one in totals.quality] == [("DV802", 5, 0), ("DV804", 1, 1)]
    assert [found.message for _, found in totals.quality[0].examples] == [f"no time in row {row}" for row in (1, 2, 3)]
    assert totals.quality[1].examples[0][0] == "شکایت-۳"
    same = replace(REPORT, cases=(), findings=(finding("DV805", "again"),) * 7)
    assert [(one.findings, len(one.examples)) for one in total(same).quality] == [(7, 1)]


def test_empty_is_nothing_judged() -> None:
    assert nothing_judged(EMPTY)
    assert total(EMPTY).nothing_judged
    assert total(EMPTY).mean_fitness is None
    without_events = replace(REPORT, cases=(replace(judged("C-1"), events=0),))
    assert nothing_judged(without_events)
    assert total(without_events).nothing_judged
    assert not nothing_judged(REPORT)


def test_the_worst_is_of_deviations_and_of_the_log_alike() -> None:
    assert worst(REPORT) is Severity.CRITICAL
    assert worst(replace(REPORT, cases=(judged("C-1"),))) is Severity.MAJOR
    assert worst(replace(REPORT, cases=(judged("C-1"),), findings=())) is None
