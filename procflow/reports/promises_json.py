"""What proposed promises would have meant, for programs. Times in UTC, lengths in seconds."""

from __future__ import annotations

from procflow.expressions.types import Raw
from procflow.model.promising import Flip, Interval, Kept, Proposal, Quantiles, Simulation
from procflow.reports.documents import Json, cycle_document, instant, seconds
from procflow.reports.time_documents import attainment_document, link_document


def simulation_document(found: Simulation) -> Json:
    """Return a simulation."""
    return {
        "v": "1",
        "kind": "sla-simulation",
        "procedure": found.procedure,
        "version": found.version,
        "clock": found.clock,
        "title": found.title,
        "logs": list(found.logs),
        "as_of": instant(found.as_of),
        "cases": found.cases,
        "now": [kept_document(one) for one in found.now],
        "proposals": [
            {
                **_proposal(one.proposal),
                "kept": [kept_document(each) for each in one.kept],
                "broken": [_flip(each) for each in one.broken],
                "mended": [_flip(each) for each in one.mended],
            }
            for one in found.proposals
        ],
        "honest": [
            {
                "percent": one.percent,
                "within": None if one.within is None else str(one.within),
                "kept": None if one.kept is None else kept_document(one.kept),
            }
            for one in found.honest
        ],
        "behind": [link_document(one) for one in found.links],
        "notes": list(found.notes),
    }


def _proposal(one: Proposal) -> Json:
    return {
        "within": None if one.within is None else str(one.within),
        "grade": one.grade,
        "calendar": one.calendar,
        "pauses": one.pauses,
    }


def kept_document(one: Kept) -> Json:
    """Return how far a promise was kept, and how sure that is."""
    return {
        **attainment_document(one.attained),
        "gross_interval": _interval(one.gross),
        "net_interval": _interval(one.net),
        "used_quantiles": quantiles_document(one.used),
    }


def _interval(one: Interval | None) -> Raw:
    return None if one is None else [round(one.low, 6), round(one.high, 6)]


def quantiles_document(one: Quantiles | None) -> Raw:
    """Return how long something took."""
    if one is None:
        return None
    return {
        "n": one.n,
        "p50_seconds": seconds(one.p50),
        "p85_seconds": seconds(one.p85),
        "p95_seconds": seconds(one.p95),
    }


def _flip(one: Flip) -> Json:
    return {
        "case": one.case,
        "before": None if one.before is None else cycle_document(one.before),
        "after": None if one.after is None else cycle_document(one.after),
    }
