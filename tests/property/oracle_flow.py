"""The flow of a procedure as its specification tells it, and the cheapest explanation of a trace, by brute force.

Independent of `procflow` on purpose: it reads the plain data of a procedure file and plain events, knows the condition
language by a tiny evaluator of its own, and searches all explanations with Dijkstra's algorithm. Slow, and small
enough to be checked by reading it beside `language.md` and `judging.md`.

A case *stands* in a set of tokens, one for each step somebody may act in: (step, items of its checklist done). Which
blocks are active follows from the steps; a branch of an active block that holds no token is at rest.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from heapq import heappop, heappush
from itertools import count, product
from operator import itemgetter
from typing import Any, TypedDict

Plain = Mapping[str, Any]
"""A procedure, or a part of it, as YAML carries it."""
Token = tuple[str, frozenset[str]]
"""A step and the items of its checklist that are done."""
Standing = frozenset[Token]
"""Where a case stands. Empty within a branch: the branch is at rest."""
Ways = tuple[tuple[str, str | None], ...]
"""The alternatives of an action or a block: where to, and the condition; None is always open."""
Outcome = tuple[Standing, int]
"""Where a move may lead, and how many findings it has attached."""
Cost = tuple[int, int]
"""(flow, attached), compared in this order."""


class PlainEvent(TypedDict, total=False):
    """One event of a trace."""

    kind: str
    """`opened` (the first at most), `action` or `closed` (the last at most)."""
    action: str
    start: bool
    """True: the action was started, not completed."""
    data: dict[str, Any]
    gap: bool
    """True: the log lacks entries just before this event."""


def ways(written: str | Sequence[Plain] | Plain) -> Ways:
    """Return the alternatives of an action or of `then`, in whichever form they are written."""
    match written:
        case str():
            return ((written, None),)
        case Mapping():
            to = written["to"]
            return ((to, written.get("when")),) if isinstance(to, str) else ways(to)
        case _:
            return tuple((one["to"], one.get("when")) for one in written)


@dataclass(frozen=True)
class Deed:
    """An action where it is due."""

    ways: Ways
    at_most: int | None = None
    incomplete: bool = False
    during: frozenset[str] = frozenset()

    @property
    def moves(self) -> bool:
        return self.ways[0][0] != "same"


@dataclass(frozen=True)
class Part:
    """One branch of a block."""

    region: str
    only_if: str | None


@dataclass(frozen=True)
class Place:
    """A step: what can be done there, or the branches that run side by side there."""

    region: str
    """The branch it belongs to, `""` at the top level."""
    items: tuple[str, ...] = ()
    any_order: bool = False
    deeds: Mapping[str, Deed] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    then: Ways = ()
    end: bool = False


@dataclass
class Record:
    """What is known: values, and how often each action was performed."""

    values: Mapping[str, bool | int | str]
    counts: Mapping[str, int]
    truths: dict[str, bool | None] = field(default_factory=dict)

    def truth(self, condition: str | None) -> bool | None:
        """Return how a condition comes out, None if a value it needs is unknown; a missing condition is true."""
        if condition is None:
            return True
        if condition not in self.truths:
            self.truths[condition] = _value(_tree(condition), self)
        return self.truths[condition]

    def open(self, alternatives: Ways) -> list[tuple[str, int]]:
        """Return the alternatives that may be taken, each with what is attached to taking it."""
        undecided: list[str] = []
        for to, condition in alternatives:
            truth = self.truth(condition)
            if truth is True:
                return [(to, 0)] if not undecided else [(one, 1) for one in (*undecided, to)]
            if truth is None:
                undecided.append(to)
        return [(one, 1) for one in undecided] or [(to, 1) for to, _ in alternatives]


class Flow:
    """A procedure, read for its flow alone."""

    def __init__(self, procedure: Plain) -> None:
        self.start: str = procedure["start"]
        self.types: Plain = procedure.get("data", {})
        self.places: dict[str, Place] = {}
        self.starts: dict[str, str] = {}
        """The start of each branch."""
        self.block: dict[str, str] = {}
        """The block each branch belongs to."""
        for name, step in procedure["steps"].items():
            self._read_step("", name, step)
        self.anytime = {name: self._deed(one) for name, one in procedure.get("anytime", {}).items()}
        self.actions = sorted(
            {*self.anytime, *(name for one in self.places.values() for name in (*one.deeds, *one.items))}
        )
        self._around = {name: frozenset(self._outwards(name)) for name in self.places}

    # Reading

    def _read_step(self, region: str, name: str, step: Plain) -> None:
        if "parallel" in step:
            self.places[name] = Place(
                region=region,
                parts=tuple(Part(branch, one.get("only-if")) for branch, one in step["parallel"].items()),
                then=ways(step["then"]),
            )
            for branch, one in step["parallel"].items():
                self.block[branch] = name
                self.starts[branch] = one["start"] if "steps" in one else branch
                for inner, inner_step in one.get("steps", {branch: one}).items():
                    self._read_step(branch, inner, inner_step)
            return
        checklist = step.get("checklist", [])
        self.places[name] = Place(
            region=region,
            items=tuple(checklist["any-order"] if isinstance(checklist, Mapping) else checklist),
            any_order=isinstance(checklist, Mapping),
            deeds={action: self._deed(one) for action, one in step.get("actions", {}).items()},
            end="end" in step,
        )

    def _deed(self, written: str | Sequence[Plain] | Plain) -> Deed:
        if not isinstance(written, Mapping):
            return Deed(ways(written))
        during = frozenset(written.get("while", ()))
        return Deed(ways(written), written.get("at-most"), written.get("incomplete", False), during)

    def _outwards(self, step: str) -> Iterator[str]:
        """Yield the step and the blocks around it."""
        yield step
        while region := self.places[step].region:
            step = self.block[region]
            yield step

    # Where a case can stand

    def ended(self, at: Standing) -> bool:
        """Return True if the case stands in an end."""
        return any(self.places[step].end for step, _ in at)

    def active(self, at: Standing) -> frozenset[str]:
        """Return the active steps, blocks included."""
        return frozenset().union(*(self._around[step] for step, _ in at))

    def opening(self, record: Record) -> list[Outcome]:
        """Return where a case may stand when it opens."""
        return self._enter("", self.start, record, free=False)

    def _enter(self, region: str, to: str, record: Record, *, free: bool) -> list[Outcome]:
        """Return what may stand in the region once an arrow has led to `to`; nothing if that ends the branch.

        `free`: any alternative of a block passed at once may be taken.
        """
        if to == "done":
            return [(frozenset(), 0)]
        place = self.places[to]
        if not place.parts:
            return [(frozenset({(to, frozenset())}), 0)]
        outcomes: list[Outcome] = []
        for combination in product(*(self._begin(part, record, free=free) for part in place.parts)):
            inside = frozenset[Token]().union(*(standing for standing, _ in combination))
            attached = sum(one for _, one in combination)
            if inside:
                outcomes.append((inside, attached))
            else:
                outcomes += _more(attached, self._pass(region, place.then, record, free=free))
        return outcomes

    def _begin(self, part: Part, record: Record, *, free: bool) -> list[Outcome]:
        """Return what may stand in a branch when its block is entered."""
        needed = record.truth(part.only_if)
        rest: list[Outcome] = [(frozenset(), 0)]
        if needed is False:
            return rest
        begun = self._enter(part.region, self.starts[part.region], record, free=free)
        return begun if needed else _more(1, begun + rest)

    def _pass(self, region: str, then: Ways, record: Record, *, free: bool) -> list[Outcome]:
        """Return what may stand in the region once a block in it was left."""
        choices = [(to, 0) for to, _ in then] if free else record.open(then)
        return [one for to, attached in choices for one in _more(attached, self._enter(region, to, record, free=free))]

    def _go(self, at: Standing, token: Token, to: str, record: Record, *, free: bool) -> list[Outcome]:
        """Return where the case may stand once an arrow leads from the step of `token` to `to`."""
        region = self.places[token[0]].region
        return self._settle(at - {token}, region, self._enter(region, to, record, free=free), record, free=free)

    def _settle(
        self, others: Standing, region: str, inside: list[Outcome], record: Record, *, free: bool
    ) -> list[Outcome]:
        """Put the outcomes within one region beside the rest of the case; leave the blocks that are done by it."""
        outcomes: list[Outcome] = []
        for standing, attached in inside:
            block = self.block.get(region)
            if standing or block is None or any(block in self._around[step] for step, _ in others):
                outcomes.append((others | standing, attached))
            else:
                outer = self.places[block].region
                left = self._pass(outer, self.places[block].then, record, free=free)
                outcomes += _more(attached, self._settle(others, outer, left, record, free=free))
        return outcomes

    # What can be done

    def due(self, at: Standing) -> Iterator[tuple[str, Token, Deed | None]]:
        """Yield each action that is due in a step, with its token; None stands for an item of the checklist."""
        for token in sorted(at, key=itemgetter(0)):
            step, done = token
            place = self.places[step]
            left = [item for item in place.items if item not in done]
            for item in left if place.any_order else left[:1]:
                yield item, token, None
            for name, deed in place.deeds.items():
                if not left or deed.incomplete or not deed.moves:
                    yield name, token, deed

    def due_anytime(self, at: Standing) -> Iterator[tuple[str, Deed]]:
        """Yield each `anytime` action that is due."""
        if not self.ended(at):
            active = self.active(at)
            yield from ((name, deed) for name, deed in self.anytime.items() if not deed.during or deed.during & active)

    def skips(self, at: Standing, record: Record) -> Iterator[Outcome]:
        """Yield where the case may stand after one action that was not recorded. `record` is that before the event."""
        for item, token, deed in self.due(at):
            if deed is None:
                yield _tick(at, token, item), 0
            elif deed.moves:
                for to, _ in deed.ways:
                    yield from self._go(at, token, to, record, free=True)

    def moves(self, at: Standing, action: str, record: Record) -> Iterator[Outcome]:
        """Yield where the case may stand after `action`, done in step. `record` is that with the event."""
        for name, token, deed in self.due(at):
            if name != action:
                continue
            if deed is None:
                yield _tick(at, token, name), 0
                continue
            for to, attached in self._taken(name, deed, record):
                outcomes = [(at, 0)] if to == "same" else self._go(at, token, to, record, free=False)
                yield from _more(attached, outcomes)
        for name, deed in self.due_anytime(at):
            if name == action:
                for to, attached in self._taken(name, deed, record):
                    outcomes = [(at, 0)] if to == "same" else self._enter("", to, record, free=False)
                    yield from _more(attached, outcomes)

    def _taken(self, name: str, deed: Deed, record: Record) -> list[tuple[str, int]]:
        over = int(deed.at_most is not None and record.counts.get(name, 0) >= deed.at_most)
        return [(to, attached + over) for to, attached in record.open(deed.ways)]

    def startable(self, at: Standing, action: str) -> bool:
        """Return True if `action` may be started: it is due, whatever its conditions say."""
        return any(action == one[0] for one in (*self.due(at), *self.due_anytime(at)))

    # The record

    def merged(self, values: Mapping[str, bool | int | str], data: Plain) -> dict[str, bool | int | str]:
        """Return the values with an event's data: null takes a value back, what does not fit its field is ignored."""
        result = dict(values)
        for name, value in data.items():
            if value is None:
                result.pop(name, None)
            elif _fits(self.types.get(name), value):
                result[name] = value
        return result


