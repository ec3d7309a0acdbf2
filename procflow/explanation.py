"""The canonical path: the one story of a case that is told, and what the monitors say along it.

A path through the vectors of the alignment, kept as a chain of nodes that shares its past. When an event makes
another explanation the best one, the chain is rebuilt from where the two part, and the monitors run again over that
part only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from procflow.automaton.alternatives import Reading
from procflow.automaton.automaton import Automaton
from procflow.automaton.moves import Move
from procflow.automaton.vectors import Advance, Back, Opening, Vector
from procflow.errors import Finding
from procflow.model.configuration import Configuration
from procflow.model.deviation import Deviation
from procflow.model.event import Event, Kind, Witness
from procflow.monitors import authority, data, evidence, flow, people
from procflow.monitors.clocks.timing import Timed, Timing
from procflow.monitors.demands import Demands, demands_of
from procflow.monitors.moment import NOTHING_YET, Judged, Memory, Moment, NotExamined, Withdrawn
from procflow.monitors.record import Given
from procflow.monitors.rules.position import Position
from procflow.monitors.rules.positions import Course, Positions
from procflow.monitors.rules.ruling import Ruled, Ruling, in_order
from procflow.monitors.waiting.book import WaitBook, Waits

# A member of an Enum is looked up anew, in Python, wherever it is named.
_ACTION = Kind.ACTION
_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """How a case began: where every path does."""

    opening: Opening
    gates: tuple[Reading, ...]
    """The automaton's gates on the record it opened with."""
    event: Event | None
    """The event that opens it; None if that is not on record."""
    given: Given
    case: str
    cut: bool = False
    """The case began before the log did."""
    since: datetime | None = None
    """When it began, if `event` does not say it."""


class Link(NamedTuple):
    """One event in the chain of all explanations."""

    parent: Link | None
    event: Event
    advance: Advance | None
    """None for an event that says nothing about the flow."""
    before: Vector
    given: Given


class Node(NamedTuple):
    """One event on the canonical path."""

    parent: Node | None
    link: Link | None
    """None for the opening of the case."""
    entry: int
    """Which entry of the vector after the event the path goes through."""
    memory: Memory
    judged: tuple[Judged, ...]
    inferred: bool = False
    ruled: Ruled | None = None
    """How the rules stand; None if there is none to judge."""
    timed: Timed | None = None
    """How the clocks stand; None if there is none."""
    waits: Waits | None = None
    """What is waited for; None if the procedure says nothing of it."""


class _Way(NamedTuple):
    """How the cheapest explanation got to an entry, and what it asks for."""

    back: Back
    demands: Demands | None
    """None if what is said of it takes more than a glance."""
    course: Course | None
    """What rules see of it; None if none is judged."""


@dataclass(frozen=True, slots=True, eq=False)
class Aside:
    """An event that did nothing to the case: a waiver, or an attempt that was refused.

    What is said of it is said once, on what was known then: no later event explains it better.
    """

    before: Aside | None
    event: Event
    judged: tuple[Judged, ...]
    tried: Position | None = None
    """Of an attempt that policies stood against: what rules would have seen of it."""

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """What was said of it that is a deviation."""
        return tuple(one for one in self.judged if isinstance(one, Deviation))


