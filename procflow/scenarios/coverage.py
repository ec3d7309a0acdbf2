"""Coverage: which steps, actions, sides of conditions, clocks and rules, and ways to deviate scenarios show.

What counts as shown is written in docs/scenarios.md, for owners; this is its other half.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from procflow.automaton.automaton import Automaton
from procflow.automaton.moves import MoveKind
from procflow.errors import Finding, SourceSpan
from procflow.expressions.expression import Expression, Facts, Truth
from procflow.model.clock import Clock, ClockKind, ClockStatus, LateDoing
from procflow.model.event import Witness
from procflow.model.hand_off import ACTS, REFUSE
from procflow.model.ignores import Ignore
from procflow.model.procedure import ANY, Action, Arrow, Procedure, Step
from procflow.model.rule import Per
from procflow.model.rules import finding
from procflow.model.scenario import Aspect, Coverage, Point
from procflow.monitors.waiting.questions import Open, Questions
from procflow.passages import Passage
from procflow.scenarios.running import Run

ANYTIME = ""
"""Stands for the step of what is possible at any time."""
THEN = "then"
ONLY_IF = "only-if"
SET_OFF, BROKEN = "set off", "broken"
"""The two sides of a rule."""
CLOCK_MET, CLOCK_LATE = "met", "late"
"""The two sides of a clock."""
ACCEPTED, GIVEN_BACK, ANSWERED = "accepted", "given back", "answered"
"""What shows a hand-off, and a question."""
_ANY_STEP = "any step"
"""What a point is called that one line says of several steps."""
TIME_UP = "time up"
"""What shows that a step was left because its time was up."""
SIDES: Mapping[ClockKind, Mapping[str, str]] = {
    ClockKind.TIMER: {CLOCK_MET: "met", CLOCK_LATE: "late"},
    ClockKind.DEADLINE: {CLOCK_MET: "met", CLOCK_LATE: "late"},
    ClockKind.PERIODIC: {CLOCK_MET: "done in time", CLOCK_LATE: "forgotten"},
    ClockKind.COUNT: {CLOCK_MET: "kept", CLOCK_LATE: "exceeded"},
}
"""What the two sides of a clock are called."""
_OF_ONE_STEP = frozenset({"DV202", "DV208"})
"""Controls of a step that each must be shown for itself."""
_DONE = (MoveKind.ACTION, MoveKind.ITEM, MoveKind.ANYTIME)


def covered(automaton: Automaton, runs: Iterable[Run], ignores: Sequence[Ignore] = ()) -> Coverage:
    """Return what of the procedure of an automaton these runs show, whether they came out or not.

    `ignores` are what comments in its file set aside.
    """
    keys = {key for run in runs for key in shown_by(automaton, run)}
    points = list(points_of(automaton.procedure))
    shown = frozenset(one for one in points if one.key in keys)
    reasons = {one: _reason(one, ignores) for one in points if one not in shown}
    return Coverage(
        points=tuple(one for one in points if reasons.get(one) is None),
        shown=shown,
        aside=tuple((one, reason) for one, reason in reasons.items() if reason is not None),
    )


def not_shown(coverage: Coverage) -> Iterator[Finding]:
    """Yield PF702 for everything that no scenario shows."""
    for one in coverage.missing:
        yield _not_shown(one)


def _not_shown(one: Point) -> Finding:
    message = f"no scenario shows the {one.aspect.value} `{one.name}`"
    return finding("PF702", message, where=one.where, hint="`procflow test --suggest` writes one that does")


def _reason(one: Point, ignores: Sequence[Ignore]) -> str | None:
    """Return why the author set a point aside; None if he did not."""
    return next((ignore.reason for ignore in ignores if ignore.covers(_not_shown(one))), None)


# --- what there is to show -----------------------------------------------------------------------------------------


def points_of(procedure: Procedure) -> Iterator[Point]:
    """Yield everything scenarios can show, in the order of the file, deviations that no step owns last."""
    for step in procedure.steps.values():
        yield _point(Aspect.STEP, (step.id,), step.id, step.where)
        yield from _actions_of(step)
        yield from _conditions_of_block(step)
        yield from _time_of(step)
        yield from _hand_offs_of(procedure, step)
        if step.four_eyes:
            yield _point(Aspect.DEVIATION, ("DV202", step.id), f"DV202 four-eyes in {step.id}", step.where)
        if step.not_by:
            yield _point(Aspect.DEVIATION, ("DV208", step.id), f"DV208 barred-person in {step.id}", step.where)
    for action in _written(procedure.anytime):
        yield _point(Aspect.ACTION, (ANYTIME, action.id), f"at any time: {action.id}", action.where)
        yield from _sides(ANYTIME, action.id, f"at any time: {action.id}", action.arrows)
        if action.ask is not None:
            yield _point(Aspect.HAND_OFF, (action.id, ANSWERED), f"{action.id}: {ANSWERED}", action.ask.where)
            yield from _late(procedure, action.ask.answer)
    for clock in procedure.clocks:
        for side in (CLOCK_MET, CLOCK_LATE):
            told = f"{clock.id}: {SIDES[clock.kind][side]}"
            yield _point(Aspect.CLOCK, (clock.id, side), told, clock.where)
    for rule in procedure.rules:
        if rule.per is Per.CASE:
            yield _point(Aspect.RULE, (rule.id, SET_OFF), f"{rule.id}: set off", rule.where)
            yield _point(Aspect.RULE, (rule.id, BROKEN), f"{rule.id}: broken", rule.where)
    for code, slug, where in _kinds_of(procedure):
        yield _point(Aspect.DEVIATION, (code, ""), f"{code} {slug}", where)


def _point(aspect: Aspect, key: tuple[str, ...], name: str, where: SourceSpan) -> Point:
    return Point(aspect=aspect, name=name, key=(aspect.value, *key), where=where)


def _actions_of(step: Step) -> Iterator[Point]:
    if step.checklist is not None:
        for item in step.checklist.items:
            yield _point(Aspect.ACTION, (step.id, item), f"{step.id}: {item}", step.checklist.where)
    for action in _written(step.actions):
        yield _point(Aspect.ACTION, (step.id, action.id), f"{step.id}: {action.id}", action.where)
        yield from _sides(step.id, action.id, f"{step.id}: {action.id}", action.arrows)


def _conditions_of_block(step: Step) -> Iterator[Point]:
    if step.parallel is None:
        return
    for branch in step.parallel.branches:
        if branch.only_if is not None:
            yield from _both(step.id, ONLY_IF, branch.id, f"{branch.id} only if", branch.only_if, branch.where)
    yield from _sides(step.id, THEN, f"{step.id}: then", step.parallel.then)


def _time_of(step: Step) -> Iterator[Point]:
    """Yield what is done when the time of a step has run out; if nothing is, there is nothing to show."""
    late = step.clock.late if step.clock is not None else ()
    if any(act.does is not LateDoing.GO_TO for act in late):
        yield _point(Aspect.CLOCK, (step.id, CLOCK_LATE), f"{step.id}: late", late[0].where)
    if step.goes_to is not None:
        told = f"{step.id}: goes to {step.goes_to.to} when its time is up"
        yield _point(Aspect.CLOCK, (step.id, TIME_UP), told, step.goes_to.where)


def _hand_offs_of(procedure: Procedure, step: Step) -> Iterator[Point]:
    """Yield what can become of work that is handed over: it is accepted, it is given back, or nobody takes it.

    That it may be given back, and what is done if nobody takes it, is shown once where it is said for several steps.
    """
    rule = step.hand_offs
    if rule is None:
        return
    yield _point(Aspect.HAND_OFF, (step.id, ACCEPTED), f"{step.id}: {ACCEPTED}", rule.where)
    alike = refused_alike(procedure, step.id)
    if step.id in alike[:1]:
        told = f"{step.id if len(alike) == 1 else _ANY_STEP}: {GIVEN_BACK}"
        yield _point(Aspect.HAND_OFF, (step.id, GIVEN_BACK), told, step.actions[REFUSE].where)
    if rule.acceptance is not None:
        yield from _late(procedure, rule.acceptance)


def _late(procedure: Procedure, clock: Clock) -> Iterator[Point]:
    """Yield that a wait lasts too long; if nothing is done then, there is nothing to show."""
    alike = late_alike(procedure, clock.id)
    if clock.id in alike[:1]:
        told = f"{clock.id}: late" if len(alike) == 1 else f"{_ANY_STEP}: acceptance late"
        yield _point(Aspect.CLOCK, (clock.id, CLOCK_LATE), told, clock.late[0].where)


def refused_alike(procedure: Procedure, step: str) -> Sequence[str]:
    """Return the steps that the same words say may give work back as this one; () if it may not."""
    refusals = {one.id: one.actions[REFUSE].where for one in procedure.steps.values() if REFUSE in one.actions}
    return [one for one, where in refusals.items() if where == refusals.get(step)]


def late_alike(procedure: Procedure, clock: str) -> Sequence[str]:
    """Return the clocks of hand-offs and questions of which the same words say what is done when they are late."""
    said = {one.id: one.late[0].where for one in procedure.clocks_of_waits if one.late}
    return [one for one, where in said.items() if where == said.get(clock)]


def _written(actions: Mapping[str, Action]) -> Iterator[Action]:
    """Yield the actions that an author wrote."""
    return (one for one in actions.values() if one.id not in ACTS)


def _sides(step: str, action: str, name: str, arrows: Sequence[Arrow]) -> Iterator[Point]:
    for index, arrow in enumerate(arrows):
        if arrow.when is not None:
            yield from _both(step, action, str(index), f"{name} when", arrow.when, arrow.where)


def _both(step: str, action: str, which: str, name: str, condition: Expression, where: SourceSpan) -> Iterator[Point]:
    text = " ".join(condition.text.split())
    for side in (Truth.TRUE, Truth.FALSE):
        told = f"{name} {text}: {side.value}"
        yield _point(Aspect.CONDITION, (step, action, which, side.value), told, where)


def _kinds_of(procedure: Procedure) -> Iterator[tuple[str, str, SourceSpan]]:
    """Yield the ways to deviate that the procedure's own controls tell, each with the first line that says so."""
    steps = [step for step in procedure.steps.values() if step.actions]
    actions = [(step, action) for step in steps for action in _written(step.actions)]
    every = [*actions, *((None, action) for action in _written(procedure.anytime))]
    refusals = [step.actions[REFUSE] for step in steps if REFUSE in step.actions]
    things: list[Step | Action] = [*steps, *(action for _, action in every)]
    listed = [step for step in steps if step.checklist is not None]
    conditional = [action for _, action in every if all(arrow.when is not None for arrow in action.arrows)]
    waiting = [step for step in steps if step.waiting is not None]
    found: list[tuple[str, str, SourceSpan | None]] = [
        ("DV101", "step-skipped", listed[0].where if listed else steps[1].where if len(steps) > 1 else None),
        ("DV102", "unexpected-action", steps[0].where if steps else None),
        ("DV104", "condition-not-met", _first(conditional)),
        ("DV108", "too-many-times", _first(one for one in _limited(every, refusals) if one.at_most is not None)),
        ("DV201", "wrong-role", _first([one for one in things if _names_somebody(one)] or waiting)),
        ("DV301", "value-missing", _first(one for one in things if one.collect)),
        ("DV303", "evidence-missing", _first(one for one in things if one.evidence)),
        ("DV306", "reason-missing", _first(one for one in _limited(every, refusals) if one.reason)),
        ("DV605", "wait-without-request", _first([*(one for one in waiting if _demands(one)), *_asking(procedure)])),
        *_kinds_of_hand_offs(procedure),
    ]
    yield from ((code, slug, where) for code, slug, where in found if where is not None)


