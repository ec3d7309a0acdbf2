"""What rules across cases may ask about, in SQLite: the occurrences, and which cases are behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from procflow.stores import base
from procflow.stores.base import Occurrence
from procflow.stores.sqlite_guard import SqliteGuard
from procflow.trail.instant import instant_text, parse_instant

_COLUMNS = "number, party, case_id, seq, at, body"
_PAGE = 2_000


class SqliteIndex(SqliteGuard):
    """The part of a transaction that is about occurrences; see `Transaction` for what each promises."""

    def indexed_by(self) -> str:
        rows = self._read("SELECT rules FROM pf_indexed")
        return str(rows[0][0]) if rows else ""

    def index_by(self, rules: str) -> None:
        self._check_write()
        run = self._session.run
        run("DELETE FROM pf_occurrence")
        run("DELETE FROM pf_indexed")
        run("INSERT INTO pf_indexed (rules) VALUES (?)", rules)
        run("INSERT OR IGNORE INTO pf_behind (case_id) SELECT case_id FROM pf_case WHERE seq > 0")

    def behind(self, limit: int) -> tuple[str, ...]:
        rows = self._read("SELECT case_id FROM pf_behind ORDER BY case_id LIMIT ?", limit)
        return tuple(case for (case,) in rows)

    def set_occurrences(self, case_id: str, since: int, entries: Iterable[Occurrence]) -> None:
        self._check_write()
        self.case(case_id)
        told = base.told_of(case_id, since, entries)
        self._session.run("DELETE FROM pf_occurrence WHERE case_id = ? AND seq >= ?", case_id, since)
        self._session.run("DELETE FROM pf_behind WHERE case_id = ?", case_id)
        if told:
            rows = [(one.party, one.case, one.seq, instant_text(one.at), one.body) for one in told]
            insert = "INSERT INTO pf_occurrence (party, case_id, seq, at, body) VALUES (?, ?, ?, ?, ?)"
            self._session.run_many(insert, rows)

    def occurrences(
        self, party: str | None, after: int = 0, since: datetime | None = None, case: str | None = None
    ) -> Iterator[Occurrence]:
        wanted, values = _wanted(party, since, case)
        query = f"SELECT {_COLUMNS} FROM pf_occurrence WHERE {wanted}"
        if since is not None or case is not None:
            # Few of many: the plus signs keep the order of numbers from deciding which index is used.
            yield from self._told(f"{query} AND +number > ? ORDER BY +number", *values, after)
            return
        query += f" AND number > ? ORDER BY number LIMIT {_PAGE}"
        while page := list(self._told(query, *values, after)):
            for one in page:
                self._check()
                yield one
            after = page[-1].number

    def _told(self, query: str, *values: object) -> Iterator[Occurrence]:
        for row in self._read(query, *values):
            self._check()
            yield _occurrence_of(row)

    def _fall_behind(self, case_id: str) -> None:
        self._session.run("INSERT OR IGNORE INTO pf_behind (case_id) VALUES (?)", case_id)


def _wanted(party: str | None, since: datetime | None, case: str | None) -> tuple[str, list[object]]:
    wanted: list[str] = []
    values: list[object] = []
    for test, value in (("party = ?", party), ("case_id = ?", case), ("at >= ?", since)):
        if value is not None:
            wanted.append(test)
            values.append(instant_text(value) if isinstance(value, datetime) else value)
    return " AND ".join(wanted) or "TRUE", values


def _occurrence_of(row: tuple[Any, ...]) -> Occurrence:
    number, party, case, seq, at, body = row
    return Occurrence(party=party, case=case, seq=seq, at=parse_instant(at), body=body, number=number)
