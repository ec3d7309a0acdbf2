"""The card of a service: what to give, how long it takes, by what it is good, how to be a good client, and what waits now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from procflow.calendars.book import CalendarSet
from procflow.model.clock import Clock
from procflow.model.library import Library
from procflow.model.procedure import Procedure
from procflow.model.services import Service, clocks_of, inputs_of, providing_roles
from procflow.model.serving import BothSides, Load, Serving
from procflow.model.text import Text
from procflow.reports.document.actions import field_line
from procflow.reports.document.parts import (
    Block,
    Blocks,
    Bullets,
    Facts,
    Id,
    Inline,
    Link,
    Page,
    Paragraph,
    Run,
    Section,
    Strong,
    Table,
)
from procflow.reports.document.promises import Promise, grades_of, promise_of
from procflow.reports.document.values import length_of
from procflow.reports.document.wording import Wording, run
from procflow.texts import language

_DIGITS_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a card tells."""

    service: Service
    procedure: Procedure
    library: Library
    promises: tuple[Promise, ...]
    """Of the clocks that promise its times, those grades that may be its own."""
    serving: Serving | None
    """What the record says; None if none was given."""


def card_of(
    service: Service,
    library: Library,
    code: str,
    calendars: CalendarSet | None = None,
    serving: Serving | None = None,
) -> Card:
    """Return the card of a service whose procedure is in the library; its promises in the language of `code`."""
    procedure = library.procedures[service.procedure]
    wording = Wording(procedure, language(code))
    promises = tuple(
        _settled(promise_of(clock, wording, grade=grade, calendars=calendars), clock, service)
        for clock in clocks_of(service, procedure)
        for grade in _grades(clock, service)
    )
    return Card(service=service, procedure=procedure, library=library, promises=promises, serving=serving)


def _grades(clock: Clock, service: Service) -> Sequence[str]:
    """Return the values of what a clock depends on that this service may have."""
    graded = clock.within or clock.every or clock.at_most
    grades = grades_of(clock)
    if graded is None or graded.by is None or graded.by not in service.given:
        return grades
    value = service.given[graded.by]
    return (value,) if value in grades else [one for one in grades if not one]


def _settled(promise: Promise, clock: Clock, service: Service) -> Promise:
    """Return a promise without the sentence for whom it holds, where the service itself says so."""
    graded = clock.within or clock.every or clock.at_most
    settled = graded is not None and graded.by in service.given
    return replace(promise, terms=promise.terms[1:]) if settled else promise


def card_page(card: Card, code: str) -> Page:
    """Return the card as a page in the language of `code`; the same card gives the same page."""
    spoken = language(code)
    wording = Wording(card.procedure, spoken)
    say = wording.say
    title: Run = (wording.written(card.service.title) or Id(card.service.id),)
    named = "".join(one if isinstance(one, str) else getattr(one, "text", "") for one in title)
    digest = card.procedure.digest[:_DIGITS_SHOWN]
    facts = Facts(tuple((label, (Paragraph(_unlinked(told)),)) for label, told in _facts(card, wording)))
    sections = tuple(_section(one, at) for at, one in enumerate(_parts(card, wording)))
    foot = wording.cut(
        "This page was made from the procedure {id}, version {version}, digest {digest}. Work is run and audited by the same "
        "text.",
        id=(Id(card.procedure.id),),
        version=(Id(card.procedure.version),),
        digest=(Id(digest),),
    )
    return Page(
        language=spoken,
        lang=spoken.code if spoken.code.partition("-")[0] == spoken.words else spoken.words,
        name=named,
        identity=f"{card.service.id} · {card.procedure.id} {card.procedure.version} · {digest}",
        kind=say("Service card"),
        title=title,
        purpose=(),
        facts=facts,
        notices=(),
        contents=say("Contents"),
        skip=say("Skip to the text"),
        languages=say("This page in other languages"),
        others=(),
        sections=sections,
        foot=run(foot),
        untranslated=say("not translated"),
    )


