"""What the engine remembers of cases between commands, so that a step does not cost more as a case grows.

A cache and nothing else: an entry is used only if its leaf is the head of the case in the store, or an earlier link
of the same chain; otherwise the events rebuild it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from procflow.engine.locks import ForkLock
from procflow.engine.rows import broken, misplaced, standing_of
from procflow.judge import CaseState, Judge
from procflow.model.event import Event, Kind
from procflow.model.verdict import Verdict
from procflow.stores.base import CaseRow, Ready
from procflow.trail.entry import leaf_of, open_entry

MOST_REMEMBERED = 10_000
"""Cases; the least recently used are forgotten first."""

MOST_SAID = 1_000
"""Verdicts: who lost an answer asks again soon, if at all."""


class Leaves(NamedTuple):
    """The leaves of a case, the last one first; chains of one case share what they have in common."""

    leaf: bytes
    before: Leaves | None


class Held(NamedTuple):
    """A case as far as it has been judged."""

    judge: Judge
    """Who judged it: a state is of no use to another, not even of the same version."""
    state: CaseState
    leaves: Leaves
    since: Mapping[str, datetime]
    """Since when each active step has been active."""
    ready: tuple[Ready, ...] | None = None
    """Whose turn it is, as the store was last told; None: nobody knows any more."""
    calendars: str | None = None
    """The digest of the calendars it goes by."""

    @property
    def leaf(self) -> bytes:
        """Of the last entry judged."""
        return self.leaves.leaf

    def leaf_of(self, seq: int) -> bytes:
        """Return the leaf of one of its events."""
        at = self.leaves
        for _ in range(self.state.seq - seq):
            assert at.before is not None
            at = at.before
        return at.leaf

    def goes_on_from(self, other: Held) -> bool:
        """Return True if this is the same case, longer than `other` or as long."""
        longer = self.state.seq - other.state.seq
        if longer < 0:
            return False
        at: Leaves | None = self.leaves
        for _ in range(longer):
            at = at.before if at is not None else None
        return at is not None and at.leaf == other.leaf


def first(judge: Judge, event: Event, leaf: bytes) -> Held:
    """Return a case after its opening event."""
    opened = event if event.kind is Kind.OPENED else None
    state = judge.begin(event.case, opened)
    if opened is None:
        state = judge.advance(state, event)
    since = dict.fromkeys(state.configuration.active_steps(), event.occurred_at)
    return Held(judge=judge, state=state, leaves=Leaves(leaf, None), since=since, calendars=event.calendars)


def further(held: Held, state: CaseState, event: Event, leaf: bytes) -> Held:
    """Return the case after one more event, which led to `state`. `since` is the very same if no step began or ended."""
    steps = tuple(state.configuration.active_steps())
    since = held.since
    if steps != tuple(since):
        since = {step: since.get(step, event.occurred_at) for step in steps}
    calendars = held.calendars if event.calendars is None or event.refused else event.calendars
    return Held(held.judge, state, Leaves(leaf, held.leaves), since, held.ready, calendars)


def caught_up(
    held: Held | None, judge: Judge, row: CaseRow, bodies: Iterable[bytes], know: Callable[[str], None]
) -> Held:
    """Return the case judged up to its head, from what is held (None: nothing) and the entries after it.

    `know` has calendars at hand that an event names by their digest.

    Raises StoreError if the entries do not chain up to the head, or the row says the case stands elsewhere.
    """
    for body in bodies:
        event, header = open_entry(body)
        leaf = leaf_of(body)
        if event.calendars is not None:
            know(event.calendars)
        if held is None:
            held = first(judge, event, leaf)
        elif header.prev != held.leaf:
            raise broken(row, event.seq)
        else:
            held = further(held, judge.advance(held.state, event), event, leaf)
    if held is None or held.leaf != row.leaf:
        raise broken(row, row.seq)
    if standing_of(row, judge.procedure) != held.state.configuration:
        raise misplaced(row, f"is not where its events lead: {held.state.configuration}")
    return held._replace(ready=None)  # whoever wrote those entries has told the store anew


class Said:
    """The last verdicts on steps that had a key, by the leaf of the step: a leaf stands for all that came before too.

    Safe for threads, and in a forked child.
    """

    def __init__(self, most: int = MOST_SAID) -> None:
        self._most = most
        self._verdicts: OrderedDict[bytes, Verdict] = OrderedDict()
        self._lock = ForkLock()

    def recall(self, leaf: bytes) -> Verdict | None:
        """Return what was said of the step; None if it is not held any more."""
        with self._lock.held():
            return self._verdicts.get(leaf)

    def keep(self, leaf: bytes, verdict: Verdict) -> None:
        """Hold what was said of a step that is committed; the oldest is forgotten first."""
        with self._lock.held():
            self._verdicts[leaf] = verdict
            while len(self._verdicts) > self._most:
                self._verdicts.popitem(last=False)


class Memory:
    """The cases judged last, by id. Safe for threads, and in a forked child."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._lock = ForkLock()

    def recall(self, case: str) -> Held | None:
        """Return what is held of a case, which may be behind the store."""
        with self._lock.held():
            held = self._held.get(case)
            if held is not None:
                self._held.move_to_end(case)
            return held

    def keep(self, case: str, held: Held) -> None:
        """Hold a case, unless it is held already as it went on; only what is committed may be held.

        Who looked at an earlier moment of the store may come here later than who wrote the next event.
        """
        with self._lock.held():
            known = self._held.get(case)
            if known is None or known.judge is not held.judge or not known.goes_on_from(held):
                self._held[case] = held
            self._held.move_to_end(case)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
