"""What must not come any more once a rule is set off: ever after, within a limit, or at once."""

from __future__ import annotations

from typing import NamedTuple

from rpds import HashTrieMap

from procflow.model.rule import Form, Manner
from procflow.monitors.rules.forms.at_once import Near
from procflow.monitors.rules.forms.following import S
from procflow.monitors.rules.hearing import Hit, Hits, Pick
from procflow.monitors.rules.memory.bans import Bans, Struck
from procflow.monitors.rules.memory.by_values import NO_OTHERS
from procflow.monitors.rules.monitor import Monitor, broken, unseen
from procflow.monitors.rules.names import Name, in_order
from procflow.monitors.rules.phrases import asked, events, noun, within
from procflow.monitors.rules.settling import Open, Settled
from procflow.monitors.rules.terms import DOUBT, NO, YES, Unset, matches
from procflow.monitors.rules.turn import Turn

NO_BANS = Bans(0, HashTrieMap(), NO_OTHERS, 0, 0)


class Banned(NamedTuple):
    """What is forbidden, and what was settled."""

    bans: Bans
    log: Settled | None


class Forbid(Monitor[Banned]):
    """`after .. never`: once it is set off, no target may come (within its limit)."""

    demands = False
    pick = Pick.FIRST

    def start(self) -> Banned:
        """Return that nothing is forbidden."""
        return Banned(NO_BANS, None)

    def step(self, state: Banned, hits: Hits, turn: Turn) -> Banned:
        """Return the state with what the position breaks and then forbids."""
        bans, log = state
        said: tuple[Hit, Struck] | None = None
        for hit in hits:
            if hit.targets and bans.number:
                bans, hit_by = strike(self, bans, turn)
                said = (hit, hit_by) if hit_by.total else said
                log = broken(log, hit_by.broken, turn, turn.position.actor)
            if hit.trigger is not None:
                key = self.terms.set_off(turn)
                if isinstance(key, Unset):
                    log = unseen(log, key is Unset.UNSEEN)
                elif self.terms.beyond(turn.at):
                    log = self.untold(log, turn)
                else:
                    bans = bans.plus(key, turn.position.case, turn.position.seq, self.after(turn.at))
        if said is not None:
            say_followed(self, turn, *said)
        return Banned(bans, log)

    def open(self, state: Banned) -> Open:
        """Return how many still forbid."""
        return Open(forbidding=state.bans.clean, unsure=state.bans.unsure)


class NearBans(NamedTuple):
    """What is forbidden next, and how many of those before nothing broke."""

    near: tuple[Near, ...]
    clean: int
    unsure: int
    log: Settled | None


class ForbidAtOnce(Monitor[NearBans]):
    """`after .. never` with `next`: no target in the same position or in the next that counts."""

    demands = False
    pick = Pick.FIRST
    chained = True

    def start(self) -> NearBans:
        """Return that nothing is forbidden."""
        return NearBans((), 0, 0, None)

    def awake(self, state: NearBans) -> bool:
        """Return True if something is forbidden next."""
        return bool(state.near)

    def step(self, state: NearBans, hits: Hits, turn: Turn) -> NearBans:
        """Return the state with what the position breaks and then forbids."""
        counts = bool(turn.mask & self.mask)
        here: list[Near] = []
        waiting, log, unsure = list(state.near), state.log, state.unsure
        hit_at: Hit | None = None
        struck: dict[Name, int] = {}
        for hit in hits:
            if hit.targets:
                here, sure, maybe = self._struck(here, turn)
                if counts:
                    waiting, more, doubtful = self._struck(waiting, turn)
                    sure, maybe = more | sure, maybe + doubtful
                unsure += maybe
                if sure:
                    hit_at, struck = hit, sure | struck
            if hit.trigger is not None:
                key = self.terms.set_off(turn)
                if isinstance(key, Unset):
                    log = unseen(log, key is Unset.UNSEEN)
                else:
                    here.append(Near(turn.at, turn.name(), key, None))
        if hit_at is not None:
            names = in_order(struck)
            say_followed(self, turn, hit_at, Struck(len(names), names, 0, False))
            log = broken(log, sum(struck.values()), turn, turn.position.actor)
        if counts:
            clean = state.clean + sum(not one.broken for one in waiting)
            return NearBans(tuple(here), clean, unsure, log)
        return NearBans((*waiting, *here), state.clean, unsure, log)

    def _struck(self, these: list[Near], turn: Turn) -> tuple[list[Near], dict[Name, int], int]:
        """Return what still forbids, which a target breaks (1 for the first time, else 0), and how many it may break."""
        may = self.terms.may(turn.position) if these else NO
        if may is NO:
            return these, {}, 0
        key = self.terms.key(turn.position)
        left: list[Near] = []
        struck: dict[Name, int] = {}
        unsure = 0
        for one in these:
            fits = min(may, matches(one.key, key), self.terms.in_time(one.at, turn.at, forbids=True))
            if fits is DOUBT:
                turn.unseen(self.rule)
            if fits is YES:
                struck[one.name] = int(not one.broken)
                one = one._replace(broken=True)
            elif fits is DOUBT and not one.broken:
                unsure += 1
                continue
            left.append(one)
        return left, struck, unsure

    def gap(self, state: NearBans, turn: Turn) -> NearBans:
        """Return the state where nobody knows what came next."""
        if not state.near:
            return state
        turn.unseen(self.rule)
        return NearBans((), state.clean, state.unsure, unseen(state.log, sum(not one.broken for one in state.near)))

    def open(self, state: NearBans) -> Open:
        """Return how many nothing broke."""
        near = sum(not one.broken for one in state.near)
        return Open(forbidding=near + state.clean, unsure=state.unsure)


def strike(monitor: Monitor[S], bans: Bans, turn: Turn) -> tuple[Bans, Struck]:
    """Return what is still forbidden after a target came, and what that hits."""
    terms = monitor.terms
    may = terms.counts(turn.position)
    if may is NO:
        return bans, _NOTHING
    key = terms.key(turn.position)
    bans, hit_by = bans.struck(key, may=may, at=turn.at, timed=terms.timed, slack=terms.resolution)
    if hit_by.doubtful:
        turn.unseen(monitor.rule)
    return bans, hit_by


_NOTHING = Struck(0, (), 0, False)


def say_followed(monitor: Monitor[S], turn: Turn, hit: Hit, struck: Struck) -> None:
    """Say that something came that was forbidden."""
    rule = monitor.rule
    at_once = rule.manner is Manner.NEXT
    what = monitor.targets[hit.targets[0]]
    came = noun(what) + asked(rule)
    after = monitor.trigger
    directly = "directly " if at_once else ""
    limit = within(rule)
    where = events(struck.names, turn.position.case, struck.total)
    monitor.voice.forbidden(
        turn,
        "DV519" if rule.form is Form.IF_NEVER else "DV520" if at_once else "DV517",
        f"{came} came {directly}after {after} ({where}){limit}, which it must not",
        what=what,
        remedy=f"do not let {came} come {directly}after {after}{limit}",
        names=struck.names,
        total=struck.total,
    )
