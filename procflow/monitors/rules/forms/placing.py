"""What must be the first thing in a case, or the last."""

from __future__ import annotations

from typing import NamedTuple

from procflow.monitors.rules.forms.following import released
from procflow.monitors.rules.hearing import Hits
from procflow.monitors.rules.monitor import Demand, Monitor, broken, kept, unseen
from procflow.monitors.rules.phrases import nouns
from procflow.monitors.rules.settling import KEPT, Open, Settled
from procflow.monitors.rules.terms import DOUBT, NO, YES
from procflow.monitors.rules.turn import Turn


class Beginning(NamedTuple):
    """Whether the first thing was done."""

    done: bool
    hidden: bool
    log: Settled | None


class First(Monitor[Beginning]):
    """`first`: judged at the first position that counts."""

    demands = False
    chained = True

    def start(self) -> Beginning:
        """Return that nothing was done."""
        return Beginning(False, False, None)

    def awake(self, state: Beginning) -> bool:
        """Return True until something was done."""
        return not state.done

    def gap(self, state: Beginning, turn: Turn) -> Beginning:
        """Return the state where something else may have been the first."""
        return state if state.done else state._replace(hidden=True)

    def step(self, state: Beginning, hits: Hits, turn: Turn) -> Beginning:
        """Return the state once it is judged."""
        if state.done or not turn.mask & self.mask:
            return state
        holds = self.terms.holds(turn)
        if holds is not YES:
            return Beginning(True, state.hidden, unseen(None, holds is DOUBT))
        may = self.terms.may(turn.position) if any(hit.targets for hit in hits) else NO
        if may is YES and not state.hidden:
            return Beginning(True, False, kept(None, 1, turn))
        if state.hidden or may is DOUBT:
            turn.unseen(self.rule)
            return Beginning(True, state.hidden, unseen(None, 1))
        self.voice.missing(
            turn,
            "DV504",
            f"the case began with {what_came(turn)}; it must begin with {self.wanted}",
            what=self.targets,
            remedy=f"{self.to_do} first",
            wrong=turn.name() if any(hit.targets for hit in hits) else None,
        )
        return Beginning(True, False, broken(None, 1, turn))

    def for_good(self, state: Beginning) -> bool:
        """Return True once it is judged."""
        return state.done


class Ending(NamedTuple):
    """What was done last."""

    last: int | None
    """Whether it is what must be last; None if nothing was done."""
    told: str
    hidden: bool
    """Entries are missing since."""
    log: Settled | None


class Last(Monitor[Ending]):
    """`last`: judged at the end, on the last position that counts."""

    chained = True

    def start(self) -> Ending:
        """Return that nothing was done."""
        return Ending(None, "", False, None)

    def awake(self, state: Ending) -> bool:
        """Return True: whatever comes is the last so far."""
        return True

    def gap(self, state: Ending, turn: Turn) -> Ending:
        """Return the state where something else may have come last."""
        return state._replace(hidden=True)

    def step(self, state: Ending, hits: Hits, turn: Turn) -> Ending:
        """Return the state with what was done last."""
        if not turn.mask & self.mask:
            return state
        may = self.terms.may(turn.position) if any(hit.targets for hit in hits) else NO
        return Ending(may, what_came(turn), False, None)

    def ended(self, state: Ending, turn: Turn) -> Settled | None:
        """Say if something else came last, and return how it went."""
        if state.last is None:
            return None
        holds = self.terms.holds(turn)
        if holds is not YES:
            return unseen(None, holds is DOUBT)
        if state.hidden or state.last is DOUBT:
            turn.unseen(self.rule)
            return unseen(None, 1)
        if state.last is YES:
            return Settled(None, KEPT, 1, "", turn.at)
        self.voice.missing(
            turn,
            "DV505",
            f"the case ended after {state.told}; the last thing must be {self.wanted}",
            what=self.targets,
            remedy=f"{self.to_do} last",
        )
        return broken(None, 1, turn)

    def cancelled(self, state: Ending, turn: Turn) -> Settled | None:
        """Return how it went in a case that was cancelled."""
        holds = self.terms.may_hold(turn) if state.last is not None else NO
        if holds is YES and state.last is YES and not state.hidden:
            return Settled(None, KEPT, 1, "", turn.at)
        return released(None, holds is not NO)

    def open(self, state: Ending) -> Open:
        """Return whether it stands as it must be."""
        if state.last is None or self.rule.when is not None:
            return Open()
        return Open(demanded=1) if state.last is NO else Open(forbidding=1)

    def demand(self, state: Ending) -> Demand | None:
        """Return what is still to be done."""
        return Demand(self.targets, None, None, 1) if self.open(state).demanded else None


def what_came(turn: Turn) -> str:
    """Return a position in words."""
    position = turn.position
    return position.told or nouns(position.happenings[:1]) or "something else"
