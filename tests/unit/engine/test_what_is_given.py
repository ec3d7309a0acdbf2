"""What a caller gives is judged in the form in which it is recorded, or refused in words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procflow.engine.arguments import raw_of
from procflow.errors import ProcflowError


def test_keys_are_judged_in_the_order_of_the_record() -> None:
    given = raw_of("data", {"b": 1, "a": {"z": [{"y": 1, "x": 2}], "c": 1.0}, "\U0001f600": 1, "\uff5e": 2})
    assert repr(given) == repr({"a": {"c": 1, "z": [{"x": 2, "y": 1}]}, "b": 1, "\U0001f600": 1, "\uff5e": 2})


def test_decimals_and_large_numbers_become_text() -> None:
    assert raw_of("data", {"amount": Decimal("12.50"), "many": 2**60}) == {"amount": "12.5", "many": str(2**60)}


@pytest.mark.parametrize("bad", [{1: "a"}, {"a": {1: 2}}, {"a": {1, 2}}, {"a": object()}, {"a": float("nan")}])
def test_what_no_record_can_carry_is_refused_by_name(bad: dict[str, object]) -> None:
    with pytest.raises(ProcflowError, match=r"a”|1"):
        raw_of("data", bad)
