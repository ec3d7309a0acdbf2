"""Who takes part, what each does on one sheet, and who may set the procedure aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from procflow.model.by import By
from procflow.model.hand_off import ACTS
from procflow.model.procedure import ANY, DONE, SAME, Action, Step
from procflow.reports.document.actions import field_line, rules_about, short_terms
from procflow.reports.document.handing import sheet_blocks
from procflow.reports.document.parts import Badge, Blocks, Link, Paragraph, Run, Section, Strong, Table
from procflow.reports.document.references import about_step
from procflow.reports.document.wording import Wording, run


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something somebody does: an action of a step, or one that may be done at any time."""

    by: By
    step: Step | None
    """None: at any time."""
    action: Action


def tasks_of(wording: Wording) -> Iterator[Task]:
    """Yield what is to be done, in document order."""
    for step in wording.procedure.steps.values():
        for action in step.actions.values():
            by = action.by or step.whose_turn
            if by is not None and action.id not in ACTS:
                yield Task(by=by, step=step, action=action)
    for action in wording.procedure.anytime.values():
        if action.by is not None and action.id not in ACTS:
            yield Task(by=action.by, step=None, action=action)


def roles_section(wording: Wording) -> Section:
    """Return who takes part, and where."""
    say, procedure = wording.say, wording.procedure
    acting: dict[str, dict[str, None]] = {}
    for task in tasks_of(wording):
        if task.by.role in procedure.roles and task.step is not None:
            acting.setdefault(task.by.role or "", {})[task.step.id] = None
    rows: list[tuple[tuple[Run, ...], ...]] = []
    for role in procedure.roles.values():
        where = say("outside the organisation") if role.external else say("inside the organisation")
        steps = tuple(wording.step(id) for id in acting.get(role.id, ()))
        does = wording.written(role.title)
        lines: list[Run] = [(where,)]
        if role.department:
            lines.append(run(wording.cut("Department: {department}", department=wording.titled(role.department))))
        rows.append(((wording.role(role.id),), ((does,),) if does is not None else (), tuple(lines), steps))
    heads = (say("Role"), say("What they do"), say("Where"), say("Acts in"))
    blocks: Blocks = (Table(say("Who takes part"), heads, tuple(rows)),)
    if any(role.external for role in procedure.roles.values()):
        told = say("What a role outside the organisation does may be recorded by anybody on its behalf.")
        blocks = (*blocks, Paragraph((told,)))
    return Section(anchor="roles", heading=(say("Who takes part"),), level=2, blocks=blocks)


# --- one sheet a role ----------------------------------------------------------------------------------------------


def sheets_section(wording: Wording) -> Section:
    """Return who does what: a sheet for each role, then for whoever a field names, and for anybody."""
    groups: dict[By, list[Task]] = {By(role=id): [] for id in wording.procedure.roles}
    for task in tasks_of(wording):
        groups.setdefault(task.by, []).append(task)
    ordered = sorted(groups.items(), key=lambda one: one[0].role == ANY)
    sheets = tuple(_sheet(by, tasks, wording) for by, tasks in ordered)
    heading = (wording.say("Who does what"),)
    return Section(anchor="who-does-what", heading=heading, level=2, blocks=sheets)


def _sheet(by: By, tasks: list[Task], wording: Wording) -> Section:
    say = wording.say
    heads = (say("Step"), say("What to do"), say("What it takes"), say("Note"))
    told: set[str] = set()
    rows = tuple(_row(task, wording, told) for task in tasks)
    role = wording.procedure.roles.get(by.role or "")
    # A link in a heading that is itself the target would lead nowhere.
    heading: Run = (say("Anybody"),) if by.role == ANY else wording.by(by)
    blocks: Blocks = ()
    if role is not None:
        heading = wording.called(role.id, role.name)
        if role.external:
            heading = (*heading, " ", Badge(say("outside the organisation")))
        does = wording.written(role.title)
        blocks = (Paragraph((does,)),) if does is not None else ()
    anchor = f"role-{by.role}" if by.role is not None else f"named-{by.field}"
    if rows:
        blocks = (*blocks, Table(say("What to do, step by step"), heads, rows))
    if role is not None:
        blocks = (*blocks, *sheet_blocks(role.id, wording))
    accountable = wording.procedure.accountable
    if accountable is not None and accountable.role == by.role:
        blocks = (*blocks, Paragraph((say("One of them answers for the case at every moment."),)))
    if wording.procedure.overrides is not None and wording.procedure.overrides.by == by:
        aside = Link("overrides", (say("Setting the procedure aside"),))
        blocks = (*blocks, Paragraph(run(wording.cut("May also do this: {section}", section=(aside,)))))
    return Section(anchor=anchor, heading=heading, level=3, blocks=blocks, kind="role")


