"""From a text to a procedure: what the sample means, and what authors are told about their mistakes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from procflow.errors import ProcedureInvalid, ProcflowError, Severity
from procflow.expressions.types import Choice, Instant, ListOf, Money, Number, Record, Reference, Text, YesNo
from procflow.loading.procedure import Loaded, load_procedure, read_procedure
from procflow.model.by import By
from procflow.model.procedure import DONE, SAME, Procedure, languages_of

SAMPLE = Path(__file__).resolve().parents[3] / "procedures" / "complaint.yaml"

HEAD = """\
procflow: 1
procedure: sample
version: "1"
roles: { agent: Writes, client: { title: Asks, external: true } }
data: { ours: yes-no, gravity: { type: choice, of: [minor, major] }, whom: person, cause: text }
start: intake
"""
"""Ends with line 6; what follows begins in line 7."""


@pytest.fixture(scope="module")
def sample() -> Procedure:
    return load_procedure(SAMPLE)


def read(body: str, head: str = HEAD) -> Loaded:
    return read_procedure(head + body, "f.yaml")


def told(loaded: Loaded) -> list[str]:
    """The errors as `line:column code message`."""
    return [
        f"{one.where.line}:{one.where.column} {one.code} {one.message}"
        for one in loaded.findings
        if one.where is not None and one.severity is Severity.ERROR
    ]


def one_error(loaded: Loaded) -> str:
    (message,) = told(loaded)
    assert loaded.procedure is None
    return message


# --- the sample ----------------------------------------------------------------------------------------------------


def test_the_head_of_the_sample(sample: Procedure) -> None:
    assert (sample.id, sample.version, sample.owner, sample.author) == ("complaint", "4.1.0", "head-of-care", "a.radu")
    assert list(sample.title) == ["en", "ro", "pl", "ru", "fa"]
    assert sample.purpose["en"].startswith("Every complaint")
    assert sample.approved_by is not None
    assert (sample.approved_by.person, sample.approved_by.on) == ("m.pop", date(2026, 11, 1))
    assert [(one.department, one.on) for one in sample.agreed_by] == [("legal", date(2026, 11, 2))]
    assert (sample.effective_from, sample.review_by) == (date(2026, 11, 1), date(2027, 12, 1))
    assert sample.controls == ("ISO-10002", "ISO-9001:10.2")
    assert sample.roles["client"].external
    assert not sample.roles["agent"].external


def test_the_data_of_the_sample(sample: Procedure) -> None:
    assert dict(sample.field_types) == {
        "tier": Choice(("basic", "improved", "premium")),
        "ours": YesNo(),
        "gravity": Choice(("minor", "major", "critical")),
        "complained_about": Reference("person"),
        "cause": Text(),
        "justified": YesNo(),
        "compensation": Money("EUR"),
        "lesson": Text(),
        "asked": Text(),
        "due": Instant(),
    }


def test_the_steps_of_the_sample(sample: Procedure) -> None:
    assert sample.top.start == "intake"
    assert " ".join(sample.steps) == (
        "intake investigate technical opinion draft waiting approval reply answered second-look "
        "closed referred refused withdrawn"
    )
    intake = sample.steps["intake"]
    assert intake.checklist is not None
    assert (intake.checklist.items, intake.checklist.any_order) == (
        ("thank", "clarify", "apologise", "ask-how-to-help"),
        False,
    )
    assert (intake.by, intake.collect, intake.optional) == (
        By(role="agent"),
        ("ours", "gravity"),
        ("complained_about",),
    )
    refuse = intake.actions["refuse"]
    assert (refuse.arrows[0].to, str(refuse.arrows[0].when), refuse.evidence, refuse.reason) == (
        "refused",
        "not ours",
        ("refusal-letter",),
        True,
    )
    assert sample.steps["approval"].four_eyes == ("draft",)
    assert sample.steps["technical"].not_by == ("complained_about",)
    assert sample.steps["withdrawn"].end == "cancelled"


def test_the_block_of_the_sample(sample: Procedure) -> None:
    block = sample.steps["investigate"].parallel
    assert block is not None
    technical, legal = block.branches
    assert (technical.id, technical.region.start, list(technical.region.steps)) == (
        "technical",
        "technical",
        ["technical"],
    )
    assert (legal.id, legal.region.start, list(legal.region.steps)) == ("legal", "opinion", ["opinion"])
    assert technical.only_if is None
    assert str(legal.only_if) == 'gravity in ["major", "critical"]'
    assert [arrow.to for arrow in block.then] == ["draft"]
    assert technical.region.steps["technical"].actions["submit"].arrows[0].to == DONE


def test_the_actions_of_the_sample(sample: Procedure) -> None:
    draft = sample.steps["draft"].actions
    assert [(one.to, one.otherwise) for one in draft["propose"].arrows] == [("approval", False), ("reply", True)]
    assert (draft["ask-client"].incomplete, draft["ask-client"].at_most) == (True, 3)
    waiting = sample.steps["waiting"].waiting
    assert waiting is not None
    assert (waiting.party, waiting.asked, waiting.due) == ("client", True, True)
    assert sample.anytime["update"].arrows[0].to == SAME
    assert not sample.anytime["update"].moves
    assert sample.anytime["withdraw"].by == By(role="client")


def test_what_was_authored_knows_its_place(sample: Procedure) -> None:
    lines = SAMPLE.read_text("utf-8").splitlines()
    for step in sample.steps.values():
        assert lines[step.where.line - 1].lstrip().startswith(f"{step.id}:")
        for action in step.actions.values():
            line = lines[action.where.line - 1]
            assert line[action.where.column - 1 :].startswith(f"{action.id}:")


def test_comments_and_layout_leave_the_digest_alone_and_meaning_does_not(sample: Procedure) -> None:
    text = SAMPLE.read_text("utf-8")
    again = read_procedure("# another comment\n" + text.replace("procflow: 1", "procflow:   1"), "f").procedure
    other = read_procedure(text.replace("at-most: 3", "at-most: 4"), "f").procedure
    assert again is not None
    assert other is not None
    assert again.digest == sample.digest
    assert len(sample.digest) == 64
    assert other.digest != sample.digest


# --- doors ---------------------------------------------------------------------------------------------------------


def test_a_file_with_errors_is_refused_with_all_its_findings(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(HEAD + "steps: { intake: { by: agnet, colect: [ours], actions: { accept: close } } }\n", "utf-8")
    with pytest.raises(ProcedureInvalid) as refused:
        load_procedure(path)
    errors = {one.code for one in refused.value.findings if one.severity is Severity.ERROR}
    assert errors == {"PF102", "PF201", "PF202"}
    assert "(and 2 more)" in refused.value.message


def test_a_file_that_is_not_there_is_no_finding(tmp_path: Path) -> None:
    with pytest.raises(ProcflowError, match="No such file"):
        load_procedure(tmp_path / "none.yaml")


@pytest.mark.parametrize("text", ["", "# nothing\n", "[]", "hello", "5", "~"])
def test_what_is_no_map_is_one_finding(text: str) -> None:
    (only,) = read_procedure(text, "f.yaml").findings
    assert (only.code, only.where and only.where.line) == ("PF103", 1)


def test_warnings_leave_the_procedure_usable() -> None:
    loaded = read(
        "steps: { intake: { by: agent, collect: [ours], actions: { accept: closed } }, closed: { end: done-well } }\n"
    )
    assert loaded.procedure is not None
    assert {one.code for one in loaded.findings} == {"PF208"}


# --- what authors are told -----------------------------------------------------------------------------------------


def step(line: str) -> str:
    return f"steps:\n  intake:\n    by: agent\n    {line}\n  closed: {{ end: answered }}\n"


@pytest.mark.parametrize(
    ("line", "expected", "hint"),
    [
        ("colect: [ours]\n    actions: { a: closed }", "10:5 PF102 `colect` is not known in a step", "did you mean `collect`?"),
        ("then: closed\n    actions: { a: closed }", "10:5 PF102 `then` is not known in a step", "`then` belongs to a block"),
        ("keep: true\n    actions: { a: closed }", "10:5 PF109 `keep` is part of the language but this version does not"
         " execute it yet", "remove it, or keep it in a `note:`"),
        ("actions: { a: back }", "10:19 PF109 `to: back` is part of the language but this version does not execute it yet",
         "name the step"),
        ("actions: { a: done }", "10:19 PF311 `done` ends a branch, and this is not in one",
         "name a step; an end is a step with `end:`"),
        ("actions: { a: close }", "10:19 PF201 there is no step `close`", "did you mean `closed`?"),
        ("collect: ours\n    actions: { a: closed }", "10:14 PF103 `collect` is a text, not a list, as in [gravity, cause]",
         "write [ours]"),
        ("actions: {}", "10:14 PF101 `actions` is empty", None),
        ("actions: { a: { to: closed, at-most: 0 } }", "10:42 PF106 `at-most` is less than 1", None),
        ("actions: { a: { to: closed, reason: yes } }", "10:41 PF105 `reason` is `yes`, and only `required` is known", None),
        ("actions: { a: { to: closed, when: 5 } }", "10:39 PF108 `when` is the number 5, and text is meant",
         'put it in quotes: "5"'),
        ("actions: { a: { to: closed, when: true } }", "10:39 PF103 `when` is true, not a condition, as in"
         ' compensation > 0 and gravity != "minor"', None),
        ("not-by: cause\n    actions: { a: closed }",
         "10:13 PF203 `cause` is of type text, and `not-by` needs a field of type person", None),
        ("four-eyes: closed\n    actions: { a: closed }", "10:16 PF201 nobody acts in `closed` itself: it is an end", None),
        ("checklist: [a]\n    actions: { a: closed }",
         "11:16 PF210 `a` is both an item of the checklist and an action of `intake`", "give one of them another name"),
        ("actions: { closed: closed }", "11:3 PF210 `closed` is already an action, in line 10", "give one of them another name"),
        ("checklist: { any-order: [a, b, c, d, e, f, g, h, i] }\n    actions: { x: closed }",
         "10:29 PF106 `any-order` has more than 8 entries", "split it"),
        ("actions: { a: [{ to: closed, otherwise: true, when: ours }] }",
         "10:34 PF110 `otherwise` and `when` cannot both hold: `otherwise` is taken when no condition is true",
         "remove one of them"),
        ('actions: { a: { to: closed, when: ours and gravty == "minor" } }', "10:48 PF502 ", None),
        ("actions: { a: { to: closed, when: 'gravity == \"minr\"' } }", "10:51 PF504 ", None),
    ],
)  # fmt: skip
def test_a_mistake_in_a_step_is_told_where_it_stands(line: str, expected: str, hint: str | None) -> None:
    loaded = read(step(line))
    assert one_error(loaded).startswith(expected)
    if hint is not None:
        assert hint in [one.hint for one in loaded.findings]


EMPTY = """\
steps:
  intake:
    by: agent
    four-eyes: [intake]
    collect: [cause]
    actions: { ask: waiting, "close": closed }
  waiting:
    waiting-for: { party: client }
    actions: { answer: { to: intake } }
  closed: { end: good }
