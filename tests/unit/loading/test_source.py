"""Reading a text strictly: what it means, where each value stands, and what is refused."""

from __future__ import annotations

import math

import pytest

from procflow.loading.source import MAX_BYTES, Plain, read_source


def codes(text: str | bytes) -> list[str]:
    return [one.code for one in read_source(text, "f.yaml").findings]


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("on", "on"),
        ("no", "no"),
        ("22:30", "22:30"),
        ("2026-11-01", "2026-11-01"),
        ("1_000", "1_000"),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("-3", -3),
        ("1.10", 1.1),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-.inf", -math.inf),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("nul", "nul"),
        ("+", "+"),
        (".", "."),
        ("12 working days", "12 working days"),
        ("9" * 30, 1e30),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_a_plain_word_means_what_yaml_1_2_says(word: str, meaning: Plain) -> None:
    data = read_source(f"a: {word}", "f.yaml").data
    assert data == {"a": meaning}
    assert isinstance(data, dict)
    assert type(data["a"]) is type(meaning)


@pytest.mark.parametrize("word", ["on", "No", "22:30", "010", "0o10", "1_000", "1e3", "0b1", "<<", "="])
def test_what_older_programs_read_differently_is_told(word: str) -> None:
    assert codes(f"a: {word}") == ["PF013"]
    assert codes(f"a: '{word}'") == []


@pytest.mark.parametrize(
    "word", ["2026-11-01", "2026-11-01T10:00:00Z", "y", "true", "10", "-3", "1.10", "null", "08:30", "0", "ok"]
)
def test_what_every_program_reads_alike_is_left_alone(word: str) -> None:
    assert codes(f"a: {word}") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\na: 2", "2:1 PF012"),
        ("a: {b: 1, b: 2}", "1:11 PF012"),
        ("5: x", "1:1 PF011"),
        ("? [a]\n: b", "1:3 PF011"),
        ("{{a: b}: c}", "1:2 PF011"),
        ("? ~\n: x", "1:3 PF011"),
        ("a: one\u2028two", "1:7 PF005"),
        ("a: &x b", "1:4 PF003"),
        ("a: *x", "1:4 PF003"),
        ("a: !ours", "1:4 PF004"),
        ("a: !!str 5", "1:4 PF004"),
        ("a: !x!y z", "1:4 PF004"),
        ("a: 1\n---\nb: 2", "2:1 PF006"),
        ("%YAML 1.1\n---\na: 1", "1:1 PF010"),
        ("a: 1\x00", "1:5 PF005"),
        ("a: \ud800", "1:4 PF005"),
        ("roles:\n\ta: b", "2:1 PF014"),
        ("a:\n  b: 1\n \tc: 2", "3:2 PF014"),
        ("a: b: c", "1:5 PF010"),
        ('a: "b', "1:4 PF010"),
        ("a: [1, 2", "1:9 PF010"),
        ("a: @b", "1:4 PF010"),
        ("[" * 60, "1:41 PF002"),
        ("é: {😀: x, 😀: y}", "1:11 PF012"),
    ],
)
def test_what_is_refused_and_where(text: str, expected: str) -> None:
    found = read_source(text, "f.yaml").findings
    assert [f"{one.where.line}:{one.where.column} {one.code}" for one in found if one.where] == [expected]
    assert all(one.message and one.hint for one in found)


def test_bytes_that_are_not_utf_8_are_told_with_their_place() -> None:
    found = read_source("title: Reclamație\nb: ".encode() + b"\xe3x", "f.yaml").findings[0]
    assert (found.code, found.where and (found.where.line, found.where.column)) == ("PF005", (2, 4))


def test_limits_hold_at_the_edge() -> None:
    assert codes("#" * MAX_BYTES) == []
    assert codes("#" * (MAX_BYTES + 1)) == ["PF001"]
    assert codes("é" * (MAX_BYTES // 2 + 1)) == ["PF001"]
    assert codes("[" * 40 + "]" * 40) == []
    assert codes("[" * 41 + "]" * 41) == ["PF002"]
    assert codes("[" + "a," * 49_999 + "]") == []
    assert codes("[" + "a," * 50_000 + "]") == ["PF002"]


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    source = read_source("\ufeffa: b".encode(), "f.yaml")
    assert source.data == {"a": "b"}
    assert source.value(("a",)).column == 4


def test_the_first_of_two_keys_counts_and_keeps_its_place() -> None:
    source = read_source("a: {x: 1}\nb: 2\na: {x: 3, y: 4}\n", "f.yaml")
    assert source.data == {"a": {"x": 1}, "b": 2}
    assert source.value(("a", "x")).line == 1


def test_keys_and_values_know_where_they_stand() -> None:
    source = read_source(
        '# x\r\nsteps:\r\n  intake:   # begin\r\n    by: "é agent"  # who\r\nlist:\r\n- one\r\n- two\r\n\r\n# end', "f"
    )
    assert str(source.key(("steps", "intake"))) == "f:3:3"
    place = source.value(("steps", "intake", "by"))
    assert (place.line, place.column, place.end_line, place.end_column) == (4, 9, 4, 18)
    assert str(source.value(("list", 1))) == "f:7:3"
    block = source.value(("list",))
    assert (block.line, block.end_line, block.end_column) == (6, 7, 6), "comments after it are no part of it"


def test_an_empty_value_stands_where_its_key_does() -> None:
    assert str(read_source("a: 1\nbc:\n", "f").value(("bc",))) == "f:2:1"


@pytest.mark.parametrize(
    ("written", "column", "expected"),
    [
        ("ours and x", 9, "1:13-14"),
        ("'ours and x'", 9, "1:14-15"),
        ("'a == ''b'' and x'", 13, "1:20-21"),
        ('"a == \\"b\\" and x"', 13, "1:20-21"),
        ('"\\u0041 and x"', 6, "1:16-17"),
        ("ours and\n   x", 9, "1:4-5"),
    ],
)
def test_a_part_of_a_text_is_found_where_it_was_written(written: str, column: int, expected: str) -> None:
    source = read_source(f"a: {written}", "f")
    assert isinstance(source.data, dict)
    value = source.data["a"]
    assert isinstance(value, str)
    assert value[column] == "x"
    span = source.within(("a",), column, 1)
    assert f"{span.line}:{span.column}-{span.end_column}" == expected
