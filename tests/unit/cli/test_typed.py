"""What people type becomes the value its field is declared to be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from procflow.cli.typed import on_the_command_line, read_typed
from procflow.expressions.types import Choice, Date, FieldType, File, Instant, Money, Number, Raw, Record, Text, YesNo

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("type", "text", "raw"),
    [
        (YesNo(), "Yes", True),
        (YesNo(), "n", False),
        (YesNo(), "perhaps", "perhaps"),
        (Instant(), "2026-12-01", "2026-12-01T00:00:00Z"),
        (Instant(), "2 days", "2026-11-24T12:00:00+00:00"),
        (Instant(), "tomorrow", "2026-11-23T00:00:00+00:00"),
        (Instant(), "now", "2026-11-22T12:00:00+00:00"),
        (Instant(), "2026-12-01T10:00Z", "2026-12-01T10:00Z"),
        (Date(), "1 week", "2026-11-29"),
        (Date(), "today", "2026-11-22"),
        (Date(), "soon", "soon"),
        (Record(fields={"a": Text(), "b": Date()}), "a=x, b=tomorrow", {"a": "x", "b": "2026-11-23"}),
    ],
)
def test_what_is_typed(type: FieldType, text: str, raw: Raw) -> None:
    assert read_typed(type, text, NOON) == raw


@pytest.mark.parametrize(
    ("type", "text", "raw"),
    [
        (Text(), "12", "12"),
        (Text(), "true", "true"),
        (Text(), '"12"', "12"),
        (Text(), "null", None),
        (Choice(("12", "13")), "12", "12"),
        (Number(), "12", 12),
        (Number(), "1.10", "1.10"),
        (Money("EUR"), "120.50 EUR", "120.50 EUR"),
        (File(), '{"link": "x"}', {"link": "x"}),
        (File(), "x", "x"),
        (Record(fields={"a": Text()}), "nothing named", "nothing named"),
        (Date(), "999 weeks", "2046-01-14"),
    ],
)
def test_what_is_given_on_the_command_line(type: FieldType, text: str, raw: Raw) -> None:
    assert on_the_command_line({"it": type}, {"it": text}, NOON) == {"it": raw}


def test_what_is_no_field_keeps_its_json() -> None:
    assert on_the_command_line({}, {"a": "12", "b": "x", "c": "NaN"}, NOON) == {"a": 12, "b": "x", "c": "NaN"}


def test_no_calendar_goes_that_far() -> None:
    with pytest.raises(ValueError, match="no calendar"):
        read_typed(Instant(), "99 weeks", datetime(9999, 1, 1, tzinfo=UTC))
