"""What has been settled of a rule's activations: a chain of entries that states share, added up when somebody asks."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

KEPT, BROKEN, UNSEEN, RELEASED = range(4)


class Settled(NamedTuple):
    """So many activations went this way at one moment, and what was settled before."""

    before: Settled | None
    how: int
    many: int
    actor: str
    """Who kept or broke them; "" where nobody is to be named."""
    at: datetime | None
    place: int = 0
    """Which position of the case settled it, as its `Turn` counts them."""


class Open(NamedTuple):
    """How many activations are still open."""

    demanded: int = 0
    forbidding: int = 0
    """So far nothing forbidden came."""
    unsure: int = 0
    """What they forbid may have come: unseen in the end, unless something certain breaks them."""


def settled_in(last: Settled | None) -> list[Settled]:
    """Return a whole chain, in its order."""
    chain: list[Settled] = []
    while last is not None:
        chain.append(last)
        last = last.before
    return chain[::-1]
