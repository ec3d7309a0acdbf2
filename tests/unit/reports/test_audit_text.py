"""The report of an audit reads well on eighty columns, says what was not looked at, and never calls nothing clean."""

from __future__ import annotations

from dataclasses import replace

from procflow.reports.audit_text import Layout, audit_lines, case_lines
from procflow.reports.paper import plain, width
from tests.unit.reports.audits import EMPTY, OPEN_AND_CUT, REPORT, deviation, judged, sources


def report_text(report: object = REPORT, **layout: object) -> str:
    return plain(audit_lines(report, Layout(sources=sources, **layout)))  # type: ignore[arg-type]


def test_it_says_what_was_judged_by_what() -> None:
    assert report_text().startswith(
        "Audit of Reklamacja klienta (complaint)\n"
        "  purpose    Every complaint is a chance to learn.\n"
        "  owner      head-of-care\n"
        "  judged by  version 2.1.0, 3 cases, sha256 3f2a91c04b7e\n"
        "  log        log.csv\n"
        "  as of      2026-11-22 14:03:00 UTC\n"
        "  controls   ISO-10002\n"
        "\n"
        "2 of 3 cases deviate (66.7 %): 3 deviations in all.\n"
    )


def test_every_row_is_accounted_for() -> None:
    assert "rows read 141,712 = used 88,950 + repeated 52,757 + ignored 5 + faulty 0\n" in report_text()
    assert "24,918 are the first of their case and 64,032 change its" in report_text()


def test_what_the_log_cannot_show_is_counted() -> None:
    assert (
        "Not examined\n"
        "  The log cannot show the following, so it counts neither as clean nor as a\n"
        "  deviation.\n"
        "  checks  concern\n"
        "       9  evidence\n"
        "       4  roles\n"
    ) in report_text()
    assert "Every check that these cases called for could be made.\n" in report_text(
        replace(REPORT, cases=(judged("C-1"),))
    )


def test_the_lines_of_the_procedure_are_quoted() -> None:
    assert (
        "Deviations by line of the procedure complaint.yaml\n"
        "  deviations  cases  line\n"
        "           2      2  4  accept: { to: approval, when: ours }\n"
        "           1      1  6  four-eyes: intake\n"
    ) in report_text()


def test_a_deviation_says_what_who_and_what_would_have_been_right() -> None:
    assert (
        "  C-2\n"
        "    closed, ended in closed (answered), 4 events, fitness 0.800, version 2.1.0\n"
        "    1. DV101 step-skipped  major, before event 3\n"
        "       “accept” in “intake” was not done before “approve”\n"
        "       remedy      do “accept” first\n"
        "       who could   agent\n"
        "       procedure   complaint.yaml:4  accept: { to: approval, when: ours }\n"
        "    2. DV202 four-eyes  critical, event 4\n"
        "       ana did “approve” after having left “intake”\n"
        "       by          ana\n"
        "       found       same person = ana\n"
        "       who could   lead\n"
        "       procedure   complaint.yaml:6  four-eyes: intake\n"
    ) in report_text()


def test_an_open_case_that_was_cut_says_so() -> None:
    shown = report_text()
    assert "open, stands in intake after 2 of its checklist" in shown
    assert "cut: it began before the log" in " ".join(shown.split())
    assert "not proven optimal" in shown
    assert "before event 2, provisional" in shown


def test_fitness_of_less_than_one_is_never_shown_as_one() -> None:
    assert "fitness 0.999" in report_text()


def test_the_quality_of_the_log_is_told_with_examples_and_help() -> None:
    assert (
        "Quality of the log\n"
        "  DV802 time-missing  major, 5 findings\n"
        "    log.csv:1: no time in row 1\n"
        "    log.csv:2: no time in row 2\n"
        "    log.csv:3: no time in row 3\n"
        "    ... and 2 more; --json has them all\n"
        "    help: look at `time`\n"
        "  DV804 gap  info, 1 finding about 1 case\n"
        "    case شکایت-۳: entries are missing\n"
    ) in report_text()


def test_only_so_many_cases_are_shown_and_it_says_how_to_see_the_rest() -> None:
    shown = report_text(cases=1)
    assert "The first of 2 cases that deviate\n--cases all shows every one, --case ID one in full.\n" in shown
    assert "شکایت-۳\n" not in shown
    assert "that deviate" not in report_text(cases=0).partition("Quality")[2]


def test_long_tables_say_how_much_they_leave_out() -> None:
    many = judged("C-9", *(deviation("DV102", "C-9", 1, "odd", step=f"step-{number:02}") for number in range(14)))
    shown = report_text(replace(REPORT, cases=(many,)))
    assert "... and 4 more; --json has them all" in shown


def test_nothing_judged_is_never_called_clean() -> None:
    shown = report_text(EMPTY)
    assert "Nothing was judged.\nThere is no case in the log. An audit of nothing is not a clean audit.\n" in shown
    assert "DV810 empty" in shown
    assert "nothing deviates" not in shown
    assert "have no event to judge" in " ".join(
        report_text(replace(REPORT, cases=(replace(judged("C-1"), events=0),))).split()
    )


def test_a_clean_log_says_so_in_a_line() -> None:
    shown = report_text(replace(REPORT, cases=(judged("C-1"), judged("C-2"))))
    assert "2 cases judged, nothing deviates in all of them.\n" in shown
    assert "Deviations by" not in shown


def test_a_case_in_full_has_its_deviations_its_gaps_and_what_was_not_examined() -> None:
    shown = plain(case_lines(REPORT, OPEN_AND_CUT, Layout(sources=sources)))
    assert "1. DV101 step-skipped" in shown
    assert "DV804 gap  about the log\n    entries are missing\n" in shown
    assert "2 actions inferred from the status" in shown
    assert "not examined: evidence (9), roles (4)" in shown
    assert "Nothing deviates." in plain(case_lines(REPORT, REPORT.cases[0]))


def test_no_line_is_wider_than_the_terminal() -> None:
    for cells in (70, 80, 120):
        shown = report_text(cells=cells).splitlines()
        assert [one for one in shown if width(one) > cells] == []


def test_names_of_a_hostile_log_do_not_steer_the_terminal() -> None:
    hostile = deviation("DV102", "C\x1b[2J", 1, "odd\x07", actor="ana\x1b]0;x\x07", step="s\u202e")
    shown = report_text(replace(REPORT, cases=(judged("C\x1b[2J", hostile),), logs=("log\x1b.csv",), title="T\x1b[0m"))
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
