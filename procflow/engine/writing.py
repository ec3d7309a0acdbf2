"""How what became of a case is written: the event with the new head, and all that is told from it, in one transaction."""

from __future__ import annotations

from datetime import datetime

from procflow.engine import offers
from procflow.engine.memory import Held, further
from procflow.engine.office import Office
from procflow.engine.rows import head_after
from procflow.engine.turns import coming_of, tells_time
from procflow.judge import CaseState, Judge
from procflow.model.event import Event, Kind
from procflow.stores.base import CaseRow, Transaction
from procflow.trail.entry import Entry, Opening, seal


class Writer:
    """Writes events of cases that are locked."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def write(
        self, transaction: Transaction, row: CaseRow, held: Held, event: Event, state: CaseState
    ) -> tuple[CaseRow, Held]:
        """Write the next event of a case, which leads to `state`; one that led to an end is followed by the closing."""
        entry, head = self.append(transaction, held.judge, row, event, state)
        after = further(held, state, event, entry.leaf)
        if not event.refused:
            head, after = self.settle(transaction, head, after, event, held)
        self._office.across.tell(transaction, head, held.judge, held.state, after.state)
        return head, after

    def append(
        self,
        transaction: Transaction,
        judge: Judge,
        row: CaseRow,
        event: Event,
        state: CaseState,
        opening: Opening | None = None,
    ) -> tuple[Entry, CaseRow]:
        """Write an event alone; return its entry and the new head."""
        entry = seal(
            event,
            procedure=row.procedure,
            version=row.version,
            log=self._office.store.origin,
            prev=row.leaf,
            nonce=self._office.entropy(16).hex(),
            opening=opening,
        )
        head = head_after(row, event, entry, state, judge.outcome(state) if state.closed else None)
        # A key remembers what was done: what was refused may be tried again under it.
        key = None if event.refused else event.key
        transaction.append(row.case, event.seq, entry.body, entry.leaf, head, key=key)
        return entry, head

    def settle(
        self, transaction: Transaction, row: CaseRow, held: Held, last: Event, before: Held | None = None
    ) -> tuple[CaseRow, Held]:
        """Close a case that stands in an end; note whose turn it is, and what time will ask, if that changed."""
        judge = held.judge
        if not row.closed and judge.outcome(held.state) is not None:
            closing = Event(
                case=row.case,
                seq=row.seq + 1,
                kind=Kind.CLOSED,
                occurred_at=last.occurred_at,
                recorded_at=last.recorded_at,
                definition=row.digest,
            )
            state = judge.advance(held.state, closing)
            entry, row = self.append(transaction, judge, row, closing, state)
            held = further(held, state, closing, entry.leaf)
        if not tells_time(judge):
            if before is None or not _same_turn(before, held):
                transaction.set_ready(row.case, offers.ready(judge, held.state, held.since, last.occurred_at))
            return row, held
        return row, self.note_turns(transaction, held, last.recorded_at or last.occurred_at)

    def note_turns(self, transaction: Transaction, held: Held, now: datetime) -> Held:
        """Note whose turn it is at `now`, by when, and what time will ask next; return the case as noted."""
        judge, state = held.judge, held.state
        ready = tuple(offers.ready(judge, state, held.since, now))
        if held.ready != ready:
            transaction.set_ready(state.case, ready)
            held = held._replace(ready=ready)
        coming = coming_of(judge, state)
        if transaction.coming(state.case) != coming:
            transaction.set_coming(coming)
        return held


def _same_turn(before: Held, after: Held) -> bool:
    """Return True if it must be the same people's turn: all that `offers.ready` looks at is the very same."""
    old, new = before.state, after.state
    return after.since is before.since and new.closed is old.closed and new.record.values is old.record.values