def _kinds_of_hand_offs(procedure: Procedure) -> Iterator[tuple[str, str, SourceSpan | None]]:
    received = [one for one in procedure.steps.values() if one.hand_offs is not None]
    rules = [(one, one.hand_offs) for one in received if one.hand_offs is not None]
    needing = (rule.where for _, rule in rules if rule.needs or rule.proofs or rule.form)
    formal = (rule.where for step, rule in rules if rule.form and REFUSE in step.actions)
    both_ways = len({step.by for step in received}) > 1 or any(REFUSE in step.actions for step in received)
    counted = (rule.where for _, rule in rules if both_ways and rule.returns_at_most is not None)
    risks = (one.where for one in procedure.anytime.values() if one.risk and received)
    accountable = procedure.accountable
    yield "DV601", "no-accountable-owner", accountable.where if accountable is not None else None
    yield "DV603", "hand-off-without-prerequisite", next(needing, None)
    yield "DV604", "rejected-on-format", next(formal, None)
    yield "DV607", "ping-pong", next(counted, None)
    yield "DV613", "known-risk-not-passed-on", next(risks, None)


def _limited(every: Iterable[tuple[Step | None, Action]], refusals: Iterable[Action]) -> Iterator[Action]:
    """Yield what may have a limit or demand a reason: the actions of the author, and that work is given back."""
    yield from (one for _, one in every)
    yield from refusals


