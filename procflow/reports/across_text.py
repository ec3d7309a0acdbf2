"""What rules across cases say, for people: of all cases of a client, or of all that a person did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from procflow.model.across import Across
from procflow.model.deviation import Deviation
from procflow.model.report import RuleCompliance
from procflow.model.rule import Per, RuleStatus, Tally
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
from procflow.reports.rules_text import count_lines, degree_lines, owed, standing_lines
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
    so_far = " They have no end: what is forbidden and did not come is kept so far, and counts as complied with."
    yield from prose(why + so_far, cells, indent=2)
    yield from degree_lines(rules, cells, so_far=True)
    for rule in rules:
        yield from _of_parties(rule, across, cells)
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
        yield line(f"  {_further(len(held), most, 'deviation')}; --json has them all")
    settled = [one for one in across.deviations if not one.unexcused]
    if settled:
        yield BLANK
        yield from settled_lines(_with_case(settled[:most]), cells=cells)
        if most is not None and len(settled) > most:
            yield line(f"  {_further(len(settled), most, 'settled deviation')}; --json has them all")


def owed_by_party(across: Across, cells: int, *, most: int | None = TOP) -> Iterator[Line]:
    """Yield what is still demanded, and over whose cases: by rule, then by client or person."""
    due = [(standing, one) for standing in across.parties for one in standing.due]
    for standing, one in due[:most]:
        since = f", set off by event {one.since} of {visible(one.case)}" if one.since is not None else ""
        label = f"still owed, {standing.per.value} {visible(standing.party)}: "
        yield from prose(f"{owed(one)} (rule {one.rule}{since})", cells, indent=2, label=label)
    if most is not None and len(due) > most:
        yield line(f"  {_further(len(due), most, 'demand')}, still owed; --json has them all")


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


def _further(count: int, shown: int, what: str) -> str:
    """Return how many more there are than were shown, or how many there are if none was."""
    return f"... and {number(count - shown)} more" if shown else f"{counted(count, what)} not shown here"


def _of_parties(rule: RuleCompliance, across: Across, cells: int) -> Iterator[Line]:
    """Yield how many clients or people broke a rule, and how many keep it so far; nothing where it was not asked."""
    asked = [one for one in across.parties if one.standing.rule == rule.rule]
    if not asked:
        return
    whom = _ALL[asked[0].per]
    said: list[str] = []
    for what, statuses in _HOW:
        count = sum(rule.statuses.get(status, 0) for status in statuses)
        if count:
            of = "" if said else f" of {number(len(asked))} {whom[len(asked) > 1]}"
            said.append(f"{number(count)}{of} {what[count > 1]}")
    if said:
        yield from prose(f"{', '.join(said)}", cells, indent=2, label=f"{rule.rule}: ")


_ALL = {Per.CLIENT: ("client", "clients"), Per.PERSON: ("person", "people")}
_HOW = (
    (("broke it", "broke it"), (RuleStatus.VIOLATED,)),
    (("keeps it so far", "keep it so far"), (RuleStatus.SATISFIED, RuleStatus.SATISFIED_SO_FAR)),
    (("still owes something", "still owe something"), (RuleStatus.VIOLATED_SO_FAR,)),
    (("not to be seen", "not to be seen"), (RuleStatus.NOT_EXAMINED,)),
)


def _parties(across: Across, cells: int) -> Iterator[Line]:
    """Yield who broke rules most often, or with whom they were broken."""
    sums: dict[str, Tally] = {}
    for one in across.parties:
        name = f"{one.per.value} {one.party}"
        before = sums.get(name, Tally())
        kept = one.standing.kept + one.standing.kept_so_far
        sums[name] = Tally(kept=before.kept + kept, broken=before.broken + one.standing.broken)
    worst = sorted(((name, one) for name, one in sums.items() if one.broken), key=_most_broken)
    if worst:
        yield BLANK
        yield from count_lines("of", worst, cells)


def _most_broken(one: tuple[str, Tally]) -> tuple[int, int, str]:
    name, tally = one
    return -tally.broken, tally.kept, name


def _with_case(deviations: Sequence[Deviation]) -> Iterator[Deviation]:
    """Yield deviations that name their case in what they say: here they stand beside those of others."""
    for one in deviations:
        yield replace(one, message=f"case {one.case}: {one.message}")
