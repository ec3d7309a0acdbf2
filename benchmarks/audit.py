"""Auditing a whole log from the file, against merely reading its rows and sorting them into cases.

    python -m benchmarks.audit [DATA]        DATA holds servicenow-incidents/ (default: ../shared/data)

The floor is Python's own `csv` reader with one sort and no judgement: nothing written in Python can do less. A peer
that aligns (pm4py, r4pm) is measured where models without data are compared.
"""

from __future__ import annotations

import csv
import io
import resource
import sys
import zipfile
from datetime import datetime
from pathlib import Path

from benchmarks._timing import seconds
from procflow.auditor import audit
from procflow.resources import shipped

LOG = Path("servicenow-incidents") / "incident_event_log.zip"


def floor(log: Path) -> int:
    """Read, parse times, sort into cases; return how many rows there are."""
    known: dict[str, datetime] = {}
    cases: dict[str, list[tuple[datetime, int, str]]] = {}
    with zipfile.ZipFile(log) as packed, packed.open(packed.namelist()[0]) as raw:
        rows = csv.reader(io.TextIOWrapper(raw, encoding="utf-8"))
        header = next(rows)
        case, status, at, order = (
            header.index(c) for c in ("number", "incident_state", "sys_updated_at", "sys_mod_count")
        )
        for row in rows:
            when = known.get(row[at])
            if when is None:
                when = known[row[at]] = datetime.strptime(row[at], "%d/%m/%Y %H:%M")
            cases.setdefault(row[case], []).append((when, int(row[order]), row[status]))
    return sum(len(sorted(entries)) for entries in cases.values())


def main() -> None:
    """Print seconds, ratio and peak memory."""
    log = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data") / LOG
    if not log.is_file():
        print(f"  {log} is not there: nothing is measured")
        return
    examples = shipped("examples")

    def whole() -> None:
        audit(examples / "servicenow-incident.yaml", log, mapping=examples / "servicenow-incident.map.yaml")

    taken = seconds({"read and sort, no judgement": lambda: floor(log), "procflow audit": whole}, rounds=3)
    rows = floor(log)
    for name, took in taken.items():
        ratio = took / taken["read and sort, no judgement"]
        print(f"  {name:<30} {took:6.2f} s  {rows / took:10,.0f} rows/s  {ratio:5.2f} x")
    print(f"  peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
