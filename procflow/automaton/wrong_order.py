"""Wrong order: a skipped action and an unexpected occurrence of the same action are one finding, not two.

While an explanation is followed, the latest of them that have no partner yet are kept. The number is bounded: what
happened long ago, with so much gone wrong in between, is not what was done now instead.
"""

from __future__ import annotations

from enum import Enum

MOST_UNPAIRED = 4
"""How many skipped and unexpected actions may still find a partner."""


class Astray(Enum):
    """What was wrong with an action."""

    SKIPPED = "skipped"
    LEFT_OUT = "left out"


_OTHER = {Astray.SKIPPED: "left out", Astray.LEFT_OUT: "skipped"}
Unpaired = tuple[tuple[str, str], ...]
"""(action, value of `Astray`), the latest last."""
NONE_UNPAIRED: Unpaired = ()


def skipped(unpaired: Unpaired, action: str) -> tuple[Unpaired, int]:
    """Return what is unpaired once `action` was skipped, and how many findings that adds."""
    return _with(unpaired, action, Astray.SKIPPED)


def left_out(unpaired: Unpaired, action: str) -> tuple[Unpaired, int]:
    """Return what is unpaired once an occurrence of `action` was left out, and how many findings that adds."""
    return _with(unpaired, action, Astray.LEFT_OUT)


def partner(unpaired: Unpaired, action: str, astray: Astray) -> int | None:
    """Return the position of the latest one that pairs with `action` gone `astray`; None if there is none."""
    wanted = (action, _OTHER[astray])
    return len(unpaired) - 1 - unpaired[::-1].index(wanted) if wanted in unpaired else None


def _with(unpaired: Unpaired, action: str, astray: Astray) -> tuple[Unpaired, int]:
    at = partner(unpaired, action, astray) if unpaired else None
    if at is not None:
        return unpaired[:at] + unpaired[at + 1 :], 0
    return (*unpaired, (action, astray.value))[-MOST_UNPAIRED:], 1
