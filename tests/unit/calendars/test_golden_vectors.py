"""Results reckoned by hand, vector by vector; the numbers are those of the research. V6 to V10 need clocks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from procflow.calendars.calendar import Calendar
from procflow.calendars.length import Length, Unit
from procflow.calendars.zones import zone_of
from tests.unit.calendars.desks import IR, PL, RO, RU, always, calendar, here, hours, whole_days, windows


def shown(calendar: Calendar, start: str, length: Length) -> str:
    """What the wall clock shows when a length that begins at `start` is over."""
    return (
        f"{calendar.after(here(calendar.zone, start), length).astimezone(zone_of(calendar.zone)):%a %Y-%m-%d %H:%M %z}"
    )


def working_hours(count: int) -> Length:
    return Length(count=count, unit=Unit.HOUR, working=True)


def test_v1_two_holidays_on_the_way() -> None:
    assert shown(RO, "2026-11-27T16:00", working_hours(8)) == "Wed 2026-12-02 16:00 +0200"


def test_v2_a_saturday_that_works_instead_of_a_monday() -> None:
    assert shown(RU, "2025-10-31T17:00", working_hours(8)) == "Sat 2025-11-01 16:00 +0300"
    start, end = here("Europe/Moscow", "2025-10-31T17:00"), here("Europe/Moscow", "2025-11-05T10:00")
    assert RU.between(start, end) == hours(11)


def test_v3_a_week_that_ends_on_thursday() -> None:
    assert shown(IR, "2026-11-18T15:00", working_hours(6)) == "Sat 2026-11-21 09:00 +0330"


def test_v4_christmas_and_the_eve_before_it() -> None:
    assert shown(PL, "2026-12-23T16:00", working_hours(8)) == "Mon 2026-12-28 16:00 +0100"


@pytest.mark.parametrize("kind", [always, whole_days])
def test_v5_a_night_in_which_an_hour_is_skipped(kind: Callable[[str], Calendar]) -> None:
    assert shown(kind("Europe/Bucharest"), "2026-03-29T01:00", working_hours(4)) == "Sun 2026-03-29 06:00 +0300"


def test_v11_two_working_days_are_not_sixteen_hours() -> None:
    two_days = Length(count=2, unit=Unit.DAY, working=True)
    assert shown(RO, "2026-11-27T16:00", two_days) == "Thu 2026-12-03 17:00 +0200"
    assert shown(RO, "2026-11-27T16:00", working_hours(16)) == "Thu 2026-12-03 16:00 +0200"
    assert RO.budget(here(RO.zone, "2026-11-27T16:00"), two_days) == hours(17)


def test_v12_a_night_shift_is_as_long_as_the_night() -> None:
    night = calendar("Europe/Bucharest", {day: windows("22:00-06:00") for day in range(7)})
    spring = here(night.zone, "2026-03-28T12:00"), here(night.zone, "2026-03-29T12:00")
    autumn = here(night.zone, "2026-10-24T12:00"), here(night.zone, "2026-10-25T12:00")
    assert (night.between(*spring), night.between(*autumn)) == (hours(7), hours(9))


def test_v13_a_shift_that_begins_or_ends_where_the_clocks_change() -> None:
    early = calendar("Europe/Bucharest", {6: windows("03:30-11:30")})
    assert early.between(here(early.zone, "2026-03-29T00:00"), here(early.zone, "2026-03-30T00:00")) == hours(7)
    late = calendar("Europe/Bucharest", {5: windows("22:00-03:30")})
    assert late.between(here(late.zone, "2026-10-24T12:00"), here(late.zone, "2026-10-25T12:00")) == hours(5.5)


def test_v13_read_the_other_way_if_the_calendar_says_so() -> None:
    # 03:30 is skipped: with the offset after the change it is 02:30 by the old time, and the shift has its eight hours.
    early = calendar("Europe/Bucharest", {6: windows("03:30-11:30")}, after_gap=True)
    assert early.between(here(early.zone, "2026-03-29T00:00"), here(early.zone, "2026-03-30T00:00")) == hours(8)
    late = calendar("Europe/Bucharest", {5: windows("22:00-03:30")}, second=True)
    assert late.between(here(late.zone, "2026-10-24T12:00"), here(late.zone, "2026-10-25T12:00")) == hours(6.5)


@pytest.mark.parametrize("kind", [always, whole_days])
@pytest.mark.parametrize(
    ("day", "next_day", "long"),
    [("2021-03-21", "2021-03-22", 23), ("2021-09-21", "2021-09-22", 25), ("2026-03-21", "2026-03-22", 24)],
)
def test_v14_tehran_changed_its_clocks_until_2022(
    kind: Callable[[str], Calendar], day: str, next_day: str, long: int
) -> None:
    tehran = kind("Asia/Tehran")
    # The clocks changed at midnight: from noon to noon holds one change.
    start = here("Asia/Tehran", f"{day}T12:00")
    assert tehran.between(start, here("Asia/Tehran", f"{next_day}T12:00")) == hours(long)
