"""Which of several things happen: all of them, one of them, or not both."""

from __future__ import annotations

from typing import NamedTuple

from procflow.model.rule import Happening
from procflow.monitors.rules.blame import Blame, blame_of
from procflow.monitors.rules.forms.following import released
from procflow.monitors.rules.forms.preceding import seen
from procflow.monitors.rules.hearing import Hits
from procflow.monitors.rules.memory.past import NOTHING_SEEN, Past
from procflow.monitors.rules.monitor import Demand, Monitor, broken, kept, unseen
from procflow.monitors.rules.names import Name
from procflow.monitors.rules.phrases import asked, doing, events, none_came, noun, nouns
from procflow.monitors.rules.settling import KEPT, Open, Settled
from procflow.monitors.rules.terms import DOUBT, NO, YES
from procflow.monitors.rules.turn import Turn


class Parts(NamedTuple):
    """Which of them happened."""

    came: frozenset[int]
    set_off: bool
    """One of them happened where `when` held."""
    name: Name | None
    """With which event."""
    maybe: bool
    """The log cannot tell whether one did."""
    hidden: bool
    log: Settled | None


class Together(Monitor[Parts]):
    """`together`: once one of them happened, all must."""

    def start(self) -> Parts:
        """Return that none happened."""
        return Parts(frozenset(), False, None, False, False, None)

    def step(self, state: Parts, hits: Hits, turn: Turn) -> Parts:
        """Return the state with what happened; kept once all did."""
        came, set_off, name, maybe, hidden, log = state
        here = [place for hit in hits for place in hit.targets]
        if not here or log is not None:
            return state
        if not set_off:
            holds = self.terms.holds(turn)
            set_off, name = holds is YES, turn.name() if holds is YES else None
            maybe = maybe or holds is DOUBT
        came = came.union(here)
        if set_off and len(came) == len(self.targets):
            log = kept(None, 1, turn)
        return Parts(came, set_off, name, maybe, hidden, log)

    def gap(self, state: Parts, turn: Turn) -> Parts:
        """Return the state where those that are missing may have happened."""
        return state if state.hidden or state.log is not None else state._replace(hidden=True)

    def _missing(self, state: Parts) -> tuple[int, ...]:
        return tuple(place for place in range(len(self.targets)) if place not in state.came)

    def ended(self, state: Parts, turn: Turn) -> Settled | None:
        """Say which did not happen, and return how it went."""
        if state.log is not None:
            return state.log
        if not state.set_off:
            return unseen(None, state.maybe)
        if state.hidden:
            turn.unseen(self.rule)
            return unseen(None, 1)
        came = [self.targets[place] for place in sorted(state.came)]
        missing = tuple(self.targets[place] for place in self._missing(state))
        never = f"{nouns(missing, 'and')} never" if len(missing) == 1 else f"neither {nouns(missing, 'nor')}"
        self.voice.missing(
            turn,
            "DV513",
            f"{nouns(came, 'and')} came, but {never} before the case ended; they belong together",
            what=missing,
            remedy=f"{joined_doing(missing)} as well, before the case ends",
            names=(state.name,) if state.name is not None else (),
        )
        return broken(None, 1, turn)

    def cancelled(self, state: Parts, turn: Turn) -> Settled | None:
        """Return how it went in a case that was cancelled."""
        if state.log is not None or not state.set_off:
            return state.log or unseen(None, state.maybe)
        return released(None, 1)

    def open(self, state: Parts) -> Open:
        """Return whether some are still to come."""
        if state.log is not None:
            return Open()
        return Open(demanded=1) if state.set_off else Open(unsure=int(state.maybe))

    def demand(self, state: Parts) -> Demand | None:
        """Return which are still to come."""
        if state.log is not None or not state.set_off:
            return None
        what = tuple(self.targets[place] for place in self._missing(state))
        return Demand(what, None, state.name.seq if state.name else None, 1, together=True)

    def for_good(self, state: Parts) -> bool:
        """Return True once all happened."""
        return state.log is not None


class Choice(NamedTuple):
    """Which one was chosen."""

    chosen: int | None
    maybe: frozenset[int]
    """Which may have been."""
    unsure: bool
    """More than one may have been chosen."""
    hidden: bool
    excess: Blame | None
    """Of a rule with `when`, which is judged at the end: the first that was one too many."""
    log: Settled | None


