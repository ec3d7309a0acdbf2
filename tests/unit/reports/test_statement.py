"""The statement of what is promised: a golden page for each language, read by people who speak it.

Look at every change of them as a client would; then `python -m tests.unit.reports.test_statement` writes them anew.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from procflow.calendars.book import CalendarSet
from procflow.calendars.calendar import Calendar
from procflow.calendars.hours import Day, Regime, Window
from procflow.loading.agreements import read_agreements
from procflow.loading.clients import read_clients
from procflow.loading.procedure import read_procedure
from procflow.model.clock import Promised
from procflow.model.procedure import Procedure
from procflow.reports.paper import plain, width
from procflow.reports.statement import Asked, promises_of, statement_document, statement_lines
from procflow.texts import LANGUAGES

GOLDEN = Path(__file__).parent / "statements"
FILE = """\
procflow: 1
procedure: complaint
version: "2.1"
title: { en: Customer complaint, ro: Reclamația clientului, ru: Жалоба клиента, pl: Reklamacja klienta, fa: شکایت مشتری }
effective: { from: 2026-11-01 }
calendar: office
roles:
  agent: Takes complaints in
  lead: { name: { en: Lead, ro: Șef, ru: Руководитель, pl: Kierownik, fa: سرپرست }, title: Approves }
  client: { title: Who complains, external: true }
clocks:
  first-answer:
    title: { en: The first answer, ro: Primul răspuns, ru: Первый ответ, fa: نخستین پاسخ, pl: Pierwsza odpowiedź }
    until: enters draft
    within: { depends-on: tier, basic: 2 working days, premium: 2 working hours }
    paused-in: [waiting]
    max-pause: 10 working hours
    warn: [80%]
    late: { escalate: lead }
  keep-informed:
    title: { en: News, ro: Noutăți, ru: Новости, fa: خبر, pl: Wiadomości }
    every: 3 working days
    while: ours-to-act
    by-action: update
  few-hands: { to: team, at-most: 3, of: hand-off }
start: intake
steps:
  intake: { by: agent, within: 4 working hours, actions: { accept: draft, ask: { to: waiting, at-most: 3 } } }
  waiting:
    title: { en: Wait for the client, ro: Așteptarea clientului, ru: Ожидание клиента, pl: Czekanie na klienta, fa: انتظار مشتری }
    waiting-for: { party: client, asked: required, due: required }
    within: 14 days
    late: { go-to: draft }
    actions: { replied: draft }
  draft: { by: lead, actions: { send: closed } }
  closed: { end: answered }
anytime:
  update: { to: same, by: any }
"""
OFFICE = Calendar(
    id="office",
    zone="Europe/Bucharest",
    regimes=(Regime(hours=dict.fromkeys(range(5), (Window(9 * 60, 17 * 60),))),),
    days={date(2026, 11, 30): Day(name="Saint Andrew"), date(2026, 12, 1): Day(name="National day")},
    first=date(2026, 1, 1),
    last=date(2027, 12, 31),
)


def procedure() -> Procedure:
    loaded = read_procedure(FILE, "complaint.yaml")
    assert loaded.procedure is not None, loaded.findings
    return loaded.procedure


def for_client() -> Asked:
    clients = read_clients("clients: { acme: { name: Acme Industries } }", "clients.yaml").clients
    agreements = read_agreements(
        "tiers: { basic: Basic, premium: { en: Premium, ro: Premium, ru: Премиум, pl: Premium, fa: ویژه } }\n"
        "agreements: { acme-2026: { client: acme, tier: premium, from: 2026-01-01, to: 2026-12-31, signed-by: "
        "{ us: { person: m.pop, date: 2025-12-15 }, them: { person: Ioana Marin, date: 2025-12-18 } } } }",
        "agreements.yaml",
    ).agreements
    assert clients is not None
    assert agreements is not None
    return Asked(
        to=Promised.CLIENT,
        tier="premium",
        house=True,
        client=clients.clients["acme"],
        agreement=agreements.agreements[0],
        tier_title=agreements.tiers["premium"].title,
    )


def page(code: str, asked: Asked, cells: int = 80) -> str:
    rules = procedure()
    promises = promises_of(rules, code, CalendarSet([OFFICE]), asked)
    return plain(statement_lines(rules, code, promises, asked, cells))


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_statement_reads_as_it_did(code: str) -> None:
    assert page(code, for_client()) == (GOLDEN / f"{code}.txt").read_text("utf-8")


@pytest.mark.parametrize("code", LANGUAGES)
def test_it_fits_a_narrow_terminal(code: str) -> None:
    for line in page(code, for_client(), 40).splitlines():
        assert width(line) <= 40 or " " not in line.strip(), line


def test_a_tier_that_a_clock_does_not_tell_apart_has_what_all_others_have() -> None:
    told = page("en", Asked(tier="gold"))
    assert "2 working days" not in told
    assert "News" in told


def test_one_clock_or_all_with_the_steps() -> None:
    assert page("en", Asked(clock="intake")).count("within 4 working hours") == 1
    assert "4 working hours" not in page("en", Asked())
    assert "4 working hours" in page("en", Asked(steps=True))
    assert "Nothing is promised here." in page("en", Asked(to=Promised.SUPPLIER))


def test_programs_get_the_same_sentences() -> None:
    rules, asked = procedure(), for_client()
    document = statement_document(rules, "en", promises_of(rules, "en", CalendarSet([OFFICE]), asked), asked)
    assert document["client"] == "acme"
    assert document["agreement"] == "acme-2026"
    promises = document["promises"]
    assert isinstance(promises, list)
    (first, _) = promises
    assert isinstance(first, dict)
    assert first["says"] == "We promise the client: “The first answer” within 2 working hours."


if __name__ == "__main__":
    for one in LANGUAGES:
        (GOLDEN / f"{one}.txt").write_text(page(one, for_client()), "utf-8")
