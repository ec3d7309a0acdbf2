"""Several words of plain English where a condition has one sign or one text: amounts, per cents, words of a choice.

They are looked for when a condition cannot be read: each of their signs alone would be an error of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from procflow.expressions.likely_names import SIGNS, amount
from procflow.expressions.separators import without_separators
from procflow.expressions.types import Choice, FieldType, Money
from procflow.expressions.values import quote

_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\[[^\]]*\]""")
"""Texts, and lists, in which a comma separates."""
_WORD = re.compile(r"[^\W\d]\w*")
_CURRENCY = "|".join(
    [*(re.escape(sign) for sign in "€$£"), r"[A-Z]{3}\b", *(rf"{word}\b" for word in SIGNS if word.isalpha())]
)
_AFTER = re.compile(rf"(?<![\w.])[0-9]+(?:\.[0-9]+)?\s*(?:{_CURRENCY})")
_BEFORE = re.compile(r"(?P<sign>[€$£])\s*(?P<number>[0-9]+(?:\.[0-9]+)?)(?![\w.])")
_PER_CENT = re.compile(r"(?<![\w.])(?P<number>[0-9]+(?:\.[0-9]+)?)\s*%")
_SPACED = re.compile(r"(?<![\w.,])[0-9]{1,3}(?:[ \u00a0\u202f'’][0-9]{3})+(?![\w'])")
_WITH_COMMAS = re.compile(r"(?<![\w.])[0-9][0-9.]*(?:,[0-9]+(?:\.[0-9]+)?)+(?![\w.])")
_WITH_POINTS = re.compile(r"(?<![\w.])[0-9]{1,3}(?:\.[0-9]{3}){2,}(?![\w.])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Several words that stand for one thing."""

    start: int
    end: int
    message: str
    hint: str | None
    instead: str | None
    """None if only a person can know."""


def phrase_in(text: str, fields: Mapping[str, FieldType]) -> Phrase | None:
    """Return the first phrase of a condition that the language writes otherwise; None if there is none."""
    # What stands in quotes is a text, whatever it looks like.
    masked = _QUOTED.sub(lambda found: "\0" * len(found.group()), text)
    found = [*_choice_words(masked, fields), *_amounts(masked, fields), *_numbers(masked)]
    return min(found, key=lambda one: one.start, default=None)


def _choice_words(text: str, fields: Mapping[str, FieldType]) -> Iterator[Phrase]:
    words = dict.fromkeys(word for type in fields.values() if isinstance(type, Choice) for word in type.of)
    for word in words:
        parts = word.split()
        if len(parts) < 2 and "-" not in word:
            continue
        pattern = r"\s+".join(map(re.escape, parts))
        for found in re.finditer(rf"(?<![\w(-]){pattern}(?![\w-])", text, re.IGNORECASE):
            message = f"{quote(found.group())} is a text without quotes"
            yield _phrase(found, message, f"put it in quotes: {quote(word)}", quote(word))


def _amounts(text: str, fields: Mapping[str, FieldType]) -> Iterator[Phrase]:
    for found in [*_AFTER.finditer(text), *_BEFORE.finditer(text)]:
        written = found.group()
        if found.re is _BEFORE:
            written = f"{found['number']} {found['sign']}"
        elif written.split()[-1] in fields:
            continue
        hint, instead = None, None
        name = _money_near(text, found.start(), fields)
        if name is not None:
            type = fields[name]
            assert isinstance(type, Money)
            hint, instead = amount(written, type.currency, name)
        yield _phrase(found, f"{quote(found.group())}: numbers have no currency here", hint or _BARE, instead)


def _money_near(text: str, at: int, fields: Mapping[str, FieldType]) -> str | None:
    """Return the money field that stands nearest before a place, else the first after it."""
    named = [one for one in _WORD.finditer(text) if isinstance(fields.get(one.group()), Money)]
    before = [one.group() for one in named if one.start() < at]
    after = [one.group() for one in named if one.start() > at]
    return before[-1] if before else after[0] if after else None


def _numbers(text: str) -> Iterator[Phrase]:
    for found in _PER_CENT.finditer(text):
        hint = "write the part of the whole, as in 0.2 * total"
        yield _phrase(found, f"{quote(found.group())}: conditions have no per cent", hint, None)
    for found in _SPACED.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        yield _phrase(found, _SEPARATED.format(found.group()), f"no separators: write {digits}", digits)
    for found in [*_WITH_COMMAS.finditer(text), *_WITH_POINTS.finditer(text)]:
        plain, sure = without_separators(found.group())
        if found.re is _WITH_POINTS:
            plain, sure = found.group().replace(".", ""), True
        hint = f"no separators, and a point before decimals: write {plain}"
        yield _phrase(found, _SEPARATED.format(found.group()), hint, plain if sure else None)


def _phrase(found: re.Match[str], message: str, hint: str | None, instead: str | None) -> Phrase:
    return Phrase(start=found.start(), end=found.end(), message=message, hint=hint, instead=instead)


_BARE = "write the number alone"
_SEPARATED = '"{}" is not a number as conditions write it'
