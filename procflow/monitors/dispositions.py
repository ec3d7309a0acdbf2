"""Dispositions: which deviations a waiver of the case excuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from procflow.model.deviation import REGISTRY, Deviation, Disposition
from procflow.model.event import Event, Waiver


@dataclass(frozen=True, slots=True)
class Granted:
    """A waiver that is not void."""

    seq: int
    by: str | None
    """Who granted it; None if the log does not say."""
    waiver: Waiver


def settled(
    deviations: Iterable[Deviation], waivers: Sequence[Granted], events: Mapping[int | None, Event]
) -> Iterator[Deviation]:
    """Yield deviations of a case, what a waiver covers excused; DV703 follows what an expired one would cover.

    `events` are the events blamed by their `seq`; under None the one to take for a deviation that blames none. Of
    several waivers the first one on record counts. They may come before or after the event; only one that was there
    before can have been used after its expiry.
    """
    told: set[tuple[int, int]] = set()
    meant = _meant(waivers)
    for one in deviations:
        event = events.get(one.seq)
        candidates = meant.get((one.code, one.actor), ())
        covering = [granted for granted in candidates if _covers(granted, one, event)] if event is not None else []
        if event is None or not covering or not one.unexcused:
            yield one
            continue
        at = _at(one, event)
        excuse = next((granted for granted in covering if at <= granted.waiver.until), None)
        if excuse is not None:
            yield replace(one, disposition=Disposition.EXCUSED, settled_by=excuse.seq)
            continue
        yield one
        expired = [granted for granted in covering if granted.seq < event.seq]
        last = max(expired, key=lambda granted: granted.waiver.until, default=None)
        if last is not None and (event.seq, last.seq) not in told:
            told.add((event.seq, last.seq))
            yield _expired(one, event, last)


def _meant(waivers: Sequence[Granted]) -> Mapping[tuple[str, str | None], Sequence[Granted]]:
    """Return waivers by the class they excuse and whom they excuse; under None for what nobody is blamed for."""
    meant: dict[tuple[str, str | None], list[Granted]] = {}
    for granted in waivers:
        waiver = granted.waiver
        meant.setdefault((waiver.code, waiver.person), []).append(granted)
        if waiver.step is not None or waiver.action is not None or waiver.clock is not None:
            # Where nobody is blamed what is excused must be named: the exception of one person is not everybody's.
            meant.setdefault((waiver.code, None), []).append(granted)
    return meant


def _covers(granted: Granted, one: Deviation, event: Event) -> bool:
    """True if the waiver speaks of this deviation of `event`, whatever the time."""
    waiver = granted.waiver
    late = one.lateness
    if event.actor is not None and event.actor == granted.by and (late is None or one.actor is not None):
        # Who passes over an action needs the exception, whatever person the waiver names. Nobody needs one for a clock.
        return False
    if waiver.clock is not None and (late is None or late.clock != waiver.clock):
        return False
    return waiver.step in (None, one.step) and waiver.action in (None, one.action)


def _at(one: Deviation, event: Event) -> datetime:
    """Return when a deviation came about: what time alone did, when it was due."""
    if one.breach is not None and one.breach.due is not None:
        return one.breach.due
    if one.lateness is not None and one.lateness.due is not None:
        return one.lateness.due
    return event.occurred_at


def _expired(one: Deviation, event: Event, granted: Granted) -> Deviation:
    until = f"{granted.waiver.until:%Y-%m-%d %H:%M} UTC"
    return Deviation(
        code="DV703",
        severity=REGISTRY["DV703"].severity,
        message=f"the waiver of {one.code} for {granted.waiver.person} had expired on {until}",
        where=one.where,
        case=event.case,
        seq=event.seq,
        step=one.step,
        action=one.action,
        actor=one.actor,
        values={"waiver": f"event {granted.seq}", "until": until},
        remedy="ask for another waiver before, or follow the procedure",
        source=event.source,
    )
