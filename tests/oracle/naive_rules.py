"""Whether a finished sequence of events keeps a rule, from the definitions in docs/language.md: quadratic and obvious.

A sequence is a list of events, the opening first; an event is what happens with it in order, who did it, when and with
which value. It ends with its last event. This knows nothing of automata, and shares nothing with lint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from procflow.model.rule import PERSON, Form, Happening, HappeningKind, Manner, Rule


@dataclass(frozen=True, slots=True)
class Happened:
    """One event: what happens, in order."""

    things: tuple[Happening, ...]
    kind: str = "action"
    """`opening`, `action`, `start` or `closing`."""
    hours: int = 0
    """Since the opening."""
    value: int = 0
    person: str = "ana"
    roles: frozenset[str] = frozenset()


Place = tuple[int, int]
"""An event, and the place in it; an action has one place, whatever it is called."""


class Naive:
    """One sequence, asked about rules."""

    def __init__(self, events: Sequence[Happened]) -> None:
        self.events = events

    def places(self, wanted: Sequence[Happening]) -> list[Place]:
        """Return where any of some happenings is."""
        return sorted(
            {
                (at, _place(event.things, index))
                for at, event in enumerate(self.events)
                for index, one in enumerate(event.things)
                if one in wanted
            }
        )

    def keeps(self, rule: Rule) -> bool:
        """Return True if the sequence keeps the rule."""
        if rule.form is Form.IN_TURN:
            return self._after(rule, rule.triggers, rule.targets) and self._before(rule, rule.targets, rule.triggers)
        x = [place for place in self.places(rule.targets) if self._may(rule, place)]
        match rule.form:
            case Form.MUST_HAPPEN | Form.ANY_OF:
                return bool(x)
            case Form.NEVER:
                return not x
            case Form.AT_LEAST:
                return len(x) >= (rule.number or 0)
            case Form.AT_MOST:
                return len(x) <= (rule.number or 0)
            case Form.EXACTLY:
                return len(x) == rule.number
            case Form.FIRST | Form.LAST:
                counted = self._counted(rule)
                if not counted:
                    return True
                at = counted[0] if rule.form is Form.FIRST else counted[-1]
                return any(place[0] == at for place in x)
            case Form.TOGETHER:
                there = [bool(self.places([one])) for one in rule.targets]
                return all(there) or not any(there)
            case Form.ONE_OF:
                there = [any(self._may(rule, place) for place in self.places([one])) for one in rule.targets]
                return sum(there) == 1
            case Form.NOT_BOTH:
                one, other = (self.places([each]) for each in rule.targets)
                return not any(self._fits(rule, min(a, b), max(a, b)) for a in one for b in other if a != b)
            case Form.SAME_PERSON | Form.DIFFERENT_PERSON:
                return self._persons(rule)
            case Form.AFTER:
                return self._after(rule, rule.triggers, rule.targets)
            case Form.BEFORE:
                return self._before(rule, rule.triggers, rule.targets)
            case Form.IF_ALSO:
                return all(any(self._fits(rule, t, one) for one in x) for t in self.places(rule.triggers))
            case Form.IF_NEVER:
                return not any(self._fits(rule, t, one) for t in self.places(rule.triggers) for one in x if one != t)
            case Form.AFTER_NEVER:
                return not any(
                    one > t and self._fits(rule, t, one) and self._is_next(rule, t, one)
                    for t in self.places(rule.triggers)
                    for one in x
                )
            case Form.BEFORE_NEVER:
                return not any(
                    one < t and self._fits(rule, t, one) and self._is_next(rule, one, t, back=True)
                    for t in self.places(rule.triggers)
                    for one in x
                )

    def _after(self, rule: Rule, triggers: Sequence[Happening], targets: Sequence[Happening]) -> bool:
        every = self.places(triggers)
        for t in every:
            later = [one for one in self.places(targets) if one > t and self._fits(rule, t, one)]
            later = [one for one in later if self._may(rule, one) and self._is_next(rule, t, one)]
            if rule.manner is Manner.EACH_TIME:
                onward = [one for one in every if one > t and self._is_alike(rule, t, one)]
                later = [one for one in later if not onward or one <= onward[0]]
            if not later:
                return False
        return True

    def _before(self, rule: Rule, triggers: Sequence[Happening], targets: Sequence[Happening]) -> bool:
        every = self.places(triggers)
        for t in every:
            earlier = [one for one in self.places(targets) if one < t and self._fits(rule, t, one)]
            earlier = [one for one in earlier if self._may(rule, one) and self._is_next(rule, one, t, back=True)]
            if rule.manner is Manner.EACH_TIME:
                past = [one for one in every if one < t and self._is_alike(rule, t, one)]
                earlier = [one for one in earlier if not past or one >= past[-1]]
            if not earlier:
                return False
        return True

    def _persons(self, rule: Rule) -> bool:
        for here in rule.targets:
            for other in rule.targets:
                for at in self.places([here]) if other != here else ():
                    past = [one for one in self.places([other]) if one < at]
                    who = [self.events[one[0]].person == self.events[at[0]].person for one in past]
                    if rule.form is Form.SAME_PERSON and past and not who[-1]:
                        return False
                    if rule.form is Form.DIFFERENT_PERSON and any(who):
                        return False
        return True

    def _may(self, rule: Rule, place: Place) -> bool:
        return rule.by is None or rule.by.role is None or rule.by.role in self.events[place[0]].roles

    def _fits(self, rule: Rule, one: Place, other: Place) -> bool:
        """Return True if two events have in common what the rule asks, and are as near as it asks."""
        here, there = self.events[one[0]], self.events[other[0]]
        if rule.within is not None and timedelta(hours=abs(here.hours - there.hours)) > rule.within.longest:
            return False
        return self._is_alike(rule, one, other) and all(
            here.person != there.person if name == PERSON else here.value != there.value for name in rule.different
        )

    def _is_alike(self, rule: Rule, one: Place, other: Place) -> bool:
        here, there = self.events[one[0]], self.events[other[0]]
        return all(here.person == there.person if name == PERSON else here.value == there.value for name in rule.same)

    def _counted(self, rule: Rule) -> list[int]:
        kinds = {one.kind for one in (*rule.triggers, *rule.targets)}
        for_kind = {
            "opening": HappeningKind.OPENS in kinds,
            "action": True,
            "start": HappeningKind.STARTS in kinds,
            "closing": HappeningKind.ENDS in kinds,
        }
        return [at for at, event in enumerate(self.events) if for_kind[event.kind]]

    def _is_next(self, rule: Rule, one: Place, other: Place, *, back: bool = False) -> bool:
        """Return True if nothing lies between two places, `one` before `other`, where the rule asks for that."""
        if rule.manner is not Manner.NEXT or one[0] == other[0]:
            return True
        counted = self._counted(rule)
        if back:
            return one[0] == max((at for at in counted if at < other[0]), default=None)
        return other[0] == min((at for at in counted if at > one[0]), default=None)


def _place(things: Sequence[Happening], index: int) -> int:
    """Return the place in an event: the names of one action stand side by side, and have one place."""
    one = things[index]
    while index and one.kind is HappeningKind.ACTION and things[index - 1].kind is HappeningKind.ACTION:
        index -= 1
    return index