anytime:
  update: { to: same, by: agent, while: [intake] }
"""


@pytest.mark.parametrize(
    ("written", "emptied"),
    [
        ("by: agent\n", 'by: ""\n'),
        ("[intake]\n", '[""]\n'),
        ("[cause]", '[""]'),
        ("ask: waiting", 'ask: ""'),
        ("party: client", 'party: ""'),
        ("to: intake", 'to: ""'),
        ("to: same", 'to: ""'),
        ("by: agent,", 'by: "",'),
        ("while: [intake]", 'while: [""]'),
    ],
)
def test_an_empty_name_is_told_once_and_never_runs(written: str, emptied: str) -> None:
    assert not told(read(EMPTY))
    message = one_error(read(EMPTY.replace(written, emptied, 1)))
    assert " PF101 " in message
    assert message.endswith("is empty")


def test_a_start_left_empty_by_a_folded_text_is_told() -> None:
    assert one_error(read(EMPTY, HEAD.replace("start: intake", "start: >"))) == "6:8 PF101 `start` is empty"


@pytest.mark.parametrize(("written", "id_"), [("închide", "inchide"), ("Zażądaj zgody", "zazadaj-zgody")])
def test_letters_with_marks_are_written_without_them(written: str, id_: str) -> None:
    loaded = read(EMPTY.replace('"close"', f'"{written}"'))
    assert one_error(loaded).endswith("must be small letters and digits joined by hyphens, as in ask-client")
    assert f"write `{id_}`" in [one.hint for one in loaded.findings]


def test_everything_is_told_at_once_and_in_the_order_of_the_file() -> None:
    loaded = read(
        """steps:
  intake:
    by: agnet
    collect: [our]
    keep: true
    actions:
      accept: { to: closd, when: "gravity > 1" }
  closed: { end: answered, actions: { reopen: intake } }
