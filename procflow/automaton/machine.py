"""One flat `transitions` machine per region. The only door of transitions; nothing else computes a next state.

A *place* is a state of the machine: a step, with the position in its checklist where it has one, or with who offers its
work while nobody has accepted it. A `Way` is a
transition that knows which arrow of which action it stands for. Machines are shared by all cases and threads: they
have no model, and a two-slot token is made for each event and thrown away (`queued=False`, so nothing on the machine
changes while an event runs).

No text an author wrote is ever handed to transitions as a callback: string callbacks import Python there. Triggers
carry a prefix, because an action called `state` would collide with the model attribute of that name.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from transitions import EventData, Machine, Transition

from procflow.model.configuration import BRANCH_DONE, OFFERED
from procflow.model.hand_off import REFUSE
from procflow.model.procedure import DONE, SAME, Action, Arrow, Region, Step

# transitions formats a debug record for every callback of every event unless its logger is closed to them.
logging.getLogger("transitions").setLevel(logging.WARNING)

COMPLETE = "complete "
START = "start "
ANYTIME = "anytime "
JOIN = "join"
TIMER = "timer "
"""Also how an event says it that tells of it: `timer waiting`. A space cannot be in an id of the author's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What a way stands for."""

    step: Step | None
    """None for an `anytime` action."""
    action: Action | None
    """None for a checklist item, for a join, and for time that runs out."""
    name: str
    """The action id; empty for a join; `timer STEP` for time that runs out."""
    arrow: Arrow | None
    """None for a checklist item and for a start."""
    index: int
    """Which alternative of the action, from 0."""


