"""`Look`: what rules across cases would say if something happened, as a store has them in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from procflow.engine.across import CrossCases, Held
from procflow.engine.occurrences import key_of
from procflow.explanation import events_since
from procflow.judge import CaseState, Judge
from procflow.model.deviation import Deviation
from procflow.model.event import Event
from procflow.model.procedure import Procedure
from procflow.model.rule import Manner
from procflow.monitors.rules.across import in_place, named, seen_by
from procflow.monitors.rules.asking import UNKNOWN, Asking, Askings
from procflow.monitors.rules.ledger import Ledger, Placed
from procflow.monitors.rules.position import Position
from procflow.stores.base import CaseRow, Transaction


class Behind(Exception):
    """Something is to be told to the store before it can be asked: `CrossCases.catch_up`."""


class Said(NamedTuple):
    """What rules across cases say of an event that is tried out."""

    new: tuple[Deviation, ...] = ()
    gone: tuple[Deviation, ...] = ()


NOTHING = Said()


class Look:
    """What rules across cases would say of one thing and another. What is on record of a party is read only once."""

    def __init__(self, across: CrossCases, transaction: Transaction, *, prepared: bool = False) -> None:
        """`prepared`: the store was told all that the rules ask about."""
        self._across = across
        self._transaction = transaction
        self._prepared = prepared
        self._asked: Askings | None = None
        self._ledgers: dict[tuple[int, str], Held] = {}

    def asked(self, digest: str) -> Askings:
        """Return the rules, among them those of the definition with this digest.

        Raises Behind if the store was not told all they ask about.
        """
        with self._across.held():
            asked = self._across.current(self._transaction, digest, self._asked)
            if asked is not self._asked:
                self._ledgers.clear()
                if asked.rules and not self._prepared and self._is_behind(asked):
                    raise Behind
                self._asked = asked
        return asked

    def _is_behind(self, asked: Askings) -> bool:
        return self._transaction.indexed_by() != asked.digest or bool(self._transaction.behind(1))

    def tried(self, row: CaseRow, judge: Judge, before: CaseState, after: CaseState) -> Said:
        """Return what would be said otherwise if a case were not as `before` but as `after`, what it waives excused."""
        return self._settled(row, judge, after, self._tried(row.client, row.digest, judge, before, after))

    @staticmethod
    def _settled(row: CaseRow, judge: Judge, after: CaseState, said: Said) -> Said:
        if not said.new:
            return said
        own = [one for one in said.new if one.case == row.case]
        others = [one for one in said.new if one.case != row.case]
        return said._replace(new=(*judge.settled(after, own), *others))

    def said_of(self, row: CaseRow, judge: Judge, before: CaseState, after: CaseState, event: Event) -> Said:
        """Return what was said of an event on record when it was recorded: what came since does not count."""
        asked = self.asked(row.digest)
        if not asked.rules:
            return NOTHING
        new: list[Deviation] = []
        gone: list[Deviation] = []
        for number, party, come, out in _differing(asked, row.client, judge, before, after):
            asking = asked.rules[number]
            needed = _since(asking, come)
            with self._across.held():
                ledger = Ledger(asking.book)
                rows = self._transaction.occurrences(key_of(asking, party), since=None if needed is None else needed[1])
                ledger.enter(self._across.known_before(number, rows, event))
            own = _seen(asked, row.client, judge, before, None).get((number, party), {})
            ledger.enter(own.values())
            change = ledger.tried(come, out)
            who = party.partition(":")[2]
            new += named(change.new, asking, who)
            gone += named(change.gone, asking, who)
        return self._settled(row, judge, after, Said(tuple(new), tuple(gone)))

    def opened(self, client: str | None, digest: str, judge: Judge, state: CaseState) -> Said:
        """Return what would be said if a case were opened."""
        return self._tried(client, digest, judge, None, state)

    def _tried(self, client: str | None, digest: str, judge: Judge, before: CaseState | None, after: CaseState) -> Said:
        asked = self.asked(digest)
        if not asked.rules:
            return NOTHING
        new: list[Deviation] = []
        gone: list[Deviation] = []
        for number, party, come, out in _differing(asked, client, judge, before, after):
            asking = asked.rules[number]
            with self._across.held():
                change = self._ledger(asking, number, party, come).tried(come, out)
            who = party.partition(":")[2]
            new += named(change.new, asking, who)
            gone += named(change.gone, asking, who)
        return Said(tuple(new), tuple(gone))

    def _ledger(self, asking: Asking, number: int, party: str, come: Iterable[Placed]) -> Ledger:
        needed = _since(asking, come)
        held = self._ledgers.get((number, party))
        if held is None or (held.since is not None and (needed is None or needed[0] < held.since)):
            held = self._across.ledger(self._transaction, asking, number, party, needed)
            self._ledgers[number, party] = held
        return held.ledger

    def bars(self, one: Deviation) -> bool:
        """Return True if a rule keeps whoever acted from it, and would not keep everybody."""
        return self._asked is not None and any(asking.bars(one) for asking in self._asked.rules)

    def may_bar(self, digest: str, procedure: Procedure, action: str) -> bool:
        """Return True if there may be a rule that keeps somebody from this action, and not everybody."""
        return any(asking.may_bar(action, procedure) for asking in self.asked(digest).rules)


def _differing(
    asked: Askings, client: str | None, judge: Judge, before: CaseState | None, after: CaseState
) -> Iterator[tuple[int, str, list[Placed], list[tuple[str, int]]]]:
    """Yield by rule and party what comes, and what is not there any more."""
    further = None if before is None else judge.further(before, after)
    if further == ():
        return
    came = _seen(asked, client, judge, after, further)
    if before is None or further is not None:
        for (number, party), seen in came.items():
            yield number, party, list(seen.values()), []
        return
    was = _seen(asked, client, judge, before, None)
    for number, party in dict.fromkeys([*was, *came]):
        now, then = came.get((number, party), {}), was.get((number, party), {})
        come = [one for key, one in now.items() if then.get(key) != one]
        out = [key for key in then if key not in now]
        if come or out:
            yield number, party, come, out


def _seen(
    asked: Askings, client: str | None, judge: Judge, state: CaseState, positions: Sequence[Position] | None
) -> dict[tuple[int, str], dict[tuple[str, int], Placed]]:
    these = judge.positions(state) if positions is None else positions
    since = 1 if positions is None else state.seq - len(these)
    events = events_since(since, state.start, state.link, state.asides)
    recorded = {seq: event.recorded_at for seq, event in events.items() if seq is not None}
    found: dict[tuple[int, str], dict[tuple[str, int], Placed]] = {}
    for number, party, seen in seen_by(asked.rules, client, judge.procedure, in_place(these, recorded)):
        if party != UNKNOWN:
            found.setdefault((number, party), {})[seen.key] = seen
    return found


def _since(asking: Asking, come: Iterable[Placed]) -> tuple[datetime, datetime] | None:
    """Return since when at least, and since when at best, what happened must be known; None: all of it.

    What a rule with a window says of an event depends on nothing further away than that.
    """
    terms = next((one.terms for one in asking.book.monitors), None)
    reach = None if terms is None else terms.window or terms.within
    soonest = min((one.order[0] for one in come), default=None)
    if reach is None or soonest is None or asking.rule.manner is not Manner.ANY_TIME:
        return None
    least = reach.before(soonest)
    best = None if least is None else reach.before(least)
    return None if least is None or best is None else (least, best)
