"""Rules alone: what a log keeps of them and breaks, whatever the procedure. Fast, because like cases are judged once.

The outcome of most rules depends on the sequence of happenings and on nothing else. Cases are laid into one tree, in
which equal beginnings share their nodes; each node is judged when the first case comes by, and each case ends in a
node. A node is judged over a case of nobody, in which every position has a person and a month of its own, so that
whatever is said of it can be said of every case that goes the same way: by whom, when, and in which row.

Rules that ask for data, people or time are judged case by case, in a book of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from procflow.auditor.positions_alone import (
    NOTHING,
    ONLY_OPENS,
    Reader,
    Stand,
    can_be_told,
    opened_by,
    silent,
)
from procflow.model.deviation import Deviation
from procflow.model.event import Event, Kind, Lifecycle, Source, Trace, Witness
from procflow.model.procedure import Procedure
from procflow.model.rule import Breach, Obligation, Rule, RuleStanding
from procflow.monitors.moment import Judged, Withdrawn
from procflow.monitors.rules.book import RuleBook, Standings
from procflow.monitors.rules.positions import closing_of, opening_of

_COMPLETE = Lifecycle.COMPLETE
_NOBODY = "\0"
"""Begins the name of whoever acted in the case of nobody: no log has such a name."""
_FIRST_YEAR = 1000
MOST_NODES = 100_000
"""So many beginnings are remembered; then it begins anew, so that memory does not grow with the log."""
_NOTHING_SAID: tuple[Judged, ...] = ()
MOST_POSITIONS = 12 * (10_000 - _FIRST_YEAR) - 1
"""Longer cases are judged one by one: there are no more months."""

Symbol = str | tuple[object, ...]
"""What tells one event from another as far as their sequence goes."""


def by_sequence(rule: Rule) -> bool:
    """Return True if nothing but the sequence of happenings decides about the rule."""
    asks = rule.when, rule.within, rule.window
    return not (rule.personal or rule.same or rule.different or any(one is not None for one in asks))


class Outcome:
    """How the rules of one book stand after a case, and what was said of it. What is not asked is not worked out."""

    __slots__ = ("_book", "_case", "_due", "_standings", "_told", "breaches", "judged")

    def __init__(self, book: RuleBook, standings: Standings, said: Iterable[Judged], case: str) -> None:
        """`said` may hold what was taken back later."""
        self._book, self._standings, self._case = book, standings, case
        self._told: tuple[RuleStanding, ...] | None = None
        self._due: tuple[Obligation, ...] | None = None
        self.judged = _standing(said)
        """Without what was withdrawn."""
        self.breaches = tuple(one.breach for one in self.deviations if one.breach is not None)
        """How rules were broken: each with the events that set it off and the one that was forbidden or came late."""

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """The deviations among what was said."""
        return tuple(one for one in self.judged if isinstance(one, Deviation))

    @property
    def standings(self) -> tuple[RuleStanding, ...]:
        """How each rule of the book stands."""
        if self._told is None:
            self._told = self._book.told(self._standings)
        return self._told

    @property
    def due(self) -> tuple[Obligation, ...]:
        """What is still demanded."""
        if self._due is None:
            self._due = self._book.due(self._standings, self._case)
        return self._due


class CaseOutcome(NamedTuple):
    """What the rules say of one case."""

    trace: Trace
    alike: Outcome
    """Of what only the sequence decides: one value for all cases that went the same way. It names events by `seq`."""
    own: Outcome
    """Of the other rules, over this very case."""

    @property
    def closed(self) -> bool:
        """True if nothing more will come."""
        return self.trace.closed

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """Each way in which a rule was broken, with the events that set it off and the forbidden one by `seq`."""
        own = self.own.breaches
        return self.alike.breaches + own if own else self.alike.breaches


class _Node:
    """A beginning that cases share."""

    __slots__ = ("depth", "following", "last", "outcomes", "parent", "said", "stand", "standings")

    def __init__(
        self, parent: _Node | None, standings: Standings, said: Sequence[Judged], stand: Stand, last: datetime | None
    ) -> None:
        self.parent = parent
        self.depth: int = 0 if parent is None else parent.depth + 1
        """How many events it is long."""
        self.following: dict[Symbol, _Node] = {}
        self.outcomes: dict[bool, Outcome] = {}
        """By whether the log promises that nothing more comes."""
        self.said = said
        """At its last event alone."""
        self.stand = stand
        self.standings = standings
        self.last = last
        """When its last event happened, in the case of nobody."""


class RulesAlone:
    """Judges rules over cases of which nothing else is known. What it remembers of cases only saves time."""

    def __init__(
        self,
        rules: Sequence[Rule],
        witness: Witness,
        *,
        statuses: bool,
        procedure: Procedure | None = None,
        cancelling: frozenset[str] = frozenset(),
    ) -> None:
        """`statuses` if the events are a status history; `procedure` for the roles and data fields the rules name.

        `cancelling`: the actions, or statuses, that end a case as cancelled.
        """
        self.rules = tuple(rules)
        self.told = tuple(rule for rule in rules if can_be_told(rule, statuses=statuses))
        plain = [rule for rule in self.told if by_sequence(rule)]
        others = [rule for rule in self.told if not by_sequence(rule)]
        self._book = RuleBook(procedure, plain, witness, statuses=statuses)
        self._other = RuleBook(procedure, others, witness, statuses=statuses)
        empty = RuleBook(None, (), witness, statuses=statuses)
        self._nothing = Outcome(empty, empty.begin(opening_of("", None, ONLY_OPENS, NOTHING))[0], (), "")
        self._has_book, self._has_other = bool(plain), bool(others)
        self._usual = Kind.STATUS if statuses else Kind.ACTION
        self._nodes = 0
        self._roots: dict[bool | tuple[bool, bool], _Node] = {}
        """By whether the case is cut; if its opening is on record also by whether entries are missing before that."""
        data = {} if procedure is None else procedure.data
        self._reader = Reader(data, others, witness, cancelling=cancelling)
        self._cancelling = cancelling
        self.never_told = tuple(rule for rule in rules if not can_be_told(rule, statuses=statuses))
        """Rules that speak of what these events do not tell."""

    def judge(self, trace: Trace, as_of: datetime | None = None) -> CaseOutcome:
        """Return what the rules say of one case; of an open one also what time alone has broken by `as_of`."""
        own = fold(self._other, self._reader, trace, as_of) if self._has_other else self._nothing
        if not self._has_book:
            return CaseOutcome(trace, self._nothing, own)
        events = trace.events
        if not events or events[-1].seq != len(events) or len(events) > MOST_POSITIONS:
            return CaseOutcome(trace, fold(self._book, self._reader, trace, as_of), own)
        return CaseOutcome(trace, self._walked(trace), own)

    def _walked(self, trace: Trace) -> Outcome:
        """Return what is said of the cases that go the way of this one, along the tree."""
        if self._nodes > MOST_NODES:
            self._nodes = 0
            self._roots.clear()
        usual, events, node = self._usual, trace.events, self._roots.get(trace.cut)
        if node is None or events[0].kind is not usual:
            opened = opened_by(events)
            node = self._root(opened, cut=trace.cut)
            events = events if opened is None else events[1:]
        for event in events:
            plain = event.kind is usual and event.lifecycle is _COMPLETE and not event.gap
            symbol = event.action if plain else _symbol(event)
            following = node.following.get(symbol)
            node = following if following is not None else self._grown(node, symbol, event)
        alike = node.outcomes.get(trace.closed)
        if alike is None:
            alike = node.outcomes[trace.closed] = self._ended(node, closed=trace.closed)
        return alike

    def _root(self, opened: Event | None, *, cut: bool) -> _Node:
        key = cut if opened is None else (cut, opened.gap)
        node = self._roots.get(key)
        if node is None:
            event = None if opened is None else _nobodys(opened, 1)
            standings, said = self._book.begin(opening_of("", event, ONLY_OPENS, NOTHING), cut=cut)
            node = self._roots[key] = _Node(
                None,
                standings,
                said,
                Stand(cancelling=self._cancelling),
                None if event is None else event.occurred_at,
            )
            node.depth = 0 if event is None else 1
        return node

    def _grown(self, node: _Node, symbol: Symbol, event: Event) -> _Node:
        """Return the node after one event more, judged now for all cases to come."""
        depth = node.depth + 1
        stand = node.stand.copy()
        position = stand.position(_nobodys(event, depth), NOTHING)
        standings, said = node.standings, _NOTHING_SAID
        if position is not None and not silent(position):
            standings, said = self._book.advance(standings, position)
        last = node.last if position is None else position.at
        self._nodes += 1
        grown = node.following[symbol] = _Node(node, standings, said, stand, last)
        return grown

    def _ended(self, node: _Node, *, closed: bool) -> Outcome:
        """Return what is said of the cases that end in a node."""
        standings, said = node.standings, _said_until(node)
        if closed and not node.stand.ended:
            standings, judged = self._book.advance(standings, closing_of("", NOTHING._replace(now=node.last)))
            said += judged
        return Outcome(self._book, standings, said, "")


def _said_until(node: _Node) -> list[Judged]:
    """Return what was said along the way to a node."""
    parts: list[Sequence[Judged]] = []
    at: _Node | None = node
    while at is not None:
        if at.said:
            parts.append(at.said)
        at = at.parent
    return [one for part in reversed(parts) for one in part]


def fold(book: RuleBook, reader: Reader, trace: Trace, as_of: datetime | None = None) -> Outcome:
    """Return what a book says of one case, position by position: what the tree is held to."""
    positions, unreadable = reader.positions(trace)
    standings, begun = book.begin(positions[0], cut=trace.cut)
    said: list[Judged] = [*unreadable, *begun]
    for position in positions[1:]:
        standings, judged = book.advance(standings, position)
        said += judged
    if as_of is not None and not trace.closed:
        standings, judged = book.overdue(standings, as_of)
        said += judged
    return Outcome(book, standings, said, trace.case)


def _standing(said: Iterable[Judged]) -> tuple[Judged, ...]:
    """Return what was said without what was taken back."""
    kept = list(said)
    gone = [one.deviation for one in kept if isinstance(one, Withdrawn)]
    if not gone:
        return tuple(kept)
    return tuple(one for one in kept if not isinstance(one, Withdrawn) and not any(one is other for other in gone))


def _symbol(event: Event) -> Symbol:
    act = None if event.override is None else event.override.act.value
    return (event.kind.value, event.action, event.lifecycle.value, event.gap, act)


def _nobodys(event: Event, seq: int) -> Event:
    """Return an event as it stands in the case of nobody."""
    return Event(
        case="",
        seq=seq,
        kind=event.kind,
        action=event.action,
        lifecycle=event.lifecycle,
        occurred_at=_moment(seq),
        actor=f"{_NOBODY}{seq}",
        gap=event.gap,
        override=event.override,
        source=Source(file="", line=seq),
    )


def seq_of_nobody(actor: str | None) -> int | None:
    """Return which event this person of the case of nobody did; None for anybody else."""
    return int(actor[1:]) if actor is not None and actor.startswith(_NOBODY) else None


def nobodys_month(seq: int) -> str:
    """Return the month in which an event of the case of nobody happened, as standings name it."""
    return f"{_FIRST_YEAR + seq // 12}-{1 + seq % 12:02}"


def _moment(seq: int) -> datetime:
    return datetime(_FIRST_YEAR + seq // 12, 1 + seq % 12, 1, tzinfo=UTC)
