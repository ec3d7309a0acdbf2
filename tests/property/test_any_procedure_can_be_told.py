"""Law: whatever procedure passes the checks, its document is written, sound, in every language, the same every time."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from procflow.model.procedure import Procedure
from procflow.reports.document import html_of, markdown_of
from procflow.reports.document.conditions import sentence_of
from procflow.reports.document.wording import Wording
from procflow.texts import LANGUAGES, language
from tests.property.strategies import load, random_lines, random_procedure
from tests.property.strategies_ruled import with_rules
from tests.unit.reports.document.pages import read_page

BITS = st.integers(min_value=0, max_value=2**32)


def told(procedure: Procedure, code: str) -> None:
    text = html_of(procedure, code)
    page = read_page(text)
    shown = {one.text for one in page.all("code")}
    assert {*procedure.steps, *procedure.actions, *procedure.roles, *procedure.data} <= shown
    ids = [one.attributes["id"] for one in page.all() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    assert {one.attributes["href"][1:] for one in page.all("a")} <= set(ids)
    assert text == html_of(procedure, code)
    markdown = markdown_of(procedure, code)
    assert all(f"`{name}`" in markdown for name in procedure.actions)


@settings(max_examples=60, deadline=None)
@given(BITS, st.sampled_from(LANGUAGES))
def test_any_procedure(seed: int, code: str) -> None:
    told(load(random_procedure(Random(seed))), code)


@settings(max_examples=20, deadline=None)
@given(BITS, st.sampled_from(LANGUAGES))
def test_any_lines(seed: int, code: str) -> None:
    told(load(random_lines(Random(seed))), code)


@settings(max_examples=40, deadline=None)
@given(BITS, st.sampled_from(LANGUAGES))
def test_any_rules(seed: int, code: str) -> None:
    written = with_rules(random_procedure(Random(seed)), Random(seed))
    told(load(written), code)


@settings(max_examples=40, deadline=None)
@given(BITS, st.sampled_from(LANGUAGES))
def test_any_condition(seed: int, code: str) -> None:
    procedure = load(random_procedure(Random(seed)))
    wording = Wording(procedure, language(code))
    for step in procedure.steps.values():
        for action in step.actions.values():
            for arrow in action.arrows:
                assert arrow.when is None or sentence_of(arrow.when.tree, wording)
