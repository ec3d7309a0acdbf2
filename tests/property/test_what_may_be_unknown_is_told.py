"""PF209 and PF509 tell just the conditions that some case, run as its procedure says, comes to without an answer.

Every case of small procedures is run: values are given where they are asked for, and nowhere else. Where a condition has
no answer, something was told; and what was told of a step happens there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product, takewhile
from random import Random
from typing import Any

import pytest

from procflow.automaton.alternatives import Note, NoteKind, Read, Reading
from procflow.automaton.automaton import Automaton
from procflow.expressions.expression import Facts
from procflow.expressions.types import Value
from procflow.lint import knowledge
from procflow.lint.deciding import read_fields
from procflow.model.configuration import Configuration
from procflow.model.procedure import DONE, Action, Arrow, Procedure, Step
from tests.property.strategies import load, random_procedure

_DATA: dict[str, Any] = {"urgent": "yes-no", "size_of": {"type": "choice", "of": ["small", "large"]}}
_VALUES: Mapping[str, tuple[Value, ...]] = {"urgent": (True, False), "size_of": ("small", "large")}
_CONDITIONS = (
    "urgent",
    "not urgent",
    'size_of == "large"',
    'size_of == "small"',
    'urgent and size_of == "large"',
    'not urgent or size_of == "small"',
    "has(urgent) and urgent",
    'size_of == "large" if urgent else has(size_of)',
)
_PERHAPS = re.compile(r"`(\w+)` may still be unknown in `([\w-]+)`.*", re.DOTALL)
_NEVER = re.compile(r"nobody is asked for `(\w+)` before it is needed.*", re.DOTALL)
ANYWHERE = ""
"""Stands for the step of what is possible at any time: there it is told only of what nobody is ever asked for."""
_MOST = 60
"""Configurations of a procedure that is run."""

_Record = tuple[tuple[str, Value], ...]
_Doubt = tuple[str, str]
"""A step in which a condition has no answer, and a field that is unknown then."""


def written_by(rng: Random) -> dict[str, Any]:
    """Return a procedure without limits whose conditions read two fields, which are asked for here and there."""
    written = _asking(random_procedure(rng), rng)
    return {**written, "data": _DATA}


def _asking(part: Any, rng: Random) -> Any:
    if isinstance(part, list):
        return [_asking(one, rng) for one in part]
    if not isinstance(part, dict):
        return part
    found = {
        key: rng.choice(_CONDITIONS) if key in ("when", "only-if") else _asking(one, rng)
        for key, one in part.items()
        if key != "at-most"
    }
    is_step = "actions" in found and "waiting-for" not in found
    is_action = isinstance(found.get("to"), str) and ("incomplete" in found or "by" in found)
    if (is_step and rng.random() < 0.5) or (is_action and rng.random() < 0.3):
        found[rng.choice(("collect", "collect", "optional"))] = [rng.choice(list(_DATA))]
    return found


class Runs:
    """Every case of a procedure in which values are given where they are asked for."""

    def __init__(self, procedure: Procedure, *, stands_still: bool, at_opening: Collection[str] = ()) -> None:
        self.procedure = procedure
        self.at_opening = at_opening
        """Fields that may be given when the case is opened."""
        self.stands_still = stands_still
        """True if a case goes no further once a condition has no answer; else it goes on either way."""
        self.automaton = Automaton(procedure)
        self.places = dict(_places(procedure))
        self.doubts: set[_Doubt] = set()
        self.seen: set[tuple[Configuration, _Record]] = set()
        self.too_many = False
        self._run()

    def _run(self) -> None:
        waiting: list[tuple[Configuration, _Record]] = []
        for record in _records({name: (None, *_VALUES[name]) for name in self.at_opening}):
            read = _reader(dict(record))
            for at, notes, _ in self.automaton.initial(read):
                if self._goes_on(notes, dict(record), frozenset()):
                    waiting.append((at, record))
        while waiting:
            at, record = waiting.pop()
            if (at, record) in self.seen or self.automaton.is_end(at):
                continue
            self.seen.add((at, record))
            if len({one for one, _ in self.seen}) > _MOST:
                self.too_many = True
                return
            for step, name in self._possible(at):
                for after in _told(step, self._action(step, name), dict(record)):
                    waiting.extend((target, after) for target in self._after(at, name, after))
            waiting.extend((target, record) for target in self._in_time(at, record))

    def _possible(self, at: Configuration) -> Iterator[tuple[Step | None, str]]:
        yield from self.automaton.due(at)
        for one in self.automaton.anytime_at(at):
            yield None, one.id

    def _action(self, step: Step | None, name: str) -> Action | None:
        return step.actions.get(name) if step is not None else self.procedure.anytime[name]

    def _after(self, at: Configuration, name: str, record: _Record) -> Iterator[Configuration]:
        values, active = dict(record), frozenset(at.active_steps())
        for move in self.automaton.moves(at, name, start=False, read=_reader(values), used_up=frozenset()):
            if self._goes_on(move.notes, values, active):
                yield move.target

    def _in_time(self, at: Configuration, record: _Record) -> Iterator[Configuration]:
        """Yield where a case goes because the time of a step ran out: nobody gives anything then."""
        values, active = dict(record), frozenset(at.active_steps())
        for move in self.automaton.timers(at, _reader(values)):
            if self._goes_on(move.notes, values, active):
                yield move.target

    def _goes_on(self, notes: Sequence[Note], values: dict[str, Value], active: frozenset[str]) -> bool:
        """Note what has no answer on a move; return True if a case takes it."""
        undecided = list(takewhile(lambda note: note.kind is NoteKind.UNDECIDED, notes))
        # Of what is read one after the other the first counts: what comes after it may not be read at all.
        for note in undecided[: 1 if self.stands_still else None]:
            condition = note.condition
            if condition is not None and _reader(values)(condition) is Reading.UNDECIDED:
                places = self.places[id(condition)]
                steps = [one for one in places if len(places) == 1 or one in active] or [ANYWHERE]
                unknown = [name for name in read_fields(condition.tree) if name not in values]
                self.doubts.update((step, name) for step in steps for name in unknown)
        return not notes or (undecided == list(notes) and not self.stands_still)


def _reader(values: dict[str, Value]) -> Read:
    return lambda one: Reading(one.evaluate(Facts(values=values, counts={}, now=None)).truth.value)


def _places(procedure: Procedure) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the conditions by identity, each with the steps in which it is read; () of what is possible anywhere."""

    def of(arrows: tuple[Arrow, ...], steps: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
        for arrow in arrows:
            if arrow.when is not None:
                yield id(arrow.when), steps

    for step in procedure.steps.values():
        for action in step.actions.values():
            yield from of(action.arrows, (step.id,))
        if step.parallel is not None:
            yield from of(step.parallel.then, (step.id,))
            for branch in step.parallel.branches:
                if branch.only_if is not None:
                    yield id(branch.only_if), (step.id,)
    for action in procedure.anytime.values():
        yield from of(action.arrows, action.during)


def _told(step: Step | None, action: Action | None, record: dict[str, Value]) -> Iterator[_Record]:
    """Yield the records there may be once an action was done: it brings what it must, and may bring what is asked for."""
    must: set[str] = set(action.collect) if action is not None else set()
    may: set[str] = {*step.collect, *step.optional} if step is not None else set()
    if action is not None:
        may.update(action.optional)
        if step is not None and action.moves and not action.incomplete:
            must.update(step.collect)
    ways: dict[str, Sequence[Value | None]] = {}
    for name, values in _VALUES.items():
        kept = [record[name]] if name in record else [] if name in must else [None]
        ways[name] = [*kept, *(values if name in must | may else ())]
    yield from _records(ways)


def _records(ways: Mapping[str, Sequence[Value | None]]) -> Iterator[_Record]:
    for told in product(*ways.values()):
        yield tuple((name, value) for name, value in zip(ways, told, strict=True) if value is not None)


def agree(procedure: Procedure) -> int:
    """Hold what is told against every case; return how much was told, or -1 of a procedure that is too large."""
    messages = [one.message for one in knowledge.findings(procedure)]
    never = {told[1] for one in messages if (told := _NEVER.fullmatch(one))}
    perhaps = {(told[2], told[1]) for one in messages if (told := _PERHAPS.fullmatch(one))}
    assert len(never) + len(perhaps) == len(messages)
    strict, lenient = Runs(procedure, stands_still=True), Runs(procedure, stands_still=False, at_opening=_DATA)
    if strict.too_many or lenient.too_many:
        return -1
    untold = {(step, name) for step, name in strict.doubts if step != ANYWHERE and name not in never} - perhaps
    steps_told = {step for step, _ in perhaps}
    assert not {one for one in untold if one[0] not in steps_told}, "a case stands still, and nothing was told"
    # What holds at the end of a block because of how its branches were done is not followed.
    if not _ends_on_conditions(procedure):
        assert perhaps <= lenient.doubts, "told, and it never happens"
    assert never <= {name for _, name in lenient.doubts}, "told, and it never happens"
    return len(messages)


def _ends_on_conditions(procedure: Procedure) -> bool:
    arrows = (one for step in procedure.steps.values() for action in step.actions.values() for one in action.arrows)
    return any(one.to == DONE and one.when is not None for one in arrows)


@pytest.mark.parametrize("seed", range(8))
def test_masses_agree(seed: int) -> None:
    rng = Random(f"unknown {seed}")
    told = [agree(load(written_by(rng))) for _ in range(60)]
    assert sum(one > 0 for one in told) > 5
    assert sum(one == 0 for one in told) > 5
