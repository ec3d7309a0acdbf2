"""The names of activations: which event of which case set a rule off."""

from __future__ import annotations

from collections.abc import Iterable
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


def in_order(names: Iterable[Name]) -> Names:
    """Return names in the order of the record of their case, each once."""
    return tuple(sorted(set(names), key=_seq))


def _seq(name: Name) -> int:
    return name.seq or 0
