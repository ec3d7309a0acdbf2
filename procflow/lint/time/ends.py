"""Whether what starts a clock can happen, what stops it does, and whether anything runs where a case waits."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from procflow.errors import Finding
from procflow.expressions.boundaries import satisfy
from procflow.expressions.effort import Effort
from procflow.lint.entering import Demand, asked_in, taken
from procflow.lint.time.scene import Scene
from procflow.lint.time.spans import Span, certain, is_one_of
from procflow.lint.ways import ANYTIME, TOP, RegionWays, Way
from procflow.lint.witness import arrow_of, clipped
from procflow.model.by import By
from procflow.model.clock import Clock, ClockKind, Promised
from procflow.model.procedure import DONE, Branch, Procedure, Step
from procflow.model.rule import Happening, HappeningKind
from procflow.model.rules import finding
from procflow.model.words import joined

_CANCELLED = "cancelled"
_TRIED = 200
"""What holding a way against its conditions may take."""


def findings(scene: Scene) -> Iterator[Finding]:
    """Yield clocks that do not start, or do not stop where they should, and steps in which none runs."""
    for clock in scene.clocks:
        if _never_starts(scene, clock):
            named = joined([f"`{one}`" for one in clock.starts], "nor")
            message = f"`{clock.id}` never starts: {named} cannot happen"
            hint = "let a way lead there, or start it with something else; without `from` it starts when the case opens"
            yield finding("PF416", message, where=clock.where, hint=hint)
        else:
            yield from _unstopped(scene, clock)
            yield from _not_ours(scene, clock)
    yield from _unlimited(scene)


# --- PF416 ---------------------------------------------------------------------------------------------------------


def _never_starts(scene: Scene, clock: Clock) -> bool:
    return bool(clock.starts) and not any(_can_happen(one, scene) for one in clock.starts)


def _can_happen(one: Happening, scene: Scene) -> bool:
    match one.kind:
        case HappeningKind.OPENS:
            return True
        case HappeningKind.ENDS:
            return False  # what begins with the end is over with it
        case HappeningKind.ENTERS | HappeningKind.LEAVES:
            step = scene.procedure.steps.get(one.name)
            return step is None or scene.sound.is_reached(one.name)
        case _:
            if one.name in scene.procedure.anytime:
                return True
            where = [step for step in scene.procedure.steps.values() if one.step in (None, step.id)]
            return any(scene.sound.is_reached(step.id) for step in where if _offers(step, one.name))


def _offers(step: Step, action: str) -> bool:
    return action in step.actions or (step.checklist is not None and action in step.checklist.items)


# --- PF405 ---------------------------------------------------------------------------------------------------------


def _unstopped(scene: Scene, clock: Clock) -> Iterator[Finding]:
    """Yield that a case may end, and not as cancelled, without what a clock runs until."""
    fits = clock.kind in (ClockKind.TIMER, ClockKind.DEADLINE) and clock.stops and not clock.each_hand_off
    if not fits or any(one.kind is HappeningKind.ENDS for one in clock.stops):
        return
    span = Span(scene, clock)
    for name, first in span.beginnings() or [(TOP, scene.map.top.region.start)]:
        if name != TOP:
            continue
        way = _way_past(scene, span, first)
        if way is not None:
            end = way[-1].target if way else first
            until = joined([f"`{one}`" for one in clock.stops])
            message = f"a case may end in `{end}` without {until}, which `{clock.id}` runs until"
            parts = [first, *(arrow_of(one) + one.target for one in way if one.target != ANYTIME)]
            hint = f"the way: {clipped(parts)}\nif that end is to stop it, too, add `case ends` or `enters {end}` to `until`"
            yield finding("PF405", message, where=clock.where, hint=hint)
            return


def _way_past(scene: Scene, span: Span, first: str) -> list[Way] | None:
    """Return the shortest way from a step to an end that stops nothing; None if there is none that can be gone."""
    top = scene.map.top
    start = top.region.steps[first]
    if start.end is not None or span.stops_on_entry(start):
        return None
    came: dict[str, Way] = {}
    waiting = deque([first])
    seen = {first}
    out: dict[str, list[Way]] = {}
    for way in scene.sound.top_ways:
        out.setdefault(way.source, []).append(way)
    while waiting:
        here = waiting.popleft()
        step = top.region.steps.get(here)
        if step is not None and step.parallel is not None and not _passable(step, span):
            continue
        for way in out.get(here, ()):
            if way.target in seen or _stops(way, top, span):
                continue
            seen.add(way.target)
            came[way.target] = way
            target = top.region.steps.get(way.target)
            if target is None or target.end is None:
                waiting.append(way.target)
            elif target.end != _CANCELLED:
                found = _back(came, first, way.target)
                if _can_be_gone(found, scene.procedure):
                    return found
    return None


def _stops(way: Way, region: RegionWays, span: Span) -> bool:
    """Return True if a way stops the clock by itself: not only because the case ends with it."""
    named = (*span.clock.stops, *span.clock.cancels)
    if way.target == ANYTIME or way.anytime or way.late:
        # Whatever is active inside a block is left with it.
        home = span.scene.map
        if any(one.kind is HappeningKind.LEAVES and home.outermost(one.name) == way.source for one in named):
            return True
    return way.target != ANYTIME and is_one_of(named, certain(way, region))


def _passable(block: Step, span: Span) -> bool:
    """Return True if a block can be gone through without anything in it that stops the clock."""
    return all(branch.only_if is not None or _branch_passable(branch, span) for branch in block.branches)


def _branch_passable(branch: Branch, span: Span) -> bool:
    region = span.scene.map.regions[branch.id]
    first = region.region.steps[region.region.start]
    if span.stops_on_entry(first):
        return False
    seen, waiting = {first.id}, [first.id]
    while waiting:
        step = region.region.steps[waiting.pop()]
        if step.parallel is not None and not _passable(step, span):
            continue
        for way in region.out[step.id]:
            if span.stops(way, branch.id):
                continue
            if way.target == DONE:
                return True
            if way.target not in seen:
                seen.add(way.target)
                waiting.append(way.target)
    return False


def _back(came: dict[str, Way], first: str, end: str) -> list[Way]:
    found: list[Way] = []
    while end != first:
        found.append(came[end])
        end = came[end].source
    return found[::-1]


def _can_be_gone(ways: list[Way], procedure: Procedure) -> bool:
    """Return False if the conditions on a way exclude each other."""
    held: list[Demand] = []
    told = {name for one in procedure.anytime.values() for name in (*one.collect, *one.optional)}
    for way in ways:
        if way.arrow is None:
            continue
        step = procedure.top.steps.get(way.source)
        arrows = way.action.arrows if way.action is not None else step.parallel.then if step and step.parallel else ()
        if not way.late:  # time asks nothing
            held += taken(arrows, way.arrow)
        target = procedure.top.steps.get(way.target)
        changing = told | (asked_in(target) if target is not None else frozenset())
        held = [one for one in held if not (one[0].reads & changing or one[0].counts or one[0].reads_now)]
    return not held or satisfy(held, effort=Effort(_TRIED)).values is not None


# --- PF420 ---------------------------------------------------------------------------------------------------------


def _not_ours(scene: Scene, clock: Clock) -> Iterator[Finding]:
    """Yield that nobody of ours can do what a duty that comes back asks for."""
    if not clock.by_action or clock.to is Promised.SUPPLIER:
        return
    procedure = scene.procedure
    doing = [
        by
        for action in clock.by_action
        for by in (
            *((procedure.anytime[action].by,) if action in procedure.anytime else ()),
            *(_done_by(step, action) for step in procedure.steps.values() if _offers(step, action)),
        )
    ]
    if doing and all(by is not None and by.role is not None and _is_outside(by.role, procedure) for by in doing):
        who = joined([f"`{one}`" for one in dict.fromkeys(by.role for by in doing if by is not None)], "and")
        named = joined([f"`{one}`" for one in clock.by_action])
        message = f"`{clock.id}` is our duty, and only {who} can do {named}"
        hint = "name an action of ours in `by-action`, as one possible `anytime`, or add `to: supplier` if they owe it"
        yield finding("PF420", message, where=clock.where, hint=hint)


def _done_by(step: Step, action: str) -> By | None:
    """Return who does an action of a step: as it says, else whose turn it is."""
    own = step.actions[action].by if action in step.actions else None
    return own or step.whose_turn


def _is_outside(role: str, procedure: Procedure) -> bool:
    return role in procedure.roles and procedure.roles[role].external


# --- PF401 ---------------------------------------------------------------------------------------------------------


def _unlimited(scene: Scene) -> Iterator[Finding]:
    """Yield the steps in which a case may stand for ever; told only if most steps have their time."""
    working = [step for step in scene.procedure.steps.values() if step.by is not None]
    if not working or 2 * sum(step.clock is not None for step in working) < len(working):
        return
    watched: set[str] = set()
    for clock in scene.clocks:
        if clock.kind is ClockKind.COUNT:
            continue
        if clock.kind is not ClockKind.TIMER or clock.each_hand_off or clock.since is not None or clock.known:
            return  # such a clock may run anywhere
        watched |= Span(scene, clock).steps() - set(clock.paused_in)
    for step in scene.procedure.steps.values():
        waits = step.by is not None or step.waiting is not None
        due = step.waiting is not None and step.waiting.due
        around = [one for _, one in scene.map.around(step.id)]
        if not waits or due or any(scene.procedure.steps[one].clock is not None for one in around):
            continue
        if watched.isdisjoint(around) and scene.sound.is_reached(step.id):
            message = f"a case may stand in `{step.id}` for ever, and nothing is ever late"
            hint = "add `within: 2 days` with `late` to say what happens then, or let a clock run there"
            yield finding("PF401", message, where=step.where, hint=hint)
