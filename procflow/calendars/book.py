"""`CalendarSet`: the calendars that hold together; `CalendarBook`: the sets a judge may meet, by digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from procflow.calendars.calendar import NO_CALENDARS, Calendar
from procflow.errors import CalendarError


class CalendarSet:
    """Calendars by id, `24x7` always among them. Immutable; equal sets have equal digests."""

    def __init__(self, calendars: Iterable[Calendar] = ()) -> None:
        given = {one.id: one for one in calendars}
        self.calendars: Mapping[str, Calendar] = MappingProxyType({**NO_CALENDARS, **given})
        lines = "".join(f"{id} {one.digest}\n" for id, one in sorted(given.items()))
        self.digest = hashlib.sha256(lines.encode()).hexdigest()

    def __getitem__(self, id: str) -> Calendar:
        """Return the calendar with this id. Raises CalendarError if there is none."""
        found = self.calendars.get(id)
        if found is None:
            raise CalendarError(
                f"there is no calendar `{id}`", code="PF204", hint=f"there are: {', '.join(self.calendars)}"
            )
        return found

    def __contains__(self, id: object) -> bool:
        return id in self.calendars

    def only(self, ids: Iterable[str]) -> CalendarSet:
        """Return those of the calendars that are named; what is not there is left out."""
        named = frozenset(ids)
        own = (one for id, one in self.calendars.items() if id in named and id not in NO_CALENDARS)
        return CalendarSet(own)

    def completed(self, others: CalendarSet) -> CalendarSet:
        """Return these calendars, and of the others those whose ids are not among them."""
        own = (one for id, one in {**others.calendars, **self.calendars}.items() if id not in NO_CALENDARS)
        return CalendarSet(own)


EMPTY = CalendarSet()


class CalendarBook:
    """The sets of calendars a judge may meet: one that holds unless an event says otherwise, and others by digest."""

    def __init__(self, default: CalendarSet = EMPTY, others: Iterable[CalendarSet] = ()) -> None:
        self.default = default
        self._sets = {one.digest: one for one in (*others, default)}

    def of(self, digest: str | None) -> CalendarSet | None:
        """Return the set with this digest; of None the default; None if nobody has it."""
        return self.default if digest is None else self._sets.get(digest)

    def add(self, calendars: CalendarSet, digest: str | None = None) -> None:
        """Let `calendars` be found by its digest, or by that of another set which it stands for."""
        self._sets[digest or calendars.digest] = calendars


NO_BOOK = CalendarBook()
