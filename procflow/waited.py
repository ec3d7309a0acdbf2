"""Waited: who waited for whom in a case and how long, and who answered for it, as the canonical path tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from procflow.explanation import Node
from procflow.expressions.types import Value
from procflow.model.clock import ClockCycle
from procflow.model.configuration import Configuration
from procflow.model.event import Event, Kind
from procflow.model.procedure import Procedure
from procflow.model.waiting import Tenure, Wait, WaitKind
from procflow.monitors.clocks.pausing import ASKED, until_of
from procflow.monitors.clocks.timing import Timed, Timing
from procflow.monitors.waiting.book import Waits
from procflow.monitors.waiting.offering import Offer
from procflow.monitors.waiting.questions import Question
from procflow.monitors.waiting.turn import role_of
from procflow.passages import Passage


class Clocked:
    """By when something had to be over, and to whom it was escalated, as the clocks of a case tell it."""

    def __init__(self, timing: Timing, timed: Timed, as_of: datetime | None) -> None:
        self._cycles = {(one.clock, one.since): one for one in timing.told(timed, as_of)}
        self.besides = timing.besides(timed)
        """Clock, the event since which it runs, an instant -> the roles to which it was offered or escalated by then."""

    def cycle(self, clock: str, since: int | None) -> ClockCycle | None:
        """Return the cycle of a clock that an event began; None if it began none."""
        return self._cycles.get((clock, since))


_Key = tuple[WaitKind, str, int | None]

# A member of an Enum is looked up anew, in Python, wherever it is named.
_HAND_OFF, _QUESTION, _PARTY = WaitKind.HAND_OFF, WaitKind.QUESTION, WaitKind.PARTY


class _Stands(NamedTuple):
    """How a case stands, for what is waited for in it."""

    waits: Waits | None
    at: Configuration

    def as_before(self, before: _Stands) -> bool:
        """Return True if nothing can have begun or ended between them, in steps that wait for nobody outside."""
        if self.at != before.at or self.waits is None or before.waits is None:
            return False
        old, new = before.waits, self.waits
        return new is old or (new.offers.now is old.offers.now and new.talk.unanswered is old.talk.unanswered)


class _Line:
    """The waits of one case, as they come."""

    def __init__(self, procedure: Procedure, case: str, timing: Clocked | None) -> None:
        self.procedure = procedure
        self.case = case
        self.timing = timing
        self.told: list[Wait] = []
        self.going: dict[_Key, tuple[int, str]] = {}
        """What goes on -> its place in `told`, and the clock that says until when it may."""

    @property
    def changes(self) -> bool:
        """True if what is waited for may change while the case stands: somebody outside is, or whom a data field names."""
        return any(key[0] is _PARTY or (key[0] is _HAND_OFF and self.named(key[1])) for key in self.going)

    def named(self, step: str) -> bool:
        """Return True if a data field names who works in a step."""
        by = self.procedure.steps[step].by
        return by is not None and by.field is not None

    def begin(self, key: _Key, clock: str, wait: Wait, at: datetime, seq: int | None) -> None:
        """Begin a wait, unless it goes on already; if somebody else is waited for now, the one before is over."""
        going = self.going.get(key)
        if going is not None and self.told[going[0]].whom != wait.whom:
            wait = replace(wait, since=max(wait.since, at))
            self.end([key], at, seq)
        if key not in self.going:
            self.going[key] = (len(self.told), clock)
            self.told.append(wait)

    def end(self, keys: Iterable[_Key], at: datetime | None, seq: int | None) -> None:
        """End what is no longer waited for."""
        for key in keys:
            place, clock = self.going.pop(key)
            wait = self.told[place]
            until = wait.since if at is None else max(wait.since, at)
            self.told[place] = self._timed(replace(wait, until=until, ended_by=seq), clock, until)

    def finish(self, now: datetime | None) -> tuple[Wait, ...]:
        """Return all waits; what goes on goes on at `now`."""
        for place, clock in self.going.values():
            wait = self.told[place]
            self.told[place] = self._timed(wait, clock, wait.since if now is None else max(now, wait.since))
        return tuple(self.told)

    def _timed(self, wait: Wait, clock: str, at: datetime) -> Wait:
        timing = self.timing
        cycle = timing.cycle(clock, wait.seq) if timing is not None else None
        if cycle is None or timing is None:
            return wait
        said = [one for one in (wait.due, cycle.due) if one is not None]
        could_end = tuple(dict.fromkeys((*wait.could_end, *timing.besides(clock, wait.seq, at))))
        return replace(wait, due=min(said, default=None), could_end=could_end)


def waits_of(
    procedure: Procedure,
    case: str,
    path: Sequence[tuple[Passage, Node]],
    timing: Clocked | None,
    since: datetime | None,
    now: datetime | None,
    *,
    closed: bool,
) -> tuple[Wait, ...]:
    """Return every wait of a case in the order of their beginnings; `closed`: nothing goes on any more.

    `since`: when the case began, if no event says it; `now`: the moment that is spoken of.
    """
    line = _Line(procedure, case, timing)
    last: datetime | None = since
    over = False
    before: _Stands | None = None
    for passage, node in path:
        event = passage.event
        at, seq = (since, None) if event is None else (event.occurred_at, event.seq)
        last = at if last is None or at is None else max(last, at)
        over = _over(over, passage, procedure)
        stands = None if at is None or over else _Stands(node.waits, passage.after)
        if stands is not None and before is not None and stands.as_before(before) and not line.changes:
            continue
        before = stands
        found = dict(_at(line, passage, node.waits, at)) if at is not None and not over else {}
        line.end([key for key in line.going if key not in found], at, seq)
        for key, begun in found.items():
            if begun is not None:
                line.begin(key, *begun, begun[1].since if at is None else at, seq)
    if closed:
        line.end(list(line.going), last, None)
    return line.finish(now if last is None or now is None else max(now, last))


def _at(
    line: _Line, passage: Passage, waits: Waits | None, at: datetime
) -> Iterator[tuple[_Key, tuple[str, Wait] | None]]:
    """Yield what is waited for after an event; what has just begun with the clock that times it."""
    going = line.going
    if waits is not None:
        for offer in waits.offers.now:
            key = (_HAND_OFF, offer.step, offer.seq)
            known = key in going and not line.named(offer.step)
            new = None if known else _of_offer(line, offer, passage.facts.values)
            yield key, None if new is None else (f"{offer.step}.acceptance", new)
        for question in waits.talk.unanswered:
            key = (_QUESTION, question.action, question.seq)
            asked = None if key in going else _of_question(line, question)
            yield key, None if asked is None else (f"{question.action}.answer", asked)
    entered = passage.move.entered if passage.move is not None else ()
    for name in passage.after.active_steps():
        if line.procedure.steps[name].waiting is not None:
            stays: list[_Key] = [key for key in line.going if key[:2] == (WaitKind.PARTY, name) and name not in entered]
            seq = None if passage.event is None else passage.event.seq
            stay = stays[0] if stays else (WaitKind.PARTY, name, seq)
            yield stay, (name, _of_party(line, name, passage, at))


def _of_offer(line: _Line, offer: Offer, values: Mapping[str, Value]) -> Wait:
    by = line.procedure.steps[offer.step].by
    named = None if by is None else by.role if by.field is None else values.get(by.field)
    whom = () if named is None else (str(named),)
    return Wait(
        kind=WaitKind.HAND_OFF,
        case=line.case,
        who=offer.who or "",
        role=offer.role,
        whom=whom,
        what=offer.step,
        since=offer.at,
        until=None,
        due=None,
        seq=offer.seq,
        step=offer.step,
        could_end=whom,
    )


def _of_question(line: _Line, question: Question) -> Wait:
    roles = line.procedure.roles
    return Wait(
        kind=WaitKind.QUESTION,
        case=line.case,
        who=question.who or "",
        role=next((role for role in roles if role in question.roles), ""),
        whom=(question.whom,),
        what=question.what,
        since=question.at,
        until=None,
        due=None,
        seq=question.seq,
        step=question.step,
        could_end=(question.whom,),
    )


def _of_party(line: _Line, step: str, passage: Passage, at: datetime) -> Wait:
    waiting, event = line.procedure.steps[step].waiting, passage.event
    assert waiting is not None
    asked = event.data.get(ASKED) if event is not None else None
    return Wait(
        kind=WaitKind.PARTY,
        case=line.case,
        who="" if event is None else event.actor or "",
        role="" if event is None else role_of(line.procedure, passage.move, event),
        whom=(waiting.party,),
        what=asked.strip() if isinstance(asked, str) else "",
        since=at,
        until=None,
        due=None if event is None else until_of(event.data, passage.facts.values),
        seq=None if event is None else event.seq,
        step=step,
        could_end=(waiting.party,),
    )


def tenures_of(
    procedure: Procedure, path: Sequence[tuple[Passage, Node]], since: datetime | None, *, closed: bool
) -> tuple[Tenure, ...]:
    """Return who answered for a case from when to when, nobody included; () if nobody has to, or nobody can tell."""
    found: list[Tenure] = []
    last: datetime | None = since
    over = False
    for passage, node in path:
        event, waits = passage.event, node.waits
        at = since if event is None else event.occurred_at
        if waits is None or waits.owner is None or at is None:
            continue
        last = at if last is None else max(last, at)
        was_over, over = over, _over(over, passage, procedure)
        owner = waits.owner
        unknown = owner.person is None and owner.unseen
        changed = not found or found[-1].until is not None or owner.person != found[-1].person
        if (unknown or (changed and not (over and was_over))) and found and found[-1].until is None:
            found[-1] = replace(found[-1], until=max(found[-1].since, at))
        if changed and not unknown and not (over and was_over):
            found.append(Tenure(person=owner.person, since=at, until=None, seq=owner.seq))
        if over and found and found[-1].until is None:
            found[-1] = replace(found[-1], until=max(found[-1].since, at))
    if closed and found and found[-1].until is None and last is not None:
        found[-1] = replace(found[-1], until=max(found[-1].since, last))
    return tuple(found)


def _over(over: bool, passage: Passage, procedure: Procedure) -> bool:
    """Return True if a case is over after an event."""
    if _ends(passage.after, procedure):
        return True
    event = passage.event
    if event is None:
        return over
    return event.kind is Kind.CLOSED or (over and not _reopens(event, passage))


def _reopens(event: Event, passage: Passage) -> bool:
    return event.kind is Kind.OVERRIDE and passage.move is not None


def _ends(at: Configuration, procedure: Procedure) -> bool:
    return procedure.steps[at.step].end is not None
