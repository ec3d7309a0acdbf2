"""Cases that go the same way are judged once: a tree in which equal beginnings share their nodes.

What most rules say depends on the sequence of happenings and on nothing else. A node is judged when the first case
comes by, without anything of that case's own; every case then puts into what was said there who acted in it, when, and
in which row. What a case must keep is the node it stands in, and its positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from procflow.expressions.expression import Facts
from procflow.model.deviation import Deviation
from procflow.model.rule import BreachKind, Obligation, Per, Rule, RuleStanding
from procflow.monitors.moment import Judged, Withdrawn
from procflow.monitors.rules.panel import Panel, Watched
from procflow.monitors.rules.position import Position
from procflow.monitors.rules.standing import Reckoning, not_examined, period_of, standing

MOST_NODES = 20_000
"""So many beginnings are remembered; then it begins anew, so that memory does not grow with the cases."""

_FORBIDDEN = BreachKind.FORBIDDEN
_SOMEBODY = "\0"
"""Whoever acts in a node."""
_NOBODY: frozenset[str] = frozenset()
_NO_FACTS = Facts(values={}, counts={}, now=None)
_NOTHING: tuple[Judged, ...] = ()
_FIRST = datetime(1000, 1, 1, tzinfo=UTC)
_HOUR = timedelta(hours=1)


def by_sequence(rule: Rule) -> bool:
    """Return True if nothing but the sequence of happenings in its case decides about the rule."""
    asks = rule.when, rule.within, rule.window
    others = rule.personal or rule.same or rule.different or rule.per is not Per.CASE
    return not (others or any(one is not None for one in asks))


_Key = tuple[object, ...]


class _Node:
    """A beginning that cases share."""

    __slots__ = ("apart", "cut", "depth", "following", "said", "told", "watched")

    def __init__(
        self, depth: int, watched: Watched, said: tuple[Judged, ...], *, cut: bool, apart: bool = False
    ) -> None:
        self.depth = depth
        """How many positions came before its last one."""
        self.cut = cut
        self.apart = apart
        """It is of one case alone."""
        self.watched = watched
        self.said = said
        """At its last position alone, of nobody's case."""
        self.following: dict[_Key, _Node] = {}
        self.told: tuple[_Told, ...] | None = None
        """How each rule stands."""


class Passed(NamedTuple):
    """Where a case stands in the tree, and the way it came. Immutable."""

    before: Passed | None
    node: _Node
    position: Position
    at: datetime | None
    latest: datetime | None
    """The latest moment so far."""
    said: tuple[Judged, ...]
    """What was said at this position, of this very case."""


