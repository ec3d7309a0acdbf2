"""`procflow explain`: the manual page of a code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from procflow.cli.exits import Exit
from procflow.cli.options import as_json
from procflow.cli.terminal import cells, write_json, write_lines

if TYPE_CHECKING:
    from procflow.expressions.types import Raw
    from procflow.reports.paper import Line

_FAMILIES = {
    "PF0": "files",
    "PF1": "shape",
    "PF2": "names",
    "PF3": "flow",
    "PF4": "time",
    "PF5": "conditions",
    "PF6": "control",
    "PF7": "scenarios",
    "PF8": "versions",
    "PF9": "style",
    "DV1": "flow of the work",
    "DV2": "people",
    "DV3": "data and evidence",
    "DV4": "time of the work",
    "DV5": "rules",
    "DV6": "waiting and hand-offs",
    "DV7": "authority",
    "DV8": "quality of the log",
    "DV9": "the trail",
}
"""What the codes that begin so are about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """One code with its manual page."""

    code: str
    slug: str
    severity: str
    summary: str
    text: str
    reserved: bool


@click.command(short_help="Explain a code of a finding or a deviation.")
@click.argument("code", required=False)
@as_json
def explain(code: str | None, json: bool) -> Exit:
    """Print the manual page of a CODE: what it catches, why it matters, what to do. Its name will do as well.

    Without a code, or with the beginning of one, it lists the codes.

    \b
    Examples:
      procflow explain DV101
      procflow explain step-skipped
      procflow explain PF3
      procflow explain
    """
    pages = _pages()
    wanted = (code or "").strip()
    page = pages.get(wanted.upper()) or next((one for one in pages.values() if one.slug == wanted.lower()), None)
    listed = [one for one in pages.values() if one.code.startswith(wanted.upper())]
    if page is None and not listed:
        raise click.BadParameter(_unknown(wanted, pages), param_hint="CODE")
    if json:
        write_json(_document([page] if page is not None else listed))
    else:
        write_lines(_page_lines(page) if page is not None else _list_lines(listed))
    return Exit.CLEAN


def _pages() -> Mapping[str, _Page]:
    from procflow.model.deviation import REGISTRY
    from procflow.model.rules import PF_CODES

    pages = {
        one.code: _Page(
            code=one.code,
            slug=one.slug,
            severity=one.severity.value,
            summary=one.summary,
            text=one.page,
            reserved=False,
        )
        for one in PF_CODES.values()
    }
    for each in REGISTRY.values():
        pages[each.code] = _Page(
            code=each.code,
            slug=each.slug,
            severity=each.severity.value,
            summary=each.summary,
            text=each.page,
            reserved=each.reserved,
        )
    return pages


def _unknown(wanted: str, pages: Mapping[str, _Page]) -> str:
    names = {one.slug: one.code for one in pages.values()}
    from difflib import get_close_matches

    close = get_close_matches(wanted.upper(), pages, n=1) or get_close_matches(wanted.lower(), names, n=1)
    if not close:
        return f"There is no code {wanted!r}; `procflow explain` lists them all."
    page = pages[names.get(close[0], close[0])]
    return f"There is no code {wanted!r}. Did you mean {page.code} ({page.slug})?"


def _page_lines(page: _Page) -> Iterator[Line]:
    from procflow.reports.paper import BLANK, line, prose, strong

    head = f"{page.code} {page.slug} ({page.severity})"
    text = page.text.removeprefix(head).lstrip("\n").removeprefix(page.summary).lstrip("\n")
    yield line(strong(head))
    yield BLANK
    yield from prose(page.summary, cells())
    if page.reserved:
        yield BLANK
        yield line("The number is reserved: nothing reports it yet.")
    for part in text.strip("\n").split("\n\n") if text else ():
        yield BLANK
        # Snippets stand indented and keep their lines; prose is broken anew.
        if part.split("\n", 1)[0] in ("PASS", "FAIL"):
            yield from (line(one) for one in part.split("\n"))
        else:
            yield from prose(part, cells())


def _list_lines(pages: list[_Page]) -> Iterator[Line]:
    from procflow.reports.paper import BLANK, faint, line, prose, strong

    family = ""
    for page in pages:
        if page.code[:3] != family:
            if family:
                yield BLANK
            family = page.code[:3]
            yield line(strong(f"{family} {_FAMILIES.get(family, '')}".rstrip()))
        mark = " (reserved)" if page.reserved else ""
        yield line(f"  {page.code} {page.slug}", faint(f"  {page.severity}{mark}"))
        yield from prose(page.summary, cells(), indent=8)


def _document(pages: list[_Page]) -> dict[str, Raw]:
    return {
        "v": "1",
        "kind": "codes",
        "codes": [
            {
                "code": one.code,
                "slug": one.slug,
                "severity": one.severity,
                "summary": one.summary,
                "page": one.text,
                "reserved": one.reserved,
            }
            for one in pages
        ],
    }
