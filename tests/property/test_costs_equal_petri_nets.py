"""Law: without data, what a case costs is the classical alignment cost of the same procedure as a Petri net.

The net is aligned by a few lines of our own in every run, and by pm4py and r4pm where they are installed:
`PROCFLOW_PEERS` names the Python that has them (by default this one). Neither is a dependency of procflow; pm4py is
AGPL and is compared with, never imported by the program.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from benchmarks.alignments import Variant, align, models, without_data
from procflow.automaton.machine import TIMER
from procflow.automaton.vectors import Label
from procflow.model.procedure import Procedure
from tests.conftest import REPOSITORY
from tests.oracle.petri import START, Net, as_plain, petri_net
from tests.oracle.petri_cost import cheapest
from tests.oracle.plain import PlainEvent
from tests.property.strategies import load, random_procedure, random_trace

PEERS = os.environ.get("PROCFLOW_PEERS", sys.executable)
EXAMPLES = 100


def random_model(number: int) -> tuple[Procedure, list[Variant]]:
    """Return a random procedure and some variants of its cases, each once."""
    rng = Random(f"petri {number}")
    written = random_procedure(rng)
    traces = [random_trace(written, rng) for _ in range(3)]
    labels = [tuple(label_of(one) for one in trace if one["kind"] in ("action", "timer")) for trace in traces]
    return load(written), list(dict.fromkeys(labels))


def label_of(event: PlainEvent) -> Label:
    return Label(TIMER + event["action"]) if event["kind"] == "timer" else Label(event["action"])


def names(variant: Variant) -> list[str]:
    return [START + label.action if label.start else label.action for label in variant]


def test_a_net_aligned_by_the_textbook_costs_the_same() -> None:
    compared = deviating = 0
    for number in range(EXAMPLES):
        procedure, variants = random_model(number)
        net, ours = petri_net(procedure), align(without_data(procedure), variants)
        for variant, cost in zip(variants, ours, strict=True):
            assert cheapest(net, names(variant)) == cost, (number, names(variant))
            compared, deviating = compared + 1, deviating + (cost > 0)
    assert compared > EXAMPLES
    assert deviating > EXAMPLES / 2


def test_each_log_costs_the_same(real_data: Path) -> None:
    for model in models(real_data):
        ours = align(model.automaton(), model.variants)
        assert len(model.variants) > 4
        for variant, cost in list(zip(model.variants, ours, strict=True))[::60]:
            assert cheapest(model.net, names(variant)) == cost, (model.name, names(variant))


@pytest.mark.parametrize("peer", ["pm4py", "r4pm"])
def test_peers_say_the_same_of_random_procedures(peer: str, tmp_path: Path) -> None:
    require(peer)
    for number in range(12):
        procedure, variants = random_model(number)
        net = petri_net(procedure)
        if any(one.forced for one in net.transitions):
            continue  # they have no transitions that only an event may take
        ours = align(without_data(procedure), variants)
        assert aligned_by(peer, net, [names(one) for one in variants], tmp_path) == list(ours), number


@pytest.mark.parametrize("peer", ["pm4py", "r4pm"])
def test_peers_say_the_same_of_the_logs(peer: str, real_data: Path, tmp_path: Path) -> None:
    require(peer)
    for model in models(real_data):
        some = model.variants[:: max(1, len(model.variants) // 100)]
        ours = align(model.automaton(), some)
        assert aligned_by(peer, model.net, [names(one) for one in some], tmp_path) == list(ours), model.name


def require(peer: str) -> None:
    """Skip, and say why, where a peer is not installed."""
    found = subprocess.run([PEERS, "-c", f"import {peer}"], capture_output=True, check=False)
    if found.returncode:
        pytest.skip(f"{peer} is not installed for {PEERS}: pip install 'procflow[bench]', or set PROCFLOW_PEERS")


def aligned_by(peer: str, net: Net, traces: Sequence[Sequence[str]], folder: Path) -> list[int]:
    task = folder / "task.json"
    task.write_text(json.dumps({"net": as_plain(net), "traces": traces}), encoding="utf-8")
    variant = ["dijkstra_less_memory"] if peer == "pm4py" else []
    command = [PEERS, str(REPOSITORY / "benchmarks" / "_peers.py"), peer, str(task), *variant]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    answer = next(line for line in reversed(told.splitlines()) if line.startswith('{"seconds"'))
    costs: list[int] = json.loads(answer)["costs"]
    return costs
