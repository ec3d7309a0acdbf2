"""JSON in the one form of RFC 8785, quickly where that is easy.

Most entries hold nothing but texts, whole numbers and maps whose keys sort alike in every encoding. For those Python's
own encoder, which is written in C, gives the bytes RFC 8785 asks for; everything else is for the package that knows
it. A test holds that both give the same.
"""

from __future__ import annotations

import json
from typing import Any

_SAFE = 2**53 - 1
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":"))


def easily(value: Any, depth: int) -> bytes | None:
    """Return the bytes of a value in which lists and maps lie at most `depth` deep in each other.

    None if that is not easy, or cannot be: a float, a broken Unicode text, a number too large, something too deep.
    """
    if not _is_easy(value, depth):
        return None
    try:
        return _ENCODER.encode(value).encode()
    except UnicodeEncodeError:
        return None


def _is_easy(value: Any, depth: int) -> bool:
    """Return True if the encoder's bytes are those of RFC 8785; False where that is not certain."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        # §3.2.2.2: both escape only what must be, control characters as \b \t \n \f \r or \u00xx in lower case.
        return True
    if kind is int:
        return bool(-_SAFE <= value <= _SAFE)
    if depth > 0 and kind is dict:
        for key, one in value.items():
            # §3.2.3: keys are sorted by UTF-16 code units. Below the surrogates that is the order of code points.
            if type(key) is not str or not (key.isascii() or max(key) < "\ud800"):
                return False
            # Nearly all are texts, and a call would take longer than the look.
            if type(one) is not str and not _is_easy(one, depth - 1):
                return False
        return True
    if depth > 0 and kind is list:
        return all(type(one) is str or _is_easy(one, depth - 1) for one in value)
    # §3.2.2.3: a float is written as ECMAScript does. What merely behaves like one of these is not looked into.
    return False
