"""A circle of waiting as a small picture: those who wait stand in a ring, each arrow leads to whom they wait for."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import cos, pi, sin

from procflow.reports.diagram.lettering import Face, width
from procflow.reports.page.canvas import Canvas, fitted

_FACE = Face(12.5)
_MOST = 12
_ROOM = 150.0


def ring(names: Sequence[str], label: str, *, direction: str) -> str:
    """Return the picture; empty if there are fewer than two, or too many to be read."""
    if not 2 <= len(names) <= _MOST:
        return ""
    wide, radius = 460.0, 62.0 + 8 * max(0, len(names) - 4)
    high = 2 * radius + 60
    draw = Canvas(wide, mirrored=direction == "rtl")
    shown = [fitted(one, _FACE, _ROOM) for one in names]
    places = [
        (wide / 2 + 1.55 * radius * sin(2 * pi * at / len(names)), high / 2 - radius * cos(2 * pi * at / len(names)))
        for at in range(len(names))
    ]
    for at, start in enumerate(places):
        _arrow(draw, start, places[(at + 1) % len(places)], shown[at], shown[(at + 1) % len(places)])
    for (x, y), name in zip(places, shown, strict=True):
        half = width(name, _FACE) / 2 + 10
        draw.rect(x - half, y - 14, 2 * half, 28, "s-wait", radius=14)
        draw.text(x, y + 4.5, name, "s-wait-ink", _FACE, anchor="middle")
    told = escape(label, quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="story-ring" role="img" aria-label="{told}" '
        f'viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}" direction="{direction}">'
        f"{''.join(draw.parts)}</svg>"
    )


def _arrow(draw: Canvas, start: tuple[float, float], end: tuple[float, float], first: str, second: str) -> None:
    """Draw an arrow between two names, from edge to edge."""
    (x1, y1), (x2, y2) = _edge(start, end, first), _edge(end, start, second)
    length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1.0)
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    draw.line(x1, y1, x2 - 6 * dx, y2 - 6 * dy, "s-chain")
    draw.shape(
        [
            (x2, y2),
            (x2 - 9 * dx - 4.5 * dy, y2 - 9 * dy + 4.5 * dx),
            (x2 - 9 * dx + 4.5 * dy, y2 - 9 * dy - 4.5 * dx),
        ],
        "s-flag",
    )


def _edge(here: tuple[float, float], there: tuple[float, float], name: str) -> tuple[float, float]:
    """Return where the way to somewhere else leaves the pill of a name."""
    half, tall = width(name, _FACE) / 2 + 13, 18.0
    dx, dy = there[0] - here[0], there[1] - here[1]
    part = min(half / abs(dx) if dx else 1e9, tall / abs(dy) if dy else 1e9, 1.0)
    return round(here[0] + dx * part, 1), round(here[1] + dy * part, 1)
