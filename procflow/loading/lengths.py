"""Lengths of time as people write them: `30 minutes`, `4 hours`, `14 days`, `2 weeks`."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction

from procflow.loading import not_yet
from procflow.loading.edits import replace_value
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook

_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_LENGTH = re.compile(r"(\d{1,6}) +((?:working|business) +)?([a-z]+)")
_PART = re.compile(r"(\d{1,6}(?:\.\d{1,4})?) *(minute|hour|day|week)s?")
_SEVERAL = re.compile(rf"{_PART.pattern}(?:(?:,| and|, and)? +{_PART.pattern}){{0,3}}")
LONGEST = timedelta(days=36525)
"""A century: so that no moment leaves the calendar."""


def elapsed(text: str) -> timedelta | None:
    """Return the elapsed time that a text says; None if it says none."""
    found = _LENGTH.fullmatch(text.strip().lower())
    unit = found[3].removesuffix("s") if found is not None else ""
    return int(found[1]) * _UNITS[unit] if found is not None and not found[2] and unit in _UNITS else None


def needs_calendar(text: str) -> bool:
    """Return True for a length that nobody can count without a calendar: working time, months, years."""
    found = _LENGTH.fullmatch(text.strip().lower())
    return found is not None and (bool(found[2]) or found[3].removesuffix("s") in ("month", "year"))


def _meant(text: str) -> str | None:
    """Return several lengths, or one with a decimal point, as one length of whole numbers; None if that cannot be told."""
    plain = text.strip().lower()
    if _SEVERAL.fullmatch(plain) is None:
        return None
    total = sum((_part(Fraction(found[1]), found[2]) for found in _PART.finditer(plain)), Fraction())
    for unit in ("week", "day", "hour", "minute"):
        count = total / int(_UNITS[unit].total_seconds())
        if count.denominator == 1 and 0 < total <= LONGEST.total_seconds():
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return None


def _part(count: Fraction, unit: str) -> Fraction:
    return count * int(_UNITS[unit].total_seconds())


def read_length(text: str, node: Node, notebook: Notebook) -> timedelta | None:
    """Return the length that `text` says, elapsed; None if it says none, which is written down at `node`."""
    if needs_calendar(text):
        hint = "write it in elapsed days or hours: `3 days`"
        notebook.note("PF109", not_yet.sentence(text.strip()), node.where, hint)
        return None
    length = elapsed(text)
    if length is None:
        message = f"`{text.strip()}` is not a length of time"
        meant = _meant(text)
        if meant is None:
            notebook.note("PF106", message, node.where, "write it as `30 minutes`, `4 hours`, `3 days` or `2 weeks`")
        else:
            hint = f"a length is one whole number and a unit: write `{meant}`"
            notebook.note("PF106", message, node.where, hint, replace_value(node.source, node.path, meant))
        return None
    if length > LONGEST:
        notebook.note("PF106", f"`{text.strip()}` is more than a century", node.where)
        return None
    return length
