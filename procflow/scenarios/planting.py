"""Planting: stories in which somebody deviates in one certain way, so that a control can show that it works."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from procflow.automaton.alternatives import NoteKind
from procflow.model.hand_off import ASKED_WHOM, KNOWN_SINCE, QUESTION, REFUSE, REFUSED_FOR, TAKE_CASE, HandOffs
from procflow.model.procedure import ANY
from procflow.model.scenario import REASON, Doing, Person, Point, Scenario
from procflow.monitors.moment import who_may
from procflow.scenarios.drafting import ANA, Draft, Entry, draft_of
from procflow.scenarios.samples import moment
from procflow.scenarios.searching import Search, Taken, Way

_MOST_DRAFTS = 40
"""Stories tried for one way to deviate."""
_A_RETURN = 2
"""Entries of a story: work is handed over, and given back."""
_MOST_RETURNS = 10
_STRANGER = "stranger"
"""Somebody who holds no role."""

Edge = tuple[Way, Taken, Way | None]


class Planter:
    """Writes stories that deviate, from the ways through a procedure."""

    def __init__(self, search: Search, edges: Sequence[Edge]) -> None:
        self.search = search
        self.procedure = search.automaton.procedure
        self.edges = edges
        self.kinds: Mapping[str, Callable[[str], Iterator[Draft]]] = {
            "DV101": self._skipped,
            "DV102": self._out_of_turn,
            "DV104": lambda _: self._flawed(NoteKind.NOT_MET),
            "DV108": lambda _: self._flawed(NoteKind.TOO_MANY),
            "DV201": self._by_a_stranger,
            "DV202": self._by_the_same,
            "DV208": self._by_the_barred,
            "DV301": lambda _: self._left_out(lambda one: one.spot.required),
            "DV303": lambda _: self._left_out(lambda one: one.spot.proofs),
            "DV306": lambda _: self._left_out(_reason),
            "DV601": self._unowned,
            "DV603": lambda _: self._not_there(),
            "DV604": lambda _: self._refused_for_the_form(),
            "DV605": lambda _: self._left_out(self._requests),
            "DV607": lambda _: self._back_and_forth(),
            "DV613": lambda _: self._risk_kept_back(),
        }

    def drafts(self, point: Point) -> Iterator[Draft]:
        """Yield stories that may show a way to deviate, the likeliest first."""
        _, code, step = point.key
        yield from islice(self.kinds[code](step), _MOST_DRAFTS)

    def title(self, point: Point, scenario: Scenario) -> str:
        """Return what a story of a deviation is called."""
        _, code, step = point.key
        last = next(one for one in reversed(scenario.doings) if isinstance(one, Doing))
        left_out = ", ".join(sorted(last.without))
        return {
            "DV101": f"Something is skipped before {last.action}",
            "DV102": f"Out of its turn: {last.action}",
            "DV104": f"Its condition does not hold: {last.action}",
            "DV108": f"Too often: {last.action}",
            "DV201": f"By somebody who may not: {last.action}",
            "DV202": f"One person on both sides of the four eyes of {step}",
            "DV208": f"Somebody who is barred acts in {step}",
            "DV301": f"Without {left_out}: {last.action}",
            "DV303": f"Without the proof {left_out}: {last.action}",
            "DV306": f"Without a reason: {last.action}",
            "DV601": f"Nobody answers for the case: {last.action}",
            "DV603": f"Handed over without {left_out}: {last.action}",
            "DV604": "Given back for its form, and nothing is missing",
            "DV605": f"Without saying {left_out}: {last.action}",
            "DV607": f"Back and forth: {last.action}",
            "DV613": f"A risk that was known before: {last.action}",
        }[code]

    # -- flow --

    def _skipped(self, _: str) -> Iterator[Draft]:
        for way in self._ways():
            assert way.taken is not None
            for item in way.taken.spot.items:
                yield _without(draft_of(self.search, way), (item,))
        for way in self._ways():
            draft = draft_of(self.search, way)
            for index in range(len(draft.entries) - 1):
                yield replace(draft, entries=(*draft.entries[:index], *draft.entries[index + 1 :]))

    def _out_of_turn(self, _: str) -> Iterator[Draft]:
        for way in self._ways():
            draft = draft_of(self.search, way)
            yield replace(draft, entries=(*draft.entries, draft.entries[-1]))
            if way.length > 1:
                yield replace(draft, entries=draft.entries[-1:])
            for other in self._ways():
                if other.length > way.length + 1:
                    ahead = draft_of(self.search, other)
                    last = ahead.entries[-1]
                    people = {name: one for name, one in ahead.people.items() if name == last.by} | dict(draft.people)
                    yield replace(draft, people=people, entries=(*draft.entries, last))

    def _flawed(self, kind: NoteKind) -> Iterator[Draft]:
        for way, taken, _ in self.edges:
            if taken.flaws == {kind}:
                yield draft_of(self.search, self._with(way, taken))

    # -- people --

    def _by_a_stranger(self, _: str) -> Iterator[Draft]:
        for way in self._ways():
            assert way.taken is not None
            by = who_may(way.taken.step, way.taken.spot.action)
            if by is not None and by.role == ANY:
                continue
            draft = draft_of(self.search, way)
            last = draft.entries[-1]
            others = [role for role in self.procedure.roles if role != last.by and by is not None and role != by.role]
            for role in others:
                yield _ending(draft, replace(last, by=role))
            people = {**draft.people, _STRANGER: Person(id=_STRANGER, roles=frozenset())}
            yield _ending(replace(draft, people=people), replace(last, by=_STRANGER))

    def _by_the_same(self, step: str) -> Iterator[Draft]:
        sides = {step, *self.procedure.steps[step].four_eyes}
        for way in self._ways(step):
            draft = draft_of(self.search, way)
            inside = [taken.step is not None and taken.step.id in sides for taken in way.entries()]
            if sum(inside) < 2:
                continue
            pairs = list(zip(draft.entries, inside, strict=True))
            roles = frozenset(role for entry, same in pairs if same for role in self._roles(draft, entry.by))
            people = {
                name: one for name, one in draft.people.items() if any(e.by == name for e, same in pairs if not same)
            }
            entries = tuple(replace(entry, by=ANA) if same else entry for entry, same in pairs)
            yield replace(draft, people={ANA: Person(id=ANA, roles=roles), **people}, entries=entries)

    def _by_the_barred(self, step: str) -> Iterator[Draft]:
        for way in self._ways(step):
            draft = draft_of(self.search, way)
            for name in self.procedure.steps[step].not_by:
                if name in way.known and name not in draft.given:
                    yield replace(draft, given={**draft.given, name: draft.entries[-1].by})

    def _roles(self, draft: Draft, name: str) -> frozenset[str]:
        person = draft.people.get(name)
        return person.roles if person is not None else frozenset({name})

    # -- what is missing --

    def _left_out(self, what: Callable[[Taken], Sequence[str]]) -> Iterator[Draft]:
        for way in self._ways():
            assert way.taken is not None
            draft = draft_of(self.search, way)
            names = list(what(way.taken))
            # What no condition reads can be missing without anything else going wrong.
            for name in sorted(names, key=lambda one: (one in draft.given, names.index(one))):
                given = {field: value for field, value in draft.given.items() if field != name}
                yield _without(replace(draft, given=given), (name,))

    def _requests(self, taken: Taken) -> Sequence[str]:
        ask = taken.spot.action.ask if taken.spot.action is not None else None
        if ask is not None:
            return [ASKED_WHOM, QUESTION] if ask.to == ANY else [QUESTION]
        return [name for entered in taken.move.entered for name in self.procedure.steps[entered].requests]

    # -- hand-offs --

    def _unowned(self, _: str) -> Iterator[Draft]:
        """Yield stories in which nobody takes the case: in order, and with a stranger where its owner would act."""
        for draft in (draft_of(self.search, way) for way in self._ways()):
            yield _without(draft, (TAKE_CASE,))
        yield from (_without(draft, (TAKE_CASE,)) for draft in self._by_a_stranger(""))

    def _not_there(self) -> Iterator[Draft]:
        """Yield stories in which work is handed over without something that must be there."""
        for way in self._ways():
            for rule in self._offered(way):
                draft = draft_of(self.search, way)
                for name in (*rule.needs, *rule.proofs, *rule.form):
                    given = {field: value for field, value in draft.given.items() if field != name}
                    entries = tuple(replace(one, without=(name,)) for one in draft.entries)
                    yield _without(replace(draft, given=given), (name,))
                    yield replace(draft, given=given, entries=entries)

    def _offered(self, way: Way) -> Iterator[HandOffs]:
        """Yield what is demanded of the work that the last action of a way puts on offer."""
        before = set(way.before.at.offered_steps()) if way.before is not None else set()
        for name in way.at.offered_steps():
            rule = self.procedure.steps[name].hand_offs
            if rule is not None and name not in before:
                yield rule

    def _refusals(self) -> Iterator[tuple[Taken, Draft]]:
        for way in self._ways():
            if way.taken is not None and way.taken.name == REFUSE:
                yield way.taken, draft_of(self.search, way)

    def _refused_for_the_form(self) -> Iterator[Draft]:
        for taken, draft in self._refusals():
            rule = taken.step.hand_offs if taken.step is not None else None
            if rule is not None and rule.form:
                yield _ending(draft, replace(draft.entries[-1], data={REFUSED_FOR: "form"}))

    def _back_and_forth(self) -> Iterator[Draft]:
        """Yield stories in which work is given back as often as is too often."""
        for taken, draft in self._refusals():
            rule = taken.step.hand_offs if taken.step is not None else None
            if rule is None or rule.returns_at_most is None or len(draft.entries) < _A_RETURN:
                continue
            for often in range(1, min(rule.returns_at_most, _MOST_RETURNS) + 1):
                yield replace(draft, entries=(*draft.entries, *draft.entries[-_A_RETURN:] * often))

    def _risk_kept_back(self) -> Iterator[Draft]:
        """Yield stories in which work is handed over, and who tells of a risk then has known of it all the time."""
        names = [one.id for one in self.procedure.anytime.values() if one.risk]
        for way in self._ways():
            if not any(self._offered(way)):
                continue
            for name in names:
                for _, onward in self.search.done(way, name):
                    if onward is not None:
                        draft = draft_of(self.search, onward)
                        known = {KNOWN_SINCE: moment(self.search.now)}
                        yield _ending(draft, replace(draft.entries[-1], data=known))

    # -- ways --

    def _ways(self, step: str | None = None) -> Iterator[Way]:
        """Yield the ways there are, one for each two last actions in each place; those ending in a `step`.

        Shortest first, but what can be done at any time last: it makes for odd stories.
        """
        seen: set[tuple[str, ...]] = set()
        for way, taken, onward in sorted(self.edges, key=lambda one: one[1].step is None):
            before = way.taken.name if way.taken is not None else ""
            key = (taken.step.id if taken.step is not None else "", taken.name, str(taken.move.target), before)
            if onward is not None and key not in seen and step in (None, key[0]):
                seen.add(key)
                yield onward

    def _with(self, way: Way, taken: Taken) -> Way:
        """Return a way with an action that is not in order."""
        demands = self.search.demands_at(way, taken)
        return replace(way, before=way, taken=taken, demands=way.demands if demands is None else demands)


def _reason(taken: Taken) -> Sequence[str]:
    return (REASON,) if taken.spot.action is not None and taken.spot.action.reason else ()


def _without(draft: Draft, names: tuple[str, ...]) -> Draft:
    return _ending(draft, replace(draft.entries[-1], without=names))


def _ending(draft: Draft, last: Entry) -> Draft:
    return replace(draft, entries=(*draft.entries[:-1], last))
