"""Delaying: stories in which a clock runs out, and stories in which it is kept.

A clock runs out while the case stands somewhere and nobody acts: so ways are looked for to wherever it runs, and at
their end the story waits until it is late. What is counted runs out by being done once more than is allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, islice

from procflow.expressions.types import Date, FieldType, Number, Raw, YesNo
from procflow.model.clock import Clock, ClockKind
from procflow.model.procedure import ANY, Step
from procflow.model.rule import Happening, HappeningKind
from procflow.model.scenario import Point
from procflow.model.text import text_of
from procflow.scenarios.coverage import CLOCK_MET, SIDES, late_alike
from procflow.scenarios.drafting import Draft, Entry, draft_of
from procflow.scenarios.legs import MOST_WAYS, Fits, Leg, Legs, any_of, nothing
from procflow.scenarios.searching import Search, Taken, Way

_MOST_DRAFTS = 30
"""Stories tried for one side of one clock."""
_MOST_COUNTED = 30
"""So often something is done at most to exceed a count."""
_A_WEEK = timedelta(days=7)
"""How far away is what a data field says, if nobody says it."""

Edge = tuple[Way, Taken, Way | None]


class Delayer:
    """Writes stories that let clocks run out, and that keep them."""

    def __init__(self, search: Search, edges: Sequence[Edge], opens_at: datetime) -> None:
        self.search = search
        self.legs = Legs(search)
        self.procedure = search.automaton.procedure
        self.edges = edges
        self.opens_at = opens_at

    def drafts(self, point: Point) -> Iterator[Draft]:
        """Yield stories that may show a side of a clock, the likeliest first."""
        _, id, side = point.key
        clock = self.procedure.all_clocks[id]
        if clock.step is not None:
            drafts = self._waiting(self._standing_in(clock.step), clock)
        elif clock.accepts is not None:
            alike = [self.procedure.all_clocks[one] for one in late_alike(self.procedure, id)]
            drafts = chain.from_iterable(self._waiting(self._offered(str(one.accepts)), one) for one in alike)
        elif clock.question is not None:
            drafts = self._unanswered(clock.question, clock)
        elif side == CLOCK_MET:
            drafts = self._kept(clock)
        elif clock.kind is ClockKind.COUNT:
            drafts = self._exceeded(clock)
        else:
            drafts = self._waiting(self._running(clock), clock)
        yield from islice(drafts, _MOST_DRAFTS)

    def title(self, point: Point) -> str:
        """Return what a story of a clock is called."""
        _, id, side = point.key
        clock = self.procedure.all_clocks[id]
        if clock.accepts is not None:
            return f"Nobody accepts: {text_of(self.procedure.steps[clock.accepts].title, default=clock.accepts)}"
        if clock.question is not None:
            return f"Nobody answers: {text_of(self.procedure.anytime[clock.question].title, default=clock.question)}"
        if clock.step is None:
            told = SIDES[clock.kind][side]
            return f"{told[:1].upper()}{told[1:]}: {text_of(clock.title, default=id)}"
        step = text_of(self.procedure.steps[clock.step].title, default=id)
        return f"Time runs out: {step}"

    # -- running out --

    def _waiting(self, ways: Iterator[Way], clock: Clock) -> Iterator[Draft]:
        for way in ways:
            for given in self._given(clock):
                draft = draft_of(self.search, way)
                yield replace(draft, given={**given, **draft.given}, wait=clock.id)

    def _standing_in(self, step: str) -> Iterator[Way]:
        """Yield ways into a step, shortest first."""
        onward = (one for _, _, one in self.edges if one is not None)
        for way in chain(self.search.start(), onward):
            if step in way.at.active_steps():
                yield way

    def _offered(self, step: str) -> Iterator[Way]:
        """Yield ways at whose end the work of a step is on offer, shortest first."""
        onward = (one for _, _, one in self.edges if one is not None)
        return (way for way in onward if step in way.at.offered_steps())

    def _unanswered(self, action: str, clock: Clock) -> Iterator[Draft]:
        """Yield stories in which something is asked, and nobody answers."""
        for draft in self._asked(action):
            yield replace(draft, wait=clock.id)

    def answered(self, action: str) -> Iterator[Draft]:
        """Yield stories in which something is asked and answered, likeliest first."""
        ask = self.procedure.anytime[action].ask
        assert ask is not None
        answers = self.procedure.anytime[ask.answered_by]
        for draft in islice(self._asked(action), _MOST_DRAFTS):
            asker = draft.entries[-1].by
            role = answers.by.role if answers.by is not None else None
            if role not in self.procedure.roles:
                role = ask.to if ask.to != ANY else None
            inside = [one.id for one in self.procedure.roles.values() if not one.external and one.id != asker]
            who = role or next(iter(inside), asker)
            yield replace(draft, entries=(*draft.entries, Entry(by=who, action=ask.answered_by)))

    def _asked(self, action: str) -> Iterator[Draft]:
        for _, taken, onward in self.edges:
            if taken.step is None and taken.name == action and onward is not None:
                yield draft_of(self.search, onward)

    def _running(self, clock: Clock) -> Iterator[Way]:
        """Yield ways to where a clock runs: as soon as it does, and on from there until it stops."""
        begun = list(islice(self._begun(clock), MOST_WAYS))
        stops = any_of((*clock.stops, *clock.cancels))
        yield from (one for one in begun if not self.search.automaton.is_end(one.at))
        for _, taken, onward in self.search.explore_from(begun, whole=False, coarse=True, avoided=stops):
            if onward is not None and not stops(taken) and not self.search.automaton.is_end(onward.at):
                yield onward

    def _begun(self, clock: Clock) -> Iterator[Way]:
        """Yield ways with which a clock begins, the condition where it begins included."""
        if clock.each_hand_off:
            return self.search.start()
        if not clock.starts or any(one.kind is HappeningKind.OPENS for one in clock.starts):
            return self.search.start(clock.when)
        return self.legs.ways((Leg(to=any_of(clock.starts), round=nothing, when=True),), clock.when)

    # -- what is counted --

    def _exceeded(self, clock: Clock) -> Iterator[Draft]:
        """Yield stories in which what is counted happens more often than is allowed, least often first."""
        assert clock.at_most is not None
        for most in sorted({one for one in clock.at_most.all if one <= _MOST_COUNTED}):
            counted = _hands_over(self.procedure.steps) if clock.each_hand_off else any_of(clock.counts)
            leg = Leg(to=counted, round=nothing)
            for way in islice(self.legs.ways([leg] * (most + 1)), MOST_WAYS):
                for given in self._given(clock):
                    draft = draft_of(self.search, way)
                    yield replace(draft, given={**given, **draft.given})

    # -- keeping --

    def _kept(self, clock: Clock) -> Iterator[Draft]:
        """Yield stories in which nothing takes time: a clock that begins and is stopped is kept then."""
        begun = list(islice(self._begun(clock), MOST_WAYS))
        ends: tuple[Happening, ...] = tuple(one for one in clock.stops if one.kind is not HappeningKind.ENDS)
        doing = clock.by_action
        done = any_of(ends) if ends else _does(doing) if doing else None
        stopped = list(self.legs.ways((Leg(to=done, round=nothing),), start=begun)) if done is not None else begun
        for way in chain(self.legs.ended(stopped or begun, avoided=nothing), stopped):
            for given in self._given(clock):
                draft = draft_of(self.search, way)
                yield replace(draft, given={**given, **draft.given})

    # -- what is known --

    def _given(self, clock: Clock) -> Iterator[Mapping[str, Raw]]:
        """Yield what must be known for something to be promised, beside what the way itself asks for."""
        given: dict[str, Raw] = {}
        for name in (clock.deadline, clock.since):
            if name is not None:
                type = self.procedure.data[name].type
                at = self.opens_at + (_A_WEEK if name == clock.deadline else timedelta())
                given |= {name: at.date().isoformat() if isinstance(type, Date) else at.isoformat()}
        graded = next((one for one in (clock.within, clock.every, clock.at_most) if one is not None and one.by), None)
        if graded is None or graded.by is None or graded.by not in self.procedure.data or graded.by in given:
            yield given
            return
        for value in graded.values:
            yield {**given, graded.by: _raw(value, self.procedure.data[graded.by].type)}
        if graded.otherwise is not None:
            yield given


def _raw(value: str, type: FieldType) -> Raw:
    """Return a value that something depends on as data say it."""
    match type:
        case YesNo():
            return value == "true"
        case Number():
            return float(value) if "." in value else int(value)
    return value


def _does(actions: Sequence[str]) -> Fits:
    return lambda taken: taken.name in actions or taken.name in {one.rpartition(".")[2] for one in actions}


def _hands_over(steps: Mapping[str, Step]) -> Fits:
    """Return what says whether the ball comes to another role or team by an action."""

    def hands(taken: Taken) -> bool:
        had = taken.step.by if taken.step is not None else None
        gets = [steps[one].by for one in taken.move.entered if one in steps]
        return any(by is not None and by != had for by in gets)

    return hands
