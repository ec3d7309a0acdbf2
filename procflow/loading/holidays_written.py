"""Holidays as the text of their file, and what two of them differ in: what a reviewer reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from types import MappingProxyType

from procflow.errors import ProcflowError
from procflow.loading.calendar_hours import WEEKDAYS
from procflow.loading.edits import written
from procflow.loading.holidays import Holiday, Holidays, digest_of_holidays


class Change(Enum):
    """What becomes of a day."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CERTAIN = "certain now"
    RECKONED = "only reckoned now"
    OTHERWISE = "works otherwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One day that an import changes."""

    day: date
    change: Change
    before: Holiday | None
    after: Holiday | None


def merged(old: Holidays | None, new: Holidays) -> Holidays:
    """Return the holidays of a file after an import: other years stay, those that were imported are as they are now.

    Raises ProcflowError if years would be missing in between, or if the file is of another country.
    """
    if old is None:
        return new
    if (old.id, old.source.country) != (new.id, new.source.country):
        raise ProcflowError(
            f"the file holds the holidays `{old.id}` ({old.source.country}), and these are `{new.id}`",
            hint="name another file with --into",
        )
    one_day = timedelta(days=1)
    if new.first > old.last + one_day or new.last + one_day < old.first:
        raise ProcflowError(
            f"the file covers {old.first} to {old.last}: between that and {new.first} to {new.last} years are missing",
            hint="import them as well",
        )
    kept = {day: one for day, one in old.days.items() if not new.first <= day <= new.last}
    days = MappingProxyType(dict(sorted({**kept, **new.days}.items())))
    return replace(new, first=min(old.first, new.first), last=max(old.last, new.last), days=days, title=old.title)


def differences(old: Holidays | None, new: Holidays) -> Iterator[Difference]:
    """Yield the days in which two differ, in order."""
    was = {} if old is None else old.days
    for day in sorted({*was, *new.days}):
        change = _change(was.get(day), new.days.get(day))
        if change is not None:
            yield Difference(day=day, change=change, before=was.get(day), after=new.days.get(day))


def _change(before: Holiday | None, after: Holiday | None) -> Change | None:
    if before is None or after is None:
        return Change.ADDED if before is None else Change.REMOVED
    if before.like != after.like:
        return Change.OTHERWISE
    if before.estimated != after.estimated:
        return Change.RECKONED if after.estimated else Change.CERTAIN
    return Change.RENAMED if before.name != after.name else None


def holidays_text(holidays: Holidays) -> str:
    """Return the file of holidays; reading it gives the same back."""
    return "".join(f"{one}\n" for one in _lines(holidays))


def _lines(holidays: Holidays) -> Iterator[str]:
    source = holidays.source
    yield "# Days off as they were found and reviewed; deadlines stand on them. Nothing here is changed by hand: what your house"
    yield "# does differently belongs under `days:` of the calendar, which wins. `procflow calendar import` makes this anew."
    yield f"holidays: {holidays.id}"
    told = {
        "library": source.library,
        "version": source.version,
        "country": source.country,
        "language": source.language,
    }
    pairs = [
        f"{key}: {_version(value) if key == 'version' else written(value)}" for key, value in told.items() if value
    ]
    made = [f"made: {source.made}"] if source.made is not None else []
    yield f"source: {{ {', '.join([*pairs, *made])} }}"
    yield f"covers: {_span(holidays.first, holidays.last)}"
    yield from _days("days", {day: one for day, one in holidays.days.items() if one.like is None})
    working = {day: one for day, one in holidays.days.items() if one.like is not None}
    if working:
        yield from _days("working", working)
    yield f"digest: {digest_of_holidays(holidays)}"


def _days(key: str, days: dict[date, Holiday]) -> Iterator[str]:
    yield f"{key}:" if days else f"{key}: {{}}"
    year = None
    for day, one in days.items():
        if year not in (None, day.year):
            yield ""
        year = day.year
        yield f"  {day}: {_said(one)}  # {WEEKDAYS[day.weekday()]}"


def _said(one: Holiday) -> str:
    if one.like is not None:
        name = f", name: {written(one.name)}" if one.name else ""
        return f"{{ like: {WEEKDAYS[one.like]}{name} }}"
    return f"{{ name: {written(one.name)}, estimated: true }}" if one.estimated else written(one.name)


def _version(text: str) -> str:
    return f'"{text}"'


def _span(first: date, last: date) -> str:
    whole = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    return f"{first.year}..{last.year}" if whole else f"{{ from: {first}, to: {last} }}"