class Explainer:
    """Tells the canonical path of cases of one automaton, as far as `witness` can see."""

    def __init__(
        self,
        automaton: Automaton,
        witness: Witness,
        inferred: Mapping[tuple[str, str], str],
        positions: Positions,
        ruling: Ruling | None,
        timing: Timing | None,
        waiting: WaitBook | None,
    ) -> None:
        """`inferred`: the actions of the author's that arrows of a status history stand for."""
        self._automaton = automaton
        self._positions = positions
        self._ruling = ruling
        self._timing = timing
        self._waiting = waiting
        self._watches = ruling is not None or timing is not None or waiting is not None
        self._witness = witness
        self._inferred = inferred
        self._watched = frozenset(one for step in automaton.procedure.steps.values() for one in step.four_eyes)

    def root(self, start: Start, index: int) -> Node:
        """Return the start of a path. What is attached to opening is blamed on the event that opens the case."""
        at, notes = start.opening.vector.entries[index][0], start.opening.notes[index]
        judged: list[Judged] = [NotExamined(f"condition: {note.condition}") for note in notes]
        if start.event is not None:
            moment = self._moment(start.event, at, start.given, NOTHING_YET)
            judged = [*data.judge_opening(moment), *(flow.judge_note(moment, note) for note in notes)]
        ruled = None
        if self._ruling is not None:
            ruled, of_rules = self._ruling.begin(start.case, start.event, at, start.given.facts, start.cut, start.since)
            judged = [*in_order(judged, of_rules)]
        timed = None
        if self._timing is not None:
            timed, of_time = self._timing.begin(start.case, start.event, at, start.given.facts, start.cut, start.since)
            judged = [*in_order(judged, of_time)]
        waits = None
        if self._waiting is not None:
            waits = self._waiting.begin(start.event, at, start.since, cut=start.cut)
        return Node(None, None, index, NOTHING_YET, tuple(judged), False, ruled, timed, waits)

    def path(self, start: Start, link: Link, index: int, node: Node) -> Node:
        """Return the path to entry `index` after `link`, sharing what it can with `node`, a path to before `link`."""
        pending: list[tuple[Link, int]] = []
        at = link
        while True:
            pending.append((at, index))
            if at.advance is not None:
                index = self._way(at, at.advance, index).back.source
            before = at.parent
            if node.link is before and node.entry == index:
                break
            if before is None:
                node = self.root(start, index)
                break
            if node.link is before and node.parent is not None:
                node = node.parent
            at = before
        for each, entry in reversed(pending):
            node = self._judged(node, each, entry)
        return node

    def _judged(self, parent: Node, link: Link, index: int) -> Node:
        """Return the node of one event, with what the monitors say about it on this path."""
        if link.advance is None:
            moment = self._moment(link.event, link.before.entries[index][0], link.given, parent.memory)
            return self._node(parent, link, index, parent.memory, None, _outside_the_flow(moment))
        back, demands, course = self._way(link, link.advance, index)
        memory = parent.memory
        if memory.lone and not link.before.entries[back.source].unpaired:
            # The alignment has forgotten what could be paired: it counts on it that each is told alone.
            memory = replace(memory, lone=())
        if (
            demands is not None
            and link.event.kind is _ACTION
            and not (link.event.gap or link.given.unread)
            and demands.met(link.event, link.given.facts, memory)
        ):
            memory = demands.remembered(link.event, memory)
            return (
                self._node(parent, link, index, memory, course)
                if self._watches
                else Node(parent, link, index, memory, ())
            )
        inferred = self._behind(link.event, back.move)
        moment = Moment(
            automaton=self._automaton,
            witness=self._witness,
            event=link.event,
            at=link.before.entries[back.source][0],
            skips=back.skips,
            move=back.move,
            facts=link.given.facts,
            unread=link.given.unread,
            memory=memory,
            attributed=link.event.kind is not Kind.STATUS or inferred is not None,
            inferred=inferred,
            escalated=self._escalated(parent, link.event, back.move),
        )
        if link.event.kind is Kind.OVERRIDE and back.move is not None:
            memory = replace(people.advance(moment, ()), lone=())
            return self._node(parent, link, index, memory, course, _outside_the_flow(moment))
        of_flow, lone = flow.judge(moment)
        if not link.event.flows:
            memory = replace(people.advance(moment, ()), lone=lone)
            return self._node(parent, link, index, memory, course, (*of_flow, *_outside_the_flow(moment)))
        of_people = people.judge(moment)
        judged = (*of_flow, *of_people, *data.judge(moment), *evidence.judge(moment))
        memory = people.advance(moment, of_people)
        if lone is not memory.lone:
            memory = replace(memory, lone=lone)
        return self._node(parent, link, index, memory, course, judged, inferred is not None)

    def _node(
        self,
        parent: Node,
        link: Link,
        index: int,
        memory: Memory,
        course: Course | None,
        judged: tuple[Judged, ...] = (),
        inferred: bool = False,
    ) -> Node:
        """Return the node of one event, with what is said of rules, clocks and waiting on this path."""
        if not self._watches:
            return Node(parent, link, index, memory, judged, inferred)
        if course is None:
            at = link.before.entries[index][0]
            course = self._positions.course(at, (), None, at)
        ruled, timed, waits = parent.ruled, parent.timed, parent.waits
        if self._ruling is not None and ruled is not None:
            ruled, more = self._ruling.advance(ruled, link.event, course, link.given.facts)
            judged = in_order(judged, more) if more else judged
        if self._timing is not None and timed is not None:
            timed, more = self._timing.advance(timed, link.event, course, link.given.facts)
            judged = in_order(judged, more) if more else judged
        if self._waiting is not None and waits is not None:
            waits, more = self._waiting.advance(waits, link.event, course, link.given.facts)
            judged = in_order(judged, more) if more else judged
        return Node(parent, link, index, memory, judged, inferred, ruled, timed, waits)

    def _way(self, link: Link, advance: Advance, index: int) -> _Way:
        found = advance.known.get(index)
        if found is None:
            back, demands = advance.back[index], None
            if back.move is not None and not back.skips:
                demands = demands_of(back.move, self._automaton.procedure.steps, self._witness, self._watched)
            course = None
            if self._watches:
                before, after = link.before.entries[back.source][0], advance.vector.entries[index][0]
                course = self._positions.course(before, back.skips, back.move, after)
            found = advance.known[index] = _Way(back, demands, course)
        assert isinstance(found, _Way)
        return found

    def _escalated(self, parent: Node, event: Event, move: Move | None) -> frozenset[str]:
        """Return the roles that may act, too, because something has run out."""
        if self._timing is None or move is None:
            return _NOBODY
        return self._timing.escalated(parent.timed, move.step.id if move.step is not None else None, event.occurred_at)

    def _moment(self, event: Event, at: Configuration, given: Given, memory: Memory) -> Moment:
        """Return the moment of an event that says nothing about the flow."""
        return Moment(
            automaton=self._automaton,
            witness=self._witness,
            event=event,
            at=at,
            skips=(),
            move=None,
            facts=given.facts,
            unread=given.unread,
            memory=memory,
        )

    def _behind(self, event: Event, move: Move | None) -> str | None:
        """Return the action of the author's that a status row stands for, if exactly one fits."""
        if event.kind is not Kind.STATUS or event.gap or move is None or move.step is None:
            return None  # after a gap, whoever wrote the row need not be who moved the case
        return self._inferred.get((move.step.id, move.name))


