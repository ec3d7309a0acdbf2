"""`procflow check` as whole processes: a procedure of 1,000 steps beside yamllint and check-jsonschema, and a cold start.

    python -m benchmarks.check

The peers together read the file twice and know its layout and its shape; procflow reads it once and knows what its names,
conditions and arrows mean. Both are run as a user runs them, processes and all, in turn; ratios are of medians. A start is
set against `python -c pass` of the same interpreter: what any program in Python pays.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from procflow.resources import shipped

ROUNDS = 7
STARTS = 25
STEPS = 1_000
_BRANCHES_EVERY = 10

Command = Sequence[str]


def procedure(steps: int) -> str:
    """Return a procedure of so many steps with roles, data, conditions, blocks, checklists, evidence and texts."""
    lines = [
        "procflow: 1",
        "procedure: large",
        'version: "1.0"',
        "title: { en: A large procedure, ro: O procedură mare }",
        "purpose: { en: To be read fast, ro: Să fie citită repede }",
        "roles:",
        *(f"  role-{one}: {{ title: {{ en: Role {one}, ro: Rolul {one} }} }}" for one in range(8)),
        "data:",
    ]
    for one in range(0, steps, 10):
        lines += [
            f"  amount_{one}: {{ type: money, currency: EUR, ask: {{ en: How much is it?, ro: Cât este? }} }}",
            f"  kind_{one}: {{ type: choice, of: [minor, major, critical], ask: {{ en: How bad?, ro: Cât de grav? }} }}",
        ]
    lines += ["start: step-0", "steps:"]
    at = 0
    while at < steps:
        block = at % _BRANCHES_EVERY == _BRANCHES_EVERY - 1 and at + 3 < steps
        lines += _block(at) if block else _step(at, steps)
        at += 3 if block else 1
    return "\n".join([*lines, "  finished: { end: finished }", "  refused: { end: refused }", ""])


def _step(at: int, steps: int) -> list[str]:
    field = at - at % 10
    onward = f"step-{at + 1}" if at + 1 < steps else "finished"
    lines = [
        f"  step-{at}:",
        f"    title: {{ en: Do the work of place {at}, ro: Fă lucrul de la locul {at} }}",
        f"    by: role-{at % 8}",
    ]
    if at % 10 == 5:
        lines.append(f"    collect: [amount_{field}, kind_{field}]")
    if at % 7 == 3:
        lines.append(f"    checklist: [greet-{at}, ask-{at}, thank-{at}]")
    refusal = f"      refuse-{at}: {{ to: refused, reason: required, evidence: [letter] }}"
    if at % 10 in (7, 8):
        return [
            *lines,
            "    actions:",
            f"      decide-{at}:",
            f'        - {{ to: refused, when: amount_{field} > 500 and kind_{field} == "minor" }}',
            f"        - {{ to: {onward}, otherwise: true }}",
        ]
    return [
        *lines,
        "    actions:",
        f"      accept-{at}: {{ to: {onward}, title: {{ en: Accept, ro: Acceptă }} }}",
        *([refusal] if at % 5 == 3 else []),
    ]


def _block(at: int) -> list[str]:
    field = at - at % 10
    return [
        f"  step-{at}:",
        f"    title: {{ en: Two things at once at {at}, ro: Două deodată la {at} }}",
        "    parallel:",
        f"      left-{at}: {{ title: {{ en: Left, ro: Stânga }}, by: role-1, evidence: [report],",
        f"        actions: {{ submit-{at}: done }} }}",
        f'      right-{at}: {{ title: {{ en: Right, ro: Dreapta }}, only-if: kind_{field} != "minor", by: role-2,',
        f"        actions: {{ advise-{at}: done }} }}",
        f"    then: step-{at + 3}",
    ]


@dataclass(frozen=True, slots=True)
class Taken:
    """Medians in seconds."""

    clock: float
    """By the clock on the wall: what somebody waits."""
    processor: float
    """Of the processor, user and system: what else runs on the machine hardly changes it."""


def seconds(contenders: Mapping[str, Sequence[Command]], rounds: int, folder: Path) -> Mapping[str, Taken]:
    """Return what each contender takes: its processes one after the other, all contenders in turn."""
    environment = _environment(folder / "compiled")
    clocks: dict[str, list[float]] = {name: [] for name in contenders}
    processors: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(rounds + 1):
        for name, commands in contenders.items():
            began, used = time.perf_counter(), _used()
            for command in commands:
                subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
            if turn:  # the first turn compiles and fills the caches of the disk
                clocks[name].append(time.perf_counter() - began)
                processors[name].append(_used() - used)
    return {name: Taken(median(clocks[name]), median(processors[name])) for name in contenders}


def _used() -> float:
    """Return the seconds of the processor that children took so far."""
    import resource  # of POSIX

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _environment(compiled: Path) -> dict[str, str]:
    """Return the environment of all contenders: modules are compiled once, as an installed program's are."""
    root = str(Path(__file__).resolve().parents[1])
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": root, "PYTHONPYCACHEPREFIX": str(compiled), "NO_COLOR": "1"}


