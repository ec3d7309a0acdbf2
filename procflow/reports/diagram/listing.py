"""The list of rules under a picture: each with its mark and in whole sentences, in lines that an eye can follow."""

from __future__ import annotations

from dataclasses import dataclass

from procflow.reports.diagram.cards import HOLDER, TEXT, TITLE, Row, Scribe, Tone
from procflow.reports.diagram.lettering import width
from procflow.reports.diagram.ruling import told_rules

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
    indent: float
    """Where the sentences begin, from the edge."""
    height: float


def listing_of(scribe: Scribe, room: float) -> Listing:
    """Return the list of the rules of a procedure as it fits into `room`."""
    tongue = scribe.tongue
    rules = told_rules(tongue)
    scribe.marked = scribe.marked or any(tongue.falls_back(one.title) for one in tongue.procedure.rules)
    heading = tuple(scribe.rows(scribe.say("Rules"), Tone.LOUD, face=TITLE, room=room, most=1))
    indent = max((width(one.mark, HOLDER) for one in rules), default=0.0) + _GAP
    y = sum(row.height for row in heading) + _APART
    listed = []
    for one in rules:
        rows = tuple(scribe.rows(one.text, Tone.PLAIN, face=TEXT, room=min(room, _WIDEST) - indent, most=_MOST_ROWS))
        mark = Row(text=one.mark, face=HOLDER, tone=Tone.RULE, rtl=tongue.mirrored)
        listed.append(Listed(id=one.id, mark=mark, rows=rows, y=y))
        y += sum(row.height for row in rows) + _APART
    return Listing(heading=heading, rules=tuple(listed), indent=indent, height=y)
