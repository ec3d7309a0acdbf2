"""How much may be searched: what ends every search in time, however much a file asks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Effort:
    """What may still be read, over all searches that share it; a number and no clock, so that each run tells the same."""

    left: int
    """Parts of conditions; a machine reads some millions in a second."""

    def spend(self, parts: int) -> None:
        """Take off what was read."""
        self.left -= parts

    @property
    def is_spent(self) -> bool:
        """True if nothing more may be read."""
        return self.left <= 0
