"""What a rule says of all cases of a client, or of all that a person did: one definition over all their events in order.

A case of several cases is made of it: its positions are the events of all, in the order in which they happened, and it
never ends. What is said of it is said of a single case by `rules.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from tests.oracle.plain import Plain
from tests.oracle.rule_fates import Found, Said
from tests.oracle.rule_words import Case, Spot, named
from tests.oracle.rules import told_of

Event = tuple[str, int]
"""A case, and the number of an event in it."""


class Entry(NamedTuple):
    """One event of one of the cases."""

    occurred_at: datetime
    recorded_at: datetime
    case: str
    seq: int
    client: str | None
    spot: Spot
    """As rules see it in its own case."""


class Breach(NamedTuple):
    """One finding, by the events that it speaks of."""

    code: str
    blamed: Event | None
    kind: str | None
    activations: frozenset[Event]
    target: Event | None


class Of(NamedTuple):
    """What is said of one party."""

    said: Said
    found: tuple[Breach, ...]


def told_across(rule: Plain, procedure: Plain, entries: Iterable[Entry], as_of: datetime) -> Mapping[str, Of]:
    """Return what a rule says of each party that it has anything to do with."""
    told = {}
    for party, its in _by_party(rule, sorted(entries, key=lambda one: one[:4])).items():
        if any(_concerns(rule, one.spot) for one in its):
            spots = [one.spot._replace(seq=number, ends=False, reopens=False) for number, one in enumerate(its, 1)]
            before = Spot(None, None, (), performs=False)
            said = told_of(Case(rule, [before, *spots], procedure, as_of=as_of))
            told[party] = Of(said, tuple(_named(one, its) for one in said.found))
    return told


def _by_party(rule: Plain, entries: Sequence[Entry]) -> Mapping[str, list[Entry]]:
    parties: dict[str, list[Entry]] = {}
    for one in entries:
        party = one.client if rule["per"] == "client" else one.spot.actor
        if party is not None:
            parties.setdefault(party, []).append(one)
    return parties


def _concerns(rule: Plain, spot: Spot) -> bool:
    """Return True if the rule speaks of what happens there, or counts it."""
    written = [one for said in rule.values() if isinstance(said, str | list) for one in named(said)]
    return spot.gap or any(one in written for one in spot.happenings) or (spot.performs and "next" in rule)


def _named(found: Found, entries: Sequence[Entry]) -> Breach:
    def event(number: float | None) -> Event | None:
        one = None if number is None else entries[int(number) - 1]
        return None if one is None else (one.case, one.seq)

    set_off = frozenset(one for number in found.activations if (one := event(number)) is not None)
    return Breach(found.code, event(found.seq), found.kind, set_off, event(found.target))
