"""What a page is made of: runs of words within a paragraph, and blocks below one another.

Our own words are plain texts. Whatever an author wrote is a `Written`, an `Id` or an `Exact`, so that whoever writes
the page down knows what to escape, in which language it is and which way it runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from procflow.texts import Language

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Written:
    """A text of the author."""

    text: str
    language: str
    """The language it is in; empty where the author did not say and nobody can tell."""
    direction: Direction
    missing: bool
    """True: the page wanted another language, which the text is not given in."""


@dataclass(frozen=True, slots=True)
class Id:
    """An id, as the log and the tools use it; left to right always."""

    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """An id that stands for a title nobody has given."""

    text: str


@dataclass(frozen=True, slots=True)
class Exact:
    """A condition as it is executed; left to right always."""

    text: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day, in words."""

    text: str
    on: date


@dataclass(frozen=True, slots=True)
class Badge:
    """A word of ours that marks what stands before it."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """What the eye should find."""

    content: Run


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another place of the page."""

    anchor: str
    content: Run


@dataclass(frozen=True, slots=True)
class Away:
    """A way to another page beside this one."""

    text: str
    """What it is called."""
    file: str


@dataclass(frozen=True, slots=True)
class Swatch:
    """The colour that stands for what follows; nothing for those who do not see it."""

    kind: str
    """The class of the colour."""
    text: str = ""
    """Nothing: what it is about follows in words."""


Inline: TypeAlias = "str | Written | Id | Name | Exact | Day | Badge | Strong | Link | Away | Swatch"
Run: TypeAlias = "tuple[Inline, ...]"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words that belong together."""

    content: Run


@dataclass(frozen=True, slots=True)
class Small:
    """A paragraph in small print."""

    content: Run


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; its items hold blocks."""

    entries: tuple[Blocks, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels, each with what it is about."""

    entries: tuple[tuple[str, Blocks], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; the first cell of a row names the row. A cell holds lines."""

    caption: str
    """What it lists, for those who do not see it."""
    heads: tuple[str, ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """The picture: drawn for a page, as text for Markdown; either may be empty."""

    svg: str
    mermaid: str
    caption: Run


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing that says in words what it shows; whoever drew it has escaped what is written in it."""

    svg: str
    label: str
    """What it is called, for those who move through the page by keyboard."""
    caption: Run
    wide: bool = False
    """True: it is as wide as the page, and scrolls in its own box where that is too narrow."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The few numbers to remember, each with what it counts."""

    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the page under a heading."""

    anchor: str
    """Unlike any other of the page. What joins two ids in it is a point, which no id has."""
    number: str = ""
    """As the language writes it: `2.1`; empty for parts that have none."""
    heading: Run
    level: int
    """Of the heading: 2 for a part of the page."""
    blocks: Blocks
    kind: Literal["part", "step", "action", "role", "rule", "group", "story", "finding"] = "part"


Block: TypeAlias = "Paragraph | Small | Bullets | Facts | Table | Figure | Picture | Figures | Section"
Blocks: TypeAlias = "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class Other:
    """The same page in another language."""

    language: Language
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A procedure told in one language."""

    language: Language
    lang: str
    """The language most of it is in: that of our words, which is English where there is no catalogue of ours."""
    name: str
    """The title without marks, for the window and the foot of printed pages."""
    identity: str
    """Procedure, version and the beginning of the digest: what a printed page is known by."""
    kind: str
    """`Standard operating procedure`."""
    title: Run
    purpose: Run
    facts: Facts
    notices: tuple[Run, ...]
    contents: str
    """The heading of the table of contents."""
    skip: str
    """The words of the link that leads past the contents."""
    languages: str
    """What the list of other languages is called."""
    others: tuple[Other, ...]
    """The page itself among them, in order; () if there is no other."""
    sections: tuple[Section, ...]
    foot: Run
    untranslated: str
    """What a mark on a text in another language means."""
