"""Any sequence of events at all, as far as some rules can tell them apart: what rules demand of each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from procflow.lint.rules.automata import Monitor, monitors_of
from procflow.lint.rules.letters import ENDS, OPENS, Asked, Kind, Letter, Near, letters
from procflow.lint.rules.search import Unit
from procflow.model.by import By
from procflow.model.rule import Happening

_BEFORE, _OPEN, _OVER = range(3)


class Anyhow:
    """Every sequence of events that begins with the opening and may end with the end of the case."""

    start = _BEFORE

    def __init__(self, monitors: Sequence[Monitor], focus: Happening | None, others: Iterable[Monitor] = ()) -> None:
        """`others`: what sequences are held against afterwards. Raises `TooMany`.

        What of others is not seen did not happen; but every case opens and ends, and what is near is also near in
        every wider sense.
        """
        asked, besides = asked_by(monitors, focus), asked_by(others, focus)
        asked = replace(
            asked,
            happenings=asked.happenings | (besides.happenings & {OPENS, ENDS}),
            near=tuple(dict.fromkeys((*asked.near, *besides.near))),
        )
        self._ends = ENDS in asked.happenings
        found: dict[object, Letter] = {}
        for letter in letters(asked):
            signs = tuple(one.sign(letter) for one in monitors)
            key = (signs, letter.kind is Kind.OPENING, ENDS in letter.happens, letter.focus, letter.kind is Kind.EVENT)
            found.setdefault(key, letter)
        opening = [(one, _OPEN) for one in found.values() if one.kind is Kind.OPENING]
        rest = [one for one in found.values() if one.kind is not Kind.OPENING]
        onward = [(one, _OVER if ENDS in one.happens else _OPEN) for one in rest]
        self._onward: Mapping[int, Sequence[tuple[Letter, int]]] = {_BEFORE: opening, _OPEN: onward, _OVER: ()}

    def onward(self, place: int) -> Iterable[tuple[Letter, int]]:
        """Yield what may happen at a place, and where it leads."""
        return self._onward[place]

    def is_over(self, place: int) -> bool:
        """Return True if a case may end there: anywhere, unless a rule asks when that is."""
        return place == (_OVER if self._ends else _OPEN)


def asked_by(monitors: Iterable[Monitor], focus: Happening | None) -> Asked:
    """Return what some automata ask of events."""
    named: dict[Happening, None] = {}
    by: dict[By, set[Happening]] = {}
    near: dict[Near, None] = {}
    for one in monitors:
        named.update(dict.fromkeys((*sorted(one.triggers, key=str), *one.targets)))
        if one.by is not None:
            by.setdefault(one.by, set()).update(one.targets)
        if one.near is not None:
            near[one.near] = None
    people = tuple((who, frozenset(of)) for who, of in by.items())
    return Asked(happenings=frozenset(named), by=people, near=tuple(near), focus=focus)


def about(unit: Unit, focus: Happening) -> Unit:
    """Return a unit with what its rule asks about the event in focus alone."""
    if len(unit.rules) != 1:
        return unit
    return replace(unit, monitors=tuple(monitors_of(unit.rules[0], focus)))
