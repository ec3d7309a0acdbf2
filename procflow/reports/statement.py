"""What is promised, in plain words: a statement for clients and for the house, from the definition that judges cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from procflow.calendars.book import CalendarSet
from procflow.model.agreements import ServiceAgreement
from procflow.model.clients import Client
from procflow.model.clock import Clock, Promised
from procflow.model.procedure import Procedure
from procflow.model.text import Text, text_of
from procflow.reports.document.promises import TIER, Promise, grades_of, plain, promise_of
from procflow.reports.document.wording import Wording
from procflow.reports.documents import Json
from procflow.reports.paper import BLANK, Line, line, prose, strong, visible
from procflow.texts import Language, language


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of a procedure's promises is to be told, and for whom."""

    clock: str | None = None
    """Only this clock."""
    to: Promised | None = None
    """Only what is promised to, or by, these."""
    tier: str | None = None
    """Only what holds for this tier of service."""
    house: bool = False
    """Also who is warned, and what is done when it is late."""
    steps: bool = False
    """Also how long the steps may take."""
    start: datetime | None = None
    """When the examples begin."""
    client: Client | None = None
    agreement: ServiceAgreement | None = None
    """What was agreed with the client, if anything was."""
    tier_title: Text | None = None


def promises_of(procedure: Procedure, spoken: str, calendars: CalendarSet, asked: Asked) -> tuple[Promise, ...]:
    """Return what is promised, in the order of the file; of each clock its grades."""
    wording = Wording(procedure, language(spoken))
    return tuple(
        promise_of(clock, wording, grade=grade, calendars=calendars, start=asked.start)
        for clock in _clocks(procedure, asked)
        for grade in _grades(clock, asked.tier)
    )


def _clocks(procedure: Procedure, asked: Asked) -> Iterator[Clock]:
    for one in procedure.all_clocks.values():
        if asked.clock is not None:
            if one.id == asked.clock:
                yield one
        elif (asked.steps or one.step is None) and asked.to in (None, one.to):
            yield one


def _grades(clock: Clock, tier: str | None) -> Sequence[str]:
    graded = clock.within or clock.every or clock.at_most
    grades = grades_of(clock)
    if tier is None or graded is None or graded.by != TIER:
        return grades
    return [tier] if tier in grades else [one for one in grades if not one]


def statement_lines(
    procedure: Procedure, spoken: str, promises: Sequence[Promise], asked: Asked, cells: int
) -> Iterator[Line]:
    """Yield the statement: whose it is, then promise by promise what holds."""
    wording = Wording(procedure, language(spoken))
    words = wording.language
    title = text_of(procedure.title, spoken, procedure.id)
    yield line(strong(visible(words.say("What is promised: {procedure}", procedure=title))))
    for text in _head(procedure, words, asked):
        yield from prose(_ended_once(text), cells)
    if not promises:
        yield BLANK
        yield from prose(words.say("Nothing is promised here."), cells)
    for number, one in enumerate(promises, start=1):
        yield BLANK
        label = f"{words.number(number)}. "
        yield from prose(plain(one.says), cells, label=label)
        more = (*one.terms, *(one.measures if asked.house else ()), *(() if one.example is None else (one.example,)))
        for sentence in more:
            yield from prose(plain(sentence), cells, indent=len(label))


def _head(procedure: Procedure, words: Language, asked: Asked) -> Iterator[str]:
    yield words.say("{procedure}, version {version}", procedure=procedure.id, version=procedure.version)
    if procedure.effective_from is not None:
        yield words.say("In force from {day}.", day=words.date(procedure.effective_from))
    if asked.client is not None:
        yield words.say("For this client: {client}.", client=asked.client.name or asked.client.id)
    if asked.tier is not None:
        title = text_of(asked.tier_title or {}, words.code, asked.tier)
        yield words.say("Tier of service: {tier}.", tier=title)
    if asked.agreement is not None:
        yield from _agreed(asked.agreement, words)


def _agreed(one: ServiceAgreement, words: Language) -> Iterator[str]:
    first, last = one.period.first, one.period.last
    if first is not None and last is not None:
        yield words.say("Agreed for the days from {first} to {last}.", first=words.date(first), last=words.date(last))
    elif first is not None:
        yield words.say("Agreed from {day} on.", day=words.date(first))
    signed = [one for one in (one.us, one.them) if one is not None]
    if signed:
        names = [words.say("{person} on {day}", person=each.person, day=words.date(each.on)) for each in signed]
        yield words.say("Signed by: {names}.", names=words.listed(names))


def _ended_once(text: str) -> str:
    """Return a sentence with one point at its end, where its last word is cut short and has a point of its own."""
    return text[:-1] if text.endswith("..") and not text.endswith("...") else text


def statement_document(procedure: Procedure, spoken: str, promises: Sequence[Promise], asked: Asked) -> Json:
    """Return the statement for programs."""
    return {
        "v": "1",
        "kind": "statement",
        "procedure": procedure.id,
        "version": procedure.version,
        "digest": procedure.digest,
        "language": spoken,
        "client": None if asked.client is None else asked.client.id,
        "tier": asked.tier,
        "agreement": None if asked.agreement is None else asked.agreement.id,
        "promises": [
            {
                "clock": one.clock,
                "grade": one.grade,
                "to": one.to.value,
                "says": plain(one.says),
                "terms": [plain(each) for each in one.terms],
                "measures": [plain(each) for each in one.measures],
                "example": None if one.example is None else plain(one.example),
            }
            for one in promises
        ],
    }
