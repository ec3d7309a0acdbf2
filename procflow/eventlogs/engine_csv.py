"""The engine's log as a table that people and other tools can read, and the mapping with which it reads back exactly.

One row an event, one column a data field and a proof. Whatever a cell cannot say as it looks is JSON in that cell
(`cells: json`, see `json_cells.py`), which also keeps a spreadsheet from executing it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import BinaryIO, NamedTuple

from procflow.eventlogs.json_cells import cell_of_text, cell_of_value, written
from procflow.eventlogs.written import CHAIN, Written
from procflow.expressions.types import Raw
from procflow.model.event import Event, Kind, Lifecycle
from procflow.trail.authority import authority_record
from procflow.trail.entry import Header, open_entry
from procflow.trail.instant import instant_text
from procflow.trail.timing import timing_record

OPENED, CLOSED = "case opened", "case closed"
"""Words of the column `activity`. An action of the same name stands in quotation marks."""
_SPLIT = ";"
_PLAIN_NAME = re.compile(r"[^\W_][\w.-]*")
_FIELD = re.compile(r"[a-z][a-z0-9_]*")
_PROOF = re.compile(r"[a-z][a-z0-9-]*")
_COLUMNS = (
    "case", "seq", "activity", "lifecycle", "time", "recorded", "actor", "on_behalf_of", "roles", "teams", "reason",
    "procedure", "version", "definition", "mode", "client", "ref", "override", "waiver", "policies", "timer",
    "calendars",
)  # fmt: skip


class _Names(NamedTuple):
    """The data fields and proofs that have a column of their own, in order."""

    data: tuple[str, ...]
    evidence: tuple[str, ...]


def write_csv(
    bodies: Callable[[], Iterable[bytes]],
    out: BinaryIO,
    mapping: BinaryIO,
    *,
    fields: Collection[str],
    proofs: Collection[str],
) -> Written:
    """Write the events of entries, case by case, as a table to `out`, and the mapping that reads it to `mapping`.

    `bodies` is called twice and gives the same both times: first for the columns. A data field or proof has a column
    of its own if it occurs and is among `fields` or `proofs`, those of every version the table will be audited by; the
    others stand together in a column of JSON.
    """
    names = _names(bodies(), fields, proofs)
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow([*_COLUMNS, *_columns(names)])
    count, lost = 0, Counter[str]()
    for body in bodies():
        event, header = open_entry(body)
        table.writerow([*_cells(event, header), *_given(event, names)])
        lost.update(_lost(event))
        count += 1
    text.detach()
    mapping.write(_mapping(names).encode())
    return Written(events=count, lost={**({CHAIN: count} if count else {}), **lost})


def _names(bodies: Iterable[bytes], fields: Collection[str], proofs: Collection[str]) -> _Names:
    data: set[str] = set()
    evidence: set[str] = set()
    for body in bodies:
        event, _ = open_entry(body)
        data.update(event.data)
        evidence.update(event.evidence)
    return _Names(
        tuple(sorted(name for name in data.intersection(fields) if _FIELD.fullmatch(name))),
        tuple(sorted(name for name in evidence.intersection(proofs) if _PROOF.fullmatch(name))),
    )


def _columns(names: _Names) -> Iterator[str]:
    yield from (f"data.{name}" for name in (*names.data, "*"))
    yield from (f"evidence.{name}" for name in (*names.evidence, "*"))


def _cells(event: Event, header: Header) -> Iterator[str]:
    opening = header.opening
    yield cell_of_text(event.case)
    yield str(event.seq)
    yield _activity(event)
    yield _lifecycle(event)
    yield instant_text(event.occurred_at)
    yield "" if event.recorded_at is None else instant_text(event.recorded_at)
    yield _maybe(event.actor)
    yield _maybe(event.on_behalf_of)
    yield _several(event.roles)
    yield _several(event.teams)
    yield _maybe(event.reason)
    yield cell_of_text(header.procedure)
    yield cell_of_text(header.version)
    yield _maybe(event.definition)
    yield "" if opening is None else cell_of_text(opening.mode)
    yield "" if opening is None else _maybe(opening.client)
    yield "" if opening is None else _maybe(opening.ref)
    record = authority_record(event)
    # What was skipped or redone stands with the override: in the column of activities it would look done.
    acted = {"action": event.action} if event.override is not None and event.action else {}
    yield written({**record["override"], **acted}) if "override" in record else ""
    yield written(record["waiver"]) if "waiver" in record else ""
    yield _maybe(event.policies)
    yield written(timing_record(event)["timer"]) if event.timer is not None else ""
    yield _maybe(event.calendars)


def _activity(event: Event) -> str:
    match event.kind:
        case Kind.OPENED:
            return OPENED
        case Kind.CLOSED:
            return CLOSED
        case Kind.OVERRIDE:
            return "override"
        case Kind.WAIVER | Kind.TIMER | Kind.CALENDARS:
            return str(event.kind.value)
        case _:
            return written(event.action) if event.action in (OPENED, CLOSED) else cell_of_text(event.action)


def _lifecycle(event: Event) -> str:
    if event.refused and event.attempted is Lifecycle.START:
        return "refused-start"
    return str(event.lifecycle.value)


def _maybe(text: str | None) -> str:
    return "" if text is None else cell_of_text(text)


def _several(names: Collection[str]) -> str:
    in_order = sorted(names)
    if all(_PLAIN_NAME.fullmatch(name) for name in in_order):
        return _SPLIT.join(in_order)
    return written(list[Raw](in_order))


def _given(event: Event, names: _Names) -> Iterator[str]:
    yield from _each(event.data, names.data)
    yield from _each(event.evidence, names.evidence)


def _each(given: Mapping[str, Raw], names: tuple[str, ...]) -> Iterator[str]:
    yield from (cell_of_value(given[name]) if name in given else "" for name in names)
    others = {name: value for name, value in given.items() if name not in names}
    yield written(others) if others else ""


def _lost(event: Event) -> Iterator[str]:
    if event.key is not None:
        yield "the key of a command"
    if event.gap:
        yield "the mark that entries are missing before the event"
    if event.kind is Kind.STATUS:
        yield "that the event is a status and no action"
    if event.action and event.kind in (Kind.OPENED, Kind.CLOSED, Kind.WAIVER, Kind.CALENDARS):
        yield "the action of an event that is about none"


def _mapping(names: _Names) -> str:
    """Return the mapping as YAML; a text in JSON is one in YAML."""
    lines = [
        "# Written by `procflow export`: what the columns of the table beside it mean.",
        "case: case",
        "time: time",
        "recorded: recorded",
        "order: seq",
        "rows: as-recorded",
        f"action: {{ column: activity, opens: {json.dumps(OPENED)}, closes: {json.dumps(CLOSED)} }}",
        "lifecycle: lifecycle",
        "actor: actor",
        "on-behalf-of: on_behalf_of",
        f'role: {{ column: roles, split: "{_SPLIT}" }}',
        f'team: {{ column: teams, split: "{_SPLIT}" }}',
        "definition: definition",
        "override: override",
        "waiver: waiver",
        "policies: policies",
        "timer: timer",
        "calendars: calendars",
        "client: client",
        "reason: reason",
        "data:",
        *(f"  {json.dumps(name)}: {json.dumps(f'data.{name}')}" for name in (*names.data, "*")),
        "evidence:",
        *(f"  {json.dumps(name)}: {json.dumps(f'evidence.{name}')}" for name in (*names.evidence, "*")),
        "witnesses: [actor, role, time, evidence, reason, data, hand-offs]",
        "cells: json",
    ]
    return "\n".join(lines) + "\n"
