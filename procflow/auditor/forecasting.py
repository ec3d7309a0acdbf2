"""How long a case would take, by those in logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from procflow.auditor.auditing import audit_reading, reading_for
from procflow.auditor.calendars import Given, books_of
from procflow.auditor.given import Progress, why_nothing
from procflow.auditor.versions import load_versions, version_for
from procflow.calendars.length import Length
from procflow.expressions.types import Raw
from procflow.forecast import Past, forecast, given_of, wish_of
from procflow.model.mapping import LogMapping
from procflow.model.promising import Forecast
from procflow.trail.instant import in_utc


def forecast_from(
    procedure: str | Path,
    logs: str | Path | Sequence[str | Path],
    given: Mapping[str, Raw] | None = None,
    within: str | Length | None = None,
    *,
    mapping: str | Path | LogMapping | None = None,
    calendars: Given = None,
    as_of: datetime | None = None,
    progress: Progress | None = None,
) -> Forecast:
    """Return how long a case would take of which `given` is known, and whether `within` is realistic; by those in logs that
    are done and had the same at first. The rest, and the errors, as `audit`.
    """
    as_of = None if as_of is None else in_utc(as_of)
    versions = load_versions(procedure)
    last = versions[-1]
    known, wish = given_of(last, given or {}), wish_of(last, within)
    names = [logs] if isinstance(logs, str | Path) else list(logs)
    reading = reading_for(versions, names, mapping, as_of, progress)
    report = audit_reading(
        [replace(one, rules=()) for one in versions],
        reading,
        logs=[str(name) for name in names],
        mapping=reading.mapping,
        calendars=calendars,
        as_of=as_of,
        progress=progress,
    )
    books = books_of(calendars, versions, [str(name) for name in names])
    past = []
    for trace, audit in zip(reading.traces, report.cases, strict=True):
        version, _ = version_for(trace, reading.opened.get(trace.case), versions)
        held = books[version.digest].default
        past.append(
            Past(
                audit=audit,
                events=trace.events,
                began_at=trace.opened_at or trace.events[0].occurred_at,
                calendar=held[version.calendar] if version.calendar is not None and version.calendar in held else None,
            )
        )
    return replace(forecast(last, known, past, wish), notes=why_nothing(report))
