"""Questions about time: what is owed by when, and what became of the minutes of a clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from procflow.calendars.book import CalendarSet
from procflow.engine.cases import Owed
from procflow.engine.firing import clock_of
from procflow.engine.memory import Held
from procflow.engine.office import Office
from procflow.errors import ProcflowError
from procflow.model.clock import ClockCycle, Stretch
from procflow.model.event import Event, Kind
from procflow.model.organisation import Actor
from procflow.model.procedure import Procedure
from procflow.model.rule import Obligation
from procflow.monitors.names import meant
from procflow.stores.base import CaseRow, Transaction


class TimeQuestions:
    """Answers them; nothing is written."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def due(self, until: datetime, actor: Actor | None, limit: int | None) -> tuple[Owed, ...]:
        """Return what is due by a moment in open cases, the soonest first; of somebody, only what they could do."""
        now, found = self._office.now(), list[Owed]()
        with self._office.store.read() as transaction:
            for coming in transaction.due(until):
                # Cases come in the order of what is due in them first.
                if limit is not None and coming.due is not None and _full(found, limit, coming.due):
                    break
                found += self._owed(transaction, transaction.case(coming.case), until, actor, now)
                found.sort(key=lambda one: (one.due, one.case))
        return tuple(found[:limit])

    def _owed(
        self, transaction: Transaction, row: CaseRow, until: datetime, actor: Actor | None, now: datetime
    ) -> list[Owed]:
        held = self._office.hold(transaction, self._office.judge_of(transaction, row), row)
        found = []
        for one in held.judge.due(held.state):
            if one.due is None or one.due > until or (actor is not None and not _could(one, actor)):
                continue
            people = {person for name in one.who for person in self._people(held.judge.procedure, one, name)}
            found.append(
                Owed(
                    case=row.case,
                    procedure=row.procedure,
                    ref=row.ref,
                    client=row.client,
                    obligation=one,
                    due=one.due,
                    overdue=one.due < now,
                    people=tuple(sorted(people)),
                    zone=one.zone,
                )
            )
        return found

    def _people(self, procedure: Procedure, one: Obligation, name: str) -> Sequence[str]:
        """Return who is meant: whoever holds the role, or who was asked by name."""
        clock = procedure.all_clocks.get(one.clock)
        asked = clock is not None and clock.question is not None and name not in procedure.roles
        return (name,) if asked else self._office.directory.holders_of(name)

    def clocks(self, case: str) -> tuple[ClockCycle, ...]:
        """Return how each cycle of each clock of a case stands now."""
        with self._office.store.read() as transaction:
            held = self._held(transaction, case)
        return held.judge.audit(held.state, as_of=self._office.now()).clocks

    def with_calendars_in_force(self, case: str) -> tuple[ClockCycle, ...]:
        """Return how each cycle would stand if the case went by the calendars in force; nothing is recorded."""
        with self._office.store.read() as transaction:
            row = transaction.case(case)
            held = self._held(transaction, case)
            now = self._office.now()
            digest = self._office.house.would(transaction, held.judge.procedure)
            state = held.state
            if digest not in (None, held.calendars) and not row.closed:
                event = Event(
                    case=case,
                    seq=row.seq + 1,
                    kind=Kind.CALENDARS,
                    occurred_at=now,
                    recorded_at=now,
                    definition=row.digest,
                    calendars=digest,
                )
                state = held.judge.advance(state, event)
        return held.judge.audit(state, as_of=now).clocks

    def ledger(self, case: str, clock: str, cycle: int | None) -> tuple[Stretch, ...]:
        """Return what became of every minute of a cycle up to now."""
        with self._office.store.read() as transaction:
            held = self._held(transaction, case)
        procedure = held.judge.procedure
        if clock_of(procedure, clock) is None:
            close = meant(clock, procedure.all_clocks.keys())
            there = ", ".join(procedure.all_clocks) or "none"
            raise ProcflowError(
                f"{procedure.id} {procedure.version} has no clock “{clock}”",
                hint=f"did you mean “{close}”?" if close is not None else f"there are: {there}",
            )
        return held.judge.ledger(held.state, clock, cycle, self._office.now())

    def calendars_of(self, case: str) -> CalendarSet:
        """Return the calendars a case goes by, and those that policies count on."""
        with self._office.store.read() as transaction:
            held = self._held(transaction, case)
        return self._office.house.book.of(held.calendars) or self._office.house.book.default

    def _held(self, transaction: Transaction, case: str) -> Held:
        row = transaction.case(case)
        return self._office.hold(transaction, self._office.judge_of(transaction, row), row)


def _full(found: list[Owed], limit: int, due: datetime) -> bool:
    """Return True if nothing that is due at `due` or later can be among the first."""
    return limit == 0 or (len(found) >= limit and found[limit - 1].due <= due)


def _could(one: Obligation, actor: Actor) -> bool:
    return not one.who or actor.id in one.who or not (actor.roles | actor.teams).isdisjoint(one.who)
