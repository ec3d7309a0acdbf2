"""Exceptions: every override and every waiver, who asked for it, who granted it, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from procflow.model.deviation import Deviation, Disposition
from procflow.model.event import Event, Kind, Trace
from procflow.model.fairness_report import ExceptionKind, ExceptionMade
from procflow.model.report import CaseAudit

_KINDS = (Kind.OVERRIDE, Kind.WAIVER)


def exceptions(trace: Trace, audit: CaseAudit) -> Iterator[ExceptionMade]:
    """Yield the exceptions made in one case, in the order of its events."""
    if not any(event.kind in _KINDS for event in trace.events):
        return
    used: Counter[int | None] = Counter(one.settled_by for one in audit.deviations)
    permitted = {one.seq for one in audit.deviations if one.disposition is Disposition.PERMITTED}
    expired = Counter(one.values.get("waiver") for one in audit.deviations if one.code == "DV703")
    for event in trace.events:
        if event.refused:
            continue
        if event.kind is Kind.OVERRIDE and event.override is not None:
            yield _override(event, event.seq in permitted)
        elif event.kind is Kind.WAIVER and event.waiver is not None:
            yield _waiver(event, used[event.seq], expired[f"event {event.seq}"])


def used_by(made: ExceptionMade, told: Iterable[Deviation]) -> ExceptionMade:
    """Return an exception with what it excuses of what is told over many cases."""
    its = [one for one in told if one.case == made.case]
    used = sum(one.settled_by == made.seq for one in its)
    expired = sum(one.code == "DV703" and one.values.get("waiver") == f"event {made.seq}" for one in its)
    return replace(made, used=made.used + used, expired_used=made.expired_used + expired)


def _override(event: Event, permitted: bool) -> ExceptionMade:
    one = event.override
    assert one is not None
    asked = one.asked_by
    return ExceptionMade(
        kind=ExceptionKind.OVERRIDE,
        case=event.case,
        seq=event.seq,
        at=event.occurred_at,
        what=f"{one.act.value} “{event.action}”" if event.action else one.act.value,
        asked_by=asked,
        granted_by=event.actor,
        second=one.second,
        caused_by=one.caused_by,
        reason=event.reason,
        until=None,
        used=int(permitted),
        expired_used=0,
        self_made=asked is not None and asked.strip() in {(event.actor or "").strip(), (one.second or "").strip()},
    )


def _waiver(event: Event, used: int, expired: int) -> ExceptionMade:
    one = event.waiver
    assert one is not None
    return ExceptionMade(
        kind=ExceptionKind.WAIVER,
        case=event.case,
        seq=event.seq,
        at=event.occurred_at,
        what=one.code,
        asked_by=one.person,
        granted_by=event.actor,
        second=None,
        caused_by=None,
        reason=event.reason,
        until=one.until,
        used=used,
        expired_used=expired,
        self_made=event.actor is not None and event.actor == one.person,
    )
