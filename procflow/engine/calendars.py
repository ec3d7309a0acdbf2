"""The calendars of an engine: those in force now, and the sets that cases go by, as the store keeps them.

A case goes by the calendars in force when it was opened, those that its procedure names, until it is given others. So
what another calendar learns changes no case, and the digest on record says all that a case was counted on.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from procflow.calendars.book import EMPTY, CalendarBook, CalendarSet
from procflow.calendars.written import calendars_of, calendars_text
from procflow.engine.locks import ForkLock
from procflow.errors import CalendarError, Finding, ProcedureInvalid, Severity
from procflow.loading.calendars_found import FOLDER, calendar_files, calendars_for, named_calendars
from procflow.model.policies import Policies
from procflow.model.procedure import Procedure
from procflow.resources import shipped
from procflow.stores.base import Transaction


class House:
    """The calendars in force, and a book of all sets that cases of the store were met with. Safe for threads."""

    def __init__(self, given: CalendarSet | None, workspace: Path | None, policies: Policies | None) -> None:
        """Take calendars from `given`, else from the workspace, else those a procedure was published with.

        Raises CalendarError if a calendar that the policies name is not to be found, or has errors.
        """
        self._given = given or EMPTY
        self._workspace = workspace
        named = frozenset() if policies is None else frozenset(one.calendar for one in policies.rules if one.calendar)
        self.book = CalendarBook(self._given.completed(self._found(None, named - self._given.calendars.keys())))
        self._known: set[str] = set()
        self._own: dict[str, CalendarSet] = {}
        """By definition: what is given, or lies in the workspace."""
        self._lock = ForkLock()

    def of(self, procedure: Procedure, file: Path | None) -> CalendarSet:
        """Return the calendars that a procedure names; those beside its `file` come after the engine's own.

        Raises ProcedureInvalid if one is not to be found, or has errors.
        """
        own = self._given.only(named_calendars(procedure))
        missing = named_calendars(procedure) - own.calendars.keys()
        try:
            return own.completed(self._found(file, missing))
        except CalendarError as error:
            found = Finding(
                code=error.code or "PF204",
                severity=Severity.ERROR,
                message=error.message,
                where=error.where or procedure.where,
                hint=error.hint,
            )
            raise ProcedureInvalid(found.message, findings=[found], code=found.code, hint=error.hint) from error

    def _found(self, file: Path | None, ids: Collection[str]) -> CalendarSet:
        if not ids:
            return EMPTY
        place = self._workspace if file is None else file
        # Without either, nothing of the folder this process happens to be in.
        return calendars_for(shipped("procedures") if place is None else place, self._workspace, only=ids)

    def stamp(self, transaction: Transaction, procedure: Procedure) -> str | None:
        """Keep what is in force for a procedure, and return its digest; None if the procedure names no calendar."""
        own = self._in_force(transaction, procedure)
        return None if own is None else self.keep(transaction, own)

    def would(self, transaction: Transaction, procedure: Procedure) -> str | None:
        """Return the same digest, and have its set at hand; nothing is kept."""
        own = self._in_force(transaction, procedure)
        if own is not None:
            self._learn(own.digest, own)
        return None if own is None else own.digest

    def _in_force(self, transaction: Transaction, procedure: Procedure) -> CalendarSet | None:
        named = named_calendars(procedure)
        if not named:
            return None
        with self._lock.held():
            own = self._own.get(procedure.digest)
            if own is None:
                own = self._own[procedure.digest] = self._at_hand(named)
        digest = transaction.in_force(procedure.digest)
        if named - own.calendars.keys() and digest is not None:
            own = own.completed(calendars_of(transaction.calendars(digest) or "[]"))
        if lacking := named - own.calendars.keys():
            own = own.completed(self.of(procedure, None).only(lacking))
        return own

    def _at_hand(self, named: Collection[str]) -> CalendarSet:
        """Return those of the calendars that are given, or lie in the workspace itself."""
        given = self._given.only(named)
        there = calendar_files([self._workspace / FOLDER]) if self._workspace is not None else {}
        return given.completed(self._found(None, [id for id in named if id in there and id not in given]))

    def keep(self, transaction: Transaction, calendars: CalendarSet) -> str:
        """Have a set in the store, and return its digest."""
        if transaction.calendars(calendars.digest) is None:
            transaction.add_calendars(calendars.digest, calendars_text(calendars))
        self._learn(calendars.digest, calendars)
        return calendars.digest

    def know(self, transaction: Transaction, digest: str) -> None:
        """Have a set at hand that an event names. One that nobody kept is left unknown: the judge says so."""
        with self._lock.held():
            if digest in self._known:
                return
        source = transaction.calendars(digest)
        if source is not None:
            self._learn(digest, calendars_of(source))

    def zone(self, procedure: Procedure, digest: str | None) -> str:
        """Return the time zone of a procedure's own calendar, in the set with this digest; UTC if there is none."""
        id, calendars = procedure.calendar, self.book.of(digest)
        return calendars[id].zone if id is not None and calendars is not None and id in calendars else "UTC"

    def zone_today(self, transaction: Transaction, procedure: Procedure) -> str:
        """Return the same of the calendars that were in force last: for many cases, none of which is read."""
        digest = transaction.in_force(procedure.digest) if procedure.calendar is not None else None
        if digest is not None:
            self.know(transaction, digest)
        return self.zone(procedure, digest)

    def _learn(self, digest: str, calendars: CalendarSet) -> None:
        with self._lock.held():
            if digest not in self._known:
                # What policies count on is never on record: for that, the calendars of today hold.
                self.book.add(calendars.completed(self.book.default), digest)
                self._known.add(digest)
