"""Attention: which clocks a position concerns, so that nothing is paid for the others.

A set of clocks is a number with a bit for each, the lowest for the first: what a position does to a case mostly concerns
none of them, or one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from procflow.expressions.types import Raw
from procflow.model.clock import Party
from procflow.model.configuration import Configuration
from procflow.model.procedure import Procedure
from procflow.model.rule import Happening
from procflow.monitors.clocks.handing import ours_to_act
from procflow.monitors.clocks.monitor import Monitor
from procflow.monitors.clocks.turn import Stance
from procflow.monitors.waiting.questions import Followed

_MOST_KNOWN = 10_000


class Heard(NamedTuple):
    """What clocks hear of some happenings."""

    happenings: tuple[Happening, ...]
    """Kept beside the rest: nothing else can come to have its id."""
    by: int
    """Who hears anything of them."""
    masks: tuple[int, ...]
    """What each hears."""


class Attention:
    """Says which clocks of a procedure something concerns. Shared by threads; what it remembers only saves time."""

    def __init__(self, monitors: Sequence[Monitor], procedure: Procedure) -> None:
        self._monitors = monitors
        self._steps = procedure.steps
        self.all = (1 << len(monitors)) - 1
        self._handed = _set(monitors, lambda one: one.clock.each_hand_off)
        self._sides = _set(monitors, lambda one: one.clock.while_ours)
        self._own = _by_name(monitors, lambda one: () if one.clock.step is None else (one.clock.step,))
        self._offered = _by_name(monitors, lambda one: () if one.clock.accepts is None else (one.clock.accepts,))
        self._asking = _by_name(monitors, lambda one: () if one.clock.question is None else (one.clock.question,))
        self._rest = _by_name(monitors, lambda one: one.clock.paused_in)
        self._reads = _by_name(monitors, lambda one: one.reads)
        self._heard: dict[int, Heard] = {}
        self._stances: dict[Configuration, Stance] = {}

    def heard(self, happenings: tuple[Happening, ...]) -> Heard:
        """Return what clocks hear of these; the same object for the same tuple."""
        found = self._heard.get(id(happenings))
        if found is not None and found.happenings is happenings:
            return found
        masks = tuple(one.ear.mask(happenings) for one in self._monitors)
        if len(self._heard) >= _MOST_KNOWN:
            self._heard = {}
        by = sum(1 << place for place, mask in enumerate(masks) if mask)
        found = self._heard[id(happenings)] = Heard(happenings, by, masks)
        return found

    def stance(self, at: Configuration) -> Stance:
        """Return what it means that a case stands there."""
        found = self._stances.get(at)
        if found is None:
            if len(self._stances) >= _MOST_KNOWN:
                self._stances = {}
            found = self._stances[at] = self._stance(tuple(at.active_steps()), frozenset(at.offered_steps()))
        return found

    def _stance(self, active: tuple[str, ...], on_offer: frozenset[str]) -> Stance:
        leaves = tuple(one for one in active if self._steps[one].parallel is None)
        return Stance(
            frozenset(active),
            leaves,
            any(self._steps[name].waiting is not None for name in leaves),
            _union(self._own.get(name, 0) for name in active),
            _union(self._rest.get(name, 0) for name in leaves),
            on_offer,
            _union(self._offered.get(name, 0) for name in on_offer),
        )

    def moved(self, before: Stance, after: Stance) -> int:
        """Return the clocks to which it matters that a case stood and stands so."""
        return (before.own ^ after.own) | (before.offered ^ after.offered) | before.rest | after.rest

    def asking(self, followed: Followed) -> int:
        """Return the clocks of the questions that are asked and answered."""
        both = (followed.asked, followed.answered)
        return _union(self._asking.get(one.action, 0) for one in both if one is not None)

    def handed(self, before: Party | None, after: Party) -> int:
        """Return the clocks to which it matters that the ball went from one to the other."""
        if before is after or before == after:
            return 0
        sides = before is None or ours_to_act(before) is not ours_to_act(after)
        return self._handed | self._sides if sides else self._handed

    def given(self, data: Mapping[str, Raw]) -> int:
        """Return the clocks that depend on one of these data."""
        return _union(self._reads.get(name, 0) for name in data)


def places(clocks: int) -> Iterator[int]:
    """Yield the places of a set of clocks, the first first."""
    while clocks:
        lowest = clocks & -clocks
        yield lowest.bit_length() - 1
        clocks ^= lowest


def _set(monitors: Sequence[Monitor], wanted: Callable[[Monitor], bool]) -> int:
    return sum(1 << place for place, one in enumerate(monitors) if wanted(one))


def _by_name(monitors: Sequence[Monitor], names: Callable[[Monitor], Iterable[str]]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for place, one in enumerate(monitors):
        for name in names(one):
            found[name] = found.get(name, 0) | 1 << place
    return found


def _union(sets: Iterable[int]) -> int:
    found = 0
    for one in sets:
        found |= one
    return found
