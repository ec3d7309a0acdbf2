"""What the checks of rules say, word by word, and where they keep silent."""

from __future__ import annotations

import subprocess
import sys

import pytest

from procflow.lint import lint
from procflow.lint.people import people_findings
from procflow.lint.rules import checking
from procflow.lint.rules.through import Through
from procflow.lint.rules.worlds import units_of
from procflow.loading.people import read_people
from procflow.loading.procedure import read_procedure
from procflow.model.procedure import Procedure

HEAD = """procflow: 1
procedure: example
version: "1"
roles:
  agent: Writes
  lead: Approves
  auditor: Looks on
data:
  gravity: { type: choice, of: [minor, critical], ask: How bad? }
  amount: { type: money, currency: EUR }
  remark: { type: text }
start: intake
steps:
  intake: { by: agent, collect: [gravity, amount], actions: { accept: draft, refuse: refused, note: same } }
  draft: { by: agent, optional: [remark], actions: { propose: approval, shortcut: { to: reply, at-most: 1 } } }
  approval: { by: lead, actions: { approve: reply, send-back: { to: draft, at-most: 3 } } }
  reply: { by: agent, actions: { send: closed } }
  closed: { end: answered }
  refused: { end: refused }
  withdrawn: { end: cancelled }
anytime:
  withdraw: { to: withdrawn, by: any }
rules:
"""


def read(*rules: str) -> Procedure:
    loaded = read_procedure(HEAD + "".join(f"  {rule}\n" for rule in rules), "example.yaml")
    assert loaded.procedure is not None, loaded.findings
    return loaded.procedure


def told(*rules: str) -> list[str]:
    return [f"{one.code} {one.message}" for one in lint(read(*rules))]


def hints(*rules: str) -> list[str]:
    return [line for one in lint(read(*rules)) for line in (one.hint or "").splitlines()]


# --- contradictions --------------------------------------------------------------------------------------------------


def test_two_rules_on_people_are_told_once_however_much_they_both_name() -> None:
    names = "accept, propose, approve, send"
    (one,) = told(f"a: {{ same-person: [{names}] }}", f"b: {{ different-person: [{names}] }}")
    assert one == (
        "PF320 `a` and `b` contradict each other: once `accept` and `propose` have both happened, nothing keeps both "
        "(and so it is with others of what they name)"
    )


def test_of_many_rules_on_people_no_more_pairs_are_looked_at_than_anybody_reads() -> None:
    names = "accept, refuse, note, propose, approve, send, send-back, withdraw"
    rules = [f"a{n}: {{ same-person: [{names}] }}" for n in range(30)]
    rules += [f"b{n}: {{ different-person: [{names}] }}" for n in range(30)]
    assert len(units_of(read(*rules).rules)) <= 60 + 100 * 20


def test_a_conflict_is_told_once_with_events_that_show_it() -> None:
    rules = "a: { after: accept, there-must-be: send }", "b: { after: accept, never: send }"
    assert told(*rules) == ["PF320 `a` and `b` contradict each other: once `accept` happens, nothing keeps both"]
    assert hints(*rules) == [
        "`a` in line 24: after `accept` there must be `send`",
        "`b` in line 25: after `accept` never `send`",
        "`accept`: keeps `b`, breaks `a` at the end",
        "`accept`, `send`: keeps `a`, breaks `b` at `send`",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{ before: send, there-must-be: approve }", "{ never: approve }"),
        ("{ before: send, there-must-be: approve }", "{ not-both: [send, approve] }"),
        ("{ before: accept, there-must-be: note }", "{ before: note, there-must-be: accept }"),
        ("{ first: accept }", "{ before: accept, there-must-be: note }"),
        ("{ last: send }", "{ after: send, there-must-be: note }"),
        ("{ at-most: 1, of: propose }", "{ at-least: 2, of: propose }"),
        ("{ together: [approve, propose] }", "{ not-both: [approve, propose] }"),
        ("{ after: draft.propose, there-must-be: enters approval, next: true }", "{ never: enters approval }"),
        ("{ after: accept, there-must-be: send, by: agent }", "{ after: accept, never: send, by: agent }"),
        ("{ after: accept, there-must-be: send, same: person }", "{ after: accept, never: send, same: person }"),
        ("{ after: accept, there-must-be: send, within: 1 day }", "{ after: accept, never: send, within: 2 days }"),
        ("{ same-person: [propose, send] }", "{ different-person: [propose, send] }"),
    ],
)
def test_rules_that_contradict_each_other(one: str, other: str) -> None:
    assert [line[:5] for line in told(f"a: {one}", f"b: {other}")] == ["PF320"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{ after: accept, there-must-be: send, by: lead }", "{ after: accept, never: send, by: agent }"),
        ("{ after: propose, there-must-be: send }", "{ after: propose, never: send, same: person }"),
        ("{ after: propose, there-must-be: send, within: 2 days }", "{ after: propose, never: send, within: 1 day }"),
        ("{ after: propose, there-must-be: send }", "{ after: propose, never: send, next: true }"),
        ("{ same-person: [propose, send] }", "{ different-person: [propose, approve] }"),
    ],
)
def test_rules_that_can_both_be_kept(one: str, other: str) -> None:
    assert not [line for line in told(f"a: {one}", f"b: {other}") if line[:5] in ("PF320", "PF322")]


