"""What must come after whatever sets a rule off, at any time or each time: see `at_once.py` for what must come next."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import NamedTuple, Protocol, Self, TypeVar

from procflow.expressions.values import show_value
from procflow.model.rule import Manner
from procflow.monitors.rules.hearing import Hits
from procflow.monitors.rules.memory.pending import Pending, none_waits
from procflow.monitors.rules.monitor import Demand, Monitor, Remembered, broken, kept, unseen
from procflow.monitors.rules.names import Name, Names
from procflow.monitors.rules.phrases import at_event, events
from procflow.monitors.rules.settling import BROKEN, RELEASED, Open, Settled
from procflow.monitors.rules.terms import NO, Unset
from procflow.monitors.rules.turn import Turn

S = TypeVar("S", bound=Remembered)


class Awaiting(Remembered, Protocol):
    """What is remembered of activations that wait for a target."""

    @property
    def waiting(self) -> Pending:
        """Those that wait."""

    @property
    def wrong(self) -> Name | None:
        """The latest target that did not count because of who did it."""

    def _replace(self, *, waiting: Pending = ..., log: Settled | None = ...) -> Self: ...


W = TypeVar("W", bound=Awaiting)


class Demanding(Monitor[S]):
    """What demands that follow have in common: what they say."""

    def say_missing(self, turn: Turn, names: Names, total: int, wrong: Name | None = None) -> None:
        """Say that the case ended before what was demanded came."""
        self.voice.missing(
            turn,
            self.code,
            f"{self.subject(turn.position.case, names, total)} was not followed by {self.wanted} before the case ended",
            what=self.targets,
            remedy=f"{self.remedy} before the case ends",
            names=names,
            total=total,
            wrong=since(names, wrong),
        )

    def say_late(self, turn: Turn, name: Name, due: datetime, wrong: Name | None = None) -> None:
        """Say that what was demanded did not come in time."""
        self.voice.late(
            turn,
            self.code,
            f"{self.subject(name.case, (name,))} was not followed by {self.wanted} within {self.limit} (until {show_value(due)})",
            what=self.targets,
            remedy=f"{self.remedy} within {self.limit}",
            name=name,
            due=due,
            wrong=since((name,), wrong),
        )

    def settle_late(self, log: Settled | None, due: datetime) -> Settled:
        """Return the log with an activation whose time ran out."""
        return Settled(log, BROKEN, 1, "", due)

    @property
    def code(self) -> str:
        """The class of what it says."""
        return {Manner.ANY_TIME: "DV507", Manner.EACH_TIME: "DV509", Manner.NEXT: "DV511"}[self.rule.manner]

    @property
    def limit(self) -> str:
        """The rule's limit in words."""
        return str(self.rule.within)

    @property
    def remedy(self) -> str:
        """What would have been right."""
        return f"{self.to_do} after {self.trigger}"

    def subject(self, case: str, names: Names, total: int | None = None) -> str:
        """Return what set the rule off, as the subject of a sentence."""
        return f"{self.trigger} ({events(names, case, total)})"


