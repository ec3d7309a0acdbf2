"""What must happen as well, before or after: `if .. also`."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from procflow.expressions.values import show_value
from procflow.monitors.rules.following import Demanding, S, demand_of, fulfilled, released
from procflow.monitors.rules.hearing import Hits
from procflow.monitors.rules.monitor import Demand, broken, kept, unseen
from procflow.monitors.rules.names import Name, Names
from procflow.monitors.rules.past import NOTHING_SEEN, Past
from procflow.monitors.rules.pending import NONE_WAIT, NOTHING_WAITS, Keyed, Plain
from procflow.monitors.rules.preceding import hides, seen
from procflow.monitors.rules.settling import Open, Settled
from procflow.monitors.rules.terms import DOUBT, NO, YES, Unset
from procflow.monitors.rules.turn import Turn


class Company(Demanding[S]):
    """What the two ways to watch `if .. also` have in common: what they say."""

    @property
    def code(self) -> str:
        """The class of what it says."""
        return "DV506"

    @property
    def remedy(self) -> str:
        """What would have been right."""
        return f"{self.to_do} as well, before or after {self.trigger}"

    def say_missing(self, turn: Turn, names: Names, total: int, wrong: Name | None = None) -> None:
        """Say that the case ended and what was demanded had not come at all."""
        self._say(turn, names, total, wrong)

    def _say(self, turn: Turn, names: Names, total: int, wrong: Name | None) -> None:
        near = "" if self.rule.within is None else f" within {self.limit}"
        self.voice.missing(
            turn,
            self.code,
            f"{self.subject(turn.position.case, names, total)} came without {self.wanted}, before or after it{near}",
            what=self.targets,
            remedy=f"{self.remedy}{near}",
            names=names,
            total=total,
            wrong=wrong,
        )


class WithPlain(NamedTuple):
    """Whether a target came, and what waits for one."""

    came: int
    gap: bool
    waiting: Plain
    wrong: Name | None
    """The latest target that did not count because of who did it."""
    log: Settled | None


class Accompany(Company[WithPlain]):
    """Each trigger needs a target, wherever it comes."""

    def start(self) -> WithPlain:
        """Return that nothing came."""
        return WithPlain(NO, False, NONE_WAIT, None, None)

    def step(self, state: WithPlain, hits: Hits, turn: Turn) -> WithPlain:
        """Return the state with what the position fulfils and sets off."""
        came, gap, waiting, wrong, log = state
        for hit in hits:
            if hit.targets and came is not YES:
                may = self.terms.may(turn.position)
                if may is YES:
                    waiting, log = NONE_WAIT, kept(log, waiting.total, turn)
                elif may is DOUBT and waiting.total:
                    turn.unseen(self.rule)
                    waiting, log = NONE_WAIT, unseen(log, waiting.total)
                elif may is NO:
                    wrong = turn.name()
                came = max(came, may)
        # It does not matter which comes first, so within one position a target comes before what asks for it.
        for hit in hits:
            if hit.trigger is not None:
                key = self.terms.set_off(turn)
                if isinstance(key, Unset):
                    log = unseen(log, key is Unset.UNSEEN)
                elif came is YES:
                    log = kept(log, 1, turn)
                elif came is DOUBT or gap:
                    turn.unseen(self.rule)
                    log = unseen(log, 1)
                else:
                    waiting = waiting.plus(turn.position.case, turn.position.seq)
        return WithPlain(came, gap, waiting, wrong, log)

    def gap(self, state: WithPlain, turn: Turn) -> WithPlain:
        """Return the state where a target may have come unseen."""
        if state.waiting.total:
            turn.unseen(self.rule)
        return WithPlain(state.came, True, NONE_WAIT, state.wrong, unseen(state.log, state.waiting.total))

    def ended(self, state: WithPlain, turn: Turn) -> Settled | None:
        """Say what did not come, and return that it did not."""
        if state.waiting.total:
            self.say_missing(turn, state.waiting.names, state.waiting.total, state.wrong)
        return broken(state.log, state.waiting.total, turn)

    def cancelled(self, state: WithPlain, turn: Turn) -> Settled | None:
        """Return that whatever waits is released."""
        return released(state.log, state.waiting.total)

    def open(self, state: WithPlain) -> Open:
        """Return how many wait."""
        return Open(demanded=state.waiting.total)

    def demand(self, state: WithPlain) -> Demand | None:
        """Return what they wait for."""
        if not state.waiting.total:
            return None
        return Demand(self.targets, None, state.waiting.names[0].seq, state.waiting.total)

    def for_good(self, state: WithPlain) -> bool:
        """Return True once a target came."""
        return state.came is YES


class WithKeyed(NamedTuple):
    """What came, and what waits for more, by values and time."""

    past: Past
    number: int
    gap: tuple[int, datetime | None] | None
    waiting: Keyed
    wrong: Name | None
    """The latest target that did not count because of who did it."""
    log: Settled | None


class AccompanyByKey(Company[WithKeyed]):
    """Likewise, with a limit or with values that must be the same or differ."""

    def start(self) -> WithKeyed:
        """Return that nothing came."""
        return WithKeyed(NOTHING_SEEN, 0, None, NOTHING_WAITS, None, None)

    def step(self, state: WithKeyed, hits: Hits, turn: Turn) -> WithKeyed:
        """Return the state with what the position fulfils and sets off."""
        past, number, gap, waiting, wrong, log = state
        for hit in hits:
            if hit.targets and (may := self.terms.may(turn.position)) is NO:
                wrong = turn.name()
            elif hit.targets:
                waiting, wrong, log = fulfilled(self, waiting, wrong, log, turn)
                number += 1
                past = past.plus(seen(self.terms, turn, number, may))
        for hit in hits:
            if hit.trigger is not None:
                key = self.terms.set_off(turn)
                if isinstance(key, Unset):
                    log = unseen(log, key is Unset.UNSEEN)
                    continue
                fits, _ = past.look(key, turn.at, self.terms)
                if fits is YES:
                    log = kept(log, 1, turn)
                elif fits is DOUBT or hides(gap, -1, turn, self.terms):
                    turn.unseen(self.rule)
                    log = unseen(log, 1)
                else:
                    waiting = waiting.plus(key, turn.position.case, turn.position.seq, self.after(turn.at))
        return WithKeyed(past, number, gap, waiting, wrong, log)

    def gap(self, state: WithKeyed, turn: Turn) -> WithKeyed:
        """Return the state where a target may have come unseen."""
        if state.waiting.total:
            turn.unseen(self.rule)
        log = unseen(state.log, state.waiting.total)
        return WithKeyed(state.past, state.number, (state.number, turn.position.at), NOTHING_WAITS, state.wrong, log)

    def deadline(self, state: WithKeyed) -> datetime | None:
        """Return when the first that waits is late."""
        one = state.waiting.soonest()
        return one.at if one is not None else None

    def say_late(self, turn: Turn, name: Name, due: datetime, wrong: Name | None = None) -> None:
        """Say that what was demanded did not come in time, before or after."""
        self.voice.late(
            turn,
            self.code,
            f"{self.subject(name.case, (name,))} came without {self.wanted} within {self.limit} before or after it, "
            f"by {show_value(due)}",
            what=self.targets,
            remedy=f"{self.remedy} within {self.limit}",
            name=name,
            due=due,
            wrong=wrong,
        )

    def expire(self, state: WithKeyed, now: datetime, turn: Turn) -> WithKeyed:
        """Say which are late, and return the state without them."""
        waiting, late = state.waiting.expired(now, self.terms.slack)
        log = state.log
        for one in late:
            self.say_late(turn, one.name, one.at, state.wrong)
            log = self.settle_late(log, one.at)
        return state._replace(waiting=waiting, log=log)

    def ended(self, state: WithKeyed, turn: Turn) -> Settled | None:
        """Say what did not come, and return that it did not."""
        if state.waiting.total:
            self.say_missing(turn, state.waiting.named(), state.waiting.total, state.wrong)
        return broken(state.log, state.waiting.total, turn)

    def cancelled(self, state: WithKeyed, turn: Turn) -> Settled | None:
        """Return that whatever waits is released."""
        return released(state.log, state.waiting.total)

    def open(self, state: WithKeyed) -> Open:
        """Return how many wait."""
        return Open(demanded=state.waiting.total)

    def demand(self, state: WithKeyed) -> Demand | None:
        """Return what they wait for."""
        return demand_of(self.targets, state.waiting)
