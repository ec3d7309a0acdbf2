"""PF902 to PF905: what is said of titles and languages, and that sketches and beginnings are left alone."""

from __future__ import annotations

from procflow.lint.style import findings
from procflow.loading.procedure import read_procedure

PROCEDURE = """procflow: 1
procedure: sample
version: "1.0"
title: { en: Sample, ro: Exemplu }
purpose: { en: Show it, ro: Arată }
roles: { agent: { title: { en: Writes, ro: Scrie } } }
data:
  ours: { type: yes-no, ask: { en: Ours?, ro: Al nostru? } }
start: one
steps:
  one:
    title: { en: First, ro: Întâi }
    by: agent
    collect: [ours]
    checklist: [thank]
    actions:
      go: { to: two, title: { en: Go, ro: Mergi } }
  two: { title: { en: Second, ro: Al doilea }, by: agent, actions: { go-on: three } }
  three: { title: { en: Third, ro: Al treilea }, by: agent, actions: { stop: closed } }
  closed: { end: answered }
titles:
  thank: { en: Thank, ro: Mulțumește }
"""


def said(*changes: tuple[str, str]) -> list[str]:
    text = PROCEDURE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    loaded = read_procedure(text, "sample.yaml")
    assert loaded.procedure is not None, loaded.findings
    return [f"{one.where.line if one.where else 0}: {one.code} {one.message}" for one in findings(loaded.procedure)]


def test_nothing_is_said_of_a_whole_document() -> None:
    assert said() == []


def test_what_most_others_have() -> None:
    assert said(("title: { en: Second, ro: Al doilea }, ", "")) == [
        "18: PF902 the step `two` has no title, and most others have one"
    ]
    two_bare = (("title: { en: Second, ro: Al doilea }, ", ""), ("title: { en: Third, ro: Al treilea }, ", ""))
    assert said(*two_bare) == []
    assert said(("title: { en: Sample, ro: Exemplu }\n", "")) == ["2: PF902 the procedure `sample` has no title"]


def test_a_sketch_needs_no_title() -> None:
    loaded = read_procedure(
        'procflow: 1\nprocedure: a\nversion: "1"\nstart: closed\nsteps: { closed: { end: x } }\n', "a.yaml"
    )
    assert loaded.procedure is not None
    assert list(findings(loaded.procedure)) == []


def test_titles_that_are_too_long() -> None:
    long = "x" * 81
    assert said(("en: Go,", f"en: {long},"), ("en: Thank,", f"en: {long},")) == [
        "17: PF903 the title of `go` has 81 characters",
        "22: PF903 the title of `thank` has 81 characters",
    ]
    assert said(("en: Go,", f"en: {long[1:]},")) == []


def test_texts_that_lack_a_language() -> None:
    assert said((", ro: Arată", ""), (", ro: Al nostru?", ""), (", ro: Mulțumește", ""), (", ro: Scrie", "")) == [
        "2: PF905 the purpose is not given in ro",
        "6: PF905 the title of the role `agent` is not given in ro",
        "8: PF905 the question for `ours` is not given in ro",
        "22: PF905 the title of `thank` is not given in ro",
    ]
    assert said(("ro: Exemplu }", "ro: Exemplu, pl: Wzór }"))[0] == "2: PF905 the purpose is not given in pl"


def test_texts_without_a_language_are_told_together() -> None:
    plain = (
        ("title: { en: Second, ro: Al doilea }", "title: Second"),
        ("title: { en: Third, ro: Al treilea }", "title: Third"),
    )
    assert said(*plain) == [
        "18: PF905 the title is given in en and ro, and the title of `two` in no language, as 1 more text"
    ]
    assert said(("title: { en: Sample, ro: Exemplu }", "title: Sample")) == []
