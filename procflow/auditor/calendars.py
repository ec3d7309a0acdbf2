"""By which calendars the cases of a log are judged: those given, else those of the procedure, and those cases went by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from procflow.calendars.book import EMPTY, CalendarBook, CalendarSet
from procflow.calendars.written import calendars_of
from procflow.errors import CalendarError, Finding, ProcflowError
from procflow.eventlogs.reading import finding, span
from procflow.loading.calendars_found import FOLDER, calendar_files, calendars_for, load_by_name
from procflow.model.event import Source, Trace
from procflow.model.policies import Policies
from procflow.model.procedure import Procedure

ENDING = ".calendars.json"
"""What the calendars that cases went by are called beside an export of them."""

Given = str | Path | CalendarSet | None


def books_of(
    given: Given,
    versions: Iterable[Procedure],
    logs: Sequence[str],
    workspace: str | Path | None = None,
    policies: Policies | None = None,
) -> Mapping[str, CalendarBook]:
    """Return the calendars that each version judges by, by its digest.

    `given`: a folder of calendars, a file that an export of the engine put beside it, or a set. Without it those count
    that a procedure finds on its way. Raises CalendarError if one that is needed is nowhere, or has errors.
    """
    beside = [one for log in logs if (one := _beside(Path(log))) is not None]
    others = [one for path in beside for one in _sets_in(path)]
    if isinstance(given, str | Path):
        path = Path(given)
        if path.is_dir():
            found = calendar_files([path, path / FOLDER])
            given = CalendarSet(load_by_name(id, file) for id, file in found.items())
        else:
            others, given = [*others, *_sets_in(path)], None
    house = _of_policies(policies, given)
    return {one.digest: _book(one, given, others, workspace, house) for one in versions}


def _of_policies(policies: Policies | None, given: CalendarSet | None) -> CalendarSet:
    """Return the calendars that rules of policies name, those given first; what is found nowhere is left out."""
    named = {rule.calendar for rule in policies.rules if rule.calendar} if policies is not None else set()
    found = EMPTY if given is None else given.only(named)
    lacking = named - found.calendars.keys()
    if policies is None or not lacking:
        return found
    try:
        return found.completed(calendars_for(policies.where.file, only=lacking))
    except CalendarError:
        return found


def _book(
    version: Procedure,
    given: CalendarSet | None,
    others: Sequence[CalendarSet],
    workspace: str | Path | None,
    house: CalendarSet,
) -> CalendarBook:
    named = set(version.calendar_ids)
    if given is None:
        try:
            given = calendars_for(version.where.file, workspace, only=named)
        except CalendarError:
            # Those the cases went by may be all there is: the procedure came without its calendars.
            if not any(named <= one.calendars.keys() for one in others):
                raise
            given = next(one for one in others if named <= one.calendars.keys())
    book = CalendarBook(given.completed(house))
    for one in (*others, given.only(version.calendar_ids)):
        # What policies count on is on no record of a case: the calendars of today hold.
        book.add(one.completed(house), one.digest)
    return book


def _beside(log: Path) -> Path | None:
    """Return the calendars that lie beside a log."""
    path = log.with_name(log.name.split(".")[0] + ENDING)
    return path if path.is_file() else None


def _sets_in(path: Path) -> Iterator[CalendarSet]:
    try:
        held = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ProcflowError(f"cannot read {path}: {error.strerror}", hint="check the path") from error
    except ValueError as error:
        raise _no_calendars(path) from error
    if not isinstance(held, list) or not all(isinstance(one, list) for one in held):
        raise _no_calendars(path)
    for one in held:
        try:
            yield calendars_of(json.dumps(one, ensure_ascii=False))
        except CalendarError as error:
            raise _no_calendars(path) from error


def _no_calendars(path: Path) -> ProcflowError:
    return ProcflowError(
        f"{path} holds no calendars",
        code="PF640",
        hint=f"give a folder of calendars, or a file that ends in {ENDING}, as `procflow export` writes it",
    )


class Keeping:
    """The calendars that each version judges by, and those its cases went by so far."""

    def __init__(self, books: Mapping[str, CalendarBook]) -> None:
        """`books`: by the digest of the version."""
        self.books = books
        self._used: dict[str, dict[CalendarSet, None]] = {digest: {} for digest in books}
        self._unknown: set[str] = set()

    @property
    def usual(self) -> CalendarSet:
        """The calendars of all versions that hold unless a case says otherwise; of one id those of the last version."""
        found = EMPTY
        for book in reversed(list(self.books.values())):
            found = found.completed(book.default)
        return found

    def take(self, trace: Trace, version: str) -> tuple[Finding, ...]:
        """Take the calendars of a case before it is judged, and return what is to be said of them.

        In place of those that nobody has, those that are given hold.
        """
        book = self.books[version]
        named = {event.calendars: event.source for event in reversed(trace.events) if event.calendars is not None}
        for digest in named:
            if book.of(digest) is None:
                self._unknown.add(digest)
                book.add(book.default, digest)
        for each in named or (None,):
            held = book.of(each)
            if held is not None:
                self._used[version][held] = None
        return tuple(_unknown(trace.case, digest, named[digest]) for digest in named if digest in self._unknown)

    def used(self, version: str) -> Iterable[CalendarSet]:
        """Return the sets that cases of a version went by."""
        return self._used[version]


def _unknown(case: str, digest: str, source: Source | None) -> Finding:
    return finding(
        "DV814",
        f"case {case} went by calendars that are not at hand ({digest[:12]}): its time is counted on those given",
        where=None if source is None else span(source.file, source.line),
        hint=f"export it with --output, which puts its calendars beside it in a file {ENDING}",
    )
