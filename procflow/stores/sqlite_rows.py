"""Rows of the tables, and the values they stand for."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from procflow.stores.base import CaseRow, Definition, Mode, Ready
from procflow.trail.instant import instant_text, parse_instant

CASE_COLUMNS = (
    "case_id, procedure, version, digest, mode, client, ref, seq, leaf, configuration, opened_at, closed, outcome"
)
DEFINITION_COLUMNS = "procedure, version, digest, effective_from, published_at, file, source"


def definition_values(one: Definition) -> tuple[object, ...]:
    """Return a definition as a row of `DEFINITION_COLUMNS`."""
    effective = None if one.effective_from is None else one.effective_from.isoformat()
    published = instant_text(one.published_at)
    return (one.procedure, one.version, one.digest, effective, published, one.file, one.source)


def definition_of(row: tuple[Any, ...]) -> Definition:
    """Return the definition of such a row."""
    procedure, version, digest, effective, published, file, source = row
    return Definition(
        procedure=procedure,
        version=version,
        digest=digest,
        effective_from=None if effective is None else date.fromisoformat(effective),
        published_at=parse_instant(published),
        file=file,
        source=source,
    )


def case_values(row: CaseRow) -> tuple[object, ...]:
    """Return a case as a row of `CASE_COLUMNS`."""
    head = (row.seq, row.leaf, row.configuration)
    names = (row.case, row.procedure, row.version, row.digest, row.mode, row.client, row.ref)
    return (*names, *head, instant_text(row.opened_at), int(row.closed), row.outcome)


def case_of(row: tuple[Any, ...]) -> CaseRow:
    """Return the case of such a row."""
    case, procedure, version, digest, mode, client, ref, seq, leaf, configuration, opened_at, closed, outcome = row
    return CaseRow(
        case=case,
        procedure=procedure,
        version=version,
        digest=digest,
        mode=cast("Mode", mode),
        client=client,
        ref=ref,
        seq=seq,
        leaf=leaf,
        configuration=configuration,
        opened_at=parse_instant(opened_at),
        closed=bool(closed),
        outcome=outcome,
    )


def ready_of(row: tuple[Any, ...]) -> Ready:
    """Return the line of a worklist of a row of `pf_ready`."""
    case, step, party, since, due = row
    until = None if due is None else parse_instant(due)
    return Ready(case=case, step=step, party=party, since=parse_instant(since), due=until)


def ready_values(one: Ready) -> tuple[object, ...]:
    """Return a line of a worklist as such a row."""
    due = None if one.due is None else instant_text(one.due)
    return (one.case, one.step, one.party, instant_text(one.since), due)


def marks(values: tuple[object, ...]) -> str:
    """Return a mark for each value of a statement."""
    return ", ".join("?" * len(values))
