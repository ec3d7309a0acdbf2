"""Hand-offs on a page: a chapter, what each step demands, what each role receives and hands on."""

from __future__ import annotations

import re

import pytest

from procflow.reports.document.document import page_of
from procflow.reports.document.html import render as html_of
from procflow.reports.document.markdown import render as markdown_of
from tests.property.strategies import load
from tests.unit.reports.diagram.test_hand_offs import ORDER


def page(code: str = "en") -> str:
    return markdown_of(page_of(load(ORDER), code))


def test_the_chapter_says_how_work_is_handed_over() -> None:
    told = page()
    for words in (
        "## How work is handed over",
        "At every moment one person answers for the case.",
        "whoever of them does this: “Take responsibility for the case”",
        "Work that comes from other people is on offer until somebody accepts it.",
        "within 2 hours",
        "it is offered to these, too: ",
        "Until it is accepted it may be given back to whoever hands it over.",
        "It may be asked of anybody; whom and what is put on record.",
        "It is answered by: `answer`, within 1 day.",
        "By this the client hears of the case",
        "that the client had to ask",
        "Whoever knows of a risk says so before work is handed on",
    ):
        assert words in told, words


def test_a_sheet_says_what_its_role_receives_and_hands_on() -> None:
    told = page()
    buyer = told[told.index('<a id="role-buyer">') :]
    assert "**What you receive**" in buyer[: buyer.index("<a id=", 10)]
    engineer = told[told.index('<a id="role-engineer">') : told.index('<a id="role-buyer">')]
    assert "**What you hand on**" in engineer
    assert "purchase-request" in engineer
    assert "Department: `procurement`" in told


def test_the_acts_of_the_language_are_no_actions_on_the_page() -> None:
    assert 'id="action-order.accept-hand-off"' not in page()
    assert "## Take responsibility for the case" not in page()


@pytest.mark.parametrize("code", ["en", "ro", "ru", "fa", "pl"])
def test_every_link_leads_somewhere(code: str) -> None:
    html = html_of(page_of(load(ORDER), code))
    anchors = set(re.findall(r'id="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= anchors
    assert ("How work is handed over" in html) == (code == "en")


def test_a_procedure_without_hand_offs_has_no_such_chapter() -> None:
    plain = {key: value for key, value in ORDER.items() if key not in ("accountable", "hand-offs")}
    plain["anytime"] = {"note": {"to": "same", "by": "any"}}
    assert "hand-offs" not in markdown_of(page_of(load(plain), "en"))
