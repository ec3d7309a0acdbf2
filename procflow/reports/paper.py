"""Paper: lines of words, some of them marked, handed out plain or, on a terminal, in colour.

Everything shown comes from a log or a file that somebody else wrote, so nothing in it may steer the terminal: control
characters and overrides of the writing direction become visible signs. Width is what a terminal with fixed cells
shows: two cells for East Asian wide characters, none for combining marks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TextIO

from procflow.errors import Severity


class Mark(Enum):
    """Why a word stands out; the value is its style in rich's words."""

    PLAIN = ""
    STRONG = "bold"
    FAINT = "dim"
    BAD = "bold red"
    DOUBTFUL = "yellow"
    GOOD = "green"
    NOTE = "cyan"


@dataclass(frozen=True, slots=True)
class Ink:
    """A run of text with one mark."""

    text: str
    mark: Mark = Mark.PLAIN


Line = tuple[Ink, ...]
"""One line, without its line break."""
Words = str | Ink
BLANK: Line = ()


def line(*words: Words) -> Line:
    """Return a line made of these words, one right after the other."""
    return tuple(Ink(word) if isinstance(word, str) else word for word in words)


def strong(text: str) -> Ink:
    """Return `text` marked as a heading or a name."""
    return Ink(text, Mark.STRONG)


def faint(text: str) -> Ink:
    """Return `text` marked as something to read later."""
    return Ink(text, Mark.FAINT)


def by_severity(text: str, severity: Severity) -> Ink:
    """Return `text` marked by how bad it is."""
    marks = (Mark.BAD, Mark.BAD, Mark.DOUBTFUL, Mark.NOTE)
    return Ink(text, marks[severity.rank])


_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SIGN_OF_ESCAPE = 0x2400
"""U+2400 SYMBOL FOR NULL: the signs of the control characters follow it in the same order."""


def visible(text: str) -> str:
    """Return `text` with each character that would steer a terminal replaced by one sign; as long as before."""
    if text.isprintable():
        return text
    return "".join(map(_sign, text))


def _sign(letter: str) -> str:
    code = ord(letter)
    if code < 0x20:
        return chr(_SIGN_OF_ESCAPE + code)
    if code == 0x7F:
        return "\u2421"
    if letter in _DIRECTION or unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp"):
        return "\ufffd"
    return letter


def width(text: str) -> int:
    """Return how many cells `text` takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_cells(letter) for letter in text)


def _cells(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


def clip(text: str, cells: int) -> str:
    """Return `text` if it fits into so many cells, else its beginning with `…`."""
    if width(text) <= cells:
        return text
    kept, room = [], cells - 1
    for letter in text:
        room -= _cells(letter)
        if room < 0:
            break
        kept.append(letter)
    return "".join(kept).rstrip() + "…"


def padded(text: str, cells: int, *, right: bool = False) -> str:
    """Return `text` filled up with spaces to so many cells; a longer one as it is."""
    space = " " * (cells - width(text))
    return space + text if right else text + space


def wrapped(text: str, cells: int) -> Iterator[str]:
    """Yield `text` in lines of at most so many cells, broken at spaces; a longer word stays whole on a line of its own."""
    current = ""
    for word in text.split():
        longer = f"{current} {word}" if current else word
        if current and width(longer) > cells:
            yield current
            current = word
        else:
            current = longer
    yield current


def prose(text: str, cells: int, *, indent: int = 0, label: str = "", mark: Mark = Mark.PLAIN) -> Iterator[Line]:
    """Yield a paragraph, its first line behind `label`, the others under it; made visible, whatever it holds."""
    room = max(20, cells - indent - width(label))
    lead = Ink(" " * indent + label, Mark.FAINT if label else Mark.PLAIN)
    for number, text_line in enumerate(wrapped(visible(" ".join(text.split())), room)):
        yield line(lead if number == 0 else " " * (indent + width(label)), Ink(text_line, mark))


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table."""

    head: str
    right: bool = False
    """True for numbers."""
    rest: bool = False
    """True for the one column that is cut short so that the table fits."""
    whole: bool = False
    """True for a last column of which nothing is cut: it is wrapped, or stands above its row if little room is left."""


