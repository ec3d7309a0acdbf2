"""Policies: read by themselves, then held against procedures."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from procflow.errors import ProcedureInvalid, ProcflowError
from procflow.expressions.types import Choice
from procflow.loading.policies import is_policies, load_policies, policy_findings, read_policies
from procflow.loading.procedure import read_procedure
from procflow.model.policies import Policies
from procflow.model.procedure import Procedure
from procflow.model.rule import Happening, HappeningKind, Per, Rule

HEAD = """
procflow: 1
policies: house
version: "1"
"""


def policies(rules: str, *, head: str = "") -> Policies:
    lines = "".join(f"  {line}\n" for line in rules.strip().splitlines())
    loaded = read_policies(f"{HEAD}{head}\nrules:\n{lines}", "policies.yaml")
    assert loaded.policies is not None, loaded.findings
    assert loaded.findings == ()
    return loaded.policies


def found(rules: str) -> list[str]:
    lines = "".join(f"  {line}\n" for line in rules.strip().splitlines())
    return [one.code for one in read_policies(f"{HEAD}rules:\n{lines}", "policies.yaml").findings]


def procedure(id: str, actions: str, *, data: str = "", roles: str = "") -> Procedure:
    fields = ", ".join(re.findall(r"(\w+): (?=number|text|\{)", data))
    text = f"""
procflow: 1
procedure: {id}
version: "1"
roles: {{ agent: A{", " + roles if roles else ""} }}
data: {{ {data or "unused: text"} }}
start: work
steps:
  work:
    by: agent
    optional: [{fields or "unused"}]
    actions: {{ {", ".join(f"{one}: same" for one in actions.split())}, finish: over }}
  over: {{ end: done }}
