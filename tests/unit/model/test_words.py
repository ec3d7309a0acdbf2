"""Lists and lengths as they stand in sentences."""

from __future__ import annotations

from datetime import timedelta

import pytest

from procflow.model.words import joined, length_written


@pytest.mark.parametrize(
    ("words", "told"),
    [("", ""), ("a", "a"), ("ab", "a or b"), ("abcd", "a, b, c or d"), ("abcdef", "a, b, c or 3 more")],
)
def test_words_are_listed_as_people_do(words: str, told: str) -> None:
    assert joined(list(words), most=4) == told


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(days=14), "14 days"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=25), "25 hours"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(0), "0 minutes"),
        (timedelta(seconds=90), "90 seconds"),
    ],
)
def test_a_length_is_told_in_the_largest_unit_that_says_it_whole(length: timedelta, written: str) -> None:
    assert length_written(length) == written
