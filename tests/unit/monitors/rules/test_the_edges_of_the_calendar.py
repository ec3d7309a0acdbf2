"""Events of the first and the last moment there are: limits go past them, and nothing breaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from procflow.expressions.expression import Facts
from procflow.model.event import EVERYTHING
from procflow.model.rule import Happening, HappeningKind
from procflow.monitors.rules.book import RuleBook
from procflow.monitors.rules.position import Position
from tests.unit.monitors.rules.office import office
from tests.unit.monitors.rules.test_what_an_event_costs import RULES

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
NOBODY: frozenset[str] = frozenset()
CENTURY = (
    "must-happen: b, within: 36525 days",
    "at-most: 1, of: a, in: 36525 days",
    "after: a, there-must-be: b, within: 36525 days",
    "after: a, never: b, within: 36525 days",
    "before: a, there-must-be: b, within: 36525 days",
    "if: a, never: b, within: 36525 days",
    "not-both: [a, b], within: 36525 days",
)


@pytest.mark.parametrize("resolution", [timedelta(0), timedelta(days=1)])
@pytest.mark.parametrize("rule", [*RULES, *CENTURY])
def test_the_first_and_the_last_moment_there_are(rule: str, resolution: timedelta) -> None:
    procedure = office(rule)
    book = RuleBook(procedure, procedure.rules, replace(EVERYTHING, resolution=resolution), statuses=False)
    for moments in ((FIRST, LAST), (LAST, FIRST), (FIRST, FIRST), (LAST, LAST)):
        standings, _ = book.begin(_position(1, moments[0], HappeningKind.OPENS, ""))
        for number, name in enumerate("abaabba", start=2):
            position = _position(number, moments[number % 2], HappeningKind.ACTION, name)
            standings, _ = book.advance(standings, position)
            for as_of in moments:
                book.overdue(standings, as_of)
            book.due(standings, "1")
            (told,) = book.told(standings)
            assert told.activations == told.kept + told.broken + told.pending + told.unseen + told.released


def _position(seq: int, at: datetime, kind: HappeningKind, name: str) -> Position:
    what = (Happening(kind=kind, name=name),)
    facts = Facts(values={"x": f"{seq % 2}"}, counts={}, now=at)
    return Position(seq, at, what, bool(name), f"p{seq % 2}", NOBODY, NOBODY, facts, case="1")
