"""What the checks say of the flow region by region is what a walk through all configurations finds.

Sound means: every step is reached, from wherever a case may stand an end is reached, and every branch can be done.
Conditions are free on both sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procflow.automaton.alternatives import Reading
from procflow.automaton.automaton import Automaton
from procflow.lint import flow
from procflow.lint.soundness import Soundness
from procflow.model.configuration import Configuration
from procflow.model.procedure import Procedure
from tests.oracle.plain import Plain
from tests.property.strategies import load, procedures, random_procedure

ERRORS = frozenset({"PF301", "PF302", "PF303", "PF304", "PF309"})
_MOST = 4_000


class Walk:
    """Every configuration a case can come to, and where it can go from there."""

    def __init__(self, procedure: Procedure) -> None:
        self.automaton = Automaton(procedure)
        self.onward: dict[Configuration, set[Configuration]] = {}
        waiting = [at for at, _, _ in self.automaton.initial(_free)]
        while waiting:
            at = waiting.pop()
            if at in self.onward:
                continue
            self.onward[at] = set(self._next(at))
            waiting.extend(self.onward[at])
            assert len(self.onward) < _MOST

    def _next(self, at: Configuration) -> Iterator[Configuration]:
        if self.automaton.is_end(at):
            return
        names = {name for _, name in self.automaton.due(at)} | {one.id for one in self.automaton.anytime_at(at)}
        for name in sorted(names):
            for move in self.automaton.moves(at, name, start=False, read=_free, used_up=frozenset()):
                assert not move.cut
                yield move.target
        for move in self.automaton.timers(at, _free):
            assert not move.cut
            yield move.target

    @property
    def active(self) -> set[str]:
        """Every step some case is in, or passes at once."""
        return {step for at in self.onward for step in at.active_steps()}

    @property
    def stuck(self) -> set[Configuration]:
        """The configurations from which no end is reached."""
        back: dict[Configuration, list[Configuration]] = {}
        for at, targets in self.onward.items():
            for target in targets:
                back.setdefault(target, []).append(at)
        fine = {at for at in self.onward if self.automaton.is_end(at)}
        waiting = list(fine)
        while waiting:
            for before in back.get(waiting.pop(), ()):
                if before not in fine:
                    fine.add(before)
                    waiting.append(before)
        return self.onward.keys() - fine


def _free(_: object) -> Reading:
    return Reading.UNDECIDED


def branches(procedure: Plain) -> Iterator[Plain]:
    """Yield each branch as a procedure of its own that ends where the branch is done."""
    yield from _branches(procedure, procedure["steps"])


def _branches(procedure: Plain, steps: Mapping[str, Any]) -> Iterator[Plain]:
    for step in steps.values():
        for name, branch in step.get("parallel", {}).items():
            one = {key: value for key, value in branch.items() if key != "only-if"}
            region = one.get("steps", {name: one})
            inner = {inner_name: _ending(inner_step) for inner_name, inner_step in deepcopy(region).items()}
            inner["the-end"] = {"end": "done-well"}
            yield {
                **{k: v for k, v in procedure.items() if k != "anytime"},
                "start": one.get("start", name),
                "steps": inner,
            }
            yield from _branches(procedure, region)


def _ending(step: dict[str, Any]) -> dict[str, Any]:
    """Return a step whose arrows to `done` lead to the end."""

    def turned(target: Any) -> Any:
        if isinstance(target, list):
            return [{**one, "to": turned(one["to"])} for one in target]
        if isinstance(target, dict):
            return {**target, "to": turned(target["to"])}
        return "the-end" if target == "done" else target

    if "actions" in step:
        step["actions"] = {name: turned(action) for name, action in step["actions"].items()}
    if "then" in step:
        step["then"] = turned(step["then"])
    return step


def spoiled(procedure: Plain, rng: Random) -> dict[str, Any]:
    """Return the procedure with some of its arrows turned elsewhere: most of what comes out is not sound."""
    written: dict[str, Any] = deepcopy(dict(procedure))
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        steps, goals = rng.choice(list(_regions(written["steps"], top=True)))
        step = rng.choice([one for one in steps.values() if "actions" in one or "then" in one])
        targets = [name for name, one in steps.items() if "parallel" not in one or "actions" in step]
        if "actions" in step:
            name = rng.choice(list(step["actions"]))
            step["actions"][name] = rng.choice(["same", *targets, *targets, *goals])
        elif targets:
            step["then"] = rng.choice(targets)
    if rng.random() < 0.5:
        _add_trap(written, rng)
    return written


def _add_trap(written: dict[str, Any], rng: Random) -> None:
    """Let an action of a branch lead to a step nobody gets out of, unless an `anytime` action saves the case."""
    blocks = [one for steps, _ in _regions(written["steps"], top=True) for one in steps.values() if "parallel" in one]
    steps = written["steps"]
    if blocks and rng.random() < 0.9:
        block = rng.choice(blocks)
        name = rng.choice(list(block["parallel"]))
        branch = block["parallel"][name]
        if "steps" not in branch:
            only_if = {key: branch.pop(key) for key in ("only-if",) if key in branch}
            branch = {**only_if, "start": name, "steps": {name: branch}}
            block["parallel"] = {key if key != name else "many": one for key, one in block["parallel"].items()}
            block["parallel"]["many"] = branch
        steps = branch["steps"]
    acting = [one for one in steps.values() if "actions" in one]
    if not acting:
        return
    rng.choice(acting)["actions"]["fall"] = "trap"
    steps["trap"] = {"by": "any", "actions": {"dig": rng.choice(["same", "trap"])}}
    names = [
        name for region, _ in _regions(written["steps"], top=True) for name, one in region.items() if "end" not in one
    ]
    ends = [name for name, one in written["steps"].items() if "end" in one]
    during = rng.sample(names, 1) + (["trap"] if rng.random() < 0.2 else [])
    written["anytime"] = {"save": {"to": rng.choice(ends), "by": "any", "while": list(dict.fromkeys(during))}}


def _regions(steps: dict[str, Any], *, top: bool) -> Iterator[tuple[dict[str, Any], list[str]]]:
    yield steps, [] if top else ["done"]
    for step in steps.values():
        for name, branch in step.get("parallel", {}).items():
            yield from _regions(branch.get("steps", {name: branch}), top=False)


def _without_counts(written: Any) -> Any:
    """Conditions are free anyway, and may count actions that a branch alone does not have."""
    if isinstance(written, Mapping):
        return {
            k: "true" if k in ("when", "only-if") else _without_counts(v) for k, v in written.items() if k != "data"
        }
    return [_without_counts(one) for one in written] if isinstance(written, list) else written


def agree(written: Plain) -> bool:
    """Hold the checks against the walk; return True if the procedure is sound."""
    plain = _without_counts(written)
    procedure = load(plain)
    found = {one.code for one in flow.findings(procedure)} & ERRORS
    walk = Walk(procedure)
    sound = Soundness(procedure)
    undone = [one for one in branches(plain) if not _is_finished(one)]
    missed = procedure.steps.keys() - walk.active
    assert bool(found) == bool(missed or walk.stuck or undone), (found, missed, walk.stuck, undone)
    if not undone:
        # A block nobody has to act in is passed at once, and no case is ever seen in it.
        reached = {step for step in procedure.steps if sound.is_reached(step)}
        assert walk.active <= reached
        assert ("PF301" in found) == bool(procedure.steps.keys() - reached)
        # What is wrong inside a block is told even if nobody comes to the block.
        told = bool(found & {"PF302", "PF303", "PF304"})
        assert told == bool(walk.stuck) or (told and "PF301" in found)
    assert bool(undone) == ("PF309" in found)
    return not found


def _is_finished(branch: Plain) -> bool:
    return any(at.step == "the-end" for at in Walk(load(branch)).onward)


@pytest.mark.parametrize("seed", range(8))
def test_masses_agree(seed: int) -> None:
    rng = Random(f"sound {seed}")
    verdicts = [
        agree(spoiled(random_procedure(rng), rng) if rng.random() < 0.8 else random_procedure(rng)) for _ in range(80)
    ]
    assert 5 < sum(verdicts) < 75, "either kind must occur"


@given(procedures(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_examples_agree(written: Plain, rng: Random) -> None:
    agree(spoiled(written, rng))
