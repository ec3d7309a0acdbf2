"""PF4: whether what is promised can be kept, what stands behind it, and whether anybody watches.

Lengths are added up on their calendars, as clocks do. Of a calendar that is not at hand only what comes out the same on
any calendar is told: sums of working days against working days, of working hours against working hours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from procflow.errors import Finding

if TYPE_CHECKING:
    from procflow.calendars.book import CalendarSet
    from procflow.model.procedure import Procedure


def findings(
    procedure: Procedure, calendars: CalendarSet | None = None, tiers: Sequence[str] = ()
) -> Iterator[Finding]:
    """Yield what is wrong with the time of a procedure; `tiers` are those of its clients, from the worst to the best."""
    if not procedure.all_clocks and procedure.calendar is None:
        return
    from procflow.lint.time import agreements, ends, ladders, pauses, sums, targets
    from procflow.lint.time.scene import Scene

    scene = Scene(procedure, calendars)
    yield from ladders.findings(scene)
    yield from pauses.findings(scene)
    yield from targets.findings(scene, tiers)
    yield from ends.findings(scene)
    yield from sums.findings(scene)
    yield from agreements.findings(scene)
