"""Hand-offs on a page: what must be there, by when work is accepted, who may give it back, who asks whom, who answers."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.model.clock import Clock
from procflow.model.hand_off import ACTS, ASKED_WHOM, QUESTION, REFUSE, TAKE_CASE, Asking, HandOffs
from procflow.model.procedure import ANY, Action, Step
from procflow.reports.document.lengths import length_in_words
from procflow.reports.document.offers import givers, receivers, targets
from procflow.reports.document.parts import Block, Blocks, Bullets, Facts, Paragraph, Run, Section, Strong, Table
from procflow.reports.document.promises import grades_of, measures_of
from procflow.reports.document.wording import Wording, run

Cell = tuple[Run, ...]


def is_told(wording: Wording) -> bool:
    """Return True if there is anything to say in the chapter."""
    procedure = wording.procedure
    speaks = any(one.ask or one.tells or one.on_behalf_of or one.risk or one.thanks for one in _anytime(wording))
    return procedure.hands_off or procedure.accountable is not None or speaks


def handing_section(wording: Wording) -> Section:
    """Return the chapter: who answers for the case, how work is handed over, whom one may ask, what the client hears."""
    blocks: list[Block] = [*_accountable(wording), *_handed(wording)]
    blocks += (one for action in _anytime(wording) if action.ask is not None for one in _question(action, wording))
    blocks += _to_others(wording)
    return Section(anchor="hand-offs", heading=(_heading(wording),), level=2, blocks=tuple(blocks))


def _heading(wording: Wording) -> str:
    return wording.say("How work is handed over")


def _anytime(wording: Wording) -> Iterator[Action]:
    return (one for one in wording.procedure.anytime.values() if one.id != TAKE_CASE)


# --- who answers for the case --------------------------------------------------------------------------------------


def _accountable(wording: Wording) -> Iterator[Block]:
    accountable = wording.procedure.accountable
    if accountable is None:
        return
    say, cut = wording.say, wording.cut
    who = wording.role(accountable.role)
    yield Paragraph(run(cut("At every moment one person answers for the case. They hold this role: {role}.", role=who)))
    ways: tuple[Run, ...] = (
        (say("whoever of them opens the case"),),
        (say("whoever of them accepts work that is theirs, or does it"),),
        run(cut("whoever of them does this: {action}", action=_act(TAKE_CASE, wording))),
    )
    told = say("The case is taken over, from whoever answered for it before, by:")
    yield Paragraph((told,))
    yield _list(ways)


def _act(id: str, wording: Wording) -> Run:
    title = wording.written(ACTS[id])
    assert title is not None
    return wording.quoted(title)


# --- work that is handed over --------------------------------------------------------------------------------------


def _handed(wording: Wording) -> Iterator[Block]:
    steps = [one for one in wording.procedure.steps.values() if one.hand_offs is not None]
    if not steps:
        return
    say = wording.say
    told = say(
        "Work that comes from other people is on offer until somebody accepts it. Whoever does anything of it has accepted it. "
        "What must be there is looked at when it is offered, not later."
    )
    yield Paragraph((told,))
    terms = {one.id: _terms(one, wording) for one in steps}
    common = [told for told in terms[steps[0].id] if all(told in each for each in terms.values())]
    heads = (say("Work in"), say("Comes from"), say("What it must contain"), say("To be accepted"), say("Besides"))
    besides = {id: tuple(told for told in each if told not in common) for id, each in terms.items()}
    rows = [(*_row(step, wording), besides[step.id]) for step in steps]
    wide = len(heads) if any(besides.values()) else len(heads) - 1
    yield Table(_heading(wording), heads[:wide], tuple(row[:wide] for row in rows))
    if common:
        yield Paragraph((say("This holds for all of them:"),))
        yield _list(tuple(common))


def _terms(step: Step, wording: Wording) -> Cell:
    """Return what is done if nobody accepts, and whether the work may be given back."""
    assert step.hand_offs is not None
    return (*_measures(step.hand_offs.acceptance, wording), *_back(step, wording))


def _row(step: Step, wording: Wording) -> tuple[Cell, ...]:
    rule = step.hand_offs
    assert rule is not None
    accepted = (_accepted(rule, wording),)
    return ((wording.step(step.id),), _from(step, wording), tuple(_contents(rule, wording)), accepted)


def _from(step: Step, wording: Wording) -> Cell:
    return tuple(
        wording.step(one.id) if isinstance(one, Step) else wording.action(one.id)
        for one in givers(wording.procedure, step)
    )


def _contents(rule: HandOffs, wording: Wording) -> Iterator[Run]:
    for name in rule.needs:
        yield wording.field(name)
    for name in rule.proofs:
        yield run(wording.cut("Proof: {proof}", proof=wording.titled(name)))
    for name in rule.form:
        yield run(wording.cut("On the receiver's form: {field}", field=wording.field(name)))


def _accepted(rule: HandOffs, wording: Wording) -> Run:
    clock = rule.acceptance
    if clock is None or clock.within is None:
        return (wording.say("before anything else is done with it"),)
    return _within(clock, wording)


def _within(clock: Clock, wording: Wording) -> Run:
    """Return how long something may take; where that depends on data, each length with its value."""
    graded = clock.within
    assert graded is not None
    told: list[Run] = []
    for grade in grades_of(clock):
        length = graded.of(grade or None)
        if length is None:
            continue
        time = run(wording.cut("within {time}", time=(length_in_words(length, wording.language),)))
        if graded.by is not None:
            value: Run = (wording.word(grade),) if grade else (wording.say("otherwise"),)
            time = run(wording.cut("{grade}: {time}", grade=value, time=time))
        told.append(time)
    return wording.listed(told, word="or")


def _measures(clock: Clock | None, wording: Wording) -> Cell:
    return tuple(measures_of(clock, wording)) if clock is not None else ()


def _back(step: Step, wording: Wording) -> Cell:
    say, count = wording.say, wording.language.count
    refusal = step.actions.get(REFUSE)
    told: list[Run] = []
    if refusal is None:
        told.append((say("It cannot be given back."),))
    else:
        told.append((say("Until it is accepted it may be given back to whoever hands it over."),))
        if refusal.at_most is not None:
            told.append((count("At most once in a case.", "At most {number} times in a case.", refusal.at_most),))
        if refusal.reason:
            told.append((say("A reason must be given."),))
    most = step.hand_offs.returns_at_most if step.hand_offs is not None else None
    if most is not None:
        told.append(
            (
                count(
                    "More than one return between the same two roles is going back and forth.",
                    "More than {number} returns between the same two roles are going back and forth.",
                    most,
                ),
            )
        )
    return tuple(told)


def facts_of(step: Step, wording: Wording) -> Iterator[tuple[str, Blocks]]:
    """Yield what is demanded of work that comes to a step from other people, with its labels."""
    rule = step.hand_offs
    if rule is None:
        return
    say = wording.say
    source = _from(step, wording)
    if source:
        yield say("Comes from"), _told(source)
    contents = tuple(_contents(rule, wording))
    if contents:
        yield say("What it must contain when it is offered"), _told(contents)
    yield say("To be accepted"), _told((_accepted(rule, wording), *_measures(rule.acceptance, wording)))
    yield say("Given back"), _told(_back(step, wording))


def _told(runs: Cell) -> Blocks:
    return (Paragraph(runs[0]),) if len(runs) == 1 else (_list(runs),)


def _list(runs: Cell) -> Bullets:
    return Bullets(tuple((Paragraph(one),) for one in runs))


# --- for one role --------------------------------------------------------------------------------------------------


def sheet_blocks(role: str, wording: Wording) -> Iterator[Block]:
    """Yield what a role receives, and what it hands on, for its sheet."""
    received = tuple(_received(role, wording))
    if received:
        say = wording.say
        heads = (say("Work in"), say("Comes from"), say("What it must contain"), say("To be accepted"))
        yield Paragraph((Strong((say("What you receive"),)),))
        yield Table(say("What you receive"), heads, received)
    handed = tuple(_handed_on(role, wording))
    if handed:
        say = wording.say
        heads = (say("From"), say("Goes to"), say("What it must contain"), say("Given back"))
        yield Paragraph((Strong((say("What you hand on"),)),))
        yield Table(say("What you hand on"), heads, handed)


def _received(role: str, wording: Wording) -> Iterator[tuple[Cell, ...]]:
    for step in wording.procedure.steps.values():
        if step.hand_offs is not None and step.by is not None and step.by.role == role:
            yield _row(step, wording)


def _handed_on(role: str, wording: Wording) -> Iterator[tuple[Cell, ...]]:
    procedure = wording.procedure
    for step in procedure.steps.values():
        if step.whose_turn is None or step.whose_turn.role != role:
            continue
        found = {one.id: rule for to in targets(step) for one, rule in receivers(procedure, step.id, to)}
        for id, rule in found.items():
            receiver = procedure.steps[id]
            to = (wording.step(id), *((wording.by(receiver.by),) if receiver.by is not None else ()))
            back = _back(receiver, wording) if step.id in rule.givers else ()
            yield (wording.step(step.id),), to, tuple(_contents(rule, wording)), back


# --- questions, and what others hear -------------------------------------------------------------------------------


def _question(action: Action, wording: Wording) -> Iterator[Block]:
    assert action.ask is not None
    label = wording.action(action.id)
    yield Facts(((wording.say("Questions"), (Paragraph(label), _list(tuple(asked(action.ask, wording))))),))


def asked(ask: Asking, wording: Wording) -> Iterator[Run]:
    """Yield of whom something is asked, how it is answered, and until when an answer is owed."""
    cut = wording.cut
    if ask.to == ANY:
        yield (wording.say("It may be asked of anybody; whom and what is put on record."),)
    else:
        yield run(cut("It is asked of: {role}. What is asked is put on record.", role=wording.role(ask.to)))
    answer = wording.action(ask.answered_by)
    yield run(cut("It is answered by: {action}, {within}.", action=answer, within=_within(ask.answer, wording)))
    yield from measures_of(ask.answer, wording)


def fields_asked(ask: Asking) -> tuple[str, ...]:
    """Return the data fields that a question must come with."""
    return (ASKED_WHOM, QUESTION) if ask.to == ANY else (QUESTION,)


def _to_others(wording: Wording) -> Iterator[Block]:
    told = tuple(one for action in _anytime(wording) for one in to_others(action, wording, named=True))
    if told:
        yield _list(told)


def to_others(action: Action, wording: Wording, *, named: bool = False) -> Iterator[Run]:
    """Yield what an `anytime` action is to others; with its name if it does not stand above."""
    cut, say = wording.cut, wording.say
    lines: list[Run] = []
    if action.tells is not None:
        lines.append(run(cut("By this the client hears of the case: {role}.", role=wording.role(action.tells))))
    if action.on_behalf_of is not None:
        who = wording.role(action.on_behalf_of)
        lines.append(run(cut("By this it is put on record that the client had to ask: {role}.", role=who)))
    if action.risk:
        lines.append(
            (say("Whoever knows of a risk says so before work is handed on, and since when they have known."),)
        )
    if action.thanks:
        lines.append((say("A thank-you: it counts for whoever did the work, and demands nothing."),))
    for one in lines:
        yield (*wording.action(action.id), " – ", *one) if named else one