"""
    loaded = read_procedure(text, f"{id}.yaml")
    assert loaded.procedure is not None, loaded.findings
    return loaded.procedure


def only(these: Policies) -> Rule:
    (rule,) = these.rules
    return rule


COMPLAINT = procedure("complaint", "send approve accept", data="amount: number", roles="lead: L")
LETTER = procedure("letter", "send", data="amount: { type: money, currency: EUR }")
ORDER = procedure("order", "pay")


def test_a_rule_may_name_a_procedure() -> None:
    rule = only(policies("r: { not-both: [complaint/send, enters order/work], per: client }"))
    assert rule.per is Per.CLIENT
    assert rule.targets == (
        Happening(kind=HappeningKind.ACTION, name="send", procedure="complaint"),
        Happening(kind=HappeningKind.ENTERS, name="work", procedure="order"),
    )
    assert [str(one) for one in rule.targets] == ["complaint/send", "enters order/work"]


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [("case opens complaint", HappeningKind.OPENS, ""), ("starts complaint/send", HappeningKind.STARTS, "send")],
)
def test_whatever_happens_may_be_that_of_one_procedure(text: str, kind: HappeningKind, name: str) -> None:
    rule = only(policies(f"r: {{ at-most: 2, of: {text}, per: client }}"))
    assert rule.targets == (Happening(kind=kind, name=name, procedure="complaint"),)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("r: { at-most: 2, of: Complaint/send }", "PF106"),
        ("r: { at-most: 2, of: entered draft }", "PF106"),
        ("r: { after: a, never: b, by: lead }", "PF202"),
        ("r: { after: a, never: b, when: amount > 3 }", "PF502"),
        ("r: { after: a, never: b, same: amount }", "PF203"),
        ("r: { after: a, then: b }", "PF102"),
        ("r: { must-happen: a, per: client }", "PF122"),
    ],
)
def test_what_is_wrong_in_the_file_itself_is_told_without_procedures(rule: str, code: str) -> None:
    assert code in found(rule)


def test_what_no_rule_reads_is_told() -> None:
    text = f"{HEAD}data: {{ amount: number }}\nroles: {{ lead: L }}\nrules:\n  r: {{ never: send }}\n"
    assert [one.code for one in read_policies(text, "policies.yaml").findings] == ["PF208", "PF208"]


def test_the_digest_is_that_of_the_content() -> None:
    one, same = policies("r: { never: send }"), policies("r:   { never: send }   # really")
    other = policies("r: { never: approve }")
    assert one.digest == same.digest != other.digest


def test_a_file_of_policies_is_loaded_or_refused(tmp_path: Path) -> None:
    file = tmp_path / "policies.yaml"
    file.write_text(f"{HEAD}rules: {{ r: {{ never: send }} }}", "utf-8")
    assert load_policies(file).id == "house"
    assert is_policies(file)
    file.write_text(f"{HEAD}rules: {{ r: {{ never: Send }} }}", "utf-8")
    with pytest.raises(ProcedureInvalid, match=r"policies\.yaml:5:\d+: .*") as caught:
        load_policies(file)
    assert [one.code for one in caught.value.findings] == [caught.value.code]
    with pytest.raises(ProcflowError, match="cannot read"):
        load_policies(tmp_path / "nowhere.yaml")
    for other in ("procflow: 1\nprocedure: p\n", "case: number\npolicies: policies\n"):
        file.write_text(other, "utf-8")
        assert not is_policies(file)


def test_a_rule_of_single_cases_is_judged_where_all_of_it_can_happen() -> None:
    these = policies("r: { before: send, there-must-be: approve }")
    (rule,) = these.rules_for(COMPLAINT)
    assert [str(one) for one in (*rule.triggers, *rule.targets)] == ["send", "approve"]
    assert these.rules_for(LETTER) == these.rules_for(ORDER) == ()
    assert these.misfit(only(these), LETTER) == "no “approve”"


def test_names_of_other_procedures_are_left_out() -> None:
    these = policies("r: { after: [complaint/send, order/pay], never: [accept, letter/send] }")
    (rule,) = these.rules_for(COMPLAINT)
    assert (rule.triggers, rule.targets) == (
        (Happening(kind=HappeningKind.ACTION, name="send"),),
        (Happening(kind=HappeningKind.ACTION, name="accept"),),
    )


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("r: { together: [send, order/pay] }", "no “order/pay”"),
        ("r: { not-both: [send, order/pay] }", "no “order/pay”"),
        ("r: { any-of: [send, order/pay] }", None),
        ("r: { never: order/pay }", "no “order/pay”"),
        ("r: { before: send, there-must-be: approve, by: boss }", "no role `boss`"),
        ("r: { before: send, there-must-be: approve, by: lead }", None),
        ("r: { never: send, when: amount > 3 }", None),
        ("r: { never: send, when: sum > 3 }", "no data field `sum`"),
        ("r: { after: send, never: accept, same: name }", "another type of `name`"),
    ],
)
def test_why_a_rule_does_not_fit(rule: str, why: str | None) -> None:
    roles = "roles: { boss: B, lead: L }\n"
    data = "data: { amount: number, sum: number, name: text }\n"
    lines = f"{HEAD}{roles}{data}rules:\n  {rule}\n"
    loaded = read_policies(lines, "policies.yaml").policies
    assert loaded is not None
    with_name = procedure("complaint", "send approve accept", data="amount: number, name: number", roles="lead: L")
    assert loaded.misfit(only(loaded), with_name) == why


def test_over_several_cases_it_is_enough_that_something_of_it_can_happen() -> None:
    these = policies("r: { before: send, there-must-be: order/pay, when: amount > 3, per: client }", head=_AMOUNT)
    assert [one.id for one in these.across] == ["house/r"]
    rule = only(these)
    assert these.rules_for(COMPLAINT) == ()
    assert (these.misfit(rule, COMPLAINT), these.misfit(rule, ORDER)) == (None, None)
    assert these.misfit(rule, LETTER) == "another type of `amount`"


_AMOUNT = "data: { amount: number }"


def test_what_policies_say_is_held_against_the_procedures() -> None:
    these = policies("r: { before: send, there-must-be: approve }\ns: { never: aprove }")
    assert policy_findings(these, []) == ()
    told = policy_findings(these, [COMPLAINT, LETTER])
    assert [(one.code, one.hint) for one in told] == [
        ("PF632", "name the procedures it is for, as in `complaint/send`"),
        ("PF630", "did you mean `approve`?"),
    ]


def test_a_choice_may_have_more_words_in_a_procedure() -> None:
    narrow = policies('r: { never: send, when: kind == "a" }', head="data: { kind: { type: choice, of: [a, b] } }")
    wide = procedure("p", "send", data="kind: { type: choice, of: [a, b, c] }")
    assert policy_findings(narrow, [wide]) == ()
    less = replace(wide, data={"kind": replace(wide.data["kind"], type=Choice(("a",)))})
    assert [one.code for one in policy_findings(narrow, [less])] == ["PF633"]
