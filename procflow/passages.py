"""`Passage`: one event as the canonical path tells it; and what rules and clocks see of a whole path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from procflow.automaton.moves import Move
from procflow.explanation import Node, Start, nodes_of
from procflow.expressions.expression import Facts
from procflow.model.configuration import Configuration
from procflow.model.event import Event
from procflow.monitors.rules.position import Position
from procflow.monitors.rules.positions import Gone, Positions, Silent

_MOST_FURTHER = 4


class Passage(NamedTuple):
    """One event as the canonical path tells it."""

    event: Event | None
    """None for an opening that is not on record."""
    before: Configuration
    """Where the case stood, skipped actions not yet made up for."""
    skips: tuple[Move, ...]
    move: Move | None
    """None if the event was left out, or says nothing about the flow."""
    after: Configuration
    facts: Facts
    """The record with the event's own data, its own use not counted."""


def passages_of(start: Start, last: Node) -> list[Passage]:
    """Return a path from its start, an event at a time; the first is the opening."""
    return [passage_of(start, node) for node in nodes_of(last)]


def passage_of(start: Start, node: Node) -> Passage:
    """Return one event of a path."""
    link = node.link
    if link is None:
        at = start.opening.vector.entries[node.entry].at
        return Passage(start.event, at, (), None, at, start.given.facts)
    if link.advance is None:
        at = link.before.entries[node.entry].at
        return Passage(link.event, at, (), None, at, link.given.facts)
    back = link.advance.back[node.entry]
    before, after = link.before.entries[back.source].at, link.advance.vector.entries[node.entry].at
    return Passage(link.event, before, back.skips, back.move, after, link.given.facts)


def seen_of(one: Passage, gone: Gone, positions: Positions) -> tuple[Gone, tuple[Position, ...]]:
    """Return what rules see of one event after the opening: itself, unless they have nothing to do with it.

    And before it, what happened because time ran out.
    """
    assert one.event is not None, "only an opening may be off the record"
    course = positions.course(one.before, one.skips, one.move, one.after)
    gone, before = positions.before(gone, one.event, course, one.facts)
    gone, position = positions.following(gone, one.event, course, one.facts)
    return gone, before if position is None else (*before, position)


def positions_of(
    passages: Iterable[Passage],
    start: Start,
    positions: Positions,
    closing: Facts | None,
    ended_by: Silent | None = None,
) -> Iterator[Position]:
    """Yield what rules see of a path; `closing` is the record at its end, if the case goes on no further.

    `ended_by`: what brought it to an end then.
    """
    gone = Gone(ended=False)
    for number, one in enumerate(passages):
        if number == 0:
            gone, position = positions.opening(start.case, one.event, one.after, one.facts, start.since)
            yield position
        else:
            gone, seen = seen_of(one, gone, positions)
            yield from seen
    if closing is not None and not gone.ended:
        yield from positions.closing(start.case, closing, ended_by)


def further(start: Start, before: Node, after: Node, gone: Gone, positions: Positions) -> tuple[Position, ...] | None:
    """Return what rules see of the events that a path has more; None if it also tells another story of the others."""
    more: list[Node] = []
    at: Node | None = after
    # A step makes one event, or two where it ends its case; a path that parted earlier is told as a whole.
    while at is not None and at is not before and len(more) < _MOST_FURTHER:
        more.append(at)
        at = at.parent
    if at is not before:
        return None
    found: list[Position] = []
    for node in reversed(more):
        gone, seen = seen_of(passage_of(start, node), gone, positions)
        found += seen
    return tuple(found)
