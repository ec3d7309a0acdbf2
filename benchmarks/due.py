"""What finding due work costs, by how many cases are open and by how many are due.

    python -m benchmarks.due

Ratios within one run: `due` and `advance` with 5 cases due among 100 and among 100,000 open ones, in both stores; then
the same with 5 and with 500 due among 100,000. Goal: the first does not matter, the second does.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks._timing import seconds, table
from procflow.engine import Engine
from procflow.model.organisation import Actor
from procflow.stores import open_store
from procflow.stores.base import Coming, Store

DESK = """
procflow: 1
procedure: desk
version: "1"
title: Desk
roles: { agent: Answers }
start: intake
steps:
  intake: { by: agent, within: 30 days, warn: [50%], late: { notify: agent }, actions: { answer: answered } }
  answered: { end: answered }
"""
ANA = Actor("ana", roles={"agent"})
OPENED = datetime(2026, 1, 5, 8, tzinfo=UTC)
FEW, MANY = 100, 100_000
ROUNDS = 5


class Clock:
    """Shows what it is told to."""

    now = OPENED

    def __call__(self) -> datetime:
        return self.now


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("memory", "sqlite"):
            runs: dict[str, Callable[[], None]] = {}
            for count, due in ((FEW, 5), (MANY, 5), (MANY, 500)):
                engine, clock = _house(kind, Path(folder), count, due)
                runs[f"{due} due of {count:,}"] = _asking(engine, clock)
            table(f"{kind}: what is due", seconds(runs, ROUNDS), per=1, against=f"5 due of {FEW:,}")
            idle: dict[str, Callable[[], None]] = {}
            for count in (FEW, MANY):
                engine, clock = _house(kind, Path(folder), count, 0)
                idle[f"nothing due of {count:,}"] = _advancing(engine, clock)
            table(f"{kind}: advancing", seconds(idle, ROUNDS), per=100, against=f"nothing due of {FEW:,}")
            done = {}
            for count, due in ((FEW, 5), (MANY, 5), (MANY, 50)):
                done[f"{due} fired of {count:,}"] = _firing(kind, Path(folder), count, due)
            table(f"{kind}: firing", done, per=1, against=f"5 fired of {FEW:,}")


def _house(kind: str, folder: Path, count: int, due: int) -> tuple[Engine, Clock]:
    """Return an engine with so many open cases, in the first few of which something is due in a month."""
    file, clock = folder / "desk.yaml", Clock()
    file.write_text(DESK, encoding="utf-8")
    path = folder / f"{kind}-{count}-{due}-{len(list(folder.iterdir()))}.db"
    store = open_store("memory://" if kind == "memory" else f"sqlite:///{path}")
    engine = Engine(store, clock=clock)
    engine.publish(file)
    cases = [engine.start("desk", by=ANA).id for _ in range(due)]
    clock.now = OPENED + timedelta(days=60)
    _fill(store, engine, clock, count - due, cases)
    clock.now = OPENED + timedelta(days=31)
    return engine, clock


def _fill(store: Store, engine: Engine, clock: Clock, count: int, known: list[str]) -> None:
    """Open many cases in a moment: as rows that nothing has to be judged of, since none of them is due."""
    pattern = engine.start("desk", by=ANA).id
    with store.write() as transaction:
        row = transaction.case(pattern)
        for number in range(count - 1):
            name = f"{row.case[:-6]}{number:06}"
            if name == pattern or name in known:
                continue
            transaction.add_case(replace(row, case=name, seq=0))
            moment = clock.now + timedelta(days=15, seconds=number)
            transaction.set_coming(Coming(case=name, due=moment + timedelta(days=15), fires=moment))


def _asking(engine: Engine, clock: Clock) -> Callable[[], None]:
    def run() -> None:
        engine.due(clock.now)

    return run


def _advancing(engine: Engine, clock: Clock) -> Callable[[], None]:
    def run() -> None:
        for _ in range(100):
            engine.advance(clock.now)

    return run


def _firing(kind: str, folder: Path, count: int, due: int) -> float:
    """Return the seconds it takes to fire one thing, the warning or the notice of a case; the best of three."""
    taken = []
    for _ in range(3):
        engine, clock = _house(kind, folder, count, due)
        began = time.process_time()
        fired = engine.advance(clock.now)
        taken.append((time.process_time() - began) / len(fired))
        engine.close_store()
    return min(taken)


if __name__ == "__main__":
    main()
