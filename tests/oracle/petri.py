"""A procedure as a Petri net, so that tools which know nothing of ours can align the same log with an equal model.

For tests and benchmarks only. It reads the values of a procedure and shares nothing with the automaton: a step is a
place (with a checklist: one for each state of it), an action a transition, a block an AND split and join by silent
transitions, and every end leads silently to the one final place. The net knows no data: each alternative of an action
is open, and a branch with an `only-if` may be passed over silently.

An `anytime` action has a transition from every marking it may happen in: a block whose branches all rest is over, so
one token on the block would not do. One that only records is a loop, and an aligner never gains by adding one. One
that moves must not be added either: it is `forced`, and whoever aligns must give it a cost at which no cheapest
explanation has it, or refuse the net.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product

from procflow.model.procedure import DONE, SAME, Action, Branch, Procedure, Region, Step

START = "start "
"""Prefix of the label of work that starts; a start never moves, so it is a loop."""
FINAL = "final"
MOST_TRANSITIONS = 10_000
"""An `anytime` action in a block multiplies the places of its branches."""


@dataclass(frozen=True, slots=True)
class Transition:
    """Takes a token from each of `takes` and puts one on each of `puts`."""

    label: str | None
    """None: silent."""
    takes: tuple[str, ...]
    puts: tuple[str, ...]
    forced: bool = False
    """True: it happens by an event or not at all."""


@dataclass(frozen=True, slots=True)
class Net:
    """One token on `initial` to begin with; one on `FINAL` and nowhere else at the end."""

    initial: str
    transitions: tuple[Transition, ...]

    @property
    def places(self) -> tuple[str, ...]:
        """Every place, in the order of first mention."""
        return tuple(dict.fromkeys(one for each in self.transitions for one in (*each.takes, *each.puts)))

    @property
    def labels(self) -> frozenset[str]:
        """What an event may be called to be more than a move on the log."""
        return frozenset(each.label for each in self.transitions if each.label is not None)


def petri_net(procedure: Procedure, *, never_skipped: frozenset[tuple[str, str]] = frozenset()) -> Net:
    """Return the net of `procedure`; the actions of steps in `never_skipped`, as (step, action), are `forced` too."""
    return _Builder(procedure, never_skipped).net()


@dataclass(frozen=True, slots=True)
class _Builder:
    procedure: Procedure
    never_skipped: frozenset[tuple[str, str]]
    made: list[Transition] = field(default_factory=list)

    def net(self) -> Net:
        top = self.procedure.top
        self._region(top, "")
        for step in top.steps.values():
            if step.end is not None:
                self._add(None, (step.id,), (FINAL,))
            else:
                for action in self.procedure.anytime.values():
                    self._anytime(step, action)
        return Net(top.start, tuple(self.made))

    def _add(self, label: str | None, takes: tuple[str, ...], puts: tuple[str, ...], *, forced: bool = False) -> None:
        self.made.append(Transition(label, takes, puts, forced))
        if len(self.made) > MOST_TRANSITIONS:
            raise ValueError(f"{self.procedure.id} takes more than {MOST_TRANSITIONS} transitions")

    def _region(self, region: Region, branch: str) -> None:
        """Add the steps of the top level (`branch` is empty) or of a branch."""
        for step in region.steps.values():
            self._late(step)
            if step.parallel is not None:
                self._block(step, branch)
            elif step.end is None or step.actions:
                self._items(step)
                self._actions(step, branch)

    def _items(self, step: Step) -> None:
        for before, item, after in _checklist(step):
            self._add(item, (before,), (after,))
            self._add(START + item, (before,), (before,))

    def _actions(self, step: Step, branch: str) -> None:
        states = _states(step)
        for action in step.actions.values():
            forced = (step.id, action.id) in self.never_skipped
            for state in states if action.incomplete or not action.moves else states[-1:]:
                self._add(START + action.id, (state,), (state,))
                for arrow in action.arrows:
                    target = state if arrow.to == SAME else _target(arrow.to, branch)
                    self._add(action.id, (state,), (target,), forced=forced)

    def _late(self, step: Step) -> None:
        """Add where the case goes when the time of a step is up: on record or silently, whatever goes on in it."""
        if step.goes_to is not None:
            for marking in _markings(step):
                self._add(f"timer {step.id}", marking, (step.goes_to.to,))
                self._add(None, marking, (step.goes_to.to,))

    def _block(self, step: Step, branch: str) -> None:
        """A token stays on `running` as long as the block lasts."""
        assert step.parallel is not None
        branches = step.parallel.branches
        self._add(None, (step.id,), (_running(step), *(_waiting(one) for one in branches)))
        for one in branches:
            self._add(None, (_waiting(one),), (one.region.start,))
            if one.only_if is not None:
                self._add(None, (_waiting(one),), (_rest(one.id),))
            self._region(one.region, one.id)
        for arrow in step.parallel.then:
            takes = (_running(step), *(_rest(one.id) for one in branches))
            self._add(None, takes, (_target(arrow.to, branch),))

    def _anytime(self, step: Step, action: Action) -> None:
        """Add what happens at any time while the case stands in a top-level step."""
        if action.during and set(action.during).isdisjoint(_within(step)):
            return
        inside = set() if step.id in action.during else set(action.during)
        for marking in _markings(step):
            if inside and inside.isdisjoint(map(_step_of, marking)):
                continue
            self._add(START + action.id, marking, marking)
            for arrow in action.arrows:
                self._add(action.id, marking, marking if arrow.to == SAME else (arrow.to,), forced=arrow.to != SAME)


def _states(step: Step) -> list[str]:
    """Return the places of a step, the first where it is entered, the last where its checklist is done."""
    if step.checklist is None:
        return [step.id]
    items = step.checklist.items
    if not step.checklist.any_order:
        return [_state(step, items[:count]) for count in range(len(items) + 1)]
    return [_state(step, chosen) for size in range(len(items) + 1) for chosen in combinations(items, size)]


def _state(step: Step, done: tuple[str, ...]) -> str:
    return f"{step.id}/{','.join(sorted(done))}" if done else step.id


def _checklist(step: Step) -> Iterator[tuple[str, str, str]]:
    """Yield (place before, item, place after)."""
    if step.checklist is None:
        return
    items = step.checklist.items
    if not step.checklist.any_order:
        for count, item in enumerate(items):
            yield _state(step, items[:count]), item, _state(step, items[: count + 1])
        return
    for size in range(len(items)):
        for done in combinations(items, size):
            for item in items:
                if item not in done:
                    yield _state(step, done), item, _state(step, (*done, item))


def _target(to: str, branch: str) -> str:
    return _rest(branch) if to == DONE else to


def _running(step: Step) -> str:
    return f"running {step.id}"


def _waiting(branch: Branch) -> str:
    return f"waiting {branch.id}"


def _rest(branch: str) -> str:
    return f"rest {branch}"


def _step_of(place: str) -> str:
    return place.removeprefix("running ").partition("/")[0]


def _within(step: Step) -> Iterator[str]:
    yield step.id
    if step.parallel is not None:
        for branch in step.parallel.branches:
            for inner in branch.region.steps.values():
                yield from _within(inner)


def _markings(step: Step) -> Iterator[tuple[str, ...]]:
    """Yield where tokens may lie while a step is active, silent transitions taken."""
    if step.parallel is None:
        yield from ((state,) for state in _states(step))
        return
    of_branches = []
    for branch in step.parallel.branches:
        ways = [marking for inner in branch.region.steps.values() for marking in _markings(inner)]
        of_branches.append([*ways, (_rest(branch.id),)])
    for chosen in product(*of_branches):
        if not all(len(one) == 1 and one[0].startswith("rest ") for one in chosen):
            yield (_running(step), *(place for one in chosen for place in one))


def as_plain(net: Net) -> Mapping[str, object]:
    """Return the net as plain data: what r4pm takes, with a UUID for each place and transition."""
    places = {name: _uuid(index) for index, name in enumerate(net.places)}
    transitions = {_uuid(len(places) + index): each for index, each in enumerate(net.transitions)}
    arcs: list[object] = []
    for name, each in transitions.items():
        arcs += [_arc("PlaceTransition", places[place], name) for place in each.takes]
        arcs += [_arc("TransitionPlace", name, places[place]) for place in each.puts]
    return {
        "places": {name: {"id": name} for name in places.values()},
        "transitions": {name: {"id": name, "label": each.label} for name, each in transitions.items()},
        "arcs": arcs,
        "initial_marking": {places[net.initial]: 1},
        "final_markings": [{places[FINAL]: 1}],
    }


def _arc(kind: str, source: str, target: str) -> object:
    return {"from_to": {"type": kind, "nodes": [source, target]}, "weight": 1}


def _uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012x}"
