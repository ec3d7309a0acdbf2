"""A scenario becomes a case, and the judge judges it: the very fold that the engine and the auditor run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain

from procflow.automaton.moves import MoveKind
from procflow.errors import CalendarError, Finding
from procflow.judge import CaseState, Judge
from procflow.model.clock import ClockStatus, Timer
from procflow.model.deviation import Deviation
from procflow.model.event import Event, Kind, Lifecycle
from procflow.model.hand_off import TAKE_CASE
from procflow.model.procedure import Procedure
from procflow.model.scenario import REASON, Doing, Happening, Person, Scenario, ScenarioResult, Wait
from procflow.passages import Passage
from procflow.scenarios.expecting import Came, no_such_wait, unmet
from procflow.scenarios.samples import SOMEBODY
from procflow.scenarios.spots import spot_of
from procflow.scenarios.supplying import Supplies
from procflow.scenarios.timing import Hours, hours_of, running

MOST_TIMERS = 500
"""In one wait; with more, steps send a case round for ever."""
_MISSING = frozenset({"DV603", "DV605"})
CASE = "scenario"
"""What the case of a scenario is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A scenario after it was run."""

    result: ScenarioResult
    passages: tuple[Passage, ...]
    """Its events as the judge explains them."""


def run(scenario: Scenario, judge: Judge) -> Run:
    """Run a scenario against the procedure of a judge, published or not."""
    return _Case(scenario, judge).run()


@dataclass(slots=True)
class _Case:
    """A case that is being run."""

    scenario: Scenario
    judge: Judge
    now: datetime = field(init=False)
    state: CaseState = field(init=False)
    supplies: Supplies = field(init=False)
    hours: Hours = field(init=False)
    lost: list[Finding] = field(default_factory=list)
    """Waits that nobody can say the length of."""
    happened: list[Happening] = field(default_factory=list)

    def run(self) -> Run:
        scenario = self.scenario
        self.hours = hours_of(self.judge)
        self.now = self.hours.opening(scenario)
        self.supplies = Supplies(scenario, self.procedure, dict(scenario.given))
        self._open()
        for index, one in enumerate(scenario.doings):
            if isinstance(one, Wait):
                self._wait(one, index)
            else:
                self._do(one, index)
        return self._done()

    @property
    def procedure(self) -> Procedure:
        return self.judge.procedure

    @property
    def _stands(self) -> str:
        return str(self.state.configuration)

    # -- opening and closing --

    def _open(self) -> None:
        first = next((one for one in self.scenario.doings if isinstance(one, Doing)), None)
        event = self._event(Kind.OPENED, self.scenario.actor(first.by) if first is not None else None)
        event = replace(event, data=self.supplies.opening())
        state = self.judge.begin(CASE, event)
        found = self.judge.openings(state)
        if any(one.code == "DV305" for one in found):
            # What the first block reads can come with the opening alone.
            read = frozenset(chain.from_iterable(gate.reads for gate in self.judge.automaton.gates))
            event = replace(event, data={**event.data, **self.supplies.opening(read)})
            found = self.judge.openings(self.judge.begin(CASE, event))
        event = self.supplies.request(event, _requested(found), self.scenario.without)
        self.state = self.judge.begin(CASE, event)
        self.happened.append(Happening(event=event, entry=None, stands=self._stands))
        self._close_at_end()

    def _close_at_end(self) -> None:
        """Close a case that stands in an end, as an engine does."""
        if not self.state.closed and self.judge.outcome(self.state) is not None:
            self._record(self._event(Kind.CLOSED, None), None, frozenset())

    # -- waiting --

    def _wait(self, wait: Wait, index: int) -> None:
        self.happened.append(Happening(event=None, waited=wait.text, entry=index, stands=self._stands))
        if wait.until is not None:
            self._wait_until_late(wait, wait.until, index)
        elif wait.length is not None:
            try:
                self._go_on(self.hours.later(self.now, wait.length), index)
            except CalendarError as error:
                self.lost.append(no_such_wait(wait, error.message, error.hint))

    def _go_on(self, to: datetime, index: int) -> None:
        """Let time do its work up to a moment."""
        for _ in range(MOST_TIMERS):
            timers = self.judge.timers(self.state, to)
            if not timers or self.state.closed:
                break
            self._fire(timers[0], index)
        self.now = max(self.now, to)

    def _wait_until_late(self, wait: Wait, clock: str, index: int) -> None:
        for _ in range(MOST_TIMERS):
            cycle = running(self.judge, self.state, clock, self.now)
            if cycle is None:
                self.lost.append(no_such_wait(wait, f"no time of `{clock}` runs then, so it is never late", None))
                return
            if cycle.status is ClockStatus.OVERDUE:
                return
            late = self.hours.just_late(cycle)
            if late is None:
                self.lost.append(no_such_wait(wait, f"nobody can say when `{clock}` is late: it stands still", None))
                return
            timers = self.judge.timers(self.state, late)
            if not timers:
                self.now = max(self.now, late)
                return
            self._fire(timers[0], index)
            if timers[0].clock == clock and timers[0].mark.startswith("late"):
                self._go_on(max(self.now, late), index)
                return

    def _fire(self, timer: Timer, index: int) -> None:
        """Put on record that time was up, as an engine does."""
        self.now = max(self.now, timer.due)
        event = replace(
            self._event(Kind.TIMER, None), action=timer.clock, occurred_at=timer.due, recorded_at=self.now, timer=timer
        )
        self._record(event, index, frozenset())
        self._close_at_end()

    # -- doing --

    def _do(self, doing: Doing, index: int) -> None:
        actor = self.scenario.actor(doing.by)
        without = self.scenario.without | doing.without
        spot = spot_of(self.judge.automaton, self.state.configuration, doing.action)
        for item in spot.items if spot is not None else ():
            if item not in without:
                self._perform(self._somebody(item, actor), item, index, without)
        event = replace(
            self._action(actor, doing.action),
            lifecycle=Lifecycle.START if doing.start else Lifecycle.COMPLETE,
            on_behalf_of=doing.on_behalf_of,
            data=dict(doing.data),
            evidence=dict(doing.evidence),
            reason=doing.reason,
        )
        self._complete(event, index, without)

    def _perform(self, actor: Person, item: str, index: int, without: frozenset[str]) -> None:
        """Do an item of a checklist that nobody wrote down."""
        self._complete(self._action(actor, item), index, without, unsaid=frozenset({item}))

    def _complete(
        self, event: Event, index: int, without: frozenset[str], *, unsaid: frozenset[str] = frozenset()
    ) -> None:
        """Let an event happen, with what it lacks."""
        spot = spot_of(self.judge.automaton, self.state.configuration, event.action)
        whole = event if spot is None else self.supplies.complete(event, spot, self.state.record, without)
        found = self._told_of(whole)
        if TAKE_CASE not in without and any(one.code == "DV601" for one in found) and not self._takes_case:
            self._take_case(index)
            whole = replace(whole, seq=self._next)
            found = self._told_of(whole)
        if event.lifecycle is not Lifecycle.START and _requested(found):
            whole = self.supplies.request(whole, _requested(found), without, self._answerer(event, index))
        self._record(whole, index, unsaid | _supplied(event, whole))
        self._close_at_end()

    def _told_of(self, event: Event) -> list[Deviation]:
        """Return what would be told of an event if it happened now."""
        tried = self.judge.advance(self.state, event)
        return [one for one in self.judge.news(self.state, tried)[0] if one.seq == event.seq]

    @property
    def _takes_case(self) -> bool:
        """True if the story itself says who takes the case, and when."""
        return any(isinstance(one, Doing) and one.action == TAKE_CASE for one in self.scenario.doings)

    def _take_case(self, index: int) -> None:
        """Let a holder of the accountable role take the case, which nobody wrote down: a person of the story, if one does."""
        accountable = self.procedure.accountable
        assert accountable is not None
        holders = (one for one in self.scenario.people.values() if accountable.role in one.roles)
        actor = next(holders, None) or self.scenario.actor(accountable.role)
        self._record(self._action(actor, TAKE_CASE), index, frozenset({TAKE_CASE}))

    def _answerer(self, event: Event, index: int) -> str:
        """Return of whom something is asked that nobody says: who answers next, else somebody else inside."""
        action = self.procedure.anytime.get(event.action)
        if action is None or action.ask is None:
            return ""
        after = (one for one in self.scenario.doings[index + 1 :] if isinstance(one, Doing))
        answers = (one.by for one in after if one.action == action.ask.answered_by)
        others = (role.id for role in self.procedure.roles.values() if not role.external and role.id not in event.roles)
        return next(answers, None) or next(others, SOMEBODY)

    def _somebody(self, item: str, actor: Person) -> Person:
        """Return who does an unwritten item: whoever acts, if he may; else the first who may."""
        spot = spot_of(self.judge.automaton, self.state.configuration, item)
        step = spot.step if spot is not None else None
        roles = [step.by.role] if step is not None and step.by is not None and step.by.role is not None else []
        others = [*self.scenario.people.values(), *map(self.scenario.actor, roles)]
        return next((one for one in [actor, *others] if self._may(one, item)), actor)

    def _may(self, actor: Person, action: str) -> bool:
        tried = self.judge.advance(self.state, self._action(actor, action))
        return not any(one.code.startswith("DV2") for one in self.judge.news(self.state, tried)[0])

    # -- events --

    def _action(self, actor: Person, action: str) -> Event:
        return replace(self._event(Kind.ACTION, actor), action=action)

    @property
    def _next(self) -> int:
        """The number of the next event."""
        return sum(one.event is not None for one in self.happened) + 1

    def _event(self, kind: Kind, actor: Person | None) -> Event:
        return Event(
            case=CASE,
            seq=self._next,
            kind=kind,
            occurred_at=self.now,
            recorded_at=self.now,
            actor=actor.id if actor is not None else None,
            roles=actor.roles if actor is not None else frozenset(),
            teams=actor.teams if actor is not None else frozenset(),
            definition=self.procedure.digest,
        )

    def _record(self, event: Event, index: int | None, supplied: frozenset[str]) -> None:
        self.state = self.judge.advance(self.state, event)
        self.happened.append(Happening(event=event, entry=index, supplied=supplied, stands=self._stands))

    # -- what came of it --

    def _done(self) -> Run:
        # What nobody did in time is told, although nothing came after it.
        audit = self.judge.audit(self.state, as_of=self.now)
        passages = self.judge.passages(self.state)
        result = ScenarioResult(
            scenario=self.scenario,
            happened=tuple(self.happened),
            outcome=audit.outcome,
            stands=audit.configuration,
            through=tuple(dict.fromkeys(_through(passages))),
            took=self._took(),
            clocks=audit.clocks,
            in_time=self._in_time(),
            deviations=audit.deviations,
            rules=audit.rules,
            due=audit.due,
            accountable=self._accountable(),
            findings=(),
        )
        due = [(step.id, name) for step, name in self.judge.automaton.due(self.state.configuration)]
        findings = (*self.lost, *unmet(Came(result=result, due=due)))
        return Run(result=replace(result, findings=findings), passages=passages)

    def _accountable(self) -> str | None:
        tenures = self.judge.tenures(self.state)
        return tenures[-1].person if tenures else None

    def _took(self) -> timedelta:
        first, last = self._span()
        return last - first

    def _in_time(self) -> bool:
        within = self.scenario.expect.within
        first, last = self._span()
        try:
            return within is None or last <= self.hours.later(first, within)
        except CalendarError:
            return False

    def _span(self) -> tuple[datetime, datetime]:
        """Return when the case opened, and when something was last done in it; that somebody is told does nothing."""
        events = [one.event for one in self.happened if one.event is not None]
        done = [one.occurred_at for one in events if one.kind is not Kind.TIMER or one.moves_by_time]
        return done[0], done[-1]


def _through(passages: Sequence[Passage]) -> Iterator[str]:
    """Yield the steps the case has been in; one that was only skipped over, nobody has seen it in."""
    yield from passages[0].after.active_steps()
    for one in passages[1:]:
        if one.move is not None:
            if one.move.step is not None and one.move.kind is not MoveKind.OVERRIDE:
                yield one.move.step.id
            yield from one.move.entered
        yield from one.after.active_steps()


def _requested(found: Sequence[Deviation]) -> frozenset[str]:
    """Return what was not said of waiting or asking, and what is missing of work that is offered."""
    names = {name for one in found if one.code == "DV605" for name in ("asked", "due") if name in one.values}
    for one in found:
        if one.code in _MISSING:
            names |= set(filter(None, one.values.get("missing", "").split(", ")))
    return frozenset(names)


def _supplied(said: Event, whole: Event) -> frozenset[str]:
    names = (whole.data.keys() - said.data.keys()) | (whole.evidence.keys() - said.evidence.keys())
    return frozenset(names | ({REASON} if whole.reason is not None and said.reason is None else set()))
