"""A ledger and the verdict it explains agree to the second: of every status, and of a case that a log calls complete."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from procflow.auditor.one_case import case_in
from procflow.judge import Judge
from procflow.loading.procedure import read_procedure
from procflow.model.clock import ClockCycle, ClockStatus, PartyKind, Stretch, Why
from procflow.model.event import Witness
from tests.unit.reports.test_clocks_text import DESK as OFFICE_HOURS
from tests.unit.reports.test_clocks_text import LOG, MAPPING, PROCEDURE
from tests.unit.timed_stories import DESK, Told, desk, tell, whole, with_clocks

ANSWER = """
answer: { to: client, within: 8 working hours, until: [send, case ends], paused-in: waiting, cancelled-by: merge }
"""
OPENED = "2026-12-02 09:00 ana/agent opens"
ASKED = "2026-12-02 11:00 ana/agent ask asked=Which due=2026-12-08T12:00"
SENT = "2026-12-03 11:00 ana/agent send"
STORIES = {
    ClockStatus.MET: (OPENED, "2026-12-02 16:30 ana/agent send"),
    ClockStatus.BREACHED: (OPENED, SENT),
    ClockStatus.OVERDUE: (OPENED, "2026-12-03 11:00 ana/agent note"),
    ClockStatus.RUNNING: (OPENED, "2026-12-02 11:00 ana/agent note"),
    ClockStatus.PAUSED: (OPENED, ASKED),
    ClockStatus.CANCELLED: (OPENED, "2026-12-02 16:30 ana/agent merge"),
}


def ledger_and_cycle(told: Told, closed: bool, as_of: str | None) -> tuple[tuple[Stretch, ...], ClockCycle]:
    moment = told.at(as_of)
    (cycle,) = told.judge.audit(told.state, closed=closed, as_of=moment).clocks
    return told.judge.ledger(told.state, "answer", as_of=moment, closed=closed), cycle


def agree(lines: tuple[Stretch, ...], cycle: ClockCycle) -> bool:
    """Return True if the lines account for the whole cycle, one after the other, and come to what was used."""
    at = cycle.started_at
    for one in lines:
        assert one.start == at
        at = one.end
    counted = sum((one.counted for one in lines), timedelta(0))
    assert at - cycle.started_at == cycle.wall
    assert sum((one.end - one.start for one in lines if one.why is Why.PAUSED), timedelta(0)) == cycle.paused
    return counted == lines[-1].total == cycle.used and cycle.stopped_at in (None, at)


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("as_of", [None, "2026-12-02 12:00", "2026-12-10 10:17"])
@pytest.mark.parametrize("status", STORIES)
def test_the_ledger_is_that_of_the_verdict(status: ClockStatus, as_of: str | None, closed: bool) -> None:
    lines, cycle = ledger_and_cycle(desk(ANSWER, *STORIES[status]), closed, as_of)
    if as_of is None and not closed:
        assert cycle.status is status
    assert agree(lines, cycle)
    assert cycle.stopped_at is not None or not closed


def test_what_a_complete_log_leaves_open_was_late_when_the_log_ends_and_no_later() -> None:
    told = desk(ANSWER, *STORIES[ClockStatus.RUNNING])
    lines, cycle = ledger_and_cycle(told, True, "2026-12-10 10:00")
    assert (cycle.status, cycle.used, lines[-1].end) == (
        ClockStatus.MET,
        timedelta(hours=2),
        told.at("2026-12-02 11:00"),
    )
    lines, cycle = ledger_and_cycle(told, False, "2026-12-10 10:00")
    assert (cycle.status, lines[-1].end) == (ClockStatus.OVERDUE, told.at("2026-12-10 10:00"))


@pytest.mark.parametrize("closed", [False, True])
def test_what_cannot_be_decided_or_examined_has_its_ledger_too(closed: bool) -> None:
    told = desk(ANSWER, OPENED, "2026-12-02 17:00 ana/agent note", "2026-12-03 09:00 ana/agent send")
    rough = replace(told, judge=of_witness(told, Witness(resolution=timedelta(hours=2))))
    sent = replace(rough.events[-1], occurred_at=local(told, "2026-12-03 09:30"))
    late = replace(rough, events=(*rough.events[:-1], sent))
    lines, cycle = ledger_and_cycle(late, closed, None)
    assert cycle.status is ClockStatus.UNDECIDABLE
    assert agree(lines, cycle)
    holed = replace(told, events=(*told.events[:-1], replace(sent, gap=True)))
    lines, cycle = ledger_and_cycle(holed, closed, None)
    assert cycle.status is ClockStatus.NOT_EXAMINED
    assert lines[-1].end == cycle.stopped_at


def local(told: Told, text: str) -> datetime:
    at = told.at(text)
    assert at is not None
    return at


def of_witness(told: Told, witness: Witness) -> Judge:
    return Judge(told.judge.procedure, witness=witness, calendars=told.judge.calendars)


@pytest.mark.parametrize("timed", [True, False])
def test_who_had_the_ball_ends_where_a_complete_log_does(timed: bool) -> None:
    text = whole(DESK).replace("calendar: office\n", "") if not timed else whole(with_clocks(ANSWER))
    loaded = read_procedure(text, "story.yaml").procedure
    assert loaded is not None
    told = tell(loaded, *STORIES[ClockStatus.RUNNING])
    later = told.at("2026-12-10 10:00")
    spans = told.judge.ball(told.state, later, closed=True)
    assert spans[-1][2] == told.at("2026-12-02 11:00")
    assert told.judge.ball(told.state, later)[-1][2] == later
    assert spans[0][0].kind is PartyKind.TEAM
    audit = told.judge.audit(told.state, closed=True, as_of=later)
    assert sum((one.wall for one in audit.ball), timedelta(0)) == timedelta(hours=2 if timed else 0)


def test_a_case_of_a_complete_log_is_told_as_its_audit_tells_it(tmp_path: Path) -> None:
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars/desk.yaml").write_text(OFFICE_HOURS)
    (tmp_path / "letter.yaml").write_text(PROCEDURE)
    (tmp_path / "log.csv").write_text(LOG)
    (tmp_path / "log.map.yaml").write_text(MAPPING + "cases: closed\n")
    seen = 0
    for case in ("C1", "C2", "C3", "C4", "C5"):
        found = case_in(tmp_path / "letter.yaml", [tmp_path / "log.csv"], case, mapping=tmp_path / "log.map.yaml")
        for one in found.clocks:
            assert one.stopped_at is not None
            lines = found.ledger(one.clock, one.number)
            assert (lines[-1].end if lines else one.started_at) == one.stopped_at
            seen += 1
    assert seen == 10
