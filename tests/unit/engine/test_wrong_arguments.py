"""Whatever a caller without types gives, the answer is in words; nothing breaks and nothing is recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from procflow.engine import Engine
from procflow.errors import ProcflowError
from procflow.model.organisation import Actor
from procflow.stores.memory import MemoryStore
from tests.unit.engine.stories import NOON, accepted, engine_in

ODD: tuple[Any, ...] = (5, 5.5, True, b"x", [], {}, object(), datetime.max)
# ruff: noqa: ARG005
CALLS: dict[str, Callable[[Engine, str, Any], object]] = {
    "policies": lambda engine, case, odd: Engine(MemoryStore(), policies=odd),
    "policies of a file": lambda engine, case, odd: Engine.open("memory://", policies=odd),
    "publish": lambda engine, case, odd: engine.publish(odd),
    "start": lambda engine, case, odd: engine.start(odd, by="ana"),
    "start by": lambda engine, case, odd: engine.start("refund", by=odd),
    "start client": lambda engine, case, odd: engine.start("refund", by="ana", client=odd),
    "start ref": lambda engine, case, odd: engine.start("refund", by="ana", ref=odd),
    "start mode": lambda engine, case, odd: engine.start("refund", by="ana", mode=odd),
    "start key": lambda engine, case, odd: engine.start("refund", by="ana", key=odd),
    "start at": lambda engine, case, odd: engine.start("refund", by="ana", occurred_at=odd),
    "perform": lambda engine, case, odd: engine.perform(odd, "pay", by="ana"),
    "action": lambda engine, case, odd: engine.perform(case, odd, by="ana"),
    "by": lambda engine, case, odd: engine.perform(case, "pay", by=odd),
    "actor": lambda engine, case, odd: engine.perform(case, "pay", by=Actor(odd)),
    "roles": lambda engine, case, odd: engine.perform(case, "pay", by=Actor("ana", roles=(1, "lead"))),  # type: ignore[arg-type]
    "reason": lambda engine, case, odd: engine.perform(case, "send-back", by="lea", reason=odd),
    "for": lambda engine, case, odd: engine.perform(case, "drop", by="lea", on_behalf_of=odd),
    "lifecycle": lambda engine, case, odd: engine.perform(case, "pay", by="ana", lifecycle=odd),
    "key": lambda engine, case, odd: engine.perform(case, "pay", by="ana", key=odd),
    "close": lambda engine, case, odd: engine.close(odd, by="ana"),
    "close reason": lambda engine, case, odd: engine.close(case, by="ana", reason=odd),
    "act": lambda engine, case, odd: engine.override(case, odd, by="max"),
    "override to": lambda engine, case, odd: engine.override(case, "override", to=odd, by="max"),
    "override second": lambda engine, case, odd: engine.override(case, "redo", action="intake", by="max", second=odd),
    "override cause": lambda engine, case, odd: engine.override(case, "redo", action="intake", by="max", caused_by=odd),
    "waive": lambda engine, case, odd: engine.waive(case, odd, person="ana", until=NOON, by="max", reason="x"),
    "waive person": lambda engine, case, odd: engine.waive(case, "DV202", person=odd, until=NOON, by="max", reason="x"),
    "waive step": lambda engine, case, odd: engine.waive(
        case, "DV202", person="ana", until=NOON, by="max", reason="x", step=odd
    ),
    "case": lambda engine, case, odd: engine.case(odd),
    "cases": lambda engine, case, odd: engine.cases(odd),
    "may": lambda engine, case, odd: engine.may(odd, by="ana"),
    "may by": lambda engine, case, odd: engine.may(case, by=odd),
    "worklist": lambda engine, case, odd: engine.worklist(odd),
    "open": lambda engine, case, odd: Engine.open(odd),
    "workspace": lambda engine, case, odd: Engine.open("memory://", workspace=odd),
}


@pytest.mark.parametrize("call", CALLS)
def test_an_argument_of_the_wrong_kind_is_told_in_words(tmp_path: Path, call: str) -> None:
    engine = engine_in(tmp_path)
    case = accepted(engine)
    before = engine.case(case)
    for odd in ODD:
        with pytest.raises(ProcflowError) as raised:
            CALLS[call](engine, case, odd)
        assert raised.value.message
    assert engine.case(case) == before
    assert engine.cases() == (case,)


@pytest.mark.parametrize("odd", ["3", 3.0, True, [], -1, 99])
def test_what_was_seen_is_a_number_that_was_there(tmp_path: Path, odd: Any) -> None:
    engine = engine_in(tmp_path)
    case = accepted(engine)
    with pytest.raises(ProcflowError):
        engine.perform(case, "note", by="ana", expect=odd)
    assert engine.case(case).seq == 3


def test_a_blank_key_is_no_key(tmp_path: Path) -> None:
    engine = engine_in(tmp_path)
    with pytest.raises(ProcflowError, match="key is ' ', which names nothing"):
        engine.start("refund", by="ana", key=" ")
