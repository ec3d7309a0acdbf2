"""Law 10: no file can make the reading hang, raise, run anything or exhaust memory."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from procflow.errors import Finding
from procflow.loading.calendars import read_calendar
from procflow.loading.holidays import read_holidays
from procflow.loading.mapping import read_mapping
from procflow.loading.people import read_people
from procflow.loading.procedure import read_procedure

READERS: list[Callable[[bytes | str, str], object]] = [
    read_procedure,
    read_people,
    read_mapping,
    read_calendar,
    read_holidays,
]
HEAD = 'procflow: 1\nprocedure: a\nversion: "1"\n'
BODY = "start: a\nsteps: { a: { by: any, optional: [x], actions: { b: z } }, z: { end: y } }\n"

KEYS = """
procflow procedure version title roles data start steps anytime by to when actions parallel then need end
waiting-for party asked due only-if collect evidence checklist any-order four-eyes not-by otherwise
type of choice list record fields money currency text instant same done back any required all a b c
case time status action column format zone witnesses people teams known-from window from no-value
calendar zone covers hours regimes holidays days like closed always working digest source mon sat-wed
"""
VALUES = '09:00-17:00|2026..2027|2026-12-24..2027-01-03|1|2|true|yes|~|\'\'|"x"|2026-11-01|a and b|a in ["x"]|!x|&a|*a|<<|é|-'
WORDS = [*KEYS.split(), *VALUES.split("|")]


def read_all(text: bytes | str) -> None:
    for read in READERS:
        loaded = read(text, "f.yaml")
        findings: tuple[Finding, ...] = loaded.findings  # type: ignore[attr-defined]
        lines = text.count("\n" if isinstance(text, str) else b"\n") + 2  # type: ignore[arg-type]
        for one in findings:
            assert one.where is not None
            assert 1 <= one.where.line <= one.where.end_line <= max(lines, 1_000)
            assert one.where.column >= 1
            assert (one.where.line, one.where.column) <= (one.where.end_line, one.where.end_column)


@given(st.binary(max_size=200))
@example(b"\xff\xfe\x00a")
@example("\ufeff".encode() * 3)
def test_any_bytes(text: bytes) -> None:
    read_all(text)


@given(st.text(max_size=200))
@example("\ud800")
@example("\ufeff")
@example("a: \x85b\u2028c")
def test_any_text(text: str) -> None:
    read_all(text)


@given(st.text(alphabet="ab:-?{}[],&*!|>'\"#%@`\t\n \\~0x", max_size=80))
def test_any_punctuation(text: str) -> None:
    read_all(text)


_SCALAR = st.sampled_from(WORDS)
_TREE = st.recursive(
    _SCALAR,
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(_SCALAR, inner, max_size=5).map(
            lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items.items()) + "}"
        )
    ),
    max_leaves=25,
)


@given(st.dictionaries(_SCALAR, _TREE, max_size=8))
@settings(max_examples=200)
def test_any_tree_of_the_words_of_the_language(tree: dict[str, str]) -> None:
    read_all("\n".join(f"{key}: {value}" for key, value in tree.items()))
    read_all(HEAD + "\n".join(f"{key}: {value}" for key, value in tree.items()))


def _nested_blocks(depth: int) -> str:
    opened = "".join(f"{{ parallel: {{ b{at}: " for at in range(depth))
    closed = "".join(f"}}, then: {'done' if at < depth - 1 else 'z'} }}" for at in range(depth))
    return HEAD + f"start: a\nsteps: {{ a: {opened}{{ by: any, actions: {{ x: done }} }}{closed}, z: {{ end: y }} }}\n"


def _many(line: str, count: int) -> str:
    return "".join(line.format(i=i, j=i + 1) for i in range(count))


HOSTILE = {
    "brackets": "[" * 500_000,
    "braces": "{a: " * 200_000,
    "dashes": "- " * 200_000,
    "questions": "? " * 200_000,
    "colons": ":" * 500_000,
    "carriages": "\r" * 500_000,
    "comments": "#\n" * 400_000,
    "documents": "---\n" * 200_000,
    "anchors": "&a " * 100_000,
    "laughs": "a: &a [x]\n" + _many("b{i}: &b{i} [*a, *a]\n", 3_000),
    "tags": "[" + "!a ," * 100_000 + "]",
    "one long word": "a: " + "x" * 1_000_000,
    "one long number": "a: " + "1" * 1_000_000,
    "sexagesimal": "a: " + "1:" * 400_000,
    "one long key": "x" * 900_000 + ": 1",
    "escapes": '"' + "\\n" * 400_000 + '"',
    "a key again and again": "k: 1\n" * 20_000,
    "unknown keys": HEAD + _many("k{i}: 1\n", 20_000),
    "numbers for texts": HEAD + "controls: [" + _many("{i},", 40_000) + "]\n" + BODY,
    "maps and texts": HEAD + "controls: [" + "x, {a: 1}, " * 8_000 + "]\n" + BODY,
    "misspelt targets": HEAD + "start: a\nsteps:\n  a: {by: any, actions: {" + _many("b{i}: c{i}, ", 20_000) + "}}\n",
    "a long chain": HEAD + "start: s0\nsteps:\n" + _many("  s{i}: {{by: any, actions: {{a{i}: s{j}}}}}\n", 6_000),
    "misspelt conditions": HEAD
    + "start: a\nsteps:\n  a: {by: any, actions: {"
    + _many("b{i}: {{to: a, when: x{i}}}, ", 8_000)
    + "}}\n",
    "long conditions": HEAD
    + "data: {x: yes-no}\nstart: a\nsteps:\n  a: {by: any, actions: {"
    + _many("b{i}: {{to: a, when: " + " or ".join(["x"] * 399) + "}}, ", 300)
    + "}}\n",
    "silent blocks": HEAD
    + "data: {x: yes-no}\nstart: s0\nsteps:\n"
    + _many("  s{i}: {{parallel: {{b{i}: {{only-if: x, by: any, actions: {{y{i}: done}}}}}}, then: s{j}}}\n", 3_000),
    "one action in all branches": HEAD
    + "start: a\nsteps:\n  a: {parallel: {"
    + _many("b{i}: {{by: any, actions: {{x: done}}}}, ", 5_000)
    + "}, then: a}\n",
    "a list of lists": HEAD + "data:\n  x: " + "{type: list, of: " * 37 + "text" + "}" * 37 + "\n" + BODY,
    "a record of records": HEAD
    + "data:\n  x: "
    + "{type: record, fields: {p: " * 18
    + "text"
    + "}}" * 18
    + "\n"
    + BODY,
    "a block of blocks": _nested_blocks(18),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_done_with_in_a_moment(name: str) -> None:
    begun = time.process_time()
    # A file that says it is a procedure is read as one; the reading of the text is the same for all.
    for read in READERS[:1] if HOSTILE[name].startswith(HEAD) else READERS:
        read(HOSTILE[name], "f.yaml")
    # Seconds here; a quadratic step would take minutes.
    assert time.process_time() - begun < 30


@pytest.mark.parametrize("name", ["a list of lists", "a record of records", "a block of blocks"])
def test_the_deepest_file_leaves_the_stack_to_others(name: str) -> None:
    read_procedure("a", "f.yaml")
    deepest = depth = 0

    def follow(_frame: object, event: str, _argument: object) -> None:
        nonlocal deepest, depth
        depth += (event == "call") - (event == "return")
        deepest = max(deepest, depth)

    sys.setprofile(follow)
    try:
        loaded = read_procedure(HOSTILE[name], "f.yaml")
    finally:
        sys.setprofile(None)
    assert loaded.procedure is not None
    assert deepest < sys.getrecursionlimit() // 2
