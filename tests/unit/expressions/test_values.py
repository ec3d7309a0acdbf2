"""What people and programs give as data, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from procflow.expressions.raw import normalise_raw
from procflow.expressions.types import (
    Choice,
    Date,
    Duration,
    FieldType,
    File,
    FileRef,
    Instant,
    ListOf,
    Money,
    MoneyValue,
    Number,
    Raw,
    Record,
    Reference,
    Text,
    Value,
    YesNo,
)
from procflow.expressions.values import encode_value, parse_value, show_value, type_name

GRAVITY = Choice(("minor", "major", "critical"))
EUR = Money("EUR")
ADDRESS = Record({"city": Text(), "zip": Number()})
DIGEST = "ab" * 32
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)

ACCEPTED: list[tuple[FieldType, Raw, Value, Raw]] = [
    (Text(), "", "", ""),
    (YesNo(), True, True, True),
    (YesNo(), " Yes ", True, True),
    (YesNo(), "FALSE", False, False),
    (Number(), 5, Decimal(5), 5),
    (Number(), 0.1, Decimal("0.1"), "0.1"),
    (Number(), "1.50", Decimal("1.5"), "1.5"),
    (Number(), "-0", Decimal(0), 0),
    (Number(), "1e3", Decimal(1000), 1000),
    (Number(), 2**53 - 1, Decimal(2**53 - 1), 2**53 - 1),
    (Number(), 2**53, Decimal(2**53), "9007199254740992"),
    (Number(), "1e-30", Decimal("1e-30"), "0." + "0" * 29 + "1"),
    (EUR, 120, MoneyValue(Decimal(120), "EUR"), "120 EUR"),
    (EUR, "120.50", MoneyValue(Decimal("120.5"), "EUR"), "120.50 EUR"),
    (EUR, "120.5 EUR", MoneyValue(Decimal("120.5"), "EUR"), "120.50 EUR"),
    (EUR, {"amount": "1.125", "currency": "EUR"}, MoneyValue(Decimal("1.125"), "EUR"), "1.125 EUR"),
    (Instant(), "2026-11-21T12:00:00Z", NOON, "2026-11-21T12:00:00.000000Z"),
    (Instant(), "2026-11-21 13:00+01:00", NOON, "2026-11-21T12:00:00.000000Z"),
    (Date(), "2026-11-21", date(2026, 11, 21), "2026-11-21"),
    (GRAVITY, "major", "major", "major"),
    (Reference("person"), "a.radu", "a.radu", "a.radu"),
    (ListOf(Number()), [1, "2"], (Decimal(1), Decimal(2)), [1, 2]),
    (ADDRESS, {"city": "Cluj", "zip": None}, {"city": "Cluj"}, {"city": "Cluj"}),
    (File(), "https://x/y", FileRef(link="https://x/y"), {"link": "https://x/y"}),
    (File(), {"sha256": DIGEST.upper()}, FileRef(sha256=DIGEST), {"sha256": DIGEST}),
]


@pytest.mark.parametrize(("type", "raw", "value", "normal"), ACCEPTED)
def test_what_is_given_becomes_a_value_with_one_normal_form(
    type: FieldType, raw: Raw, value: Value, normal: Raw
) -> None:
    assert parse_value(type, raw) == value
    assert encode_value(value) == normal
    assert parse_value(type, normal) == value


REFUSED: list[tuple[FieldType, Raw, str]] = [
    (Text(), 5, "expected text, but the number 5 was given; put it in quotes if text is meant"),
    (Text(), None, "expected text, but nothing was given"),
    (Text(), "x" * 20_001, "the text has 20,001 characters; at most 20,000 are kept"),
    (Text(), "a\0", "cannot be stored"),
    (Text(), "\ud800", "cannot be stored"),
    (YesNo(), 1, "expected true or false, but the number 1 was given"),
    (YesNo(), "da", 'expected true or false, but "da" was given'),
    (Number(), True, "expected a number, but true was given"),
    (Number(), "1,5", "write it with a point"),
    (Number(), "NaN", 'expected a number, but "NaN" was given'),
    (Number(), float("inf"), "Infinity"),
    (Number(), "1" * 41, "more than 40 digits"),
    (Number(), "1e31", "too large"),
    (Number(), "1e-31", "too small"),
    (Number(), "1e9999", "too large"),
    (EUR, "5 USD", "expected money in EUR, but USD was given"),
    (EUR, {"amount": 5, "currency": "USD"}, "but USD was given"),
    (EUR, True, "expected money in EUR, but true was given"),
    (EUR, {"amount": 5, "extra": 1}, "expected money in EUR"),
    (Instant(), "2026-11-21T12:00:00", "add Z for UTC, or the offset"),
    (Instant(), "2026-11-21", "expected a moment"),
    (Instant(), "0001-01-01T00:00:00+14:00", "too far away"),
    (Instant(), 5, "expected a moment"),
    (Date(), "2026-02-30", "the calendar has no such day"),
    (Date(), "21.11.2026", "expected a date such as 2026-11-21"),
    (GRAVITY, "majr", '"majr" is not one of minor, major, critical; did you mean "major"?'),
    (GRAVITY, "Major", 'did you mean "major"?'),
    (Reference("person"), "  ", "expected the id of a person"),
    (ListOf(Text()), "a", "expected a list"),
    (ListOf(Text()), ["a"] * 1001, "at most 1,000"),
    (ListOf(GRAVITY), ["minor", "x"], 'item 2: "x" is not one of'),
    (ADDRESS, {"ciy": "Cluj"}, '"ciy" is not a part of this record; did you mean city?'),
    (ADDRESS, {"zip": "x"}, "zip: expected a number"),
    (File(), {"name": "x.pdf"}, "a document needs a link or a sha256"),
    (File(), {"sha256": "abc"}, "64 hex digits"),
    (Duration(), "5", "a length of time cannot be given"),
]


@pytest.mark.parametrize(("type", "raw", "message"), REFUSED)
def test_a_refusal_says_what_was_expected_and_what_was_given(type: FieldType, raw: Raw, message: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the message is asserted below
        parse_value(type, raw)
    assert message in str(refusal.value)
    assert len(str(refusal.value)) < 400


def test_a_number_too_long_to_be_shown_is_refused_all_the_same() -> None:
    huge = 10**5000
    for type, message in ((Number(), "too large"), (GRAVITY, "is not one of"), (Text(), "a huge number was given")):
        with pytest.raises(ValueError, match=message):
            parse_value(type, huge)
    with pytest.raises(ValueError, match="too large"):
        normalise_raw(huge)


@pytest.mark.parametrize(
    ("given", "raw"),
    [
        (None, None),
        (2**53, "9007199254740992"),
        (Decimal("1.50"), "1.5"),
        (Decimal(3), 3),
        (datetime(2026, 11, 21, 13, tzinfo=timezone(timedelta(hours=1))), "2026-11-21T12:00:00.000000Z"),
        (date(2026, 11, 21), "2026-11-21"),
        (MoneyValue(Decimal("120.5"), "EUR"), "120.50 EUR"),
        (FileRef(link="x"), {"link": "x"}),
        ({"a": (1, [True, 0.5])}, {"a": [1, [True, 0.5]]}),
    ],
)
def test_what_a_program_gives_becomes_json(given: object, raw: Raw) -> None:
    assert normalise_raw(given) == raw


def _endless() -> list[object]:
    loop: list[object] = []
    loop.append(loop)
    return loop


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({1, 2}, "a set has no order"),
        (float("nan"), "expected a number"),
        (Decimal("Infinity"), "expected a number"),
        (datetime(2026, 11, 21), "has no time zone"),
        (object(), "a object cannot be kept"),
        ({1: "x"}, "keys of a map must be text"),
        (b"x", "a bytes cannot be kept"),
        (timedelta(1), "cannot be kept"),
        (_endless(), "more than 20 deep"),
        (["x" * 200_000] * 6, "too much was given"),
        ([[0] * 5_000] * 3, "too much was given"),
        ("\udfff", "cannot be stored"),
    ],
)
def test_what_json_cannot_carry_is_refused(given: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        normalise_raw(given)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "unknown"),
        (True, "true"),
        ("a\nb", '"a\\nb"'),
        (Decimal("1E+3"), "1000"),
        (MoneyValue(Decimal("120.5"), "EUR"), "120.50 EUR"),
        (NOON, "2026-11-21T12:00:00Z"),
        (timedelta(days=1, hours=2, minutes=1), "1 day 2 hours 1 minute"),
        (timedelta(0), "0 seconds"),
        (-timedelta(hours=2), "minus 2 hours"),
        (("a", "b"), '["a", "b"]'),
        ({"city": "Cluj"}, '{city: "Cluj"}'),
    ],
)
def test_messages_show_values_in_short(value: Value | None, shown: str) -> None:
    assert show_value(value) == shown


def test_types_are_named_as_owners_name_them() -> None:
    names: Mapping[FieldType, str] = {
        GRAVITY: "a choice of minor, major, critical",
        EUR: "money in EUR",
        YesNo(): "yes or no",
        ListOf(Text()): "a list, each item text",
        Reference("team"): "a team",
        ADDRESS: "a record of city, zip",
    }
    assert {type: type_name(type) for type in names} == names
