"""Aligning whole logs with a model without data, against pm4py and r4pm (Rust), in one run.

    python -m benchmarks.alignments [DATA]        DATA holds the logs (default: ../shared/data)

Aligning only: the log is in memory as its variants, the model is built, nothing is remembered yet. Every contender
runs in fresh processes of its own, in turn, and must find the same cost for every variant; medians are compared.
`PROCFLOW_PEERS` names the Python that has pm4py and r4pm (`pip install 'procflow[bench]'`; by default this one).

**An equal model.** The net is written from the procedure by `tests/oracle/petri.py`: of ServiceNow's status history
from the projected procedure, of the insurance claims with its block as AND split and join. Neither side knows data:
ours reads every condition as one that the log cannot witness, so each alternative is open and nothing is attached;
the net has all of them as transitions. Gaps of the log are not heeded. `anytime` actions of these two procedures only
record, so they are loops, which no cheapest alignment adds.

**Equal costs.** A move without a partner costs 1 on either side, one in step nothing; pm4py charges 10,000 and, for a
silent move, 1. What we compare with is the prefix cost plus the way from there `to_an_end`.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from procflow.automaton.alignment import MOST_CONFIGURATIONS, Aligner
from procflow.automaton.alternatives import Reading
from procflow.automaton.automaton import Automaton
from procflow.automaton.projection import ENTERS, Projection, project
from procflow.automaton.vectors import Circumstances, Label, Scope
from procflow.eventlogs.log import read_log
from procflow.loading.mapping import load_mapping
from procflow.loading.procedure import load_procedure
from procflow.model.event import Event, Kind, Lifecycle
from procflow.model.procedure import Procedure
from procflow.resources import shipped
from tests.oracle.petri import START, Net, as_plain, petri_net

Variant = tuple[Label, ...]

LOGS = (
    ("servicenow-incident", Path("servicenow-incidents") / "incident_event_log.zip", True),
    ("insurance-claim", Path("insurance-claims") / "Insurance_Claims_train.csv", False),
)
PEERS = (
    ("r4pm, align_variants (Rust)", "r4pm", ""),
    ("pm4py, state_equation_a_star (its default)", "pm4py", "state_equation_a_star"),
    ("pm4py, dijkstra_less_memory (its fastest exact)", "pm4py", "dijkstra_less_memory"),
)
OURS = "procflow, Aligner"
ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A log as its variants, with the procedure that explains it."""

    name: str
    projection: Projection
    variants: tuple[Variant, ...]
    cases: int

    @property
    def net(self) -> Net:
        """The procedure as a Petri net."""
        return petri_net(self.projection.procedure, never_skipped=self.projection.never_skipped)

    def automaton(self) -> Automaton:
        """Return the procedure as an automaton nobody has explored yet."""
        return Automaton(self.projection.procedure, never_skipped=self.projection.never_skipped)


def models(data: Path) -> Iterator[Model]:
    """Yield the logs that are there."""
    examples = shipped("examples")
    for name, log, statuses in LOGS:
        if not (data / log).is_file():
            print(f"  {data / log} is not there: it is not measured")
            continue
        mapping = load_mapping(examples / f"{name}.map.yaml")
        reading = read_log(str(data / log), mapping)
        variants = Counter(tuple(map(_label, trace.events)) for trace in reading.traces)
        projection = projected(name, statuses)
        yield Model(name=name, projection=projection, variants=tuple(sorted(variants)), cases=variants.total())


def projected(name: str, statuses: bool) -> Projection:
    """Return a shipped procedure as its log sees it."""
    procedure = load_procedure(shipped("examples") / f"{name}.yaml")
    return project(procedure) if statuses else Projection(procedure=procedure)


def _label(event: Event) -> Label:
    if event.kind is Kind.STATUS:
        return Label(ENTERS + event.action)
    return Label(event.action, event.lifecycle is Lifecycle.START)


def without_data(procedure: Procedure) -> Automaton:
    """Return the automaton of a procedure as it is written."""
    return Automaton(procedure)


def align(automaton: Automaton, variants: Sequence[Variant]) -> Sequence[int]:
    """Return what the cheapest complete explanation of each variant costs.

    Equal beginnings of neighbours are judged once. The search is as wide as may be from the start: what a case costs
    that is to come to an end still, is not certain before everything is looked at.
    """
    aligner = Aligner(automaton)
    gates = (Reading.UNSEEN,) * len(automaton.gates)
    given = {label: _unseen(automaton, label, gates) for label in dict.fromkeys(x for one in variants for x in one)}
    # Work is started in these logs.
    first = aligner.opening(gates, on_record=False, scope=Scope(MOST_CONFIGURATIONS, lean=False))
    path = [(first.vector, first.cost.flow)]
    before: Variant = ()
    costs = []
    for variant in variants:
        del path[_shared(before, variant) + 1 :]
        while len(path) <= len(variant):
            vector, cost = path[-1]
            label = variant[len(path) - 1]
            advance = aligner.advance(vector, label, given[label])
            path.append((advance.vector, cost + advance.cost.flow))
        before = variant
        vector, cost = path[-1]
        onward = aligner.to_an_end(vector, gates)
        assert onward.flow is not None, "an end can be reached from everywhere"
        assert onward.proven, "the models are small"
        costs.append(cost + onward.flow)
    return costs


