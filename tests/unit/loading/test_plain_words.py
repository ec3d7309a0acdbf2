"""PF011, PF017, PF018 and PF019 in words: numbers and texts that look like what they are not."""

from __future__ import annotations

import pytest

from procflow.errors import errors_of
from procflow.expressions.separators import plain_number, thousands_or_decimals, without_separators
from procflow.loading.procedure import read_procedure
from procflow.loading.source import read_source

PROCEDURE = """procflow: 1
procedure: repairs
version: "1.0"
roles: { clerk: Writes }
data: { price: { type: money, currency: EUR } }
start: intake
steps:
  intake:
    by: clerk
    collect: [price]
    actions: { submit: [{ to: check, when: CONDITION }, { to: closed, otherwise: true }] }
  check: { by: clerk, actions: { close: closed } }
  closed: { end: well }
scenarios:
  - { scenario: Small, given: { price: GIVEN }, do: [clerk submit, clerk close], expect: { ends: well } }
"""


def told(condition: str = "price > 100", given: str = "500") -> list[str]:
    text = PROCEDURE.replace("CONDITION", condition).replace("GIVEN", given)
    return [f"{one.code} {one.message}; {one.hint}" for one in read_procedure(text, "repairs.yaml").findings]


@pytest.mark.parametrize(
    ("number", "read", "thousands", "decimals"),
    [("1.000", "1", "1000", "1"), ("12.500", "12.5", "12500", "12.5"), ("1.234", "1.234", "1234", "1.2340")],
)
def test_numbers_that_may_be_thousands_are_told(number: str, read: str, thousands: str, decimals: str) -> None:
    expected = (
        f"PF017 `{number}` is {read} here, not {thousands}: a point begins the decimals; "
        f"write {thousands} if thousands are meant, and {decimals} if not"
    )
    assert told(condition=f"price > {number}") == [expected]
    assert told(given=number) == [expected]
    assert told(given=f"'{number} EUR'") == [expected]


@pytest.mark.parametrize("number", ["0.125", "1.50", "1000", "1000.000", "1.0000", "0.000"])
def test_numbers_that_mean_one_thing_are_not(number: str) -> None:
    assert told(condition=f"price > {number}") == []


@pytest.mark.parametrize(
    ("number", "plain", "sure"),
    [
        ("1,000", "1000", False),
        ("20,50", "20.50", True),
        ("1.000,50", "1000.50", True),
        ("1,000.50", "1000.50", True),
        ("1,000,000", "1000000", True),
    ],
)
def test_a_number_cut_by_commas_is_told_once(number: str, plain: str, sure: bool) -> None:
    expected = (
        f"PF011 `{number}` is cut in two: inside {{ }} a comma begins a new key; "
        f"numbers have no separators, and a point before decimals: write {plain}"
    )
    assert told(condition=f"price > {number}") == [expected]
    assert told(given=number) == [expected]
    assert without_separators(number) == (plain, sure)


def test_a_key_that_is_a_number_is_told_as_before() -> None:
    (one,) = errors_of(read_source("{ a: 1, 2: b }", "a.yaml").findings)
    assert one.message == "a key must be text, and `2` is not"


def test_quotes_of_word_processors() -> None:
    (one,) = read_source("title: “Repairs”", "a.yaml").findings
    assert one.code == "PF018"
    assert one.hint == "write \"Repairs\"; if the quotes belong to the text, write '“Repairs”'"
    assert [edit.text for edit in one.edits] == ['"Repairs"']


@pytest.mark.parametrize("text", ["'“Repairs”'", "“A” and “B”", "the “A”", "don’t", "“"])
def test_quotes_inside_a_text_are_left_alone(text: str) -> None:
    assert read_source(f"title: {text}", "a.yaml").findings == ()


def test_a_text_that_a_number_sign_cuts_off() -> None:
    (one,) = read_source("title: Approve #2 twice\n", "a.yaml").findings
    assert one.message == "the text ends before `#2`: a `#` after a space begins a comment"
    assert read_source("title: Approve # twice\nby: a #\n", "a.yaml").findings == ()


@pytest.mark.parametrize(
    ("text", "decimal", "plain"),
    [
        ("250,00", ",", "250.00"),
        ("1.500,50", ",", "1500.50"),
        ("1 500,5", ",", "1500.5"),
        ("1.500", ",", "1500"),
        ("1.500", ".", "1.500"),
        ("1,500", ".", "1500"),
        ("-1'500.00 EUR", ".", "-1500.00 EUR"),
        ("12", ",", "12"),
        ("12.5", ",", None),
        ("12,5", ".", None),
        ("much", ",", None),
        ("1.50.0", ",", None),
    ],
)
def test_numbers_of_other_countries(text: str, decimal: str, plain: str | None) -> None:
    assert plain_number(text, decimal) == plain


def test_a_number_that_means_one_thing() -> None:
    assert thousands_or_decimals("1.500 EUR") == "1.500"
    assert thousands_or_decimals("0.500") is None
