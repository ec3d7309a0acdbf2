"""A calendar is kept as a text and comes back the same; its digest is over what time is counted by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from procflow.calendars.book import EMPTY, CalendarSet
from procflow.calendars.calendar import ALWAYS, Calendar
from procflow.calendars.hours import Day
from procflow.calendars.written import calendar_of, calendar_text, calendars_of, calendars_text
from procflow.errors import CalendarError
from tests.unit.calendars.desks import IR, PL, RO, RU, always


@pytest.mark.parametrize("one", [RO, RU, IR, PL, ALWAYS, always("Asia/Tehran")], ids=lambda one: one.zone)
def test_a_calendar_comes_back_as_it_was(one: Calendar) -> None:
    text = calendar_text(one)
    back = calendar_of(text)
    assert back == one
    assert (back.digest, calendar_text(back)) == (one.digest, text)


def test_a_set_comes_back_as_it_was() -> None:
    kept = CalendarSet([replace(RO, id="ro"), replace(PL, id="pl")])
    back = calendars_of(calendars_text(kept))
    assert (back.digest, dict(back.calendars)) == (kept.digest, dict(kept.calendars))
    assert calendars_of(calendars_text(EMPTY)).digest == EMPTY.digest


def test_names_do_not_change_how_time_is_counted() -> None:
    named = replace(
        RO, days={**RO.days, date(2026, 12, 1): Day(name="Ziua Națională")}, title=MappingProxyType({"": "Desk"})
    )
    assert named.digest == RO.digest
    assert calendar_of(calendar_text(named)).days[date(2026, 12, 1)].name == "Ziua Națională"


def test_all_that_changes_how_time_is_counted_changes_the_digest() -> None:
    others = [
        replace(RO, id="other"),
        replace(RO, zone="Europe/Warsaw"),
        replace(RO, days={}),
        replace(RO, last=date(2030, 12, 31)),
        replace(RO, second=True),
        replace(RO, after_gap=True),
        replace(RO, regimes=IR.regimes),
    ]
    assert len({one.digest for one in (RO, *others)}) == len(others) + 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "null",
        "[1]",
        '{"calendar": "x", "zone": "Nowhere", "always": true, "title": {}}',
        '{"calendar": "x", "zone": "../../etc", "always": true, "title": {}}',
        calendar_text(RO).replace("1020", "99999"),
        calendar_text(RO).replace('"2020-01-01"', '"2020-13-01"'),
        calendar_text(RO).replace('"before"', '"behind"'),
        "[" * 100_000,
    ],
    ids=range(10),
)
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(CalendarError):
        calendar_of(text)
    with pytest.raises(CalendarError):
        calendars_of(f"[{text or 0}]")
