"""Talking: questions that are not put to anybody, circles of them, and proofs that are shown instead of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from procflow.expressions.values import show_value
from procflow.model.event import Witness
from procflow.model.hand_off import ASKED_WHOM, QUESTION, Asking
from procflow.model.procedure import ANY, Procedure
from procflow.model.words import joined
from procflow.monitors.evidence import shows
from procflow.monitors.waiting.circles import Acted, Link, circle_of
from procflow.monitors.waiting.questions import MOST_OPEN, Open, Question, Questions
from procflow.monitors.waiting.turn import Turn

_NOBODY: frozenset[str] = frozenset()
_NONE: frozenset[int] = frozenset()
_UNSEEN = "questions: what was answered where entries are missing"


class Told(NamedTuple):
    """A circle that is told."""

    people: frozenset[str]
    questions: frozenset[int]


class Talk(NamedTuple):
    """The open questions of a case, and what is remembered for what is said of them."""

    unanswered: Open = ()
    acted: Acted = MappingProxyType({})
    """Of each role at most one person more than there can be open questions: then not all of them wait."""
    circles: tuple[Told, ...] = ()
    """The circles that are told, as long as all their questions are open."""
    shown: frozenset[int] = _NONE
    """The open questions of which it is told that proofs were shown instead of an answer."""
    gap: int = 0
    """Questions before this event may have been answered where entries are missing."""


class Talking:
    """Follows the questions of cases of one procedure."""

    def __init__(self, procedure: Procedure, witness: Witness) -> None:
        self.questions = Questions(procedure, witness)
        self._procedure = procedure
        self._witness = witness
        self._proving = frozenset(_proving(procedure))
        """Actions that somewhere demand a proof."""

    def advance(self, talk: Talk, turn: Turn) -> Talk:
        """Return the open questions after an event; say what is wrong with what it asks, or shows."""
        event = turn.event
        if event.gap and talk.unanswered:
            talk = talk._replace(gap=event.seq)
        if not turn.done:
            return talk
        talk = self._acted(talk, turn)
        followed = self.questions.follow(talk.unanswered, event, turn.stood.step)
        if followed.answered is not None:
            talk = _without(talk, followed.answered)
        elif talk.unanswered and event.evidence:
            talk = self._shown(talk, turn)
        asking = self.questions.asks.get(event.action)
        if asking is None:
            return talk
        self._asked(asking, turn)
        if len(talk.unanswered) >= MOST_OPEN and followed.asked is None and self.questions.put_by(event, asking, ""):
            turn.unseen(f"questions: more than {MOST_OPEN} open")
        if followed.asked is None:
            return talk
        return self._circled(talk._replace(unanswered=followed.unanswered), turn, followed.asked)

    # --- who acted in which role -------------------------------------------------------------------------------------

    def _acted(self, talk: Talk, turn: Turn) -> Talk:
        actor = turn.event.actor
        if actor is None:
            return talk
        known = talk.acted
        if all(actor in known.get(role, _NOBODY) for role in turn.event.roles):
            return talk  # in all the roles they hold: most events
        new = [role for role in self._roles(turn) if self._is_new(talk.acted.get(role, _NOBODY), actor)]
        if not new:
            return talk
        return talk._replace(acted={**talk.acted, **{role: talk.acted.get(role, _NOBODY) | {actor} for role in new}})

    def _roles(self, turn: Turn) -> frozenset[str]:
        """Return the roles the actor acted in: the one the work is for; all they hold if it is for anybody."""
        role, held = turn.role, turn.event.roles
        by = turn.by
        if by is not None and by.role is not None and by.role in held:
            return frozenset({role})
        return held & self._procedure.roles.keys()

    def _is_new(self, people: frozenset[str], actor: str) -> bool:
        return actor not in people and len(people) <= MOST_OPEN

    # --- what is wrong with a question -------------------------------------------------------------------------------

    def _asked(self, asking: Asking, turn: Turn) -> None:
        """Say if nobody was asked, or nothing."""
        data, missing = turn.event.data, []
        for name in ((ASKED_WHOM,) if asking.to == ANY else ()) + (QUESTION,):
            given = data.get(name)
            if given is not None and (not isinstance(given, str) or given.strip()):
                continue
            if turn.witness.sees(name):
                missing.append(name)
            else:
                turn.unseen(f"data: {name}")
        if not missing:
            return
        lacks = joined([_LACKS[name] for name in missing], "and")
        actor = turn.event.actor
        values = {"missing": ", ".join(missing)}
        if asking.to != ANY:
            values["waits for"] = asking.to
        elif isinstance(whom := data.get(ASKED_WHOM), str) and whom.strip():
            values["waits for"] = whom.strip()
        turn.tell(
            "DV605",
            f"“{turn.event.action}” asks without saying {lacks}",
            where=asking.where,
            values=values,
            remedy=f"give the data {joined([f'“{name}”' for name in missing], 'and')} with it",
            who_could=(actor,) if actor is not None else (),
        )

    # --- circles -----------------------------------------------------------------------------------------------------

    def _circled(self, talk: Talk, turn: Turn, closing: Question) -> Talk:
        """Say if a question closes a circle of people who wait for each other."""
        if closing.who is None or not self._witness.actor:
            turn.unseen("people: actor")
            return talk
        known = tuple(one for one in talk.unanswered if one.seq >= talk.gap)
        circle = circle_of(known, talk.acted, closing)
        if not circle:
            if known != talk.unanswered and circle_of(talk.unanswered, talk.acted, closing):
                turn.unseen(_UNSEEN)
            return talk
        told = Told(frozenset(one.person for one in circle), frozenset(one.question.seq for one in circle))
        if any(one.people == told.people for one in talk.circles):
            return talk
        self._tell(circle, turn)
        return talk._replace(circles=(*talk.circles, told))

    def _tell(self, circle: tuple[Link, ...], turn: Turn) -> None:
        people = tuple(one.person for one in circle)
        roles = tuple(self._as(one, before) for one, before in zip(circle, (circle[-1], *circle[:-1]), strict=True))
        asking = self.questions.asks[turn.event.action]
        waits = [f"{one.person} for {one.question.whom}" for one in circle]
        turn.tell(
            "DV606",
            f"people wait for each other in a circle: {joined(waits, 'and')}",
            where=asking.where,
            values={
                "circle": " -> ".join((*roles, roles[0])),
                "people": " -> ".join((*people, people[0])),
                "since": ", ".join(f"{one.person}: {show_value(one.question.at)}" for one in circle),
                "asked": "; ".join(one.question.what for one in circle if one.question.what),
            },
            remedy="let one of them answer without waiting for the others, or let somebody else decide",
            who_could=tuple(dict.fromkeys(people)),
            refuses=False,
        )

    def _as(self, one: Link, before: Link) -> str:
        """Return as whom somebody waits: the role they were asked in, else the first of theirs, else they themselves."""
        if before.role:
            return before.question.whom
        held = one.question.roles
        return next((role for role in self._procedure.roles if role in held), one.person)

    # --- proofs instead of an answer ---------------------------------------------------------------------------------

    def _shown(self, talk: Talk, turn: Turn) -> Talk:
        """Say if somebody who was asked shows a proof that nobody demands, and does not answer."""
        event = turn.event
        demanded = turn.move.evidence if turn.move is not None else event.action in self._proving
        if demanded or turn.goes_on or not any(map(shows, event.evidence.values())):
            return talk
        for one in talk.unanswered:
            if one.seq in talk.shown or one.who == event.actor:
                continue
            if event.actor is None or not self._witness.actor:
                turn.unseen("people: actor")
            elif one.whom != event.actor and one.whom not in event.roles:
                if one.whom in self._procedure.roles and not self._witness.role:
                    turn.unseen("people: roles")
            elif one.seq < talk.gap:
                turn.unseen(_UNSEEN)
            else:
                talk = talk._replace(shown=talk.shown | {one.seq})
                self._tell_shown(one, turn, event.actor)
        return talk

    def _tell_shown(self, question: Question, turn: Turn, actor: str) -> None:
        event, answered_by = turn.event, question.answered_by
        proofs = [name for name, proof in event.evidence.items() if shows(proof)]
        asked = f" “{question.what}”" if question.what else ""
        turn.tell(
            "DV614",
            f"{actor} was asked{asked} and showed {joined([f'“{one}”' for one in proofs], 'and')} instead of answering",
            where=self.questions.asks[question.action].where,
            values={
                "asked": question.what,
                **({"asked by": question.who} if question.who is not None else {}),
                "since": show_value(question.at),
                "shown": ", ".join(proofs),
            },
            remedy=f"answer (“{answered_by}”), with the proof if it helps",
            who_could=(actor,),
            refuses=False,
        )


_LACKS: Mapping[str, str] = MappingProxyType({ASKED_WHOM: "whom", QUESTION: "what"})


def _without(talk: Talk, answered: Question) -> Talk:
    """Return the talk in which a question is no longer open."""
    seq = answered.seq
    circles = tuple(one for one in talk.circles if seq not in one.questions)
    rest = tuple(one for one in talk.unanswered if one is not answered)
    return talk._replace(unanswered=rest, circles=circles, shown=talk.shown - {seq})


def _proving(procedure: Procedure) -> list[str]:
    found = [action.id for action in procedure.written_actions if action.evidence]
    for step in procedure.steps.values():
        if step.evidence:
            found += [action.id for action in step.actions.values() if action.moves and not action.incomplete]
    return found
