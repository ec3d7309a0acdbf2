"""Reasoning about the conditions of a procedure, against reading its file.

    python -m benchmarks.conditions

A procedure of 1,000 conditions, in alternatives of four that overlap and are complete, or leave a gap that others
close. What `check` says of them must not cost much more than reading the file they stand in, which is the bare
minimum. Nothing is remembered from one round to the next.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks._timing import seconds, table
from procflow.expressions.atoms import reading_of
from procflow.lint.conditions import findings
from procflow.loading.procedure import read_procedure
from procflow.model.procedure import Procedure

CONDITIONS = 1_000
_HEAD = """procflow: 1
procedure: big
version: "1.0"
roles: { agent: Does it all }
data:
  amount: { type: money, currency: EUR }
  gravity: { type: choice, of: [minor, major, critical] }
  ours: yes-no
  people: number
start: s0
steps:
"""


def written(closed: bool) -> str:
    """Return the file; `closed`: the last alternative is `otherwise`, and another action has the fourth condition."""
    end = CONDITIONS // 4
    lines: list[str] = []
    for n in range(end):
        lines += [
            f"  s{n}:",
            "    by: agent",
            "    collect: [amount, gravity, ours, people]",
            "    actions:",
            f"      go-{n}:",
            f'        - {{ to: s{n + 1}, when: \'amount > {1_000 + n} and gravity in ["major", "critical"]\' }}',
            f"        - {{ to: s{max(0, n - 1)}, when: amount > {100 + n} or not ours }}",
            f"        - {{ to: s{n}, when: people <= {n} and times(go-{n}) < 3 }}",
        ]
        if closed:
            lines.append(f"        - {{ to: s{end}, otherwise: true }}")
            lines.append(f'      stop-{n}: {{ to: s{end}, when: gravity == "minor" and people > {n} }}')
        else:
            lines.append(f"        - {{ to: s{end}, when: people > {n} or times(go-{n}) >= 3 }}")
    return "\n".join([_HEAD.rstrip(), *lines, f"  s{end}: {{ end: finished }}", ""])


def _read(text: str) -> Procedure:
    loaded = read_procedure(text, "big.yaml")
    assert loaded.procedure is not None, loaded.findings
    return loaded.procedure


def _reason(procedure: Procedure) -> Callable[[], int]:
    def run() -> int:
        reading_of.cache_clear()
        return len(list(findings(procedure)))

    return run


def main() -> None:
    """Print the tables."""
    for closed, title in ((True, "with `otherwise`"), (False, "complete by their conditions")):
        text = written(closed)
        procedure = _read(text)
        run = _reason(procedure)
        taken = seconds({"reading the file": lambda text=text: _read(text), "reasoning, cold": run}, rounds=5)
        table(
            f"1,000 conditions, {title}: per condition, {run()} findings",
            taken,
            per=CONDITIONS,
            against="reading the file",
        )


if __name__ == "__main__":
    main()
