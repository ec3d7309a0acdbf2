"""What every part of a transaction on SQLite stands on: it reads while the transaction runs, and writes only if it may."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from procflow.stores import base
from procflow.stores.base import CaseRow
from procflow.stores.sqlite_rows import CASE_COLUMNS, case_of


class Session(Protocol):
    """One connection."""

    def run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Execute one statement and return all its rows. Raises StoreError for whatever SQLite raises."""

    def run_many(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Execute one statement once a row. Raises StoreError likewise."""


class SqliteGuard:
    """A session between BEGIN and COMMIT. Whatever is asked of it afterwards raises StoreError."""

    def __init__(self, session: Session, writable: bool) -> None:
        self._session = session
        self._writable = writable
        self.over = False

    def case(self, case_id: str) -> CaseRow:
        rows = self._read(f"SELECT {CASE_COLUMNS} FROM pf_case WHERE case_id = ?", case_id)
        if not rows:
            raise base.no_case(case_id)
        return case_of(rows[0])

    def _read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        self._check()
        return self._session.run(query, *values)

    def _check(self) -> None:
        if self.over:
            raise base.over()

    def _check_write(self) -> None:
        self._check()
        if not self._writable:
            raise base.read_only()
