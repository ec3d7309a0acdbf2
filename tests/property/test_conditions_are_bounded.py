"""Law 10 for conditions: no text hangs, crashes, exhausts or runs; and what is accepted means what it should."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procflow.errors import ExpressionError
from procflow.expressions.expression import Expression, Facts, Truth, parse
from procflow.expressions.types import Choice, FieldType, ListOf, Money, MoneyValue, Number, Text, Value, YesNo

FIELDS: Mapping[str, FieldType] = {
    "p": YesNo(),
    "q": YesNo(),
    "n": Number(),
    "m": Number(),
    "pay": Money("EUR"),
    "gravity": Choice(("minor", "major", "critical")),
    "name": Text(),
    "tags": ListOf(Text()),
}
ACTIONS = frozenset({"send", "ask-client"})

CHAINED = "p == (" * 36 + "p == p == p" + ") == p" * 36
ATTACKS = [
    "__import__('os').system('true')",
    "().__class__.__bases__[0].__subclasses__()",
    "name.__class__.__mro__",
    "n.__class__ == n",
    "name.format(name)",
    "f'{name.__class__}' == name",
    "(lambda: 0)()",
    "[p for p in tags]",
    "exec('x') or p",
    "eval('p')",
    "open('/etc/passwd')",
    "globals()",
    "has(__builtins__)",
    "size(__file__) > 0",
    "times(__import__)",
    "p if (q := p) else p",
    "await p",
    "yield",
    "9**9**9**9 > n",
    "'a' * 999999999 == name",
    "'%9999999999d' % 1 == name",
    "1" + "0" * 1900 + " > n",
    "0x" + "f" * 1500 + " > n",
    "1e999999999 > n",
    "n > 1j",
    "(" * 1990,
    "[" * 1000 + "]" * 1000,
    "(" * 500 + "p" + ")" * 500,
    "-" * 1990 + "1 > n",
    "not " * 490 + "p",
    "n" + "+n" * 900 + " > 1",
    "p" + ".p" * 900,
    "p" + "()" * 900,
    "n" + " < n" * 480,
    "p if p else " * 160 + "p",
    "~" * 1000 + "p",
    CHAINED,
    "\0",
    "p\0",
    "'\0' == name",
    "\ud800",
    "'\ud800' == name",
    "'\\ud800' == name",
    "'\\N{BELL}' == name",
    "\ufeffp",
    "p\\\n and q",
    "'''p''' == name",
    "b'x' == name",
    "ｐ",
    "n > ²",
    "{**p}",
    "{p: q}",
    "p; q",
    "p\nq",
    "p # and q",
    "# -*- coding: utf-7 -*-\np",
    "\x0c\x0bp and \x1c q",
    "'" * 1999,
    "\\" * 1999,
    "'" + "\\" * 1999,
    "times(" * 300,
    "times(" + "a-" * 900 + "a) > 0",
    "p-" * 900 + "p",
    " " * 2000,
]


def _is_harmless(text: str) -> None:
    """Parse: only an `ExpressionError`, inside the text, and soon; evaluate what is accepted."""
    began = time.perf_counter()
    error = _refusal(text)
    if error is not None:
        assert error.code in {"PF501", "PF502", "PF503", "PF504", "PF510"}
        assert 0 <= error.column <= len(text)
        assert len(error.message) < 5_000
    assert time.perf_counter() - began < 5


def _refusal(text: str) -> ExpressionError | None:
    """Return why `text` is no condition; None if it is one, that evaluates and prints."""
    try:
        condition = parse(text, fields=FIELDS, actions=ACTIONS)
    except ExpressionError as error:
        return error
    condition.evaluate(Facts(values={}, counts={}, now=None))
    assert parse(str(condition), fields=FIELDS, actions=ACTIONS).tree == condition.tree
    return None


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_attacks_are_refused_or_harmless(text: str) -> None:
    _is_harmless(text)


WORDS = ["p", "q", "n", "m", "pay", "gravity", "name", "tags", "and", "or", "not", "in", "if", "else", "true", "now"]
WORDS += [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "==",
    "<",
    "=",
    "+",
    "-",
    "*",
    "/",
    ".",
    ",",
    "'",
    '"',
    "\\",
    "#",
    ":",
    "\n",
    "1",
]
WORDS += ["has(", "size(", "times(", "days(", "__class__", "lambda", "9" * 50, "'minor'", "é", "\u202e", "\0", "1.5"]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)))
def test_any_text_is_refused_or_harmless(text: str) -> None:
    _is_harmless(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=60).map("".join))
def test_any_crowded_text_is_refused_or_harmless(text: str) -> None:
    _is_harmless(text)


# A second, tiny evaluator: each strategy yields the text of a condition and a function that says what it means.
# None is unknown. It shares no code with the one it checks.

Known = Mapping[str, Value]
Meaning = Callable[[Known], object]
Case = tuple[str, Meaning]


def _strict(compute: Callable[..., object], *parts: Meaning) -> Meaning:
    def meaning(known: Known) -> object:
        values = [part(known) for part in parts]
        return None if any(value is None for value in values) else compute(*values)

    return meaning


def _divide(one: Decimal, two: Decimal) -> Decimal | None:
    return one / two if two else None


def _all(parts: list[Meaning], known: Known) -> object:
    values = [part(known) for part in parts]
    return False if False in values else None if None in values else True


def _negated(part: Meaning) -> Meaning:
    return _strict(lambda value: not value, part)


def _junction(word: str, cases: list[Case]) -> Case:
    texts = f" {word} ".join(f"({text})" for text, _ in cases)
    meanings = [meaning if word == "and" else _negated(meaning) for _, meaning in cases]
    conjoined: Meaning = lambda known: _all(meanings, known)  # noqa: E731
    return texts, conjoined if word == "and" else _negated(conjoined)


def _choice(then: Case, condition: Case, other: Case) -> Case:
    def meaning(known: Known) -> object:
        truth = condition[1](known)
        one, two = then[1](known), other[1](known)
        return (one if one == two else None) if truth is None else one if truth else two

    return f"({then[0]}) if ({condition[0]}) else ({other[0]})", meaning


def _read(name: str) -> Case:
    return name, lambda known: known.get(name)


def _fixed(text: str, value: object) -> Case:
    return text, lambda _: value


OPERATIONS: dict[str, Callable[..., object]] = {
    "+": lambda one, two: one + two,
    "-": lambda one, two: one - two,
    "*": lambda one, two: one * two,
    "/": _divide,
}
COMPARISONS: dict[str, Callable[..., object]] = {
    "==": lambda one, two: one == two,
    "!=": lambda one, two: one != two,
    "<": lambda one, two: one < two,
    "<=": lambda one, two: one <= two,
    ">": lambda one, two: one > two,
    ">=": lambda one, two: one >= two,
}

WHOLE = st.integers(-3, 3)
NUMBERS = st.recursive(
    st.one_of(st.sampled_from(["n", "m"]).map(_read), WHOLE.map(lambda one: _fixed(str(one), Decimal(one)))),
    lambda inner: st.builds(
        lambda sign, one, two: (f"({one[0]}) {sign} ({two[0]})", _strict(OPERATIONS[sign], one[1], two[1])),
        st.sampled_from(sorted(OPERATIONS)),
        inner,
        inner,
    ),
    max_leaves=3,
)
COMPARED = st.builds(
    lambda sign, one, two: (f"{one[0]} {sign} {two[0]}", _strict(COMPARISONS[sign], one[1], two[1])),
    st.sampled_from(sorted(COMPARISONS)),
    NUMBERS,
    NUMBERS,
)
CHAINS = st.builds(
    lambda one, two, three: (
        f"{one[0]} < {two[0]} <= {three[0]}",
        lambda known: _all(
            [_strict(COMPARISONS["<"], one[1], two[1]), _strict(COMPARISONS["<="], two[1], three[1])], known
        ),
    ),
    NUMBERS,
    NUMBERS,
    NUMBERS,
)
PAID = st.builds(
    lambda sign, amount: (
        f"pay {sign} {amount}",
        _strict(lambda one: COMPARISONS[sign](one.amount, Decimal(amount)), _read("pay")[1]),
    ),
    st.sampled_from(sorted(COMPARISONS)),
    WHOLE,
)
CHOSEN = st.lists(st.sampled_from(["minor", "major", "critical"]), min_size=1, max_size=3).map(
    lambda words: (f"gravity in {words}", _strict(lambda one: one in words, _read("gravity")[1]))
)
TAGGED = st.sampled_from("ab").map(
    lambda tag: (f"'{tag}' not in tags", _strict(lambda tags: tag not in tags, _read("tags")[1]))
)
TRUTHS = st.sampled_from([_read("p"), _read("q"), _fixed("true", True), _fixed("false", False)])
CONDITIONS = st.recursive(
    st.one_of(TRUTHS, COMPARED, CHAINS, PAID, CHOSEN, TAGGED),
    lambda inner: st.one_of(
        st.builds(_junction, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3)),
        inner.map(lambda case: (f"not ({case[0]})", _negated(case[1]))),
        st.builds(_choice, inner, inner, inner),
    ),
    max_leaves=8,
)
VALUES: dict[str, st.SearchStrategy[Value]] = {
    "p": st.booleans(),
    "q": st.booleans(),
    "n": WHOLE.map(Decimal),
    "m": WHOLE.map(Decimal),
    "pay": WHOLE.map(lambda one: MoneyValue(Decimal(one), "EUR")),
    "gravity": st.sampled_from(["minor", "major", "critical"]),
    "tags": st.lists(st.sampled_from("ab"), max_size=2).map(tuple),
}
RECORDS = st.fixed_dictionaries({}, optional=VALUES)
WHOLE_RECORDS = st.fixed_dictionaries(VALUES)
SEEN = {True: Truth.TRUE, False: Truth.FALSE, None: Truth.UNDECIDED}


def _truth(condition: Expression, known: Known) -> Truth:
    return condition.evaluate(Facts(values=known, counts={}, now=None)).truth


@settings(max_examples=300, deadline=None)
@given(case=CONDITIONS, known=RECORDS)
def test_a_condition_means_what_it_says_and_prints_what_it_means(case: Case, known: dict[str, Value]) -> None:
    text, meaning = case
    condition = parse(text, fields=FIELDS, actions=ACTIONS)
    again = parse(str(condition), fields=FIELDS, actions=ACTIONS)
    assert again.tree == condition.tree
    assert str(again) == str(condition)
    expected = meaning(known)
    assert expected is None or isinstance(expected, bool)
    assert _truth(condition, known) is SEEN[expected]


@settings(max_examples=300, deadline=None)
@given(case=CONDITIONS, whole=WHOLE_RECORDS, names=st.sets(st.sampled_from(sorted(VALUES))))
def test_learning_more_never_changes_a_decision(case: Case, whole: dict[str, Value], names: set[str]) -> None:
    condition = parse(case[0], fields=FIELDS, actions=ACTIONS)
    part = {name: value for name, value in whole.items() if name in names}
    before = condition.evaluate(Facts(values=part, counts={}, now=None))
    if before.truth is Truth.UNDECIDED:
        assert before.missing
        assert not set(before.missing) & set(part)
    else:
        assert _truth(condition, whole) is before.truth
