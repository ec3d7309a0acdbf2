"""Queues: which cases were taken while others like them, that had come before, waited. In n log n steps."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from procflow.auditor.fairness.ranks import Ranks
from procflow.auditor.fairness.visits import Alike, Visit
from procflow.model.fairness import FirstCome
from procflow.model.fairness_report import Contacts, Pair, QueueJump
from procflow.model.sample import percentile

MOST_NAMED = 100
"""How many of the cases that one overtook are named."""
_OFTEN = 2
_HALF = 50


class _Turn(IntEnum):
    """What comes first of what happens at one moment: those taken then have no order, and nobody waits for nothing."""

    GOES = 0
    TAKEN = 1
    COMES = 2


class _Stay(NamedTuple):
    """That a visit stood in one queue, from when to when."""

    visit: Visit
    since: datetime
    until: datetime | None
    last: bool


def jumps(visits: Iterable[Visit], asked: FirstCome, as_of: datetime, resolution: timedelta) -> list[QueueJump]:
    """Return every case that was taken before its turn, in the order in which that happened.

    `resolution`: how far apart two times must be for the log to say which came first.
    """
    queues: defaultdict[tuple[str, Alike], list[_Stay]] = defaultdict(list)
    for visit in visits:
        if visit.step in asked.steps:
            for queue, stay in _stays(visit):
                queues[visit.step, queue].append(stay)
    found = [
        one
        for (_, alike), stays in queues.items()
        for one in _in_queue(stays, dict(zip(asked.alike, alike, strict=True)), as_of, resolution)
    ]
    return sorted(found, key=lambda one: (one.at, one.case, one.seq or 0))


def _stays(visit: Visit) -> Iterator[tuple[Alike, _Stay]]:
    for order, (since, queue) in enumerate(visit.queues):
        last = order + 1 == len(visit.queues)
        yield queue, _Stay(visit, since, visit.waits_until if last else visit.queues[order + 1][0], last)


def _in_queue(stays: list[_Stay], alike: dict[str, str], as_of: datetime, resolution: timedelta) -> Iterator[QueueJump]:
    stays.sort(key=lambda one: (one.visit.ready, one.visit.case, one.visit.number, one.since))
    ready = [one.visit.ready for one in stays]
    there = Ranks(len(stays))
    for _, turn, rank in sorted(_turns(stays, resolution)):
        if turn is not _Turn.TAKEN:
            there.add(rank, 1 if turn is _Turn.COMES else -1)
            continue
        taken = stays[rank].visit
        count = there.before(bisect_left(ready, taken.ready - resolution))
        if count:
            others = [stays[one].visit for one in there.first(min(count, MOST_NAMED))]
            yield _jump(taken, others, count, alike, as_of)


def _turns(stays: Sequence[_Stay], resolution: timedelta) -> Iterator[tuple[datetime, _Turn, int]]:
    for rank, (visit, since, until, last) in enumerate(stays):
        if until is None or until > since:  # who came and went at one moment was never seen to wait
            yield since, _Turn.COMES, rank
            if until is not None:
                yield until, _Turn.GOES, rank
        if last and visit.started is not None:
            yield visit.started + resolution, _Turn.TAKEN, rank


def _jump(taken: Visit, others: Sequence[Visit], count: int, alike: dict[str, str], as_of: datetime) -> QueueJump:
    assert taken.started is not None
    done = taken.left or as_of
    slipped = timedelta(0)
    for other in others:
        slipped += max(min(done, other.waits_until or as_of) - taken.started, timedelta(0))
    return QueueJump(
        case=taken.case,
        step=taken.step,
        alike=alike,
        seq=taken.seq,
        agent=taken.agent,
        requester=taken.client,
        at=taken.started,
        ready=taken.ready,
        overtaken=tuple(one.case for one in others),
        count=count,
        slipped=slipped,
        expedite=taken.expedite,
    )


def pairs(found: Iterable[QueueJump]) -> tuple[Pair, ...]:
    """Return who let whom go first more than once without leave, the most first."""
    times: Counter[tuple[str, str]] = Counter()
    overtaken: Counter[tuple[str, str]] = Counter()
    for one in found:
        if one.expedite is None and one.agent is not None and one.requester is not None:
            times[one.agent, one.requester] += 1
            overtaken[one.agent, one.requester] += one.count
    often = sorted((key for key in times if times[key] >= _OFTEN), key=lambda key: (-times[key], key))
    return tuple(
        Pair(agent=agent, requester=client, jumps=times[agent, client], overtaken=overtaken[agent, client])
        for agent, client in often
    )


def contacts(visits: Iterable[Visit]) -> tuple[Contacts, ...]:
    """Return how long cases waited, by how often the client asked after them before they were taken."""
    waits: defaultdict[int, list[timedelta]] = defaultdict(list)
    for one in visits:
        if one.started is not None:
            waits[one.contacts].append(one.started - one.ready)
    return tuple(
        Contacts(contacts=times, waits=len(found), median=percentile(sorted(found), _HALF))
        for times, found in sorted(waits.items())
    )
