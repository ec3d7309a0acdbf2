"""A monitor: one rule (of succession, one half) compiled into what it remembers and what it does at an event."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime
from functools import cached_property
from typing import ClassVar, Generic, NamedTuple, Protocol, TypeVar

from procflow.model.rule import Happening, Rule
from procflow.monitors.rules.hearing import Ear, Hits, Pick, ear, mask_of
from procflow.monitors.rules.phrases import asked, doing, nouns
from procflow.monitors.rules.settling import BROKEN, KEPT, UNSEEN, Open, Settled
from procflow.monitors.rules.terms import Terms
from procflow.monitors.rules.turn import Turn
from procflow.monitors.rules.voice import Voice


class Remembered(Protocol):
    """What a monitor remembers of a case; immutable, hashable, and small."""

    @property
    def log(self) -> Settled | None:
        """What has been settled."""


class Demand(NamedTuple):
    """What a monitor still waits for."""

    what: tuple[Happening, ...]
    due: datetime | None
    since: int | None
    times: int
    together: bool = False
    """All of it is still to come, not any of it."""
    case: str = ""
    """Which `since` is an event of; "" for the one that is told of."""


S = TypeVar("S", bound=Remembered)


class Monitor(ABC, Generic[S]):
    """Watches one rule in any number of cases; a case's state is handed in and out."""

    demands: ClassVar[bool] = True
    """True if it asks for something that is still to come, so that an end settles it. What looks back, and what
    forbids, goes on after an end."""
    mixed: ClassVar[bool] = False
    """True if an end settles what is demanded, and what is forbidden goes on."""
    pick: Pick = Pick.LAST
    """Which of several triggers in one position sets it off."""
    chained: ClassVar[bool] = False
    """True if it may have to look at whatever comes next."""

    def __init__(
        self, rule: Rule, triggers: tuple[Happening, ...], targets: tuple[Happening, ...], terms: Terms, voice: Voice
    ) -> None:
        self.rule = rule
        self.triggers = triggers
        self.targets = targets
        self.terms = terms
        self.timed = terms.timed
        self.voice = voice
        self.mask = mask_of((*triggers, *targets)) | 1
        self.ear: Ear = ear(triggers, targets, self.pick)

    @cached_property
    def wanted(self) -> str:
        """What is demanded or forbidden, with all that is asked of it, as a noun."""
        return nouns(self.targets) + asked(self.rule)

    @cached_property
    def to_do(self) -> str:
        """The first of its targets as something to do."""
        return doing(self.targets[0]) + asked(self.rule)

    @cached_property
    def trigger(self) -> str:
        """What sets it off, as a noun."""
        return nouns(self.triggers)

    @abstractmethod
    def start(self) -> S:
        """Return what it remembers before anything happened."""

    def opened(self, state: S, turn: Turn) -> S:
        """Return the state once the case is open, before its happenings are heard; asked of rules with a limit only."""
        return state

    @abstractmethod
    def step(self, state: S, hits: Hits, turn: Turn) -> S:
        """Return the state after a position, of which it heard `hits`."""

    def gap(self, state: S, turn: Turn) -> S:
        """Return the state where entries are missing just before a position."""
        return state

    def deadline(self, state: S) -> datetime | None:
        """Return when it must look at the time; None if it need not."""
        return None

    def expire(self, state: S, now: datetime, turn: Turn) -> S:
        """Return the state once it is later than its deadline."""
        return state

    def awake(self, state: S) -> bool:
        """Return True if it must look at the next position that counts, whatever it is."""
        return False

    def ended(self, state: S, turn: Turn) -> Settled | None:
        """Return what is settled once the case has ended with this position, of which it says what is missing."""
        return state.log

    def cancelled(self, state: S, turn: Turn) -> Settled | None:
        """Return what is settled once the case was cancelled: what was still demanded is released."""
        return state.log

    def open(self, state: S) -> Open:
        """Return what is still open."""
        return Open()

    def demand(self, state: S) -> Demand | None:
        """Return what it waits for; None for nothing."""
        return None

    def for_good(self, state: S) -> bool:
        """Return True if nothing that may come can break the rule any more."""
        return False

    def after(self, at: datetime | None) -> datetime | None:
        """Return the end of the rule's limit from a moment on; None if there is none."""
        if at is None or not self.terms.timed or self.terms.within is None:
            return None
        return self.terms.within.after(at)

    def untold(self, log: Settled | None, turn: Turn) -> Settled | None:
        """Return the log with an activation whose limit the calendar cannot tell, which is said."""
        turn.unseen(self.rule)
        return unseen(log, 1)


def kept(log: Settled | None, count: int, turn: Turn) -> Settled | None:
    """Return the log with activations kept by whoever acted."""
    return Settled(log, KEPT, count, turn.position.actor or "", turn.at) if count else log


def broken(log: Settled | None, count: int, turn: Turn, actor: str | None = None) -> Settled | None:
    """Return the log with activations broken, by `actor` if somebody is to be named."""
    return Settled(log, BROKEN, count, actor or "", turn.at) if count else log


def unseen(log: Settled | None, count: int) -> Settled | None:
    """Return the log with activations of which the log cannot tell how they went."""
    return Settled(log, UNSEEN, count, "", None) if count else log
