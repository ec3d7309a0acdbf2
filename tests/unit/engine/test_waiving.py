"""To excuse a deviation: granted by another than who needs it, for a while, and on record."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from procflow.engine import Engine
from procflow.errors import ProcflowError
from procflow.model.deviation import Disposition
from tests.unit.engine.stories import NOON, Hands, accepted, engine_in

GRANTED: dict[str, Any] = {"person": "ana", "until": NOON + timedelta(days=1), "by": "max", "reason": "Lea is ill"}


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def engine(tmp_path: Path, clock: Hands) -> Engine:
    return engine_in(tmp_path, clock)


def test_what_is_waived_is_accepted_and_says_so(engine: Engine) -> None:
    case = accepted(engine)
    assert [one.allowed for one in engine.may(case, by="ana") if one.action == "pay"] == [False]
    waived = engine.waive(case, "DV202", **GRANTED)
    assert (waived.accepted, waived.deviations, str(waived.after)) == (True, (), "decide")
    assert [one.allowed for one in engine.may(case, by="ana") if one.action == "pay"] == [True]
    assert [item.case for item in engine.worklist("ana")] == [case], "no control bars her now"
    paid = engine.perform(case, "pay", by="ana")
    assert paid.accepted
    ((excused,)) = paid.deviations
    assert (excused.code, excused.disposition, excused.settled_by) == ("DV202", Disposition.EXCUSED, 4)
    assert engine.case(case).audit.clean


def test_a_waiver_runs_out(engine: Engine, clock: Hands) -> None:
    case = accepted(engine)
    engine.waive(case, "DV202", **GRANTED).or_raise()
    clock.wait(days=1, seconds=1)
    late = engine.perform(case, "pay", by="ana")
    assert [(one.code, one.disposition) for one in late.deviations] == [
        ("DV202", Disposition.PREVENTED),
        ("DV703", Disposition.PREVENTED),
    ]


def test_what_was_observed_is_excused_afterwards(engine: Engine) -> None:
    case = engine.start("refund", by="ana", mode="observe").id
    engine.perform(case, "thank", by="eve")
    assert not engine.case(case).audit.clean
    later = engine.waive(case, "DV201", **(GRANTED | {"person": "eve", "action": "thank", "step": "intake"}))
    assert later.accepted
    assert engine.case(case).audit.clean
    assert [one.settled_by for one in engine.case(case).audit.deviations] == [3]


@pytest.mark.parametrize(
    ("code", "changed", "found"),
    [
        ("DV202", {"by": "lea"}, "DV204"),
        ("DV202", {"person": "max"}, "DV702"),
        ("DV202", {"reason": None}, "DV306"),
        ("DV701", {}, "DV204"),
        ("four-eyes", {}, "DV204"),
    ],
)
def test_what_nobody_may_grant_is_refused_and_excuses_nothing(
    engine: Engine, code: str, changed: dict[str, Any], found: str
) -> None:
    case = accepted(engine)
    refused = engine.waive(case, code, **(GRANTED | changed))
    assert [(one.code, one.disposition) for one in refused.deviations] == [(found, Disposition.PREVENTED)]
    assert engine.case(case).events[-1].refused
    assert not engine.perform(case, "pay", by="ana").accepted


def test_a_waiver_for_a_step_the_procedure_does_not_have_would_excuse_nothing(engine: Engine) -> None:
    case = accepted(engine)
    with pytest.raises(ProcflowError, match=r"the waiver is for the step “intak”") as wrong:
        engine.waive(case, "DV202", **GRANTED, step="intak")
    assert wrong.value.hint == "did you mean “intake”?"
    with pytest.raises(ProcflowError, match=r"the waiver is for the action “phone”"):
        engine.waive(case, "DV202", **GRANTED, action="phone")
    engine.waive(case, "DV106", **GRANTED, action="phone").or_raise()


def test_a_waiver_is_granted_once_under_a_key(engine: Engine) -> None:
    case = accepted(engine)
    engine.waive(case, "DV202", **GRANTED, key="k").or_raise()
    assert engine.waive(case, "DV202", **GRANTED, key="k").repeated
    with pytest.raises(ProcflowError, match="the key 'k' was used for waiver DV202, event 4"):
        engine.waive(case, "DV201", **GRANTED, key="k")


def test_until_is_a_moment_utc_can_name(engine: Engine) -> None:
    case = accepted(engine)
    for wrong in (NOON.replace(tzinfo=None), "2026-12-01", None):
        with pytest.raises(ProcflowError):
            engine.waive(case, "DV202", **(GRANTED | {"until": wrong}))
