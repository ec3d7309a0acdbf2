"""Whom rules name: who kept and broke them and when, who could still do what is demanded, and who did it wrongly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tests.oracle.rule_words import Case, Fate, form_of, named

_TARGETS: Mapping[str, str] = {
    "must-happen": "must-happen",
    "at-least of": "of",
    "exactly of": "of",
    "any-of": "any-of",
    "one-of": "one-of",
    "first": "first",
    "last": "last",
    "if also": "also",
    "after there-must-be": "there-must-be",
    "before there-must-be": "there-must-be",
    "after before": "before",
    "together": "together",
}
"""What each form demands."""
OF_THE_CASE = ("must-happen", "at-least of", "exactly of", "any-of", "one-of", "first", "last")
_KEPT_BY_NOBODY = ("never", "at-most of", "exactly of", "one-of", "last", "not-both", "if never", "after never")
"""Forms that nothing but the end of a case keeps."""
_READ_AT_THE_END = ("must-happen", "at-least of", "any-of")
"""Likewise, if there is a `when`: only the end says whether it was asked for."""
_WRONGED = ("must-happen", "at-least of", "any-of", "first", "if also", "after there-must-be", "before there-must-be")
"""Forms that say who did what was demanded, and was not one who may."""


class Tallies(NamedTuple):
    """How often a rule was kept and broken, by person and by month."""

    by_person: Mapping[str, tuple[int, int]]
    by_period: Mapping[str, tuple[int, int]]


NOBODY = Tallies({}, {})


def tallies(case: Case, fates: Sequence[Fate]) -> Tallies:
    """Return who kept and broke a rule, and when."""
    people, months = dict[str, Counter[str]](), dict[str, Counter[str]]()
    for one in fates:
        if one.state in ("kept", "broken"):
            people.setdefault(_hand(case, one), Counter())[one.state] += 1
            months.setdefault(_month(case, one), Counter())[one.state] += 1
    return Tallies(_plain(people), _plain(months))


def _plain(counted: Mapping[str, Counter[str]]) -> Mapping[str, tuple[int, int]]:
    return {name: (some["kept"], some["broken"]) for name, some in counted.items()}


def _hand(case: Case, one: Fate) -> str:
    """Return who kept or broke it; "" where that is nobody's work: what never came, and what never had to."""
    if one.at is None or (one.state == "broken" and one.kind != "forbidden"):
        return ""
    if one.state == "kept" and (
        case.form in _KEPT_BY_NOBODY or (case.form in _READ_AT_THE_END and "when" in case.rule)
    ):
        return ""
    blamed = one.by if one.state == "broken" and one.by is not None else one.at
    return case.spots[blamed].actor or ""


def _month(case: Case, one: Fate) -> str:
    index = case.end if one.state == "kept" and case.form in _KEPT_BY_NOBODY else one.at
    at = None if index is None else case.spots[index].at or case.spots[index].now
    since = case.time(one.since)
    if one.kind == "late" and since is not None and case.within is not None:
        at = since + case.within
    return at.strftime("%Y-%m") if at is not None else ""


def who_could(case: Case) -> frozenset[str]:
    """Return the roles that could do what is still demanded; none if anybody could, or if that depends on the data."""
    by = case.rule.get("by", "any")
    if by != "any":
        return frozenset([by] if isinstance(by, str) else [])
    found = set[str]()
    for one in named(case.rule[_TARGETS[case.form]]):
        if case.form == "together" and case.slots([one]):
            continue
        roles = _roles(case.procedure, one.removeprefix("starts "))
        if not roles:
            return frozenset()
        found |= roles
    return frozenset(found)


def _roles(procedure: Mapping[str, Any], action: str) -> set[str]:
    where, _, name = action.rpartition(".")
    steps = procedure["steps"].items()
    asked = [one.get("by") for step, one in steps if where in ("", step) and name in one.get("actions", ())]
    return {by for by in asked if isinstance(by, str)} if None not in asked else set()


def set_off_by(case: Case, fates: Sequence[Fate]) -> int | None:
    """Return which event set off the earliest of these demands; None if the case itself did."""
    if case.form in OF_THE_CASE or not fates:
        return None
    since = [one.since for one in fates]
    if case.within is not None:  # the first that is due, even if it is on record as a later one
        since.sort(key=lambda index: (case.time(index) is None, case.time(index), index))
    return case.spots[since[0]].seq


def wronged(case: Case, before: int, since: int) -> int | None:
    """Return what was demanded and does not count because of who did it: the latest before a position.

    `since`: the earliest position that set it off; what must come after it cannot have come before.
    """
    if case.form not in _WRONGED or case.rule.get("next") or "by" not in case.rule:
        return None
    targets = named(case.rule[_TARGETS[case.form]])
    wrong = [index for index, *_ in case.slots(targets) if index < before and case.able(index) is False]
    if case.form.startswith("before"):
        here = case.slots(named(case.rule["before"]), since)[0]
        slots = [slot for slot in case.slots(targets) if slot < here]
        if case.rule.get("each-time"):  # what sets it off is not what must come between it and the next
            own = {index: case.slots(named(case.rule["before"]), index)[:1] for index, *_ in slots}
            slots = [slot for slot in slots if slot not in own[slot[0]] or case.sets_off(slot[0]) != "yes"]
        wrong = [index for index, *_ in slots if case.able(index) is False]
    if case.form == "first":
        wrong = [index for index in wrong if index == since]
    if case.form.startswith("after"):
        wrong = [index for index in wrong if index > since]
    return case.spots[max(wrong)].seq if wrong else None


def demanded(rule: Mapping[str, Any], code: str) -> tuple[str | None, str | None]:
    """Return the step and the action that a finding of this class says are missing: of several the first."""
    form = form_of(rule)
    word = "after" if form == "after before" and code in ("DV508", "DV510", "DV512") else _TARGETS[form]
    one = named(rule[word])[0]
    kind, _, name = one.rpartition(" ")
    if kind in ("enters", "leaves"):
        return name, None
    if kind == "case":
        return None, None
    step, _, action = name.rpartition(".")
    return step or None, action
