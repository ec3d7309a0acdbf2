"""The rules of a procedure: every form as it is read, and what is said where one was written wrongly."""

from __future__ import annotations

import pytest

from procflow.calendars.length import Length, Unit
from procflow.errors import Finding, Severity
from procflow.loading.happenings import Slip, happening
from procflow.loading.procedure import read_procedure
from procflow.model.by import By
from procflow.model.procedure import Procedure
from procflow.model.rule import Form, Happening, HappeningKind, Manner, Per, Rule

FILE = """\
procflow: 1
procedure: sample
version: "1.0"
roles:
  agent: Writes to the client
  lead: Answers for the agents
data:
  ours: yes-no
  invoice_no: text
start: intake
steps:
  intake:
    by: agent
    collect: [ours, invoice_no]
    checklist: [thank]
    actions:
      accept: { to: reply, when: ours }
      refuse: { to: closed, by: lead }
  reply: { by: agent, actions: { send: closed, ask: { to: same } } }
  closed: { end: answered }
anytime:
  call: { to: same, by: agent }
rules:
  x: """
LINE = FILE.count("\n") + 1


def found(rule: str) -> tuple[Finding, ...]:
    """Return what is told of the sample with this rule."""
    return read_procedure(FILE + rule, "a.yaml").findings


def procedure_with(rule: str) -> Procedure:
    loaded = read_procedure(FILE + rule, "a.yaml")
    assert loaded.procedure is not None, loaded.findings
    assert loaded.findings == ()
    return loaded.procedure


def read(rule: str) -> Rule:
    (one,) = procedure_with(rule).rules
    return one


def act(name: str, step: str | None = None) -> Happening:
    return Happening(kind=HappeningKind.ACTION, name=name, step=step)


# --- every form ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form", "triggers", "targets"),
    [
        ("{ must-happen: send }", Form.MUST_HAPPEN, "", "send"),
        ("{ never: ask }", Form.NEVER, "", "ask"),
        ("{ never: [ask, refuse] }", Form.NEVER, "", "ask, refuse"),
        ("{ exactly: 2, of: send }", Form.EXACTLY, "", "send"),
        ("{ at-most: 2, of: [ask, intake.thank] }", Form.AT_MOST, "", "ask, intake.thank"),
        ("{ at-least: 2, of: ask }", Form.AT_LEAST, "", "ask"),
        ("{ first: thank }", Form.FIRST, "", "thank"),
        ("{ last: [send, refuse] }", Form.LAST, "", "send, refuse"),
        ("{ if: ask, also: call }", Form.IF_ALSO, "ask", "call"),
        ("{ after: case opens, there-must-be: starts thank }", Form.AFTER, "case opens", "starts thank"),
        ("{ there-must-be: enters reply, before: [send, case ends] }", Form.BEFORE, "send, case ends", "enters reply"),
        ("{ after: accept, before: send }", Form.IN_TURN, "accept", "send"),
        ("{ together: [accept, send, ask] }", Form.TOGETHER, "", "accept, send, ask"),
        ("{ any-of: [ask, call] }", Form.ANY_OF, "", "ask, call"),
        ("{ one-of: [send, refuse] }", Form.ONE_OF, "", "send, refuse"),
        ("{ not-both: [send, refuse] }", Form.NOT_BOTH, "", "send, refuse"),
        ("{ if: refuse, never: send }", Form.IF_NEVER, "refuse", "send"),
        ("{ after: refuse, never: [send, ask] }", Form.AFTER_NEVER, "refuse", "send, ask"),
        ("{ before: leaves intake, never: call }", Form.BEFORE_NEVER, "leaves intake", "call"),
        ("{ same-person: [accept, completes send] }", Form.SAME_PERSON, "", "accept, send"),
        ("{ different-person: [accept, send] }", Form.DIFFERENT_PERSON, "", "accept, send"),
    ],
)
def test_every_form_is_read(text: str, form: Form, triggers: str, targets: str) -> None:
    rule = read(text)
    assert (rule.id, rule.form) == ("x", form)
    assert ", ".join(str(one) for one in rule.triggers) == triggers
    assert ", ".join(str(one) for one in rule.targets) == targets


