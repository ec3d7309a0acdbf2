"""Ids of cases: sortable by time, hard to guess, easy to read out (the ULID form, Crockford's base 32)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def case_id(now: datetime, entropy: Callable[[int], bytes]) -> str:
    """Return 26 characters: 48 bits of milliseconds since 1970, then 80 random bits."""
    number = (int(now.timestamp() * 1000) << 80) | int.from_bytes(entropy(10), "big")
    return "".join(_DIGITS[(number >> shift) & 31] for shift in range(125, -1, -5))
