"""The page as one self-contained HTML file: no script, nothing fetched, everything escaped, the same bytes every time."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import quote

from procflow.reports.document.parts import Badge, Block, Figure, Id, Inline, Page, Picture, Run, Section
from procflow.reports.document.sheets import lies, sheets_of
from procflow.reports.paper import visible

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
_SIZE = re.compile(r"(<svg\b[^>]*?) style=\"[^\"]*\"")
_PROLOGUE = re.compile(r"\A\s*(<\?xml[^>]*\?>\s*)?(<!DOCTYPE[^>]*>\s*)?")


def render(page: Page, more: str = "") -> str:
    """Return the page as HTML, in which a browser may use just the styles it carries, known by their digests.

    `more` is what a page of another kind adds to the style sheet.
    """
    from markupsafe import Markup

    # The style sheet is ours; what an author wrote enters it as a string in which every sign is escaped.
    style = Markup(_style_sheet() + more + _running_foot(page))
    styles = [str(style), *(text for figure in _figures(page) for text in _STYLE.findall(figure.svg))]
    return _environment().get_template("page.html.j2").render(page=page, style=style, policy=_policy(styles)) + "\n"


def _policy(styles: list[str]) -> str:
    digests = dict.fromkeys(b64encode(sha256(style.encode()).digest()).decode() for style in styles)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"default-src 'none'; style-src {allowed}; base-uri 'none'; form-action 'none'"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader(__package__, ""), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    environment.filters |= {
        "kind": lambda one: type(one).__name__,
        "visible": visible,
        "address": quote,
        "drawing": _drawing,
        "picture": _picture,
        "sheets": lambda figure: sheets_of(figure.svg),
        "lies": lambda figure: lies(figure.svg),
        "steps": _steps,
        "without_ids": _without_ids,
    }
    return environment


def _steps(blocks: tuple[Block, ...]) -> list[Section]:
    """Return the sections inside that stand in the table of contents."""
    return [one for one in blocks if isinstance(one, Section) and one.kind in ("step", "role", "group")]


def _without_ids(heading: Run) -> Run:
    """Return a heading without what is only small print; as it is if nothing else is in it."""
    kept: tuple[Inline, ...] = tuple(one for one in heading if not isinstance(one, Id | Badge) and one != " ")
    return kept or heading


def _picture(figure: Figure) -> Markup:
    """Return the drawing as a part of the page; whoever drew it has escaped what is written in it.

    Its size is for our style sheet to say: the policy of the page allows no style in an attribute.
    """
    from markupsafe import Markup

    drawing = _SIZE.sub(r"\1", _PROLOGUE.sub("", figure.svg, count=1), count=1)
    return Markup(drawing.replace("<svg ", '<svg id="drawing" ', 1))


def _drawing(picture: Picture) -> Markup:
    """Return a drawing as it is: it has no style of its own."""
    from markupsafe import Markup

    return Markup(picture.svg)


def _figures(page: Page) -> list[Figure]:
    return [block for section in page.sections for block in section.blocks if isinstance(block, Figure)]


# --- style ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _style_sheet() -> str:
    return (files(__package__) / "page.css").read_text("utf-8")


def _running_foot(page: Page) -> str:
    """Return what stands at the foot of every printed page: what it is a page of, and its number."""
    start, end = ("right", "left") if page.language.direction == "rtl" else ("left", "right")
    return (
        "@page { size: A4; margin: 18mm 16mm 20mm; "
        f"@bottom-{start} {{ content: {_string(f'{page.name} · {page.identity}')}; font-size: 8pt; }} "
        f'@bottom-{end} {{ content: counter(page) " / " counter(pages); font-size: 8pt; }} }}\n'
        "@page lying { size: A4 landscape; }\n"
    )


def _string(text: str) -> str:
    """Return a text as a string of CSS, with everything but letters and digits of ASCII as a number."""
    return '"' + "".join(one if one.isascii() and one.isalnum() else f"\\{ord(one):x} " for one in visible(text)) + '"'
