"""What time will next ask of cases, and the calendars it goes by, in SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from procflow.stores import base
from procflow.stores.base import Coming
from procflow.stores.sqlite_guard import SqliteGuard
from procflow.trail.instant import instant_text, parse_instant

_PAGE = 200


def _turns(column: str) -> str:
    return f"""
SELECT n.case_id, n.due, n.fires
FROM pf_coming AS n CROSS JOIN pf_case AS c ON c.case_id = n.case_id
WHERE n.{column} <= ? AND (n.{column}, n.case_id) > (?, ?) AND c.closed = 0
ORDER BY n.{column}, n.case_id LIMIT {_PAGE}
"""  # CROSS JOIN: SQLite must begin with what is due, not with the open cases.


DUE_QUERY, FIRING_QUERY = _turns("due"), _turns("fires")


class SqliteTime(SqliteGuard):
    """The part of a transaction that is about time; see `Transaction` for what each promises."""

    def calendars(self, digest: str) -> str | None:
        rows = self._read("SELECT source FROM pf_calendars WHERE digest = ?", digest)
        return str(rows[0][0]) if rows else None

    def add_calendars(self, digest: str, source: str) -> None:
        self._check_write()
        self._session.run("INSERT OR IGNORE INTO pf_calendars (digest, source) VALUES (?, ?)", digest, source)

    def in_force(self, definition: str) -> str | None:
        rows = self._read("SELECT calendars FROM pf_in_force WHERE definition = ?", definition)
        return str(rows[0][0]) if rows else None

    def put_in_force(self, definition: str, calendars: str) -> None:
        self._check_write()
        known = self._read("SELECT 1 FROM pf_definition WHERE digest = ?", definition)
        if not known or self.calendars(calendars) is None:
            raise base.never_added(definition, calendars)
        insert = "INSERT OR REPLACE INTO pf_in_force (definition, calendars) VALUES (?, ?)"
        self._session.run(insert, definition, calendars)

    def coming(self, case_id: str) -> Coming:
        rows = self._read("SELECT due, fires FROM pf_coming WHERE case_id = ?", case_id)
        if not rows:
            return Coming(case=self.case(case_id).case)
        due, fires = rows[0]
        return Coming(case=case_id, due=_instant(due), fires=_instant(fires))

    def set_coming(self, coming: Coming) -> None:
        self._check_write()
        self.case(coming.case)
        if coming.due is None and coming.fires is None:
            self._session.run("DELETE FROM pf_coming WHERE case_id = ?", coming.case)
            return
        insert = "INSERT OR REPLACE INTO pf_coming (case_id, due, fires) VALUES (?, ?, ?)"
        self._session.run(insert, coming.case, _text(coming.due), _text(coming.fires))

    def due(self, until: datetime) -> Iterator[Coming]:
        return self._upto(DUE_QUERY, 1, until)

    def firing(self, until: datetime) -> Iterator[Coming]:
        return self._upto(FIRING_QUERY, 2, until)

    def _upto(self, query: str, place: int, until: datetime) -> Iterator[Coming]:
        self._check()
        after = ("", "")
        while page := self._read(query, instant_text(until), *after):
            for case, due, fires in page:
                self._check()
                yield Coming(case=case, due=_instant(due), fires=_instant(fires))
            after = (page[-1][place], page[-1][0])


def _text(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else parse_instant(text)
