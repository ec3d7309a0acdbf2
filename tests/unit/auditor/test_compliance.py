"""How far rules were complied with: added up over the cases."""

from __future__ import annotations

from procflow.auditor.compliance import compliance
from procflow.model.rule import RuleStanding, RuleStatus, Tally
from tests.unit.monitors.stories import procedure_of

RULES = procedure_of("""
start: work
steps:
  work: { by: any, actions: { finish: over } }
  over: { end: finished }
anytime: { ask: { to: same, by: any }, answer: { to: same, by: any } }
rules:
  answered: { after: ask, there-must-be: answer, because: "ISO 10002:7.4", title: A question is answered }
  finished: { must-happen: finish }
""").rules


def standing(rule: str, status: RuleStatus, kept: int = 0, broken: int = 0, pending: int = 0) -> RuleStanding:
    return RuleStanding(
        rule=rule,
        status=status,
        activations=kept + broken + pending,
        kept=kept,
        broken=broken,
        pending=pending,
        unseen=0,
        released=0,
        by_person={"ana": Tally(kept=kept), "": Tally(broken=broken)},
        by_period={"2026-12": Tally(kept=kept, broken=broken)},
    )


def test_each_rule_is_added_up_over_all_cases_by_person_and_by_month() -> None:
    cases = [
        ("1", (standing("answered", RuleStatus.VIOLATED, kept=2, broken=1),)),
        ("2", (standing("answered", RuleStatus.SATISFIED, kept=3), standing("finished", RuleStatus.SATISFIED, kept=1))),
        ("3", (standing("answered", RuleStatus.VIOLATED_SO_FAR, pending=1),)),
    ]
    answered, finished = compliance(RULES, cases)
    assert (answered.rule, answered.title, answered.clause) == ("answered", "A question is answered", "ISO 10002:7.4")
    assert (answered.kept, answered.broken, answered.pending, answered.degree) == (5, 1, 1, 5 / 6)
    assert answered.statuses == {
        RuleStatus.SATISFIED: 1,
        RuleStatus.VIOLATED: 1,
        RuleStatus.VIOLATED_SO_FAR: 1,
    }
    assert answered.by_person["ana"] == Tally(kept=5)
    assert answered.by_period == {"2026-12": Tally(kept=5, broken=1)}
    assert finished.degree == 1


def test_a_rule_that_nothing_set_off_has_no_degree() -> None:
    answered, finished = compliance(RULES, [("1", (standing("answered", RuleStatus.NEVER_ACTIVATED),))])
    assert (answered.degree, answered.by_person, finished.statuses) == (None, {}, {})


def test_of_two_versions_of_a_rule_the_last_says_what_it_is_called() -> None:
    assert [one.rule for one in compliance((*RULES, *RULES), [])] == ["answered", "finished"]
