"""What must be, or must not be, the very next thing, or the one before."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from procflow.monitors.rules.forms.following import Demanding, released
from procflow.monitors.rules.hearing import Hits
from procflow.monitors.rules.monitor import Demand, broken, kept, unseen
from procflow.monitors.rules.names import Name
from procflow.monitors.rules.phrases import nouns
from procflow.monitors.rules.settling import Open, Settled
from procflow.monitors.rules.terms import DOUBT, NO, YES, Key, Unset, matches
from procflow.monitors.rules.turn import Turn


class Near(NamedTuple):
    """One activation that waits for what comes next."""

    at: datetime | None
    name: Name
    key: Key
    due: datetime | None
    broken: bool = False
    """Of what forbids: something broke it, and more may come."""


class NearOnes(NamedTuple):
    """All that do, and what was settled."""

    near: tuple[Near, ...]
    log: Settled | None


class FollowAtOnce(Demanding[NearOnes]):
    """After each trigger a target, in the same position or in the next that counts."""

    chained = True

    def start(self) -> NearOnes:
        """Return that nothing waits."""
        return NearOnes((), None)

    def step(self, state: NearOnes, hits: Hits, turn: Turn) -> NearOnes:
        """Return the state with what the position fulfils and then sets off; what it does not fulfil is missing."""
        counts = bool(turn.mask & self.mask)
        here: list[Near] = []
        waiting, log = list(state.near), state.log
        for hit in hits:
            if hit.targets:
                here, log = self._fulfil(here, log, turn)
                if counts:
                    waiting, log = self._fulfil(waiting, log, turn)
            if hit.trigger is not None:
                key = self.terms.set_off(turn)
                if isinstance(key, Unset):
                    log = unseen(log, key is Unset.UNSEEN)
                elif self.terms.beyond(turn.at):
                    log = self.untold(log, turn)
                else:
                    here.append(Near(turn.at, turn.name(), key, self.after(turn.at)))
        if counts and waiting:
            names = tuple(one.name for one in waiting)
            self.voice.missing(
                turn,
                self.code,
                f"{self.subject(turn.position.case, names)} was not followed at once by {self.wanted}{_instead(turn)}",
                what=self.targets,
                remedy=f"{self.remedy}, before anything else",
                names=names,
            )
            log, waiting = broken(log, len(names), turn), []
        return NearOnes((*waiting, *here), log)

    def _fulfil(self, these: list[Near], log: Settled | None, turn: Turn) -> tuple[list[Near], Settled | None]:
        may = self.terms.counts(turn.position) if these else NO
        if may is NO:
            return these, log
        key = self.terms.key(turn.position)
        left: list[Near] = []
        for one in these:
            fits = min(may, matches(one.key, key), self.terms.in_time(one.at, turn.at))
            if fits is YES:
                log = kept(log, 1, turn)
            elif fits is DOUBT:
                turn.unseen(self.rule)
                log = unseen(log, 1)
            else:
                left.append(one)
        return left, log

    def awake(self, state: NearOnes) -> bool:
        """Return True if something waits."""
        return bool(state.near)

    def gap(self, state: NearOnes, turn: Turn) -> NearOnes:
        """Return the state where nobody knows what came next."""
        if not state.near:
            return state
        turn.unseen(self.rule)
        return NearOnes((), unseen(state.log, len(state.near)))

    def deadline(self, state: NearOnes) -> datetime | None:
        """Return when the first that waits is late."""
        return min((one.due for one in state.near if one.due is not None), default=None)

    def expire(self, state: NearOnes, now: datetime, turn: Turn) -> NearOnes:
        """Say which are late, and return the state without them."""
        left: list[Near] = []
        log = state.log
        for one in state.near:
            if one.due is not None and now - one.due > self.terms.slack:
                self.say_late(turn, one.name, one.due)
                log = self.settle_late(log, one.due)
            else:
                left.append(one)
        return NearOnes(tuple(left), log)

    def ended(self, state: NearOnes, turn: Turn) -> Settled | None:
        """Say what did not come, and return that it did not."""
        if state.near:
            self.say_missing(turn, tuple(one.name for one in state.near), len(state.near))
        return broken(state.log, len(state.near), turn)

    def cancelled(self, state: NearOnes, turn: Turn) -> Settled | None:
        """Return that whatever waits is released."""
        return released(state.log, len(state.near))

    def open(self, state: NearOnes) -> Open:
        """Return how many wait."""
        return Open(demanded=len(state.near))

    def demand(self, state: NearOnes) -> Demand | None:
        """Return what they wait for."""
        if not state.near:
            return None
        first = state.near[0].name
        return Demand(self.targets, self.deadline(state), first.seq, len(state.near), case=first.case)


def _instead(turn: Turn) -> str:
    """Return what came instead, as a sentence goes on."""
    if not turn.position.happenings:
        return ""
    return f"; {nouns(turn.position.happenings[:1])} came next"
