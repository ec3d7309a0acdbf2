"""A procedure as a graph: steps, the ways between them, blocks with their lanes. What every picture shows, before any drawing.

Blocks hold whole graphs, and no way crosses the border of a block. So each lane can be laid out by itself, and the
block with all that is in it is one node of the graph around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from procflow.model.hand_off import ACTS, REFUSE, TAKE_CASE
from procflow.model.procedure import SAME, Action, Arrow, Procedure, Region, Role, Step
from procflow.reports.document.offers import receivers

if TYPE_CHECKING:
    from procflow.expressions.expression import Expression
    from procflow.model.clock import LateAct


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One alternative of a way: where it leads, and when."""

    to: str
    """A step of the same scene, or `done`."""
    when: Expression | None
    otherwise: bool
    back: bool
    """True: it closes a loop, so the flow is to be drawn against it."""
    handed: bool = False
    """True: it hands the work over to other people, who have to accept it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a step is left: an action that moves, the `then` of a block, or its time."""

    source: str
    action: Action | None
    """None for the `then` of a block, and for time that has run out."""
    legs: tuple[Leg, ...]
    late: LateAct | None = None
    """What is done when the time of the step has run out, if this is it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """That work may be given back to the step it came from."""

    source: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One branch of a block."""

    id: str
    only_if: Expression | None
    scene: Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A step in its scene."""

    step: Step
    lanes: tuple[Lane, ...]
    """() unless the step is a block."""
    stays: tuple[Action, ...]
    """The actions that only record, but that work is accepted."""
    reached: bool
    """False: no way leads here from the start, nor from any `anytime` action."""
    aside: bool
    """True: only an `anytime` action leads here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A flat graph: the top level, or one lane of a block."""

    start: str | None
    """None only for a part of a scene."""
    spots: tuple[Spot, ...]
    """In document order."""
    ways: tuple[Way, ...]
    """In document order, by the step they leave."""
    returns: tuple[Return, ...] = ()
    """In document order, by the step that may give back what comes to it."""
    ends_with_done: bool
    """True for a lane, in which `done` is somewhere to go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """All that a picture of a procedure shows."""

    procedure: Procedure
    scene: Scene
    anytime: tuple[Action, ...]
    roles: tuple[Role, ...]
    """Those who act somewhere, in the order of the file."""


def graph_of(procedure: Procedure) -> Graph:
    """Return the graph of a procedure, steps that nothing leads to included."""
    anytime = tuple(one for one in procedure.anytime.values() if one.id != TAKE_CASE)
    targets = [arrow.to for action in anytime for arrow in action.arrows if arrow.to != SAME]
    acting = set(_acting(procedure))
    return Graph(
        procedure=procedure,
        scene=_scene(procedure, procedure.top, from_anytime=targets, inside=False),
        anytime=anytime,
        roles=tuple(role for role in procedure.roles.values() if role.id in acting),
    )


def scenes(scene: Scene) -> Iterator[Scene]:
    """Yield a scene and all that lie in its blocks, in document order."""
    yield scene
    for spot in scene.spots:
        for lane in spot.lanes:
            yield from scenes(lane.scene)


def _acting(procedure: Procedure) -> Iterator[str]:
    bys = [
        *(step.whose_turn for step in procedure.steps.values()),
        *(action.by for action in procedure.written_actions),
    ]
    yield from (by.role for by in bys if by is not None and by.role is not None)


def _scene(procedure: Procedure, region: Region, *, from_anytime: Iterable[str], inside: bool) -> Scene:
    leaving = {step.id: tuple(_leaving(step)) for step in region.steps.values()}
    successors = {
        name: tuple(arrow.to for _, arrows, _ in ways for arrow in arrows if arrow.to in region.steps)
        for name, ways in leaving.items()
    }
    from_start = _reached([region.start], successors)
    from_aside = _reached(from_anytime, successors)
    closing = _loops(region, successors)
    return Scene(
        start=region.start,
        spots=tuple(
            Spot(
                step=step,
                lanes=_lanes(procedure, step),
                stays=tuple(one for one in step.actions.values() if not one.moves and one.id not in ACTS),
                reached=step.id in from_start or step.id in from_aside,
                aside=step.id in from_aside and step.id not in from_start,
            )
            for step in region.steps.values()
        ),
        ways=tuple(
            Way(
                source=name,
                action=action,
                legs=tuple(
                    Leg(
                        to=one.to,
                        when=one.when,
                        otherwise=one.otherwise,
                        back=(name, one.to) in closing,
                        handed=any(receivers(procedure, name, one.to)),
                    )
                    for one in arrows
                ),
                late=late,
            )
            for name, ways in leaving.items()
            for action, arrows, late in ways
        ),
        returns=tuple(
            Return(source=step.id, to=arrow.to)
            for step in region.steps.values()
            if REFUSE in step.actions
            for arrow in step.actions[REFUSE].arrows
        ),
        ends_with_done=inside,
    )


def _leaving(step: Step) -> Iterator[tuple[Action | None, tuple[Arrow, ...], LateAct | None]]:
    if step.parallel is not None:
        yield None, step.parallel.then, None
    for action in step.actions.values():
        if action.moves and action.id not in ACTS:
            yield action, action.arrows, None
    late = step.goes_to
    if late is not None:
        yield None, (Arrow(to=late.to, where=late.where),), late


def _lanes(procedure: Procedure, step: Step) -> tuple[Lane, ...]:
    if step.parallel is None:
        return ()
    return tuple(
        Lane(id=branch.id, only_if=branch.only_if, scene=_scene(procedure, branch.region, from_anytime=(), inside=True))
        for branch in step.parallel.branches
    )


def _reached(starts: Iterable[str], successors: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = [one for one in starts if one in successors]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += successors[name]
    return frozenset(found)


def _loops(region: Region, successors: Mapping[str, tuple[str, ...]]) -> frozenset[tuple[str, str]]:
    """Return the pairs of steps whose arrows are drawn against the flow; without them there is no circle.

    Who writes a procedure mostly writes it in the order of the work: then arrows to earlier steps lead back. A file in
    another order, such as that of the alphabet, has fewer that close a way from the start.
    """
    order = {name: number for number, name in enumerate(region.steps)}
    upwards = frozenset(
        (name, to) for name, following in successors.items() for to in following if order[to] <= order[name]
    )
    closing = _closing([region.start, *region.steps], successors)
    return upwards if len(upwards) <= len(closing) else closing


def _closing(starts: Iterable[str], successors: Mapping[str, tuple[str, ...]]) -> frozenset[tuple[str, str]]:
    """Return the pairs of steps whose arrows lead back into the way that led there; without them there is no circle."""
    found: set[tuple[str, str]] = set()
    seen: set[str] = set()
    for start in starts:
        if start in seen:
            continue
        seen.add(start)
        path = [start]
        on_path = {start}
        ahead = [iter(successors[start])]
        while path:
            following = next(ahead[-1], None)
            if following is None:
                on_path.remove(path.pop())
                ahead.pop()
            elif following in on_path:
                found.add((path[-1], following))
            elif following not in seen:
                seen.add(following)
                path.append(following)
                on_path.add(following)
                ahead.append(iter(successors[following]))
    return frozenset(found)
