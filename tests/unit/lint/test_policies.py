"""Policies held against each other, and together with the rules and the flow of procedures."""

from __future__ import annotations

from procflow.lint.rules.policies import findings
from procflow.loading.policies import read_policies
from procflow.loading.procedure import read_procedure
from procflow.model.policies import Policies
from procflow.model.procedure import Procedure


def policies(*rules: str) -> Policies:
    lines = "".join(f"  {one}\n" for one in rules)
    loaded = read_policies(f'procflow: 1\npolicies: house\nversion: "1"\nrules:\n{lines}', "policies.yaml")
    assert loaded.policies is not None, loaded.findings
    return loaded.policies


def procedure(id: str = "ask", rules: str = "") -> Procedure:
    text = f"""
procflow: 1
procedure: {id}
version: "1"
roles: {{ agent: A }}
start: work
steps:
  work: {{ by: agent, actions: {{ check: deciding }} }}
  deciding: {{ by: agent, actions: {{ approve: sending, refuse: {{ to: over, reason: required }} }} }}
  sending: {{ by: agent, actions: {{ send: over }} }}
  over: {{ end: done }}
{rules}
"""
    loaded = read_procedure(text, f"{id}.yaml")
    assert loaded.procedure is not None, loaded.findings
    return loaded.procedure


def told(these: Policies, *procedures: Procedure) -> list[tuple[str, str, int]]:
    found = findings(these, procedures)
    return [(one.code, one.where.file, one.where.line) for one in found if one.where is not None]


SIGNED = "signed: { before: send, there-must-be: sign }"
NEVER = "never-signed: { before: send, never: sign }"


def test_policies_that_contradict_each_other_are_told_without_any_procedure() -> None:
    assert told(policies(SIGNED, NEVER)) == [("PF320", "policies.yaml", 6)]
    assert told(policies(SIGNED)) == []
    assert told(policies("a: { before: one/send, there-must-be: sign }", "b: { before: two/send, never: sign }")) == []


def test_policies_against_the_rules_of_a_procedure_are_told_at_the_policy() -> None:
    own = procedure(rules="rules: { own: { before: send, never: check } }")
    house = policies("checked: { before: send, there-must-be: check }")
    (found,) = findings(house, [own])
    assert found.code == "PF320"
    assert found.where is not None
    assert (found.where.file, found.where.line) == ("policies.yaml", 5)
    assert found.message.endswith("(in ask)")
    assert "`own`" in found.message


def test_policies_against_the_flow_are_told_once_for_all_procedures() -> None:
    house = policies("late: { before: check, there-must-be: approve }")
    (found,) = findings(house, [procedure("ask"), procedure("buy")])
    assert found.code == "PF322"
    assert found.message.endswith("(in ask, buy)")


def test_what_a_procedure_says_against_itself_is_told_of_it_alone() -> None:
    own = procedure(rules="rules: { one: { before: send, there-must-be: check }, two: { before: send, never: check } }")
    assert told(policies("approved: { before: send, there-must-be: approve }"), own) == []


def test_rules_over_several_cases_are_not_compared() -> None:
    both = [rule.replace(" }", ", per: client }").replace("sign", "check") for rule in (SIGNED, NEVER)]
    assert told(policies(*both), procedure()) == []
