"""What rules across cases may ask about, in memory: the occurrences, and which cases are behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from procflow.stores.base import Occurrence


@dataclass(slots=True)
class Told:
    """What a store keeps of occurrences."""

    rules: str = ""
    last: int = 0
    """The last number given."""
    cases: dict[str, list[Occurrence]] = field(default_factory=dict)
    """In the order of numbers."""
    parties: dict[str, dict[int, Occurrence]] = field(default_factory=dict)
    """The same by party and number, in the order of numbers."""
    behind: set[str] = field(default_factory=set)

    def take_over(self, changed: Change) -> None:
        """Make what a transaction changed part of what is kept."""
        if changed.rules is not None:
            self.rules = changed.rules
            self.cases.clear()
            self.parties.clear()
        self.last = changed.last
        for case, (since, entries) in changed.cases.items():
            self._replace(case, since, entries)
        self.behind -= changed.caught_up
        self.behind |= changed.fallen

    def _replace(self, case: str, since: int, entries: list[Occurrence]) -> None:
        kept: list[Occurrence] = []
        for one in self.cases.get(case, ()):
            if one.seq < since:
                kept.append(one)
            else:
                del self.parties[one.party][one.number]
        self.cases[case] = [*kept, *entries]
        for one in entries:
            self.parties.setdefault(one.party, {})[one.number] = one

    def of(self, party: str | None, after: int) -> Iterator[Occurrence]:
        """Yield what is kept of a party, or of all, with numbers above `after`; the last first if it is of one party."""
        if party is None:
            yield from (one for entries in self.cases.values() for one in entries if one.number > after)
            return
        # From the end: whoever reads on has read nearly all of it.
        for number, one in reversed(self.parties.get(party, {}).items()):
            if number <= after:
                return
            yield one


@dataclass(slots=True)
class Change:
    """What a transaction changes of it."""

    last: int
    rules: str | None = None
    """Not None: all that was kept is forgotten."""
    cases: dict[str, tuple[int, list[Occurrence]]] = field(default_factory=dict)
    """Case -> from which `seq` on it is replaced, and by what."""
    caught_up: set[str] = field(default_factory=set)
    fallen: set[str] = field(default_factory=set)

    def fall_behind(self, case: str) -> None:
        """Note that a case has an event of which nothing was told yet."""
        self.caught_up.discard(case)
        self.fallen.add(case)

    def set(self, case: str, since: int, entries: Iterable[Occurrence]) -> None:
        """Replace what is kept of a case from `since` on."""
        earlier, kept = self.cases.get(case, (since, []))
        numbered = []
        for one in entries:
            self.last += 1
            numbered.append(replace(one, number=self.last))
        self.cases[case] = (min(earlier, since), [*(one for one in kept if one.seq < since), *numbered])
        self.fallen.discard(case)
        self.caught_up.add(case)

    def seen(self, before: Told, party: str | None, after: int) -> list[Occurrence]:
        """Return what is kept of a party, or of all, as the transaction sees it, in the order of numbers."""
        kept = [] if self.rules is not None else [one for one in before.of(party, after) if not self._replaces(one)]
        new = (
            one
            for _, entries in self.cases.values()
            for one in entries
            if party in (None, one.party) and one.number > after
        )
        return sorted([*kept, *new], key=_number)

    def _replaces(self, one: Occurrence) -> bool:
        changed = self.cases.get(one.case)
        return changed is not None and one.seq >= changed[0]


def _number(one: Occurrence) -> int:
    return one.number