anytime:
  intake: { to: same }
"""
    )
    assert [line.split()[0] + " " + line.split()[1] for line in told(loaded)] == [
        "9:9 PF202",
        "10:15 PF203",
        "11:5 PF109",
        "13:21 PF201",
        "13:45 PF503",
        "14:28 PF305",
        "16:3 PF101",
        "16:3 PF210",
    ]


def test_one_mistake_is_told_once() -> None:
    """A field whose type cannot be read is declared all the same; a step run by another procedure lacks nothing."""
    head = HEAD.replace("ours: yes-no", "ours: yesno")
    assert one_error(read(step("collect: [ours]\n    actions: { a: { to: closed, when: ours } }"), head)).startswith(
        "5:15 PF105"
    )
    assert one_error(read("steps: { intake: { run: other } }\n")).startswith("7:20 PF109")


def block(branch: str, then: str = "closed") -> str:
    return (
        "steps:\n  intake:\n    parallel:\n      one: { by: agent, actions: { one-done: done } }\n"
        f"      two: {branch}\n    then: {then}\n  closed: {{ end: answered }}\n"
    )


@pytest.mark.parametrize(
    ("branch", "then", "expected"),
    [
        ("{ by: agent, actions: { a: closed } }", "closed", "11:39 PF311 `closed` is outside the branch `two`"),
        ("{ by: agent, actions: { a: one } }", "closed", "11:39 PF311 `one` is not in the branch `two`"),
        ("{ end: x }", "closed", "11:14 PF311 a branch cannot hold an end"),
        (
            "{ start: a, steps: { a: { by: agent, actions: { b: done } }, c: { end: x } } }",
            "closed",
            "11:78 PF311 a branch",
        ),
        (
            "{ by: agent, actions: { one-done: done } }",
            "closed",
            "11:36 PF312 `one-done` occurs in the branches `one` and",
        ),
        (
            "{ start: two, steps: { two: { by: agent, actions: { b: done } } } }",
            "closed",
            "11:35 PF210 `two` is already",
        ),
        (
            "{ start: b, steps: { a: { by: agent, actions: { b: done } } } }",
            "closed",
            "11:21 PF201 there is no step `b`",
        ),
        ("{ by: agent, actions: { a: done } }", "same", "12:11 PF201 a block cannot lead to `same`"),
        ("{ by: agent, actions: { a: done } }", "done", "12:11 PF311 `done` ends a branch"),
        ("{ by: agent, actions: { a: done } }", "two", "12:11 PF311 `two` is inside a block"),
        ("{ only-if: our, by: agent, actions: { a: done } }", "closed", "11:23 PF502"),
        ("{ by: agent, actions: { a: done } }\n    need: 2", "closed", "12:11 PF109 `need: 2` is part of the language"),
    ],
)
def test_a_mistake_in_a_block_is_told_where_it_stands(branch: str, then: str, expected: str) -> None:
    assert one_error(read(block(branch, then))).startswith(expected)


def test_blocks_may_stand_in_branches() -> None:
    loaded = read(
        block("{ only-if: ours, parallel: { deep: { by: any, actions: { dive: done } } }, then: done }")
        + "anytime: { leave: { to: closed, by: any, while: [deep] } }\n"
    )
    assert told(loaded) == []
    assert loaded.procedure is not None
    assert list(loaded.procedure.steps) == ["intake", "one", "two", "deep", "closed"]
    assert loaded.procedure.anytime["leave"].during == ("deep",)


def test_alternatives_may_share_what_the_action_demands() -> None:
    loaded = read(
        step("actions: { a: { to: [{ to: same, when: ours }, { to: same }], evidence: [letter], collect: [ours] } }")
        + "  more: { by: agent, actions: { a: closed } }\n"
    )
    assert loaded.procedure is not None
    action = loaded.procedure.steps["intake"].actions["a"]
    assert ([one.to for one in action.arrows], action.evidence, action.moves) == ([SAME, SAME], ("letter",), False)


@pytest.mark.parametrize(
    ("first", "second", "circle"),
    [
        ("only-if: ours, ", "only-if: ours, ", True),
        ("", "only-if: ours, ", False),
        ("only-if: ours, ", "", False),
    ],
)
def test_blocks_nobody_has_to_act_in_must_not_go_round(first: str, second: str, circle: bool) -> None:
    loaded = read(
        f"""steps:
  intake: {{ parallel: {{ a: {{ {first}by: any, actions: {{ b: done }} }} }}, then: next }}
  next: {{ parallel: {{ c: {{ {second}by: any, actions: {{ d: done }} }} }}, then: [{{ to: intake, when: ours }}, {{ to: z }}] }}
  z: {{ end: answered }}
