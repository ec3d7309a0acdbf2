"""Between what callers give, what is recorded and what the store keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from procflow.errors import ProcflowError, StoreError
from procflow.expressions.raw import normalise_raw
from procflow.expressions.types import Raw
from procflow.judge import CaseState
from procflow.model.event import Event
from procflow.stores.base import CaseRow, Definition, Mode
from procflow.trail.entry import Entry, genesis


def raw_of(given: Mapping[str, object] | None) -> Mapping[str, Raw]:
    """Return what a caller gives as the record will carry it, order of keys included: judged so, both agree."""
    if given is not None and not isinstance(given, Mapping):
        raise ProcflowError(f"a {type(given).__name__} was given; give a mapping of names to values", code="DV302")
    raw: dict[str, Raw] = {}
    for name, value in (given or {}).items():
        if not isinstance(name, str):
            raise ProcflowError(f"{name!r} cannot name a value: names are text", code="DV302")
        try:
            raw[name] = _in_order(normalise_raw(value))
        except ValueError as error:
            raise ProcflowError(f"“{name}” cannot be recorded: {error}", code="DV302") from error
    return {name: raw[name] for name in sorted(raw, key=_place)}


def _in_order(raw: Raw) -> Raw:
    match raw:
        case dict():
            return {name: _in_order(raw[name]) for name in sorted(raw, key=_place)}
        case list():
            return [_in_order(one) for one in raw]
        case _:
            return raw


def _place(name: str) -> bytes:
    # RFC 8785 §3.2.3: keys are sorted by their UTF-16 code units.
    return name.encode("utf-16-be", "surrogatepass")


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
    return replace(
        row,
        seq=event.seq,
        leaf=entry.leaf,
        configuration=str(state.configuration),
        closed=state.closed,
        outcome=outcome if state.closed else None,
    )


def broken(row: CaseRow, seq: int) -> StoreError:
    """Return the error of a case whose events are not the ones that were recorded."""
    return StoreError(
        f"the chain of case {row.case} does not hold at event {seq}",
        code="DV901",
        hint="the store was altered behind the engine's back; compare it with a backup or an export",
    )


def misplaced(row: CaseRow, why: str) -> StoreError:
    """Return the error of a case whose row does not say what its events say."""
    return StoreError(
        f"the store says case {row.case} stands in {row.configuration!r}, which {why}",
        hint="the row was altered behind the engine's back; its events are the truth: restore it from a backup",
    )