def _asking(procedure: Procedure) -> Iterator[Action]:
    return (one for one in procedure.anytime.values() if one.ask is not None)


def _first(these: Iterable[Step | Action]) -> SourceSpan | None:
    return next((one.where for one in these), None)


def _names_somebody(one: Step | Action) -> bool:
    return one.by is not None and one.by.role != ANY


def _demands(step: Step) -> bool:
    return step.waiting is not None and (step.waiting.asked or step.waiting.due)


# --- what a run shows ----------------------------------------------------------------------------------------------


def shown_by(automaton: Automaton, run: Run) -> Iterator[tuple[str, ...]]:
    """Yield the keys of what a run shows."""
    procedure = automaton.procedure
    for step in run.result.through:
        yield Aspect.STEP.value, step
    for one in run.result.deviations:
        if one.unexcused:
            owner = one.step or "" if one.code in _OF_ONE_STEP else ""
            yield Aspect.DEVIATION.value, one.code, owner
    yield from _clocks(procedure, run)
    yield from _answers(procedure, run)
    for standing in run.result.rules:
        if standing.activations:
            yield Aspect.RULE.value, standing.rule, SET_OFF
    for broken in run.result.broken:
        yield Aspect.RULE.value, broken, BROKEN
    entered = tuple(run.passages[0].after.active_steps())
    yield from _blocks(procedure, run.passages[0], entered, ())
    for passage in run.passages[1:]:
        move = passage.move
        if move is None or move.kind not in _DONE:
            continue
        yield from _taken(procedure, passage, move.name)
        where = move.step.id if move.step is not None and move.kind is not MoveKind.ANYTIME else ANYTIME
        yield Aspect.ACTION.value, where, move.name
        yield from _blocks(procedure, passage, move.entered, move.left)
        if move.kind is not MoveKind.ITEM:
            yield from _read_around(automaton, passage, None if where == ANYTIME else move.step)


