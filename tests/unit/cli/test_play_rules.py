"""`procflow play` with rules: what is still owed, what is refused and why, what came too late, and what is saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from procflow.cli import main

DESK = """\
procflow: 1
procedure: desk
version: "1"
title: A refund
author: ana
roles:
  agent: Talks to the client
  lead: Approves
start: prepare
steps:
  prepare: { by: agent, actions: { propose: pay } }
  pay: { by: any, actions: { transfer: paid } }
  paid: { end: paid }
anytime:
  call: { to: same, by: agent }
rules:
  paid-soon: { after: propose, there-must-be: transfer, within: 3 days, because: CARE-4 }
  called-first: { before: transfer, there-must-be: call }
  two-people: { different-person: [propose, transfer], refuse: false, severity: minor }
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("desk.yaml").write_text(DESK, "utf-8")


def play(*typed: str) -> str:
    done = CliRunner().invoke(main, ["play", "desk.yaml"], input="\n".join(typed) + "\n", prog_name="procflow")
    assert done.exit_code == 0, done.output
    return done.output


def test_what_is_still_owed_is_told() -> None:
    told = play("propose")
    assert "still owed: transfer, until " in told
    assert "(rule\n              paid-soon)" in told or "(rule paid-soon)" in told
    assert "still owed" not in play("list")


def test_a_refused_action_says_which_rule_and_why() -> None:
    told = play("propose", "transfer", "list")
    assert "What would deviate" in told
    assert "rule called-first: " in told
    assert "Refused: transfer" in told
    assert "“transfer” came without “call” before it" in told
    assert "remedy      do “call” before “transfer”" in told
    assert "Refused" not in play("propose", "call", "transfer")


def test_it_can_be_done_anyway_and_is_saved_as_broken() -> None:
    told = play("propose", "anyway transfer", "save Without a call")
    assert "Done although it deviates: transfer" in told
    assert "DV508 not-preceded" in told
    assert "expect: { ends: paid, broken: [two-people, called-first] }" in told


def test_what_is_only_put_on_record_is_not_refused() -> None:
    told = play("as ana agent", "propose", "call", "transfer", "save")
    assert "Refused" not in told
    assert "DV209 different-persons-required  minor" in told
    assert "broken: [two-people]" in told


def test_what_comes_too_late_is_told_once() -> None:
    told = play("propose", "call", "wait 2 days", "wait 2 days", "transfer", "save")
    assert told.count("Too late: ") == 1
    assert told.count("DV507 not-followed") == 1
    assert "It is " in told
    assert "These rules are broken besides: paid-soon, two-people." in " ".join(told.split())
    assert "expect: { ends: paid, broken: [paid-soon, two-people] }" in told


def test_a_saved_walk_comes_out() -> None:
    told = play("propose", "call", "wait 4 days", "anyway transfer", "save Late", "quit")
    story = told[told.index("scenarios:\n") :].partition("\n\n>")[0]
    Path("desk.yaml").write_text(f"{DESK}{story}\n", "utf-8")
    done = CliRunner().invoke(main, ["test", "desk.yaml", "--no-coverage"], prog_name="procflow")
    assert "1 scenario, it passes" in done.output, done.output


def test_going_back_takes_back_what_is_owed() -> None:
    told = play("propose", "back")
    assert "still owed" not in told[told.index("Taken back") :]
