"""Random records with what is not the ordinary run of things: people, overrides, waivers, attempts that were refused.

Numbers of events leave room between them, so that events can be put in or taken out and all others stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from procflow.judge import Judge
from procflow.model.deviation import Deviation
from procflow.model.event import Act, Event, Kind, Lifecycle, Override, Trace, Waiver
from procflow.model.procedure import Procedure
from tests.property.strategies import OPENS_AT, load, random_procedure, random_trace, to_events
from tests.property.strategies_cases import PEOPLE, ROLES, peopled

APART = 10
"""How far numbers of events lie apart before refused ones are put between them."""
_WAIVED = ("DV101", "DV102", "DV103", "DV104", "DV106", "DV107", "DV201", "DV202", "DV301", "DV303", "DV306", "DV701")


@dataclass(frozen=True)
class RandomRecord:
    """One case on record."""

    procedure: Procedure
    events: tuple[Event, ...]

    @property
    def trace(self) -> Trace:
        """The whole of it."""
        return self.without()

    def without(self, *kinds: Kind, refused: bool = True) -> Trace:
        """Return the trace without events of these kinds, and perhaps without those that were refused."""
        kept = tuple(one for one in self.events if one.kind not in kinds and (refused or not one.refused))
        return _trace(kept)

    def upto(self, count: int) -> Trace:
        """Return its first events."""
        return _trace(self.events[:count])


def random_record(rng: Random) -> RandomRecord:
    """Return a case by a random procedure: mostly work, and much that is set aside, excused or refused."""
    plain = random_procedure(rng)
    written = peopled(plain, rng)
    if rng.random() < 0.8:
        written["overrides"] = {"by": "lead", "second-person": rng.random() < 0.5}
        if rng.random() < 0.5:
            written["overrides"]["reason"] = "required"
    procedure = load(written)
    events = [_done(one, rng) for one in to_events(random_trace(plain, rng))]
    places = _places(procedure, events)
    exceptions = [_override(procedure, places, rng) for _ in range(rng.randint(0, 2))]
    found = Judge(procedure).audit(Judge(procedure).run(_trace(events))).deviations
    exceptions += [_waiver(procedure, rng, found) for _ in range(rng.randint(0, 3))]
    for one in exceptions:
        events.insert(rng.randint(min(1, len(events)), len(events)), one)
    numbered = [
        replace(event, seq=APART * number, occurred_at=OPENS_AT + timedelta(minutes=APART * number))
        for number, event in enumerate(events, 1)
    ]
    return RandomRecord(procedure, tuple(_with_attempts(numbered, procedure, places, rng)))


def _with_attempts(events: list[Event], procedure: Procedure, places: Sequence[str], rng: Random) -> list[Event]:
    """Return the events with attempts between them; an opening stays the first."""
    told = list(events)
    used: set[int] = set()
    for _ in range(rng.randint(0, 4)):
        after = rng.randint(0, len(events))
        if after == 0 and events and events[0].kind is Kind.OPENED:
            continue
        seq = (events[after - 1].seq if after else 0) + rng.randint(1, APART - 1)
        if seq in used:
            continue
        used.add(seq)
        kind = rng.random()
        if kind < 0.1:
            event = _done(_event(Kind.CLOSED), rng)
        elif kind < 0.2:
            event = _override(procedure, places, rng)
        elif kind < 0.3:
            event = _waiver(procedure, rng)
        else:
            event = _done(rng.choice(events) if events and rng.random() < 0.5 else _action(procedure, rng), rng)
        event = replace(event, seq=seq, occurred_at=OPENS_AT + timedelta(minutes=seq), attempted=event.lifecycle)
        told.append(replace(event, lifecycle=Lifecycle.REFUSED))
    return sorted(told, key=lambda event: event.seq)


def _trace(events: Sequence[Event]) -> Trace:
    return Trace(case="case-1", events=tuple(events), closed=False)


def _event(kind: Kind, action: str = "") -> Event:
    return Event(case="case-1", seq=1, kind=kind, action=action, occurred_at=OPENS_AT)


def _action(procedure: Procedure, rng: Random) -> Event:
    return _event(Kind.ACTION, rng.choice(sorted(procedure.actions)))


def _done(event: Event, rng: Random) -> Event:
    """Return the event with somebody who did it, and perhaps a reason and a proof."""
    return replace(
        event,
        actor=rng.choice(PEOPLE[:3]),
        roles=frozenset(rng.sample(ROLES, rng.randint(1, 3))),
        reason=rng.choice((None, "so be it")),
        evidence=rng.choice(({}, {"letter": "no. 7"})),
    )


def _places(procedure: Procedure, events: Sequence[Event]) -> Sequence[str]:
    """Return where the case may be thought to stand after one of its events."""
    judge = Judge(procedure)
    found: dict[str, None] = {}
    for count in range(len(events) + 1):
        state = judge.run(_trace(events[:count]))
        found.update((str(entry.at), None) for entry in state.vector.entries)
    return list(found)


def _override(procedure: Procedure, places: Sequence[str], rng: Random) -> Event:
    act = rng.choice(tuple(Act))
    names = sorted(procedure.steps) if act is Act.REDO else sorted(procedure.actions)
    to = rng.choice(places) if rng.random() < 0.9 else rng.choice(("", "nowhere", "s1[", "e9"))
    told = Override(act=act, to=to, asked_by=rng.choice((None, *PEOPLE[:3])), second=rng.choice((None, *PEOPLE[:3])))
    name = rng.choice([*names, "", "dance"])
    return _done(replace(_event(Kind.OVERRIDE, name), override=told), rng)


def _waiver(procedure: Procedure, rng: Random, found: Sequence[Deviation] = ()) -> Event:
    """Return a waiver; mostly of one of the deviations `found`, and by somebody who may grant it."""
    one = rng.choice(found) if found and rng.random() < 0.8 else None
    told = Waiver(
        code=one.code if one is not None else rng.choice(_WAIVED),
        person=(one.actor if one is not None else None) or rng.choice(PEOPLE[:3]),
        until=OPENS_AT + timedelta(minutes=rng.choice((0, 30, 70, 1000, 1000))),
        step=rng.choice((None, one.step)) if one is not None else rng.choice((None, *procedure.steps)),
        action=rng.choice((None, one.action)) if one is not None else rng.choice((None, *sorted(procedure.actions))),
    )
    event = _done(replace(_event(Kind.WAIVER), waiver=told), rng)
    if rng.random() < 0.2:
        return event
    return replace(event, actor="dan", roles=frozenset({"lead"}), reason="so be it")
