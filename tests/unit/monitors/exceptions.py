"""Cases with what is not the ordinary run of things: attempts that were refused, overrides, waivers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from procflow.judge import CaseState, Judge
from procflow.model.deviation import Deviation
from procflow.model.event import Act, Event, Kind, Lifecycle, Override, Trace, Waiver
from procflow.model.report import CaseAudit
from tests.unit.monitors.stories import AT, trace_of


def told(*parts: str | Event) -> Trace:
    """Return a case told by lines, as `trace_of` reads them, and events; event n happens n hours after `AT`."""
    events = [one for part in parts for one in ([part] if isinstance(part, Event) else trace_of(part).events)]
    numbered = tuple(
        replace(event, seq=seq, occurred_at=AT + timedelta(hours=seq)) for seq, event in enumerate(events, start=1)
    )
    return Trace(case="1", events=numbered, closed=False)


def refused(line: str | Event) -> Event:
    """Return an attempt that was refused."""
    event = line if isinstance(line, Event) else trace_of(line).events[0]
    return replace(event, lifecycle=Lifecycle.REFUSED, attempted=event.lifecycle)


def override(line: str, act: Act, to: str, **more: Any) -> Event:
    """Return an override; the line says who did it to what: `dan/lead wrap "why"`, with `-` for nothing."""
    event = trace_of(line).events[0]
    action = "" if event.action == "-" else event.action
    return replace(event, kind=Kind.OVERRIDE, action=action, override=Override(act=act, to=to, **more))


def waiver(line: str, code: str, person: str = "ana", hours: float = 100, **more: Any) -> Event:
    """Return a waiver until `hours` after `AT`; the line says who grants it: `dan/lead "why"`."""
    who, _, why = line.partition(" ")
    event = trace_of(f"{who} waive {why}").events[0]
    until = AT + timedelta(hours=hours)
    return replace(event, kind=Kind.WAIVER, action="", waiver=Waiver(code=code, person=person, until=until, **more))


def audited(judge: Judge, trace: Trace) -> CaseAudit:
    """Return the judgement of a case."""
    return judge.audit(judge.run(trace))


def shown(deviations: Sequence[Deviation]) -> list[str]:
    """Return `DVnnn@seq disposition` of each deviation; no disposition stands for unexcused."""
    return [
        f"{one.code}@{one.seq}"
        + ("" if one.unexcused else f" {one.disposition.value}")
        + (f" by {one.settled_by}" if one.settled_by is not None else "")
        for one in deviations
    ]


def states(judge: Judge, trace: Trace) -> list[CaseState]:
    """Return the case after each of its events, judged one by one."""
    events = list(trace.events)
    opened = events.pop(0) if events and events[0].kind is Kind.OPENED and not events[0].refused else None
    found = [judge.begin(trace.case, opened)]
    for event in events:
        found.append(judge.advance(found[-1], event))
    return found
