"""Clocks as a manager reads them: a table that fits a terminal, every figure with its n, nothing told twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from procflow.auditor import audit
from procflow.auditor.one_case import case_in
from procflow.errors import CaseNotFound
from procflow.model.clock import ClockCycle, ClockStatus, Party, PartyKind
from procflow.model.report import AuditReport
from procflow.reports.audit_text import Layout, audit_lines, case_lines
from procflow.reports.clocks_text import cycle_text, party_text
from procflow.reports.ledger_text import Ledger, ledger_document, ledger_lines, verdict_of
from procflow.reports.lengths import clocked, length_of
from procflow.reports.paper import plain, width

PROCEDURE = """\
procflow: 1
procedure: letter
version: "1.0"
title: A letter
purpose: To show time.
calendar: desk
roles:
  agent: Writes
  client: { title: Asks, external: true }
clocks:
  answer:
    title: The answer
    within: { depends-on: tier, basic: 2 working days, premium: 2 working hours }
    paused-in: [waiting]
  hands: { to: team, at-most: 1, of: hand-off }
start: write
steps:
  write: { by: agent, actions: { send: sent, ask: { to: waiting, at-most: 3 } } }
  waiting: { waiting-for: { party: client, asked: required, due: required }, actions: { told: write } }
  sent: { end: sent }
"""
DESK = """\
calendar: desk
zone: Europe/Bucharest
covers: 2026..2027
hours: { mon-fri: "09:00-17:00" }
days: { 2026-12-01: { closed: National day } }
"""
MAPPING = """\
case: case
time: at
action: { column: action, opens: [opened] }
actor: who
role: role
data: { tier: tier, asked: asked, due: due }
"""
LOG = """\
case,at,action,who,role,tier,asked,due
C1,2026-11-30T16:00:00+02:00,opened,ana,agent,premium,,
C1,2026-12-02T11:30:00+02:00,send,ana,agent,,,
C2,2026-11-27T10:00:00+02:00,opened,ana,agent,basic,,
C2,2026-11-27T12:00:00+02:00,ask,ana,agent,,The invoice,2026-12-02T12:00:00+02:00
C2,2026-12-02T10:00:00+02:00,told,cli,client,,,
C2,2026-12-02T12:00:00+02:00,send,ana,agent,,,
C3,2026-12-03T10:00:00+02:00,opened,ana,agent,basic,,
C4,2026-11-20T10:00:00+02:00,opened,ana,agent,basic,,
C5,2026-12-03T12:00:00+02:00,opened,ana,agent,,,
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "calendars").mkdir()
    for name, text in (
        ("letter.yaml", PROCEDURE),
        ("calendars/desk.yaml", DESK),
        ("log.map.yaml", MAPPING),
        ("log.csv", LOG),
    ):
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def report(desk: Path) -> AuditReport:
    return audit(desk / "letter.yaml", desk / "log.csv", mapping=desk / "log.map.yaml")


def told(report: AuditReport, cells: int = 80) -> str:
    return plain(audit_lines(report, Layout(cells=cells)))


def section(text: str, head: str) -> list[str]:
    """Return the lines of a section, without its explanation."""
    lines = text.splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith(head))
    last = next((at for at in range(first, len(lines)) if not lines[at]), len(lines))
    return lines[first + 1 : last]


def ledger_of(desk: Path, case: str, clock: str) -> Ledger:
    found = case_in(desk / "letter.yaml", [desk / "log.csv"], case, mapping=desk / "log.map.yaml")
    cycle = next(one for one in found.clocks if one.clock == clock)
    return Ledger(
        case=found.trace.case,
        procedure=found.procedure,
        cycle=cycle,
        stretches=found.ledger(clock),
        calendars=found.calendars,
        as_of=found.as_of,
    )