@dataclass(frozen=True)
class Optimum:
    """The cheapest explanations of a trace."""

    prefixes: tuple[Cost, ...]
    """After no event but the opening, and then after each event (`opened` not counted)."""
    complete: int | None
    """The flow cost of explaining all of it as a case that comes to an end; None if no end can be reached."""


def optimum(flow: Flow, trace: Sequence[PlainEvent]) -> Optimum:
    """Search all explanations: Dijkstra's algorithm over (how many actions are explained, where the case stands).

    The first explanation of k actions that comes up is the cheapest one of that prefix.
    """
    is_opened = bool(trace) and trace[0]["kind"] == "opened"
    data = trace[0].get("data", {}) if is_opened else {}
    record = opening = Record(flow.merged({}, data), {})
    events: list[PlainEvent] = []
    before, within = [record], list[Record]()
    """`before[k]` and `within[k]`: the record before action k and with it. `before` ends with the record after all."""
    explained = [0]
    """How many actions each prefix has."""
    for event in trace:
        if event["kind"] == "opened":
            continue
        record = Record(flow.merged(record.values, event.get("data", {})), record.counts)
        if event["kind"] == "action":
            events.append(event)
            within.append(record)
            if not event.get("start"):
                record = Record(record.values, _counted(record.counts, event["action"]))
            before.append(record)
        else:
            before[-1] = record
        explained.append(len(events))

    cheapest: dict[int, Cost] = {}
    complete: int | None = None
    seen: set[tuple[int, Standing]] = set()
    order = count()
    heap: list[tuple[int, int, int, int, Standing]] = []
    for standing, attached in flow.opening(opening):
        # Without an event that opens the case, what was known then is not on record and costs nothing.
        heappush(heap, (0, attached if is_opened else 0, 0, next(order), standing))
    while heap:
        cost, attached, minus_k, _, at = heappop(heap)
        k = -minus_k
        if (k, at) in seen:
            continue
        seen.add((k, at))
        cheapest.setdefault(k, (cost, attached))
        last = k == len(events)
        if last and flow.ended(at):
            complete = cost
            break
        skipping = 0 if not last and events[k].get("gap") else 1
        for standing, more in flow.skips(at, before[k]):
            heappush(heap, (cost + skipping, attached + more, minus_k, next(order), standing))
        if last:
            continue
        heappush(heap, (cost + 1, attached, minus_k - 1, next(order), at))
        if events[k].get("start"):
            if flow.startable(at, events[k]["action"]):
                heappush(heap, (cost, attached, minus_k - 1, next(order), at))
        else:
            for standing, more in flow.moves(at, events[k]["action"], within[k]):
                heappush(heap, (cost, attached + more, minus_k - 1, next(order), standing))
    return Optimum(tuple(cheapest[k] for k in explained), complete)


