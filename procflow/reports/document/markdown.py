"""The page as Markdown (CommonMark with the tables of GitHub): for wikis, reviews and repositories."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import assert_never
from urllib.parse import quote

from procflow.reports.document.parts import (
    Away,
    Badge,
    Block,
    Blocks,
    Bullets,
    Day,
    Exact,
    Facts,
    Figure,
    Figures,
    Id,
    Inline,
    Link,
    Name,
    Page,
    Paragraph,
    Picture,
    Run,
    Section,
    Small,
    Strong,
    Swatch,
    Table,
    Written,
)
from procflow.reports.paper import visible

_ACTIVE = re.compile(r"[\\`*_\[\]<>|~$&!]")
"""What may begin something else than text anywhere."""
_AT_THE_START = re.compile(r"^(?:[#+=:-]|(\d+)(?=[.)]))")
_BAR = re.compile(r"(?<!\\)\|")
_TICKS = re.compile("`+")


def render(page: Page) -> str:
    """Return the page as Markdown, with the picture as a Mermaid block."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    turned = page.language.direction == "rtl"
    if turned:
        yield f'<div lang="{page.lang}" dir="rtl">'
        yield ""
    if page.others:
        yield " · ".join(
            _escaped(one.language.name)
            if one.language.code == page.language.code
            else f"[{_escaped(one.language.name)}]({quote(one.file)})"
            for one in page.others
        )
        yield ""
    writer = _Writer(page)
    yield f"# {writer.words(page.title)}"
    yield ""
    yield f"*{_escaped(page.kind)}*"
    yield ""
    if page.purpose:
        yield from (writer.words(page.purpose, first=True), "")
    yield from writer.blocks((page.facts,))
    for notice in page.notices:
        yield from (f"> **{writer.words(notice)}**", "")
    yield from (f"## {_escaped(page.contents)}", "")
    yield from (f"- [{writer.words(one.heading)}](#{one.anchor})" for one in page.sections)
    yield ""
    yield from writer.blocks(page.sections)
    yield from ("---", "", writer.words(page.foot, first=True))
    if turned:
        yield from ("", "</div>")


class _Writer:
    """Writes blocks and words of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    # -- blocks --

    def blocks(self, blocks: Blocks) -> Iterator[str]:
        """Yield the lines of blocks, an empty one after each."""
        for one in blocks:
            yield from self._block(one)
            yield ""

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Paragraph() | Small():
                yield self.words(block.content, first=True)
            case Bullets():
                for at, item in enumerate(block.entries, 1):
                    yield from self._item(f"{at}. " if block.ordered else "- ", item)
            case Facts():
                for label, about in block.entries:
                    yield from self._item("- ", about, f"**{_escaped(label)}**: ")
            case Table():
                yield f"| {' | '.join(map(_escaped, block.heads))} |"
                yield "|" + " --- |" * len(block.heads)
                for row in block.rows:
                    yield f"| {' | '.join('<br>'.join(map(self._cell, cell)) for cell in row)} |"
            case Figure():
                fence = _fence(block.mermaid, 3)
                yield from (
                    f"{fence}mermaid",
                    block.mermaid.rstrip("\n"),
                    fence,
                    "",
                    self.words(block.caption, first=True),
                )
            case Picture():
                yield self.words(block.caption, first=True)
            case Figures():
                yield from (f"- **{_escaped(number)}** {_escaped(label)}" for number, label in block.entries)
            case Section():
                yield from (f'<a id="{block.anchor}"></a>', "")
                number = f"{_escaped(block.number)} " if block.number else ""
                yield f"{'#' * block.level} {number}{self.words(block.heading)}"
                yield ""
                yield from _trimmed(self.blocks(block.blocks))
            case _:
                assert_never(block)

    def _item(self, sign: str, blocks: Blocks, label: str = "") -> Iterator[str]:
        """Yield an item of a list, what belongs to it indented under its first line."""
        lines = list(_trimmed(self.blocks(blocks)))
        if label and (not blocks or not isinstance(blocks[0], Paragraph)):
            lines = [label.rstrip(), "", *lines]
        elif label:
            lines[0] = label + lines[0]
        for at, one in enumerate(lines):
            yield ((sign if at == 0 else " " * len(sign)) + one).rstrip()

    # -- words --

    def words(self, content: Run, *, first: bool = False) -> str:
        """Return words; `first`: they begin a line, where some signs mean something."""
        text = "".join(map(self._inline, content))
        return _AT_THE_START.sub(_unstarted, text) if first else text

    def _cell(self, content: Run) -> str:
        """Return words in a cell of a table, which any bar would end, also one in code."""
        return _BAR.sub(r"\|", self.words(content))

    def _inline(self, one: Inline) -> str:
        match one:
            case str():
                return _escaped(one)
            case Written():
                return self._written(one)
            case Id() | Name() | Exact():
                return _code(one.text)
            case Day() | Badge():
                return _escaped(one.text)
            case Strong():
                return f"**{self.words(one.content)}**"
            case Link():
                return f"[{self.words(one.content)}](#{one.anchor})"
            case Away():
                return f"[{_escaped(one.text)}]({quote(one.file)})"
            case Swatch():
                return ""
            case _:
                assert_never(one)

    def _written(self, one: Written) -> str:
        text = _escaped(one.text)
        if one.direction != self.page.language.direction:
            text = f'<bdi lang="{one.language}" dir="{one.direction}">{text}</bdi>'
        mark = f"{one.language}, {self.page.untranslated}" if one.language else self.page.untranslated
        return f"{text} *({_escaped(mark)})*" if one.missing else text


def _escaped(text: str) -> str:
    return _ACTIVE.sub(lambda sign: "&amp;" if sign[0] == "&" else f"\\{sign[0]}", visible(text))


def _unstarted(sign: re.Match[str]) -> str:
    return f"{sign[1]}\\" if sign[1] else f"\\{sign[0]}"


def _code(text: str) -> str:
    """Return a text as code, fenced so that no backtick in it ends it."""
    shown = visible(text)
    fence = _fence(shown, 1)
    space = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{space}{shown}{space}{fence}"


def _fence(text: str, least: int) -> str:
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)


def _trimmed(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines without the empty ones at the end."""
    held = 0
    for one in lines:
        if not one:
            held += 1
            continue
        yield from [""] * held
        held = 0
        yield one