def test_what_a_rule_says_besides() -> None:
    rule = read(
        "{ after: accept, there-must-be: send, next: true, when: ours, by: lead, within: 3 days, same: person, "
        "different: [invoice_no], severity: critical, refuse: false, because: 'ISO-10002:7.4', title: { en: Soon }, note: n }"
    )
    assert (rule.manner, rule.by, rule.within) == (Manner.NEXT, By(role="lead"), Length(count=3, unit=Unit.DAY))
    assert (rule.same, rule.different) == (("person",), ("invoice_no",))
    assert (rule.severity, rule.refuse, rule.because) == (Severity.CRITICAL, False, "ISO-10002:7.4")
    assert rule.title == {"en": "Soon"}
    assert rule.when is not None
    assert rule.when_where is not None
    assert (rule.when_where.line, rule.when_where.column) == (LINE, 62)
    assert (rule.where.line, rule.where.column) == (LINE, 3)


def test_what_a_rule_says_if_it_says_no_more() -> None:
    rule = read("{ must-happen: send }")
    assert (rule.manner, rule.when, rule.by, rule.within) == (Manner.ANY_TIME, None, None, None)
    assert (rule.same, rule.different, rule.per, rule.window) == ((), (), Per.CASE, None)
    assert (rule.severity, rule.refuse, rule.because, rule.title, rule.number) == (None, True, None, {}, None)


def test_how_often_in_what_time_and_for_whom() -> None:
    rule = read("{ at-most: 3, of: ask, in: 30 days, per: client }")
    assert (rule.number, rule.window, rule.per) == (3, Length(count=30, unit=Unit.DAY), Per.CLIENT)
    assert read("{ after: accept, there-must-be: send, each-time: true }").manner is Manner.EACH_TIME


def test_rules_are_in_the_order_of_the_file_and_part_of_what_a_procedure_says() -> None:
    two = procedure_with("{ never: ask }\n  a: { never: call }")
    assert [rule.id for rule in two.rules] == ["x", "a"]
    other = procedure_with("{ never: ask }\n  a: { never: refuse }")
    assert two.digest != other.digest


def test_what_a_rule_asks_for_is_used() -> None:
    text = FILE.replace("data:\n", "data:\n  boss: person\n").replace("roles:\n", "roles:\n  judge: Looks on\n")
    alone = read_procedure(text + "{ must-happen: send }", "a.yaml").findings
    assert [one.message for one in alone] == ["the role `judge` is never used", "the data field `boss` is never used"]
    told = read_procedure(text + "{ must-happen: send, by: { field: boss } }\n  b: { never: ask, by: judge }", "a.yaml")
    assert told.findings == ()


# --- what happens ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["send", "draft.propose", "starts repair", "enters draft", "leaves draft", "case opens", "case ends", "a/b.send"],
)
def test_a_happening_is_written_as_it_is_read(text: str) -> None:
    assert str(happening(text)) == text


@pytest.mark.parametrize(
    ("text", "procedure"),
    [("complaint/send", "complaint"), ("enters complaint/draft", "complaint"), ("case ends complaint", "complaint")],
)
def test_a_happening_may_name_its_procedure(text: str, procedure: str) -> None:
    one = happening(text)
    assert isinstance(one, Happening)
    assert one.procedure == procedure


@pytest.mark.parametrize(
    "text", ["", " ", "case", "case opens twice over", "enters", "a b c", "A", "a..b", "a/", "x.y.z"]
)
def test_what_is_no_happening(text: str) -> None:
    one = happening(text)
    assert isinstance(one, Slip) or one == act("case") or one == act("enters")


