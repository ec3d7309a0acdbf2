"""Rules across cases: what a step costs as what happened to its client, or was done by its person, grows.

    python -m benchmarks.across

The peer is the same engine without policies. Each row has one client and one person behind all events so far; the
rules see every step. The last columns are the first step of a new process, which must read what the store keeps.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from procflow.engine import Engine
from procflow.loading.policies import read_policies
from procflow.model.organisation import Actor
from procflow.model.policies import Policies
from procflow.stores import open_store

SIZES = (1_000, 10_000, 100_000)
STEPS = 200
CASE = 200
"""Steps of a case."""
PROCEDURE = """
procflow: 1
procedure: ask
version: "1"
author: somebody
approved-by: { person: boss, date: 2026-01-01 }
roles: { agent: A }
start: work
steps:
  work: { by: agent, actions: { pay: same, check: same, finish: over } }
  over: { end: done }
"""
WINDOW = "few: { at-most: 100, of: pay, per: client, in: 1 hour }"
EVER = "checked: { before: pay, there-must-be: check, per: person }"
ANA = Actor("ana", roles={"agent"})


def policies(*rules: str) -> Policies:
    """Return policies of these rules."""
    lines = "".join(f"  {one}\n" for one in rules)
    loaded = read_policies(f'procflow: 1\npolicies: house\nversion: "1"\nrules:\n{lines}', "policies.yaml").policies
    assert loaded is not None
    return loaded


def clock() -> Callable[[], datetime]:
    """Return a clock that goes on by a minute whenever it is looked at."""
    now = [datetime(2026, 1, 1, tzinfo=UTC)]

    def tick() -> datetime:
        now[0] += timedelta(minutes=1)
        return now[0]

    return tick


def measured(rules: Policies | None, folder: Path, store: str) -> list[list[str]]:
    """Return a row for each size."""
    file = folder / "ask.yaml"
    file.write_text(PROCEDURE, "utf-8")
    url = "memory://" if store == "memory" else f"sqlite:///{folder}/{store}.db"
    tick, kept = clock(), open_store(url)
    engine = Engine(kept, policies=rules, clock=tick)
    engine.publish(file)
    rows, done, case = [], 0, ""
    for size in SIZES if store == "memory" else SIZES[1:2]:
        while done < size:
            case = _step(engine, case, done)
            done += 1
        begin = time.perf_counter()
        for _ in range(STEPS):
            case = _step(engine, case, done)
            done += 1
        each = (time.perf_counter() - begin) / STEPS
        fresh = Engine(kept, policies=rules, clock=tick)
        case = _step(engine, case, done)
        done += 1
        fresh.case(case)
        begin = time.perf_counter()
        fresh.perform(case, "pay", by=ANA)
        first = time.perf_counter() - begin
        begin = time.perf_counter()
        late = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=size // 2)
        engine.perform(case, "check", by=ANA, occurred_at=late)
        rows.append(
            [
                f"{size:,}",
                f"{each * 1e6:,.0f} us",
                f"{first * 1e3:,.0f} ms",
                f"{(time.perf_counter() - begin) * 1e3:,.0f} ms",
            ]
        )
    kept.close()
    return rows


def _step(engine: Engine, case: str, done: int) -> str:
    if done % CASE == 0 or not case:
        return engine.start("ask", by=ANA, client="acme").id
    assert engine.perform(case, "pay" if done % 2 else "check", by=ANA).accepted or done < 3
    return case


def main() -> None:
    """Print a table for each store and rules."""
    for store in ("memory", "sqlite"):
        for name, rules in (
            ("no policies", None),
            ("at-most in 1 hour, per client", policies(WINDOW)),
            ("before .. there-must-be, per person", policies(EVER)),
            ("both", policies(WINDOW, EVER)),
        ):
            with tempfile.TemporaryDirectory() as folder:
                rows = measured(rules, Path(folder), store)
            print(f"\n{store}, {name}")
            for row in (["events so far", "a step", "first of a process", "half of all back"], *rows):
                print("".join(f"{cell:>20}" for cell in row), flush=True)


if __name__ == "__main__":
    main()
