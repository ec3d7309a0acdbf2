"""A store in one SQLite file, through the standard library.

Every process and thread has a connection of its own, opened when it first needs one. What is acknowledged is on the
disk: see `_CONNECTION` for the settings that make it so.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from importlib import resources
from json import dumps
from pathlib import Path
from typing import Any, cast

from procflow.errors import StoreError
from procflow.stores import base
from procflow.stores.base import CaseRow, Definition, Ready, Transaction
from procflow.stores.sqlite_index import SqliteIndex
from procflow.stores.sqlite_rows import (
    CASE_COLUMNS,
    DEFINITION_COLUMNS,
    case_of,
    case_values,
    definition_of,
    definition_values,
    marks,
    ready_of,
    ready_values,
)
from procflow.stores.sqlite_time import SqliteTime

SCHEMA_VERSION = 4
_PAGE = 500
"""Rows fetched at a time. A page is read to its end before any is handed out, so no cursor is open meanwhile."""

# Before 3.51.3, two connections that write and checkpoint a WAL at the same moment can lose committed transactions.
_WAL_IS_SAFE = sqlite3.sqlite_version_info >= (3, 51, 3)

_CONNECTION = (
    # FULL syncs every commit; EXTRA also syncs the folder after the rollback journal is removed. Without it a power
    # failure can bring the journal back, and the next reader would undo a commit that was acknowledged.
    "PRAGMA synchronous = EXTRA",
    # On macOS, fsync alone leaves the data in the drive's own cache.
    "PRAGMA fullfsync = ON",
    "PRAGMA foreign_keys = ON",
    # Else INSERT OR REPLACE deletes rows without asking the triggers that forbid it.
    "PRAGMA recursive_triggers = ON",
)


class SqliteStore:
    """A store in the file `path`, prepared if it is new or empty; the folder must exist."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        # Resolved now: the process may change its working directory before another thread connects.
        self._path = Path(path).absolute()
        self._sessions: set[_Session] = set()
        self._local = threading.local()
        self._closed = False
        _check_place(self._path)
        self.origin = self._session().prepare()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """See `Store.read`."""
        with self._session().transaction("BEGIN", writable=False) as transaction:
            yield transaction

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """See `Store.write`."""
        # A deferred BEGIN that begins by reading is refused at once, without waiting, when another has written.
        with self._session().transaction("BEGIN IMMEDIATE", writable=True) as transaction:
            yield transaction

    def close(self) -> None:
        """See `Store.close`."""
        self._closed = True
        for session in tuple(self._sessions):
            session.close()
        self._sessions.clear()

    def _session(self) -> _Session:
        """Return this thread's connection, opening it if it has none in this process."""
        if self._closed:
            raise base.is_closed()
        owner: _Owner | None = getattr(self._local, "owner", None)
        if owner is None or owner.session.pid != os.getpid():
            _check_fork(self._sessions)
            owner = self._local.owner = _Owner(_Session(self._path), self._sessions)
        return owner.session


class _Owner:
    """Lies in a thread's local storage and closes the thread's connection when the thread ends."""

    def __init__(self, session: _Session, sessions: set[_Session]) -> None:
        self.session = session
        self._sessions = sessions
        sessions.add(session)

    def __del__(self) -> None:
        # After a fork the child must not close its parent's connections: SQLite would clean up files that the parent
        # is using. The set keeps them alive, unused.
        if self.session.pid == os.getpid():
            self._sessions.discard(self.session)
            self.session.close()


