"""Conditions as owners write them: what they mean, what is refused, and what people are told."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from procflow.errors import ExpressionError
from procflow.expressions.expression import Expression, Facts, Outcome, Truth, conjunction, negation, parse
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
    "vip": YesNo(),
    "gravity": Choice(("minor", "major", "critical")),
    "level": Choice(("low", "high")),
    "cause": Text(),
    "complained_about": Reference("person"),
    "team": Reference("team"),
    "compensation": Money("EUR"),
    "limit": Money("EUR"),
    "fee": Money("USD"),
    "n": Number(),
    "m": Number(),
    "due": Instant(),
    "on": Date(),
    "tags": ListOf(Text()),
    "letter": File(),
    "class": Choice(("first", "second")),
    "address": Record({"city": Text(), "zip": Number()}),
}
ACTIONS = frozenset({"ask-client", "give-in", "draft.propose", "2nd-try", "send"})
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
KNOWN: Mapping[str, Value] = {
    "ours": True,
    "gravity": "major",
    "cause": "rust",
    "complained_about": "dan",
    "compensation": MoneyValue(Decimal("120.50"), "EUR"),
    "n": Decimal(6),
    "due": datetime(2026, 11, 20, tzinfo=UTC),
    "on": date(2026, 11, 20),
    "tags": ("late", "rude"),
    "class": "first",
    "address": {"city": "Cluj"},
}


def read(text: str) -> Expression:
    return parse(text, fields=FIELDS, actions=ACTIONS)


def outcome(text: str, values: Mapping[str, Value] = KNOWN) -> Outcome:
    return read(text).evaluate(Facts(values=values, counts={"ask-client": 2}, now=NOW))


@pytest.mark.parametrize(
    "text",
    [
        "ours",
        "true and not false and True",
        'gravity in ["major", "critical"]',
        'gravity not in ("minor",) and gravity in {"major"}',
        'gravity != "minor" and gravity == "major"',
        'cause == "rust" and complained_about == "dan"',
        "compensation > 100 and compensation == 120.50",
        "compensation in [120.5, 3]",
        "compensation > (500 if not ours else 100)",
        "compensation + 5 == 125.5 and compensation - compensation == 0",
        "compensation * 2 == 241 and 2 * compensation == 241",
        "compensation / 2 == 60.25 and compensation / compensation == 1",
        "1 < n <= 6 < 7",
        "n + 0.1 + 0.2 == 6.3",
        "-n == -6 and n - -1 == 7 and +n == 6 and 2 - (3 - 4) == 3",
        "now > due + days(1) and now - due == hours(36) and now - due == days(1.5)",
        'due == "2026-11-20" and due < "2026-11-20T01:30:00+01:00"',
        'on + days(3) == "2026-11-23" and on - days(1) < on and on - on == days(0)',
        "days(1) - hours(12) == 0.5 * days(1)",
        '"late" in tags and "kind" not in tags and cause not in tags',
        "size(tags) == 2 and size(cause) == 4",
        "has(cause) and not has(vip) and has(address.city) and not has(address.zip)",
        'address . city == "Cluj"',
        'times(ask-client) == 2 and times("ask-client") == 2 and times( give-in ) == 0',
        "times(draft.propose) + times(2nd-try) < 1",
        'class == "first"',
        "ours\n and\r\n\t true",
        "false or vip or ours",
        "ours if vip else ours",
        '"ä\\u00e4\\n" == "ää\\n"',
    ],
)
def test_it_holds(text: str) -> None:
    assert outcome(text) == Outcome(truth=Truth.TRUE)
    assert parse(str(read(text)), fields=FIELDS, actions=ACTIONS).tree == read(text).tree


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("vip", ("vip",)),
        ("not vip", ("vip",)),
        ("vip and ours and m > 1 and vip", ("vip", "m")),
        ("limit > compensation", ("limit",)),
        ("1 < m < limit / limit", ("m", "limit")),
        ("ours if vip else not ours", ("vip",)),
        ("vip if ours else m > 1", ("vip",)),
        ("n / (n - 6) > 1", ("division by zero",)),
        ("compensation / 0 > 1", ("division by zero",)),
        ("n / 0 > m", ("division by zero", "m")),
        (" * ".join(["9999999999999999999999999999999"] * 8) + " > n", ("number too large",)),
        ("days(999999999999) > hours(n)", ("number too large",)),
        ("now + days(99999999) > due", ("number too large",)),
        ("on + hours(5) > on", ("a date moves by whole days only",)),
        ("address.zip > 3", ("address.zip",)),
        ('level == "low" or "x" in tags', ("level",)),
    ],
)
def test_undecided_is_not_false_and_names_what_is_missing(text: str, missing: tuple[str, ...]) -> None:
    assert outcome(text) == Outcome(truth=Truth.UNDECIDED, missing=missing)
    assert outcome(f"not ({text})") == Outcome(truth=Truth.UNDECIDED, missing=missing)


@pytest.mark.parametrize("text", ["false and vip", "vip and false", "3 < m < 2 < 1", "not (vip or true)"])
def test_the_unknown_is_absorbed(text: str) -> None:
    assert outcome(text) == Outcome(truth=Truth.FALSE)


def test_without_now_a_deadline_is_undecided() -> None:
    facts = Facts(values=KNOWN, counts={}, now=None)
    assert read("now > due").evaluate(facts) == Outcome(truth=Truth.UNDECIDED, missing=("now",))


REFUSED: list[tuple[str, str, int, str]] = [
    ('gravity = "minor"', "PF501", 8, 'write "=="'),
    ("ours && vip", "PF501", 5, 'write "and"'),
    ("ours || vip", "PF501", 5, 'write "or"'),
    ("!ours", "PF501", 0, 'write "not"'),
    ("n ≥ 3", "PF501", 2, 'write ">="'),
    ("n ** 2 > 3", "PF501", 2, "multiply instead"),
    ("n // 2 > 3", "PF501", 2, 'write "/"'),
    ("n % 2 == 0", "PF501", 2, "not part of conditions"),
    ("ours is true", "PF501", 5, 'write "=="'),
    ("ours is not true", "PF501", 5, 'write "!="'),
    ("cause == None", "PF501", 9, "use has(...)"),
    ("ours AND vip", "PF501", 5, "in lower case"),
    ("ours == yes", "PF501", 8, 'write "true"'),
    ("(n := 3) > 2", "PF501", 3, 'write "=="'),
    ("lambda: ours", "PF501", 0, "they run nothing"),
    ('f"{n}" == cause', "PF501", 1, "something is missing"),
    ("[x for x in tags]", "PF501", 3, "conditions do not loop"),
    ('tags[0] == "x"', "PF501", 0, "taking a part"),
    ("has(*tags)", "PF503", 4, "takes a data field"),
    ("has(field=ours)", "PF501", 9, "=="),
    ("ours # sure", "PF501", 5, "note:"),
    ("“a” == cause", "PF501", 0, "plain quotes"),
    ("cause == “a”", "PF501", 9, "plain quotes"),
    ('"ăă" == cause and vp', "PF502", 18, "did you mean vip?"),
    ("", "PF501", 0, "empty"),
    ("ours and", "PF501", 5, "something must follow"),
    ("and ours", "PF501", 0, "cannot be read"),
    ("(ours", "PF501", 0, "never closed"),
    ("ours) or (vip", "PF501", 4, "not open"),
    ("(ours]", "PF501", 5, "not open"),
    ("ours vip", "PF501", 5, "something is missing"),
    ('gravity in ["minor" "major"]', "PF501", 20, "a comma"),
    ('cause == "open', "PF501", 9, "never closed"),
    ('cause == "two\nlines"', "PF501", 9, "ends on the line"),
    ("cause == '\\x41'", "PF501", 9, "means nothing"),
    ("cause == '\\ud800'", "PF501", 9, "surrogate"),
    ("n > 1_000", "PF501", 4, "not a number"),
    ("n > ٣", "PF501", 4, "0 to 9"),
    ("ours if vip", "PF501", 5, 'no "else"'),
    ("ours, vip", "PF501", 0, 'stand after "in"'),
    ("1 in [1] == true", "PF501", 0, "chain"),
    ("n in [m]", "PF501", 6, "only texts and numbers"),
    ("cause.upper() == cause", "PF501", 0, "only the functions"),
    ('"a".b == cause', "PF501", 0, "only a data field"),
    ('gravty == "minor"', "PF502", 0, "did you mean gravity?"),
    ("gravity == minor", "PF502", 11, 'in quotes: "minor"'),
    ("send > 1", "PF502", 0, "times(send)"),
    ('complained-about == "dan"', "PF502", 0, "did you mean complained_about?"),
    ("times(ask-clint) > 1", "PF502", 6, "did you mean ask-client?"),
    ("times(ask - client) > 1", "PF503", 6, "takes an action"),
    ("working_time(due, now) > hours(3)", "PF407", 0, "the calendar of a procedure"),
    ("working_days(due, now) > 3", "PF502", 0, "not supported yet"),
    ("len(tags) > 1", "PF502", 0, "there are days()"),
    ("gravity()", "PF502", 0, "not a function"),
    ("has and ours", "PF502", 0, "needs brackets"),
    ('address.ciy == "x"', "PF502", 0, "did you mean city?"),
    ("ﬁeld", "PF502", 0, "no data field"),
    ("compensation", "PF503", 0, "compare it, or ask has(compensation)"),
    ("'true'", "PF503", 0, "without quotes"),
    ("n and ours", "PF503", 0, "each side"),
    ("n > 'x'", "PF503", 4, "cannot be compared"),
    ("ours < vip", "PF503", 0, "== or !="),
    ("gravity < 'major'", "PF503", 0, "== or !="),
    ("ours == 1", "PF503", 8, "cannot be compared"),
    ("fee > compensation", "PF503", 6, "two currencies"),
    ("fee + compensation > 3", "PF503", 0, "two currencies"),
    ("compensation > n", "PF503", 15, "as one number"),
    ("compensation * compensation > 3", "PF503", 0, "multiply money by a number"),
    ("due + 3 > now", "PF503", 0, "days(3)"),
    ("now - due > 3", "PF503", 12, "days(3)"),
    ("on < now", "PF503", 5, "cannot be compared"),
    ("due > 'soon'", "PF503", 6, "write it as"),
    ("team == complained_about", "PF503", 8, "a team cannot be compared with a person"),
    ("letter == letter", "PF503", 0, "a document cannot be compared"),
    ("tags == tags", "PF503", 0, "size()"),
    ("'x' in cause", "PF503", 7, "stands a list"),
    ("n in tags", "PF503", 0, "a number cannot be compared with text"),
    ("n in []", "PF503", 5, "empty"),
    ("has()", "PF503", 0, "exactly one"),
    ("size(n) > 1", "PF503", 5, "takes a text or a list"),
    ("days('3') > days(1)", "PF503", 5, "takes a number"),
    ("-cause == cause", "PF503", 0, "no sign"),
    ("n.real > 1", "PF503", 0, "has no parts"),
    ("ours if vip else n > 'x'", "PF503", 21, "cannot be compared"),
    ("(n if ours else cause) == n", "PF503", 1, "must be alike"),
    ('gravity == "majr"', "PF504", 11, 'did you mean "major"?'),
    ('gravity in ["minor", "mayor"]', "PF504", 21, 'did you mean "major"?'),
    ("gravity == level", "PF504", 11, "no word in common"),
    ('level == ("low" if ours else "hgh")', "PF504", 29, "high"),
    ("n" * 2001, "PF510", 0, "2,001 characters"),
    ("(" * 41 + "ours" + ")" * 41, "PF510", 40, "more than 40 deep"),
    ("not " * 41 + "ours", "PF510", 0, "more than 40 deep"),
    (" + ".join(["n"] * 60) + " > 1", "PF510", 0, "more than 40 deep"),
    ("n in [" + ",".join(["1"] * 600) + "]", "PF510", 0, "at most 500"),
    ("n > " + "9" * 41, "PF510", 4, "40 digits"),
    ("n>1or " * 290 + "ours", "PF501", 2, "not a number"),
    (" or ".join(["n<1"] * 240) + " or" + " " * 80 + "ours", "PF510", 0, "at most 500"),
]


@pytest.mark.parametrize(("text", "code", "column", "told"), REFUSED, ids=[text[:30] for text, *_ in REFUSED])
def test_a_refusal_has_its_code_its_place_and_a_way_out(text: str, code: str, column: int, told: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        read(text)
    error = refusal.value
    assert (error.code, error.column) == (code, column)
    assert told in f"{error.message} | {error.hint}"
    assert error.column + error.width <= max(1, len(text))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("((ours)) and(not(vip))", "ours and not vip"),
        ("(ours or vip) and ours", "(ours or vip) and ours"),
        ("not (ours and vip)", "not (ours and vip)"),
        ("(not ours) == vip", "(not ours) == vip"),
        ("n-(m-1)-1>0", "n - (m - 1) - 1 > 0"),
        ("(n + 1) * -2 < -(m)", "(n + 1) * -2 < -m"),
        (
            "(ours if vip else vip) if ours else ours if vip else vip",
            "(ours if vip else vip) if ours else ours if vip else vip",
        ),
        ("gravity in ('minor','major')", 'gravity in ["minor", "major"]'),
        ("not n in [1.50]", "not n in [1.5]"),
        ('times("give-in")>0', "times(give-in) > 0"),
        ("compensation>0.50", "compensation > 0.5"),
    ],
)
def test_the_canonical_text(text: str, canonical: str) -> None:
    assert str(read(text)) == canonical
    assert read(canonical).tree == read(text).tree


def test_what_it_reads() -> None:
    condition = read("has(address.city) and n > 1 and times(send) < 2 and now > due")
    assert condition.reads == {"address", "n", "due"}
    assert condition.counts == {"send"}
    assert condition.reads_now
    assert not read("ours").reads_now


def test_equal_conditions_are_equal_and_survive_a_pickle() -> None:
    assert read("n > 1") == read("n > 1")
    assert hash(read("n > 1")) == hash(read("n > 1"))
    assert read("n > 1") != read("n > 2")
    again = pickle.loads(pickle.dumps(read("n > 1")))
    assert again == read("n > 1")
    assert again.evaluate(Facts(values=KNOWN, counts={}, now=None)).truth is Truth.TRUE


def test_conditions_combine() -> None:
    assert str(negation(read("ours and vip"))) == "not (ours and vip)"
    assert negation(negation(read("ours"))).tree == read("ours").tree
    assert str(conjunction([read("ours or vip"), read("n > 1 and vip")])) == "(ours or vip) and n > 1 and vip"
    assert conjunction([read("ours")]).tree == read("ours").tree
    assert str(conjunction([])) == "true"
    assert conjunction([read("n > 1"), read("times(send) > 0")]).counts == {"send"}


def test_it_explains_itself_in_one_line() -> None:
    facts = Facts(values={"compensation": MoneyValue(Decimal(0), "EUR"), "gravity": "minor"}, counts={}, now=None)
    assert read('compensation>0 or gravity != "minor"').explain(facts) == (
        'compensation > 0 or gravity != "minor" is false (compensation = 0 EUR, gravity = "minor")'
    )
    assert read("vip").explain(facts) == "vip is undecided (vip = unknown)"
    assert read("compensation / 0 > 1").explain(facts) == (
        "compensation / 0 > 1 is undecided (compensation = 0 EUR; division by zero)"
    )
    assert read("true").explain(facts) == "true is true"


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("ours", None),
        ("vip", "vip must be true"),
        ("not ours", "ours must be false"),
        ("compensation > 500", "compensation must be > 500 EUR"),
        ("500 < compensation", "compensation must be > 500 EUR"),
        ("not compensation < 500", "compensation must be >= 500 EUR"),
        ("limit < compensation", "limit must be < compensation"),
        ('gravity == "minor"', 'gravity must be "minor"'),
        ('gravity != "major"', 'gravity must not be "major"'),
        ('gravity in ["minor", "critical"]', 'gravity must be one of "minor", "critical"'),
        ('gravity not in ["major"]', 'gravity must not be "major"'),
        ('"kind" in tags', '"kind" must be in tags'),
        ("has(vip)", "vip must be known"),
        ("times(ask-client) < 2", "times(ask-client) must be < 2"),
        ("ours and vip and n > 10", "vip must be true and n must be > 10"),
        ("vip or n > 10", "either vip must be true or n must be > 10"),
        ("not (ours and vip)", None),
        ("n + 1 > 10", None),
    ],
)
def test_it_says_what_is_needed(text: str, needed: str | None) -> None:
    assert read(text).needed(Facts(values=KNOWN, counts={"ask-client": 2}, now=NOW)) == needed