# --- what people get wrong -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "code", "message", "hint"),
    [
        ("{ after: accept, there_must_be: send }", "PF102", "there_must_be", "did you mean `there-must-be`?"),
        ("{ after: accept, then: send }", "PF102", "then", "`there-must-be` beside `after`"),
        ("{ if: accept, then: send }", "PF102", "then", "`also` beside `if`"),
        ("{ max: 3, of: send }", "PF102", "max", "at-most: 3, of: X"),
        ("{ must_not_happen: send }", "PF102", "must_not_happen", "`never`"),
        ("{ never: send, unless: ours }", "PF102", "unless", "when: not"),
        ("{ response: [accept, send] }", "PF102", "response", "after: A, there-must-be: B"),
        ("{ must-happen: send, reason: ISO }", "PF102", "reason", "because: ISO-10002:7.4"),
        ("{ after: accept }", "PF120", "`after` alone", "`there-must-be`, `before` or `never`"),
        ("{ if: accept, severity: major }", "PF120", "`if` alone", "`also` or `never`"),
        ("{ there-must-be: send }", "PF120", "`there-must-be` alone", "in any case is `must-happen`"),
        ("{ exactly: 2 }", "PF120", "`exactly` alone", "add `of`"),
        ("{ of: send }", "PF120", "`of` alone", "`exactly`, `at-most` or `at-least`"),
        ("{ title: Soon }", "PF120", "demands and forbids nothing", "say what"),
        ("{ if: accept, there-must-be: send }", "PF120", "make no rule together", "write `also`"),
        ("{ after: accept, also: send }", "PF120", "make no rule together", "write `there-must-be`"),
        ("{ never: send, must-happen: accept }", "PF120", "two rules in one", "a name of its own"),
        ("{ at-most: 3, at-least: 1, of: send }", "PF120", "`at-most` and `of`; `at-least` and `of`", "of its own"),
        ("{ after: accept, before: send, never: ask }", "PF120", "two rules", "only between two has no form"),
        ("{ after: accept, there-must-be: send, before: ask }", "PF120", "two rules", "one with `after`"),
        ("{}", "PF101", "`x` is empty", "there-must-be"),
        ("accept then send", "PF103", "not a map, as in { after: accept, there-must-be: send }", ""),
        ("{ must-happen: [send, ask] }", "PF103", "is a list", "write `leaves STEP`"),
        ("{ after: accept, there-must-be: [send, ask] }", "PF103", "is a list", "`any-of`"),
        ("{ before: send, there-must-be: lead }", "PF213", "no action `lead`", "`by: lead`"),
        ("{ at-most: 2 times, of: send }", "PF103", "not a whole number", "write `2`"),
        ("{ at-most: twice, of: send }", "PF103", "not a whole number", "write `2`"),
        ("{ at-most: 3, of: send, per: customer }", "PF105", "`customer`", "write `per: client`"),
        ("{ never: send, severity: high }", "PF105", "`high`", "`critical` or `major`"),
        ("{ never: send, by: same-person }", "PF202", "no role `same-person`", "`same: person`"),
        ("{ never: send, by: somebody-else }", "PF202", "no role `somebody-else`", "`different: person`"),
        ("{ must-happen: send, unless: ask }", "PF102", "unless", "outcome `cancelled` releases"),
        ("{ must-happen: send, within: 1 day 12 hours }", "PF106", "not a length", "write `36 hours`"),
        ("{ must-happen: send, within: 1.5 days }", "PF106", "not a length", "write `36 hours`"),
        ("{ must-happen: send, within: 1 week and 1 day }", "PF106", "not a length", "write `8 days`"),
        ("{ must-happen: send, within: 1.00001 days }", "PF106", "not a length", "`30 minutes`"),
        ("{ different-person: [accept, send], when: agent != lead }", "PF502", '"agent"', "different-person: [A, B]"),
        ("{ not-both: send }", "PF103", "not a list of two", ""),
        ("{ not-both: [send] }", "PF106", "names one thing only", "[accept, send]"),
        ("{ not-both: [send, ask, refuse] }", "PF106", "more than 2", "each two of them"),
        ("{ not-both: [send, send] }", "PF212", "listed twice", "at-most: 1, of: send"),
        ("{ not-both: [send, reply.send] }", "PF212", "`reply.send` is also `send`", "at-most: 1"),
        ("{ one-of: [send, completes send] }", "PF212", "`completes send` is also `send`", "name two things"),
        ("{ never: [send, ask, send] }", "PF212", "listed twice", "line"),
        ("{ exactly: 0, of: send }", "PF106", "less than 1", "`never:`"),
        ("{ at-most: -1, of: send }", "PF106", "less than 1", "`never:`"),
        ("{ at-least: 0, of: send }", "PF106", "less than 1", "demand nothing"),
        ("{ at-least: two, of: send }", "PF103", "not a whole number", "write `2`"),
        ("{ exactly: 1.5, of: send }", "PF103", "not a whole number", ""),
        ("{ must-happen: snd }", "PF213", "there is no action `snd`", "did you mean `send`?"),
        ("{ must-happen: Send }", "PF106", "`Send` is nothing that happens", "did you mean `send`?"),
        ("{ must-happen: “send” }", "PF106", "nothing that happens", "no quote for YAML"),
        ("{ must-happen: reply }", "PF213", "there is no action `reply`", "`enters reply` or `leaves reply`"),
        ("{ must-happen: enters send }", "PF201", "there is no step `send`", "`send` is an action"),
        ("{ must-happen: enters repli }", "PF201", "there is no step `repli`", "did you mean `reply`?"),
        ("{ must-happen: entered reply }", "PF106", "nothing that happens", "write `enters reply`"),
        ("{ must-happen: case closed }", "PF106", "nothing that happens", "write `case ends`"),
        ("{ must-happen: case }", "PF213", "no action `case`", "`case opens` or `case ends`"),
        ("{ must-happen: starts reply.send }", "PF106", "by its step", "write `starts send`"),
        ("{ must-happen: intake.send }", "PF213", "no action `send` in `intake`", "write `send`"),
        ("{ must-happen: reply.call }", "PF213", "at any time", "write `call`"),
        ("{ must-happen: sample/send }", "PF106", "names a procedure", "leave the name"),
        ("{ must-happen: write to the client }", "PF106", "nothing that happens", "`case opens`"),
        ("{ must-happen: ' ' }", "PF106", "nothing that happens", "`case opens`"),
        ("{ after: accept, there-must-be: send, next: yes }", "PF104", "can only be true", "`true`"),
        ("{ after: accept, there-must-be: send, each-time: false }", "PF105", "can only be true", "remove"),
        ("{ after: accept, there-must-be: send, next: true, each-time: true }", "PF121", "two things", "`each-time`"),
        (
            "{ after: accept, there-must-be: send, different: person, each-time: true }",
            "PF121",
            "`different`",
            "remove",
        ),
        ("{ after: accept, never: send, each-time: true }", "PF121", "`after` and `never`", "never is never"),
        ("{ if: accept, also: send, next: true }", "PF121", "`if` and `also`", "write `after` or `before`"),
        ("{ must-happen: send, next: true }", "PF121", "`must-happen`", "how closely"),
        ("{ must-happen: send, same: person }", "PF121", "`must-happen`", "`by`, `when` or `within`"),
        ("{ never: send, within: 3 days }", "PF121", "`never`", "after: case opens"),
        ("{ at-most: 3, of: send, within: 3 days }", "PF121", "`at-most` and `of`", "write `in`"),
        ("{ after: accept, there-must-be: send, in: 3 days }", "PF121", "`in`", "write `within`"),
        ("{ exactly: 1, of: send, within: 1 day }", "PF121", "`within`", "two rules"),
        ("{ one-of: [send, ask], within: 1 day }", "PF121", "`within`", "any-of"),
        ("{ together: [send, ask], within: 1 day }", "PF121", "`within`", "`if: A, also: B, within: ...`"),
        ("{ together: [send, ask], same: person }", "PF121", "`same`", "`if: A, also: B`"),
        ("{ after: accept, before: send, by: lead }", "PF121", "`by`", "two rules"),
        ("{ same-person: [accept, send], by: lead }", "PF121", "`by`", "remove"),
        ("{ different-person: [accept, send], same: person }", "PF121", "`same`", "compared anyway"),
        ("{ first: send, in: 3 days }", "PF121", "`in`", "`by` or `when`"),
        ("{ if: accept, also: send, same: person, different: person }", "PF121", "same and different", "remove one"),
        ("{ after: accept, there-must-be: send, within: 3 working days }", "PF407", "3 working days", "elapsed"),
        ("{ after: accept, there-must-be: send, within: 3 d }", "PF106", "not a length", "3 days"),
        ("{ after: accept, there-must-be: send, within: 3 }", "PF103", "as in 3 days", "3 hours"),
        ("{ after: accept, there-must-be: send, within: 0 days }", "PF106", "no time at all", "next: true"),
        ("{ must-happen: send, by: any }", "PF202", "says nothing in a rule", "remove"),
        ("{ must-happen: send, by: led }", "PF202", "no role `led`", "did you mean `lead`?"),
        ("{ must-happen: send, by: [lead, agent] }", "PF103", "is a list", "name one role;"),
        ("{ must-happen: send, by: { field: ours } }", "PF203", "needs a field of type person or team", ""),
        ("{ if: accept, also: send, same: invoice }", "PF203", "no data field `invoice`", "`invoice_no`"),
        ("{ if: accept, also: send, same: actor }", "PF203", "no data field `actor`", "write `person`"),
        ("{ must-happen: send, when: our }", "PF502", "no data field", "did you mean ours?"),
        ("{ must-happen: send, per: item }", "PF109", "per: item", "per: case"),
        ("{ must-happen: send, per: persons }", "PF105", "per", "`person`"),
        ("{ must-happen: send, per: client }", "PF122", "a client has no end", "leave `per` out"),
        ("{ after: accept, there-must-be: send, per: person }", "PF122", "a person has no end", "add `within`"),
        ("{ exactly: 1, of: send, per: client }", "PF122", "no end", "`at-most`"),
        ("{ one-of: [send, refuse], per: client }", "PF122", "no end", "`not-both`"),
        ("{ after: accept, before: send, per: client }", "PF122", "no end", "two rules"),
        ("{ must-happen: send, refuse: no }", "PF104", "true or false", "`false`"),
        ("{ never: call }\n  Y: { never: ask }", "PF106", "the name `Y`", "write `y`"),
        ("{ never: call }\n  same: { never: ask }", "PF211", "`same`", "another name"),
        ("{ never: call }\n  y-z: { never: ask }\n  yz: { never: send }", "PF207", "differ only", "one name"),
    ],
)
def test_what_is_wrong_is_told_once_and_with_what_to_do(rule: str, code: str, message: str, hint: str) -> None:
    findings = found(rule)
    assert [one.code for one in findings] == [code], [f"{one.code} {one.message}" for one in findings]
    (one,) = findings
    assert message in one.message
    assert hint in (one.hint or ""), one.hint
    assert (one.hint is None) == (hint == "")
    assert one.where is not None
    assert one.where.line >= LINE


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("{ after: accept, there_must_be: send }", "{ after: accept, there-must-be: send }"),
        ("{ at_most: 3, of: send }", "{ at-most: 3, of: send }"),
        ("{ after: accept, before: send, next: yes }", "{ after: accept, before: send, next: true }"),
        ("{ must-happen: snd }", "{ must-happen: send }"),
        ("{ must-happen: starts snd }", "{ must-happen: starts send }"),
        ("{ must-happen: repli.send }", "{ must-happen: reply.send }"),
        ("{ must-happen: reply.snd }", "{ must-happen: reply.send }"),
        ("{ must-happen: 'entered reply' }", "{ must-happen: 'enters reply' }"),
        ("{ must-happen: enters repli }", "{ must-happen: enters reply }"),
        ("{ must-happen: Send }", "{ must-happen: send }"),
        ("{ must-happen: case closed }", "{ must-happen: case ends }"),
        ("{ must-happen: send, by: led }", "{ must-happen: send, by: lead }"),
        ("{ never: [send, ask, send] }", "{ never: [send, ask] }"),
    ],
)
def test_what_can_hardly_be_meant_otherwise_can_be_mended(wrong: str, right: str) -> None:
    (one,) = found(wrong)
    (edit,) = one.edits
    lines = (FILE + wrong).split("\n")
    line = lines[edit.where.line - 1]
    lines[edit.where.line - 1] = line[: edit.where.column - 1] + edit.text + line[edit.where.end_column - 1 :]
    assert "\n".join(lines) == FILE + right
    assert found(right) == ()


