"""An action on a page: where it leads and when, who may do it, what it takes."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.expressions.expression import Expression
from procflow.model.hand_off import ASKED_WHOM, QUESTION
from procflow.model.procedure import DONE, SAME, Action, Arrow
from procflow.reports.document.conditions import Demand, Group, demand_of, joined
from procflow.reports.document.handing import asked, fields_asked, to_others
from procflow.reports.document.parts import Block, Blocks, Bullets, Exact, Paragraph, Run, Section, Small
from procflow.reports.document.references import about_action, reference
from procflow.reports.document.values import kind_of
from procflow.reports.document.wording import Wording, run

INLINE_AT_MOST = 2
"""Demands that are told in one sentence; more of them, or groups in groups, are told as a list."""


def action_section(action: Action, wording: Wording, *, level: int, anchor: str, step: str | None) -> Section:
    """Return an action as a part of its step, or, if that is None, of what may be done at any time."""
    title = action.title or wording.action_title(action.id)
    anytime = step is None
    blocks = (
        *arrow_blocks(action.arrows, wording, anytime=anytime),
        *_terms(action, wording, anytime=anytime),
        *map(Paragraph, rules_about(action, step, wording)),
    )
    return Section(anchor=anchor, heading=wording.called(action.id, title), level=level, blocks=blocks, kind="action")


def arrow_blocks(arrows: tuple[Arrow, ...], wording: Wording, *, anytime: bool = False) -> Blocks:
    """Return where the case goes: one sentence, or alternatives in order."""
    if len(arrows) == 1 and arrows[0].when is None:
        return (Paragraph(_leads(arrows[0].to, wording, anytime=anytime)),)
    if len(arrows) == 1 and arrows[0].when is not None:
        return (
            Paragraph(_leads(arrows[0].to, wording, anytime=anytime)),
            *conditioned(wording.say("Only if"), arrows[0].when, wording),
        )
    items = tuple(_alternative(arrow, wording) for arrow in arrows)
    return (Paragraph((wording.say("The first of these that applies:"),)), Bullets(items, ordered=True))


def conditioned(lead: str, condition: Expression, wording: Wording) -> Blocks:
    """Return a condition in words behind `lead`, with the exact condition in small print."""
    demand = demand_of(condition.tree, wording)
    return (*condition_blocks(lead, demand, wording), exactly(condition.text, wording))


def condition_blocks(lead: str, demand: Demand, wording: Wording) -> Blocks:
    """Return a demand in words behind `lead`: one sentence, or a list."""
    if is_short(demand):
        told = wording.cut("{lead}: {condition}.", lead=(lead,), condition=joined(demand, wording))
        return (Paragraph(run(told)),)
    return _laid_out(demand, wording, lead)


def _alternative(arrow: Arrow, wording: Wording) -> Blocks:
    target = Paragraph(_leads(arrow.to, wording))
    if arrow.when is None:
        return (target, Paragraph((wording.say("In every other case."),)))
    return (target, *conditioned(wording.say("If"), arrow.when, wording))


def exactly(text: str, wording: Wording) -> Small:
    """Return what is executed, in small print below what it means."""
    return Small(run(wording.cut("In exact terms: {condition}", condition=(Exact(" ".join(text.split())),))))


def is_short(demand: Demand) -> bool:
    """Return True if a demand can be told in one sentence."""
    if not isinstance(demand, Group):
        return True
    return len(demand.parts) <= INLINE_AT_MOST and not any(isinstance(part, Group) for part in demand.parts)


def _laid_out(demand: Demand, wording: Wording, lead: str = "") -> Blocks:
    """Return a demand as lists in lists, as far as a sentence would not do."""
    if is_short(demand) and not lead:
        return (Paragraph(joined(demand, wording)),)
    assert isinstance(demand, Group)
    all_of, any_of = wording.say("all of these hold:"), wording.say("at least one of these holds:")
    heading = all_of if demand.word == "all" else any_of
    told: Run = (lead, " ", heading) if lead else (heading,)
    return (Paragraph(told), Bullets(tuple(_laid_out(part, wording) for part in demand.parts)))


def _leads(to: str, wording: Wording, *, anytime: bool = False) -> Run:
    if to == SAME:
        return (wording.say("It is put on record; the case stays where it is."),)
    if to == DONE:
        return (wording.say("This branch is done."),)
    step = wording.step(to)
    if wording.procedure.steps[to].end is not None:
        told = wording.cut("The case ends: {end}.", end=step)
    elif anytime:
        told = wording.cut("The case leaves everything that is open and goes to {step}.", step=step)
    else:
        told = wording.cut("The case goes to {step}.", step=step)
    return run(told)


# --- what an action takes ------------------------------------------------------------------------------------------


def _terms(action: Action, wording: Wording, *, anytime: bool) -> Iterator[Block]:
    if action.by is not None:
        yield Paragraph(run(wording.cut("Who may do it: {who}", who=wording.by(action.by))))
    if action.during:
        steps = wording.listed([wording.step(id) for id in action.during])
        yield Paragraph(run(wording.cut("Only while the case is in: {steps}", steps=steps)))
    optional = action.optional
    if action.ask is not None:
        said = fields_asked(action.ask)
        optional = tuple(one for one in optional if one not in (ASKED_WHOM, QUESTION))
        yield Paragraph((wording.say("Must be said:"),))
        yield fields(said, wording)
    yield from term_lists(action.collect, optional, action.evidence, wording)
    for term in short_terms(action, wording):
        yield Paragraph(term)
    if action.incomplete and not anytime:
        yield Paragraph(
            (
                wording.say(
                    "Possible before the step is complete: neither its checklist nor what it asks for is needed."
                ),
            )
        )


def rules_about(action: Action, step: str | None, wording: Wording, more: tuple[int, ...] = ()) -> Iterator[Run]:
    """Yield which rules speak of an action, in short, and `more`; `step` is None for one possible at any time."""
    numbers = sorted({*about_action(wording.procedure, action.id, step), *more})
    if numbers:
        yield run(wording.cut("Rules: {rules}", rules=reference(numbers, wording)))


def short_terms(action: Action, wording: Wording) -> Iterator[Run]:
    """Yield what else an action takes, and what it is to others, each in a short sentence."""
    if action.ask is not None:
        yield from asked(action.ask, wording)
    yield from to_others(action, wording)
    if action.reason:
        yield (wording.say("A reason must be given."),)
    if action.at_most is not None:
        count = wording.language.count
        yield (count("At most once in a case.", "At most {number} times in a case.", action.at_most),)


def term_lists(
    collect: tuple[str, ...], optional: tuple[str, ...], evidence: tuple[str, ...], wording: Wording
) -> Iterator[Block]:
    """Yield what must be known, what may be said, and what must be proved."""
    if collect:
        yield Paragraph((wording.say("Must be known:"),))
        yield fields(collect, wording)
    if optional:
        yield Paragraph((wording.say("May be given:"),))
        yield fields(optional, wording)
    if evidence:
        yield Paragraph((wording.say("Proof that must come with it:"),))
        yield proofs(evidence, wording)


def fields(ids: tuple[str, ...], wording: Wording) -> Bullets:
    """Return data fields, each with its question and what kind of answer it takes."""
    return Bullets(tuple((Paragraph(field_line(id, wording)),) for id in ids))


def field_line(id: str, wording: Wording) -> Run:
    """Return a data field with its question, its id, and what kind of answer it takes."""
    question = wording.question(id)
    kind = kind_of(wording.procedure.data[id].type, wording)
    name: Run = () if question is None else (question, " ")
    return run(wording.cut("{question} – {answer}", question=(*name, *wording.field_id(id)), answer=kind))


def proofs(names: tuple[str, ...], wording: Wording) -> Bullets:
    """Return the names of proofs."""
    return Bullets(tuple((Paragraph(wording.titled(name)),) for name in names))
