"""The cheapest explanations of a trace, by brute force: what they cost, and what each of them blames on whom.

An explanation puts each action either where it is due (a move in step, free) or leaves it out (1); between events,
actions may have been skipped (1 each, nothing inside a gap of the log). Costs are (flow, attached), compared in this
order. All explanations that cost the least are kept, not one: which of them people are told is for others to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from heapq import heappop, heappush
from itertools import count, pairwise
from typing import NamedTuple

from tests.oracle.authority import Authority
from tests.oracle.checks import Checks
from tests.oracle.conditions import Record, moment
from tests.oracle.flow import Flow, Move, Outcome, Standing
from tests.oracle.layers import Arc, Cost, Costs, Layer, Optimum, Stretch
from tests.oracle.plain import Finding, PlainEvent
from tests.oracle.rule_path import Passage, spots_of
from tests.oracle.rule_words import Spot
from tests.oracle.standing import read_standing
from tests.oracle.wrong_order import paired

MOST_STORIES = 300
"""So many explanations of equal cost are kept apart at one place; beyond that nothing is said."""

LEFT_OUT = ("DV102", "DV105", "DV106")
"""What an event is told as if it is not due."""
_LATER = "?"
"""The step of what is said of an event before it is known where the event stands."""


class Memory(NamedTuple):
    """What must be remembered of a story to judge people."""

    leavers: frozenset[tuple[str, str]] = frozenset()
    """Who left each watched step on its latest visit."""
    started: frozenset[tuple[str, str, tuple[str, ...]]] = frozenset()
    """Work that was started: action, who, and what was said of it then."""


class Story(NamedTuple):
    """An explanation so far."""

    memory: Memory
    findings: tuple[Finding, ...]
    opened: Standing = frozenset()
    path: tuple[Passage, ...] = ()
    """What rules see of it; empty if there are none."""
    timed: int = 0
    """How often time was up with nothing on record of it; 0 if the log has gaps, where more is silent than that."""


Stories = dict[Standing, set[Story]]
Ruling = Callable[[Sequence[Spot]], Iterable[Finding]]


class TooManyStories(Exception):
    """More explanations cost the same than can be told apart here."""


class Explanations:
    """All explanations of one trace. Refused attempts and waivers have no place in them."""

    def __init__(
        self, flow: Flow, checks: Checks, authority: Authority, trace: Sequence[PlainEvent], rules: Ruling | None = None
    ) -> None:
        """`rules`: what rules say of the positions of an explanation; None if there are none."""
        self.flow, self.checks, self.authority, self.trace = flow, checks, authority, trace
        self.rules = rules
        self.fewest = True
        self.holed = any(one.get("gap") for one in trace)
        self.opened = trace[0] if trace and trace[0]["kind"] == "opened" else None
        done = [one for one in trace if not is_aside(one) and not self._leads_nowhere(one)]
        self.closed = bool(done) and done[-1]["kind"] == "closed"
        first: PlainEvent = self.opened or {}
        record = self.opening = Record(checks.merged({}, first.get("data", {})), {}, now(first))
        self.records = {1: record}
        costs: Costs = {}
        for one in flow.opening(record):
            # Without an event that opens the case, what was known then is not on record and costs nothing.
            _keep(costs, one.at, (0, len(one.attached) if self.opened else 0))
        self.stretches = [Stretch(costs)]
        self.overrides: list[int] = []
        prefixes = [min(costs.values())]
        for seq, event in enumerate(trace, 1):
            if event["kind"] != "opened":
                if not is_aside(event):
                    record, costs = self._followed(seq, event, record, costs)
                prefixes.append(min(costs.values()))
        self.stretches[-1].end = costs
        self.last, self.end = record, costs
        self.prefixes = tuple(prefixes)

    def _leads_nowhere(self, event: PlainEvent) -> bool:
        return event["kind"] == "override" and read_standing(self.flow, event["override"]["to"]) is None

    def _followed(self, seq: int, event: PlainEvent, record: Record, costs: Costs) -> tuple[Record, Costs]:
        """Return the record and where the case may stand after an event."""
        at = now(event)
        before = Record(record.values, record.counts, at)
        within = self.records[seq] = Record(self.checks.merged(record.values, event.get("data", {})), record.counts, at)
        counted = Record(within.values, _counted(within.counts, event.get("action", "")), at)
        if event["kind"] == "override":
            to = read_standing(self.flow, event["override"]["to"])
            if to is not None:
                self.stretches[-1].end = costs
                costs = {to: min(costs.values())}
                self.stretches.append(Stretch(costs))
                self.overrides.append(seq)
                return counted if event["override"]["act"] == "do-early" else within, costs
        self.stretches[-1].layers.append(self._layer(seq, event, costs, before, within))
        counts = event["kind"] == "action" and event.get("lifecycle") != "start"
        return counted if counts else within, _ends(self.stretches[-1].layers[-1])

    def _layer(self, seq: int, event: PlainEvent, costs: Costs, before: Record, within: Record) -> Layer:
        skips = list[Arc]()
        closed = self._closure(costs, before, 0 if event.get("gap") else 1, skips)
        takes = list[Arc]()
        for at in closed:
            if is_go_to(event):
                takes.append(Arc(at, at, (1, 0), None))
                ran_out = self.flow.timers(at, within, event["timer"]["clock"])
                takes += [Arc(at, one.outcome.at, (0, len(one.outcome.attached)), one) for one in ran_out]
                continue
            if event["kind"] != "action":
                # It says nothing of the flow, but what may have been skipped before it was skipped on the record then.
                takes.append(Arc(at, at, (0, 0), None))
                continue
            takes.append(Arc(at, at, (1, 0), None))
            done = (
                self.flow.starts_of(at, event["action"])
                if event.get("lifecycle") == "start"
                else self.flow.moves(at, event["action"], within, event, stands=at in costs)
            )
            takes += [Arc(at, one.outcome.at, (0, len(one.outcome.attached)), one) for one in done]
        return Layer(seq, event, before, within, costs, closed, tuple(skips), tuple(takes))

    def _closure(self, costs: Costs, record: Record, price: int, skips: list[Arc]) -> Costs:
        """Return where the case may stand with what may have been skipped: Dijkstra's algorithm."""
        closed: Costs = {}
        order = count()
        heap = [(cost, next(order), at) for at, cost in costs.items()]
        heap.sort()
        while heap:
            cost, _, at = heappop(heap)
            if at in closed:
                continue
            closed[at] = cost
            for one in self.flow.skips(at, record):
                arc = Arc(at, one.outcome.at, (price, len(one.outcome.attached)), one)
                skips.append(arc)
                heappush(heap, (_sum(cost, arc.cost), next(order), arc.end))
            for one in self.flow.timers(at, record):
                arc = Arc(at, one.outcome.at, (0, len(one.outcome.attached)), one)
                skips.append(arc)
                heappush(heap, (_sum(cost, arc.cost), next(order), arc.end))
        return closed

    # What they cost

    def optimum(self) -> Optimum:
        """Return the costs of each prefix, and of the whole as a case that comes to an end."""
        finished = [cost for at, (cost, _) in self._closure(self.end, self.last, 1, []).items() if self.flow.ended(at)]
        return Optimum(self.prefixes, min(finished, default=None))

    # What they blame

    def findings(self, *, fewest: bool = True) -> set[tuple[Finding, ...]]:
        """Return what each of the best explanations blames on whom, sorted; they may be the same for several.

        Of those that cost the least these have the fewest findings, and of them the most events in step; all that cost
        the least, unless `fewest`. Raises TooManyStories.
        """
        rules = self.rules or (lambda _: ())
        return {in_order((*findings, *rules(spots))) for findings, spots in self.told(fewest=fewest)}

    def told(self, *, fewest: bool = True) -> list[tuple[tuple[Finding, ...], tuple[Spot, ...]]]:
        """Return the same, each with the positions that rules see of it."""
        self.fewest = fewest
        return [(tuple(self._paired(one.findings)), self._spots(one)) for _, one in self._stories()]

    def _spots(self, story: Story) -> tuple[Spot, ...]:
        if self.rules is None:
            return ()
        return tuple(spots_of(self.flow, self.trace, story.opened, story.path, self.records))

    def _stories(self) -> set[tuple[Standing, Story]]:
        stories: Stories = {}
        for one in self.flow.opening(self.opening):
            if (0, len(one.attached) if self.opened else 0) == self.stretches[0].start[one.at]:
                opened = one.at if self.rules is not None else frozenset()
                stories.setdefault(one.at, set()).add(Story(Memory(), self._said_of_opening(one), opened))
        for (stretch, after), seq in zip(pairwise(self.stretches), self.overrides, strict=True):
            (to,) = after.start
            told = self._best(self._told(stretch, _best_ends(stretch.end), stories))
            stories = {to: {self._put(seq, at, to, one) for at, one in told}}
        stories = self._told(self.stretches[-1], self._closing_ends(), stories)
        rest = tuple(self._said_of_the_rest())
        unfinished: tuple[Finding, ...] = (("DV107", None, None, None),)
        return self._best(
            {
                at: {
                    one._replace(
                        findings=one.findings + rest + (unfinished if self.closed and not self.flow.ended(at) else ())
                    )
                    for one in some
                }
                for at, some in stories.items()
            }
        )

    def _closing_ends(self) -> set[Standing]:
        """Return where the best explanations end. Of a closed case those that end are better than those that do not."""
        least = min(self.end.values())[0]
        ended = {at: cost for at, cost in self.end.items() if cost[0] == least and self.flow.ended(at)}
        return _best_ends(ended if self.closed and ended else self.end)

    def _best(self, stories: Stories) -> set[tuple[Standing, Story]]:
        """Return the stories with the fewest findings of the flow, of them those with the fewest events left out, and of
        them those in which time was up silently the fewest times."""
        ranked = {
            (at, one): (
                sum(code in ("DV101", "DV103", *LEFT_OUT) for code, *_ in self._paired(one.findings)),
                sum(code in LEFT_OUT for code, *_ in one.findings),
                one.timed,
            )
            for at, some in stories.items()
            for one in some
        }
        best = min(ranked.values())
        return {one for one, rank in ranked.items() if rank == best or not self.fewest}

    def _paired(self, story: Sequence[Finding]) -> list[Finding]:
        return paired(story, self.trace, self.overrides)

    def _put(self, seq: int, at: Standing, to: Standing, story: Story) -> Story:
        """Return the story once an override put the case elsewhere: what it enters is entered afresh."""
        entered = self.flow.active(to) - self.flow.active(at)
        left = self.flow.in_order(self.flow.active(at) - self.flow.active(to))[::-1]
        passage = Passage(seq, to, "", self.flow.in_order(entered), left)
        story = story._replace(path=(*story.path, passage) if self.rules is not None else ())
        # Work that was begun and then done against the procedure is done: what is begun after it is other work.
        work = [self.trace[seq - 1].get("action", ""), self.trace[seq - 1].get("actor", "")]
        started = frozenset(one for one in story.memory.started if [*one[:2]] != work)
        memory = story.memory._replace(started=started)
        return story._replace(memory=_entered(memory, Outcome(to, (), entered)))

    def _told(self, stretch: Stretch, ends: set[Standing], stories: Stories) -> Stories:
        """Return the stories that end there and cost the least."""
        for layer, (opened, closed, after) in zip(stretch.layers, _needed(stretch, ends), strict=True):
            told = {at: stories[at] for at in opened if at in stories}
            stories = self._taken(layer, self._skipped(layer, told, closed), after)
        return {at: some for at, some in stories.items() if at in ends}

    def _skipped(self, layer: Layer, stories: Stories, needed: set[Standing]) -> Stories:
        """Add what may have been skipped before an event. After a gap nobody knows who left which step."""
        if layer.event.get("gap"):
            stories = {at: {_forgetful(one) for one in some} for at, some in stories.items()}
        result = {at: set(some) for at, some in stories.items()}
        arcs: dict[Standing, list[Arc]] = {}
        for arc in layer.skips:
            if arc.end in needed and arc.start in needed and _is_tight(layer, arc):
                arcs.setdefault(arc.start, []).append(arc)
        # Time that leads to where the case stood before the same event explains nothing: it would go round for ever.
        nowhere = frozenset[Standing]()
        waiting = [(at, story, nowhere) for at, some in stories.items() for story in some]
        known = set(waiting)
        while waiting:
            at, story, passed = waiting.pop()
            for arc in arcs.get(at, ()):
                assert arc.move is not None
                been = passed | {at} if self.flow.timed else passed
                if arc.move.timed and arc.end in been:
                    continue
                item = (arc.end, self._silently(layer, arc, arc.move, story), been)
                if item not in known:
                    known.add(item)
                    waiting.append(item)
                    _tell(result, arc.end, item[1])
                    if len(known) > MOST_STORIES * MOST_STORIES:
                        raise TooManyStories
        return result

    def _silently(self, layer: Layer, arc: Arc, move: Move, story: Story) -> Story:
        """Return the story once something happened before an event with nothing on record of it."""
        gap = bool(layer.event.get("gap"))
        said: list[Finding] = [] if gap or move.timed else [("DV101", layer.seq, move.step, move.action)]
        said += [(code, layer.seq, _LATER, None) for code in move.outcome.attached]
        path, timed = story.path, story.timed
        if move.timed:
            timed += not self.holed
            if self.rules is not None:
                passage = Passage(layer.seq, arc.end, move.step, move.outcome.came, move.outcome.left, silent=True)
                path = (*path, passage)
        memory = _entered(story.memory, move.outcome)
        return story._replace(memory=memory, findings=(*story.findings, *said), path=path, timed=timed)

    def _taken(self, layer: Layer, stories: Stories, needed: set[Standing]) -> Stories:
        """Add an event, in step or left out."""
        result: Stories = {}
        after = _ends(layer)
        for arc in layer.takes:
            if arc.end in needed and _sum(layer.closed.get(arc.start, (0, 0)), arc.cost) == after[arc.end]:
                for story in stories.get(arc.start, ()):
                    _tell(result, arc.end, self._said(layer, arc, story))
        return result

    def _said(self, layer: Layer, arc: Arc, story: Story) -> Story:
        """Say what is wrong with the event. What is attached to skips before it is said of it as well."""
        if is_go_to(layer.event):
            memory, codes = self._time_is_up(layer.event, arc, story.memory)
        elif layer.event["kind"] == "action":
            memory, codes = self._blamed(layer, arc, story.memory)
        else:
            memory, codes = story.memory, []
        done = layer.event.get("action") if layer.event["kind"] == "action" else None
        at = (layer.seq, arc.move.step if arc.move is not None else None, done)
        before = tuple((one[0], *at) if one[2] == _LATER else one for one in story.findings)
        path = story.path
        if self.rules is not None:
            passage = Passage(layer.seq, arc.end)
            if arc.move is not None:
                moved = arc.move.outcome
                passage = passage._replace(step=arc.move.step, came=moved.came, left=moved.left)
            path = (*path, passage)
        return Story(memory, before + tuple((code, *at) for code in codes), story.opened, path, story.timed)

    def _time_is_up(self, event: PlainEvent, arc: Arc, memory: Memory) -> tuple[Memory, list[str]]:
        """Say what is wrong with an event that says that the time of a step is up. Nobody leaves a step by that."""
        if arc.move is None:
            return memory, ["DV105" if self.flow.ended(arc.start) else "DV102", *self.checks.data(event)]
        return _entered(memory, arc.move.outcome), [*arc.move.outcome.attached, *self.checks.data(event)]

    def _blamed(self, layer: Layer, arc: Arc, memory: Memory) -> tuple[Memory, list[str]]:
        event, move = layer.event, arc.move
        action = event["action"]
        if move is None:
            known = action in self.flow.actions
            code = "DV106" if not known else "DV105" if self.flow.ended(arc.start) else "DV102"
            return memory, [code, *self.checks.data(event)]
        values = layer.within.values
        people = tuple(sorted(self.checks.people(event, move, values, memory.leavers)))
        codes = [*move.outcome.attached, *self.checks.data(event)]
        who = event.get("actor", "")
        said = {code for *work, before in memory.started if work == [action, who] for code in before}
        started = frozenset(one for one in memory.started if one[:2] != (action, who))
        if event.get("lifecycle") == "start":
            codes += people
            return Memory(memory.leavers, started | ({(action, who, people)} if people else set())), codes
        # What is wrong with one person who started and completed the work is said once, at the start.
        codes += [one for one in people if one not in said]
        holed = any(one.get("gap") for one in self.trace[: layer.seq])
        codes += self.checks.demands(event, move, values, holed=holed)
        codes += self.checks.waiting(event, move.outcome.entered)
        return _entered(self._left(memory._replace(started=started), move, who), move.outcome), codes

    def _left(self, memory: Memory, move: Move, who: str) -> Memory:
        """Remember who left a step, if somebody watches it."""
        if not move.leaves or move.step not in self.checks.watched:
            return memory
        others = {one for one in memory.leavers if one[0] != move.step}
        return memory._replace(leavers=frozenset(others | ({(move.step, who)} if who else set())))

    def _said_of_opening(self, outcome: Outcome) -> tuple[Finding, ...]:
        """Without an event that opens the case nothing is said of its opening."""
        if self.opened is None:
            return ()
        codes = [*outcome.attached, *self.checks.data(self.opened)]
        codes += self.checks.waiting(self.opened, outcome.entered)
        return tuple((code, 1, None, None) for code in codes)

    def _said_of_the_rest(self) -> Iterable[Finding]:
        """Say what is wrong wherever the case stands: of its closing, of overrides, of waivers."""
        for seq, event in enumerate(self.trace, 1):
            if event.get("lifecycle") == "refused":
                continue
            if event["kind"] in ("closed", "timer", "calendars") and not is_go_to(event):
                yield from ((code, seq, None, None) for code in self.checks.data(event))
            if event["kind"] == "override":
                told = self.authority.overriding(event, self.records[seq].values)
                yield from ((code, seq, None, None) for code in told)
            if event["kind"] == "waiver":
                yield from ((code, seq, None, None) for code in self.authority.waiving(event))


