"""A small sheet to draw on: what is drawn is mirrored for readers from right to left."""

from __future__ import annotations

from html import escape

from procflow.reports.diagram.lettering import Face, width


class Canvas:
    """Collects the elements of one SVG."""

    def __init__(self, wide: float, *, mirrored: bool) -> None:
        self.wide = wide
        self._mirrored = mirrored
        self.parts: list[str] = []

    def x(self, at: float) -> float:
        """Return where a position lies for the reader."""
        return round(self.wide - at if self._mirrored else at, 1)

    def rect(self, x: float, y: float, wide: float, high: float, kind: str, *, radius: float = 0) -> None:
        """Draw a rectangle."""
        left = min(self.x(x), self.x(x + wide))
        round_off = f' rx="{radius:g}"' if radius else ""
        self.parts.append(
            f'<rect class="{kind}" x="{left:g}" y="{y:g}" width="{round(wide, 1):g}" height="{high:g}"{round_off}/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        """Draw a straight line."""
        self.parts.append(f'<path class="{kind}" d="M{self.x(x1):g} {y1:g}L{self.x(x2):g} {y2:g}"/>')

    def circle(self, x: float, y: float, radius: float, kind: str) -> None:
        """Draw a disc."""
        self.parts.append(f'<circle class="{kind}" cx="{self.x(x):g}" cy="{y:g}" r="{radius:g}"/>')

    def shape(self, points: list[tuple[float, float]], kind: str) -> None:
        """Draw a polygon."""
        told = " ".join(f"{self.x(x):g},{y:g}" for x, y in points)
        self.parts.append(f'<polygon class="{kind}" points="{told}"/>')

    def text(
        self, x: float, y: float, text: str, kind: str, face: Face, *, anchor: str = "start", room: float | None = None
    ) -> None:
        """Write one line, which is clean; `anchor` as people read: `start` is where it begins. Cut short to the room."""
        shown = text if room is None else fitted(text, face, room)
        if not shown:
            return
        weight = ' font-weight="700"' if face.bold else ""
        anchored = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self.parts.append(
            f'<text class="{kind}" x="{self.x(x):g}" y="{y:g}" font-size="{face.size:g}"{weight}{anchored}>'
            f"{escape(shown)}</text>"
        )


def fitted(text: str, face: Face, room: float) -> str:
    """Return a text, cut short with `…` if it is wider than the room; empty if next to nothing of it fits."""
    if width(text, face) <= room:
        return text
    kept = text
    while kept and width(kept.rstrip() + "…", face) > room:
        kept = kept[:-1]
    kept = kept.rstrip(" ,;:-")
    return kept + "…" if len(kept) > 2 else ""
