"""Scenarios are cases like any other: what is suggested passes, and engine and audit say of them what they say.

So many procedures by seed; a failing one is named by its seed.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from procflow.auditor import audit
from procflow.automaton.alternatives import Reading
from procflow.engine import Engine
from procflow.errors import Severity
from procflow.judge import Judge
from procflow.lint import lint
from procflow.loading.procedure import read_procedure
from procflow.loading.source import read_source
from procflow.model.event import Event, Kind, Lifecycle
from procflow.model.organisation import Actor
from procflow.model.scenario import Aspect
from procflow.scenarios.coverage import covered, points_of
from procflow.scenarios.running import Run
from procflow.scenarios.suggesting import Suggestions, suggest
from procflow.scenarios.testing import run_all
from tests.property.strategies import load, random_procedure
from tests.property.strategies_people import peopled_procedure
from tests.property.strategies_ruled import with_rules


def suggested(written: dict[str, Any]) -> tuple[Suggestions, tuple[Run, ...]]:
    """Return what is suggested for a procedure without scenarios, and the runs of it as read from the text."""
    judge = Judge(load(written))
    found = suggest(judge, tuple(points_of(judge.procedure)))
    text = "scenarios:\n" + "\n".join(one.text for one in found.found)
    stories = read_source(text, "suggested.yaml").data
    assert isinstance(stories, dict)
    whole = read_procedure(json.dumps({**written, **(stories if found.found else {})}), "whole.yaml")
    assert whole.procedure is not None, [one.message for one in whole.findings]
    return found, run_all(Judge(whole.procedure))


@pytest.mark.parametrize("seed", range(20))
def test_what_is_suggested_passes_and_shows_what_it_says(seed: int) -> None:
    rng = Random(f"suggested {seed}")
    found, runs = suggested(peopled_procedure(rng) if seed % 2 else random_procedure(rng))
    assert [each.message for one in runs for each in one.result.findings] == []
    if not runs:
        return
    procedure = load(random_procedure(Random(f"suggested {seed}"))) if not seed % 2 else None
    shown = {point.name for one in found.found for point in one.shows}
    if procedure is not None:
        measured = covered(Judge(procedure).automaton, runs)
        assert shown <= {one.name for one in measured.shown}
        assert not shown & {one.name for one in found.out_of_reach}


@pytest.mark.parametrize("seed", range(30))
def test_what_is_suggested_for_rules_passes(seed: int) -> None:
    rng = Random(f"ruled {seed}")
    written = with_rules(peopled_procedure(rng) if seed % 2 else random_procedure(rng), rng)
    found, runs = suggested(written)
    assert [each.message for one in runs for each in one.result.findings] == []
    # What is found for a rule is found for its own sake: nothing of it is also told to be out of reach.
    shown = {point.name for one in found.found for point in one.shows}
    assert not shown & {one.name for one in found.out_of_reach}


@pytest.mark.parametrize("seed", range(20))
def test_every_step_and_action_on_a_way_can_be_shown(seed: int) -> None:
    """Without conditions and limits nothing but the arrows decides what can be reached, and all of it is."""
    written = without_conditions(random_procedure(Random(f"reached {seed}")))
    judge = Judge(load(written))
    found, _ = suggested(written)
    lost = {one.key for one in found.out_of_reach if one.aspect in (Aspect.STEP, Aspect.ACTION)}
    assert not lost & reachable(judge)


def without_conditions(part: Any) -> Any:
    """Return plain data without what makes it depend on data and counts which way is open: the first one is."""
    if isinstance(part, dict):
        left_out = ("when", "only-if", "at-most", "otherwise")
        return {key: without_conditions(one) for key, one in part.items() if key not in left_out}
    if isinstance(part, list):
        return [without_conditions(one) for one in (part[:1] if isinstance(part[0], dict) else part)]
    return part


def reachable(judge: Judge) -> set[tuple[str, ...]]:
    """Return the steps and actions an exhaustive search through the configurations comes by."""
    automaton = judge.automaton

    def read(_: object) -> Reading:
        raise AssertionError("there is nothing to read")

    waiting = [at for at, _, _ in automaton.initial(read)]
    seen = set(waiting)
    found: set[tuple[str, ...]] = set()
    while waiting:
        at = waiting.pop()
        found.update((Aspect.STEP.value, step) for step in at.active_steps())
        due = [(step.id, name) for step, name in automaton.due(at)]
        anytime = [("", action.id) for action in automaton.anytime_at(at)]
        for step, name in (*due, *anytime):
            found.add((Aspect.ACTION.value, step, name))
            for move in automaton.moves(at, name, start=False, read=read, used_up=frozenset()):
                found.update((Aspect.STEP.value, one) for one in move.entered)
                if move.target not in seen:
                    seen.add(move.target)
                    waiting.append(move.target)
    return found


# --- the engine and the audit say the same -------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_engine_and_audit_say_of_a_scenario_what_the_run_says(seed: int, tmp_path: Path) -> None:
    written = publishable(Random(f"cases {seed}"))
    _, runs = suggested(written)
    path = tmp_path / "p.yaml"
    path.write_text(json.dumps(written), "utf-8")
    for number, one in enumerate(runs[:6]):
        said = as_lines(one.result.deviations)
        engine = Clockwork(tmp_path / f"{number}.db", path)
        case = engine.perform(one.result.events)
        assert as_lines(engine.engine.case(case).audit.deviations) == said, one.result.scenario.title
        assert str(engine.engine.case(case).configuration) == one.result.stands
        log = tmp_path / f"{number}.jsonl"
        with log.open("wb") as out:
            engine.engine.export(out)
        (judged,) = audit(path, [log]).cases
        assert as_lines(judged.deviations) == said, one.result.scenario.title


def publishable(rng: Random) -> dict[str, Any]:
    """Return a procedure that nothing forbids to publish."""
    while True:
        written = peopled_procedure(rng)
        if all(one.severity is not Severity.ERROR for one in lint(load(written))):
            return written


def as_lines(deviations: Any) -> list[tuple[object, ...]]:
    return [(one.code, one.seq, one.step, one.action, one.message) for one in deviations]


class Clockwork:
    """An engine whose clock says what the events say."""

    def __init__(self, store: Path, procedure: Path) -> None:
        self.now = datetime.fromisoformat("2000-01-01T00:00:00Z")
        self.engine = Engine.open(f"sqlite:///{store}", clock=lambda: self.now)
        self.name = self.engine.publish(procedure).procedure

    def perform(self, events: tuple[Event, ...]) -> str:
        """Do what the events say, and return the case."""
        case = ""
        for one in events:
            self.now = one.occurred_at
            if one.kind is Kind.TIMER:
                self.now += timedelta(microseconds=1)  # what is done exactly in time is in time
                self.engine.advance()
                continue
            # A story that only waits is opened by nobody; an engine asks who it is.
            who = Actor(one.actor or "somebody", roles=one.roles, teams=one.teams)
            if one.kind is Kind.OPENED:
                case = self.engine.start(self.name, by=who, data=dict(one.data), mode="observe").id
            elif one.kind is Kind.ACTION:
                self.engine.perform(
                    case,
                    one.action,
                    by=who,
                    data=dict(one.data),
                    evidence=dict(one.evidence),
                    reason=one.reason,
                    on_behalf_of=one.on_behalf_of,
                    lifecycle="start" if one.lifecycle is Lifecycle.START else "complete",
                )
        return case
