"""Mistakes that programs with business time are known for, each by its name (the research of this issue, 4.4).

9 (a bare `d`) and 21 (no time at all) are refused where lengths are read; 11 to 13, 22, 25 and 29 need clocks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from procflow.calendars.calendar import ALWAYS, Calendar
from procflow.calendars.hours import Day, Regime
from procflow.calendars.length import Length, Unit
from procflow.errors import CalendarError
from tests.unit.calendars.desks import OFF, RO, always, calendar, here, hours, whole_days, windows

B = "Europe/Bucharest"


@pytest.mark.parametrize("kind", [always, whole_days])
def test_1_a_day_has_not_always_86400_seconds(kind: Callable[[str], Calendar]) -> None:
    day = kind(B)
    assert day.between(here(B, "2026-03-29T00:00"), here(B, "2026-03-30T00:00")) == hours(23)
    assert day.between(here(B, "2026-10-25T00:00"), here(B, "2026-10-26T00:00")) == hours(25)


def test_2_and_3_summer_is_not_counted_with_the_offset_of_winter() -> None:
    assert RO.next_open(here(B, "2026-07-01T03:00")) == here(B, "2026-07-01T09:00")
    assert RO.next_open(here(B, "2026-12-02T03:00")) == here(B, "2026-12-02T09:00")
    assert here(B, "2026-07-01T09:00").hour != here(B, "2026-12-02T09:00").hour


def test_4_instants_of_one_zone_are_not_subtracted_as_wall_clocks() -> None:
    start, end = here(B, "2026-10-25T03:30", fold=0), here(B, "2026-10-25T03:30", fold=1)
    assert always(B).between(start, end) == hours(1)


def test_5_work_that_is_added_where_an_hour_repeats_moves_on() -> None:
    night = calendar(B, {day: windows("22:00-06:00") for day in range(7)})
    first = here(B, "2026-10-25T03:30", fold=0)
    assert night.add(first, hours(1)) == here(B, "2026-10-25T03:30", fold=1)


@pytest.mark.parametrize(("zone", "day"), [("Asia/Tehran", "2021-03-22"), ("Africa/Cairo", "2026-04-24")])
def test_6_clocks_that_change_at_midnight(zone: str, day: str) -> None:
    # 00:00 is skipped: the day begins at 01:00, which is when the one before ends.
    whole = whole_days(zone)
    assert whole.open_on(date.fromisoformat(day)) == hours(23)
    assert whole.open_on(date.fromisoformat(day) - timedelta(days=1)) == hours(24)
    assert whole.next_open(here(zone, f"{day}T01:00")) == here(zone, f"{day}T01:00")


def test_7_a_night_belongs_to_the_day_it_begins_on() -> None:
    friday_night = calendar(B, {4: windows("22:00-06:00")})
    assert friday_night.between(here(B, "2026-11-27T12:00"), here(B, "2026-11-30T12:00")) == hours(8)
    assert friday_night.working_day(here(B, "2026-11-28T05:00")) == date(2026, 11, 27)
    off = calendar(B, {4: windows("22:00-06:00")}, {date(2026, 11, 27): OFF})
    assert off.between(here(B, "2026-11-27T12:00"), here(B, "2026-11-30T12:00")) == hours(0)


def test_8_the_last_second_of_a_day_counts() -> None:
    day = whole_days("UTC")
    start, end = datetime(2026, 5, 4, tzinfo=UTC), datetime(2026, 5, 6, tzinfo=UTC)
    assert day.between(start, end) == hours(48)
    assert day.between(end - timedelta(microseconds=1), end) == timedelta(microseconds=1)


def test_10_a_month_is_not_thirty_days() -> None:
    def months(count: int) -> Length:
        return Length(count=count, unit=Unit.MONTH)

    assert RO.after(here(B, "2026-01-31T10:00"), months(1)) == here(B, "2026-02-28T10:00")
    assert RO.after(here(B, "2027-10-31T10:00"), months(4)) == here(B, "2028-02-29T10:00")
    # Half a year later the clocks have changed: it is the same time of day.
    assert RO.after(here(B, "2026-01-15T10:00"), months(6)) == here(B, "2026-07-15T10:00")


def test_14_a_holiday_on_a_weekend_takes_nothing_away() -> None:
    plain = calendar(B, {day: windows("09:00-17:00") for day in range(5)})
    twice = replace(plain, days={date(2026, 12, 26): OFF})
    ends = here(B, "2026-12-21T00:00"), here(B, "2026-12-28T00:00")
    assert plain.between(*ends) == twice.between(*ends) == hours(40)


def test_15_a_saturday_that_is_worked() -> None:
    moved = calendar(B, {0: windows("09:00-17:00")}, {date(2026, 12, 19): Day(windows=windows("09:00-17:00"))})
    assert moved.between(here(B, "2026-12-19T00:00"), here(B, "2026-12-20T00:00")) == hours(8)


def test_17_half_a_day() -> None:
    half = replace(RO, days={date(2026, 12, 24): Day(windows=windows("09:00-13:00"))})
    assert half.add(here(B, "2026-12-24T12:00"), hours(2)) == here(B, "2026-12-25T10:00")


def test_19_a_calendar_in_which_nobody_works_says_so() -> None:
    empty = replace(RO, regimes=(Regime(hours={}),), days={})
    with pytest.raises(CalendarError) as raised:
        empty.add(here(B, "2026-11-27T16:00"), hours(1))
    assert raised.value.code == "PF640"
    with pytest.raises(CalendarError):
        empty.next_open(here(B, "2026-11-27T16:00"))
    assert empty.between(here(B, "2026-11-27T16:00"), here(B, "2027-11-27T16:00")) == hours(0)


def test_20_a_start_exactly_at_opening_or_closing() -> None:
    opening, closing = here(B, "2026-11-26T09:00"), here(B, "2026-11-26T17:00")
    assert RO.is_open(opening)
    assert not RO.is_open(closing)
    assert RO.next_open(opening) == opening
    assert RO.next_open(closing) == here(B, "2026-11-27T09:00")
    assert RO.add(opening, hours(8)) == closing
    assert RO.add(closing, hours(1)) == here(B, "2026-11-27T10:00")
    assert RO.add(closing, hours(0)) == closing


def test_23_beyond_what_is_covered_nothing_is_guessed() -> None:
    last = here(B, "2029-12-31T16:00")
    with pytest.raises(CalendarError, match="covers 2020-01-01 to 2029-12-31"):
        RO.add(last, hours(2))
    with pytest.raises(CalendarError):
        RO.between(last, last + timedelta(days=2))
    with pytest.raises(CalendarError):
        RO.after(last, Length(count=1, unit=Unit.DAY, working=True))


def test_24_no_second_is_lost_to_rounding() -> None:
    start = here(B, "2026-11-26T16:59:01")
    assert RO.between(start, here(B, "2026-11-27T09:00:59")) == timedelta(seconds=59 + 59)


def test_26_there_is_a_29th_of_february() -> None:
    assert RO.between(here(B, "2028-02-28T00:00"), here(B, "2028-03-01T00:00")) == hours(16)


def test_27_hours_are_not_only_whole() -> None:
    odd = calendar(B, {day: windows("08:05-16:35") for day in range(5)})
    assert odd.between(here(B, "2026-11-26T00:00"), here(B, "2026-11-27T00:00")) == hours(8.5)


def test_a_day_that_never_was_has_no_hours() -> None:
    # Samoa went from 29 to 31 December 2011, which was a Saturday: the Friday in between is nobody's working day.
    apia = calendar("Pacific/Apia", {day: windows("09:00-17:00") for day in range(5)}, years=(2011, 2012))
    assert apia.open_on(date(2011, 12, 30)) == hours(0)
    assert apia.between(here("Pacific/Apia", "2011-12-29T17:00"), here("Pacific/Apia", "2012-01-02T09:00")) == hours(0)


def test_what_is_asked_for_must_say_its_zone() -> None:
    with pytest.raises(ValueError, match="names no time zone"):
        RO.between(datetime(2026, 11, 27), datetime(2026, 11, 28))
    with pytest.raises(ValueError, match="negative"):
        RO.add(here(B, "2026-11-27T16:00"), hours(-1))


def test_far_away_moments_end_in_an_error_that_can_be_read() -> None:
    with pytest.raises(CalendarError):
        ALWAYS.after(datetime(9999, 12, 1, tzinfo=UTC), Length(count=100, unit=Unit.DAY))
    with pytest.raises(CalendarError):
        ALWAYS.after(datetime(9999, 12, 1, tzinfo=UTC), Length(count=2, unit=Unit.YEAR))
