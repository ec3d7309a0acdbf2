"""A procedure as a status history sees it: only which top-level step the case stands in.

The result is a procedure again, so nothing else has to know: its actions are `enters STEP`, blocks are single steps,
checklists and inner actions are silent, and a status that repeats is a free action that does not move. Where the time of
a step runs out, the status changes like any other: such a move is not silent here. Which action of the author's was
behind a move is inferred only if exactly one fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from procflow.expressions.expression import Expression, conjunction, negation
from procflow.model.procedure import SAME, Action, Arrow, Procedure, Region, Step

ENTERS = "enters "
"""Prefix of the actions of a status history: `enters resolved`. A space cannot be in an id of the author's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """The projected procedure, and what may be inferred from it; nothing, of one that is seen as it is."""

    procedure: Procedure
    inferred: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(step, `enters STEP`) -> the one action of the author's that leads there; absent if several do, or inner ones."""
    never_skipped: frozenset[tuple[str, str]] = frozenset()
    """(step, `enters STEP`) where only `anytime` actions lead there: nobody may take it that one was forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """A way from one top-level step to another, as the author wrote it."""

    to: str
    action: Action | None
    """None for the `then` of a block: which inner action ended it is not on record. Nor is there one where time ran out."""
    anytime: bool
    condition: Expression | None
    arrow: Arrow


def project(procedure: Procedure) -> Projection:
    """Return what a status history can see of `procedure`."""
    inferred: dict[tuple[str, str], str] = {}
    never_skipped: set[tuple[str, str]] = set()
    steps = {step.id: _projected(procedure, step, inferred, never_skipped) for step in procedure.top.steps.values()}
    recording = {
        action.id: replace(action, during=_top_level(procedure, action.during))
        for action in procedure.anytime.values()
        if not action.moves
    }
    seen = replace(procedure, top=Region(start=procedure.top.start, steps=steps), anytime=recording)
    return Projection(procedure=seen, inferred=inferred, never_skipped=frozenset(never_skipped))


def _projected(
    procedure: Procedure, step: Step, inferred: dict[tuple[str, str], str], never_skipped: set[tuple[str, str]]
) -> Step:
    stays = Action(id=ENTERS + step.id, arrows=(Arrow(to=SAME, where=step.where),), where=step.where)
    actions = {stays.id: stays}
    if step.end is not None:
        return replace(step, actions=actions)
    ways: dict[str, list[_Way]] = {}
    for way in _ways(procedure, step):
        if way.to != step.id:
            ways.setdefault(way.to, []).append(way)
    for to, those in ways.items():
        action = _entering(to, those)
        actions[action.id] = action
        behind = {way.action.id if way.action is not None else "" for way in those}
        if len(behind) == 1 and "" not in behind:
            inferred[step.id, action.id] = next(iter(behind))
        if all(way.anytime for way in those):
            never_skipped.add((step.id, action.id))
    return replace(step, checklist=None, parallel=None, clock=None, hand_offs=None, actions=actions)


def _entering(to: str, ways: list[_Way]) -> Action:
    """Return the action `enters TO`: like the author's if it is the only one, else one that demands nothing."""
    if any(way.condition is None for way in ways):
        arrows: tuple[Arrow, ...] = (Arrow(to=to, where=ways[0].arrow.where),)
    else:
        arrows = tuple(Arrow(to=to, when=way.condition, where=way.arrow.where) for way in ways)
    only = ways[0].action
    if only is not None and all(way.action is only for way in ways):
        return replace(only, id=ENTERS + to, arrows=arrows, during=())
    return Action(id=ENTERS + to, arrows=arrows, incomplete=True, where=ways[0].arrow.where)


def _ways(procedure: Procedure, step: Step) -> Iterator[_Way]:
    for action in step.actions.values():
        if action.moves:
            yield from _alternatives(action.arrows, action)
    if step.parallel is not None:
        yield from _alternatives(step.parallel.then, None)
    yield from _by_time(step)
    for action in procedure.anytime.values():
        if action.moves and (not action.during or step.id in _top_level(procedure, action.during)):
            yield from _alternatives(action.arrows, action, anytime=True)


def _by_time(step: Step) -> Iterator[_Way]:
    if step.goes_to is not None:
        yield _Way(
            to=step.goes_to.to,
            action=None,
            anytime=False,
            condition=None,
            arrow=Arrow(to=step.goes_to.to, where=step.goes_to.where),
        )


def _alternatives(arrows: tuple[Arrow, ...], action: Action | None, *, anytime: bool = False) -> Iterator[_Way]:
    """Yield each alternative with the whole of its condition: its own, and that no earlier one holds."""
    none_earlier: list[Expression] = []
    for arrow in arrows:
        conditions = none_earlier if arrow.when is None else [*none_earlier, arrow.when]
        condition = conjunction(conditions) if conditions else None
        yield _Way(to=arrow.to, action=action, anytime=anytime, condition=condition, arrow=arrow)
        if arrow.when is not None:
            none_earlier.append(negation(arrow.when))


def _top_level(procedure: Procedure, steps: tuple[str, ...]) -> tuple[str, ...]:
    """Return the top-level steps that are, or contain, one of `steps`."""
    return tuple(step.id for step in procedure.top.steps.values() if not set(steps).isdisjoint(_inside(step)))


def _inside(step: Step) -> Iterator[str]:
    yield step.id
    if step.parallel is not None:
        for branch in step.parallel.branches:
            for inner in branch.region.steps.values():
                yield from _inside(inner)
