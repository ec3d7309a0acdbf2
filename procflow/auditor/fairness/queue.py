"""Queues: which cases were taken while others like them, that had come before, waited; and which were overtaken most."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from heapq import nsmallest
from typing import NamedTuple

from procflow.auditor.fairness.ranks import Ranks
from procflow.auditor.fairness.visits import Alike, Visit
from procflow.calendars.calendar import ALWAYS, Calendar
from procflow.calendars.instants import length_of, micros
from procflow.calendars.length import Length
from procflow.errors import CalendarError
from procflow.model.fairness import FirstCome
from procflow.model.fairness_report import Contacts, Overtaken, Pair, QueueJump
from procflow.model.sample import percentile

MOST_NAMED = 100
"""How many of the cases that one overtook are named, and of those that were overtaken most often."""
_OFTEN = 2
_HALF = 50
_NEVER = datetime.max.replace(tzinfo=UTC)


class Queues(NamedTuple):
    """What is seen of the queues of a log."""

    jumps: list[QueueJump]
    """Every case that was taken before its turn, in the order in which that happened."""
    overtaken: list[Overtaken]
    """Those that were overtaken most often, the most first; at most a hundred."""
    beyond: int
    """How many came when the calendar cannot tell by how much: nobody is said to have overtaken them."""


class _Turn(IntEnum):
    """What comes first of what happens at one moment: those taken then have no order, and nobody waits for nothing."""

    GOES = 0
    TAKEN = 1
    DONE = 2
    COMES = 3


class _Stay(NamedTuple):
    """That a visit stood in one queue, from when to when."""

    visit: Visit
    since: datetime
    until: datetime | None
    last: bool
    due: datetime
    """Whoever came no later than then does not overtake it."""


def queues(
    visits: Iterable[Visit], asked: FirstCome, as_of: datetime, resolution: timedelta, calendar: Calendar = ALWAYS
) -> Queues:
    """Return who was taken before their turn, and who was overtaken.

    `resolution`: how far apart two times must be for the log to say which came first. `calendar`: what the length of
    `by-more-than` is counted on.
    """
    found: defaultdict[tuple[str, Alike], list[_Stay]] = defaultdict(list)
    beyond = 0
    for visit in visits:
        if visit.step in asked.steps:
            due = _due(visit.ready, asked.by_more_than, calendar)
            beyond += due is _NEVER
            for queue, stay in _stays(visit, due):
                found[visit.step, queue].append(stay)
    jumps: list[QueueJump] = []
    overtaken: Counter[tuple[str, str, int]] = Counter()
    whose: dict[tuple[str, str, int], Visit] = {}
    for (step, alike), stays in found.items():
        sweep = _Sweep(stays, dict(zip(asked.alike, alike, strict=True)), as_of, resolution)
        jumps += sweep.jumps()
        for stay, count in zip(sweep.stays, sweep.overtaken, strict=True):
            if count:
                key = stay.visit.case, step, stay.visit.number
                overtaken[key] += count
                whose[key] = stay.visit
    most = nsmallest(MOST_NAMED, overtaken, key=lambda key: (-overtaken[key], key))
    return Queues(
        sorted(jumps, key=lambda one: (one.at, one.case, one.seq or 0)),
        [_overtaken(whose[key], overtaken[key], as_of) for key in most],
        beyond,
    )


def _due(ready: datetime, length: Length | None, calendar: Calendar) -> datetime:
    if length is None:
        return ready
    try:
        return calendar.after(ready, length)
    except CalendarError:
        return _NEVER


def _stays(visit: Visit, due: datetime) -> Iterator[tuple[Alike, _Stay]]:
    for order, (since, queue) in enumerate(visit.queues):
        last = order + 1 == len(visit.queues)
        yield queue, _Stay(visit, since, visit.waits_until if last else visit.queues[order + 1][0], last, due)


def _overtaken(visit: Visit, count: int, as_of: datetime) -> Overtaken:
    until = visit.waits_until
    return Overtaken(
        case=visit.case,
        step=visit.step,
        ready=visit.ready,
        count=count,
        waited=max((until or as_of) - visit.ready, timedelta(0)),
        still=until is None,
    )


class _Sweep:
    """Goes through what happens in one queue, in order."""

    def __init__(self, stays: list[_Stay], alike: dict[str, str], as_of: datetime, resolution: timedelta) -> None:
        stays.sort(key=lambda one: (one.due, one.visit.ready, one.visit.case, one.visit.number, one.since))
        self.stays = stays
        self.overtaken = [0] * len(stays)
        """How many each stay was overtaken by; complete after `jumps`."""
        self._alike = alike
        self._as_of = as_of
        self._resolution = resolution
        self._due = [one.due for one in stays]
        self._there: list[int] = []
        self._takings = Ranks(len(stays))
        # What those before a rank have waited until some moment: how many wait times that moment, and what is left.
        self._waiting = Ranks(len(stays))
        self._waited = Ranks(len(stays))

    def jumps(self) -> Iterator[QueueJump]:
        """Yield who was taken before their turn."""
        open_: dict[int, tuple[int, int]] = {}
        slipped: dict[int, timedelta] = {}
        found: list[tuple[int, tuple[str, ...], int]] = []
        for at, turn, rank in sorted(self._turns()):
            match turn:
                case _Turn.TAKEN:
                    before = bisect_left(self._due, self.stays[rank].visit.ready - self._resolution)
                    count = bisect_left(self._there, before)
                    if count:
                        named = tuple(self.stays[one].visit.case for one in self._there[: min(count, MOST_NAMED)])
                        found.append((rank, named, count))
                        self._takings.add(before - 1, 1)
                        open_[rank] = before, self._waited_by(before, at)
                case _Turn.DONE:
                    if rank in open_:
                        before, then = open_.pop(rank)
                        slipped[rank] = length_of(self._waited_by(before, at) - then)
                case _:
                    self._move(rank, at, comes=turn is _Turn.COMES)
        for rank in self._there:
            self.overtaken[rank] += self._past(rank)
        yield from (self._jump(rank, named, count, slipped.get(rank)) for rank, named, count in found)

    def _turns(self) -> Iterator[tuple[datetime, _Turn, int]]:
        for rank, (visit, since, until, last, _) in enumerate(self.stays):
            if until is None or until > since:  # who came and went at one moment was never seen to wait
                yield since, _Turn.COMES, rank
                if until is not None:
                    yield until, _Turn.GOES, rank
            if last and visit.started is not None:
                taken, done = visit.started + self._resolution, visit.left or self._as_of
                yield taken, _Turn.TAKEN, rank
                if done > taken:
                    yield done, _Turn.DONE, rank

    def _move(self, rank: int, at: datetime, *, comes: bool) -> None:
        sign = 1 if comes else -1
        self._waiting.add(rank, sign)
        self._waited.add(rank, -sign * micros(at))
        self.overtaken[rank] -= sign * self._past(rank)
        if comes:
            insort(self._there, rank)
        else:
            del self._there[bisect_left(self._there, rank)]

    def _past(self, rank: int) -> int:
        """Return how many were taken so far that may have overtaken a rank."""
        return self._takings.total - self._takings.before(rank)

    def _waited_by(self, rank: int, at: datetime) -> int:
        """Return how long those before a rank have waited by then, together."""
        return self._waiting.before(rank) * micros(at) + self._waited.before(rank)

    def _jump(self, rank: int, named: tuple[str, ...], count: int, slipped: timedelta | None) -> QueueJump:
        taken = self.stays[rank].visit
        assert taken.started is not None
        return QueueJump(
            case=taken.case,
            step=taken.step,
            alike=self._alike,
            seq=taken.seq,
            agent=taken.agent,
            requester=taken.client,
            at=taken.started,
            ready=taken.ready,
            overtaken=named,
            count=count,
            slipped=slipped,
            expedite=taken.expedite,
        )


def pairs(found: Iterable[QueueJump]) -> tuple[Pair, ...]:
    """Return who let whom go first more than once without leave, the most first."""
    times: Counter[tuple[str, str]] = Counter()
    overtaken: Counter[tuple[str, str]] = Counter()
    for one in found:
        if one.unexcused and one.agent is not None and one.requester is not None:
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
