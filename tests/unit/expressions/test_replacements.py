"""What should stand instead of a mistake in a condition; and with it in its place, the mistake is gone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from procflow.errors import ExpressionError
from procflow.expressions.expression import parse
from procflow.expressions.types import Choice, FieldType, Number, Record, Text, YesNo

FIELDS: Mapping[str, FieldType] = {
    "ours": YesNo(),
    "vip": YesNo(),
    "gravity": Choice(("minor", "major", "critical")),
    "people": Number(),
    "hours_spent": Number(),
    "cause": Text(),
    "address": Record({"city": Text()}),
}


def mended(text: str) -> str:
    """Return the text with what its error says in its place."""
    with pytest.raises(ExpressionError) as caught:
        parse(text, fields=FIELDS, actions=("call-client", "send"))
    error = caught.value
    assert error.instead is not None, error.message
    return text[: error.column] + error.instead + text[error.column + error.width :]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('gravity = "minor"', 'gravity == "minor"'),
        ('gravity === "minor"', 'gravity == "minor"'),
        ('gravity !== "minor"', 'gravity != "minor"'),
        ('gravity <> "minor"', 'gravity != "minor"'),
        ('gravity ≠ "minor"', 'gravity != "minor"'),
        ("people =< 3", "people <= 3"),
        ("people ≤ 3", "people <= 3"),
        ("people => 3", "people >= 3"),
        ("people≥3", "people>=3"),
        ("people × 2 > 3", "people * 2 > 3"),
        ("people > −3", "people > -3"),
        ("ours && vip", "ours and vip"),
        ("ours&&vip", "ours and vip"),
        ("(ours)&&(vip)", "(ours) and (vip)"),
        ("ours || vip", "ours or vip"),
        ("!ours", "not ours"),
        ("! ours", "not ours"),
        ("ours and !vip", "ours and not vip"),
        ("ours and (!vip)", "ours and (not vip)"),
        ("ours AND vip", "ours and vip"),
        ("NOT ours", "not ours"),
        ("ours == TRUE", "ours == true"),
        ("ours == yes", "ours == true"),
        ('gravity is "minor"', 'gravity == "minor"'),
        ('gravity is  not "minor"', 'gravity != "minor"'),
        ("gravity == “minor”", 'gravity == "minor"'),
        ("gravity == „minor”", 'gravity == "minor"'),
        ("gravity == «minor»", 'gravity == "minor"'),
        ("gravity == ‘minor’", 'gravity == "minor"'),
        ('gravity == “minor"', 'gravity == "minor"'),
        ('gravity == "minor”', 'gravity == "minor"'),
        ('gravity in [“minor”, "major"]', 'gravity in ["minor", "major"]'),
        ("gravity == minor", 'gravity == "minor"'),
        ('gravty == "minor"', 'gravity == "minor"'),
        ("hours-spent > 3", "hours_spent > 3"),
        ('address.cty == "Cluj"', 'address.city == "Cluj"'),
        ("sizes(cause) > 3", "size(cause) > 3"),
        ("times(call-clients) > 3", "times(call-client) > 3"),
        ('times("sent") > 3', 'times("send") > 3'),
        ('gravity == "majr"', 'gravity == "major"'),
        ("gravity == 'majr'", "gravity == 'major'"),
        ('gravity in ["minor", "Major"]', 'gravity in ["minor", "major"]'),
    ],
)
def test_what_stands_instead_is_right(wrong: str, right: str) -> None:
    assert mended(wrong) == right
    parse(right, fields=FIELDS, actions=("call-client", "send"))


@pytest.mark.parametrize(
    "text",
    [
        "people ** 2 > 3",
        "people // 2 > 3",
        "cause == null",
        "ours ? vip : ours",
        "zebra > 3",
        'gravity == "xyz"',
        "ours;",
        "“",
    ],
)
def test_what_only_a_person_can_know_is_left(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text, fields=FIELDS, actions=())
    assert caught.value.instead is None


def test_quotes_of_word_processors_are_told_in_whole() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("ours and gravity == “very bad”", fields=FIELDS, actions=())
    assert (caught.value.column, caught.value.width) == (20, 10)
    assert caught.value.message == "“very bad” stands in quotes of a word processor"
    assert caught.value.hint == 'write plain quotes: "very bad"'
