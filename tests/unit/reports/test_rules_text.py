"""Rules in the reports: how far they were complied with, how they stand in a case, and what they still demand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from procflow.model.report import RuleCompliance
from procflow.model.rule import Happening, HappeningKind, Obligation, RuleStanding, RuleStatus, Tally
from procflow.reports.paper import plain
from procflow.reports.rules_text import compliance_lines, owed, owed_lines, standing_lines
from tests.unit.reports.audits import at

ANSWERED = RuleCompliance(
    rule="answered",
    title="A question is answered",
    clause="ISO 10002:7.4",
    where=at(2),
    statuses={RuleStatus.SATISFIED: 1, RuleStatus.VIOLATED: 2},
    kept=4,
    broken=2,
    pending=1,
    unseen=3,
    released=0,
    by_person={"": Tally(broken=2), "ana": Tally(kept=4)},
    by_period={"2026-11": Tally(kept=4), "2026-12": Tally(broken=2)},
)
NEVER = replace(
    ANSWERED,
    rule="shredded",
    title="",
    clause=None,
    statuses={RuleStatus.NEVER_ACTIVATED: 3},
    kept=0,
    broken=0,
    pending=0,
    unseen=0,
    by_person={},
    by_period={},
)


def test_the_degree_of_compliance_is_told_by_rule_person_and_month() -> None:
    text = plain(compliance_lines((ANSWERED, NEVER), 80))
    assert "  complied  kept  broken  rule\n" in text
    assert "    66.7 %     4       2  answered: A question is answered (ISO 10002:7.4)\n" in text
    assert "         -     0       0  shredded\n" in text
    assert "  never set off: shredded\n" in text
    assert "  Besides: 1 still open, 3 not to be seen in the log.\n" in text
    assert "  kept  broken  person\n     4       0  ana\n     0       2  (nobody named)\n" in text, (
        "no share of anybody"
    )
    assert "     0.0 %     0       2  2026-12\n   100.0 %     4       0  2026-11\n" in text


def test_a_procedure_without_rules_has_no_such_part() -> None:
    assert plain(compliance_lines((), 80)) == ""


def standing(status: RuleStatus, kept: int = 0, broken: int = 0, pending: int = 0) -> RuleStanding:
    return RuleStanding(
        rule="answered",
        status=status,
        activations=kept + broken + pending,
        kept=kept,
        broken=broken,
        pending=pending,
        unseen=0,
        released=0,
    )


def test_each_rule_of_a_case_has_a_line() -> None:
    told = [standing(RuleStatus.VIOLATED, 2, 1), replace(standing(RuleStatus.SATISFIED, 1), rule="in-time")]
    assert plain(standing_lines(told, 80)) == "  answered  broken, 2 kept, 1 broken\n  in-time   kept\n"
    assert "never set off" in plain(standing_lines([standing(RuleStatus.NEVER_ACTIVATED)], 80))


def obligation(*what: str, due: datetime | None = None, who: tuple[str, ...] = (), times: int = 1) -> Obligation:
    names = tuple(Happening(kind=HappeningKind.ACTION, name=one) for one in what)
    return Obligation(rule="in-time", case="1", what=names, who=who, due=due, since=3, times=times, where=at(2))


def test_what_is_owed_says_what_by_whom_and_until_when() -> None:
    due = datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert owed(obligation("submit", due=due, who=("expert",))) == "submit, by expert, until Tue 2026-11-24 10:00 UTC"
    there = owed(replace(obligation("submit", due=due), zone="Europe/Bucharest"))
    assert there == "submit, until Tue 2026-11-24 12:00 +02:00"
    assert owed(obligation("call", "write")) == "call or write, before the case ends"
    left = (Happening(kind=HappeningKind.LEAVES, name="draft"), Happening(kind=HappeningKind.ENDS))
    assert owed(replace(obligation(), what=left)) == "leaving “draft” or the end of the case, before the case ends"
    assert owed(replace(obligation("pack", "weigh"), together=True)) == "pack and weigh, before the case ends"
    assert owed(obligation("test", times=2, who=("expert", "lead"))) == (
        "test, 2 times, by expert or lead, before the case ends"
    )


def test_after_a_step_only_the_soonest_are_told() -> None:
    text = plain(owed_lines([obligation(f"a{number}") for number in range(7)], 80))
    assert text.startswith("  still owed: a0, before the case ends (rule in-time)\n")
    assert text.endswith("  ... and 2 more still owed\n")
    assert "more still owed" not in plain(owed_lines([obligation("a")] * 7, 80, most=None))
