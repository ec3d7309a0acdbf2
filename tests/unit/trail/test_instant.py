"""Instants have one text, and texts sort as instants do."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given

from procflow.errors import ProcflowError
from procflow.trail.instant import instant_text, parse_instant
from tests.property.strategies_events import instants


@given(instants, instants)
def test_text_sorts_as_time_and_comes_back(one: datetime, other: datetime) -> None:
    assert parse_instant(instant_text(one)) == one
    assert (instant_text(one) < instant_text(other)) == (one < other)
    assert len(instant_text(one)) == len("2026-11-21T20:51:03.123456Z")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-11-21",
        "2026-11-21T20:51:03Z",
        "2026-11-21 20:51:03.123456Z",
        "2026-11-21T20:51:03.123456+01:00",
    ],
)
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(ProcflowError):
        parse_instant(text)
