"""A case stands where its events say; a store that says otherwise is not believed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from procflow.engine import Engine
from procflow.errors import StoreError
from procflow.model.organisation import Actor

PROCEDURE = """
procflow: 1
procedure: errand
version: "1"
title: Errand
roles: { desk: The desk }
start: open
steps:
  open: { by: desk, actions: { do: done-it } }
  done-it: { by: desk, actions: { tell: told } }
  told: { end: told }
"""
ANA = Actor("ana", roles={"desk"})


@pytest.mark.parametrize(
    ("said", "why"),
    [("done-it", "is not where its events lead: open"), ("open[a:b]", "nothing may follow"), ("nowhere", "no place")],
)
def test_a_row_that_was_altered_is_found_when_the_case_is_read_again(tmp_path: Path, said: str, why: str) -> None:
    (tmp_path / "errand.yaml").write_text(PROCEDURE, "utf-8")
    engine = Engine.open(f"sqlite:///{tmp_path}/e.db")
    engine.publish(tmp_path / "errand.yaml")
    case = engine.start("errand", by=ANA).id
    engine.close_store()
    altered = sqlite3.connect(tmp_path / "e.db")
    altered.execute("UPDATE pf_case SET configuration = ?", (said,))
    altered.commit()
    altered.close()
    with pytest.raises(StoreError, match=why):
        Engine.open(f"sqlite:///{tmp_path}/e.db").case(case)
