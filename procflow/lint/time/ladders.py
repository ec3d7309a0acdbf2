"""What is done when time is up: who is told, who may act, and where time alone takes a case."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.calendars.length import Length
from procflow.errors import Finding
from procflow.lint.time.scene import Scene
from procflow.model.clock import Clock, LateDoing
from procflow.model.procedure import Step
from procflow.model.rules import finding
from procflow.model.words import joined


def findings(scene: Scene) -> Iterator[Finding]:
    """Yield what is wrong with `late` of clocks and steps."""
    for clock in scene.procedure.all_clocks.values():
        yield from _not_rising(clock)
        yield from _adds_nobody(scene, clock)
    yield from _circles(scene)


# --- PF408 ---------------------------------------------------------------------------------------------------------


def _not_rising(clock: Clock) -> Iterator[Finding]:
    before: Length | None = None
    for act in clock.late:
        earlier = act.after is None or (before is not None and act.after.no_longer(before) and act.after != before)
        if before is not None and earlier and not (act.after is not None and before.no_longer(act.after)):
            when = f"{act.after} after" if act.after is not None else "at once when"
            message = f"this is done {when} the time is up, and stands below what is done {before} after"
            yield finding("PF408", message, where=act.where, hint="write them in the order in which they are done")
            return
        before = act.after or before


# --- PF402, PF410 --------------------------------------------------------------------------------------------------


def _adds_nobody(scene: Scene, clock: Clock) -> Iterator[Finding]:
    """Yield entries that turn to whoever has the work already."""
    step = scene.procedure.steps.get(clock.step or "")
    here = _roles(scene, step) if step is not None and step.parallel is None else frozenset()
    named = [one for one in clock.late if one.does is not LateDoing.GO_TO]
    if here and len(named) == len(clock.late) > 0 and all(one.to in here for one in named):
        who = joined([f"`{one}`" for one in sorted({each.to for each in named})], "and")
        message = f"when the time of `{clock.id}` is up only {who} is told, who let it pass"
        hint = "name somebody else, who can help; to remind whoever has the work, write `warn: [80%]`"
        yield finding("PF402", message, where=named[0].where, hint=hint)
        return
    able = set(here)
    for act in named:
        if act.does is not LateDoing.ESCALATE:
            continue
        if act.to in able:
            before = "works there" if act.to in here else "may act already"
            message = f"the escalation to `{act.to}` adds nobody: that role {before}"
            yield finding("PF410", message, where=act.where, hint="escalate to somebody else, or write `notify`")
        able.add(act.to)


def _roles(scene: Scene, step: Step) -> frozenset[str]:
    """Return who is to do what the step is there for; who may do something else there could still help."""
    if step.waiting is not None:
        return frozenset({step.waiting.party})
    return frozenset({step.by.role}) if step.by is not None and step.by.role is not None else scene.roles_in(step)


# --- PF409 ---------------------------------------------------------------------------------------------------------


def _circles(scene: Scene) -> Iterator[Finding]:
    onward = {step.id: step.goes_to.to for step in scene.procedure.steps.values() if step.goes_to is not None}
    told: set[str] = set()
    for first in onward:
        way = [first]
        while (target := onward.get(way[-1])) is not None and target not in way:
            way.append(target)
        if target != first or told & set(way):
            continue
        told |= set(way)
        round_trip = " -(when late)-> ".join([*way, first])
        act = scene.procedure.steps[first].goes_to
        assert act is not None
        hint = f"the circle: {round_trip}\nlet one of the steps `escalate`, or lead to another step"
        yield finding("PF409", "time alone takes a case round in a circle", where=act.where, hint=hint)