class Patient(Demanding[W]):
    """Demands that wait until a target comes, or their time is up, or the case ends."""

    @cached_property
    def nothing(self) -> Pending:
        """No activation waits."""
        return none_waits(plain=self.terms.plain)

    def fulfilled(
        self, waiting: Pending, wrong: Name | None, log: Settled | None, turn: Turn
    ) -> tuple[Pending, Name | None, Settled | None]:
        """Return what still waits after a target came, and the log with what it fulfilled."""
        terms = self.terms
        counts = terms.counts(turn.position)
        if counts is NO:
            return waiting, turn.name(), log
        if not waiting.total:
            return waiting, wrong, log
        waiting, sure, unsure = waiting.matching(terms.key(turn.position), may=counts, at=turn.at, timed=terms.timed)
        if unsure:
            turn.unseen(self.rule)
        return waiting, wrong, unseen(kept(log, sure, turn), unsure)

    def gap(self, state: W, turn: Turn) -> W:
        """Return the state where whatever waits may have been fulfilled."""
        waiting = state.waiting.total
        if not waiting:
            return state
        turn.unseen(self.rule)
        return state._replace(waiting=self.nothing, log=unseen(state.log, waiting))

    def deadline(self, state: W) -> datetime | None:
        """Return when the first that waits is late."""
        one = state.waiting.soonest()
        return one.at if one is not None else None

    def expire(self, state: W, now: datetime, turn: Turn) -> W:
        """Say which are late, and return the state without them."""
        waiting, late = state.waiting.expired(now, self.terms.slack)
        log = state.log
        for one in late:
            self.say_late(turn, one.name, one.at, state.wrong)
            log = self.settle_late(log, one.at)
        return state._replace(waiting=waiting, log=log)

    def ended(self, state: W, turn: Turn) -> Settled | None:
        """Say what did not come, and return that it did not."""
        if state.waiting.total:
            self.say_missing(turn, state.waiting.named(), state.waiting.total, state.wrong)
        return broken(state.log, state.waiting.total, turn)

    def cancelled(self, state: W, turn: Turn) -> Settled | None:
        """Return that whatever waits is released."""
        return released(state.log, state.waiting.total)

    def open(self, state: W) -> Open:
        """Return how many wait."""
        return Open(demanded=state.waiting.total)

    def demand(self, state: W) -> Demand | None:
        """Return what they wait for: until the first of their deadlines, if they have any."""
        waiting = state.waiting
        if not waiting.total:
            return None
        soonest = waiting.soonest()
        due = soonest.at if soonest is not None else None
        first = waiting.first()
        return Demand(self.targets, due, first.seq, waiting.total, case=first.case)


class Waiting(NamedTuple):
    """Activations that wait, and what was settled."""

    waiting: Pending
    wrong: Name | None
    """The latest target that did not count because of who did it."""
    log: Settled | None


class Follow(Patient[Waiting]):
    """After each trigger a target, wherever it comes, or before the next trigger."""

    def start(self) -> Waiting:
        """Return that nothing waits."""
        return Waiting(self.nothing, None, None)

    def step(self, state: Waiting, hits: Hits, turn: Turn) -> Waiting:
        """Return the state with what the position fulfils and then sets off."""
        waiting, wrong, log = state
        for hit in hits:
            if hit.targets and waiting.total:
                waiting, wrong, log = self.fulfilled(waiting, wrong, log, turn)
            if hit.trigger is not None:
                key = self.terms.set_off(turn)
                if isinstance(key, Unset):
                    log = unseen(log, key is Unset.UNSEEN)
                    continue
                if self.terms.beyond(turn.at):
                    log = self.untold(log, turn)
                    continue
                if self.rule.manner is Manner.EACH_TIME:
                    waiting, before = waiting.without(key)
                    if before is not None:
                        self._say_again(turn, before.names, wrong)
                        log = broken(log, before.many, turn)
                waiting = waiting.plus(key, turn.position.case, turn.position.seq, self.after(turn.at))
        return Waiting(waiting, wrong, log)

    def _say_again(self, turn: Turn, names: Names, wrong: Name | None) -> None:
        """Say that what sets the rule off came again before what it demands had come."""
        where = events(names, turn.position.case)
        self.voice.missing(
            turn,
            self.code,
            f"{self.trigger} came again before {self.wanted} had followed the one before ({where})",
            what=self.targets,
            remedy=f"{self.remedy} each time, before it comes again",
            names=names,
            values={"came again": at_event(turn)},
            wrong=since(names, wrong),
        )


def since(names: Names, wrong: Name | None) -> Name | None:
    """Return what came of the wrong person, if it came after the first of these activations."""
    if wrong is None or not names or wrong.case != names[0].case:
        return None
    return wrong if (wrong.seq or 0) > (names[0].seq or 0) else None


def released(log: Settled | None, count: int) -> Settled | None:
    """Return the log with activations that a cancelled case releases."""
    return Settled(log, RELEASED, count, "", None) if count else log
