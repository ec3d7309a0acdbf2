"""Flow: actions skipped, actions not due, conditions, repetitions."""

from __future__ import annotations

from collections.abc import Sequence

from procflow.automaton.alternatives import Note, NoteKind
from procflow.automaton.moves import Move, MoveKind
from procflow.automaton.projection import ENTERS
from procflow.errors import Finding
from procflow.expressions.values import show_value
from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.event import Kind
from procflow.model.hand_off import ACCEPT, REFUSE
from procflow.model.words import joined
from procflow.monitors.moment import Judged, Lone, Moment, NotExamined, roles_for, who_may
from procflow.monitors.names import meant
from procflow.monitors.pairing import Pairing, event_name


def judge(moment: Moment) -> tuple[Sequence[Judged], tuple[Lone, ...]]:
    """Return what the canonical path says of the flow at this event, and what may still be in the wrong order."""
    if not moment.skips and moment.move is not None and not moment.move.notes and moment.inferred is None:
        return (), moment.memory.lone
    pairing = Pairing(moment)
    judged: list[Judged] = []
    for skip in moment.skips:
        if skip.kind is not MoveKind.TIMER:  # whether its time had come is for the clocks to say
            judged += pairing.of_skip(skip.name, _skipped(moment, skip))
        judged += [judge_note(moment, note) for note in skip.notes]
    if moment.move is None:
        judged += pairing.of_event(_not_due(moment)) if moment.event.flows or moment.event.moves_by_time else ()
        return judged, pairing.lone
    judged += [judge_note(moment, note) for note in moment.move.notes]
    action = moment.move.action
    if moment.inferred is not None and action is not None and action.at_most is not None:
        judged.append(NotExamined(f"at-most: {moment.inferred}"))
    return judged, pairing.lone


def judge_note(moment: Moment, note: Note) -> Judged:
    """Return what something attached to a move amounts to."""
    match note.kind:
        case NoteKind.NOT_MET:
            return _not_met(moment, note)
        case NoteKind.UNDECIDED:
            return _undecided(moment, note)
        case NoteKind.UNSEEN:
            return NotExamined(f"condition: {note.condition}")
        case NoteKind.TOO_MANY:
            return _too_many(moment, note)


def _skipped(moment: Moment, skip: Move) -> Judged:
    assert skip.step is not None, "no anytime action is skipped"
    before = event_name(moment)
    entered = skip.name.removeprefix(ENTERS)
    if entered != skip.name:
        message, remedy = f"the case never stood in “{entered}” before {before}", f"go through “{entered}” first"
    else:
        message, remedy = f"“{skip.name}” in “{skip.step.id}” was not done before {before}", f"do “{skip.name}” first"
        if (due := _instead(moment, skip)) and not moment.event.gap:
            # To go back is only one of the things that could come next, and hardly what was missed.
            message = f"{before} is not due in “{skip.step.id}”, only again after “{skip.name}”"
            remedy = f"what is due in “{skip.step.id}”: {joined(due)}"
    where = skip.action.where if skip.action is not None else skip.step.where
    if moment.event.gap:
        return Finding(
            code="DV805",
            severity=REGISTRY["DV805"].severity,
            message=f"{message}; the log lacks entries there",
            where=where,
        )
    return moment.deviation(
        "DV101",
        message,
        where=where,
        step=skip.step.id,
        action=skip.name if entered == skip.name else None,
        actor=None,
        remedy=remedy,
        who_could=roles_for(skip.step, who_may(skip.step, skip.action)),
    )


def _instead(moment: Moment, skip: Move) -> list[str]:
    """Return what was due where an action was skipped that leads back; () if it leads on, or nothing else was due."""
    assert skip.step is not None
    order = {step: number for number, step in enumerate(moment.procedure.steps)}
    here = order[skip.step.id]
    reached = set(skip.target.active_steps()) - {skip.step.id}
    if not reached or any(order[step] > here for step in reached):
        return []
    names = [name for name in skip.step.actions if skip.step.actions[name].moves]
    return names if skip.name in names and len(names) > 1 else []


def _not_due(moment: Moment) -> Deviation:
    stands = moment.stands
    end = moment.procedure.top.steps[stands.step].end
    name = event_name(moment)
    if moment.event.kind is Kind.ACTION and moment.event.action not in moment.procedure.actions:
        return _unknown(moment)
    if end is not None:
        where = moment.procedure.top.steps[stands.step].where
        came = "" if moment.event.kind is Kind.STATUS and moment.inferred is None else " came"
        message = f"{name}{came} after the case had ended in “{stands.step}” ({end})"
        return moment.deviation("DV105", message, where=where, step=stands.step, remedy="open a new case")
    return _unexpected(moment, name) if moment.event.kind is not Kind.TIMER else _no_time(moment)


