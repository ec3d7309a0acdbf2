"""Lengths of time as people write them: `30 minutes`, `4 working hours`, `2 working days`, `14 days`, `6 months`."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction

from procflow.calendars.length import Length, Unit
from procflow.loading.edits import replace_value
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook

_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_OF_WORK = frozenset({Unit.MINUTE, Unit.HOUR, Unit.DAY})
"""Units of working time: a week, a month, a year has as many working days as its calendar says."""
_LENGTH = re.compile(r"(\d{1,6}) +((?:working|business) +)?([a-z]+)")
_PART = re.compile(r"(\d{1,6}(?:\.\d{1,4})?) *(minute|hour|day|week)s?")
_SEVERAL = re.compile(rf"{_PART.pattern}(?:(?:,| and|, and)? +{_PART.pattern}){{0,3}}")
LONGEST = timedelta(days=36525)
"""A century: so that no moment leaves the calendar."""
_MOST = {Unit.MONTH: 1200, Unit.YEAR: 100}
"""A century of those that are no fixed time."""

_AROUND = re.compile(r"(?:within|in|after|at most|max\.?|maximum|up to|no more than|<=?|less than) +|[.!]$")
_LOOSE = re.compile(
    r"(?P<count>\d{1,6}(?:[.,]\d{1,4})?|[a-z]+)[ -]*"
    r"(?P<work>(?:working|business|work|office|bank|banking|open|opening)[ -]*)?(?P<unit>[a-z]+)\.?"
)
_ISO = re.compile(r"p(?:(\d{1,6})([ymwd])|t(\d{1,6})([hm]))")
_CLOCK = re.compile(r"(\d{1,4}):(\d{2})(?::00)?")
_NUMBERS = {
    word: number
    for number, word in enumerate(
        ("a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
} | {"a": 1, "an": 1}
_SHORT: dict[str, str] = {
    **dict.fromkeys(("m", "min", "mins", "mn"), "minute"),
    **dict.fromkeys(("h", "hr", "hrs"), "hour"),
    **dict.fromkeys(("wk", "wks", "w"), "week"),
    **dict.fromkeys(("mo", "mos", "mth", "mths"), "month"),
    **dict.fromkeys(("y", "yr", "yrs"), "year"),
}
_ONE_WORD = {"workday": "day", "workinghour": "hour", "workhour": "hour", "weekday": "day"}
_WRITE = "write it as `30 minutes`, `4 hours`, `4 working hours`, `2 working days`, `14 days`, `2 weeks` or `6 months`"


def length_of(text: str) -> Length | None:
    """Return the length that a text says; None if it says none."""
    found = _LENGTH.fullmatch(text.strip().lower())
    unit = None if found is None else _unit(found[3])
    if found is None or unit is None or (found[2] and unit not in _OF_WORK):
        return None
    return Length(count=int(found[1]), unit=unit, working=bool(found[2]))


def elapsed(text: str) -> timedelta | None:
    """Return the elapsed time that a text says; None if it says none, or one that needs a calendar."""
    found = length_of(text)
    return None if found is None else found.elapsed


def needs_calendar(text: str) -> bool:
    """Return True for a length that nobody can count without a calendar: working time, months, years."""
    found = length_of(text)
    return found is not None and found.elapsed is None


def read_length(text: str, node: Node, notebook: Notebook, *, before: str = "") -> Length | None:
    """Return the length that `text` says; None if it says none, or nothing at all, which is written down at `node`.

    `before` is what else stands there, in front of the length.
    """
    length = length_of(text)
    if length is None:
        _tell(text, node, notebook, before)
        return None
    if not length.count:
        notebook.note("PF106", f"`{text.strip()}` is no time at all", node.where, "write at least `1 minute`")
        return None
    if _is_too_long(length):
        notebook.note("PF106", f"`{text.strip()}` is more than a century", node.where)
        return None
    return length


def _unit(word: str) -> Unit | None:
    plain = word.removesuffix("s")
    return Unit(plain) if plain in {one.value for one in Unit} else None


def _is_too_long(length: Length) -> bool:
    if length.unit in _MOST:
        return length.count > _MOST[length.unit]
    return length.count * _UNITS[length.unit.value] > LONGEST


# --- what was meant ------------------------------------------------------------------------------------------------


def _tell(text: str, node: Node, notebook: Notebook, before: str) -> None:
    message = f"`{text.strip()}` is not a length of time"
    plain = _AROUND.sub("", text.strip().lower()).strip()
    loose = _LOOSE.fullmatch(plain)
    if loose is not None and loose["work"] and _loose_unit(loose["unit"]) in (Unit.WEEK, Unit.MONTH, Unit.YEAR):
        hint = "how many working days that is, the calendar says: write `10 working days`"
        notebook.note("PF106", message, node.where, hint)
        return
    if re.fullmatch(r"\d{1,6} *d", plain):
        days = plain.removesuffix("d").strip()
        what = "day" if days == "1" else "days"
        hint = f"`d` may mean any day or a working day: write `{days} {what}` or `{days} working {what}`"
        notebook.note("PF106", message, node.where, hint)
        return
    meant = _several(plain) or _loosely(plain)
    if meant is None:
        number = plain.isdigit()
        hint = f"say of what: `{plain} hours`, `{plain} working hours`, `{plain} working days`" if number else _WRITE
        notebook.note("PF106", message, node.where, hint)
        return
    hint = f"a length is one whole number and a unit: write `{meant}`"
    notebook.note("PF106", message, node.where, hint, replace_value(node.source, node.path, before + meant))


def _several(plain: str) -> str | None:
    """Return several lengths, or one with a decimal point, as one length of whole numbers; None if that cannot be told."""
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


def _loosely(plain: str) -> str | None:
    """Return what a length in other words means: `two workdays`, `8h`, `PT8H`, `08:00`; None if that cannot be told."""
    if (iso := _ISO.fullmatch(plain)) is not None:
        count, letter = (iso[1], iso[2]) if iso[1] else (iso[3], {"h": "h", "m": "min"}[iso[4]])
        return _shown(int(count), {"d": "day", "m": "month"}.get(letter) or _SHORT[letter])
    if (clock := _CLOCK.fullmatch(plain)) is not None:
        hours, minutes = int(clock[1]), int(clock[2])
        return _shown(hours * 60 + minutes, "minute") if minutes else _shown(hours, "hour") if hours else None
    loose = _LOOSE.fullmatch(plain)
    measure = None if loose is None else _loose_unit(loose["unit"], working=bool(loose["work"]))
    if loose is None or measure is None:
        return None
    word = loose["count"].replace(",", ".")
    number = Fraction(word) if word[0].isdigit() else Fraction(_NUMBERS.get(word, 0))
    working = bool(loose["work"]) or loose["unit"].removesuffix("s") in _ONE_WORD
    if number.denominator != 1 and working and measure is Unit.HOUR:
        number, measure = number * 60, Unit.MINUTE
    if number.denominator != 1 or (working and measure not in _OF_WORK):
        return None
    return _shown(int(number), f"working {measure.value}" if working else measure.value)


def _loose_unit(word: str, *, working: bool = False) -> Unit | None:
    if working and word == "d":
        return Unit.DAY
    one = word.removesuffix("s")
    return _unit(_SHORT.get(word) or _ONE_WORD.get(one) or one)


def _shown(count: int, unit: str) -> str | None:
    return f"{count} {unit}{'' if count == 1 else 's'}" if count else None
