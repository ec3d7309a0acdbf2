"""What must not happen as well, neither before nor after: `if .. never`."""

from __future__ import annotations

from typing import NamedTuple

from procflow.monitors.rules.forms.forbidding import NO_BANS, say_followed, strike
from procflow.monitors.rules.forms.preceding import seen
from procflow.monitors.rules.hearing import Hit, Hits, Pick
from procflow.monitors.rules.memory.bans import Bans, Struck
from procflow.monitors.rules.memory.past import NOTHING_SEEN, Past
from procflow.monitors.rules.monitor import Monitor, broken, unseen
from procflow.monitors.rules.names import Name
from procflow.monitors.rules.phrases import events, noun, within
from procflow.monitors.rules.settling import Open, Settled
from procflow.monitors.rules.terms import DOUBT, NO, YES, Unset
from procflow.monitors.rules.turn import Turn


class Excluding(NamedTuple):
    """What came, and what is forbidden from now on."""

    past: Past
    number: int
    bans: Bans
    log: Settled | None


class Exclude(Monitor[Excluding]):
    """No target before a trigger, and none after."""

    demands = False
    pick = Pick.FIRST

    def start(self) -> Excluding:
        """Return that nothing came and nothing is forbidden."""
        return Excluding(NOTHING_SEEN, 0, NO_BANS, None)

    def step(self, state: Excluding, hits: Hits, turn: Turn) -> Excluding:
        """Return the state with what the position breaks and then forbids."""
        past, number, bans, log = state
        followed: tuple[Hit, Struck] | None = None
        preceded: tuple[Hit, Name] | None = None
        for hit in hits:
            if hit.targets and (may := self.terms.may(turn.position)) is not NO:
                if bans.number:
                    bans, struck = strike(self, bans, turn)
                    followed = (hit, struck) if struck.total else followed
                    log = broken(log, struck.broken, turn, turn.position.actor)
                number += 1
                past = past.plus(seen(self.terms, turn, number, may))
            if hit.trigger is not None:
                key = self.terms.set_off(turn)
                if isinstance(key, Unset):
                    log = unseen(log, key is Unset.UNSEEN)
                    continue
                fits, what = past.look(key, turn.at, self.terms, forbids=True)
                if self.terms.beyond(turn.at):
                    log = log if fits is YES else self.untold(log, turn)
                else:
                    bans = bans.plus(key, turn.position.case, turn.position.seq, self.after(turn.at), fits)
                if fits is DOUBT:
                    turn.unseen(self.rule)
                elif fits is YES and what is not None:
                    preceded = (hit, what.name)
                    log = broken(log, 1, turn, turn.position.actor)
        if followed is not None:
            hit, struck = followed
            say_followed(self, turn, hit, _with_this(struck, turn) if preceded is not None else struck)
        elif preceded is not None:
            self._say_preceded(turn, *preceded)
        return Excluding(past, number, bans, log)

    def _say_preceded(self, turn: Turn, hit: Hit, name: Name) -> None:
        trigger = noun(hit.trigger) if hit.trigger is not None else ""
        unwanted = self.wanted
        limit = within(self.rule)
        self.voice.forbidden(
            turn,
            "DV519",
            f"{trigger} came although {unwanted} had come before it ({events((name,), turn.position.case)}){limit}",
            what=self.targets[0],
            remedy=f"do not let {trigger} come where {unwanted} has come{limit}",
            names=(turn.name(),),
            target=name,
        )

    def open(self, state: Excluding) -> Open:
        """Return how many still forbid."""
        return Open(forbidding=state.bans.clean, unsure=state.bans.unsure)


def _with_this(struck: Struck, turn: Turn) -> Struck:
    """Return what a forbidden event hits, with the activation that came with it."""
    name = turn.name()
    if any(one[1:] == name[1:] for one in struck.names):
        return struck
    return struck._replace(total=struck.total + 1, names=(*struck.names, name))
