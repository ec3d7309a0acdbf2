"""The ways of a procedure: every region a graph of its own, in which a block is one step like the others.

Arrows never cross the border of a block, so what is true of every region is true of the whole, and nothing has to
look at how branches may stand side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from procflow.model.procedure import DONE, SAME, Action, Arrow, Branch, Procedure, Region, Step

TOP = ""
"""The name of the top level; a branch goes by its id."""
ANYTIME = "*"
"""Stands for every step of the top level that is no end: what is possible anywhere leads from here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way from a step to another."""

    source: str
    target: str
    """A step of the same region, `done`, or `ANYTIME`."""
    action: Action | None = None
    """None for the `then` of a block, for time that has run out, and for what leads to `ANYTIME`."""
    arrow: Arrow | None = None
    """None for what leads to `ANYTIME`."""
    anytime: bool = False
    """True for what an `anytime` action does."""
    late: bool = False
    """True for where the case goes when the time of the step, or of the block, has run out; `action` is None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionWays:
    """One region and the ways in it."""

    name: str
    region: Region
    goals: frozenset[str]
    """Where it is over: `done`, or the ends of the top level."""
    out: Mapping[str, tuple[Way, ...]]
    """Step -> the ways out of it, in the order of the file; () of an end. Without `anytime`."""
    block: Step | None = None
    """The block it is a branch of; None for the top level."""
    branch: Branch | None = None

    def ways(self) -> Iterator[Way]:
        """Yield every way, in the order of the file."""
        for found in self.out.values():
            yield from found


class Map:
    """Every region of a procedure with its ways."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.regions: dict[str, RegionWays] = {}
        """By name, what lies inside a block before the region of the block."""
        self.home: dict[str, str] = {}
        """Step -> the name of its region."""
        self._add(TOP, procedure.top, None, None)
        self.top = self.regions[TOP]

    def _add(self, name: str, region: Region, block: Step | None, branch: Branch | None) -> None:
        for step in region.steps.values():
            self.home[step.id] = name
            for one in step.branches:
                self._add(one.id, one.region, step, one)
        ends = frozenset(step.id for step in region.steps.values() if step.end is not None)
        self.regions[name] = RegionWays(
            name=name,
            region=region,
            goals=ends if block is None else frozenset({DONE}),
            out={step.id: tuple(_ways_of(step)) for step in region.steps.values()},
            block=block,
            branch=branch,
        )

    def around(self, step: str) -> Iterator[tuple[RegionWays, str]]:
        """Yield the region a step stands in, then the one of the block around it, up to the top, each with its step."""
        here = self.regions[self.home[step]]
        yield here, step
        while here.block is not None:
            step = here.block.id
            here = self.regions[self.home[step]]
            yield here, step

    def outermost(self, step: str) -> str:
        """Return the step of the top level that a step is, or lies inside."""
        return list(self.around(step))[-1][1]


def _ways_of(step: Step) -> Iterator[Way]:
    for action in step.actions.values():
        for arrow in action.arrows:
            if arrow.to != SAME:
                yield Way(source=step.id, target=arrow.to, action=action, arrow=arrow)
    for arrow in step.parallel.then if step.parallel is not None else ():
        yield Way(source=step.id, target=arrow.to, arrow=arrow)
    if step.goes_to is not None:
        arrow = Arrow(to=step.goes_to.to, where=step.goes_to.where)
        yield Way(source=step.id, target=arrow.to, arrow=arrow, late=True)


def anytime_ways(procedure: Procedure, sources: Mapping[str, Iterable[str]]) -> Iterator[Way]:
    """Yield what `anytime` actions that move make possible at the top level.

    `sources` says for each action with `while` from which steps of the top level. What is possible anywhere leads
    from `ANYTIME`, and to there from every step: so there are few ways, however many steps there are.
    """
    everywhere = False
    for action in procedure.anytime.values():
        if not action.moves:
            continue
        everywhere = everywhere or not action.during
        for source in sources[action.id] if action.during else (ANYTIME,):
            arrow = action.arrows[0]
            yield Way(source=source, target=arrow.to, action=action, arrow=arrow, anytime=True)
    if everywhere:
        for step in procedure.top.steps.values():
            if step.end is None:
                yield Way(source=step.id, target=ANYTIME)


def reached(starts: Iterable[str], onward: Mapping[str, Iterable[str]]) -> set[str]:
    """Return what can be reached from `starts`, those included."""
    seen = set(starts)
    waiting = list(seen)
    while waiting:
        for target in onward.get(waiting.pop(), ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen
