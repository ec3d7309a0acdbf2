"""What must have come, or must not have come, before whatever sets a rule off: at any time, or each time."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, TypeVar

from rpds import HashTrieMap

from procflow.expressions.values import show_value
from procflow.model.rule import Form, Happening, Manner, Rule
from procflow.monitors.rules.hearing import Hits, Pick
from procflow.monitors.rules.memory.past import NOTHING_SEEN, Past, Seen
from procflow.monitors.rules.monitor import Monitor, Remembered, broken, kept, unseen
from procflow.monitors.rules.names import Name
from procflow.monitors.rules.phrases import events, noun, within
from procflow.monitors.rules.settling import Settled
from procflow.monitors.rules.terms import DOUBT, NO, YES, Terms, Unset, Values
from procflow.monitors.rules.turn import Turn
from procflow.monitors.rules.voice import Voice

S = TypeVar("S", bound=Remembered)


class LookingBack(Monitor[S]):
    """What is settled where a rule is set off, by what came before."""

    demands = False

    def __init__(
        self, rule: Rule, triggers: tuple[Happening, ...], targets: tuple[Happening, ...], terms: Terms, voice: Voice
    ) -> None:
        self.forbids = rule.form is Form.BEFORE_NEVER
        self.pick = Pick.LAST if self.forbids else Pick.FIRST
        super().__init__(rule, triggers, targets, terms, voice)

    def settle(
        self,
        log: Settled | None,
        turn: Turn,
        trigger: Happening,
        fits: int,
        what: Name | None,
        *,
        hidden: bool = False,
        wrong: Name | None = None,
        old: Seen | None = None,
    ) -> Settled | None:
        """Return the log with an activation, of which `fits` says whether a target came before, and `what` which.

        `hidden` says that one may have come where entries are missing; `old` is one that came too early to count.
        """
        if fits is DOUBT or (hidden and fits is NO):
            turn.unseen(self.rule)
            return unseen(log, 1)
        if fits is NO if self.forbids else fits is YES:
            return kept(log, 1, turn)
        if self.forbids:
            self._say_forbidden(turn, trigger, what)
            return broken(log, 1, turn, turn.position.actor)
        self._say_missing(turn, trigger, wrong, old)
        return broken(log, 1, turn)

    def _say_missing(self, turn: Turn, trigger: Happening, wrong: Name | None, old: Seen | None) -> None:
        wanted = self.wanted
        code, message, remedy = {
            Manner.ANY_TIME: ("DV508", f"{noun(trigger)} came without {wanted} before it{within(self.rule)}", "before"),
            Manner.EACH_TIME: (
                "DV510",
                f"{noun(trigger)} came without {wanted} before it{within(self.rule)}; each needs its own",
                "each time before",
            ),
            Manner.NEXT: ("DV512", f"{noun(trigger)} came without {wanted} directly before it", "directly before"),
        }[self.rule.manner]
        again = ""
        if old is not None and old.at is not None and turn.at is not None:
            where, age = events((old.name,), turn.position.case), show_value(turn.at - old.at)
            message = f"{noun(trigger)} came {age} after {wanted} ({where}), and not{within(self.rule)}"
            message += "; each needs its own" if self.rule.manner is Manner.EACH_TIME else ""
            again = f" again,{within(self.rule)}"
        self.voice.missing(
            turn,
            code,
            message,
            what=self.targets,
            remedy=f"{self.to_do}{again} {remedy} {noun(trigger)}",
            names=(turn.name(),),
            wrong=wrong,
        )

    def _say_forbidden(self, turn: Turn, trigger: Happening, what: Name | None) -> None:
        at_once = self.rule.manner is Manner.NEXT
        directly = "directly " if at_once else ""
        unwanted = self.wanted
        where = events((what,) if what is not None else (), turn.position.case)
        self.voice.forbidden(
            turn,
            "DV521" if at_once else "DV518",
            f"{noun(trigger)} came {directly}after {unwanted} ({where}){within(self.rule)}, which it must not",
            what=self.targets[0],
            remedy=f"do not let {noun(trigger)} come {directly}after {unwanted}{within(self.rule)}",
            names=(turn.name(),),
            target=what,
        )


class Before(NamedTuple):
    """What came of the targets, of a rule that compares nothing."""

    came: int
    """Whether one came: YES, NO, or DOUBT if one may have."""
    last: Name | None
    """The latest in time."""
    at: datetime | None
    """When that was."""
    gap: bool
    """Entries are missing since it can matter."""
    wrong: Name | None
    """The latest target that did not count because of who did it."""
    log: Settled | None


class Precede(LookingBack[Before]):
    """Before each trigger a target (or none), wherever it came, or since the trigger before."""

    def start(self) -> Before:
        """Return that nothing came."""
        return Before(NO, None, None, False, None, None)

    def step(self, state: Before, hits: Hits, turn: Turn) -> Before:
        """Return the state with what the position looks back to, and then is."""
        came, last, at, gap, wrong, log = state
        fresh = False
        for hit in hits:
            if hit.trigger is not None:
                key = self.terms.set_off(turn)
                if isinstance(key, Unset):
                    log = unseen(log, key is Unset.UNSEEN)
                else:
                    log = self.settle(log, turn, hit.trigger, came, last, hidden=gap and not self.forbids, wrong=wrong)
                    if self.rule.manner is Manner.EACH_TIME:
                        came, last, at, gap, fresh = NO, None, None, False, True
            if hit.targets and not (fresh and hit.trigger is not None):
                may = self.terms.counts(turn.position)
                if may is NO:
                    wrong = turn.name()
                if may is NO or may < came or (may is came and at is not None and turn.at is not None and turn.at < at):
                    continue
                came, last, at = may, turn.name(), turn.at
        return Before(came, last, at, gap, wrong, log)

    def gap(self, state: Before, turn: Turn) -> Before:
        """Return the state where a target may have come unseen."""
        return state._replace(gap=True)

    def for_good(self, state: Before) -> bool:
        """Return True if it is kept whenever it is set off again."""
        return not self.forbids and self.rule.manner is Manner.ANY_TIME and state.came is YES


class BeforeByKey(NamedTuple):
    """What came of the targets, by values and time."""

    past: Past
    number: int
    last: HashTrieMap[Values, int]
    """Of `each-time`: when the rule was set off last."""
    gap: tuple[int, datetime | None] | None
    wrong: Name | None
    """The latest target that did not count because of who did it."""
    log: Settled | None


class PrecedeByKey(LookingBack[BeforeByKey]):
    """Likewise, with a limit or with values that must be the same or differ."""

    def start(self) -> BeforeByKey:
        """Return that nothing came."""
        return BeforeByKey(NOTHING_SEEN, 0, HashTrieMap(), None, None, None)

    def step(self, state: BeforeByKey, hits: Hits, turn: Turn) -> BeforeByKey:
        """Return the state with what the position looks back to, and then is."""
        past, number, last, gap, wrong, log = state
        for hit in hits:
            # What sets the rule off is not itself what must come between it and the next.
            number += bool(hit.targets)
            again = False
            if hit.trigger is not None:
                key = self.terms.set_off(turn)
                if isinstance(key, Unset):
                    log = unseen(log, key is Unset.UNSEEN)
                else:
                    since = last.get(key[0], -1)
                    fits, what = past.look(key, turn.at, self.terms, forbids=self.forbids, since=since)
                    hidden = not self.forbids and hides(gap, since, turn, self.terms)
                    old = None
                    if fits is NO and not self.forbids and self.terms.within is not None:
                        old = past.too_old(key, since)
                    name = what.name if what else None
                    log = self.settle(log, turn, hit.trigger, fits, name, hidden=hidden, wrong=wrong, old=old)
                    if self.rule.manner is Manner.EACH_TIME:
                        past, last, again = past.without(key), last.insert(key[0], number), True
            if hit.targets:
                if (may := self.terms.may(turn.position)) is NO:
                    wrong = wrong if again else turn.name()
                else:
                    past = past.plus(seen(self.terms, turn, number, may))
        return BeforeByKey(past, number, last, gap, wrong, log)

    def gap(self, state: BeforeByKey, turn: Turn) -> BeforeByKey:
        """Return the state where a target may have come unseen."""
        return state._replace(number=state.number + 1, gap=(state.number + 1, turn.position.at))


class JustBefore(NamedTuple):
    """What came of the targets in the last position that counts."""

    near: tuple[Seen, ...]
    gap: bool
    log: Settled | None


class PrecedeAtOnce(LookingBack[JustBefore]):
    """Before each trigger a target (or none), in the same position or in the last one before that counts."""

    chained = True

    def start(self) -> JustBefore:
        """Return that nothing came."""
        return JustBefore((), False, None)

    def step(self, state: JustBefore, hits: Hits, turn: Turn) -> JustBefore:
        """Return the state with what the position looks back to, and then is."""
        here: list[Seen] = []
        log = state.log
        for hit in hits:
            if hit.trigger is not None:
                key = self.terms.set_off(turn)
                if isinstance(key, Unset):
                    log = unseen(log, key is Unset.UNSEEN)
                else:
                    past = NOTHING_SEEN
                    for one in here:
                        past = past.plus(one)
                    fits, what = past.look(key, turn.at, self.terms, forbids=self.forbids)
                    if fits is not YES:
                        for one in state.near:
                            past = past.plus(one._replace(sure=one.sure and not state.gap))
                        fits, what = past.look(key, turn.at, self.terms, forbids=self.forbids)
                    name = what.name if what is not None else None
                    log = self.settle(log, turn, hit.trigger, fits, name, hidden=state.gap)
            if hit.targets and (may := self.terms.may(turn.position)) is not NO:
                here.append(seen(self.terms, turn, len(here) + 1, may))
        if turn.mask & self.mask:
            return JustBefore(tuple(here), False, log)
        return state._replace(log=log)

    def awake(self, state: JustBefore) -> bool:
        """Return True if the next position that counts makes a difference."""
        return bool(state.near) or state.gap

    def gap(self, state: JustBefore, turn: Turn) -> JustBefore:
        """Return the state where nobody knows what came last."""
        return state._replace(gap=True)


def seen(terms: Terms, turn: Turn, number: int, may: int) -> Seen:
    """Return a target that came with this position."""
    return Seen(turn.at, turn.name(number), terms.key(turn.position), may is YES)


def hides(gap: tuple[int, datetime | None] | None, since: int, turn: Turn, terms: Terms) -> bool:
    """Return True if a target may have come in time where entries are missing."""
    if gap is None or gap[0] <= since:
        return False
    return gap[1] is None or terms.in_time(gap[1], turn.at) is not NO