def test_conditions_must_be_true_together() -> None:
    demands = 'a: { after: propose, there-must-be: send, when: gravity == "critical" }'
    assert told(demands, "b: { after: propose, never: send, when: amount > 100 }") == [
        "PF320 `a` and `b` contradict each other: once `propose` happens, nothing keeps both; both apply at "
        'gravity = "critical", amount = 101 EUR'
    ]
    other = 'b: { after: send, never: approve, when: gravity == "minor" }'
    assert told(demands, other) == []
    assert told(demands, 'b: { after: propose, never: send, when: times("note") > 0 }') == []


def test_three_rules_may_contradict_each_other_though_no_two_do() -> None:
    rules = (
        "a: { before: send, there-must-be: propose }",
        "b: { before: propose, there-must-be: note }",
        "c: { not-both: [note, send] }",
    )
    assert told(*rules) == [
        "PF320 `a`, `b` and `c` contradict each other: once `send` happens, nothing keeps all of them"
    ]


def test_what_rules_bar_together_is_a_warning() -> None:
    assert told("a: { not-both: [refuse, accept] }", "b: { must-happen: accept }") == [
        "PF321 with `a` and `b` together, `refuse` can never happen"
    ]
    assert told("a: { never: note }") == []


# --- against the flow --------------------------------------------------------------------------------------------------


def test_what_no_way_keeps_is_told_with_the_shortest_one() -> None:
    assert told("a: { first: propose }") == ["PF322 no way through the procedure keeps `a`"]
    assert hints("a: { first: propose }")[-1] == "`refuse`: breaks `a` at `refuse`"


def test_only_the_first_of_what_is_barred_is_named() -> None:
    assert told("a: { before: send, there-must-be: refuse }") == [
        "PF321 a case in which `accept` is done never comes to an end without breaking `a`"
    ]


def test_what_is_done_in_a_case_that_is_cancelled_breaks_no_demand() -> None:
    assert told("a: { if: withdraw, also: send }") == []


def test_a_condition_that_no_way_meets_is_no_reason() -> None:
    head = HEAD.replace("shortcut: { to: reply, at-most: 1 }", "shortcut: { to: reply, when: amount < 100 }")
    rules = "  a: { before: send, there-must-be: approve, when: amount > 500 }\n"
    loaded = read_procedure(head + rules, "example.yaml")
    assert loaded.procedure is not None
    assert [one.code for one in lint(loaded.procedure)] == []


def test_what_can_be_bypassed_is_told_with_the_way() -> None:
    rule = "a: { any-of: [approve, refuse, withdraw] }"
    assert told(rule) == [
        "PF313 `a` demands `approve`, `refuse` or `withdraw`, and a case can come to `closed` without it"
    ]
    assert hints(rule)[-1] == "the way: start -> intake -(accept)-> draft -(shortcut)-> reply -(send)-> closed"
    assert told("a: { must-happen: approve, when: amount > 100 }") == []


def test_too_many_ways_are_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procflow.lint.rules.through.MOST_PLACES", 3)
    assert [line[:5] for line in told("a: { first: propose }")] == ["PF329"]


def test_looking_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MOST_LOOKED_AT", 40)
    rules = [
        f"a{number}: {{ after: note, there-must-be: {one} }}"
        for number, one in enumerate(("send", "propose", "approve"))
    ]
    assert {line[:5] for line in told(*rules)} == {"PF329"}


def test_looking_ends_however_many_lengths_are_to_be_compared() -> None:
    rules = [
        f"a{days}: {{ after: note, there-must-be: send, within: {days} days, because: C{days} }}"
        for days in range(1, 90)
    ]
    assert {line[:5] for line in told(*rules)} <= {"PF321", "PF329"}


# --- one rule ----------------------------------------------------------------------------------------------------------


def test_nothing_sets_a_rule_off() -> None:
    assert told("a: { after: leaves closed, never: send }") == [
        "PF325 nothing ever sets off `a`: a case that is in `closed` has ended, and does not leave it"
    ]
    assert told("a: { never: shortcut }", "b: { before: shortcut, there-must-be: note }") == [
        "PF325 nothing ever sets off `b`: `a` in line 24 forbids `shortcut`"
    ]
    assert told("a: { before: case ends, there-must-be: note, when: times(send-back) >= 2 }") == []
    assert told("a: { before: enters closed, there-must-be: note, when: times(send-back) >= 2 }") == []


