"""A1.4.1: expectations are known and negotiated: what was asked for, offered and agreed, and why, is on record; nobody signs what
was not simulated. A1.4.3: and how it was kept is told, again and again.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from procflow import Actor, Engine, audit
from procflow.engine.cases import Case
from procflow.resources import shipped

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
MANAGER = Actor("magda", roles={"service-level-manager"})
PROVIDER = Actor("farid", roles={"provider"})
SIGNATORY = Actor("stefan", roles={"signatory"})
CUSTOMER = Actor("ioana", roles={"customer"})


class Desk:
    """An engine with the shipped procedure, and one case of it."""

    def __init__(self) -> None:
        self.now = START
        self.engine = Engine.open("memory://", clock=lambda: self.now)
        self.engine.publish(shipped("procedures") / "sla-agreement.yaml")
        self.id = self.engine.start("sla-agreement", by=MANAGER, client="acme").id

    def does(self, who: Actor, action: str, *proofs: str, **said: Any) -> list[str]:
        """Do something an hour later; return the codes it is refused for."""
        self.now += timedelta(hours=1)
        reason = said.pop("reason", None)
        evidence = {one: f"doc:{one}" for one in proofs}
        verdict = self.engine.perform(self.id, action, by=who, data=said, evidence=evidence, reason=reason)
        return [] if verdict.accepted else [one.code for one in verdict.deviations]

    @property
    def case(self) -> Case:
        return self.engine.case(self.id)


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    asked = made.does(MANAGER, "record-needs", "needs-record", service="mail", asked_for="2 working hours")
    offered = made.does(MANAGER, "submit-draft", "draft-agreement", offered="4 working hours")
    assert asked == offered == []
    return made


HOLDS = {"cases_counted": 120, "kept_percent": 94, "behind_holds": True}


def test_asked_offered_agreed_and_why_are_on_record(desk: Desk) -> None:
    assert desk.does(PROVIDER, "propose", "simulation-report", **HOLDS) == []
    assert desk.does(MANAGER, "agree", agreed="4 working hours") == ["DV104"]  # not what was asked for: say why
    assert desk.does(MANAGER, "agree", agreed="4 working hours", why="the supplier needs two of them") == []
    values = desk.case.values
    told = {name: values[name] for name in ("asked_for", "offered", "agreed", "why")}
    assert told == {
        "asked_for": "2 working hours",
        "offered": "4 working hours",
        "agreed": "4 working hours",
        "why": "the supplier needs two of them",
    }


@pytest.mark.parametrize(
    "figures",
    [{**HOLDS, "kept_percent": 71}, {**HOLDS, "cases_counted": 7}, {**HOLDS, "behind_holds": False}],
    ids=["kept by too few", "too few cases", "what stands behind it takes longer"],
)
def test_what_the_record_does_not_bear_is_not_proposed(desk: Desk, figures: dict[str, Any]) -> None:
    assert desk.does(PROVIDER, "propose", "simulation-report", **figures) == ["DV104"]
    assert desk.does(PROVIDER, "redraft", "simulation-report", reason="two thirds would have kept it", **figures) == []
    assert "drafted" in str(desk.case.configuration)


def test_nobody_signs_what_was_not_simulated(desk: Desk) -> None:
    assert desk.does(SIGNATORY, "we-sign", "our-signature")
    assert desk.does(PROVIDER, "propose", **HOLDS) == ["DV303"]  # without the report


def test_an_amendment_is_simulated_before_it_is_signed_and_the_effect_is_recorded(desk: Desk) -> None:
    signed(desk)
    assert desk.does(MANAGER, "begin-review", reason="the service has grown") == []
    assert desk.does(MANAGER, "decide", "review-minutes", decision="amend") == ["DV301"]  # what did it change?
    assert desk.does(MANAGER, "decide", "review-minutes", decision="amend", effect="fewer calls") == []
    assert desk.does(MANAGER, "submit-draft", "draft-agreement", offered="2 working hours") == []
    assert desk.does(SIGNATORY, "we-sign", "our-signature")
    assert desk.does(PROVIDER, "propose", "simulation-report", **HOLDS) == []


def signed(desk: Desk) -> None:
    for who, action, proof, said in (
        (PROVIDER, "propose", "simulation-report", HOLDS),
        (MANAGER, "agree", "", {"agreed": "4 working hours", "why": "the supplier"}),
        (SIGNATORY, "we-sign", "our-signature", {}),
        (CUSTOMER, "they-sign", "their-signature", {}),
    ):
        assert desk.does(who, action, *([proof] if proof else []), **said) == []
    assert str(desk.case.configuration) == "in-force"


def test_it_is_reviewed_every_six_months_and_nobody_has_to_remember(desk: Desk, tmp_path: Path) -> None:
    signed(desk)
    in_force = desk.now
    for _ in range(6):
        desk.now += timedelta(days=29)
        assert desk.does(MANAGER, "report", "attainment-report") == []
    assert str(desk.case.configuration) == "in-force"
    desk.now = in_force + timedelta(days=190)
    desk.engine.advance()
    assert str(desk.case.configuration) == "under-review"
    assert desk.does(MANAGER, "decide", "review-minutes", decision="keep", effect="fewer calls") == []
    assert str(desk.case.configuration) == "in-force"
    with (tmp_path / "export.jsonl").open("wb") as out:
        desk.engine.export(out)
    report = audit(shipped("procedures") / "sla-agreement.yaml", tmp_path / "export.jsonl")
    (case,) = report.cases
    assert case.clean


def test_a_month_without_a_word_on_how_it_was_kept_is_told(desk: Desk) -> None:
    """A1.4.3: whoever owes news and is silent for longer than agreed has not kept it."""
    signed(desk)
    desk.now += timedelta(days=40)
    desk.engine.advance()
    assert [one.code for one in desk.case.audit.deviations] == ["DV409"]