def _unseen(automaton: Automaton, label: Label, gates: tuple[Reading, ...]) -> Circumstances:
    guards = (Reading.UNSEEN,) * len(automaton.guards.get(label.action, ()))
    return Circumstances(before=gates, after=gates, guards=guards, used_up=frozenset(), gap=False)


def _shared(one: Variant, other: Variant) -> int:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a is not b and a != b:
            break
        length += 1
    return length


def ours(task: Path) -> None:
    """Align in this process, which is fresh, and print what the peers print."""
    told = json.loads(task.read_text(encoding="utf-8"))
    projection = projected(told["name"], told["statuses"])
    automaton = Automaton(projection.procedure, never_skipped=projection.never_skipped)
    labels = {(action, start): Label(action, start) for one in told["variants"] for action, start in one}
    variants = [tuple(labels[action, start] for action, start in one) for one in told["variants"]]
    gc.collect()
    began = time.perf_counter(), time.process_time()
    costs = align(automaton, variants)
    took = time.perf_counter() - began[0], time.process_time() - began[1]
    print(json.dumps({"seconds": took, "costs": costs}))


def measure(model: Model) -> None:
    """Print seconds and ratios of one log."""
    events = sum(map(len, model.variants))
    print(f"{model.name}: {model.cases:,} cases, {len(model.variants):,} variants, {events:,} events in them")
    traces = [[START + x.action if x.start else x.action for x in one] for one in model.variants]
    statuses = next(statuses for name, _, statuses in LOGS if name == model.name)
    plain = {"name": model.name, "statuses": statuses, "variants": model.variants}
    with tempfile.TemporaryDirectory() as folder:
        task = Path(folder) / "task.json"
        task.write_text(json.dumps({**plain, "net": as_plain(model.net), "traces": traces}), encoding="utf-8")
        here = str(Path(__file__).with_name("_peers.py"))
        contenders = {OURS: [sys.executable, "-m", "benchmarks.alignments", "--ours", str(task)]}
        contenders |= {
            told: [_peers(), here, peer, str(task), *filter(None, [variant])]
            for told, peer, variant in PEERS
            if _installed(peer)
        }
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
        for _ in range(ROUNDS):
            found = {name: _run(command) for name, command in contenders.items()}
            for name, (seconds, costs) in found.items():
                assert costs == found[OURS][1], f"{name} finds other costs"
                taken[name].append(seconds)
    print(f"  {'':<48} {'clock':>13} {'ratio':>9}  {'processors':>13} {'ratio':>9}")
    base = [median(column) for column in zip(*taken[OURS], strict=True)]
    for name, times in taken.items():
        clock, cpu = (median(column) for column in zip(*times, strict=True))
        ratios = clock / base[0], cpu / base[1]
        print(f"  {name:<48} {clock * 1e3:10.2f} ms {ratios[0]:7.2f} x  {cpu * 1e3:10.2f} ms {ratios[1]:7.2f} x")
    print(f"  equal costs for all {len(model.variants):,} variants, {sum(found[OURS][1]):,} in all; {ROUNDS} rounds")


def _run(command: Sequence[str]) -> tuple[tuple[float, float], list[int]]:
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    # pm4py says goodbye after the answer.
    answer = json.loads(next(line for line in reversed(told) if line.startswith('{"seconds"')))
    clock, cpu = answer["seconds"]
    return (clock, cpu), answer["costs"]


def _peers() -> str:
    return os.environ.get("PROCFLOW_PEERS", sys.executable)


def _installed(peer: str) -> bool:
    found = subprocess.run([_peers(), "-c", f"import {peer}"], capture_output=True, check=False).returncode == 0
    if not found:
        print(f"  {peer} is not installed for {_peers()}, so it is not measured: pip install 'procflow[bench]'")
    return found


def main() -> None:
    """Print a table for each log."""
    if sys.argv[1:2] == ["--ours"]:
        ours(Path(sys.argv[2]))
        return
    for model in models(Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PROCFLOW_DATA", "../shared/data"))):
        measure(model)


if __name__ == "__main__":
    main()
