"""What mends a finding: the places and texts that `procflow check --fix` puts in, and when it leaves it to a person."""

from __future__ import annotations

import pytest

from procflow.errors import Finding
from procflow.loading.edits import replace_key, replace_value, replace_within, written
from procflow.loading.procedure import read_procedure
from procflow.loading.source import read_source

FILE = """\
procflow: 1
procedure: sample
version: "1.0"
roles:
  agent: Writes to the client
data:
  gravity: { type: choice, of: [minor, major] }
start: intake
steps:
  intake:
    by: agent
    collect: [gravity]
    actions:
      accept: closed
  closed: { end: answered }
"""


def found(old: str, new: str) -> list[Finding]:
    """Return the findings of the sample with one part replaced."""
    assert old in FILE
    return list(read_procedure(FILE.replace(old, new), "a.yaml").findings)


def mended(old: str, new: str) -> tuple[list[str], str]:
    """Return the codes, and the line of the first finding after its edits."""
    findings = found(old, new)
    lines = FILE.replace(old, new).splitlines()
    first = findings[0]
    assert first.where is not None
    line = lines[first.where.line - 1]
    for edit in reversed(first.edits):
        assert edit.where.line == edit.where.end_line == first.where.line
        line = line[: edit.where.column - 1] + edit.text + line[edit.where.end_column - 1 :]
    return [one.code for one in findings], line.strip()


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("procflow: 1", 'procflow: "1"', "PF107", "procflow: 1"),
        ('version: "1.0"', "version: 1.10", "PF108", 'version: "1.10"'),
        ('version: "1.0"', "version: 0x10", "PF108", 'version: "0x10"'),
        ("start: intake", "start: intaek", "PF201", "start: intake"),
        ("start: intake", "start: “intake”", "PF201", "start: intake"),
        ("start: intake", "'start': 'intaek'", "PF201", "'start': 'intake'"),
        ("by: agent", 'by: "agnet"', "PF202", 'by: "agent"'),
        ("collect: [gravity]", "collect: [gravitiy]", "PF203", "collect: [gravity]"),
        ("collect: [gravity]", "colect: [gravity]", "PF102", "collect: [gravity]"),
        ("collect: [gravity]", '"colect": [gravity]', "PF102", '"collect": [gravity]'),
        ("collect: [gravity]", "collect: gravity", "PF103", "collect: [gravity]"),
        ("collect: [gravity]", "collect: [gravity , gravity]", "PF212", "collect: [gravity]"),
        ("type: choice", "type: choise", "PF105", "gravity: { type: choice, of: [minor, major] }"),
        ("of: [minor, major]", "of: [minor, no]", "PF013", 'gravity: { type: choice, of: [minor, "no"] }'),
        ("accept: closed", "accept: { to: closed, incomplete: yes }", "PF104", "accept: { to: closed, incomplete: true }"),
        ("accept: closed", "accept: { to: closed, reason: requird }", "PF105", "accept: { to: closed, reason: required }"),
        ("agent: Writes", "agent: { title: W, external: Off } #", "PF104",
         "agent: { title: W, external: false } # to the client"),
    ],
)  # fmt: skip
def test_what_is_certain_is_mended(old: str, new: str, code: str, line: str) -> None:
    codes, shown = mended(old, new)
    assert codes[0] == code
    assert shown == line


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("collect: [gravity]", "colect: [gravity]\n    collect: [gravity]", "PF102"),
        ("start: intake", "start: somewhere", "PF201"),
        ("collect: [gravity]", "collect: [gravity]\n    optional: [gravity]\n    optionel: []", "PF102"),
        ("agent: Writes to the client", "agent: { title: W }\n  agents: { title: V }", "PF208"),
        ("accept: closed", "accept: [{ to: closed, when: has(gravity) }, { to: same, otherwise: no }]", "PF104"),
    ],
)
def test_what_only_a_person_knows_is_left(old: str, new: str, code: str) -> None:
    findings = [one for one in found(old, new) if one.code == code]
    assert findings
    assert all(one.edits == () for one in findings)