class OneOf(Monitor[Choice]):
    """`one-of`: exactly one of them, as often as you like."""

    demands = False
    mixed = True

    def start(self) -> Choice:
        """Return that none was chosen."""
        return Choice(None, frozenset(), False, False, None, None)

    def step(self, state: Choice, hits: Hits, turn: Turn) -> Choice:
        """Return the state with what was chosen; say if something else was before."""
        chosen, maybe, unsure, hidden, excess, log = state
        said = False
        for place in [place for hit in hits for place in hit.targets]:
            may = self.terms.may(turn.position)
            if may is NO or place == chosen:
                continue
            if may is DOUBT or chosen is None:
                others = maybe - {place} if may is YES else maybe
                if (chosen is not None) or others - {place}:
                    turn.unseen(self.rule)
                    unsure = True
                chosen, maybe = (place, maybe) if may is YES else (chosen, maybe | {place})
            elif self.rule.when is not None:
                excess = excess or blame_of(turn.position, self.targets[place], chosen)
            else:
                if not said:
                    self._say(turn, self.targets[place], chosen)
                log, said = log or broken(log, 1, turn, turn.position.actor), True
        return Choice(chosen, maybe, unsure, hidden, excess, log)

    def _say(self, turn: Turn, what: Happening, chosen: int) -> None:
        before = noun(self.targets[chosen])
        self.voice.forbidden(
            turn,
            "DV515",
            f"{noun(what)} came although {before} had come; only one of {nouns(self.targets, 'and')} may",
            what=what,
            remedy=f"keep to {before}",
            values={"chosen": str(self.targets[chosen])},
        )

    def gap(self, state: Choice, turn: Turn) -> Choice:
        """Return the state where one may have been chosen unseen."""
        return state._replace(hidden=True)

    def ended(self, state: Choice, turn: Turn) -> Settled | None:
        """Say if none was chosen, or more than one, and return how it went."""
        if state.log is not None:
            return state.log
        holds = self.terms.holds(turn)
        if holds is not YES:
            return unseen(None, holds is DOUBT)
        if state.chosen is None and not state.maybe and not state.hidden:
            self._say_none(turn)
            return broken(None, 1, turn)
        return self._chosen(state, turn)

    def cancelled(self, state: Choice, turn: Turn) -> Settled | None:
        """Return how it went in a case that was cancelled."""
        if state.log is not None:
            return state.log
        holds = self.terms.may_hold(turn)
        if (state.chosen is None and not state.maybe) or holds is DOUBT:
            return released(None, holds is not NO)
        return self._chosen(state, turn) if holds is YES else None

    def _chosen(self, state: Choice, turn: Turn) -> Settled | None:
        """Return how it went if something was chosen, or may have been."""
        if state.excess is not None:
            self._say(state.excess.turn(turn), state.excess.what, state.excess.number)
            return broken(None, 1, turn, state.excess.actor)
        if state.chosen is not None and not state.unsure:
            return Settled(None, KEPT, 1, "", turn.at)
        turn.unseen(self.rule)
        return unseen(None, 1)

    def _say_none(self, turn: Turn) -> None:
        self.voice.missing(
            turn,
            "DV514",
            f"{none_came(self.targets, asked(self.rule))} before the case ended",
            what=self.targets,
            remedy=f"do one of them{asked(self.rule)} before the case ends",
        )

    def open(self, state: Choice) -> Open:
        """Return whether one is still to be chosen, or no other may be."""
        if state.log is not None or self.rule.when is not None:
            return Open()
        if state.chosen is None and not state.maybe:
            return Open(demanded=1)
        return Open(unsure=1) if state.unsure or state.chosen is None else Open(forbidding=1)

    def demand(self, state: Choice) -> Demand | None:
        """Return what is still to be chosen."""
        return Demand(self.targets, None, None, 1) if self.open(state).demanded else None


class Sides(NamedTuple):
    """What happened of each."""

    past: tuple[Past, ...]
    number: int
    activated: bool
    """One of them surely happened where `when` held."""
    unsure: bool
    log: Settled | None


class NotBoth(Monitor[Sides]):
    """`not-both`: once one happened, every other is forbidden."""

    demands = False

    def start(self) -> Sides:
        """Return that none happened."""
        return Sides((NOTHING_SEEN,) * len(self.targets), 0, False, False, None)

    def step(self, state: Sides, hits: Hits, turn: Turn) -> Sides:
        """Return the state with what happened; say if it must not have."""
        past, number, activated, unsure, log = state
        said = False
        for place in [place for hit in hits for place in hit.targets]:
            holds = self.terms.holds(turn)
            if holds is NO:
                continue
            key = self.terms.key(turn.position)
            fits, what, other = NO, None, place
            for each in range(len(self.targets)):
                if each != place:
                    found, one = past[each].look(key, turn.at, self.terms, forbids=True)
                    if found > fits:
                        fits, what, other = found, one, each
            fits = min(fits, holds)
            if fits is YES and not said:
                assert what is not None
                self._say(turn, place, other, what.name)
                log, said = log or broken(log, 1, turn, turn.position.actor), True
            elif fits is DOUBT:
                turn.unseen(self.rule)
                unsure = True
            number, activated = number + 1, activated or holds is YES
            past = (*past[:place], past[place].plus(seen(self.terms, turn, number, holds)), *past[place + 1 :])
        return Sides(past, number, activated, unsure, log)

    def _say(self, turn: Turn, place: int, other: int, name: Name) -> None:
        what, before = noun(self.targets[place]), noun(self.targets[other])
        self.voice.forbidden(
            turn,
            "DV516",
            f"{what} came{asked(self.rule)} after {before} ({events((name,), turn.position.case)}); not both may",
            what=self.targets[place],
            remedy=f"do not let {what} come once {before} has come{asked(self.rule)}",
            names=(name,),
        )

    def open(self, state: Sides) -> Open:
        """Return whether it may have been broken."""
        if state.log is not None or not state.number:
            return Open()
        return Open(forbidding=1) if state.activated and not state.unsure else Open(unsure=1)


def joined_doing(these: tuple[Happening, ...]) -> str:
    """Return several things to do."""
    return " and ".join(doing(one) for one in these)
