"""`Ledger`: how a rule stands over what happened in several cases, in the order in which it happened.

Nothing says that it is written down in that order: two cases are recorded at the same moment, and what was forgotten
is entered later. So an entry may come between others, and what is said from there on is said anew. Standings are
values: those of some entries are kept, to begin from.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from procflow.expressions.expression import Facts
from procflow.model.deviation import Deviation
from procflow.model.rule import Obligation, RuleStanding
from procflow.monitors.moment import Judged
from procflow.monitors.rules.book import RuleBook, Standings
from procflow.monitors.rules.position import Position

_APART = 64
"""Of entries further back than this, one in so many keeps its standings."""

Order = tuple[datetime, datetime, str, int]


class Placed(NamedTuple):
    """A position with its place among all: the earlier first, then what was recorded first, then by case and `seq`."""

    order: Order
    position: Position

    @property
    def key(self) -> tuple[str, int]:
        """Which event it is."""
        return self.order[2:]


def placed(position: Position, recorded_at: datetime | None, seq: int) -> Placed:
    """Return a position, whose time is known, in its place; `seq` orders it within its case and moment."""
    assert position.at is not None
    return Placed((position.at, recorded_at or position.at, position.case, seq), position)


class Change(NamedTuple):
    """What a ledger would say otherwise if something more were entered."""

    new: tuple[Deviation, ...]
    gone: tuple[Deviation, ...]


class Ledger:
    """How one rule stands over the entries of one party. Not for several threads at a time."""

    def __init__(self, book: RuleBook, *, cut: bool = False) -> None:
        """`cut`: something may have happened before the first entry that is not on record."""
        self._book = book
        self._begin, self._opened = book.begin(_NOTHING, cut=cut)
        self._entries: list[Placed] = []
        self._standings: list[Standings | None] = []
        """After each entry; None where it is to be worked out again."""
        self._judged: list[tuple[Judged, ...]] = []
        self._places: dict[tuple[str, int], Order] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def enter(self, come: Iterable[Placed], gone: Collection[tuple[str, int]] = ()) -> None:
        """Enter what has come; entries of the same events, and of those that are `gone`, are taken out."""
        waiting = sorted(come, key=_order)
        if not gone and not any(one.key in self._places for one in waiting):
            last = self._entries[-1].order if self._entries else None
            if last is None or not waiting or last < waiting[0].order:
                for one in waiting:
                    standings, judged = self._book.advance(self._last(), one.position)
                    self._keep(one, standings, judged)
                return
        self._revise(waiting, gone)

    def _keep(self, one: Placed, standings: Standings, judged: tuple[Judged, ...]) -> None:
        self._entries.append(one)
        self._standings.append(standings)
        self._judged.append(judged)
        self._places[one.key] = one.order
        past = len(self._entries) - 1 - _APART
        if past >= 0 and past % _APART:
            self._standings[past] = None

    def _last(self) -> Standings:
        if not self._entries:
            return self._begin
        last = self._standings[-1]
        assert last is not None
        return last

    def _revise(self, come: Sequence[Placed], gone: Collection[tuple[str, int]]) -> None:
        first, entries = self._revised(come, gone)
        at, standings = self._since(first)
        for one in self._entries[at:]:
            del self._places[one.key]
        again = [*self._entries[at:first], *entries]
        del self._entries[at:], self._standings[at:], self._judged[at:]
        for one in again:
            standings, judged = self._book.advance(standings, one.position)
            self._keep(one, standings, judged)

    def _revised(self, come: Iterable[Placed], gone: Collection[tuple[str, int]]) -> tuple[int, list[Placed]]:
        """Return from which entry on the ledger would be another, and what would stand there."""
        come = list(come)
        out = {*gone, *(one.key for one in come)}
        orders = [self._places[key] for key in out if key in self._places] + [one.order for one in come]
        if not orders:
            return len(self._entries), []
        first = bisect_left(self._entries, min(orders), key=_order)
        entries = [one for one in self._entries[first:] if one.key not in out]
        for one in come:
            insort(entries, one, key=_order)
        return first, entries

    def _since(self, index: int) -> tuple[int, Standings]:
        """Return the latest place up to `index` at which the standings before it are known, and those."""
        while index > 0:
            known = self._standings[index - 1]
            if known is not None:
                return index, known
            index -= 1
        return 0, self._begin

    def tried(self, come: Iterable[Placed], gone: Collection[tuple[str, int]] = ()) -> Change:
        """Return what would be said otherwise if this were entered; nothing is."""
        first, entries = self._revised(come, gone)
        at, standings = self._since(first)
        for one in self._entries[at:first]:
            standings, _ = self._book.advance(standings, one.position)
        said: list[Deviation] = []
        for one in entries:
            standings, judged = self._book.advance(standings, one.position)
            said += (each for each in judged if isinstance(each, Deviation))
        before = [each for judged in self._judged[first:] for each in judged if isinstance(each, Deviation)]
        if not before:
            return Change(tuple(said), ())
        return Change(tuple(_without(said, before)), tuple(_without(before, said)))

    def judged(self) -> Iterator[Judged]:
        """Yield all that is said, in the order of the entries."""
        yield from self._opened
        for judged in self._judged:
            yield from judged

    def overdue(self, as_of: datetime) -> tuple[Standings, tuple[Judged, ...]]:
        """Return how the rule stands at a moment after all entries, and what time alone broke until then."""
        return self._book.overdue(self._last(), as_of)

    def told(self, standings: Standings | None = None) -> RuleStanding:
        """Return how the rule stands now, or with these standings."""
        (told,) = self._book.told(self._last() if standings is None else standings)
        return told

    def due(self, standings: Standings | None = None) -> tuple[Obligation, ...]:
        """Return what it still demands."""
        return self._book.due(self._last() if standings is None else standings, "")


def _without(these: list[Deviation], those: list[Deviation]) -> list[Deviation]:
    return [one for one in these if one not in those]


def _order(one: Placed) -> Order:
    return one.order


_NOTHING = Position(
    seq=None,
    at=None,
    happenings=(),
    performs=False,
    actor=None,
    roles=frozenset(),
    teams=frozenset(),
    facts=Facts(values={}, counts={}, now=None),
)
"""Before the first entry: no case opens here."""
