"""JSON in the cells of a table: how `cells: json` reads a cell, and how an export writes one that reads back exactly.

A cell that reads as JSON is that value; any other is text as it stands. So a table looks as people expect (`minor`,
`12.5`, `true`), and a text that would be taken for something else stands in the quotation marks of JSON. That also
disarms what a spreadsheet would execute: a cell that begins with a quotation mark is no formula.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from math import isfinite
from typing import NoReturn, cast

from procflow.eventlogs.rows import Unreadable
from procflow.expressions.types import Raw

DEEPEST = 32
_FORMULA = ("=", "+", "-", "@")
"""What spreadsheets take for the beginning of a formula; tabs and line breaks are quoted anyway."""


class Exact(str):
    """A text meant letter for letter: its spaces belong to it, and it never means "no value"."""

    __slots__ = ()


def value_of(cell: str) -> Raw:
    """Return the value of a cell that may hold any; a text that was quoted is `Exact`. Raises Unreadable if too deep."""
    try:
        value = parsed(cell)
    except ValueError:
        return cell
    return Exact(value) if isinstance(value, str) else value


def text_of(cell: str) -> str:
    """Return the text of a cell that holds nothing else: only its quotation marks are read."""
    if not cell.startswith('"'):
        return cell
    value = value_of(cell)
    return value if isinstance(value, str) else cell


def map_of(cell: str) -> dict[str, Raw]:
    """Return the map in a cell. Raises Unreadable if there is none."""
    try:
        value = parsed(cell)
    except ValueError as bad:
        raise Unreadable(f"The cell is not JSON: {bad}") from bad
    if not isinstance(value, dict):
        raise Unreadable(f"{cell[:80]!r} is JSON, but not a map")
    return value


def cell_of_value(value: Raw) -> str:
    """Return the cell that `value_of` reads as this very value, null and an empty text included."""
    return cell_of_text(value, anything=True) if isinstance(value, str) else written(value)


def cell_of_text(text: str, *, anything: bool = False) -> str:
    """Return the cell that `text_of` (or, if the cell may hold anything, `value_of`) reads as this very text."""
    plain = text == text.strip() and text.isprintable() and not text.startswith(('"', *_FORMULA))
    if plain and text and (not anything or type(value_of(text)) is str):
        return text
    return written(text)


def written(value: Raw) -> str:
    """Return the value as JSON in ASCII, on one line."""
    return json.dumps(value, separators=(",", ":"))


def in_order_of_names(values: Mapping[str, Raw]) -> dict[str, Raw]:
    """Return the values in the order of RFC 8785: so the same is said in the same order, whatever the format."""
    return dict(sorted(values.items(), key=lambda pair: pair[0].encode("utf-16-be", "surrogatepass")))


def parsed(text: str, *, numbers_as_text: bool = False) -> Raw:
    """Return the value of a JSON text. Raises ValueError if it is none, Unreadable if it is too deep or names a key twice.

    A name that stands twice is no JSON that everybody reads alike (RFC 8259 §4): which value counts, we do not guess.
    """
    whole, broken = (str, str) if numbers_as_text else (int, _finite)
    try:
        value = json.loads(
            text, parse_int=whole, parse_float=broken, parse_constant=_no_constant, object_pairs_hook=_once
        )
    except RecursionError as deep:
        raise Unreadable("Lists and maps lie too deep in each other") from deep
    _check_depth(value, DEEPEST)
    return cast("Raw", value)


def _check_depth(value: Raw, left: int) -> None:
    if not isinstance(value, dict | list):
        return
    if left == 0:
        raise Unreadable(f"Lists and maps lie more than {DEEPEST} deep in each other")
    for inner in value.values() if isinstance(value, dict) else value:
        _check_depth(inner, left - 1)


def _once(pairs: list[tuple[str, Raw]]) -> dict[str, Raw]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise Unreadable(f"A map names {twice!r} twice")
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text} is beyond what a number can hold")
    return number


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
