"""Rules across cases in the engine: what they see is kept by party in the store, what they say is worked out from there.

A ledger is a cache and nothing else: it is read on from the store before it is asked, and begun anew if what it was
read from is not there any more.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from procflow.calendars.book import EMPTY, CalendarSet
from procflow.calendars.written import calendars_of
from procflow.engine.locks import ForkLock
from procflow.engine.occurrences import ATTEMPTS, GONE, Reader, attempt_of, kept, key_of, occurrence
from procflow.explanation import attempts_of, events_since
from procflow.judge import CaseState, Judge
from procflow.model.across import Across
from procflow.model.deviation import Disposition
from procflow.model.event import EVERYTHING, Event
from procflow.model.policies import Policies
from procflow.model.procedure import Procedure
from procflow.model.rule import Per
from procflow.monitors.rules.across import Attempt, Record, in_place, seen_by
from procflow.monitors.rules.asking import UNKNOWN, Asking, Askings, askings
from procflow.monitors.rules.ledger import Ledger, Placed
from procflow.stores.base import CaseRow, Definition, Occurrence, Transaction

MOST_ENTRIES = 500_000
"""Of all ledgers together: those not asked for the longest time are forgotten first."""
BATCH = 200
"""Cases told anew in one transaction, when other rules ask."""
_ASKS = re.compile(r"\bper\s*[\"']?\s*:\s*[\"']?(client|person)\b")


class Held(NamedTuple):
    """A ledger, and up to where it was read."""

    ledger: Ledger
    last: Occurrence | None
    since: datetime | None
    """What happened before was not read; None if all was."""


class CrossCases:
    """What the rules across cases say of the events of one store. Safe for threads, and in a forked child."""

    def __init__(
        self,
        policies: Policies | None,
        judge: Callable[[Definition], Judge],
        usual: Callable[[], CalendarSet] = lambda: EMPTY,
    ) -> None:
        """`judge` returns who judges by a definition, `usual` the calendars that hold unless a case says otherwise."""
        self._usual = usual
        self._policies = policies
        self._judge = judge
        self._asked: Askings | None = None
        self._known: frozenset[str] = frozenset()
        """Digests of the definitions that were looked at."""
        self._readers: Sequence[Reader] = ()
        self._ledgers: OrderedDict[str, Held] = OrderedDict()
        self._entries = 0
        self._lock = ForkLock()

    def asked(self, transaction: Transaction, digest: str) -> Askings:
        """Return the rules across cases, among them those of the definition with this digest."""
        with self._lock.held():
            return self._current(transaction, digest)

    def _current(self, transaction: Transaction, digest: str) -> Askings:
        asked = self._asked
        if asked is None or digest not in self._known:
            asked = self._ask(transaction)
        if asked.rules and transaction.indexed_by() != asked.digest:
            asked = self._ask(transaction)
        return asked

    def _ask(self, transaction: Transaction) -> Askings:
        definitions = transaction.definitions()
        # A definition is read whole only if it may ask across cases: there may be hundreds.
        asking = [self._judge(one).procedure for one in definitions if _ASKS.search(one.source)]
        calendars = self._usual()
        for one in asking:
            in_force = transaction.in_force(one.digest)
            if in_force is not None:
                calendars = calendars.completed(calendars_of(transaction.calendars(in_force) or "[]"))
        asked = askings(self._policies, asking, EVERYTHING, calendars=calendars)
        if self._asked is None or asked.digest != self._asked.digest:
            self._ledgers.clear()
            self._entries = 0
        self._asked, self._known = asked, frozenset(one.digest for one in definitions)
        self._readers = [Reader(one) for one in asked.rules]
        return asked

    # --- what is kept ------------------------------------------------------------------------------------------------

    def prepare(
        self, transaction: Transaction, digest: str, state_of: Callable[[CaseRow], tuple[Judge, CaseState]]
    ) -> None:
        """Have all told that the rules ask about, as those of the definition with this digest do."""
        while not self.catch_up(transaction, digest, state_of):
            pass

    def catch_up(
        self, transaction: Transaction, digest: str, state_of: Callable[[CaseRow], tuple[Judge, CaseState]]
    ) -> bool:
        """Tell what some cases are of which nothing was told yet; return True if none is left."""
        asked = self.asked(transaction, digest)
        if not asked.rules:
            return True
        if transaction.indexed_by() != asked.digest:
            transaction.index_by(asked.digest)
        behind = transaction.behind(BATCH)
        for case in behind:
            row = transaction.case(case)
            judge, state = state_of(row)
            self.tell(transaction, row, judge, None, state)
        return len(behind) < BATCH

    def tell(
        self, transaction: Transaction, row: CaseRow, judge: Judge, before: CaseState | None, after: CaseState
    ) -> None:
        """Keep what the rules see of the events that `after` has more than `before`; None: of all of them."""
        with self._lock.held():
            asked = self._current(transaction, row.digest)
        if not asked.rules and not attempts_of(after.asides):
            return
        further = None if before is None else judge.further(before, after)
        since = 1 if before is None or further is None else before.seq + 1
        positions = judge.positions(after) if further is None else further
        events = events_since(since, after.start, after.link, after.asides)
        recorded = {seq: event.recorded_at for seq, event in events.items() if seq is not None}
        procedure = judge.procedure
        told = [
            occurrence(asked.rules[number], party, seen)
            for number, party, seen in seen_by(asked.rules, row.client, procedure, in_place(positions, recorded))
        ]
        told += self._attempts(asked, row, procedure, after, since, recorded)
        if further is None and before is not None:
            since, told = _changed(list(transaction.occurrences(None, case=row.case)), told, before.seq + 1)
        transaction.set_occurrences(row.case, since, told)

    def _attempts(
        self,
        asked: Askings,
        row: CaseRow,
        procedure: Procedure,
        after: CaseState,
        since: int,
        recorded: dict[int, datetime | None],
    ) -> Iterator[Occurrence]:
        grounds = {}
        aside = after.asides
        while aside is not None and aside.event.seq >= since:
            grounds[aside.event.seq] = any(one.disposition is Disposition.PREVENTED for one in aside.deviations)
            aside = aside.before
        for event, position in attempts_of(after.asides):
            if event.seq < since or event.policies is None:
                continue
            (entry,) = in_place([position], recorded)
            yield kept(attempt(event, grounded=grounds[event.seq]), entry)
            for number, party, seen in seen_by(asked.rules, row.client, procedure, [entry]):
                yield occurrence(asked.rules[number], party, seen, attempt=True)

    # --- what is said ------------------------------------------------------------------------------------------------

    def held(self) -> AbstractContextManager[object]:
        """Return what keeps other threads from the ledgers."""
        return self._lock.held()

    def current(self, transaction: Transaction, digest: str, known: Askings | None) -> Askings:
        """Return the rules across cases, which are still the `known` ones if nothing was published since."""
        if known is not None and known is self._asked and digest in self._known:
            return known
        return self._current(transaction, digest)

    def ledger(
        self,
        transaction: Transaction,
        asking: Asking,
        number: int,
        party: str,
        needed: tuple[datetime, datetime] | None,
    ) -> Held:
        """Return the ledger of a party with all that is on record since when it is `needed`; to be called when `held`."""
        key = key_of(asking, party)
        held = self._ledgers.pop(key, None)
        if held is not None:
            self._entries -= len(held.ledger)
            if held.since is not None and (needed is None or needed[0] < held.since):
                held = None
        rows: list[Occurrence] = []
        if held is not None and held.last is not None:
            rows = list(transaction.occurrences(key, held.last.number - 1))
            if not rows or rows[0] != held.last or rows[0].number != held.last.number:
                held = None  # what was read last was told anew since, or the store is an older one
        if held is None or held.last is None:
            since = None if needed is None else needed[1]
            held = Held(Ledger(asking.book), None, since)
            rows = list(transaction.occurrences(key, since=since))
        self._read(held.ledger, self._readers[number], rows if held.last is None else rows[1:])
        held = self._ledgers[key] = held._replace(last=rows[-1] if rows else None)
        self._entries += len(held.ledger)
        while self._entries > MOST_ENTRIES and len(self._ledgers) > 1:
            _, oldest = self._ledgers.popitem(last=False)
            self._entries -= len(oldest.ledger)
        return held

    def known_before(self, number: int, rows: Iterable[Occurrence], event: Event) -> list[Placed]:
        """Return what a rule saw in other cases when an event was recorded."""
        told = list(rows)
        # At one moment, what was told to the store first was recorded first, unless it was told anew since.
        last = max((one.number for one in told if (one.case, one.seq) == (event.case, event.seq)), default=None)
        known: list[Placed] = []
        for one in told:
            if one.body == GONE or one.case == event.case:
                continue
            seen, attempted = self._readers[number].read(one)
            recorded = seen.order[1]
            earlier = event.recorded_at is None or recorded < event.recorded_at
            same = recorded == event.recorded_at and last is not None and one.number < last
            if not attempted and (earlier or same):
                known.append(seen)
        return known

    @staticmethod
    def _read(ledger: Ledger, reader: Reader, rows: Sequence[Occurrence]) -> None:
        come: dict[tuple[str, int], Placed] = {}
        out: set[tuple[str, int]] = set()
        for one in rows:
            come.pop((one.case, one.seq), None)
            if one.body == GONE:
                out.add((one.case, one.seq))
                continue
            seen, attempted = reader.read(one)
            if not attempted:
                come[seen.key] = seen
        ledger.enter(come.values(), out - come.keys())

    def report(self, transaction: Transaction, as_of: datetime | None) -> Across:
        """Return what the rules say of all there is in the store."""
        with self._lock.held():
            asked = self._ask(transaction)
            return self._judged(asked, transaction.occurrences(None), as_of)

    def report_on(
        self, transaction: Transaction, row: CaseRow, judge: Judge, state: CaseState, as_of: datetime | None
    ) -> Across:
        """Return what the rules say of one case, and how they stand with its client and the people who acted in it."""
        with self._lock.held():
            asked = self._current(transaction, row.digest)
            seen = [*judge.positions(state), *(position for _, position in attempts_of(state.asides))]
            parties = {
                (number, asking.party(one, row.client))
                for number, asking in enumerate(asked.rules)
                for one in seen
                if asking.sees(one, judge.procedure) is not None
            }
            client = seen[0]._replace(actor=None)
            parties |= {
                (number, asking.party(client, row.client))
                for number, asking in enumerate(asked.rules)
                if asking.rule.per is Per.CLIENT and asking.fits(judge.procedure)
            }
            keys = [key_of(asked.rules[number], party) for number, party in sorted(parties) if party != UNKNOWN]
            attempts = transaction.occurrences(ATTEMPTS, case=row.case)
            rows = chain(attempts, *(transaction.occurrences(key) for key in keys))
            said = self._judged(asked, rows, as_of)
        # Of what other cases did, it is told there.
        deviations = tuple(one for one in said.deviations if one.case == row.case)
        return replace(said, deviations=deviations)

    def _judged(self, asked: Askings, rows: Iterable[Occurrence], as_of: datetime | None) -> Across:
        record = Record(asked)
        numbers = {one.key: number for number, one in enumerate(asked.rules)}
        for one in rows:
            if one.body == GONE:
                continue
            if one.party == ATTEMPTS:
                record.note(attempt_of(one))
                continue
            rule, _, party = one.party.partition(" ")
            number = numbers.get(rule)
            if number is None:
                continue  # nothing is told anew where no rule asks, as after policies were taken away
            seen, attempted = self._readers[number].read(one)
            gathered = record.of(number, party)
            (gathered.attempts if attempted else gathered.entries).append(seen)
        return record.judged(as_of)


def attempt(event: Event, *, grounded: bool) -> Attempt:
    """Return an attempt that policies stood against, as its event says."""
    return Attempt(
        case=event.case,
        seq=event.seq,
        action=event.action,
        actor=event.actor,
        policies=event.policies or "",
        grounded=grounded,
    )


def _changed(old: Sequence[Occurrence], new: list[Occurrence], at_least: int) -> tuple[int, list[Occurrence]]:
    """Return from which event on something is kept otherwise than it was, and what is to be kept from there."""
    was = {(one.party, one.seq): one.body for one in old}
    now = {(one.party, one.seq): one.body for one in new}
    gone = [one for one in old if (one.party, one.seq) not in now]
    differing = [key[1] for key, body in now.items() if was.get(key) != body]
    differing += [one.seq for one in gone if one.body != GONE]
    since = min([at_least, *differing])
    marks = [Occurrence(party=one.party, case=one.case, seq=one.seq, at=one.at, body=GONE) for one in gone]
    return since, [one for one in (*new, *marks) if one.seq >= since]
