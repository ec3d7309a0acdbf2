"""Which name somebody may have meant: the same answer everywhere, and quick however many names a log has wrong."""

from __future__ import annotations

from collections.abc import Set
from difflib import get_close_matches
from heapq import nsmallest

_LONGEST = 100
"""Characters; nobody meant a longer one."""
_MOST_COMPARED = 40
"""Of many names only those nearest in length are compared: a log may have a wrong name in each of a million rows."""


def meant(name: str, known: Set[str]) -> str | None:
    """Return the known name that looks most like `name`; None if none does."""
    if not name or len(name) > _LONGEST:
        return None
    near = nsmallest(_MOST_COMPARED, known, key=lambda one: (abs(len(one) - len(name)), one))
    close = get_close_matches(name, near, n=1)
    return close[0] if close else None
