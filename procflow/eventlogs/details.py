"""What a row tells besides its case, its time and its word: of which part of what it speaks, and who was involved."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, cast

from procflow.errors import ProcflowError
from procflow.eventlogs.columns import Cells, Columns
from procflow.eventlogs.json_cells import Exact
from procflow.expressions.types import Raw
from procflow.model.clock import Timer
from procflow.model.event import Kind, Lifecycle, Override, Waiver
from procflow.model.mapping import LogMapping, Part
from procflow.trail.authority import read_override, read_waiver
from procflow.trail.instant import instant_text
from procflow.trail.timing import read_timer


class Details(NamedTuple):
    """What a row is about."""

    kind: Kind = Kind.ACTION
    lifecycle: Lifecycle = Lifecycle.COMPLETE
    attempted: Lifecycle = Lifecycle.COMPLETE
    word: str | None = None
    """The action, where the action column does not name it."""
    recorded: datetime | None = None
    override: Override | None = None
    waiver: Waiver | None = None
    timer: Timer | None = None
    calendars: str | None = None
    ignored: str | None = None
    """Why the row is left out."""

    @property
    def moves(self) -> bool:
        """True if the row may move its case: it is neither a start nor an attempt that was refused."""
        return self.lifecycle is Lifecycle.COMPLETE

    @property
    def refused(self) -> bool:
        """True if the row tells of an attempt that was refused."""
        return self.lifecycle is Lifecycle.REFUSED


PLAIN = Details()


class NoDetails(Exception):
    """A row whose details cannot be read."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def text_at(cells: Cells, at: int | None, columns: Columns) -> str | None:
    """Return the text at a place without spaces around it, or letter for letter if it is exact; None if there is none."""
    if at is None or not isinstance(cell := cells[at], str):
        return None
    if isinstance(cell, Exact):
        return str(cell)
    word = cell.strip()
    return None if word in columns.absent else word


def details_of(cells: Cells, columns: Columns, mapping: LogMapping, case: str) -> Details:
    """Return what a row is about. Raises NoDetails if it cannot be read."""
    if not columns.detailed:
        return PLAIN
    if mapping.as_recorded and text_at(cells, columns.order, columns) is None:
        raise NoDetails("DV801", f"The row of case {case!r} has no number in column {mapping.order!r}", _ORDER_HINT)
    details = _details(cells, columns, mapping, case)
    if (cell := columns.recorded) is None or (text := text_at(cells, cell.at, columns)) is None:
        return details
    recorded = cell.reader.read(text)
    if recorded is None:
        what = f"{text[:80]!r} in column {cell.column!r} of case {case!r}"
        raise NoDetails("DV802", f"{what} is no time the mapping describes", _TIME_HINT)
    return details._replace(recorded=recorded)


def _details(cells: Cells, columns: Columns, mapping: LogMapping, case: str) -> Details:
    part = _part(cells, columns, case)
    if isinstance(part, str):
        return Details(ignored=part)
    if (said := _map(cells, columns.override)) is not None:
        # What was skipped or redone is not what was done: it stands with the override, not in the action column.
        action = said.pop("action", "")
        return _authorised(case, part, "override", said, str(action))
    if (said := _map(cells, columns.waiver)) is not None:
        return _authorised(case, part, "waiver", said, "")
    if (said := _map(cells, columns.timer)) is not None:
        return _timed(case, part, said)
    calendars = text_at(cells, columns.calendars, columns)
    cell = cells[columns.word]
    if isinstance(cell, Exact):
        # Quoted, it is an action, whatever words open and close a case.
        return _of(part, word=str(cell))
    word = text_at(cells, columns.word, columns)
    if word in mapping.opens:
        return _of(part, Kind.OPENED, word="")._replace(calendars=calendars)
    if calendars is not None:
        return _of(part, Kind.CALENDARS, word="")._replace(calendars=calendars)
    if word in mapping.closes:
        return _of(part, Kind.CLOSED, word="")
    return PLAIN if part is Part.COMPLETE else _of(part)


