"""A `Position`: one event as rules see it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from procflow.expressions.expression import Facts
from procflow.model.configuration import Configuration
from procflow.model.event import Source
from procflow.model.rule import Happening


class Position(NamedTuple):
    """One event as rules see it. Events that did nothing to the case (refused attempts, waivers) have none."""

    seq: int | None
    """None for an opening, or a closing, that is not on record."""
    at: datetime | None
    """Aware, UTC: when it happened; None for what is not on record."""
    happenings: tuple[Happening, ...]
    """All it amounts to: an action (with its step as well as without), what it enters and leaves, opening and end."""
    performs: bool
    """True if something was done or the case changed its status: what `next`, `first` and `last` count. False for
    the opening, the closing, a start of work, and an override that does nothing early."""
    actor: str | None
    """None: the log does not say."""
    roles: frozenset[str]
    teams: frozenset[str]
    facts: Facts
    """The record with the event's own data, its own use not counted."""
    gap: bool = False
    """Entries are missing just before: what happened there is not observable."""
    ends: bool = False
    """The case is over with it: it stands in an end, or was closed."""
    cancelled: bool = False
    """It ends with the outcome `cancelled`, which releases whatever is still demanded."""
    case: str = ""
    on_behalf_of: str | None = None
    """A person, client or role id, as the event says it."""
    reopens: bool = False
    """An override leads out of an end: what that end settled is open again."""
    told: str = ""
    """The event in words, as `pairing.event_name` says it: `“send”`. "" for what is not on record."""
    step: str | None = None
    """The step it is attributed to."""
    action: str | None = None
    """What was done; None if that is not on record."""
    source: Source | None = None
    by_time: bool = False
    """Time did it, and is on record: nobody could be refused."""
    silent: Configuration | None = None
    """Where the case stands after it, if nothing on record says so: the time of `step` ran out before the event of `seq`,
    whose time and record are taken for it. None for all others."""
