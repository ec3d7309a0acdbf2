"""What must happen as well, before or after: `if .. also`."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from procflow.expressions.values import show_value
from procflow.monitors.rules.forms.following import Patient
from procflow.monitors.rules.forms.preceding import hides, seen
from procflow.monitors.rules.hearing import Hits
from procflow.monitors.rules.memory.past import NOTHING_SEEN, Past
from procflow.monitors.rules.memory.pending import Pending
from procflow.monitors.rules.monitor import kept, unseen
from procflow.monitors.rules.names import Name, Names
from procflow.monitors.rules.phrases import within
from procflow.monitors.rules.settling import Settled
from procflow.monitors.rules.terms import DOUBT, NO, YES, Unset
from procflow.monitors.rules.turn import Turn


class WithPast(NamedTuple):
    """What came, and what waits for more."""

    past: Past
    number: int
    gap: tuple[int, datetime | None] | None
    waiting: Pending
    wrong: Name | None
    """The latest target that did not count because of who did it."""
    log: Settled | None


class Accompany(Patient[WithPast]):
    """Each trigger needs a target, before or after it."""

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
        near = within(self.rule)
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

    def say_late(self, turn: Turn, name: Name, due: datetime, wrong: Name | None = None) -> None:
        """Say that what was demanded did not come in time, before or after."""
        self.voice.late(
            turn,
            self.code,
            f"{self.subject(name.case, (name,))} came without {self.wanted}{within(self.rule)} before or after it "
            f"(until {show_value(due)})",
            what=self.targets,
            remedy=f"{self.remedy}{within(self.rule)}",
            name=name,
            due=due,
            wrong=wrong,
        )

    def start(self) -> WithPast:
        """Return that nothing came."""
        return WithPast(NOTHING_SEEN, 0, None, self.nothing, None, None)

    def step(self, state: WithPast, hits: Hits, turn: Turn) -> WithPast:
        """Return the state with what the position fulfils and sets off."""
        past, number, gap, waiting, wrong, log = state
        for hit in hits:
            if not hit.targets or self._came(past):
                continue
            waiting, wrong, log = self.fulfilled(waiting, wrong, log, turn)
            if (may := self.terms.may(turn.position)) is not NO:
                number += 1
                past = past.plus(seen(self.terms, turn, number, may))
        # It does not matter which comes first, so within one position a target comes before what asks for it.
        for hit in hits:
            if hit.trigger is not None:
                key = self.terms.set_off(turn)
                if isinstance(key, Unset):
                    log = unseen(log, key is Unset.UNSEEN)
                    continue
                fits, _ = past.look(key, turn.at, self.terms)
                if fits is YES:
                    log = kept(log, 1, turn)
                elif fits is DOUBT or hides(gap, -1, turn, self.terms) or self.terms.beyond(turn.at):
                    log = self.untold(log, turn)
                else:
                    waiting = waiting.plus(key, turn.position.case, turn.position.seq, self.after(turn.at))
        return WithPast(past, number, gap, waiting, wrong, log)

    def _came(self, past: Past) -> bool:
        """Return True if a target came that fulfils whatever is to come."""
        return self.terms.plain and past.latest is not None

    def gap(self, state: WithPast, turn: Turn) -> WithPast:
        """Return the state where a target may have come unseen."""
        return super().gap(state, turn)._replace(gap=(state.number, turn.position.at))

    def for_good(self, state: WithPast) -> bool:
        """Return True once a target came that fulfils whatever is to come."""
        return self._came(state.past)
