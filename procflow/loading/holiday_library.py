"""Holidays out of the library `holidays`: a proposal, which somebody has to review before anything counts on it."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from procflow.errors import ProcflowError, SourceSpan
from procflow.loading.holidays import Holiday, Holidays, HolidaySource

if TYPE_CHECKING:
    from types import ModuleType

_SATURDAY = 5
_MONDAY, _FRIDAY = 0, 4
_JOINS = "; "
_COUNTRY = re.compile(r"([A-Za-z]{2})(?:-([\w .-]{1,40}))?")


def propose(country: str, first: int, last: int, *, language: str | None, made: date) -> Holidays:
    """Return the public holidays of a country (`RO`), or a part of it (`DE-BY`), in the years from `first` to `last`.

    Names come in `language`, else in the first language of the country: never in that of the machine. Raises ProcflowError
    if the library is not installed, or does not know the country or the language.
    """
    library = _library()
    found = _COUNTRY.fullmatch(country)
    code, part = (found[1].upper(), found[2]) if found is not None else (country, None)
    known = library.list_supported_countries()
    if found is None or code not in known:
        hint = (
            _closest(country.upper(), known)
            or "write a code of two letters, as in RO, with a part behind it as in DE-BY"
        )
        raise ProcflowError(f"the library holidays knows no country `{country}`", code="PF648", hint=hint)
    parts = {one.upper(): one for one in known[code]}
    if part is not None and part.upper() not in parts:
        hint = _closest(part.upper(), parts) or f"it knows {', '.join(known[code]) or 'no parts of it'}"
        raise ProcflowError(f"the library holidays knows no part `{part}` of {code}", code="PF648", hint=hint)
    subdivision = parts[part.upper()] if part is not None else None
    years = range(first, last + 1)
    plain = library.country_holidays(code, subdiv=subdivision, years=[], expand=False)
    words = _language(plain, language, code)
    days = library.country_holidays(code, subdiv=subdivision, years=years, expand=False, language=words)
    off = {day: _holiday(days, name) for day, name in days.items() if first <= day.year <= last}
    working = {
        day: Holiday(name="", like=_like(day, days))
        for day in getattr(days, "weekend_workdays", ())
        if first <= day.year <= last and day not in off
    }
    id = re.sub(r"[^a-z0-9]+", "-", f"{code} {subdivision or ''}".lower()).strip("-")
    return Holidays(
        id=id,
        source=HolidaySource(
            library="holidays",
            version=str(library.__version__),
            country=code if subdivision is None else f"{code}-{subdivision}",
            language=words or "",
            made=made,
        ),
        first=date(first, 1, 1),
        last=date(last, 12, 31),
        days=MappingProxyType(dict(sorted({**off, **working}.items()))),
        where=SourceSpan(file="", line=1, column=1, end_line=1, end_column=1),
    )


def _library() -> ModuleType:
    try:
        import holidays
    except ImportError as error:
        raise ProcflowError(
            "the holidays of countries come from a library that is not installed",
            hint="pip install 'procflow[calendars]'",
        ) from error
    module: ModuleType = holidays
    return module


def _language(plain: Any, asked: str | None, code: str) -> str | None:
    """Return the language of the names: always one and the same, whatever the machine is set to."""
    supported: tuple[str, ...] = tuple(plain.supported_languages or ())
    if asked is None:
        default: str | None = plain.default_language
        return default
    # `fa` is meant by whoever means `fa_IR`, the only one there is.
    alike = [one for one in supported if one.lower().replace("_", "-") == asked.lower().replace("_", "-")]
    alike = alike or [one for one in supported if one.partition("_")[0].lower() == asked.lower()]
    if not alike and asked != plain.default_language:
        there = ", ".join(supported) or str(plain.default_language)
        raise ProcflowError(
            f"the library holidays has no names of {code} in `{asked}`", code="PF648", hint=f"it has them in {there}"
        )
    return alike[0] if alike else asked


def _holiday(days: Any, name: str) -> Holiday:
    label = getattr(days, "estimated_label", None)
    before, _, after = str(days.tr(label) if label else "").partition("%s")
    bare: list[str] = []
    reckoned: list[bool] = []
    for one in name.split(_JOINS):
        is_reckoned = bool(before or after) and one.startswith(before) and one.endswith(after)
        bare.append(one[len(before) : len(one) - len(after)] if is_reckoned else one)
        reckoned.append(is_reckoned)
    # A day on which something certain falls, too, is off whatever the moon does.
    return Holiday(name=" ".join(_JOINS.join(bare).split()), estimated=all(reckoned))


def _like(day: date, days: Any) -> int:
    """Return the weekday that is worked on such a day: that of the day off it was exchanged for, if the names tell."""
    shown = f"{day:%d.%m.%Y}"
    exchanged = [one for one, name in days.items() if shown in name]
    if exchanged:
        return int(exchanged[0].weekday())
    return _FRIDAY if day.weekday() == _SATURDAY else _MONDAY


def _closest(word: str, known: Collection[str]) -> str | None:
    from difflib import get_close_matches

    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else None