"""
    )
    assert [line.split()[1] for line in told(loaded)] == (["PF306"] if circle else [])


def test_a_waiting_step_brings_the_fields_it_demands() -> None:
    waiting = "steps: { intake: { waiting-for: { party: client, asked: required, due: required }, actions: { came: intake } } }\n"
    loaded = read(waiting)
    assert loaded.procedure is not None
    assert (loaded.procedure.field_types["asked"], loaded.procedure.field_types["due"]) == (Text(), Instant())
    declared = read(waiting, HEAD.replace("cause: text", "due: instant"))
    assert declared.procedure is not None
    assert "PF208" not in {one.code for one in declared.findings if "due" in one.message}
    clash = read(waiting, HEAD.replace("cause: text", "due: date"))
    assert one_error(clash) == "5:84 PF203 `due` is date, and the waiting step `intake` needs instant"


def test_types_in_types() -> None:
    loaded = read(
        step("optional: [home]\n    actions: { a: closed }"),
        HEAD.replace(
            "cause: text",
            "home: { type: list, of: { type: record, fields: { zip: number, who: { type: choice, of: [a, b] } } } }",
        ),
    )
    assert loaded.procedure is not None
    kind = loaded.procedure.field_types["home"]
    assert isinstance(kind, ListOf)
    assert isinstance(kind.item, Record)
    assert dict(kind.item.fields) == {"zip": Number(), "who": Choice(("a", "b"))}


# --- titles --------------------------------------------------------------------------------------------------------

WITH_TITLES = """\
steps:
  intake: { by: agent, checklist: [thank], evidence: [letter], collect: [gravity], actions: { accept: closed } }
  closed: { end: answered }
