"""The lists of rules and clocks under a picture: each with its mark and in whole sentences, in lines that an eye can follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from procflow.reports.diagram.cards import HOLDER, TEXT, TITLE, Row, Scribe, Tone
from procflow.reports.diagram.lettering import width
from procflow.reports.diagram.ruling import Told, told_rules
from procflow.reports.diagram.timing import told_clocks

_WIDEST = 860.0
"""Longer lines lead the eye astray."""
_GAP, _APART = 8.0, 5.0
_MOST_ROWS = 12
"""Of one rule. Whoever writes more has the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One rule in its place."""

    id: str
    mark: Row
    rows: tuple[Row, ...]
    y: float
    """From the top of the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The list, with its heading."""

    heading: tuple[Row, ...]
    rules: tuple[Listed, ...]
    kind: str
    """`rule` or `clock`."""
    indent: float
    """Where the sentences begin, from the edge."""
    height: float


def listings_of(scribe: Scribe, room: float) -> tuple[Listing, ...]:
    """Return the lists of the rules and of the clocks of a procedure as they fit into `room`; none that is empty."""
    tongue = scribe.tongue
    titles = [one.title for one in tongue.procedure.rules] + [one.title for one in tongue.procedure.clocks]
    scribe.marked = scribe.marked or any(map(tongue.falls_back, titles))
    both = (
        ("rule", scribe.say("Rules"), told_rules(tongue)),
        ("clock", scribe.say("What is promised"), told_clocks(tongue)),
    )
    return tuple(_listing(scribe, room, kind, title, told) for kind, title, told in both if told)


def _listing(scribe: Scribe, room: float, kind: str, title: str, rules: Sequence[Told]) -> Listing:
    tongue = scribe.tongue
    heading = tuple(scribe.rows(title, Tone.LOUD, face=TITLE, room=room, most=1))
    indent = max((width(one.mark, HOLDER) for one in rules), default=0.0) + _GAP
    y = sum(row.height for row in heading) + _APART
    listed = []
    for one in rules:
        rows = tuple(scribe.rows(one.text, Tone.PLAIN, face=TEXT, room=min(room, _WIDEST) - indent, most=_MOST_ROWS))
        mark = Row(text=one.mark, face=HOLDER, tone=Tone.RULE, rtl=tongue.mirrored)
        listed.append(Listed(id=one.id, mark=mark, rows=rows, y=y))
        y += sum(row.height for row in rows) + _APART
    return Listing(heading=heading, rules=tuple(listed), kind=kind, indent=indent, height=y)
