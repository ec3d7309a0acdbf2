"""Pauses: how often, on what record, and for whom."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.errors import Finding
from procflow.lint.limits import unlimited_of
from procflow.lint.time.scene import Scene
from procflow.lint.time.spans import Span
from procflow.lint.ways import Way, reached
from procflow.lint.witness import circles, told
from procflow.model.clock import Clock, Promised
from procflow.model.rules import finding
from procflow.model.words import joined


def findings(scene: Scene) -> Iterator[Finding]:
    """Yield what is wrong with `paused-in`."""
    for clock in scene.clocks:
        yield from _for_ever(scene, clock)
        yield from _without_request(scene, clock)
        yield from _for_suppliers(scene, clock)
        yield from _outside(scene, clock)


def _for_ever(scene: Scene, clock: Clock) -> Iterator[Finding]:
    """Yield that nothing counts how often a clock is paused. PF406."""
    if clock.max_pause is not None:
        return
    for name, region in scene.map.regions.items():
        pausing = [step for step in clock.paused_in if scene.map.home.get(step) == name]
        if not pausing:
            continue
        ways: list[Way] = unlimited_of(region, set())
        onward: dict[str, list[str]] = {}
        for way in ways:
            onward.setdefault(way.source, []).append(way.target)
        for step in pausing:
            after = reached(onward.get(step, ()), onward)
            if step not in after or not scene.sound.is_reached(step):
                continue
            knot = {one for one in after if step in reached([one], onward)}
            inside = [way for way in ways if way.source in knot and way.target in knot]
            turned = [*(way for way in inside if way.source == step), *(way for way in inside if way.source != step)]
            circle = next((one for one in circles(turned) if any(way.source == step for way in one)), None)
            if circle is None:
                continue
            message = (
                f"`{clock.id}` may be paused in `{step}` again and again: nothing limits how often, or how long in all"
            )
            hint = f"the circle: {told(circle)}\nadd `max-pause: 10 days` to the clock, or `at-most` to an action of the circle"
            yield finding("PF406", message, where=clock.where, hint=hint)
            return


def _without_request(scene: Scene, clock: Clock) -> Iterator[Finding]:
    """Yield steps to pause in that need not say what is asked and until when. PF417."""
    for name in clock.paused_in:
        step = scene.procedure.steps[name]
        if step.waiting is None or (step.waiting.asked and step.waiting.due):
            continue
        lacking = [key for key, there in (("asked", step.waiting.asked), ("due", step.waiting.due)) if not there]
        message = (
            f"`{clock.id}` is to pause in `{name}`, which need not say {_words(lacking)}: without it the clock runs on"
        )
        add = ", ".join(f"{key}: required" for key in lacking)
        yield finding("PF417", message, where=step.where, hint=f"add `{add}` to its `waiting-for`")


def _words(lacking: list[str]) -> str:
    return joined([{"asked": "what is asked", "due": "until when"}[one] for one in lacking], "and")


def _for_suppliers(scene: Scene, clock: Clock) -> Iterator[Finding]:
    """Yield that the client waits while we wait for a supplier. PF418."""
    if clock.to is not Promised.CLIENT:
        return
    for name in clock.paused_in:
        waiting = scene.procedure.steps[name].waiting
        role = scene.procedure.roles.get(waiting.party) if waiting is not None else None
        if role is not None and role.supplier:
            message = f"`{clock.id}` is promised to the client, and pauses in `{name}`, while we wait for `{role.id}`"
            hint = "leave it if that is agreed; else let it run on, and give the supplier a clock (`to: supplier`)"
            yield finding("PF418", message, where=clock.where, hint=hint)
            return


def _outside(scene: Scene, clock: Clock) -> Iterator[Finding]:
    """Yield that a clock cannot run where it is to pause. PF421."""
    span = Span(scene, clock)
    if not clock.paused_in or not span.beginnings():
        return
    inside = span.steps(anytime=True)
    for name in clock.paused_in:
        # A step may be named for what is in it, or lie inside one where the clock runs.
        around = {one for _, one in scene.map.around(name)}
        within = {each for one in inside for _, each in scene.map.around(one)}
        if around & inside or name in within or not scene.sound.is_reached(name):
            continue
        message = f"`{clock.id}` does not run in `{name}`, in which it is to pause"
        hint = f"remove `{name}` from `paused-in`, or let the clock run until later"
        yield finding("PF421", message, where=clock.where, hint=hint)