def _facts(card: Card, wording: Wording) -> Iterator[tuple[str, Run]]:
    say, service = wording.say, card.service
    yield say("Service"), (Id(service.id),)
    roles = providing_roles(service, card.procedure)
    named = wording.listed([wording.called(id, card.procedure.roles[id].name) for id in roles])
    yield (
        say("Provided by"),
        named if service.provider in roles else (*wording.titled(service.provider), " (", *named, ")"),
    )
    yield say("For"), wording.listed([_client(id, card.library, wording) for id in service.clients])
    procedure: Run = (wording.written(card.procedure.title) or Id(card.procedure.id), " ")
    yield say("Procedure"), (*procedure, Id(card.procedure.id), " ", Id(card.procedure.version))
    if service.depends_on:
        known = card.library.services.services
        yield say("Depends on"), wording.listed([wording.called(id, known[id].title) for id in service.depends_on])


def _client(id: str, library: Library, wording: Wording) -> Run:
    """Return whom a service is for: a client by its name, a department by its title."""
    known = library.clients.clients.get(id)
    return wording.titled(id) if known is None or not known.name else (known.name, " ", Id(id))


_Part = tuple[str, Blocks]


def _section(part: _Part, at: int) -> Section:
    heading, blocks = part
    return Section(anchor=f"card-{at + 1}", heading=(heading,), level=2, blocks=tuple(map(_block, blocks)))


def _parts(card: Card, wording: Wording) -> Iterator[_Part]:
    say, procedure = wording.say, card.procedure
    inputs = inputs_of(card.service, procedure)
    told = [
        field_line(id, wording)
        if id in procedure.data
        else run(wording.cut("Proof: {proof}", proof=wording.titled(id)))
        for id in inputs
    ]
    yield say("What we need from you"), _bullets(told, say("Nobody has said yet."))
    yield say("How long it takes"), _times(card, wording)
    if card.service.quality:
        yield say("How you know that it is good"), _bullets(list(_texts(card.service.quality, wording)), "")
    yield say("How to be a good client"), _bullets(list(_tips(card, wording)), "")
    if card.serving is not None:
        yield say("What waits now"), _load(card.serving, wording)
        yield say("How complete requests come"), _intake(card.serving, wording)
        if card.serving.rotation:
            yield say("Who knows both sides of a hand-off"), _rotation(card.serving.rotation, wording)


def _texts(texts: Sequence[Text], wording: Wording) -> Iterator[Run]:
    yield from ((found,) for one in texts if (found := wording.written(one)) is not None)


def _bullets(told: Sequence[Run], otherwise: str) -> Blocks:
    if not told:
        return (Paragraph((otherwise,)),)
    return (Bullets(tuple((Paragraph(one),) for one in told)),)


def _times(card: Card, wording: Wording) -> Blocks:
    if not card.promises:
        return (Paragraph((wording.say("Nothing is promised here."),)),)
    entries: list[Blocks] = []
    for one in card.promises:
        more = (*one.terms, *(() if one.example is None else (one.example,)))
        blocks: Blocks = (Paragraph((Strong(one.says),)), *(Paragraph(each) for each in more))
        entries.append(blocks)
    return (Bullets(tuple(entries)),)


def _tips(card: Card, wording: Wording) -> Iterator[Run]:
    """Yield how to be a good client: what follows from the procedure, then what the provider asks for."""
    say, procedure = wording.say, card.procedure
    yield (say("Give all of it at once: whatever is missing has to be asked for, and that takes your time."),)
    if any(procedure.all_clocks[one.clock].paused_in for one in card.promises):
        yield (say("If you are asked something, answer soon: until then the time that is promised stands still."),)
    yield from _texts(card.service.tips, wording)


# --- what the record says --------------------------------------------------------------------------------------------


