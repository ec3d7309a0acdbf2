"""What a book says of a case is what its monitors say over that case alone, whatever other cases it has judged before.

Times may go back, ends may be taken back, openings may have no time: the tree in which cases share their beginnings
must never be seen.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random

from procflow.auditor.positions_alone import Reader, can_be_told
from procflow.model.event import EVERYTHING, Trace, Witness
from procflow.model.procedure import Procedure
from procflow.model.rule import Rule
from procflow.monitors.moment import Judged, Withdrawn
from procflow.monitors.rules.book import RuleBook
from procflow.monitors.rules.panel import Panel
from procflow.monitors.rules.position import Position
from tests.property.test_like_cases_are_judged_alike import AS_OF, random_rules, random_trace

EXAMPLES = 60


def test_a_shared_beginning_changes_nothing() -> None:
    said_at_all = back = 0
    for number in range(EXAMPLES):
        rng = Random(f"shared {number}")
        statuses = rng.random() < 0.4
        witness = rng.choice((EVERYTHING, EVERYTHING, Witness(actor=False)))
        procedure = _rules(rng, statuses=statuses)
        rules = [one for one in procedure.rules if can_be_told(one, statuses=statuses)]
        reader = Reader(procedure.data, rules, witness)
        book = RuleBook(procedure, rules, witness, statuses=statuses)
        panel = Panel(procedure, rules, witness, statuses=statuses)
        for index in range(30):
            trace = _disordered(random_trace(f"case {index}", rng, statuses=statuses), rng)
            positions = [_odd(one, rng) for one in reader.positions(trace)[0]]
            back += any(one.reopens for one in positions)
            said_at_all += _compared(book, panel, positions, rules, cut=trace.cut)
    assert said_at_all > EXAMPLES * 10
    assert back > EXAMPLES


def _rules(rng: Random, *, statuses: bool) -> Procedure:
    """Return random rules; those that name one thing twice are not accepted."""
    while True:
        with suppress(AssertionError):
            return random_rules(rng, statuses=statuses)


def _disordered(trace: Trace, rng: Random) -> Trace:
    """Return a case of which some events happened earlier than those recorded before them."""
    if rng.random() < 0.6:
        return trace
    events = [
        replace(one, occurred_at=one.occurred_at - timedelta(hours=rng.choice((0, 0, 3, 60)))) for one in trace.events
    ]
    return replace(trace, events=tuple(events))


def _odd(position: Position, rng: Random) -> Position:
    """Return a position that may end the case, or take its end back."""
    chance = rng.random()
    if chance < 0.1:
        return position._replace(ends=True, cancelled=rng.random() < 0.3)
    return position._replace(reopens=chance < 0.25)


def _compared(book: RuleBook, panel: Panel, positions: list[Position], rules: list[Rule], *, cut: bool) -> bool:
    standings, said = book.begin(positions[0], cut=cut)
    watched, plainly = panel.begin(positions[0], cut=cut)
    mine, theirs = _Said(), _Said()
    for position in (*positions[1:], None):
        assert mine.heard(said) == theirs.heard(plainly), (positions, rules)
        assert book.told(standings) == panel.told(watched), (positions, rules)
        assert book.due(standings, "c") == panel.due(watched, "c"), (positions, rules)
        if position is not None:
            standings, said = book.advance(standings, position)
            watched, plainly = panel.advance(watched, position)
    standings, said = book.overdue(standings, AS_OF)
    watched, plainly = panel.overdue(watched, AS_OF)
    assert mine.heard(said) == theirs.heard(plainly)
    assert book.told(standings) == panel.told(watched)
    return bool(mine.all)


class _Said:
    """What was said of a case; what is taken back is told by when it was said."""

    def __init__(self) -> None:
        self.all: list[Judged] = []

    def heard(self, said: tuple[Judged, ...]) -> list[str]:
        told = [
            f"back: {sum(one.deviation is other for other in self.all)} {one.deviation!r}"
            if isinstance(one, Withdrawn)
            else repr(one)
            for one in said
        ]
        self.all += said
        return sorted(told)
