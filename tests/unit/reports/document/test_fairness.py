"""Fairness on a page: what a procedure looks for over all cases, in each of our languages."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from procflow.loading.procedure import read_procedure
from procflow.model.procedure import Procedure
from procflow.reports.document.document import page_of
from procflow.reports.document.html import render as html_of
from procflow.reports.document.markdown import render as markdown_of

REPAIR = """procflow: 1
procedure: repair
version: "1"
roles:
  desk: { title: { en: Desk, ro: Ghișeu, ru: Приём, fa: پذیرش, pl: Recepcja } }
start: intake
data:
  high: { type: yes-no, ask: Is it high? }
  whose: { type: person, ask: Who has it? }
steps:
  intake: { by: desk, collect: [high], optional: [whose], actions: { accept: repair } }
  repair: { by: desk, actions: { finish: closed } }
  closed: { end: done }
anytime:
  expedite: { to: same, by: desk, reason: required }
"""
FIRST = "fairness: {{ first-come: {{ in: repair, expedited: {by} }} }}\n"
ALL = """fairness:
  first-come: { in: repair, alike: high, expedited: expedite, by-more-than: 2 days }
  urgent: { when: high, at-most: 31%, at-least: 11 }
  one-person: { share: 81%, at-least: 12, in: 90 days }
  workload: { times: 3, at-least: 13, whose: whose }
  wait-spread: { in: intake, alike: high, times: 4, at-least: 14 }
"""


def load(text: str) -> Procedure:
    loaded = read_procedure(text, "repair.yaml")
    assert loaded.procedure is not None, loaded.findings
    return loaded.procedure


def page(fairness: str, code: str = "en") -> str:
    return " ".join(markdown_of(page_of(load(REPAIR + fairness), code)).split())


def in_order(told: str, words: Iterable[str]) -> None:
    at = told.index("## Fair to everybody")
    for one in words:
        assert one in told[at:], one
        at = told.index(one, at)


def test_the_chapter_says_all_that_is_asked_for() -> None:
    in_order(
        page(ALL),
        (
            "Whoever came first is served first here: [2 `repair`](#step-repair).",
            "Only cases that are alike in this are compared: “Is it high?” `high`.",
            "Who came earlier by no more than this may be served later: 2 days.",
            "A case may go first if this was done before: `expedite`.",
            "no more than this may be urgent: 31%.",
            "A case is urgent if: ",
            "In exact terms: `high`",
            "Of fewer cases than this nothing is said: 11.",
            "does so much of a step, or more: 81%.",
            "Only what was done lately counts: 90 days.",
            "fewer times than this, nothing is said: 12.",
            "so many times over: 3.",
            "Who has a case is said here: “Who has it?” `whose`.",
            "Of fewer people than this nothing is said: 13.",
            "so many times over: 4.",
            "It is looked at here: [1 `intake`](#step-intake).",
            "Of fewer cases than this nothing is said: 14.",
        ),
    )


def test_what_is_not_asked_for_is_not_told() -> None:
    told = page(FIRST.format(by="high"))
    in_order(told, ("A case may go first if the answer to this is yes: “Is it high?” `high`.",))
    assert "urgent" not in told
    assert "Fair to everybody" not in page("")
    assert "A case is with whoever did something in it last." in page(
        "fairness: { workload: { times: 3, at-least: 3 } }\n"
    )


def chapter(html: str) -> str:
    told = html[html.index("<h2", html.index('id="fairness"')) :]
    return re.sub(r"<[^>]*>", "\n", told[: told.index("</section>")])


@pytest.mark.parametrize("code", ["ro", "ru", "fa", "pl"])
def test_none_of_it_is_left_in_english(code: str) -> None:
    html = html_of(page_of(load(REPAIR + ALL), code))
    ours = {part.strip() for part in re.split(r"[\n:]", chapter(html_of(page_of(load(REPAIR + ALL), "en"))))}
    names = {"Is it high?", "Who has it?", "expedite"}
    left = {part for part in ours - names if len(part) > 8 and part in chapter(html)}
    assert left == set()
    anchors = set(re.findall(r'id="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= anchors
