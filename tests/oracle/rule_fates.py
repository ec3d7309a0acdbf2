"""What becomes of the activations of a rule, and how that is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from tests.oracle.rule_people import NOBODY, OF_THE_CASE, Tallies, wronged
from tests.oracle.rule_words import Case, Fate, Told, both, named

MOST_NAMED = 20
STATES = ("kept", "broken", "pending", "unseen", "released")
"""What may become of an activation."""
MANNERS = ("", "each-time", "next")
CODES: Mapping[str, tuple[str, ...]] = {
    "after there-must-be": ("DV507", "DV509", "DV511"),
    "before there-must-be": ("DV508", "DV510", "DV512"),
    "after never": ("DV517", "DV517", "DV520"),
    "before never": ("DV518", "DV518", "DV521"),
}


class Found(NamedTuple):
    """One finding."""

    code: str
    seq: float | None
    """Of a position that nothing is on record of: between the events."""
    kind: str | None
    """None: a condition that is undecided (DV305)."""
    activations: tuple[int, ...] = ()
    more: int = 0
    target: float | None = None
    """Of what is forbidden; of what is missing or late: what came, and did not count because of who did it."""


@dataclass(frozen=True)
class Said:
    """All that is said of a rule in a case."""

    found: tuple[Found, ...]
    fates: tuple[Fate, ...]
    status: str
    owed: tuple[int, datetime | None]
    """How often something must still happen, and the soonest moment until when; None: before the end."""
    who: frozenset[str] = frozenset()
    """Who could do it; nobody: anybody."""
    since: int | None = None
    tallies: Tallies = NOBODY

    def count(self, state: str) -> int:
        return sum(one.state == state for one in self.fates)


Telling = tuple[list[Found], list[Fate]]


def triggers(case: Case, word: str, *, demand: bool) -> tuple[list[Found], list[Fate], list[int]]:
    """Return what is said of triggers that cannot be told, those that are unseen, and the positions that count."""
    found, unseen, active = list[Found](), list[Fate](), list[int]()
    for index in sorted({slot[0] for slot in case.slots(named(case.rule[word]))}):
        if demand and case.over(index):
            continue
        match case.sets_off(index):
            case "yes":
                active.append(index)
            case "asked":
                found.append(Found("DV305", case.number(index), None))
            case "unseen":
                unseen.append(Fate(index, "unseen", index))
    return found, unseen, active


def paired(case: Case, trigger: int, other: int, way: int, *, by: bool = True, forbidden: bool = False) -> Told:
    """Return whether what happens at `other` is what is demanded, or forbidden, by a trigger."""
    able = case.able(other) if by else True
    return both(case.alike(trigger, other), able, case.near(trigger, other, way, forbidden=forbidden))


def manner_of(case: Case) -> int:
    return next((number for number, one in enumerate(MANNERS) if case.rule.get(one)), 0)


def missed(case: Case, fates: Sequence[Fate], code: str, *, of_case: bool = False) -> list[Found]:
    """Return the findings of broken demands: one a position for what is missing, one an activation for what is late."""
    found = [
        Found(
            code,
            case.number(one.since),
            "late",
            *numbers_of(case, [] if of_case else [one.since]),
            target=wronged(case, _noticed(case, one), one.since),
        )
        for one in fates
        if one.kind == "late"
    ]
    for index in range(len(case.spots)):
        missed = [one.since for one in fates if one.kind == "missing" and one.at == index]
        if missed:
            wrong = wronged(case, index + 1, min(missed))
            found.append(
                Found(code, case.number(index), "missing", *numbers_of(case, [] if of_case else missed), target=wrong)
            )
    return found


def _noticed(case: Case, late: Fate) -> int:
    """Return the position before which a demand was seen to be late."""
    if late.at is None:
        return len(case.spots)
    return late.at + (case.form in OF_THE_CASE and "when" in case.rule)


def numbers_of(case: Case, positions: Sequence[int]) -> tuple[tuple[int, ...], int]:
    """Return the numbers of the events that set a rule off, as many as are named, and how many more."""
    numbers = sorted({seq for one in positions if (seq := case.spots[one].seq) is not None})
    return tuple(numbers[:MOST_NAMED]), len(numbers[MOST_NAMED:])
