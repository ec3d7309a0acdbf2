"""Calendars of the golden vectors (the research of this issue, 3.5), and others that tests count on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from procflow.calendars.calendar import Calendar
from procflow.calendars.hours import Day, Regime, Window
from procflow.calendars.zones import zone_of

OFF = Day()


def windows(*hours: str) -> tuple[Window, ...]:
    """Return windows of texts such as `09:00-17:00`."""
    found = []
    for one in hours:
        start, end = ((int(text[:2]) * 60 + int(text[3:])) for text in one.split("-"))
        found.append(Window(start, end if end > start else end + 24 * 60))
    return tuple(found)


def calendar(
    zone: str,
    hours: Mapping[int, tuple[Window, ...]],
    days: Mapping[date, Day] | None = None,
    *,
    years: tuple[int, int] = (2020, 2029),
    after_gap: bool = False,
    second: bool = False,
) -> Calendar:
    return Calendar(
        id="desk",
        zone=zone,
        first=date(years[0], 1, 1),
        last=date(years[1], 12, 31),
        regimes=(Regime(hours=hours),),
        days=days or {},
        after_gap=after_gap,
        second=second,
    )


NINE_TO_FIVE = windows("09:00-17:00")
NINE_TO_SIX = windows("09:00-18:00")
RO = calendar(
    "Europe/Bucharest",
    dict.fromkeys(range(5), NINE_TO_FIVE),
    {date(2026, 11, 30): OFF, date(2026, 12, 1): OFF},
)
RU = calendar(
    "Europe/Moscow",
    dict.fromkeys(range(5), NINE_TO_SIX),
    {date(2025, 11, 1): Day(windows=NINE_TO_SIX), date(2025, 11, 3): OFF, date(2025, 11, 4): OFF},
)
IR = calendar("Asia/Tehran", {**{day: windows("08:00-16:00") for day in (5, 6, 0, 1, 2)}, 3: windows("08:00-12:00")})
PL = calendar(
    "Europe/Warsaw",
    dict.fromkeys(range(5), NINE_TO_FIVE),
    {date(2026, 12, day): OFF for day in (24, 25, 26)},
)


def always(zone: str) -> Calendar:
    return Calendar(id="round-the-clock", zone=zone, always=True)


def whole_days(zone: str) -> Calendar:
    return calendar(zone, {day: windows("00:00-24:00") for day in range(7)})


def here(zone: str, text: str, *, fold: int = 0) -> datetime:
    """Return what the wall clock of a zone shows, as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=zone_of(zone), fold=fold).astimezone(UTC)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)
