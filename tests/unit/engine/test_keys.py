"""Idempotency keys: what was accepted under a key is not done twice, however often it is asked for."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from procflow.engine import Engine
from procflow.engine.memory import Said
from procflow.errors import ProcflowError, StaleCase
from procflow.judge import CaseState, Judge
from procflow.model.event import Event, Kind
from procflow.model.verdict import StepRefused
from procflow.stores import open_store
from procflow.stores.base import Transaction
from procflow.trail.entry import open_entry
from tests.unit.engine.stories import NOON, Hands, accepted, engine_in, write


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return engine_in(tmp_path)


def test_the_same_key_again_says_what_was_done_and_does_nothing(engine: Engine) -> None:
    case = engine.start("refund", by="ana").id
    done = engine.perform(case, "thank", by="ana", key="mail-7")
    assert (done.accepted, done.repeated, done.event.key) == (True, False, "mail-7")
    engine.perform(case, "note", by="bob").or_raise()
    again = engine.perform(case, "thank", by="ana", key="mail-7")
    assert again.repeated
    assert (again.event, again.before, again.after) == (done.event, done.before, done.after)
    assert again.deviations == done.deviations == ()
    assert engine.case(case).seq == 3


def test_what_a_step_did_in_observe_mode_is_said_again_with_its_deviations(engine: Engine) -> None:
    case = engine.start("refund", by="ana", mode="observe").id
    engine.perform(case, "note", by="bob", key="first")
    done = engine.perform(case, "accept", by="eve", data={"amount": 20}, key="k")
    assert [one.code for one in done.deviations] == ["DV101", "DV201", "DV303"]
    engine.perform(case, "pay", by="lea")
    again = engine.perform(case, "accept", by="eve", data={"amount": 20}, key="k")
    assert (again.deviations, again.superseded, again.after) == (done.deviations, done.superseded, done.after)
    assert engine.perform(case, "note", by="bob", key="first").event.seq == 2


def test_what_a_key_did_is_not_judged_while_the_store_is_locked(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = engine.start("refund", by="ana", mode="observe").id
    done = engine.perform(case, "accept", by="eve", data={"amount": 20}, key="k")
    engine.perform(case, "pay", by="lea", key="last")
    store = engine._office.store
    locked: list[bool] = []
    write, advance = store.write, Judge.advance

    @contextmanager
    def watched() -> Iterator[Transaction]:
        with write() as transaction:
            locked.append(True)
            yield transaction
        locked.pop()

    judged: list[int] = []

    def judging(judge: Judge, state: CaseState, event: Event) -> CaseState:
        assert not locked, "nobody else can write meanwhile"
        judged.append(event.seq)
        return advance(judge, state, event)

    monkeypatch.setattr(store, "write", watched)
    monkeypatch.setattr(Judge, "advance", judging)
    for key, action in (("k", "accept"), ("last", "pay")):
        assert engine.perform(case, action, by="eve", key=key).repeated
    assert judged == [], "it is remembered"
    cold = Engine(store, directory=engine._office.directory)
    for _ in range(3):
        assert cold.perform(case, "accept", by="eve", key="k") == replace(done, repeated=True)
    assert judged == [done.event.seq], "once"


def test_only_so_many_verdicts_are_remembered(engine: Engine) -> None:
    said, case = Said(most=2), accepted(engine)
    verdict = engine.perform(case, "note", by="ana", key="k")
    for leaf in (b"a", b"b", b"c"):
        said.keep(leaf, verdict)
    assert (said.recall(b"a"), said.recall(b"b"), said.recall(b"c")) == (None, verdict, verdict)


def test_a_key_comes_before_what_the_caller_expected_and_after_the_end(engine: Engine) -> None:
    case = accepted(engine)
    seen = engine.case(case).seq
    paid = engine.perform(case, "pay", by="lea", key="k", expect=seen)
    assert engine.case(case).closed
    again = engine.perform(case, "pay", by="lea", key="k", expect=seen)
    assert (again.repeated, again.event) == (True, paid.event)
    with pytest.raises(StaleCase):
        engine.perform(case, "pay", by="lea", key="other", expect=seen)


def test_what_was_refused_may_be_tried_again_under_its_key(engine: Engine) -> None:
    case = accepted(engine)
    assert not engine.perform(case, "pay", by="ana", key="k").accepted
    paid = engine.perform(case, "pay", by="lea", key="k")
    assert (paid.accepted, paid.repeated) == (True, False)
    assert engine.perform(case, "pay", by="lea", key="k").repeated


@pytest.mark.parametrize(
    ("action", "lifecycle"), [("note", "complete"), ("thank", "start")], ids=["another action", "only its start"]
)
def test_a_key_is_of_one_step(engine: Engine, action: str, lifecycle: str) -> None:
    case = engine.start("refund", by="ana").id
    engine.perform(case, "thank", by="ana", key="k").or_raise()
    with pytest.raises(ProcflowError, match="the key 'k' was used for “thank”, event 2 of case"):
        engine.perform(case, action, by="ana", lifecycle=lifecycle, key="k")
    with pytest.raises(ProcflowError, match="the key 'k' was used"):
        engine.close(case, by="ana", key="k")
    with pytest.raises(ProcflowError, match="the key 'k' was used"):
        engine.override(case, "undo", action="thank", by="max", second="lea", reason="A mistake", key="k")
    assert engine.case(case).seq == 2
    other = engine.start("refund", by="ana").id
    assert not engine.perform(other, "note", by="ana", key="k").repeated, "and of one case"


def test_a_key_of_an_override_is_of_one_destination(engine: Engine) -> None:
    case = accepted(engine)
    why: dict[str, Any] = {"by": "max", "second": "lea", "reason": "A mistake", "key": "k"}
    engine.override(case, "override", to="intake/1", **why).or_raise()
    assert engine.override(case, "override", to="intake/1", **why).repeated
    with pytest.raises(ProcflowError, match="the key 'k' was used for override override, event 4 of case"):
        engine.override(case, "override", to="paid", **why)
    undo = {**why, "action": "thank", "key": "u"}
    engine.override(case, "undo", **undo).or_raise()
    assert engine.override(case, "undo", **undo).repeated, "where it leads was left to the engine both times"


def test_a_case_is_started_once_under_a_key(engine: Engine) -> None:
    first = engine.start("refund", by="ana", client="acme", key="mail-7")
    assert engine.start("refund", by="bob", client="acme", key="mail-7") == first
    assert first.events[0].key == "mail-7"
    assert engine.cases() == (first.id,)
    with pytest.raises(ProcflowError, match=r"the key 'mail-7' was used to start case .* for client 'acme', ref None"):
        engine.start("refund", by="ana", client="other", key="mail-7")
    assert not engine.perform(first.id, "note", by="ana", key="mail-7").repeated, "the key of a start is no step's"


def test_a_start_that_was_refused_leaves_its_key_free(engine: Engine) -> None:
    with pytest.raises(StepRefused):
        engine.start("refund", by="ana", data={"amount": "much"}, key="k")
    assert engine.start("refund", by="ana", data={"amount": 5}, key="k").seq == 1


def test_another_process_and_another_version_know_the_key(tmp_path: Path) -> None:
    file, url = write(tmp_path), f"sqlite:///{tmp_path}/s.db"
    one = Engine.open(url, clock=Hands())
    one.publish(file)
    case = one.start("refund", by="ana", key="k").id
    one.perform(case, "note", by="ana", key="n").or_raise()
    one.close_store()
    two = Engine(open_store(url), clock=Hands(NOON.replace(year=2027)))
    file.write_text(file.read_text("utf-8").replace('version: "1"', 'version: "2"'), "utf-8")
    two.publish(file)
    assert two.start("refund", by="ana", key="k").id == case
    assert two.perform(case, "note", by="ana", key="n").repeated
    two.close_store()


def test_keys_can_be_found_again_in_the_events(engine: Engine) -> None:
    case = engine.start("refund", by="ana", key="s").id
    engine.perform(case, "pay", by="ana", key="refused")
    engine.perform(case, "thank", by="ana", key="t").or_raise()
    out = io.BytesIO()
    engine.export(out)
    events = [open_entry(body)[0] for body in out.getvalue().splitlines()]
    found = {(one.case if one.kind is not Kind.OPENED else "", one.key): one.seq for one in events if not one.refused}
    assert found == {("", "s"): 1, (case, "t"): 3}


@pytest.mark.parametrize("store", ["memory://", "sqlite"])
def test_of_eight_at_once_exactly_one_does_it(tmp_path: Path, store: str) -> None:
    engine = Engine.open(store if store == "memory://" else f"sqlite:///{tmp_path}/s.db", clock=Hands())
    engine.publish(write(tmp_path))
    with ThreadPoolExecutor(8) as pool:
        cases = {one.id for one in pool.map(lambda _: engine.start("refund", by="ana", key="k"), range(8))}
        assert len(cases) == len(engine.cases()) == 1
        (case,) = cases
        for turn in range(5):
            done = list(pool.map(lambda key: engine.perform(case, "note", by="ana", key=key), [f"k{turn}"] * 8))
            assert [one.accepted for one in done] == [True] * 8
            assert sum(not one.repeated for one in done) == 1
            assert all(one.event == done[0].event for one in done)
    assert [event.key for event in engine.case(case).events] == ["k", *(f"k{turn}" for turn in range(5))]
    engine.close_store()