def _outside_the_flow(moment: Moment) -> tuple[Judged, ...]:
    """Return what is said of an event that no arrow of the procedure stands for, in the order of the registry."""
    judged = [*data.judge(moment), *evidence.judge(moment)]
    if moment.event.kind is Kind.OVERRIDE:
        judged += authority.judge_override(moment)
        judged.sort(key=lambda one: one.code or "" if isinstance(one, Finding) else "")
    elif moment.event.kind is Kind.CALENDARS:
        judged += authority.judge_calendars(moment.event, moment.procedure, moment.witness)
    return tuple(judged)


def asides_of(last: Aside | None) -> list[Aside]:
    """Return the asides of a case in their order."""
    asides: list[Aside] = []
    while last is not None:
        asides.append(last)
        last = last.before
    return asides[::-1]


def events_since(first: int, start: Start, link: Link | None, aside: Aside | None) -> Mapping[int | None, Event]:
    """Return the events from `seq` `first` on by their `seq`; under None the last that happened to the case."""
    events: dict[int | None, Event] = {}
    if start.event is not None:
        events[start.event.seq] = events[None] = start.event
    if link is not None:
        events[None] = link.event
    while link is not None and link.event.seq >= first:
        events[link.event.seq] = link.event
        link = link.parent
    while aside is not None and aside.event.seq >= first:
        events[aside.event.seq] = aside.event
        aside = aside.before
    return events


def nodes_of(last: Node) -> list[Node]:
    """Return the nodes of a path from its start."""
    nodes: list[Node] = []
    at: Node | None = last
    while at is not None:
        nodes.append(at)
        at = at.parent
    return nodes[::-1]


def attempts_of(aside: Aside | None) -> tuple[tuple[Event, Position], ...]:
    """Return the attempts of a case that policies stood against, with what rules would have seen of them."""
    return tuple((one.event, one.tried) for one in asides_of(aside) if one.tried is not None)


def deviations_of(nodes: Iterable[Node]) -> list[Deviation]:
    """Return what is said along these nodes and not taken back by one of them."""
    judged = [one for node in nodes for one in node.judged]
    back = {id(one.deviation) for one in judged if isinstance(one, Withdrawn)}
    return [one for one in judged if isinstance(one, Deviation) and id(one) not in back]


def difference(before: Node, after: Node) -> tuple[list[Deviation], list[Deviation]]:
    """Return the deviations that only the second of two paths tells, and those that only the first does."""
    if after.parent is before and not after.judged:
        return [], []
    old, new = parted(before, after)
    told_before = [*deviations_of(old), *_taken_back(new)]
    told_after = [*_taken_back(old), *deviations_of(new)]
    return _without(told_after, told_before), _without(told_before, told_after)


def findings_since(before: Node, after: Node) -> tuple[Finding, ...]:
    """Return what the second of two paths says, and the first does not, of what nobody can tell."""
    if after.parent is before and not after.judged:
        return ()
    old, new = parted(before, after)
    told = [one for node in old for one in node.judged if isinstance(one, Finding)]
    found = [one for node in new for one in node.judged if isinstance(one, Finding)]
    return tuple(one for one in found if one not in told)


def _taken_back(nodes: Iterable[Node]) -> list[Deviation]:
    """Return what these nodes take back of what was said before them."""
    judged = [one for node in nodes for one in node.judged]
    own = {id(one) for one in judged}
    return [one.deviation for one in judged if isinstance(one, Withdrawn) and id(one.deviation) not in own]


def _without(these: list[Deviation], those: list[Deviation]) -> list[Deviation]:
    return [one for one in these if one not in those]


def parted(before: Node, after: Node) -> tuple[list[Node], list[Node]]:
    """Return the nodes of two paths, of which `after` is one event longer, since the two parted."""
    old: Node | None = before
    new: Node | None = after.parent
    old_nodes: list[Node] = []
    new_nodes = [after]
    while new is not None and old is not None and new is not old:
        old_nodes.append(old)
        new_nodes.append(new)
        old, new = old.parent, new.parent
    return old_nodes[::-1], new_nodes[::-1]
