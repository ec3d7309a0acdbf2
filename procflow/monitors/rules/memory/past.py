"""What was seen of the targets a rule looks back to: for each set of values, the latest is enough."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import datetime
from functools import cmp_to_key
from typing import NamedTuple

from rpds import HashTrieMap

from procflow.monitors.rules.names import Name
from procflow.monitors.rules.terms import DOUBT, NO, YES, Key, Terms, Values, matches


class Seen(NamedTuple):
    """One target that happened."""

    at: datetime | None
    name: Name
    key: Key
    sure: bool
    """False if the log cannot tell whether it counts."""


class Past(NamedTuple):
    """What happened of the targets, as far as it can still matter."""

    latest: Seen | None = None
    """Of a rule that compares no values: what surely counts."""
    doubtful: Seen | None = None
    """Likewise: what may count."""
    sure: HashTrieMap[Values, tuple[Seen, ...]] | None = None
    """Of a rule that does: by the values of `same`."""
    unsure: HashTrieMap[Values, tuple[Seen, ...]] | None = None
    vague: HashTrieMap[Values, tuple[Seen, ...]] | None = None
    """Those with values that are not known, by what is known of `same`."""
    blanks: tuple[tuple[bool, ...], ...] = ()
    """Which of the values of `same` are not known of some of these."""

    def plus(self, one: Seen) -> Past:
        """Return the past with one more."""
        same, different = one.key
        if not same and not different:
            if one.sure:
                return Past(_later(self.latest, one), self.doubtful)
            return Past(self.latest, _later(self.doubtful, one))
        if None in same or None in different:
            blank = tuple([value is None for value in same])
            blanks = self.blanks if blank in self.blanks else (*self.blanks, blank)
            return self._replace(vague=_with(self.vague, one), blanks=blanks)
        if one.sure:
            return self._replace(sure=_with(self.sure, one))
        return self._replace(unsure=_with(self.unsure, one))

    def without(self, key: Key) -> Past:
        """Return the past without what surely had, or may have had, these values of `same`."""
        if not key[0] and not key[1]:
            return Past()
        sure = self.sure.discard(key[0]) if self.sure is not None else None
        unsure = self.unsure.discard(key[0]) if self.unsure is not None else None
        return Past(None, None, sure, unsure, self.vague, self.blanks)

    def look(
        self, key: Key, at: datetime | None, terms: Terms, *, forbids: bool = False, since: int = -1
    ) -> tuple[int, Seen | None]:
        """Return whether something that matches `key` came in time before `at`, and what; nothing up to number `since`."""
        if not terms.keyed and terms.within is None and since < 0:
            if self.latest is not None:
                return YES, self.latest
            return (NO if self.doubtful is None else DOUBT), self.doubtful
        found, what = NO, None
        vague = None in key[0] or None in key[1]
        for one in self._candidates(key):
            if one.name.number <= since:
                continue
            fits = matches(key, one.key)
            if fits is not NO:
                fits = min(fits, terms.in_time(one.at, at, forbids=forbids), YES if one.sure else DOUBT)
            if fits > found or (fits is found and what is not None and fits is not NO and _is_later(what, one)):
                found, what = fits, one
                if vague:
                    break  # none fits better, and which it was nobody can tell
        return found, what

    def too_old(self, key: Key, since: int = -1) -> Seen | None:
        """Return the latest that surely matches `key`, whenever it came; nothing up to number `since`."""
        found: Seen | None = None
        for one in self._candidates(key):
            if one.sure and one.name.number > since and matches(key, one.key) is YES:
                found = _later(found, one)
        return found

    def _candidates(self, key: Key) -> Iterator[Seen]:
        if self.latest is not None:
            yield self.latest
        if self.doubtful is not None:
            yield self.doubtful
        if None in key[0]:
            tables = [table for table in (self.sure, self.unsure, self.vague) if table is not None]
            yield from (one for table in tables for these in table.values() for one in these)
            return
        for table in (self.sure, self.unsure):
            if table is not None:
                yield from table.get(key[0], ())
        if self.vague is not None:
            for blank in self.blanks:
                known = tuple([None if one else value for one, value in zip(blank, key[0], strict=True)])
                yield from self.vague.get(known, ())


NOTHING_SEEN = Past()
_UNSET = object()


def _with(table: HashTrieMap[Values, tuple[Seen, ...]] | None, one: Seen) -> HashTrieMap[Values, tuple[Seen, ...]]:
    """Return a table with one more, and without what cannot matter any more."""
    same, different = one.key
    table = HashTrieMap() if table is None else table
    known = table.get(same, ())
    return table.insert(same, _kernel(known, one) if different else (_later(known[0] if known else None, one),))


def _later(one: Seen | None, other: Seen) -> Seen:
    return other if one is None or _is_later(one, other) else one


def _is_later(one: Seen, other: Seen) -> bool:
    """Return True if `other` happened no earlier; in the order of the record where times are not known."""
    if one.at is None or other.at is None:
        return other.name.number > one.name.number
    return (other.at, other.name.number) > (one.at, one.name.number)


def _kernel(these: tuple[Seen, ...], one: Seen) -> tuple[Seen, ...]:
    """Return what can still matter of `these` and one more, the latest first.

    One matters if some values differ from it everywhere, and from no later one; what is not known differs from
    anything. So at most one is kept where nothing must be different, two of one value, and never more than 2**n of n
    values (Bollobás, 1965).
    """
    kept: list[Seen] = []
    for each in sorted((*these, one), key=cmp_to_key(_order), reverse=True):
        if _matters(each.key[1], [other.key[1] for other in kept], {}):
            kept.append(each)
    return tuple(kept)


def _order(one: Seen, other: Seen) -> int:
    return -1 if _is_later(one, other) else 1


def _matters(values: Values, later: list[Values], chosen: dict[int, Hashable]) -> bool:
    """Return whether some values differ everywhere from `values`, and agree somewhere with each of `later`."""
    for other in later:
        if any(chosen.get(place, _UNSET) == value for place, value in enumerate(other)):
            continue
        open_places = [
            place
            for place, value in enumerate(other)
            if value is not None and place not in chosen and value != values[place]
        ]
        return any(_matters(values, later, {**chosen, place: other[place]}) for place in open_places)
    return True
