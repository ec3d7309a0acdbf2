"""What somebody meant who wrote hours or days of a calendar in another form."""

from __future__ import annotations

import re

from procflow.loading.calendar_hours import WEEKDAYS

_WINDOW = re.compile(r"(\d{1,2})[:.h]?(\d{2})?\s*(?:-|–|—|\bto\b)\s*(\d{1,2})[:.h]?(\d{2})?")
_MOMENT = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_LAST_HOUR = 24
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = re.compile(r"([^\W\d_]+)\.?\s*(?:(?:-|–|—|\bto\b)\s*([^\W\d_]+)\.?)?")
_LOCAL = (
    # Monday to Sunday: Polish, Romanian, Russian, Persian, German, French; whole words, and how they are cut short.
    "poniedziałek poniedzialek pon pn luni lun lu понедельник пн пон دوشنبه montag mo lundi",
    "wtorek wt wto marți marti mar ma вторник вт втр سهشنبه dienstag di mardi",
    "środa sroda śro śr sr miercuri mie mi среда ср چهارشنبه mittwoch mi mercredi mer",
    "czwartek czw cz joi jo четверг чт чтв پنجشنبه donnerstag do jeudi jeu",
    "piątek piatek pią pt pia vineri vin vi пятница пт птн جمعه آدینه freitag fr vendredi ven",
    "sobota sob sb sâmbătă sambata sâm sam sâ суббота сб суб شنبه samstag sa samedi",
    "niedziela niedz nie nd ndz duminică duminica dum du воскресенье вс вск یکشنبه sonntag so dimanche dim",
)
_ZWNJ = "\u200c"


_DATE = r"(?:(?:19|20|21)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}\.\d{1,2}\.(?:19|20|21)\d{2})"
_DATES = re.compile(rf"({_DATE})(?:\s*(?:\.\.\.?|-|–|—|/|\bto\b)\s*({_DATE}))?")


def form_meant(text: str, form: str) -> str | None:
    """Return what to write for a text that is not of a form of calendars; `form` is how the schema tells it in words."""
    if form.startswith("hours"):
        hours = hours_meant(text)
        return None if hours is None else f'"{hours}"'
    if form.startswith("a day as in mon"):
        return weekdays_meant(text)
    return dates_meant(text) if form.startswith(("a day", "a date")) else None


def hours_meant(text: str) -> str | None:
    """Return hours as they are written here for `9-17`, `9:00 - 17:00` or `09.00–17.00`; None if nobody knows."""
    found = _WINDOW.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, last_hour, last_minute = (int(one or 0) for one in found.groups())
    if max(hour, last_hour) > _LAST_HOUR or max(minute, last_minute) > 59:
        return None
    return f"{hour:02}:{minute:02}-{last_hour:02}:{last_minute:02}"


def advice_of(text: str, form: str) -> str | None:
    """Return what to do about hours that nobody can mend; None if there is nothing to say."""
    if not form.startswith("hours"):
        return None
    if (alone := _MOMENT.fullmatch(text.strip())) is not None:
        return f'say until when, too, in quotes: "{int(alone[1]):02}:{alone[2]}-17:00"'
    found = _WINDOW.fullmatch(text.strip())
    hours = [] if found is None else [int(one) for one in (found[1], found[3]) if one]
    if any(one >= _LAST_HOUR for one in hours):
        return 'a day ends at 24:00; hours that end after midnight are written "22:00-06:00"'
    return None


def weekdays_meant(text: str) -> str | None:
    """Return days of the week as they are written here for `Monday`, `Mon-Fri` or `mon to fri`; None if nobody knows."""
    found = _DAYS.fullmatch(text.strip().replace(_ZWNJ, ""))
    if found is None:
        return None
    days = [_weekday(one) for one in found.groups() if one]
    return "-".join(one for one in days if one) if all(days) else None


def _weekday(word: str) -> str | None:
    low = word.lower()
    named = (day for day, name in zip(WEEKDAYS, _NAMES, strict=True) if len(low) > 2 and name.startswith(low))
    local = (day for day, names in zip(WEEKDAYS, _LOCAL, strict=True) if low in names.split())
    return next(named, None) or next(local, None)


def dates_meant(text: str) -> str | None:
    """Return days as they are written here for `24.12.2026`, `2026/12/24` or `2026-12-24 to 2027-01-03`.

    None if nobody knows: of `12/24/2026` and `03/04/2026` it depends on who wrote it.
    """
    found = _DATES.fullmatch(text.strip())
    return None if found is None else "..".join(_date(one) for one in found.groups() if one)


def _date(text: str) -> str:
    parts = re.split(r"[-/.]", text)
    year, month, day = parts if len(parts[0]) > 2 else reversed(parts)
    return f"{year}-{int(month):02}-{int(day):02}"


def years_meant(value: object) -> str | None:
    """Return years as they are written here for `2026`: the whole of that year; None if nobody knows."""
    year = str(value).strip()
    return f"{year}..{year}" if re.fullmatch(r"(?:19|20|21)\d{2}", year) else None
