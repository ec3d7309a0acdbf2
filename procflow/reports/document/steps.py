"""The steps of a procedure as numbered sections: who acts, who must not, what first, what it takes, what then."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.model.by import By
from procflow.model.hand_off import ACTS
from procflow.model.procedure import Branch, Region, Step
from procflow.reports.document.actions import action_section, arrow_blocks, conditioned, fields, proofs
from procflow.reports.document.clocks import time_of
from procflow.reports.document.handing import facts_of
from procflow.reports.document.parts import Block, Blocks, Bullets, Facts, Paragraph, Run, Section, Table
from procflow.reports.document.references import about_step, reference
from procflow.reports.document.wording import Wording, run

_DEEPEST = 6
"""HTML has headings of six levels."""


def steps_section(wording: Wording) -> Section:
    """Return all steps in the order of the file, those of branches inside their block."""
    heading = wording.say("The steps in order")
    top = wording.procedure.top
    begins = wording.cut("Every case begins with {step}.", step=wording.step(top.start))
    blocks: Blocks = (Paragraph(run(begins)), *_sections(top, wording, 3))
    return Section(anchor="steps", heading=(heading,), level=2, blocks=blocks)


def ends_section(wording: Wording) -> Section:
    """Return how a case can end."""
    say = wording.say
    rows = [_end_row(step, wording) for step in wording.procedure.steps.values() if step.end is not None]
    heads = (say("End"), say("Outcome on record"), say("Reached by"))
    table = Table(say("How a case can end"), heads, tuple(rows))
    return Section(anchor="ends", heading=(say("How a case can end"),), level=2, blocks=(table,))


def _end_row(step: Step, wording: Wording) -> tuple[tuple[Run, ...], ...]:
    outcome = wording.titled(step.end or "")
    numbers = about_step(wording.procedure, step)
    rules = (run(wording.cut("Rules: {rules}", rules=reference(numbers, wording))),) if numbers else ()
    return ((wording.called(step.id, step.title),), (outcome,), (*_ways_to(step.id, wording), *rules))


def _ways_to(end: str, wording: Wording) -> Iterator[Run]:
    for step in wording.procedure.steps.values():
        for action in step.actions.values():
            if any(arrow.to == end for arrow in action.arrows):
                yield run(
                    wording.cut("{action} in {step}", action=wording.action(action.id), step=wording.step(step.id))
                )
        if step.parallel is not None and any(arrow.to == end for arrow in step.parallel.then):
            yield run(wording.cut("the end of {step}", step=wording.step(step.id)))
    for action in wording.procedure.anytime.values():
        if any(arrow.to == end for arrow in action.arrows):
            yield run(wording.cut("{action} at any time", action=wording.action(action.id)))


# --- one step ------------------------------------------------------------------------------------------------------


def _sections(region: Region, wording: Wording, level: int) -> Iterator[Section]:
    for step in region.steps.values():
        if step.end is None:
            yield step_section(step, wording, level)


def step_section(step: Step, wording: Wording, level: int, before: Blocks = ()) -> Section:
    """Return a step; `before` is said first."""
    if step.parallel is not None:
        blocks = _block(step, wording, level)
    else:
        blocks = (Facts(tuple(_facts(step, wording))), *_actions(step, wording, level))
    return Section(
        anchor=f"step-{step.id}",
        number=wording.number(step.id),
        heading=wording.called(step.id, step.title),
        level=min(level, _DEEPEST),
        blocks=(*before, *blocks),
        kind="step",
    )


def _actions(step: Step, wording: Wording, level: int) -> Iterator[Block]:
    below = min(level + 1, _DEEPEST)
    for action in step.actions.values():
        if action.id in ACTS:
            continue  # told with what is demanded of a hand-off
        yield action_section(action, wording, level=below, anchor=f"action-{step.id}.{action.id}", step=step.id)


def _facts(step: Step, wording: Wording) -> Iterator[tuple[str, Blocks]]:
    say = wording.say
    if step.waiting is not None:
        yield say("Waiting for"), (Paragraph(_behalf(step.waiting.party, wording)),)
        if step.requests:
            yield say("Must be said by whoever begins the waiting"), (fields(step.requests, wording),)
    if step.by is not None:
        yield say("Who acts"), (Paragraph(actor(step.by, wording)),)
    yield from facts_of(step, wording)
    barred = tuple(_barred(step, wording))
    if barred:
        yield say("Who must not act"), barred
    if step.checklist is not None:
        items = tuple((Paragraph(wording.action(item)),) for item in step.checklist.items)
        label = say("First, in any order") if step.checklist.any_order else say("First, in this order")
        yield label, (Bullets(items, ordered=not step.checklist.any_order),)
    if step.collect:
        yield say("Must be known when the step is left"), (fields(step.collect, wording),)
    if step.optional:
        yield say("May be given"), (fields(step.optional, wording),)
    if step.evidence:
        yield say("Proof that must come with leaving the step"), (proofs(step.evidence, wording),)
    yield from time_of(step, wording)
    yield from _rules(step, wording)


def _rules(step: Step, wording: Wording) -> Iterator[tuple[str, Blocks]]:
    numbers = about_step(wording.procedure, step)
    if numbers:
        yield wording.say("Rules"), (Paragraph(reference(numbers, wording)),)


def actor(by: By, wording: Wording) -> Run:
    """Return who acts; for a role outside the house, that others may do it for them."""
    role = wording.procedure.roles.get(by.role or "")
    return _behalf(role.id, wording) if role is not None and role.external else wording.by(by)


def _behalf(role: str, wording: Wording) -> Run:
    return run(wording.cut("{role}, or anybody on their behalf", role=wording.role(role)))


def _barred(step: Step, wording: Wording) -> Iterator[Block]:
    for other in step.four_eyes:
        told = wording.cut("whoever completed {step} last time (four eyes)", step=wording.step(other))
        yield Paragraph(run(told))
    for name in step.not_by:
        yield Paragraph(run(wording.cut("whoever is named in {field}", field=wording.field(name))))


# --- blocks --------------------------------------------------------------------------------------------------------


def _block(step: Step, wording: Wording, level: int) -> Blocks:
    assert step.parallel is not None
    say = wording.say
    branches = tuple(_branch(branch, wording, min(level + 1, _DEEPEST)) for branch in step.parallel.branches)
    facts = (*time_of(step, wording), *_rules(step, wording))
    return (
        *((Facts(facts),) if facts else ()),
        Paragraph(
            (say("These branches run side by side. The block is done when every branch that is needed is done."),)
        ),
        *branches,
        Section(
            anchor=f"after-{step.id}",
            heading=(say("When all of this is done"),),
            level=min(level + 1, _DEEPEST),
            blocks=arrow_blocks(step.parallel.then, wording),
            kind="action",
        ),
    )


def _branch(branch: Branch, wording: Wording, level: int) -> Section:
    if branch.only_if is not None:
        needed: Blocks = (
            *conditioned(wording.say("This branch is needed only if"), branch.only_if, wording),
            Paragraph((wording.say("This is decided when the block begins, and not changed later."),)),
        )
    else:
        needed = (Paragraph((wording.say("This branch is always needed."),)),)
    steps = branch.region.steps
    if list(steps) == [branch.id]:
        return step_section(steps[branch.id], wording, level, needed)
    begins = run(wording.cut("The branch begins with {step}.", step=wording.step(branch.region.start)))
    return Section(
        anchor=f"step-{branch.id}",
        number=wording.number(branch.id),
        heading=wording.titled(branch.id),
        level=level,
        blocks=(*needed, Paragraph(begins), *_sections(branch.region, wording, level + 1)),
        kind="step",
    )