def is_aside(event: PlainEvent) -> bool:
    """Return True for what does nothing to a case: an attempt that was refused, a waiver."""
    return event["kind"] == "waiver" or event.get("lifecycle") == "refused"


def is_go_to(event: PlainEvent) -> bool:
    """Return True for time that was up, and led the case on."""
    return event["kind"] == "timer" and event["timer"]["does"] == "go-to"


def _best_ends(ends: Costs) -> set[Standing]:
    best = min(ends.values())
    return {at for at, cost in ends.items() if cost == best}


def _needed(stretch: Stretch, ends: set[Standing]) -> list[tuple[set[Standing], set[Standing], set[Standing]]]:
    """Return for each layer the places before it, with skips, and after it that lie on a best explanation."""
    needed = []
    for layer in reversed(stretch.layers):
        after = _ends(layer)
        closed = {
            arc.start
            for arc in layer.takes
            if arc.end in ends and _sum(layer.closed[arc.start], arc.cost) == after[arc.end]
        }
        while more := {
            arc.start for arc in layer.skips if arc.end in closed and arc.start not in closed and _is_tight(layer, arc)
        }:
            closed |= more
        opened = {at for at in closed if layer.opened.get(at) == layer.closed[at]}
        needed.append((opened, closed, ends))
        ends = opened
    return needed[::-1]


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings so that equal ones are equal in whatever order they were found."""
    return tuple(sorted(findings, key=lambda one: tuple(str(part) for part in one)))


def _entered(memory: Memory, outcome: Outcome) -> Memory:
    """Return the memory once steps were entered: who left them before is forgotten."""
    kept = frozenset(one for one in memory.leavers if one[0] not in outcome.entered)
    return memory if kept == memory.leavers else memory._replace(leavers=kept)


def _forgetful(story: Story) -> Story:
    return story._replace(memory=story.memory._replace(leavers=frozenset()))


def _tell(stories: Stories, at: Standing, story: Story) -> None:
    some = stories.setdefault(at, set())
    some.add(story)
    if len(some) > MOST_STORIES:
        raise TooManyStories


def _is_tight(layer: Layer, arc: Arc) -> bool:
    return _sum(layer.closed[arc.start], arc.cost) == layer.closed[arc.end]


def _ends(layer: Layer) -> Costs:
    costs: Costs = {}
    for arc in layer.takes:
        _keep(costs, arc.end, _sum(layer.closed[arc.start], arc.cost))
    return costs


def _keep(costs: Costs, at: Standing, cost: Cost) -> None:
    costs[at] = min(cost, costs.get(at, cost))


def _sum(one: Cost, other: Cost) -> Cost:
    return one[0] + other[0], one[1] + other[1]


def _counted(counts: Mapping[str, int], action: str) -> Mapping[str, int]:
    return {**counts, action: counts.get(action, 0) + 1}


def now(event: PlainEvent) -> datetime | None:
    """Return when an event happened."""
    return moment(event["at"]) if "at" in event else None