def test_attainment_counts_what_is_open_and_late_and_tells_n(report: AuditReport) -> None:
    lines = [line.split() for line in section(told(report), "Clocks")]
    rows = {line[-1]: line[:-1] for line in lines if line[-1] in ("answer", "basic", "premium", "hands")}
    assert rows["answer"][:4] == ["33.3", "%", "3", "2"]
    assert rows["basic"][:4] == ["50.0", "%", "2", "1"]
    assert rows["premium"][:4] == ["0.0", "%", "1", "1"]
    assert "Of those late 1 still open." in " ".join(section(told(report), "Clocks"))


def test_working_time_stands_beside_time_by_the_wall(report: AuditReport) -> None:
    (premium,) = [one for one in report.clocks if one.grade == "premium"]
    assert premium.used is not None
    assert premium.wall is not None
    # From Monday 16:00 to Wednesday 11:30, with the national day between.
    assert (premium.used.median, premium.wall.median) == (timedelta(hours=3.5), timedelta(hours=43.5))


def test_what_is_due_comes_soonest_first_and_says_what_is_overdue(report: AuditReport) -> None:
    due = section(told(report, 140), "What is due")
    assert "C4" in due[1]
    assert "overdue" in due[1]
    assert "C3" in due[2]
    assert "overdue" not in due[2]


@pytest.mark.parametrize("cells", [60, 80])
def test_nothing_needed_is_cut_and_what_is_due_is_told_in_the_zone_of_its_calendar(
    report: AuditReport, cells: int
) -> None:
    text = told(report, cells)
    assert not any(
        "…" in line for head in ("Clocks", "Who had the ball", "What is due") for line in section(text, head)
    )
    due = " ".join(" ".join(section(text, "What is due")).split())
    assert "Tue 2026-11-24 17:00 +02:00 8d 19:00 overdue C4" in due
    assert due.count("answer: the end of the") == 2


def test_the_header_names_the_calendars_and_the_time_zone_data(report: AuditReport) -> None:
    head = told(report).split("\n\n")[0]
    assert f"desk, sha256 {report.calendars['desk'][:12]}" in head
    assert report.zones
    assert f"time zones of {report.zones}" in head


def test_a_case_says_how_its_clocks_went_and_who_had_the_ball(report: AuditReport) -> None:
    text = " ".join(plain(case_lines(report, report.cases[1])).split())
    assert "answer met: 4 h of 23 h used (2 working days for basic, on desk), 4 d 22 h paused" in text
    assert "the ball: agent 4 h, client 4 d 22 h" in text


@pytest.mark.parametrize("cells", [60, 80, 140])
def test_the_report_fits_its_terminal(report: AuditReport, cells: int) -> None:
    lines = [line for line in told(report, cells).splitlines() if "letter.yaml" not in line and "log.csv" not in line]
    assert max(map(width, lines)) <= cells


def test_a_ledger_goes_on_without_a_gap_and_says_where_the_time_ran_out(desk: Path) -> None:
    ledger = ledger_of(desk, "C1", "answer")
    assert [(one.end, two.start) for one, two in zip(ledger.stretches, ledger.stretches[1:], strict=False)] == [
        (one.end, one.end) for one in ledger.stretches[:-1]
    ]
    text = plain(ledger_lines(ledger, 120))
    assert "Mon 2026-11-30 16:00 +02:00  Mon 2026-11-30 17:00 +02:00" in text
    assert "day off: National day" in text
    assert "counted, too late" in text
    assert text.rstrip().endswith("It had run out on Wed 2026-12-02 10:00 +02:00.")
    assert "Breached: 3 h 30 min of 2 h of open hours were used" in text


def test_a_pause_is_told_with_what_was_asked(desk: Path) -> None:
    text = " ".join(plain(ledger_lines(ledger_of(desk, "C2", "answer"), 80)).split())
    assert "paused: waiting: The invoice" in text
    assert "Met: 4 h of 23 h of open hours were used" in text