def test_two_names_equally_near_are_left_to_a_person() -> None:
    text = FILE.replace("  closed:", "  close-it: { end: a }\n  close-at: { end: b }\n  closed:")
    text = text.replace("accept: closed", "accept: close-ut")
    (one,) = [one for one in read_procedure(text, "a.yaml").findings if one.code == "PF201"]
    assert one.hint is not None
    assert one.edits == ()


def test_one_mistake_is_one_finding() -> None:
    assert [one.code for one in found("accept: closed", "accept: { to: closed, incomplete: yes }")] == ["PF104"]
    assert [one.code for one in found("by: agent", "by: agnet")] == ["PF202"]
    assert [one.code for one in found("collect: [gravity]", "collect: [gravty]")] == ["PF203"]


def test_tabs_are_mended_all_at_once_with_the_levels_of_the_file() -> None:
    text = "procflow: 1\nroles:\n    agent: x\nsteps:\n\ta:\n\t\tby: x\n"
    (one,) = read_procedure(text, "a.yaml").findings
    assert [(edit.where.line, edit.text) for edit in one.edits] == [(5, "    "), (6, "        ")]


def test_a_tag_becomes_a_text() -> None:
    (one,) = found("accept: closed", "accept: { to: closed, when: !ours }")
    assert (one.code, [edit.text for edit in one.edits]) == ("PF004", ['"!ours"'])
    (other,) = found("accept: closed", "accept: { to: closed, when: !!str ours }")
    assert other.edits == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("start: intake", "title: #1 in the row\nstart: intake", "begins a comment"),
        ("accept: closed", "accept: { to: closed, title: Accept # 3 }", "write the } before it"),
        ("accept: closed", 'accept:\n        to: closed\n        when: gravity == "a # b"', "single quotes"),
        ("agent: Writes to the client", "agent: { title: W, external: “true” }", "no quote for YAML"),
        ("start: intake", "review-by: “2027-01-01”\nstart: intake", "no quote for YAML"),
    ],
)
def test_what_looks_right_and_is_not_is_explained(old: str, new: str, words: str) -> None:
    assert [one.hint for one in found(old, new) if words in (one.hint or "")]


@pytest.mark.parametrize(
    ("text", "new", "line"),
    [
        ("a: {b: x}", "a: y", 'a: {b: "a: y"}'),
        ("a: {b: x}", "on", 'a: {b: "on"}'),
        ("a: {b: x}", "10", 'a: {b: "10"}'),
        ("a: {b: 'x'}", "it's", "a: {b: 'it''s'}"),
        ('a: {b: "x"}', 'a"b\\', 'a: {b: "a\\"b\\\\"}'),
    ],
)
def test_a_value_is_written_so_that_it_is_read_back(text: str, new: str, line: str) -> None:
    source = read_source(text, "a.yaml")
    (edit,) = replace_value(source, ("a", "b"), new)
    changed = text[: edit.where.column - 1] + edit.text + text[edit.where.end_column - 1 :]
    assert changed == line
    assert read_source(changed, "a.yaml").data == {"a": {"b": new}}


def test_a_part_of_a_text_is_written_in_its_quotes() -> None:
    for text, line in (
        ('a: x == "y"', 'a: x == "z"'),
        ("""a: 'x == "y"'""", """a: 'x == "z"'"""),
        ('a: "x == \\"y\\""', 'a: "x == \\"z\\""'),
    ):
        (edit,) = replace_within(read_source(text, "a.yaml"), ("a",), 5, 3, '"z"')
        assert text[: edit.where.column - 1] + edit.text + text[edit.where.end_column - 1 :] == line
    assert replace_within(read_source("a: x = y", "a.yaml"), ("a",), 2, 1, ": ") == ()
    assert replace_within(read_source("a: >\n  x = y\n", "a.yaml"), ("a",), 2, 1, "==") == ()


def test_a_key_keeps_its_quotes() -> None:
    (edit,) = replace_key(read_source("'a': 1", "a.yaml"), ("a",), "b")
    assert edit.text == "'b'"


def test_words_are_plain_where_they_mean_the_same_everywhere() -> None:
    assert [written(word) for word in ("close-it", "yes", "1.0", "a b", "ä", "2026-11-01", "- a")] == [
        "close-it",
        '"yes"',
        '"1.0"',
        "a b",
        '"ä"',
        "2026-11-01",
        '"- a"',
    ]