def _of(part: Part, kind: Kind = Kind.ACTION, word: str | None = None) -> Details:
    return Details(kind=kind, lifecycle=part.lifecycle, attempted=part.attempted, word=word)


def _part(cells: Cells, columns: Columns, case: str) -> Part | str:
    cell = columns.part
    if cell is None:
        return Part.COMPLETE
    word = text_at(cells, cell.at, columns)
    part = cell.read(word)
    if part is None:
        what = f"{(word or '')[:80]!r} in column {cell.column.column!r} of case {case!r}"
        hint = f"Add {(word or '')[:80]!r} under `to` of `lifecycle`, or under `ignore` with a reason."
        raise NoDetails("DV808", f"{what} is a lifecycle the mapping does not translate", hint)
    return part


def _map(cells: Cells, at: int | None) -> dict[str, Raw] | None:
    return dict(cell) if at is not None and isinstance(cell := cells[at], dict) and cell else None


def _authorised(case: str, part: Part, name: str, said: dict[str, Raw], action: str) -> Details:
    if Lifecycle.START in (part.lifecycle, part.attempted):
        raise NoDetails("DV801", f"The {name} of case {case!r} cannot be a mere start", "Say `complete` or `refused`.")
    try:
        record = {name: said | {"until": _instant(said["until"])} if "until" in said else said}
        details = _of(part, Kind(name), word=action)
        return details._replace(override=read_override(record), waiver=read_waiver(record))
    except ProcflowError as bad:
        message = f"The {name} of case {case!r} cannot be read: {bad.message}"
        raise NoDetails("DV801", message, f"Write it like this: {_LIKE[name]}") from bad


def _timed(case: str, part: Part, said: dict[str, Raw]) -> Details:
    if part is not Part.COMPLETE:
        raise NoDetails(
            "DV801", f"The timer of case {case!r} cannot be a mere start, nor be refused", "Say `complete`."
        )
    try:
        timer = read_timer({"timer": said | {"due": _instant(said["due"])} if "due" in said else said})
    except ProcflowError as bad:
        message = f"The timer of case {case!r} cannot be read: {bad.message}"
        raise NoDetails("DV801", message, f"Write it like this: {_LIKE['timer']}") from bad
    assert timer is not None
    return _of(part, Kind.TIMER, word=timer.clock)._replace(timer=timer)


def _instant(until: Raw) -> Raw:
    """Return the moment in the one form of an entry: other tools write it in others."""
    try:
        return instant_text(datetime.fromisoformat(until)) if isinstance(until, str) else until
    except ValueError:
        return until


def people_of(cells: Cells, columns: Columns) -> dict[str, Any]:
    """Return who was involved in a row, as fields of an event."""
    absent = columns.absent
    return {
        "actor": text_at(cells, columns.actor, columns),
        "on_behalf_of": text_at(cells, columns.on_behalf_of, columns),
        "roles": _NOBODY if columns.role is None else columns.role.names(cells[columns.role.at], absent),
        "teams": _NOBODY if columns.team is None else columns.team.names(cells[columns.team.at], absent),
    }


def further(cells: Cells, at: int | None) -> dict[str, Raw]:
    """Return the map of further values in a row; empty if it has none."""
    return cast("dict[str, Raw]", cells[at]) if at is not None and isinstance(cells[at], dict) else {}


_NOBODY: frozenset[str] = frozenset()
_TIME_HINT = "Look at `format` and `zone` of the mapping's times."
_LIKE = {
    "override": '{"act": "skip", "to": "draft", "action": "approve"}',
    "waiver": '{"code": "DV303", "person": "ana", "until": "2026-12-01T00:00:00Z"}',
    "timer": '{"clock": "first-answer", "cycle": 1, "mark": "late", "does": "notify", "to": "lead", "due": '
    '"2026-12-01T00:00:00Z"}',
}
_ORDER_HINT = "Rows that are judged as they were recorded need a number each."