_LEAST = 24
"""With fewer cells for its last column, a table has it on a line of its own."""


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], cells: int, *, indent: int = 2) -> Iterator[Line]:
    """Yield a table with its heads; no rules, columns two spaces apart."""
    shown = [[visible(cell) for cell in row] for row in rows]
    heads = [column.head for column in columns]
    widths = [max(width(row[at]) for row in (heads, *shown)) for at in range(len(columns))]
    if columns[-1].whole:
        longest = max(width(word) for row in (heads, *shown) for word in (row[-1].split() or [""]))
        least = min(widths[-1], max(_LEAST, longest))
        beside = sum(widths[:-1]) + 2 * (len(widths) - 1) + least <= cells - indent
        for at, row in enumerate((heads, *shown)):
            for text in (_hung if beside else _stacked)(row, columns, widths, cells - indent):
                yield line(" " * indent, text if at else faint(text))
        return
    for number, column in enumerate(columns):
        if column.rest:
            others = sum(widths) - widths[number] + 2 * (len(columns) - 1) + indent
            widths[number] = min(widths[number], max(12, cells - others))
    yield line(" " * indent, faint(_row(heads, columns, widths)))
    for row in shown:
        yield line(" " * indent, _row(row, columns, widths))


def _row(row: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    parts = [
        padded(clip(cell, room) if column.rest else cell, room, right=column.right)
        for cell, column, room in zip(row, columns, widths, strict=True)
    ]
    return "  ".join(parts).rstrip()


def _hung(row: Sequence[str], columns: Sequence[Column], widths: Sequence[int], cells: int) -> Iterator[str]:
    """Yield a row whose last cell goes on under itself."""
    lead = sum(widths[:-1]) + 2 * (len(widths) - 1)
    first, *more = _broken(row[-1], cells - lead)
    yield _row([*row[:-1], first], columns, widths)
    yield from (" " * lead + one for one in more)


def _stacked(row: Sequence[str], columns: Sequence[Column], widths: Sequence[int], cells: int) -> Iterator[str]:
    """Yield a row under its last cell, in as many lines as its columns take: each row of a table in the same ones."""
    yield from _broken(row[-1], cells)
    last = len(columns) - 1
    start = 0
    while start < last:
        end = start + 1
        while end < last and 2 + sum(widths[start : end + 1]) + 2 * (end - start) <= cells:
            end += 1
        yield "  " + _row(row[start:end], columns[start:end], widths[start:end])
        start = end


def _broken(text: str, cells: int) -> tuple[str, ...]:
    return (text,) if width(text) <= cells else tuple(wrapped(text, cells))


def number(count: int) -> str:
    """Return a whole number as people read it: `141,712`."""
    return f"{count:,}"


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun: `1 case`, `24,918 cases`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def share(part: int, whole: int) -> str:
    """Return a part in percent, never `0 %` of something or `100 %` of less than all; empty for a whole of nothing."""
    if whole == 0:
        return ""
    tenths = (2000 * part + whole) // (2 * whole)
    if part and not tenths:
        return "under 0.1 %"
    return f"{(999 if tenths == 1000 and part < whole else tenths) / 10:.1f} %"


def plain(lines: Iterable[Line]) -> str:
    """Return the lines without marks, each with its line break and no space before it."""
    return "".join("".join(ink.text for ink in one).rstrip() + "\n" for one in lines)


def show(lines: Iterable[Line], out: TextIO, *, colour: bool) -> None:
    """Write the lines to `out`, with their marks as colours if asked for."""
    if not colour:
        for one in lines:
            out.write(plain((one,)))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=out, force_terminal=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
    for one in lines:
        console.print(Text.assemble(*((ink.text, ink.mark.value) for ink in one)), soft_wrap=True)


_BREAKS = re.compile(r"\r\n|\n|\r")


@lru_cache(maxsize=4)
def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of a text as YAML 1.2 counts them, without a byte order mark.

    Remembered, for a file with thousands of findings would be split for each of them.
    """
    return tuple(_BREAKS.split(text.removeprefix("\ufeff")))
