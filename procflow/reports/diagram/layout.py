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
            hint=f"Install it with `python3 -m pip install '{_WANTED}'`, or draw with --format mermaid.",
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
        laid_out = _best(graphlay, graph, across=across)
    except graphlay.GraphlayError as error:
        raise ProcflowError(
            f"this procedure is too tangled to be drawn: {error}",
            hint="Split it, or group steps into parallel blocks. Mermaid text can be had with --format mermaid.",
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
            link.key: _straight([(_rounded(one["x"] - left), _rounded(one["y"] - top)) for one in edge["points"]])
            for link, edge in zip(links, laid_out["edges"], strict=True)
        },
    )


def _straight(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return a line whose every part runs down or across: the engine may be off by a pixel."""
    told = [points[0]]
    for x, y in points[1:]:
        before = told[-1]
        told.append((before[0], y) if abs(x - before[0]) <= abs(y - before[1]) else (x, before[1]))
    return tuple(told)


def _rounded(value: float) -> float:
    """Return `value` to half a pixel, so that what is added to it later stays exact; never `-0.0`."""
    return round(round(value, 3) * 2) / 2 + 0.0


_WANTED = "graphlay>=0.3.1,<0.4"
"""As in pyproject.toml. Named itself, for pip finds the extra only where it finds procflow."""
_ATTEMPTS: tuple[dict[str, Any], ...] = (
    {"coords": {"placement": "network_simplex", "branch_style": "straight_main"}},
    {"coords": {"placement": "network_simplex", "branch_style": "symmetric"}},
    {"coords": {"placement": "network_simplex", "branch_style": "free"}},
    {"coords": {"placement": "brandes_koepf"}},
    {"seed": 1},
    {"seed": 2},
    {"routing": {"port_sides": "long_edges_any"}},
    {"spacing": {"dummy_gap": 34.0, "node_gap": 36.0}},
)
_LAST_RESORTS: tuple[dict[str, Any], ...] = (
    {"spacing": {"dummy_gap": 44.0, "node_gap": 48.0}},
    {"seed": 3},
    {"seed": 4, "spacing": {"dummy_gap": 40.0, "node_gap": 40.0}},
    {"seed": 5, "coords": {"placement": "brandes_koepf"}},
    {"seed": 6, "spacing": {"dummy_gap": 60.0, "node_gap": 60.0, "layer_gap": 40.0}},
)
"""Tried only while a line touches a box in all others."""
_LONGEST = 20_000
"""Layers that all lines together may pass: what takes longer than some seconds could not be followed by any eye."""
_PAGE = 850.0
"""How wide a drawing is that is not made smaller on a page."""
_WORK = 6_000
"""Boxes and passed layers of all attempts together; then the best so far is taken."""
_CLEAR = 5.0
"""A line that passes a box comes no nearer to it than this, if that can be had."""


def _best(graphlay: Any, graph: dict[str, Any], *, across: bool) -> dict[str, Any]:
    """Return the calmest of several drawings; of a large graph fewer are tried."""
    best: tuple[tuple[bool, float], dict[str, Any]] | None = None
    work = 0
    for number, attempt in enumerate((*_ATTEMPTS, *_LAST_RESORTS)):
        if number >= len(_ATTEMPTS) and best is not None and not best[0][0]:
            break
        tried = graphlay.layout(graph, preset="layered", options=_options(across, attempt))
        touched, unrest = _unrest(tried.metrics(), across=across)
        # The first keeps the main way straight, and gives way only to one that is clearly calmer.
        rank = touched, unrest if best is None else unrest * 1.08
        if best is None or rank < best[0]:
            best = rank, tried.to_dict()
        work += len(graph["nodes"]) + tried.to_dict()["stats"]["dummy_count"]
        if work > _WORK:
            break
    assert best is not None
    return best[1]


def _unrest(told: dict[str, Any], *, across: bool) -> tuple[bool, float]:
    """Return how hard a drawing is to follow: whether a line touches a box, then crossings, corners, length and width."""
    clearance = told["min_edge_node_clearance"]
    close = clearance is not None and clearance < _CLEAR
    touched = bool(told["node_edge_hits"] or told["inward_ends"] or told["node_overlaps"]) or close
    # What flows down is read on pages and screens that are not wide.
    beyond = 0.0 if across else max(0.0, told["width"] - _PAGE) / 12
    return touched, 6 * told["crossings"] + told["bends"] + told["total_edge_length"] / 250 + beyond


def _options(across: bool, attempt: dict[str, Any]) -> dict[str, Any]:
    options: dict[str, dict[str, Any]] = {
        "spacing": {"layer_gap": 26.0, "node_gap": 22.0, "dummy_gap": 20.0, "port_gap": 16.0, "stub": 15.0},
        "routing": {"style": "orthogonal", "port_sides": "facing_preferred", "bundle_parallel": False},
    }
    return {
        "direction": "leftright" if across else "topbottom",
        "effort": "balanced",
        "limits": {"max_dummies": _LONGEST},
        **options,
        **{
            key: {**options.get(key, {}), **value} if isinstance(value, dict) else value
            for key, value in attempt.items()
        },
    }
