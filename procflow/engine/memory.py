"""What the engine remembers of cases between commands, so that a step does not cost more as a case grows.

A cache and nothing else: an entry is used only if its leaf is the head of the case in the store, or an earlier link
of the same chain; otherwise the events rebuild it.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from procflow.automaton.configurations import parse_configuration
from procflow.engine.rows import broken, misplaced
from procflow.judge import CaseState, Judge
from procflow.model.event import Event, Kind
from procflow.stores.base import CaseRow
from procflow.trail.entry import leaf_of, open_entry

MOST_REMEMBERED = 10_000
"""Cases; the least recently used are forgotten first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A case as far as it has been judged."""

    state: CaseState
    leaf: bytes
    """Of the last entry judged."""
    since: Mapping[str, datetime]
    """Since when each active step has been active."""


def first(judge: Judge, event: Event, leaf: bytes) -> Held:
    """Return a case after its opening event."""
    opened = event if event.kind is Kind.OPENED else None
    state = judge.begin(event.case, opened)
    if opened is None:
        state = judge.advance(state, event)
    return Held(state=state, leaf=leaf, since=dict.fromkeys(state.configuration.active_steps(), event.occurred_at))


def further(held: Held, state: CaseState, event: Event, leaf: bytes) -> Held:
    """Return the case after one more event, which led to `state`."""
    steps = state.configuration.active_steps()
    return Held(state=state, leaf=leaf, since={step: held.since.get(step, event.occurred_at) for step in steps})


def caught_up(held: Held | None, judge: Judge, row: CaseRow, bodies: Iterable[bytes]) -> Held:
    """Return the case judged up to its head, from what is held (None: nothing) and the entries after it.

    Raises StoreError if the entries do not chain up to the head, or the row says the case stands elsewhere.
    """
    for body in bodies:
        event, header = open_entry(body)
        leaf = leaf_of(body)
        if held is None:
            held = first(judge, event, leaf)
        elif header.prev != held.leaf:
            raise broken(row, event.seq)
        else:
            held = further(held, judge.advance(held.state, event), event, leaf)
    if held is None or held.leaf != row.leaf:
        raise broken(row, row.seq)
    _check_standing(row, held.state, judge)
    return held


def _check_standing(row: CaseRow, state: CaseState, judge: Judge) -> None:
    try:
        stands = parse_configuration(row.configuration, judge.procedure)
    except ValueError as error:
        raise misplaced(row, f"is no configuration of it: {error}") from error
    if stands != state.configuration:
        raise misplaced(row, f"is not where its events lead: {state.configuration}")


class Memory:
    """The cases judged last, by id. Safe for threads, and in a forked child."""

    def __init__(self, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._lock = threading.Lock()
        self._process = os.getpid()

    def recall(self, case: str) -> Held | None:
        """Return what is held of a case, which may be behind the store."""
        with self._guard():
            held = self._held.get(case)
            if held is not None:
                self._held.move_to_end(case)
            return held

    def keep(self, case: str, held: Held) -> None:
        """Hold a case; only what is committed may be held."""
        with self._guard():
            self._held[case] = held
            self._held.move_to_end(case)
            while len(self._held) > self._most:
                self._held.popitem(last=False)

    def _guard(self) -> threading.Lock:
        if self._process != os.getpid():
            # In a forked child the parent's lock may have been held by a thread that does not exist here.
            self._lock, self._process = threading.Lock(), os.getpid()
        return self._lock
