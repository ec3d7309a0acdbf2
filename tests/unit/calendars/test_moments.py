"""Instants as people read them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from procflow.calendars.moments import moment_in


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("UTC", "Sun 2026-10-25 00:30:15 UTC"),
        ("Europe/Bucharest", "Sun 2026-10-25 03:30:15 +03:00"),
        ("America/St_Johns", "Sat 2026-10-24 22:00:15 -02:30"),
        ("Asia/Kathmandu", "Sun 2026-10-25 06:15:15 +05:45"),
    ],
)
def test_an_instant_is_told_with_its_day_and_its_offset(zone: str, told: str) -> None:
    at = datetime(2026, 10, 25, 0, 30, 15, tzinfo=UTC)
    assert moment_in(zone, at, seconds=True) == told
    assert moment_in(zone, at) == told.replace(":15 ", " ", 1)


def test_an_hour_that_comes_twice_is_told_apart() -> None:
    first, second = (moment_in("Europe/Bucharest", datetime(2026, 10, 25, hour, 30, tzinfo=UTC)) for hour in (0, 1))
    assert (first, second) == ("Sun 2026-10-25 03:30 +03:00", "Sun 2026-10-25 03:30 +02:00")
