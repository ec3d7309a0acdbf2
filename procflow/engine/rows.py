"""Between what is recorded and what the store keeps of it."""

from __future__ import annotations

from procflow.automaton.configurations import parse_configuration
from procflow.errors import StoreError
from procflow.judge import CaseState
from procflow.model.configuration import Configuration
from procflow.model.event import Event
from procflow.model.procedure import Procedure
from procflow.stores.base import CaseRow, Definition, Mode
from procflow.trail.entry import Entry, genesis


def first_row(
    definition: Definition, opened: Event, mode: Mode, client: str | None, ref: str | None, origin: str
) -> CaseRow:
    """Return the row of a case that opens, before its first event is appended."""
    return CaseRow(
        case=opened.case,
        procedure=definition.procedure,
        version=definition.version,
        digest=definition.digest,
        mode=mode,
        client=client,
        ref=ref,
        seq=0,
        leaf=genesis(origin, opened.case),
        configuration="",
        opened_at=opened.occurred_at,
        closed=False,
        outcome=None,
    )


def head_after(row: CaseRow, event: Event, entry: Entry, state: CaseState, outcome: str | None) -> CaseRow:
    """Return the row of a case after an event."""
    # Every step makes one, and `replace` takes three times as long.
    return CaseRow(
        case=row.case,
        procedure=row.procedure,
        version=row.version,
        digest=row.digest,
        mode=row.mode,
        client=row.client,
        ref=row.ref,
        seq=event.seq,
        leaf=entry.leaf,
        configuration=str(state.configuration),
        opened_at=row.opened_at,
        closed=state.closed,
        outcome=outcome,
    )


def standing_of(row: CaseRow, procedure: Procedure) -> Configuration:
    """Return where the store says a case stands. Raises StoreError if it could not stand there."""
    try:
        return parse_configuration(row.configuration, procedure)
    except ValueError as error:
        raise misplaced(row, f"is no configuration of it: {error}") from error


class CaseBroken(StoreError):
    """The store does not hold one case as it was recorded; the others may be sound."""


def broken(row: CaseRow, seq: int) -> CaseBroken:
    """Return the error of a case whose events are not the ones that were recorded."""
    return CaseBroken(
        f"the chain of case {row.case} does not hold at event {seq}",
        code="DV901",
        hint="the store was altered behind the engine's back; compare it with a backup or an export",
    )


def misplaced(row: CaseRow, why: str) -> CaseBroken:
    """Return the error of a case whose row does not say what its events say."""
    return CaseBroken(
        f"the store says case {row.case} stands in {row.configuration!r}, which {why}",
        hint="the row was altered behind the engine's back; its events are the truth: restore it from a backup",
    )
