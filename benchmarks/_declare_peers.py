"""Checks Declare constraints by pm4py or Declare4Py, in a process of its own that knows nothing of procflow.

    python benchmarks/_declare_peers.py pm4py TASK.json
    python benchmarks/_declare_peers.py pm4py-lists TASK.json
    python benchmarks/_declare_peers.py pm4py-documented TASK.json
    python benchmarks/_declare_peers.py declare4py TASK.json

TASK.json holds `constraints`, each `{template, of, n, when, within}` with our names of templates and the activities in
the order of Declare (`precedence(a, b)`: b needs an a before it), and the log: `traces`, each a list of names or of
events `{name, at, amount}`; or `csv`, the path of a table to read instead, with `case`, `name`, `time`, `format`,
`order` and `to`. The last line printed is JSON: `seconds` by the clock and of the processor, `violated`, the numbers of
the constraints that each trace breaks, and `counts`, where the tool counts: for each trace and constraint how often it
was activated and how often broken. A constraint whose template the tool does not have is None everywhere.

pm4py is under the AGPL: it is measured beside procflow, and nothing of procflow imports it.
"""

import contextlib
import gc
import io
import json
import sys
import time
import warnings
from datetime import datetime, timedelta
from pathlib import Path

warnings.filterwarnings("ignore")

PM4PY = {
    "existence": "existence",
    "absence": "absence",
    "exactly": "exactly_one",
    "init": "init",
    "responded-existence": "responded_existence",
    "response": "response",
    "precedence": "precedence",
    "succession": "succession",
    "alternate-response": "altresponse",
    "alternate-precedence": "altprecedence",
    "alternate-succession": "altsuccession",
    "chain-response": "chainresponse",
    "chain-precedence": "chainprecedence",
    "chain-succession": "chainsuccession",
    "co-existence": "coexistence",
    "not-co-existence": "noncoexistence",
    "not-succession": "nonsuccession",
    "not-chain-succession": "nonchainsuccession",
}
DECLARE4PY = {
    "existence": "Existence",
    "absence": "Absence",
    "exactly": "Exactly",
    "init": "Init",
    "last": "End",
    "choice": "Choice",
    "exclusive-choice": "Exclusive Choice",
    "responded-existence": "Responded Existence",
    "response": "Response",
    "precedence": "Precedence",
    "alternate-response": "Alternate Response",
    "alternate-precedence": "Alternate Precedence",
    "chain-response": "Chain Response",
    "chain-precedence": "Chain Precedence",
    "not-responded-existence": "Not Responded Existence",
    "not-response": "Not Response",
    "not-precedence": "Not Precedence",
    "not-chain-response": "Not Chain Response",
    "not-chain-precedence": "Not Chain Precedence",
    # Its grammar has Succession, Alternate and Chain Succession, Co-Existence and their negations too, and 2.2.0 has no
    # checker for them, as a comment in its source says.
    "not-co-existence": "Not Responded Existence",  # broken by the same traces, and counted from one side
}
COUNTED = frozenset({"existence", "absence", "exactly"})


def pm4py_has(one):
    """Return True if pm4py can say it: no numbers, no conditions, no time."""
    plain = one.get("when") is None and one.get("within") is None
    n = {"absence": 0}.get(one["template"], 1)
    return one["template"] in PM4PY and plain and one.get("n", n) == n


def pm4py_model(constraints):
    """Return the constraints as pm4py has them, and which number each of its own stands for."""
    model, number = {}, {}
    for index, one in enumerate(constraints):
        if pm4py_has(one):
            key = one["of"][0] if len(one["of"]) == 1 else tuple(one["of"])
            name = PM4PY[one["template"]]
            model.setdefault(name, {})[key] = {"support": 1, "confidence": 1}
            number[name, key] = index
    return model, number


def by_pm4py(task, lists=False, documented=False):
    """Check by pm4py, which is given a table as it reads one, or the lists of names it makes of that first."""
    import pandas as pd
    from pm4py.algo.conformance.declare.variants import classic

    model, number = pm4py_model(task["constraints"])
    began = _now()
    read = (_documented if documented else _table)(task) if "csv" in task else None
    reading = _since(began)
    if lists:
        traces = _names(task)
        began = _now()
        found = classic.apply_list(traces, model)
        taken = _since(began)
    else:
        table = _frame(pd, _names(task)) if read is None else read
        began = _now()
        found = classic.apply(table, model)
        taken = _since(began)
    if read is not None:
        taken = [one + other for one, other in zip(reading, taken, strict=True)]
    return taken, [sorted(number[name, key] for name, key in map(tuple, one["deviations"])) for one in found], None


