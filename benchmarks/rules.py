"""Twenty constraints over the ServiceNow log, against the Declare checkers of pm4py and Declare4Py, in one run.

    python -m benchmarks.rules [DATA]        DATA holds servicenow-incidents/ (default: ../shared/data)

Every contender runs in fresh processes of its own, in turn, and must find the same constraints broken in the same
cases; medians are compared, importing is not counted. `PROCFLOW_PEERS` names the Python that has pm4py and Declare4Py.

**In memory.** The log is what each has in memory when it begins: ours events, pm4py's a table or the lists of names it
makes of one, Declare4Py's an event log of pm4py's. Repeated states are left out for all. Gaps are not heeded, as the
others do not know them. What is found: pm4py names the constraints a case breaks; Declare4Py counts activations and
violations; ours names, for each violation, the events that set the rule off and the one that was forbidden.

**From the file.** Reading is counted. The peers read by pandas (C), only the four columns needed, the format of times
said; pm4py once more as its documentation shows it. Ours accounts for every row and says what is wrong with it. Here
ours heeds the gaps: what may have happened where entries are missing is not held against a case, so it finds less
broken, and never more.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from procflow.auditor.case_told import deviations_of
from procflow.auditor.rules_alone import CaseOutcome, RulesAlone
from procflow.eventlogs.log import read_log
from procflow.loading.mapping import load_mapping
from procflow.model.event import EVERYTHING, Trace, Witness
from procflow.model.rule import Rule
from procflow.resources import shipped
from tests.oracle.declare import Constraint, rules_of, trace_of

LOG = Path("servicenow-incidents") / "incident_event_log.zip"
ROUNDS = 3


def _one(template: str, *of: str, n: int = 1) -> Constraint:
    counted = template in ("existence", "absence", "exactly")
    return {"template": template, "of": list(of), "n": n} if counted else {"template": template, "of": list(of)}


CONSTRAINTS: tuple[Constraint, ...] = (
    _one("existence", "closed"),
    _one("existence", "resolved"),
    _one("exactly", "closed"),
    _one("absence", "awaiting-evidence", n=0),
    _one("init", "new"),
    _one("responded-existence", "awaiting-vendor", "active"),
    _one("responded-existence", "awaiting-problem", "resolved"),
    _one("response", "active", "resolved"),
    _one("response", "awaiting-user-info", "active"),
    _one("response", "awaiting-vendor", "active"),
    _one("response", "resolved", "closed"),
    _one("precedence", "new", "resolved"),
    _one("precedence", "active", "awaiting-user-info"),
    _one("precedence", "resolved", "closed"),
    _one("alternate-response", "awaiting-user-info", "active"),
    _one("alternate-precedence", "active", "resolved"),
    _one("chain-response", "resolved", "closed"),
    _one("chain-response", "new", "active"),
    _one("chain-precedence", "resolved", "closed"),
    _one("not-co-existence", "awaiting-vendor", "awaiting-problem"),
)
"""Of templates that both peers have and understand as we do."""

OURS = "procflow, each violation with its events"
IN_MEMORY = {
    OURS: "alone",
    "procflow, each finding in words, with person and row": "told",
    "pm4py, its lists of names": "pm4py-lists",
    "pm4py, its table": "pm4py",
    "Declare4Py": "declare4py",
}
FROM_FILE = {
    "procflow, each violation with its events": "file",
    "pm4py, only the columns needed": "pm4py",
    "pm4py, as its documentation reads": "pm4py-documented",
    "Declare4Py, only the columns needed": "declare4py",
}
_MAPPING = """\
case: number
time: { column: sys_updated_at, format: "%d/%m/%Y %H:%M", zone: UTC, resolution: 1 minute }
order: sys_mod_count
cases: closed
status: { column: incident_state, to: STATES, ignore: { "-100": not a state } }
witnesses: [time]
"""


def traces_of(data: Path) -> list[list[str]]:
    """Return the states each incident went through, repeated ones left out."""
    reading = read_log(str(data / LOG), load_mapping(shipped("examples") / "servicenow-incident.map.yaml"))
    return [_changes([event.action for event in trace.events]) for trace in reading.traces]


def _changes(states: Sequence[str]) -> list[str]:
    return [one for before, one in zip(["", *states], states, strict=False) if one != before]


def ours(how: str, task: Path) -> None:
    """Judge in this process, which is fresh, and print what the peers print."""
    given = json.loads(task.read_text(encoding="utf-8"))
    procedure, rules = rules_of(given["constraints"], statuses=True)
    witness = Witness(role=False, evidence=False, reason=False) if how == "file" else EVERYTHING
    traces: Iterable[Trace] = ()
    if how != "file":
        traces = [trace_of(f"{number:08}", one, statuses=True) for number, one in enumerate(given["traces"])]
    gc.collect()
    gc.freeze()  # as the peers do: nobody looks for garbage in what was there before
    began = time.perf_counter(), time.process_time()
    if how == "file":
        mapping = Path(given["csv"]).with_suffix(".yaml")
        traces = read_log(given["csv"], load_mapping(mapping)).traces
    alone = RulesAlone(rules, witness, statuses=True, procedure=procedure)
    found = [alone.judge(trace) for trace in traces]
    read = _in_words if how == "told" else _named
    events = sum(map(read, found))
    seconds = time.perf_counter() - began[0], time.process_time() - began[1]
    found.sort(key=_case)  # as pm4py has them
    print(json.dumps({"seconds": seconds, "violated": [_violated(one) for one in found], "told": events}))


def _case(found: CaseOutcome) -> str:
    return found.trace.case


def _named(found: CaseOutcome) -> int:
    """Count the activations and targets named, so that nothing is left to be made."""
    return sum(len(one.activations) + (one.target is not None) for one in found.breaches)


def _in_words(found: CaseOutcome) -> int:
    return len(deviations_of(found))


def _violated(found: CaseOutcome) -> list[int]:
    return sorted({int(one.rule[1:]) for one in found.breaches})


Answer = tuple[tuple[float, float], list[list[int]], int]


def _run(contender: str, task: Path) -> Answer:
    if contender in ("alone", "told", "file"):
        command = [sys.executable, "-m", "benchmarks.rules", "--ours", contender, str(task)]
    else:
        command = [_peers(), str(Path(__file__).with_name("_declare_peers.py")), contender, str(task)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    # pm4py says goodbye after the answer.
    answer = json.loads(next(line for line in reversed(told) if line.startswith('{"seconds"')))
    clock, cpu = answer["seconds"]
    return (clock, cpu), answer["violated"], answer.get("told", 0)


def _peers() -> str:
    return os.environ.get("PROCFLOW_PEERS", sys.executable)


def _installed(contender: str) -> bool:
    module = {"declare4py": "Declare4Py"}.get(contender, "pm4py" if contender.startswith("pm4py") else "procflow")
    python = sys.executable if module == "procflow" else _peers()
    found = subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0
    if not found:
        print(f"  {module} is not installed for {python}, so it is not measured: pip install 'procflow[bench]'")
    return found


def compare(contenders: dict[str, str], task: Path, agree: Callable[[list[list[int]], list[list[int]]], bool]) -> None:
    """Print seconds and ratios of contenders over one task, in rounds; the first is what they are compared with."""
    here = {name: how for name, how in contenders.items() if _installed(how)}
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in here}
    found: dict[str, Answer] = {}
    for _ in range(ROUNDS):
        found = {name: _run(how, task) for name, how in here.items()}
        for name, (seconds, violated, _) in found.items():
            assert agree(found[OURS][1], violated), f"{name} finds something else"
            taken[name].append(seconds)
    print(f"  {'':<54} {'clock':>11} {'ratio':>9}  {'processor':>11} {'ratio':>9}")
    base = [median(column) for column in zip(*taken[OURS], strict=True)]
    for name, times in taken.items():
        clock, cpu = (median(column) for column in zip(*times, strict=True))
        ratios = clock / base[0], cpu / base[1]
        print(f"  {name:<54} {clock * 1e3:8.0f} ms {ratios[0]:7.1f} x  {cpu * 1e3:8.0f} ms {ratios[1]:7.1f} x")
    for name, (_, violated, told) in found.items():
        broken = sum(map(len, violated))
        print(f"  {name:<54} {broken:,} constraints broken" + (f", {told:,} events or findings named" if told else ""))


def judged_with_rules(data: Path) -> None:
    """Print what the whole judge takes, flow and all, with the rules in the procedure and without."""
    from procflow.judge import Judge
    from procflow.loading.procedure import load_procedure

    examples = shipped("examples")
    written = load_procedure(examples / "servicenow-incident.yaml")
    mapping = load_mapping(examples / "servicenow-incident.map.yaml")
    reading = read_log(str(data / LOG), mapping)
    asked: dict[str, tuple[Rule, ...]] = {
        "the whole judge without rules": (),
        "the whole judge with them": rules_of(CONSTRAINTS, statuses=True)[1],
    }
    for name, rules in asked.items():
        procedure = replace(written, rules=rules)
        judge = Judge(procedure, witness=mapping.witness, statuses=True)
        gc.collect()
        began = time.process_time()
        for trace in reading.traces:
            judge.audit(judge.run(trace), closed=trace.closed)
        print(f"  {name:<54} {(time.process_time() - began) * 1e3:8.0f} ms of the processor")


def main() -> None:
    """Print both tables, and what the whole judge takes."""
    if sys.argv[1:2] == ["--ours"]:
        ours(sys.argv[2], Path(sys.argv[3]))
        return
    data = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PROCFLOW_DATA", "../shared/data"))
    if not (data / LOG).is_file():
        print(f"  {data / LOG} is not there: nothing is measured")
        return
    traces = traces_of(data)
    with tempfile.TemporaryDirectory() as folder:
        task = Path(folder) / "task.json"
        task.write_text(json.dumps({"constraints": CONSTRAINTS, "traces": traces}), encoding="utf-8")
        print(f"in memory: {len(CONSTRAINTS)} constraints, {len(traces):,} cases, {sum(map(len, traces)):,} events")
        compare(IN_MEMORY, task, lambda one, other: one == other)
        with zipfile.ZipFile(data / LOG) as packed:
            file = Path(packed.extract(packed.namelist()[0], folder))
        known = load_mapping(shipped("examples") / "servicenow-incident.map.yaml").status
        assert known is not None
        states = json.dumps(dict(known.to))
        file.with_suffix(".yaml").write_text(_MAPPING.replace("STATES", states), encoding="utf-8")
        columns = {"case": "number", "name": "incident_state", "time": "sys_updated_at", "order": "sys_mod_count"}
        read = {"csv": str(file), "to": dict(known.to), "format": "%d/%m/%Y %H:%M", **columns}
        task.write_text(json.dumps({"constraints": CONSTRAINTS, **read}), encoding="utf-8")
        print(f"from the file: {file.stat().st_size / 1e6:.0f} MB of CSV")
        compare(FROM_FILE, task, _found_all)
    print("for information, in memory")
    judged_with_rules(data)


def _found_all(ours: list[list[int]], theirs: list[list[int]]) -> bool:
    """Return True if they find at least what we do, in each case."""
    return all(set(one) <= set(other) for one, other in zip(ours, theirs, strict=True))


if __name__ == "__main__":
    main()
