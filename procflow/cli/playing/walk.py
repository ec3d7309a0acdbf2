"""A walk: one case played on the real engine, in memory, with a clock that only `wait` moves.

What was done so far is the truth, and everything else is replayed from it: going back is playing one turn less, and
trying out is playing the same in a case that is thrown away. Cases of one walk share the engine, so that is quick.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from procflow.automaton.moves import demands
from procflow.calendars.calendar import Calendar
from procflow.calendars.length import Length
from procflow.cli.playing.cast import Cast
from procflow.engine import Case, Engine, Option
from procflow.engine.offers import SUPPLIED
from procflow.engine.publishing import definition_of
from procflow.expressions.types import Raw
from procflow.loading.calendars_found import calendars_for, named_calendars
from procflow.model.clock import ClockStatus
from procflow.model.configuration import OFFERED, Configuration
from procflow.model.deviation import Deviation
from procflow.model.fired import Fired
from procflow.model.organisation import Actor
from procflow.model.procedure import Action, Procedure, Step
from procflow.model.verdict import Verdict
from procflow.model.waiting import WaitKind
from procflow.scenarios import samples
from procflow.scenarios.samples import request
from procflow.scenarios.timing import OPEN, Hours
from procflow.stores.base import Mode
from procflow.stores.memory import MemoryStore

OF_PEOPLE = "DV2"
"""Deviations that another person would not make."""
PROOF, REASON = "evidence ", "reason"
"""How the engine names a proof and a reason among what an option needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What somebody does, with what comes with it."""

    action: str
    actor: Actor
    data: Mapping[str, Raw] = field(default_factory=dict)
    evidence: Mapping[str, Raw] = field(default_factory=dict)
    reason: str | None = None
    on_behalf_of: str | None = None
    lacking: tuple[str, ...] = ()
    """What it needed and did not get: data, proofs, the reason, items of the checklist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A move, and what became of it."""

    move: Move
    refused: bool
    anyway: bool
    """True if it deviates and was done all the same."""
    verdict: Verdict
    before: Configuration
    after: Configuration

    @property
    def did_something(self) -> bool:
        """False if it was refused."""
        return not self.refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """Time that passed."""

    length: timedelta
    words: str
    """As a scenario says it: `2 days`, `2 working days`."""
    fired: tuple[Fired, ...] = ()
    """What was done meanwhile because time was up."""

    @property
    def did_something(self) -> bool:
        """Waiting is doing nothing."""
        return False


Turn = Done | Waited


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One action as a line of the list: what it is, who would do it, and what stands against it."""

    action: str
    step: Step | None
    """None for an action that is possible at any time."""
    definition: Action | None
    """None for an item of a checklist."""
    doer: Actor | None
    """Who does it if it is chosen; None if nobody there is could."""
    needs: tuple[str, ...]
    optional: tuple[str, ...]
    against: tuple[Deviation, ...]
    """Why not; empty if it may be done."""
    who_could: Mapping[str, tuple[str, ...]]


