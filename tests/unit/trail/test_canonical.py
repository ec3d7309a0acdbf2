"""What is written quickly is what RFC 8785 asks for, byte for byte, and nothing is written that it forbids."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from procflow.trail.canonical import easily

MAX_SAFE = 2**53 - 1
anything: st.SearchStrategy[str] = st.text(st.characters(), max_size=8)
"""Also lone surrogates, control characters, and planes in which code points and UTF-16 sort differently."""
scalars: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-MAX_SAFE - 2, MAX_SAFE + 2), st.floats(), anything
)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(anything, inner, max_size=6) | st.tuples(inner),
    max_leaves=12,
)


@settings(max_examples=2_000)
@given(values)
def test_both_write_the_same(value: Any) -> None:
    quick = easily(value, 32)
    if quick is not None:
        assert quick == rfc8785.dumps(value)


@given(st.dictionaries(st.text("abc_", min_size=1), st.text(st.characters(max_codepoint=0x7FF)) | st.integers(0, 9)))
def test_what_most_entries_hold_is_easy(value: dict[str, Any]) -> None:
    assert easily(value, 1) == rfc8785.dumps(value)


def test_every_character_below_the_surrogates_is_escaped_alike() -> None:
    for first in range(0, 0xD800, 64):
        text = "".join(map(chr, range(first, first + 64)))
        assert easily([text, {text: 1}], 2) == rfc8785.dumps([text, {text: 1}])


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), 2**53, "\ud800", {"\ud800": 1}, {"\U00010000": 1, "\uffff": 2}, {1: 2}, (1,), object(), {"a": b""}],
)  # fmt: skip
def test_what_is_not_easy_is_left_alone(value: Any) -> None:
    assert easily(value, 8) is None


def test_no_deeper_than_asked() -> None:
    assert easily([{"a": [1]}], 3) == b'[{"a":[1]}]'
    assert easily([{"a": [1]}], 2) is None
    itself: list[object] = []
    itself.append(itself)
    assert easily(itself, 32) is None
