"""The parts of the page of a story, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby

from procflow.model.clock import PartyKind
from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.event import Event, Kind
from procflow.model.text import text_of
from procflow.model.waiting import WaitKind
from procflow.reports.document.parts import (
    Blocks,
    Bullets,
    Facts,
    Figures,
    Id,
    Paragraph,
    Picture,
    Run,
    Section,
    Small,
    Strong,
    Swatch,
    Table,
    Written,
)
from procflow.reports.document.wording import run
from procflow.reports.page.circle import ring
from procflow.reports.page.of_waiting import circle_in_words, circle_of
from procflow.reports.page.teller import Teller
from procflow.reports.page.timeline import hue_of, timeline
from procflow.reports.page.told import MOST, nobodys, told_findings

_MOST_ROWS = 300

Numbered = Sequence[tuple[int, Deviation]]


def sections_of(tell: Teller, findings: Numbered) -> Iterator[Section]:
    """Yield the parts that the story has something for."""
    yield _glance(tell, findings)
    yield _findings(tell, findings)
    yield from _circles(tell, findings)
    if tell.story.spans:
        yield _ball(tell)
    if tell.story.waits or (tell.story.clients and tell.story.client_waited):
        yield _waits(tell)
    if tell.story.tenures:
        yield _tenures(tell)
    yield from _contacts(tell)
    yield from _thanks(tell)
    yield _events(tell)


def _part(
    anchor: str, heading: str, *blocks: Paragraph | Small | Bullets | Table | Picture | Figures | Section
) -> Section:
    return Section(anchor=anchor, heading=(heading,), level=2, blocks=blocks)


def _glance(tell: Teller, findings: Numbered) -> Section:
    story, say = tell.story, tell.say
    caption = [say("Each line is one person. Time runs in the direction of reading; what went wrong has its number.")]
    if story.openings:
        caption += [" ", say("Nights and days off are drawn short.")]
    picture = Picture(timeline(tell, findings), say("Timeline"), tuple(caption), wide=True)
    number = tell.language.number
    client = [one for one in story.spans if one[0].kind is PartyKind.CLIENT]
    whole = story.until - story.since
    held = sum((end - start for _, start, end in client), timedelta(0))
    open_waits = [story.length(one) for one in story.waits]
    longest = max(open_waits, default=timedelta(0))
    waited = sum((end - start for start, end in story.client_waited), timedelta(0)) if story.clients else timedelta(0)
    entries: list[tuple[str, str]] = [
        (number(len(findings)), say("What went wrong")),
        (tell.length(whole), say("from the beginning to the end") if story.over else say("so far")),
        *([(tell.length(waited), say("the client waited for all of us"))] if waited else []),
        (tell.length(longest), say("the longest of the other waits") if waited else say("the longest wait")),
        (tell.length(nobodys(story)), say("nobody had the ball")),
        (tell.percent(held, whole), say("of the time it was the client's turn")),
    ]
    return _part("glance", say("At a glance"), Figures(tuple(entries)), picture)


# --- who had the ball ----------------------------------------------------------------------------------------------


def _ball(tell: Teller) -> Section:
    story, say = tell.story, tell.say
    lengths: dict[tuple[PartyKind, tuple[str, ...]], list[timedelta]] = {}
    clients = tuple(id for id, role in story.procedure.roles.items() if role.external and not role.supplier)
    for party, start, end in story.spans:
        # Several branches at once: each side is told with the others.
        lengths.setdefault((party.kind, tell.side(party)), []).append(end - start)
    if clients and not any(kind is PartyKind.CLIENT for kind, _ in lengths):
        lengths[PartyKind.CLIENT, clients[:1]] = []
    whole = sum((one for each in lengths.values() for one in each), timedelta(0))
    rows = []
    for (kind, sides), times in sorted(lengths.items(), key=lambda each: -sum(each[1], timedelta(0))):
        held = sum(times, timedelta(0))
        rows.append(
            (
                (_side(tell, kind, sides),),
                ((tell.percent(held, whole),),),
                ((tell.length(held),),),
                ((tell.language.number(len(times)),),),
            )
        )
    heads = (say("Who"), say("Share"), say("How long"), say("How often"))
    about = say("Whoever has the ball is the one who can move the case on. Together it is the whole time of the case.")
    client = sum(
        ((sum(each, timedelta(0))) for (kind, _), each in lengths.items() if kind is PartyKind.CLIENT), timedelta(0)
    )
    done = sum(
        ((sum(each, timedelta(0))) for (kind, _), each in lengths.items() if kind is PartyKind.RESOLVED), timedelta(0)
    )
    told = say(
        "Until it was done, the client had the ball for {client} of the time, and we for {ours}.",
        client=tell.percent(client, whole - done),
        ours=tell.percent(whole - done - client, whole - done),
    )
    table = Table(say("Who had the ball"), heads, tuple(rows))
    return _part("ball", say("Who had the ball"), Paragraph((Strong((told,)),)), Paragraph((about,)), table)


def _side(tell: Teller, kind: PartyKind, sides: tuple[str, ...]) -> Run:
    if kind is PartyKind.NOBODY:
        return (Swatch("s-nobody"), tell.say("Nobody"))
    if kind is PartyKind.RESOLVED:
        return (Swatch("s-done"), tell.say("Nobody: it is done"))
    hue = hue_of(sides[0] if sides else "", tell)
    return (Swatch(hue), *tell.wording.listed([tell.department(one) for one in sides]))


# --- what went wrong -----------------------------------------------------------------------------------------------


def _findings(tell: Teller, findings: Numbered) -> Section:
    say, count = tell.say, tell.language.count
    if not findings:
        return _part("findings", say("What went wrong"), Paragraph((say("Nothing. Thank you all."),)))
    told: list[Section | Small] = []
    for one in told_findings(tell, findings):
        entries = tuple((label, (Paragraph(about),)) for label, about in one.facts)
        slug = REGISTRY[one.deviation.code].slug
        told.append(
            Section(
                anchor=f"finding-{one.number}",
                number=tell.language.number(one.number),
                heading=one.what,
                level=3,
                blocks=(Facts(entries), Small((Id(f"{one.deviation.code} {slug}"),))),
                kind="finding",
            )
        )
    if len(findings) > MOST:
        more = len(findings) - MOST
        told.append(Small((count("One more is left out.", "{number} more are left out.", more),)))
    return _part("findings", say("What went wrong"), *told)


def _circles(tell: Teller, findings: Numbered) -> Iterator[Section]:
    say = tell.say
    blocks: list[Paragraph | Picture] = []
    for number, one in findings:
        if one.code != "DV606":
            continue
        chain = circle_in_words(one, tell)
        sentence = run(tell.cut("{circle}: nobody can go on before somebody answers.", circle=(Strong(chain),)))
        blocks.append(Paragraph(sentence))
        names = [tell.flat(tell.person(player)) for node in circle_of(one) for player in _one(tell, node)]
        label = say("Circle of waiting, number {number}", number=tell.language.number(number))
        drawn = ring(names, f"{label}: {tell.flat(chain)}", direction=tell.language.direction)
        if drawn:
            blocks.append(Picture(drawn, label, (say("Each arrow leads to whom they wait for."),)))
    if blocks:
        yield _part("circles", say("Circles of waiting"), *blocks)


def _one(tell: Teller, node: str) -> tuple[str, ...]:
    found = tell.story.players_of(node)
    return found if len(found) == 1 else (node,)


# --- who waited, and who answered ----------------------------------------------------------------------------------


def _waits(tell: Teller) -> Section:
    story, say = tell.story, tell.say
    kinds = {
        WaitKind.HAND_OFF: say("that the work is accepted"),
        WaitKind.QUESTION: say("an answer"),
        WaitKind.PARTY: say("what was asked of them"),
    }
    rows: list[tuple[tuple[Run, ...], ...]] = []
    for start, end in story.client_waited[:_MOST_ROWS] if story.clients else ():
        row: tuple[tuple[Run, ...], ...] = (
            (tell.meant(story.clients[0]),),
            ((say("all of them"),),),
            ((say("that it is done"),),),
            ((tell.length(end - start),),),
            ((tell.moment(start),),),
            ((tell.moment(end) if end < story.until or story.over else say("goes on"),),),
        )
        rows.append(row)
    for one in sorted(story.waits, key=story.length, reverse=True)[:_MOST_ROWS]:
        what = tell.step(one.what) if one.kind is WaitKind.HAND_OFF else tell.quoted(one.what) if one.what else ()
        lines: tuple[Run, ...] = ((kinds[one.kind],), *((what,) if what else ()))
        until = (tell.moment(one.until),) if one.until is not None else (say("goes on"),)
        rows.append(
            (
                (tell.meant(one.who or one.role) if one.who or one.role else (say("nobody on record"),),),
                (tell.wording.listed([tell.meant(name) for name in one.whom]) if one.whom else (say("nobody"),),),
                lines,
                ((tell.length(story.length(one)),),),
                ((tell.moment(one.since),),),
                (until,),
            )
        )
    heads = (say("Who waited"), say("for whom"), say("for what"), say("How long"), say("From"), say("To"))
    blocks: list[Table | Small] = [Table(say("Who waited for whom"), heads, tuple(rows))]
    if len(story.waits) > _MOST_ROWS:
        more = len(story.waits) - _MOST_ROWS
        blocks.append(Small((tell.language.count("One more is left out.", "{number} more are left out.", more),)))
    return _part("waits", say("Who waited for whom"), *blocks)


def _tenures(tell: Teller) -> Section:
    story, say = tell.story, tell.say
    rows = []
    for one in story.tenures[:_MOST_ROWS]:
        end = one.until or story.until
        who: Run = tell.person(one.person) if one.person is not None else (Strong((say("Nobody"),)),)
        length = tell.length(end - one.since)
        rows.append(((who,), ((tell.moment(one.since),),), ((tell.moment(end),),), ((length,),)))
    heads = (say("Who"), say("From"), say("To"), say("How long"))
    return _part(
        "answers", say("Who answered for the case"), Table(say("Who answered for the case"), heads, tuple(rows))
    )


# --- what was said -------------------------------------------------------------------------------------------------


def _contacts(tell: Teller) -> Iterator[Section]:
    procedure, say = tell.story.procedure, tell.say
    tells = {id for id, one in procedure.anytime.items() if one.tells is not None}
    chases = {id for id, one in procedure.anytime.items() if one.on_behalf_of is not None}
    if not tells and not chases:
        return
    rows = []
    for event in tell.story.events[:]:
        if event.kind is not Kind.ACTION or event.action not in tells | chases:
            continue
        chased = event.action in chases
        who = event.on_behalf_of or tell.story.trace.client or event.actor or "" if chased else event.actor or ""
        what = say("had to ask") if chased else say("told the client")
        rows.append((((tell.moment(event.occurred_at),),), (tell.person(who),), ((what,), tell.action(event.action))))
    if not rows:
        yield _part("contacts", say("What the client heard"), Paragraph((say("Nothing: nobody wrote or called."),)))
        return
    heads = (say("When"), say("Who"), say("What"))
    yield _part(
        "contacts", say("What the client heard"), Table(say("What the client heard"), heads, tuple(rows[:_MOST_ROWS]))
    )


def _thanks(tell: Teller) -> Iterator[Section]:
    procedure, say = tell.story.procedure, tell.say
    kind = {id for id, one in procedure.anytime.items() if one.thanks}
    entries = []
    for at, event in enumerate(tell.story.events):
        if event.kind is not Kind.ACTION or event.action not in kind:
            continue
        named = event.data.get("thanked")
        whom = str(named) if named else _last_doer(tell.story.events[:at])
        thanked = tell.person(whom) if whom else (say("everybody"),)
        by = event.on_behalf_of or event.actor or ""
        entries.append(run(tell.cut("{who} thanked {whom}.", who=tell.person(by), whom=thanked)))
    if entries:
        items: tuple[Blocks, ...] = tuple((Paragraph(one),) for one in entries[:_MOST_ROWS])
        yield _part("thanks", say("Thanks"), Bullets(items))


def _last_doer(events: Sequence[Event]) -> str:
    return next((one.actor for one in reversed(events) if one.actor and one.kind is Kind.ACTION), "")


def _events(tell: Teller) -> Section:
    say, story = tell.say, tell.story
    shown = story.events[:_MOST_ROWS]
    rows = []
    for _, same in groupby(shown, key=lambda one: one.seq):
        for event in same:
            rows.append(
                (
                    ((tell.moment(event.occurred_at),),),
                    (tell.person(event.actor) if event.actor else (say("the clock") if event.timer else "–",),),
                    tuple(_done(event, tell)),
                )
            )
    heads = (say("When"), say("Who"), say("What"))
    blocks: list[Table | Small] = [Table(say("Everything that happened, in order"), heads, tuple(rows))]
    if len(story.events) > _MOST_ROWS:
        more = len(story.events) - _MOST_ROWS
        blocks.append(Small((tell.language.count("One more is left out.", "{number} more are left out.", more),)))
    return _part("events", say("Everything that happened, in order"), *blocks)


def _done(event: Event, tell: Teller) -> Iterator[Run]:
    if event.kind is Kind.OPENED:
        yield (tell.say("opened the case"),)
    elif event.kind is Kind.CLOSED:
        yield (tell.say("closed the case"),)
    elif event.action:
        yield tell.action(event.action)
    else:
        yield (Id(event.kind.value),)
    for key in ("asked", "question", "risk", "answer", "note"):
        value = event.data.get(key)
        if isinstance(value, str) and value:
            yield tell.quoted(value)
    if event.reason:
        yield tell.quoted(event.reason)


def head_of(tell: Teller) -> Facts:
    """Return what the page is about: the procedure, the client, from when to when, and how it ended."""
    story, say = tell.story, tell.say
    audit, procedure, language = story.audit, story.procedure, tell.language

    def entries() -> Iterator[tuple[str, Run]]:
        title = tell.wording.written(procedure.title)
        yield (
            say("Procedure"),
            (*((title, " ") if title is not None else ()), Id(f"{procedure.id} {procedure.version}")),
        )
        if story.trace.client:
            yield say("Client"), tell.person(story.trace.client)
        yield say("From"), (language.moment(tell.local(story.since)),)
        yield say("To"), (language.moment(tell.local(story.until)),)
        if audit.outcome is not None:
            outcome = text_of(procedure.titles.get(audit.outcome, {}), language.code)
            yield say("Outcome"), (Written(outcome, "", language.direction, False) if outcome else Id(audit.outcome),)
        else:
            yield say("Outcome"), (say("none yet"),)
        if story.tenures:
            last = story.tenures[-1].person
            yield say("Answers for it"), tell.person(last) if last is not None else (say("nobody"),)

    return Facts(tuple((label, (Paragraph(about),)) for label, about in entries()))
