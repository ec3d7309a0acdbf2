"""What should stand instead of a mistake in a condition; and with it in its place, the mistake is gone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from procflow.errors import ExpressionError
from procflow.expressions.expression import parse
from procflow.expressions.types import Choice, FieldType, Money, Number, Record, Text, YesNo

FIELDS: Mapping[str, FieldType] = {
    "ours": YesNo(),
    "vip": YesNo(),
    "gravity": Choice(("minor", "major", "critical")),
    "people": Number(),
    "hours_spent": Number(),
    "cause": Text(),
    "address": Record({"city": Text()}),
    "price": Money("EUR"),
    "urgency": Choice(("danger to people", "out-of-order", "annoying")),
    "damage": Text(),
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
        ("urgency == danger", 'urgency == "danger to people"'),
        ("urgency == annoyng", 'urgency == "annoying"'),
        ("urgency in [annoyng]", 'urgency in ["annoying"]'),
        ("urgency == danger to people and ours", 'urgency == "danger to people" and ours'),
        ("urgency == Danger to  people", 'urgency == "danger to people"'),
        ("urgency == out-of-order", 'urgency == "out-of-order"'),
        ("price > 100 EUR", "price > 100"),
        ("price > 100€", "price > 100"),
        ("price > € 100", "price > 100"),
        ("price > 100 euro or vip", "price > 100 or vip"),
        ('price > "100 EUR"', "price > 100"),
        ("100 EUR < price", "100 < price"),
        ("price > 1 000", "price > 1000"),
        ("price > 1’000’000", "price > 1000000"),
        ("price > 20,50", "price > 20.50"),
        ("price > 1.000,50", "price > 1000.50"),
        ("price > 1.000.000", "price > 1000000"),
        ("price is greater than 100", "price > 100"),
        ("price more than 100", "price > 100"),
        ("price is less than or equal to 100", "price <= 100"),
        ("price is at least 100", "price >= 100"),
        ('cause is equal to "rain"', 'cause == "rain"'),
        ('cause equals "rain"', 'cause == "rain"'),
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


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("more than 100 euro", '"more than" is not part of conditions; name what is compared, as in price > 100'),
        ("price > 100 USD", '"100 USD": numbers have no currency here; price is in EUR: write the amount in EUR'),
        ("people > 100 EUR", '"100 EUR": numbers have no currency here; write the number alone'),
        ("price > 1.000 EUR", '"1.000 EUR": numbers have no currency here; write 1.000; it takes the currency'),
        ("price > 20%", '"20%": conditions have no per cent; write the part of the whole, as in 0.2 * total'),
        ("price > 1,000", '"1,000" is not a number as conditions write it; no separators'),
        ("price is empty", '"is empty" is not part of conditions; write not has(price)'),
        ("price is not empty", '"is not empty" is not part of conditions; write has(price)'),
        ("address.city is missing", '"is missing" is not part of conditions; write not has(address.city)'),
        ("urgency == damge", 'there is no data field "damge"; the words of this choice are "danger to people", '),
        ("urgency == damage", "a choice of danger to people, out-of-order, annoying cannot be compared with text; the"),
        ("people > damge", 'there is no data field "damge"; did you mean damage?'),
    ],
)
def test_what_is_offered_where_only_a_person_can_know(text: str, told: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text, fields=FIELDS, actions=("call-client", "send"))
    said = f"{caught.value.message}; {caught.value.hint}"
    assert said.startswith(told)
    assert caught.value.instead is None


def test_quotes_of_word_processors_are_told_in_whole() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("ours and gravity == “very bad”", fields=FIELDS, actions=())
    assert (caught.value.column, caught.value.width) == (20, 10)
    assert caught.value.message == "“very bad” stands in quotes of a word processor"
    assert caught.value.hint == 'write plain quotes: "very bad"'
