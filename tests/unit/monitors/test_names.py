"""What somebody may have meant."""

from __future__ import annotations

from procflow.monitors.names import meant


def test_the_nearest_name_is_offered_and_no_far_one() -> None:
    known = {"accept", "refuse", "ask-client"}
    assert meant("acept", known) == "accept"
    assert meant("ask-cleint", known) == "ask-client"
    assert meant("dance", known) is None
    assert meant("", known) is None


def test_the_answer_does_not_depend_on_the_order_of_sets() -> None:
    known = [f"action-{number}" for number in range(1_000)]
    assert {meant("action-77x", set(order)) for order in (known, known[::-1])} == {meant("action-77x", set(known))}


def test_a_name_of_a_megabyte_is_not_compared() -> None:
    assert meant("a" * 1_000_000, {"a" * 99}) is None
