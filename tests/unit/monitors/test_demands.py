"""What a move asks for is met only if nothing of it is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from procflow.expressions.expression import Facts
from procflow.model.event import Event, Kind
from procflow.monitors.demands import Demands
from procflow.monitors.moment import Memory

AT = datetime(2026, 11, 23, tzinfo=UTC)
ALL = Demands(
    role="lead",
    four_eyes=("draft",),
    not_by=("complained_about",),
    collect=("cause",),
    evidence=("report",),
    reason=True,
    left=(("draft", False), ("block", True)),
    entered=("approval",),
)
FITS = Event(
    case="c",
    seq=1,
    kind=Kind.ACTION,
    action="approve",
    occurred_at=AT,
    actor="ana",
    roles=frozenset({"lead"}),
    evidence={"report": "R-1"},
    reason="it is right",
)
KNOWN = Facts({"cause": "a seal", "complained_about": "dan"}, {}, AT)
SEEN = Memory(leavers={"draft": frozenset({"dan"})})


def test_all_of_it_is_met() -> None:
    assert ALL.met(FITS, KNOWN, SEEN)
    assert ALL.met(replace(FITS, roles=frozenset({"lead", "agent"})), KNOWN, Memory())


@pytest.mark.parametrize(
    "lacks",
    [
        {"roles": frozenset()},
        {"roles": frozenset({"agent"})},
        {"actor": None},
        {"evidence": {}},
        {"evidence": {"report": " "}},
        {"evidence": {"report": True}},
        {"evidence": {"other": "R-1"}},
        {"reason": None},
        {"reason": ""},
        {"reason": " \n"},
    ],
    ids=str,
)
def test_an_event_that_lacks_something_is_looked_into(lacks: dict[str, Any]) -> None:
    assert not ALL.met(replace(FITS, **lacks), KNOWN, SEEN)


@pytest.mark.parametrize("values", [{}, {"cause": None}, {"cause": "a seal", "complained_about": "ana"}], ids=str)
def test_so_is_one_that_lacks_a_value_or_is_barred(values: dict[str, Any]) -> None:
    assert not ALL.met(FITS, Facts(values, {}, AT), SEEN)


@pytest.mark.parametrize("left", [["ana"], ["ana", "dan"], [None]], ids=str)
def test_so_is_one_by_somebody_who_left_the_other_step_or_may_have(left: list[str | None]) -> None:
    assert not ALL.met(FITS, KNOWN, Memory(leavers={"draft": frozenset(left)}))


@pytest.mark.parametrize(
    "pending",
    [Memory(started={("approve", "ana"): frozenset({"DV201"})}), Memory(early={"sketch": "dan"})],
    ids=["started", "early"],
)
def test_so_is_one_after_something_that_later_events_settle(pending: Memory) -> None:
    assert not ALL.met(FITS, KNOWN, pending)


def test_who_left_is_remembered_and_who_enters_makes_it_forgotten() -> None:
    before = Memory(leavers={"draft": frozenset({"dan"}), "block": frozenset({"dan"}), "approval": frozenset({"eva"})})
    after = ALL.remembered(FITS, before)
    assert after.leavers == {"draft": {"ana"}, "block": {"ana", "dan"}, "approval": frozenset()}
    assert replace(ALL, left=(), entered=()).remembered(FITS, before) is before