def _no_time(moment: Moment) -> Deviation:
    """Return that a timer moved nothing: the case did not stand where its time ran out."""
    timer = moment.event.timer
    assert timer is not None, "only a timer that moves has a say in the flow"
    standing = " and ".join(f"“{step}”" for step in _working(moment))
    step = moment.procedure.steps.get(timer.clock)
    if step is None or step.goes_to is None:
        message = f"the time of “{timer.clock}” was said to be up, which leads nowhere; the case stood in {standing}"
        remedy = "judge the case by the version of the procedure it was recorded under"
    elif timer.clock in _working(moment):
        # It could have led on: only with what came after it the story without it is the likelier one.
        message = (
            f"the time of “{timer.clock}” was up, and the case went on to “{step.goes_to.to}”; "
            f"what was told after that was done in “{timer.clock}”, and came too late for it"
        )
        rule = moment.procedure.overrides
        remedy = (
            "tell what is done before the time is up; the procedure names nobody who may put a case back (`overrides`)"
        )
        if rule is not None:
            remedy = f"if it was done in time, let {rule.by} put the case back into “{timer.clock}” (redo), then tell it again"
    else:
        message = f"the time of “{timer.clock}” was said to be up although the case stood in {standing}"
        remedy = f"a timer leads from “{timer.clock}” to “{step.goes_to.to}” only while the case stands there"
    where = step.goes_to.where if step is not None and step.goes_to is not None else moment.procedure.where
    return moment.deviation("DV102", message, where=where, step=None, remedy=remedy)


_KEPT = "work is given back only while it is on offer, and no longer once somebody has accepted it"


def _unexpected(moment: Moment, name: str) -> Deviation:
    steps = moment.procedure.steps
    due = [(step, action) for step, action in moment.automaton.due(moment.at)]
    # Of a status history the step itself is always due: a status may repeat.
    # What nobody offers is accepted, too: that changes nothing, so that nobody has to do it.
    offered = frozenset(moment.at.offered_steps())
    due = [(step, action) for step, action in due if action != ACCEPT or step.id in offered]
    names = [name for name in dict.fromkeys(_plain(action) for _, action in due) if name != moment.at.step]
    standing = " and ".join(f"“{step}”" for step in _working(moment))
    message = f"{name} was done although the case stood in {standing}"
    remedy = f"what is due there: {joined(names)}" if names else "nothing is due there: it waits until its time is up"
    if moment.event.action in names:
        # It could have been done: only with what came after it the story without it is the likelier one.
        done = name if moment.event.kind is Kind.STATUS else f"{name} was done"
        message = f"{done}, which does not fit what came after it; the case stood in {standing}"
        remedy = "whichever was meant: this, or what came after it; see the events after it"
        if moment.event.action == ACCEPT:
            remedy += f"; {_KEPT}"
    elif moment.event.action == REFUSE and (kept := [one for one in _working(moment) if REFUSE in steps[one].actions]):
        message = f"{name} was done although the work in {joined([f'“{one}”' for one in kept], 'and')} was not on offer"
        remedy = f"{_KEPT}; {remedy}"
    elif moment.event.kind is Kind.STATUS:
        message = f"{name}, to which no way leads; the case stood in {standing}"
    first = due[0][0] if due else None
    able = (roles_for(step, who_may(step, step.actions.get(action))) for step, action in due if _plain(action) in names)
    return moment.deviation(
        "DV102",
        message,
        where=first.where if first is not None else moment.procedure.where,
        step=first.id if first is not None else None,
        values={"due": ", ".join(names)},
        remedy=remedy,
        who_could=tuple(dict.fromkeys(role for roles in able for role in roles)),
    )


def _working(moment: Moment) -> list[str]:
    """Return the active steps without the blocks around them."""
    steps = moment.procedure.steps
    return [step for step in moment.at.active_steps() if steps[step].parallel is None]


def _plain(name: str) -> str:
    return name.removeprefix(ENTERS)


def _unknown(moment: Moment) -> Deviation:
    name = moment.event.action
    close = meant(name, moment.procedure.actions)
    names = dict.fromkeys(_plain(action) for _, action in moment.automaton.due(moment.at))
    due = f"what is due there: {joined(list(names))}; " if names else ""
    return moment.deviation(
        "DV106",
        f"the procedure knows no action “{name}”",
        where=moment.procedure.where,
        step=None,
        remedy=f"{due}call it what the procedure calls it; of the log of another tool a mapping translates the words",
        hint=f"did you mean “{close}”?" if close is not None else None,
    )


def _condition(moment: Moment, note: Note) -> tuple[str, dict[str, str]]:
    assert note.condition is not None
    values = {name: show_value(moment.facts.values.get(name)) for name in sorted(note.condition.reads)}
    values |= {f"times({name})": str(moment.facts.counts.get(name, 0)) for name in sorted(note.condition.counts)}
    return str(note.condition), values


def _not_met(moment: Moment, note: Note) -> Deviation:
    text, values = _condition(moment, note)
    assert note.condition is not None
    return moment.deviation(
        "DV104",
        f"{event_name(moment)} is open only when {text}, which is false",
        where=note.where,
        values=values,
        remedy=note.condition.needed(moment.facts),
    )


def _undecided(moment: Moment, note: Note) -> Deviation:
    text, values = _condition(moment, note)
    assert note.condition is not None
    missing = joined([f"“{name}”" for name in note.condition.evaluate(moment.facts).missing]) or "a value"
    return moment.deviation(
        "DV305",
        f"whether {text} cannot be said: {missing} is not known",
        where=note.where,
        values=values,
        remedy=f"give {missing} before or with this action",
    )


def _too_many(moment: Moment, note: Note) -> Deviation:
    action = moment.move.action if moment.move is not None else None
    assert action is not None
    done = moment.facts.counts.get(action.id, 0)
    return moment.deviation(
        "DV108",
        f"“{action.id}” was done {done + 1} times; at most {action.at_most} are allowed",
        where=note.where,
        values={"times": str(done + 1), "at-most": str(action.at_most)},
        remedy="decide the case another way",
    )
