"""Who does several things: one person, or different people."""

from __future__ import annotations

from typing import NamedTuple

from rpds import HashTrieMap

from procflow.monitors.rules.hearing import Hits
from procflow.monitors.rules.monitor import Monitor, broken, kept, unseen
from procflow.monitors.rules.names import Name
from procflow.monitors.rules.phrases import events, noun, nouns
from procflow.monitors.rules.settling import Settled
from procflow.monitors.rules.terms import NO, YES
from procflow.monitors.rules.turn import Turn


class Done(NamedTuple):
    """Who did something last."""

    actor: str | None
    name: Name | None
    """None if that may have been anybody: entries are missing since."""


class Latest(NamedTuple):
    """Who did what last."""

    latest: tuple[Done | None, ...]
    log: Settled | None


class SamePerson(Monitor[Latest]):
    """`same-person`: whoever does one of them has done the others, as far as they were done."""

    demands = False

    def start(self) -> Latest:
        """Return that nobody did anything."""
        return Latest((None,) * len(self.targets), None)

    def step(self, state: Latest, hits: Hits, turn: Turn) -> Latest:
        """Return the state with who did what; say if somebody else did the others."""
        latest, log = state
        actor = self.terms.actor(turn.position)
        for place in [place for hit in hits for place in hit.targets]:
            holds = self.terms.holds(turn)
            if holds is NO:
                continue
            others = [(each, one) for each, one in enumerate(latest) if one is not None and each != place]
            if others:
                log = self._judged(log, turn, place, actor, others, sure=holds is YES)
            done = Done(actor if holds is YES else None, turn.name())
            latest = (*latest[:place], done, *latest[place + 1 :])
        return Latest(latest, log)

    def _judged(
        self,
        log: Settled | None,
        turn: Turn,
        place: int,
        actor: str | None,
        others: list[tuple[int, Done]],
        *,
        sure: bool,
    ) -> Settled | None:
        """Return the log with one occurrence compared with the others."""
        known = [(each, one) for each, one in others if one.actor is not None and one.name is not None]
        wrong = [(each, one) for each, one in known if one.actor != actor]
        if actor is None or not sure or (not wrong and len(known) < len(others)):
            turn.unseen(self.rule)
            return unseen(log, 1)
        if not wrong:
            return kept(log, 1, turn)
        names = tuple(sorted((one.name for _, one in wrong if one.name is not None), key=_order))
        people = list(dict.fromkeys(str(one.actor) for _, one in wrong))
        what = noun(self.targets[place])
        before = nouns([self.targets[each] for each, _ in wrong], "and")
        whose = " and ".join(people)
        self.voice.forbidden(
            turn,
            "DV203",
            f"{actor} did {what}, and {whose} did {before} ({events(names, turn.position.case)}); one person must do both",
            what=self.targets[place],
            remedy=f"let {whose} do {what}, too",
            names=names,
            total=len(names),
            values={"did this": actor, "did the other": ", ".join(people)},
            who_could=tuple(people) if len(people) == 1 else (),
        )
        return broken(log, 1, turn, actor)

    def gap(self, state: Latest, turn: Turn) -> Latest:
        """Return the state where anybody may have done them since."""
        return Latest(tuple(Done(None, None) if one is not None else None for one in state.latest), state.log)


class Doers(NamedTuple):
    """Everybody who did one of several things."""

    doers: HashTrieMap[tuple[int, str], Name]
    """The latest time they did it."""
    came: frozenset[int]
    unknown: frozenset[int]
    """What was done by somebody who is not known."""
    log: Settled | None


class DifferentPeople(Monitor[Doers]):
    """`different-person`: whoever does one of them has done none of the others."""

    demands = False

    def start(self) -> Doers:
        """Return that nobody did anything."""
        return Doers(HashTrieMap(), frozenset(), frozenset(), None)

    def step(self, state: Doers, hits: Hits, turn: Turn) -> Doers:
        """Return the state with who did what; say if the same person did another."""
        doers, came, unknown, log = state
        actor = self.terms.actor(turn.position)
        for place in [place for hit in hits for place in hit.targets]:
            holds = self.terms.holds(turn)
            if holds is NO:
                continue
            if came - {place}:
                log = self._judged(Doers(doers, came, unknown, log), turn, place, actor if holds is YES else None)
            came = came | {place}
            if actor is None or holds is not YES:
                unknown = unknown | {place}
            else:
                doers = doers.insert((place, actor), turn.name())
        return Doers(doers, came, unknown, log)

    def _judged(self, state: Doers, turn: Turn, place: int, actor: str | None) -> Settled | None:
        """Return the log with one occurrence compared with all earlier ones of the others."""
        log = state.log
        others = [each for each in range(len(self.targets)) if each != place]
        if actor is not None:
            found = [(each, state.doers.get((each, actor))) for each in others]
            same = [(each, name) for each, name in found if name is not None]
            if same:
                self._say(turn, place, actor, same)
                return broken(log, 1, turn, actor)
        if actor is None or state.unknown - {place}:
            turn.unseen(self.rule)
            return unseen(log, 1)
        return kept(log, 1, turn)

    def _say(self, turn: Turn, place: int, actor: str, same: list[tuple[int, Name]]) -> None:
        names = tuple(sorted((name for _, name in same), key=_order))
        what = noun(self.targets[place])
        before = nouns([self.targets[each] for each, _ in same], "and")
        self.voice.forbidden(
            turn,
            "DV209",
            f"{actor} did {what} after having done {before} ({events(names, turn.position.case)}); "
            "different people must do them",
            what=self.targets[place],
            remedy=f"let somebody else than {actor} do {what}",
            names=names,
            total=len(names),
            values={"same person": actor},
            who_could=self.voice.able(self.targets[place]),
        )


def _order(name: Name) -> int:
    return name.seq or 0
