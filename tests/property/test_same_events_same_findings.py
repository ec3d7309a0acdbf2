"""Law 6: the same events give the same findings in any process, thread count, store and log, `source` apart."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from procflow.auditor import audit
from procflow.engine import Case, Engine
from procflow.errors import StaleCase
from procflow.model.organisation import Actor
from procflow.model.report import CaseAudit
from procflow.stores import open_store
from procflow.stores.memory import MemoryStore
from procflow.trail.chain import verify_chain
from procflow.trail.entry import open_entry
from tests.property.strategies_cases import Clock, Desk, events_of, exported, random_day, random_text

FEW = settings(max_examples=25, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 2**64)
THREADS = 8
REPOSITORY = Path(__file__).resolve().parents[2]

ROUNDS = """
procflow: 1
procedure: rounds
version: "1"
roles: { agent: Works, lead: Decides }
data: { amount: { type: number } }
start: work
steps:
  work:
    by: agent
    actions:
      note: same
      hand-in: check
      close: closed
  check:
    by: lead
    four-eyes: work
    actions: { send-back: work, approve: { to: closed, at-most: 1 } }
  closed: { end: done }
"""
ANA, LEA = Actor("ana", roles={"agent"}), Actor("lea", roles={"lead"})


def written(folder: Path, text: str) -> Path:
    file = folder / "procedure.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@FEW
@given(SEEDS)
def test_the_store_and_what_an_engine_remembers_make_no_difference(seed: int) -> None:
    rng = Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = written(folder, random_text(rng))
        memory, url = Desk(MemoryStore(), file), f"sqlite:///{folder}/service.db"
        commands = random_day(memory, rng)
        sqlite = Desk(open_store(url), file)
        for command, before in zip(commands, memory.said, strict=True):
            said = sqlite.carry_out(command)
            assert said.accepted == before.accepted
            assert said.verdict == before.verdict
            assert said.after == before.after
            if said.case is not None:
                assert sqlite.cold().case(said.case) == said.after
        sqlite.store.close()
        reopened = Engine.open(url, clock=lambda: memory.clock.now)
        assert [reopened.case(case) for case in sqlite.cases] == [memory.engine.case(case) for case in memory.cases]
        assert exported(reopened) == (sqlite.said[-1].exported)
        reopened.close_store()


@FEW
@given(SEEDS)
def test_the_order_of_cases_and_lines_in_a_log_makes_no_difference(seed: int) -> None:
    rng = Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = written(folder, random_text(rng))
        desk = Desk(MemoryStore(), file)
        random_day(desk, rng)
        random_day(desk, rng)
        lines = exported(desk.engine).splitlines()
        assume(lines)  # on a day on which every start is refused there is no log
        log = folder / "log.jsonl"
        known: list[dict[str, CaseAudit]] = []
        for _ in range(3):
            log.write_bytes(b"".join(line + b"\n" for line in lines))
            report = audit(file, log, as_of=desk.clock.now)
            assert report.findings == ()
            known.append({one.case: one for one in report.cases})
            rng.shuffle(lines)
        assert known[0] == known[1] == known[2] == {case: desk.engine.case(case).audit for case in desk.cases}


_SAYS = """
import sys
from procflow import audit
for one in audit(sys.argv[1], sys.argv[2]).cases: print(one)
print(audit(sys.argv[1], sys.argv[3], mapping=sys.argv[4]))
"""


def test_the_process_makes_no_difference(tmp_path: Path) -> None:
    rng = Random(6)
    file = written(tmp_path, random_text(rng))
    desk = Desk(MemoryStore(), file)
    for _ in range(15):
        random_day(desk, rng)
    (tmp_path / "log.jsonl").write_bytes(exported(desk.engine))
    rows = "".join(
        f"{event.case},{event.occurred_at.isoformat()},{event.action or 'opened'},{event.actor or ''}\n"
        for event in events_of(exported(desk.engine))
    )
    (tmp_path / "log.csv").write_text("case,at,action,who\n" + rows, encoding="utf-8")
    mapping = "case: case\ntime: { column: at }\naction: { column: action }\nactor: who\n"
    (tmp_path / "map.yaml").write_text(mapping, encoding="utf-8")
    said = set()
    for hash_seed in ("0", "1", "4242"):
        arguments = [file.name, "log.jsonl", "log.csv", "map.yaml"]
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(REPOSITORY)}
        done = subprocess.run(
            [sys.executable, "-c", _SAYS, *arguments], cwd=tmp_path, env=environment, capture_output=True, check=True
        )
        said.add(done.stdout)
    assert len(said) == 1
    assert said.pop().count(b"CaseAudit(") == 2 * len(desk.cases)


# Threads


def opened(url: str, folder: Path) -> Engine:
    """Return an engine with the procedure `rounds`; its clock stands still, as threads would race for the time."""
    engine = Engine.open(url.format(folder=folder), clock=Clock())
    engine.publish(written(folder, ROUNDS))
    return engine


def at_once(work: Callable[[int], None]) -> None:
    """Let eight threads do the work, begun at the same moment; what one raises is raised here."""
    gate = threading.Barrier(THREADS)

    def worker(number: int) -> None:
        gate.wait()
        work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(worker, range(THREADS)))


def whole(engine: Engine, folder: Path, case: str) -> Case:
    """Return the case after what must hold of it: a whole chain, nothing doubled, the audit of the export equal."""
    known = engine.case(case)
    bodies = exported(engine, [case]).splitlines()
    assert [event.seq for event in events_of(b"\n".join(bodies))] == list(range(1, known.seq + 1))
    assert verify_chain(bodies, log=open_entry(bodies[0])[1].log, case=case) == ()
    log = folder / "one.jsonl"
    log.write_bytes(b"\n".join(bodies))
    assert audit(folder / "procedure.yaml", log).cases == (known.audit,)
    return known


STORES = pytest.mark.parametrize("url", ["memory://", "sqlite:///{folder}/service.db"])


@STORES
def test_threads_with_cases_of_their_own_do_not_touch_each_other(url: str, tmp_path: Path) -> None:
    engine = opened(url, tmp_path)
    story = [("note", ANA), ("hand-in", ANA), ("send-back", LEA), ("approve", LEA), ("hand-in", ANA), ("approve", ANA)]
    cases: list[str] = []

    def work(number: int) -> None:
        mine = [engine.start("rounds", by=ANA, mode="observe", ref=f"{number}").id for _ in range(2)]
        for action, who in story:
            for case in mine:
                assert engine.perform(case, action, by=who, data={"amount": number}).accepted
        cases.extend(mine)

    at_once(work)
    alone = opened("memory://", tmp_path)
    same = alone.start("rounds", by=ANA, mode="observe").id
    for action, who in story:
        alone.perform(same, action, by=who, data={"amount": 1})
    expected = [replace(one, case="") for one in alone.case(same).audit.deviations]
    assert len(cases) == 2 * THREADS
    for case in cases:
        known = whole(engine, tmp_path, case)
        assert [replace(one, case="") for one in known.audit.deviations] == expected
        assert len({event.data["amount"] for event in known.events if event.data}) == 1
    assert sorted(engine.cases()) == sorted(cases)
    engine.close_store()


@STORES
def test_threads_on_one_case_lose_and_double_nothing(url: str, tmp_path: Path) -> None:
    engine = opened(url, tmp_path)
    case = engine.start("rounds", by=ANA, mode="observe").id

    def work(number: int) -> None:
        for turn in range(6):
            action = ("note", "hand-in", "send-back")[turn % 3]
            assert engine.perform(case, action, by=ANA, reason=f"{number}.{turn}").accepted
            assert engine.case(case).seq > turn

    at_once(work)
    reasons = Counter(event.reason for event in whole(engine, tmp_path, case).events if event.reason)
    assert reasons == Counter(f"{number}.{turn}" for number in range(THREADS) for turn in range(6))
    engine.close_store()


@STORES
def test_of_threads_that_saw_the_same_moment_one_acts_and_the_others_are_told(url: str, tmp_path: Path) -> None:
    engine = opened(url, tmp_path)
    case = engine.start("rounds", by=ANA, mode="observe").id
    stale: Counter[int] = Counter()

    def work(number: int) -> None:
        for turn in range(5):
            while True:
                try:
                    engine.perform(case, "note", by=ANA, reason=f"{number}.{turn}", expect=engine.case(case).seq)
                    break
                except StaleCase:
                    stale[number] += 1

    at_once(work)
    known = whole(engine, tmp_path, case)
    assert Counter(event.reason for event in known.events[1:]) == Counter(
        f"{number}.{turn}" for number in range(THREADS) for turn in range(5)
    )
    engine.close_store()


@STORES
def test_what_only_one_may_do_only_one_does(url: str, tmp_path: Path) -> None:
    engine = opened(url, tmp_path)
    cases = [engine.start("rounds", by=ANA).id for _ in range(3)]
    done: Counter[str] = Counter()

    def work(number: int) -> None:
        for case in cases:
            if engine.perform(case, "hand-in", by=ANA, reason=str(number)).accepted:
                done[case] += 1

    at_once(work)
    assert done == Counter(cases)
    for case in cases:
        known = whole(engine, tmp_path, case)
        assert [event.refused for event in known.events] == [False] * 2 + [True] * (THREADS - 1)
        assert known.audit.clean
    engine.close_store()


@STORES
def test_what_all_ask_for_under_one_key_is_done_once(url: str, tmp_path: Path) -> None:
    engine = opened(url, tmp_path)
    # Of a file there are two doors, as two processes have.
    other = engine if url == "memory://" else Engine.open(url.format(folder=tmp_path), clock=Clock())
    told: dict[str, list[bool]] = {}
    started: set[str] = set()

    def work(number: int) -> None:
        mine = (engine, other)[number % 2]
        for key in ("k1", "k2", "k3"):
            case = mine.start("rounds", by=ANA, key=key).id
            started.add(case)
            for step in ("a", "b", "a"):
                verdict = mine.perform(case, "note", by=ANA, key=step)
                assert verdict.accepted
                told.setdefault(f"{case}{step}", []).append(verdict.repeated)

    at_once(work)
    assert len(started) == 3
    assert len(told) == 6
    assert all(answers.count(False) == 1 for answers in told.values()), "one of them did it"
    for case in started:
        assert [event.key for event in whole(engine, tmp_path, case).events][1:] in (["a", "b"], ["b", "a"])
    engine.close_store()
    other.close_store()
