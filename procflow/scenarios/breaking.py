"""Breaking: stories in which a rule is set off, and stories in which it is broken, by steps that are allowed if that can be.

What breaks a rule is mostly a way through the procedure that comes by what sets the rule off and not by what it
demands. So ways are looked for leg by leg: to one thing, and round another. Where the procedure itself sees to it that
a rule is kept, something is left out or done out of its turn, as whoever does not keep to it would.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice

from procflow.model.deviation import Deviation
from procflow.model.procedure import Procedure
from procflow.model.rule import BreachKind, Form, HappeningKind, Manner, Rule
from procflow.model.scenario import Person
from procflow.scenarios.drafting import ANA, Draft, Entry, draft_of
from procflow.scenarios.legs import MOST_WAYS, Fits, Leg, Legs, any_of, not_, nothing
from procflow.scenarios.searching import Search

_MOST_DRAFTS = 60
"""Stories tried for one rule: so many that are allowed, and so many that are not."""
_MOST_PLACES = 12
_UNITS = (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1))


class Breaker:
    """Writes stories that set a rule off, and stories that break it."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.legs = Legs(search)
        self.procedure = search.automaton.procedure

    def set_off(self, rule: Rule) -> Iterator[Draft]:
        """Yield stories in which a rule may be set off, shortest first: first those that go on to an end."""
        legs = self._setting_off(rule)
        ways = list(islice(self.legs.ways(legs, rule.when), MOST_WAYS))
        yield from (draft_of(self.search, one) for one in self.legs.ended(ways, avoided=nothing))
        yield from (draft_of(self.search, one) for one in ways)

    def broken(self, rule: Rule) -> Iterator[Draft]:
        """Yield stories in which a rule may be broken, the likeliest first."""
        yield from islice(self._by_allowed_steps(rule), _MOST_DRAFTS)
        yield from islice(self._out_of_order(rule), _MOST_DRAFTS)

    def _by_allowed_steps(self, rule: Rule) -> Iterator[Draft]:
        in_order = list(islice(self._in_order(rule), _MOST_DRAFTS // 3))
        for draft in in_order:
            yield from _by_others(draft, rule, self.procedure)
            yield from _delayed(draft, rule)
        yield from in_order

    # -- ways that are allowed --

    def _in_order(self, rule: Rule) -> Iterator[Draft]:
        for legs, avoided in self._plans(rule):
            ways = list(islice(self.legs.ways(legs, rule.when), MOST_WAYS))
            yield from (draft_of(self.search, one) for one in self.legs.ended(ways, avoided=avoided))
            yield from (draft_of(self.search, one) for one in ways)

    def _plans(self, rule: Rule) -> Iterator[tuple[Sequence[Leg], Fits]]:
        """Yield legs to go, and what to go round on the way from there to an end."""
        triggers, targets = any_of(rule.triggers), any_of(rule.targets)
        match rule.form:
            case Form.MUST_HAPPEN | Form.AT_LEAST | Form.ANY_OF:
                yield (), targets
            case Form.ONE_OF:
                yield (), targets
                yield from self._one_then_another(rule)
            case Form.NOT_BOTH | Form.SAME_PERSON | Form.DIFFERENT_PERSON:
                yield from self._one_then_another(rule)
            case Form.TOGETHER:
                for left_out in rule.targets:
                    others = any_of([one for one in rule.targets if one != left_out])
                    yield (Leg(to=others, round=any_of([left_out]), when=True),), any_of([left_out])
            case Form.NEVER:
                yield (Leg(to=targets, round=nothing, when=True),), nothing
            case Form.EXACTLY | Form.AT_MOST:
                again = Leg(to=targets, round=nothing, when=True)
                yield [again] * ((rule.number or 0) + 1), nothing
                if rule.form is Form.EXACTLY:
                    yield [again] * max((rule.number or 0) - 1, 0), targets
            case Form.FIRST:
                yield (Leg(to=not_(targets), round=targets, when=True),), nothing
            case Form.LAST:
                yield (), nothing
                yield (Leg(to=targets, round=nothing), Leg(to=not_(targets), round=targets)), nothing
            case Form.IF_ALSO | Form.AFTER:
                yield from self._without(rule, triggers, targets)
            case Form.BEFORE:
                yield from self._without_before(rule, triggers, targets)
            case Form.IN_TURN:
                yield from self._without(rule, triggers, targets)
                yield from self._without_before(rule, targets, triggers)
            case Form.IF_NEVER:
                yield (Leg(to=triggers, round=nothing, when=True), Leg(to=targets, round=nothing)), nothing
                yield (Leg(to=targets, round=nothing), Leg(to=triggers, round=nothing, when=True)), nothing
            case Form.AFTER_NEVER:
                yield (Leg(to=triggers, round=nothing, when=True), Leg(to=targets, round=nothing)), nothing
            case Form.BEFORE_NEVER:
                yield (Leg(to=targets, round=nothing), Leg(to=triggers, round=nothing, when=True)), nothing

    def _without(self, rule: Rule, triggers: Fits, targets: Fits) -> Iterator[tuple[Sequence[Leg], Fits]]:
        """Yield ways by what sets a rule off, and on without what is demanded then."""
        # What came before is of no use, unless the order does not matter.
        first = Leg(to=triggers, round=targets if rule.form is Form.IF_ALSO else nothing, when=True)
        opened = any(one.kind is HappeningKind.OPENS for one in rule.triggers)
        yield (() if opened else (first,)), targets
        # Before what is demanded something else may come, or the same once more.
        anything = Leg(to=not_(targets), round=targets)
        if rule.manner is Manner.NEXT:
            yield (first, anything), nothing
        elif rule.manner is Manner.EACH_TIME:
            yield (first, Leg(to=triggers, round=targets, when=True)), nothing
        # In time or not, it is done in the end.
        yield ((Leg(to=targets, round=nothing),) if opened else (first, Leg(to=targets, round=nothing))), nothing

    def _without_before(self, rule: Rule, triggers: Fits, targets: Fits) -> Iterator[tuple[Sequence[Leg], Fits]]:
        """Yield ways to what sets a rule off that do not come by what must have been done."""
        yield (Leg(to=triggers, round=targets, when=True),), nothing
        before = Leg(to=targets, round=nothing)
        if rule.manner is Manner.EACH_TIME:
            again = Leg(to=triggers, round=targets, when=True)
            yield (before, Leg(to=triggers, round=nothing, when=True), again), nothing
        if rule.manner is Manner.NEXT:
            yield (before, Leg(to=not_(targets), round=triggers), Leg(to=triggers, round=targets, when=True)), nothing
        yield (before, Leg(to=triggers, round=nothing, when=True)), nothing

    def _one_then_another(self, rule: Rule) -> Iterator[tuple[Sequence[Leg], Fits]]:
        for first in rule.targets:
            others = any_of([one for one in rule.targets if one != first])
            one = Leg(to=any_of([first]), round=nothing, when=True)
            yield (one, Leg(to=others, round=nothing, when=True)), nothing

    def _setting_off(self, rule: Rule) -> Sequence[Leg]:
        if rule.form in (Form.SAME_PERSON, Form.DIFFERENT_PERSON):
            return next(iter(self._one_then_another(rule)))[0]
        wanted = rule.triggers or rule.targets
        if any(one.kind in (HappeningKind.OPENS, HappeningKind.ENDS) for one in wanted) or not rule.triggers:
            # The case itself does, now or at its end.
            at_once = rule.form in (Form.NOT_BOTH, Form.TOGETHER)
            return (Leg(to=any_of(wanted), round=nothing, when=True),) if at_once else ()
        return (Leg(to=any_of(wanted), round=nothing, when=True),)

    # -- ways that are not --

    def _out_of_order(self, rule: Rule) -> Iterator[Draft]:
        """Yield stories in which something demanded is left out, or something forbidden comes out of its turn."""
        named = [one.name for one in (*rule.targets, *rule.triggers) if one.kind is HappeningKind.ACTION]
        whole = [
            draft_of(self.search, one) for one in islice(self.legs.ended(list(self.search.start()), avoided=nothing), 2)
        ]
        legs = self._setting_off(rule)
        ways = list(islice(self.legs.ways(legs, rule.when), MOST_WAYS)) if legs else []
        whole += [draft_of(self.search, one) for one in (*self.legs.ended(ways, avoided=nothing), *ways)]
        for draft in whole:
            for name in named:
                kept = tuple(one for one in draft.entries if one.action != name)
                if kept and len(kept) < len(draft.entries):
                    yield replace(draft, entries=kept)
                yield from _leaving(draft, name)
        for draft in whole:
            for name in named:
                for at in range(len(draft.entries), -1, -1):
                    yield self._inserted(draft, name, at)

    def _inserted(self, draft: Draft, name: str, at: int) -> Draft:
        """Return a story in which an action is done although it is not due."""
        by = self._who(name)
        entry = (
            replace(draft.entries[-1], by=by, action=name, data={}, without=(), wait=None) if draft.entries else None
        )
        if entry is None:
            return draft
        return replace(draft, entries=(*draft.entries[:at], entry, *draft.entries[at:]))

    def _who(self, action: str) -> str:
        for step in self.procedure.steps.values():
            items = step.checklist.items if step.checklist is not None else ()
            found = step.actions.get(action)
            by = (found.by if found is not None else None) or step.whose_turn
            if (found is not None or action in items) and by is not None and by.role in self.procedure.roles:
                return str(by.role)
        return next(iter(self.procedure.roles), ANA)


def _leaving(draft: Draft, name: str) -> Iterator[Draft]:
    """Yield the story without an item of a checklist: at one of its actions, then at all of them."""
    lacking = [replace(one, without=(*one.without, name)) for one in draft.entries]
    for at, one in enumerate(lacking):
        yield replace(draft, entries=(*draft.entries[:at], one, *draft.entries[at + 1 :]))
    yield replace(draft, entries=tuple(lacking))


def mended(draft: Draft, deviations: Iterable[Deviation], procedure: Procedure) -> Iterator[Draft]:
    """Yield the story with what rules miss in it, if that can be done at any time."""
    broken = [one.breach for one in deviations if one.unexcused and one.breach is not None]
    missing = [one.what for one in broken if one.kind is BreachKind.MISSING and one.what in procedure.anytime]
    for name in dict.fromkeys(missing):
        by = procedure.anytime[name].by
        who = by.role if by is not None and by.role in procedure.roles else next(iter(procedure.roles), ANA)
        for at in range(min(len(draft.entries), _MOST_PLACES) + 1):
            entry = Entry(by=str(who), action=name)
            yield replace(draft, entries=(*draft.entries[:at], entry, *draft.entries[at:]))


# --- who, and when -------------------------------------------------------------------------------------------------


def _by_others(draft: Draft, rule: Rule, procedure: Procedure) -> Iterator[Draft]:
    """Yield the story with other people in it, as far as the rule is about them."""
    if rule.form is Form.SAME_PERSON or "person" in rule.same:
        yield from _each_by_another(draft, rule)
    if rule.form is Form.DIFFERENT_PERSON or "person" in rule.different:
        named = frozenset(one.name for one in (*rule.targets, *rule.triggers))
        yield _all_by_one(draft, named)
        # Items of a checklist are done by whoever acts then.
        yield _all_by_one(draft, frozenset(one.action for one in draft.entries))
    if rule.by is not None and rule.by.role is not None:
        demanded = {one.name for one in rule.targets}
        for role in procedure.roles:
            if role != rule.by.role:
                entries = tuple(replace(one, by=role) if one.action in demanded else one for one in draft.entries)
                yield replace(draft, entries=entries)


def _each_by_another(draft: Draft, rule: Rule) -> Iterator[Draft]:
    """Yield the story with somebody else of the same role at one of the things that a rule speaks of."""
    named = {one.name for one in (*rule.targets, *rule.triggers)}
    for at, entry in reversed(list(enumerate(draft.entries))):
        if entry.action in named:
            person = draft.people.get(entry.by)
            roles = person.roles if person is not None else frozenset({entry.by})
            other = f"another-{entry.by}"
            people = {**draft.people, other: Person(id=other, roles=roles)}
            entries = (*draft.entries[:at], replace(entry, by=other), *draft.entries[at + 1 :])
            yield replace(draft, people=people, entries=entries)


def _all_by_one(draft: Draft, named: frozenset[str]) -> Draft:
    """Return the story with one person at all these actions, who holds all the roles it takes."""
    theirs = [one for one in draft.entries if one.action in named]
    roles = frozenset(
        role
        for one in theirs
        for role in (draft.people[one.by].roles if one.by in draft.people else frozenset({one.by}))
    )
    entries = tuple(replace(one, by=ANA) if one.action in named else one for one in draft.entries)
    used = {one.by for one in entries}
    people = {name: one for name, one in draft.people.items() if name in used}
    return replace(draft, people={ANA: Person(id=ANA, roles=roles), **people}, entries=entries)


def _delayed(draft: Draft, rule: Rule) -> Iterator[Draft]:
    """Yield the story with more time passing than the rule allows: before each thing that is done, and at the end."""
    if rule.within is None:
        return
    late = _longer(rule.within.longest)
    for at in range(len(draft.entries) - 1, -1, -1):
        entries = list(draft.entries)
        entries[at] = replace(entries[at], wait=late)
        yield replace(draft, entries=tuple(entries))
    yield replace(draft, wait=late)


def _longer(length: timedelta) -> timedelta:
    """Return a length that is longer by one of the unit people would say it in: 3 days for 2, 5 hours for 4."""
    return length + next(unit for unit in _UNITS if not length % unit)
