"""The types a data field can have, and the values they hold.

A *raw* value is what JSON can carry (text, bool, number, list, map, null); a *value* is what conditions compute
with. `parse_value` goes one way, `encode_value` the other, and `encode_value(parse_value(t, raw))` is a normal
form: parsing it again gives an equal value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

Raw = str | bool | int | float | None | list["Raw"] | dict[str, "Raw"]


@dataclass(frozen=True, slots=True)
class Text:
    """Any text. Value: `str`."""


@dataclass(frozen=True, slots=True)
class YesNo:
    """True or false, never text. Value: `bool`."""


@dataclass(frozen=True, slots=True)
class Number:
    """An exact decimal number. Value: `Decimal`, finite."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency. Value: `MoneyValue`."""

    currency: str


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment. Value: aware `datetime` in UTC."""


@dataclass(frozen=True, slots=True)
class Date:
    """A day of the calendar. Value: `date`."""


@dataclass(frozen=True, slots=True)
class Duration:
    """Elapsed time; only conditions produce it, no field has it. Value: `timedelta`."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words. Value: `str`, one of `of`."""

    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Who or what is meant, by id. `kind` is person, team, client or case. Value: `str`."""

    kind: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """Several values of one type, in order. Value: `tuple`."""

    item: FieldType


@dataclass(frozen=True, slots=True)
class Record:
    """A few named values. Value: `Mapping[str, Value]`; a part may be missing."""

    fields: Mapping[str, FieldType] = field(hash=False)


@dataclass(frozen=True, slots=True)
class File:
    """A document by name, link and digest. Value: `FileRef`."""


FieldType = Text | YesNo | Number | Money | Instant | Date | Duration | Choice | Reference | ListOf | Record | File


@dataclass(frozen=True, slots=True, order=False)
class MoneyValue:
    """An amount and its currency; amounts of two currencies never compare."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class FileRef:
    """A document: where it is (`link`) and the SHA-256 of its bytes in hex; either may be missing, not both."""

    link: str | None = None
    sha256: str | None = None
    name: str | None = None


Value = (
    str
    | bool
    | Decimal
    | MoneyValue
    | datetime
    | date
    | timedelta
    | FileRef
    | tuple["Value", ...]
    | Mapping[str, "Value"]
)