titles: { thank: { en: Thank, ro: Mulțumește }, minor: annoying }
"""


def test_titles_are_told_in_the_language_there_is() -> None:
    procedure = read(WITH_TITLES).procedure
    assert procedure is not None
    told = [procedure.title_of("thank", language) for language in ("ro", "en", "pl", "")]
    assert told == ["Mulțumește", "Thank", "Thank", "Thank"]
    assert (procedure.title_of("minor", "ro"), procedure.title_of("letter", "ro")) == ("annoying", "letter")


@pytest.mark.parametrize(
    ("title", "languages"),
    [("", ()), ("title: Sample\n", ()), ("title: { ro: Exemplu, en: Sample }\n", ("ro", "en"))],
)
def test_the_languages_of_a_procedure_are_those_of_its_title(title: str, languages: tuple[str, ...]) -> None:
    procedure = read(title + WITH_TITLES).procedure
    assert procedure is not None
    assert languages_of(procedure) == languages


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("anwsered", "did you mean `answered`?"),
        ("accept", "`accept` is an action: give it a `title` where it stands"),
        ("client", "`client` is a role: give it a `name` under `roles`"),
        (
            "zebra",
            "items of checklists, evidence, words of a choice, outcomes and branches of several steps take their ",
        ),
    ],
)
def test_a_title_of_nothing_is_told_where_it_belongs(name: str, hint: str) -> None:
    (found,) = (
        one for one in read(WITH_TITLES.replace(" thank: {", f" {name}: x, thank: {{")).findings if one.code == "PF215"
    )
    assert (found.hint or "").startswith(hint)


def test_a_choice_that_cannot_be_read_is_told_once() -> None:
    head = HEAD.replace("of: [minor, major]", "off: [minor, major]")
    assert {one.code for one in read(WITH_TITLES, head).findings if one.severity is Severity.ERROR} == {
        "PF101",
        "PF102",
    }
