"""What an end settles, an override takes back, and a running case still owes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from procflow.judge import Judge
from procflow.model.event import Act
from procflow.model.report import CaseAudit
from procflow.model.rule import RuleStatus, Tally
from tests.unit.monitors.exceptions import audited, override, told
from tests.unit.monitors.rules.office import case, counts, lines_of, office, said, standing
from tests.unit.monitors.stories import AT


def test_a_cancelled_case_releases_what_is_demanded_and_not_what_is_forbidden() -> None:
    assert counts("after: a, there-must-be: b", "a cancel") == "released: 1 released"
    assert counts("must-happen: b", "cancel") == "released: 1 released"
    assert counts("together: [a, b]", "a cancel") == "released: 1 released"
    assert counts("last: a", "b cancel") == "released: 1 released"
    assert counts("exactly: 2, of: a", "a cancel") == "released: 1 released"
    assert counts("exactly: 1, of: a", "a cancel") == "satisfied: 1 kept"
    assert counts("after: a, never: b", "a cancel") == "satisfied: 1 kept"
    assert said("before: cancel, there-must-be: b", "cancel") == ["DV508@1 1"]


def _reopened(rule: str, before: str, after: str = "") -> CaseAudit:
    back = override('lea/lead - "by mistake"', Act.OVERRIDE, "work")
    return audited(Judge(office(rule)), told(lines_of(before), back, lines_of(after)))


def _codes(audit: CaseAudit) -> list[str]:
    return [f"{one.code}@{one.seq}" for one in audit.deviations if one.code != "DV701"]


def test_an_end_that_is_taken_back_was_none() -> None:
    rule = "after: a, there-must-be: b"
    open_again = _reopened(rule, "a finish")
    assert _codes(open_again) == []
    assert (open_again.rules[0].pending, open_again.due[0].since) == (1, 1)
    assert _codes(_reopened(rule, "a finish", "b")) == []
    assert _codes(_reopened(rule, "a finish", "c finish")) == ["DV507@5"]


def test_what_an_end_hid_is_said_when_it_is_taken_back() -> None:
    late = "after: a, there-must-be: b, within: 1 hour"
    assert _codes(_reopened(late, "a finish", "c")) == ["DV507@1"], "late since the end, which was none"
    assert _codes(_reopened("never: b", "finish", "b")) == ["DV502@3"]
    (unknown,) = [one for one in _codes(_reopened("after: a, there-must-be: b, same: x", "finish a")) if "DV305" in one]
    assert unknown == "DV305@2"


@pytest.mark.parametrize("more", ["same: x", "when: n > 3", "same: x, next: true", "same: x, each-time: true"])
def test_what_looking_back_has_said_is_not_said_again_when_an_end_is_taken_back(more: str) -> None:
    told = _codes(_reopened(f"after: a, before: a, {more}", "finish a", "a"))
    assert told == ["DV102@1", "DV305@2", "DV305@4"]


def test_a_running_case_shows_what_is_due() -> None:
    (one,) = case("after: a, there-must-be: b, by: lead, within: 3 hours", "a a c").due
    assert (str(one.what[0]), one.who, one.since, one.times) == ("b", ("lead",), 1, 2)
    assert one.due == AT + timedelta(hours=4)
    (of_the_case,) = case("at-least: 3, of: [a, b]", "a").due
    assert ([*map(str, of_the_case.what)], of_the_case.times, of_the_case.since) == (["a", "b"], 2, None)
    (all_of,) = case("together: [a, b, c]", "b").due
    assert ([*map(str, all_of.what)], all_of.together, all_of.since) == (["a", "c"], True, 1)
    assert case("must-happen: b", "a finish").due == ()
    assert case("must-happen: b, when: n > 3", "a[n=4]").due == (), "nobody knows yet whether it is demanded"
    assert [str(one.what[0]) for one in case("after: a, before: b", "a").due] == ["b"]


def test_time_alone_breaks_it_where_somebody_looks() -> None:
    rule = "after: a, there-must-be: b, within: 1 hour"
    assert case(rule, "a", as_of=AT + timedelta(hours=2)).deviations == ()
    (one,) = case(rule, "a", as_of=AT + timedelta(hours=3)).deviations
    assert (one.seq, one.values["due"], one.case) == (1, "2026-12-01T11:00:00Z", "1")
    assert one.message == "“a” (event 1) was not followed by “b” within 1 hour (until 2026-12-01T11:00:00Z)"


def test_who_kept_and_broke_it_and_when() -> None:
    one = standing("after: a, never: b", "a bo:b a")
    assert one.by_person == {"bo": Tally(kept=0, broken=1)}
    two = standing("before: a, there-must-be: b", "a bo:b cy:a")
    assert two.by_person == {"": Tally(kept=0, broken=1), "cy": Tally(kept=1, broken=0)}
    assert two.by_period == {"2026-12": Tally(kept=1, broken=1)}


def test_a_log_of_statuses_tells_of_steps_only() -> None:
    judge = Judge(office("must-happen: b"), statuses=True)
    audit = judge.audit(judge.begin("1"))
    assert audit.rules[0].status is RuleStatus.NOT_EXAMINED
    assert audit.not_examined == {"rule: r1": 1}
    seen = Judge(office("must-happen: enters there"), statuses=True)
    assert seen.audit(seen.begin("1")).rules[0].status is RuleStatus.VIOLATED_SO_FAR
