"""Who does several things: one person, or different people."""

from __future__ import annotations

from typing import NamedTuple

from rpds import HashTrieMap

from procflow.model.rule import Happening
from procflow.model.words import joined
from procflow.monitors.rules.hearing import Hits
from procflow.monitors.rules.monitor import Monitor, broken, kept, unseen
from procflow.monitors.rules.names import Name, in_order
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
        here = _places(hits)
        holds = self.terms.holds(turn) if here else NO
        if holds is NO:
            return state
        actor = self.terms.actor(turn.position) if holds is YES else None
        compared = False
        wrong: dict[int, Done] = {}
        unsure = actor is None
        for place in here:
            for each, one in enumerate(latest):
                if one is None or each == place:
                    continue
                compared = True
                if one.actor is None or one.name is None:
                    unsure = True
                elif actor is not None and one.actor != actor:
                    wrong[each] = one
            latest = (*latest[:place], Done(actor, turn.name()), *latest[place + 1 :])
        if wrong and actor is not None:
            self._say(turn, self.targets[here[0]], actor, wrong)
            log = broken(log, 1, turn, actor)
        elif compared and unsure:
            turn.unseen(self.rule)
            log = unseen(log, 1)
        else:
            log = kept(log, int(compared), turn)
        return Latest(latest, log)

    def _say(self, turn: Turn, here: Happening, actor: str, wrong: dict[int, Done]) -> None:
        names = in_order(one.name for one in wrong.values() if one.name is not None)
        people = list(dict.fromkeys(str(one.actor) for one in wrong.values()))
        what, whose = noun(here), joined(people, "and")
        before = nouns([self.targets[each] for each in wrong], "and")
        self.voice.forbidden(
            turn,
            "DV203",
            f"{actor} did {what}, and {whose} did {before} ({events(names, turn.position.case)}); "
            "one person must do them",
            what=here,
            remedy=f"let {whose} do {what}, too" if len(people) == 1 else "let one person do them all",
            names=names,
            values={"did this": actor, "did the other": ", ".join(people)},
            who_could=tuple(people) if len(people) == 1 else (),
        )

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
        here = _places(hits)
        holds = self.terms.holds(turn) if here else NO
        if holds is NO:
            return state
        actor = self.terms.actor(turn.position) if holds is YES else None
        compared, unsure = False, False
        same: dict[int, Name] = {}
        for place in here:
            others = came - {place}
            compared = compared or bool(others)
            unsure = unsure or (actor is None and bool(others)) or bool(unknown - {place})
            if actor is None:
                unknown = unknown | {place}
            else:
                for each in others:
                    if (name := doers.get((each, actor))) is not None:
                        same[each] = name
                doers = doers.insert((place, actor), turn.name())
            came = came | {place}
        if same and actor is not None:
            self._say(turn, self.targets[here[0]], actor, same)
            log = broken(log, 1, turn, actor)
        elif unsure:
            turn.unseen(self.rule)
            log = unseen(log, 1)
        else:
            log = kept(log, int(compared), turn)
        return Doers(doers, came, unknown, log)

    def _say(self, turn: Turn, here: Happening, actor: str, same: dict[int, Name]) -> None:
        names = in_order(same.values())
        what = noun(here)
        before = nouns([self.targets[each] for each in sorted(same)], "and")
        self.voice.forbidden(
            turn,
            "DV209",
            f"{actor} did {what} after having done {before} ({events(names, turn.position.case)}); "
            "different people must do them",
            what=here,
            remedy=f"let somebody else than {actor} do {what}",
            names=names,
            values={"same person": actor},
            who_could=self.voice.able(here),
        )


def _places(hits: Hits) -> list[int]:
    """Return which of the targets a position carries."""
    return [place for hit in hits for place in hit.targets]