def test_nothing_of_a_ledger_is_cut_off(desk: Path) -> None:
    ledger = ledger_of(desk, "C1", "answer")
    long = replace(ledger, stretches=tuple(replace(one, note="a long reason " * 9) for one in ledger.stretches))
    text = plain(ledger_lines(long, 80))
    assert text.count("reason") == 9 * (len(long.stretches) + 1)  # the stretch in which the time ran out is two lines
    assert "…" not in text


def test_a_clock_that_counts_has_a_verdict_and_no_ledger(desk: Path) -> None:
    text = plain(ledger_lines(ledger_of(desk, "C2", "hands"), 80))
    assert "how long" not in text
    assert "at most 1 was promised." in text


def test_programs_get_seconds_and_utc(desk: Path) -> None:
    document = ledger_document(ledger_of(desk, "C1", "answer"))
    assert document["zone"] == "Europe/Bucharest"
    lines = document["ledger"]
    assert isinstance(lines, list)
    first = lines[0]
    assert isinstance(first, dict)
    assert (first["from"], first["counted_seconds"]) == ("2026-11-30T14:00:00.000000Z", 3600)


def test_a_case_is_found_by_a_part_of_its_id(desk: Path) -> None:
    with pytest.raises(CaseNotFound, match="fits 5 cases"):
        ledger_of(desk, "C", "answer")
    with pytest.raises(CaseNotFound, match="there is no case “C9”"):
        ledger_of(desk, "C9", "answer")


CYCLE = ClockCycle(
    clock="answer",
    number=2,
    status=ClockStatus.RUNNING,
    started_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
    since=1,
    stopped_at=None,
    target="8 hours",
    calendar="24x7",
    working=False,
    budget=timedelta(hours=8),
    used=timedelta(hours=2),
    wall=timedelta(hours=2),
    paused=timedelta(0),
    due=datetime(2026, 11, 23, 17, tzinfo=UTC),
)


@pytest.mark.parametrize("status", ClockStatus)
def test_every_status_has_a_verdict(desk: Path, status: ClockStatus) -> None:
    ledger = replace(ledger_of(desk, "C1", "answer"), cycle=replace(CYCLE, status=status))
    counting = replace(ledger, cycle=replace(CYCLE, status=status, count=3, target="at most 2"))
    for one in (ledger, counting):
        assert verdict_of(one).endswith(".")
    assert cycle_text(ledger.cycle)


def test_a_change_and_an_excuse_are_told(desk: Path) -> None:
    late = replace(CYCLE, status=ClockStatus.BREACHED, used=timedelta(hours=9), by_change=True, waived=True)
    told = verdict_of(replace(ledger_of(desk, "C1", "answer"), cycle=late))
    assert "a change of what was promised made it late" in told
    assert "excused" in told


@pytest.mark.parametrize(
    ("seconds", "working", "text", "cell"),
    [
        (0, False, "0 min", "0:00"),
        (30, False, "30 s", "<0:01"),
        (5400, False, "1 h 30 min", "1:30"),
        (90_061, False, "1 d 01 h 01 min 01 s", "1d 01:01"),
        (86_400, False, "1 d", "1d 00:00"),
        (90_000, True, "25 h", "25:00"),
        (-3660, False, "−1 h 01 min", "−1:01"),
    ],
)
def test_lengths_lose_nothing(seconds: int, working: bool, text: str, cell: str) -> None:
    length = timedelta(seconds=seconds)
    assert (length_of(length, working=working), clocked(length, working=working)) == (text, cell)


@pytest.mark.parametrize(
    ("party", "text"),
    [
        (Party(kind=PartyKind.TEAM, names=("agent", "lawyer")), "agent, lawyer"),
        (Party(kind=PartyKind.CLIENT, names=("client",)), "client"),
        (Party(kind=PartyKind.SUPPLIER, names=("vendor",)), "vendor (supplier)"),
        (Party(kind=PartyKind.NOBODY), "nobody"),
        (Party(kind=PartyKind.RESOLVED), "nobody: what was asked for is done"),
    ],
)
def test_who_has_the_ball_is_told_in_words(party: Party, text: str) -> None:
    assert party_text(party) == text
