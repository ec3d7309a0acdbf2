"""What `may` says an action needs is enough to perform it, also the second time round."""

from __future__ import annotations

from pathlib import Path

import pytest

from procflow import Actor, Engine

ANA = Actor("ana", roles={"agent", "client"})
ASKED = {"asked": "the contract", "due": "2026-12-01T00:00:00Z"}
WAITS = """
    waiting-for: { party: client, asked: required, due: required }
    actions: { reply: open }
"""


def engine_of(steps: str, tmp_path: Path) -> Engine:
    file = tmp_path / "errand.yaml"
    roles = "roles: { agent: Does it, client: Wants it }"
    file.write_text(f'procflow: 1\nprocedure: errand\nversion: "1"\n{roles}\nstart: open\nsteps:\n{steps}', "utf-8")
    engine = Engine.open("memory://")
    engine.publish(file)
    return engine


def needs(engine: Engine, case: str, action: str) -> tuple[str, ...]:
    return next(one.needs for one in engine.may(case, by=ANA) if one.action == action)


def test_a_request_is_needed_each_time_somebody_is_asked(tmp_path: Path) -> None:
    steps = f"  open: {{ by: agent, actions: {{ ask: waiting, finish: closed }} }}\n  waiting:{WAITS}  closed: {{ end: done }}\n"
    engine = engine_of(steps, tmp_path)
    case = engine.start("errand", by=ANA).id
    for _ in range(2):
        assert needs(engine, case, "ask") == ("asked", "due")
        assert engine.perform(case, "ask", by=ANA, data=ASKED).accepted
        assert engine.perform(case, "reply", by=ANA).accepted


@pytest.mark.parametrize("first", ["ask", "look"])
def test_a_request_inside_or_behind_a_block_is_needed_too(tmp_path: Path, first: str) -> None:
    steps = """\
  open: { by: agent, actions: { ask: both, look: other, finish: closed } }
  both:
    parallel:
      work: { by: agent, actions: { work-on: done } }
      client-side:
        waiting-for: { party: client, asked: required, due: required }
        actions: { send: done }
    then: open
  other:
    parallel:
      check: { by: agent, actions: { check-it: done } }
    then: both
  closed: { end: done }
"""
    engine = engine_of(steps, tmp_path)
    case = engine.start("errand", by=ANA).id
    if first == "look":
        assert needs(engine, case, "look") == ()
        assert engine.perform(case, "look", by=ANA).accepted
    action = "ask" if first == "ask" else "check-it"
    assert needs(engine, case, action) == ("asked", "due")
    assert engine.perform(case, action, by=ANA, data=ASKED).accepted
