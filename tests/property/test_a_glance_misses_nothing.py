"""Law: what is told of a clean event at a glance is what the monitors would have said of it: nothing."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procflow import explanation
from procflow.judge import Judge
from procflow.loading.procedure import read_procedure
from procflow.model.event import Event, Trace, Witness
from procflow.model.procedure import Procedure
from procflow.model.report import CaseAudit
from procflow.monitors.demands import Demands
from procflow.stores import open_store
from tests.property.strategies_cases import Desk, complaint, events_of, exported, random_day, random_text

WITNESSES = (
    Witness(),
    Witness(role=False),
    Witness(actor=False, evidence=False),
    Witness(reason=False, data=frozenset({"handler", "ours"})),
)


def a_day(folder: Path, seed: int) -> tuple[Procedure, list[Event]]:
    """Return the events of a day at which everything was let pass."""
    rng = Random(seed)
    text = complaint() if rng.random() < 0.3 else random_text(rng)
    file = folder / "procedure.yaml"
    file.write_text(text, encoding="utf-8")
    desk = Desk(open_store("memory://"), file)
    random_day(desk, rng, mode="observe", steps=30)
    procedure = read_procedure(text, "procedure.yaml").procedure
    assert procedure is not None
    return procedure, events_of(exported(desk.engine))


def told(procedure: Procedure, witness: Witness, events: list[Event]) -> list[CaseAudit]:
    judge = Judge(procedure, witness=witness)
    cases = dict.fromkeys(event.case for event in events)
    traces = [Trace(case=case, events=tuple(one for one in events if one.case == case), closed=True) for case in cases]
    return [judge.audit(judge.run(trace), closed=True) for trace in traces]


def test_a_glance_misses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glances = {True: 0, False: 0}
    met = Demands.met

    def counted(demands: Demands, *given: object) -> bool:
        found = met(demands, *given)  # type: ignore[arg-type]
        glances[found] += 1
        return found

    monkeypatch.setattr(Demands, "met", counted)

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**64))
    def law(seed: int) -> None:
        procedure, events = a_day(tmp_path, seed)
        for witness in WITNESSES:
            quick = told(procedure, witness, events)
            with monkeypatch.context() as patched:
                patched.setattr(explanation, "demands_of", lambda *_: None)
                assert told(procedure, witness, events) == quick

    law()
    assert glances[True] > 100
    assert glances[False] > 50
