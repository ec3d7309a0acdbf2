"""Where the languages are alike, a case stands where a statechart of python-statemachine (SCXML-tested) stands.

Alike are steps, parallel blocks in blocks, and actions that always lead to the same place. SCXML knows no checklists,
`only-if`, `anytime`, records or deviations, so they are taken out of the random procedures first.
"""

from __future__ import annotations

from random import Random
from typing import Any

from statemachine import StateChart
from statemachine.io import create_machine_class_from_definition

from procflow.judge import Judge
from tests.oracle.flow import ways
from tests.oracle.plain import Plain, PlainEvent
from tests.property.laws import told
from tests.property.strategies import FLOW_ONLY, load, random_procedure, to_events

PROCEDURES = 60
ACTIONS = 12


def bare(steps: Plain) -> dict[str, Any]:
    """Return the steps with nothing but their arrows, each action with its first one."""
    found: dict[str, Any] = {}
    for name, step in steps.items():
        if "parallel" in step:
            branches = {
                branch: {"start": one["start"], "steps": bare(one["steps"])}
                if "steps" in one
                else bare({branch: one})[branch]
                for branch, one in step["parallel"].items()
            }
            found[name] = {"parallel": branches, "then": ways(step["then"])[0][0]}
        elif "end" in step:
            found[name] = step
        else:
            actions = {action: ways(one)[0][0] for action, one in step["actions"].items()}
            found[name] = {"by": "any", "actions": actions}
    return found


def statechart(procedure: Plain) -> StateChart[Any]:
    """Return the same procedure as a statechart that has begun."""
    states = _region(procedure["steps"], procedure["start"], "")
    unchecked = dict.fromkeys(("final_reachability", "disconnected_states", "trap_states"), False)
    made = create_machine_class_from_definition(
        "Bare", states, **{f"validate_{one}": value for one, value in unchecked.items()}
    )
    return made()


def _region(steps: Plain, start: str, end: str) -> dict[str, Any]:
    """Return the states of a region; `end` is the final state of a branch, called `done` in a procedure."""
    states: dict[str, Any] = {end: {"final": True}} if end else {}
    for name, step in steps.items():
        on: dict[str, Any] = {}
        state: dict[str, Any] = {"initial": name == start, "on": on}
        if "parallel" in step:
            state |= {"parallel": True, "states": {}}
            for branch, one in step["parallel"].items():
                inner = _region(one.get("steps", {branch: one}), one.get("start", branch), f"{branch}__done")
                state["states"][f"{branch}__region"] = {"states": inner}
            on[f"done_state_{name}"] = [{"target": end if step["then"] == "done" else step["then"]}]
        elif "end" in step:
            state["final"] = True
        else:
            for action, to in step["actions"].items():
                stays = {"target": None}
                on[action] = [stays if to == "same" else {"target": end if to == "done" else to}]
        states[name] = state
    return states


def stands(chart: StateChart[Any]) -> set[str]:
    """Return the active steps, blocks included."""
    return {one for one in map(str, chart.configuration_values) if "__" not in one}


def test_a_case_stands_where_the_statechart_stands() -> None:
    compared = 0
    for number in range(PROCEDURES):
        rng = Random(f"statechart {number}")
        procedure = random_procedure(rng)
        procedure["steps"] = bare(procedure["steps"])
        procedure.pop("anytime", None)
        judge, chart = Judge(load(procedure), witness=FLOW_ONLY), statechart(procedure)
        state = judge.begin("case-1")
        trace: list[PlainEvent] = []
        for _ in range(ACTIONS):
            assert set(state.configuration.active_steps()) == stands(chart), told(
                "it stands elsewhere", procedure, trace
            )
            due = sorted({action for _, action in judge.automaton.due(state.configuration)})
            if not due:
                break
            trace.append({"kind": "action", "action": rng.choice(due)})
            state = judge.advance(state, to_events(trace)[-1])
            chart.send(trace[-1]["action"])
            compared += 1
        assert state.cost.flow == 0
    assert compared > 3 * PROCEDURES
