"""Whatever process advances time, however many do, and whenever they are killed: each thing is done exactly once.

Several processes advance the time of one store to the same moment, again and again, and are killed at random. In the
end everything that was due is on record, once, in chains that are whole, and an audit says what the engine says.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from procflow.auditor import audit
from procflow.engine import Engine
from procflow.model.event import Kind
from procflow.stores.sqlite import SqliteStore
from procflow.trail.chain import verify_chain
from tests.unit.engine.parted import offered, parts_engine
from tests.unit.engine.stories import Hands
from tests.unit.engine.timed import MONDAY, timed_engine

CASES = 20
KILLS = 6
PROCESSES = 3

ADVANCING = """
import os, sys
from datetime import datetime
from pathlib import Path
from procflow.engine import Engine

now = datetime.fromisoformat(sys.argv[2])
engine = Engine.open(f"sqlite:///{sys.argv[1]}/store.db", workspace=Path(sys.argv[1]), clock=lambda: now)
os.write(1, b"ready\\n")
while engine.advance(limit=1):
    pass
"""


def test_each_timer_fires_exactly_once_whoever_is_killed(tmp_path: Path) -> None:
    clock = Hands(MONDAY)
    engine = timed_engine(tmp_path, clock, url=f"sqlite:///{tmp_path / 'store.db'}")
    for number in range(CASES):
        clock.wait(minutes=number)
        engine.start("repair", by="ana", data={"tier": "basic"})
    clock.wait(days=20)
    engine.close_store()
    moments = random.Random(3)
    for _ in range(KILLS):
        run_and_kill(tmp_path, clock, moments)
    engine = Engine.open(f"sqlite:///{tmp_path / 'store.db'}", workspace=tmp_path, clock=clock)
    engine.advance()
    assert engine.advance() == ()
    marks = {("intake", "50%"), ("intake", "80%"), ("intake", "late"), ("intake", "late 2")}
    check(engine, tmp_path / "repair.yaml", clock, marks | {("first-answer", "50%"), ("first-answer", "late")})


def test_work_is_offered_to_others_exactly_once_whoever_is_killed(tmp_path: Path) -> None:
    clock = Hands(MONDAY)
    engine = parts_engine(tmp_path, clock, url=f"sqlite:///{tmp_path / 'store.db'}")
    for number in range(CASES):
        clock.wait(minutes=number)
        ask = {"asked_whom": "mihai", "question": "Which version?"}
        engine.perform(offered(engine), "ask", by="enno", data=ask).or_raise()
    clock.wait(days=20)
    engine.close_store()
    moments = random.Random(5)
    for _ in range(KILLS):
        run_and_kill(tmp_path, clock, moments)
    engine = Engine.open(f"sqlite:///{tmp_path / 'store.db'}", workspace=tmp_path, clock=clock)
    engine.advance()
    assert engine.advance() == ()
    marks = {("order.acceptance", "50%"), ("order.acceptance", "late"), ("order.acceptance", "late 2")}
    check(engine, tmp_path / "parts.yaml", clock, marks | {("ask.answer", "80%"), ("ask.answer", "late")})
    assert {one.party for one in engine.worklist() if one.offered} == {"role:buyer", "role:deputy", "role:coordinator"}


def run_and_kill(folder: Path, clock: Hands, moments: random.Random) -> None:
    arguments = [sys.executable, "-c", ADVANCING, str(folder), clock.now.isoformat()]
    running = [subprocess.Popen(arguments, stdout=subprocess.PIPE) for _ in range(PROCESSES)]
    for one in running:
        assert one.stdout is not None
        one.stdout.readline()
    for one in running:
        time.sleep(moments.uniform(0, 0.1))
        one.kill()
    for one in running:
        one.communicate()


def check(engine: Engine, file: Path, clock: Hands, marks: set[tuple[str, str]]) -> None:
    folder = file.parent
    for case in engine.cases():
        events = engine.case(case).events
        done = Counter((one.timer.clock, one.timer.mark) for one in events if one.timer is not None)
        assert dict(done) == dict.fromkeys(marks, 1)
        times = [one.occurred_at for one in events if one.kind is Kind.TIMER]
        assert times == sorted(times)
    log = folder / "log.jsonl"
    with log.open("wb") as out:
        engine.export(out)
    assert [one == engine.case(one.case).audit for one in audit(file, log, as_of=clock.now).cases]
    store = SqliteStore(folder / "store.db")
    with store.read() as tx:
        for row in tx.cases():
            assert verify_chain(list(tx.bodies(row.case)), log=store.origin, case=row.case, head=row.leaf) == ()
        assert list(tx.firing(clock.now - timedelta(days=1))) == []
    store.close()