class Way(Transition):
    """A transition with its spec; open exactly when the token asks for it."""

    def __init__(self, *args: Any, spec: Spec, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.spec = spec


class _Region(Machine):
    transition_cls = Way


class _Token:
    """Stands in for a case during one event: where the region is, and which alternative is tried."""

    __slots__ = ("index", "state")

    def __init__(self, state: str, index: int) -> None:
        self.state = state
        self.index = index


def _wanted(event: EventData) -> bool:
    way, token = event.transition, event.model
    assert isinstance(way, Way)
    assert isinstance(token, _Token)
    return way.spec.index == token.index


class RegionMachine:
    """The places of one region and the ways between them, in document order."""

    def __init__(self, region: Region, *, anytime: Mapping[str, Action], nested: bool) -> None:
        self.region = region
        places = [place for step in region.steps.values() for place in (*places_of(step), *offered_places(step))]
        if nested:
            places.append(BRANCH_DONE)
        self.order: Mapping[str, int] = {place: index for index, place in enumerate(places)}
        """Document order of the places."""
        self._machine = _Region(
            model=None,
            states=places,
            initial=region.start,
            auto_transitions=False,
            send_event=True,
            queued=False,
        )
        for step in region.steps.values():
            self._add_step(step)
        if not nested:
            self._add_anytime(anytime)
        self._ways = self._index()
        self._fired: dict[tuple[str, str, int], str] = {}
        self._require_known_places()

    def ways(self, place: str, trigger: str) -> Sequence[Spec]:
        """Return what `trigger` can mean at `place`, alternatives in order; () if it is not due there."""
        return self._ways.get(place, {}).get(trigger, ())

    def due(self, place: str) -> Iterator[str]:
        """Yield the triggers that complete an action at `place`, in document order; `anytime`, joins and time left out."""
        return (trigger for trigger in self._ways.get(place, ()) if trigger.startswith(COMPLETE))

    def fire(self, place: str, trigger: str, index: int) -> str:
        """Return the place the machine moves to if alternative `index` of `trigger` is taken at `place`."""
        key = (place, trigger, index)
        if key not in self._fired:
            token = _Token(place, index)
            if not self._machine.events[_numbered(trigger, index)].trigger(token):
                raise AssertionError(f"{trigger!r} is not open at {place!r}")  # ways() said it was
            self._fired[key] = token.state
        return self._fired[key]

    def _add_step(self, step: Step) -> None:
        places = places_of(step)
        if step.checklist is not None:
            self._add_checklist(step, places)
        for action in step.actions.values():
            if action.id == REFUSE:
                self._add_refusals(step, action)
                continue
            complete = places if action.incomplete or not action.moves else places[-1:]
            for place in complete:
                self._add_action(place, action, step=step, trigger=COMPLETE + action.id)
                if place == step.id:
                    self._add_on_offer(step, action)
        if step.goes_to is not None:
            arrow = Arrow(to=step.goes_to.to, where=step.goes_to.where)
            target = self._entered(arrow, step.id, refusable=False)
            for place in (*places, *offered_places(step)):
                self._add(TIMER + step.id, place, target, _spec(step, None, TIMER + step.id, arrow, 0))
        if step.parallel is not None:
            for index, arrow in enumerate(step.parallel.then):
                self._add(JOIN, step.id, self._entered(arrow, step.id), _spec(step, None, "", arrow, index))

    def _add_on_offer(self, step: Step, action: Action) -> None:
        """Add what an action does while the work is on offer: whoever does it has accepted it."""
        for place in offered_places(step):
            self._add_action(place, action, step=step, trigger=COMPLETE + action.id)

    def _add_refusals(self, step: Step, action: Action) -> None:
        """Add the ways back to whoever offers the work."""
        for arrow in action.arrows:
            place = f"{step.id}{OFFERED}{arrow.to}"
            self._add(COMPLETE + action.id, place, arrow.to, _spec(step, action, action.id, arrow, 0))
            self._add(START + action.id, place, None, _spec(step, action, action.id, None, 0))

    def _entered(self, arrow: Arrow, giver: str, *, refusable: bool = True) -> str:
        """Return the place an arrow leads to; `giver` is the step it leaves, or the `anytime` action it belongs to."""
        return (
            BRANCH_DONE if arrow.to == DONE else offered_place(self.region.steps[arrow.to], giver, refusable=refusable)
        )

    def _add_checklist(self, step: Step, places: Sequence[str]) -> None:
        assert step.checklist is not None
        items = step.checklist.items
        if not step.checklist.any_order:
            for position, item in enumerate(items):
                self._add_item(step, item, places[position], places[position + 1])
            return
        for chosen in _subsets(items):
            for item in items:
                if item not in chosen:
                    self._add_item(step, item, _any_order_place(step, chosen), _any_order_place(step, (*chosen, item)))

    def _add_item(self, step: Step, item: str, source: str, target: str) -> None:
        spec = _spec(step, None, item, None, 0)
        for place in (source, *offered_places(step)) if source == step.id else (source,):
            self._add(COMPLETE + item, place, target, spec)
            self._add(START + item, place, _recorded(place, step), spec)

    def _add_anytime(self, anytime: Mapping[str, Action]) -> None:
        for step in self.region.steps.values():
            if step.end is None:
                for place in (*places_of(step), *offered_places(step)):
                    for action in anytime.values():
                        self._add_action(place, action, step=None, trigger=ANYTIME + action.id)

    def _add_action(self, place: str, action: Action, *, step: Step | None, trigger: str) -> None:
        for index, arrow in enumerate(action.arrows):
            spec = _spec(step, action, action.id, arrow, index)
            giver = action.id if step is None else step.id
            target = _recorded(place, step) if arrow.to == SAME else self._entered(arrow, giver)
            self._add(trigger, place, target, spec)
        if step is not None:
            self._add(START + action.id, place, _recorded(place, step), _spec(step, action, action.id, None, 0))

    def _add(self, trigger: str, source: str, target: str | None, spec: Spec) -> None:
        """Add a way; without a target it is internal: it records and does not move."""
        # A trigger for each alternative: transitions would try thousands of them one after the other.
        self._machine.add_transition(_numbered(trigger, spec.index), source, target, conditions=_wanted, spec=spec)

    def _index(self) -> Mapping[str, Mapping[str, Sequence[Spec]]]:
        ways: dict[str, dict[str, list[Spec]]] = {}
        for numbered, event in self._machine.events.items():
            trigger = numbered.rpartition(" ")[0]
            for source, transitions in event.transitions.items():
                specs = [way.spec for way in transitions if isinstance(way, Way)]
                ways.setdefault(source, {}).setdefault(trigger, []).extend(specs)
        return ways

    def _require_known_places(self) -> None:
        # transitions builds silently with unknown destinations and initial states; the loader has checked the
        # names, so this only guards against a mistake of ours.
        known = set(self.order)
        events = self._machine.events.values()
        used = {way.dest for event in events for ways in event.transitions.values() for way in ways} - {None}
        assert known == set(self._machine.states), "a place was added behind our back"
        assert used <= known, f"unknown places {used - known}"


def places_of(step: Step) -> Sequence[str]:
    """Return the places of a step: the first is where it is entered, the last is where its checklist is done."""
    if step.checklist is None:
        return [step.id]
    items = step.checklist.items
    if step.checklist.any_order:
        return [_any_order_place(step, chosen) for chosen in _subsets(items)]
    return [step.id] + [f"{step.id}/{position}" for position in range(1, len(items) + 1)]


def _numbered(trigger: str, index: int) -> str:
    return f"{trigger} {index}"


def _subsets(items: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for size in range(len(items) + 1):
        yield from combinations(items, size)


def _any_order_place(step: Step, chosen: Sequence[str]) -> str:
    return f"{step.id}/{{{','.join(sorted(chosen))}}}" if chosen else step.id


def offered_places(step: Step) -> Sequence[str]:
    """Return the places where the work of a step is on offer: by whom it can be given back to, then by anybody else."""
    if step.hand_offs is None:
        return ()
    return [f"{step.id}{OFFERED}{giver}" for giver in (*step.hand_offs.givers, "")]


def offered_place(step: Step, giver: str | None, *, refusable: bool = True) -> str:
    """Return where a case stands that comes to a step: from another one, or by an `anytime` action; None: it opens there."""
    rule = step.hand_offs
    if rule is None or giver is None or giver in rule.at_once:
        return step.id
    return f"{step.id}{OFFERED}{giver if refusable and giver in rule.givers else ''}"


def _recorded(place: str, step: Step | None) -> str | None:
    """Return where what only records leads to: nowhere, but if the work is on offer, whoever does it has accepted it."""
    return step.id if step is not None and OFFERED in place else None


def _spec(step: Step | None, action: Action | None, name: str, arrow: Arrow | None, index: int) -> Spec:
    return Spec(step=step, action=action, name=name, arrow=arrow, index=index)