def _load(serving: Serving, wording: Wording) -> Blocks:
    say, number = wording.say, wording.language.number
    heads = (say("Role"), say("Open cases"), say("The oldest waits for"), say("Done"), say("Expected wait"))
    rows = tuple(
        (
            ((_who(one, wording)),),
            ((number(one.open),),),
            ((_length(one.longest, wording),),),
            ((number(one.done),),),
            ((_length(one.wait, wording),),),
        )
        for one in serving.loads
    )
    days = wording.language.number(-(-serving.window // timedelta(days=1)))
    paced = say(
        "Done: in the last {days} days. Expected wait: what is open, at that pace; – if it is too little to tell.",
        days=days,
    )
    return (Table(say("What waits now"), heads, rows), Paragraph((paced,)))


def _who(one: Load, wording: Wording) -> Run:
    role = wording.procedure.roles.get(one.who)
    return (Id(one.who),) if role is None else wording.called(role.id, role.name)


def _length(length: timedelta | None, wording: Wording) -> str:
    """Return a length of time to the hour, from a day on to the day, as nobody reads a forecast to the minute."""
    if length is None:
        return "–"
    day, hour, minute = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
    unit = day if length >= 2 * day else hour if length >= 2 * hour else minute
    return length_of(-(-length // unit) * unit, wording)


def _intake(serving: Serving, wording: Wording) -> Blocks:
    say, intake = wording.say, serving.intake
    number = wording.language.number
    if not intake.cases:
        return (Paragraph((say("Nobody has asked for it yet."),)),)
    told: list[Run] = [
        (
            say(
                "{complete} of {cases} requests were complete when they came: nobody had to ask back.",
                complete=number(intake.complete),
                cases=number(intake.cases),
            ),
        ),
        (say("So often something was asked back: {number}", number=number(intake.round_trips)),),
    ]
    for name, times in intake.missing.items():
        what = wording.value_of(name) if name in wording.procedure.data else (Id(name),)
        told.append(run(wording.cut("Missing in so many: {what}: {number}", what=what, number=(number(times),))))
    for one in intake.waiting:
        names: Sequence[Run] = [(Id(name),) for name in one.missing]
        lacking: Run = wording.listed(names) if names else (one.asked or "–",)
        told.append(
            run(
                wording.cut(
                    "{case} waits in {step} for: {what}", case=(Id(one.case),), step=(Id(one.step),), what=lacking
                )
            )
        )
    return _bullets(told, "")


def _rotation(pairs: Sequence[BothSides], wording: Wording) -> Blocks:
    say, number = wording.say, wording.language.number
    heads = (say("Between"), say("People"), say("Know both sides"), say("Only from sitting in"))
    roles = wording.procedure.roles
    rows = tuple(
        (
            (wording.listed([wording.called(id, roles[id].name) for id in (one.giver, one.taker)]),),
            ((number(one.handlers),),),
            ((number(one.both),),),
            ((number(one.sat_in),),),
        )
        for one in pairs
    )
    return (Table(say("Who knows both sides of a hand-off"), heads, rows),)


# --- without ways to places that are not on the card ------------------------------------------------------------------


def _unlinked(told: Run) -> Run:
    """Return a run without links: what they lead to is on the page of the procedure, not on the card."""
    found: list[Inline] = []
    for one in told:
        match one:
            case Link():
                found += _unlinked(one.content)
            case Strong():
                found.append(Strong(_unlinked(one.content)))
            case _:
                found.append(one)
    return tuple(found)


def _block(block: Block) -> Block:
    match block:
        case Paragraph():
            return Paragraph(_unlinked(block.content))
        case Bullets():
            return Bullets(tuple(tuple(map(_block, one)) for one in block.entries), block.ordered)
        case Table():
            rows = tuple(tuple(tuple(map(_unlinked, cell)) for cell in row) for row in block.rows)
            return Table(block.caption, block.heads, rows)
        case _:
            return block
