"""The keys of an entry, read one by one: each holds what it should, or the entry is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar, cast

from procflow.errors import ProcflowError
from procflow.expressions.types import Raw

NEWER = "It may have been written by a newer procflow."
_E = TypeVar("_E", bound=Enum)


class EntryInvalid(ProcflowError):
    """An event has no entry, or bytes are not an entry; the message says why."""


def check_known(record: Mapping[str, Any], known: frozenset[str], what: str = "The entry") -> None:
    """Raise EntryInvalid if there are keys besides `known`: half an entry is not to be judged."""
    unknown = sorted(set(record) - known)
    if unknown:
        raise EntryInvalid(f"{what} has keys this program does not know: {', '.join(unknown)}.", hint=NEWER)


def present(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record with a key only for what is there."""
    return {key: value for key, value in record.items() if value is not None}


def text(record: Mapping[str, Any], key: str) -> str:
    """Return the text under `key`."""
    value = record.get(key)
    if not isinstance(value, str):
        raise EntryInvalid(f"The entry has no text for `{key}`.")
    return value


def maybe_text(record: Mapping[str, Any], key: str) -> str | None:
    """Return the text under `key`; None if there is no such key."""
    return text(record, key) if key in record else None


def texts(record: Mapping[str, Any], key: str) -> frozenset[str]:
    """Return the texts listed under `key`; none if there is no such key."""
    values = record.get(key, [])
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise EntryInvalid(f"`{key}` of the entry is not a list of texts.")
    return frozenset(values)


def mapping(record: Mapping[str, Any], key: str) -> dict[str, Raw]:
    """Return the map under `key`; an empty one if there is no such key."""
    value = record.get(key, {})
    if not isinstance(value, dict):
        raise EntryInvalid(f"`{key}` of the entry is not a map.")
    return cast("dict[str, Raw]", value)


def whole_number(record: Mapping[str, Any], key: str) -> int:
    """Return the whole number under `key`."""
    value = record.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise EntryInvalid(f"The entry has no whole number for `{key}`.")
    return value


def digest(record: Mapping[str, Any], key: str) -> bytes:
    """Return the bytes that stand in hex under `key`."""
    try:
        return bytes.fromhex(text(record, key))
    except ValueError as error:
        raise EntryInvalid(f"`{key}` of the entry is not a digest in hex.") from error


def one_of(kinds: type[_E], record: Mapping[str, Any], key: str) -> _E:
    """Return which of `kinds` the text under `key` names."""
    value = text(record, key)
    try:
        return kinds(value)
    except ValueError as error:
        raise EntryInvalid(
            f"`{key}` of the entry is {value!r}, which this program does not know.", hint=NEWER
        ) from error
