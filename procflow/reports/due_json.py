"""What is owed in open cases by when, and what was done because time was up, for programs."""

from __future__ import annotations

from collections.abc import Iterable

from procflow.expressions.types import Raw
from procflow.model.clock import Timer
from procflow.model.fired import Fired
from procflow.reports.documents import Json, instant, obligation_document
from procflow.reports.due_text import OwedView


def due_document(items: Iterable[OwedView]) -> Json:
    """Return what is owed, the soonest first, as it came."""
    return {"v": "1", "kind": "due", "items": [_owed(one) for one in items]}


def _owed(one: OwedView) -> Json:
    return {
        "case": one.case,
        "procedure": one.procedure,
        "ref": one.ref,
        "due": instant(one.due),
        "overdue": one.overdue,
        "people": list(one.people),
        "zone": one.zone,
        "obligation": obligation_document(one.obligation),
    }


def advance_document(fired: Iterable[Fired]) -> Json:
    """Return what was done because time was up, in the order in which it was."""
    return {"v": "1", "kind": "advance", "fired": [fired_document(one) for one in fired]}


def fired_document(one: Fired) -> Json:
    """Return one thing that was done, or why nothing was."""
    return {
        "case": one.case,
        "procedure": one.procedure,
        "ref": one.ref,
        "seq": one.seq,
        "timer": timer_said(one.timer),
        "parties": list(one.parties),
        "people": list(one.people),
        "deliver_at": instant(one.deliver_at),
        "zone": one.zone,
        "error": None if one.error is None else {"code": one.error.code, "message": one.error.message},
    }


def timer_said(one: Timer | None) -> Raw:
    """Return what time did, as the record has it."""
    if one is None:
        return None
    return {
        "clock": one.clock,
        "cycle": one.cycle,
        "mark": one.mark,
        "does": one.does.value,
        "to": one.to,
        "due": instant(one.due),
    }
