"""The parts of a picture: letters and lines, colours one can read, loops, and what happens without a layout engine."""

from __future__ import annotations

import re
import sys
from itertools import product
from pathlib import Path

import pytest

from procflow.errors import ProcflowError
from procflow.loading.procedure import load_procedure, read_procedure
from procflow.reports.diagram import mermaid_of, svg_of
from procflow.reports.diagram.colours import DARK, LIGHT, ROLES_DARK, ROLES_LIGHT, style
from procflow.reports.diagram.graph import graph_of
from procflow.reports.diagram.layout import Box, Link, arrange
from procflow.reports.diagram.lettering import Face, clean, right_to_left, width, wrapped
from procflow.resources import shipped

TEXT = Face(10)


# --- letters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [("a", 56), ("ă", 56), ("Ț", 61), ("й", 58), ("ж", 67), ("پ", 67), ("\u0301", 0), ("漢", 100), ("\u2066", 0)],
)
def test_widths(text: str, hundredths: int) -> None:
    assert width(text, Face(100)) == pytest.approx(hundredths, abs=3)


def test_lines_fit_and_lose_nothing() -> None:
    text = "Determine how likely the claim is, and tell whoever has made it"
    lines = wrapped(text, TEXT, 120)
    assert " ".join(lines) == text
    assert all(width(one, TEXT) <= 120 for one in lines)
    assert min(map(len, lines)) * 2 > max(map(len, lines))


def test_what_does_not_fit_ends_with_an_ellipsis() -> None:
    lines = wrapped("word " * 100, TEXT, 100, most=2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert all(width(one, TEXT) < 100.01 for one in lines)


def test_a_word_without_end_is_broken() -> None:
    lines = wrapped("a" * 1000, TEXT, 100)
    assert len(lines) == 3
    assert all(width(one, TEXT) <= 100 for one in lines)
    assert wrapped("ask-the-client-for-what-is-missing", TEXT, 100)[0].endswith("-")
    assert wrapped("", TEXT, 100) == ()
    assert wrapped("x", TEXT, 1) == ("x",)


def test_what_would_turn_a_line_around_is_made_visible() -> None:
    assert clean("a\u202eb\x07c\n  d") == "a\ufffdb\ufffdc d"
    assert right_to_left("1. شکایت")
    assert not right_to_left("1. Complaint شکایت")
    assert not right_to_left("123")


# --- colours ---------------------------------------------------------------------------------------------------------


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""

    def luminance(colour: str) -> float:
        channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ("paper", "card", "way", "block", "lane", "end", "cancelled")


@pytest.mark.parametrize(("colours", "roles"), [(LIGHT, ROLES_LIGHT), (DARK, ROLES_DARK)], ids=["light", "dark"])
def test_everything_can_be_read(colours: dict[str, str], roles: tuple[str, ...]) -> None:
    for ink, ground in product(("ink", "soft", "alarm"), GROUNDS):
        assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    for role, ground in product(roles, ("card", "paper")):
        assert contrast(role, colours[ground]) >= 4.5, (role, ground)
    for line, ground in product(("edge", "line", "rim"), ("paper", "block", "lane", "card")):
        assert contrast(colours[line], colours[ground]) >= 3, (line, ground)
    for end in ("end", "cancelled"):
        assert contrast(colours[f"{end}-edge"], colours["paper"]) >= 3


def test_themes() -> None:
    assert "prefers-color-scheme:dark" in style("auto")
    assert "prefers-color-scheme" not in style("light") + style("dark")
    assert DARK["ink"] not in style("light")
    assert LIGHT["ink"] not in style("dark")


# --- graphs and layout -----------------------------------------------------------------------------------------------


def _procedure(steps: str, start: str = "one") -> str:
    head = 'procflow: 1\nprocedure: p\nversion: "1"\nroles: { agent: Agent }\n'
    return f"{head}start: {start}\nsteps:\n{steps}  closed: {{ end: closed }}\n"


IN_ORDER = """\
  one: { by: agent, actions: { a: two, b: three } }
  two: { by: agent, actions: { c: three } }
  three: { by: agent, actions: { d: two, e: closed, f: three } }
"""


@pytest.mark.parametrize("lines", [IN_ORDER.splitlines(True), IN_ORDER.splitlines(True)[::-1]], ids=["down", "up"])
def test_loops_lead_back(lines: list[str]) -> None:
    loaded = read_procedure(_procedure("".join(lines)), "p.yaml")
    assert loaded.procedure is not None
    scene = graph_of(loaded.procedure).scene
    back = {way.action.id for way in scene.ways for leg in way.legs if way.action is not None and leg.back}
    assert back == {"d", "f"}


def test_without_the_layout_engine_there_is_mermaid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "graphlay", None)
    procedure = load_procedure(shipped("procedures") / "complaint.yaml")
    with pytest.raises(ProcflowError, match="not installed") as told:
        svg_of(procedure)
    assert told.value.hint is not None
    assert told.value.hint is not None
    (wanted,) = re.findall(r"pip install '(.*?)'", told.value.hint)
    assert f'"{wanted}",' in (Path(__file__).parents[4] / "pyproject.toml").read_text("utf-8")
    assert "flowchart" in mermaid_of(procedure)


def test_what_nobody_could_follow_is_refused() -> None:
    boxes = [Box(key=str(one), width=20, height=20) for one in range(300)]
    links = [
        Link(key=f"{one} {other}", source=str(one), target=str(other))
        for one in range(300)
        for other in range(one + 1, min(300, one + 60))
    ]
    with pytest.raises(ProcflowError, match="too tangled"):
        arrange(boxes, links, across=False)


def test_a_thousand_steps_are_drawn() -> None:
    steps = "".join(f"  s{one}: {{ by: agent, actions: {{ a{one}: s{one + 1} }} }}\n" for one in range(1000))
    loaded = read_procedure(_procedure(steps + "  s1000: { by: agent, actions: { z: closed } }\n", "s0"), "p.yaml")
    assert loaded.procedure is not None
    assert svg_of(loaded.procedure).count("data-step=") == 1002


def test_a_picture_of_everything_is_refused() -> None:
    steps = "".join(f"  s{one}: {{ by: agent, actions: {{ a{one}: closed }} }}\n" for one in range(2001))
    loaded = read_procedure(_procedure(steps, "s0"), "p.yaml")
    assert loaded.procedure is not None
    with pytest.raises(ProcflowError, match="4,003 steps and actions"):
        svg_of(loaded.procedure)
