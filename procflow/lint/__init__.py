"""Checks of a procedure beyond its shape and names: one family of checks a file.

`lint` is the one door. A procedure that loads may still be unsound, and is linted only where somebody writes or
publishes it: an auditor may hold a record against a procedure that is not sound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procflow.calendars.book import CalendarSet
    from procflow.errors import Finding
    from procflow.model.procedure import Procedure

    Family = Callable[[Procedure], Iterator[Finding]]


def lint(procedure: Procedure, calendars: CalendarSet | None = None, tiers: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Return everything the families of checks have to say, in the order of the file; errors forbid publishing.

    Time is added up on `calendars`; without them only what comes out the same on any calendar is told. `tiers` are those
    of the clients, from the worst to the best.
    """
    from procflow.lint import time
    from procflow.model.rules import in_order

    said = [found for family in _families() for found in family(procedure)]
    return in_order((*said, *time.findings(procedure, calendars, tiers)))


def _families() -> tuple[Family, ...]:
    # Imported when something is linted: starting the program must not load what they need.
    from procflow.lint import conditions, control, flow, hand_offs, knowledge, rules, style

    of_flow = (flow.findings, knowledge.findings, control.findings, hand_offs.findings)
    return (*of_flow, rules.findings, conditions.findings, style.findings)
