"""The account of a case: all that is said of it, put into the order in which it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from procflow.automaton.alignment import Aligner
from procflow.case import CaseState
from procflow.explanation import Aside, Link, Node, Start, asides_of, deviations_of, events_since
from procflow.model.clock import ClockCycle
from procflow.model.deviation import Deviation, Disposition
from procflow.monitors.moment import Judged, Withdrawn
from procflow.monitors.rules.causes import with_causes, with_rows

_BREACHES = ("DV401", "DV409", "DV410", "DV602", "DV608")


def deviations_in_order(
    nodes: Sequence[Node], since: Sequence[Judged], start: Start, link: Link | None, aside: Aside | None, seq: int
) -> list[Deviation]:
    """Return the deviations of a case in the order of what they blame; `since`: what was said after the last event.

    `seq` is that of the last event.
    """
    back = {id(one.deviation) for one in since if isinstance(one, Withdrawn)}
    noted = [one for one in deviations_of(nodes) if id(one) not in back]
    came = with_causes([*noted, *(one for one in since if isinstance(one, Deviation))])
    if any(one.of_time for one in came):
        came = with_rows(came, events_since(0, start, link, None))
    # What is missing once nothing more comes is told last, what was late at the event that set it off.
    last = [0 if order < len(noted) or one.of_time else seq + 1 for order, one in enumerate(came)]
    told = [(one.seq or place, one) for one, place in zip(came, last, strict=True)]
    told += [(one.event.seq, deviation) for one in asides_of(aside) for deviation in one.deviations]
    return [one for _, one in sorted(told, key=_place)]


def waived(cycles: Sequence[ClockCycle], deviations: Sequence[Deviation]) -> tuple[ClockCycle, ...]:
    """Return the cycles of a case, those marked whose breach is excused."""
    excused = {
        (one.lateness.clock, one.lateness.cycle)
        for one in deviations
        if one.lateness is not None and one.code in _BREACHES and one.disposition is Disposition.EXCUSED
    }
    if not excused:
        return tuple(cycles)
    return tuple(replace(one, waived=True) if (one.clock, one.number) in excused else one for one in cycles)


def fitness(aligner: Aligner, state: CaseState, closed: bool, complete: int) -> float:
    """Return 1 - cost / the worst possible: an open case owes nothing yet, so only its events count.

    `complete` is what the case costs with what is missing to an end.
    """
    shortest = aligner.to_an_end(state.start.opening.vector, state.start.gates).flow if closed else None
    worst = state.events + (shortest or 0)
    return 1.0 if worst == 0 else max(0.0, 1 - (complete if closed else state.cost.flow) / worst)


def _place(told: tuple[int, Deviation]) -> int:
    return told[0]
