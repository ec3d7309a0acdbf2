"""Rules in pictures: marks at what they speak of, the list under it, and the words for whoever hears it."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from procflow.reports.diagram import mermaid_of, svg_of
from procflow.texts import LANGUAGES
from tests.unit.reports.document.pages import SMALL, small

RULES = """
rules:
  seen: { before: propose, there-must-be: thank, title: { en: Thanks first, ro: Întâi mulțumiri } }
  paid: { after: approve, there-must-be: enters paid, within: 2 days }
  called: { at-most: 2, of: call }
  withdrawn: { if: withdraw, never: approve }
"""
WITH = small(SMALL.replace("titles:\n", RULES.lstrip() + "titles:\n"))


class Line(NamedTuple):
    top: float
    text: str


def lines(svg: str) -> list[Line]:
    root = ElementTree.fromstring(svg)
    return [Line(float(one.attrib["y"]), "".join(one.itertext())) for one in root.iter() if one.tag.endswith("}text")]


def group(svg: str, name: str, value: str) -> str:
    """Return what stands in the card of something."""
    for one in ElementTree.fromstring(svg).iter():
        card = one.find("{*}rect")
        if one.attrib.get(name) == value and card is not None:
            return " ".join("".join(text.itertext()) for text in one if text.tag.endswith("}text"))
    raise AssertionError(value)


def test_marks_stand_at_what_rules_speak_of() -> None:
    svg = svg_of(WITH, standalone=True)
    assert group(svg, "data-action", "propose").endswith("§1")
    assert group(svg, "data-action", "approve").endswith("§2 §4")
    assert group(svg, "data-step", "paid").endswith("§2")
    # An item of the checklist, and what only records, stand on the card of their step.
    assert "call §3 §1" in group(svg, "data-step", "request")
    assert "§" not in group(svg, "data-step", "approval")
    panel = [one.text for one in lines(svg) if one.text.endswith("· §4") or one.text == "§4"]
    assert panel


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_list_stands_under_the_picture(code: str) -> None:
    svg = svg_of(WITH, language=code, standalone=True)
    root = ElementTree.fromstring(svg)
    rules = [one for one in root.iter() if "data-rule" in one.attrib]
    assert [one.attrib["data-rule"] for one in rules] == ["seen", "paid", "called", "withdrawn"]
    tops = [[float(text.attrib["y"]) for text in one] for one in rules]
    assert all(max(above) < min(below) for above, below in pairwise(tops))
    drawn = [
        float(one.attrib["y"]) + float(one.attrib["height"])
        for one in root.iter()
        if one.tag.endswith("}rect") and "y" in one.attrib
    ]
    in_legend = [one for one in drawn if one > tops[-1][-1]]
    # Whatever is drawn stands above the list, or below it in the legend.
    assert max(one for one in drawn if one not in in_legend) < tops[0][0]
    height = float(root.attrib["viewBox"].split()[3])
    assert max(map(max, tops)) < height


def test_the_title_comes_first() -> None:
    rule = next(one for one in lines(svg_of(WITH)) if one.text.startswith("Thanks first"))
    assert rule.text == "Thanks first – Before propose is done, “Thank the client” must have been done."


def test_a_page_lists_its_rules_itself() -> None:
    svg = svg_of(WITH, listed=False)
    assert "data-rule" not in svg
    assert "§1" in svg
    assert "procedure_rules" not in mermaid_of(WITH, listed=False)


def test_who_hears_the_picture_hears_the_rules() -> None:
    said = ElementTree.fromstring(svg_of(WITH)).findtext("{*}desc") or ""
    assert said.endswith("§4 If withdraw is done, approve must not be done either before or after it.")


def test_rules_in_mermaid() -> None:
    text = mermaid_of(WITH)
    assert "↻ call §3" in text
    assert "approve<br>§2 §4" in text
    assert "  procedure_rules[" in text
    assert "§3 call may be done at most 2 times in a case." in text
    assert "class procedure_rules rules" in text


def test_without_rules_nothing_is_added() -> None:
    assert "§" not in svg_of(small(), standalone=True) + mermaid_of(small())
