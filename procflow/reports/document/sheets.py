"""A picture on paper: too tall for a page it is cut into sheets, where a cut runs through as little as can be."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WIDE = 1_000.0
"""A picture wider than this is printed on its side, so that its letters stay readable."""
_UPRIGHT, _LYING = 228 / 178, 146 / 265
"""Height by width of what a page of A4 holds inside its margins, below a heading."""
_OVERLAP = 14.0
"""What a sheet repeats of the one before."""
_LEAST = 0.6
"""How full a sheet is at least."""
_VIEW = re.compile(r'<svg\b[^>]*?viewBox="0 0 ([\d.]+) ([\d.]+)"')
_CARD = re.compile(
    r'<rect class="pf-(?:step|wait|way|end|cancelled|panel)[^"]*"[^>]*? y="([\d.]+)"[^>]*? height="([\d.]+)"'
)
_TEXT = re.compile(r'<text [^>]*? y="([\d.]+)" font-size="([\d.]+)"')


@dataclass(frozen=True, slots=True)
class Sheet:
    """What of a picture is printed on one page."""

    top: float
    width: float
    height: float

    @property
    def view(self) -> str:
        """The window, as an SVG says it."""
        return f"0 {self.top:g} {self.width:g} {self.height:g}"


def lies(svg: str) -> bool:
    """Return True if a picture is printed on its side."""
    size = _VIEW.search(svg)
    return size is not None and float(size[1]) > _WIDE


def sheets_of(svg: str) -> tuple[Sheet, ...]:
    """Return the sheets of a picture, from its top; () if it fits on one page."""
    size = _VIEW.search(svg)
    if size is None:
        return ()
    width, height = float(size[1]), float(size[2])
    room = width * (_LYING if lies(svg) else _UPRIGHT)
    if height <= room:
        return ()
    solid = [(float(y), float(y) + float(high)) for y, high in _CARD.findall(svg)]
    solid += [(float(y) - float(font), float(y) + 4) for y, font in _TEXT.findall(svg)]
    sheets = []
    top = 0.0
    while height - top > room:
        cut = _cut(top + room * _LEAST, top + room, solid)
        sheets.append(Sheet(top, width, cut - top))
        top = cut - _OVERLAP
    return (*sheets, Sheet(top, width, height - top))


def _cut(first: float, last: float, solid: list[tuple[float, float]]) -> float:
    """Return where to cut between two heights: through the fewest cards and texts, as low as can be."""
    places = [last - step for step in range(0, int(last - first), 4)]
    return min(places, key=lambda at: (sum(above - 2 < at < below + 2 for above, below in solid), -at))
