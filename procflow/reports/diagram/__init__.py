"""Pictures of a procedure: as SVG, and as Mermaid text.

graph.py says what there is to show, cards.py what stands where in words, composing.py and layout.py where it lies;
svg.py and mermaid.py write it down. `svg_of` needs the layout engine (`pip install 'procflow[draw]'`), `mermaid_of`
nothing but procflow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procflow.model.procedure import Procedure


def can_draw() -> bool:
    """Return True if `svg_of` has the layout engine it needs."""
    from procflow.reports.diagram.layout import available

    return available()


def svg_of(
    procedure: Procedure,
    *,
    language: str = "",
    theme: str = "auto",
    across: bool = False,
    standalone: bool = False,
    listed: bool = True,
) -> str:
    """Return the picture of `procedure` as SVG, to be put into a page, or a file of its own, with a heading,
    if `standalone`.

    `language` is the one of the words and titles; for "" it is the first that the title has. `theme` is light, dark
    or auto, which follows the reader's choice. The flow runs down, or to the side if `across`. Under it stand the rules,
    unless the page lists them itself (`listed=False`). Raises ProcflowError if the layout engine is missing or the
    procedure is too large to be drawn.
    """
    from procflow.reports.diagram.svg import render

    return render(procedure, language=language, theme=theme, across=across, standalone=standalone, listed=listed)


def mermaid_of(procedure: Procedure, *, language: str = "", across: bool = False, listed: bool = True) -> str:
    """Return the picture of `procedure` as Mermaid text; `listed` is as in `svg_of`."""
    from procflow.reports.diagram.mermaid import render

    return render(procedure, language=language, across=across, listed=listed)
