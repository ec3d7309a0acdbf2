"""Lines: stretches of a procedure that can only be gone through one way.

Of two explanations on the same line, the one behind is worth following only if it is cheaper by more than the moves it
lies behind: the other can leave out what the one behind still has to do, and is never worse off. In a block of
branches that are lines this leaves few of the many configurations an explanation might lag behind in.

That holds while nothing but going on can be done on the line: no choice, no time that leads elsewhere, nothing that
only records, no `anytime` action that depends on where the case stands, no `then` that reads a condition. Starting
work is the exception that cannot be seen from the procedure: whoever lags may start the same action again and again.
"""

from __future__ import annotations

from collections.abc import Mapping

from procflow.automaton.machine import RegionMachine
from procflow.model.configuration import BRANCH_DONE, Configuration, step_of
from procflow.model.procedure import Procedure

TOP = ""
"""The region that is no branch."""


class Lines:
    """The lines of one procedure, and who lies how far behind on them."""

    def __init__(self, procedure: Procedure, regions: Mapping[str, RegionMachine]) -> None:
        """`regions` are the machines by branch id, `TOP` among them."""
        is_anywhere = all(not action.during for action in procedure.anytime.values())
        self._on = {name: _lines(machine) if is_anywhere else {} for name, machine in regions.items()}
        self._then = {
            step.id: step.parallel.then[0].to
            for step in procedure.top.steps.values()
            if step.parallel is not None
            and step.goes_to is None
            and len(step.parallel.then) == 1
            and step.parallel.then[0].when is None
            and procedure.top.steps[step.parallel.then[0].to].parallel is None
            and procedure.top.steps[step.parallel.then[0].to].end is None
        }
        """Block -> where it always leads."""

    def behind(self, at: Configuration, other: Configuration) -> int | None:
        """Return how many moves `other` lies behind `at`; None unless it does, on lines alone."""
        if at.early or other.early:
            return None
        if not at.branches:
            return self._lag_outside(at, other) if other.branches else self._lag(TOP, at.place, other.place)
        if at.place != other.place or at.place not in self._then:
            return None
        total = 0
        for (name, one), (_, lagging) in zip(at.branches, other.branches, strict=True):
            if one is lagging or one == lagging:
                continue
            lag = None if one.branches or lagging.branches else self._lag(name, one.place, lagging.place)
            if lag is None:
                return None
            total += lag
        return total or None

    def _lag_outside(self, at: Configuration, other: Configuration) -> int | None:
        """Return how far a case in a block lies behind one that has left it."""
        then = self._then.get(other.place)
        total = 0 if then == at.place else None if then is None else self._lag(TOP, at.place, then)
        for name, lagging in other.branches:
            lag = 0 if lagging.at_rest else None if lagging.branches else self._lag(name, BRANCH_DONE, lagging.place)
            if lag is None or total is None:
                return None
            total += lag
        return total

    def _lag(self, region: str, place: str, other: str) -> int | None:
        on = self._on[region]
        ahead, back = on.get(place), on.get(other)
        if ahead is None or back is None or ahead[0] != back[0] or ahead[1] <= back[1]:
            return None
        return ahead[1] - back[1]


def _lines(machine: RegionMachine) -> Mapping[str, tuple[str, int]]:
    """Return for each place on a line the head of the line and how many moves it is from there."""
    onward = {place: target for place in machine.order if (target := _only_way(machine, place)) is not None}
    entered = set(onward.values())
    found: dict[str, tuple[str, int]] = {}
    for head in onward:
        if head in entered:
            continue
        place, position = head, 0
        while place not in found:
            found[place] = (head, position)
            if place not in onward:
                break
            place, position = onward[place], position + 1
    return found


def _only_way(machine: RegionMachine, place: str) -> str | None:
    """Return where a place leads if it leads to one place only, whatever is done there, and that is no block or end."""
    triggers = [] if place == BRANCH_DONE else list(machine.due(place))
    if len(triggers) != 1 or machine.region.steps[step_of(place)].goes_to is not None:
        return None
    specs = machine.ways(place, triggers[0])
    target = machine.fire(place, triggers[0], specs[0].index)
    if len(specs) != 1 or target == place:
        return None
    if target == BRANCH_DONE:
        return target
    step = machine.region.steps[step_of(target)]
    return None if step.parallel is not None or step.end is not None else target
