"""Causes: the earliest deviation that explains that a rule was broken."""

from __future__ import annotations

from dataclasses import replace

from procflow.errors import Severity
from procflow.model.deviation import Deviation, Disposition
from procflow.model.rule import Breach, BreachKind
from procflow.monitors.rules.causes import with_causes


def plain(code: str, seq: int | None, action: str | None = None) -> Deviation:
    return Deviation(
        code=code, severity=Severity.MAJOR, message=f"{code} at {seq}", where=None, case="1", seq=seq, action=action
    )


def broken(
    kind: BreachKind,
    seq: int | None,
    action: str | None = None,
    *,
    by: tuple[int, ...] = (),
    target: int | None = None,
    rule: str = "r",
) -> Deviation:
    breach = Breach(rule=rule, clause=None, kind=kind, what=action or "x", activations=by, target=target)
    return replace(plain("DV507", seq, action), breach=breach)


MISSING, LATE, FORBIDDEN = BreachKind.MISSING, BreachKind.LATE, BreachKind.FORBIDDEN


def causes(*deviations: Deviation) -> list[str | None]:
    told = with_causes(deviations)
    assert [replace(one, cause=None) for one in told] == list(deviations), "nothing else is changed"
    return [None if one.cause is None else f"{one.cause.code}@{one.cause.seq}" for one in told]


def test_a_skipped_action_explains_that_it_was_missing_later() -> None:
    assert causes(plain("DV101", 3, "check"), broken(MISSING, 5, "check", by=(2,))) == [None, "DV101@3"]
    assert causes(plain("DV101", 3, "check"), broken(MISSING, 5, "send", by=(2,))) == [None, None]


def test_an_override_that_skipped_it_explains_it_as_well() -> None:
    skip = replace(plain("DV701", 3, "check"), disposition=Disposition.PERMITTED)
    assert causes(skip, broken(MISSING, None, "check")) == [None, "DV701@3"]


def test_what_was_late_explains_that_it_is_missing_in_the_end() -> None:
    assert causes(broken(LATE, 2, "send", by=(2,)), broken(MISSING, 9, "send", rule="s")) == [None, "DV507@2"]


def test_the_wrong_person_explains_it_if_that_is_why_it_did_not_count() -> None:
    wrong = plain("DV201", 3, "check")
    assert causes(wrong, broken(MISSING, 5, "check", target=3)) == [None, "DV201@3"]
    assert causes(wrong, broken(MISSING, 5, "check")) == [None, None], "it was done twice, by others"


def test_what_should_not_have_been_done_explains_what_it_set_off_and_what_it_did() -> None:
    assert causes(plain("DV102", 4, "ask"), broken(MISSING, 9, "answer", by=(4,))) == [None, "DV102@4"]
    assert causes(plain("DV105", 9, "ask"), broken(FORBIDDEN, 9, "ask", target=9)) == [None, "DV105@9"]
    assert causes(plain("DV202", 9, "ask"), broken(FORBIDDEN, 9, "ask", target=9)) == [None, None]


def test_the_earliest_counts_and_its_own_cause_before_it() -> None:
    skipped, other = plain("DV101", 2, "check"), plain("DV102", 4, "ask")
    missing = broken(MISSING, 6, "check", by=(4,))
    assert causes(skipped, other, missing) == [None, None, "DV101@2"]
    late = broken(LATE, 2, "send", by=(4,))
    assert causes(other, late, broken(MISSING, 9, "send", rule="s")) == [None, "DV102@4", "DV102@4"]


def test_nothing_later_and_nothing_that_was_prevented_explains_anything() -> None:
    missing = broken(MISSING, 5, "check")
    assert causes(missing, plain("DV101", 6, "check")) == [None, None]
    prevented = replace(plain("DV102", 4, "ask"), disposition=Disposition.PREVENTED)
    assert causes(prevented, broken(MISSING, 9, "answer", by=(4,))) == [None, None]
