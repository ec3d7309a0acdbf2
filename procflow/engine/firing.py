"""How what time does is put on record: each timer is an event of its own, written once, in the order of their instants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from procflow.calendars.calendar import Calendar
from procflow.engine import offers
from procflow.engine.memory import Held
from procflow.engine.office import Office
from procflow.engine.turns import asked_in
from procflow.engine.writing import Writer
from procflow.errors import CalendarError, ProcflowError
from procflow.model.clock import Clock, LateDoing, PartyKind, Timer
from procflow.model.event import Event, Kind
from procflow.model.fired import Fired
from procflow.model.procedure import Procedure
from procflow.stores.base import CaseRow, Transaction

MOST_AT_ONCE = 100
"""Timers of one case at one instant: with more, steps that allow no time at all send a case round for ever."""


class Firing:
    """Fires the timers of cases that are locked."""

    def __init__(self, office: Office, writer: Writer) -> None:
        self._office = office
        self._writer = writer

    def fire(
        self, transaction: Transaction, row: CaseRow, held: Held, timer: Timer, now: datetime
    ) -> tuple[CaseRow, Held, Fired]:
        """Put on record that the time of a case's next timer was up. What follows from it comes later."""
        event = Event(
            case=row.case,
            seq=row.seq + 1,
            kind=Kind.TIMER,
            action=timer.clock,
            occurred_at=timer.due,
            recorded_at=now,
            definition=row.digest,
            timer=timer,
        )
        state = held.judge.advance(held.state, event)
        row, held = self._writer.write(transaction, row, held, event, state)
        return row, held, self._fired(row, held, timer, event.seq, now)

    def all(
        self, transaction: Transaction, row: CaseRow, held: Held, now: datetime
    ) -> tuple[CaseRow, Held, tuple[Fired, ...]]:
        """Fire every timer of a case that is over by `now`, also those that begin because of another one."""
        fired: list[Fired] = []
        at: list[datetime] = []
        while timers := held.judge.timers(held.state, now):
            at = [*(one for one in at if one == timers[0].due), timers[0].due]
            if len(at) > MOST_AT_ONCE:
                raise goes_round(row.case, timers[0].due)
            row, held, one = self.fire(transaction, row, held, timers[0], now)
            fired.append(one)
        return row, held, tuple(fired)

    def _fired(self, row: CaseRow, held: Held, timer: Timer, seq: int, now: datetime) -> Fired:
        parties = tuple(dict.fromkeys(self._parties(held, timer)))
        hours = self._hours(held, timer)
        return Fired(
            case=row.case,
            procedure=row.procedure,
            ref=row.ref,
            timer=timer,
            seq=seq,
            parties=parties,
            people=tuple(sorted(set(self._people(parties)))),
            deliver_at=_opening(hours, now),
            zone="UTC" if hours is None else hours.zone,
        )

    def _parties(self, held: Held, timer: Timer) -> Iterator[str]:
        if timer.does is not LateDoing.GO_TO and timer.to:
            yield f"role:{timer.to}"
            return
        procedure = held.judge.procedure
        roles, clock = procedure.roles, clock_of(procedure, timer.clock)
        if clock is not None and clock.question is not None:
            asked = asked_in(procedure, held.state, timer)
            yield from () if asked is None else (asked,)
            return
        accepts = None if clock is None else clock.accepts
        ready = offers.ready(held.judge, held.state, held.since, timer.due)
        turns = [one.party for one in ready if accepts in (None, one.step)]
        ours = [one for one in turns if one.partition(":")[2] not in roles or not roles[one.partition(":")[2]].external]
        if timer.does is LateDoing.GO_TO:
            yield from turns
        elif ours or not turns:
            yield from ours
        else:
            # Nobody outside is told of a clock of ours unless it names them: whoever of us waits for them is.
            yield from self._last_of_us(held, timer)

    def _last_of_us(self, held: Held, timer: Timer) -> Iterator[str]:
        """Yield those of us who had the ball last."""
        spans = held.judge.ball(held.state, timer.due)
        names = next((party.names for party, _, _ in reversed(spans) if party.kind is PartyKind.TEAM), ())
        for name in names:
            yield from (f"role:{name}",) if name in held.judge.procedure.roles else (f"person:{name}", f"team:{name}")

    def _people(self, parties: tuple[str, ...]) -> Iterator[str]:
        for party in parties:
            kind, _, name = party.partition(":")
            if kind == "person":
                yield name
            elif kind == "role":
                yield from self._office.directory.holders_of(name)

    def _hours(self, held: Held, timer: Timer) -> Calendar | None:
        """Return the calendar that the clock itself names, else that of the procedure; None if there is neither."""
        procedure = held.judge.procedure
        clock = clock_of(procedure, timer.clock)
        id = procedure.calendar
        if clock is not None and clock.calendar is not None:
            by = clock.calendar.by
            id = clock.calendar.of(held.state.record.values.get(by) if by is not None else None) or id
        calendars = self._office.house.book.of(held.calendars)
        return calendars[id] if id is not None and calendars is not None and id in calendars else None


def _opening(hours: Calendar | None, now: datetime) -> datetime:
    """Return when somebody is there to be told."""
    try:
        return now if hours is None else hours.next_open(now)
    except CalendarError:
        return now


def clock_of(procedure: Procedure, id: str) -> Clock | None:
    """Return the clock with this id, of the case, of a step, or of what is waited for; None if there is none."""
    return procedure.all_clocks.get(id)


def goes_round(case: str, at: datetime) -> ProcflowError:
    """Return the error of a case in which time never goes on."""
    return ProcflowError(
        f"in case {case} more than {MOST_AT_ONCE} timers are over at one moment, {at:%Y-%m-%d %H:%M} UTC",
        hint="the case goes round through steps that allow no time at all: give one of them a longer `within`",
    )
