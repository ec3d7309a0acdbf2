"""How time goes on over all cases: the timer that was over first is fired first, each in a transaction of its own."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from procflow.engine.firing import MOST_AT_ONCE, Firing, goes_round
from procflow.engine.memory import Held
from procflow.engine.office import Office
from procflow.engine.rows import CaseBroken
from procflow.engine.turns import short_in
from procflow.engine.writing import Writer
from procflow.errors import CalendarError, ProcflowError, StoreError
from procflow.model.fired import Fired
from procflow.stores.base import CaseRow, Transaction


class Advancing:
    """Fires what is due, up to a moment."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._writer = Writer(office)
        self._firing = Firing(office, self._writer)

    def advance(self, to: datetime | None, limit: int | None) -> tuple[Fired, ...]:
        """Fire timers that are over by `to`, or by now; at most `limit`."""
        now = self._office.now()
        if to is not None and to > now:
            raise ProcflowError(
                f"time cannot be advanced to {to:%Y-%m-%d %H:%M:%S} UTC: now is {now:%Y-%m-%d %H:%M:%S} UTC",
                hint="give a moment that has come, or none; to try out what will be, give the engine another clock",
            )
        until = now if to is None else to
        run = _Run(self._office, self._writer, self._firing, until)
        fired: list[Fired] = []
        while (limit is None or len(fired) < limit) and (one := run.next()) is not None:
            fired.append(one)
        return tuple(fired)


class _Run:
    """One run up to a moment. A case that has nothing to fire, or fails, is looked at once."""

    def __init__(self, office: Office, writer: Writer, firing: Firing, until: datetime) -> None:
        self._office = office
        self._writer = writer
        self._firing = firing
        self._until = until
        self._done: set[str] = set()
        self._at: Counter[tuple[str, datetime]] = Counter()
        """How many timers of a case were over at one instant."""

    def next(self) -> Fired | None:
        """Fire the timer that was over first; None if none is left."""
        while True:
            # Most of the time nothing is due: then nobody who writes is kept waiting.
            with self._office.store.read() as transaction:
                case = self._first(transaction)
            if case is None:
                return None
            found = self._attempt()
            if found is not None:
                return found

    def _attempt(self) -> Fired | None:
        """Fire the timer that was over first; None if somebody else has, or there is none in that case after all."""
        row: CaseRow | None = None
        try:
            with self._office.store.write() as transaction:
                case = self._first(transaction)
                if case is None:
                    return None
                row = transaction.lock_case(case)
                found = self._fire(transaction, row)
        except Exception as error:
            if row is None or (isinstance(error, StoreError) and not isinstance(error, CaseBroken)):
                raise
            # Whatever is wrong with one case is told; the others are not to wait for it.
            self._done.add(row.case)
            return _failed(row, error)
        if found is None:
            self._done.add(row.case)
            return None
        held, fired = found
        # Only what is committed is remembered.
        self._office.memory.keep(row.case, held)
        return fired

    def _first(self, transaction: Transaction) -> str | None:
        return next((one.case for one in transaction.firing(self._until) if one.case not in self._done), None)

    def _fire(self, transaction: Transaction, row: CaseRow) -> tuple[Held, Fired] | None:
        held = self._office.hold(transaction, self._office.judge_of(transaction, row), row)
        self._office.prepare(transaction, row.digest)
        now = self._office.now()
        timers = held.judge.timers(held.state, self._until)
        if not timers:
            # It was looked at too early, as after an upgrade, or in a night after which it still is in time.
            self._writer.note_turns(transaction, held, now)
            short = short_in(held.state)
            if short is None:
                return None
            self._done.add(row.case)
            return held, _failed(row, CalendarError(short.message, code=short.code, hint=short.hint))
        self._at[row.case, timers[0].due] += 1
        if self._at[row.case, timers[0].due] > MOST_AT_ONCE:
            raise goes_round(row.case, timers[0].due)
        _, held, fired = self._firing.fire(transaction, row, held, timers[0], now)
        return held, fired


def _failed(row: CaseRow, error: Exception) -> Fired:
    if not isinstance(error, ProcflowError):
        told = ProcflowError(f"time does not go on in case {row.case}: {type(error).__name__}: {error}")
        told.__cause__ = error
        error = told
    return Fired(case=row.case, procedure=row.procedure, ref=row.ref, timer=None, seq=None, error=error)
