"""The books of one set of rules, one for each set of calendars that cases are counted on."""

from __future__ import annotations

from collections.abc import Sequence

from procflow.calendars.book import NO_BOOK, CalendarBook
from procflow.model.event import Witness
from procflow.model.procedure import Procedure
from procflow.model.rule import Rule
from procflow.monitors.rules.book import RuleBook
from procflow.monitors.rules.reach import counts_on_a_calendar


class RuleBooks:
    """Finds the book that a case is judged by. Shared by threads; what it remembers only saves time."""

    def __init__(
        self,
        procedure: Procedure | None,
        rules: Sequence[Rule],
        witness: Witness,
        *,
        statuses: bool,
        calendars: CalendarBook = NO_BOOK,
    ) -> None:
        """See `RuleBook`; a length of a rule is counted on the calendars that held when its case was opened."""
        self._made_of = procedure, tuple(rules), witness
        self._statuses = statuses
        self._calendars = calendars
        self._alike = not any(map(counts_on_a_calendar, rules))
        self._books: dict[str, RuleBook] = {}
        self.usual = self._make(calendars.default.digest)
        """That of the calendars which hold unless a case says otherwise."""

    def __bool__(self) -> bool:
        """Return False if there is nothing to judge."""
        return bool(self.usual)

    def of(self, digest: str | None) -> RuleBook:
        """Return the book for the calendars with this digest; of None the usual one.

        Of calendars that nobody has, it can tell no length that is counted on one.
        """
        if digest is None or self._alike:
            return self.usual
        found = self._books.get(digest)
        return found if found is not None else self._make(digest)

    def _make(self, digest: str) -> RuleBook:
        procedure, rules, witness = self._made_of
        calendars = self._calendars.of(digest)
        book = RuleBook(procedure, rules, witness, statuses=self._statuses, calendars=calendars)
        if calendars is not None:
            self._books[digest] = book
        return book
