"""The seam between the engine and where cases are kept: `Store`, `Transaction`, and the rows they exchange.

Definitions, calendars and events are the truth: they are added, never changed. The row of a case (its head, its
configuration), the index of idempotency keys, the worklist, what time will ask next and the occurrences are conveniences
that can be rebuilt from the events.

Every store gives the same promises, and tests/contract holds each to them: a write is seen by others as a whole
after it is committed or not at all, one write runs at a time, and a read sees one moment of the store.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal, Protocol

from procflow.errors import CaseNotFound, StaleCase, StoreError

Mode = Literal["enforce", "observe"]

BUSY_SECONDS = 10.0
"""How long a store waits for another writer before it says that it is busy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A published version of a procedure, with its text: never changed once it is added."""

    procedure: str
    version: str
    digest: str
    """Of the content; the key."""
    effective_from: date | None
    """None: from its publication on."""
    published_at: datetime
    """Aware."""
    file: str
    """The name the text was published under, for messages; it need not exist any more."""
    source: str
    """The YAML text, as published."""

    def __post_init__(self) -> None:
        _check_aware("published_at", self.published_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case as the store knows it without reading its events."""

    case: str
    procedure: str
    version: str
    digest: str
    """Of the definition it runs under, which must have been added before."""
    mode: Mode
    client: str | None
    ref: str | None
    """The case's name in the host application, as `ticket:42`."""
    seq: int
    """The head: `seq` of the last event, which is how many there are; 0 before the first."""
    leaf: bytes
    """The head: leaf of the last event; the case's genesis before the first."""
    configuration: str
    """In canonical text."""
    opened_at: datetime
    """Aware."""
    closed: bool
    outcome: str | None
    """None unless the case is closed at an end."""

    def __post_init__(self) -> None:
        _check_aware("opened_at", self.opened_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """One line of the worklist: in this step of this case, this party can act."""

    case: str
    step: str
    party: str
    """`role:agent`, `person:ana`, `team:care`: compared as text."""
    since: datetime
    """Aware: since when the step waits for the party."""
    due: datetime | None = None
    """Aware: by when the soonest of what is promised there must be done; None: nothing is."""

    def __post_init__(self) -> None:
        _check_aware("since", self.since)
        if self.due is not None:
            _check_aware("due", self.due)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """What time will next ask of a case. Too early an instant costs a look at the case, one too late loses it."""

    case: str
    due: datetime | None = None
    """Aware: by when something must be done, the soonest; None: nothing must."""
    fires: datetime | None = None
    """Aware: when something is to be done because time has passed, the soonest; None: nothing is."""

    def __post_init__(self) -> None:
        for name, at in (("due", self.due), ("fires", self.fires)):
            if at is not None:
                _check_aware(name, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """What one event of a case is to a party: what rules across cases ask about, so that no case need be read again."""

    party: str
    """`client:acme`, `person:ana`: compared as text."""
    case: str
    seq: int
    """Of the event."""
    at: datetime
    """Aware: when it happened."""
    body: bytes
    """What the rules may ask of it; the store does not look inside."""
    number: int = 0
    """The order of writing, given by the store: never given twice. 0 before it is written; not compared."""

    def __post_init__(self) -> None:
        _check_aware("at", self.at)


class Transaction(Protocol):
    """What can be asked and done inside one `Store.read()` or `Store.write()`; of no use after it.

    Methods that write raise StoreError in a read. Iterators are lazy and belong to the transaction too; rows
    written while one runs may or may not be among what it still yields.
    """

    def definitions(self, procedure: str | None = None) -> tuple[Definition, ...]:
        """Return the published versions of one procedure, or of all, in order of publication; () if there is none."""

    def definition(self, digest: str) -> Definition | None:
        """Return the definition with this digest; None if it was never published here."""

    def add_definition(self, definition: Definition) -> None:
        """Add a version. Raises StoreError if its digest is there already."""

    def add_case(self, row: CaseRow) -> None:
        """Add a case without events: `row.seq` is 0 and `row.leaf` the genesis.

        Raises StoreError if the id is taken, `seq` is not 0, or the definition was never added.
        """

    def case(self, case_id: str) -> CaseRow:
        """Return the case. Raises CaseNotFound."""

    def lock_case(self, case_id: str) -> CaseRow:
        """Return the case and keep every other writer off it until this transaction ends. Raises CaseNotFound.

        Raises StoreError in a read. Who is to append reads the head through this, never through `case`.
        """

    def cases(self, procedure: str | None = None, open_only: bool = False) -> Iterator[CaseRow]:
        """Yield cases in the order they were added, those of one procedure or all."""

    def append(
        self, case_id: str, seq: int, body: bytes, leaf: bytes, head: CaseRow, *, key: str | None = None
    ) -> None:
        """Add an event and make `head` the case's row; `head` carries the same case, `seq` and `leaf`.

        `key` is remembered with it: that of a first event for the procedure, so that a case is started once, that of
        any other for the case. Raises CaseNotFound, StaleCase if `seq` does not follow the case's head, StoreError if
        `head` speaks of something else or names a definition that was never added, or the key is taken.
        """

    def started(self, procedure: str, key: str) -> str | None:
        """Return the case of this procedure whose first event was added with `key`; None if none was."""

    def recorded(self, case_id: str, key: str) -> int | None:
        """Return the `seq` of the event of the case, beyond the first, added with `key`; None if none was."""

    def bodies(self, case_id: str, after: int = 0) -> Iterator[bytes]:
        """Yield the case's events in order of `seq`, those with a `seq` above `after`. Raises CaseNotFound."""

    def set_ready(self, case_id: str, entries: Iterable[Ready]) -> None:
        """Replace the case's lines of the worklist. Of equal (step, party) the one that is due first is kept.

        Raises CaseNotFound, and StoreError if an entry is of another case.
        """

    def ready(self, parties: Collection[str] | None) -> Iterator[Ready]:
        """Yield what these parties, or any, can act on in open cases: what is due first, then the oldest, then by case,
        step and party; what is never due comes last.
        """

    def calendars(self, digest: str) -> str | None:
        """Return the set of calendars with this digest, as it was added; None if it never was."""

    def add_calendars(self, digest: str, source: str) -> None:
        """Keep a set of calendars; one that is there already is left as it is."""

    def in_force(self, definition: str) -> str | None:
        """Return the digest of the calendars last put in force for cases of a definition; None if none were."""

    def put_in_force(self, definition: str, calendars: str) -> None:
        """Let cases of a definition that open from now on go by a set of calendars that was added."""

    def coming(self, case_id: str) -> Coming:
        """Return what time will next ask of a case, as `set_coming` was last told. Raises CaseNotFound."""

    def set_coming(self, coming: Coming) -> None:
        """Keep what time will next ask of a case. Raises CaseNotFound."""

    def due(self, until: datetime) -> Iterator[Coming]:
        """Yield open cases in which something is due at `until` or before: the soonest first, then by case."""

    def firing(self, until: datetime) -> Iterator[Coming]:
        """Yield open cases in which something is to be done at `until` or before: the soonest first, then by case."""

    def indexed_by(self) -> str:
        """Return what the occurrences are told by, as `index_by` was last given it; "" if there are none."""

    def index_by(self, rules: str) -> None:
        """Forget all occurrences: from now on they are told by `rules`, the digest of what asks, and every case is behind."""

    def behind(self, limit: int) -> tuple[str, ...]:
        """Return cases with events that `set_occurrences` was not told of yet, at most `limit`, in order of their ids."""

    def set_occurrences(self, case_id: str, since: int, entries: Iterable[Occurrence]) -> None:
        """Replace what is kept of the case's events from seq `since` on; now none of its events is behind.

        Raises CaseNotFound, and StoreError if an entry is of another case or of an event before `since`.
        """

    def occurrences(
        self, party: str | None, after: int = 0, since: datetime | None = None, case: str | None = None
    ) -> Iterator[Occurrence]:
        """Yield what is kept of a party, or of all, in the order of writing: numbers above `after`.

        `since` leaves out what happened before, `case` what happened in other cases.
        """


class Store(Protocol):
    """Where definitions, cases and events are kept. May be shared by threads."""

    @property
    def origin(self) -> str:
        """The random name of this store's log, made once with the store, as `procflow/<32 hex digits>`."""

    def read(self) -> AbstractContextManager[Transaction]:
        """Open a transaction that sees one committed moment of the store.

        Keep it short: a writer may have to wait for it. Raises StoreError if the store is busy, closed or broken,
        or if this thread has a transaction open already.
        """

    def write(self) -> AbstractContextManager[Transaction]:
        """Open the transaction that writes: committed, durably, when the block ends; rolled back if it raises.

        Errors are those of `read`. When it raises StoreError on leaving the block, nothing was written.
        """

    def close(self) -> None:
        """Free what the store holds. No transaction may be running; using the store afterwards raises StoreError."""


def check_new(row: CaseRow) -> None:
    """Raise StoreError unless the case to be added is one without events."""
    if row.seq != 0:
        raise StoreError(f"A new case has no events, yet the head of {row.case!r} is {row.seq}.", hint=_HEAD_HINT)


def check_append(current: CaseRow, seq: int, leaf: bytes, head: CaseRow) -> None:
    """Raise StaleCase unless `seq` follows the head of `current`; StoreError unless `head` speaks of this event."""
    if seq != current.seq + 1:
        raise StaleCase(
            f"Event {seq} does not follow the head of case {current.case!r}, which is {current.seq}.",
            hint="Read the case again with lock_case and judge the event there.",
        )
    if (head.case, head.seq, head.leaf) != (current.case, seq, leaf):
        raise StoreError(f"The new head of case {current.case!r} does not speak of event {seq}.", hint=_HEAD_HINT)


def distinct(case_id: str, entries: Iterable[Ready]) -> tuple[Ready, ...]:
    """Return the entries with one of each (step, party), that which is due first, in worklist order.

    Raises StoreError if one is of another case.
    """
    kept: dict[tuple[str, str], Ready] = {}
    for entry in sorted(entries, key=worklist_order):
        if entry.case != case_id:
            raise StoreError(f"A worklist entry of case {entry.case!r} was given for case {case_id!r}.")
        kept.setdefault((entry.step, entry.party), entry)
    return tuple(kept.values())


def told_of(case_id: str, since: int, entries: Iterable[Occurrence]) -> tuple[Occurrence, ...]:
    """Return the entries. Raises StoreError if one is of another case, or of an event that is to be kept."""
    told = tuple(entries)
    for entry in told:
        if entry.case != case_id or entry.seq < since:
            raise StoreError(
                f"Event {entry.seq} of case {entry.case!r} was given for case {case_id!r} from {since} on."
            )
    return told


def worklist_order(entry: Ready) -> tuple[datetime, datetime, str, str, str]:
    """Return the sort key of a worklist: what is due first, then the oldest, then case, step, party."""
    return (entry.due or _NEVER, entry.since, entry.case, entry.step, entry.party)


_NEVER = datetime.max.replace(tzinfo=UTC)


def no_case(case_id: str) -> CaseNotFound:
    """Return the error to raise where no case has this id."""
    return CaseNotFound(f"There is no case {case_id!r} in this store.")


def taken(case_id: str) -> StoreError:
    """Return the error to raise where the id of a new case is in use."""
    return StoreError(f"There is a case {case_id!r} already.", hint="Start the case under another id.")


def key_taken(case_id: str, key: str) -> StoreError:
    """Return the error to raise where an event is added under a key that stands for another."""
    return StoreError(f"The key {key!r} of case {case_id!r} stands for another event.", hint="Look it up first.")


def already_published(definition: Definition) -> StoreError:
    """Return the error to raise where the digest of a new definition is in use."""
    return StoreError(
        f"{definition.procedure} {definition.version} with this content is published already.",
        hint="Publishing again is not needed.",
    )


def never_published(row: CaseRow) -> StoreError:
    """Return the error to raise where a case names a definition the store does not have."""
    return StoreError(
        f"Case {row.case!r} names a version of {row.procedure} that was never published here ({row.digest}).",
        hint="Publish the procedure first.",
    )


def never_added(definition: str, calendars: str) -> StoreError:
    """Return the error to raise where calendars are put in force, and they or the definition are not there."""
    return StoreError(
        f"The definition {definition} or the calendars {calendars} were never added here.",
        hint="Add both, then put the calendars in force.",
    )


def read_only() -> StoreError:
    """Return the error to raise where a read is asked to write."""
    return StoreError("This transaction can only read.", hint="Use store.write().")


def nested() -> StoreError:
    """Return the error to raise where a thread opens a transaction inside another."""
    return StoreError("This thread has a transaction open already.", hint="Use the one that is open, or end it first.")


def over() -> StoreError:
    """Return the error to raise where a transaction, or an iterator of one, is used after its end."""
    return StoreError("This transaction is over.", hint="Read everything inside the `with` block.")


def is_closed() -> StoreError:
    """Return the error to raise where a closed store is used."""
    return StoreError("This store is closed.", hint="Open it again with open_store().")


def busy() -> StoreError:
    """Return the error to raise where waiting for another transaction took too long."""
    return StoreError(
        f"The store is busy: another transaction has held it for more than {BUSY_SECONDS:.0f} s.",
        hint="Try again; if it stays so, look for a process that keeps a transaction open.",
    )


_HEAD_HINT = "Give the row with dataclasses.replace(row, seq=..., leaf=..., ...)."


def _check_aware(name: str, at: datetime) -> None:
    if at.tzinfo is None:
        raise StoreError(f"`{name}` is {at.isoformat()}, which names no time zone.", hint="Give an instant in UTC.")
