"""The scenarios of a procedure as stories: what is known, who does what in which order, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from procflow.expressions.types import Raw
from procflow.expressions.values import parse_value
from procflow.model.scenario import NOBODY, Doing, Expectation, Scenario, Wait
from procflow.reports.document.lengths import length_in_words
from procflow.reports.document.parts import Block, Blocks, Bullets, Facts, Id, Paragraph, Run, Section
from procflow.reports.document.references import numbered, reference
from procflow.reports.document.values import value_in_words
from procflow.reports.document.wording import Wording, run
from procflow.reports.slugs import slug_of


def stories_section(wording: Wording) -> Section:
    """Return the scenarios: first those that keep to the procedure, then those that show what departs from it."""
    say = wording.say
    told = say("These cases show how the procedure is meant. They change nothing in it.")
    stories = list(enumerate(wording.procedure.scenarios, 1))
    kept = [_story(one, at, wording) for at, one in stories if not _departs(one)]
    departed = [_story(one, at, wording) for at, one in stories if _departs(one)]
    blocks: Blocks = (Paragraph((told,)),)
    for anchor, heading, found in (
        ("examples-kept", say("How a case should go"), kept),
        ("examples-departed", say("What would be a deviation"), departed),
    ):
        if found:
            blocks = (*blocks, Section(anchor=anchor, heading=(heading,), level=3, blocks=tuple(found), kind="group"))
    return Section(anchor="examples", heading=(say("Examples"),), level=2, blocks=blocks)


def _departs(story: Scenario) -> bool:
    return bool(story.expect.deviations or story.expect.broken)


def _story(story: Scenario, at: int, wording: Wording) -> Section:
    say = wording.say
    title = wording.written(story.title)
    number = wording.language.number(at)
    heading: Run = (title,) if title is not None else (say("Example {number}", number=number),)
    entries: list[tuple[str, Blocks]] = []
    if story.people:
        people = [
            run(
                wording.cut(
                    "{person}: {roles}",
                    person=(Id(one.id),),
                    roles=wording.listed(
                        [wording.role_name(role) for role in wording.procedure.roles if role in one.roles]
                    ),
                )
            )
            for one in story.people.values()
        ]
        entries.append((say("Who takes part"), (_list(people),)))
    if story.given:
        entries.append((say("What is known"), (_list(list(_values(story.given, wording))),)))
    doings = tuple((Paragraph(_doing(one, story, wording)), *_details(one, wording)) for one in story.doings)
    entries.append((say("What happens"), (Bullets(doings, ordered=True),)))
    entries.append((say("What comes of it"), (_list(list(_expected(story.expect, wording))),)))
    return Section(anchor=f"example-{at}", heading=heading, level=4, blocks=(Facts(tuple(entries)),), kind="story")


def _list(runs: list[Run]) -> Block:
    return Paragraph(runs[0]) if len(runs) == 1 else Bullets(tuple((Paragraph(one),) for one in runs))


def _doing(doing: Doing | Wait, story: Scenario, wording: Wording) -> Run:
    if isinstance(doing, Wait):
        if doing.length is None:
            return run(wording.cut("Time passes until this is late: {clock}", clock=_clock(doing.until or "", wording)))
        return run(wording.cut("Time passes: {time}", time=(length_in_words(doing.length, wording.language),)))
    known = doing.by in wording.procedure.roles and doing.by not in story.people
    who = wording.role_name(doing.by) if known else (Id(doing.by),)
    if doing.start:
        return run(wording.cut("{who} begins: {action}", who=who, action=wording.action(doing.action)))
    return run(wording.cut("{who}: {action}", who=who, action=wording.action(doing.action)))


def _details(doing: Doing | Wait, wording: Wording) -> Iterator[Block]:
    if isinstance(doing, Wait):
        return
    if doing.on_behalf_of is not None:
        yield Paragraph(run(wording.cut("on behalf of {whom}", whom=(Id(doing.on_behalf_of),))))
    if doing.data:
        yield Bullets(tuple((Paragraph(one),) for one in _values(doing.data, wording)))
    if doing.reason is not None:
        yield Paragraph(run(wording.cut("Reason: {reason}", reason=wording.verbatim(doing.reason))))
    if doing.without:
        names: list[Run] = [(Id(name),) for name in sorted(doing.without)]
        yield Paragraph(run(wording.cut("Without: {names}", names=wording.listed(names))))


def _values(values: Mapping[str, Raw], wording: Wording) -> Iterator[Run]:
    for name, raw in values.items():
        question = wording.question(name) if name in wording.procedure.data else None
        asked: Run = (Id(name),) if question is None else wording.quoted(question)
        yield run(wording.cut("{question} – {answer}", question=asked, answer=_value(name, raw, wording)))


def _value(name: str, raw: Raw, wording: Wording) -> Run:
    field = wording.procedure.data.get(name)
    if raw is None:
        return (wording.say("not known"),)
    try:
        value = parse_value(field.type, raw) if field is not None else None
    except ValueError:
        value = None
    return (Id(str(raw)),) if value is None else value_in_words(value, wording, words=True)


def _expected(expect: Expectation, wording: Wording) -> Iterator[Run]:
    say, cut = wording.say, wording.cut
    if expect.ends is not None:
        yield run(cut("The case ends with this outcome: {outcome}", outcome=wording.titled(expect.ends)))
    if expect.stands is not None:
        known = expect.stands in wording.procedure.steps
        where: Run = wording.step(expect.stands) if known else (Id(expect.stands),)
        yield run(cut("The case stands in: {step}", step=where))
    if expect.through:
        steps = wording.listed([wording.step(one) for one in expect.through])
        yield run(cut("The case has been in: {steps}", steps=steps))
    if expect.not_through:
        steps = wording.listed([wording.step(one) for one in expect.not_through])
        yield run(cut("The case has never been in: {steps}", steps=steps))
    if expect.within is not None:
        yield run(cut("It takes no longer than {time}", time=(length_in_words(expect.within, wording.language),)))
    if expect.late:
        yield run(cut("Late: {clocks}", clocks=_clocks(expect.late, wording)))
    if expect.met:
        yield run(cut("In time: {clocks}", clocks=_clocks(expect.met, wording)))
    if expect.notified:
        roles = wording.listed([wording.role_name(one) for one in expect.notified])
        yield run(cut("Told of it: {roles}", roles=roles))
    if expect.accountable == NOBODY:
        yield (say("Nobody answers for the case"),)
    elif expect.accountable is not None:
        yield run(cut("This person answers for the case: {person}", person=(Id(expect.accountable),)))
    if expect.deviations:
        codes: list[Run] = [(Id(f"{code} {slug_of(code)}"),) for code in expect.deviations]
        yield run(cut("Deviations: {codes}", codes=wording.listed(codes)))
    if expect.broken:
        yield run(cut("Rules that are broken: {rules}", rules=_rules(expect.broken, wording)))
    if expect.kept:
        yield run(cut("Rules that are kept: {rules}", rules=_rules(expect.kept, wording)))
    if not expect.deviations and not expect.broken and not expect.late:
        yield (say("No deviation"),)


def _clocks(ids: Sequence[str], wording: Wording) -> Run:
    return wording.listed([_clock(one, wording) for one in ids])


def _clock(id: str, wording: Wording) -> Run:
    """Return a clock by its title, or as the step whose time it is."""
    clock = wording.procedure.all_clocks.get(id)
    if clock is not None and clock.accepts is not None:
        return run(wording.cut("accepting the work in {step}", step=wording.step(clock.accepts)))
    if clock is not None and clock.question is not None:
        return run(wording.cut("answering {action}", action=wording.action(clock.question)))
    if clock is None or clock.step is not None:
        return wording.step(id) if id in wording.procedure.steps else (Id(id),)
    title = wording.written(clock.title)
    return (title,) if title is not None else (Id(id),)


def _rules(names: Sequence[str], wording: Wording) -> Run:
    return reference([number for number, rule in numbered(wording.procedure) if rule.id in names], wording)
