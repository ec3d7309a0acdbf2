"""What rules across cases say, for people: of all cases of a client, or of all that a person did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from procflow.model.across import Across
from procflow.model.deviation import Deviation
from procflow.model.report import RuleCompliance
from procflow.model.rule import Tally
from procflow.reports.deviation_text import deviation_lines, settled_lines
from procflow.reports.paper import (
    BLANK,
    Column,
    Ink,
    Line,
    Mark,
    counted,
    line,
    number,
    prose,
    share,
    strong,
    table,
    visible,
)
from procflow.reports.sources import Sources, no_sources

TOP = 10
"""How many parties and deviations are shown before it is said how many more there are."""


def across_verdict(across: Across | None, cells: int) -> Iterator[Line]:
    """Yield in a sentence whether anything deviates across cases; nothing if no rule asked across them."""
    if across is None:
        return
    held = [one for one in across.deviations if one.unexcused]
    if held:
        what = f"Across cases: {counted(len(held), 'deviation')} of rules over several cases, told at the end."
        yield line(Ink(what, Mark.BAD))
    else:
        yield from prose("Across cases: nothing deviates from the rules over several cases.", cells)


def across_lines(
    across: Across | None,
    rules: Sequence[RuleCompliance],
    *,
    most: int | None = TOP,
    cells: int = 80,
    sources: Sources = no_sources,
) -> Iterator[Line]:
    """Yield what the rules across cases say: how far each was complied with, by whom it was not, and each deviation."""
    if across is None:
        return
    yield BLANK
    yield line(strong("Across cases"))
    why = "Rules over all cases of a client, or over all that a person did, in the order in which it happened."
    yield from prose(why, cells, indent=2)
    columns = (
        Column(head="complied", right=True),
        Column(head="kept", right=True),
        Column(head="broken", right=True),
        Column(head="rule", rest=True),
    )
    yield from table(columns, [(*_degree(one.kept, one.broken), _named(one)) for one in rules], cells)
    yield from _parties(across, cells)
    unseen = ", ".join(f"{name} ({number(count)})" for name, count in across.not_examined.items())
    if unseen:
        yield from prose(f"Not examined: {unseen}.", cells, indent=2)
    held = [one for one in across.deviations if one.unexcused]
    for place, one in enumerate(held[:most], start=1):
        yield BLANK
        yield line(strong(f"Case {visible(one.case)}"))
        yield from deviation_lines(one, number=place, sources=sources, cells=cells)
    if most is not None and len(held) > most:
        yield BLANK
        yield line(f"  ... and {number(len(held) - most)} more; --json has them all")
    settled = [one for one in across.deviations if not one.unexcused]
    if settled:
        yield BLANK
        yield from settled_lines(_with_case(settled[:most]), cells=cells)
        if most is not None and len(settled) > most:
            yield line(f"  ... and {number(len(settled) - most)} more")


def _parties(across: Across, cells: int) -> Iterator[Line]:
    """Yield who broke rules most often, or with whom they were broken."""
    sums: dict[tuple[str, str], list[int]] = {}
    for one in across.parties:
        counts = sums.setdefault((one.per.value, one.party), [0, 0])
        counts[0] += one.standing.kept
        counts[1] += one.standing.broken
    broken = sorted((-bad, kept, *name) for name, (kept, bad) in sums.items() if bad)
    if not broken:
        return
    yield BLANK
    columns = (
        Column(head="complied", right=True),
        Column(head="kept", right=True),
        Column(head="broken", right=True),
        Column(head="of", rest=True),
    )
    rows = [(*_degree(kept, -bad), f"{per} {party}") for bad, kept, per, party in broken[:TOP]]
    yield from table(columns, rows, cells)
    if len(broken) > TOP:
        yield line(f"  ... and {number(len(broken) - TOP)} more; --json has them all")


def _degree(kept: int, broken: int) -> tuple[str, str, str]:
    tally = Tally(kept=kept, broken=broken)
    return share(tally.kept, tally.kept + tally.broken) or "-", number(kept), number(broken)


def _named(one: RuleCompliance) -> str:
    clause = f" ({one.clause})" if one.clause else ""
    return f"{one.rule}{f': {one.title}' if one.title else ''}{clause}"


def _with_case(deviations: Sequence[Deviation]) -> Iterator[Deviation]:
    """Yield deviations that name their case in what they say: here they stand beside those of others."""
    for one in deviations:
        yield replace(one, message=f"case {one.case}: {one.message}")
