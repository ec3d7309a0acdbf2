"""`Positions`: what rules see of a case, an event of its canonical path at a time.

What an explanation skips did not happen; what it leaves out of the flow did, and moved nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from procflow.automaton.automaton import Automaton
from procflow.automaton.happenings import entering, leaving, of_action, of_move, of_start
from procflow.automaton.moves import Move, MoveKind
from procflow.expressions.expression import Facts
from procflow.model.configuration import Configuration
from procflow.model.event import Act, Event, Kind, Lifecycle
from procflow.model.rule import Happening, HappeningKind
from procflow.monitors.rules.position import Position

# A member of an Enum is looked up anew, in Python, wherever it is named.
_ACTION, _STATUS, _CLOSED, _OVERRIDE, _OPENED = Kind.ACTION, Kind.STATUS, Kind.CLOSED, Kind.OVERRIDE, Kind.OPENED
_TIMER = Kind.TIMER
_START, _EARLY = Lifecycle.START, Act.DO_EARLY
_CANCELLED = "cancelled"
_MOST_KNOWN = 10_000

OPENS = Happening(kind=HappeningKind.OPENS)
ENDS = Happening(kind=HappeningKind.ENDS)
_NOBODY: frozenset[str] = frozenset()


Silent = tuple[Configuration, tuple[Move, ...]]
"""Where a case stood, and the moves it made then because time ran out, with nothing on record of them."""


class Gone(NamedTuple):
    """How far a case has gone, as far as its next position depends on it. Immutable."""

    ended: bool
    """It has ended, and no override has opened it again."""
    status: str | None = None
    """Of a status history: the step that the last row names."""


class Course(NamedTuple):
    """What an event does to a case on the canonical path; worked out once for equal moves."""

    stood: Configuration
    """Where the case stood before it, skipped actions made up for."""
    move: Move | None
    """None if the event is left out of the flow, or says nothing about it."""
    amounts: tuple[Happening, ...]
    """What the move amounts to; () without one."""
    stands: Configuration
    in_end: bool
    """Where the case stands then is an end."""
    timers: tuple[tuple[Move, tuple[Happening, ...]], ...] = ()
    """What happened before it because time ran out, with nothing on record of it, and what that amounts to."""


def opening_of(
    case: str, opened: Event | None, happenings: tuple[Happening, ...], facts: Facts, since: datetime | None = None
) -> Position:
    """Return the opening of a case, on record or not; then `since` says when it was, if anything does."""
    if opened is None:
        return Position(None, since, happenings, False, None, _NOBODY, _NOBODY, facts, case=case)
    return Position(
        seq=opened.seq,
        at=opened.occurred_at,
        happenings=happenings,
        performs=False,
        actor=opened.actor,
        roles=opened.roles,
        teams=opened.teams,
        facts=facts,
        gap=opened.gap,
        case=case,
        on_behalf_of=opened.on_behalf_of,
        told=told(opened),
        source=opened.source,
    )


def closing_of(case: str, facts: Facts) -> Position:
    """Return the last position of a case that goes on no further, and whose end is not on record."""
    return Position(None, None, (ENDS,), False, None, _NOBODY, _NOBODY, facts, ends=True, case=case)


def told(event: Event) -> str:
    """Return in words what happened, where that was no action."""
    if event.kind is _STATUS:
        return f"it was seen in “{event.action}”"
    return _TOLD.get(event.kind, "")


_TOLD = {
    _OPENED: "the case was opened",
    _CLOSED: "the case was closed",
    _OVERRIDE: "the procedure was set aside",
    _TIMER: "time was up",
}


class Positions:
    """Makes the positions of cases of one automaton."""

    def __init__(self, automaton: Automaton, *, statuses: bool) -> None:
        """`statuses`: the events are a status history."""
        self._automaton = automaton
        self._statuses = statuses
        self._only: dict[str, str | None] = {}
        """Action or item -> the one step that has it; None if several do."""
        for step in automaton.procedure.steps.values():
            for name in (*step.actions, *(step.checklist.items if step.checklist is not None else ())):
                self._only[name] = None if name in self._only else step.id
        self._known: dict[tuple[Happening, ...], tuple[Happening, ...]] = {}

    def course(self, before: Configuration, skips: Sequence[Move], move: Move | None, stands: Configuration) -> Course:
        """Return what an event does that is told as `move`, after `skips`, in a case that stood at `before`."""
        timers, stood = list[tuple[Move, tuple[Happening, ...]]](), before
        for one in skips:
            if one.kind is MoveKind.TIMER:
                timers.append((one, self._same(of_move(one, stood))))
            stood = one.target
        amounts = () if move is None else self._same(of_move(move, stood))
        return Course(stood, move, amounts, stands, self._automaton.is_end(stands), tuple(timers))

    def opening(
        self, case: str, opened: Event | None, at: Configuration, facts: Facts, since: datetime | None = None
    ) -> tuple[Gone, Position]:
        """Return the first position of a case that opens at `at`, on record or not; then `since` says when, if anything."""
        happenings: tuple[Happening, ...] = (OPENS,)
        if not self._statuses:
            happenings += tuple(entering(step) for step in at.active_steps())
        ends = self._automaton.is_end(at)
        if ends:
            happenings += (ENDS,)
        position = opening_of(case, opened, self._same(happenings), facts, since)
        return Gone(ends), position._replace(ends=ends, cancelled=ends and self._cancelled(at), step=at.step)

    def before(self, gone: Gone, event: Event, course: Course, facts: Facts) -> tuple[Gone, tuple[Position, ...]]:
        """Return the positions of what happened silently before an event; mostly nothing did."""
        found: list[Position] = []
        for move, amounts in course.timers:
            position = self._silent(gone, move, amounts, facts, event.case)
            at, source = event.occurred_at, event.source
            found.append(position._replace(seq=event.seq, at=at, gap=event.gap, source=source))
            gone = gone._replace(ended=gone.ended or position.ends)
        return gone, tuple(found)

    def _silent(self, gone: Gone, move: Move, amounts: tuple[Happening, ...], facts: Facts, case: str) -> Position:
        ends = self._automaton.is_end(move.target) and not gone.ended
        happenings = self._same((*amounts, ENDS)) if ends else amounts
        return Position(
            None,
            None,
            happenings,
            False,
            None,
            _NOBODY,
            _NOBODY,
            facts,
            ends=ends,
            cancelled=ends and self._cancelled(move.target),
            case=case,
            told=_TOLD[_TIMER],
            step=move.step.id if move.step is not None else None,
            silent=move.target,
        )

    def following(self, gone: Gone, event: Event, course: Course, facts: Facts) -> tuple[Gone, Position | None]:
        """Return the position of one more event; None if rules have nothing to do with it."""
        stood, move, amounts, at, in_end, _ = course
        kind = event.kind
        ended, status = gone
        happenings: tuple[Happening, ...] = ()
        performs = reopens = False
        if kind is _ACTION:
            if event.lifecycle is _START:
                happenings = of_start(event.action)
            else:
                performs = True
                happenings = of_action(event.action) if move is None else amounts
        elif kind is _STATUS:
            if event.action != status:
                performs = True
                left = (leaving(status),) if status is not None else ()
                happenings = self._same((*left, entering(event.action)))
                status = event.action
        elif kind is _OVERRIDE:
            if move is not None:
                performs = event.override is not None and event.override.act is _EARLY
                happenings = self._early(event.action, amounts) if performs else amounts
                reopens = ended and not (in_end and at.step == stood.step)
                status = at.step
        elif kind is _TIMER and move is not None:
            happenings = amounts
        elif not event.gap and (kind is _OPENED or ended):
            return gone, None
        ends = (in_end or kind is _CLOSED) and (reopens or not ended)
        if ends:
            happenings = self._same((*happenings, ENDS))
        # By position: names would cost as much again.
        position = Position(
            event.seq,
            event.occurred_at,
            happenings,
            performs,
            event.actor,
            event.roles,
            event.teams,
            facts,
            event.gap,
            ends,
            ends and in_end and self._cancelled(at),
            event.case,
            event.on_behalf_of,
            reopens,
            "" if kind is _ACTION else told(event),
            move.step.id if move is not None and move.step is not None else None,
            event.action if event.action and (performs or kind is _ACTION) and kind is not _STATUS else None,
            event.source,
            kind is _TIMER,
        )
        if ends or reopens or status is not gone.status:
            gone = Gone(ends or (ended and not reopens), status)
        return gone, position

    def closing(self, case: str, facts: Facts, by: Silent | None) -> tuple[Position, ...]:
        """Return the last positions of a case that goes on no further, and whose end is not on record."""
        if by is None or not by[1]:
            return (closing_of(case, facts),)
        before, timers = by
        course, gone = self.course(before, timers, None, timers[-1].target), Gone(ended=False)
        found = [self._silent(gone, move, amounts, facts, case) for move, amounts in course.timers]
        return tuple(found) if found[-1].ends else (*found, closing_of(case, facts))

    def _early(self, action: str, amounts: tuple[Happening, ...]) -> tuple[Happening, ...]:
        """Return what it amounts to that an action is done early: in its step, if only one has it."""
        return self._same((*of_action(action, self._only.get(action)), *amounts))

    def _same(self, happenings: tuple[Happening, ...]) -> tuple[Happening, ...]:
        """Return one object for equal happenings: who looks at them knows them by it."""
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        return self._known.setdefault(happenings, happenings)

    def _cancelled(self, at: Configuration) -> bool:
        return self._automaton.procedure.top.steps[at.step].end == _CANCELLED