def _counted(counts: Mapping[str, int], action: str) -> Mapping[str, int]:
    return {**counts, action: counts.get(action, 0) + 1}


def _more(attached: int, outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [(standing, one + attached) for standing, one in outcomes]


def _tick(at: Standing, token: Token, item: str) -> Standing:
    return (at - {token}) | {(token[0], token[1] | {item})}


def _fits(type: Any, value: Any) -> bool:
    """Return True if a value fits its field. Knows yes-no, number (whole) and choice."""
    if type is None:
        return False
    if isinstance(type, str):
        type = {"type": type}
    match type["type"]:
        case "yes-no":
            return isinstance(value, bool)
        case "number":
            return isinstance(value, int) and not isinstance(value, bool)
        case "choice":
            return value in type["of"]
        case other:
            raise ValueError(f"the oracle knows no fields of type {other}")


@cache
def _tree(condition: str) -> ast.expr:
    return ast.parse(condition, mode="eval").body


def _value(node: ast.expr, record: Record) -> Any:
    """Return the value of a condition or a part of it, None if it is unknown (three-valued logic)."""
    match node:
        case ast.Constant(value):
            return value
        case ast.Name("true" | "false" as word):
            return word == "true"
        case ast.Name(name):
            return record.values.get(name)
        case ast.Call(ast.Name("times"), [ast.Name(action)]):
            return record.counts.get(action, 0)
        case ast.Call(ast.Name("has"), [ast.Name(name)]):
            return name in record.values
        case ast.List(elements):
            return [_value(one, record) for one in elements]
        case ast.UnaryOp(ast.Not(), operand):
            inner = _value(operand, record)
            return None if inner is None else not inner
        case ast.BoolOp(operator, parts):
            values = [_value(one, record) for one in parts]
            settles = isinstance(operator, ast.Or)
            return settles if settles in values else None if None in values else not settles
        case ast.BinOp(left, ast.Add(), right):
            a, b = _value(left, record), _value(right, record)
            return None if a is None or b is None else a + b
        case ast.Compare(left, [operator], [right]):
            a, b = _value(left, record), _value(right, record)
            return None if a is None or b is None else _compared(operator, a, b)
        case _:
            raise ValueError(f"the oracle cannot read {ast.unparse(node)}")


def _compared(operator: ast.cmpop, a: Any, b: Any) -> bool:
    match operator:
        case ast.Eq():
            return bool(a == b)
        case ast.NotEq():
            return bool(a != b)
        case ast.Lt():
            return bool(a < b)
        case ast.LtE():
            return bool(a <= b)
        case ast.Gt():
            return bool(a > b)
        case ast.GtE():
            return bool(a >= b)
        case ast.In():
            return a in b
        case _:
            raise ValueError(f"the oracle cannot compare by {operator}")
