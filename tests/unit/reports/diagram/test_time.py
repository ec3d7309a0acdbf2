"""Time in pictures: how long a step may take, where a case goes when it is late, what is promised."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from procflow.reports.diagram import mermaid_of, svg_of
from procflow.texts import LANGUAGES
from tests.unit.monitors.stories import procedure_of

TIMED = procedure_of(
    """\
roles: { agent: Works, lead: Decides, client: { title: Asked, external: true } }
start: draft
clocks:
  answered: { to: client, until: enters closed, within: { depends-on: tier, basic: 10 days, premium: 2 days } }
  calm: { to: team, within: 30 days, paused-in: [waiting] }
steps:
  draft:
    by: agent
    within: 3 days
    late: [{ notify: lead }, { after: 2 hours, escalate: lead }]
    actions: { ask: { to: waiting, at-most: 3 }, share: both }
  waiting:
    waiting-for: { party: client, asked: required, due: required }
    within: 2 weeks
    late: { after: 1 day, go-to: draft }
    actions: { reply: draft }
  both:
    within: 6 months
    late: { go-to: sent }
    parallel:
      one: { by: agent, within: { depends-on: tier, basic: 2 days, otherwise: 1 hour }, actions: { do-one: done } }
      two: { by: lead, actions: { do-two: done } }
    then: sent
  sent: { by: agent, resolved: true, actions: { confirm: closed } }
  closed: { end: answered }
rules:
  first: { before: confirm, there-must-be: share }
"""
)


def texts(svg: str, name: str, value: str) -> str:
    """Return what stands in one group of the picture."""
    for one in ElementTree.fromstring(svg).iter():
        if one.attrib.get(name) == value and one.find("{*}text") is not None:
            return " ".join("".join(text.itertext()) for text in one if text.tag.endswith("}text"))
    raise AssertionError(f"no {name}={value}")


def test_a_step_says_how_long_it_may_take_and_who_is_told() -> None:
    svg = svg_of(TIMED)
    assert "within 3 days late: lead is told 2 hours late: lead may act, too" in texts(svg, "data-step", "draft")
    assert "within 2 days, 1 hour, by tier" in texts(svg, "data-step", "one")
    assert "within 6 months" in texts(svg, "data-step", "both")
    assert "done, only to be confirmed" in texts(svg, "data-step", "sent")


def test_a_go_to_is_a_dashed_arrow_with_words() -> None:
    svg = svg_of(TIMED)
    assert texts(svg, "data-late", "waiting") == "when late by 1 day"
    assert texts(svg, "data-late", "both") == "when late"
    lines = [one for one in ElementTree.fromstring(svg).iter() if one.attrib.get("data-from") == "waiting"]
    drawn = [
        (one.attrib.get("data-to"), "stroke-dasharray" in one[0].attrib) for one in lines if one[0].tag.endswith("path")
    ]
    assert ("draft", True) in drawn
    assert ("draft", False) in drawn or (None, False) in drawn


def test_what_is_promised_is_listed_after_the_rules_and_marked_where_it_matters() -> None:
    svg = svg_of(TIMED)
    assert texts(svg, "data-rule", "first").startswith("§1")
    assert "§2 basic: We promise the client: answered within 10 days." in texts(svg, "data-clock", "answered")
    assert texts(svg, "data-step", "waiting").endswith("§3")
    assert texts(svg, "data-step", "closed").endswith("§2")
    assert "What is promised" in svg
    assert "how long it may take" in svg


def test_whoever_hears_the_picture_hears_of_time() -> None:
    root = ElementTree.fromstring(svg_of(TIMED))
    heard = next(one.text or "" for one in root if one.tag.endswith("}desc"))
    assert "Within 3 days. Late: lead is told. 2 hours late: lead may act, too." in heard
    assert "When that is late by 1 day, the case goes on to draft." in heard
    assert "§2 basic: We promise the client: answered within 10 days." in heard


def test_mermaid_says_the_same() -> None:
    text = mermaid_of(TIMED)
    assert 's_waiting -.->|"when late by 1 day"| s_draft' in text
    assert 's_both -.->|"when late"| s_sent' in text
    assert "◷ within 3 days<br>◷ late: lead is told" in text
    assert 'subgraph s_both["both · within 6 months"]' in text
    assert "What is promised<br>§2 basic: We promise" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_can_say_it(language: str) -> None:
    assert "data-late" in svg_of(TIMED, language=language)
    assert "-.->" in mermaid_of(TIMED, language=language)
