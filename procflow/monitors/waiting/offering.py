"""Offering: work that is handed over, whether it came with what the receiver needs, and how it was given back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from procflow.expressions.types import Value
from procflow.model.event import Event, Kind
from procflow.model.hand_off import REFUSE, REFUSED_FOR, HandOffs
from procflow.model.procedure import Procedure, Step
from procflow.model.words import joined
from procflow.monitors.evidence import shows
from procflow.monitors.moment import roles_for, who_may
from procflow.monitors.waiting.questions import said
from procflow.monitors.waiting.returning import NO_RUNS, Runs, after_turn
from procflow.monitors.waiting.turn import Turn

_FORM = "form"


class Offer(NamedTuple):
    """Work that is on offer in a step."""

    step: str
    seq: int
    """The event that offers it."""
    at: datetime
    """Aware, UTC."""
    who: str | None
    """Who offers it; None if the log does not say, or time did."""
    role: str
    """The role they acted in; "" if that is not known."""
    complete: bool | None
    """All that the receiver needs was on record; None: nobody can tell."""


class Offers(NamedTuple):
    """The work of a case that is on offer, and what is remembered of what was."""

    now: tuple[Offer, ...] = ()
    """In document order of the steps."""
    proofs: frozenset[str] = frozenset()
    """Those given so far that some step needs."""
    latest: Mapping[str, datetime] = MappingProxyType({})
    """Step -> when work was last offered there."""
    runs: Runs = NO_RUNS
    holed: bool = False
    """Entries were missing: what was never given may have been given there."""


class Offering:
    """Follows the hand-offs of cases of one procedure."""

    def __init__(self, procedure: Procedure) -> None:
        self._procedure = procedure
        rules = (step.hand_offs for step in procedure.steps.values())
        self._proofs = frozenset(name for one in rules if one is not None for name in one.proofs)
        self._counts = any(
            one.hand_offs is not None and one.hand_offs.returns_at_most is not None for one in procedure.steps.values()
        )

    def opened(self, offers: Offers, event: Event) -> Offers:
        """Return what is remembered of the event that opens a case: work is never on offer there."""
        return self._proven(offers, event)

    def advance(self, offers: Offers, turn: Turn) -> Offers:
        """Return what is on offer after an event; say what its offer lacks, and what is wrong with giving work back."""
        event = turn.event
        if event.gap and (offers.runs or not offers.holed):
            offers = offers._replace(holed=True, runs=NO_RUNS)
        if event.kind is Kind.OVERRIDE and offers.runs:
            offers = offers._replace(runs=NO_RUNS)
        offers = self._proven(offers, event)
        if not turn.goes_on:
            return offers
        if turn.done and turn.move is not None and turn.move.name == REFUSE and turn.step is not None:
            self._refused(offers, turn, turn.step)
        if self._counts:
            offers = offers._replace(runs=after_turn(offers.runs, turn))
        return self._offered(offers, turn)

    def _proven(self, offers: Offers, event: Event) -> Offers:
        if not event.evidence or not self._proofs:
            return offers
        given = frozenset(name for name in self._proofs if shows(event.evidence.get(name)))
        return offers if given <= offers.proofs else offers._replace(proofs=offers.proofs | given)

    def _offered(self, offers: Offers, turn: Turn) -> Offers:
        steps = () if turn.over else tuple(turn.stands.offered_steps())
        if not steps and not offers.now:
            return offers
        entered = turn.move.entered if turn.move is not None else ()
        before = {one.step: one for one in offers.now}
        now = []
        latest = offers.latest
        for name in steps:
            if name not in entered and name in before:
                now.append(before[name])
                continue
            mine = name in entered and not turn.by_time
            complete = self._checked(offers, turn, self._procedure.steps[name]) if mine and not turn.set_aside else None
            event = turn.event
            who, role = (event.actor, turn.role) if mine else (None, "")
            now.append(Offer(name, event.seq, event.occurred_at, who, role, complete))
            if name in entered:
                latest = {**latest, name: event.occurred_at}
        return offers._replace(now=tuple(now), latest=latest)

    def _checked(self, offers: Offers, turn: Turn, step: Step) -> bool | None:
        """Return True if the receiver has all that the step needs, None if nobody can tell; say what is missing."""
        rule = step.hand_offs
        assert rule is not None, "a step without hand-offs is never on offer"
        missing, unseen = self._missing(rule, offers, turn)
        for concern in unseen:
            turn.unseen(concern)
        if not missing:
            return None if unseen else True
        named = joined([f"“{one}”" for one in missing], "and")
        event = turn.event
        turn.tell(
            "DV603",
            f"“{event.action}” hands the work over to “{step.id}” without {named}",
            where=rule.where,
            values={
                "offered to": step.id,
                "missing": ", ".join(missing),
                **({"offered by": event.actor} if event.actor is not None else {}),
            },
            remedy=f"give {named} before or with it",
            who_could=_givers(turn),
        )
        return False

    def _missing(self, rule: HandOffs, offers: Offers, turn: Turn) -> tuple[list[str], list[str]]:
        """Return what is missing, and of what nobody can tell whether it is."""
        missing, unseen = [], []
        for name in dict.fromkeys((*rule.needs, *rule.form)):
            if _blank(turn.values.get(name)):
                if offers.holed or not turn.witness.sees(name):
                    unseen.append(f"data: {name}")
                else:
                    missing.append(name)
        for name in rule.proofs:
            if name not in offers.proofs:
                if offers.holed or not turn.witness.evidence:
                    unseen.append("evidence")
                else:
                    missing.append(name)
        return missing, unseen

    def _refused(self, offers: Offers, turn: Turn, step: Step) -> None:
        """Say if work was given back for its form, and nothing was wrong with it."""
        offer = next((one for one in offers.now if one.step == step.id), None)
        rule, event = step.hand_offs, turn.event
        if offer is None or rule is None or offer.complete is False:
            return
        if not turn.witness.sees(REFUSED_FOR):
            turn.unseen(f"data: {REFUSED_FOR}")
            return
        if said(event, REFUSED_FOR) != _FORM:
            return
        if offer.complete is None:
            turn.unseen("hand-offs: what was on record")
            return
        who = event.actor or "somebody"
        if rule.form:
            why = f"{joined([f'“{one}”' for one in rule.form], 'and')} of the form {_were(rule.form)} on record"
            remedy = "accept it: what the form asks for is there; what it does not ask for, ask as a question"
        else:
            why = "the procedure has no form for it"
            remedy = f"say under `hand-offs` of “{step.id}” what its form asks for, so that it is checked on offer"
        turn.tell(
            "DV604",
            f"{who} gave the work of “{step.id}” back for its form, and {why}",
            where=rule.where,
            values={
                "refused for": _FORM,
                **({"offered by": offer.who} if offer.who is not None else {}),
                **({"form": ", ".join(rule.form)} if rule.form else {}),
                **({"reason": event.reason} if event.reason else {}),
            },
            remedy=remedy,
            who_could=roles_for(step, step.by),
        )


def _blank(value: Value | None) -> bool:
    """Return True for what tells the receiver nothing: no value, or a text with nothing in it."""
    return value is None or (isinstance(value, str) and not value.strip())


def _givers(turn: Turn) -> tuple[str, ...]:
    """Return who could have handed it over with all that is needed."""
    move = turn.move
    assert move is not None
    by = who_may(move.step, move.action)
    roles = roles_for(move.step, by)
    return (turn.event.actor,) if roles == ("any",) and turn.event.actor is not None else roles


def _were(names: tuple[str, ...]) -> str:
    return "was" if len(names) == 1 else "were"


def handed_since(offers: Offers, instant: datetime) -> Iterator[tuple[str, datetime]]:
    """Yield the steps to which work was handed over at an instant or after it, with the last time, the earliest first."""
    for step, at in sorted(offers.latest.items(), key=lambda one: (one[1], one[0])):
        if at >= instant:
            yield step, at