def _program(name: str) -> str:
    """Return the path of a program installed beside this interpreter."""
    return str(Path(sys.executable).with_name(name))


def large(folder: Path, rounds: int) -> None:
    """Print what the check of a large procedure costs beside its peers."""
    file = str(folder / "large.yaml")
    Path(file).write_text(procedure(STEPS), "utf-8")
    procflow = [sys.executable, "-m", "procflow", "check", file]
    done = subprocess.run(
        procflow, capture_output=True, text=True, encoding="utf-8", env=_environment(folder / "compiled")
    )
    print(f"{STEPS:,} steps, {Path(file).stat().st_size // 1024} KiB: {done.stdout.splitlines()[-1]}")
    shape = [_program("check-jsonschema"), "--schemafile", str(shipped("schemas") / "procedure.schema.json"), file]
    lines = [_program("yamllint"), "-d", "{extends: default, rules: {line-length: disable}}", file]
    if not all(Path(one[0]).exists() for one in (shape, lines)):
        print("  the peers are not installed: pip install -e '.[bench]'")
        return
    taken = seconds(
        {"procflow check": [procflow], "yamllint": [lines], "check-jsonschema": [shape], "the two": [lines, shape]},
        rounds,
        folder,
    )
    _print(taken, "the two")


def starts(folder: Path, rounds: int) -> None:
    """Print what starting costs, beside an interpreter that does nothing."""
    file = str(folder / "small.yaml")
    Path(file).write_text(procedure(10), "utf-8")
    program = [sys.executable, "-m", "procflow"]
    contenders = {
        "python -c pass": [[sys.executable, "-c", "pass"]],
        "procflow --help": [[*program, "--help"]],
        "procflow explain PF101": [[*program, "explain", "PF101"]],
        "procflow check, 10 steps": [[*program, "check", file]],
    }
    _print(seconds(contenders, rounds, folder), "python -c pass")


def _print(taken: Mapping[str, Taken], against: str) -> None:
    base = taken[against]
    print(f"  {'':<28} {'clock':>10} {'':>8}   {'processor':>10}")
    for name, took in taken.items():
        clock = f"{took.clock * 1e3:7.1f} ms {took.clock / base.clock:6.2f} x"
        print(f"  {name:<28} {clock}   {took.processor * 1e3:7.1f} ms {took.processor / base.processor:6.2f} x")


def main() -> None:
    """Measure both, or one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("what", nargs="?", choices=("large", "starts"))
    parser.add_argument("--rounds", type=int)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        if asked.what != "starts":
            large(Path(folder), asked.rounds or ROUNDS)
        if asked.what != "large":
            starts(Path(folder), asked.rounds or STARTS)


if __name__ == "__main__":
    main()
