"""What rules say of a case: every form as a definition over all its positions, quadratic and obvious.

Nothing is carried from one position to the next: what is said of a case so far is said anew from its beginning. So
what is said of an event is the difference between two cases of which one is an event longer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from tests.oracle.rule_bans import after_never, at_most, before_never, if_never, never, not_both, persons
from tests.oracle.rule_demands import (
    after,
    before,
    exactly,
    first,
    if_also,
    in_turn,
    last,
    must_happen,
    one_of,
    together,
)
from tests.oracle.rule_fates import MANNERS, STATES, Found, Said, Telling
from tests.oracle.rule_people import set_off_by, tallies, who_could
from tests.oracle.rule_words import Case, Fate, named

__all__ = ["STATES", "Fate", "Found", "Said", "told_of"]


def told_of(case: Case) -> Said:
    """Return what is said of the case by its rule."""
    found, fates = _FORMS[case.form](case)
    open_ones = _open(fates)
    return Said(
        tuple(dict.fromkeys(found)),
        tuple(fates),
        _status(case, fates),
        _owed(case, fates),
        who_could(case) if open_ones else frozenset(),
        set_off_by(case, open_ones),
        tallies(case, fates),
    )


def _open(fates: Sequence[Fate]) -> list[Fate]:
    """Return what is still demanded."""
    return [one for one in fates if one.state == "pending" and one.demanded and one.by is None]


def _owed(case: Case, fates: Sequence[Fate]) -> tuple[int, datetime | None]:
    """Return how often something must still happen, and the soonest moment until when."""
    open_ones = _open(fates)
    times = len(open_ones)
    if times and case.form in ("at-least of", "exactly of"):
        done = [case.able(index) for index, *_ in case.slots(named(case.rule["of"]))]
        times = case.rule[case.form.split()[0]] - (len(done) - done.count(False))
    flagged = case.form in ("must-happen", "at-least of", "any-of") and case.gaps(-1, len(case.spots) - 1)
    begun = [case.time(one.since) for one in open_ones if case.within is not None and not flagged]
    return times, min((at + case.within for at in begun if at is not None and case.within is not None), default=None)


def _status(case: Case, fates: Sequence[Fate]) -> str:
    states = {one.state for one in fates}
    if not states:
        return "never-activated"
    if "broken" in states:
        return "violated"
    if "released" in states:
        return "released"
    if states == {"unseen"}:
        return "not-examined"
    if case.end is not None:
        return "satisfied"
    if _open(fates):
        return "violated-so-far"
    return "satisfied" if _for_good(case, fates) else "satisfied-so-far"


def _for_good(case: Case, fates: Sequence[Fate]) -> bool:
    """Return True if no continuation can break what is kept."""
    free = not any(key in case.rule for key in ("within", "same", "different"))
    if case.form in ("must-happen", "at-least of", "any-of"):
        return "when" not in case.rule and any(one.state == "kept" for one in fates)
    if case.form in ("first", "together"):
        return any(one.state == "kept" for one in fates)
    if case.form == "before there-must-be":
        return free and not any(case.rule.get(one) for one in MANNERS[1:]) and _came(case, "there-must-be")
    return case.form == "if also" and free and _came(case, "also")


def _came(case: Case, word: str) -> bool:
    return any(case.able(index) is True for index, *_ in case.slots(named(case.rule[word])))


_FORMS: Mapping[str, Callable[[Case], Telling]] = {
    "must-happen": must_happen,
    "at-least of": must_happen,
    "any-of": must_happen,
    "exactly of": exactly,
    "at-most of": at_most,
    "first": first,
    "last": last,
    "if also": if_also,
    "after there-must-be": after,
    "before there-must-be": before,
    "after before": in_turn,
    "together": together,
    "one-of": one_of,
    "not-both": not_both,
    "never": never,
    "if never": if_never,
    "after never": after_never,
    "before never": before_never,
    "same-person": persons,
    "different-person": persons,
}