class Walk:
    """The case, the people, the clock, and the turns so far."""

    def __init__(self, procedure: Procedure, source: str, file: str, cast: Cast, start: datetime) -> None:
        """Begin a case at `start`, an aware instant, whatever the approvals and the `effective` of the procedure say.

        Calendars are those beside the file. Raises CalendarError if one is missing or has errors.
        """
        self.procedure = procedure
        self.cast = cast
        self.viewer: Actor | None = None
        """Whose eyes one looks through; None: whoever can act does."""
        self.on_behalf_of: str | None = None
        self.turns: tuple[Turn, ...] = ()
        self.start = start
        self.now = start
        store = MemoryStore()
        definition = replace(definition_of(procedure, source, Path(file), start), effective_from=None)
        with store.write() as transaction:
            transaction.add_definition(definition)
        calendars = calendars_for(file, only=named_calendars(procedure))
        self.hours = Hours(procedure, calendars)
        self._engine = Engine(store, directory=cast, clock=lambda: self.now, calendars=calendars)
        self._mode: Mode = "enforce"
        self._case = self._opened(self._mode)

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return self._engine.case(self._case)

    @property
    def deviates(self) -> bool:
        """True once something was done anyway."""
        return self._mode == "observe"

    # Moves

    def do(self, move: Move, *, anyway: bool = False) -> Done:
        """Do it as the engine does: refused if it deviates, unless `anyway`."""
        if anyway and self._mode == "enforce" and _counting(self.attempt(move)):
            # From here on the case is one that is only observed, as an audit sees the record of another tool.
            self._play(self.turns, "observe")
        before = self.case.configuration
        verdict = self._perform(self._case, move)
        deviates = bool(_counting(verdict))
        refused = not verdict.accepted or (deviates and not anyway)
        if refused and verdict.accepted:
            self._play(self.turns, self._mode)
        after = before if refused else verdict.after
        done = Done(
            move=move, refused=refused, anyway=deviates and not refused, verdict=verdict, before=before, after=after
        )
        self.turns += (done,)
        return done

    def attempt(self, move: Move) -> Verdict:
        """Return the verdict on a move that is not made."""
        kept = self._case, self.now
        try:
            self._play(self.turns, "observe", trial=True)
            return self._perform(self._case, move)
        finally:
            self._case, self.now = kept

    def wait(self, to: datetime, words: str) -> Waited:
        """Let time pass up to a moment, and do what is due meanwhile."""
        before = self.now
        fired = self._wait(to)
        waited = Waited(length=to - before, words=words, fired=fired)
        self.turns += (waited,)
        return waited

    def _wait(self, to: datetime) -> tuple[Fired, ...]:
        self.now = to
        return tuple(one for one in self._engine.advance() if one.case == self._case)

    def later(self, length: Length) -> datetime:
        """Return when so much time has passed. Raises CalendarError where no calendar tells."""
        return self.hours.later(self.now, length)

    def until_late(self, clock: str) -> datetime:
        """Return the first moment at which a clock, or the time of a step, is late. Raises ValueError if it never is."""
        if clock not in self.procedure.all_clocks:
            raise ValueError(f"no clock is called {clock}, and no step of that name has time")
        cycle = next((one for one in reversed(self._engine.clocks(self._case)) if one.clock == clock), None)
        if cycle is None or cycle.status not in OPEN:
            raise ValueError(f"no time of {clock} runs now, so it is never late")
        if cycle.status is ClockStatus.OVERDUE:
            raise ValueError(f"{clock} is late already")
        at = self.hours.just_late(cycle)
        if at is None:
            raise ValueError(f"nobody can say when {clock} is late: it stands still")
        return at

    @property
    def calendar(self) -> Calendar | None:
        """That of the procedure; None if it has none."""
        return self.hours.calendar

    def back(self) -> Turn | None:
        """Take the last turn back and return it; None if there is none."""
        if not self.turns:
            return None
        *kept, last = self.turns
        self.turns = tuple(kept)
        aside = any(isinstance(one, Done) and one.anyway for one in kept)
        self._play(self.turns, "observe" if aside else "enforce")
        return last

    def broken_by_time(self) -> tuple[Deviation, ...]:
        """Return what breaks rules although no move was made against them: what was not done in time, or at all."""
        anyway = [turn for turn in self.turns if isinstance(turn, Done) and turn.anyway]
        known = {named(one) for turn in anyway for one in turn.verdict.deviations}
        found = (one for one in self.case.audit.deviations if one.unexcused and one.breach is not None)
        return tuple(one for one in found if named(one) not in known)

    # What may be done

    def choices(self) -> tuple[Choice, ...]:
        """Return what may be done, then what may not, each in the order of the document."""
        case = self.case
        if case.closed:
            return ()
        found = [self._choice(one) for one in self._options(case)]
        found += self._not_due(case, {one.action for one in found})
        return tuple(sorted(found, key=lambda one: (bool(one.against), one.step is None)))

    def choice(self, action: str) -> Choice:
        """Return any action of the procedure as it would be now."""
        for one in self.choices():
            if one.action == action:
                return one
        return self._tried(action)

    def _options(self, case: Case) -> tuple[Option, ...]:
        return self._engine.may(case.id, by=self.viewer or _NOBODY)

    def _choice(self, option: Option) -> Choice:
        step = self.procedure.steps[option.step] if option.step is not None else None
        definition = self._definition(option.action, step)
        against = option.deviations
        doer = self.viewer
        if doer is None:
            against = tuple(one for one in against if not one.code.startswith(OF_PEOPLE))
            doer = self._doer(option.who_could) if option.deviations else self._anybody_for(option.action)
            if doer is None:
                against = option.deviations
        properties = option.form.get("properties", {})
        return Choice(
            action=option.action,
            step=step,
            definition=definition,
            doer=doer,
            needs=option.needs,
            optional=tuple(name for name in properties if name not in option.needs),
            against=against,
            who_could=option.who_could,
        )

    def _not_due(self, case: Case, listed: set[str]) -> Iterator[Choice]:
        """Yield the actions of the steps where the case stands that are not due yet, such as those behind a checklist."""
        for name in case.steps:
            step = self.procedure.steps[name]
            items = step.checklist.items if step.checklist is not None else ()
            done = items_done(step, case.configuration)
            for action in (*items, *step.actions):
                if action not in listed and action not in done:
                    listed.add(action)
                    yield self._tried(action)

    def _tried(self, action: str) -> Choice:
        step = next((one for one in self.procedure.steps.values() if _has(one, action)), None)
        doer = self.viewer or (self.cast.somebody(step, self.procedure) if step is not None else self.anybody())
        verdict = self.attempt(Move(action=action, actor=doer))
        against = tuple(one for one in _counting(verdict) if one.code not in SUPPLIED)
        definition = self._definition(action, step)
        required, proofs = demands(step, definition)
        reason = (REASON,) if definition is not None and definition.reason else ()
        unknown = tuple(name for name in required if name not in self.case.values)
        who = {role: self.cast.holders_of(role) for one in against for role in one.who_could}
        return Choice(
            action=action,
            step=step,
            definition=definition,
            doer=doer,
            needs=(*unknown, *_requests(self.procedure, definition), *(f"{PROOF}{name}" for name in proofs), *reason),
            optional=(),
            against=against,
            who_could=who,
        )

    def _definition(self, action: str, step: Step | None) -> Action | None:
        return step.actions.get(action) if step is not None else self.procedure.anytime.get(action)

    def _doer(self, who_could: Mapping[str, tuple[str, ...]]) -> Actor | None:
        """Return the first who could; a name that is no role is a person or a team that a field of the case names."""
        for party, people in who_could.items():
            if people:
                return self.cast.actor(people[0])
            if party not in self.procedure.roles:
                return Actor(party, roles=self.cast.roles_of(party), teams=self.cast.teams_of(party) | {party})
        return None

    def _anybody_for(self, action: str) -> Actor:
        """Return who does something that anybody may: whoever owes it as an answer, if it answers."""
        if any(one.ask is not None and one.ask.answered_by == action for one in self.procedure.anytime.values()):
            asked = (one.whom[0] for one in self.case.waits if one.kind is WaitKind.QUESTION and one.whom)
            who = next(asked, None)
            if who is not None:
                return self.cast.actor(who) if self.cast.knows(who) else self.cast.holder(who)
        return self.anybody()

    def another(self, actor: Actor | None) -> str:
        """Return a role inside that somebody does not hold: whom they may ask."""
        held = actor.roles if actor is not None else frozenset()
        others = (one.id for one in self.procedure.roles.values() if not one.external and one.id not in held)
        return next(others, samples.SOMEBODY)

    def anybody(self) -> Actor:
        """Return who acts where anybody may: whose turn it is, unless that is somebody outside."""
        inside = [one.id for one in self.procedure.roles.values() if not one.external]
        for name in self.case.steps:
            by = self.procedure.steps[name].by
            if by is not None and by.role in inside:
                return self.cast.holder(by.role)
        return self.cast.holder(inside[0]) if inside else _NOBODY

    # The engine

    def _opened(self, mode: Mode) -> str:
        start = self.procedure.steps[self.procedure.top.start]
        data = {name: request(name, self.now) for name in start.requests}
        by = self.cast.somebody(start, self.procedure)
        return self._engine.start(self.procedure.id, by=by, data=data, mode=mode).id

    def _play(self, turns: Iterable[Turn], mode: Mode, *, trial: bool = False) -> None:
        """Play these turns from the start, in another case."""
        self.now = self.start
        self._case = self._opened(mode)
        for turn in turns:
            if isinstance(turn, Waited):
                self._wait(self.now + turn.length)
            elif not turn.refused or mode == "enforce":
                self._perform(self._case, turn.move)
        if not trial:
            self._mode = mode

    def _perform(self, case: str, move: Move) -> Verdict:
        return self._engine.perform(
            case,
            move.action,
            by=move.actor,
            data=move.data,
            evidence=move.evidence,
            reason=move.reason,
            on_behalf_of=move.on_behalf_of,
        )


