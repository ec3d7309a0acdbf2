"""An impact for people and for programs: what hangs on a role, a department, a service or a clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from procflow.model.impact import Effect, Impact, Passing
from procflow.reports.documents import Json
from procflow.reports.paper import BLANK, Column, Line, line, prose, strong, table, visible

_EFFECTS = {
    Effect.RUNS_OUT: "runs out: it is their own time",
    Effect.RUNS_ON: "runs on",
    Effect.STANDS_STILL: "stands still, and whoever it is promised to waits longer",
}


def impact_lines(impact: Impact, cells: int) -> Iterator[Line]:
    """Yield an impact: what they do, what comes to them, what they pass on, and what is late if they are."""
    yield line(strong(visible(str(impact.subject))))
    yield from prose(f"{_some(impact.procedures, 'no procedure')}; roles: {_some(impact.roles, 'none')}", cells)
    yield from _section(
        "What they do",
        ("procedure", "step", "role", "does"),
        [
            (one.procedure, one.step or "at any time", one.role, ", ".join(one.actions))
            for one in (*impact.steps, *impact.anytime)
        ],
        cells,
    )
    heads = ("procedure", "from", "step", "to", "step", "needs")
    yield from _section("What comes to them", heads, [_row(one) for one in impact.upstream], cells)
    yield from _section("What they pass on", heads, [_row(one) for one in impact.downstream], cells)
    yield from _section(
        "What is late if they are",
        ("procedure", "clock", "to", "while", "in"),
        [(one.procedure, one.clock, one.to.value, _EFFECTS[one.effect], ", ".join(one.steps)) for one in impact.clocks],
        cells,
    )
    yield from _section(
        "Services",
        ("service", "they", "provider", "for"),
        [(one.service, one.part.value, one.provider, ", ".join(one.clients)) for one in impact.services],
        cells,
    )
    yield from _section(
        "Agreements",
        ("agreement", "with", "", "about"),
        [
            (one.agreement, one.party, "names them" if one.named else "", ", ".join(one.procedures) or "all")
            for one in impact.agreements
        ],
        cells,
    )


def _row(one: Passing) -> tuple[str, ...]:
    through = f" (through {', '.join(one.through)})" if one.through else ""
    needs = ", ".join(one.needs) or ("nothing: no hand-off" if one.at_once else "nobody says")
    return (one.procedure, one.giver, (one.giving or "any") + through, one.taker, one.taking, needs)


def _section(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], cells: int) -> Iterator[Line]:
    if not rows:
        return
    yield BLANK
    yield line(strong(title))
    columns = [Column(head=head, whole=at == len(heads) - 1) for at, head in enumerate(heads)]
    yield from table(columns, rows, cells)


def _some(words: Iterable[str], otherwise: str) -> str:
    return ", ".join(words) or otherwise


def impact_document(impact: Impact) -> Json:
    """Return an impact for programs."""
    return {
        "v": "1",
        "kind": "impact",
        "subject": {"kind": impact.subject.kind.value, "id": impact.subject.id},
        "roles": list(impact.roles),
        "procedures": list(impact.procedures),
        "steps": [
            {"procedure": one.procedure, "step": one.step, "role": one.role, "actions": list(one.actions)}
            for one in impact.steps
        ],
        "anytime": [
            {"procedure": one.procedure, "role": one.role, "actions": list(one.actions)} for one in impact.anytime
        ],
        "upstream": [_passing(one) for one in impact.upstream],
        "downstream": [_passing(one) for one in impact.downstream],
        "clocks": [
            {
                "procedure": one.procedure,
                "clock": one.clock,
                "to": one.to.value,
                "effect": one.effect.value,
                "steps": list(one.steps),
            }
            for one in impact.clocks
        ],
        "services": [
            {
                "service": one.service,
                "part": one.part.value,
                "provider": one.provider,
                "for": list(one.clients),
            }
            for one in impact.services
        ],
        "agreements": [
            {
                "agreement": one.agreement,
                "to": one.to.value,
                "party": one.party,
                "named": one.named,
                "procedures": list(one.procedures),
            }
            for one in impact.agreements
        ],
    }


def _passing(one: Passing) -> Json:
    return {
        "procedure": one.procedure,
        "from": {"role": one.giver or None, "step": one.giving or None},
        "to": {"role": one.taker or None, "step": one.taking},
        "through": list(one.through),
        "by": list(one.by),
        "needs": list(one.needs),
        "at_once": one.at_once,
    }
