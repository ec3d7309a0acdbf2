"""The procedure as the document people read: one page, as HTML or as Markdown.

`page_of` tells the procedure in one language as blocks of text; `html_of` and `markdown_of` write the page down.
conditions.py, values.py and wording.py put conditions, values and names into words; the other modules are the parts of
the page, in the order people read them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from procflow.reports.document.wording import languages_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from procflow.calendars.book import CalendarSet
    from procflow.model.procedure import Procedure

__all__ = ["html_of", "languages_in", "markdown_of"]


def html_of(
    procedure: Procedure,
    language: str,
    *,
    svg: str = "",
    others: Sequence[tuple[str, str]] = (),
    examples: bool = True,
    calendars: CalendarSet | None = None,
) -> str:
    """Return the document as one self-contained HTML page; `svg` is the picture, `others` pairs of language and file.

    Without `examples` the scenarios are left out. `calendars` say which hours count, and give examples of what is promised.
    """
    from procflow.reports.document.document import page_of
    from procflow.reports.document.html import render

    return render(page_of(procedure, language, svg=svg, others=others, examples=examples, calendars=calendars))


def markdown_of(
    procedure: Procedure,
    language: str,
    *,
    mermaid: str = "",
    others: Sequence[tuple[str, str]] = (),
    examples: bool = True,
    calendars: CalendarSet | None = None,
) -> str:
    """Return the document as Markdown; `mermaid` is the picture, the rest is as in `html_of`."""
    from procflow.reports.document.document import page_of
    from procflow.reports.document.markdown import render

    return render(page_of(procedure, language, mermaid=mermaid, others=others, examples=examples, calendars=calendars))