class _Session:
    """One connection, and whether a transaction runs on it."""

    def __init__(self, path: Path) -> None:
        self.pid = os.getpid()
        self.path = path
        self._inside = False
        with self._told():
            # Used by one thread only, but closed by whichever is last.
            self.connection = sqlite3.connect(
                path, timeout=base.BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        for statement in _CONNECTION:
            self.run(statement)

    def run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Execute one statement and return all its rows. Raises StoreError for whatever SQLite raises."""
        with self._told():
            return self.connection.execute(statement, values).fetchall()

    def run_many(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Execute one statement for each row of values."""
        with self._told():
            self.connection.executemany(statement, rows)

    @contextmanager
    def transaction(self, begin: str, *, writable: bool) -> Iterator[_SqliteTransaction]:
        if self._inside:
            raise base.nested()
        self.run(begin)
        self._inside = True
        transaction = _SqliteTransaction(self, writable)
        try:
            yield transaction
            self.run("COMMIT")
        finally:
            transaction.over = True
            self._inside = False
            # Still open if the block or the COMMIT failed. SQLite may have rolled back by itself, as on a full disk.
            if self.connection.in_transaction:
                self.run("ROLLBACK")

    def prepare(self) -> str:
        """Make the tables if there are none, bring older ones up to this version; return the log's origin."""
        known = self._schema()
        if known is None:
            with self.transaction("BEGIN IMMEDIATE", writable=True):
                # Another process may have been first.
                known = self._schema() or self._create()
            self._choose_journal()
        version, origin = known
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{self.path} has the tables of a newer procflow (version {version}, this one knows {SCHEMA_VERSION}).",
                hint="Use that version of procflow, or a newer one.",
            )
        if version < SCHEMA_VERSION:
            with self.transaction("BEGIN IMMEDIATE", writable=True):
                self._upgrade()
        return origin

    def close(self) -> None:
        if self.pid == os.getpid():
            self.connection.close()

    def _schema(self) -> tuple[int, str] | None:
        tables = {name for (name,) in self.run("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables:
            return None
        if "pf_schema" not in tables:
            raise StoreError(
                f"{self.path} is the database of another program.", hint="Give procflow a file of its own."
            )
        rows = self.run("SELECT version, origin FROM pf_schema")
        if len(rows) != 1:
            raise _damaged(self.path, f"pf_schema has {len(rows)} rows")
        return cast("tuple[int, str]", rows[0])

    def _upgrade(self) -> None:
        """Bring the tables up to this version, one by one: either all of it happens or nothing."""
        # Read again: another process may have been first.
        version, _ = self._schema() or (0, "")
        for older in range(version, SCHEMA_VERSION):
            self._execute(f"upgrade-{older}-to-{older + 1}.sql")
        self.run("UPDATE pf_schema SET version = ?", SCHEMA_VERSION)

    def _execute(self, script: str) -> None:
        for statement in _statements(resources.files("procflow.stores").joinpath(script).read_text("utf-8")):
            self.run(statement)

    def _create(self) -> tuple[int, str]:
        self._execute("schema.sql")
        known = (SCHEMA_VERSION, f"procflow/{secrets.token_hex(16)}")
        self.run("INSERT INTO pf_schema (version, origin) VALUES (?, ?)", *known)
        return known

    def _choose_journal(self) -> None:
        # Of a new file only: taking a live file out of WAL needs every other program to let go of it. If somebody
        # else uses it already the file keeps its rollback journal, which is as safe.
        if _WAL_IS_SAFE:
            with contextlib.suppress(StoreError):
                self.run("PRAGMA journal_mode = WAL")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _told(self.path, error) from error
        except (ValueError, OverflowError) as error:  # text that is no Unicode, a number of more than 64 bits
            raise StoreError(f"SQLite cannot keep a value: {error}.") from error


class _SqliteTransaction(SqliteIndex, SqliteTime):
    """What can be done between BEGIN and COMMIT on one connection."""

    def definitions(self, procedure: str | None = None) -> tuple[Definition, ...]:
        query = f"SELECT {DEFINITION_COLUMNS} FROM pf_definition"
        if procedure is None:
            rows = self._read(f"{query} ORDER BY published")
        else:
            rows = self._read(f"{query} WHERE procedure = ? ORDER BY published", procedure)
        return tuple(definition_of(row) for row in rows)

    def definition(self, digest: str) -> Definition | None:
        rows = self._read(f"SELECT {DEFINITION_COLUMNS} FROM pf_definition WHERE digest = ?", digest)
        return definition_of(rows[0]) if rows else None

    def add_definition(self, definition: Definition) -> None:
        self._check_write()
        if self.definition(definition.digest) is not None:
            raise base.already_published(definition)
        values = definition_values(definition)
        self._session.run(f"INSERT INTO pf_definition ({DEFINITION_COLUMNS}) VALUES ({marks(values)})", *values)

    def add_case(self, row: CaseRow) -> None:
        self._check_write()
        base.check_new(row)
        if self._read("SELECT 1 FROM pf_case WHERE case_id = ?", row.case):
            raise base.taken(row.case)
        self._check_published(row)
        values = case_values(row)
        self._session.run(f"INSERT INTO pf_case ({CASE_COLUMNS}) VALUES ({marks(values)})", *values)

    def lock_case(self, case_id: str) -> CaseRow:
        # BEGIN IMMEDIATE holds the lock of the whole file already.
        self._check_write()
        return self.case(case_id)

    def cases(self, procedure: str | None = None, open_only: bool = False) -> Iterator[CaseRow]:
        wanted = ["added > ?"]
        if open_only:
            wanted.append("closed = 0")
        if procedure is not None:
            wanted.append("procedure = ?")
        query = f"SELECT added, {CASE_COLUMNS} FROM pf_case WHERE {' AND '.join(wanted)} ORDER BY added LIMIT {_PAGE}"
        last = 0
        while page := self._read(query, last, *([] if procedure is None else [procedure])):
            for row in page:
                self._check()
                yield case_of(row[1:])
            last = page[-1][0]

    def append(
        self, case_id: str, seq: int, body: bytes, leaf: bytes, head: CaseRow, *, key: str | None = None
    ) -> None:
        self._check_write()
        base.check_append(self.case(case_id), seq, leaf, head)
        self._check_published(head)
        values = case_values(head)
        run = self._session.run
        if key is not None:
            self._remember(head, key)
        run("INSERT INTO pf_event (case_id, seq, body, leaf) VALUES (?, ?, ?, ?)", case_id, seq, body, leaf)
        run(f"UPDATE pf_case SET ({CASE_COLUMNS}) = ({marks(values)}) WHERE case_id = ?", *values, case_id)
        self._fall_behind(case_id)

    def _remember(self, head: CaseRow, key: str) -> None:
        # The event that opens a case is looked for by procedure: who asks again does not know the case yet.
        run, opens = self._session.run, head.seq == 1
        if (self.started(head.procedure, key) if opens else self.recorded(head.case, key)) is not None:
            raise base.key_taken(head.case, key)
        if opens:
            run("INSERT INTO pf_start_key (procedure, key, case_id) VALUES (?, ?, ?)", head.procedure, key, head.case)
        else:
            run("INSERT INTO pf_key (case_id, key, seq) VALUES (?, ?, ?)", head.case, key, head.seq)

    def started(self, procedure: str, key: str) -> str | None:
        rows = self._read("SELECT case_id FROM pf_start_key WHERE procedure = ? AND key = ?", procedure, key)
        return cast("str", rows[0][0]) if rows else None

    def recorded(self, case_id: str, key: str) -> int | None:
        rows = self._read("SELECT seq FROM pf_key WHERE case_id = ? AND key = ?", case_id, key)
        return cast("int", rows[0][0]) if rows else None

    def bodies(self, case_id: str, after: int = 0) -> Iterator[bytes]:
        self.case(case_id)
        query = f"SELECT seq, body FROM pf_event WHERE case_id = ? AND seq > ? ORDER BY seq LIMIT {_PAGE}"
        while page := self._read(query, case_id, after):
            for _, body in page:
                self._check()
                yield body
            after = page[-1][0]

    def set_ready(self, case_id: str, entries: Iterable[Ready]) -> None:
        self._check_write()
        self.case(case_id)
        rows = [ready_values(one) for one in base.distinct(case_id, entries)]
        self._session.run("DELETE FROM pf_ready WHERE case_id = ?", case_id)
        self._session.run_many("INSERT INTO pf_ready (case_id, step, party, since, due) VALUES (?, ?, ?, ?, ?)", rows)

    def ready(self, parties: Collection[str] | None) -> Iterator[Ready]:
        if parties is None:
            parties = [party for (party,) in self._read("SELECT DISTINCT party FROM pf_ready")]
        # One JSON value instead of a mark for each party: SQLite bounds the number of marks.
        for row in self._read(READY_QUERY, dumps(sorted(frozenset(parties)))):
            self._check()
            yield ready_of(row)

    def _check_published(self, row: CaseRow) -> None:
        if not self._read("SELECT 1 FROM pf_definition WHERE digest = ?", row.digest):
            raise base.never_published(row)


READY_QUERY = """
SELECT r.case_id, r.step, r.party, r.since, r.due
FROM pf_ready AS r JOIN pf_case AS c ON c.case_id = r.case_id
WHERE r.party IN (SELECT value FROM json_each(?)) AND c.closed = 0
ORDER BY r.due IS NULL, r.due, r.since, r.case_id, r.step, r.party
"""


def _statements(script: str) -> Iterator[str]:
    """Yield the statements one by one: `executescript` would commit the transaction they belong to."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _check_place(path: Path) -> None:
    # The file itself is never opened but by SQLite: closing it would drop the locks this process holds on it (POSIX).
    try:
        missing, folder = not path.parent.is_dir(), path.is_dir()
    except OSError as error:
        raise StoreError(f"{path} cannot be opened: {error.strerror}.", hint="Correct the address.") from error
    if missing:
        raise StoreError(f"There is no folder {path.parent}.", hint="Make the folder, or correct the address.")
    if folder:
        raise StoreError(f"{path} is a folder.", hint="Name a file in it.")


def _check_fork(sessions: set[_Session]) -> None:
    """Raise StoreError if this process was forked in the middle of a transaction of its parent.

    SQLite would then take the parent's locks for its own.
    """
    inherited = [one for one in tuple(sessions) if one.pid != os.getpid()]
    if any(one.connection.in_transaction for one in inherited):
        raise StoreError(
            "This process was forked while its parent was in a transaction.",
            hint="Fork while no transaction runs, as servers do before they begin to serve.",
        )


def _told(path: Path, error: sqlite3.Error) -> StoreError:
    """Return what SQLite reports as people can use it."""
    # The low byte is the kind; the rest says more than helps here.
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return base.busy()
        case sqlite3.SQLITE_NOTADB:
            return StoreError(f"{path} is not a SQLite database.", hint="Correct the address of the store.")
        case sqlite3.SQLITE_CORRUPT:
            return _damaged(path, str(error))
        case sqlite3.SQLITE_FULL:
            return StoreError(f"There is no room left for {path}.", hint="Make room; nothing of this step was kept.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return StoreError(f"{path} cannot be opened for writing: {error}.", hint="Look at who may write there.")
        case _:
            return StoreError(f"SQLite could not do its work in {path}: {error}.")


def _damaged(path: Path, what: str) -> StoreError:
    return StoreError(f"{path} is damaged: {what}.", hint="Restore it from a backup; keep this file to look into.")
