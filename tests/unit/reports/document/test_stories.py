"""Scenarios as stories: what is known, who does what, what comes of it; what departs from the procedure stands apart."""

from __future__ import annotations

from procflow.reports.document import html_of
from tests.unit.reports.document.pages import SMALL, Element, read_page, small

SCENARIOS = """\
scenarios:
  - scenario: { en: Money goes back, ro: Banii se întorc }
    given: { amount: 20 EUR, gravity: minor }
    do:
      - { by: agent, action: call, reason: "She asked <b>why</b>" }
      - wait 3 days
      - agent propose
    expect: { ends: paid-back, through: [request], not-through: [approval], within: 4 days }
  - scenario: Nobody approves what she proposed
    people: { ana: [agent, lead] }
    given: { amount: 60 EUR, gravity: major }
    do: [ana propose, { by: ana, action: approve, without: [receipt] }]
    expect: { stands: paid, deviations: [four-eyes, evidence-missing] }
"""


def stories(code: str = "en") -> list[Element]:
    page = read_page(html_of(small(SMALL + SCENARIOS), code))
    return [one for one in page.all("section") if one.attributes["class"] == "story"]


def test_a_story_says_what_is_known_done_and_comes_of_it() -> None:
    story = stories()[0].text
    for told in (
        "“How much?” – 20 EUR",
        "gravity – annoying",
        "Reason: “ She asked <b>why</b> ”",
        "Time passes: 3 days",
        "The case ends with this outcome: The money is back paid-back",
        "The case has never been in: 2 approval",
        "It takes no longer than 4 days",
        "No deviation",
    ):
        assert told.replace(" ", "") in story.replace("\u00a0", "").replace(" ", ""), told


def test_what_departs_from_the_procedure_stands_apart() -> None:
    page = read_page(html_of(small(SMALL + SCENARIOS), "en"))
    kept, departed = (one for one in page.all("section") if one.attributes["class"] == "group")
    assert kept.attributes["id"] == "examples-kept"
    assert "Nobody approves" not in kept.text
    assert "DV202 four-eyes" in departed.text
    assert "DV303 evidence-missing" in departed.text
    assert "Without: receipt" in departed.text


def test_a_story_is_told_in_the_language_of_the_page() -> None:
    first, second = stories("ro")
    assert "Trece timpul: 3 zile" in first.text
    assert next(one.text for one in second.all("abbr")) == "en"


def test_a_story_names_the_rules_it_breaks_and_keeps() -> None:
    rules = (
        "rules:\n"
        "  called: { before: propose, there-must-be: call, title: { en: Call first, ro: Întâi suni } }\n"
        "  paid: { must-happen: enters paid }\n"
    )
    text = (
        SMALL
        + rules
        + (
            "scenarios:\n  - scenario: Nobody called\n    given: { amount: 20 EUR }\n    do: [agent propose]\n"
            "    expect: { ends: paid-back, broken: [called], kept: [paid] }\n"
        )
    )
    page = read_page(html_of(small(text), "ro"))
    (group,) = (one for one in page.all("section") if one.attributes["class"] == "group")
    assert group.attributes["id"] == "examples-departed"
    assert "Reguli încălcate: §1 Întâi suni" in group.text
    assert "Reguli respectate: §2" in group.text
    assert "Nicio abatere" not in group.text
