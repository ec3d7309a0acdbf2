"""`WaitBook`: what is said of hand-offs, questions, and who answers for a case, along the canonical path of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from procflow.expressions.expression import Facts
from procflow.model.configuration import Configuration
from procflow.model.event import Event, Kind, Witness
from procflow.model.procedure import Procedure
from procflow.monitors.moment import Judged
from procflow.monitors.rules.positions import Course
from procflow.monitors.waiting import risks
from procflow.monitors.waiting.offering import Offering, Offers
from procflow.monitors.waiting.owning import Owner, Owning
from procflow.monitors.waiting.talking import Talk, Talking
from procflow.monitors.waiting.turn import Turn

# A member of an Enum is looked up anew, in Python, wherever it is named.
_OVERRIDE, _CLOSED = Kind.OVERRIDE, Kind.CLOSED
_OFFERS, _TALK = Offers(), Talk()


class Waits(NamedTuple):
    """What is waited for in a case after an event of the canonical path. Immutable; it does not grow with the history."""

    at: Configuration
    """Where the case stands."""
    ended: bool
    owner: Owner | None
    """None of a procedure by which nobody in particular answers for a case."""
    offers: Offers = _OFFERS
    talk: Talk = _TALK


class WaitBook:
    """Judges waiting along the paths of cases of one procedure. Shared by cases."""

    def __init__(self, procedure: Procedure, witness: Witness) -> None:
        self._procedure = procedure
        self._witness = witness
        accountable = procedure.accountable
        self._owning = Owning(procedure, accountable, witness) if accountable is not None else None
        self._offering = Offering(procedure) if procedure.hands_off else None
        talking = Talking(procedure, witness)
        self._talking = talking if talking.questions else None
        self._risky = any(one.risk for one in procedure.anytime.values())

    def __bool__(self) -> bool:
        return self._owning is not None or self._offering is not None or self._talking is not None

    def begin(self, opened: Event | None, at: Configuration, since: datetime | None, *, cut: bool) -> Waits:
        """Return how a case stands that opens at `at`; `cut` if it began before the log did, `since` when."""
        since = opened.occurred_at if opened is not None else since
        owner = self._owning.begin(opened, since, cut=cut) if self._owning is not None else None
        offers = _OFFERS._replace(holed=True) if cut else _OFFERS
        if self._offering is not None and opened is not None:
            offers = self._offering.opened(offers, opened)
        return Waits(at, False, owner, offers)

    def advance(self, waits: Waits, event: Event, course: Course, facts: Facts) -> tuple[Waits, Sequence[Judged]]:
        """Return how the case stands after one more event, and what is said of it."""
        kind = event.kind
        over = course.in_end or kind is _CLOSED
        if waits.ended:
            if kind is not _OVERRIDE or course.move is None or over:
                holed = event.gap and not waits.offers.holed
                return waits._replace(offers=waits.offers._replace(holed=True)) if holed else waits, ()
            waits = waits._replace(ended=False)
        turn = Turn(
            procedure=self._procedure,
            witness=self._witness,
            event=event,
            before=waits.at,
            stood=course.stood,
            move=course.move,
            stands=course.stands,
            values=facts.values,
            over=over,
            timed=bool(course.timers),
        )
        owner, offers, talk = waits.owner, waits.offers, waits.talk
        if self._owning is not None and owner is not None:
            owner = self._owning.advance(owner, turn)
        if self._risky:
            risks.judge(offers, turn)
        if self._offering is not None:
            offers = self._offering.advance(offers, turn)
        if self._talking is not None:
            talk = self._talking.advance(talk, turn)
        if over:
            offers = offers._replace(now=()) if offers.now else offers
            talk = talk._replace(unanswered=(), circles=(), shown=frozenset())
        elif owner is waits.owner and offers is waits.offers and talk is waits.talk and course.stands is waits.at:
            return waits, turn.said
        return Waits(course.stands, over, owner, offers, talk), turn.said
