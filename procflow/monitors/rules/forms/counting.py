"""How often something must happen: must-happen, at-least, any-of."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from procflow.expressions.values import show_value
from procflow.model.rule import Form, Happening
from procflow.monitors.rules.forms.following import released
from procflow.monitors.rules.hearing import Hits
from procflow.monitors.rules.monitor import Demand, Monitor, broken, kept, unseen
from procflow.monitors.rules.names import Name
from procflow.monitors.rules.phrases import asked, came, doing, none_came, nouns, times
from procflow.monitors.rules.settling import BROKEN, KEPT, Open, Settled
from procflow.monitors.rules.terms import DOUBT, NO, YES
from procflow.monitors.rules.turn import Turn


class Count(NamedTuple):
    """How often it happened."""

    sure: int
    maybe: int
    """How often it may have counted, besides."""
    hidden: bool
    """Entries are missing: it may have happened there."""
    done: bool
    """Settled for good."""
    since: datetime | None
    name: Name | None
    """When and with which event the case opened."""
    wrong: Name | None
    """The latest target that did not count because of who did it."""
    log: Settled | None


class AtLeast(Monitor[Count]):
    """`must-happen`, `at-least`, `any-of`: kept once it happened so often."""

    @property
    def number(self) -> int:
        """How often."""
        return self.rule.number if self.rule.number is not None else 1

    @property
    def _code(self) -> str:
        return {Form.MUST_HAPPEN: "DV501", Form.ANY_OF: "DV514"}.get(self.rule.form, "DV522")

    def start(self) -> Count:
        """Return that it never happened."""
        return Count(0, 0, False, False, None, None, None, None)

    def opened(self, state: Count, turn: Turn) -> Count:
        """Return the state of a case that opens now."""
        return state._replace(since=turn.at, name=turn.name())

    def step(self, state: Count, hits: Hits, turn: Turn) -> Count:
        """Return the state with what happened counted."""
        if state.done:
            return state
        sure, maybe, wrong = state.sure, state.maybe, state.wrong
        for hit in hits:
            if not hit.targets:
                continue
            counts = self.terms.may(turn.position)
            if self.rule.within is not None and counts is not NO:
                in_time = self.terms.in_time(state.since, turn.at)
                counts = min(counts, DOUBT if in_time is NO and state.hidden else in_time)
            else:
                wrong = turn.name() if counts is NO else wrong
            sure, maybe = sure + (counts is YES), maybe + (counts is DOUBT)
        state = state._replace(sure=sure, maybe=maybe, wrong=wrong)
        if self.rule.when is not None or sure + maybe < self.number:
            return state
        return state._replace(done=True, log=self._enough(state, turn))

    def _enough(self, state: Count, turn: Turn) -> Settled | None:
        if state.sure >= self.number:
            return kept(state.log, 1, turn)
        turn.unseen(self.rule)
        return unseen(state.log, 1)

    def gap(self, state: Count, turn: Turn) -> Count:
        """Return the state where it may have happened unseen."""
        return state if state.done else state._replace(hidden=True)

    def deadline(self, state: Count) -> datetime | None:
        """Return until when it must have happened; None of a rule with `when`, which is judged at the end."""
        return None if state.done or state.hidden or self.rule.when is not None else self.after(state.since)

    def expire(self, state: Count, now: datetime, turn: Turn) -> Count:
        """Say that it did not happen in time."""
        due = self.deadline(state)
        if due is None or now - due <= self.terms.slack:
            return state
        return state._replace(done=True, log=self._late(state, turn, due))

    def _late(self, state: Count, turn: Turn, due: datetime) -> Settled:
        limit = self.rule.within
        self.voice.late(
            turn,
            self._code,
            self._too_few(state, f"within {limit} of the opening of the case (until {show_value(due)})"),
            what=self.targets,
            remedy=f"{self._all_to_do} within {limit} of the opening of the case",
            name=state.name or turn.name(),
            due=due,
            case_itself=True,
            wrong=state.wrong,
        )
        return Settled(state.log, BROKEN, 1, "", due)

    def ended(self, state: Count, turn: Turn) -> Settled | None:
        """Say what did not happen, and return how it went."""
        if state.done:
            return state.log
        holds = self.terms.holds(turn)
        if holds is not YES:
            return unseen(state.log, holds is DOUBT)
        if state.sure >= self.number:
            return Settled(state.log, KEPT, 1, "", turn.at)
        if state.hidden or state.sure + state.maybe >= self.number:
            turn.unseen(self.rule)
            return unseen(state.log, 1)
        due = self.after(state.since)
        at = turn.position.at
        if due is not None and at is not None and at - due > self.terms.slack:
            return self._late(state, turn, due)
        self.voice.missing(
            turn,
            self._code,
            self._too_few(state, "before the case ended"),
            what=self.targets,
            remedy=f"{self._all_to_do} before the case ends",
            values={} if self.number == 1 else {"times": str(state.sure), "needed": str(self.number)},
            wrong=state.wrong,
        )
        return broken(state.log, 1, turn)

    def cancelled(self, state: Count, turn: Turn) -> Settled | None:
        """Return how it went in a case that was cancelled."""
        if state.done:
            return state.log
        holds = self.terms.may_hold(turn)
        if holds is YES and state.sure >= self.number:
            return Settled(state.log, KEPT, 1, "", turn.at)
        if holds is YES and state.sure + state.maybe >= self.number:
            turn.unseen(self.rule)
            return unseen(state.log, 1)
        return released(state.log, holds is not NO)

    def _too_few(self, state: Count, when: str) -> str:
        if self.number == 1:
            return f"{none_came(self.targets, asked(self.rule))} {when}"
        name = nouns(self.targets, "and") + asked(self.rule)
        return f"{came(name, state.sure)} {when}; at least {self.number} are demanded"

    @property
    def _all_to_do(self) -> str:
        often = "" if self.number == 1 else f" {times(self.number)}"
        return f"{doing(self.targets[0])}{_others(self.targets)}{asked(self.rule)}{often}"

    def open(self, state: Count) -> Open:
        """Return whether it is still to happen."""
        return Open(demanded=0 if state.done or self.rule.when is not None else 1)

    def demand(self, state: Count) -> Demand | None:
        """Return what is still to happen."""
        if state.done or self.rule.when is not None:
            return None
        return Demand(self.targets, self.deadline(state), None, self.number - state.sure - state.maybe)

    def for_good(self, state: Count) -> bool:
        """Return True once it happened."""
        return state.done


def _others(these: tuple[Happening, ...]) -> str:
    return "" if len(these) < 2 else f" (or {nouns(these[1:])})"
