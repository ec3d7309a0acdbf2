"""What may have been meant by a name or an amount that does not fit beside what it is compared with."""

from __future__ import annotations

import re
from collections.abc import Mapping

from procflow.expressions.separators import thousands_or_decimals
from procflow.expressions.tree import FieldRead, Literal, Node
from procflow.expressions.types import (
    Choice,
    Date,
    Duration,
    FieldType,
    Instant,
    Money,
    Number,
    Reference,
    Text,
    YesNo,
)
from procflow.expressions.values import closest, quote

SIGNS: Mapping[str, str] = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "zł": "PLN",
    "lei": "RON",
    "euro": "EUR",
    "euros": "EUR",
}
"""Signs and words that people write for currencies."""
_AMOUNT = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)\s*(?P<currency>[^\W\d]+|[€$£])")
_ALIKE: tuple[tuple[type, ...], ...] = (
    (Text, Choice, Reference, Instant, Date),
    (Number, Money, Duration),
    (Instant, Date, Duration),
    (YesNo,),
)
"""Types whose values, or whose literals, are compared with each other."""


def fits(type: FieldType, beside: FieldType | None) -> bool:
    """Return True if a value of `type` may stand beside one of type `beside`; None stands for nothing known."""
    if beside is None:
        return True
    return any(isinstance(type, kinds) and isinstance(beside, kinds) for kinds in _ALIKE)


def word_beside(word: str, choice: Choice, fields: Mapping[str, FieldType]) -> tuple[str, str | None]:
    """Return the hint for an unknown name beside a choice, and what should stand there if that is certain.

    A name beside a choice is a word of it without its quotes, far more often than another field.
    """
    if word in choice.of:
        return f"put the word in quotes: {quote(word)}", quote(word)
    whole = [one for one in choice.of if word.casefold() in re.split(r"[\W_]+", one.casefold())]
    if len(whole) == 1:
        return f"did you mean {quote(whole[0])}?", quote(whole[0])
    near = closest(word, choice.of)
    if near is not None:
        return f"did you mean {quote(near)}?", quote(near)
    alike = closest(word, [name for name, type in fields.items() if isinstance(type, Choice)])
    if alike is not None:
        return f"did you mean {alike}?", alike
    return _words_of(choice), None


def _words_of(choice: Choice) -> str:
    return f"the words of this choice are {', '.join(map(quote, choice.of[:12]))}"


def amount_hint(one: Node, two: Node) -> tuple[str | None, str | None]:
    """Return what to write instead of an amount in quotes, as in `price > "100 EUR"`; nothing for anything else."""
    for money, other in ((one, two), (two, one)):
        if isinstance(money.type, Money) and isinstance(other, Literal) and isinstance(other.value, str):
            name = money.name if isinstance(money, FieldRead) else "what it is compared with"
            return amount(other.value, money.type.currency, name)
    return None, None


def amount(written: str, currency: str, name: str) -> tuple[str | None, str | None]:
    """Return what to write instead of an amount with its currency beside money, and that itself if it is certain."""
    found = _AMOUNT.fullmatch(written.strip())
    if found is None:
        return None, None
    said = SIGNS.get(found["currency"].lower(), found["currency"])
    if said != currency:
        return f"{name} is in {currency}: write the amount in {currency}, as one number", None
    number = found["number"]
    certain = number if thousands_or_decimals(number) is None else None
    return f"write {number}; it takes the currency of {name}", certain


def truth_hint(node: Node) -> str | None:
    """Return what to do with a value that stands where a condition must."""
    if isinstance(node, FieldRead):
        return f"compare it, or ask has({node.name})"
    return "write true or false without quotes" if isinstance(node, Literal) else None


def unlike_hint(one: Node, two: Node) -> str | None:
    """Return what to do about two values that are never of one kind."""
    types = (one.type, two.type)
    if all(isinstance(type, Money) for type in types):
        return "two currencies never mix"
    if any(isinstance(type, Money) for type in types):
        return "write the amount as one number: 500"
    for type in types:
        if isinstance(type, Choice):
            return _words_of(type)
    if any(isinstance(type, Duration) for type in types):
        return "say the unit: days(3), hours(4), minutes(30)"
    if any(isinstance(type, YesNo) for type in types):
        return "write true or false without quotes"
    if any(isinstance(type, Number) for type in types) and any(isinstance(node, Literal) for node in (one, two)):
        return "write numbers without quotes, and texts with them"
    return None


def now_beside(beside: FieldType | None) -> tuple[str, ...]:
    """Return `now` where a moment may stand."""
    return ("now",) if fits(Instant(), beside) else ()
