"""What the engine remembers only saves time: it is never older than it was, and never of another judge."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from procflow.engine import Engine, office
from procflow.engine.locks import ForkLock
from procflow.engine.memory import Held, Leaves, Memory
from procflow.judge import CaseState, Judge
from procflow.model.event import Event
from tests.unit.engine.stories import accepted, engine_in, write


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return engine_in(tmp_path)


def held_by(engine: Engine, case: str) -> Held:
    held = engine._office.memory.recall(case)
    assert held is not None
    return held


def test_who_looked_earlier_does_not_replace_what_is_newer(engine: Engine) -> None:
    case = accepted(engine)
    early = held_by(engine, case)
    engine.perform(case, "note", by="ana").or_raise()
    late = held_by(engine, case)
    memory = Memory()
    for order in ((early, late), (late, early), (late, late)):
        for held in order:
            memory.keep(case, held)
        assert memory.recall(case) is late


def test_a_case_that_went_on_otherwise_replaces_what_was_held(engine: Engine) -> None:
    case = accepted(engine)
    before = held_by(engine, case)
    for _ in range(3):
        engine.perform(case, "note", by="ana").or_raise()
    lost = held_by(engine, case)
    engine._office.memory = Memory()
    other = accepted(engine)
    engine.perform(other, "note", by="bob").or_raise()
    truth = held_by(engine, other)  # another chain, shorter than the one that was lost
    memory = Memory()
    memory.keep(case, lost)
    memory.keep(case, truth)
    assert memory.recall(case) is truth
    assert lost.goes_on_from(before)
    assert not before.goes_on_from(lost)
    assert not lost.goes_on_from(truth)


def test_a_very_long_case_is_forgotten_without_harm(engine: Engine) -> None:
    case = accepted(engine)
    held = held_by(engine, case)
    leaves = held.leaves
    for number in range(300_000):
        leaves = Leaves(number.to_bytes(4, "big"), leaves)
    memory = Memory()
    memory.keep(case, held._replace(leaves=leaves))
    memory.keep("another", held)
    del leaves
    memory._held.clear()


def test_the_oldest_cases_are_forgotten_first(engine: Engine) -> None:
    case = accepted(engine)
    held = held_by(engine, case)
    memory = Memory(most=2)
    for name in ("a", "b", "c"):
        memory.keep(name, held)
    assert memory.recall("a") is None
    assert memory.recall("b") is held


def test_only_so_many_versions_are_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "MOST_JUDGES", 2)
    engine = Engine.open("memory://")
    file = write(tmp_path)
    text = file.read_text("utf-8")
    cases = []
    for number in range(1, 6):
        file.write_text(text.replace('version: "1"', f'version: "{number}"'), "utf-8")
        engine.publish(file)
        cases.append(engine.start("refund", by="ana").id)
    assert [engine.case(case).version for case in cases] == ["1", "2", "3", "4", "5"]
    assert len(engine._office._judges) == 2
    assert engine.perform(cases[0], "note", by="ana").accepted, "also of a version that was forgotten"
    assert held_by(engine, cases[0]).judge in engine._office._judges.values()


def test_a_worklist_judges_only_where_a_control_asks_for_it(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, controlled = engine.start("refund", by="ana").id, accepted(engine)
    cold = Engine(engine._office.store, directory=engine._office.directory)
    judged: list[str] = []
    advance = Judge.advance

    def watched(judge: Judge, state: CaseState, event: Event) -> CaseState:
        judged.append(state.case)
        return advance(judge, state, event)

    monkeypatch.setattr(Judge, "advance", watched)
    assert [item.case for item in cold.worklist("bob")] == [plain]
    assert judged == []
    assert [item.case for item in cold.worklist("lea")] == [controlled]
    assert set(judged) == {controlled}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks")
def test_a_forked_child_finds_the_lock_free_and_still_has_but_one() -> None:
    lock = ForkLock()
    entered, go = threading.Event(), threading.Event()

    def hold() -> None:
        with lock.held():
            entered.set()
            go.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    entered.wait(30)
    child = os.fork()
    if child == 0:
        inside = most = 0
        guard = threading.Lock()

        def work() -> None:
            nonlocal inside, most
            for _ in range(200):
                with lock.held():
                    with guard:
                        inside += 1
                        most = max(most, inside)
                    with guard:
                        inside -= 1

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        os._exit(0 if most == 1 else 1)
    _, status = os.waitpid(child, 0)
    go.set()
    holder.join(30)
    assert os.waitstatus_to_exitcode(status) == 0
