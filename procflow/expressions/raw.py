"""What a Python caller gives, as raw values that any JSON writer keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import isfinite

from procflow.expressions.types import FileRef, MoneyValue, Raw
from procflow.expressions.values import (
    SAFE_INTEGER,
    encode_number,
    encode_value,
    exact_number,
    parse_number,
    refuse_unwritable,
    told_of,
)

MAX_CHARACTERS = 1_000_000
"""Code points in everything one caller gives at once."""
MAX_VALUES = 10_000
"""Values, at any depth, in everything one caller gives at once."""
MAX_DEPTH = 20
"""Lists and maps inside each other in what a caller gives."""


def normalise_raw(given: object) -> Raw:
    """Return what a Python caller gave as a raw value that any JSON writer keeps.

    Takes what JSON has, and `Decimal`, aware `datetime`, `date`, `MoneyValue`, `FileRef`, tuples and mappings with
    text keys. Integers of 2**53 and more, and decimals that are not integers, become text. Raises `ValueError` for
    anything else, for not-a-number and infinity, naive datetimes, and when the whole is too large or too deep.
    """
    return _Budget().normalise(given, 0)


@dataclass(slots=True, kw_only=True)
class _Budget:
    """What may still be given; counts down while one whole is normalised."""

    values: int = MAX_VALUES
    characters: int = MAX_CHARACTERS

    def normalise(self, given: object, depth: int) -> Raw:
        self._spend(1, 0)
        match given:
            # First: most are texts, and to find that one is no Mapping takes long.
            case str():
                return self._text(given)
            case Mapping():
                return self._mapping(given, depth + 1)
            case list() | tuple():
                return self._list(given, depth + 1)
            case _:
                return _normalise_scalar(given)

    def _spend(self, values: int, characters: int) -> None:
        self.values -= values
        self.characters -= characters
        if self.values < 0 or self.characters < 0:
            raise ValueError(
                f"too much was given at once; at most {MAX_VALUES:,} values, {MAX_CHARACTERS:,} characters"
            )

    def _text(self, text: str) -> str:
        self._spend(0, len(text))
        refuse_unwritable(text)
        return str(text)

    def _list(self, given: list[object] | tuple[object, ...], depth: int) -> Raw:
        _refuse_deep(depth)
        return [self.normalise(item, depth) for item in given]

    def _mapping(self, given: Mapping[object, object], depth: int) -> Raw:
        _refuse_deep(depth)
        return {self._key(key): self.normalise(part, depth) for key, part in given.items()}

    def _key(self, key: object) -> str:
        if not isinstance(key, str):
            raise ValueError(f"the keys of a map must be text, but {told_of(key)}")
        return self._text(key)


def _refuse_deep(depth: int) -> None:
    # Also what ends a list that contains itself.
    if depth > MAX_DEPTH:
        raise ValueError(f"lists and maps are inside each other more than {MAX_DEPTH} deep")


def _normalise_scalar(given: object) -> Raw:
    match given:
        case None | bool():
            return given
        case int():
            return encode_number(parse_number(int(given)))
        case float() if given.is_integer() and abs(given) < SAFE_INTEGER:
            return int(given)  # JSON has one kind of number: RFC 8785 writes 1.0 as 1
        case float() if isfinite(given):
            return float(given)
        case float() | Decimal():
            return encode_number(exact_number(Decimal(given)))
        case datetime() if given.tzinfo is None or given.utcoffset() is None:
            raise ValueError(f"the datetime {given.isoformat()} has no time zone; give an aware one")
        case datetime() | date() | MoneyValue() | FileRef():
            return encode_value(given)
        case set() | frozenset():
            raise ValueError("a set has no order; give a list")
        case _:
            raise ValueError(f"a {type(given).__name__} cannot be kept as data; give text, a number, a list or a map")