class Tree:
    """Judges rules of which the sequence of happenings alone decides. Shared by threads."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._roots: dict[_Key, _Node] = {}
        self._nodes = 0

    def begin(self, opening: Position, *, cut: bool = False) -> tuple[Passed, tuple[Judged, ...]]:
        """Return where a case stands that opens, and what is said of that; `cut`: it opened before the log."""
        at = opening.at or opening.facts.now
        key = (cut, *_key(self._panel.plan(opening.happenings).number, opening, at))
        node = self._roots.get(key)
        if node is None:
            node = self._roots[key] = self._root(opening, at, cut=cut)
        said = _of_case(node.said, opening, None) if node.said else _NOTHING
        return Passed(None, node, opening, at, at, said), said

    def again(self, passed: Passed, opening: Position, *, cut: bool) -> Passed:
        """Return where a case stands whose opening turns out to be otherwise; what was said of it, was said."""
        while passed.before is not None:
            passed = passed.before
        return self.begin(opening, cut=cut)[0]._replace(said=passed.said)

    def advance(self, passed: Passed, position: Position) -> tuple[Passed, tuple[Judged, ...]]:
        """Return where a case stands after one more position, and what is said at it."""
        node = passed.node
        plan = self._panel.plan(position.happenings)
        if not (
            plan.hits
            or position.gap
            or position.ends
            or position.reopens
            or (node.watched.awake and (plan.mask or position.performs))
        ):
            return passed, _NOTHING
        at, latest = position.at or position.facts.now, passed.latest
        if latest is None or (at is not None and at >= latest):
            latest = at
        elif at is not None and not node.apart:
            passed = self._apart(passed)
            node = passed.node
        key = _key(plan.number, position, at)
        following = node.following.get(key)
        if following is None:
            following = self._grown(node, position, at if node.apart else _moment(node.depth + 1, at))
            if not node.apart:
                self._count()
                node.following[key] = following
        said = _of_case(following.said, position, passed) if following.said else _NOTHING
        return Passed(passed, following, position, at, latest, said), said

    def _root(self, opening: Position, at: datetime | None, *, cut: bool) -> _Node:
        self._count()
        return _Node(0, *self._panel.begin(_nobodys(opening, _moment(0, at)), cut=cut), cut=cut)

    def _grown(self, node: _Node, position: Position, at: datetime | None) -> _Node:
        """Return the node after one more position, judged now for all cases to come."""
        depth = node.depth + 1
        watched, said = self._panel.advance(node.watched, _nobodys(position, at), depth)
        return _Node(depth, watched, said, apart=node.apart, cut=node.cut)

    def _count(self) -> None:
        if self._nodes >= MOST_NODES:
            self._nodes = 0
            self._roots = {}
        self._nodes += 1

    def _apart(self, passed: Passed) -> Passed:
        """Return the way of a case in which something comes that happened earlier: over its own times, and not shared.

        Seldom, and once a case: it is judged anew from its beginning.
        """
        way = _way(passed)
        cut = passed.node.cut
        first = way[0]
        watched, judged = self._panel.begin(_nobodys(first.position, first.at), cut=cut)
        again = first._replace(node=_Node(0, watched, judged, apart=True, cut=cut))
        for one in way[1:]:
            again = one._replace(before=again, node=self._grown(again.node, one.position, one.at))
        return again

    def due(self, passed: Passed, case: str) -> tuple[Obligation, ...]:
        """Return what is still demanded."""
        return self._panel.due(passed.node.watched, case or passed.position.case)

    def told(self, passed: Passed) -> list[RuleStanding]:
        """Return how each rule stands."""
        node = passed.node
        if node.told is None:
            node.told = tuple(map(_Told, self._panel.rules, self._panel.reckoned(node.watched)))
        way = _way(passed)
        people = [one.position.actor or "" for one in way]
        periods = [period_of(one.at) for one in way]
        return [one.of(people, periods) for one in node.told]


class _Told:
    """How one rule stands in a node."""

    __slots__ = ("_impersonal", "_nothing", "_places", "_reckoning", "_rule")

    def __init__(self, rule: Rule, reckoning: Reckoning | None) -> None:
        self._rule = rule.id
        self._nothing = not_examined(rule.id) if reckoning is None else None
        """If all cases have it in common."""
        self._impersonal: dict[tuple[str, ...], RuleStanding] | None = None
        """By the months in which it was settled, if nobody is named."""
        if reckoning is None:
            return
        settled = reckoning.settled
        self._reckoning = reckoning
        self._places = [one.place for one in settled]
        if not settled:
            self._nothing = standing(rule.id, reckoning, (), ())
        elif not any(one.actor for one in settled):
            self._impersonal = {}

    def of(self, people: Sequence[str], periods: Sequence[str]) -> RuleStanding:
        """Return how it stands in a case; who acted in it, and when, by place."""
        if self._nothing is not None:
            return self._nothing
        when = tuple([periods[place] for place in self._places])
        if self._impersonal is None:
            who = [people[one.place] if one.actor else "" for one in self._reckoning.settled]
            return standing(self._rule, self._reckoning, who, when)
        known = self._impersonal.get(when)
        if known is None:
            known = self._impersonal[when] = standing(self._rule, self._reckoning, [""] * len(when), when)
        return known


def _way(passed: Passed) -> list[Passed]:
    """Return the way of a case from its opening."""
    way: list[Passed] = []
    at: Passed | None = passed
    while at is not None:
        way.append(at)
        at = at.before
    return way[::-1]


def _key(number: int, position: Position, at: datetime | None) -> _Key:
    """Return all of a position that decides about what is said."""
    return (
        number,
        position.seq,
        position.told,
        position.performs,
        position.gap,
        position.ends,
        position.cancelled,
        position.reopens,
        at is None,
    )


def _moment(place: int, at: datetime | None) -> datetime | None:
    """Return when a position of nobody's case happened: later than the one before; None if that is not known."""
    return None if at is None else _FIRST + place * _HOUR


def _nobodys(position: Position, at: datetime | None) -> Position:
    """Return a position without anything of its case's own; its time only tells what came before what."""
    return position._replace(
        at=at,
        actor=_SOMEBODY,
        roles=_NOBODY,
        teams=_NOBODY,
        facts=_NO_FACTS,
        case="",
        on_behalf_of=None,
        step=None,
        action=None,
        source=None,
    )


def _of_case(said: Sequence[Judged], position: Position, before: Passed | None) -> tuple[Judged, ...]:
    """Return what is said of nobody's case, as it is said of this one."""
    own: list[Judged] = []
    for one in said:
        if isinstance(one, Deviation):
            own.append(_deviation(one, position, before))
        elif isinstance(one, Withdrawn):
            own.append(Withdrawn(_said_before(one.deviation, before)))
        else:
            own.append(one)
    return tuple(own)


def _deviation(one: Deviation, position: Position, before: Passed | None) -> Deviation:
    # What demands would have said since an end is said where that end is taken back, but blames its own event.
    while position.seq != one.seq and before is not None:
        position, before = before.position, before.before
    if one.breach is None or one.breach.kind is not _FORBIDDEN:
        return replace(one, case=position.case, source=position.source)
    return replace(
        one,
        case=position.case,
        source=position.source,
        step=position.step,
        action=position.action,
        actor=position.actor,
    )


def _said_before(one: Deviation, passed: Passed | None) -> Deviation:
    """Return what was said of this case where this was said of nobody's."""
    while passed is not None:
        for other, told in zip(passed.node.said, passed.said, strict=True):
            if other is one:
                assert isinstance(told, Deviation)
                return told
        passed = passed.before
    raise AssertionError("only what was said is taken back")
