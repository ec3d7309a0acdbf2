"""One cycle of a clock: the pieces of time that events cut it into, and what was promised in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.oracle.clock_time import ALWAYS, Hours, Long


class Terms(NamedTuple):
    """What was promised from some moment on."""

    at: int
    target: Long | None
    """None: unknown."""
    grade: str
    hours: Hours
    seq: int | None = None
    reason: bool = False
    """Whoever changed it said why."""

    def same(self, other: Terms) -> bool:
        """Return True if it is the same promise: a calendar that nothing is counted on does not matter."""
        if self.target is None or other.target is None or self.target != other.target:
            return self.target == other.target
        counted = self.target.working or self.target.text.endswith(("month", "months", "year", "years"))
        return not counted or self.hours == other.hours


class Piece(NamedTuple):
    """A stretch of a cycle between two events that did something to it."""

    kind: str
    """`run`, `pause`, `idle` (not ours to act), `resolved`."""
    start: int
    end: int | None = None
    until: int = 0
    """Of a pause: when it is over whatever happens."""


class Part(NamedTuple):
    """A stretch of time in which one thing holds, and what was counted in it."""

    kind: str
    start: int
    end: int
    counted: int = 0
    hours: Hours = ALWAYS
    working: bool = False


@dataclass
class Cycle:
    """One cycle of a clock: what events did to it."""

    number: int
    since: int | None
    start: int
    terms: list[Terms]
    pieces: list[Piece] = field(default_factory=list)
    effect: int = 0
    """The last instant at which an event did something to it."""
    stopped_at: int | None = None
    stopped_by: int | None = None
    cancelled: bool = False
    by_end: bool = False
    """Nothing stopped it but the end of the case."""
    by_time: bool = False
    """Nothing stopped it but that its own time was up."""
    due: int | None = None
    """Of a deadline, and of a waiting step with `due` on record."""
    count: int = 0
    beyond: int | None = None
    """`seq` of the event that went beyond a count."""
    attached: int = 0
    """When its target came to hold, at its beginning or by a change: what had passed by then is not told any more."""
    moved_late: bool = False
    """A deadline was moved to before the moment at which that was told."""
    hours: Hours | None = None
    """The calendar that it goes by now, whether anything is counted on it or not."""
    role: str = ""
    """Of a clock of each hand-off: who got the ball."""

    def begin(self, kind: str, at: int, until: int = 0) -> None:
        """Let another piece begin."""
        at = max(at, self.effect)
        if self.pieces and self.pieces[-1].end is None:
            self.pieces[-1] = self.pieces[-1]._replace(end=at)
        self.pieces.append(Piece(kind, at, None, until))
        self.effect = at

    def stop(self, at: int, seq: int | None, *, cancelled: bool = False, by_end: bool = False) -> None:
        """Let it be over."""
        at = max(at, self.effect)
        if self.pieces and self.pieces[-1].end is None:
            self.pieces[-1] = self.pieces[-1]._replace(end=at)
        self.stopped_at, self.stopped_by, self.cancelled, self.by_end = at, seq, cancelled, by_end
        self.effect = at

    def resume(self, at: int) -> None:
        """Let it go on after a stop; what lies between is nobody's."""
        assert self.stopped_at is not None
        at = max(at, self.stopped_at)
        self.pieces.append(Piece("resolved", self.stopped_at, at))
        self.effect = at
        self.stopped_at, self.stopped_by, self.cancelled, self.by_end = None, None, False, False


def held_at(terms: Sequence[Terms], at: int) -> Terms:
    """Return the terms that hold at an instant."""
    return [one for index, one in enumerate(terms) if index == 0 or one.at <= at][-1]
