"""Pictures are readable: cards do not overlap, no line runs through a card, each step and each action is there once."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procflow.model.hand_off import ACTS
from procflow.model.procedure import Procedure
from procflow.reports.diagram.cards import Scribe, Shape
from procflow.reports.diagram.composing import Course, Drawing, Frame, Laid, drawing_of, mirrored
from procflow.reports.diagram.graph import graph_of
from procflow.reports.diagram.mermaid import render as mermaid
from procflow.reports.diagram.svg import render
from procflow.reports.diagram.tongue import tongue_of
from tests.property.strategies import load, procedures

Rectangle = tuple[float, float, float, float]


def rectangle(item: Laid | Frame) -> Rectangle:
    if isinstance(item, Laid):
        return item.x, item.y, item.x + item.card.width, item.y + item.card.height
    return item.x, item.y, item.x + item.width, item.y + item.height


def apart(one: Rectangle, other: Rectangle) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def within(one: Rectangle, other: Rectangle) -> bool:
    return other[0] <= one[0] and other[1] <= one[1] and one[2] <= other[2] and one[3] <= other[3]


def crosses(course: Course, card: Rectangle) -> bool:
    """Whether a line runs through the inside of a card; one may begin or end at its border."""
    left, top, right, bottom = card[0] + 1, card[1] + 1, card[2] - 1, card[3] - 1
    for (x1, y1), (x2, y2) in pairwise(course.points):
        if max(x1, x2) > left and min(x1, x2) < right and max(y1, y2) > top and min(y1, y2) < bottom:
            return True
    return False


def with_rules(written: dict[str, Any]) -> dict[str, Any]:
    """Return the procedure with a rule for every two actions that follow each other in it, and for every step."""
    procedure = load(written)
    names = sorted({one.id for one in procedure.written_actions})
    rules: dict[str, Any] = {
        f"pair-{number}": {"before": one, "there-must-be": other} for number, (one, other) in enumerate(pairwise(names))
    }
    rules |= {f"step-{name}": {"at-most": 2, "of": f"enters {name}"} for name in procedure.steps}
    return {**written, "rules": rules}


def with_hand_offs(written: dict[str, Any]) -> dict[str, Any]:
    """Return the procedure with all that can be demanded where work changes hands."""
    inside = (one.id for one in load(written).roles.values() if not one.external)
    first = next(inside, None)
    if first is None:
        return written
    late = [{"offer-to": first}, {"after": "4 hours", "escalate": first}]
    hand_offs = {"needs": ["a-paper"], "accept-within": "2 hours", "late": late, "refuse": {"at-most": 1}}
    return {**written, "accountable": first, "hand-offs": hand_offs}


def check(drawing: Drawing) -> None:
    cards = [rectangle(one) for one in drawing.items if isinstance(one, Laid)]
    frames = [rectangle(one) for one in drawing.items if isinstance(one, Frame)]
    whole = (0.0, 0.0, drawing.width, drawing.height)
    assert all(within(one, whole) for one in (*cards, *frames))
    assert all(apart(one, other) for one, other in combinations(cards, 2))
    assert all(apart(one, other) or within(one, other) for one in cards for other in frames)
    for one, other in combinations(frames, 2):
        assert apart(one, other) or within(one, other) or within(other, one)
    for item in drawing.items:
        if isinstance(item, Course):
            assert all(x1 == x2 or y1 == y2 for (x1, y1), (x2, y2) in pairwise(item.points))
            assert not any(crosses(item, card) for card in cards)


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(
    written=procedures(),
    across=st.booleans(),
    language=st.sampled_from(["", "fa"]),
    ruled=st.booleans(),
    handed=st.booleans(),
)
def test_nothing_lies_on_anything_else(
    written: dict[str, Any], across: bool, language: str, ruled: bool, handed: bool
) -> None:
    written = with_hand_offs(written) if handed else written
    procedure = load(with_rules(written) if ruled else written)
    scribe = Scribe(graph_of(procedure), tongue_of(procedure, language))
    drawing = drawing_of(scribe, across=across)
    check(drawing)
    assert mirrored(mirrored(drawing)) == drawing
    for item in drawing.items:
        if isinstance(item, Laid) and item.card.shape not in (Shape.START, Shape.DONE):
            assert item.card.rows
            assert all(row.width <= item.card.width for row in item.card.rows)


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(written=procedures(), across=st.booleans(), handed=st.booleans())
def test_everything_is_there_once(written: dict[str, Any], across: bool, handed: bool) -> None:
    procedure = load(with_hand_offs(written) if handed else written)
    picture = render(procedure, across=across)
    assert picture == render(procedure, across=across)
    root = ElementTree.fromstring(picture)
    steps = Counter(one.attrib["data-step"] for one in root.iter() if "data-step" in one.attrib)
    assert steps == Counter(list(procedure.steps))
    actions = Counter(
        (one.attrib["data-from"], one.attrib["data-action"])
        for one in root.iter()
        if "data-action" in one.attrib and "data-to" not in one.attrib and one.find("{*}rect") is not None
    )
    assert actions == Counter(
        (step.id, action.id)
        for step in procedure.steps.values()
        for action in step.actions.values()
        if action.moves and action.id not in ACTS
    )
    assert_arrows(procedure, mermaid(procedure))


def assert_arrows(procedure: Procedure, text: str) -> None:
    """Every arrow of every action is an arrow of the Mermaid text."""
    arrows = sum(
        len(action.arrows)
        for step in procedure.steps.values()
        for action in step.actions.values()
        if action.moves and action.id not in ACTS
    )
    labelled = [line for line in text.splitlines() if "-->|" in line or "==>|" in line]
    thens = sum(len(step.parallel.then) for step in procedure.steps.values() if step.parallel is not None)
    assert arrows <= len(labelled) <= arrows + thens
