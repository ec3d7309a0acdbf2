"""What a rule hears of an event: which of its happenings are its triggers and targets, in their order.

Worked out once for every combination of happenings that occurs, so that an event touches only the rules that speak of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from procflow.model.rule import Happening, HappeningKind

PERFORMS, STARTS, OPENS, ENDS = 1, 2, 4, 8
"""What `next`, `first` and `last` may count: whatever is done, starts of work, the opening, the end."""

_MASKS = {HappeningKind.STARTS: STARTS, HappeningKind.OPENS: OPENS, HappeningKind.ENDS: ENDS}


class Pick(Enum):
    """Which of several triggers in one position sets a rule off."""

    FIRST = "first"
    LAST = "last"


class Hit(NamedTuple):
    """One happening as a rule hears it."""

    trigger: Happening | None
    """None if it is not what sets the rule off."""
    targets: tuple[int, ...]
    """Which of the targets it is."""


Hits = tuple[Hit, ...]


class Ear(NamedTuple):
    """What one monitor listens to."""

    triggers: Mapping[Happening, None]
    targets: Mapping[Happening, int]
    pick: Pick

    def hits(self, happenings: Sequence[Happening]) -> Hits:
        """Return what it hears of these; an action with and without its step is one happening with two names."""
        heard: list[Hit] = []
        last = None
        for one in happenings:
            trigger = one if one in self.triggers else None
            targets = (self.targets[one],) if one in self.targets else ()
            name = (one.kind, one.name)
            if trigger is not None or targets:
                if heard and name == last:
                    before = heard.pop()
                    trigger, targets = before.trigger or trigger, tuple(dict.fromkeys((*before.targets, *targets)))
                heard.append(Hit(trigger, targets))
                last = name
        return tuple(self._picked(heard))

    def _picked(self, heard: list[Hit]) -> list[Hit]:
        at = [place for place, hit in enumerate(heard) if hit.trigger is not None]
        if len(at) < 2:
            return heard
        chosen = at[0] if self.pick is Pick.FIRST else at[-1]
        kept = [hit if place == chosen else hit._replace(trigger=None) for place, hit in enumerate(heard)]
        return [hit for hit in kept if hit.trigger is not None or hit.targets]


def ear(triggers: Sequence[Happening], targets: Sequence[Happening], pick: Pick) -> Ear:
    """Return an ear for these triggers and targets."""
    return Ear(dict.fromkeys(triggers), {one: place for place, one in reversed(list(enumerate(targets)))}, pick)


def mask_of(happenings: Sequence[Happening]) -> int:
    """Return what a position with these happenings counts as, or what a rule that names them counts."""
    mask = 0
    for one in happenings:
        mask |= _MASKS.get(one.kind, 0)
    return mask
