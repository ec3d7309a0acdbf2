"""Somebody acts: without a name no control could be held against anybody."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from procflow.engine.engine import Engine
from procflow.errors import ProcflowError
from procflow.judge import Judge
from procflow.loading.procedure import load_procedure
from procflow.model.event import Event, Kind
from procflow.model.organisation import Actor

MOMENT = datetime(2026, 11, 21, tzinfo=UTC)
PROCEDURE = """\
procflow: 1
procedure: access
version: "1"
start: ask
steps:
  ask: { by: any, actions: { request: approval } }
  approval: { by: any, four-eyes: ask, actions: { approve: granted } }
  granted: { end: granted }
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "access.yaml"
    path.write_text(PROCEDURE, "utf-8")
    return path


@pytest.mark.parametrize("nobody", [None, "", "  ", Actor(""), Actor(" ", roles={"lead"})])
def test_nobody_cannot_act(path: Path, nobody: Actor | str) -> None:
    engine = Engine.open("memory://")
    engine.publish(path)
    with pytest.raises(ProcflowError, match="names nobody"):
        engine.start("access", by=nobody)
    case = engine.start("access", by="eve").id
    engine.perform(case, "request", by="eve").or_raise()
    with pytest.raises(ProcflowError, match="names nobody"):
        engine.perform(case, "approve", by=nobody)
    with pytest.raises(ProcflowError, match="names nobody"):
        engine.close(case, by=nobody)
    assert engine.case(case).seq == 2


def test_roles_are_a_set_and_never_the_letters_of_a_word() -> None:
    with pytest.raises(ProcflowError, match="roles of 'eve' is the text 'desk'"):
        Actor("eve", roles="desk")
    with pytest.raises(ProcflowError, match="teams of 'eve' is the text 'north'"):
        Actor("eve", teams="north")


def test_in_a_log_whoever_is_not_named_is_not_examined(path: Path) -> None:
    judge = Judge(load_procedure(path))
    state = judge.begin("c")
    for seq, (action, actor) in enumerate([("request", "eve"), ("approve", None)], start=1):
        event = Event(case="c", seq=seq, kind=Kind.ACTION, action=action, actor=actor, occurred_at=MOMENT)
        state = judge.advance(state, event)
    audit = judge.audit(state)
    assert audit.deviations == ()
    assert audit.not_examined == {"people: actor": 1}
