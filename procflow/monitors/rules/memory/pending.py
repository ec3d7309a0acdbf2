"""Activations that wait for what they demand: `Plain` ones are all alike, `Keyed` ones have values or deadlines.

Both are asked the same; what is alike needs no table, which is what most rules need.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from rpds import HashTrieMap

from procflow.model.rule import MOST_NAMED
from procflow.monitors.rules.memory.by_values import NO_OTHERS, Others, matching, noted, struck_out
from procflow.monitors.rules.memory.heap import Deadline, Heap, in_order, popped, pushed
from procflow.monitors.rules.names import Name, Names
from procflow.monitors.rules.terms import YES, Key, matches

_NEVER = datetime.max.replace(tzinfo=UTC)
"""Instead of a deadline, of what has none: whoever asks what has waited longest need not look through all."""


class Group(NamedTuple):
    """Activations with the same values."""

    many: int
    since: int
    """Number of the first: what has a deadline and a lower number was settled."""
    names: Names


class Plain(NamedTuple):
    """Activations that are all alike, without values and deadlines: whatever fulfils one fulfils all."""

    total: int
    names: Names

    def plus(self, key: Key, case: str, seq: int | None, deadline: datetime | None) -> Plain:
        """Return them with one more."""
        names = (*self.names, Name(self.total, case, seq)) if self.total < MOST_NAMED else self.names
        return Plain(self.total + 1, names)

    def without(self, key: Key) -> tuple[Plain, Group | None]:
        """Return that none waits, and those that did."""
        return _NONE_WAIT, Group(self.total, 0, self.names) if self.total else None

    def matching(self, target: Key, *, may: int, at: datetime | None, timed: bool) -> tuple[Plain, int, int]:
        """Return that none waits after a target, how many it fulfils, and how many it may fulfil."""
        return (_NONE_WAIT, self.total, 0) if may is YES else (_NONE_WAIT, 0, self.total)

    def soonest(self) -> Deadline | None:
        """Return None: none has a deadline."""
        return None

    def expired(self, now: datetime, slack: timedelta) -> tuple[Plain, list[Deadline]]:
        """Return them as they are."""
        return self, []

    def first(self) -> Name:
        """Return the earliest. There must be one."""
        return self.names[0]

    def named(self) -> Names:
        """Return the earliest of them."""
        return self.names


class Keyed(NamedTuple):
    """Activations by their values, with their deadlines."""

    total: int
    number: int
    groups: HashTrieMap[Key, Group]
    others: Others
    deadlines: Heap | None

    def plus(self, key: Key, case: str, seq: int | None, deadline: datetime | None) -> Keyed:
        """Return them with one more."""
        number = self.number + 1
        name = Name(number, case, seq)
        group, others = self.groups.get(key), self.others
        if group is None:
            group, others = Group(1, number, (name,)), noted(others, key)
        else:
            names = (*group.names, name) if len(group.names) < MOST_NAMED else group.names
            group = Group(group.many + 1, group.since, names)
        heap = pushed(self.deadlines, Deadline(deadline or _NEVER, name, key))
        return Keyed(self.total + 1, number, self.groups.insert(key, group), others, heap)

    def without(self, key: Key) -> tuple[Keyed, Group | None]:
        """Return them without those of one key, and these."""
        group = self.groups.get(key)
        if group is None:
            return self, None
        total = self.total - group.many
        others = struck_out(self.others, key)
        left = Keyed(total, self.number, self.groups.remove(key), others, self.deadlines if total else None)
        return left._pruned(), group

    def matching(self, target: Key, *, may: int, at: datetime | None, timed: bool) -> tuple[Keyed, int, int]:
        """Return them without those that a target fulfils, how many it does, and how many it may fulfil.

        `may` says whether the target counts at all. Of those with deadlines that have passed, the log cannot tell.
        """
        left, sure, unsure = self, 0, 0
        for key in matching(self.groups, self.others, target):
            left, group = left.without(key)
            if group is None:
                continue
            doubtful = group.many
            if may is YES and matches(key, target) is YES:
                doubtful = self._late(key, at) if timed else 0
            sure, unsure = sure + group.many - doubtful, unsure + doubtful
        return left, sure, unsure

    def _late(self, key: Key, at: datetime | None) -> int:
        if at is None:
            return self.groups[key].many
        count = 0
        for one in in_order(self.deadlines):
            if one.at >= at:
                break
            count += one.key == key and self._waits(one)
        return count

    def _waits(self, one: Deadline) -> bool:
        group = self.groups.get(one.key)
        return group is not None and one.name.number >= group.since

    def _pruned(self) -> Keyed:
        """Return them with a heap that begins with one that still waits."""
        heap = self.deadlines
        while heap is not None and not self._waits(heap.first):
            heap = popped(heap)
        return self if heap is self.deadlines else self._replace(deadlines=heap)

    def soonest(self) -> Deadline | None:
        """Return the activation whose time is up first; None if none has a deadline."""
        return self.deadlines.first if self.deadlines is not None and self.deadlines.first.at < _NEVER else None

    def expired(self, now: datetime, slack: timedelta) -> tuple[Keyed, list[Deadline]]:
        """Return them without those whose deadline passed before `now` by more than `slack`, and these."""
        left, late, heap = self, [], self.deadlines
        while heap is not None and now - heap.first.at > slack:
            one, heap = heap.first, popped(heap)
            if left._waits(one):
                late.append(one)
                left = left._one_less(one)
        return left._replace(deadlines=heap if left.total else None)._pruned(), late

    def _one_less(self, one: Deadline) -> Keyed:
        group = self.groups[one.key]
        if group.many == 1:
            others = struck_out(self.others, one.key)
            return Keyed(self.total - 1, self.number, self.groups.remove(one.key), others, self.deadlines)
        names = tuple(name for name in group.names if name != one.name)
        group = Group(group.many - 1, group.since, names)
        return self._replace(total=self.total - 1, groups=self.groups.insert(one.key, group))

    def first(self) -> Name:
        """Return the one whose time is up first, or else the earliest. There must be one."""
        assert self.deadlines is not None
        return self.deadlines.first.name

    def named(self) -> Names:
        """Return those whose time is up first, or else the earliest, in their order."""
        waiting = (one.name for one in in_order(self.deadlines) if self._waits(one))
        return tuple(sorted(islice(waiting, MOST_NAMED)))


Pending = Plain | Keyed

_NONE_WAIT = Plain(0, ())
_NOTHING_WAITS = Keyed(0, 0, HashTrieMap(), NO_OTHERS, None)


def none_waits(*, plain: bool) -> Pending:
    """Return that no activation waits, of a rule whose activations are all alike or are not."""
    return _NONE_WAIT if plain else _NOTHING_WAITS
