"""Clocks in plain words: what is promised, which time counts, and an example that the engine's own arithmetic gives."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from procflow.calendars.book import CalendarSet
from procflow.calendars.calendar import Calendar
from procflow.calendars.hours import Day, Regime, Window
from procflow.calendars.length import Length, Unit
from procflow.loading.procedure import read_procedure
from procflow.model.procedure import Procedure
from procflow.reports.document.lengths import length_in_words
from procflow.reports.document.promises import Promise, grades_of, plain, promise_of
from procflow.reports.document.wording import Wording
from procflow.texts import LANGUAGES, language

FILE = """\
procflow: 1
procedure: complaint
version: "1.0"
calendar: office
roles:
  agent: { name: { en: Agent, ru: Оператор }, title: Takes complaints in }
  lead: { name: Lead, title: Approves }
  client: { title: Who complains, external: true }
data:
  reported_at: { type: instant, ask: When did it happen? }
  delivery: { type: date, ask: When is it to be delivered? }
  urgent: { type: yes-no, ask: Is it urgent? }
clocks:
  answer:
    title: { en: The first answer, ro: Primul răspuns, ru: Первый ответ, fa: نخستین پاسخ, pl: Pierwsza odpowiedź }
    until: enters draft
    within: { depends-on: tier, basic: 2 working days, otherwise: 4 working days }
    warn: [50%, 80%]
  final:
    title: The final answer
    from: { field: reported_at }
    within: 10 working days
    paused-in: [waiting]
    max-pause: 10 working hours
    resumed-by: wrote
    late: [{ notify: lead }, { after: 4 working hours, escalate: lead }]
    cancelled-by: withdraw
    reopen: continue
    reopen-within: 5 days
  delivered: { by: { field: delivery }, until: send, title: The delivery }
  news: { every: 3 working days, while: ours-to-act, by-action: update, title: News }
  hands: { to: team, at-most: 3, of: hand-off, title: Hand-offs }
  parts: { to: team, each: hand-off, within: { depends-on: role, agent: 3 hours, otherwise: 2 days }, title: Each part }
  repair: { to: supplier, within: { depends-on: urgent, "true": 4 hours, "false": 14 days }, title: The repair }
start: intake
steps:
  intake:
    by: agent
    within: 4 working hours
    collect: [reported_at, delivery, urgent]
    actions: { accept: draft, ask: { to: waiting, at-most: 3 } }
  waiting:
    title: Wait for the client
    waiting-for: { party: client, asked: required, due: required }
    within: 14 days
    late: { go-to: draft }
    actions: { replied: draft, wrote: { to: same } }
  draft: { by: lead, actions: { send: closed } }
  closed: { end: answered }
  gone: { end: cancelled }
anytime:
  update: { to: same, by: any }
  withdraw: { to: gone, by: client }
