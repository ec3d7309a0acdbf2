"""What is promised as a part of the page, and the time of a step among what is said of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from procflow.calendars.book import CalendarSet
from procflow.loading.procedure import read_procedure
from procflow.model.clock import Clock
from procflow.model.procedure import Procedure
from procflow.reports.document import html_of, markdown_of
from procflow.reports.document.clock_terms import clock_terms
from procflow.texts import LANGUAGES
from tests.unit.reports.document.test_promises import FILE, OFFICE


def procedure(text: str = FILE) -> Procedure:
    loaded = read_procedure(text, "a.yaml")
    assert loaded.procedure is not None, loaded.findings
    return loaded.procedure


def page(code: str = "en") -> str:
    return markdown_of(procedure(), code, calendars=CalendarSet([OFFICE]))


def test_promises_stand_by_to_whom_and_by_whom_they_are_made() -> None:
    heads = [line for line in page().splitlines() if line.startswith(("## What", "### What", "#### "))]
    start = heads.index("## What is promised")
    assert heads[start + 1 :] == [
        "### What is promised to clients",
        "#### The first answer `answer`",
        "#### The final answer `final`",
        "#### The delivery `delivered`",
        "#### News `news`",
        "### What we have agreed among ourselves",
        "#### Hand-offs `hands`",
        "#### Each part `parts`",
        "### What suppliers have promised us",
        "#### The repair `repair`",
    ]


def test_tiers_are_told_one_by_one_and_what_they_share_once() -> None:
    lines = page().splitlines()
    basic = next(line for line in lines if "within 2 working days" in line)
    assert basic.startswith(
        "- We promise the client: “The first answer” within 2 working days. This holds for clients of"
    )
    assert "Example: begun on Friday, 2 January 2026, 16:00" in basic
    assert sum("Monday–Friday 09:00–17:00" in line and "draft" in line for line in lines) == 1


def test_a_step_says_how_long_it_may_take_and_what_happens_then() -> None:
    text = page()
    assert "- **Time limit**: 4 working hours\n" in text
    assert "- **Time limit**: 14 days, or until the date on record, if that is earlier\n" in text
    assert (
        "- **How it is watched**:\n\n  - When the time has run out, the case goes on to: [`draft`](#step-draft).\n"
        in text
    )


def test_a_block_has_its_time_before_its_branches() -> None:
    text = FILE.replace(
        "  draft: { by: lead, actions: { send: closed } }",
        "  draft:\n    within: 5 days\n    parallel: { one: { by: lead, actions: { send: done } } }\n    then: closed",
    )
    told = markdown_of(procedure(text), "en")
    assert told.index("- **Time limit**: 5 days") < told.index("These branches run side by side")


def test_a_step_that_only_waits_to_be_confirmed_says_so() -> None:
    told = markdown_of(procedure(FILE.replace("draft: { by: lead,", "draft: { by: lead, resolved: true,")), "en")
    assert "- **State**: What was asked for is done here, and is only to be confirmed." in told


def test_without_calendars_the_page_names_them() -> None:
    told = markdown_of(procedure(), "en")
    assert "Only the hours of this calendar count: `office`." in told
    assert "Example: begun" not in told


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_is_written_in_every_language(code: str) -> None:
    told = html_of(procedure(), code, calendars=CalendarSet([OFFICE]))
    assert 'id="clock-answer"' in told
    assert 'href="#step-draft"' in told


@pytest.mark.parametrize("clock", procedure().clocks, ids=lambda clock: clock.id)
def test_the_exact_terms_of_a_clock_mean_the_clock(clock: Clock) -> None:
    head, _, rest = FILE.partition("clocks:\n")
    text = f"{head}clocks:\n  {clock.id}: {{ {clock_terms(clock)} }}\n{rest[rest.index('start:') :]}"
    (read,) = procedure(text).clocks
    late = tuple(replace(act, where=clock.where) for act in clock.late)
    again = tuple(replace(act, where=clock.where) for act in read.late)
    read = replace(read, late=again, where=clock.where, when_where=None, title={})
    assert read == replace(clock, late=late, when_where=None, title={})
