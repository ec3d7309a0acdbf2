"""How a service is given: what waits for whom, how complete requests come, and who knows both sides of a hand-off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What waits for one role, and how soon somebody who comes now may expect his turn."""

    who: str
    """A role id; of work given by a data field the person or team it names."""
    open: int
    """Cases that stand in a step of theirs."""
    longest: timedelta | None
    """How long the oldest of them has stood there; None if there are none."""
    done: int
    """How often a case left a step of theirs within the window."""
    wait: timedelta | None
    """`open` at the pace of the window; None if so little was done that there is no pace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incomplete:
    """An open case that waits for what whoever asked did not give."""

    case: str
    step: str
    since: datetime
    """Aware, UTC."""
    missing: tuple[str, ...]
    """What must be given and is not known."""
    asked: str
    """What they were asked; "" if nobody wrote it down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """How complete requests come. Counted are cases that have left the first step."""

    cases: int
    complete: int
    """Of them, those in which nobody had to go back to whoever asked before it was done."""
    round_trips: int
    """How often somebody did, in all of them."""
    missing: Mapping[str, int] = field(default_factory=dict)
    """Data field or proof -> in how many cases it was not known when somebody asked back, or came with the answer; most first."""
    waiting: tuple[Incomplete, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BothSides:
    """Who knows both sides of a hand-off between two roles."""

    giver: str
    taker: str
    handlers: int
    """People who worked on one side of it."""
    both: int
    """Of them, those who have worked on both sides, or sat in on the other."""
    sat_in: int
    """Of `both`, those who know the other side from sitting in alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What the record of the cases of one service says."""

    as_of: datetime | None
    """The last event of the record; None if there is none."""
    window: timedelta
    """How far back what was done is counted: 28 days, or as far as the record goes."""
    cases: int
    others: int
    """Cases of the record that were worked by another definition, and are left out."""
    loads: tuple[Load, ...]
    intake: Intake
    rotation: tuple[BothSides, ...]
