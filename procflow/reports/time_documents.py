"""The parts JSON documents of time are made of, besides those of a case: ledgers, timers, attainment."""

from __future__ import annotations

from procflow.expressions.types import Raw
from procflow.model.clock import Attainment, Spread, Stretch, Timer
from procflow.model.promising import Link
from procflow.reports.documents import Json, instant, seconds, span_document


def stretch_document(one: Stretch) -> Json:
    """Return one line of a ledger."""
    return {
        "from": instant(one.start),
        "to": instant(one.end),
        "why": one.why.value,
        "counted_seconds": seconds(one.counted),
        "total_seconds": seconds(one.total),
        "calendar": one.calendar,
        "note": one.note,
        "seq": one.seq,
    }


def timer_document(one: Timer) -> Json:
    """Return what time does."""
    return {
        "clock": one.clock,
        "cycle": one.cycle,
        "mark": one.mark,
        "does": one.does.value,
        "to": one.to,
        "due": instant(one.due),
    }


def attainment_document(one: Attainment) -> Json:
    """Return how far one clock, or one grade of it, was kept."""
    return {
        "clock": one.clock,
        "grade": one.grade,
        "title": dict(one.title),
        "to": one.to.value,
        "target": one.target,
        "where": span_document(one.where),
        "n": one.n,
        "met": one.met,
        "breached": one.breached,
        "waived": one.waived,
        "gross": None if one.gross is None else round(one.gross, 6),
        "net": None if one.net is None else round(one.net, 6),
        "statuses": {status.value: count for status, count in one.statuses.items()},
        "used": _spread(one.used),
        "wall": _spread(one.wall),
    }


def _spread(one: Spread | None) -> Raw:
    if one is None:
        return None
    return {"n": one.n, "median_seconds": seconds(one.median), "p85_seconds": seconds(one.p85)}


def link_document(one: Link) -> Json:
    """Return what stands behind a promise."""
    return {
        "promise": one.promise,
        "step": one.step,
        "late_together": one.late_together,
        "late": one.late,
        "wall_seconds": seconds(one.wall),
        "share": round(one.share, 6),
        "kept": attainment_document(one.kept),
    }
