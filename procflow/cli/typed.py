"""What people type, as raw values of the fields it is for: `300`, `yes`, `2026-12-01`, `2 days` from now."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType

from procflow.expressions.types import Date, FieldType, Instant, ListOf, Money, Number, Raw, Record, YesNo

_GLUED = re.compile(r"(?<=\d)(?=[a-z])")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")
_NEAR: Mapping[str, timedelta] = MappingProxyType(
    {"now": timedelta(), "today": timedelta(), "tomorrow": timedelta(days=1)}
)
_YES, _NO = frozenset({"y", "yes", "true"}), frozenset({"n", "no", "false"})
_DIGITS = 20


def length_of(words: str) -> tuple[timedelta, str]:
    """Return the time that words such as `2 days` or `30 minutes` name, and the words as a file would have them.

    Raises ValueError with what to type instead.
    """
    from procflow.loading.lengths import LONGEST, elapsed, needs_calendar

    said = " ".join(_GLUED.sub(" ", words.lower()).split())
    length = elapsed(said)
    if length is not None and length <= LONGEST:
        return length, said
    if length is not None:
        raise ValueError(f"{said} is more than a century")
    if needs_calendar(said):
        raise ValueError("working time comes with calendars; until then type `wait 2 days` or `wait 4 hours`")
    raise ValueError("type how long: `wait 30 minutes`, `wait 4 hours`, `wait 2 days`, `wait 1 week`")


def read_typed(type: FieldType, text: str, now: datetime) -> Raw:
    """Return what was typed as a raw value of the type; whether it is one, whoever takes it tells.

    A day where a moment is wanted is its beginning, in UTC; lengths of time count from `now`. Raises ValueError for a
    record whose parts are not named.
    """
    match type:
        case YesNo() if text.lower() in _YES | _NO:
            return text.lower() in _YES
        case Instant():
            return _moment(text, now)
        case Date():
            ahead = _ahead(text)
            return text if ahead is None else _later(now, ahead).date().isoformat()
        case ListOf(item):
            return [read_typed(item, one.strip(), now) for one in text.split(",") if one.strip()]
        case Record(fields):
            return dict(_parts(fields, text, now))
        case _:
            return text


def _moment(text: str, now: datetime) -> str:
    ahead = _ahead(text)
    if ahead is not None:
        # Tomorrow is a day, as 2026-12-01 is: a moment only because it begins.
        day = text.strip().lower() in ("today", "tomorrow")
        return _beginning(_later(now, ahead)) if day else _later(now, ahead).isoformat()
    return f"{text}T00:00:00Z" if _DAY.match(text) else text


def _ahead(text: str) -> timedelta | None:
    words = text.strip().lower()
    if words in _NEAR:
        return _NEAR[words]
    try:
        return length_of(words)[0]
    except ValueError:
        return None


def _later(now: datetime, ahead: timedelta) -> datetime:
    try:
        return now + ahead
    except OverflowError:
        raise ValueError("no calendar goes that far") from None


def _beginning(at: datetime) -> str:
    return datetime.combine(at.astimezone(UTC).date(), time(), UTC).isoformat()


def _parts(fields: Mapping[str, FieldType], text: str, now: datetime) -> Iterator[tuple[str, Raw]]:
    for part in text.split(","):
        name, sign, value = (one.strip() for one in part.partition("="))
        if not sign or name not in fields:
            raise ValueError(f"type {', '.join(f'{one}=...' for one in fields)}")
        yield name, read_typed(fields[name], value, now)


def on_the_command_line(fields: Mapping[str, FieldType], given: Mapping[str, str], now: datetime) -> dict[str, Raw]:
    """Return the values of `--data NAME=VALUE`, each as its field is declared; JSON in quotes or brackets is taken as such.

    A name that no field has keeps its text, or its JSON: whoever takes it refuses it with its place.
    """
    return {name: _value(fields.get(name), text, now) for name, text in given.items()}


def _value(type: FieldType | None, text: str, now: datetime) -> Raw:
    if type is None or text == "null" or text[:1] in ('"', "{", "["):
        return json_or_text(text)
    if isinstance(type, Number | Money):
        return json_or_text(text)
    try:
        return read_typed(type, text, now)
    except ValueError:
        return text


def json_or_text(text: str) -> Raw:
    """Return a text as JSON if it is JSON, else as it is."""
    try:
        # Digits stay digits: a float would round money, so what no float can hold exactly goes on as text.
        value: Raw = json.loads(text, parse_float=str, parse_int=_whole, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return text
    return value


def _whole(digits: str) -> Raw:
    number = int(digits) if len(digits) < _DIGITS else 2**53
    return number if abs(number) < 2**53 else digits


def _refuse(word: str) -> Raw:
    raise ValueError(word)