def by_declare4py(task):
    """Check by Declare4Py, which is given an event log of pm4py's, and counts what is never activated as kept."""
    from Declare4Py.D4PyEventLog import D4PyEventLog
    from Declare4Py.ProcessMiningTasks.ConformanceChecking.MPDeclareAnalyzer import MPDeclareAnalyzer
    from Declare4Py.ProcessModels.DeclareModel import DeclareModel
    from pm4py.objects.conversion.log import converter
    from pm4py.objects.log.obj import Event, EventLog, Trace

    numbers = [index for index, one in enumerate(task["constraints"]) if one["template"] in DECLARE4PY]
    text = "\n".join(declare4py_line(task["constraints"][index]) for index in numbers)
    model = DeclareModel().parse_from_string(text)
    assert len(model.constraints) == len(numbers), "every line is understood"
    reading = [0.0, 0.0]
    if "csv" in task:
        began = _now()
        log = converter.apply(_table(task), variant=converter.Variants.TO_EVENT_LOG)
        reading = _since(began)
    else:
        log = EventLog([Trace([Event(_event(one)) for one in trace]) for trace in task["traces"]])
    log._properties["pm4py:param:activity_key"] = "concept:name"
    log._properties["pm4py:param:timestamp_key"] = "time:timestamp"
    wrapped = D4PyEventLog(log=log)
    began = _now()
    with contextlib.redirect_stdout(io.StringIO()) as said:
        results = MPDeclareAnalyzer(log=wrapped, declare_model=model, consider_vacuity=True).run().model_check_res
    taken = [one + other for one, other in zip(reading, _since(began), strict=True)]
    assert not said.getvalue(), said.getvalue()
    violated = [[numbers[i] for i, one in enumerate(trace) if one.state.value == "Violated"] for trace in results]
    counts = [
        {str(numbers[i]): [one.num_activations, one.num_violations] for i, one in enumerate(trace)} for trace in results
    ]
    return taken, violated, counts


def declare4py_line(one):
    """Return a constraint as Declare4Py writes it: template, activities, then activation, correlation and time."""
    n = one.get("n", 1)
    # absence(n) is "fewer than n" there.
    often = str(n + 1 if one["template"] == "absence" else n) if one["template"] in COUNTED else ""
    when = one.get("when") or ""
    time_of = f"0,{one['within']},m" if one.get("within") is not None else ""
    conditions = [when, "", time_of] if len(one["of"]) == 2 else [when, time_of]
    return f"{DECLARE4PY[one['template']]}{often}[{', '.join(one['of'])}] " + " ".join(
        f"|{each}" for each in conditions
    )


def _event(given):
    if isinstance(given, str):
        return {"concept:name": given}
    at = datetime(2026, 1, 1) + timedelta(minutes=given["at"])
    return {"concept:name": given["name"], "time:timestamp": at, "amount": given["amount"]}


def _names(task):
    return [[one if isinstance(one, str) else one["name"] for one in trace] for trace in task["traces"]]


def _frame(pd, traces):
    """Return the table pm4py would have read: a row an event. It sorts cases by their names."""
    start = datetime(2026, 1, 1)
    rows = [
        (f"{case:08}", name, start + timedelta(seconds=s))
        for case, one in enumerate(traces)
        for s, name in enumerate(one)
    ]
    columns = ["case:concept:name", "concept:name", "time:timestamp"]
    return pd.DataFrame(rows, columns=columns).set_index(pd.RangeIndex(len(rows)))


def _table(task):
    """Read a table as a user of pm4py does who knows it: only the columns needed, the format of times said."""
    import pandas as pd

    columns = [task["case"], task["name"], task["time"], task["order"]]
    table = pd.read_csv(task["csv"], usecols=columns, dtype={task["case"]: str, task["name"]: str})
    table[task["name"]] = table[task["name"]].map(task["to"])
    table = table[table[task["name"]].notna()]
    table["time:timestamp"] = pd.to_datetime(table[task["time"]], format=task["format"], utc=True)
    table = table.sort_values([task["case"], "time:timestamp", task["order"]], kind="stable")
    same = (table[task["case"]] == table[task["case"]].shift()) & (table[task["name"]] == table[task["name"]].shift())
    table = table[~same].rename(columns={task["case"]: "case:concept:name", task["name"]: "concept:name"})
    return table[["case:concept:name", "concept:name", "time:timestamp"]].reset_index(drop=True)


def _documented(task):
    """Read the same table as pm4py's documentation shows it, all columns of it; only the format of times is said."""
    import pandas as pd
    import pm4py

    read = pd.read_csv(task["csv"])
    table = pm4py.format_dataframe(
        read, case_id=task["case"], activity_key=task["name"], timestamp_key=task["time"], timest_format=task["format"]
    )
    table["concept:name"] = table["concept:name"].map(task["to"])
    table = table[table["concept:name"].notna()].sort_values(
        ["case:concept:name", "time:timestamp", task["order"]], kind="stable"
    )
    cases, names = table["case:concept:name"], table["concept:name"]
    return table[(cases != cases.shift()) | (names != names.shift())].reset_index(drop=True)


def _now():
    gc.collect()
    gc.freeze()
    return time.perf_counter(), time.process_time()


def _since(began):
    return [time.perf_counter() - began[0], time.process_time() - began[1]]


if __name__ == "__main__":
    contender = {
        "pm4py": by_pm4py,
        "pm4py-lists": lambda given: by_pm4py(given, lists=True),
        "pm4py-documented": lambda given: by_pm4py(given, documented=True),
        "declare4py": by_declare4py,
    }[sys.argv[1]]
    seconds, violated, counts = contender(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
    print(json.dumps({"seconds": seconds, "violated": violated, "counts": counts}))
