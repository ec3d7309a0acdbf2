"""Between raw values (what JSON carries) and the values conditions compute with.

`parse_value` reads, `encode_value` writes the normal form, `normalise_raw` makes JSON of what a Python caller gives.
Every refusal is a `ValueError` whose message can be shown to whoever gave the value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from typing import assert_never

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

MAX_TEXT = 20_000
"""Code points in one text."""
MAX_ITEMS = 1_000
"""Items in one list."""
MAX_DIGITS = 40
"""Significant digits of a number."""
MAX_EXPONENT = 30
"""A number is at most `MAX_DIGITS` digits times ten to the power of plus or minus this."""

SAFE_INTEGER = 2**53
"""Below it every JSON reader agrees on an integer (RFC 8259 section 6, RFC 7493 section 2.2)."""
_EXACT = Context(prec=200, Emax=999, Emin=-999)
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?")
_MONEY = re.compile(r"(?P<amount>[+-]?[0-9]+(\.[0-9]+)?)(\s*(?P<currency>[A-Z]{3}))?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGEST = re.compile(r"[0-9a-fA-F]{64}")
_WORDS = {"true": True, "yes": True, "false": False, "no": False}


def parse_value(type: FieldType, raw: Raw | Decimal) -> Value:
    """Return the value `raw` stands for.

    Raises `ValueError` saying what was expected and what was given, also for null: taking a value back is the
    caller's business. Numbers come without trailing zeros, instants in UTC, digests in lower case.
    """
    match type:
        case Text():
            return _parse_text(raw)
        case YesNo():
            return _parse_yes_no(raw)
        case Number():
            return parse_number(raw)
        case Money():
            return _parse_money(type, raw)
        case Instant():
            return _parse_instant(raw)
        case Date():
            return _parse_date(raw)
        case Duration():
            raise ValueError("a length of time cannot be given; give a moment or a date")
        case Choice():
            return _parse_choice(type, raw)
        case Reference():
            return _parse_reference(type, raw)
        case ListOf():
            return _parse_list(type, raw)
        case Record():
            return _parse_record(type, raw)
        case File():
            return _parse_file(raw)
        case _:
            assert_never(type)


def encode_value(value: Value) -> Raw:
    """Return the normal form of `value`; parsing it again with the same type gives an equal value.

    A number is an integer below 2**53 in magnitude, else text in plain notation. Money is `"120.50 EUR"` or
    `"120 EUR"`. An instant is always `"2026-11-21T20:51:03.000000Z"`: six digits, so that the order of the texts is
    the order of time. A duration, which no field holds, is `"PT5400S"`.
    """
    match value:
        case bool() | str():
            return value
        case Decimal():
            return encode_number(value)
        case MoneyValue():
            return f"{_plain_amount(value.amount)} {value.currency}"
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case timedelta():
            return f"PT{_plain(Decimal(value // timedelta(microseconds=1)).scaleb(-6, _EXACT))}S"
        case FileRef():
            return _encode_file(value)
        case tuple():
            return [encode_value(item) for item in value]
        case Mapping():
            return {name: encode_value(part) for name, part in value.items()}
        case _:
            assert_never(value)


def type_name(type: FieldType) -> str:
    """Return what an owner would call the type, with its article: `a choice of minor, major`, `money in EUR`."""
    match type:
        case Text():
            return "text"
        case YesNo():
            return "yes or no"
        case Number():
            return "a number"
        case Money(currency):
            return f"money in {currency}"
        case Instant():
            return "a moment"
        case Date():
            return "a date"
        case Duration():
            return "a length of time"
        case Choice(of):
            return f"a choice of {_some(of)}"
        case Reference(kind):
            return f"a {kind}"
        case ListOf(item):
            return f"a list, each item {type_name(item)}"
        case Record(fields):
            return f"a record of {_some(fields)}"
        case File():
            return "a document"
        case _:
            assert_never(type)


def show_value(value: Value | None) -> str:
    """Return `value` in one short line: `true`, `"text"`, `120.50 EUR`, `3 days`; `unknown` for None."""
    match value:
        case None:
            return "unknown"
        case bool():
            return "true" if value else "false"
        case str():
            return quote(_shorten(value))
        case Decimal():
            return _plain(value)
        case datetime():
            return show_instant(value)
        case timedelta():
            return _show_duration(value)
        case FileRef():
            return quote(_shorten(value.name or value.link or value.sha256 or ""))
        case tuple():
            return f"[{_some([show_value(item) for item in value])}]"
        case Mapping():
            return f"{{{_some([f'{name}: {show_value(part)}' for name, part in value.items()])}}}"
        case _:
            return str(encode_value(value))


def show_instant(at: datetime) -> str:
    """Return an aware instant in UTC to the second (`2026-11-21T20:51:03Z`), with microseconds only if it has any."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def quote(text: str, mark: str = '"') -> str:
    """Return `text` in quotes, on one line, as conditions write it; in single ones only if it holds nothing to escape."""
    plain = mark == "'" and not any(sign in "'\\" or sign < " " for sign in text)
    return f"'{text}'" if plain else json.dumps(text, ensure_ascii=False)


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that `name` was probably meant to be; None if nothing is close."""
    by_folded = {one.casefold(): one for one in known}
    from difflib import get_close_matches

    near = get_close_matches(name[:64].casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None


def exact_number(number: Decimal) -> Decimal:
    """Return `number` without trailing zeros, in plain digits; `ValueError` if it is not finite or out of bounds."""
    if not number.is_finite():
        raise ValueError(f"expected a number, but {number} is none")
    if not number:
        return Decimal(0)
    if abs(number.adjusted()) > MAX_DIGITS + MAX_EXPONENT or len(number.as_tuple().digits) > _EXACT.prec:
        raise ValueError(_TOO_BIG)
    bare = _EXACT.normalize(number)
    exponent = bare.as_tuple().exponent
    if len(bare.as_tuple().digits) > MAX_DIGITS or not isinstance(exponent, int) or abs(exponent) > MAX_EXPONENT:
        raise ValueError(_TOO_BIG)
    return _EXACT.quantize(bare, Decimal(1)) if exponent > 0 else bare


_TOO_BIG = f"the number has more than {MAX_DIGITS} digits, or is too large or too small"


def told_of(raw: object) -> str:
    """Say what was given, in a few words."""
    match raw:
        case None:
            return "nothing was given"
        case bool():
            return f"{str(raw).lower()} was given"
        case str():
            return f"{quote(_shorten(raw))} was given"
        case int() if abs(raw) >= 10**40:
            return "a huge number was given"
        case int() | float() | Decimal():
            return f"the number {raw} was given"
        case list():
            return f"a list of {len(raw)} was given"
        case dict():
            return f"a map of {_some(str(key) for key in raw)} was given" if raw else "an empty map was given"
        case _:
            return f"{type(raw).__name__} was given"


def _expected(what: str, raw: object, hint: str = "") -> ValueError:
    return ValueError(f"expected {what}, but {told_of(raw)}{hint and '; ' + hint}")


def _parse_text(raw: object) -> str:
    if not isinstance(raw, str):
        hint = "" if raw is None or isinstance(raw, list | dict) else "put it in quotes if text is meant"
        raise _expected("text", raw, hint)
    if len(raw) > MAX_TEXT:
        raise ValueError(f"the text has {len(raw):,} characters; at most {MAX_TEXT:,} are kept")
    refuse_unwritable(raw)
    return raw


def refuse_unwritable(text: str) -> None:
    # PostgreSQL keeps no NUL, UTF-8 no lone surrogate: what one store cannot keep, none accepts.
    if text.isascii() and "\0" not in text:
        return
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text if sign > "\ud7ff"):
        raise ValueError("the text holds a character that cannot be stored (NUL or half of a surrogate pair)")


def _parse_yes_no(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.strip().lower() in _WORDS:
        return _WORDS[raw.strip().lower()]
    raise _expected("true or false", raw)


def parse_number(raw: object) -> Decimal:
    match raw:
        case bool():
            raise _expected("a number", raw)
        case int() if raw.bit_length() > 400:
            raise ValueError(_TOO_BIG)
        case int() | Decimal():
            return exact_number(Decimal(raw))
        case float():
            return exact_number(Decimal(repr(raw)))
        case str() if len(raw) <= 200 and _NUMBER.fullmatch(raw.strip()):
            return exact_number(Decimal(raw.strip()))
        case str() if "," in raw:
            raise _expected("a number", raw, "write it with a point and without separators: 1234.50")
        case _:
            raise _expected("a number", raw)


def _parse_money(type: Money, raw: object) -> MoneyValue:
    amount, currency = _amount_and_currency(type, raw)
    if currency not in (None, type.currency):
        raise ValueError(f"expected money in {type.currency}, but {currency} was given")
    return MoneyValue(parse_number(amount), type.currency)


def _amount_and_currency(type: Money, raw: object) -> tuple[object, object]:
    match raw:
        case str() if len(raw) <= 200 and (found := _MONEY.fullmatch(raw.strip())):
            return found["amount"], found["currency"]
        case int() | float() | Decimal() if not isinstance(raw, bool):
            return raw, None
        case {"amount": amount, **rest} if not set(rest) - {"currency"}:
            return amount, rest.get("currency")
        case _:
            raise _expected(type_name(type), raw, f'write "120.50 {type.currency}" or 120.50')


def _parse_instant(raw: object) -> datetime:
    if not isinstance(raw, str):
        raise _expected("a moment such as 2026-11-21T20:51:03Z", raw)
    at = _read_instant(raw.strip())
    if at is None:
        raise _expected("a moment such as 2026-11-21T20:51:03Z", raw)
    if at.tzinfo is None:
        raise _expected("a moment with its time zone", raw, "add Z for UTC, or the offset: +01:00")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"the moment {quote(raw)} is too far away") from None


def _read_instant(text: str) -> datetime | None:
    if len(text) > 40 or not text.isascii() or _DAY.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _parse_date(raw: object) -> date:
    if isinstance(raw, str) and _DAY.fullmatch(raw.strip()):
        try:
            return date.fromisoformat(raw.strip())
        except ValueError:
            raise _expected("a date", raw, "the calendar has no such day") from None
    raise _expected("a date such as 2026-11-21", raw)


def _parse_choice(type: Choice, raw: object) -> str:
    if isinstance(raw, str) and raw in type.of:
        return raw
    if raw is None or isinstance(raw, list | dict):
        raise _expected(f"one of {_some(type.of)}", raw)
    shown = raw if isinstance(raw, str) else str(raw).lower() if isinstance(raw, bool) else _plain_given(raw)
    near = closest(shown, type.of)
    hint = f"; did you mean {quote(near)}?" if near is not None else ""
    raise ValueError(f"{quote(_shorten(shown))} is not one of {_some(type.of)}{hint}")


def _plain_given(raw: object) -> str:
    return "a huge number" if isinstance(raw, int) and raw.bit_length() > 400 else str(raw)


def _parse_reference(type: Reference, raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise _expected(f"the id of {type_name(type)}", raw)
    return _parse_text(raw)


def _parse_list(type: ListOf, raw: object) -> tuple[Value, ...]:
    if not isinstance(raw, list):
        raise _expected("a list", raw, "a list of one is written in brackets too" if raw is not None else "")
    if len(raw) > MAX_ITEMS:
        raise ValueError(f"the list has {len(raw):,} items; at most {MAX_ITEMS:,} are kept")
    return tuple(_part(f"item {index}", type.item, item) for index, item in enumerate(raw, 1))


def _part(name: str, type: FieldType, raw: Raw) -> Value:
    try:
        return parse_value(type, raw)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _parse_record(type: Record, raw: object) -> Mapping[str, Value]:
    if not isinstance(raw, dict):
        raise _expected(f"a map of {_some(type.fields)}", raw)
    for name in raw:
        if name not in type.fields:
            near = closest(str(name), type.fields)
            hint = f"; did you mean {near}?" if near is not None else f"; known are {_some(type.fields)}"
            raise ValueError(f"{quote(_shorten(str(name)))} is not a part of this record{hint}")
    return {name: _part(name, type.fields[name], part) for name, part in raw.items() if part is not None}


def _parse_file(raw: object) -> FileRef:
    match raw:
        case str() if raw.strip():
            return FileRef(link=_parse_text(raw))
        case dict() if not set(raw) - {"link", "sha256", "name"}:
            return _parse_file_map(raw)
        case _:
            raise _expected("a link, or a map of link, sha256 and name", raw)


def _parse_file_map(raw: Mapping[str, object]) -> FileRef:
    parts = {key: _parse_text(part) for key, part in raw.items() if part is not None}
    digest = parts.get("sha256")
    if digest is not None and not _DIGEST.fullmatch(digest):
        raise _expected("a sha256 of 64 hex digits", digest)
    if not parts.get("link") and digest is None:
        raise ValueError("a document needs a link or a sha256")
    return FileRef(link=parts.get("link"), sha256=digest.lower() if digest else None, name=parts.get("name"))


def encode_number(number: Decimal) -> Raw:
    if abs(number) < SAFE_INTEGER and number == number.to_integral_value():
        return int(number)
    return _plain(number)


def _plain(number: Decimal) -> str:
    """Return the digits without exponent or trailing zeros."""
    text = format(number, "f")
    bare = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if bare == "-0" else bare


def _plain_amount(amount: Decimal) -> str:
    """Return an amount without decimals if it has none, else with two at least: nobody writes 120.5 EUR."""
    text = _plain(amount)
    return text + "0" if len(text.partition(".")[2]) == 1 else text


def _encode_file(value: FileRef) -> Raw:
    parts = {"link": value.link, "sha256": value.sha256, "name": value.name}
    return {key: part for key, part in parts.items() if part is not None}


def _show_duration(length: timedelta) -> str:
    if length < timedelta(0):
        return f"minus {_show_duration(-length)}" if length > timedelta.min else "minus ages"
    minutes, seconds = divmod(length.seconds, 60)
    counted = [(length.days, "day"), (minutes // 60, "hour"), (minutes % 60, "minute"), (seconds, "second")]
    words = [f"{count} {unit}{'s' * (count != 1)}" for count, unit in counted if count]
    return " ".join(words) or f"{_plain(Decimal(length.microseconds).scaleb(-6))} seconds"


def _shorten(text: str, width: int = 80) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _some(names: Iterable[str], at_most: int = 12) -> str:
    """Return the first dozen of `names` with commas, and how many more there are."""
    every = list(names)
    more = f" and {len(every) - at_most} more" if len(every) > at_most else ""
    return ", ".join(every[:at_most]) + more