def test_a_rule_that_follows_from_another() -> None:
    assert told("a: { after: accept, before: send }", "b: { before: send, there-must-be: accept }")[-1] == (
        "PF326 `b` adds nothing: whatever keeps `a` keeps it too"
    )
    assert told("a: { never: note }", "b: { at-most: 3, of: note }") == [
        "PF326 `b` adds nothing: whatever keeps `a` keeps it too"
    ]
    assert told("a: { not-both: [note, send] }", "b: { if: note, never: send }") == ["PF326 `b` says the same as `a`"]
    assert told("a: { after: accept, there-must-be: case ends }") == ["PF326 every case keeps `a`: it adds nothing"]


@pytest.mark.parametrize(
    "rule",
    [
        "{ after: note, never: send, within: 5 days, because: ISO-9001 }",
        "{ after: note, never: send, within: 5 days, severity: critical }",
        "{ after: note, never: send, within: 5 days, refuse: false }",
        "{ after: note, never: send, next: true, same: person }",
    ],
)
def test_a_rule_of_its_own_weight_is_not_told(rule: str) -> None:
    assert told("a: { after: note, never: send, within: 9 days }", f"b: {rule}") == []


def test_the_other_role() -> None:
    assert told("a: { before: approve, there-must-be: propose, by: lead }") == [
        "PF327 `a` counts `propose` only if `lead` did it, and the procedure has it done by `agent`"
    ]
    assert told("a: { never: approve, by: agent }") == []


# --- conditions, fields, people ----------------------------------------------------------------------------------------


def test_conditions_of_rules_are_looked_at() -> None:
    assert told("a: { before: approve, there-must-be: propose, when: amount > 5 and amount < 3 }") == [
        "PF507 `amount > 5 and amount < 3` is never true: the rule `a` never applies"
    ]
    assert told("a: { before: approve, there-must-be: propose, when: amount > 5 or amount < 9 }") == [
        "PF508 `amount > 5 or amount < 9` is always true: the rule `a` applies to every case"
    ]


def test_what_a_rule_reads_must_be_known_when_it_is_set_off() -> None:
    assert told('a: { after: note, never: refuse, when: gravity == "minor" }')[0].startswith(
        "PF509 `gravity` may still be"
    )
    assert told("a: { after: accept, never: note, when: amount > 5 }") == []
    assert told("a: { after: send, never: note, same: remark }") == [
        "PF509 `remark` may still be unknown in `reply`: then nobody can say what the rule `a` is about"
    ]


def test_nobody_is_asked_for_what_a_rule_reads() -> None:
    head = HEAD.replace("optional: [remark], ", "")
    for rule in ('when: remark == "late"', "same: remark"):
        loaded = read_procedure(head + f"  a: {{ after: send, never: note, {rule} }}\n", "example.yaml")
        assert loaded.procedure is not None
        assert [one.code for one in lint(loaded.procedure)] == ["PF209"]


def test_rules_are_held_against_people() -> None:
    people = read_people("people: { ana: { roles: [agent, lead] }, ben: { roles: [agent] } }\n", "people.yaml").people
    assert people is not None

    def said(rule: str) -> list[str]:
        return [f"{one.code} {one.message}" for one in people_findings(read(rule), people)]

    assert said("a: { different-person: [propose, approve] }") == []
    assert said("a: { different-person: [approve, send-back] }") == [
        "PF603 only ana may do `approve`, and only ana `send-back`: under `a` nobody is left"
    ]
    assert said("a: { before: approve, there-must-be: propose, by: auditor }") == [
        "PF217 nobody in people.yaml holds `auditor`, and `a` counts only what `auditor` did"
    ]
    apart = read_people("people: { ana: { roles: [lead] }, ben: { roles: [agent] } }\n", "people.yaml").people
    assert apart is not None
    (found,) = people_findings(read("a: { same-person: [propose, approve] }"), apart)
    assert found.message == (
        "nobody may do both `propose` and `approve`: `a`, which demands the same person, is never kept"
    )


# --- starts ------------------------------------------------------------------------------------------------------------


def test_a_procedure_without_rules_loads_nothing_of_it() -> None:
    code = (
        "import sys\n"
        "from procflow.lint import lint\n"
        "from procflow.loading.procedure import read_procedure\n"
        f"lint(read_procedure({HEAD.partition('rules:')[0]!r}, 'x.yaml').procedure)\n"
        "print(*sorted(name for name in sys.modules if name.startswith(('procflow.lint.rules.', 'transitions'))))\n"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == ["procflow.lint.rules.reading"]


def test_ways_lead_only_to_ends_that_are_not_cancelled() -> None:
    procedure = read("a: { never: note }")
    from procflow.expressions.effort import Effort

    ways = Through(procedure, [], Effort(10_000))
    names = {one.name for letter in ways.letters() for one in letter.happens}
    assert "send" in names
    assert "withdraw" not in names
