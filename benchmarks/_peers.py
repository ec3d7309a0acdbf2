"""Aligns traces with a Petri net by pm4py or r4pm, in a process of its own that knows nothing of procflow.

    python benchmarks/_peers.py pm4py TASK.json [state_equation_a_star]
    python benchmarks/_peers.py r4pm TASK.json

TASK.json holds `net` (see `as_plain` in tests/oracle/petri.py) and `traces`. The last line printed is JSON: `seconds`
for aligning alone, by the clock and of the processors, the log and the net in memory, and `costs`, one a trace. pm4py
is under the AGPL: it is measured beside procflow, and nothing of procflow imports it.
"""

import json
import sys
import tempfile
import time
import warnings
from pathlib import Path
from xml.sax.saxutils import quoteattr

warnings.filterwarnings("ignore")
PM4PY_MOVE = 10_000
"""What pm4py charges for a move without a partner; a silent move costs 1."""
R4PM_COSTS = {"log_move_cost": 1, "model_move_cost": 1, "silent_move_cost": 0, "sync_move_cost": 0}


def by_pm4py(task, variant="state_equation_a_star"):
    """Use one of pm4py's exact algorithms; the default is the one it takes itself."""
    from pm4py.algo.conformance.alignments.petri_net import algorithm
    from pm4py.objects.log.obj import Event, EventLog, Trace

    net, initial, final = pm4py_net(task["net"])
    log = EventLog([Trace([Event({"concept:name": name}) for name in trace]) for trace in task["traces"]])
    chosen = getattr(algorithm, f"VERSION_{variant.upper()}")
    began = time.perf_counter(), time.process_time()
    found = algorithm.apply_log(log, net, initial, final, variant=chosen, parameters={"show_progress_bar": False})
    return taken(began), [one["cost"] // PM4PY_MOVE for one in found]


def pm4py_net(plain):
    """Build pm4py's own net."""
    from pm4py.objects.petri_net.obj import Marking, PetriNet
    from pm4py.objects.petri_net.utils import petri_utils

    net = PetriNet("net")
    nodes = {name: PetriNet.Place(name) for name in plain["places"]}
    net.places.update(nodes.values())
    for name, one in plain["transitions"].items():
        nodes[name] = PetriNet.Transition(name, one["label"])
        net.transitions.add(nodes[name])
    for arc in plain["arcs"]:
        source, target = arc["from_to"]["nodes"]
        petri_utils.add_arc_from_to(nodes[source], nodes[target], net)
    initial = Marking({nodes[name]: number for name, number in plain["initial_marking"].items()})
    final = Marking({nodes[name]: number for name, number in plain["final_markings"][0].items()})
    return net, initial, final


def by_r4pm(task):
    """Use r4pm's `align_variants` on a projection it holds itself; reading its answer is not counted."""
    from r4pm import import_item
    from r4pm.bindings import log_to_activity_projection
    from r4pm.r4pm import call_binding

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.xes"
        path.write_text(xes(task["traces"]), encoding="utf-8")
        projection = log_to_activity_projection(import_item("EventLog", str(path)))
    given = json.dumps({"net": task["net"], "projection": projection, "options": {"cost_fn": R4PM_COSTS}})
    name = "process_mining::conformance::case_centric::alignments::align_variants"
    began = time.perf_counter(), time.process_time()
    told = call_binding(name, given)
    took = taken(began)
    costs = {tuple(one["activities"]): one["result"]["Ok"]["cost"] for one in json.loads(told)}
    return took, [costs[tuple(trace)] for trace in task["traces"]]


def taken(began):
    """Return the seconds since then by the clock and of this process's own, all its threads together."""
    return [time.perf_counter() - began[0], time.process_time() - began[1]]


def xes(traces):
    """Write a log with the least XES both sides need."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<log xes.version="1.0">']
    for number, trace in enumerate(traces):
        lines.append(f'<trace><string key="concept:name" value="{number}"/>')
        for second, name in enumerate(trace):
            at = f"2026-01-01T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.000+00:00"
            named = f'<string key="concept:name" value={quoteattr(name)}/>'
            lines.append(f'<event>{named}<date key="time:timestamp" value="{at}"/></event>')
        lines.append("</trace>")
    return "\n".join([*lines, "</log>"])


if __name__ == "__main__":
    contender = {"pm4py": by_pm4py, "r4pm": by_r4pm}[sys.argv[1]]
    seconds, costs = contender(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")), *sys.argv[3:])
    print(json.dumps({"seconds": seconds, "costs": costs}))
