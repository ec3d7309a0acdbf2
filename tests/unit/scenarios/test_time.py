"""Time in scenarios: what is due meanwhile is done, and clocks can be expected to be late or met."""

from __future__ import annotations

from pathlib import Path

import pytest

from procflow.loading.procedure import read_procedure
from procflow.model.event import Kind
from procflow.model.scenario import ScenarioResult
from procflow.scenarios.running import run
from procflow.scenarios.testing import judge_of

PROCEDURE = """\
procflow: 1
procedure: timed
version: "1"
calendar: office
effective: { from: 2026-12-05 }
roles: { agent: Works, lead: Decides, client: { title: Asked, external: true } }
clocks:
  answer: { to: client, within: 5 working days, paused-in: [waiting], warn: { at: [50%], notify: lead } }
start: draft
steps:
  draft:
    by: agent
    within: 4 working hours
    late: { notify: lead }
    actions: { ask: { to: waiting, at-most: 3 }, send: closed }
  waiting:
    waiting-for: { party: client, asked: required, due: required }
    within: 14 days
    late: { go-to: draft }
    actions: { reply: draft }
  closed: { end: answered }
scenarios:
"""
OFFICE = 'calendar: office\nzone: Europe/Bucharest\ncovers: 2026..2028\nhours: { mon-fri: ["09:00-17:00"] }\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "office.yaml").write_text(OFFICE)
    return tmp_path


def ran(folder: Path, story: str) -> ScenarioResult:
    """Run one story, given by its `do` and `expect`."""
    text = PROCEDURE + f"  - {{ scenario: Told, {story} }}\n"
    loaded = read_procedure(text, "timed.yaml")
    assert loaded.procedure is not None, loaded.findings
    (scenario,) = loaded.procedure.scenarios
    return run(scenario, judge_of(loaded.procedure, str(folder / "timed.yaml"))).result


def failures(folder: Path, story: str) -> list[str]:
    return [one.message for one in ran(folder, story).findings]


def test_it_opens_when_work_begins(folder: Path) -> None:
    # 5 December 2026 is a Saturday; Monday at 9 in Bucharest is 7 in UTC.
    opened = ran(folder, "do: [agent send], expect: { ends: answered }").events[0]
    assert opened.occurred_at.isoformat() == "2026-12-07T07:00:00+00:00"


def test_working_time_passes_on_the_calendar(folder: Path) -> None:
    result = ran(
        folder,
        "do: [wait 2 working hours, agent send], expect: { ends: answered, within: 2 working hours, met: draft }",
    )
    assert result.passed, result.findings
    assert failures(folder, "do: [wait 3 working hours, agent send], expect: { within: 2 working hours }") == [
        "expected to take at most 2 working hours, but it took 3 hours"
    ]


def test_it_waits_until_something_is_late_and_whoever_should_is_told(folder: Path) -> None:
    result = ran(folder, "do: [wait until draft is late], expect: { stands: draft, late: draft, notified: lead }")
    assert result.passed, result.findings
    timers = [one.timer for one in result.events if one.kind is Kind.TIMER]
    assert [(one.clock, one.mark, one.to) for one in timers if one is not None] == [("draft", "late", "lead")]


def test_time_moves_the_case_as_an_engine_would(folder: Path) -> None:
    result = ran(folder, "do: [agent ask, wait 15 days, agent send], expect: { ends: answered, through: waiting }")
    moved = [one for one in result.events if one.moves_by_time]
    assert [(one.action, one.timer.to if one.timer else "") for one in moved] == [("waiting", "draft")]


def test_what_is_late_and_not_expected_is_told_with_what_to_write(folder: Path) -> None:
    (found,) = ran(folder, "do: [wait until draft is late], expect: { stands: draft }").findings
    assert found.message.startswith("DV401 clock-breached")
    assert "expect it: `late: [draft]`" in (found.hint or "")


def test_what_is_expected_and_did_not_come_is_told(folder: Path) -> None:
    assert failures(folder, "do: [agent send], expect: { late: [draft, waiting], met: answer, notified: client }") == [
        "expected `draft` to be late, but it was met",
        "expected `waiting` to be late, but it never began",
        "expected `client` to be told, but nobody was told",
    ]


def test_nobody_can_wait_for_what_does_not_run(folder: Path) -> None:
    assert failures(folder, "do: [agent send, wait until waiting is late], expect: { ends: answered }") == [
        "`wait until waiting is late`: no time of `waiting` runs then, so it is never late"
    ]


@pytest.mark.parametrize(
    ("story", "code", "message"),
    [
        ("do: [wait until dinner is late], expect: { stands: draft }", "PF703", "the procedure has no clock `dinner`"),
        ("do: [wait until dinner], expect: { stands: draft }", "PF106", "`until dinner`"),
        ("do: [agent send], expect: { late: dinner }", "PF703", "the procedure has no clock `dinner`"),
        ("do: [agent send], expect: { notified: boss }", "PF703", "the procedure has no role `boss`"),
    ],
)
def test_what_cannot_be_meant_is_told(story: str, code: str, message: str) -> None:
    loaded = read_procedure(PROCEDURE + f"  - {{ scenario: Told, {story} }}\n", "timed.yaml")
    assert [one.code for one in loaded.findings if message in one.message] == [code]


def test_working_time_needs_a_calendar() -> None:
    text = PROCEDURE.replace("calendar: office\n", "").replace("working ", "")
    story = "  - { scenario: Told, do: [wait 2 working days, agent send], expect: { ends: answered } }\n"
    loaded = read_procedure(text + story, "timed.yaml")
    assert [one.message for one in loaded.findings if one.code == "PF407"] == [
        "`2 working days` is working time, and the procedure has no calendar to count it on"
    ]


def test_a_wait_in_other_words_is_mended_as_a_wait() -> None:
    text = PROCEDURE + "  - { scenario: one, do: [wait 2 workdays, agent send], expect: { ends: closed } }\n"
    (found,) = [one for one in read_procedure(text, "timed.yaml").findings if one.code == "PF106"]
    assert [one.text for one in found.edits] == ["wait 2 working days"]
