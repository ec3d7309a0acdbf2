"""The names of activations: which event of which case set a rule off."""

from __future__ import annotations

from typing import NamedTuple


class Name(NamedTuple):
    """One activation. Sorts by when the rule was set off."""

    number: int
    """Counts the activations of a rule; of no meaning where they are in order anyway."""
    case: str
    seq: int | None
    """None for what is not on record."""


Names = tuple[Name, ...]
"""The earliest first, `MOST_NAMED` at most."""