_NOBODY = Actor("somebody")


def named(one: Deviation) -> tuple[str, int | None, str | None]:
    """Return what tells a deviation of a case from its others: its code, its event, the rule it breaks."""
    return one.code, one.seq, one.breach.rule if one.breach is not None else None


def _counting(verdict: Verdict) -> tuple[Deviation, ...]:
    """Return what of a verdict stands against the move: not what is only put on record, as what came too late."""
    if not verdict.accepted:
        return verdict.deviations
    return tuple(one for one in verdict.deviations if one.unexcused and one.refuses)


def _requests(procedure: Procedure, action: Action | None) -> Iterator[str]:
    """Yield what an action must say because it leads to a waiting step."""
    for arrow in action.arrows if action is not None else ():
        if arrow.to in procedure.steps:
            yield from procedure.steps[arrow.to].requests


def _has(step: Step, action: str) -> bool:
    return action in step.actions or (step.checklist is not None and action in step.checklist.items)


def items_done(step: Step, at: Configuration) -> tuple[str, ...]:
    """Return the items of a step's checklist that are done, if the case stands in it."""
    if step.checklist is None:
        return ()
    place = next((one.place for one in _standings(at) if one.step == step.id), "")
    _, _, rest = place.partition("/")
    if step.checklist.any_order:
        done = rest.strip("{}").split(",")
        return tuple(item for item in step.checklist.items if item in done)
    return step.checklist.items[: int(rest)] if rest.isdigit() else ()


def may_go_back(step: Step, at: Configuration) -> bool:
    """Return True if the work of a step is on offer by somebody it may be given back to."""
    return any(one.step == step.id and one.on_offer and one.place[-1] != OFFERED for one in _standings(at))


def _standings(at: Configuration) -> Iterator[Configuration]:
    yield at
    for _, inner in at.branches:
        yield from _standings(inner)