def _row(task: Task, wording: Wording, told: set[str]) -> tuple[tuple[Run, ...], ...]:
    """Return an action of the sheet; what holds for its whole step is said with the first action of the step."""
    step, action = task.step, task.action
    at = None if step is None else step.id
    of_step = step if step is not None and step.id not in told else None
    told |= {step.id} if step is not None else set()
    more = about_step(wording.procedure, of_step) if of_step is not None else ()
    where: Run = (wording.say("At any time"),) if step is None else wording.step(step.id)
    named = wording.called(action.id, action.title or wording.action_title(action.id))
    return (
        (where,),
        (*_first(of_step, wording), (Strong(named),), *_leads(action, wording)),
        tuple(_takes(task, wording)),
        (
            *_barred(of_step, wording),
            *short_terms(action, wording),
            *rules_about(action, at, wording, more),
        ),
    )


def _first(step: Step | None, wording: Wording) -> Iterator[Run]:
    if step is None or step.checklist is None:
        return
    if step.checklist.any_order:
        yield (wording.say("First, in any order:"),)
        yield from (("• ", *wording.action(item)) for item in step.checklist.items)
    else:
        yield (wording.say("First, in this order:"),)
        for at, item in enumerate(step.checklist.items, 1):
            yield (f"{wording.language.number(at)}. ", *wording.action(item))


def _takes(task: Task, wording: Wording) -> Iterator[Run]:
    step, action = task.step, task.action
    collect, evidence = action.collect, action.evidence
    if step is not None and action.moves and not action.incomplete:
        collect, evidence = (*step.collect, *collect), (*step.evidence, *evidence)
    for id in dict.fromkeys(collect):
        yield field_line(id, wording)
    for name in dict.fromkeys(evidence):
        yield run(wording.cut("Proof: {proof}", proof=wording.titled(name)))


def _leads(action: Action, wording: Wording) -> Iterator[Run]:
    targets = list(dict.fromkeys(arrow.to for arrow in action.arrows if arrow.to not in (SAME, DONE)))
    if targets:
        yield run(
            wording.cut("Leads to: {steps}", steps=wording.listed([wording.step(to) for to in targets], word="or"))
        )


def _barred(step: Step | None, wording: Wording) -> Iterator[Run]:
    if step is None:
        return
    for other in step.four_eyes:
        yield run(wording.cut("Not whoever completed {step} last time", step=wording.step(other)))
    for name in step.not_by:
        yield run(wording.cut("Not whoever is named in {field}", field=wording.field(name)))


# --- setting it aside ----------------------------------------------------------------------------------------------


def overrides_section(wording: Wording) -> Section:
    """Return who may set the procedure aside, and what that takes."""
    say, overrides = wording.say, wording.procedure.overrides
    heading = (say("Setting the procedure aside"),)
    if overrides is None:
        blocks: Blocks = (Paragraph((say("Nobody may set this procedure aside."),)),)
        return Section(anchor="overrides", heading=heading, level=2, blocks=blocks)
    who = wording.by(overrides.by)
    may = wording.cut(
        "In a single case this role may skip, redo or undo work, do it early, or put the case elsewhere, and may excuse "
        "somebody from one kind of deviation for a time: {role}",
        role=who,
    )
    blocks = (Paragraph(run(may)),)
    if overrides.second_person:
        told = say("A second person must have agreed: neither who does it nor who asked for it.")
        blocks = (*blocks, Paragraph((told,)))
    if overrides.reason:
        blocks = (*blocks, Paragraph((say("A reason must be given."),)))
    record = say("Both are put on record. Nothing that was recorded is ever changed.")
    return Section(anchor="overrides", heading=heading, level=2, blocks=(*blocks, Paragraph((record,))))
