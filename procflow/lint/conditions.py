"""PF505 to PF511: conditions that hold always or never, alternatives that overlap or leave a gap.

What is told is shown by values with which it happens. Values that are unknown are another matter (PF509), and what
cannot be proved is not told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from procflow.errors import Finding, SourceSpan
from procflow.expressions.boundaries import asked_in, idle_parts, may_come_out, render_witness, satisfy
from procflow.expressions.effort import Effort
from procflow.expressions.expression import Expression, Truth
from procflow.lint.entering import Demand, leaving
from procflow.lint.likely import Cases
from procflow.lint.limits import UsedUp
from procflow.model.hand_off import REFUSE
from procflow.model.procedure import Action, Arrow, Procedure, Step
from procflow.model.rules import finding

_MOST_PAIRED = 30
"""Alternatives of one action of which every pair is compared; of more, only neighbours."""
_MOST_READ = 1_000_000
"""Parts of conditions that are read for one procedure, of which most take some thousands; then nothing more is told."""


def findings(procedure: Procedure) -> Iterator[Finding]:
    """Yield what can be said of the conditions of a procedure."""
    effort = Effort(_MOST_READ)
    cases = Cases(procedure=procedure, effort=effort)
    family = _Conditions(cases=cases, used_up=UsedUp(procedure), effort=effort)
    for action in procedure.anytime.values():
        yield from family.alternatives(action.arrows, f"`{action.id}` can never be done", None)
    for step in procedure.steps.values():
        yield from family.step(step)
    for rule in procedure.rules:
        if rule.when is not None:
            never, always = f"the rule `{rule.id}` never applies", f"the rule `{rule.id}` applies to every case"
            yield from family.constant(rule.when, rule.when_where or rule.where, never, always)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Conditions:
    """What is found out about conditions, and remembered: the same ones recur."""

    cases: Cases
    used_up: UsedUp
    effort: Effort
    possible: dict[tuple[str, Truth], bool] = field(default_factory=dict)
    """Whether a condition, by its text, can come out so."""

    def step(self, step: Step) -> Iterator[Finding]:
        """Yield what can be said of the conditions of a step."""
        if step.parallel is not None:
            yield from self._block(step)
        for action in step.actions.values():
            yield from self.alternatives(action.arrows, f"`{action.id}` can never be done", step)
        yield from self._gaps(step)

    def _block(self, step: Step) -> Iterator[Finding]:
        assert step.parallel is not None
        for branch in step.parallel.branches:
            if branch.only_if is not None:
                never, always = (
                    f"the branch `{branch.id}` is never needed",
                    f"the branch `{branch.id}` is always needed",
                )
                yield from self.constant(branch.only_if, branch.only_if_where, never, always)
        then = step.parallel.then
        yield from self.alternatives(then, f"the block `{step.id}` can never be left", step)
        if self._may_close(then):
            whole = f"when the branches of `{step.id}` are done, nothing is open"
            yield from self._gap(_shut(then), step, whole, step.where)

    # -- one condition --

    def _can_be(self, condition: Expression, truth: Truth) -> bool:
        """Return False if it is certain that the condition never comes out so."""
        key = (condition.text, truth)
        if key not in self.possible:
            self.possible[key] = may_come_out([(condition, truth)], effort=self.effort)
        return self.possible[key]

    def constant(self, condition: Expression, where: SourceSpan | None, never: str, always: str) -> Iterator[Finding]:
        """Yield that a condition, or a part of it, never or always holds; `never`, `always`: what follows then."""
        if not self._can_be(condition, Truth.TRUE):
            message = f"`{condition.text}` is never true: {never}"
            yield finding("PF507", message, where=where, hint="mend the condition, or remove what depends on it")
        elif not asked_in(condition) and not self._can_be(condition, Truth.FALSE):
            message = f"`{condition.text}` is always true: {always}"
            yield finding("PF508", message, where=where, hint="mend the condition, or leave it out")
        else:
            for part, truth in idle_parts(condition, effort=self.effort):
                code, word = ("PF507", "never") if truth is Truth.FALSE else ("PF508", "always")
                message = f"`{part}` is {word} true, so it adds nothing to the condition"
                yield finding(code, message, where=where, hint="mend this part, or leave it out")

    # -- alternatives --

    def alternatives(self, arrows: Sequence[Arrow], closed: str, step: Step | None) -> Iterator[Finding]:
        """Yield what can be said of the alternatives of an action or block. `closed`: what follows if none can hold."""
        told = False
        for index, arrow in enumerate(arrows):
            if arrow.when is None:
                continue
            alone = len(arrows) == 1
            never = closed if alone else "this alternative is never taken"
            always = "it can be left out" if alone or index == len(arrows) - 1 else "those below it are never taken"
            found = list(self.constant(arrow.when, arrow.when_where, never, always))
            told = told or bool(found)
            yield from found
        if len(arrows) > 1 and not told:
            hidden: set[int] = set()
            yield from self._hidden(arrows, hidden)
            yield from self._overlaps(arrows, step, hidden)

    def _hidden(self, arrows: Sequence[Arrow], told: set[int]) -> Iterator[Finding]:
        """Tell the alternatives that are never reached, because one before them is always taken; `told` gathers them."""
        for index, arrow in enumerate(arrows[1:], start=1):
            before = _shut(arrows[:index])
            demands = before if arrow.when is None else [*before, (arrow.when, Truth.TRUE)]
            if may_come_out(demands, effort=self.effort):
                continue
            told.add(index)
            named = "`otherwise`" if arrow.when is None else f"`{arrow.when.text}`"
            message = f"{named} is never reached: the alternatives above it take every case"
            if arrow.when is not None:
                message = f"{named} is never reached: whenever it is true, an alternative above it is"
            hint = "remove it" if arrow.when is None else "put it above the more general one, or remove it"
            yield finding("PF511", message, where=arrow.when_where or arrow.where, hint=hint)

    def _overlaps(self, arrows: Sequence[Arrow], step: Step | None, told: set[int]) -> Iterator[Finding]:
        """Tell alternatives that are true at once, each once, unless the first is a special case of the second."""
        conditions = [(index, arrow) for index, arrow in enumerate(arrows) if arrow.when is not None]
        pairs = combinations(conditions, 2) if len(conditions) <= _MOST_PAIRED else pairwise(conditions)
        for (first, one), (second, other) in pairs:
            assert one.when is not None
            assert other.when is not None
            if one.to == other.to or second in told:
                continue
            both: list[Demand] = [(one.when, Truth.TRUE), (other.when, Truth.TRUE)]
            alone: list[Demand] = [(one.when, Truth.TRUE), (other.when, Truth.FALSE)]
            if not satisfy(both, effort=self.effort) or not satisfy(alone, effort=self.effort):
                continue
            found = self.cases.find([*_shut(arrows[:first]), *both], step)
            if found is None:
                continue
            told.add(second)
            message = (
                f"`{one.when.text}` and `{other.when.text}` are both true at {render_witness(found)}: "
                f"the first one wins, and the case goes to `{one.to}`, not to `{other.to}`"
            )
            hint = "nothing to do if that is meant; else make them exclude each other"
            yield finding("PF505", message, where=other.when_where, hint=hint)

    # -- gaps --

    def _may_close(self, arrows: Sequence[Arrow]) -> bool:
        """Return True if all of some alternatives can be shut, and none of their conditions is told already."""
        conditions = [arrow.when for arrow in arrows if not arrow.otherwise]
        return len(conditions) == len(arrows) and all(
            one is not None and self._can_be(one, Truth.TRUE) and self._can_be(one, Truth.FALSE) for one in conditions
        )

    def _gaps(self, step: Step) -> Iterator[Finding]:
        """Tell a step that may be stuck, and actions with alternatives of which none may be open."""
        ways_out = [action for action in leaving(step) if action.id != REFUSE]  # that is over once work is accepted
        guarded = [action for action in ways_out if self._may_close(action.arrows)]
        records = [action for action in step.actions.values() if not action.moves and self._may_close(action.arrows)]
        every = [demand for action in guarded for demand in _shut(action.arrows)]
        # What waits for a moment opens by itself.
        waits = any(condition.reads_now for condition, _ in every)
        if ways_out and len(guarded) == len(ways_out) and not waits:
            place = guarded[0].where if len(guarded) == 1 else step.where
            told = list(self._gap(every, step, f"in `{step.id}` nothing is open", place))
            if told:
                yield from told
                return
        yield from self._used_up(step, ways_out, guarded)
        for action in (*guarded, *records):
            if len(action.arrows) > 1:
                demands = every if action.moves else _shut(action.arrows)
                yield from self._gap(demands, step, f"`{action.id}` leads nowhere: nothing is open", action.where)

    def _used_up(self, step: Step, ways_out: Sequence[Action], guarded: Sequence[Action]) -> Iterator[Finding]:
        """Tell a step in which a case is stuck once limits are reached: `at-most` is a condition like others."""
        if not all(action.at_most is not None or action in guarded for action in ways_out):
            return
        # What is possible at any time leads on: whoever wrote that has thought of cases that go no further.
        anytime = self.cases.procedure.anytime.values()
        if any(action.moves and (not action.during or step.id in action.during) for action in anytime):
            return
        spent = [action for action in ways_out if self.used_up.may_be(action, step.id)]
        rest = [action for action in ways_out if action not in spent]
        if not spent or not all(action in guarded for action in rest):
            return
        demands = [demand for action in rest for demand in _shut(action.arrows)]
        found = self.cases.find_known(demands, step)
        if found is None or any(condition.reads_now for condition, _ in demands):
            return
        often = " and ".join(f"`{action.id}` was done {_times(action.at_most)}" for action in spent)
        at = f" at {render_witness(found)}" if found else ""
        message = f"in `{step.id}` nothing is open{at}, once {often}"
        hint = "add an action that leads on from there however often that was done"
        yield finding("PF506", message, where=spent[0].where, hint=hint)

    def _gap(self, demands: Sequence[Demand], step: Step, whole: str, where: SourceSpan) -> Iterator[Finding]:
        found = self.cases.find_known(demands, step)
        if found:
            message = f"{whole} at {render_witness(found)}"
            hint = "cover these values with a condition, or add a last alternative with `otherwise: true`"
            yield finding("PF506", message, where=where, hint=hint)


def _times(often: int | None) -> str:
    return "once" if often == 1 else f"{often} times"


def _shut(arrows: Sequence[Arrow]) -> list[Demand]:
    """Return what holds when none of some alternatives is open."""
    return [(arrow.when, Truth.FALSE) for arrow in arrows if arrow.when is not None]
