"""What a condition needs to come out as demanded: the values people would name, and a no that can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from procflow.expressions.boundaries import Answer, render_witness, satisfy
from procflow.expressions.expression import Truth, parse
from procflow.expressions.types import (
    Choice,
    Date,
    FieldType,
    File,
    Instant,
    ListOf,
    Money,
    MoneyValue,
    Number,
    Record,
    Reference,
    Text,
    Value,
    YesNo,
)

FIELDS: Mapping[str, FieldType] = {
    "ours": YesNo(),
    "amount": Money("EUR"),
    "people": Number(),
    "more": Number(),
    "gravity": Choice(("minor", "major", "critical")),
    "second": Choice(("major", "none")),
    "city": Text(),
    "town": Text(),
    "who": Reference("person"),
    "received": Instant(),
    "due_on": Date(),
    "symptoms": ListOf(Text()),
    "colours": ListOf(Choice(("red", "blue"))),
    "address": Record({"city": Text(), "inner": Record({"door": Number()})}),
    "letter": File(),
}
WANTED = {"yes": Truth.TRUE, "no": Truth.FALSE, "open": Truth.UNDECIDED}


def ask(*demands: str) -> Answer:
    """Return the answer to demands such as `yes amount > 500`."""
    split = [demand.split(" ", 1) for demand in demands]
    return satisfy([(parse(text, fields=FIELDS, actions=("call", "send")), WANTED[truth]) for truth, text in split])


@pytest.mark.parametrize(
    ("demands", "witness"),
    [
        (["yes amount > 500"], "amount = 501 EUR"),
        (["no amount > 500", "no amount < 500"], "amount = 500 EUR"),
        (["yes amount > 500.50"], "amount = 501 EUR"),
        (["yes amount > 3 and amount < 4"], "amount = 3.50 EUR"),
        (["yes people * 3 > 10"], "people = 4"),
        (["yes people / 4 - 1 == 2"], "people = 12"),
        (["no people > 0", "no people == 0"], "people = -1"),
        (["yes people in [3, 4]"], "people = 3"),
        (["yes people > 3 and people < 4"], "people = 3.5"),
        (["yes people > more and more > 100"], "people = 102, more = 101"),
        (["yes people * more == 6", "yes more == 2"], "people = 3, more = 2"),
        (["no ours"], "ours = false"),
        (["yes ours or people > 3"], "ours = true"),
        (['no gravity == "minor"'], 'gravity = "major"'),
        (["yes gravity == second"], 'gravity = "major", second = "major"'),
        (['yes gravity != "minor"', 'no gravity in ["major"]'], 'gravity = "critical"'),
        (['yes city == "Cluj"'], 'city = "Cluj"'),
        (['no city == "Cluj"'], 'city = "other"'),
        (['yes size(city) == 3 and city != "xxx"'], 'city = "yyy"'),
        (["yes city != town", 'yes city == "other"'], 'city = "other", town = "other-2"'),
        (['no who == "ana"'], 'who = "other-person"'),
        (['yes received < "2026-11-01"'], "received = 2026-10-31T00:00:00Z"),
        (['yes received > "2026-11-01T08:30:00Z"'], "received = 2026-11-01T08:31:00Z"),
        (['yes due_on > "2026-11-01" and due_on < "2026-11-03"'], "due_on = 2026-11-02"),
        (
            ["yes now - received >= days(14)", 'yes now < "2026-01-02"'],
            "now = 2026-01-01T00:00:00Z, received = 2025-12-18T00:00:00Z",
        ),
        (["yes times(call) >= 2 and times(send) == 0"], "times(call) = 2, times(send) = 0"),
        (["no times(call) < 3"], "times(call) = 3"),
        (['yes "smoke" in symptoms and size(symptoms) > 1'], 'symptoms = ["smoke", "other"]'),
        (['yes "red" not in colours', "yes size(colours) == 2"], 'colours = ["blue", "blue"]'),
        (["yes size(symptoms) == 0"], "symptoms = []"),
        (["yes city in symptoms"], 'city = "other", symptoms = ["other"]'),
        (["no has(gravity)"], "gravity = unknown"),
        (["yes has(gravity)"], 'gravity = "minor"'),
        (['open gravity == "minor" and ours'], 'gravity = "minor", ours = unknown'),
        (["open 1 / people > 2"], "people = 0"),
        (["yes has(address) and not has(address.city)"], None),
        (['yes address.city == "Cluj" and address.inner.door == 3'], 'address.city = "Cluj", address.inner.door = 3'),
        (["yes has(letter)"], 'letter = "https://files.example/1"'),
        (["yes (1 if ours else 2) == people"], "ours = true, people = 1"),
    ],
)
def test_the_simplest_values_are_found(demands: list[str], witness: str | None) -> None:
    found = ask(*demands)
    assert found
    assert witness is None or render_witness(found.witness) == witness


@pytest.mark.parametrize(
    "demands",
    [
        ["yes false"],
        ["yes amount > 500", "yes amount < 500"],
        ["yes amount > 500 and amount < 400"],
        ['yes gravity != "minor" and gravity != "major"', 'no gravity == "critical"'],
        ["yes times(call) > 2", "yes times(call) < 3"],
        ["yes times(call) < 0"],
        ["yes size(symptoms) < 0"],
        ["yes size(city) == 2", 'yes city == "Cluj"'],
        ["yes has(gravity)", "no has(gravity)"],
        ["yes not has(address)", 'yes address.city == "Cluj"'],
        ["yes not has(address.inner)", "yes has(address.inner.door)"],
        ['yes due_on > "2026-11-01" and due_on < "2026-11-02"'],
        ['yes "red" not in colours', 'yes "blue" not in colours', "yes size(colours) > 0"],
        ["open has(ours)"],
        ["open ours or not ours", "yes has(ours)"],
        ["yes city == town", 'yes city == "a"', 'yes town == "b"'],
        ["yes people + 1 > people + 2"],
        ["yes people > 3 and people < 2"],
    ],
)
def test_a_no_is_exact(demands: list[str]) -> None:
    found = ask(*demands)
    assert not found
    assert found.exact


@pytest.mark.parametrize(
    "demands",
    [
        ["yes people > more", "yes more > people"],
        ["yes people * people < 0"],
    ],
)
def test_a_no_that_proves_nothing_says_so(demands: list[str]) -> None:
    found = ask(*demands)
    assert not found
    assert not found.exact


def test_the_search_is_cut() -> None:
    fields: dict[str, FieldType] = {f"n{number}": Number() for number in range(12)}
    total = " + ".join(fields)
    differ = " and ".join(f"{name} in [1, 2, 3]" for name in fields)
    found = satisfy([(parse(f"{total} == 1000 and {differ}", fields=fields, actions=()), Truth.TRUE)])
    assert not found
    assert not found.exact


def test_what_is_known_is_kept() -> None:
    fields = {**FIELDS, "due": Instant()}
    known: Mapping[str, Value] = {"people": Decimal(3), "address": {"city": "Cluj"}}
    condition = parse(
        'people < more and address.city == "Cluj" and times(call) == 0 and now > due', fields=fields, actions=("call",)
    )
    at = datetime(2026, 11, 1, 9, tzinfo=UTC)
    found = satisfy([(condition, Truth.TRUE)], known=known, counts={}, now=at)
    assert found.values is not None
    assert found.values.keys() == {"more", "due"}
    assert (found.counts, found.now) == ({}, None)
    assert not satisfy([(condition, Truth.TRUE)], known=known, counts={"call": 1}, now=at)


def test_a_record_is_put_together_from_its_parts() -> None:
    found = ask('yes has(address) and address.city == "Cluj" and address.inner.door == 3')
    assert found.values == {"address": {"city": "Cluj", "inner": {"door": Decimal(3)}}}
    assert ask("yes has(address) and not has(address.city)").values == {"address": {}}
    assert ask("no has(address)").values == {}


def test_values_that_do_not_matter_are_found_and_not_told() -> None:
    found = ask("yes ours or amount > 500")
    assert found.values == {"ours": True, "amount": MoneyValue(Decimal(500), "EUR")}
    assert dict(found.witness) == {"ours": True}


def test_numbers_are_taken_for_whole_ones_if_that_will_do() -> None:
    assert ask("no people <= 3", "no people >= 4").whole is False
    assert ask("no people <= 3", "no people >= 4", "yes amount > 3").whole is False
    assert ask("no people <= 3", "no people >= 5").values == {"people": Decimal(4)}
    assert ask("no people <= 3", "no people >= 5").whole
    assert ask("no people <= 3.5", "no people >= 3.6").whole


def test_nothing_is_asked() -> None:
    found = satisfy([])
    assert found
    assert found.values == {}
