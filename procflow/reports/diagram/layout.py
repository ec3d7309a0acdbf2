"""Where boxes stand and how lines run between them: the only door of graphlay, a layered layout engine.

The engine is deterministic: the same boxes and lines give the same drawing in every process and on every system.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from procflow.errors import ProcflowError

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Something with a size that takes its place."""

    key: str
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A line from one box to another."""

    key: str
    source: str
    target: str
    back: bool = False
    """True: drawn against the flow."""
    weight: float = 1.0
    """How much it matters that it is short and straight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where everything is. The top left corner is (0, 0)."""

    width: float
    height: float
    boxes: Mapping[str, Point]
    """The top left corner of each."""
    links: Mapping[str, tuple[Point, ...]]
    """The corners of each line, from border to border, from its source to its target."""


def available() -> bool:
    """Return True if the layout engine is installed."""
    return find_spec("graphlay") is not None


def arrange(boxes: Sequence[Box], links: Sequence[Link], *, across: bool) -> Placed:
    """Return a place for each of `boxes` and a course for each of `links`; the flow runs down, or right if `across`.

    Raises ProcflowError if the layout engine is not installed, or cannot lay this out.
    """
    try:
        import graphlay
    except ImportError as error:
        raise ProcflowError(
            "drawing an SVG needs the layout engine graphlay, which is not installed",
            hint="Install it with `pip install 'procflow[draw]'`, or draw with --format mermaid.",
        ) from error
    numbers = {box.key: number for number, box in enumerate(boxes)}
    graph: dict[str, Any] = {
        "nodes": [
            {"key": str(number), "size": {"width": box.width, "height": box.height}, "shape": "box"}
            for number, box in enumerate(boxes)
        ],
        "edges": [
            {
                "source": numbers[link.source],
                "target": numbers[link.target],
                "weight": link.weight,
                "reverse_for_ranking": link.back,
            }
            for link in links
        ],
    }
    try:
        laid_out = graphlay.layout(graph, preset="layered", options=_options(across)).to_dict()
    except graphlay.GraphlayError as error:
        raise ProcflowError(
            f"this procedure cannot be laid out: {error}", hint="Draw with --format mermaid."
        ) from error
    left, top = laid_out["bounds"]["min"]["x"], laid_out["bounds"]["min"]["y"]
    return Placed(
        width=_rounded(laid_out["bounds"]["max"]["x"] - left),
        height=_rounded(laid_out["bounds"]["max"]["y"] - top),
        boxes={
            box.key: (
                _rounded(node["center"]["x"] - box.width / 2 - left),
                _rounded(node["center"]["y"] - box.height / 2 - top),
            )
            for box, node in zip(boxes, laid_out["nodes"], strict=True)
        },
        links={
            link.key: tuple((_rounded(one["x"] - left), _rounded(one["y"] - top)) for one in edge["points"])
            for link, edge in zip(links, laid_out["edges"], strict=True)
        },
    )


def _rounded(value: float) -> float:
    """Return `value` to a tenth of a pixel; never `-0.0`."""
    return round(value, 1) + 0.0


def _options(across: bool) -> dict[str, Any]:
    return {
        "direction": "leftright" if across else "topbottom",
        "spacing": {"layer_gap": 26.0, "node_gap": 28.0, "dummy_gap": 20.0, "port_gap": 16.0, "stub": 15.0},
        "routing": {"style": "orthogonal", "port_sides": "facing_preferred", "bundle_parallel": False},
        "coords": {"placement": "network_simplex", "branch_style": "straight_main"},
        "effort": "balanced",
    }
