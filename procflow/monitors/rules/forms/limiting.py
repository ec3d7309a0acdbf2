"""How often something may happen: never, at-most (in all, or in any stretch of time), exactly."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from procflow.model.rule import Form, Happening
from procflow.monitors.rules.blame import Blame, blame_of
from procflow.monitors.rules.forms.following import released
from procflow.monitors.rules.hearing import Hits
from procflow.monitors.rules.memory.latest import NONE_YET, Latest
from procflow.monitors.rules.monitor import Demand, Monitor, broken, unseen
from procflow.monitors.rules.phrases import are, asked, came, doing, noun, nouns, times
from procflow.monitors.rules.reach import Reach
from procflow.monitors.rules.settling import KEPT, Open, Settled
from procflow.monitors.rules.terms import DOUBT, NO, YES
from procflow.monitors.rules.turn import Turn

_NOTHING = timedelta(0)


class Limit(NamedTuple):
    """How often it happened, and whether that was too often."""

    sure: int
    maybe: int
    log: Settled | None


class AtMost(Monitor[Limit]):
    """`never` and `at-most`: every one beyond the number is forbidden."""

    demands = False

    def start(self) -> Limit:
        """Return that it never happened."""
        return Limit(0, 0, None)

    def step(self, state: Limit, hits: Hits, turn: Turn) -> Limit:
        """Return the state with what happened counted; say if that is too often."""
        sure, maybe, log = state
        number = self.rule.number or 0
        said = False
        for hit in hits:
            counts = counted(self, turn) if hit.targets else NO
            sure, maybe = sure + (counts is YES), maybe + (counts is DOUBT)
            if counts is NO or sure + maybe <= number:
                continue
            if counts is YES and sure > number:
                if not said:
                    say_too_often(self, turn, self.targets[hit.targets[0]], sure)
                log, said = log or broken(log, 1, turn, turn.position.actor), True
            else:
                turn.unseen(self.rule)
        return Limit(sure, maybe, log)

    def open(self, state: Limit) -> Open:
        """Return whether it may have been broken."""
        if state.log is not None:
            return Open()
        unsure = state.sure + state.maybe > (self.rule.number or 0)
        return Open(unsure=1) if unsure else Open(forbidding=1)


class Recent(NamedTuple):
    """When it happened last, and whether that was too often."""

    sure: Latest
    """As many of the latest as are allowed."""
    all: Latest
    """Likewise, with what may have counted."""
    number: int
    """How often in all, where the log tells no times."""
    unsure: bool
    log: Settled | None


class AtMostIn(Monitor[Recent]):
    """`at-most` with `in`: more than so many in any stretch of that length are forbidden."""

    demands = False

    def start(self) -> Recent:
        """Return that it never happened."""
        return Recent(NONE_YET, NONE_YET, 0, False, None)

    def step(self, state: Recent, hits: Hits, turn: Turn) -> Recent:
        """Return the state with what happened counted; say if that is too often."""
        said = False
        for hit in hits:
            counts = counted(self, turn) if hit.targets else NO
            if counts is NO:
                continue
            fits, many = self._too_many(state, turn, counts)
            log, unsure = state.log, state.unsure
            if fits is YES:
                if not said:
                    say_too_often(self, turn, self.targets[hit.targets[0]], many)
                log, said = log or broken(log, 1, turn, turn.position.actor), True
            elif fits is DOUBT:
                turn.unseen(self.rule)
                unsure = True
            sure = self._plus(state.sure, turn.at) if counts is YES else state.sure
            state = Recent(sure, self._plus(state.all, turn.at), state.number + 1, unsure, log)
        return state

    def _too_many(self, state: Recent, turn: Turn, counts: int) -> tuple[int, int | None]:
        """Return whether one more is too often, and how many that makes; None: more than are allowed."""
        number, window = self.rule.number or 0, self.terms.window
        assert window is not None
        if number == 0:
            return counts, None
        if turn.at is None or not self.terms.tells_time or not window.known:
            return (DOUBT if state.number >= number else NO), 0
        if counts is YES and self._all_within(state.sure, turn.at, window, self.terms.resolution) is YES:
            # No more are remembered than are allowed. And what is backdated must not change what is said of later ones.
            return YES, None
        return min(DOUBT, self._all_within(state.all, turn.at, window)), 0

    def _all_within(self, these: Latest, at: datetime, window: Reach, resolution: timedelta = timedelta(0)) -> int:
        """Return whether as many as are allowed lie in the window before a moment, by no less than `resolution`."""
        if these.earliest is None or these.many < (self.rule.number or 0):
            return NO
        first = these.earliest.first.at
        if window.elapsed is not None:
            left = window.elapsed - (at - first)
        else:
            over = window.after(first)
            if over is None:
                return DOUBT
            left = over - at
        return YES if left > _NOTHING and left >= resolution else NO

    def _plus(self, these: Latest, at: datetime | None) -> Latest:
        return these if at is None else these.plus(at, self.rule.number or 0)

    def open(self, state: Recent) -> Open:
        """Return whether it may have been broken."""
        if state.log is not None:
            return Open()
        return Open(unsure=1) if state.unsure else Open(forbidding=1)


class Exact(NamedTuple):
    """How often it happened, and the first that was too many."""

    sure: int
    maybe: int
    hidden: bool
    excess: Blame | None
    """Of a rule with `when`, which is judged at the end."""
    log: Settled | None


class Exactly(Monitor[Exact]):
    """`exactly`: every one beyond the number is forbidden, and fewer at the end are missing."""

    demands = False
    mixed = True

    @property
    def number(self) -> int:
        """How often."""
        return self.rule.number or 0

    def start(self) -> Exact:
        """Return that it never happened."""
        return Exact(0, 0, False, None, None)

    def step(self, state: Exact, hits: Hits, turn: Turn) -> Exact:
        """Return the state with what happened counted; say if that is too often."""
        sure, maybe, hidden, excess, log = state
        said = False
        for hit in hits:
            may = self.terms.may(turn.position) if hit.targets else NO
            sure, maybe = sure + (may is YES), maybe + (may is DOUBT)
            if may is NO or sure + maybe <= self.number:
                continue
            what = self.targets[hit.targets[0]]
            if may is not YES or sure <= self.number:
                turn.unseen(self.rule)
            elif self.rule.when is not None:
                excess = excess or blame_of(turn.position, what, sure)
            else:
                if not said:
                    say_too_often(self, turn, what, sure)
                log, said = log or broken(log, 1, turn, turn.position.actor), True
        return Exact(sure, maybe, hidden, excess, log)

    def gap(self, state: Exact, turn: Turn) -> Exact:
        """Return the state where it may have happened unseen."""
        return state._replace(hidden=True)

    def ended(self, state: Exact, turn: Turn) -> Settled | None:
        """Say what is missing, or was too many, and return how it went."""
        if state.log is not None:
            return state.log
        holds = self.terms.holds(turn)
        if holds is not YES:
            return unseen(None, holds is DOUBT)
        if state.sure + state.maybe < self.number and not state.hidden:
            self._say_too_few(state, turn)
            return broken(None, 1, turn)
        return self._enough(state, turn)

    def cancelled(self, state: Exact, turn: Turn) -> Settled | None:
        """Return how it went in a case that was cancelled."""
        if state.log is not None:
            return state.log
        holds = self.terms.may_hold(turn)
        if state.sure + state.maybe < self.number or holds is DOUBT:
            return released(None, holds is not NO)
        return self._enough(state, turn) if holds is YES else None

    def _enough(self, state: Exact, turn: Turn) -> Settled | None:
        """Return how it went if it did not happen too seldom."""
        if state.excess is not None:
            say_too_often(self, state.excess.turn(turn), state.excess.what, state.excess.number)
            return broken(None, 1, turn, state.excess.actor)
        if state.sure == self.number and not state.maybe:
            return Settled(None, KEPT, 1, "", turn.at)
        turn.unseen(self.rule)
        return unseen(None, 1)

    def _say_too_few(self, state: Exact, turn: Turn) -> None:
        name = nouns(self.targets, "and") + asked(self.rule)
        self.voice.missing(
            turn,
            "DV522",
            f"{came(name, state.sure)} before the case ended; exactly {self.number} {are(self.number)} demanded",
            what=self.targets,
            remedy=f"{doing(self.targets[0])}{asked(self.rule)} {times(self.number)} before the case ends",
            values={"times": str(state.sure), "needed": str(self.number)},
        )

    def open(self, state: Exact) -> Open:
        """Return whether some are still to come, or no more may."""
        if state.log is not None or self.rule.when is not None:
            return Open()
        if state.sure + state.maybe < self.number:
            return Open(demanded=1)
        return Open(unsure=1) if state.maybe else Open(forbidding=1)

    def demand(self, state: Exact) -> Demand | None:
        """Return how many are still to come."""
        left = self.number - state.sure - state.maybe
        if left <= 0 or self.rule.when is not None:
            return None
        return Demand(self.targets, None, None, left)


def counted(monitor: AtMost | AtMostIn, turn: Turn) -> int:
    """Return whether what happened counts."""
    may = monitor.terms.may(turn.position)
    return min(may, monitor.terms.holds(turn)) if may is not NO else NO


def say_too_often(monitor: AtMost | AtMostIn | Exactly, turn: Turn, what: Happening, many: int | None) -> None:
    """Say that something happened that must not happen (any more); `many` None: more often than is allowed."""
    rule = monitor.rule
    number = rule.number or 0
    name = noun(what) + asked(rule)
    if rule.form is Form.NEVER:
        condition = f" when {rule.when}" if rule.when is not None else ""
        code, message, remedy = "DV502", f"{name} came, which it must never{condition}", f"do not let {name} come"
        values = {}
    else:
        all_of = nouns(monitor.targets, "and") + asked(rule)
        limit = f" within {rule.window}" if rule.window is not None else ""
        often = "exactly" if rule.form is Form.EXACTLY else "at most"
        code = "DV503"
        came_so_often = times(many) if many is not None else f"more than {times(number) if number else '0 times'}"
        message = f"{all_of} came {came_so_often}{limit}; {often} {number} {are(number)} allowed"
        remedy = f"do not let {name} come again{limit and ' so soon'}"
        values = {"times": str(many) if many is not None else f"more than {number}", "allowed": str(number)}
    monitor.voice.forbidden(turn, code, message, what=what, remedy=remedy, values=values)
