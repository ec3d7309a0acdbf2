"""What was refused did not happen, and is on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from procflow.engine import Engine, commands
from procflow.errors import ProcflowError, StaleCase
from procflow.model.deviation import Disposition
from procflow.model.event import Lifecycle
from procflow.model.verdict import Verdict
from procflow.stores.base import Store, Transaction
from procflow.trail.entry import open_entry
from tests.unit.engine.stories import Hands, accepted, engine_in


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def engine(tmp_path: Path, clock: Hands) -> Engine:
    return engine_in(tmp_path, clock)


def test_a_refusal_is_on_record_and_changes_nothing_else(engine: Engine) -> None:
    case = accepted(engine)
    before, work = engine.case(case), engine.worklist("lea")
    verdict = engine.perform(case, "pay", by="ana", data={"amount": 5}, reason="It is late", key="k")
    after = engine.case(case)
    assert verdict.event == after.events[-1]
    assert (verdict.event.lifecycle, verdict.event.attempted) == (Lifecycle.REFUSED, Lifecycle.COMPLETE)
    assert (verdict.event.actor, verdict.event.data, verdict.event.key) == ("ana", {"amount": 5}, "k")
    assert [one.disposition for one in verdict.deviations] == [Disposition.PREVENTED]
    assert (after.seq, after.values, after.configuration) == (4, before.values, before.configuration)
    assert (after.audit.deviations, after.audit.clean) == (verdict.deviations, True)
    assert engine.worklist("lea") == work


def test_the_start_of_work_that_is_refused_is_told_from_the_whole(engine: Engine) -> None:
    case = accepted(engine)
    verdict = engine.perform(case, "pay", by="ana", lifecycle="start")
    assert (verdict.event.lifecycle, verdict.event.attempted) == (Lifecycle.REFUSED, Lifecycle.START)
    assert engine.perform(case, "pay", by="lea").accepted


def test_a_refused_close_does_not_close(engine: Engine) -> None:
    case = engine.start("refund", by="ana").id
    verdict = engine.close(case, by="ana")
    assert [(one.code, one.disposition) for one in verdict.deviations] == [("DV107", Disposition.PREVENTED)]
    known = engine.case(case)
    assert (known.closed, known.audit.closed, known.seq) == (False, False, 2)
    assert engine.perform(case, "thank", by="ana").accepted


def test_who_was_refused_may_try_again_with_what_they_saw(engine: Engine) -> None:
    case = accepted(engine)
    seen = engine.case(case).seq
    assert not engine.perform(case, "pay", by="ana", expect=seen).accepted
    assert not engine.perform(case, "pay", by="bob", expect=seen).accepted
    assert engine.perform(case, "note", by="bob", expect=seen + 1).accepted, "what was seen meanwhile is as good"
    for stale in (seen, seen + 2, seen + 9):
        with pytest.raises(StaleCase):
            engine.perform(case, "pay", by="lea", expect=stale)


def test_what_is_expected_is_known_after_a_restart_too(engine: Engine) -> None:
    case = accepted(engine)
    seen = engine.case(case).seq
    engine.perform(case, "pay", by="ana")
    cold = Engine(engine._office.store, directory=engine._office.directory)
    assert cold.perform(case, "note", by="ana", expect=seen).accepted


def test_a_repeated_refusal_is_on_record_each_time(engine: Engine, clock: Hands) -> None:
    case = accepted(engine)
    for _ in range(3):
        engine.perform(case, "pay", by="ana")
        clock.wait(minutes=1)
    assert [event.refused for event in engine.case(case).events] == [False] * 3 + [True] * 3


def test_a_host_that_rolled_back_puts_the_attempt_on_record(tmp_path: Path, engine: Engine, clock: Hands) -> None:
    case = accepted(engine)
    verdict = engine.perform(case, "pay", by="ana")
    assert engine.record_attempt(verdict) == verdict, "it is on record already"
    assert engine.case(case).seq == 4
    rolled_back = engine_in(tmp_path, clock)
    other = accepted(rolled_back)
    lost = rolled_back.perform(other, "pay", by="ana")
    meanwhile = engine_in(tmp_path, clock)
    # The same case in a store in which the transaction never was.
    copied = accepted(meanwhile)
    meant = _moved(lost, copied)
    clock.wait(minutes=5)
    meanwhile.perform(copied, "note", by="bob").or_raise()
    written = meanwhile.record_attempt(meant)
    assert (written.event.seq, written.event.recorded_at) == (5, clock.now), "it is written when it is written"
    assert (written.event.action, written.event.occurred_at) == ("pay", lost.event.occurred_at)
    assert [one.seq for one in written.deviations] == [5]
    assert meanwhile.record_attempt(written) == written
    again = meanwhile.record_attempt(meant)
    assert (again.event, [one.seq for one in again.deviations]) == (written.event, [5])
    assert meanwhile.case(copied).seq == 5
    assert [one.disposition for one in meanwhile.case(copied).audit.deviations] == [Disposition.PREVENTED]


def test_a_long_case_is_looked_through_before_the_store_is_locked(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = accepted(engine)
    verdict = engine.perform(case, "pay", by="ana")
    missing = replace(verdict, event=replace(verdict.event, reason="Another attempt"))
    store, write = engine._office.store, engine._office.store.write
    locked: list[bool] = []

    @contextmanager
    def watched() -> Iterator[Transaction]:
        engine_of_another.perform(case, "note", by="bob").or_raise()
        with write() as transaction:
            locked.append(True)
            yield transaction
        locked.pop()

    opened: list[int] = []

    def opening(body: bytes) -> Any:
        found = open_entry(body)
        if locked:
            opened.append(found[0].seq)
        return found

    engine_of_another = Engine(_Unwatched(store, write), directory=engine._office.directory, clock=Hands())
    monkeypatch.setattr(store, "write", watched)
    monkeypatch.setattr(commands, "open_entry", opening)
    assert engine.record_attempt(verdict) == verdict
    assert engine.case(case).seq == 4, "not even locked"
    assert engine.record_attempt(missing).event.seq == 6
    assert opened == [5], "only what came since"


class _Unwatched:
    """A store as it is, but for who watches another's writing."""

    def __init__(self, store: Store, write: Callable[[], AbstractContextManager[Transaction]]) -> None:
        self.origin, self.read, self.close = store.origin, store.read, store.close
        self.write = write


def _moved(verdict: Verdict, case: str) -> Verdict:
    return replace(verdict, case=case, event=replace(verdict.event, case=case))


def test_only_an_attempt_is_recorded_as_one(engine: Engine) -> None:
    case = accepted(engine)
    done = engine.perform(case, "note", by="ana")
    with pytest.raises(ProcflowError, match="was accepted; it is no attempt"):
        engine.record_attempt(done)
    with pytest.raises(ProcflowError, match="is no verdict"):
        engine.record_attempt(None)  # type: ignore[arg-type]