def _taken(procedure: Procedure, passage: Passage, name: str) -> Iterator[tuple[str, ...]]:
    """Yield which work on offer was accepted, or given back."""
    still = set(passage.after.offered_steps())
    for step in passage.before.offered_steps():
        if step not in still and name != REFUSE:
            yield Aspect.HAND_OFF.value, step, ACCEPTED
        elif step not in still:
            yield Aspect.HAND_OFF.value, refused_alike(procedure, step)[0], GIVEN_BACK


def _answers(procedure: Procedure, run: Run) -> Iterator[tuple[str, ...]]:
    """Yield the questions that were answered."""
    questions = Questions(procedure, Witness())
    unanswered: Open = ()
    for event in run.result.events if questions else ():
        followed = questions.follow(unanswered, event, "")
        unanswered = followed.unanswered
        if followed.answered is not None:
            yield Aspect.HAND_OFF.value, followed.answered.action, ANSWERED


def _clocks(procedure: Procedure, run: Run) -> Iterator[tuple[str, ...]]:
    for cycle in run.result.clocks:
        if cycle.status is ClockStatus.MET:
            yield Aspect.CLOCK.value, cycle.clock, CLOCK_MET
    for late in run.result.late:
        yield Aspect.CLOCK.value, next(iter(late_alike(procedure, late)), late), CLOCK_LATE
    for event in run.result.events:
        if event.timer is not None and event.moves_by_time:
            yield Aspect.CLOCK.value, event.timer.clock, TIME_UP


def _read_around(automaton: Automaton, passage: Passage, step: Step | None) -> Iterator[tuple[str, ...]]:
    """Yield the conditions that are read when somebody acts in a step: those of every action that he could have done."""
    for action in step.actions.values() if step is not None else ():
        yield from _read(step.id if step is not None else ANYTIME, action.id, action.arrows, passage.facts)
    for action in automaton.anytime_at(passage.before):
        yield from _read(ANYTIME, action.id, action.arrows, passage.facts)


def _blocks(
    procedure: Procedure, passage: Passage, entered: Sequence[str], left: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    """Yield the conditions that are read when a block is entered, and when it is left."""
    active = set(passage.after.active_steps())
    for name in dict.fromkeys((*left, *entered)):
        block = procedure.steps[name].parallel
        if block is None:
            continue
        if name in entered:
            for branch in block.branches:
                if branch.only_if is not None:
                    yield from _side(name, ONLY_IF, branch.id, branch.only_if.evaluate(passage.facts).truth)
        if name not in active or (name in left and name in entered):
            yield from _read(name, THEN, block.then, passage.facts)


def _read(step: str, action: str, arrows: Sequence[Arrow], facts: Facts) -> Iterator[tuple[str, ...]]:
    """Yield the conditions of alternatives as they are read in order, to the first that is not false."""
    for index, arrow in enumerate(arrows):
        truth = Truth.TRUE if arrow.when is None else arrow.when.evaluate(facts).truth
        if arrow.when is not None:
            yield from _side(step, action, str(index), truth)
        if truth is not Truth.FALSE:
            return


def _side(step: str, action: str, which: str, truth: Truth) -> Iterator[tuple[str, ...]]:
    if truth is not Truth.UNDECIDED:
        yield Aspect.CONDITION.value, step, action, which, truth.value