@pytest.mark.parametrize("pair", ["[send, send]", "[send, completes send]"])
def test_a_pair_is_not_mended_to_one(pair: str) -> None:
    (one,) = found(f"{{ not-both: {pair} }}")
    assert one.edits == ()


def test_there_are_bounds() -> None:
    many = "\n".join(f"  r{number}: {{ never: ask }}" for number in range(200))
    assert [one.code for one in found("{ never: call }\n" + many)] == ["PF106"]
    several = ", ".join(["send", *(f"a{number}" for number in range(20))])
    (one,) = [one for one in found(f"{{ never: [{several}] }}") if one.code == "PF106"]
    assert "more than 20" in one.message


def test_a_rule_id_of_the_wrong_form_is_mended() -> None:
    (one,) = found("{ never: call }\n  no_money: { never: ask }")
    assert [edit.text for edit in one.edits] == ["no-money"]
    (one,) = found("{ never: call }\n  No money after refusal: { never: ask }")
    assert [edit.text for edit in one.edits] == ["no-money-after-refusal"]
    taken = found("{ never: call }\n  no-money: { never: ask }\n  no_money: { never: send }")
    assert not any(one.edits for one in taken)


def test_a_name_that_is_a_part_of_a_step_is_told() -> None:
    text = 'procflow: 1\nprocedure: p\nversion: "1"\ntitle: P\nroles: { a: A }\nstart: x\nsteps:\n'
    text += "  x: { by: a, actions: { refuse: refused-answer } }\n  refused-answer: { end: refused }\n"
    text += "rules:\n  r: { after: refuse, there-must-be: enters refused }\n"
    (one,) = [one for one in read_procedure(text, "a.yaml").findings if one.code == "PF201"]
    assert one.hint == "did you mean `refused-answer`?"
    assert not one.edits
