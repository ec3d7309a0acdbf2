"""What is known to hold when a case stands in a step: the conditions of the ways that lead there.

A check that looks for a case with which something goes wrong must look for one that comes so far. Whoever is in
`approval` because `compensation > 0` does not stand there with nothing to pay. What is known is forgotten where it
may change: a field that is asked for again, and whatever depends on counts or on the moment; but what was done once
has been done.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from procflow.expressions.expression import Expression, Truth, parse
from procflow.model.procedure import DONE, SAME, Action, Arrow, Procedure, Region, Step

Demand = tuple[Expression, Truth]
"""A condition, and how it came out."""
Way = tuple[Demand, ...]
"""What held on one way into a step; () if nothing is known."""

_MOST_WAYS = 8
"""Of more ways into a step nothing is said."""
_MOST_COUNTED = 50
"""Actions of which it is followed whether they were performed: each step remembers all of them."""


def ways_into(procedure: Procedure) -> Mapping[str, tuple[Way, ...]]:
    """Return for every step the ways in which a case comes to stand in it, as far as conditions tell them apart.

    Every case in the step came on one of them. Where nothing is known there is the one way ().
    """
    jumps: dict[str, list[Way]] = {}
    for action in procedure.anytime.values():
        for arrow in action.arrows:
            jumps.setdefault(arrow.to, []).append(taken(action.arrows, arrow))
    counted = {action for condition in procedure.conditions for action in condition.counts}
    done = {action: _done_once(action, procedure) for action in counted} if len(counted) <= _MOST_COUNTED else {}
    told = {name for one in procedure.anytime.values() if not one.moves for name in (*one.collect, *one.optional)}
    found: dict[str, tuple[Way, ...]] = {}
    _Ways(region=procedure.top, given=(), jumps=jumps, changing=told, done=done, found=found).find()
    return found


def taken(arrows: Sequence[Arrow], arrow: Arrow) -> Way:
    """Return what held when one of the alternatives was taken: its own condition, and none before it."""
    before = arrows[: next(index for index, one in enumerate(arrows) if one is arrow)]
    passed = tuple((one.when, Truth.FALSE) for one in before if one.when is not None)
    return passed if arrow.when is None else (*passed, (arrow.when, Truth.TRUE))


def leaving(step: Step) -> tuple[Action, ...]:
    """Return the actions that lead out of a step, or enter it anew."""
    return tuple(action for action in step.actions.values() if action.moves)


def asked_in(step: Step) -> frozenset[str]:
    """Return the fields that are asked for while a case is in a step, also inside a block."""
    fields = {*step.collect, *step.optional}
    for action in step.actions.values():
        fields.update(action.collect, action.optional)
    for branch in step.branches:
        fields |= _asked_among(branch.region)
    return frozenset(fields)


def _asked_among(region: Region) -> frozenset[str]:
    return frozenset[str]().union(*(asked_in(step) for step in region.steps.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ways:
    """Finds the ways into the steps of one region."""

    region: Region
    given: Way
    """What holds when the region is entered."""
    jumps: Mapping[str, Sequence[Way]]
    """What holds when an `anytime` action leads to a step."""
    changing: Set[str]
    """Fields that may change at any moment: from outside, or in a branch beside this one."""
    done: Mapping[str, Demand]
    """By action that is counted somewhere: that it was performed once at least."""
    found: dict[str, tuple[Way, ...]]
    """Gathers what is found, also inside blocks."""
    entries: dict[str, list[tuple[str, Way]]] = field(default_factory=dict)
    """By step: the arrows into it, each with the step it leaves and what held."""

    def find(self) -> None:
        for step in self.region.steps.values():
            for arrow, actions, way in _arrows(step):
                if arrow.to not in (SAME, DONE):
                    done = tuple(self.done[action] for action in actions if action in self.done)
                    self.entries.setdefault(arrow.to, []).append((step.id, (*way, *done)))
        held = self._held()
        for step in self.region.steps.values():
            self.found[step.id] = self._into(step, held)
            self._enter(step)

    def _enter(self, block: Step) -> None:
        """Find the ways inside a block."""
        branches = block.branches
        common = _common(self.found[block.id]) if branches else ()
        for branch in branches:
            needed: Way = ((branch.only_if, Truth.TRUE),) if branch.only_if is not None else ()
            beside = {name for one in branches if one is not branch for name in _asked_among(one.region)}
            _Ways(
                region=branch.region,
                given=(*common, *needed),
                jumps={},
                changing=self.changing | beside,
                done=self.done,
                found=self.found,
            ).find()

    def _held(self) -> Mapping[str, Way]:
        """Return what holds in each step on whatever way it was come to.

        It is found from above: a step not yet come to takes nothing away from what the others know.
        """
        held: dict[str, Way] = {}
        changed = True
        while changed:
            changed = False
            for name, step in self.region.steps.items():
                ways = [(*held[source], *way) for source, way in self.entries.get(name, ()) if source in held]
                ways.extend(self.jumps.get(name, ()))
                if name == self.region.start:
                    ways.append(self.given)
                if not ways:
                    continue
                now = self._lasting(_common(ways), step)
                if name not in held or len(now) != len(held[name]):
                    held[name], changed = now, True
        return {name: held.get(name, ()) for name in self.region.steps}

    def _into(self, step: Step, held: Mapping[str, Way]) -> tuple[Way, ...]:
        ways = [self.given] if step.id == self.region.start else []
        ways += [(*held[source], *way) for source, way in self.entries.get(step.id, ())]
        ways += self.jumps.get(step.id, ())
        lasting = {_names(way): way for way in (self._lasting(way, step) for way in ways)}
        return ((),) if not lasting or frozenset() in lasting or len(lasting) > _MOST_WAYS else tuple(lasting.values())

    def _lasting(self, way: Way, step: Step) -> Way:
        """Return what of a way still holds whatever was told in the step meanwhile."""
        changing = self.changing | asked_in(step)
        lasting = {condition.text for condition, _ in self.done.values()}
        kept = {
            (condition.text, truth is Truth.TRUE): (condition, truth)
            for condition, truth in way
            if not (condition.reads_now or condition.counts or condition.reads & changing) or condition.text in lasting
        }
        return tuple(kept.values())


def _common(ways: Sequence[Way]) -> Way:
    """Return what holds on all ways. Conditions are told apart by their text, which is quicker than by what they mean."""
    first, *rest = ways
    others = [_names(way) for way in rest]
    return tuple(
        (one, truth) for one, truth in first if all((one.text, truth is Truth.TRUE) in other for other in others)
    )


def _names(way: Way) -> frozenset[tuple[str, bool]]:
    return frozenset((one.text, truth is Truth.TRUE) for one, truth in way)


def _arrows(step: Step) -> Iterator[tuple[Arrow, Collection[str], Way]]:
    """Yield the arrows out of a step, each with the actions that were performed then, and what held."""
    if step.parallel is not None:
        for arrow in step.parallel.then:
            yield arrow, (), taken(step.parallel.then, arrow)
    if step.goes_to is not None:
        yield Arrow(to=step.goes_to.to, where=step.goes_to.where), (), ()
    for action in leaving(step):
        listed = step.checklist.items if step.checklist is not None and not action.incomplete else ()
        for arrow in action.arrows:
            yield arrow, (action.id, *listed), taken(action.arrows, arrow)


def _done_once(action: str, procedure: Procedure) -> Demand:
    text = f'times("{action}") >= 1'
    return parse(text, fields=procedure.field_types, actions=procedure.actions), Truth.TRUE