"""
NINE_TO_FIVE = Regime(hours=dict.fromkeys(range(5), (Window(9 * 60, 17 * 60),)))
OFFICE = Calendar(
    id="office",
    zone="Europe/Bucharest",
    regimes=(NINE_TO_FIVE,),
    days={date(2026, 11, 30): Day(name="Saint Andrew"), date(2026, 12, 1): Day(name="National day")},
    first=date(2026, 1, 1),
    last=date(2027, 12, 31),
    title={"en": "Office hours", "ro": "Program de birou"},
)
FRIDAY = datetime(2026, 11, 27, 14, tzinfo=UTC)
"""16:00 in Bucharest; Monday and Tuesday are days off."""


@pytest.fixture(scope="module")
def procedure() -> Procedure:
    loaded = read_procedure(FILE, "a.yaml")
    assert loaded.procedure is not None, loaded.findings
    return loaded.procedure


def promise(procedure: Procedure, clock: str, grade: str = "", code: str = "en") -> Promise:
    one = procedure.all_clocks[clock]
    return promise_of(
        one, Wording(procedure, language(code)), grade=grade, calendars=CalendarSet([OFFICE]), start=FRIDAY
    )


def told(one: Promise) -> list[str]:
    return [plain(term) for term in one.terms]


def test_the_promise_of_a_tier_is_one_sentence_with_an_example(procedure: Procedure) -> None:
    one = promise(procedure, "answer", "basic")
    assert plain(one.says) == "We promise the client: “The first answer” within 2 working days."
    assert told(one) == [
        "This holds for clients of this tier: basic.",
        "The time begins when this happens: the case is opened.",
        "The time ends when this happens: the case enters draft or the case ends.",
        "Only the hours of this calendar count: Office hours (Monday–Friday 09:00–17:00; Europe/Bucharest), without its "
        "days off.",
        "If this changes on the way, time used stays used, and the new limit holds for the whole.",
    ]
    assert [plain(measure) for measure in one.measures] == [
        "When so much of the time is used: 50% and 80%, this is told to: whoever has the work then."
    ]
    assert one.example is not None
    assert plain(one.example) == (
        "Example: begun on Friday, 27 November 2026, 16:00, it is kept if it ends by Thursday, 3 December 2026, 17:00."
    )


def test_every_other_tier_is_told_for_itself(procedure: Procedure) -> None:
    assert grades_of(procedure.all_clocks["answer"]) == ("basic", "")
    one = promise(procedure, "answer")
    assert plain(one.says) == "We promise the client: “The first answer” within 4 working days."
    assert told(one)[0] == "This holds in all other cases, and while it is not known."


def test_pauses_and_what_is_done_when_it_is_late(procedure: Procedure) -> None:
    one = promise(procedure, "final")
    assert (
        told(one)[0] == "The time counts from the moment named in “When did it happen?”, however late it became known."
    )
    assert told(one)[2] == "It is dropped, neither kept nor broken, when this happens: withdraw."
    assert told(one)[4:] == [
        "The time stands still in “Wait for the client”, if it is on record what was asked, and until when.",
        "All pauses together count for at most 10 working hours.",
        "A pause is over as soon as this is done: wrote.",
        "If it begins anew within 5 days of its end, the time used before counts, too.",
    ]
    assert [plain(measure) for measure in one.measures] == [
        "When the time has run out, this is told to: “Lead”.",
        "4 working hours after the time has run out, this is told to: “Lead”. They may act then, too.",
    ]


@pytest.mark.parametrize(
    ("clock", "grade", "says", "first"),
    [
        (
            "delivered",
            "",
            "We promise the client: “The delivery” by the end of the day named in “When is it to be delivered?”.",
            "It is kept if this has happened by then: send or the case ends.",
        ),
        (
            "news",
            "",
            "We promise the client: “News”, again and again, at most 3 working days apart.",
            "The time begins when this happens: the case is opened.",
        ),
        (
            "hands",
            "",
            "Among ourselves we have agreed: “Hand-offs”, at most 3 times in a case.",
            "Each time the work is handed to another role or team of ours is counted.",
        ),
        (
            "parts",
            "agent",
            "Among ourselves we have agreed: “Each part” within 3 hours of each hand-off.",
            "This holds for work that comes to: “Agent”.",
        ),
        (
            "repair",
            "true",
            "Our supplier has promised us: “The repair” within 4 hours.",
            "This holds if “Is it urgent?” is answered by: yes.",
        ),
        (
            "intake",
            "",
            "intake within 4 working hours.",
            "Only the hours of this calendar count: Office hours (Monday–",
        ),
        (
            "waiting",
            "",
            "“Wait for the client” within 14 days.",
            "Every hour counts, day and night, on working days and",
        ),
    ],
)
def test_every_kind_of_clock_has_its_sentence(
    procedure: Procedure, clock: str, grade: str, says: str, first: str
) -> None:
    one = promise(procedure, clock, grade)
    assert plain(one.says) == says
    assert told(one)[0].startswith(first)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_promise_is_told_in_every_language(procedure: Procedure, code: str) -> None:
    for clock in procedure.all_clocks.values():
        for grade in grades_of(clock):
            one = promise(procedure, clock.id, grade, code)
            for run in (one.says, *one.terms, *one.measures, *([one.example] if one.example else [])):
                assert plain(run).endswith("."), plain(run)
                assert "{" not in plain(run)


def test_the_example_has_the_digits_and_the_days_of_its_language(procedure: Procedure) -> None:
    one = promise(procedure, "answer", "basic", "fa")
    assert one.example is not None
    assert "جمعه ۲۷ نوامبر ۲۰۲۶، ۱۶:۰۰" in plain(one.example)
    one = promise(procedure, "answer", "basic", "ru")
    assert one.example is not None
    assert "четверг, 3 декабря 2026\u202fг., 17:00" in plain(one.example)


def test_without_a_start_the_example_begins_before_days_off(procedure: Procedure) -> None:
    one = promise_of(
        procedure.all_clocks["answer"],
        Wording(procedure, language("en")),
        grade="basic",
        calendars=CalendarSet([OFFICE]),
    )
    assert one.example is not None
    assert "begun on Friday, 2 January 2026, 16:00" in plain(one.example)


def test_without_calendars_there_is_no_example(procedure: Procedure) -> None:
    one = promise_of(procedure.all_clocks["answer"], Wording(procedure, language("en")), grade="basic")
    assert one.example is None
    assert "Only the hours of this calendar count: office." in told(one)


def test_a_calendar_that_ends_too_soon_gives_no_example(procedure: Procedure) -> None:
    last = datetime(2027, 12, 31, 14, tzinfo=UTC)
    clock, wording = procedure.all_clocks["answer"], Wording(procedure, language("en"))
    one = promise_of(clock, wording, grade="basic", calendars=CalendarSet([OFFICE]), start=last)
    assert one.example is None


def test_where_no_day_is_off_the_example_begins_on_the_first(procedure: Procedure) -> None:
    nights = Calendar(
        id="office",
        zone="Europe/Bucharest",
        regimes=(Regime(hours=dict.fromkeys(range(7), (Window(22 * 60, 30 * 60),))),),
        first=date(2026, 1, 1),
        last=date(2027, 12, 31),
    )
    wording, clock = Wording(procedure, language("en")), procedure.all_clocks["answer"]
    one = promise_of(clock, wording, grade="basic", calendars=CalendarSet([nights]))
    assert one.example is not None
    assert "05:00, it is kept if it ends by" in plain(one.example)


@pytest.mark.parametrize(
    ("code", "told"), [("pl", "Przy opóźnieniu (1 godzina robocza)"), ("ru", "При опоздании (1 рабочий час)")]
)
def test_a_length_keeps_the_case_it_is_written_in(code: str, told: str) -> None:
    hour = length_in_words(Length(count=1, unit=Unit.HOUR, working=True), language(code))
    assert language(code).say("{time} after the time has run out", time=hour) == told
