"""Hand-offs in pictures: marked where work has to be accepted, with the way back; nothing of it where nobody demands any."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from procflow.loading.procedure import load_procedure
from procflow.reports.diagram import mermaid_of, svg_of
from procflow.reports.diagram.cards import Scribe
from procflow.reports.diagram.composing import Course, drawing_of
from procflow.reports.diagram.graph import graph_of
from procflow.reports.diagram.tongue import tongue_of
from tests.property.strategies import load
from tests.property.test_pictures_are_readable import check

ORDER: dict[str, Any] = {
    "procflow": 1,
    "procedure": "part-order",
    "version": "1",
    "accountable": "coordinator",
    "roles": {
        "engineer": {"title": "Repairs", "department": "technical"},
        "buyer": {"title": "Orders", "department": "procurement"},
        "deputy": "Stands in",
        "coordinator": "Keeps the case going",
        "client": {"title": "Waits", "external": True},
    },
    "data": {"cost_centre": "text", "quantity": "number"},
    "hand-offs": {
        "needs": ["cost_centre", "purchase-request"],
        "form": ["quantity"],
        "accept-within": "2 hours",
        "late": [{"offer-to": "deputy"}, {"after": "4 hours", "escalate": "coordinator"}],
        "refuse": {"reason": "required", "at-most": 1},
    },
    "start": "diagnose",
    "steps": {
        "diagnose": {"by": "engineer", "actions": {"ask-for-part": "order", "give-up": "closed"}},
        "order": {"by": "buyer", "actions": {"ordered": "closed"}},
        "closed": {"end": "closed"},
    },
    "anytime": {
        "ask": {
            "to": "same",
            "by": "any",
            "ask": {"question-to": "any", "answered-by": "answer", "answer-within": "1 day"},
        },
        "answer": {"to": "same", "by": "any"},
        "update": {"to": "same", "by": "any", "tells": "client"},
        "chase": {"to": "same", "by": "any", "on-behalf-of": "client"},
        "warn-of-risk": {"to": "same", "by": "any", "risk": True},
        "thank-you": {"to": "same", "by": "any", "thanks": True},
    },
}


def texts(svg: str) -> list[str]:
    return ["".join(one.itertext()) for one in ElementTree.fromstring(svg).iter() if one.tag.endswith("text")]


def test_a_card_says_what_is_demanded_of_work_that_comes_to_it() -> None:
    told = texts(svg_of(load(ORDER)))
    for words in (
        "procurement",
        "to be accepted: within 2 hours",
        "late: deputy may accept it, too",
        "4 hours late: coordinator may act, too",
        "with it: cost_centre",
        "with it: purchase-request",
        "on the form: quantity",
        "may be given back",
        "at most once · with a reason",
        "coordinator answers for the case",
    ):
        assert words in told
    facts = " ".join(told)
    for words in ("asks anybody", "client hears of it", "on behalf of client", "tells of a risk", "thanks somebody"):
        assert words in facts


def test_accepting_refusing_and_taking_the_case_are_no_actions_of_their_own() -> None:
    for picture in (svg_of(load(ORDER)), mermaid_of(load(ORDER))):
        assert not any(act in picture for act in ("accept-hand-off", "refuse-hand-off", "take-case"))


def test_only_the_arrow_that_hands_work_over_is_marked_and_a_way_leads_back() -> None:
    procedure = load(ORDER)
    drawing = drawing_of(Scribe(graph_of(procedure), tongue_of(procedure, "")), across=False)
    check(drawing)
    courses = [one for one in drawing.items if isinstance(one, Course)]
    assert [(one.source, one.target, one.action) for one in courses if one.handed] == [
        ("diagnose", "order", "ask-for-part")
    ]
    assert [(one.source, one.target) for one in courses if one.returning] == [("order", "diagnose")]
    text = mermaid_of(procedure)
    assert 's_diagnose ==>|"ask-for-part"| s_order' in text
    assert 's_diagnose -->|"give-up"| s_closed' in text
    assert 's_order -.->|"may be given back"| s_diagnose' in text


def test_a_block_takes_work_over_where_one_of_its_branches_begins() -> None:
    block = {
        "parallel": {
            "technical": {"by": "engineer", "actions": {"look": "done"}},
            "buying": {"by": "buyer", "actions": {"quote": "done"}},
        },
        "then": "order",
    }
    steps = {"diagnose": ORDER["steps"]["diagnose"] | {"actions": {"ask-for-part": "both"}}, "both": block}
    procedure = load(ORDER | {"steps": steps | {key: ORDER["steps"][key] for key in ("order", "closed")}})
    drawing = drawing_of(Scribe(graph_of(procedure), tongue_of(procedure, "")), across=True)
    check(drawing)
    assert ("diagnose", "both") in {
        (one.source, one.target) for one in drawing.items if isinstance(one, Course) and one.handed
    }


def test_who_hears_the_picture_hears_of_hand_offs_in_persian_too() -> None:
    heard = ElementTree.fromstring(svg_of(load(ORDER))).find("{*}desc")
    assert heard is not None
    assert "To be accepted: within 2 hours; late: deputy may accept it, too" in str(heard.text)
    assert "باید پذیرفته شود" in svg_of(load(ORDER), language="fa")


def test_the_story_of_george_can_be_drawn_in_every_language() -> None:
    procedure = load_procedure(str(Path(__file__).parents[4] / "examples" / "george" / "procedure.yaml"))
    for language in ("en", "ro", "ru", "fa", "pl"):
        assert svg_of(procedure, language=language).count('<circle class="pf-lane"') == 5
