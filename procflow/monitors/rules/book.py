"""The book of rules: judges all rules of a case together, an event at a time.

An event touches the rules that speak of it, those that wait for whatever comes next, and those whose time has run
out; what it costs does not depend on how long the case is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from procflow.calendars.book import EMPTY, CalendarSet
from procflow.expressions.expression import Facts
from procflow.model.deviation import Deviation
from procflow.model.event import Witness
from procflow.model.procedure import Procedure
from procflow.model.rule import Happening, Obligation, Rule, RuleStanding
from procflow.monitors.moment import Judged, NotExamined, Withdrawn
from procflow.monitors.rules.compiling import compiled, judged
from procflow.monitors.rules.hearing import PERFORMS, Hits, mask_of
from procflow.monitors.rules.monitor import Monitor
from procflow.monitors.rules.position import Position
from procflow.monitors.rules.standing import Ending, not_examined, standing
from procflow.monitors.rules.turn import Turn
from procflow.monitors.rules.voice import alike, together

_MOST_PLANS = 10_000
_NOTHING: tuple[Judged, ...] = ()
_NOBODY: frozenset[str] = frozenset()
_NO_FACTS = Facts(values={}, counts={}, now=None)


class Standings(NamedTuple):
    """How every rule of a book stands in one case. Immutable."""

    states: tuple[Any, ...]
    """What each monitor remembers."""
    awake: tuple[int, ...] = ()
    """Monitors that must look at the next position that counts, in order."""
    soonest: datetime | None = None
    """The first moment after which time alone breaks something."""
    holed: bool = False
    """Entries are missing somewhere, or the case began before the log."""
    ending: Ending | None = None
    said: tuple[Deviation, ...] = ()
    """What the end settled: withdrawn if an override takes the end back."""
    held: tuple[Judged, ...] = ()
    """What demands would have said since the end, had it been none."""
    opening: tuple[Position, bool] | None = None
    """An opening without a time, while no event has told one; and whether the case is cut."""


class _Plan(NamedTuple):
    """What a combination of happenings means to the book."""

    hits: tuple[tuple[int, Hits], ...]
    """Monitor -> what it hears; only those that hear something, in order."""
    mask: int


class RuleBook:
    """Judges the rules of one procedure (or of its policies) as far as `witness` can see. Shared by threads."""

    def __init__(
        self,
        procedure: Procedure | None,
        rules: Sequence[Rule],
        witness: Witness,
        *,
        statuses: bool,
        calendars: CalendarSet | None = EMPTY,
    ) -> None:
        """Judge `rules` in cases of `procedure`; `statuses` if the events are a status history.

        Without a procedure nobody is known to act for an external role, and every action may be done by anybody.
        `calendars` is None if those of the case are not at hand: then nobody can tell what is counted on them.
        """
        self._rules = tuple(rules)
        self.monitors: list[Monitor[Any]] = []
        self._of_rule: list[list[tuple[int, Monitor[Any]]]] = []
        self._unseen: list[Judged] = []
        for rule in rules:
            mine = (
                compiled(rule, procedure, witness, statuses=statuses, calendars=calendars)
                if judged(rule, procedure, statuses=statuses)
                else ()
            )
            if not mine:
                self._unseen.append(NotExamined(f"rule: {rule.id}"))
            start = len(self.monitors)
            self._of_rule.append([(start + place, monitor) for place, monitor in enumerate(mine)])
            self.monitors += mine
        self.chained = tuple(place for place, one in enumerate(self.monitors) if one.chained)
        self.timed = tuple(place for place, one in enumerate(self.monitors) if one.timed)
        self.slack = self.monitors[0].terms.slack if self.monitors else timedelta(0)
        self._starts = tuple((one, one.start()) for one in self.monitors)
        self._plans: dict[int, tuple[tuple[Happening, ...], _Plan]] = {}
        self._equal: dict[tuple[Happening, ...], _Plan] = {}

    def __bool__(self) -> bool:
        """Return False if there is nothing to judge: then nobody needs to make positions."""
        return bool(self._rules)

    def begin(self, opening: Position, *, cut: bool = False) -> tuple[Standings, tuple[Judged, ...]]:
        """Return how the rules stand once a case has opened, and what is said of that; `cut`: it opened before the log."""
        turn = Turn(opening, opening.at, 0, cut)
        standings = Standings(
            tuple([one.opened(start, turn) if one.timed else start for one, start in self._starts]),
            self.chained,
            holed=cut,
            opening=(opening, cut) if opening.at is None and self.timed else None,
        )
        if cut:
            opening = opening._replace(gap=True)
        standings = standings._replace(soonest=self.soonest(standings.states))
        standings, said = self._advance(standings, opening)
        return standings, (*self._unseen, *said)

    def advance(self, standings: Standings, position: Position) -> tuple[Standings, tuple[Judged, ...]]:
        """Return how the rules stand after one more position, and what is said at it."""
        if standings.opening is not None and position.at is not None:
            opening, cut = standings.opening
            again, _ = self.begin(opening._replace(at=position.at), cut=cut)
            standings = again._replace(said=standings.said)
        return self._advance(standings, position)

    def _advance(self, standings: Standings, position: Position) -> tuple[Standings, tuple[Judged, ...]]:
        happenings = position.happenings
        known = self._plans.get(id(happenings))
        plan = known[1] if known is not None and known[0] is happenings else self._plan(happenings)
        mask = plan.mask | PERFORMS if position.performs else plan.mask
        late = standings.soonest is not None and position.at is not None and position.at > standings.soonest
        rare = late or position.gap or position.ends or position.reopens
        awake = bool(mask and standings.awake)
        if not (rare or plan.hits or awake):
            return standings, _NOTHING
        turn = Turn(position, position.at or position.facts.now, mask, standings.holed or position.gap)
        hits = self.with_awake(plan.hits, standings.awake, mask) if awake and not rare else plan.hits
        if not rare and standings.ending is None:
            return self._heard(standings, hits, turn), tuple(turn.said)
        work = _Work(self, standings, turn)
        work.before()
        work.hear(plan.hits)
        if position.ends:
            work.end()
        return work.after(), tuple(turn.said)

    def _heard(self, standings: Standings, hits: tuple[tuple[int, Hits], ...], turn: Turn) -> Standings:
        """Return how the rules stand after a position with nothing but happenings, as most are."""
        monitors, states = self.monitors, list(standings.states)
        chained = timed = False
        for place, heard in hits:
            monitor = monitors[place]
            states[place] = monitor.step(states[place], heard, turn)
            chained = chained or monitor.chained
            timed = timed or monitor.timed
        return Standings(
            tuple(states),
            self.all_awake(states) if chained else standings.awake,
            self.soonest(states) if timed else standings.soonest,
            standings.holed,
            None,
            (),
            (),
            standings.opening if turn.position.at is None else None,
        )

    def with_awake(
        self, hits: tuple[tuple[int, Hits], ...], awake: tuple[int, ...], mask: int
    ) -> tuple[tuple[int, Hits], ...]:
        """Return what is heard with those that look at whatever comes next."""
        heard: dict[int, Hits] = {place: () for place in awake if self.monitors[place].mask & mask}
        if not heard:
            return hits
        heard.update(hits)
        return tuple(sorted(heard.items()))

    def all_awake(self, states: Sequence[Any]) -> tuple[int, ...]:
        """Return the monitors that must look at the next position that counts."""
        return tuple([place for place in self.chained if self.monitors[place].awake(states[place])])

    def due(self, standings: Standings, case: str) -> tuple[Obligation, ...]:
        """Return what is still demanded, the soonest first, what is due only before the end last.

        `case` is the one that is told of; "" if there are several: then each says in which it was set off.
        """
        if standings.ending is not None:
            return ()
        found: list[Obligation] = []
        for one, state in zip(self.monitors, standings.states, strict=True):
            demand = one.demand(state)
            if demand is None:
                continue
            who = dict.fromkeys(role for each in demand.what for role in one.voice.able(each))
            anybody = not all(one.voice.able(each) for each in demand.what)
            found.append(
                Obligation(
                    rule=one.rule.id,
                    case=case or demand.case,
                    what=demand.what,
                    who=() if anybody else tuple(who),
                    due=demand.due,
                    since=demand.since,
                    times=demand.times,
                    where=one.rule.where,
                    together=demand.together,
                )
            )
        timed = sorted((one for one in found if one.due is not None), key=_due)
        return (*timed, *(one for one in found if one.due is None))

    def overdue(self, standings: Standings, as_of: datetime, case: str = "") -> tuple[Standings, tuple[Judged, ...]]:
        """Return how the rules stand at a moment at which nothing happens, and what time alone broke until then.

        `case` is the one that is told of; "" if there are several.
        """
        if standings.soonest is None or as_of <= standings.soonest or standings.ending is not None:
            return standings, _NOTHING
        position = Position(None, as_of, (), False, None, _NOBODY, _NOBODY, _NO_FACTS, case=case)
        turn = Turn(position, as_of, 0, standings.holed)
        work = _Work(self, standings, turn)
        work.expire()
        return work.after(), tuple(turn.said)

    def told(self, standings: Standings) -> tuple[RuleStanding, ...]:
        """Return how each rule stands, in the order of the file."""
        return tuple(
            standing(rule, monitors, standings.states, standings.ending) if monitors else not_examined(rule)
            for rule, monitors in zip(self._rules, self._of_rule, strict=True)
        )

    def _plan(self, happenings: tuple[Happening, ...]) -> _Plan:
        """Return what these happenings mean: by the object they are, which is quick, or else by what they say."""
        plan = self._equal.get(happenings)
        if plan is None:
            heard = ((place, one.ear.hits(happenings)) for place, one in enumerate(self.monitors))
            plan = _Plan(tuple((place, hits) for place, hits in heard if hits), mask_of(happenings))
        if len(self._plans) >= _MOST_PLANS:
            self._plans, self._equal = {}, {}
        self._equal[happenings] = plan
        # The tuple is kept beside its plan: nothing else can come to have its id.
        self._plans[id(happenings)] = (happenings, plan)
        return plan

    def soonest(self, states: Sequence[Any]) -> datetime | None:
        """Return the first moment after which time alone breaks something."""
        found = None
        for place in self.timed:
            deadline = self.monitors[place].deadline(states[place])
            if deadline is not None and (found is None or deadline < found):
                found = deadline
        if found is None or not self.slack:
            return found
        try:
            return found + self.slack
        except OverflowError:
            return None


class _Work:
    """The rules of one case while a position is looked at."""

    def __init__(self, book: RuleBook, standings: Standings, turn: Turn) -> None:
        self._book = book
        self._monitors = book.monitors
        self._turn = turn
        self._states = list(standings.states)
        self._before = standings
        self._awake = standings.awake
        self._soonest = standings.soonest
        self._ending, self._said, self._held = standings.ending, standings.said, standings.held
        self._silent: Turn | None = None
        """What demands say once the case has ended."""

    def _turn_of(self, monitor: Monitor[Any]) -> Turn:
        if self._ending is None or not monitor.demands:
            return self._turn
        if self._silent is None:
            self._silent = Turn(self._turn.position, self._turn.at, self._turn.mask, self._turn.holed)
        return self._silent

    def before(self) -> None:
        """Look at what comes before the happenings: an end taken back, missing entries, time."""
        position = self._turn.position
        if position.reopens and self._ending is not None:
            self._turn.said += [Withdrawn(one) for one in self._said]
            self._turn.said += self._held
            self._ending, self._said, self._held = None, (), ()
        if position.gap:
            for place, monitor in enumerate(self._monitors):
                self._states[place] = monitor.gap(self._states[place], self._turn_of(monitor))
            self._awake = self._book.all_awake(self._states)
            self._soonest = self._book.soonest(self._states)
        if position.at is not None and self._soonest is not None and position.at > self._soonest:
            self.expire()

    def expire(self) -> None:
        """Look at the time."""
        now = self._turn.at
        assert now is not None
        for place in self._book.timed:
            monitor = self._monitors[place]
            deadline = monitor.deadline(self._states[place])
            if deadline is not None and deadline < now:
                self._states[place] = monitor.expire(self._states[place], now, self._turn_of(monitor))
        self._awake = self._book.all_awake(self._states)
        self._soonest = self._book.soonest(self._states)

    def hear(self, hits: tuple[tuple[int, Hits], ...]) -> None:
        """Look at the happenings."""
        states = self._states
        for place, what in self._book.with_awake(hits, self._awake, self._turn.mask):
            monitor = self._monitors[place]
            states[place] = monitor.step(states[place], what, self._turn_of(monitor))
        self._awake = self._book.all_awake(states)
        self._soonest = self._book.soonest(states)

    def end(self) -> None:
        """Settle what was still demanded."""
        if self._ending is not None:
            return
        cancelled = self._turn.position.cancelled
        before = len(self._turn.said)
        logs = tuple(
            one.cancelled(state, self._turn) if cancelled else one.ended(state, self._turn)
            for one, state in zip(self._monitors, self._states, strict=True)
        )
        self._said = tuple(one for one in self._turn.said[before:] if isinstance(one, Deviation))
        self._said = self._told_before(self._one_each(self._said, before))
        self._ending = Ending(self._turn.at, logs)

    def _one_each(self, said: tuple[Deviation, ...], before: int) -> tuple[Deviation, ...]:
        """Return what this end says; what its position had said to be missing already becomes one finding with it.

        If the end is taken back, what had been said before is said again.
        """
        told = self._turn.said
        result: list[Deviation] = []
        for late in said:
            place = next((place for place, one in enumerate(told[:before]) if alike(one, late)), None)
            if place is None:
                result.append(late)
                continue
            earlier = told[place]
            assert isinstance(earlier, Deviation)
            self._held = (*self._held, earlier)
            both = together(earlier, late)
            told[:] = [both if one is earlier else one for one in told if one is not late]
            result.append(both)
        return tuple(result)

    def _told_before(self, said: tuple[Deviation, ...]) -> tuple[Deviation, ...]:
        """Return what this end says; what an end taken back just now had said as well simply stands."""
        back = [one.deviation for one in self._turn.said if isinstance(one, Withdrawn)]
        same = [(one, other) for one in said for other in back if one == other]
        if not same:
            return said
        gone = {id(one) for pair in same for one in pair}
        told = self._turn.said
        told[:] = [one for one in told if id(one.deviation if isinstance(one, Withdrawn) else one) not in gone]
        return (*(one for one in said if id(one) not in gone), *(other for _, other in same))

    def after(self) -> Standings:
        """Return how the rules stand now."""
        if self._silent is not None:
            # Looking back goes on after an end, and may have said the same of the same event.
            self._held = (*self._held, *(one for one in self._silent.said if one not in self._turn.said))
        return Standings(
            tuple(self._states),
            self._awake,
            self._soonest,
            self._turn.holed,
            self._ending,
            self._said,
            self._held,
            self._before.opening if self._turn.position.at is None else None,
        )


def _due(one: Obligation) -> datetime:
    assert one.due is not None
    return one.due
