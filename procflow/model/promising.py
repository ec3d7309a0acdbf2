"""What a promise would have meant in cases on record: a proposed target, how it would have been kept, and what stands behind."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from procflow.calendars.length import Length
from procflow.model.clock import Attainment, BallShare, ClockCycle, Promised

_Z = 1.959963984540054
"""Of the normal distribution: 95 of 100 lie within so many deviations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Between what a share may well lie of which only some cases are known. From 0 to 1."""

    low: float
    high: float


def wilson(kept: int, n: int) -> Interval | None:
    """Return the 95 % interval of a share by Wilson (1927), without correction; None for a share of nothing."""
    if n == 0:
        return None
    share = kept / n
    whole = 1 + _Z * _Z / n
    middle = (share + _Z * _Z / (2 * n)) / whole
    half = _Z * math.sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n)) / whole
    return Interval(
        low=0.0 if kept == 0 else max(0.0, middle - half), high=1.0 if kept == n else min(1.0, middle + half)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a clock would promise instead."""

    within: Length | None = None
    """None: as it is."""
    grade: str = ""
    """The value of the data field the target depends on for which this is proposed; "" for all of them."""
    calendar: str | None = None
    """The calendar it would be counted on; None: as it is."""
    pauses: bool = True
    """False: without its pauses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantiles:
    """How long something took in many cases; each figure is one that occurred (nearest rank)."""

    n: int
    p50: timedelta
    p85: timedelta
    p95: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How far a promise was kept, or would have been, with how sure one can be of that."""

    attained: Attainment
    gross: Interval | None
    """95 % interval of `attained.gross`."""
    net: Interval | None
    used: Quantiles | None
    """In the clock's own measure, of those that are over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A cycle that a proposal would have judged otherwise."""

    before: ClockCycle | None
    """None: it would not have been promised anything, or run at all."""
    after: ClockCycle | None
    case: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldBe:
    """What became of the cases on record under one proposal."""

    proposal: Proposal
    kept: tuple[Kept, ...]
    """Of all cycles first, then of each grade."""
    broken: tuple[Flip, ...]
    """Kept, or in time so far, as it was promised, and late as it is proposed; those that are latest first."""
    mended: tuple[Flip, ...]
    """Late as it was promised, and in time as it is proposed; the narrowest first."""

    @property
    def whole(self) -> Kept:
        """How far it would have been kept in all."""
        return self.kept[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Honest:
    """The shortest target that at least so many of 100 cases would have kept."""

    percent: int
    within: Length | None
    """None: no target would have; too many are open and late already, or there are too few cases."""
    kept: Kept | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An agreement with a team or a supplier, or the time of a step, behind a promise to the client."""

    promise: str
    """The clock that is promised to the client."""
    clock: str
    to: Promised
    step: str | None
    """The step whose own time it is; None of an agreement of its own."""
    kept: Attainment
    """Of its cycles that ran while the promise did, and of no others."""
    late_together: int
    """In how many late cycles of the promise one of its own was late, too."""
    late: int
    """How many cycles of the promise are late."""
    wall: timedelta
    """How long it ran while the promise did, in all."""
    share: float
    """Of all the time the promise ran, from 0 to 1. Agreements may run side by side: shares need not sum to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What proposals for one clock would have meant in the cases of a log."""

    procedure: str
    version: str
    """Of the last version that has the clock."""
    clock: str
    title: str
    logs: tuple[str, ...]
    as_of: datetime | None
    cases: int
    now: tuple[Kept, ...]
    """As it is promised: of all cycles, then of each grade."""
    proposals: tuple[WouldBe, ...]
    honest: tuple[Honest, ...]
    """For each share that was asked for; () if nothing can be told."""
    links: tuple[Link, ...]
    """What stands behind it, the weakest first; () of what is not promised to a client."""
    notes: tuple[str, ...] = ()
    """What the reader should know of it."""


class Likely(Enum):
    """Whether what is wished for is realistic."""

    YES = "realistic"
    """At least 85 of 100 cases alike were as quick."""
    MAYBE = "doubtful"
    """At least half of them were."""
    NO = "not realistic"
    UNKNOWN = "not enough data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """How long a case would take by those that are over and alike; told before it is submitted."""

    procedure: str
    version: str
    given: Mapping[str, str]
    """What is known of the new case: data field -> its value, as it is shown. Cases are alike that had the same at first."""
    looked_at: int
    """How many cases were over, done and wholly on record."""
    most: int | None
    """Only the latest so many cases were looked at; None: all."""
    n: int
    """How many of them are alike."""
    few: int
    """With fewer, nothing is forecast."""
    wall: Quantiles | None
    """By the clock on the wall, without the time in which only a confirmation was waited for. None: not enough data."""
    working: Quantiles | None
    """On the procedure's calendar; None also if it has none, or it does not cover the cases."""
    within: Length | None
    """What is wished for; None: nothing was."""
    kept: int | None
    """How many of those alike were as quick; None without a wish, and if there is not enough data."""
    between: Interval | None
    likely: Likely | None
    """None: nothing was wished for."""
    instead: Length | None
    """The shortest time, in units of the wish, in which 85 of 100 were done."""
    ball: tuple[BallShare, ...]
    """Who had the ball in those alike; the longest first."""
    ask: tuple[str, ...]
    """What the first step asks for and is not given: data fields and proofs. Whoever supplies is to be asked for them."""
    nearby: Mapping[str, int]
    """If there is not enough data: how many cases are alike but for one data field."""
    notes: tuple[str, ...] = ()
    """Why the log has no case, if it has none."""
