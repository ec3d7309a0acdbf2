"""A store in memory: the promises of a real one, for as long as the object lives.

A write collects what it changes beside the state, and the state takes it over in one go at the end. So rolling back
is forgetting, and a transaction costs what it touches, not what the store holds. As in SQLite, reads go on while a
write runs, and the write waits for them before it commits.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from procflow.stores import base
from procflow.stores.base import CaseRow, Coming, Definition, Occurrence, Ready, Transaction
from procflow.stores.memory_index import Change, Told
from procflow.stores.memory_time import Schedule


@dataclass(slots=True)
class _State:
    """What a store holds; also what a transaction has changed."""

    definitions: dict[str, Definition] = field(default_factory=dict)
    """By digest, in order of publication."""
    cases: dict[str, CaseRow] = field(default_factory=dict)
    """By id, in the order they were added; a dictionary keeps the place of a key whose value is replaced."""
    bodies: dict[str, list[bytes]] = field(default_factory=dict)
    started: dict[tuple[str, str], str] = field(default_factory=dict)
    """(procedure, key) -> case."""
    recorded: dict[tuple[str, str], int] = field(default_factory=dict)
    """(case, key) -> seq."""
    ready: dict[str, tuple[Ready, ...]] = field(default_factory=dict)
    parties: dict[str, dict[tuple[str, str], Ready]] = field(default_factory=dict)
    """The index of `ready`: by party, then by (case, step). Not kept in what a transaction has changed."""
    calendars: dict[str, str] = field(default_factory=dict)
    """By digest."""
    in_force: dict[str, str] = field(default_factory=dict)
    """Definition -> calendars, by their digests."""
    coming: dict[str, Coming] = field(default_factory=dict)
    """Of what a transaction has changed alone."""
    schedule: Schedule = field(default_factory=Schedule)
    """What time will next ask of cases. Not kept in what a transaction has changed."""

    def take_over(self, changed: _State) -> None:
        self.definitions.update(changed.definitions)
        self.cases.update(changed.cases)
        for case, bodies in changed.bodies.items():
            self.bodies.setdefault(case, []).extend(bodies)
        self.started.update(changed.started)
        self.recorded.update(changed.recorded)
        for case, entries in changed.ready.items():
            self._index(case, entries)
        for digest, source in changed.calendars.items():
            self.calendars.setdefault(digest, source)
        self.in_force.update(changed.in_force)
        for coming in changed.coming.values():
            self.schedule.keep(coming)

    def _index(self, case: str, entries: tuple[Ready, ...]) -> None:
        for old in self.ready.get(case, ()):
            of_party = self.parties[old.party]
            del of_party[case, old.step]
            if not of_party:
                del self.parties[old.party]
        for new in entries:
            self.parties.setdefault(new.party, {})[case, new.step] = new
        self.ready[case] = entries


class MemoryStore:
    """A store that lives in this process only."""

    def __init__(self) -> None:
        self.origin = f"procflow/{secrets.token_hex(16)}"
        self._state = _State()
        self._told = Told()
        self._local = threading.local()
        self._writing = threading.Lock()
        self._turn = threading.Condition()
        """Guards the three below."""
        self._readers = 0
        self._committing = False
        self._closed = False

    # Each context manager that is a generator costs as much as all else a small transaction does: one must do.

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """See `Store.read`."""
        self._begin()
        try:
            transaction = _MemoryTransaction(self._state, self._told, changed=None)
            self._enter()
            try:
                yield transaction
            finally:
                transaction.over = True
                self._leave()
        finally:
            self._local.inside = False

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """See `Store.write`."""
        self._begin()
        try:
            changed = _State()
            transaction = _MemoryTransaction(self._state, self._told, changed)
            if not self._writing.acquire(timeout=base.BUSY_SECONDS):
                raise base.busy()
            try:
                try:
                    yield transaction
                finally:
                    transaction.over = True
                self._commit(changed, transaction.changed_told)
            finally:
                self._writing.release()
        finally:
            self._local.inside = False

    def close(self) -> None:
        """See `Store.close`; what the store held is gone with the store."""
        with self._turn:
            self._closed = True

    def _begin(self) -> None:
        """Hold this thread to one transaction at a time, else it would wait for itself."""
        if self._closed:
            raise base.is_closed()
        if getattr(self._local, "inside", False):
            raise base.nested()
        self._local.inside = True

    def _enter(self) -> None:
        with self._turn:
            # New readers queue behind a commit that waits, or it would wait for ever.
            if self._committing and not self._turn.wait_for(lambda: not self._committing, timeout=base.BUSY_SECONDS):
                raise base.busy()
            self._readers += 1

    def _leave(self) -> None:
        with self._turn:
            self._readers -= 1
            if self._committing:
                self._turn.notify_all()

    def _commit(self, changed: _State, told: Change | None) -> None:
        with self._turn:
            # Whoever would enter meanwhile waits for the turn itself; only waiting for readers lets go of it.
            if self._readers:
                self._wait_for_readers()
            self._state.take_over(changed)
            if told is not None:
                self._told.take_over(told)

    def _wait_for_readers(self) -> None:
        self._committing = True
        try:
            if not self._turn.wait_for(lambda: not self._readers, timeout=base.BUSY_SECONDS):
                raise base.busy()
        finally:
            self._committing = False
            self._turn.notify_all()


class _MemoryTransaction:
    """The state as this transaction sees it: what it changed before what was there."""

    def __init__(self, state: _State, told: Told, changed: _State | None) -> None:
        self._before = state
        self._told = told
        self.changed_told: Change | None = None
        """None as long as nothing of it was changed."""
        self._changed = changed if changed is not None else _State()
        self._writable = changed is not None
        self.over = False

    def definitions(self, procedure: str | None = None) -> tuple[Definition, ...]:
        self._check()
        everything = chain(self._before.definitions.values(), self._changed.definitions.values())
        return tuple(one for one in everything if procedure in (None, one.procedure))

    def definition(self, digest: str) -> Definition | None:
        self._check()
        return self._changed.definitions.get(digest) or self._before.definitions.get(digest)

    def add_definition(self, definition: Definition) -> None:
        self._check_write()
        if self.definition(definition.digest) is not None:
            raise base.already_published(definition)
        self._changed.definitions[definition.digest] = definition

    def add_case(self, row: CaseRow) -> None:
        self._check_write()
        base.check_new(row)
        if self._find(row.case) is not None:
            raise base.taken(row.case)
        self._put(row)

    def case(self, case_id: str) -> CaseRow:
        self._check()
        row = self._find(case_id)
        if row is None:
            raise base.no_case(case_id)
        return row

    def lock_case(self, case_id: str) -> CaseRow:
        self._check_write()
        return self.case(case_id)

    def cases(self, procedure: str | None = None, open_only: bool = False) -> Iterator[CaseRow]:
        self._check()
        added = tuple(case for case in self._changed.cases if case not in self._before.cases)
        for case_id in chain(self._before.cases, added):
            row = self.case(case_id)
            if procedure in (None, row.procedure) and not (open_only and row.closed):
                yield row
                # Once the transaction is over, a commit may change what is being iterated.
                self._check()

    def append(
        self, case_id: str, seq: int, body: bytes, leaf: bytes, head: CaseRow, *, key: str | None = None
    ) -> None:
        self._check_write()
        base.check_append(self.case(case_id), seq, leaf, head)
        if key is not None and self._taken(head, key) is not None:
            raise base.key_taken(case_id, key)
        self._put(head)
        self._telling().fall_behind(case_id)
        self._changed.bodies.setdefault(case_id, []).append(body)
        if key is not None and seq == 1:
            self._changed.started[head.procedure, key] = case_id
        elif key is not None:
            self._changed.recorded[case_id, key] = seq

    def _taken(self, head: CaseRow, key: str) -> object:
        return self.started(head.procedure, key) if head.seq == 1 else self.recorded(head.case, key)

    def started(self, procedure: str, key: str) -> str | None:
        self._check()
        return self._changed.started.get((procedure, key)) or self._before.started.get((procedure, key))

    def recorded(self, case_id: str, key: str) -> int | None:
        self._check()
        return self._changed.recorded.get((case_id, key)) or self._before.recorded.get((case_id, key))

    def bodies(self, case_id: str, after: int = 0) -> Iterator[bytes]:
        head = self.case(case_id).seq
        before = self._before.bodies.get(case_id, ())
        for place in range(max(after, 0), head):
            self._check()
            yield before[place] if place < len(before) else self._changed.bodies[case_id][place - len(before)]

    def set_ready(self, case_id: str, entries: Iterable[Ready]) -> None:
        self._check_write()
        self.case(case_id)
        self._changed.ready[case_id] = base.distinct(case_id, entries)

    def ready(self, parties: Collection[str] | None) -> Iterator[Ready]:
        self._check()
        everybody = chain(self._before.parties, (one.party for ready in self._changed.ready.values() for one in ready))
        wanted = frozenset(everybody if parties is None else parties)
        before = (entry for party in wanted for entry in self._before.parties.get(party, {}).values())
        kept = (entry for entry in before if entry.case not in self._changed.ready)
        changed = (entry for entries in self._changed.ready.values() for entry in entries if entry.party in wanted)
        found = (entry for entry in chain(kept, changed) if not self.case(entry.case).closed)
        for entry in sorted(found, key=base.worklist_order):
            self._check()
            yield entry

    def calendars(self, digest: str) -> str | None:
        self._check()
        return self._changed.calendars.get(digest) or self._before.calendars.get(digest)

    def add_calendars(self, digest: str, source: str) -> None:
        self._check_write()
        if self.calendars(digest) is None:
            self._changed.calendars[digest] = source

    def in_force(self, definition: str) -> str | None:
        self._check()
        return self._changed.in_force.get(definition) or self._before.in_force.get(definition)

    def put_in_force(self, definition: str, calendars: str) -> None:
        self._check_write()
        if self.definition(definition) is None or self.calendars(calendars) is None:
            raise base.never_added(definition, calendars)
        self._changed.in_force[definition] = calendars

    def coming(self, case_id: str) -> Coming:
        self.case(case_id)
        known = self._changed.coming.get(case_id) or self._before.schedule.cases.get(case_id)
        return known or Coming(case=case_id)

    def set_coming(self, coming: Coming) -> None:
        self._check_write()
        self.case(coming.case)
        self._changed.coming[coming.case] = coming

    def due(self, until: datetime) -> Iterator[Coming]:
        self._check()
        return self._open(self._before.schedule.due(until, self._changed.coming))

    def firing(self, until: datetime) -> Iterator[Coming]:
        self._check()
        return self._open(self._before.schedule.firing(until, self._changed.coming))

    def _open(self, cases: Iterator[str]) -> Iterator[Coming]:
        for case in cases:
            self._check()
            if not self.case(case).closed:
                yield self.coming(case)
                self._check()

    def indexed_by(self) -> str:
        self._check()
        changed = self.changed_told
        return self._told.rules if changed is None or changed.rules is None else changed.rules

    def index_by(self, rules: str) -> None:
        self._check_write()
        self.changed_told = changed = Change(last=self._telling().last, rules=rules)
        changed.fallen.update(row.case for row in self.cases() if row.seq)

    def behind(self, limit: int) -> tuple[str, ...]:
        self._check()
        changed = self.changed_told
        behind = self._told.behind
        if changed is not None:
            behind = (behind - changed.caught_up) | changed.fallen
        return tuple(sorted(behind)[:limit]) if behind else ()

    def set_occurrences(self, case_id: str, since: int, entries: Iterable[Occurrence]) -> None:
        self._check_write()
        self.case(case_id)
        self._telling().set(case_id, since, base.told_of(case_id, since, entries))

    def occurrences(
        self, party: str | None, after: int = 0, since: datetime | None = None, case: str | None = None
    ) -> Iterator[Occurrence]:
        self._check()
        changed = self.changed_told or Change(last=self._told.last)
        for one in changed.seen(self._told, party, after):
            if (since is None or one.at >= since) and case in (None, one.case):
                yield one
                self._check()

    def _telling(self) -> Change:
        if self.changed_told is None:
            self.changed_told = Change(last=self._told.last)
        return self.changed_told

    def _find(self, case_id: str) -> CaseRow | None:
        return self._changed.cases.get(case_id) or self._before.cases.get(case_id)

    def _put(self, row: CaseRow) -> None:
        if self.definition(row.digest) is None:
            raise base.never_published(row)
        self._changed.cases[row.case] = row

    def _check(self) -> None:
        if self.over:
            raise base.over()

    def _check_write(self) -> None:
        self._check()
        if not self._writable:
            raise base.read_only()
