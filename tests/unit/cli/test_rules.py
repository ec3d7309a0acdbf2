"""`procflow rules` and `procflow show`: how rules over several cases stand in a store."""

from __future__ import annotations

import json

import pytest

from procflow import Actor
from procflow.cli.exits import Exit
from procflow.engine import Engine
from tests.unit.cli.desk import Desk

PROCEDURE = """
procflow: 1
procedure: refund
version: "1"
author: somebody
approved-by: { person: boss, date: 2026-01-01 }
roles: { agent: A }
start: work
steps:
  work: { by: agent, actions: { pay: same, check: same, finish: over } }
  over: { end: done }
"""
POLICIES = """
procflow: 1
policies: house
version: "1"
rules:
  once: { at-most: 1, of: pay, per: client, because: one refund is what we promise }
  checked: { after: pay, there-must-be: check, within: 1 day, per: person }
"""
ANA = Actor("ana", roles={"agent"})


@pytest.fixture
def cases(desk: Desk) -> tuple[str, str]:
    desk.put("refund.yaml", PROCEDURE)
    desk.put("policies.yaml", POLICIES)
    engine = Engine.open(f"sqlite:///{desk.folder}/desk.db", workspace=desk.folder)
    engine.publish("refund.yaml")
    first, second = (engine.start("refund", by=ANA, client="acme", mode="observe").id for _ in range(2))
    engine.perform(first, "pay", by=ANA)
    engine.perform(second, "pay", by=ANA)
    engine.close_store()
    return first, second


def test_it_says_who_broke_what_and_what_is_owed(desk: Desk, cases: tuple[str, str]) -> None:
    first, second = cases
    result = desk("rules")
    assert result.exit_code == Exit.FINDINGS
    assert "Across cases: 1 deviation of rules over several cases" in result.stdout
    assert f"Case {second}" in result.stdout
    assert "still owed, person ana: check, 2 times, until" in result.stdout
    assert f"set off by event 2 of {first}" in " ".join(result.stdout.split())
    assert desk("rules", "--fail-on", "never").exit_code == Exit.CLEAN


@pytest.mark.usefixtures("cases")
def test_of_one_party_only_its_own_is_shown(desk: Desk) -> None:
    result = desk("rules", "--client", "acme")
    assert "still owed" not in result.stdout
    assert "client acme" in result.stdout
    result = desk("rules", "--person", "ana")
    assert "still owed, person ana" in result.stdout
    assert "DV503" not in result.stdout
    assert result.exit_code == Exit.FINDINGS, "it always speaks of the whole"
    assert desk("rules", "--person", "ana", "--client", "acme").exit_code == Exit.USAGE


def test_programs_get_it_as_json(desk: Desk, cases: tuple[str, str]) -> None:
    document = json.loads(desk("rules", "--json").stdout)
    assert document["kind"] == "rules-across-cases"
    assert [one["rule"] for one in document["rules"]] == ["house/once", "house/checked"]
    assert [(one["party"], len(one["due"])) for one in document["parties"]] == [("acme", 0), ("ana", 1)]
    assert document["deviations"][0]["case"] == cases[1]


def test_a_case_shows_what_they_say_of_it(desk: Desk, cases: tuple[str, str]) -> None:
    text = desk("show", cases[1]).stdout
    assert "Nothing deviates in the case by itself." in text
    assert "Across cases" in text
    assert "still owed, person ana: check" in text
    assert "DV503" in text
    assert "DV503" not in desk("show", cases[0]).stdout
    assert json.loads(desk("show", cases[1], "--json").stdout)["across"]["clean"] is False


def test_without_such_rules_it_says_so(desk: Desk, cases: tuple[str, str]) -> None:
    (desk.folder / "policies.yaml").unlink()
    result = desk("rules")
    assert (result.exit_code, result.stdout.count("No rule asks across cases")) == (Exit.CLEAN, 1)
    assert "Across cases" not in desk("show", cases[1]).stdout


def test_where_there_is_no_store_it_says_so(desk: Desk) -> None:
    result = desk("rules")
    assert result.exit_code == Exit.FAILED
    assert "there is no store" in result.stderr


@pytest.mark.parametrize("command", ["doc", "draw", "play"])
def test_policies_are_no_procedure(desk: Desk, command: str) -> None:
    desk.put("policies.yaml", POLICIES)
    result = desk(command, desk.path("policies.yaml"))
    assert result.exit_code == Exit.FAILED
    assert "policies.yaml holds policies, and no procedure" in result.stderr
