"""`procflow play`: what is due when, and what time does while one waits."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from procflow.cli import main

TIMED = """\
procflow: 1
procedure: timed
version: "1"
calendar: office
effective: { from: 2026-12-07 }
roles: { agent: Works, lead: Decides, client: { title: Asked, external: true } }
clocks: { answer: { to: client, within: 5 working days, warn: [50%] } }
start: draft
steps:
  draft:
    by: agent
    within: 4 working hours
    late: [{ notify: lead }, { after: 2 working hours, escalate: lead }]
    actions: { ask: { to: waiting, at-most: 3 }, send: closed }
  waiting: { waiting-for: { party: client }, within: 3 days, late: { go-to: draft }, actions: { reply: draft } }
  closed: { end: answered }
"""
OFFICE = 'calendar: office\nzone: Europe/Bucharest\ncovers: 2026..2028\nhours: { mon-fri: ["09:00-17:00"] }\n'


def play(*typed: str) -> str:
    text = "".join(f"{line}\n" for line in typed)
    done = CliRunner().invoke(main, ["play", "timed.yaml"], input=text, env={"COLUMNS": "100", "NO_COLOR": "1"})
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("timed.yaml").write_text(TIMED, "utf-8")
    Path("calendars").mkdir()
    Path("calendars/office.yaml").write_text(OFFICE, "utf-8")


def test_what_is_due_stands_there_soonest_first() -> None:
    told = play("list")
    assert told.index("(clock draft)") < told.index("(clock answer)")


def test_waiting_does_what_is_due_and_tells_it() -> None:
    told = play("wait 2 working days", "picture")
    assert "draft is late: lead is told" in told
    assert "draft is late: lead is told, and may act, too" in told
    assert "~ draft is late: lead is told" in told.partition("> picture")[2]


def test_time_moves_the_case() -> None:
    told = play("ask", "wait 4 days", "back")
    assert "the time of waiting is up: the case goes on to draft" in told
    assert "Taken back: the wait of 4 days." in told
    assert told.rpartition("Taken back")[2].count("waiting") > 0


def test_who_is_escalated_to_may_act() -> None:
    assert "by lead" not in play("as lead", "list").rpartition("> list")[2].partition("What would deviate")[0]
    told = play("wait 2 working days", "as lead", "list")
    assert "send" in told.rpartition("> list")[2].partition("What would deviate")[0]


def test_no_calendar_goes_on_for_ever() -> None:
    assert "calendar" in play("wait 5000 working days").partition("> wait")[2]


def test_a_walk_begins_when_work_does_and_its_story_says_what_was_late() -> None:
    told = play("wait 5 working hours", "ask", "save It was late")
    assert "2026-12-07 07:00 UTC" in told
    assert "expect: { stands: waiting, late: [draft] }" in told
    assert "opens-at" not in told
    story = told.rpartition("longer comes out.\n\n")[2].partition("\n\n> ")[0]
    Path("timed.yaml").write_text(TIMED + story + "\n", "utf-8")
    done = CliRunner().invoke(main, ["test", "timed.yaml", "--no-coverage"])
    assert done.exit_code == 0, done.output


def test_a_walk_on_another_day_than_the_story_would_open_says_when() -> None:
    Path("timed.yaml").write_text(TIMED.replace("effective: { from: 2026-12-07 }\n", ""), "utf-8")
    assert 'opens-at: "' in play("ask", "save It was like this")


def test_one_can_wait_until_something_is_late() -> None:
    told = play("wait until draft is late", "send", "save Late")
    assert "draft is late: lead is told" in told
    assert "do: [wait until draft is late, agent send]" in told
    assert "late: [draft" in told


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("wait until drafts is late", "No clock is called drafts, and no step of that name has time."),
        ("wait until waiting is late", "No time of waiting runs now, so it is never late."),
    ],
)
def test_what_is_never_late_is_not_waited_for(typed: str, said: str) -> None:
    assert said in play(typed)


def test_what_is_late_already_is_not_waited_for_again() -> None:
    assert "Draft is late already." in play("wait until draft is late", "wait until draft is late")
