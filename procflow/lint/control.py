"""PF6: second pairs of eyes that are never there, or not always; decisions without a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from procflow.errors import Finding
from procflow.expressions.boundaries import satisfy
from procflow.expressions.effort import Effort
from procflow.lint.facts import NOTHING, Effect, Effects, Facts
from procflow.lint.missing import Missing, Trail, told
from procflow.lint.ways import Map, RegionWays, Way, reached
from procflow.lint.witness import told as told_ways
from procflow.model.procedure import ANY, Parallel, Procedure, Region, Step
from procflow.model.rules import finding

CANCELLED = "cancelled"
"""The outcome of an end that asks for no control: the case was given up."""

_MOST_READ = 500_000
"""Parts of conditions that are read for one procedure, to see whether a way can be taken; after them none is shown."""


def findings(procedure: Procedure) -> Iterator[Finding]:
    """Yield what stands against the controls of a procedure."""
    whole = Map(procedure)
    for ways in whole.regions.values():
        yield from _same_role(ways)
    if any(step.four_eyes for step in procedure.steps.values()):
        yield from _FourEyes(procedure, whole).findings()
        for ways in whole.regions.values():
            yield from _without_reason(ways)
        # Whoever names the clauses the procedure answers to wants to know; others chose where they want a control.
        if procedure.controls:
            yield from _without_control(whole.top)


# --- PF602, PF608 --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _FourEyes:
    """Who has left which step, wherever that is asked."""

    procedure: Procedure
    whole: Map
    effort: Effort = field(default_factory=lambda: Effort(_MOST_READ))
    left: dict[str, int] = field(default_factory=dict)
    """Step -> the fact that somebody left it on its latest visit."""
    any_left: dict[str, int] = field(default_factory=dict)
    """Step under four-eyes -> the fact that somebody left one of the steps it names."""
    by_leaving: dict[str, int] = field(default_factory=dict)
    """Step -> everything that is true once somebody leaves it."""

    def __post_init__(self) -> None:
        for step in self.procedure.steps.values():
            for name in step.four_eyes:
                self.left.setdefault(name, 1 << len(self.left))
        self.by_leaving = dict(self.left)
        several = [step for step in self.procedure.steps.values() if len(step.four_eyes) > 1]
        for number, step in enumerate(several, len(self.left)):
            self.any_left[step.id] = 1 << number
            for name in step.four_eyes:
                self.by_leaving[name] |= 1 << number

    def findings(self) -> Iterator[Finding]:
        effects = Effects(
            entering=lambda step: self._entering(step.id),
            leaving=self._leaving,
            anytime=lambda _: NOTHING,
            needed=lambda _branch, _truth: 0,
        )
        facts = Facts(self.whole, effects)
        missing = Missing(facts, self._entering, self.effort)
        for step in self.procedure.steps.values() if facts.settled else ():
            known = facts.at(step.id)
            if known is None or not step.four_eyes:
                continue
            barred = [name for name in step.four_eyes if known.possible & self.left[name]]
            for name in step.four_eyes:
                if name not in barred:
                    yield _bars_nobody(step, name)
            bit = self.any_left.get(step.id) or self.left[step.four_eyes[0]]
            if barred and not known.certain & bit and (trail := self._trail(missing, step.id, bit)) is not None:
                yield _not_always(step, barred, trail)

    def _entering(self, step: str) -> Effect:
        return Effect(lost=self.left[step]) if step in self.left else NOTHING

    def _leaving(self, way: Way, step: Step) -> Effect:
        by = self.by_leaving.get(step.id, 0) if way.action is not None else 0
        return Effect(by, by)

    def _trail(self, missing: Missing, step: str, bit: int) -> Trail | None:
        """Return a way that conditions do not forbid; None if there is none, or too many were looked at."""
        for trail in missing.trails(step, bit):
            way = missing.demands(trail, bit)
            if way is not None and satisfy(way, effort=self.effort).values is not None:
                return trail
        return None


def _bars_nobody(step: Step, name: str) -> Finding:
    if name == step.id:
        message = f"`{step.id}` is under four-eyes with itself: who left it is forgotten when it is entered again"
        hint = "name the step whose work is looked at here"
    else:
        message = f"four-eyes bars nobody: no case comes through `{name}` before `{step.id}`"
        hint = f"name a step that comes before `{step.id}`, or remove `{name}`"
    return finding("PF602", message, where=step.four_eyes_where or step.where, hint=hint)


def _not_always(step: Step, names: Sequence[str], trail: Trail) -> Finding:
    named = " or ".join(f"`{name}`" for name in names)
    message = f"four-eyes does not always bar somebody: a case may come to `{step.id}` when nobody has left {named}"
    hint = f"let every way to `{step.id}` go through {named}, or name the step that this one goes through as well"
    return finding("PF608", message, where=step.four_eyes_where or step.where, hint=f"{hint}\nthe way: {told(trail)}")


# --- PF604, PF606 --------------------------------------------------------------------------------------------------


def _without_reason(ways: RegionWays) -> Iterator[Finding]:
    """Yield actions under four-eyes that turn a case down and do not say why."""
    order = {step: number for number, step in enumerate(ways.region.steps)}
    for step in ways.region.steps.values():
        if not step.four_eyes:
            continue
        onward = [way for way in ways.out[step.id] if not _is_back(way, order) and not _is_end(ways, way.target)]
        for action in step.actions.values():
            turned_down = [
                way
                for way in ways.out[step.id]
                if way.action is action and (_is_back(way, order) or (_is_end(ways, way.target) and onward))
            ]
            if turned_down and not action.reason:
                way = turned_down[0]
                what = "sends a case back to" if _is_back(way, order) else "ends a case in"
                message = f"`{action.id}` {what} `{way.target}`, and whoever does it need not say why"
                yield finding("PF604", message, where=action.where, hint="add `reason: required`")


def _same_role(ways: RegionWays) -> Iterator[Finding]:
    """Yield steps that check the work of the step before them, by the same role and without four-eyes."""
    order = {step: number for number, step in enumerate(ways.region.steps)}
    for step in ways.region.steps.values():
        if step.four_eyes or step.by is None or step.by.role in (None, ANY):
            continue
        done = [way for way in ways.out[step.id] if not way.late]
        back = [way for way in done if _is_back(way, order)]
        if len(back) == len(done):
            continue
        for way in back:
            before = ways.region.steps[way.target]
            onward = {one.target for one in ways.out[before.id] if not one.late and not _is_end(ways, one.target)}
            hands_in = onward - {before.id}
            acts = way.action.by if way.action is not None and way.action.by is not None else step.by
            if before.by == step.by == acts and hands_in == {step.id} and step.id not in before.four_eyes:
                message = f"`{step.id}` sends work back to `{before.id}`, and both are done by `{step.by}`"
                hint = f"add `four-eyes: {before.id}` to `{step.id}`, so that nobody checks their own work"
                yield finding("PF606", message, where=step.where, hint=hint)
                break


def _is_back(way: Way, order: dict[str, int]) -> bool:
    return way.target in order and order[way.target] < order[way.source]


def _is_end(ways: RegionWays, step: str) -> bool:
    return step in ways.goals


# --- PF607 ---------------------------------------------------------------------------------------------------------


def _without_control(top: RegionWays) -> Iterator[Finding]:
    """Yield ends behind a control that a case also reaches past every control, as somebody chooses."""
    onward = {step: [way.target for way in ways] for step, ways in top.out.items()}
    controls = [step.id for step in top.region.steps.values() if _is_control(step)]
    guarded = reached(controls, onward)
    came: dict[str, Way] = {}
    waiting = [top.region.start]
    while waiting:
        step = waiting.pop(0)
        for way in top.out[step] if not _is_control(top.region.steps[step]) else ():
            seen = way.target in came or way.target == top.region.start
            if not seen and not _is_decided(way, top.region.steps[step].parallel):
                came[way.target] = way
                waiting.append(way.target)
    for name in came:
        end = top.region.steps[name]
        if end.end is not None and end.end != CANCELLED and name in guarded:
            message = f"a case can come to `{name}` without anybody under four-eyes having looked at it"
            yield finding("PF607", message, where=end.where, hint=f"the way: start -> {told_ways(_trace(came, name))}")


def _trace(came: Mapping[str, Way], step: str) -> list[Way]:
    trace: list[Way] = []
    while step in came:
        trace.append(came[step])
        step = came[step].source
    return trace[::-1]


def _is_decided(way: Way, block: Parallel | None) -> bool:
    """Return True if the procedure decides that this way is taken, or whoever takes it must say or prove why."""
    if way.late:
        return True
    assert way.arrow is not None
    if way.action is not None and (way.action.reason or way.action.evidence):
        return True
    arrows = way.action.arrows if way.action is not None else block.then if block is not None else ()
    return way.arrow.when is not None or len(arrows) > 1


def _is_control(step: Step) -> bool:
    if step.four_eyes:
        return True
    return step.parallel is not None and any(_has_control(branch.region) for branch in step.parallel.branches)


def _has_control(region: Region) -> bool:
    return any(_is_control(step) for step in region.steps.values())
