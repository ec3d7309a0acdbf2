"""Where a clock runs: where it may begin, what certainly ends it, and the steps in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procflow.lint.time.scene import Scene
from procflow.lint.ways import TOP, RegionWays, Way
from procflow.model.clock import Clock
from procflow.model.procedure import DONE, Step
from procflow.model.rule import Happening, HappeningKind


def certain(way: Way, region: RegionWays) -> Iterator[tuple[HappeningKind, str, str]]:
    """Yield what certainly happens when a way is gone: kind, name, and the step of an action."""
    source = region.region.steps.get(way.source)
    if way.action is not None:
        yield HappeningKind.ACTION, way.action.id, way.source
        if source is not None and source.checklist is not None and not (way.action.incomplete or way.anytime):
            for item in source.checklist.items:
                yield HappeningKind.ACTION, item, way.source
    if source is not None:
        yield HappeningKind.LEAVES, way.source, ""
    target = region.region.steps.get(way.target)
    if target is not None:
        yield from _entered(target)
        if target.end is not None and region.name == TOP:
            yield HappeningKind.ENDS, "", ""


def _entered(step: Step) -> Iterator[tuple[HappeningKind, str, str]]:
    yield HappeningKind.ENTERS, step.id, ""
    for branch in step.branches:
        if branch.only_if is None:
            yield from _entered(branch.region.steps[branch.region.start])


def is_one_of(these: Sequence[Happening], found: Iterator[tuple[HappeningKind, str, str]]) -> bool:
    """Return True if one of these happens."""
    told = list(found)
    return any(
        one.kind is kind and one.name == name and (one.step is None or one.step == step)
        for one in these
        for kind, name, step in told
    )


class Span:
    """Where one clock runs."""

    def __init__(self, scene: Scene, clock: Clock) -> None:
        self.scene = scene
        self.clock = clock
        self._known: dict[int, tuple[Way, bool]] = {}

    def stops(self, way: Way, name: str) -> bool:
        """Return True if a way in a region certainly stops it."""
        known = self._known.get(id(way))
        if known is None:
            region = self.scene.map.regions[name]
            told = certain(way, region)
            stops = is_one_of((*self.clock.stops, *self.clock.cancels), told) or _is_end(way, region)
            known = self._known[id(way)] = (way, stops)
        return known[1]

    def stops_on_entry(self, step: Step) -> bool:
        """Return True if entering a step, as the first of its region, stops it."""
        return any(one.kind is HappeningKind.ENTERS and one.name == step.id for one in self.clock.stops)

    def beginnings(self) -> list[tuple[str, str]]:
        """Return the regions and steps in which a case stands when it begins, as far as that can be told."""
        if self.clock.since is not None or self.clock.known or self.clock.each_hand_off:
            return []
        if not self.clock.starts or any(one.kind is HappeningKind.OPENS for one in self.clock.starts):
            return [(TOP, self.scene.map.top.region.start)]
        found: dict[tuple[str, str], None] = {}
        for name, region in self.scene.map.regions.items():
            for one in self.clock.starts:
                if one.kind is HappeningKind.ENTERS and one.name in region.region.steps:
                    found[name, one.name] = None
            for way in region.ways():
                begun = [one for one in self.clock.starts if one.kind in (HappeningKind.ACTION, HappeningKind.LEAVES)]
                target = region.region.steps.get(way.target)
                if target is not None and target.end is None and is_one_of(begun, certain(way, region)):
                    found[name, way.target] = None
        return [one for one in found if self.scene.sound.is_reached(one[1])]

    def steps(self, *, anytime: bool = False) -> set[str]:
        """Return the steps in which it may run: a case comes to them with it running. Those it is paused in, too.

        With `anytime` also those that an `anytime` action may lead to meanwhile.
        """
        found: set[str] = set()
        waiting = [step for _, step in self.beginnings()]
        if anytime:
            moving = [one for action in self.scene.procedure.anytime.values() for one in action.arrows]
            reached = [self.scene.procedure.steps[one.to] for one in moving if one.to in self.scene.procedure.steps]
            waiting += [step.id for step in reached if not self.stops_on_entry(step)]
        while waiting:
            step = self.scene.procedure.steps[waiting.pop()]
            if step.id in found or step.end is not None:
                continue
            found.add(step.id)
            name = self.scene.map.home[step.id]
            for branch in step.branches:
                first = branch.region.steps[branch.region.start]
                if not self.stops_on_entry(first):
                    waiting.append(first.id)
            for way in self.scene.map.regions[name].out[step.id]:
                if not self.stops(way, name) and way.target != DONE:
                    waiting.append(way.target)
            goes = step.goes_to
            if goes is not None and goes.to in self.scene.procedure.steps and not self._stopped_by_time(step, goes.to):
                waiting.append(goes.to)
        return found

    def _stopped_by_time(self, step: Step, to: str) -> bool:
        return any(
            (one.kind is HappeningKind.ENTERS and one.name == to)
            or (one.kind is HappeningKind.LEAVES and one.name == step.id)
            for one in self.clock.stops
        )


def _is_end(way: Way, region: RegionWays) -> bool:
    """Return True if the case is over with it: that stops every clock."""
    target = region.region.steps.get(way.target)
    return region.name == TOP and target is not None and target.end is not None
