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
    Ink,
    Line,
    Mark,
    counted,
    faint,
    line,
    number,
    prose,
    strong,
    visible,
)
from procflow.reports.rules_text import degree_lines, owed, standing_lines, tally_lines
from procflow.reports.sources import Sources, no_sources

TOP = 10
"""How many deviations are shown before it is said how many more there are."""


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
    yield from degree_lines(rules, cells)
    yield from _parties(across, cells)
    yield from owed_by_party(across, cells, most=most)
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


def owed_by_party(across: Across, cells: int, *, most: int | None = TOP) -> Iterator[Line]:
    """Yield what is still demanded, and over whose cases: by rule, then by client or person."""
    due = [(standing, one) for standing in across.parties for one in standing.due]
    for standing, one in due[:most]:
        since = f", set off by event {one.since} of {visible(one.case)}" if one.since is not None else ""
        label = f"still owed, {standing.per.value} {visible(standing.party)}: "
        yield from prose(f"{owed(one)} (rule {one.rule}{since})", cells, indent=2, label=label)
    if most is not None and len(due) > most:
        yield line(f"  ... and {number(len(due) - most)} more still owed; --json has them all")


def case_across_lines(across: Across, cells: int) -> Iterator[Line]:
    """Yield what rules across cases say of one case, and how they stand with those it concerns; nothing without any."""
    counting = [one for one in across.deviations if one.unexcused]
    settled = [one for one in across.deviations if not one.unexcused]
    if not (counting or settled or across.parties):
        return
    yield BLANK
    yield line(strong("Across cases"))
    for standing in across.parties:
        yield line(faint(f"  {standing.per.value} {visible(standing.party)}"))
        yield from standing_lines([standing.standing], cells, indent=4)
    yield from owed_by_party(across, cells, most=None)
    for place, one in enumerate(counting, start=1):
        yield from deviation_lines(one, number=place, cells=cells, indent=2)
    if settled:
        yield from settled_lines(settled, cells=cells)


def _parties(across: Across, cells: int) -> Iterator[Line]:
    """Yield who broke rules most often, or with whom they were broken."""
    sums: dict[str, Tally] = {}
    for one in across.parties:
        name = f"{one.per.value} {one.party}"
        before = sums.get(name, Tally())
        sums[name] = Tally(kept=before.kept + one.standing.kept, broken=before.broken + one.standing.broken)
    worst = sorted(((name, one) for name, one in sums.items() if one.broken), key=_most_broken)
    if worst:
        yield BLANK
        yield from tally_lines("of", worst, cells)


def _most_broken(one: tuple[str, Tally]) -> tuple[int, int, str]:
    name, tally = one
    return -tally.broken, tally.kept, name


def _with_case(deviations: Sequence[Deviation]) -> Iterator[Deviation]:
    """Yield deviations that name their case in what they say: here they stand beside those of others."""
    for one in deviations:
        yield replace(one, message=f"case {one.case}: {one.message}")
